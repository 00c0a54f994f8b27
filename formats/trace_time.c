#include "formats/trace_time.h"

#include "model/number.h"

#include <string.h>

#define SECOND INT64_C(1000000000)

const struct pv_trace_unit *pv_trace_unit(unsigned index)
{
    static const struct pv_trace_unit units[] = {
        {"s", 9, 1}, {"ms", 6, 1}, {"us", 3, 1}, {"ns", 0, 1}, {"min", 9, 60}, {"h", 9, 3600},
    };
    return index < sizeof units / sizeof units[0] ? &units[index] : NULL;
}

const struct pv_trace_unit *pv_trace_unit_named(struct pv_text name)
{
    static const struct {
        const char *name;
        unsigned index;
    } others[] = {{"\xc2\xb5s", 2}, {"\xce\xbcs", 2}, {"sec", 0},  {"secs", 0}, {"m", 4},
                  {"mins", 4},      {"usec", 2},      {"msec", 1}, {"nsec", 3}};
    for (unsigned i = 0; pv_trace_unit(i); i++)
        if (pv_text_equal(name, pv_text_of(pv_trace_unit(i)->name)))
            return pv_trace_unit(i);
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++)
        if (pv_text_equal(name, pv_text_of(others[i].name)))
            return pv_trace_unit(others[i].index);
    return NULL;
}

bool pv_trace_parse_number(int64_t *ns, int64_t *last, struct pv_text text,
                           const struct pv_trace_unit *unit)
{
    enum { LONGEST = 64 };
    char bytes[LONGEST];
    text = pv_text_trim(text);
    if (text.size == 0 || text.size > sizeof bytes)
        return false;
    memcpy(bytes, text.data, text.size);
    struct pv_text number = {bytes, text.size};
    size_t comma = pv_text_find(number, ',');
    if (comma < number.size)
        bytes[comma] = '.';
    size_t point = pv_text_find(number, '.');
    size_t digits = point < number.size ? number.size - point - 1 : 0;
    *last = digits < unit->power ? pv_power10(unit->power - (unsigned)digits) * unit->factor : 1;
    return pv_parse_scaled(number, unit->power, ns) && pv_multiply(*ns, unit->factor, ns);
}

/* Takes `least` to `most` digits off the front. */
static bool take_digits(struct pv_text *rest, size_t least, size_t most, int64_t *out)
{
    size_t count = 0;
    *out = 0;
    while (count < most && count < rest->size && rest->data[count] >= '0' &&
           rest->data[count] <= '9')
        *out = *out * 10 + (rest->data[count++] - '0');
    *rest = pv_text_slice(*rest, count, rest->size);
    return count >= least;
}

static bool take_byte(struct pv_text *rest, const char *any)
{
    bool is_there = rest->size && rest->data[0] && strchr(any, rest->data[0]);
    if (is_there)
        *rest = pv_text_slice(*rest, 1, rest->size);
    return is_there;
}

/* Digits behind a point or a comma, as nanoseconds. */
static bool take_fraction(struct pv_text *rest, int64_t *ns, int64_t *last)
{
    size_t size = 0;
    *ns = 0;
    *last = SECOND;
    if (!take_byte(rest, ".,"))
        return true;
    *last = SECOND;
    while (size < rest->size && rest->data[size] >= '0' && rest->data[size] <= '9') {
        *last = *last > 1 ? *last / 10 : 0;
        *ns += (rest->data[size++] - '0') * *last;
    }
    *last = *last ? *last : 1;
    *rest = pv_text_slice(*rest, size, rest->size);
    return size > 0;
}

/* "18:03", "18:03:08.35", "180308": what is left is not looked at. */
static bool take_clock(struct pv_text *rest, int64_t *ns, int64_t *last)
{
    int64_t hours, minutes, seconds = 0, fraction = 0;
    *last = 60 * SECOND;
    if (!take_digits(rest, 1, 2, &hours))
        return false;
    bool has_colons = take_byte(rest, ":");
    if (!take_digits(rest, 2, 2, &minutes))
        return false;
    bool has_seconds = has_colons ? take_byte(rest, ":") : rest->size > 0;
    if (has_seconds &&
        (!take_digits(rest, 2, 2, &seconds) || !take_fraction(rest, &fraction, last)))
        return false;
    *ns = ((hours * 60 + minutes) * 60 + seconds) * SECOND + fraction;
    return hours < 25 && minutes < 60 && seconds < 61;
}

bool pv_trace_parse_clock(int64_t *ns, int64_t *last, struct pv_text text)
{
    struct pv_text rest = pv_text_trim(text);
    return take_clock(&rest, ns, last) && rest.size == 0;
}

/* Days from 1970-01-01 in the Gregorian calendar: years begin in March, so that a leap day ends one
 * and a month's first day is linear in its number. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t years = month > 2 ? year : year - 1, moved = (month + 9) % 12;
    int64_t days = years * 365 + years / 4 - years / 100 + years / 400;
    return days + (moved * 153 + 2) / 5 + day - 1 - 719468;
}

static bool take_month(struct pv_text *rest, int64_t *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char low[3];
    if (rest->size < sizeof low)
        return false;
    for (size_t i = 0; i < sizeof low; i++)
        low[i] = (char)(rest->data[i] | 0x20);
    *rest = pv_text_slice(*rest, sizeof low, rest->size);
    for (*month = 1; *month <= 12; ++*month)
        if (memcmp(low, names + (*month - 1) * 3, sizeof low) == 0)
            return true;
    return false;
}

/* "22/Nov/2025:" */
static bool take_log_day(struct pv_text *rest, int64_t *days)
{
    int64_t day, month, year;
    if (!take_digits(rest, 1, 2, &day) || !take_byte(rest, "/") || !take_month(rest, &month) ||
        !take_byte(rest, "/") || !take_digits(rest, 4, 4, &year) || !take_byte(rest, ": "))
        return false;
    *days = days_of(year, month, day);
    return day >= 1 && day <= 31;
}

/* "2025-11-22T", "20251122T", "2025/11/22 " */
static bool take_iso_day(struct pv_text *rest, int64_t *days)
{
    int64_t day, month, year;
    if (!take_digits(rest, 4, 4, &year))
        return false;
    take_byte(rest, "-/");
    if (!take_digits(rest, 2, 2, &month))
        return false;
    take_byte(rest, "-/");
    if (!take_digits(rest, 2, 2, &day) || !take_byte(rest, "Tt _:"))
        return false;
    *days = days_of(year, month, day);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* "Z", "+0100", "-05:30", " UTC", nothing. */
static bool take_zone(struct pv_text *rest, int64_t *ns)
{
    int64_t hours, minutes;
    *ns = 0;
    *rest = pv_text_trim(*rest);
    if (rest->size == 0 || pv_text_equal(*rest, PV_TEXT("Z")) ||
        pv_text_equal(*rest, PV_TEXT("UTC")) || pv_text_equal(*rest, PV_TEXT("GMT")))
        return true;
    bool is_west = rest->data[0] == '-';
    if (!take_byte(rest, "+-") || !take_digits(rest, 2, 2, &hours))
        return false;
    take_byte(rest, ":");
    if (!take_digits(rest, 0, 2, &minutes) || rest->size)
        return false;
    *ns = (is_west ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND;
    return true;
}

bool pv_trace_parse_date(int64_t *ns, int64_t *last, struct pv_text text)
{
    struct pv_text rest = pv_text_trim(text);
    int64_t days, clock, zone;
    bool is_log = pv_text_find(pv_text_slice(rest, 0, 4), '/') < 4 && rest.size > 4;
    if (!(is_log ? take_log_day(&rest, &days) : take_iso_day(&rest, &days)) ||
        !take_clock(&rest, &clock, last) || !take_zone(&rest, &zone))
        return false;
    return pv_multiply(days, SECOND * 24 * 3600, ns) && pv_add(*ns, clock - zone, ns);
}

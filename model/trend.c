#include "model/trend.h"

#include "model/number.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

void pv_trend_free(struct pv_trend *trend)
{
    pv_arena_free(trend->arena);
    free(trend->points);
    free(trend->changes);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar; months from March, so that the leap
 * day is a year's last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    enum { from_march_of_0 = 719468, days_of_400_years = 146097 };
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t in_era = year - era * 400;
    int64_t in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * days_of_400_years + in_era * 365 + in_era / 4 - in_era / 100 + in_year -
           from_march_of_0;
}

static void put_digits(char *out, int64_t value, int count)
{
    for (int i = count; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
}

size_t pv_print_date(char *out, int64_t seconds)
{
    int64_t days = seconds / DAY - (seconds % DAY < 0), month = 12;
    if (days < days_of(0, 1, 1) || days >= days_of(10000, 1, 1))
        return pv_print_int64(out, seconds);
    int64_t year = (days - days_of(0, 1, 1)) / 366;
    while (days_of(year + 1, 1, 1) <= days)
        year++;
    while (days_of(year, month, 1) > days)
        month--;
    put_digits(out, year, 4);
    put_digits(out + 5, month, 2);
    put_digits(out + 8, days - days_of(year, month, 1) + 1, 2);
    out[4] = out[7] = '-';
    return 10;
}

/* Takes `count` digits off the text. */
static bool take_digits(struct pv_text *text, size_t count, int64_t low, int64_t high, int64_t *out)
{
    struct pv_text digits = pv_text_slice(*text, 0, count);
    uint64_t value;
    if (digits.size != count || !pv_parse_uint64(digits, &value))
        return false;
    *out = (int64_t)value;
    *text = pv_text_slice(*text, count, text->size);
    return *out >= low && *out <= high;
}

static bool take_char(struct pv_text *text, const char *one_of)
{
    if (text->size == 0 || !strchr(one_of, text->data[0]))
        return false;
    *text = pv_text_slice(*text, 1, text->size);
    return true;
}

static bool take_date(struct pv_text *text, int64_t *days)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year, month, day;
    if (!take_digits(text, 4, 0, 9999, &year) || !take_char(text, "-") ||
        !take_digits(text, 2, 1, 12, &month) || !take_char(text, "-") ||
        !take_digits(text, 2, 1, 31, &day))
        return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    *days = days_of(year, month, day);
    return day <= lengths[month - 1] + (is_leap && month == 2);
}

/* "Z", "+01:00", "+0100"; what follows a time. */
static bool take_zone(struct pv_text *text, int64_t *offset)
{
    int64_t hours, minutes;
    *offset = 0;
    if (take_char(text, "Zz"))
        return true;
    bool is_west = text->size && text->data[0] == '-';
    if (!take_char(text, "+-") || !take_digits(text, 2, 0, 14, &hours))
        return false;
    take_char(text, ":");
    if (!take_digits(text, 2, 0, 59, &minutes))
        return false;
    *offset = (hours * 60 + minutes) * (is_west ? -60 : 60);
    return true;
}

bool pv_parse_time(struct pv_text text, int64_t *seconds)
{
    int64_t days, hour, minute, second = 0, offset;
    if (pv_parse_int64(text, seconds))
        return true;
    if (!take_date(&text, &days))
        return false;
    *seconds = days * DAY;
    if (text.size == 0)
        return true;
    if (!take_char(&text, "Tt ") || !take_digits(&text, 2, 0, 23, &hour) ||
        !take_char(&text, ":") || !take_digits(&text, 2, 0, 59, &minute))
        return false;
    if (take_char(&text, ":") && !take_digits(&text, 2, 0, 60, &second))
        return false;
    take_char(&text, " ");
    if (!take_zone(&text, &offset) || text.size)
        return false;
    *seconds += hour * 3600 + minute * 60 + second - offset;
    return true;
}

#include "formats/gprof_line.h"

#include "model/number.h"

#include <string.h>

enum { SECONDS = 9 }; /* 10^9 ns */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* ---- Headers ---- */

/* "ms/call", "Ks/call": the power of ten before the s. */
static bool call_power(struct pv_text word, struct pv_gprof_units *units)
{
    static const char prefixes[] = "TGMK mun";
    int power = 0;
    struct pv_text unit = pv_text_slice(word, 0, word.size - strlen("/call"));
    if (unit.size == 0) { /* "/call" alone: as the times */
        units->call_power = units->power;
        return true;
    }
    if (unit.size > 2 || unit.data[unit.size - 1] != 's')
        return false;
    if (unit.size == 2) {
        const char *prefix = strchr(prefixes, unit.data[0]);
        power = prefix ? 3 * (4 - (int)(prefix - prefixes)) : -SECONDS - 1;
    }
    if (power < -SECONDS)
        return false;
    units->call_power = (unsigned)(SECONDS + power);
    return true;
}

struct pv_gprof_units pv_gprof_seconds(void)
{
    return (struct pv_gprof_units){.metric = PV_TEXT("time"), .unit = PV_UNIT_NS, .power = SECONDS};
}

bool pv_gprof_flat_header(struct pv_text line, struct pv_gprof_units *units)
{
    struct pv_text word, per_call = {0}, last = {0}, second = {0};
    bool has_calls = false;
    for (unsigned i = 0; pv_text_word(&line, &word); i++) {
        if (i == 0 && !pv_text_equal(word, PV_TEXT("time")) && !pv_text_equal(word, PV_TEXT("%")))
            return false;
        second = i == 1 ? word : second;
        has_calls = has_calls || pv_text_equal(word, PV_TEXT("calls"));
        per_call = pv_text_ends(word, PV_TEXT("/call")) ? word : per_call;
        last = word;
    }
    if (!has_calls || per_call.size == 0 || !pv_text_equal(last, PV_TEXT("name")))
        return false;
    *units = pv_gprof_seconds();
    if (!pv_text_equal(second, PV_TEXT("seconds"))) {
        units->metric = second;
        units->unit = PV_UNIT_COUNT;
        units->power = 0;
    }
    units->has_call_power = call_power(per_call, units);
    return true;
}

bool pv_gprof_graph_header(struct pv_text line)
{
    static const char *const wanted[] = {"index", "self", "called", "name"};
    size_t found = 0;
    struct pv_text word;
    bool has_children = false;
    while (pv_text_word(&line, &word)) {
        if (found < 4 && pv_text_starts(word, pv_text_of(wanted[found])))
            found++;
        else if (found == 0)
            return false;
        has_children = has_children || pv_text_equal(word, PV_TEXT("children")) ||
                       pv_text_starts(word, PV_TEXT("descend"));
    }
    return found == 4 && has_children;
}

bool pv_gprof_scale(struct pv_text line, struct pv_gprof_units *units)
{
    static const char letters[] = "KMG";
    struct pv_text word, first = {0};
    while (pv_text_word(&line, &word)) {
        if (word.size != 3 || word.data[0] != '(' || word.data[2] != ')')
            return false;
        first = first.size ? first : word;
    }
    const char *letter = first.size ? strchr(letters, first.data[1]) : NULL;
    if (!letter || *letter == '\0')
        return false;
    if (units->unit == PV_UNIT_NS) { /* only a header that says no "time" has a scale */
        units->metric = PV_TEXT("cycles");
        units->unit = PV_UNIT_COUNT;
    }
    units->power = units->call_power = 3 * ((unsigned)(letter - letters) + 1);
    return true;
}

/* ---- Rows ---- */

/* A number with a point in it, so that it is no count; *rest begins behind it. */
static bool take_time(struct pv_text *rest, unsigned power, int64_t *out)
{
    struct pv_text word, after = *rest;
    if (!pv_text_word(&after, &word) || pv_text_find(word, '.') == word.size ||
        !pv_parse_scaled(word, power, out))
        return false;
    *rest = after;
    return true;
}

/* A share of nothing is printed as nan by some. */
static bool take_percent(struct pv_text *rest)
{
    struct pv_text word, after = *rest;
    struct pv_decimal share;
    if (!pv_text_word(&after, &word))
        return false;
    bool is = pv_parse_decimal(word, &share) || pv_text_ends(word, PV_TEXT("nan")) ||
              pv_text_ends(word, PV_TEXT("inf"));
    if (is)
        *rest = after;
    return is;
}

static bool take_count(struct pv_text *rest, int64_t *out)
{
    struct pv_text word, after = *rest;
    if (!pv_text_word(&after, &word) || !is_digit(word.data[0]) || !pv_parse_int64(word, out))
        return false;
    *rest = after;
    return true;
}

/* Where the columns of calls are blank, the name is further off than any number would be. */
static bool is_far(struct pv_text rest)
{
    enum { WIDEST = 20 };
    size_t blanks = 0;
    while (blanks < rest.size && rest.data[blanks] == ' ')
        blanks++;
    return blanks > WIDEST;
}

static int64_t times(int64_t per_call, int64_t calls)
{
    int64_t product;
    return pv_multiply(per_call, calls, &product) ? product : INT64_MAX;
}

/* The columns of calls, all three or none. */
static void take_calls(struct pv_text *rest, const struct pv_gprof_units *units,
                       struct pv_entry_line *row, int64_t *total)
{
    struct pv_text after = *rest;
    unsigned power = units->has_call_power ? units->call_power : 0;
    int64_t calls, self, per_call;
    if (is_far(*rest) || !take_count(&after, &calls) || !take_time(&after, power, &self) ||
        !take_time(&after, power, &per_call))
        return;
    row->calls = calls;
    *total = units->has_call_power ? times(per_call, calls) : 0;
    *rest = after;
}

bool pv_gprof_flat_row(struct pv_text line, const struct pv_gprof_units *units,
                       struct pv_entry_line *row, int64_t *total)
{
    int64_t cumulative;
    *row = (struct pv_entry_line){.calls = PV_UNKNOWN_CALLS, .has_time = true};
    *total = 0;
    if (!take_percent(&line) || !take_time(&line, units->power, &cumulative) ||
        !take_time(&line, units->power, &row->self))
        return false;
    take_calls(&line, units, row, total);
    return pv_entry_name(line, row);
}

/* "12", "1+330" of a primary line, "3/12" of another: what is before the sign is what counts. */
static bool take_called(struct pv_text *rest, char sign, struct pv_entry_line *out)
{
    struct pv_text word, after = *rest;
    int64_t second = 0;
    if (!pv_text_word(&after, &word) || !is_digit(word.data[0]))
        return false;
    size_t at = pv_text_find(word, sign);
    if (!pv_parse_int64(pv_text_slice(word, 0, at), &out->calls) ||
        (at < word.size &&
         (!pv_parse_int64(pv_text_slice(word, at + 1, word.size), &second) || second < 0))) {
        out->calls = PV_UNKNOWN_CALLS;
        return false;
    }
    out->recursive = sign == '+' ? second : 0;
    *rest = after;
    return true;
}

static bool take_times(struct pv_text *rest, unsigned power, struct pv_entry_line *out)
{
    struct pv_text after = *rest;
    if (!take_time(&after, power, &out->self) || !take_time(&after, power, &out->children))
        return false;
    out->has_time = true;
    *rest = after;
    return true;
}

static bool take_primary(struct pv_text line, const struct pv_gprof_units *units,
                         struct pv_entry_line *out)
{
    struct pv_text index;
    pv_text_split(&line, ']', &index);
    if (!line.data || !take_percent(&line) || !take_times(&line, units->power, out))
        return false;
    take_called(&line, '+', out); /* blank for what nobody counted */
    return pv_entry_name(line, out);
}

bool pv_gprof_entry_line(struct pv_text line, const struct pv_gprof_units *units,
                         struct pv_entry_line *out, bool *is_primary)
{
    *out = (struct pv_entry_line){.calls = PV_UNKNOWN_CALLS};
    line = pv_text_trim(line);
    *is_primary = line.size > 1 && line.data[0] == '[' && is_digit(line.data[1]);
    if (*is_primary)
        return take_primary(line, units, out);
    bool has_times = take_times(&line, units->power, out);
    bool has_calls = take_called(&line, '/', out);
    return pv_entry_name(line, out) && (has_times || has_calls || out->is_nobody);
}

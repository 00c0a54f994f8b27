#include "model/units.h"

#include <string.h>

/* Products of values, scales and prefixes leave int64. */
__extension__ typedef __int128 wide;

struct prefix {
    const char *suffix; /* with the blank before it */
    int64_t factor;     /* units in one */
    int64_t limit;      /* from here on the next prefix reads better */
};

struct unit {
    struct pv_text name;
    const struct prefix *prefixes; /* ascending, ending without a suffix */
};

static const struct prefix counts[] = {
    {"", 1, 1000000},
    {" M", 1000000, 1000},
    {" G", 1000000000, 1000},
    {" T", 1000000000000, 1000},
    {" P", 1000000000000000, 1000},
    {" E", 1000000000000000000, INT64_MAX},
    {NULL, 0, 0},
};

static const struct prefix times[] = {
    {" ns", 1, 1000},       {" \xc2\xb5s", 1000, 1000},
    {" ms", 1000000, 1000}, {" s", 1000000000, INT64_MAX},
    {NULL, 0, 0},
};

static const struct prefix sizes[] = {
    {" B", 1, 1024},
    {" KiB", INT64_C(1) << 10, 1024},
    {" MiB", INT64_C(1) << 20, 1024},
    {" GiB", INT64_C(1) << 30, 1024},
    {" TiB", INT64_C(1) << 40, 1024},
    {" PiB", INT64_C(1) << 50, 1024},
    {" EiB", INT64_C(1) << 60, INT64_MAX},
    {NULL, 0, 0},
};

static const struct unit units[PV_UNITS] = {
    [PV_UNIT_COUNT] = {{"count", 5}, counts},
    [PV_UNIT_NS] = {{"ns", 2}, times},
    [PV_UNIT_BYTES] = {{"bytes", 5}, sizes},
};

struct pv_text pv_unit_name(enum pv_unit unit)
{
    return units[unit].name;
}

bool pv_unit_parse(struct pv_text name, enum pv_unit *out)
{
    for (unsigned i = 0; i < PV_UNITS; i++)
        if (pv_text_equal(name, units[i].name)) {
            *out = (enum pv_unit)i;
            return true;
        }
    return false;
}

/* part × 10^digits / whole, rounded half up; part is positive or 0, whole positive. */
static wide ratio(wide part, wide whole, unsigned digits)
{
    /* The analyzer loses a 128-bit number's sign. NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
    return (part * pv_power10(digits) * 2 + whole) / (whole * 2);
}

/* Fraction digits that leave three significant ones. */
static unsigned digits_for(wide part, wide whole)
{
    unsigned digits = 0;
    while (digits < PV_DECIMAL_DIGITS && part * pv_power10(digits) < whole * 100)
        digits++;
    return digits;
}

static size_t add_string(char *out, size_t size, const char *text)
{
    size_t added = strlen(text);
    memcpy(out + size, text, added);
    return size + added;
}

/* number / 10^digits, with separators where it is a whole number. */
static size_t add_number(char *out, bool is_negative, wide number, unsigned digits)
{
    int64_t value = number > INT64_MAX ? INT64_MAX : (int64_t)number;
    value = is_negative ? -value : value;
    if (value % pv_power10(digits) == 0)
        return pv_print_grouped(out, value / pv_power10(digits));
    return pv_print_decimal(out, value, digits);
}

size_t pv_format_value(char *out, int64_t value, enum pv_unit unit, int64_t scale)
{
    const struct prefix *prefix = units[unit].prefixes;
    wide part = value < 0 ? -(wide)value : value;
    if (value == 0)
        return add_string(out, pv_print_int64(out, 0), unit == PV_UNIT_NS ? " s" : prefix->suffix);
    unsigned digits = digits_for(part, scale);
    wide number = ratio(part, scale, digits);
    while (number >= (wide)prefix->limit * pv_power10(digits)) {
        prefix++;
        wide whole = (wide)scale * prefix->factor;
        digits = digits_for(part, whole);
        number = ratio(part, whole, digits);
    }
    return add_string(out, add_number(out, value < 0, number, digits), prefix->suffix);
}

/* Places that a multiple of `step` has in a unit of `whole`. */
static unsigned places_of(wide step, wide whole)
{
    unsigned digits = 0;
    while (digits < PV_DECIMAL_DIGITS && step * pv_power10(digits) % whole != 0)
        digits++;
    return digits;
}

size_t pv_format_tick(char *out, int64_t value, int64_t step, int64_t most, enum pv_unit unit,
                      int64_t scale)
{
    const struct prefix *prefix = units[unit].prefixes;
    wide part = value < 0 ? -(wide)value : value, largest = most < 0 ? -(wide)most : most;
    if (value == 0)
        return pv_print_int64(out, 0);
    while (prefix[1].suffix && largest >= (wide)prefix->limit * prefix->factor * scale)
        prefix++;
    wide whole = (wide)prefix->factor * scale;
    unsigned digits = places_of(step, whole);
    return add_string(out, add_number(out, value < 0, ratio(part, whole, digits), digits),
                      prefix->suffix);
}

/* "us" is "µs" for those who cannot type it. */
static const struct prefix *find_prefix(enum pv_unit unit, struct pv_text wanted)
{
    static const struct prefix thousands = {" k", 1000, 0};
    if (unit == PV_UNIT_COUNT && pv_text_equal(wanted, PV_TEXT("k")))
        return &thousands;
    if (pv_text_equal(wanted, PV_TEXT("us")))
        wanted = PV_TEXT("\xc2\xb5s");
    if (pv_text_equal(wanted, units[unit].name))
        return units[unit].prefixes;
    for (const struct prefix *prefix = units[unit].prefixes; prefix->suffix; prefix++)
        if (prefix->suffix[0] && pv_text_equal(wanted, pv_text_of(prefix->suffix + 1)))
            return prefix;
    return NULL;
}

bool pv_format_tick_in(char *out, size_t *size, int64_t value, int64_t step,
                       const struct pv_tick_unit *unit)
{
    const struct prefix *prefix = find_prefix(unit->unit, unit->prefix);
    if (unit->prefix.size == 0 || !prefix)
        return false;
    wide part = value < 0 ? -(wide)value : value, whole = (wide)prefix->factor * unit->scale;
    unsigned digits = places_of(step, whole);
    *size = value == 0
                ? pv_print_int64(out, 0)
                : add_string(out, add_number(out, value < 0, ratio(part, whole, digits), digits),
                             prefix->suffix);
    return true;
}

/* All of `digits` places, so that the points of a column stand below each other. */
static size_t add_column(char *out, int64_t number, unsigned digits)
{
    int64_t magnitude = number < 0 ? -number : number;
    size_t size = 0;
    if (number < 0)
        out[size++] = '-';
    size += pv_print_grouped(out + size, magnitude / pv_power10(digits));
    if (digits == 0)
        return size;
    out[size++] = '.';
    for (unsigned i = digits; i > 0; i--)
        out[size++] = (char)('0' + magnitude / pv_power10(i - 1) % 10);
    return size;
}

bool pv_unit_has_prefix(enum pv_unit unit, struct pv_text prefix, struct pv_error *err)
{
    if (prefix.size == 0 || find_prefix(unit, prefix))
        return true;
    struct pv_text name = pv_unit_name(unit);
    return pv_fail(err, PV_USAGE, (struct pv_where){0},
                   "--unit '%.*s' does not fit values in %.*s; there are s, ms, us and ns for "
                   "time, B, KiB, MiB and GiB for bytes, k and M for counts",
                   PV_TEXT_ARGS(pv_text_slice(prefix, 0, 80)), PV_TEXT_ARGS(name));
}

bool pv_format_value_in(char *out, size_t *size, int64_t value, enum pv_unit unit, int64_t scale,
                        struct pv_text prefix)
{
    enum { places = 3 };
    if (prefix.size == 0) {
        *size = pv_format_value(out, value, unit, scale);
        return true;
    }
    const struct prefix *found = find_prefix(unit, prefix);
    if (!found)
        return false;
    wide whole = (wide)scale * found->factor, part = value < 0 ? -(wide)value : value;
    unsigned digits = whole == 1 ? 0 : places;
    wide number = ratio(part, whole, digits);
    int64_t shown = number > INT64_MAX ? INT64_MAX : (int64_t)number;
    *size = add_string(out, add_column(out, value < 0 ? -shown : shown, digits), found->suffix);
    return true;
}

size_t pv_format_share(char *out, int64_t part, int64_t whole)
{
    if (whole == 0)
        return add_string(out, 0, "\xe2\x80\x93");
    bool is_negative = (part < 0) != (whole < 0) && part != 0;
    wide of = whole < 0 ? -(wide)whole : whole, is = part < 0 ? -(wide)part : part;
    is = is > of ? of : is;
    if (is && is * 20000 < of)
        return add_string(out, 0, is_negative ? ">-0.01 %" : "<0.01 %");
    unsigned digits = is * 100 < of ? 2 : 1;
    wide percent = ratio(is * 100, of, digits);
    return add_string(out, add_number(out, is_negative, percent, digits), " %");
}

bool pv_unit_value(int64_t *out, struct pv_decimal number, struct pv_text prefix, enum pv_unit unit,
                   int64_t scale)
{
    const struct prefix *found = prefix.size ? find_prefix(unit, prefix) : NULL;
    if (!found && (prefix.size || unit == PV_UNIT_NS))
        return false;
    wide value = (wide)number.value * scale;
    wide limit = (wide)INT64_MAX * pv_power10(PV_DECIMAL_DIGITS);
    if (found && (value > limit / found->factor || value < -limit / found->factor))
        return false;
    value *= found ? found->factor : 1;
    wide power = pv_power10(number.digits), half = value < 0 ? -power / 2 : power / 2;
    value = (value + half) / power;
    *out = (int64_t)value;
    return value == *out;
}

/* From here on a multiple reads better than a percentage. */
enum { MULTIPLE_FROM = 10 };

size_t pv_format_percent(char *out, int64_t change, int64_t whole)
{
    wide of = whole < 0 ? -(wide)whole : whole, is = change < 0 ? -(wide)change : change;
    bool is_less = change < 0;
    if (of == 0 || is == 0)
        return add_string(out, 0, of ? "0 %" : "\xe2\x80\x93");
    if (is * 20000 < of)
        return add_string(out, 0, is_less ? ">-0.01 %" : "<+0.01 %");
    if (!is_less && is >= of * MULTIPLE_FROM) {
        wide multiple = (is + of) / of;
        size_t size = add_string(out, 0, "\xc3\x97");
        unsigned digits = multiple < 100 ? 1 : 0;
        return size + add_number(out + size, false, ratio(is + of, of, digits), digits);
    }
    size_t sign = is_less ? 0 : add_string(out, 0, "+");
    unsigned digits = is * 100 < of ? 2 : is < of ? 1 : 0;
    size_t size = add_number(out + sign, is_less, ratio(is * 100, of, digits), digits);
    return add_string(out, sign + size, " %");
}

size_t pv_format_change(char *out, int64_t base, int64_t head)
{
    int64_t change;
    if (base == head)
        return add_string(out, 0, "=");
    if (base == 0 || head == 0)
        return add_string(out, 0, base ? "gone" : "new");
    if (__builtin_sub_overflow(head, base, &change))
        change = head < 0 ? INT64_MIN : INT64_MAX;
    return pv_format_percent(out, change, base);
}

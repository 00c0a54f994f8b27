#include "model/number.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const int64_t powers[] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
};

enum { significant = 19, last_power = 18 };

int64_t pv_power10(unsigned power)
{
    return powers[power > last_power ? last_power : power];
}

unsigned pv_power_of(int64_t power10)
{
    unsigned power = 0;
    for (; power10 >= 10; power10 /= 10)
        power++;
    return power;
}

bool pv_multiply(int64_t a, int64_t b, int64_t *out)
{
    int64_t result;
    if (__builtin_mul_overflow(a, b, &result))
        return false;
    *out = result;
    return true;
}

bool pv_add(int64_t a, int64_t b, int64_t *out)
{
    int64_t result;
    if (__builtin_add_overflow(a, b, &result))
        return false;
    *out = result;
    return true;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

bool pv_parse_uint64(struct pv_text text, uint64_t *out)
{
    uint64_t value = 0;
    if (text.size == 0)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]))
            return false;
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

/* ±magnitude, or false where int64 does not hold it. */
static bool with_sign(uint64_t magnitude, bool is_negative, int64_t *out)
{
    if (magnitude > (uint64_t)INT64_MAX + is_negative)
        return false;
    *out = is_negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

/* Takes a sign off the text. */
static bool take_sign(struct pv_text *text)
{
    bool is_signed = text->size && (text->data[0] == '-' || text->data[0] == '+');
    bool is_negative = is_signed && text->data[0] == '-';
    if (is_signed)
        *text = pv_text_slice(*text, 1, text->size);
    return is_negative;
}

bool pv_parse_int64(struct pv_text text, int64_t *out)
{
    bool is_negative = take_sign(&text);
    uint64_t magnitude;
    return pv_parse_uint64(text, &magnitude) && with_sign(magnitude, is_negative, out);
}

static bool hex_digit(char byte, uint64_t *out)
{
    char lower = (char)(byte | 0x20);
    bool is_letter = lower >= 'a' && lower <= 'f';
    *out = (uint64_t)(is_letter ? lower - 'a' + 10 : byte - '0');
    return is_letter || is_digit(byte);
}

bool pv_parse_hex(struct pv_text text, uint64_t *out)
{
    uint64_t value = 0, digit;
    if (text.size >= 2 && text.data[0] == '0' && (text.data[1] | 0x20) == 'x')
        text = pv_text_slice(text, 2, text.size);
    if (text.size == 0)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!hex_digit(text.data[i], &digit) || value >> 60)
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return true;
}

/* A number as it is written: 0.<digits> × 10^point, of which the first 19 significant digits are
 * in `mantissa`. The digit behind them is enough to round half away from zero. */
struct scan {
    uint64_t mantissa;
    unsigned kept; /* digits in mantissa */
    unsigned next; /* the first digit that is not in it */
    bool has_next, is_negative;
    int64_t point;
};

static void scan_digit(struct scan *scan, unsigned digit)
{
    if (scan->kept < significant) {
        scan->mantissa = scan->mantissa * 10 + digit;
        scan->kept += scan->mantissa != 0;
    } else if (!scan->has_next) {
        scan->has_next = true;
        scan->next = digit;
    }
}

/* Takes a run of digits off the text; returns how many. Digits in front of the point move it. */
static size_t scan_run(struct scan *scan, struct pv_text *text, bool is_fraction)
{
    size_t i = 0;
    for (; i < text->size && is_digit(text->data[i]); i++) {
        scan_digit(scan, (unsigned)(text->data[i] - '0'));
        if (is_fraction)
            scan->point -= scan->kept == 0;
        else
            scan->point += scan->kept != 0;
    }
    *text = pv_text_slice(*text, i, text->size);
    return i;
}

/* The exponent moves the point; far beyond any int64 its exact size is of no interest. */
static bool scan_exponent(struct scan *scan, struct pv_text text)
{
    enum { enough = 1 << 30 };
    bool is_negative = take_sign(&text);
    int64_t exponent = 0;
    if (text.size == 0)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]))
            return false;
        if (exponent < enough)
            exponent = exponent * 10 + (text.data[i] - '0');
    }
    scan->point += is_negative ? -exponent : exponent;
    return true;
}

static bool scan_number(struct scan *scan, struct pv_text text)
{
    *scan = (struct scan){.is_negative = take_sign(&text)};
    size_t digits = scan_run(scan, &text, false);
    if (text.size && text.data[0] == '.') {
        text = pv_text_slice(text, 1, text.size);
        digits += scan_run(scan, &text, true);
    }
    if (digits == 0)
        return false;
    if (text.size == 0)
        return true;
    return (text.data[0] | 0x20) == 'e' && scan_exponent(scan, pv_text_slice(text, 1, text.size));
}

/* The number times 10^power, rounded half away from zero. */
static bool scale_scan(const struct scan *scan, unsigned power, int64_t *out)
{
    int64_t wanted = scan->point + (int64_t)power; /* digits in front of the new point */
    if (scan->kept == 0 || wanted < 0) {
        *out = 0;
        return true;
    }
    if (wanted > significant)
        return false;
    uint64_t magnitude = scan->mantissa;
    unsigned behind = scan->next;
    if (wanted > scan->kept) {
        magnitude *= (uint64_t)powers[wanted - scan->kept];
        behind = 0;
    } else if (wanted < scan->kept) {
        uint64_t above = magnitude / (uint64_t)powers[scan->kept - wanted - 1];
        behind = (unsigned)(above % 10);
        magnitude = above / 10;
    }
    return with_sign(magnitude + (behind >= 5), scan->is_negative, out);
}

bool pv_parse_scaled(struct pv_text text, unsigned power, int64_t *out)
{
    struct scan scan;
    return scan_number(&scan, text) && scale_scan(&scan, power, out);
}

bool pv_parse_decimal(struct pv_text text, struct pv_decimal *out)
{
    struct scan scan;
    struct pv_decimal found = {0, 0};
    if (!scan_number(&scan, text))
        return false;
    int64_t fraction = (int64_t)scan.kept - scan.point;
    if (scan.kept && fraction > 0)
        found.digits = fraction > PV_DECIMAL_DIGITS ? PV_DECIMAL_DIGITS : (unsigned)fraction;
    while (!scale_scan(&scan, found.digits, &found.value))
        if (found.digits-- == 0)
            return false;
    while (found.digits && found.value % 10 == 0) {
        found.value /= 10;
        found.digits--;
    }
    *out = found;
    return true;
}

bool pv_scale_decimal(struct pv_decimal value, unsigned power, int64_t *out)
{
    if (value.digits <= power)
        return pv_multiply(value.value, pv_power10(power - value.digits), out);
    int64_t divisor = pv_power10(value.digits - power), rest = value.value % divisor;
    *out = value.value / divisor + (rest >= divisor / 2) - (rest <= -(divisor / 2));
    return true;
}

int64_t pv_round(double value)
{
    const double limit = 9223372036854775808.0; /* 2^63 */
    if (value >= limit)
        return INT64_MAX;
    if (value <= -limit)
        return INT64_MIN;
    if (!(value < 0 || value > 0))
        return 0;
    int64_t whole = (int64_t)value;
    double left = value - (double)whole;
    return whole + (left >= 0.5) - (left <= -0.5);
}

static const char pairs[] = "00010203040506070809"
                            "10111213141516171819"
                            "20212223242526272829"
                            "30313233343536373839"
                            "40414243444546474849"
                            "50515253545556575859"
                            "60616263646566676869"
                            "70717273747576777879"
                            "80818283848586878889"
                            "90919293949596979899";

/* Writes the digits so that they end before `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
    while (value >= 100) {
        end -= 2;
        memcpy(end, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        end -= 2;
        memcpy(end, pairs + value * 2, 2);
    } else {
        *--end = (char)('0' + value);
    }
    return end;
}

/* `from`, which ends at scratch + PV_NUMBER_SIZE, to `out` behind a sign where it has one. */
static size_t put(char *out, bool is_negative, const char *from, const char *scratch)
{
    size_t size = (size_t)(scratch + PV_NUMBER_SIZE - from);
    if (is_negative)
        *out++ = '-';
    memcpy(out, from, size);
    return size + is_negative;
}

size_t pv_print_uint64(char *out, uint64_t value)
{
    char scratch[PV_NUMBER_SIZE];
    return put(out, false, digits_before(scratch + sizeof scratch, value), scratch);
}

size_t pv_print_int64(char *out, int64_t value)
{
    char scratch[PV_NUMBER_SIZE];
    char *from = digits_before(scratch + sizeof scratch, pv_magnitude(value));
    return put(out, value < 0, from, scratch);
}

size_t pv_print_decimal(char *out, int64_t value, unsigned digits)
{
    char scratch[PV_NUMBER_SIZE];
    char *from = scratch + sizeof scratch;
    uint64_t left = pv_magnitude(value);
    digits = digits > last_power ? last_power : digits;
    for (; digits && left % 10 == 0; digits--)
        left /= 10;
    if (digits) {
        for (; digits; digits--, left /= 10)
            *--from = (char)('0' + left % 10);
        *--from = '.';
    }
    return put(out, value < 0, digits_before(from, left), scratch);
}

size_t pv_print_fixed(char *out, double value, unsigned digits)
{
    const double limit = 1e12;
    digits = digits > 6 ? 6 : digits;
    value = value > limit ? limit : value;
    value = value < -limit ? -limit : value;
    double scaled = value * (double)powers[digits];
    return pv_print_decimal(out, pv_round(scaled), digits);
}

size_t pv_print_grouped(char *out, int64_t value)
{
    char scratch[PV_NUMBER_SIZE];
    char *from = scratch + sizeof scratch;
    uint64_t left = pv_magnitude(value);
    for (; left >= 1000; left /= 1000) {
        uint64_t group = left % 1000;
        from -= 4;
        from[0] = ',';
        from[1] = (char)('0' + group / 100);
        memcpy(from + 2, pairs + group % 100 * 2, 2);
    }
    return put(out, value < 0, digits_before(from, left), scratch);
}

void pv_add_grouped(struct pv_buffer *out, uint64_t count)
{
    int64_t shown = count > INT64_MAX ? INT64_MAX : (int64_t)count;
    out->size += pv_print_grouped(pv_buffer_reserve(out, PV_NUMBER_SIZE), shown);
}

void pv_add_count(struct pv_buffer *out, uint64_t count, const char *one, const char *many)
{
    pv_add_grouped(out, count);
    pv_buffer_char(out, ' ');
    pv_buffer_add(out, pv_text_of(count == 1 ? one : many));
}

#include "formats/json_text.h"

#include "model/escape.h"

#include <string.h>

static bool is_special(unsigned char byte)
{
    return byte < ' ' || byte == '"' || byte == '\\';
}

/* Eight bytes at a time: a byte's high bit in the result is set where the byte equals (or for
 * `below`, is less than) the wanted one. Bits above the first hit may be wrong, which does not
 * matter here. */
static uint64_t equals(uint64_t word, unsigned char wanted)
{
    uint64_t ones = ~(uint64_t)0 / 255, zero_where_equal = word ^ (ones * wanted);
    return (zero_where_equal - ones) & ~zero_where_equal & (ones << 7);
}

static uint64_t below(uint64_t word, unsigned char limit)
{
    uint64_t ones = ~(uint64_t)0 / 255;
    return (word - ones * limit) & ~word & (ones << 7);
}

/* Index of the first byte whose high bit is set in a mask made as above from bytes in memory. */
static size_t first_byte(uint64_t mask)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (size_t)__builtin_ctzll(mask) / 8;
#else
    (void)mask;
    return 0; /* the plain loop finds it */
#endif
}

const char *pv_json_scan_bytes(const char *at, const char *end)
{
    uint64_t word;
    while ((size_t)(end - at) >= sizeof word) {
        memcpy(&word, at, sizeof word);
        uint64_t mask = equals(word, '"') | equals(word, '\\') | below(word, ' ');
        if (mask) {
            at += first_byte(mask);
            break;
        }
        at += sizeof word;
    }
    while (at < end && !is_special((unsigned char)*at))
        at++;
    return at;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The four digits of \uXXXX, or -1. */
static int32_t unicode_escape(struct pv_text text)
{
    if (text.size < 6 || text.data[0] != '\\' || text.data[1] != 'u')
        return -1;
    int32_t value = 0;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(text.data[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* What the byte behind a backslash stands for, or 0. */
static char short_escape(char byte)
{
    static const char meant[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};
    return meant[(unsigned char)byte];
}

size_t pv_json_escape_size(struct pv_text text)
{
    if (text.size < 2)
        return 0;
    if (short_escape(text.data[1]))
        return 2;
    return unicode_escape(text) >= 0 ? 6 : 0;
}

bool pv_json_escape_is_cut(struct pv_text text)
{
    if (text.size >= 6 || (text.size > 1 && text.data[1] != 'u'))
        return false;
    for (size_t i = 2; i < text.size; i++)
        if (hex_digit(text.data[i]) < 0)
            return false;
    return true;
}

static bool is_high(int32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Appends what the escape at the head of the text stands for and returns its size; 0: malformed. */
static size_t add_escape(struct pv_buffer *out, struct pv_text text)
{
    char byte = text.size > 1 ? short_escape(text.data[1]) : '\0';
    if (byte) {
        pv_buffer_char(out, byte);
        return 2;
    }
    int32_t unit = unicode_escape(text);
    if (unit < 0)
        return 0;
    int32_t next = is_high(unit) ? unicode_escape(pv_text_slice(text, 6, text.size)) : -1;
    if (is_low(next)) {
        pv_utf8_add(out, 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(next - 0xdc00));
        return 12;
    }
    if (unit >= 0xdc80 && unit <= 0xdcff)
        pv_buffer_char(out, (char)(unsigned char)(unit & 0xff));
    else
        pv_utf8_add(out, (uint32_t)unit);
    return 6;
}

bool pv_json_unescape(struct pv_buffer *out, struct pv_text raw, size_t *bad)
{
    size_t at = 0;
    while (at < raw.size) {
        struct pv_text rest = pv_text_slice(raw, at, raw.size);
        size_t plain = pv_text_find(rest, '\\');
        pv_buffer_add(out, pv_text_slice(rest, 0, plain));
        at += plain;
        if (at == raw.size)
            break;
        size_t size = add_escape(out, pv_text_slice(raw, at, raw.size));
        if (size == 0) {
            *bad = at;
            return false;
        }
        at += size;
    }
    return true;
}

size_t pv_json_number_reach(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && pv_json_is_number_byte(*at))
        at++;
    return (size_t)(at - from);
}

/* Takes a run of digits off the text's head: false where there is none. */
static bool take_digits(struct pv_text *text)
{
    size_t count = 0;
    while (count < text->size && pv_json_is_digit(text->data[count]))
        count++;
    *text = pv_text_slice(*text, count, text->size);
    return count > 0;
}

static bool take(struct pv_text *text, char wanted)
{
    if (text->size == 0 || text->data[0] != wanted)
        return false;
    *text = pv_text_slice(*text, 1, text->size);
    return true;
}

bool pv_json_is_number(struct pv_text text)
{
    take(&text, '-');
    if (!take(&text, '0') && !take_digits(&text))
        return false;
    if (take(&text, '.') && !take_digits(&text))
        return false;
    if (take(&text, 'e') || take(&text, 'E')) {
        if (!take(&text, '-'))
            take(&text, '+');
        if (!take_digits(&text))
            return false;
    }
    return text.size == 0;
}

const uint32_t pv_json_powers[] = {1,      10,      100,      1000,      10000,
                                   100000, 1000000, 10000000, 100000000, 1000000000};

/* A run of digits: by value, so that all of it stays in registers. */
struct digits {
    uint64_t value;
    unsigned count;
};

/* Up to eight, where so many bytes are. */
static inline struct digits few_digits(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    unsigned count = pv_json_count_digits(word);
    return (struct digits){count ? pv_json_eight_digits(word << (64 - count * 8)) : 0, count};
}

/* Up to 24, where so many bytes are; only PV_JSON_SAFE_DIGITS of them have a meaning. */
static inline struct digits run_of_digits(const char *at)
{
    struct digits run = few_digits(at);
    for (unsigned next = run.count; next == 8 && run.count <= 16;) {
        struct digits more = few_digits(at + run.count);
        next = more.count;
        run.value = run.value * pv_json_powers[next] + more.value;
        run.count += next;
    }
    return run;
}

/* The same where fewer bytes are left. */
static struct digits last_digits(const char *at, const char *end)
{
    struct digits run = {0};
    for (; at < end && pv_json_is_digit(*at) && run.count <= PV_JSON_SAFE_DIGITS; at++, run.count++)
        run.value = run.value * 10 + (uint64_t)(*at - '0');
    return run;
}

static inline struct digits digits_at(const char *at, const char *end)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (end - at >= PV_JSON_AHEAD)
        return run_of_digits(at);
#endif
    return last_digits(at, end);
}

size_t pv_json_long_number(const char *from, const char *end, struct pv_decimal *out)
{
    bool is_negative = from < end && *from == '-';
    const char *at = from + is_negative;
    struct digits whole = digits_at(at, end), fraction = {0};
    if (whole.count == 0 || whole.count > PV_JSON_SAFE_DIGITS || (whole.count > 1 && *at == '0'))
        return 0;
    at += whole.count;
    if (at < end && *at == '.') {
        fraction = digits_at(at + 1, end);
        if (fraction.count == 0 || fraction.count > PV_DECIMAL_DIGITS ||
            whole.count + fraction.count > PV_JSON_SAFE_DIGITS)
            return 0;
        whole.value = whole.value * pv_json_powers[fraction.count] + fraction.value;
        at += 1 + fraction.count;
    }
    if (at >= end || pv_json_is_number_byte(*at))
        return 0;
    out->value = is_negative ? -(int64_t)whole.value : (int64_t)whole.value;
    out->digits = fraction.count;
    return (size_t)(at - from);
}

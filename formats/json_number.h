#ifndef PV_FORMATS_JSON_NUMBER_H
#define PV_FORMATS_JSON_NUMBER_H

#include "model/number.h"

#include <stdint.h>
#include <string.h>

/* Numbers of JSON (RFC 8259, section 6) by the million: eight digits at a time, in place. */

static inline bool pv_json_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static inline bool pv_json_is_number_byte(char byte)
{
    return pv_json_is_digit(byte) || byte == '.' || byte == '-' || byte == '+' ||
           (byte | 0x20) == 'e';
}

/* The sizes of integers that always fit, and how many bytes the fast ways look at. */
enum { PV_JSON_SAFE_DIGITS = 18, PV_JSON_AHEAD = 40 };
extern const uint32_t pv_json_powers[]; /* of ten, the 9th too */

/* The value of eight digits in memory order: pairs, then fours, then all (D. Lemire's account of
 * the method: "Quickly parsing eight digits", 2018). */
static inline uint64_t pv_json_eight_digits(uint64_t word)
{
    word = (word & 0x0f0f0f0f0f0f0f0f) * (10 << 8 | 1) >> 8;
    word = (word & 0x00ff00ff00ff00ff) * (100 << 16 | 1) >> 16;
    return (word & 0x0000ffff0000ffff) * (10000ull << 32 | 1) >> 32;
}

/* How many of the eight bytes are digits, from the first on. */
static inline unsigned pv_json_count_digits(uint64_t word)
{
    uint64_t ones = ~(uint64_t)0 / 255, odd = word ^ ones * '0';
    odd = ((odd + ones * 0x76) | odd) & ones << 7; /* 0x76: 10 and more reach the high bit */
    return odd ? (unsigned)__builtin_ctzll(odd) / 8 : 8;
}

/* pv_json_plain_number for any number. */
size_t pv_json_long_number(const char *from, const char *end, struct pv_decimal *out);

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Of eight bytes whose first `count` are digits, 1 to 7. */
static inline uint64_t pv_json_few_digits(uint64_t word, unsigned count)
{
    return pv_json_eight_digits(word << (64 - count * 8));
}

/* Most numbers of all: up to 15 digits and 7 in the fraction, no sign, and PV_JSON_AHEAD bytes to
 * look at. 0: it is another one. */
static inline size_t pv_json_short_number(const char *from, struct pv_decimal *out)
{
    uint64_t word, value = 0;
    const char *at = from;
    memcpy(&word, at, sizeof word);
    unsigned count = pv_json_count_digits(word), whole = count;
    if (count == 8) {
        value = pv_json_eight_digits(word);
        memcpy(&word, at += 8, sizeof word);
        count = pv_json_count_digits(word);
        whole += count;
        if (count == 8 || *from == '0')
            return 0;
    } else if (count == 0 || (count > 1 && *from == '0')) {
        return 0;
    }
    if (count)
        value = value * pv_json_powers[count] + pv_json_few_digits(word, count);
    at += count;
    unsigned fraction = 0;
    if (*at == '.') {
        memcpy(&word, ++at, sizeof word);
        fraction = pv_json_count_digits(word);
        if (fraction == 0 || fraction == 8 || whole + fraction > PV_JSON_SAFE_DIGITS)
            return 0;
        value = value * pv_json_powers[fraction] + pv_json_few_digits(word, fraction);
        at += fraction;
    }
    if (*at != ',' && pv_json_is_number_byte(*at))
        return 0;
    out->value = (int64_t)value;
    out->digits = fraction;
    return (size_t)(at - from);
}
#endif

/* The usual number, in one pass: the size of one at the head of [at, end) that has at most 18
 * digits, 9 of them in its fraction, and no exponent, and that ends before `end`; its fraction may
 * end in zeros. 0: it is another kind of number, or none. */
static inline size_t pv_json_plain_number(const char *from, const char *end, struct pv_decimal *out)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    size_t size = end - from >= PV_JSON_AHEAD ? pv_json_short_number(from, out) : 0;
    if (size)
        return size;
#endif
    return pv_json_long_number(from, end, out);
}

#endif

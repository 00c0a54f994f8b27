#ifndef PV_MODEL_NUMBER_H
#define PV_MODEL_NUMBER_H

#include "model/text.h"

#include <stdint.h>

/* Our own reading and printing of numbers: never asks the locale, never stops half-way, says when
 * a number does not fit. */

/* value / 10^digits, digits 0 to 9, no trailing zero in the fraction (12.50 is {125, 1}). */
struct pv_decimal {
    int64_t value;
    unsigned digits;
};

enum { PV_DECIMAL_DIGITS = 9, PV_NUMBER_SIZE = 48 };

/* All of the text must be one number in range; an optional sign where the type has one. */
bool pv_parse_int64(struct pv_text text, int64_t *out);
bool pv_parse_uint64(struct pv_text text, uint64_t *out);

/* Hexadecimal with or without "0x". */
bool pv_parse_hex(struct pv_text text, uint64_t *out);

/* "12", "-0.035", "1e3", "4.5E-2", ".5", "5.": digits behind the ninth of the fraction, or behind
 * what int64 has room for, are rounded half away from zero. False where it is no number (also NaN,
 * infinity) or its whole part leaves int64. */
bool pv_parse_decimal(struct pv_text text, struct pv_decimal *out);

/* The same grammar times 10^power, rounded half away from zero: pv_parse_scaled("0.0015", 9) is
 * 1500000. False as above. */
bool pv_parse_scaled(struct pv_text text, unsigned power, int64_t *out);

/* The same for a decimal: value times 10^power (0 to 18), rounded; false where int64 does not hold
 * it. */
bool pv_scale_decimal(struct pv_decimal value, unsigned power, int64_t *out);

/* value as an int64 rounded half away from zero; saturates, NaN gives 0. */
int64_t pv_round(double value);

/* 10^power for power 0 to 18 (larger counts as 18). */
int64_t pv_power10(unsigned power);

/* The power of a power of ten: 3 for 1000. */
unsigned pv_power_of(int64_t power10);

/* |value|, also of INT64_MIN. Inline: sorts compare by it. */
static inline uint64_t pv_magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* a × b and a + b, or false where int64 does not hold the result. */
bool pv_multiply(int64_t a, int64_t b, int64_t *out);
bool pv_add(int64_t a, int64_t b, int64_t *out);

/* Prints into `out` (at least PV_NUMBER_SIZE bytes), not terminated; returns the size. */
size_t pv_print_int64(char *out, int64_t value);
size_t pv_print_uint64(char *out, uint64_t value);

/* value / 10^digits (0 to 18) in full, without trailing zeros: pv_print_decimal(out, 1250, 3) is
 * "1.25". */
size_t pv_print_decimal(char *out, int64_t value, unsigned digits);

/* `value` rounded to `digits` (0 to 6) places without trailing zeros and without "-0": coordinates
 * of a drawing. Values beyond ±1e12 are clamped, NaN is 0. The same bytes on every machine. */
size_t pv_print_fixed(char *out, double value, unsigned digits);

/* With thousands separators: 1,204,331. */
size_t pv_print_grouped(char *out, int64_t value);

/* Appends a number of things with thousands separators (what is beyond INT64_MAX shows as that),
 * and which they are: "1 call", "1,204 calls". */
void pv_add_grouped(struct pv_buffer *out, uint64_t count);
void pv_add_count(struct pv_buffer *out, uint64_t count, const char *one, const char *many);

#endif

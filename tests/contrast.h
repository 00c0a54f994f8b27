#ifndef PV_TESTS_CONTRAST_H
#define PV_TESTS_CONTRAST_H

#include <math.h>
#include <stdint.h>

/* Relative luminance, WCAG 2.1. */
static inline double luminance(uint32_t rgb)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (unsigned i = 0; i < 3; i++) {
        double part = (double)(rgb >> (16 - 8 * i) & 0xFF) / 255;
        part = part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
        sum += weights[i] * part;
    }
    return sum;
}

/* WCAG 2 contrast of two sRGB colours, 1 to 21. */
static inline double contrast_of(uint32_t a, uint32_t b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

#endif

#ifndef PV_FORMATS_JSON_TEXT_H
#define PV_FORMATS_JSON_TEXT_H

#include "formats/json_number.h"

#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* The tokens of JSON (RFC 8259, sections 6 and 7) on slices: what json_pull is made of. */

/* The first byte from `at` on that ends a run of plain string bytes (a quote, a backslash, a
 * control character), or `end`. */
const char *pv_json_scan_bytes(const char *at, const char *end);
static inline const char *pv_json_scan(const char *at, const char *end)
{
#if defined(__SSE2__)
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ' - 1)), bytes);
        __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        int found = _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash)));
        if (found)
            return at + __builtin_ctz((unsigned)found);
    }
#endif
    return pv_json_scan_bytes(at, end);
}

/* A bit for each of PV_JSON_SAME bytes that are the same in a and b, the first the lowest; where
 * they are not known by one comparison, all or none, by the first `size` of them. */
enum { PV_JSON_SAME = 16 };
static inline uint32_t pv_json_same_bytes(const char *a, const char *b, unsigned size)
{
#if defined(__SSE2__)
    (void)size;
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)a);
    __m128i y = _mm_loadu_si128((const __m128i *)(const void *)b);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
#else
    return memcmp(a, b, size) == 0 ? UINT16_MAX : 0;
#endif
}

/* Appends the string's bytes with its escapes undone; `raw` is what stands between the quotes.
 * False at a malformed escape, *bad is its offset in raw. */
bool pv_json_unescape(struct pv_buffer *out, struct pv_text raw, size_t *bad);

/* The size of the escape at the head of the text (which begins with a backslash), or 0 where it is
 * malformed or cut. */
size_t pv_json_escape_size(struct pv_text text);

/* Whether the text is the beginning of an escape, and nothing else. */
bool pv_json_escape_is_cut(struct pv_text text);

/* The number of bytes at the head of [at, end) that a number may consist of. */
size_t pv_json_number_reach(const char *at, const char *end);

/* Whether all of the text is one number of JSON's grammar. */
bool pv_json_is_number(struct pv_text text);

#endif

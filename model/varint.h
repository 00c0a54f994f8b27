#ifndef PV_MODEL_VARINT_H
#define PV_MODEL_VARINT_H

#include <stdint.h>

/* Numbers of seven bits a byte, the lowest first; a set top bit says that more follow. For logs in
 * memory, which nobody else writes: what is read is not checked. In a header, because they stand in
 * inner loops. */
enum { PV_VARINT_MOST = 10 }; /* bytes of one number */

static inline unsigned char *pv_varint_put(unsigned char *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *to++ = (unsigned char)(value | 0x80);
    *to++ = (unsigned char)value;
    return to;
}

static inline const unsigned char *pv_varint_get(const unsigned char *from, uint64_t *value)
{
    unsigned shift = 0;
    uint64_t sum = 0;
    for (; *from & 0x80; shift += 7)
        sum |= (uint64_t)(*from++ & 0x7f) << shift;
    *value = sum | (uint64_t)*from++ << shift;
    return from;
}

/* A difference with its sign in the lowest bit, so that small ones stay short. */
static inline uint64_t pv_varint_fold(uint64_t difference)
{
    return difference << 1 ^ (0 - (difference >> 63));
}

static inline uint64_t pv_varint_unfold(uint64_t folded)
{
    return folded >> 1 ^ (0 - (folded & 1));
}

#endif

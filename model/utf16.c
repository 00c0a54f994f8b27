#include "model/utf16.h"

#include <stdint.h>

enum { LONGEST = 4 }; /* bytes of one character in UTF-8 */

static uint32_t unit_at(struct pv_text in, size_t at, bool is_big)
{
    unsigned char first = (unsigned char)in.data[at], second = (unsigned char)in.data[at + 1];
    return is_big ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

static size_t encode(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

size_t pv_utf16_decode(struct pv_text *in, bool is_big, bool is_last, char *out, size_t room)
{
    size_t at = 0, made = 0;
    while (at + 2 <= in->size && made + LONGEST <= room) {
        uint32_t code = unit_at(*in, at, is_big);
        bool has_partner = is_high(code) && at + 4 <= in->size;
        if (is_high(code) && !has_partner && !is_last)
            break;
        uint32_t partner = has_partner ? unit_at(*in, at + 2, is_big) : 0;
        at += 2;
        if (is_low(partner)) {
            code = 0x10000 + ((code - 0xd800) << 10) + (partner - 0xdc00);
            at += 2;
        }
        made += encode(out + made, code);
    }
    *in = pv_text_slice(*in, at, in->size);
    return made;
}

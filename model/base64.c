#include "model/base64.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void pv_base64_add(struct pv_buffer *out, struct pv_text bytes)
{
    char *to = pv_buffer_reserve(out, bytes.size / 3 * 4 + 4);
    size_t made = 0;
    for (size_t at = 0; at < bytes.size; at += 3) {
        size_t left = bytes.size - at;
        uint32_t group = (uint32_t)(unsigned char)bytes.data[at] << 16;
        group |= left > 1 ? (uint32_t)(unsigned char)bytes.data[at + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)(unsigned char)bytes.data[at + 2] : 0;
        to[made++] = digits[group >> 18];
        to[made++] = digits[group >> 12 & 63];
        to[made++] = left > 1 ? digits[group >> 6 & 63] : '=';
        to[made++] = left > 2 ? digits[group & 63] : '=';
    }
    out->size += made;
}

enum { BLANK = -1, PADDING = -2, STRANGER = -3 };

static int digit_of(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    switch (byte) {
    case '+':
        return 62;
    case '/':
        return 63;
    case '=':
        return PADDING;
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return BLANK;
    default:
        return STRANGER;
    }
}

/* What a group of four digits stands for, `padding` of them none. */
static void add_group(struct pv_buffer *out, uint32_t group, unsigned padding)
{
    pv_buffer_char(out, (char)(group >> 16 & 0xff));
    if (padding < 2)
        pv_buffer_char(out, (char)(group >> 8 & 0xff));
    if (padding < 1)
        pv_buffer_char(out, (char)(group & 0xff));
}

bool pv_base64_read(struct pv_buffer *out, struct pv_text text)
{
    uint32_t group = 0;
    unsigned count = 0, padding = 0;
    pv_buffer_reserve(out, text.size / 4 * 3);
    for (size_t i = 0; i < text.size; i++) {
        int digit = digit_of(text.data[i]);
        if (digit == BLANK)
            continue;
        padding += digit == PADDING;
        bool is_out_of_place = padding > 2 || (padding && (digit >= 0 || count < 2));
        if (digit == STRANGER || is_out_of_place)
            return false;
        group = group << 6 | (digit > 0 ? (uint32_t)digit : 0);
        if (++count < 4)
            continue;
        add_group(out, group, padding);
        group = count = 0;
    }
    return count == 0;
}

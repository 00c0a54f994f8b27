#include "render/shown.h"

#include "model/escape.h"

unsigned pv_shown_width(struct pv_text text)
{
    unsigned width = 0;
    uint32_t code_point;
    while (pv_utf8_next(&text, &code_point))
        width += pv_utf8_columns(code_point);
    return width;
}

/* What stands for our own signs where only ASCII may be shown; a name's are spelled out. */
static const char *ascii_sign(uint32_t code_point)
{
    switch (code_point) {
    case 0x2026:
        return "..";
    case 0x25b2: /* more, less, times */
        return "^";
    case 0x25bc:
        return "v";
    case 0xd7:
        return "x";
    case 0xb7:
        return "|";
    case 0x2013:
    case 0x2212:
        return "-";
    case 0xb5:
        return "u";
    case 0x2502: /* the lines of a tree */
        return "|";
    case 0x251c:
        return "+";
    case 0x2514:
        return "`";
    case 0x2190:
        return "<";
    case 0x2192:
        return ">";
    default:
        return NULL;
    }
}

void pv_shown_ascii(struct pv_buffer *out, struct pv_text text, bool is_ours)
{
    uint32_t code_point;
    while (pv_utf8_next(&text, &code_point)) {
        const char *sign = is_ours ? ascii_sign(code_point) : NULL;
        if (code_point < 0x80)
            pv_buffer_char(out, (char)code_point);
        else if (sign)
            pv_buffer_add(out, pv_text_of(sign));
        else
            pv_buffer_print(out, "\\u{%x}", (unsigned)code_point);
    }
}

/* The longest prefix that takes at most `width`. */
static struct pv_text prefix_of(struct pv_text text, unsigned width)
{
    struct pv_text rest = text;
    size_t end = 0;
    uint32_t code_point;
    for (unsigned used = 0; pv_utf8_next(&rest, &code_point);) {
        used += pv_utf8_columns(code_point);
        if (used > width)
            break;
        end = text.size - rest.size;
    }
    return pv_text_slice(text, 0, end);
}

/* The suffix from the first character on behind which at most `width` is left. */
static struct pv_text suffix_of(struct pv_text text, unsigned width)
{
    unsigned left = pv_shown_width(text);
    uint32_t code_point;
    while (left > width && pv_utf8_next(&text, &code_point))
        left -= pv_utf8_columns(code_point);
    while (text.size) { /* no combining characters without what they belong to */
        struct pv_text rest = text;
        pv_utf8_next(&rest, &code_point);
        if (pv_utf8_columns(code_point) > 0)
            break;
        text = rest;
    }
    return text;
}

/* Bytes of the last part of a qualified name or a path, the separator not included. */
static size_t last_part(struct pv_text text)
{
    size_t best = text.size;
    static const char separators[] = "/:.";
    size_t end = pv_text_find(text, '('); /* arguments have separators of their own */
    for (size_t i = 0; separators[i]; i++) {
        size_t at = pv_text_find_last(pv_text_slice(text, 0, end), separators[i]);
        if (at < end && at > 0 && at + 1 < end && text.size - at - 1 < best)
            best = text.size - at - 1;
    }
    return best;
}

static struct pv_text dots_of(bool is_ascii)
{
    return is_ascii ? PV_TEXT("..") : PV_TEXT("…");
}

unsigned pv_shown_cut_end(struct pv_buffer *out, struct pv_text text, unsigned width, bool is_ascii)
{
    struct pv_text dots = dots_of(is_ascii);
    unsigned dots_width = pv_shown_width(dots);
    struct pv_text kept = prefix_of(text, width > dots_width ? width - dots_width : 0);
    pv_buffer_add(out, kept);
    pv_buffer_add(out, dots);
    return pv_shown_width(kept) + dots_width;
}

unsigned pv_shown_cut(struct pv_buffer *out, struct pv_text text, unsigned width, bool is_ascii)
{
    struct pv_text dots = dots_of(is_ascii);
    unsigned dots_width = pv_shown_width(dots), room = width > dots_width ? width - dots_width : 0;
    struct pv_text tail = pv_text_slice(text, text.size - last_part(text), text.size);
    bool at_front = tail.size < text.size && pv_shown_width(tail) <= room;
    if (!at_front)
        return pv_shown_cut_end(out, text, width, is_ascii);
    struct pv_text kept = suffix_of(text, room);
    pv_buffer_add(out, dots);
    pv_buffer_add(out, kept);
    return pv_shown_width(kept) + dots_width;
}

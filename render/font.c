#include "render/font.h"

#include "model/escape.h"
#include "render/font_table.h"

/* Capitals of DejaVu Sans are 1493 units high. */
static const double cap_height = 1493.0 / PV_FONT_PER_EM;

/* For characters that no row knows: East Asian full width, emoji as wide as their widest common
 * font, anything else as wide as a wide letter. */
static double fallback(uint32_t code_point)
{
    unsigned columns = pv_utf8_columns(code_point);
    if (columns == 0)
        return 0;
    bool is_emoji = code_point >= 0x1F000 && code_point <= 0x1FAFF;
    return is_emoji ? 1.4 : 1.05;
}

static int compare(const struct pv_font_run *run, uint32_t code_point)
{
    return code_point < run->first ? 1 : code_point > run->last ? -1 : 0;
}

static double advance_of(const struct pv_font_run *run, bool is_bold)
{
    return (double)(is_bold ? run->bold : run->regular) / PV_FONT_PER_EM;
}

double pv_font_advance(uint32_t code_point, bool is_bold)
{
    if (code_point >= 0x20 && code_point < 0x7F)
        return font_ascii[code_point - 0x20][is_bold] / (double)PV_FONT_PER_EM;
    size_t low = 0, high = sizeof font_runs / sizeof font_runs[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare(&font_runs[middle], code_point);
        if (order == 0)
            return advance_of(&font_runs[middle], is_bold);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return fallback(code_point);
}

double pv_font_width(struct pv_text text, double size, bool is_bold)
{
    double em = 0;
    uint32_t code_point;
    while (pv_utf8_next(&text, &code_point))
        em += pv_font_advance(code_point, is_bold);
    return em * size;
}

size_t pv_font_prefix(struct pv_text text, double size, bool is_bold, double width)
{
    struct pv_text rest = text;
    double em = 0;
    size_t fits = 0;
    uint32_t code_point;
    while (pv_utf8_next(&rest, &code_point)) {
        em += pv_font_advance(code_point, is_bold);
        if (em * size > width)
            break;
        fits = text.size - rest.size;
    }
    return fits;
}

/* The start of the character that ends before `end`: back over continuation bytes. */
static size_t step_back(struct pv_text text, size_t end)
{
    size_t at = end - 1;
    while (at > 0 && end - at < 4 && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at--;
    return at;
}

size_t pv_font_suffix(struct pv_text text, double size, bool is_bold, double width)
{
    double em = 0;
    size_t fits = 0;
    for (size_t end = text.size; end > 0;) {
        size_t at = step_back(text, end);
        em += pv_font_width(pv_text_slice(text, at, end), 1, is_bold);
        if (em * size > width)
            break;
        uint32_t code_point = 0;
        struct pv_text character = pv_text_slice(text, at, end);
        pv_utf8_next(&character, &code_point);
        /* A suffix must not begin with a mark that belongs to the letter before it. */
        if (pv_utf8_columns(code_point) > 0)
            fits = text.size - at;
        end = at;
    }
    return fits;
}

double pv_font_middle(double size)
{
    return size * cap_height / 2;
}

#include "render/live.h"

#include "model/escape.h"
#include "model/number.h"
#include "render/font.h"
#include "render/labels.h"

#include <stdlib.h>

void pv_live_string(struct pv_buffer *out, struct pv_text text)
{
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_DISPLAY, text);
    pv_buffer_char(out, '"');
    pv_escape(out, PV_ESCAPE_JSON, pv_buffer_text(&shown));
    pv_buffer_char(out, '"');
    pv_buffer_free(&shown);
}

static void add_name(struct pv_buffer *out, const char *name)
{
    pv_buffer_print(out, "%s\"%s\":", out->size ? "," : "", name);
}

void pv_live_text(struct pv_buffer *out, const char *name, struct pv_text text)
{
    add_name(out, name);
    pv_live_string(out, text);
}

void pv_live_int(struct pv_buffer *out, const char *name, int64_t value)
{
    add_name(out, name);
    out->size += pv_print_int64(pv_buffer_reserve(out, PV_NUMBER_SIZE), value);
}

void pv_live_real(struct pv_buffer *out, const char *name, double value)
{
    enum { places = 6 };
    add_name(out, name);
    out->size += pv_print_fixed(pv_buffer_reserve(out, PV_NUMBER_SIZE), value, places);
}

static long units(uint32_t code_point, bool is_bold)
{
    enum { per_em = 2048 };
    return (long)(pv_font_advance(code_point, is_bold) * per_em + 0.5);
}

static void add_ascii(struct pv_buffer *out, const char *name, bool is_bold)
{
    add_name(out, name);
    for (uint32_t i = ' '; i < 0x7F; i++)
        pv_buffer_print(out, "%c%ld", i == ' ' ? '[' : ',', units(i, is_bold));
    pv_buffer_char(out, ']');
}

void pv_live_font(struct pv_buffer *out, struct pv_text texts)
{
    enum { characters = 0x110000, bits = 64 };
    uint64_t *seen = pv_zalloc(characters / bits, sizeof *seen);
    uint32_t code_point;
    add_ascii(out, "font", false);
    add_ascii(out, "bold", true);
    add_name(out, "wide");
    pv_buffer_char(out, '[');
    const char *separator = "";
    while (pv_utf8_next(&texts, &code_point)) {
        if (code_point < 0x80 || code_point >= characters ||
            seen[code_point / bits] >> (code_point % bits) & 1)
            continue;
        seen[code_point / bits] |= UINT64_C(1) << (code_point % bits);
        pv_buffer_print(out, "%s[%lu,%ld]", separator, (unsigned long)code_point,
                        units(code_point, false));
        separator = ",";
    }
    pv_buffer_char(out, ']');
    free(seen);
}

static bool is_joined(struct pv_text whole, const struct pv_text *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!pv_text_starts(whole, pieces[i]))
            return false;
        whole = pv_text_slice(whole, pieces[i].size, whole.size);
    }
    return whole.size == 0;
}

/* "45" of "serve (shop.py:45)"; empty where the name does not end so. */
static struct pv_text line_of(struct pv_text whole)
{
    size_t end = whole.size ? whole.size - 1 : 0, from = end;
    while (from > 0 && whole.data[from - 1] >= '0' && whole.data[from - 1] <= '9')
        from--;
    bool is_line = from > 0 && end - from < 10 && whole.data[end] == ')' &&
                   whole.data[from - 1] == ':' && whole.data[from] != '0';
    return is_line ? pv_text_slice(whole, from, end) : (struct pv_text){0};
}

/* What cannot be told from the parts of the name: nothing, its line, or the whole name. */
static void add_rest_of_name(struct pv_buffer *out, const struct pv_profile *profile,
                             const struct pv_name_parts *parts, uint32_t frame)
{
    struct pv_buffer full = {0};
    pv_label_full(&full, profile, frame);
    struct pv_text line = line_of(pv_buffer_text(&full));
    const struct pv_text joined[] = {parts->module, parts->joint, parts->function,
                                     parts->arguments};
    const struct pv_text placed[] = {parts->function, parts->arguments, PV_TEXT(" ("),
                                     parts->module,   PV_TEXT(":"),     line,
                                     PV_TEXT(")")};
    struct pv_text whole = pv_buffer_text(&full);
    if (!is_joined(whole, joined, 4)) {
        pv_buffer_char(out, ',');
        if (line.size && is_joined(whole, placed, sizeof placed / sizeof placed[0]))
            pv_buffer_add(out, line);
        else
            pv_live_string(out, whole);
    }
    pv_buffer_free(&full);
}

void pv_live_name(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame)
{
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, frame);
    const struct pv_text texts[] = {parts.module, parts.joint, parts.function, parts.arguments};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        pv_buffer_char(out, k ? ',' : '[');
        pv_live_string(out, texts[k]);
    }
    add_rest_of_name(out, profile, &parts, frame);
    pv_buffer_char(out, ']');
}

/* [fill, stroke, dotted, text] of each key. */
static void add_keys(struct pv_live *live, const struct pv_sheet *sheet, struct pv_buffer *words)
{
    struct pv_buffer *out = &live->data;
    add_name(out, "keys");
    pv_buffer_char(out, '[');
    for (unsigned i = 0; i < sheet->key_count; i++) {
        const struct pv_style *style = &sheet->keys[i].style;
        pv_buffer_print(out, "%s[%d,%d,%d,%d,", i ? "," : "", (int)style->fill, (int)style->stroke,
                        style->dash == PV_DOTTED, style->is_hatched);
        pv_live_string(out, sheet->keys[i].text);
        pv_buffer_char(out, ']');
        pv_escape(words, PV_ESCAPE_DISPLAY, sheet->keys[i].text);
        live->paints[style->fill] = live->paints[style->stroke] = true;
    }
    live->paints[PV_PAINT_NONE] = false;
    pv_buffer_char(out, ']');
}

static void add_words(struct pv_live *live, const char *name, struct pv_text text,
                      struct pv_buffer *words)
{
    pv_live_text(&live->data, name, text);
    pv_escape(words, PV_ESCAPE_DISPLAY, text);
}

static void add_metric(struct pv_live *live, const struct pv_sheet *sheet, struct pv_buffer *words)
{
    const struct pv_profile *profile = sheet->profile;
    struct pv_buffer name = {0};
    pv_sheet_metric(&name, sheet);
    add_words(live, "metric", pv_buffer_text(&name), words);
    pv_buffer_free(&name);
    if (sheet->draw->metric >= profile->metric_count)
        return;
    const struct pv_metric *metric = &profile->metrics[sheet->draw->metric];
    pv_live_text(&live->data, "unit", pv_unit_name(metric->unit));
    pv_live_text(&live->data, "prefix", sheet->draw->unit);
    pv_live_int(&live->data, "scale", metric->scale);
    pv_live_int(&live->data, "signed", metric->is_signed);
}

void pv_live_sheet(struct pv_live *live, const struct pv_sheet *sheet, struct pv_buffer *words)
{
    struct pv_buffer facts = {0};
    struct pv_text title = sheet->draw->title;
    pv_live_real(&live->data, "width", sheet->width);
    add_words(live, "title", title.size ? title : pv_text_of(sheet->view), words);
    pv_sheet_facts(&facts, sheet);
    add_words(live, "facts", pv_buffer_text(&facts), words);
    add_words(live, "legend", sheet->legend, words);
    add_words(live, "cuts", sheet->cuts, words);
    facts.size = 0;
    pv_sheet_notes(&facts, sheet);
    add_words(live, "notes", pv_buffer_text(&facts), words);
    add_words(live, "version", PV_TEXT("profviz " PV_VERSION), words);
    add_metric(live, sheet, words);
    add_keys(live, sheet, words);
    /* What the script may write besides. */
    pv_buffer_add(words, PV_TEXT("\xE2\x80\xA6\xE2\x80\x93\xE2\x96\xBC\xC2\xB7\xC2\xB5"));
    pv_buffer_free(&facts);
}

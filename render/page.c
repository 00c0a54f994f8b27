#include "render/page.h"

#include "model/escape.h"
#include "render/font.h"
#include "render/labels.h"
#include "render/table.h"

#include <math.h>

/* 4 px grid: every distance here is a multiple of 4. */
enum {
    title_size = 15,
    text_size = 12,
    title_height = 24,
    line_height = 20,
    gap = 12,
    swatch = 12,
    key_gap = 16,
};

static const struct pv_face text_face = {text_size, false};
static const struct pv_face title_face = {title_size, true};
static const char version[] = "profviz " PV_VERSION;

static double inner_width(const struct pv_sheet *sheet)
{
    return sheet->width - 2.0 * PV_MARGIN;
}

static const struct pv_metric *metric_of(const struct pv_sheet *sheet)
{
    const struct pv_profile *profile = sheet->profile;
    return sheet->draw->metric < profile->metric_count ? &profile->metrics[sheet->draw->metric]
                                                       : NULL;
}

void pv_sheet_metric(struct pv_buffer *out, const struct pv_sheet *sheet)
{
    const struct pv_metric *metric = metric_of(sheet);
    struct pv_text name = sheet->draw->count_name;
    if (!name.size && metric)
        name = pv_profile_text(sheet->profile, metric->name);
    pv_buffer_add(out, name.size ? name : PV_TEXT("samples"));
}

void pv_sheet_value(struct pv_buffer *out, const struct pv_sheet *sheet, int64_t value)
{
    const struct pv_metric *metric = metric_of(sheet);
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    size_t size = 0;
    if (!metric)
        size = pv_print_grouped(room, value);
    else if (!sheet->draw->unit.size || !pv_format_value_in(room, &size, value, metric->unit,
                                                            metric->scale, sheet->draw->unit))
        size = pv_format_value(room, value, metric->unit, metric->scale);
    out->size += size;
}

void pv_sheet_share(struct pv_buffer *out, const struct pv_sheet *sheet, int64_t value)
{
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_share(room, value, sheet->whole);
    pv_buffer_add(out, PV_TEXT(" ("));
    pv_sheet_value(out, sheet, value);
    pv_buffer_char(out, ')');
}

/* "5,454 samples" for what is counted, "CPU time 12.3 s" for what is measured. */
static void add_total(struct pv_buffer *out, const struct pv_sheet *sheet)
{
    const struct pv_metric *metric = metric_of(sheet);
    bool is_count = !metric || metric->unit == PV_UNIT_COUNT;
    if (!is_count) {
        pv_sheet_metric(out, sheet);
        pv_buffer_char(out, ' ');
    }
    pv_sheet_value(out, sheet, metric ? metric->total : 0);
    if (is_count) {
        pv_buffer_char(out, ' ');
        pv_sheet_metric(out, sheet);
    }
}

static void add_fact(struct pv_buffer *out, struct pv_text fact)
{
    if (fact.size && out->size)
        pv_buffer_add(out, PV_TEXT(" \xC2\xB7 "));
    pv_buffer_add(out, fact);
}

void pv_sheet_facts(struct pv_buffer *out, const struct pv_sheet *sheet)
{
    pv_buffer_add(out, sheet->draw->subtitle);
    struct pv_buffer total = {0};
    if (sheet->total.size)
        pv_buffer_add(&total, sheet->total);
    else
        add_total(&total, sheet);
    add_fact(out, pv_buffer_text(&total));
    pv_buffer_free(&total);
    add_fact(out, sheet->facts);
    add_fact(out, sheet->draw->input);
}

/* A line may end at this blank, unless a percent sign or a middle dot would begin the next. */
static bool is_break(struct pv_text text, size_t at)
{
    char next = at + 1 < text.size ? text.data[at + 1] : ' ';
    return text.data[at] == ' ' && next != '%' && next != '\xC2';
}

/* Takes as many words off *rest as fit into a line; a word that does not fit alone is cut. */
static bool next_line(struct pv_text *rest, double width, struct pv_text *line)
{
    *rest = pv_text_trim(*rest);
    size_t fits = pv_font_prefix(*rest, text_size, false, width - PV_LABEL_SLACK);
    if (fits < rest->size) {
        size_t blank = fits;
        while (blank > 0 && !is_break(*rest, blank))
            blank--;
        fits = blank ? blank : fits;
    }
    *line = pv_text_slice(*rest, 0, fits);
    *rest = fits ? pv_text_slice(*rest, fits, rest->size) : (struct pv_text){0};
    return fits > 0;
}

/* Draws a text of several lines from *y on (only measures without a canvas) and moves *y. */
static void draw_text(const struct pv_sheet *sheet, struct pv_text text, double *y,
                      struct pv_canvas *canvas)
{
    enum { most_lines = 6 };
    struct pv_buffer shown = {0};
    struct pv_text line;
    pv_escape(&shown, PV_ESCAPE_DISPLAY, text);
    struct pv_text rest = pv_buffer_text(&shown);
    for (unsigned i = 0; i < most_lines && next_line(&rest, inner_width(sheet), &line); i++) {
        struct pv_label label = {.text = line,
                                 .x = PV_MARGIN,
                                 .y = *y + line_height / 2.0 + pv_font_middle(text_size),
                                 .paint = PV_PAINT_TEXT_2};
        if (canvas)
            pv_canvas_label(canvas, &label);
        *y += line_height;
    }
    pv_buffer_free(&shown);
}

void pv_sheet_cost_keys(struct pv_sheet *sheet, double skew)
{
    static const struct {
        int percent;
        struct pv_text text;
    } steps[] = {{0, {"0 % self", 8}},
                 {5, {"5 %", 3}},
                 {20, {"20 %", 4}},
                 {50, {"50 %", 4}},
                 {100, {"100 %", 5}}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        double share = pow(steps[i].percent / 100.0, skew > 0 ? skew : 1);
        enum pv_paint paint = pv_paint_cost((int64_t)(share * 1000000), 1000000);
        struct pv_style style = {.fill = pv_paint_mapped(paint, sheet->draw->colormap),
                                 .stroke = PV_PAINT_BORDER,
                                 .stroke_width = 0.8,
                                 .radius = 2};
        bool is_total = sheet->draw->is_by_total && i == 0;
        if (sheet->key_count < PV_LEGEND_KEYS)
            sheet->keys[sheet->key_count++] =
                (struct pv_key){style, is_total ? PV_TEXT("0 % total") : steps[i].text};
    }
}

static double key_width(struct pv_text shown)
{
    return swatch + 6 + pv_font_width(shown, text_size, false) + key_gap;
}

static void draw_key(const struct pv_key *key, struct pv_text shown, const double at[2],
                     struct pv_canvas *canvas)
{
    struct pv_rect box = {at[0], at[1] + (line_height - swatch) / 2.0, swatch, swatch};
    struct pv_label label = {.text = shown,
                             .x = at[0] + swatch + 6,
                             .y = at[1] + line_height / 2.0 + pv_font_middle(text_size),
                             .paint = PV_PAINT_TEXT_2};
    pv_canvas_rect(canvas, &box, &key->style);
    pv_canvas_label(canvas, &label);
}

/* The swatches in as many rows as they need. */
static void draw_keys(const struct pv_sheet *sheet, double *y, struct pv_canvas *canvas)
{
    enum { widest = 200 };
    struct pv_buffer shown = {0};
    double at[2] = {PV_MARGIN, *y}, right = sheet->width - PV_MARGIN;
    for (unsigned i = 0; i < sheet->key_count; i++) {
        shown.size = 0;
        pv_label_tail(&shown, sheet->keys[i].text, text_face, widest);
        double width = key_width(pv_buffer_text(&shown));
        if (at[0] > PV_MARGIN && at[0] + width - key_gap > right) {
            at[0] = PV_MARGIN;
            at[1] += line_height;
        }
        if (canvas)
            draw_key(&sheet->keys[i], pv_buffer_text(&shown), at, canvas);
        at[0] += width;
    }
    *y = sheet->key_count ? at[1] + line_height : *y;
    pv_buffer_free(&shown);
}

double pv_sheet_header(const struct pv_sheet *sheet)
{
    (void)sheet;
    return PV_MARGIN + title_height + line_height + gap;
}

void pv_sheet_notes(struct pv_buffer *out, const struct pv_sheet *sheet)
{
    for (uint32_t i = 0; i < sheet->profile->note_count; i++) {
        pv_table_note(out, sheet->profile, &sheet->profile->notes[i], false);
        pv_buffer_add(out, PV_TEXT(". "));
    }
}

static void draw_notes(const struct pv_sheet *sheet, double *y, struct pv_canvas *canvas)
{
    struct pv_buffer text = {0};
    pv_sheet_notes(&text, sheet);
    if (text.size)
        draw_text(sheet, pv_buffer_text(&text), y, canvas);
    pv_buffer_free(&text);
}

/* Draws the footer's text from y on and returns where it ends. */
static double draw_footer(const struct pv_sheet *sheet, double y, struct pv_canvas *canvas)
{
    draw_keys(sheet, &y, canvas);
    draw_text(sheet, sheet->legend, &y, canvas);
    draw_text(sheet, sheet->cuts, &y, canvas);
    draw_notes(sheet, &y, canvas);
    return y;
}

/* px from the view's end to the page's bottom. */
static double footer_height(const struct pv_sheet *sheet)
{
    return gap + draw_footer(sheet, 0, NULL) + PV_MARGIN - 4;
}

static void draw_title(const struct pv_sheet *sheet, struct pv_canvas *canvas)
{
    struct pv_buffer title = {0};
    struct pv_text wanted = sheet->draw->title;
    double version_width = pv_font_width(pv_text_of(version), text_size, false);
    double width = inner_width(sheet) - version_width - key_gap;
    double baseline = PV_MARGIN + title_height / 2.0 + pv_font_middle(title_size) - 2;
    pv_label_text(&title, wanted.size ? wanted : pv_text_of(sheet->view), title_face, width);
    pv_canvas_label(canvas, &(struct pv_label){.text = pv_buffer_text(&title),
                                               .x = PV_MARGIN,
                                               .y = baseline,
                                               .size = title_size,
                                               .is_bold = true});
    pv_canvas_label(canvas, &(struct pv_label){.text = pv_text_of(version),
                                               .x = sheet->width - PV_MARGIN,
                                               .y = baseline,
                                               .anchor = PV_END,
                                               .paint = PV_PAINT_TEXT_2});
    pv_buffer_free(&title);
}

static void draw_header(const struct pv_sheet *sheet, struct pv_canvas *canvas)
{
    struct pv_buffer facts = {0}, shown = {0};
    draw_title(sheet, canvas);
    pv_sheet_facts(&facts, sheet);
    pv_label_text(&shown, pv_buffer_text(&facts), text_face, inner_width(sheet));
    double baseline = PV_MARGIN + title_height + line_height / 2.0 + pv_font_middle(text_size);
    pv_canvas_label(canvas, &(struct pv_label){.text = pv_buffer_text(&shown),
                                               .x = PV_MARGIN,
                                               .y = baseline,
                                               .paint = PV_PAINT_TEXT_2});
    pv_buffer_free(&facts);
    pv_buffer_free(&shown);
}

void pv_sheet_draw(const struct pv_sheet *sheet, double body_height, struct pv_canvas *canvas)
{
    struct pv_buffer description = {0}, facts = {0};
    struct pv_text title = sheet->draw->title;
    double header = pv_sheet_header(sheet);
    pv_buffer_add(&description, pv_text_of(sheet->view));
    pv_buffer_add(&description, PV_TEXT(": "));
    pv_sheet_facts(&facts, sheet);
    pv_buffer_add(&description, pv_buffer_text(&facts));
    pv_buffer_add(&description, PV_TEXT(". "));
    pv_buffer_add(&description, sheet->legend);
    pv_canvas_page(canvas, &(struct pv_page){.width = sheet->width,
                                             .height = header + body_height + footer_height(sheet),
                                             .title = title.size ? title : pv_text_of(sheet->view),
                                             .description = pv_buffer_text(&description),
                                             .live = sheet->live});
    pv_canvas_part(canvas, PV_PART_PAGE);
    draw_header(sheet, canvas);
    draw_footer(sheet, header + body_height + gap, canvas);
    pv_canvas_part(canvas, PV_PART_VIEW);
    pv_buffer_free(&facts);
    pv_buffer_free(&description);
}

void pv_sheet_say(const struct pv_sheet *sheet, struct pv_text words, struct pv_canvas *canvas)
{
    enum { body = 120 };
    struct pv_sheet bare = *sheet;
    bare.legend = bare.cuts = (struct pv_text){0};
    bare.key_count = 0;
    pv_sheet_draw(&bare, body, canvas);
    pv_canvas_label(canvas, &(struct pv_label){.text = words,
                                               .x = sheet->width / 2,
                                               .y = pv_sheet_header(sheet) + body / 2.0,
                                               .anchor = PV_MIDDLE,
                                               .size = title_size,
                                               .paint = PV_PAINT_TEXT_2});
}

void pv_sheet_empty(const struct pv_sheet *sheet, struct pv_canvas *canvas)
{
    bool has_functions = metric_of(sheet) && sheet->profile->frame_count;
    pv_sheet_say(sheet, has_functions ? PV_TEXT("every value is 0") : PV_TEXT("nothing recorded"),
                 canvas);
}

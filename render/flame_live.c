#include "render/flame_diff.h"
#include "render/flame_parts.h"
#include "render/live.h"
#include "render/treemap_cells.h"

#include "model/escape.h"
#include "model/number.h"
#include "model/utf8.h"

#include <stdlib.h>
#include <string.h>

/* One picture's data while it is made. */
struct teller {
    struct pv_flame_picture *picture;
    struct pv_flame all; /* more than is drawn: what zooming shows */
    struct pv_live *live;
    struct pv_buffer words; /* all texts, for their advances */
    uint32_t *numbers;      /* [frame] 1 + its place in "names"; 0: not there yet */
    uint32_t *named;        /* [place] the frame */
    uint32_t named_count;
};

/* Narrower and deeper than what is drawn at first; the limit of frames holds for all together. */
static void lay_out_all(struct teller *teller, const struct pv_flame_options *drawn)
{
    enum { closer = 32 };
    struct pv_flame_options options = *drawn;
    options.sure_levels = UINT32_MAX;
    options.most_levels = PV_FLAME_LEVELS;
    options.has_all_rests = true;
    options.least_share = drawn->least_share / closer;
    if (teller->picture->chart) {
        struct pv_chart chart;
        pv_chart_layout(&teller->all, &chart, teller->picture->profile,
                        &(struct pv_chart_options){.least_share = options.least_share,
                                                   .most_boxes = options.most_boxes,
                                                   .most_levels = options.most_levels,
                                                   .has_all_rests = true});
        return;
    }
    pv_flame_layout(&teller->all, teller->picture->profile, &options);
}

static uint32_t frame_of(const struct teller *teller, uint32_t box)
{
    uint32_t node = teller->all.boxes[box].node;
    return node == 0 || node == PV_NONE ? PV_NONE
                                        : teller->picture->profile->tree->nodes[node].frame;
}

/* Numbers of the columns: how a box's number is found. */
typedef int64_t column(struct teller *teller, uint32_t box);

static int64_t parent_of(struct teller *teller, uint32_t box)
{
    uint32_t parent = teller->all.boxes[box].parent;
    return parent == PV_NONE ? -1 : (int64_t)parent;
}

/* The place of its name; -1: the root; -1 - n: a remainder of n. */
static int64_t name_of(struct teller *teller, uint32_t box)
{
    uint32_t frame = frame_of(teller, box);
    if (frame == PV_NONE)
        return teller->all.boxes[box].node == 0 ? -1
                                                : -1 - (int64_t)teller->all.boxes[box].gathered;
    if (!teller->numbers[frame]) {
        teller->named[teller->named_count] = frame;
        teller->numbers[frame] = ++teller->named_count;
    }
    return teller->numbers[frame] - 1;
}

static int64_t value_of(struct teller *teller, uint32_t box)
{
    return teller->all.boxes[box].value;
}

static int64_t self_of(struct teller *teller, uint32_t box)
{
    return teller->all.boxes[box].self;
}

static int64_t paint_of(struct teller *teller, uint32_t box)
{
    enum pv_paint paint = pv_flame_paint(teller->picture, &teller->all.boxes[box]);
    teller->live->paints[paint] = true;
    return paint;
}

static int64_t total_of(struct teller *teller, uint32_t box)
{
    return teller->all.boxes[box].total;
}

/* Bits: a guess, gone. */
static int64_t is_hatched(struct teller *teller, uint32_t box)
{
    const struct pv_flame_box *of = &teller->all.boxes[box];
    return pv_flame_is_guess(teller->picture, of) | pv_flame_diff_is_gone(teller->picture, of) << 1;
}

static int64_t base_of(struct teller *teller, uint32_t box)
{
    return pv_flame_diff_base(teller->picture, &teller->all.boxes[box], false);
}

static int64_t base_self_of(struct teller *teller, uint32_t box)
{
    return pv_flame_diff_base(teller->picture, &teller->all.boxes[box], true);
}

static int64_t is_chance(struct teller *teller, uint32_t box)
{
    uint32_t node = teller->all.boxes[box].node;
    return node != PV_NONE && teller->picture->diff->chance[node];
}

static int64_t base_calls_of(struct teller *teller, uint32_t place)
{
    return teller->picture->base_calls[teller->named[place]];
}

/* By name, not by box. */
static int64_t calls_of(struct teller *teller, uint32_t place)
{
    return pv_flame_calls(teller->picture, teller->named[place]);
}

static void add_numbers(struct teller *teller, const char *name, column *number, uint32_t count)
{
    struct pv_buffer *out = &teller->live->data;
    pv_buffer_print(out, ",\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            pv_buffer_char(out, ',');
        char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
        out->size += pv_print_int64(room, number(teller, i));
    }
    pv_buffer_char(out, ']');
}

static void add_column(struct teller *teller, const char *name, column *number)
{
    add_numbers(teller, name, number, teller->all.count);
}

/* Of names in ASCII, which are nearly all, nothing needs to be kept: all of it has its advances. */
static void add_words(struct teller *teller, struct pv_text texts)
{
    uint32_t code_point;
    while (texts.size) {
        size_t at = 0;
        while (at < texts.size && (unsigned char)texts.data[at] < 0x80)
            at++;
        texts = pv_text_slice(texts, at, texts.size);
        struct pv_text rest = texts;
        if (!pv_utf8_next(&rest, &code_point))
            return;
        pv_buffer_add(&teller->words, pv_text_slice(texts, 0, texts.size - rest.size));
        texts = rest;
    }
}

static void add_names(struct teller *teller)
{
    struct pv_buffer *out = &teller->live->data;
    pv_buffer_add(out, PV_TEXT(",\"names\":["));
    size_t from = out->size;
    for (uint32_t i = 0; i < teller->named_count; i++) {
        if (i)
            pv_buffer_char(out, ',');
        pv_live_name(out, teller->picture->profile, teller->named[i]);
    }
    add_words(teller, pv_text_slice(pv_buffer_text(out), from, out->size));
    pv_buffer_char(out, ']');
}

/* What the layout follows. */
static void add_shape(struct teller *teller, const struct pv_flame_options *drawn)
{
    const struct pv_flame_picture *picture = teller->picture;
    struct pv_buffer *out = &teller->live->data;
    teller->live->script = picture->is_map     ? PV_SCRIPT_MAP
                           : picture->is_round ? PV_SCRIPT_SUNBURST
                           : picture->chart    ? PV_SCRIPT_CHART
                           : picture->diff     ? PV_SCRIPT_CHANGE
                                               : PV_SCRIPT_TREE;
    pv_live_int(out, "placed", picture->is_map && picture->draw->by == PV_BY_FILES);
    pv_live_int(out, "fluid", picture->draw->width <= 0);
    pv_live_real(out, "top", pv_sheet_header(&picture->sheet));
    pv_live_real(out, "row", picture->row);
    pv_live_real(out, "size", picture->face.size);
    pv_live_int(out, "inverted", picture->draw->is_inverted || picture->words);
    pv_live_real(out, "least",
                 picture->is_map     ? PV_MAP_LEAST
                 : picture->is_round ? drawn->least_share * 360
                                     : picture->draw->min_width_px);
    pv_live_real(out, "leastShare", picture->draw->min_share);
    pv_live_int(out, "sure", (int64_t)drawn->sure_levels);
    pv_live_real(out, "thin", drawn->least_level_share);
    pv_live_int(out, "levels", picture->flame.levels);
    pv_live_int(out, "rest", PV_PAINT_REST);
}

static int64_t start_of(struct teller *teller, uint32_t box)
{
    return teller->all.boxes[box].start;
}

/* What a chart's boxes have besides: when, and which are names of threads. */
static void add_times(struct teller *teller)
{
    struct pv_buffer *out = &teller->live->data;
    const char *comma = "";
    add_column(teller, "x", start_of);
    add_column(teller, "t", total_of);
    pv_buffer_add(out, PV_TEXT(",\"lanes\":["));
    for (uint32_t i = 0; i < teller->all.count; i++)
        if (teller->all.boxes[i].is_lane) {
            pv_buffer_print(out, "%s%lu", comma, (unsigned long)i);
            comma = ",";
        }
    pv_buffer_char(out, ']');
    pv_live_int(out, "busy", teller->picture->chart->busy);
    pv_live_text(out, "more", pv_buffer_text(&teller->picture->more));
    pv_escape(&teller->words, PV_ESCAPE_DISPLAY, pv_buffer_text(&teller->picture->more));
    teller->live->paints[PV_PAINT_HAIRLINE] = true;
}

/* Base's values; head's follow from the change. */
static void add_difference(struct teller *teller)
{
    pv_buffer_add(&teller->words, PV_TEXT("\xE2\x86\x92\xC3\x97"));
    pv_live_int(&teller->live->data, "of", teller->picture->diff->whole);
    add_column(teller, "b", base_of);
    add_column(teller, "e", base_self_of);
    if (teller->picture->diff->chance)
        add_column(teller, "k", is_chance);
}

/* All that the script may come to show when it zooms. */
static void tell(struct pv_live *live, struct pv_flame_picture *picture,
                 const struct pv_flame_options *drawn)
{
    struct teller teller = {.picture = picture, .live = live};
    teller.numbers = pv_zalloc(picture->profile->frame_count, sizeof *teller.numbers);
    teller.named = pv_zalloc(picture->profile->frame_count, sizeof *teller.named);
    lay_out_all(&teller, drawn);
    add_shape(&teller, drawn);
    pv_live_sheet(live, &picture->sheet, &teller.words);
    add_column(&teller, "p", parent_of);
    add_column(&teller, "f", name_of);
    add_column(&teller, "w", value_of);
    add_column(&teller, "s", self_of);
    add_column(&teller, "c", paint_of);
    if (picture->chart)
        add_times(&teller);
    else if (pv_flame_is_signed(picture))
        add_column(&teller, "t", total_of);
    if (picture->profile->tree->certainty || picture->diff)
        add_column(&teller, "h", is_hatched);
    if (picture->diff)
        add_difference(&teller);
    add_names(&teller);
    if (picture->calls)
        add_numbers(&teller, "n", calls_of, teller.named_count);
    if (picture->base_calls)
        add_numbers(&teller, "m", base_calls_of, teller.named_count);
    pv_live_font(&live->data, pv_buffer_text(&teller.words));
    pv_flame_free(&teller.all);
    pv_buffer_free(&teller.words);
    free(teller.numbers);
    free(teller.named);
}

void pv_flame_draw_page(struct pv_flame_picture *picture, const struct pv_flame_options *drawn,
                        double height)
{
    struct pv_live live = {0};
    if (picture->canvas->is_live) {
        picture->least_item = pv_flame_least_of(&picture->flame, PV_FLAME_ITEMS);
        tell(&live, picture, drawn);
        picture->sheet.live = &live;
    }
    pv_sheet_draw(&picture->sheet, height, picture->canvas);
    picture->sheet.live = NULL;
    pv_buffer_free(&live.data);
}

/* The fill of each box that is no item; PV_PAINT_NONE: it is one. */
static uint8_t *narrow_paints(struct pv_flame_picture *picture, bool *used)
{
    uint8_t *paints = pv_zalloc(picture->flame.count, sizeof *paints);
    for (uint32_t i = 0; i < picture->flame.count; i++) {
        const struct pv_flame_box *box = &picture->flame.boxes[i];
        if (box->value < picture->least_item)
            used[paints[i] = (uint8_t)pv_flame_paint(picture, box)] = true;
    }
    return paints;
}

static void add_corners(struct pv_step *steps, const struct pv_rect *cell)
{
    double right = cell->x + cell->width, bottom = cell->y + cell->height;
    steps[0] = (struct pv_step){.verb = PV_MOVE, .x = cell->x, .y = cell->y};
    steps[1] = (struct pv_step){.verb = PV_LINE, .x = right, .y = cell->y};
    steps[2] = (struct pv_step){.verb = PV_LINE, .x = right, .y = bottom};
    steps[3] = (struct pv_step){.verb = PV_LINE, .x = cell->x, .y = bottom};
    steps[4] = (struct pv_step){.verb = PV_CLOSE};
}

/* As paths of one colour, as the script does: reading them costs next to nothing. */
static void draw_narrow_of(struct pv_flame_picture *picture, const uint8_t *paints,
                           enum pv_paint paint)
{
    enum { corners = 5, most = 256 * corners };
    const struct pv_style style = {.fill = paint, .is_fine = true};
    struct pv_step *steps = pv_alloc(most * sizeof *steps);
    size_t count = 0;
    for (uint32_t i = 0; i < picture->flame.count; i++) {
        if (paints[i] != paint)
            continue;
        struct pv_rect cell = pv_flame_rect(picture, &picture->flame.boxes[i]);
        add_corners(steps + count, &cell);
        count += corners;
        if (count == most) {
            pv_canvas_path(picture->canvas, steps, count, &style);
            count = 0;
        }
    }
    if (count)
        pv_canvas_path(picture->canvas, steps, count, &style);
    free(steps);
}

void pv_flame_draw_narrow(struct pv_flame_picture *picture)
{
    if (!picture->least_item)
        return;
    bool used[PV_PAINTS] = {false};
    uint8_t *paints = narrow_paints(picture, used);
    for (unsigned paint = 1; paint < PV_PAINTS; paint++)
        if (used[paint])
            draw_narrow_of(picture, paints, (enum pv_paint)paint);
    free(paints);
}

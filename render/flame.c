#include "render/flame.h"

#include "render/flame_diff.h"
#include "render/flame_parts.h"
#include "render/flame_text.h"
#include "render/font.h"
#include "render/labels.h"

#include <math.h>
#include <stdlib.h>

enum { default_width = 1200, least_width = 200, default_row = 19, default_text = 12, pad = 4 };

/* Above a screen's height, rows that fill less than a hundredth of the width are gathered. */
enum { sure_levels = 48 };
static const double least_level_share = 0.01;

/* Blue for less and orange for more, by the share of the whole that it is. */
static enum pv_paint paint_signed(int64_t value, int64_t whole, bool is_negated)
{
    double share = whole ? fabs((double)value) / (double)whole : 0;
    unsigned step = (unsigned)(sqrt(share < 1 ? share : 1) * (PV_DIFF_STEPS - 1) + 0.5);
    if (value == 0)
        return PV_PAINT_SAME;
    return (enum pv_paint)(((value < 0) != is_negated ? PV_PAINT_LESS : PV_PAINT_MORE) + step);
}

/* A module's hue, or the grey of the runtime, at the lightness of the level: what is in what. */
static enum pv_paint shade_of(unsigned paint, uint32_t level)
{
    if (paint >= PV_PAINT_GREY && paint < PV_PAINT_MODULE)
        return (enum pv_paint)(PV_PAINT_GREY + level % PV_GREYS);
    unsigned hue = (paint - PV_PAINT_MODULE) / PV_HUE_STEPS;
    bool is_hue = paint >= PV_PAINT_MODULE && hue < PV_HUES;
    return (enum pv_paint)(is_hue ? PV_PAINT_MODULE + hue * PV_HUE_STEPS + level % PV_HUE_STEPS
                                  : paint);
}

enum pv_paint pv_flame_paint(struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    if (box->node == PV_NONE)
        return PV_PAINT_REST;
    if (box->node == 0 || box->is_lane)
        return PV_PAINT_GREY + PV_GREYS - 1;
    if (picture->diff && pv_flame_is_difference(picture))
        return pv_flame_diff_paint(picture, box);
    if (pv_flame_is_difference(picture))
        return paint_signed(box->total, picture->flame.sizes[0], picture->draw->is_negated);
    uint32_t frame = picture->profile->tree->nodes[box->node].frame;
    if (picture->colouring == PV_COLOUR_COST)
        return pv_paint_frame(picture->profile, frame, PV_COLOUR_COST, box->self,
                              picture->flame.sizes[0]);
    unsigned paint = pv_flame_look_of(picture, frame)->paint;
    return picture->is_map ? shade_of(paint, box->level) : (enum pv_paint)paint;
}

struct pv_rect pv_flame_rect(const struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    double left = PV_MARGIN + floor((double)box->start * picture->scale * 100 + 0.5) / 100;
    double right =
        PV_MARGIN + floor((double)(box->start + box->value) * picture->scale * 100 + 0.5) / 100;
    uint32_t row = picture->draw->is_inverted ? box->level : picture->flame.levels - 1 - box->level;
    double gap = right - left < 4 ? (right - left) / 4 : 1;
    return (struct pv_rect){left, picture->top + row * picture->row, right - left - gap,
                            picture->row - 1};
}

void pv_flame_add_share(const struct pv_flame_picture *picture, struct pv_buffer *out,
                        int64_t value)
{
    if (pv_flame_is_signed(picture) && value > 0)
        pv_buffer_char(out, '+');
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_share(room, value, picture->flame.sizes[0]);
}

void pv_flame_add_amount(const struct pv_flame_picture *picture, struct pv_buffer *out,
                         int64_t value)
{
    pv_flame_add_share(picture, out, value);
    pv_buffer_add(out, PV_TEXT(" ("));
    pv_sheet_value(out, &picture->sheet, value);
    pv_buffer_char(out, ')');
}

static void add_calls(struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    int64_t calls = pv_flame_calls(picture, picture->profile->tree->nodes[box->node].frame);
    char number[PV_NUMBER_SIZE];
    if (calls == PV_UNKNOWN_CALLS)
        return;
    struct pv_text times = {number, pv_print_grouped(number, calls)};
    if (calls == 1)
        pv_buffer_add(&picture->tooltip, PV_TEXT(", called once"));
    else
        pv_buffer_print(&picture->tooltip, ", called %.*s times in all", PV_TEXT_ARGS(times));
}

static void add_numbers(struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    struct pv_buffer *out = &picture->tooltip;
    if (box->node == PV_NONE) {
        pv_flame_add_amount(picture, out, box->value);
        pv_buffer_add(out, PV_TEXT(", too narrow to be drawn one by one"));
        return;
    }
    pv_flame_add_amount(picture, out, box->total);
    if (box->self != 0) {
        pv_buffer_add(out, PV_TEXT(", self "));
        pv_flame_add_amount(picture, out, box->self);
    }
    add_calls(picture, box);
    if (pv_flame_is_guess(picture, box))
        pv_buffer_add(out, PV_TEXT("\nestimated: the profile does not say which stacks it was in"));
}

void pv_flame_begin_item(struct pv_flame_picture *picture, uint32_t index)
{
    const struct pv_flame_box *box = &picture->flame.boxes[index];
    bool is_rest = box->node == PV_NONE;
    picture->name.size = picture->tooltip.size = 0;
    if (is_rest)
        pv_buffer_print(&picture->name, "%lu more", (unsigned long)box->gathered);
    else if (box->node == 0)
        pv_buffer_add(&picture->name, PV_TEXT("all"));
    else
        pv_label_full(&picture->name, picture->profile,
                      picture->profile->tree->nodes[box->node].frame);
    if (picture->numbers)
        picture->numbers(&picture->tooltip, picture, box);
    else
        add_numbers(picture, box);
    pv_canvas_begin(picture->canvas,
                    &(struct pv_item){.kind = PV_ITEM_FRAME,
                                      .id = index + 1,
                                      .parent = box->parent == PV_NONE ? 0 : box->parent + 1,
                                      .start = box->start,
                                      .value = box->value,
                                      .self = box->self,
                                      .is_rest = is_rest,
                                      .name = pv_buffer_text(&picture->name),
                                      .tooltip = pv_buffer_text(&picture->tooltip)});
}

bool pv_flame_make_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         double width)
{
    struct pv_buffer *out = &picture->label;
    out->size = 0;
    if (box->node == PV_NONE)
        return pv_label_text(out, PV_TEXT("\xE2\x80\xA6"), picture->face, width);
    if (box->node == 0)
        return pv_label_text(out, PV_TEXT("all"), picture->face, width);
    if (pv_flame_is_signed(picture) && box->total < 0) {
        static const struct pv_text less = {"\xE2\x96\xBC ", 4};
        pv_buffer_add(out, less);
        width -= pv_font_width(less, picture->face.size, false);
    }
    /* What stands around it says the file and the module. */
    bool is_placed = picture->is_map && picture->draw->by == PV_BY_FILES;
    return (is_placed ? pv_label_function : pv_label_frame)(
        out, picture->profile, picture->profile->tree->nodes[box->node].frame, picture->face,
        width);
}

static bool is_all_of_parent(const struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    return box->parent != PV_NONE && picture->flame.boxes[box->parent].value == box->value;
}

/* The share at the right end of a cell with room for it: the hottest path reads without pointing.
 */
static void draw_share(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                       const struct pv_label *label, const struct pv_rect *cell)
{
    enum { least_cell = 100, between = 16 };
    if (cell->width < least_cell || box->node == PV_NONE || is_all_of_parent(picture, box))
        return;
    picture->share.size = 0;
    if (picture->diff)
        pv_flame_diff_mark(&picture->share, picture, box);
    else
        pv_flame_add_share(picture, &picture->share, box->total);
    struct pv_text share = pv_buffer_text(&picture->share);
    double size = picture->face.size;
    double taken = pv_font_width(label->text, size, false) + pv_font_width(share, size, false);
    if (taken + 2 * pad + between > cell->width)
        return;
    pv_canvas_label(picture->canvas, &(struct pv_label){.text = share,
                                                        .x = cell->x + cell->width - pad,
                                                        .y = label->y,
                                                        .size = size,
                                                        .anchor = PV_END});
}

void pv_flame_draw_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         const struct pv_rect *cell)
{
    if (cell->width < PV_LABEL_LEAST ||
        !pv_flame_make_label(picture, box, cell->width - 2 * pad + 2))
        return;
    double size = picture->face.size;
    struct pv_label label = {.text = pv_buffer_text(&picture->label),
                             .x = cell->x + pad,
                             .y = cell->y + floor(cell->height / 2 + pv_font_middle(size)),
                             .size = size};
    pv_canvas_label(picture->canvas, &label);
    draw_share(picture, box, &label, cell);
}

void pv_flame_draw_box(struct pv_flame_picture *picture, uint32_t index)
{
    const struct pv_flame_box *box = &picture->flame.boxes[index];
    struct pv_rect cell = pv_flame_rect(picture, box);
    struct pv_style style = {.fill = pv_flame_paint(picture, box),
                             .radius = cell.width >= 6 ? 2 : 0,
                             .is_hatched = pv_flame_is_hatched(picture, box)};
    if (box->node == PV_NONE && cell.width >= 6) {
        style.stroke = PV_PAINT_BORDER;
        style.dash = PV_DOTTED;
        cell = (struct pv_rect){cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1};
    }
    pv_flame_begin_item(picture, index);
    pv_canvas_rect(picture->canvas, &cell, &style);
    pv_flame_draw_label(picture, box, &cell);
    pv_canvas_end(picture->canvas);
}

double pv_flame_page_width(const struct pv_draw *draw)
{
    double width = draw->width > 0 ? draw->width : default_width;
    return width < least_width ? least_width : width;
}

struct pv_face pv_flame_face(const struct pv_draw *draw)
{
    return (struct pv_face){draw->font_size > 0 ? draw->font_size : default_text, false};
}

double pv_flame_row(const struct pv_draw *draw)
{
    return draw->row_height > 0 ? draw->row_height : default_row;
}

double pv_flame_least_share(const struct pv_flame_picture *picture)
{
    double by_px = picture->draw->min_width_px / (picture->sheet.width - 2 * PV_MARGIN);
    return by_px > picture->draw->min_share ? by_px : picture->draw->min_share;
}

uint32_t pv_flame_width_metric(const struct pv_draw *draw)
{
    return draw->diff ? draw->diff->pairs[draw->pair].both : draw->metric;
}

bool pv_flame_has_width(const struct pv_profile *profile, const struct pv_draw *draw)
{
    return profile->tree && draw->metric < profile->metric_count &&
           pv_profile_whole(profile, pv_flame_width_metric(draw)) > 0;
}

static struct pv_flame_options options_of(const struct pv_flame_picture *picture)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_limits *limits = picture->draw->limits ? picture->draw->limits : &defaults;
    return (struct pv_flame_options){.metric = picture->draw->metric,
                                     .sizes = picture->diff ? picture->diff->sizes : NULL,
                                     .least_share = pv_flame_least_share(picture),
                                     .order = picture->draw->order,
                                     .most_boxes = limits->flame_frames,
                                     .most_levels = PV_FLAME_LEVELS,
                                     .sure_levels = sure_levels,
                                     .least_level_share = least_level_share};
}

void pv_flame_find_calls(struct pv_flame_picture *picture)
{
    const struct pv_profile *profile = picture->profile;
    bool is_known = false;
    if (profile->origin != PV_ORIGIN_ARCS || picture->calls)
        return;
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        is_known |= profile->graph->funcs[i].calls != PV_UNKNOWN_CALLS;
    if (!is_known)
        return;
    picture->calls = pv_alloc(profile->frame_count * sizeof *picture->calls);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        picture->calls[i] = PV_UNKNOWN_CALLS;
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        picture->calls[profile->graph->funcs[i].frame] = profile->graph->funcs[i].calls;
}

static void draw_all(struct pv_flame_picture *picture, struct pv_buffer *notes)
{
    pv_flame_find_calls(picture);
    picture->looks = pv_zalloc(picture->profile->frame_count, sizeof *picture->looks);
    picture->scale = (picture->sheet.width - 2 * PV_MARGIN) / (double)picture->flame.sizes[0];
    pv_flame_legend(picture, notes);
    picture->top = pv_sheet_header(&picture->sheet);
    struct pv_flame_options options = options_of(picture);
    pv_flame_draw_page(picture, &options, picture->flame.levels * picture->row - 1);
    for (uint32_t i = 0; i < picture->flame.count; i++)
        if (picture->flame.boxes[i].value >= picture->least_item)
            pv_flame_draw_box(picture, i);
    pv_flame_draw_narrow(picture);
}

void pv_flame_free_picture(struct pv_flame_picture *picture)
{
    struct pv_buffer *buffers[] = {&picture->name,  &picture->tooltip, &picture->label,
                                   &picture->share, &picture->legend,  &picture->cuts,
                                   &picture->more,  &picture->facts};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        pv_buffer_free(buffers[i]);
    pv_map_free(&picture->module_map);
    pv_flame_free(&picture->flame);
    free(picture->calls);
    free(picture->base_calls);
    free(picture->modules);
    free(picture->looks);
}

static bool flame_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                       struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    (void)err;
    struct pv_flame_picture picture = {
        .profile = profile,
        .draw = draw,
        .canvas = canvas,
        .colouring = draw->has_colouring ? draw->colouring : PV_COLOUR_MODULE,
        .face = pv_flame_face(draw),
        .row = pv_flame_row(draw),
        .sheet = {.draw = draw,
                  .profile = profile,
                  .view = draw->is_inverted ? "Icicle graph" : "Flame graph",
                  .width = pv_flame_page_width(draw)}};
    struct pv_flame_diff difference;
    pv_flame_diff_begin(&picture, &difference);
    if (pv_flame_has_width(profile, draw)) {
        struct pv_flame_options options = options_of(&picture);
        pv_flame_layout(&picture.flame, profile, &options);
    }
    if (picture.flame.sizes && picture.flame.sizes[0] > 0)
        draw_all(&picture, notes);
    else
        pv_sheet_empty(&picture.sheet, canvas);
    pv_flame_free_picture(&picture);
    pv_flame_diff_free(&difference);
    return true;
}

static bool icicle_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                        struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_draw inverted = *draw;
    inverted.is_inverted = true;
    return flame_draw(profile, &inverted, canvas, notes, err);
}

const struct pv_renderer pv_view_flame = {
    .name = "flame",
    .summary = "stacks as cells: width is the total, the caller below",
    .needs_tree = true,
    .has_diff = true,
    .draw = flame_draw,
    .write_text = pv_flame_write_text,
};

const struct pv_renderer pv_view_icicle = {
    .name = "icicle",
    .summary = "the same upside down: the caller above",
    .needs_tree = true,
    .has_diff = true,
    .draw = icicle_draw,
    .write_text = pv_icicle_write_text,
};

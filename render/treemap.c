#include "render/treemap.h"

#include "model/by_files.h"
#include "render/flame_parts.h"
#include "render/font.h"
#include "render/treemap_cells.h"

#include <math.h>
#include <stdlib.h>

enum { default_text = 12, most_text = 20, pad = 4 };

/* As wide as a screen is to its height. */
static double height_of(double width)
{
    return floor((width - 2 * PV_MARGIN) * 9 / 16 + 0.5);
}

/* Where a label of this size stands: in the middle of a low cell, at the top of a high one. */
static double baseline(const struct pv_rect *cell, double size)
{
    enum { low = 24 };
    return cell->height < low ? cell->y + floor(cell->height / 2 + pv_font_middle(size))
                              : cell->y + floor(pad + size);
}

/* The largest size at which the whole name fits. */
static double text_size(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                        const struct pv_rect *cell)
{
    enum { endless = 1 << 20 };
    double size = picture->face.size;
    if (!pv_flame_make_label(picture, box, endless))
        return size;
    double width = pv_font_width(pv_buffer_text(&picture->label), size, false);
    double fits = floor((cell->width - 2 * pad - PV_LABEL_SLACK) * size / width);
    fits = fits < floor(cell->height / 2) ? fits : floor(cell->height / 2);
    fits = fits < most_text ? fits : most_text;
    return fits > size ? fits : size;
}

static void draw_share(struct pv_flame_picture *picture, int64_t value, const struct pv_rect *cell,
                       double y)
{
    enum { line = 16, below = 8 };
    picture->share.size = 0;
    pv_flame_add_share(picture, &picture->share, value);
    struct pv_text share = pv_buffer_text(&picture->share);
    if (y + line + below > cell->y + cell->height ||
        pv_font_width(share, default_text, false) > cell->width - 2 * pad)
        return;
    pv_canvas_label(
        picture->canvas,
        &(struct pv_label){.text = share, .x = cell->x + pad, .y = y + line, .size = default_text});
}

/* A cell with nothing in it: its name as large as it gets, its share under it. */
static void draw_leaf_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                            const struct pv_rect *cell)
{
    struct pv_face usual = picture->face;
    if (cell->width < PV_LABEL_LEAST || cell->height < usual.size + 2)
        return;
    picture->face.size = text_size(picture, box, cell);
    if (pv_flame_make_label(picture, box, cell->width - 2 * pad + 2)) {
        double y = baseline(cell, picture->face.size);
        pv_canvas_label(picture->canvas, &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                                            .x = cell->x + pad,
                                                            .y = y,
                                                            .size = picture->face.size});
        draw_share(picture, box->total, cell, y);
    }
    picture->face = usual;
}

/* What is left of a cell beside its parts. */
static void draw_own_label(struct pv_flame_picture *picture, const struct pv_rect *own)
{
    enum { least = 48 };
    if (own->width < least || own->height < default_text + 2)
        return;
    pv_canvas_label(picture->canvas, &(struct pv_label){.text = PV_TEXT("self"),
                                                        .x = own->x + pad,
                                                        .y = baseline(own, default_text),
                                                        .size = default_text,
                                                        .paint = PV_PAINT_TEXT});
}

static struct pv_style style_of(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                                struct pv_rect *cell)
{
    bool is_large = cell->width >= 6 && cell->height >= 6;
    struct pv_style style = {.fill = pv_flame_paint(picture, box),
                             .radius = is_large ? 2 : 0,
                             .is_hatched = pv_flame_is_guess(picture, box)};
    if (box->node == PV_NONE && is_large) {
        style.stroke = PV_PAINT_BORDER;
        style.dash = PV_DOTTED;
        *cell = (struct pv_rect){cell->x + 0.5, cell->y + 0.5, cell->width - 1, cell->height - 1};
    }
    return style;
}

static void draw_cell(struct pv_flame_picture *picture, uint32_t index,
                      const struct pv_map_cell *cell)
{
    const struct pv_flame_box *box = &picture->flame.boxes[index];
    struct pv_rect drawn = pv_map_drawn(cell);
    struct pv_style style = style_of(picture, box, &drawn);
    if (box->value < picture->least_item) {
        pv_canvas_rect(picture->canvas, &drawn, &style);
        return;
    }
    pv_flame_begin_item(picture, index);
    pv_canvas_rect(picture->canvas, &drawn, &style);
    if (cell->has_strip) {
        struct pv_rect strip = {drawn.x, drawn.y, drawn.width, PV_MAP_STRIP};
        pv_flame_draw_label(picture, box, &strip);
    } else if (cell->room.width <= 0) {
        draw_leaf_label(picture, box, &drawn);
    }
    draw_own_label(picture, &cell->own);
    pv_canvas_end(picture->canvas);
}

static struct pv_flame_options options_of(const struct pv_flame_picture *picture, double area)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_draw *draw = picture->draw;
    const struct pv_limits *limits = draw->limits ? draw->limits : &defaults;
    double least_share = PV_MAP_LEAST / area;
    return (struct pv_flame_options){.metric = draw->metric,
                                     .least_share = least_share > draw->min_share ? least_share
                                                                                  : draw->min_share,
                                     .order = PV_ORDER_WEIGHT,
                                     .most_boxes = limits->flame_frames,
                                     .most_levels = PV_FLAME_LEVELS,
                                     .sure_levels = UINT32_MAX};
}

static void draw_all(struct pv_flame_picture *picture, struct pv_buffer *notes)
{
    double width = picture->sheet.width - 2 * PV_MARGIN, height = height_of(picture->sheet.width);
    struct pv_flame_options options = options_of(picture, width * height);
    pv_flame_layout(&picture->flame, picture->profile, &options);
    picture->top = pv_sheet_header(&picture->sheet);
    struct pv_rect room = {PV_MARGIN, picture->top, width, height};
    struct pv_map_cell *cells = pv_map_place(&picture->flame, &room, &picture->hidden);
    picture->looks = pv_zalloc(picture->profile->frame_count, sizeof *picture->looks);
    picture->scale = width * height / (double)picture->flame.sizes[0];
    pv_flame_find_calls(picture);
    pv_flame_legend(picture, notes);
    pv_flame_draw_page(picture, &options, height);
    for (uint32_t i = 0; i < picture->flame.count; i++)
        if (cells[i].is_drawn)
            draw_cell(picture, i, &cells[i]);
    free(cells);
}

/* What the cells are, by files. */
struct parts {
    uint32_t functions;
    bool has_lines;
};

static bool draw_map(const struct pv_profile *profile, const struct pv_draw *draw,
                     struct parts parts, struct pv_canvas *canvas, struct pv_buffer *notes)
{
    static const struct pv_flame_words words = {"Area", " px\xC2\xB2", "value", "treemap"};
    struct pv_flame_picture picture = {.profile = profile,
                                       .draw = draw,
                                       .canvas = canvas,
                                       .words = &words,
                                       .is_map = true,
                                       .func_count = parts.functions,
                                       .has_lines = parts.has_lines,
                                       .colouring =
                                           draw->has_colouring ? draw->colouring : PV_COLOUR_MODULE,
                                       .face = {default_text, false},
                                       .sheet = {.draw = draw,
                                                 .profile = profile,
                                                 .view = "Treemap",
                                                 .width = pv_flame_page_width(draw)}};
    if (pv_flame_has_width(profile, draw))
        draw_all(&picture, notes);
    else
        pv_sheet_empty(&picture.sheet, canvas);
    pv_flame_free_picture(&picture);
    return true;
}

static bool treemap_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                         struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_profile *by_files;
    uint32_t functions;
    if (draw->by == PV_BY_CALLS || draw->metric >= profile->metric_count)
        return draw_map(profile, draw, (struct parts){0}, canvas, notes);
    if (!pv_profile_by_files(&by_files, &functions, profile, draw->metric, draw->limits, err))
        return false;
    struct pv_draw alone = *draw;
    alone.metric = 0;
    draw_map(by_files, &alone, (struct parts){functions, profile->lines != NULL}, canvas, notes);
    pv_profile_free(by_files);
    return true;
}

const struct pv_renderer pv_view_treemap = {
    .name = "treemap",
    .summary = "cells in cells: area is the total, or what a file and a module take",
    .needs_tree = true,
    .draw = treemap_draw,
};

#include "render/sunburst.h"

#include "render/flame_parts.h"
#include "render/font.h"
#include "render/rings.h"

#include <math.h>
#include <stdlib.h>

enum { default_width = 880, most_radius = 400, least_radius = 84, text_pad = 3 };

/* Rings that fill less than this of the turn make all others narrow: they are gathered. */
enum { sure_levels = 6 };
static const double least_level_share = 0.05;

/* A picture of cells, and where they are. */
struct sunburst {
    struct pv_flame_picture picture;
    struct pv_rings rings;
    double x, y; /* the centre */
};

static double radius_for(double width)
{
    return fmin(fmax(floor((width - 2 * PV_MARGIN) / 2), least_radius), most_radius);
}

/* Height of the rectangle that a line of text takes. */
static double line_height(double size)
{
    return ceil(size * 1.2);
}

static void draw_line(const struct sunburst *sunburst, const struct pv_sector_room *room,
                      struct pv_text text, double size, double down)
{
    double turn = room->turn / 180 * 3.14159265358979323846;
    double by = down + pv_font_middle(size);
    pv_canvas_label(sunburst->picture.canvas,
                    &(struct pv_label){.text = text,
                                       .x = sunburst->x + room->x - by * sin(turn),
                                       .y = sunburst->y + room->y + by * cos(turn),
                                       .size = size,
                                       .turn = room->turn,
                                       .anchor = PV_MIDDLE});
}

/* Along the ring or outwards, wherever more of the name fits; along where both do. */
static struct pv_sector_room best_room(const struct pv_sector *sector, double height, double whole)
{
    struct pv_sector_room along = pv_sector_along(sector, height);
    struct pv_sector_room out = pv_sector_outwards(sector, height);
    return along.width >= whole || along.width >= out.width ? along : out;
}

static double padded_width(struct pv_text text, double size)
{
    return pv_font_width(text, size, false) + PV_LABEL_SLACK + 2 * text_pad;
}

/* The name, and the share below or behind it where there is room. */
static void draw_label(struct sunburst *sunburst, const struct pv_flame_box *box,
                       const struct pv_sector *sector)
{
    enum { endless = 1 << 20 };
    struct pv_flame_picture *picture = &sunburst->picture;
    double size = picture->face.size, line = line_height(size);
    if (box->node == PV_NONE || !pv_flame_make_label(picture, box, endless))
        return;
    double whole = padded_width(pv_buffer_text(&picture->label), size);
    picture->share.size = 0;
    pv_flame_add_share(picture, &picture->share, box->total);
    struct pv_text share = pv_buffer_text(&picture->share);
    double share_width = padded_width(share, size);
    struct pv_sector_room two = best_room(sector, 2 * line, whole);
    struct pv_sector_room one = best_room(sector, line, whole);
    /* What is all of its caller repeats no number. */
    bool has_share =
        box->parent == PV_NONE || picture->flame.boxes[box->parent].value != box->value;
    bool is_two = has_share && two.width >= share_width && two.width >= fmin(whole, one.width);
    const struct pv_sector_room *room = is_two ? &two : &one;
    if (!pv_flame_make_label(picture, box, room->width - 2 * text_pad))
        return;
    double taken = padded_width(pv_buffer_text(&picture->label), size);
    if (has_share && !is_two && taken + share_width <= room->width) {
        pv_buffer_char(&picture->label, ' ');
        pv_buffer_add(&picture->label, share);
    }
    draw_line(sunburst, room, pv_buffer_text(&picture->label), size, is_two ? -line / 2 : 0);
    if (is_two)
        draw_line(sunburst, room, share, size, line / 2);
}

static void draw_sector(struct sunburst *sunburst, uint32_t index)
{
    struct pv_flame_picture *picture = &sunburst->picture;
    const struct pv_flame_box *box = &picture->flame.boxes[index];
    struct pv_sector sector = pv_rings_sector(&sunburst->rings, &picture->flame, box);
    struct pv_sector drawn = pv_sector_drawn(&sector);
    struct pv_step steps[PV_SECTOR_STEPS];
    bool is_rest = box->node == PV_NONE;
    struct pv_style style = {.fill = pv_flame_paint(picture, box),
                             .stroke = is_rest ? PV_PAINT_BORDER : PV_PAINT_NONE,
                             .dash = is_rest ? PV_DOTTED : PV_SOLID,
                             .is_hatched = pv_flame_is_guess(picture, box),
                             .is_fine = true};
    size_t count = pv_sector_path(steps, &drawn, sunburst->x, sunburst->y);
    bool is_item = box->value >= picture->least_item;
    if (is_item)
        pv_flame_begin_item(picture, index);
    pv_canvas_path(picture->canvas, steps, count, &style);
    draw_label(sunburst, box, &drawn);
    if (is_item)
        pv_canvas_end(picture->canvas);
}

static struct pv_flame_options options_of(const struct pv_flame_picture *picture, double radius)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_draw *draw = picture->draw;
    const struct pv_limits *limits = draw->limits ? draw->limits : &defaults;
    double by_px = draw->min_width_px / (2 * 3.14159265358979323846 * radius);
    double least_share = fmax(fmax(by_px, draw->min_share), PV_RINGS_LEAST / 360);
    return (struct pv_flame_options){.metric = draw->metric,
                                     .least_share = least_share,
                                     .order = draw->order,
                                     .most_boxes = limits->flame_frames,
                                     .most_levels = pv_rings_most_levels(radius) - 1,
                                     .sure_levels = sure_levels,
                                     .least_level_share = least_level_share};
}

static void draw_all(struct sunburst *sunburst, struct pv_buffer *notes)
{
    struct pv_flame_picture *picture = &sunburst->picture;
    double radius = radius_for(picture->sheet.width);
    struct pv_flame_options options = options_of(picture, radius);
    pv_flame_layout(&picture->flame, picture->profile, &options);
    sunburst->rings = pv_rings_for(radius, picture->flame.levels);
    picture->looks = pv_zalloc(picture->profile->frame_count, sizeof *picture->looks);
    picture->scale = 360 / (double)picture->flame.sizes[0];
    pv_flame_find_calls(picture);
    pv_flame_legend(picture, notes);
    picture->top = pv_sheet_header(&picture->sheet);
    pv_flame_draw_page(picture, &options, 2 * sunburst->rings.outer);
    sunburst->x = picture->sheet.width / 2;
    sunburst->y = picture->top + sunburst->rings.outer;
    for (uint32_t i = 0; i < picture->flame.count; i++)
        draw_sector(sunburst, i);
}

static bool sunburst_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                          struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    static const struct pv_flame_words words = {
        .size = "Angle", .unit = "\xC2\xB0", .of = "turn", .view = "sunburst"};
    double width = draw->width > 0 ? draw->width : default_width;
    (void)err;
    struct sunburst sunburst = {
        .picture = {.profile = profile,
                    .draw = draw,
                    .canvas = canvas,
                    .words = &words,
                    .is_round = true,
                    .colouring = draw->has_colouring ? draw->colouring : PV_COLOUR_MODULE,
                    .face = pv_flame_face(draw),
                    .sheet = {.draw = draw,
                              .profile = profile,
                              .view = "Sunburst",
                              .width = fmax(width, 2 * (least_radius + PV_MARGIN))}}};
    if (pv_flame_has_width(profile, draw))
        draw_all(&sunburst, notes);
    else
        pv_sheet_empty(&sunburst.picture.sheet, canvas);
    pv_flame_free_picture(&sunburst.picture);
    return true;
}

const struct pv_renderer pv_view_sunburst = {
    .name = "sunburst",
    .summary = "rings around a disc: angle is the total, what a function calls is outside of it",
    .needs_tree = true,
    .draw = sunburst_draw,
};

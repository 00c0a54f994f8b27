#include "render/pie.h"

#include "render/font.h"
#include "render/labels.h"
#include "render/page.h"
#include "render/pie_slices.h"

#include <math.h>

enum {
    default_width = 880,
    least_width = 200,
    row_height = 36, /* of the two lines of words beside a slice */
    line_height = 16,
    leg = 10,  /* px from the circle to where a line bends */
    foot = 10, /* px of the line's level end, and from there to the words half of it */
    small_text = 11,
    total_row = 32,
};
static const double pulled = 0.08; /* of the radius: how far the hot slice stands out */

struct picture {
    const struct pv_profile *profile;
    const struct pv_draw *draw;
    struct pv_canvas *canvas;
    struct pv_sheet sheet;
    struct pv_pie pie;
    double radius, x, y; /* of the pie */
    double column;       /* px for words on each side */
    struct pv_buffer facts, legend, cuts, words, label, tooltip;
};

static const struct pv_metric *metric_of(const struct picture *picture)
{
    return &picture->profile->metrics[picture->draw->metric];
}

/* More and less have colours of their own, as in every picture of differences. */
static enum pv_paint paint_of(const struct picture *picture, const struct pv_pie_slice *slice)
{
    const struct pv_draw *draw = picture->draw;
    if (slice->frame == PV_NONE)
        return PV_PAINT_REST;
    if (metric_of(picture)->is_signed && !draw->has_colouring)
        return ((slice->value < 0) != draw->is_negated ? PV_PAINT_LESS : PV_PAINT_MORE) +
               PV_DIFF_STEPS / 2;
    return pv_paint_frame(picture->profile, slice->frame,
                          draw->has_colouring ? draw->colouring : PV_COLOUR_MODULE, slice->value,
                          picture->pie.whole);
}

/* A slice as a path: from the centre to the circle, along it in curves of at most a quarter (the
 * usual cubic approximation, 4/3 tan of a quarter of the angle), and back. */
static void draw_slice(struct picture *picture, const struct pv_pie_slice *slice, double x,
                       double y)
{
    enum { most_arcs = 4 };
    const double turn = 2 * 3.14159265358979323846;
    struct pv_step steps[most_arcs + 3];
    size_t count = 0;
    double angle = slice->from * turn, r = picture->radius;
    bool is_all = slice->to - slice->from >= 1;
    unsigned arcs = (unsigned)ceil((slice->to - slice->from) * 4);
    arcs = arcs < 1 ? 1 : arcs > most_arcs ? most_arcs : arcs;
    double part = (slice->to - slice->from) * turn / arcs, pull = r * 4 / 3 * tan(part / 4);
    if (!is_all)
        steps[count++] = (struct pv_step){.verb = PV_MOVE, .x = x, .y = y};
    steps[count++] = (struct pv_step){
        .verb = is_all ? PV_MOVE : PV_LINE, .x = x + r * sin(angle), .y = y - r * cos(angle)};
    for (unsigned i = 0; i < arcs; i++, angle += part) {
        double next = angle + part;
        steps[count++] = (struct pv_step){PV_CURVE,
                                          x + r * sin(angle) + pull * cos(angle),
                                          y - r * cos(angle) + pull * sin(angle),
                                          x + r * sin(next) - pull * cos(next),
                                          y - r * cos(next) - pull * sin(next),
                                          x + r * sin(next),
                                          y - r * cos(next)};
    }
    steps[count++] = (struct pv_step){.verb = PV_CLOSE};
    bool is_rest = slice->frame == PV_NONE;
    struct pv_style style = {.fill = paint_of(picture, slice),
                             .stroke = is_rest ? PV_PAINT_BORDER : PV_PAINT_BACKGROUND,
                             .dash = is_rest ? PV_DOTTED : PV_SOLID};
    pv_canvas_path(picture->canvas, steps, count, &style);
}

/* How far the slice is from where it belongs: the largest stands out, where there are others. */
static double pull_of(const struct picture *picture, const struct pv_pie_slice *slice)
{
    bool is_hot = slice == picture->pie.slices && picture->pie.count > 1 && slice->frame != PV_NONE;
    return is_hot ? pulled * picture->radius : 0;
}

/* From the slice straight out of the circle, over to the words, and a level end. */
static void draw_leader(struct picture *picture, const struct pv_pie_slice *slice, double end)
{
    double x, y, bend_x, bend_y, side = slice->is_left ? -1 : 1;
    pv_pie_middle(slice, picture->radius + pull_of(picture, slice), &x, &y);
    pv_pie_middle(slice, picture->radius * (1 + pulled) + leg, &bend_x, &bend_y);
    double row = picture->y + slice->row;
    const struct pv_step steps[] = {
        {.verb = PV_MOVE, .x = picture->x + x, .y = picture->y + y},
        {.verb = PV_LINE, .x = picture->x + bend_x, .y = picture->y + bend_y},
        {.verb = PV_LINE, .x = end - side * foot, .y = row},
        {.verb = PV_LINE, .x = end - side * foot / 2, .y = row},
    };
    pv_canvas_path(picture->canvas, steps, sizeof steps / sizeof steps[0],
                   &(struct pv_style){.stroke = PV_PAINT_BORDER});
}

static void add_other(struct picture *picture, struct pv_buffer *out)
{
    if (picture->pie.gathered == 0) {
        pv_buffer_add(out, PV_TEXT("outside of any function"));
        return;
    }
    pv_buffer_add(out, PV_TEXT("other ("));
    pv_add_count(out, picture->pie.gathered, "function", "functions");
    pv_buffer_char(out, ')');
}

/* The name as it fits, in picture->label; false where nothing does. */
static bool make_name(struct picture *picture, const struct pv_pie_slice *slice,
                      struct pv_face face)
{
    picture->label.size = picture->words.size = 0;
    if (slice->frame != PV_NONE)
        return pv_label_frame(&picture->label, picture->profile, slice->frame, face,
                              picture->column);
    add_other(picture, &picture->words);
    return pv_label_text(&picture->label, pv_buffer_text(&picture->words), face, picture->column);
}

static void draw_words(struct picture *picture, const struct pv_pie_slice *slice)
{
    bool is_hot = pull_of(picture, slice) > 0;
    struct pv_face face = {12, is_hot};
    double reach = picture->radius * (1 + pulled) + leg + 2 * foot;
    double end = picture->x + (slice->is_left ? -reach : reach);
    if (picture->column < PV_LABEL_LEAST || !make_name(picture, slice, face))
        return;
    draw_leader(picture, slice, end);
    struct pv_label label = {.text = pv_buffer_text(&picture->label),
                             .x = end,
                             .y = floor(picture->y + slice->row) - 2,
                             .anchor = slice->is_left ? PV_END : PV_START,
                             .is_bold = is_hot};
    pv_canvas_label(picture->canvas, &label);
    picture->words.size = picture->label.size = 0;
    pv_sheet_share(&picture->words, &picture->sheet, slice->value);
    static const struct pv_face small = {small_text, false};
    if (!pv_label_text(&picture->label, pv_buffer_text(&picture->words), small, picture->column))
        return;
    label = (struct pv_label){.text = pv_buffer_text(&picture->label),
                              .x = end,
                              .y = label.y + line_height - 2,
                              .size = small_text,
                              .anchor = label.anchor,
                              .paint = PV_PAINT_TEXT_2};
    pv_canvas_label(picture->canvas, &label);
}

static void begin_item(struct picture *picture, const struct pv_pie_slice *slice, uint32_t index)
{
    struct pv_buffer *name = &picture->words, *tooltip = &picture->tooltip;
    struct pv_item item = {.kind = PV_ITEM_BOX,
                           .id = index + 1,
                           .value = slice->value,
                           .self = slice->value,
                           .is_rest = slice->frame == PV_NONE};
    name->size = tooltip->size = 0;
    pv_buffer_add(tooltip, PV_TEXT("self "));
    pv_sheet_share(tooltip, &picture->sheet, slice->value);
    if (item.is_rest) {
        add_other(picture, name);
    } else {
        item.value = slice->total;
        pv_label_full(name, picture->profile, slice->frame);
        pv_buffer_add(tooltip, PV_TEXT("\ntotal "));
        pv_sheet_share(tooltip, &picture->sheet, item.value);
    }
    item.name = pv_buffer_text(name);
    item.tooltip = pv_buffer_text(tooltip);
    pv_canvas_begin(picture->canvas, &item);
}

static void draw_slices(struct picture *picture)
{
    for (uint32_t i = 0; i < picture->pie.count; i++) {
        const struct pv_pie_slice *slice = &picture->pie.slices[i];
        double x, y;
        pv_pie_middle(slice, pull_of(picture, slice), &x, &y);
        begin_item(picture, slice, i);
        draw_slice(picture, slice, picture->x + x, picture->y + y);
        draw_words(picture, slice);
        pv_canvas_end(picture->canvas);
    }
}

/* The total in words under the pie. */
static void draw_total(struct picture *picture, double y)
{
    static const struct pv_face face = {12, true};
    picture->words.size = picture->label.size = 0;
    pv_buffer_add(&picture->words, PV_TEXT("whole: "));
    pv_sheet_value(&picture->words, &picture->sheet, picture->pie.whole);
    if (metric_of(picture)->is_signed)
        pv_buffer_add(&picture->words, PV_TEXT(", without signs"));
    if (pv_label_text(&picture->label, pv_buffer_text(&picture->words), face,
                      picture->sheet.width - 2 * PV_MARGIN))
        pv_canvas_label(picture->canvas, &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                                            .x = picture->x,
                                                            .y = y,
                                                            .anchor = PV_MIDDLE,
                                                            .is_bold = true});
}

/* Sizes that follow from the page's width; returns the height that pie, words and total take. */
static double lay_out(struct picture *picture)
{
    double width = picture->sheet.width;
    picture->radius = floor(fmin(fmax(width * 0.19, 40), 240));
    double reach = picture->radius * (1 + pulled) + leg;
    picture->x = floor(width / 2);
    picture->column = picture->x - reach - 2 * foot - PV_MARGIN;
    pv_pie_place(&picture->pie, reach, row_height);
    double top = -reach, bottom = reach;
    for (uint32_t i = 0; i < picture->pie.count; i++) {
        top = fmin(top, picture->pie.slices[i].row - row_height / 2.0);
        bottom = fmax(bottom, picture->pie.slices[i].row + row_height / 2.0);
    }
    picture->y = ceil(-top);
    return ceil(picture->y + bottom) + total_row;
}

static void fill_sheet(struct picture *picture)
{
    pv_add_count(&picture->facts, picture->pie.functions, "function", "functions");
    picture->sheet.facts = pv_buffer_text(&picture->facts);
    bool is_signed = metric_of(picture)->is_signed;
    pv_buffer_add(&picture->legend, PV_TEXT("Slice: what a function costs itself, as a part of the "
                                            "whole; the largest stands out"));
    bool has_modules = !is_signed && (!picture->draw->has_colouring ||
                                      picture->draw->colouring == PV_COLOUR_MODULE);
    if (is_signed && !picture->draw->has_colouring)
        pv_buffer_add(&picture->legend, picture->draw->is_negated
                                            ? PV_TEXT(" \xc2\xb7 orange: less, blue: more")
                                            : PV_TEXT(" \xc2\xb7 blue: less, orange: more"));
    else if (has_modules)
        pv_buffer_add(&picture->legend, PV_TEXT(" \xc2\xb7 colour: module"));
    picture->sheet.legend = pv_buffer_text(&picture->legend);
    if (picture->pie.gathered) {
        char digits[PV_NUMBER_SIZE];
        const struct pv_pie_slice *rest = &picture->pie.slices[picture->pie.count - 1];
        pv_add_count(&picture->cuts, picture->pie.gathered, "function is gathered, ",
                     "functions are gathered, ");
        size_t size =
            pv_format_share(digits, rest->frame == PV_NONE ? rest->value : 0, picture->pie.whole);
        pv_buffer_print(&picture->cuts, "%.*s of the whole", (int)size, digits);
        picture->sheet.cuts = pv_buffer_text(&picture->cuts);
    }
}

static void draw_all(struct picture *picture, struct pv_buffer *notes)
{
    picture->sheet.whole = picture->pie.whole;
    fill_sheet(picture);
    double height = lay_out(picture), top = pv_sheet_header(&picture->sheet);
    picture->y += top;
    pv_sheet_draw(&picture->sheet, height, picture->canvas);
    draw_slices(picture);
    draw_total(picture, top + height - total_row / 4.0);
    if (picture->cuts.size) {
        pv_buffer_add(notes, pv_buffer_text(&picture->cuts));
        pv_buffer_char(notes, '\n');
    }
}

static void free_picture(struct picture *picture)
{
    struct pv_buffer *buffers[] = {&picture->facts, &picture->legend, &picture->cuts,
                                   &picture->words, &picture->label,  &picture->tooltip};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        pv_buffer_free(buffers[i]);
}

static bool pie_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                     struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    double width = draw->width > 0 ? draw->width : default_width;
    struct picture picture = {.profile = profile,
                              .draw = draw,
                              .canvas = canvas,
                              .sheet = {.draw = draw,
                                        .profile = profile,
                                        .view = "Pie",
                                        .width = width < least_width ? least_width : width}};
    (void)err;
    if (draw->metric < profile->metric_count)
        pv_pie_cut(&picture.pie, profile, draw->metric);
    if (picture.pie.count)
        draw_all(&picture, notes);
    else
        pv_sheet_empty(&picture.sheet, canvas);
    free_picture(&picture);
    return true;
}

const struct pv_renderer pv_view_pie = {
    .name = "pie",
    .summary = "the functions by their own cost, the largest pulled out",
    .draw = pie_draw,
};

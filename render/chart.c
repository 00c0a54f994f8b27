#include "render/chart.h"

#include "render/axis.h"
#include "render/flame_parts.h"

/* Where no times are known but an order is taken for one. */
static bool has_order(const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->note_count; i++)
        if (pv_text_equal(pv_profile_text(profile, profile->notes[i].kind), PV_TEXT("order")))
            return true;
    return false;
}

static void add_legend(struct pv_flame_picture *picture)
{
    struct pv_buffer *out = &picture->legend;
    pv_buffer_add(out, PV_TEXT("Width: "));
    pv_sheet_metric(out, &picture->sheet);
    pv_buffer_add(out, PV_TEXT(" from begin to end, calls below their callers \xC2\xB7 "));
    pv_buffer_add(out, has_order(picture->profile)
                           ? PV_TEXT("left to right: in the order of the file \xC2\xB7 ")
                           : PV_TEXT("left to right: as it was, gaps are idle \xC2\xB7 "));
    pv_flame_add_colours(picture, out);
    picture->sheet.legend = pv_buffer_text(out);
}

static void add_facts(struct pv_flame_picture *picture)
{
    struct pv_buffer *out = &picture->facts;
    pv_add_count(out, picture->profile->spans->count, "call", "calls");
    pv_buffer_add(out, PV_TEXT(" \xC2\xB7 "));
    pv_add_count(out, picture->chart->tracks, "thread", "threads");
    pv_buffer_add(out, PV_TEXT(" \xC2\xB7 "));
    pv_sheet_value(out, &picture->sheet, picture->chart->whole);
    pv_buffer_add(out, PV_TEXT(" from the first to the last"));
    picture->sheet.facts = pv_buffer_text(out);
}

static void add_part(struct pv_buffer *out, const struct pv_flame_picture *picture, int64_t value)
{
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_share(room, value, picture->chart->busy);
    pv_buffer_add(out, PV_TEXT(" of the time in calls"));
}

/* What is left out however close one looks. */
static void add_more(struct pv_flame_picture *picture)
{
    struct pv_buffer *out = &picture->more;
    if (picture->flame.deep_value) {
        pv_buffer_add(out, PV_TEXT("towers are cut, where calls go on for "));
        add_part(out, picture, picture->flame.deep_value);
    }
    if (picture->chart->left_out) {
        pv_buffer_add(out, out->size ? PV_TEXT("; ") : PV_TEXT(""));
        pv_add_count(out, picture->chart->left_out, "thread is", "threads are");
        pv_buffer_add(out, PV_TEXT(" left out, "));
        add_part(out, picture, picture->chart->left_out_busy);
    }
}

/* What is not shown one by one, in the picture and for the caller. */
static void add_cuts(struct pv_flame_picture *picture, struct pv_buffer *notes)
{
    const struct pv_flame *flame = &picture->flame;
    struct pv_buffer *out = &picture->cuts;
    if (flame->gathered) {
        const char *words[] = {"call", "calls"};
        pv_flame_add_gathered(picture, out, words, picture->chart->busy);
        pv_buffer_add(out, PV_TEXT(" of the time in calls"));
    }
    add_more(picture);
    if (picture->more.size && out->size)
        pv_buffer_add(out, PV_TEXT("; "));
    pv_buffer_add(out, pv_buffer_text(&picture->more));
    picture->sheet.cuts = pv_buffer_text(out);
    if (!flame->is_limited && !picture->more.size)
        return;
    pv_buffer_add(notes, PV_TEXT("the flame chart is not complete: "));
    pv_buffer_add(notes, picture->sheet.cuts);
    pv_buffer_char(notes, '\n');
}

static void add_lane(struct pv_buffer *out, const struct pv_flame_picture *picture,
                     const struct pv_flame_box *box)
{
    pv_flame_add_amount(picture, out, box->total);
    pv_buffer_add(out, box->node == PV_NONE ? PV_TEXT(" in threads that there is no room for")
                                            : PV_TEXT(" in calls"));
}

static void add_numbers(struct pv_buffer *out, const struct pv_flame_picture *picture,
                        const struct pv_flame_box *box)
{
    if (box->is_lane) {
        add_lane(out, picture, box);
        return;
    }
    pv_flame_add_amount(picture, out, box->total);
    if (box->self && box->node != PV_NONE) {
        pv_buffer_add(out, PV_TEXT(", self "));
        pv_flame_add_amount(picture, out, box->self);
    }
    if (box->node == PV_NONE)
        pv_buffer_add(out, PV_TEXT(", too narrow to be drawn one by one"));
    if (box->parent != PV_NONE) {
        pv_buffer_add(out, PV_TEXT(", at "));
        pv_sheet_value(out, &picture->sheet, box->start);
    }
}

/* The time since the first call; lines behind the cells, labels below. */
static void draw_axis(const struct pv_flame_picture *picture, double height)
{
    const struct pv_metric *metric = &picture->profile->metrics[picture->draw->metric];
    struct pv_axis axis = {.to = picture->chart->whole,
                           .unit = metric->unit,
                           .scale = metric->scale,
                           .prefix = picture->draw->unit,
                           .start = PV_MARGIN,
                           .end = picture->sheet.width - PV_MARGIN};
    pv_axis_settle(&axis);
    pv_axis_draw_below(&axis, picture->top, picture->top + height, picture->canvas);
}

static void draw_all(struct pv_flame_picture *picture, const struct pv_flame_options *options,
                     struct pv_buffer *notes)
{
    double height = picture->flame.levels * picture->row - 1;
    picture->looks = pv_zalloc(picture->profile->frame_count, sizeof *picture->looks);
    picture->scale = (picture->sheet.width - 2 * PV_MARGIN) / (double)picture->chart->whole;
    add_legend(picture);
    add_facts(picture);
    add_cuts(picture, notes);
    pv_flame_keys(picture);
    picture->top = pv_sheet_header(&picture->sheet);
    pv_flame_draw_page(picture, options, height + PV_AXIS_HEIGHT);
    draw_axis(picture, height);
    for (uint32_t i = 0; i < picture->flame.count; i++)
        if (picture->flame.boxes[i].value >= picture->least_item)
            pv_flame_draw_box(picture, i);
    pv_flame_draw_narrow(picture);
}

static void draw_trace(struct pv_flame_picture *picture, struct pv_buffer *notes)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_draw *draw = picture->draw;
    const struct pv_limits *limits = draw->limits ? draw->limits : &defaults;
    struct pv_chart chart = {0};
    struct pv_flame_options options = {.least_share = pv_flame_least_share(picture),
                                       .most_boxes = limits->flame_frames,
                                       .most_levels = PV_FLAME_LEVELS,
                                       .sure_levels = UINT32_MAX};
    picture->chart = &chart;
    if (picture->profile->spans && pv_flame_has_width(picture->profile, draw))
        pv_chart_layout(&picture->flame, &chart, picture->profile,
                        &(struct pv_chart_options){.least_share = options.least_share,
                                                   .most_boxes = options.most_boxes,
                                                   .most_levels = options.most_levels});
    if (chart.whole > 0)
        draw_all(picture, &options, notes);
    else
        pv_sheet_empty(&picture->sheet, picture->canvas);
    pv_flame_free_picture(picture);
}

static bool chart_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                       struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_draw inverted = *draw;
    bool is_empty = profile->tree->count <= 1; /* a trace of nothing has no times either */
    if (!profile->spans && !is_empty)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "the view chart needs a trace, which says when each call began and ended; "
                       "this profile has only how long they took: --view flame shows that");
    if (draw->metric != 0)
        return pv_fail(
            err, PV_USAGE, (struct pv_where){0},
            "the view chart shows the first metric, which the times are in; --view flame "
            "shows the others");
    inverted.is_inverted = true;
    struct pv_flame_picture picture = {.profile = profile,
                                       .draw = &inverted,
                                       .canvas = canvas,
                                       .numbers = add_numbers,
                                       .colouring =
                                           draw->has_colouring ? draw->colouring : PV_COLOUR_MODULE,
                                       .face = pv_flame_face(draw),
                                       .row = pv_flame_row(draw),
                                       .sheet = {.draw = &inverted,
                                                 .profile = profile,
                                                 .view = "Flame chart",
                                                 .width = pv_flame_page_width(draw)}};
    draw_trace(&picture, notes);
    return true;
}

const struct pv_renderer pv_view_chart = {
    .name = "chart",
    .summary = "calls of a trace in the order of time, a tower for each thread",
    .needs_tree = true,
    .needs_spans = true,
    .draw = chart_draw,
};

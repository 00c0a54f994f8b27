#include "render/timeline.h"

#include "render/font.h"
#include "render/timeline_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    default_width = 1200,
    least_width = 200,
    title_row = 20, /* the panel's name */
    peak_row = 20,  /* room for the peak's words above the highest curve */
    name_row = 16,  /* what the ticks below count */
    between = 12,
    small_text = 11,
    mark_height = 5,
};

static void add_step(struct pv_timeline_picture *picture, enum pv_verb verb, double x, double y)
{
    if (picture->step_count == picture->step_room) {
        picture->step_room = picture->step_room ? picture->step_room * 2 : 256;
        picture->steps = pv_resize(picture->steps, picture->step_room * sizeof *picture->steps);
    }
    picture->steps[picture->step_count++] = (struct pv_step){.verb = verb, .x = x, .y = y};
}

/* The upper edge of curve `layer`, from the first change to the last. */
static void add_edge(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                     uint32_t layer, const struct pv_axis *up)
{
    const struct pv_timeline_column *columns = pv_timeline_curve(panel, layer);
    for (uint32_t c = panel->first; c <= panel->last; c++) {
        const struct pv_timeline_column *at = &columns[c];
        bool is_first = c == panel->first;
        bool is_still = at->first == at->last && at->low == at->high;
        if (!at->has_change ||
            (is_still && !is_first && at->first == columns[c - 1].last && c < panel->last))
            continue;
        if (!is_first)
            add_step(picture, PV_LINE, at->x, pv_axis_px(up, columns[c - 1].last));
        add_step(picture, is_first ? PV_MOVE : PV_LINE, at->x, pv_axis_px(up, at->first));
        if (at->high > at->first && at->high > at->last)
            add_step(picture, PV_LINE, at->x, pv_axis_px(up, at->high));
        if (at->low < at->first && at->low < at->last)
            add_step(picture, PV_LINE, at->x, pv_axis_px(up, at->low));
        if (at->last != at->first)
            add_step(picture, PV_LINE, at->x, pv_axis_px(up, at->last));
    }
}

/* The area below the curve, which the next lower layers are then drawn over. */
static void draw_layer(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                       uint32_t layer, const struct pv_axis *up)
{
    struct pv_style area = {.fill = pv_timeline_paint(picture, panel, layer)};
    struct pv_style edge = {.stroke = PV_PAINT_BORDER, .stroke_width = 1};
    double base = pv_axis_px(up, 0);
    picture->step_count = 0;
    add_edge(picture, panel, layer, up);
    uint32_t edge_count = picture->step_count;
    double left = picture->steps[0].x, right = picture->steps[edge_count - 1].x;
    add_step(picture, PV_LINE, right, base);
    if (right - left < 0.05) { /* one moment is a stem */
        pv_canvas_path(picture->canvas, picture->steps, picture->step_count, &edge);
        return;
    }
    add_step(picture, PV_LINE, left, base);
    add_step(picture, PV_CLOSE, 0, 0);
    pv_canvas_path(picture->canvas, picture->steps, picture->step_count, &area);
    pv_canvas_path(picture->canvas, picture->steps, edge_count, &edge);
}

/* The name within its layer, where there is room. */
static void draw_layer_name(struct pv_timeline_picture *picture,
                            const struct pv_timeline_panel *panel, uint32_t layer,
                            const struct pv_axis *up, double left)
{
    enum { widest = 240 };
    static const struct pv_face face = {12, false};
    struct pv_timeline_stretch room;
    picture->words.size = picture->label.size = 0;
    pv_timeline_layer_name(&picture->words, picture, panel, layer);
    if (!pv_label_text(&picture->label, pv_buffer_text(&picture->words), face, widest))
        return;
    double width = pv_font_width(pv_buffer_text(&picture->label), face.size, false);
    if (pv_timeline_room(panel, layer, up, width + PV_LABEL_SLACK, &room))
        pv_canvas_label(picture->canvas, &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                                            .x = left + (room.from + room.to) / 2.0,
                                                            .y = floor((room.high + room.low) / 2 +
                                                                       pv_font_middle(face.size)),
                                                            .anchor = PV_MIDDLE});
}

/* "peak 235 KiB at 612,803 instructions" above a dot. */
static void draw_peak(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                      const struct pv_axis *along, const struct pv_axis *up)
{
    struct pv_buffer *words = &picture->words;
    if (panel->peak <= 0)
        return;
    double x = pv_axis_px(along, panel->peak_at), y = pv_axis_px(up, panel->peak);
    struct pv_rect dot = {x - 3, y - 3, 6, 6};
    pv_canvas_rect(picture->canvas, &dot, &(struct pv_style){.fill = PV_PAINT_TEXT, .radius = 3});
    words->size = 0;
    pv_buffer_add(words, PV_TEXT("peak "));
    pv_timeline_value(words, picture, panel->peak, panel->series[0]->unit, panel->scale);
    pv_buffer_add(words, PV_TEXT(" at "));
    pv_timeline_time(words, picture, pv_timeline_clock_of(picture, panel), panel->peak_at);
    picture->label.size = 0;
    static const struct pv_face face = {12, true};
    double page = picture->sheet.width - 2 * PV_MARGIN;
    if (!pv_label_text(&picture->label, pv_buffer_text(words), face, page))
        return;
    double half = pv_font_width(pv_buffer_text(&picture->label), face.size, true) / 2;
    x = fmax(PV_MARGIN + half, fmin(x, picture->sheet.width - PV_MARGIN - half));
    pv_canvas_label(picture->canvas, &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                                        .x = x,
                                                        .y = y - 8,
                                                        .anchor = PV_MIDDLE,
                                                        .is_bold = true});
}

/* Small marks below the base line where the file has a moment. */
static void draw_marks(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                       const struct pv_rect *plot)
{
    double bottom = plot->y + plot->height;
    if (!pv_timeline_has_marks(panel))
        return;
    picture->step_count = 0;
    for (uint32_t c = panel->first; c <= panel->last; c++) {
        if (!panel->columns[c].has_change)
            continue;
        add_step(picture, PV_MOVE, panel->columns[c].x, bottom + 1);
        add_step(picture, PV_LINE, panel->columns[c].x, bottom + mark_height);
    }
    pv_canvas_path(picture->canvas, picture->steps, picture->step_count,
                   &(struct pv_style){.stroke = PV_PAINT_TEXT, .stroke_width = 1});
}

static void add_moment(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                       const struct pv_timeline_moment *moment)
{
    enum pv_unit unit = panel->series[0]->unit;
    struct pv_buffer *words = &picture->words, *tooltip = &picture->tooltip;
    words->size = tooltip->size = 0;
    int64_t sum = 0;
    for (uint32_t i = panel->layer_count; i-- > 0;) {
        pv_buffer_add(tooltip, tooltip->size ? PV_TEXT("\n") : PV_TEXT(""));
        pv_timeline_layer_name(tooltip, picture, panel, i);
        pv_buffer_add(tooltip, PV_TEXT(": "));
        pv_timeline_value(tooltip, picture, moment->values[i], unit, panel->scale);
        if (!pv_add(sum, moment->values[i], &sum))
            sum = INT64_MAX;
    }
    if (panel->layer_count > 1) {
        pv_buffer_add(tooltip, PV_TEXT("\ntogether: "));
        pv_timeline_value(tooltip, picture, sum, unit, panel->scale);
    }
    pv_buffer_add(words, PV_TEXT("at "));
    pv_timeline_time(words, picture, pv_timeline_clock_of(picture, panel), moment->at);
    struct pv_item item = {.kind = PV_ITEM_MOMENT,
                           .id = ++picture->next_item,
                           .value = sum,
                           .name = pv_buffer_text(words),
                           .tooltip = pv_buffer_text(tooltip)};
    pv_canvas_begin(picture->canvas, &item);
}

/* A strip of the plot from each moment to the next tells what was the case then. */
static void draw_moments(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                         const struct pv_rect *plot)
{
    enum { narrowest = 6 };
    double right = plot->x + plot->width;
    for (uint32_t i = 0; i < panel->shown_count; i++) {
        double from = panel->shown[i].x;
        double to =
            i + 1 < panel->shown_count ? panel->shown[i + 1].x : fmin(from + narrowest, right);
        from = i + 1 == panel->shown_count ? fmin(from, right - narrowest) : from;
        add_moment(picture, panel, &panel->shown[i]);
        pv_canvas_area(picture->canvas,
                       &(struct pv_rect){from, plot->y, fmax(to - from, 1), plot->height});
        pv_canvas_end(picture->canvas);
    }
}

static struct pv_axis time_axis(const struct pv_timeline_picture *picture,
                                const struct pv_timeline_panel *panel, const struct pv_rect *plot)
{
    const struct pv_timeline_clock *clock = pv_timeline_clock_of(picture, panel);
    struct pv_axis axis = {.from = clock->from,
                           .to = clock->to,
                           .unit = clock->unit,
                           .scale = clock->scale,
                           .prefix = picture->draw->unit,
                           .start = plot->x,
                           .end = plot->x + plot->width};
    if (axis.from == axis.to) /* one moment stands in the middle */
        axis.start = axis.end = plot->x + floor(plot->width / 2);
    pv_axis_settle(&axis);
    return axis;
}

/* Panels of one name and unit have one height for one value, so that inputs compare. */
static struct pv_axis value_axis(const struct pv_timeline_picture *picture,
                                 const struct pv_timeline_panel *panel, double start, double end)
{
    const struct pv_series *own = panel->series[0];
    struct pv_axis axis = {.from = panel->low,
                           .to = panel->high,
                           .unit = own->unit,
                           .scale = panel->scale,
                           .prefix = picture->draw->unit,
                           .start = start,
                           .end = end};
    for (uint32_t p = 0; p < picture->timeline.panel_count; p++) {
        const struct pv_timeline_panel *other = &picture->timeline.panels[p];
        const struct pv_series *series = other->series[0];
        bool is_alike = series->unit == own->unit && series->group == own->group &&
                        other->scale == panel->scale && (own->group || series->name == own->name);
        axis.from = is_alike && other->low < axis.from ? other->low : axis.from;
        axis.to = is_alike && other->high > axis.to ? other->high : axis.to;
    }
    if (axis.from == axis.to)
        axis.to = panel->scale;
    pv_axis_settle(&axis);
    return axis;
}

/* The calls above the first panel of a clock. */
static void choose_calls(struct pv_timeline_picture *picture, uint32_t index,
                         const struct pv_rect *plot)
{
    const struct pv_timeline *timeline = &picture->timeline;
    const struct pv_timeline_panel *panel = &timeline->panels[index];
    picture->calls = (struct pv_timeline_calls){0};
    if (index && panel->clock == timeline->panels[index - 1].clock)
        return;
    struct pv_axis along = time_axis(picture, panel, plot);
    pv_timeline_choose_calls(&picture->calls, picture->profile, &along,
                             pv_timeline_clock_of(picture, panel)->origin);
}

static double plot_height(uint32_t panels)
{
    static const double heights[] = {360, 220, 160, 160};
    return panels <= 4 ? heights[panels - 1] : 96;
}

/* Traces all curves and finds where everything goes; the widest label decides the left edge. */
static void place_panels(struct pv_timeline_picture *picture)
{
    struct pv_timeline *timeline = &picture->timeline;
    double height = plot_height(timeline->panel_count), widest = 0, y = 0;
    struct pv_axis along = {.end = picture->sheet.width};
    for (uint32_t p = 0; p < timeline->panel_count; p++)
        pv_timeline_trace(timeline, p, &along); /* for the values only */
    for (uint32_t p = 0; p < timeline->panel_count; p++) {
        struct pv_axis up = value_axis(picture, &timeline->panels[p], height, 0);
        widest = fmax(widest, pv_axis_label_width(&up));
    }
    double left = PV_MARGIN + ceil(widest) + 8;
    for (uint32_t p = 0; p < timeline->panel_count; p++) {
        struct pv_timeline_place *place = &picture->places[p];
        bool is_last = p + 1 == timeline->panel_count;
        place->has_clock = is_last || timeline->panels[p].clock != timeline->panels[p + 1].clock;
        place->top = y;
        place->plot = (struct pv_rect){left, 0, picture->sheet.width - PV_MARGIN - left, height};
        choose_calls(picture, p, &place->plot);
        place->calls = picture->calls.rows * PV_TIMELINE_CALL_ROW;
        picture->call_count += picture->calls.count;
        picture->calls_left_out += picture->calls.left_out;
        y += place->calls;
        place->plot.y = y + title_row + peak_row;
        y += title_row + peak_row + height + between;
        y += place->has_clock ? PV_AXIS_HEIGHT + name_row : 0;
    }
    picture->height = y - between;
}

static void draw_panel_name(struct pv_timeline_picture *picture,
                            const struct pv_timeline_panel *panel,
                            const struct pv_timeline_place *place)
{
    static const struct pv_face face = {12, true};
    picture->words.size = picture->label.size = 0;
    pv_timeline_name(&picture->words, picture, panel);
    if (pv_label_text(&picture->label, pv_buffer_text(&picture->words), face,
                      picture->sheet.width - 2 * PV_MARGIN))
        pv_canvas_label(picture->canvas, &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                                            .x = PV_MARGIN,
                                                            .y = place->top + title_row / 2.0 +
                                                                 floor(pv_font_middle(face.size)),
                                                            .is_bold = true});
}

/* "time since 1,234.5 s", "instructions" below the ticks. */
static void draw_clock_name(struct pv_timeline_picture *picture,
                            const struct pv_timeline_panel *panel, const struct pv_rect *plot)
{
    static const struct pv_face face = {small_text, false};
    const struct pv_timeline_clock *clock = pv_timeline_clock_of(picture, panel);
    picture->words.size = picture->label.size = 0;
    pv_buffer_add(&picture->words, clock->name);
    if (clock->origin) {
        pv_buffer_add(&picture->words, PV_TEXT(" since "));
        pv_timeline_value(&picture->words, picture, clock->origin, clock->unit, clock->scale);
    }
    if (pv_label_text(&picture->label, pv_buffer_text(&picture->words), face, plot->width))
        pv_canvas_label(picture->canvas,
                        &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                           .x = plot->x + plot->width / 2,
                                           .y = plot->y + plot->height + PV_AXIS_HEIGHT +
                                                floor(name_row / 2.0 + pv_font_middle(small_text)),
                                           .size = small_text,
                                           .anchor = PV_MIDDLE,
                                           .paint = PV_PAINT_TEXT_2});
}

static void begin_call(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                       const struct pv_timeline_call *call)
{
    const struct pv_timeline_clock *clock = pv_timeline_clock_of(picture, panel);
    const struct pv_metric *metric = &picture->profile->metrics[0];
    struct pv_buffer *words = &picture->words, *tooltip = &picture->tooltip;
    words->size = tooltip->size = 0;
    pv_label_full(words, picture->profile, call->frame);
    if (call->length) {
        pv_timeline_value(tooltip, picture, call->length, metric->unit, metric->scale);
        pv_buffer_add(tooltip, PV_TEXT(" from "));
    }
    pv_buffer_add(tooltip, call->length ? PV_TEXT("") : PV_TEXT("at "));
    pv_timeline_time(tooltip, picture, clock, call->at);
    pv_canvas_begin(picture->canvas, &(struct pv_item){.kind = PV_ITEM_MOMENT,
                                                       .id = ++picture->next_item,
                                                       .value = call->length,
                                                       .name = pv_buffer_text(words),
                                                       .tooltip = pv_buffer_text(tooltip)});
}

/* A line below the name with its ends turned down; a moment is a dot before its name. */
static void draw_call(struct pv_timeline_picture *picture, const struct pv_timeline_call *call,
                      double top)
{
    enum { line = 15, end = 3, dot = 4 };
    static const struct pv_face face = {small_text, false};
    bool is_moment = call->length == 0;
    double y = floor(top) + line + 0.5, from = floor(call->from) + 0.5, to = floor(call->to) - 0.5;
    const struct pv_step bracket[] = {{.verb = PV_MOVE, .x = from, .y = y + end},
                                      {.verb = PV_LINE, .x = from, .y = y},
                                      {.verb = PV_LINE, .x = to, .y = y},
                                      {.verb = PV_LINE, .x = to, .y = y + end}};
    double room = is_moment ? PV_TIMELINE_CALL_LEAST - dot - 2 : to - from;
    if (is_moment)
        pv_canvas_rect(picture->canvas, &(struct pv_rect){from - dot / 2.0, y - 6, dot, dot},
                       &(struct pv_style){.fill = PV_PAINT_TEXT, .radius = dot / 2.0});
    else
        pv_canvas_path(picture->canvas, bracket, sizeof bracket / sizeof bracket[0],
                       &(struct pv_style){.stroke = PV_PAINT_BORDER, .stroke_width = 1});
    picture->label.size = 0;
    if (!pv_label_frame(&picture->label, picture->profile, call->frame, face, room))
        return;
    pv_canvas_label(picture->canvas,
                    &(struct pv_label){.text = pv_buffer_text(&picture->label),
                                       .x = is_moment ? from + dot : (from + to) / 2,
                                       .y = y - 4,
                                       .size = small_text,
                                       .anchor = is_moment ? PV_START : PV_MIDDLE});
}

/* Names of what ran, over what it did to the values. */
static void draw_calls(struct pv_timeline_picture *picture, const struct pv_timeline_panel *panel,
                       const struct pv_timeline_place *place)
{
    for (uint32_t i = 0; i < picture->calls.count; i++) {
        const struct pv_timeline_call *call = &picture->calls.calls[i];
        double top = place->plot.y - peak_row - place->calls + call->row * PV_TIMELINE_CALL_ROW;
        double width = fmax(call->to - call->from, PV_TIMELINE_CALL_LEAST);
        begin_call(picture, panel, call);
        draw_call(picture, call, top);
        pv_canvas_area(picture->canvas,
                       &(struct pv_rect){call->from, top, width, PV_TIMELINE_CALL_ROW});
        pv_canvas_end(picture->canvas);
    }
}

static void draw_panel(struct pv_timeline_picture *picture, uint32_t index)
{
    struct pv_timeline_panel *panel = &picture->timeline.panels[index];
    struct pv_timeline_place *place = &picture->places[index];
    struct pv_rect *plot = &place->plot;
    double right = plot->x + plot->width, bottom = plot->y + plot->height;
    struct pv_axis along = time_axis(picture, panel, plot);
    struct pv_axis up = value_axis(picture, panel, bottom, plot->y);
    pv_timeline_trace(&picture->timeline, index, &along);
    draw_panel_name(picture, panel, place);
    choose_calls(picture, index, plot);
    draw_calls(picture, panel, place);
    pv_axis_draw_left(&up, plot->x, right, picture->canvas);
    if (place->has_clock) {
        pv_axis_draw_below(&along, bottom, bottom, picture->canvas);
        draw_clock_name(picture, panel, plot);
    }
    for (uint32_t i = panel->layer_count; i-- > 0;)
        draw_layer(picture, panel, i, &up);
    for (uint32_t i = panel->layer_count; panel->layer_count > 1 && i-- > 0;)
        draw_layer_name(picture, panel, i, &up, along.start);
    draw_marks(picture, panel, plot);
    draw_peak(picture, panel, &along, &up);
    draw_moments(picture, panel, plot);
}

static void draw_all(struct pv_timeline_picture *picture, struct pv_buffer *notes)
{
    place_panels(picture);
    pv_timeline_keys(picture);
    pv_timeline_facts(picture);
    pv_timeline_legend(picture, notes);
    double top = pv_sheet_header(&picture->sheet);
    for (uint32_t p = 0; p < picture->timeline.panel_count; p++) {
        picture->places[p].top += top;
        picture->places[p].plot.y += top;
    }
    pv_sheet_draw(&picture->sheet, picture->height, picture->canvas);
    for (uint32_t p = 0; p < picture->timeline.panel_count; p++)
        draw_panel(picture, p);
}

static void free_picture(struct pv_timeline_picture *picture)
{
    struct pv_buffer *buffers[] = {&picture->total,  &picture->facts, &picture->legend,
                                   &picture->cuts,   &picture->words, &picture->label,
                                   &picture->tooltip};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        pv_buffer_free(buffers[i]);
    pv_timeline_free(&picture->timeline);
    free(picture->steps);
}

static bool timeline_draw(const struct pv_profile *profile, const struct pv_draw *draw,
                          struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    double width = draw->width > 0 ? draw->width : default_width;
    struct pv_timeline_picture picture = {
        .profile = profile,
        .draw = draw,
        .canvas = canvas,
        .sheet = {.draw = draw,
                  .profile = profile,
                  .view = "Timeline",
                  .width = width < least_width ? least_width : width}};
    (void)err;
    pv_timeline_make(&picture.timeline, profile);
    if (picture.timeline.panel_count)
        draw_all(&picture, notes);
    else
        pv_sheet_say(&picture.sheet, PV_TEXT("no values over time"), canvas);
    free_picture(&picture);
    return true;
}

const struct pv_renderer pv_view_timeline = {
    .name = "timeline",
    .summary = "values over time: memory, counters; what belongs together is stacked",
    .needs_series = true,
    .takes_spans = true,
    .draw = timeline_draw,
};

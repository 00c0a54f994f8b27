#include "render/callgraph_diff.h"
#include "render/callgraph_parts.h"

#include "model/number.h"
#include "render/font.h"
#include "render/labels.h"

#include <math.h>
#include <stdlib.h>

enum { HALO = 8, BAND = 16, RADIUS = 4 };

/* One picture while it is painted. */
struct painter {
    const struct pv_callgraph *graph;
    const struct pv_layout *layout;
    struct pv_canvas *canvas;
    struct pv_point corner;
    struct pv_point *points; /* room for the longest arrow, and its steps */
    struct pv_step *steps;
    struct pv_buffer name, tooltip;
};

double pv_arrow_length(double stroke)
{
    return 6 + 1.6 * stroke;
}

double pv_arrow_half(double stroke)
{
    return 2.6 + 0.9 * stroke;
}

static struct pv_rect rect_of(const struct painter *painter, uint32_t box, double grow)
{
    const struct pv_rect *rect = &painter->layout->boxes[box];
    return (struct pv_rect){painter->corner.x + rect->x - grow, painter->corner.y + rect->y - grow,
                            rect->width + 2 * grow, rect->height + 2 * grow};
}

/* The arrow's way on the page: its own, or a loop right of its box. Returns its points. */
static size_t way_of(struct painter *painter, uint32_t arrow)
{
    const struct pv_graph_arrow *from = &painter->graph->arrows[arrow];
    const struct pv_route *route = &painter->layout->routes[arrow];
    if (from->tail == from->head) {
        struct pv_rect box = rect_of(painter, from->tail, 0);
        double x = box.x + box.width, y = box.y + box.height / 2;
        double reach = PV_LOOP_WIDTH * 4 / 3.0 - 6, half = fmin(10, box.height / 4);
        painter->points[0] = (struct pv_point){x, y - half};
        painter->points[1] = (struct pv_point){x + reach, y - half * 1.8};
        painter->points[2] = (struct pv_point){x + reach, y + half * 1.8};
        painter->points[3] = (struct pv_point){x, y + half};
        return 4;
    }
    for (uint32_t i = 0; i < route->count; i++) {
        const struct pv_point *point = &painter->layout->points[route->first + i];
        painter->points[i] =
            (struct pv_point){point->x + painter->corner.x, point->y + painter->corner.y};
    }
    return route->count;
}

static void paint_chain(struct painter *painter, size_t count, const struct pv_style *style)
{
    const struct pv_point *points = painter->points;
    struct pv_step *steps = painter->steps;
    size_t used = 0;
    steps[used++] = (struct pv_step){.verb = PV_MOVE, .x = points[0].x, .y = points[0].y};
    for (size_t i = 1; i + 2 < count; i += 3)
        steps[used++] =
            (struct pv_step){PV_CURVE,        points[i].x,     points[i].y,    points[i + 1].x,
                             points[i + 1].y, points[i + 2].x, points[i + 2].y};
    pv_canvas_path(painter->canvas, steps, used, style);
}

static struct pv_rect group_rect(const struct painter *painter, uint32_t group)
{
    struct pv_rect rect = painter->layout->groups[group];
    rect.x += painter->corner.x;
    rect.y += painter->corner.y;
    return rect;
}

/* The frames of modules, below all else. */
static void paint_groups(struct painter *painter)
{
    static const struct pv_style style = {
        .fill = PV_PAINT_SURFACE, .stroke = PV_PAINT_HAIRLINE, .stroke_width = 1, .radius = 8};
    for (uint32_t i = 0; i < painter->graph->group_count; i++) {
        struct pv_rect rect = group_rect(painter, i);
        if (rect.width > 0)
            pv_canvas_rect(painter->canvas, &rect, &style);
    }
}

/* Their names, above the arrows that come in from above. */
static void paint_group_names(struct painter *painter)
{
    static const struct pv_face face = {PV_GROUP_FACE, true};
    for (uint32_t i = 0; i < painter->graph->group_count; i++) {
        struct pv_rect rect = group_rect(painter, i);
        painter->name.size = 0;
        if (!pv_label_text(&painter->name, painter->graph->groups[i], face, rect.width - 16))
            continue;
        struct pv_text name = pv_buffer_text(&painter->name);
        struct pv_rect patch = {rect.x + 4, rect.y + 2, pv_font_width(name, face.size, true) + 8,
                                PV_GROUP_PAD - 4};
        pv_canvas_rect(painter->canvas, &patch,
                       &(struct pv_style){.fill = PV_PAINT_SURFACE, .radius = 4});
        pv_canvas_label(painter->canvas, &(struct pv_label){.text = name,
                                                            .x = rect.x + 8,
                                                            .y = rect.y + PV_GROUP_PAD / 2.0 +
                                                                 pv_font_middle(face.size),
                                                            .size = face.size,
                                                            .is_bold = true});
    }
}

/* All cycles' tint: halos around their boxes, joined by bands along their arrows. */
static void paint_cycles(struct painter *painter)
{
    const struct pv_callgraph *graph = painter->graph;
    struct pv_style halo = {.fill = PV_PAINT_TINT, .radius = HALO + RADIUS};
    struct pv_style band = {.stroke = PV_PAINT_TINT, .stroke_width = BAND};
    for (uint32_t i = 0; i < graph->box_count; i++) {
        struct pv_rect rect = rect_of(painter, i, HALO);
        if (graph->boxes[i].cycle)
            pv_canvas_rect(painter->canvas, &rect, &halo);
    }
    for (uint32_t i = 0; i < graph->arrow_count; i++) {
        const struct pv_graph_arrow *arrow = &graph->arrows[i];
        uint32_t cycle = graph->boxes[arrow->tail].cycle;
        size_t count = way_of(painter, i);
        if (cycle && cycle == graph->boxes[arrow->head].cycle && arrow->tail != arrow->head &&
            count >= 4)
            paint_chain(painter, count, &band);
    }
}

static void paint_head(struct painter *painter, struct pv_point base, struct pv_point tip,
                       double half, enum pv_paint paint)
{
    double length = hypot(tip.x - base.x, tip.y - base.y);
    if (length <= 0)
        return;
    double ux = (tip.x - base.x) / length, uy = (tip.y - base.y) / length;
    struct pv_step steps[] = {
        {.verb = PV_MOVE, .x = tip.x, .y = tip.y},
        {.verb = PV_LINE, .x = base.x - uy * half, .y = base.y + ux * half},
        {.verb = PV_LINE, .x = base.x + uy * half, .y = base.y - ux * half},
        {.verb = PV_CLOSE},
    };
    pv_canvas_path(painter->canvas, steps, sizeof steps / sizeof steps[0],
                   &(struct pv_style){.fill = paint});
}

/* What an arrow lies on, mostly. */
static enum pv_paint ground_of(const struct painter *painter, const struct pv_graph_arrow *arrow)
{
    const struct pv_graph_box *tail = &painter->graph->boxes[arrow->tail];
    const struct pv_graph_box *head = &painter->graph->boxes[arrow->head];
    if (tail->cycle && tail->cycle == head->cycle)
        return PV_PAINT_TINT;
    return tail->group && tail->group == head->group ? PV_PAINT_SURFACE : PV_PAINT_BACKGROUND;
}

static void paint_label(struct painter *painter, const struct pv_graph_arrow *arrow)
{
    struct pv_text text = pv_text_slice(pv_buffer_text(&painter->graph->text), arrow->from,
                                        arrow->from + arrow->size);
    struct pv_point at = {painter->corner.x + arrow->at.x, painter->corner.y + arrow->at.y};
    struct pv_rect patch = {at.x - arrow->label_width / 2, at.y - PV_ARROW_LABEL_HEIGHT / 2.0,
                            arrow->label_width, PV_ARROW_LABEL_HEIGHT};
    bool is_loop = arrow->tail == arrow->head;
    if (!is_loop)
        pv_canvas_rect(painter->canvas, &patch,
                       &(struct pv_style){.fill = ground_of(painter, arrow), .radius = 4});
    pv_canvas_label(painter->canvas, &(struct pv_label){.text = text,
                                                        .x = at.x,
                                                        .y = at.y + pv_font_middle(PV_ARROW_FACE),
                                                        .size = PV_ARROW_FACE,
                                                        .anchor = PV_MIDDLE});
}

static uint32_t frame_of(const struct painter *painter, uint32_t box)
{
    return painter->graph->profile->graph->funcs[painter->graph->boxes[box].func].frame;
}

static void begin_arrow(struct painter *painter, uint32_t index)
{
    const struct pv_callgraph *graph = painter->graph;
    const struct pv_graph_arrow *arrow = &graph->arrows[index];
    painter->name.size = painter->tooltip.size = 0;
    pv_label_full(&painter->name, graph->profile, frame_of(painter, arrow->tail));
    pv_buffer_add(&painter->name, PV_TEXT(" \xE2\x86\x92 "));
    pv_label_full(&painter->name, graph->profile, frame_of(painter, arrow->head));
    if (graph->change)
        pv_callgraph_diff_words(painter->graph, arrow, &painter->tooltip);
    else if (arrow->has_total)
        pv_sheet_share(&painter->tooltip, &graph->sheet, arrow->total);
    if (arrow->calls != PV_UNKNOWN_CALLS && !graph->change) {
        if (painter->tooltip.size)
            pv_buffer_add(&painter->tooltip, PV_TEXT(", "));
        pv_add_count(&painter->tooltip, (uint64_t)arrow->calls, "call", "calls");
    }
    if (arrow->is_residual)
        pv_buffer_add(&painter->tooltip, painter->tooltip.size
                                             ? PV_TEXT("\nthrough functions that are not drawn")
                                             : PV_TEXT("through functions that are not drawn"));
    pv_canvas_begin(painter->canvas,
                    &(struct pv_item){.kind = PV_ITEM_ARC,
                                      .id = graph->box_count + index + 1,
                                      .from = arrow->tail + 1,
                                      .to = arrow->head + 1,
                                      .value = arrow->total,
                                      .name = pv_buffer_text(&painter->name),
                                      .tooltip = pv_buffer_text(&painter->tooltip)});
}

enum pv_paint pv_callgraph_arrow_paint(const struct pv_callgraph *graph,
                                       const struct pv_graph_arrow *arrow)
{
    enum { million = 1000000, least_dotted = 3 };
    if (graph->change)
        return pv_callgraph_diff_paint(graph, arrow);
    if (arrow->is_residual && !arrow->has_total)
        return PV_PAINT_ARC + least_dotted;
    return pv_paint_arc((int64_t)(arrow->share * million), million);
}

static void paint_arrow(struct painter *painter, uint32_t index)
{
    const struct pv_graph_arrow *arrow = &painter->graph->arrows[index];
    enum pv_paint paint = pv_callgraph_arrow_paint(painter->graph, arrow);
    size_t count = way_of(painter, index);
    if (count < 4)
        return;
    struct pv_point tip = painter->points[count - 1];
    begin_arrow(painter, index);
    count = pv_curve_shorten(painter->points, count, pv_arrow_length(arrow->stroke));
    paint_chain(painter, count,
                &(struct pv_style){.stroke = paint,
                                   .stroke_width = arrow->is_residual ? 1.2 : arrow->stroke,
                                   .dash = arrow->is_residual ? PV_DOTTED : PV_SOLID});
    paint_head(painter, painter->points[count - 1], tip, pv_arrow_half(arrow->stroke), paint);
    if (arrow->is_label_placed)
        paint_label(painter, arrow);
    pv_canvas_end(painter->canvas);
}

static void add_numbers(struct painter *painter, const struct pv_graph_box *box)
{
    const struct pv_callgraph *graph = painter->graph;
    const struct pv_func *func = &graph->profile->graph->funcs[box->func];
    struct pv_buffer *out = &painter->tooltip;
    if (graph->change) {
        pv_callgraph_diff_self(graph, box, out);
        pv_buffer_add(out, PV_TEXT("\n"));
        pv_callgraph_diff_total(graph, box, out);
        return;
    }
    pv_buffer_add(out, PV_TEXT("self "));
    pv_sheet_share(out, &graph->sheet, box->self);
    pv_buffer_add(out, PV_TEXT(", total "));
    pv_sheet_share(out, &graph->sheet, box->total);
    if (func->calls == PV_UNKNOWN_CALLS)
        return;
    pv_buffer_char(out, '\n');
    pv_add_count(out, (uint64_t)func->calls, "call", "calls");
    int64_t primitive = pv_primitive_calls(graph->profile->graph, box->func);
    if (primitive == PV_UNKNOWN_CALLS || primitive == func->calls)
        return;
    pv_buffer_add(out, PV_TEXT(", "));
    pv_add_grouped(out, (uint64_t)primitive);
    pv_buffer_add(out, PV_TEXT(" of them not recursive"));
}

static void begin_box(struct painter *painter, uint32_t index)
{
    const struct pv_callgraph *graph = painter->graph;
    const struct pv_graph_box *box = &graph->boxes[index];
    bool is_rest = box->func == PV_NONE;
    painter->name.size = painter->tooltip.size = 0;
    if (is_rest) {
        pv_buffer_add(&painter->name, PV_TEXT("functions that are not drawn"));
        if (graph->change)
            pv_callgraph_diff_rest(graph, &painter->tooltip);
        else
            pv_sheet_share(&painter->tooltip, &graph->sheet, box->self);
    } else {
        pv_label_full(&painter->name, graph->profile, frame_of(painter, index));
        add_numbers(painter, box);
    }
    pv_canvas_begin(painter->canvas,
                    &(struct pv_item){.kind = PV_ITEM_BOX,
                                      .id = index + 1,
                                      .value = is_rest ? box->self : box->total,
                                      .self = box->self,
                                      .is_rest = is_rest,
                                      .name = pv_buffer_text(&painter->name),
                                      .tooltip = pv_buffer_text(&painter->tooltip)});
}

struct pv_style pv_callgraph_box_style(const struct pv_callgraph *graph,
                                       const struct pv_graph_box *box)
{
    enum { million = 1000000 };
    const struct pv_draw *draw = graph->draw;
    struct pv_style style = {.stroke = PV_PAINT_BORDER, .stroke_width = 1, .radius = RADIUS};
    if (box->func == PV_NONE) {
        style.fill = PV_PAINT_REST;
        style.dash = PV_DOTTED;
        return style;
    }
    if (graph->change) {
        pv_callgraph_diff_style(graph, box, &style);
        return style;
    }
    double share = draw->is_by_total ? box->total_share : box->self_share;
    share = draw->skew > 0 ? pow(share, draw->skew) : share;
    uint32_t frame = graph->profile->graph->funcs[box->func].frame;
    enum pv_colouring colouring = draw->has_colouring ? draw->colouring : PV_COLOUR_COST;
    style.fill =
        pv_paint_frame(graph->profile, frame, colouring, (int64_t)(share * million), million);
    style.fill = pv_paint_mapped(style.fill, draw->colormap);
    style.stroke_width = 0.8 + 2.4 * box->total_share;
    return style;
}

static void paint_box(struct painter *painter, uint32_t index)
{
    const struct pv_graph_box *box = &painter->graph->boxes[index];
    struct pv_rect rect = rect_of(painter, index, 0);
    struct pv_style style = pv_callgraph_box_style(painter->graph, box);
    double y = rect.y, height = 0;
    begin_box(painter, index);
    pv_canvas_rect(painter->canvas, &rect, &style);
    for (unsigned i = 0; i < box->line_count; i++)
        height += ceil(box->lines[i].face * 1.32);
    y += (rect.height - height) / 2;
    for (unsigned i = 0; i < box->line_count; i++) {
        const struct pv_box_line *line = &box->lines[i];
        double row = ceil(line->face * 1.32);
        pv_canvas_label(
            painter->canvas,
            &(struct pv_label){.text = pv_text_slice(pv_buffer_text(&painter->graph->text),
                                                     line->from, line->from + line->size),
                               .x = rect.x + rect.width / 2,
                               .y = y + row / 2 + pv_font_middle(line->face),
                               .size = line->face,
                               .anchor = PV_MIDDLE,
                               .is_bold = line->is_bold});
        y += row;
    }
    pv_canvas_end(painter->canvas);
}

void pv_callgraph_paint(const struct pv_callgraph *graph, const struct pv_layout *layout,
                        struct pv_point corner, struct pv_canvas *canvas)
{
    struct painter painter = {.graph = graph, .layout = layout, .canvas = canvas, .corner = corner};
    size_t longest = 4;
    for (uint32_t i = 0; i < graph->arrow_count; i++)
        longest = layout->routes[i].count > longest ? layout->routes[i].count : longest;
    painter.points = pv_zalloc(longest, sizeof *painter.points);
    painter.steps = pv_zalloc(longest / 3 + 2, sizeof *painter.steps);
    paint_groups(&painter);
    paint_cycles(&painter);
    /* The largest last: on top. */
    for (uint32_t i = graph->arrow_count; i-- > 0;)
        paint_arrow(&painter, i);
    paint_group_names(&painter);
    for (uint32_t i = 0; i < graph->box_count; i++)
        paint_box(&painter, i);
    free(painter.points);
    free(painter.steps);
    pv_buffer_free(&painter.name);
    pv_buffer_free(&painter.tooltip);
}

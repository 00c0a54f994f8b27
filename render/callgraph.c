#include "render/callgraph.h"

#include "render/callgraph_diff.h"
#include "render/callgraph_parts.h"
#include "render/live.h"

#include <math.h>
#include <stdlib.h>

enum { RANK_GAP = 48, BOX_GAP = 20, LEAST_WIDTH = 640, MOST_TRIES = 3 };

static struct pv_layout_graph describe(const struct pv_callgraph *graph,
                                       const struct pv_limits *limits)
{
    struct pv_layout_box *boxes = pv_zalloc((size_t)graph->box_count + 1, sizeof *boxes);
    struct pv_layout_arc *arcs = pv_zalloc((size_t)graph->arrow_count + 1, sizeof *arcs);
    uint32_t *groups = pv_zalloc((size_t)graph->box_count + 1, sizeof *groups);
    for (uint32_t i = 0; i < graph->box_count; i++) {
        const struct pv_graph_box *box = &graph->boxes[i];
        boxes[i] = (struct pv_layout_box){box->width, box->height, 0, box->func == PV_NONE};
        groups[i] = graph->boxes[i].group;
    }
    for (uint32_t i = 0; i < graph->arrow_count; i++) {
        const struct pv_graph_arrow *arrow = &graph->arrows[i];
        uint32_t weight = 1 + (uint32_t)(arrow->share * 50);
        arcs[i] = (struct pv_layout_arc){arrow->tail, arrow->head, weight};
        if (arrow->tail == arrow->head)
            boxes[arrow->tail].aside = ceil(PV_LOOP_WIDTH + arrow->label_width);
    }
    return (struct pv_layout_graph){.boxes = boxes,
                                    .arcs = arcs,
                                    .box_count = graph->box_count,
                                    .arc_count = graph->arrow_count,
                                    .rank_gap = RANK_GAP,
                                    .box_gap = BOX_GAP,
                                    .groups = groups,
                                    .group_count = graph->group_count,
                                    .group_pad = PV_GROUP_PAD,
                                    .cpu_ms = limits->layout_ms};
}

static bool lay_out(struct pv_layout **out, const struct pv_callgraph *graph,
                    const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_layout_graph description = describe(graph, limits);
    bool is_done = pv_dot_layout(out, &description, err);
    free((void *)description.boxes);
    free((void *)description.arcs);
    free((void *)description.groups);
    return is_done;
}

uint32_t pv_callgraph_most(uint32_t wanted, uint64_t fallback)
{
    return wanted ? wanted : fallback < UINT32_MAX ? (uint32_t)fallback : UINT32_MAX;
}

/* Halves what is drawn each time the layout runs out of its limits. */
static bool fill_and_lay_out(struct pv_callgraph *graph, struct pv_layout **out,
                             struct pv_error *err)
{
    struct pv_limits limits = graph->draw->limits ? *graph->draw->limits : pv_limits_default();
    uint32_t funcs = pv_callgraph_most(graph->draw->node_count, limits.graph_nodes);
    uint32_t arcs = pv_callgraph_most(graph->draw->arc_count, limits.graph_arcs);
    for (graph->halvings = 0;; graph->halvings++) {
        pv_callgraph_fill(graph, funcs, arcs);
        if (lay_out(out, graph, &limits, err))
            return true;
        if (err->code != PV_LIMIT || graph->halvings + 1 == MOST_TRIES)
            return false;
        funcs = graph->box_count / 2 + 1;
        arcs = graph->arrow_count / 2 + 1;
        pv_callgraph_clear(graph);
    }
}

/* What labels must not touch: names of modules, boxes, loops with their labels, arrowheads. */
static struct pv_rect *find_taken(const struct pv_callgraph *graph, const struct pv_layout *layout,
                                  uint32_t *count)
{
    size_t most = (size_t)graph->box_count + graph->arrow_count + graph->group_count + 1;
    struct pv_rect *taken = pv_zalloc(most, sizeof *taken);
    *count = 0;
    for (uint32_t i = 0; i < graph->group_count; i++) {
        taken[*count] = layout->groups[i];
        taken[(*count)++].height = PV_GROUP_PAD;
    }
    for (uint32_t i = 0; i < graph->box_count; i++)
        taken[(*count)++] = layout->boxes[i];
    for (uint32_t i = 0; i < graph->arrow_count; i++) {
        const struct pv_graph_arrow *arrow = &graph->arrows[i];
        const struct pv_route *route = &layout->routes[i];
        const struct pv_rect *box = &layout->boxes[arrow->tail];
        double size = pv_arrow_half(arrow->stroke) * 2;
        if (arrow->tail == arrow->head) {
            taken[(*count)++] = (struct pv_rect){box->x + box->width, box->y,
                                                 PV_LOOP_WIDTH + arrow->label_width, box->height};
        } else if (route->count) {
            struct pv_point tip = layout->points[route->first + route->count - 1];
            taken[(*count)++] = (struct pv_rect){tip.x - size / 2, tip.y - size / 2, size, size};
        }
    }
    return taken;
}

static void place_labels(struct pv_callgraph *graph, const struct pv_layout *layout)
{
    uint32_t taken_count;
    struct pv_rect *taken = find_taken(graph, layout, &taken_count);
    struct pv_arc_label *labels = pv_zalloc((size_t)graph->arrow_count + 1, sizeof *labels);
    for (uint32_t i = 0; i < graph->arrow_count; i++) {
        const struct pv_graph_arrow *arrow = &graph->arrows[i];
        labels[i] = (struct pv_arc_label){.route = i,
                                          .width = arrow->label_width,
                                          .height = PV_ARROW_LABEL_HEIGHT,
                                          .stroke = arrow->stroke,
                                          .head = pv_arrow_length(arrow->stroke)};
        if (arrow->tail == arrow->head)
            labels[i].width = 0;
    }
    graph->unlabelled = pv_arc_labels_place(labels, graph->arrow_count, layout, taken, taken_count);
    for (uint32_t i = 0; i < graph->arrow_count; i++) {
        struct pv_graph_arrow *arrow = &graph->arrows[i];
        const struct pv_rect *box = &layout->boxes[arrow->tail];
        arrow->is_label_placed = labels[i].is_placed;
        arrow->at = labels[i].centre;
        if (arrow->tail == arrow->head && arrow->label_width > 0) {
            arrow->is_label_placed = true;
            arrow->at.x = box->x + box->width + PV_LOOP_WIDTH + arrow->label_width / 2;
            arrow->at.y = box->y + box->height / 2;
        }
    }
    free(taken);
    free(labels);
}

static void add_keys(struct pv_sheet *sheet, const struct pv_draw *draw)
{
    if (!draw->has_colouring || draw->colouring == PV_COLOUR_COST)
        pv_sheet_cost_keys(sheet, draw->skew);
}

static void draw_page(struct pv_sheet *sheet, double height, struct pv_canvas *canvas)
{
    struct pv_live live = {0};
    struct pv_buffer words = {0};
    if (canvas->is_live) {
        live.script = PV_SCRIPT_GRAPH;
        pv_live_text(&live.data, "kind", PV_TEXT("graph"));
        pv_live_real(&live.data, "body", height);
        pv_live_int(&live.data, "whole",
                    sheet->draw->diff ? sheet->whole
                                      : sheet->profile->metrics[sheet->draw->metric].total);
        pv_live_sheet(&live, sheet, &words);
        pv_live_font(&live.data, pv_buffer_text(&words));
        sheet->live = &live;
    }
    pv_sheet_draw(sheet, height, canvas);
    sheet->live = NULL;
    pv_buffer_free(&words);
    pv_buffer_free(&live.data);
}

static void draw_graph(struct pv_callgraph *graph, const struct pv_layout *layout,
                       struct pv_canvas *canvas, struct pv_buffer *notes)
{
    struct pv_buffer facts = {0}, cuts = {0}, legend = {0};
    struct pv_sheet *sheet = &graph->sheet;
    pv_callgraph_facts(&facts, graph);
    pv_callgraph_cuts(&cuts, graph, notes);
    pv_callgraph_legend(&legend, graph);
    if (graph->change)
        pv_callgraph_diff_keys(graph, sheet);
    else
        add_keys(sheet, graph->draw);
    sheet->facts = pv_buffer_text(&facts);
    sheet->cuts = pv_buffer_text(&cuts);
    sheet->legend = pv_buffer_text(&legend);
    sheet->width = fmax(fmax(layout->width + 2 * PV_MARGIN, LEAST_WIDTH), graph->draw->width);
    draw_page(sheet, layout->height, canvas);
    struct pv_point corner = {floor((sheet->width - layout->width) / 2), pv_sheet_header(sheet)};
    pv_callgraph_paint(graph, layout, corner, canvas);
    pv_buffer_free(&facts);
    pv_buffer_free(&cuts);
    pv_buffer_free(&legend);
}

static bool is_empty(const struct pv_callgraph *graph)
{
    return graph->profile->metric_count == 0 || graph->profile->graph->func_count == 0;
}

static bool draw(const struct pv_profile *profile, const struct pv_draw *options,
                 struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_callgraph graph = {
        .profile = profile,
        .draw = options,
        .sheet = {.draw = options, .profile = profile, .view = "Call graph", .width = LEAST_WIDTH}};
    struct pv_layout *layout = NULL;
    if (is_empty(&graph)) {
        pv_sheet_empty(&graph.sheet, canvas);
        return true;
    }
    graph.whole = graph.sheet.whole = pv_profile_whole(profile, options->metric);
    pv_callgraph_diff_begin(&graph);
    bool is_done = fill_and_lay_out(&graph, &layout, err);
    if (is_done) {
        graph.is_straight = layout->is_straight;
        place_labels(&graph, layout);
        draw_graph(&graph, layout, canvas, notes);
    }
    pv_callgraph_clear(&graph);
    pv_callgraph_diff_free(&graph);
    pv_buffer_free(&graph.text);
    pv_layout_free(layout);
    return is_done;
}

const struct pv_renderer pv_view_callgraph = {
    .name = "graph",
    .summary = "functions as boxes, calls as arrows: who calls what and what it costs",
    .needs_graph = true,
    .has_diff = true,
    .draw = draw,
};

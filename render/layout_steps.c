#include "render/layout_steps.h"

#include <math.h>
#include <stdlib.h>

/* The arcs that leave each box, in their order: list[start[b]] to list[start[b + 1] - 1]. */
struct fan {
    uint32_t *start, *list;
    uint32_t *entries; /* arcs that lead to the box from others */
};

static void fan_make(struct fan *fan, const struct pv_layout_graph *graph)
{
    size_t boxes = graph->box_count;
    fan->start = pv_zalloc(boxes + 2, sizeof *fan->start);
    fan->list = pv_zalloc((size_t)graph->arc_count + 1, sizeof *fan->list);
    fan->entries = pv_zalloc(boxes + 1, sizeof *fan->entries);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        fan->start[graph->arcs[i].tail + 2]++;
    for (size_t i = 2; i < boxes + 2; i++)
        fan->start[i] += fan->start[i - 1];
    /* Counted two places on, so that filling leaves the starts where they belong. */
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_layout_arc *arc = &graph->arcs[i];
        fan->list[fan->start[arc->tail + 1]++] = i;
        fan->entries[arc->head] += arc->tail != arc->head;
    }
}

static void fan_free(struct fan *fan)
{
    free(fan->start);
    free(fan->list);
    free(fan->entries);
}

enum visit { NOT_SEEN, ON_WAY, DONE };

/* A depth-first search in progress: `way` is where it is, `done` the boxes in the order in which
 * they were left. */
struct search {
    const struct pv_layout_graph *graph;
    struct fan fan;
    unsigned char *visits;
    uint32_t *cursors, *way, *done;
    uint32_t depth, done_count;
    bool *is_feedback;
    uint32_t *ranks;
};

/* Follows the next arc of the box at the way's end, or leaves the box. */
static void search_step(struct search *search)
{
    uint32_t box = search->way[search->depth - 1];
    if (search->cursors[box] == search->fan.start[box + 1]) {
        search->visits[box] = DONE;
        search->done[search->done_count++] = box;
        search->depth--;
        return;
    }
    uint32_t arc = search->fan.list[search->cursors[box]++];
    uint32_t head = search->graph->arcs[arc].head;
    if (search->visits[head] == ON_WAY) {
        search->is_feedback[arc] = head != box;
    } else if (search->visits[head] == NOT_SEEN) {
        search->visits[head] = ON_WAY;
        search->way[search->depth++] = head;
    }
}

static void search_from(struct search *search, uint32_t box)
{
    if (search->visits[box] != NOT_SEEN)
        return;
    search->visits[box] = ON_WAY;
    search->way[search->depth++] = box;
    while (search->depth)
        search_step(search);
}

/* The order in which boxes were left, backwards, has every box before those below it. Feedback arcs
 * turned round add nothing: the way they close is already there. */
static uint64_t search_spans(const struct search *search)
{
    const struct pv_layout_graph *graph = search->graph;
    uint32_t *levels = pv_zalloc((size_t)graph->box_count + 1, sizeof *levels);
    for (uint32_t i = search->done_count; i-- > 0;) {
        uint32_t box = search->done[i];
        for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
            uint32_t arc = search->fan.list[k], head = graph->arcs[arc].head;
            uint32_t level = levels[box] + search->ranks[arc];
            if (!search->is_feedback[arc] && head != box && levels[head] < level)
                levels[head] = level;
        }
    }
    uint64_t spans = 0;
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        uint32_t a = levels[graph->arcs[i].tail], b = levels[graph->arcs[i].head];
        spans += a < b ? b - a : a - b;
    }
    free(levels);
    return spans;
}

/* A box with all below it, where that is a tree that only its root is called into. */
struct bush {
    bool is_bush;
    uint32_t depth;       /* in ranks */
    double width, height; /* px */
};

/* px that the bushes of one box may be wide together: about three for two high. */
static double rows_of_bushes(const struct search *search, const struct bush *bushes, uint32_t box)
{
    static const double least = 900;
    double area = 0;
    for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
        const struct bush *bush = &bushes[search->graph->arcs[search->fan.list[k]].head];
        area += bush->is_bush ? bush->width * bush->height : 0;
    }
    return fmax(least, sqrt(area * 1.5));
}

/* Puts the bushes below a box into rows, each as far down as the rows before it are deep, and makes
 * a bush of the box if there is nothing else below it. */
static void place_bushes(struct search *search, struct bush *bushes, uint32_t box)
{
    const struct pv_layout_graph *graph = search->graph;
    const struct pv_layout_box *own = &graph->boxes[box];
    double gap = graph->box_gap, limit = rows_of_bushes(search, bushes, box), x = 0;
    uint32_t above = 0, deepest = 0;
    struct bush made = {search->fan.entries[box] == 1, 1, own->width + own->aside + gap,
                        own->height + graph->rank_gap};
    double row_height = 0;
    for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
        uint32_t arc = search->fan.list[k], head = graph->arcs[arc].head;
        const struct bush *bush = &bushes[head];
        if (head == box)
            continue;
        made.is_bush &= bush->is_bush;
        if (!bush->is_bush)
            continue;
        if (x > 0 && x + bush->width > limit) {
            above += deepest;
            made.height += row_height;
            x = row_height = 0;
            deepest = 0;
        }
        search->ranks[arc] = 1 + above;
        x += bush->width;
        deepest = bush->depth > deepest ? bush->depth : deepest;
        row_height = fmax(row_height, bush->height);
        made.width = fmax(made.width, x);
    }
    made.depth = 1 + above + deepest;
    made.height += row_height;
    bushes[box] = made;
}

/* Boxes were left from below. */
static void search_ranks(struct search *search)
{
    struct bush *bushes = pv_zalloc((size_t)search->graph->box_count + 1, sizeof *bushes);
    for (uint32_t i = 0; i < search->graph->arc_count; i++)
        search->ranks[i] = 1;
    for (uint32_t i = 0; i < search->done_count; i++)
        place_bushes(search, bushes, search->done[i]);
    free(bushes);
}

void pv_layout_plan_make(struct pv_layout_plan *plan, const struct pv_layout_graph *graph)
{
    size_t boxes = (size_t)graph->box_count + 1, arcs = (size_t)graph->arc_count + 1;
    struct search search = {.graph = graph};
    fan_make(&search.fan, graph);
    search.visits = pv_zalloc(boxes, sizeof *search.visits);
    search.cursors = pv_zalloc(boxes, sizeof *search.cursors);
    search.way = pv_zalloc(boxes, sizeof *search.way);
    search.done = pv_zalloc(boxes, sizeof *search.done);
    plan->is_feedback = search.is_feedback = pv_zalloc(arcs, sizeof *plan->is_feedback);
    plan->ranks = search.ranks = pv_zalloc(arcs, sizeof *plan->ranks);
    for (uint32_t i = 0; i < graph->box_count; i++)
        search.cursors[i] = search.fan.start[i];
    for (uint32_t i = 0; i < graph->box_count; i++)
        if (!search.fan.entries[i])
            search_from(&search, i);
    for (uint32_t i = 0; i < graph->box_count; i++)
        search_from(&search, i);
    search_ranks(&search);
    plan->spans = search_spans(&search);
    fan_free(&search.fan);
    free(search.visits);
    free(search.cursors);
    free(search.way);
    free(search.done);
}

void pv_layout_plan_free(struct pv_layout_plan *plan)
{
    free(plan->is_feedback);
    free(plan->ranks);
}

/* About three wide for two high. */
static double rows_width(const struct pv_layout_graph *graph, const bool *is_loose)
{
    double area = 0, widest = 0;
    for (uint32_t i = 0; i < graph->box_count; i++) {
        const struct pv_layout_box *box = &graph->boxes[i];
        double width = box->width + box->aside;
        if (!is_loose[i])
            continue;
        area += (width + graph->box_gap) * (box->height + graph->box_gap);
        widest = width > widest ? width : widest;
    }
    double wanted = sqrt(area * 1.5);
    return wanted > widest ? wanted : widest;
}

double pv_layout_rows(struct pv_rect *boxes, const struct pv_layout_graph *graph,
                      const bool *is_loose, double top, double *right)
{
    double wanted = rows_width(graph, is_loose), width = *right > wanted ? *right : wanted;
    double x = 0, bottom = top;
    for (uint32_t i = 0; i < graph->box_count; i++) {
        const struct pv_layout_box *box = &graph->boxes[i];
        if (!is_loose[i])
            continue;
        double end = x + box->width + box->aside;
        if (x > 0 && end > width) {
            end -= x;
            x = 0;
            top = bottom + graph->box_gap;
        }
        boxes[i] = (struct pv_rect){x, top, box->width, box->height};
        x = end + graph->box_gap;
        *right = end > *right ? end : *right;
        bottom = top + box->height > bottom ? top + box->height : bottom;
    }
    return bottom;
}

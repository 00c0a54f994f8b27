#include "render/layout_steps.h"

#include <math.h>
#include <stdlib.h>

/* The arcs that leave each box, in their order: list[start[b]] to list[start[b + 1] - 1]. */
struct fan {
    uint32_t *start, *list;
    bool *is_entered; /* something leads to the box */
};

static void fan_make(struct fan *fan, const struct pv_layout_graph *graph)
{
    size_t boxes = graph->box_count;
    fan->start = pv_zalloc(boxes + 2, sizeof *fan->start);
    fan->list = pv_zalloc((size_t)graph->arc_count + 1, sizeof *fan->list);
    fan->is_entered = pv_zalloc(boxes + 1, sizeof *fan->is_entered);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        fan->start[graph->arcs[i].tail + 2]++;
    for (size_t i = 2; i < boxes + 2; i++)
        fan->start[i] += fan->start[i - 1];
    /* Counted two places on, so that filling leaves the starts where they belong. */
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_layout_arc *arc = &graph->arcs[i];
        fan->list[fan->start[arc->tail + 1]++] = i;
        fan->is_entered[arc->head] |= arc->tail != arc->head;
    }
}

static void fan_free(struct fan *fan)
{
    free(fan->start);
    free(fan->list);
    free(fan->is_entered);
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
    uint32_t *ranks = pv_zalloc((size_t)graph->box_count + 1, sizeof *ranks);
    for (uint32_t i = search->done_count; i-- > 0;) {
        uint32_t box = search->done[i];
        for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
            uint32_t arc = search->fan.list[k], head = graph->arcs[arc].head;
            if (!search->is_feedback[arc] && head != box && ranks[head] <= ranks[box])
                ranks[head] = ranks[box] + 1;
        }
    }
    uint64_t spans = 0;
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        uint32_t a = ranks[graph->arcs[i].tail], b = ranks[graph->arcs[i].head];
        spans += a < b ? b - a : a - b;
    }
    free(ranks);
    return spans;
}

bool *pv_layout_feedback(const struct pv_layout_graph *graph, uint64_t *spans)
{
    size_t boxes = (size_t)graph->box_count + 1;
    struct search search = {.graph = graph};
    fan_make(&search.fan, graph);
    search.visits = pv_zalloc(boxes, sizeof *search.visits);
    search.cursors = pv_zalloc(boxes, sizeof *search.cursors);
    search.way = pv_zalloc(boxes, sizeof *search.way);
    search.done = pv_zalloc(boxes, sizeof *search.done);
    search.is_feedback = pv_zalloc((size_t)graph->arc_count + 1, sizeof *search.is_feedback);
    for (uint32_t i = 0; i < graph->box_count; i++)
        search.cursors[i] = search.fan.start[i];
    for (uint32_t i = 0; i < graph->box_count; i++)
        if (!search.fan.is_entered[i])
            search_from(&search, i);
    for (uint32_t i = 0; i < graph->box_count; i++)
        search_from(&search, i);
    *spans = search_spans(&search);
    fan_free(&search.fan);
    free(search.visits);
    free(search.cursors);
    free(search.way);
    free(search.done);
    return search.is_feedback;
}

/* Whether only one arc touches the box, at its end. */
static bool *find_leaves(const struct pv_layout_graph *graph)
{
    bool *is_leaf = pv_zalloc((size_t)graph->box_count + 1, sizeof *is_leaf);
    uint32_t *entries = pv_zalloc((size_t)graph->box_count + 1, sizeof *entries);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        entries[graph->arcs[i].head] += graph->arcs[i].tail != graph->arcs[i].head;
    for (uint32_t i = 0; i < graph->box_count; i++)
        is_leaf[i] = entries[i] == 1;
    for (uint32_t i = 0; i < graph->arc_count; i++)
        if (graph->arcs[i].tail != graph->arcs[i].head)
            is_leaf[graph->arcs[i].tail] = false;
    free(entries);
    return is_leaf;
}

/* Leaves in one rank: `most`, but rather about three ranks wide for two high. */
static uint32_t leaves_in_rank(uint32_t leaves)
{
    enum { most = 6 };
    uint32_t wanted = (uint32_t)ceil(sqrt(leaves * 1.5));
    return wanted > most ? wanted : most;
}

uint32_t *pv_layout_stagger(const struct pv_layout_graph *graph)
{
    bool *is_leaf = find_leaves(graph);
    uint32_t *lengths = pv_zalloc((size_t)graph->arc_count + 1, sizeof *lengths);
    uint32_t *leaves = pv_zalloc((size_t)graph->box_count + 1, sizeof *leaves);
    uint32_t *seen = pv_zalloc((size_t)graph->box_count + 1, sizeof *seen);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        leaves[graph->arcs[i].tail] += is_leaf[graph->arcs[i].head];
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        uint32_t tail = graph->arcs[i].tail;
        lengths[i] = 1;
        if (is_leaf[graph->arcs[i].head])
            lengths[i] += seen[tail]++ / leaves_in_rank(leaves[tail]);
    }
    free(is_leaf);
    free(leaves);
    free(seen);
    return lengths;
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

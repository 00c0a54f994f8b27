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

enum { MOST_ROWS = 16 };

/* Into how many rows the bushes below a box go, so that they are about three wide for two high. */
static uint32_t count_rows(const struct search *search, const struct bush *bushes, uint32_t box)
{
    static const double least = 900;
    double area = 0, width = 0;
    for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
        const struct bush *bush = &bushes[search->graph->arcs[search->fan.list[k]].head];
        if (bush->is_bush) {
            area += bush->width * bush->height;
            width += bush->width;
        }
    }
    uint32_t rows = (uint32_t)fmin(MOST_ROWS, ceil(width / fmax(least, sqrt(area * 1.5))));
    return rows ? rows : 1;
}

/* A row of bushes, and how many ranks are above it. */
struct row {
    uint32_t depth, above;
    double width, height;
};

/* Which bush stands in which row: by turns, so that arrows to lower rows find their way between the
 * bushes of the upper ones. The first time it measures the rows, the second time `above` is known.
 */
static void deal_bushes(struct search *search, const struct bush *bushes, uint32_t box,
                        struct row *rows, uint32_t row_count)
{
    uint32_t turn = 0;
    for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
        uint32_t arc = search->fan.list[k], head = search->graph->arcs[arc].head;
        const struct bush *bush = &bushes[head];
        if (head == box || !bush->is_bush)
            continue;
        struct row *row = &rows[turn];
        turn = turn + 1 < row_count ? turn + 1 : 0;
        row->depth = bush->depth > row->depth ? bush->depth : row->depth;
        row->height = fmax(row->height, bush->height);
        row->width += bush->width;
        search->ranks[arc] = 1 + row->above;
    }
}

/* Whether nothing but bushes is below the box, and it has one way in. */
static bool is_bush(const struct search *search, const struct bush *bushes, uint32_t box)
{
    for (uint32_t k = search->fan.start[box]; k < search->fan.start[box + 1]; k++) {
        uint32_t head = search->graph->arcs[search->fan.list[k]].head;
        if (head != box && !bushes[head].is_bush)
            return false;
    }
    return search->fan.entries[box] == 1;
}

/* Puts the bushes below a box into rows, each below the rows before it. */
static void place_bushes(struct search *search, struct bush *bushes, uint32_t box)
{
    const struct pv_layout_box *own = &search->graph->boxes[box];
    struct row rows[MOST_ROWS] = {{0}};
    uint32_t row_count = count_rows(search, bushes, box);
    struct bush made = {.is_bush = is_bush(search, bushes, box),
                        .depth = 1,
                        .width = own->width + own->aside + search->graph->box_gap,
                        .height = own->height + search->graph->rank_gap};
    deal_bushes(search, bushes, box, rows, row_count);
    for (uint32_t i = 0; i < row_count; i++) {
        rows[i].above = made.depth - 1;
        made.depth += rows[i].depth;
        made.height += rows[i].height;
        made.width = fmax(made.width, rows[i].width);
    }
    deal_bushes(search, bushes, box, rows, row_count);
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

#ifndef PV_RENDER_DOT_LAYOUT_H
#define PV_RENDER_DOT_LAYOUT_H

#include "render/curve.h"

#include <stdint.h>

/* Where the boxes and arcs of a directed graph stand: Graphviz's dot (Gansner, Koutsofios, North,
 * Vo: A Technique for Drawing Directed Graphs, 1993) places them, and nothing else of Graphviz is
 * used: no text, no fonts, no configuration, no files. The same input gives the same places. All
 * lengths are px, y downwards. This is the one file that knows Graphviz. */

/* A box of its size, with `aside` px kept free right of it for what hangs on it. */
struct pv_layout_box {
    double width, height, aside;
    bool is_below; /* below all others, if no arc touches it */
};

/* An arc between two boxes (indexes). The heavier, the shorter and straighter; 1 to 1000. An arc
 * from a box to itself takes no part: it gets no route. */
struct pv_layout_arc {
    uint32_t tail, head, weight;
};

enum pv_direction { PV_TOP_TO_BOTTOM, PV_LEFT_TO_RIGHT };

/* What to place. Order decides where something must: the most important boxes and arcs first. Boxes
 * that no arc touches stand in rows below the others, in their order; a few of them stand beside
 * the topmost. */
struct pv_layout_graph {
    const struct pv_layout_box *boxes;
    const struct pv_layout_arc *arcs;
    uint32_t box_count, arc_count;
    enum pv_direction direction;
    double rank_gap, box_gap; /* between ranks, between boxes of one rank */
    const uint32_t *groups;   /* of each box, from 1; 0: none. NULL: no groups. Those of one group
                               * stand together in a frame with group_pad px around them */
    uint32_t group_count;
    double group_pad;
    uint64_t cpu_ms; /* that the layout may take, in whole seconds rounded up; 0: no limit */
};

/* An arc's way as a chain of curves: points[first] to points[first + count - 1], from the border of
 * the tail to the border of the head. count is 0 for an arc from a box to itself. */
struct pv_route {
    uint32_t first, count;
};

struct pv_layout {
    double width, height; /* everything lies between 0, 0 and this */
    struct pv_rect *boxes;
    struct pv_rect *groups;  /* group g's frame is groups[g - 1]; without width where no arc touches
                              * a box of it */
    struct pv_route *routes; /* one per arc */
    struct pv_point *points;
    bool is_straight; /* the graph was so large that arcs are straight lines */
};

/* Lays the graph out in a child process. Effort follows the graph's size, never the clock: over 150
 * arcs fewer rounds are spent on crossings, over PV_LAYOUT_CURVED arcs the arcs become straight
 * lines. False with PV_LIMIT where the child used up its CPU time or memory: the caller may try a
 * smaller graph. Release with pv_layout_free. */
enum { PV_LAYOUT_QUICK = 150, PV_LAYOUT_CURVED = 300 };
bool pv_dot_layout(struct pv_layout **out, const struct pv_layout_graph *graph,
                   struct pv_error *err);
void pv_layout_free(struct pv_layout *layout);

#endif

#ifndef PV_RENDER_LAYOUT_STEPS_H
#define PV_RENDER_LAYOUT_STEPS_H

#include "render/dot_layout.h"

/* What a layout does before and after Graphviz. */

/* How a graph becomes layers: arrays of arc_count.
 *
 * Without the arcs that is_feedback names, the graph has no cycle: a depth-first search from the
 * boxes that nothing leads to, then from the rest, both in their order, follows the arcs of a box
 * in theirs; an arc back into the way that the search came closes a cycle. An arc from a box to
 * itself is not among them.
 *
 * ranks[i] is how far below its tail the head of an arc has to stand, mostly one rank. Where a box
 * has so many callees that they would make the picture far too wide, those that are called by
 * nobody else, and whose callees are not either, stand in several rows. */
struct pv_layout_plan {
    bool *is_feedback;
    uint32_t *ranks;
    uint64_t spans; /* ranks that all arcs cross together: what a layered layout costs */
};
void pv_layout_plan_make(struct pv_layout_plan *plan, const struct pv_layout_graph *graph);
void pv_layout_plan_free(struct pv_layout_plan *plan);

/* Puts the boxes that is_loose names into rows from 0, `top`, as wide as `width` or wider where
 * that gives a better shape. Returns the lower end of the last row and raises *right to the right
 * end of the widest. */
double pv_layout_rows(struct pv_rect *boxes, const struct pv_layout_graph *graph,
                      const bool *is_loose, double top, double *right);

#endif

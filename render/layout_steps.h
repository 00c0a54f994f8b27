#ifndef PV_RENDER_LAYOUT_STEPS_H
#define PV_RENDER_LAYOUT_STEPS_H

#include "render/dot_layout.h"

/* What a layout does before and after Graphviz. */

/* Which arcs close a cycle: without them the graph has none. A depth-first search from the boxes
 * that nothing leads to, then from the rest, both in their order, follows the arcs of a box in
 * theirs; an arc back into the way that the search came closes a cycle. arc_count claims, to be
 * freed; an arc from a box to itself is not among them. *spans receives how many ranks all arcs
 * cross together, each box one below the longest way to it: what a layered layout costs. */
bool *pv_layout_feedback(const struct pv_layout_graph *graph, uint64_t *spans);

/* How many ranks each arc has to cross, one but for this: where a box has many callees that nobody
 * else calls and that call nothing, they stand in several ranks, the first ones in the first, so
 * that no rank gets far too wide. An array of arc_count, to be freed. */
uint32_t *pv_layout_stagger(const struct pv_layout_graph *graph);

/* Puts the boxes that is_loose names into rows from 0, `top`, as wide as `width` or wider where
 * that gives a better shape. Returns the lower end of the last row and raises *right to the right
 * end of the widest. */
double pv_layout_rows(struct pv_rect *boxes, const struct pv_layout_graph *graph,
                      const bool *is_loose, double top, double *right);

#endif

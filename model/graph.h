#ifndef PV_MODEL_GRAPH_H
#define PV_MODEL_GRAPH_H

#include "model/profile.h"

/* The call graph of a measured call tree, exact: a function's total is over its outermost
 * occurrences in each stack, an arc counts once per stack. False where limits are reached.
 * Allocated in the profile's arena. */
bool pv_graph_from_tree(struct pv_graph **out, const struct pv_profile *profile,
                        const struct pv_limits *limits, struct pv_error *err);

/* Chains the arcs by caller and by callee, in the order of their indexes. The functions' chains are
 * empty before. */
void pv_graph_link(struct pv_graph *graph);

/* Strongly connected components (Tarjan, without recursion): component[f] is a number for each
 * function (an array of func_count, to be freed), the same for two functions on one cycle; arcs
 * into or out of loader frames do not count. *count (may be NULL) is how many there are. */
uint32_t *pv_graph_components(const struct pv_profile *profile, uint32_t *count);

#endif

#ifndef PV_MODEL_ESTIMATE_H
#define PV_MODEL_ESTIMATE_H

#include "model/profile.h"

/* The call tree that arcs could have come from.
 *
 * A file of arcs says how much each function cost and how much of it came through each caller, but
 * not which callers' callers; many trees fit. The one made here starts at the roots and divides
 * each node's total between the function itself and its callees in the proportion of the arcs, so
 * that self and children always sum to the node, exactly. Each node carries whether its total is
 * known: it is where every function above it has one way in, because then there is only one place
 * where its calls can have been. The largest nodes are divided first; it ends at 20,000 of them or
 * below 1/100,000 of the total, and what is not divided is one remainder child, so that the sum
 * over all nodes is the profile's total.
 *
 * Functions that load and run others (PV_FRAME_LOADER) may occur again below themselves: importing
 * code is gathered in one leaf "[imports]", and exec passes what it has to the heaviest callee
 * that fits in it.
 *
 * `metric` decides what is large; all metrics get their values in the same tree. The profile's
 * graph must be there; frames for the remainders are added to the profile. Everything lies in the
 * profile's arena. */
void pv_tree_estimate(struct pv_tree **out, struct pv_profile *profile, uint32_t metric);

/* How much of the metric's total stands in columns whose every node is exact; the total itself
 * for a measured tree. */
int64_t pv_tree_exact_share(const struct pv_profile *profile, uint32_t metric);

#endif

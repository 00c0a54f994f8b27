#ifndef PV_MODEL_INCLUSIVE_H
#define PV_MODEL_INCLUSIVE_H

#include "model/profile.h"

/* What functions cost in all, where a file tells only their own costs and what each call cost
 * (callgrind). Outside of cycles it is the own cost and that of the calls, and so it is for a
 * function that only calls itself: exact. On a cycle each call's cost holds that of the calls below
 * it, over and over, and who was there first is not in the file: a function there gets what is told
 * of the calls into it, at least its own cost and that of the calls that leave the cycle, at most
 * what all of the cycle costs. Nothing exceeds the metric's total, unless its values may be
 * negative. Calls inside of a cycle are cut to what both ends have.
 *
 * Calls of a function that are not known become the sum of its callers'. */
struct pv_inclusive_counts {
    uint64_t on_cycles; /* functions whose total is such an upper bound */
    uint64_t cut;       /* totals of functions and arcs beyond the whole */
};
struct pv_inclusive_counts pv_graph_inclusive(struct pv_profile *profile);

#endif

#ifndef PV_MODEL_PRUNE_H
#define PV_MODEL_PRUNE_H

#include "model/profile.h"

/* The part of a call graph that a picture shows: the most expensive functions and arcs, kept
 * connected, and what is left out as one remainder. The profile itself stays as it is; to prune a
 * profile, see the transform "prune". */

struct pv_prune_options {
    uint32_t metric;                  /* whose values decide */
    double func_percent, arc_percent; /* of the metric's total: what has less is left out */
    uint32_t max_funcs, max_arcs;     /* at most so many are kept, the largest; 0: no maximum */
};

struct pv_kept_arc {
    uint32_t caller, callee; /* indexes into `funcs` of struct pv_pruned */
    uint32_t arc;            /* of the graph; PV_NONE where is_residual */
    bool is_residual;        /* stands for a way through functions that are left out: dotted */
    bool has_total;          /* false: that it exists is all that is known */
    int64_t total;           /* in the metric; once per stack; 0 without has_total */
    int64_t calls;           /* PV_UNKNOWN_CALLS where unknown */
};

struct pv_pruned {
    uint32_t *funcs; /* functions of the graph: the largest total first, then self, then name */
    uint32_t func_count;
    struct pv_kept_arc *arcs; /* the largest first; by caller and callee where equal */
    uint32_t arc_count;
    uint32_t rest_funcs, rest_arcs; /* how many are left out (arcs: between kept functions) */
    int64_t rest_self;              /* the metric's total less the Σ self of what is kept */
};

/* The profile's graph must be there. With a measured tree, an arc goes to each kept function from
 * the nearest kept function above it in each stack, and is residual where functions between them
 * are left out; it counts once per stack. With measured arcs, each kept function that has callers
 * but none that is kept gets one residual arc without a total, from the kept function whose best
 * way to it is widest: the way whose smallest arc is largest; but none where the function's total
 * is the metric's: what begins the program is called from below at most. Each function's largest
 * arc from a caller is kept whatever its share, so that nothing floats that hangs on something. The
 * result is one block: release with pv_pruned_free. */
struct pv_pruned *pv_prune_graph(const struct pv_profile *profile,
                                 const struct pv_prune_options *options);
void pv_pruned_free(struct pv_pruned *pruned);

#endif

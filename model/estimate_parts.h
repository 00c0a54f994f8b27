#ifndef PV_MODEL_ESTIMATE_PARTS_H
#define PV_MODEL_ESTIMATE_PARTS_H

#include "model/estimate.h"

/* What an estimate is made of: shared by its own files, nobody else's business. */

enum { PV_ESTIMATE_NODES = 20000, PV_ESTIMATE_FRACTION = 100000 };

struct pv_estimate {
    struct pv_profile *profile;
    const struct pv_graph *graph;
    uint32_t metric;
    int64_t least; /* what has less is not a node of its own */

    uint8_t *ways; /* by function: arcs into it that carry something, recursion too; 2: or more */
    uint32_t *out; /* arcs of the functions that were met, the heaviest first */
    uint32_t out_count, out_capacity;
    uint32_t *out_start; /* by function: where its arcs begin in `out`; 0: it was not met */
    uint64_t *on_path;   /* a bit by function: it is above the node that is being divided */

    struct pv_node *nodes;
    uint32_t *func_of; /* by node; PV_NONE: a remainder */
    bool *is_chain;    /* by node: exact, and all calls of its function are here */
    uint8_t *certainty;
    int64_t **total; /* [metric][node] */
    uint32_t count;
    uint32_t *heap, heap_size; /* nodes to be divided, the largest at 0 */

    /* The callees of the node that is being divided. */
    uint32_t *parts, part_count, part_capacity;
    int64_t *values;          /* [metric × part_capacity + part] */
    int64_t *imports, *small; /* [metric] */
    uint32_t imports_frame, small_frame, unknown_frame;
};

/* What an arc carried in a metric; from its share of the callee's calls where the file does not
 * tell (*is_told). Never negative. */
int64_t pv_estimate_arc(const struct pv_estimate *estimate, uint32_t metric, uint32_t arc,
                        bool *is_told);

/* floor(amount × part / whole), whole > 0. */
int64_t pv_estimate_share(int64_t amount, int64_t part, int64_t whole);

/* Whether what the tree shows for the function is what the file tells. A deterministic profiler,
 * whose numbers come with calls, contradicts itself by its own overhead: 1 % is let pass. */
bool pv_estimate_is_as_told(const struct pv_estimate *estimate, uint32_t func, int64_t shown,
                            int64_t told);

/* Makes the nodes below the root. */
void pv_estimate_roots(struct pv_estimate *estimate);

/* Divides one node. */
void pv_estimate_divide(struct pv_estimate *estimate, uint32_t node);

/* A new child with totals 0; a `func` of PV_NONE makes it a remainder called `frame`. */
uint32_t pv_estimate_child(struct pv_estimate *estimate, uint32_t parent, uint32_t func,
                           uint32_t frame);

#endif

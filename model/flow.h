#ifndef PV_MODEL_FLOW_H
#define PV_MODEL_FLOW_H

#include "model/profile.h"

/* Arcs do not say which stacks there were. What part of a function's cost was spent below others,
 * or while it was above them, is known exactly where one way leads there, and is estimated
 * elsewhere as gprof does (Graham, Kessler, McKusick: gprof: a Call Graph Execution Profiler,
 * 1982): a call costs the same whoever calls, so that cost goes along arcs in proportion to their
 * totals. Functions on one cycle share one part, unless meant ones are among them: then their
 * parts, which depend on each other, are found in rounds. Loader frames end every way that does not
 * begin with them, because otherwise all that a program imports would lie below all that imports.
 */

/* Parts are fractions of this; sums of parts are integers, so that the order of arcs shows nowhere.
 */
#define PV_FLOW_ALL ((uint64_t)1 << 32)

struct pv_flow {
    const struct pv_profile *profile;
    bool *is_meant; /* by function: those that the flow is about */
    bool *reached;  /* by function: meant, or below one that is */
    bool *reaching; /* by function: meant, or above one that is */
    /* By function: whether arcs do not tell exactly, in any metric measured, how much of it lies
     * below meant functions (of a meant one: below others), or leads to them. */
    bool *guesses_down, *guesses_up;
    uint64_t *down;  /* part of a function's cost that lies below meant functions; meant: all */
    uint64_t *above; /* the same, but of a meant function: below other meant functions */
    uint64_t *up;    /* part of a function's cost that meant functions below it spend; meant: all */
    uint32_t *component, *order; /* of functions; order: by component, callees first */
    uint32_t components;
    uint32_t *starts; /* of components in `order`, and the end behind the last */
};

/* `matches`: by frame. The profile's graph must be there. */
void pv_flow_open(struct pv_flow *flow, const struct pv_profile *profile, const bool *matches);

/* Fills down, above and up for a metric. */
void pv_flow_measure(struct pv_flow *flow, uint32_t metric);
void pv_flow_close(struct pv_flow *flow);

/* Whether a function is a loader that no way passes. */
bool pv_flow_is_end(const struct pv_flow *flow, uint32_t func);

/* Whether a function whose total is above that of the arcs into it was also called by what the file
 * does not have: by the counts of calls where they are told, else by the totals themselves. */
bool pv_flow_has_other_callers(const struct pv_graph *graph, uint32_t func);

/* value × part, rounded half away from zero. */
int64_t pv_flow_part(int64_t value, uint64_t part);

/* Parts of parts: a × b, and a of the whole or else b of what is left. */
uint64_t pv_flow_both(uint64_t a, uint64_t b);
uint64_t pv_flow_either(uint64_t a, uint64_t b);

#endif

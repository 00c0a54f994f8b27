#ifndef PV_RENDER_TIMELINE_CALLS_H
#define PV_RENDER_TIMELINE_CALLS_H

#include "model/profile.h"
#include "render/axis.h"

/* Which calls of a trace stand as brackets over a timeline, as numbers. */

enum {
    PV_TIMELINE_CALLS = 48, /* at most */
    PV_TIMELINE_CALL_ROWS = 3,
    PV_TIMELINE_CALL_ROW = 18, /* px */
    PV_TIMELINE_CALL_LEAST = 48,
};

/* A call, or (from = to) a moment that has a name. px on the axis, cut where that ends. */
struct pv_timeline_call {
    double from, to;
    int64_t begin, length; /* in metric 0's scale, begin as in the file */
    int64_t at;            /* the begin, as the axis counts */
    uint32_t frame, row;
};

struct pv_timeline_calls {
    struct pv_timeline_call calls[PV_TIMELINE_CALLS];
    uint32_t count, rows;
    uint32_t left_out; /* wide enough, or moments, but without room */
};

/* The longest calls that are PV_TIMELINE_CALL_LEAST px wide at least, a callee below its caller,
 * and then moments, which take PV_TIMELINE_CALL_LEAST px for their names. `origin` is what the
 * axis counts from; its unit is metric 0's, or there are none. Linear in the calls. */
void pv_timeline_choose_calls(struct pv_timeline_calls *out, const struct pv_profile *profile,
                              const struct pv_axis *axis, int64_t origin);

#endif

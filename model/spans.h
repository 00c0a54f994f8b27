#ifndef PV_MODEL_SPANS_H
#define PV_MODEL_SPANS_H

#include <stdint.h>

/* What a trace knows beyond its call tree: when each call began and ended. Kept in a profile only
 * where limits.keeps_spans asks for it; profile->spans is NULL otherwise, and where the input has
 * no times. */

/* One call. Times are in metric 0's unit times its scale, end >= begin. */
struct pv_span {
    int64_t begin, end;
    uint32_t frame;
    uint32_t depth; /* spans around it on its track; 0: the outermost */
    uint32_t node;  /* of the tree: its stack, cut where that is */
};

/* A thread's sequence: spans[first … first + count) in the order of their begins, a span before
 * what is inside it. Spans nest: each ends within the one around it. The gaps are idle. */
struct pv_track {
    uint32_t
        node; /* of the tree: the stack of the track's outer frames (process, thread); 0: none */
    uint32_t first, count;
};

struct pv_spans {
    struct pv_track *tracks; /* in the order in which the input first names them */
    struct pv_span *spans;
    uint32_t track_count, count;
};

#endif

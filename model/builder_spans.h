#ifndef PV_MODEL_BUILDER_SPANS_H
#define PV_MODEL_BUILDER_SPANS_H

#include "model/map.h"
#include "model/span_log.h"
#include "model/spans.h"

/* What a builder holds of traces: nobody's business but the builder's own files'. */

/* What is put right, each with its note. */
enum pv_repair {
    PV_REPAIR_LATE,      /* began or ended before the event in front of it */
    PV_REPAIR_UNMATCHED, /* ends without a begin */
    PV_REPAIR_OUTLIVED,  /* no end before what is around it ends */
    PV_REPAIR_UNCLOSED,  /* no end at all */
    PV_REPAIR_OVERLAP,   /* ends after what it begins in */
    PV_REPAIR_NEGATIVE,  /* ends before it begins */
    PV_REPAIR_HUGE,      /* beyond PV_TIME_MOST */
    PV_REPAIR_CPU,       /* less CPU time than the calls in it */
    PV_REPAIRS
};
struct pv_repairs {
    uint64_t count, line; /* line: the first one's, 0: not known */
};

/* One track until its end. Times are in `scale`. */
struct pv_track_part {
    struct pv_span_log log;
    int64_t scale;
    int64_t at, end;                 /* of the last span */
    int64_t pair_at;                 /* of the last enter or leave */
    int64_t until;                   /* followed so long; INT64_MIN: not known */
    uint64_t begin_drops, end_drops; /* how often a span stood before the last one by its begin,
                                        by its end */
    uint32_t node, count;            /* count: events */
    bool has_pairs, has_whole, is_late, is_sampled; /* enter and leave; spans; pairs are unsorted */
};

/* A call that lasts while its track is gone through. */
struct pv_open_call {
    int64_t begin, end, self; /* self: less the calls in it, as far as they are known */
    uint32_t frame, node, line;
    uint32_t slot;                  /* where its end goes */
    uint32_t last_frame, last_node; /* of the last call in it: often the next one's too */
    uint32_t ahead;                 /* of a later call in its place: the hash of the path */
    int64_t cpu, cpu_inside;        /* as in struct pv_event; of the calls in it */
};

/* What going through a track needs; kept from one to the next. */
struct pv_nest_part {
    struct pv_open_call *stack; /* stack[0] stands for the track */
    uint32_t capacity;
    struct pv_event *events; /* of one block */
    uint32_t *hashes;        /* of the same: of their calls' paths */
    uint32_t *open_count;    /* by frame: calls on the stack; all 0 between tracks */
};

struct pv_spans_part {
    struct pv_track_part *tracks;
    uint32_t count, capacity;
    struct pv_map by_node;
    uint64_t line; /* of the events that come */
    int64_t cpu;   /* of the next one, where has_cpu */
    bool has_cpu;
    uint32_t cpu_metric; /* 0: nothing tells it */
    struct pv_repairs repairs[PV_REPAIRS];
    struct pv_nest_part nest;
    bool keeps;
    struct pv_track *kept_tracks;
    uint32_t kept_track_count, kept_track_capacity;
    struct pv_span *kept;
    uint32_t kept_count, kept_capacity;
};

#endif

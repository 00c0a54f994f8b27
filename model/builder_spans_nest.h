#ifndef PV_MODEL_BUILDER_SPANS_NEST_H
#define PV_MODEL_BUILDER_SPANS_NEST_H

#include "model/builder_parts.h"

/* How a track's calls are put on the tree: nobody's business but that of the files
 * model/builder_spans_*.c. */

/* A call, or one end of a call that is still without the other. */
struct pv_nest_item {
    int64_t begin, end, cpu;
    uint32_t frame, line;
};

struct pv_nest {
    struct pv_builder *builder;
    struct pv_nest_part *part;
    struct pv_open_call *top; /* stack[0], the track, where no call is open */
    uint32_t depth;
    struct pv_nest_item *items; /* only where calls are just being matched */
    bool is_trial;              /* nothing is put on the tree */
    bool counts_open;
    bool is_sampled; /* calls are not counted */
    int64_t until;   /* calls that never end last so long */
};

/* Room for one more open call; false where memory is used up. */
bool pv_nest_grow(struct pv_nest *nest);

/* A call begins in the innermost one, and is that one from now on: without times and slot, which
 * the caller fills in. NULL where memory is used up. */
struct pv_open_call *pv_nest_push(struct pv_nest *nest, uint32_t frame);

/* The events of a block, in nest->part->events. */
bool pv_nest_unpack(struct pv_nest *nest, const struct pv_log_block *block);

/* builder_spans_back.c: where the events of a track stand in the order in which they were over,
 * outer calls behind inner ones, as programs write them: all of it, without sorting. False, and
 * nothing is done, where that order cannot be told. */
bool pv_nest_back(struct pv_nest *nest, const struct pv_track_part *track);

/* Nothing is open but the track. */
static inline void pv_nest_start(struct pv_nest *nest, uint32_t node)
{
    nest->depth = 0;
    nest->top = nest->part->stack;
    *nest->top = (struct pv_open_call){
        .begin = INT64_MIN, .end = INT64_MAX, .node = node, .last_frame = PV_NONE};
}

/* How long a call was on the CPU, by what its ends tell. */
static inline int64_t pv_nest_cpu(int64_t begin, int64_t end)
{
    return begin == PV_NO_CPU || end == PV_NO_CPU ? PV_NO_CPU : end - begin;
}

/* Of the innermost call, which is over. */
void pv_nest_add_cpu(struct pv_nest *nest);

/* The innermost call is over; its own time is what is left. */
static inline void pv_nest_pop(struct pv_nest *nest)
{
    if (!nest->is_trial) {
        pv_build_self(nest->builder, nest->top->node, 0, nest->top->self);
        if (nest->builder->spans.cpu_metric)
            pv_nest_add_cpu(nest);
    }
    if (nest->counts_open)
        nest->part->open_count[nest->top->frame]--;
    nest->top--;
    nest->depth--;
}

#endif

#include "model/builder_spans_nest.h"
#include "model/error.h"

#include <stdlib.h>

/* Events in the order in which calls were over. Read backwards, that is an order in which outer
 * calls come first: whole ones with both of their ends, pairs with their leave, which may not say
 * whose it is, until their enter comes. So it is done twice: the first time tells whether all
 * stands where sorting by the begins would put it, how deep each call is, and whose the leaves are;
 * the second time then needs no times to know where it is, and can look ahead. */

enum { DEEPEST = UINT16_MAX, SLOTS_AHEAD = 24, NODES_AHEAD = 12 };

struct back {
    struct pv_nest *nest;
    uint16_t *depths; /* by event, backwards: of its call */
    uint32_t *frames; /* by leave, backwards: whose it is; NULL: there are no pairs */
    uint32_t events;  /* so far */
    uint32_t leaves;  /* so far */
    int64_t last;     /* when the last event was over */
    bool has_pairs;
};

static const int64_t not_yet = INT64_MIN; /* the begin of a call whose enter is still to come */

static bool is_pending(const struct pv_nest *nest)
{
    return nest->depth && nest->top->begin == not_yet;
}

/* The call that is around the next one is at `depth` from now on. */
static inline void go_up(struct pv_nest *nest, uint32_t depth)
{
    nest->top -= nest->depth - depth;
    nest->depth = depth;
}

/* Leaves what begins at `at` or later. */
static inline void drop_from(struct pv_nest *nest, int64_t at)
{
    const struct pv_open_call *top = nest->top;
    uint32_t depth = nest->depth;
    for (; depth && top->begin >= at; top--)
        depth--;
    go_up(nest, depth);
}

static inline bool add(struct back *back, int64_t begin, int64_t end, uint32_t slot)
{
    struct pv_nest *nest = back->nest;
    if (nest->depth >= DEEPEST || (nest->depth + 2 > nest->part->capacity && !pv_nest_grow(nest)))
        return false;
    struct pv_open_call *call = ++nest->top;
    call->begin = begin;
    call->end = end;
    call->slot = slot;
    back->depths[back->events++] = (uint16_t)++nest->depth;
    return true;
}

static bool is_same(const struct pv_open_call *call, int64_t begin, int64_t end)
{
    return call->begin == begin && call->end == end;
}

/* Of one without length: whether it stands at an end of another one, so that sorting could put it
 * elsewhere. */
static bool is_at_border(const struct pv_nest *nest, int64_t at)
{
    const struct pv_open_call *call = nest->top;
    for (uint32_t depth = nest->depth; depth && call->begin >= at; call--, depth--)
        if (call->begin == at)
            return true;
    return call > nest->part->stack && call->end == at;
}

static inline bool span_fits(struct back *back, const struct pv_event *event)
{
    struct pv_nest *nest = back->nest;
    if (event->at == event->end && is_at_border(nest, event->at))
        return false;
    drop_from(nest, event->end);
    if (nest->depth && event->at < nest->top->begin)
        return false;
    /* Of two that are the same, sorting takes the one that stands first to be outside. */
    if (back->has_pairs && nest->depth && is_same(nest->top, event->at, event->end))
        return false;
    return add(back, event->at, event->end, PV_NONE);
}

static bool leave_fits(struct back *back, const struct pv_event *event)
{
    drop_from(back->nest, event->at);
    if (!add(back, not_yet, event->at, back->leaves++))
        return false;
    back->nest->top->frame = event->frame;
    return true;
}

/* Whether the call that has its both ends now could stand elsewhere, too. */
static bool is_clear(const struct back *back, const struct pv_open_call *last_inside)
{
    const struct pv_open_call *call = back->nest->top, *around = call - 1;
    if (call->begin == call->end)
        return false;
    if (last_inside && last_inside->slot == PV_NONE && is_same(last_inside, call->begin, call->end))
        return false;
    return back->nest->depth < 2 || around->begin == not_yet ||
           (call->begin >= around->begin && !is_same(around, call->begin, call->end));
}

static bool enter_fits(struct back *back, const struct pv_event *event)
{
    struct pv_nest *nest = back->nest;
    uint32_t had = nest->depth;
    drop_from(nest, event->at);
    bool is_whose =
        is_pending(nest) && (nest->top->frame == PV_NONE || nest->top->frame == event->frame);
    if (!is_whose)
        return false;
    back->frames[nest->top->slot] = event->frame;
    nest->top->begin = event->at;
    back->depths[back->events++] = (uint16_t)nest->depth;
    return is_clear(back, had > nest->depth ? nest->top + 1 : NULL);
}

static inline bool fits(struct back *back, const struct pv_event *event)
{
    if (event->end > back->last)
        return false;
    back->last = event->end;
    switch (event->kind) {
    case PV_EVENT_SPAN:
        return span_fits(back, event);
    case PV_EVENT_LEAVE:
        return back->frames && leave_fits(back, event);
    case PV_EVENT_ENTER:
        return back->frames && enter_fits(back, event);
    }
    return false;
}

static bool fits_back(struct back *back, const struct pv_span_log *log)
{
    struct pv_nest *nest = back->nest;
    for (const struct pv_log_block *block = log->last; block && pv_nest_unpack(nest, block);
         block = block->previous)
        for (uint32_t i = block->events; i > 0; i--)
            if (!fits(back, &nest->part->events[i - 1]))
                return false;
    for (; nest->depth; nest->top--, nest->depth--)
        if (is_pending(nest))
            return false;
    return true;
}

/* The paths of a block's calls, and whose its leaves are. */
static void look_ahead(struct back *back, uint32_t count)
{
    const struct pv_nest_part *part = back->nest->part;
    const uint16_t *depth = back->depths + back->events;
    uint32_t leave = back->leaves;
    for (uint32_t i = count; i-- > 0; depth++) {
        struct pv_event *event = &part->events[i];
        if (event->kind == PV_EVENT_LEAVE && back->frames)
            event->frame = back->frames[leave++];
        struct pv_open_call *call = &part->stack[*depth];
        call->ahead = pv_tree_hash(call[-1].ahead, event->frame);
        part->hashes[i] = call->ahead;
    }
    back->leaves = leave;
}

/* A call of `length` is all of its own, and not of the one around it. */
static void count_self(struct pv_nest *nest, int64_t length)
{
    pv_build_self(nest->builder, nest->top->node, 0, length);
    if (nest->depth > 1)
        pv_build_self(nest->builder, nest->top[-1].node, 0, -length);
}

static inline void place(struct pv_nest *nest, const struct pv_event *event)
{
    if (event->kind == PV_EVENT_ENTER) {
        nest->top->cpu = pv_nest_cpu(event->cpu, nest->top->cpu);
        nest->top->line = event->line;
        count_self(nest, nest->top->end - event->at);
        return;
    }
    struct pv_open_call *call = pv_nest_push(nest, event->frame);
    if (!call)
        return;
    call->end = event->end;
    call->cpu = event->cpu;
    call->line = event->line;
    if (event->kind == PV_EVENT_SPAN)
        count_self(nest, event->end - event->at);
}

/* Leaves calls that are over. */
static inline void leave_to(struct pv_nest *nest, uint32_t depth)
{
    if (nest->builder->spans.cpu_metric) {
        for (; nest->depth > depth; nest->top--, nest->depth--)
            pv_nest_add_cpu(nest);
    } else {
        go_up(nest, depth);
    }
}

static void place_block(struct back *back, uint32_t count)
{
    struct pv_nest *nest = back->nest;
    const struct pv_builder *builder = nest->builder;
    look_ahead(back, count);
    for (uint32_t i = count; i-- > 0 && pv_builder_goes_on(builder);) {
        const struct pv_event *event = &nest->part->events[i];
        uint32_t depth = back->depths[back->events++];
        if (i >= SLOTS_AHEAD)
            pv_tree_ask_slot(builder, nest->part->hashes[i - SLOTS_AHEAD]);
        if (i >= NODES_AHEAD)
            pv_tree_ask_node(builder, nest->part->hashes[i - NODES_AHEAD]);
        leave_to(nest, event->kind == PV_EVENT_ENTER ? depth : depth - 1);
        place(nest, event);
    }
}

static void go_back(struct back *back, const struct pv_span_log *log)
{
    struct pv_nest *nest = back->nest;
    back->events = back->leaves = 0;
    nest->part->stack[0].ahead = pv_build_nodes(nest->builder)[nest->top->node].PV_NODE_HASH;
    for (const struct pv_log_block *block = log->last; block && pv_nest_unpack(nest, block);
         block = block->previous)
        place_block(back, block->events);
    if (pv_builder_goes_on(nest->builder))
        leave_to(nest, 0);
}

bool pv_nest_back(struct pv_nest *nest, const struct pv_track_part *track)
{
    struct back back = {.nest = nest, .last = INT64_MAX, .has_pairs = track->has_pairs};
    uint64_t bytes = track->has_pairs ? (uint64_t)track->count * sizeof *back.frames : 0;
    uint64_t depths = (uint64_t)track->count * sizeof *back.depths;
    if (!pv_budget_take(&nest->builder->budget, bytes + depths))
        return false;
    if (bytes)
        back.frames = pv_alloc((size_t)bytes);
    back.depths = pv_alloc((size_t)depths);
    pv_nest_start(nest, track->node);
    bool is_fine = fits_back(&back, &track->log);
    pv_nest_start(nest, track->node);
    if (is_fine)
        go_back(&back, &track->log);
    free(back.frames);
    free(back.depths);
    return is_fine;
}

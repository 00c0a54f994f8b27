#include "model/builder_spans_nest.h"
#include "model/error.h"

#include <stdlib.h>

/* Events in the order in which calls were over. Read backwards, that is an order in which outer
 * calls come first: whole ones with both of their ends, pairs with their leave, which may not say
 * whose it is, until their enter comes. So it is done twice: the first time tells whether all
 * stands where sorting by the begins would put it, and whose the leaves are. */

struct back {
    struct pv_nest *nest;
    uint32_t *frames; /* by leave, backwards: whose it is; NULL: there are no pairs */
    uint32_t leaves;  /* so far */
    int64_t last;     /* when the last event was over */
    bool has_pairs;
};

static const int64_t not_yet = INT64_MIN; /* the begin of a call whose enter is still to come */

static bool is_pending(const struct pv_nest *nest)
{
    return nest->depth && nest->top->begin == not_yet;
}

/* Leaves what begins at `at` or later. */
static void drop_from(struct pv_nest *nest, int64_t at)
{
    while (nest->depth && nest->top->begin >= at) {
        nest->top--;
        nest->depth--;
    }
}

static bool add(struct pv_nest *nest, struct pv_open_call call)
{
    if (nest->depth + 2 > nest->part->capacity && !pv_nest_grow(nest))
        return false;
    *++nest->top = call;
    nest->depth++;
    return true;
}

static bool is_same(const struct pv_open_call *call, int64_t begin, int64_t end)
{
    return call->begin == begin && call->end == end;
}

static bool span_fits(struct back *back, const struct pv_event *event)
{
    struct pv_nest *nest = back->nest;
    bool is_empty = event->at == event->end;
    for (; nest->depth && nest->top->begin >= event->end; nest->top--, nest->depth--)
        if (is_empty && nest->top->begin == event->at)
            return false;
    if (nest->depth && (event->at < nest->top->begin || (is_empty && event->at == nest->top->end)))
        return false;
    /* Of two that are the same, sorting takes the one that stands first to be outside. */
    if (back->has_pairs && nest->depth && is_same(nest->top, event->at, event->end))
        return false;
    return add(nest, (struct pv_open_call){.begin = event->at, .end = event->end, .slot = PV_NONE});
}

static bool leave_fits(struct back *back, const struct pv_event *event)
{
    drop_from(back->nest, event->at);
    return add(back->nest, (struct pv_open_call){.begin = not_yet,
                                                 .end = event->at,
                                                 .frame = event->frame,
                                                 .slot = back->leaves++});
}

/* Whether the call that has its both ends now could stand elsewhere, too. */
static bool is_clear(const struct back *back, const struct pv_open_call *last_inside)
{
    const struct pv_open_call *call = back->nest->top, *around = call - 1;
    if (call->begin == call->end)
        return false;
    if (last_inside->slot == PV_NONE && is_same(last_inside, call->begin, call->end))
        return false;
    return back->nest->depth < 2 || around->begin == not_yet ||
           (call->begin >= around->begin && !is_same(around, call->begin, call->end));
}

static bool enter_fits(struct back *back, const struct pv_event *event)
{
    struct pv_nest *nest = back->nest;
    struct pv_open_call last_inside = {.slot = 0};
    for (; nest->depth && nest->top->begin >= event->at; nest->top--, nest->depth--)
        last_inside = *nest->top;
    bool is_whose =
        is_pending(nest) && (nest->top->frame == PV_NONE || nest->top->frame == event->frame);
    if (!is_whose)
        return false;
    back->frames[nest->top->slot] = event->frame;
    nest->top->begin = event->at;
    return is_clear(back, &last_inside);
}

static bool fits(struct back *back, const struct pv_event *event)
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

static void place_span(struct pv_nest *nest, const struct pv_event *event)
{
    while (nest->depth && nest->top->begin >= event->end)
        pv_nest_pop(nest);
    if (nest->depth)
        nest->top->self -= event->end - event->at;
    pv_nest_push(nest, (struct pv_open_call){.begin = event->at,
                                             .end = event->end,
                                             .self = event->end - event->at,
                                             .cpu = event->cpu,
                                             .frame = event->frame});
}

static void place_leave(struct back *back, const struct pv_event *event)
{
    struct pv_nest *nest = back->nest;
    while (nest->depth && nest->top->begin >= event->at)
        pv_nest_pop(nest);
    pv_nest_push(nest, (struct pv_open_call){.begin = not_yet,
                                             .end = event->at,
                                             .cpu = event->cpu,
                                             .frame = back->frames[back->leaves++]});
}

static void place_enter(struct pv_nest *nest, const struct pv_event *event)
{
    while (nest->depth && nest->top->begin >= event->at)
        pv_nest_pop(nest);
    if (nest->depth == 0) /* memory was used up on the way */
        return;
    int64_t length = nest->top->end - event->at;
    nest->top->self += length;
    nest->top->begin = event->at;
    nest->top->cpu = pv_nest_cpu(event->cpu, nest->top->cpu);
    if (nest->depth > 1)
        nest->top[-1].self -= length;
}

static void place(struct back *back, const struct pv_event *event)
{
    if (event->kind == PV_EVENT_SPAN)
        place_span(back->nest, event);
    else if (event->kind == PV_EVENT_LEAVE && back->frames)
        place_leave(back, event);
    else
        place_enter(back->nest, event);
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

static void go_back(struct back *back, const struct pv_span_log *log)
{
    struct pv_nest *nest = back->nest;
    for (const struct pv_log_block *block = log->last; block && pv_nest_unpack(nest, block);
         block = block->previous)
        for (uint32_t i = block->events; i > 0; i--)
            place(back, &nest->part->events[i - 1]);
    while (nest->depth)
        pv_nest_pop(nest);
}

bool pv_nest_back(struct pv_nest *nest, const struct pv_track_part *track)
{
    struct back back = {.nest = nest, .last = INT64_MAX, .has_pairs = track->has_pairs};
    uint64_t bytes = track->has_pairs ? (uint64_t)track->count * sizeof *back.frames : 0;
    if (!pv_budget_take(&nest->builder->budget, bytes))
        return false;
    if (bytes)
        back.frames = pv_alloc((size_t)bytes);
    pv_nest_start(nest, track->node);
    bool is_fine = fits_back(&back, &track->log);
    pv_nest_start(nest, track->node);
    back.leaves = 0;
    if (is_fine)
        go_back(&back, &track->log);
    free(back.frames);
    return is_fine;
}

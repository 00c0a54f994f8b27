#include "model/builder_spans_nest.h"
#include "model/error.h"
#include "model/sort.h"

#include <stdlib.h>

/* From a track's events to calls within calls. What comes in an order that tells where each call
 * belongs is gone through as it is logged, forwards or backwards; the rest is laid out and sorted.
 */

/* In place of an end. */
static const int64_t is_enter = INT64_MIN, is_leave = INT64_MIN + 1;

bool pv_nest_grow(struct pv_nest *nest)
{
    void *stack = nest->part->stack;
    bool grown = pv_builder_grow(nest->builder, &stack, &nest->part->capacity,
                                 (uint64_t)nest->depth + 2, sizeof *nest->part->stack);
    nest->part->stack = stack;
    nest->top = nest->part->stack + nest->depth;
    return grown;
}

static uint32_t node_in(struct pv_nest *nest, uint32_t frame)
{
    struct pv_open_call *top = nest->top;
    if (top->last_frame != frame) {
        top->last_node = pv_tree_child(nest->builder, top->node, frame);
        top->last_frame = frame;
    }
    return top->last_node;
}

/* Where a call's end is to be found again: in the profile's spans, where they are kept. */
static uint32_t keep(struct pv_nest *nest, const struct pv_open_call *call)
{
    struct pv_span span = {call->begin, call->end, call->frame, nest->depth - 1, call->node};
    return nest->builder->spans.keeps ? pv_spans_keep(nest->builder, &span) : PV_NONE;
}

struct pv_open_call *pv_nest_push(struct pv_nest *nest, uint32_t frame)
{
    uint32_t node = 0;
    if (nest->depth + 2 > nest->part->capacity && !pv_nest_grow(nest))
        return NULL;
    if (!nest->is_trial) {
        node = node_in(nest, frame);
        if (!nest->is_sampled)
            pv_build_calls(nest->builder, node, 1);
    }
    struct pv_open_call *call = ++nest->top;
    nest->depth++;
    call->frame = frame;
    call->node = node;
    call->last_frame = PV_NONE;
    call->self = call->cpu_inside = 0;
    if (nest->counts_open)
        nest->part->open_count[frame]++;
    return call;
}

bool pv_nest_unpack(struct pv_nest *nest, const struct pv_log_block *block)
{
    struct pv_builder *builder = nest->builder;
    return pv_builder_goes_on(builder) &&
           (pv_span_log_block(block, builder->metrics[0].metric.scale, nest->part->events) ||
            pv_builder_too_wide(builder));
}

/* Less than a microsecond is how clocks are rounded. */
void pv_nest_add_cpu(struct pv_nest *nest)
{
    enum { ROUNDING = 1000 };
    struct pv_open_call *call = nest->top;
    int64_t all = call->cpu == PV_NO_CPU ? call->cpu_inside : call->cpu;
    if (all < call->cpu_inside) {
        if (all < call->cpu_inside - ROUNDING)
            pv_spans_repair(nest->builder, PV_REPAIR_CPU, call->line);
        all = call->cpu_inside;
    }
    pv_build_self(nest->builder, call->node, nest->builder->spans.cpu_metric,
                  all - call->cpu_inside);
    if (!pv_add(call[-1].cpu_inside, all, &call[-1].cpu_inside))
        pv_builder_too_wide(nest->builder);
}

/* Calls that come in the order of their begins, the longer of two first. */
static void place(struct pv_nest *nest, const struct pv_nest_item *item)
{
    int64_t begin = item->begin, end = item->end;
    while (nest->depth && nest->top->end <= begin)
        pv_nest_pop(nest);
    if (end > nest->top->end) {
        pv_spans_repair(nest->builder, PV_REPAIR_OVERLAP, item->line);
        end = nest->top->end;
    }
    if (nest->depth)
        nest->top->self -= end - begin;
    struct pv_open_call *call = pv_nest_push(nest, item->frame);
    if (!call)
        return;
    call->begin = begin;
    call->end = end;
    call->self = end - begin;
    call->cpu = item->cpu;
    call->line = item->line;
    call->slot = keep(nest, call);
}

/* A call begins whose end is not known yet: its item's number, where calls are just being matched.
 */
static void enter(struct pv_nest *nest, const struct pv_event *event, uint32_t item)
{
    struct pv_open_call *call = pv_nest_push(nest, event->frame);
    if (!call)
        return;
    call->begin = event->at;
    call->end = 0;
    call->cpu = event->cpu;
    call->line = event->line;
    call->slot = nest->is_trial ? item : keep(nest, call);
}

/* The innermost call ends. */
static void close(struct pv_nest *nest, int64_t at, int64_t cpu)
{
    struct pv_open_call *call = nest->top;
    int64_t length = at - call->begin;
    call->self += length;
    call->cpu = pv_nest_cpu(call->cpu, cpu);
    if (nest->items)
        nest->items[call->slot].cpu = call->cpu;
    if (nest->items)
        nest->items[call->slot].end = at;
    else if (call->slot != PV_NONE)
        nest->builder->spans.kept[call->slot].end = at;
    pv_nest_pop(nest);
    if (nest->depth)
        nest->top->self -= length;
}

/* From the first end on that is not the innermost call's: whether there is such a call at all must
 * not take a search through the stack each time. */
static bool is_open(struct pv_nest *nest, uint32_t frame)
{
    struct pv_builder *builder = nest->builder;
    if (frame >= builder->frame_count)
        return false;
    if (!nest->part->open_count)
        nest->part->open_count = pv_zalloc(builder->frame_count, sizeof *nest->part->open_count);
    for (uint32_t i = 1; i <= nest->depth && !nest->counts_open; i++)
        nest->part->open_count[nest->part->stack[i].frame]++;
    nest->counts_open = true;
    return nest->part->open_count[frame] > 0;
}

static void leave(struct pv_nest *nest, const struct pv_event *event)
{
    bool fits = event->frame == PV_NONE || (nest->depth && nest->top->frame == event->frame);
    if (nest->depth == 0 || (!fits && !is_open(nest, event->frame))) {
        pv_spans_repair(nest->builder, PV_REPAIR_UNMATCHED, event->line);
        return;
    }
    while (event->frame != PV_NONE && nest->top->frame != event->frame) {
        pv_spans_repair(nest->builder, PV_REPAIR_OUTLIVED, nest->top->line);
        close(nest, event->at, PV_NO_CPU);
    }
    close(nest, event->at, event->cpu);
}

static void close_all(struct pv_nest *nest, int64_t at)
{
    at = at > nest->until ? at : nest->until;
    for (; nest->depth; close(nest, at, PV_NO_CPU))
        pv_spans_repair(nest->builder, PV_REPAIR_UNCLOSED, nest->top->line);
}

/* Enters and leaves in the order of time. */
static void go_through_pairs(struct pv_nest *nest, struct pv_span_log *log)
{
    int64_t last = 0;
    for (; log->first && pv_nest_unpack(nest, log->first); pv_span_log_drop(log)) {
        for (uint32_t i = 0; i < log->first->events; i++) {
            const struct pv_event *event = &nest->part->events[i];
            last = event->at;
            if (event->kind == PV_EVENT_LEAVE)
                leave(nest, event);
            else
                enter(nest, event, PV_NONE);
        }
    }
    close_all(nest, last);
}

static void go_through_spans(struct pv_nest *nest, struct pv_span_log *log)
{
    for (; log->first && pv_nest_unpack(nest, log->first); pv_span_log_drop(log)) {
        for (uint32_t i = 0; i < log->first->events; i++) {
            const struct pv_event *event = &nest->part->events[i];
            place(nest, &(struct pv_nest_item){event->at, event->end, event->cpu, event->frame,
                                               event->line});
        }
    }
    while (nest->depth)
        pv_nest_pop(nest);
}

static struct pv_nest_item item_of(const struct pv_event *event)
{
    const int64_t ends[] = {
        [PV_EVENT_ENTER] = is_enter, [PV_EVENT_LEAVE] = is_leave, [PV_EVENT_SPAN] = event->end};
    return (struct pv_nest_item){event->at, ends[event->kind], event->cpu, event->frame,
                                 event->line};
}

static struct pv_nest_item *lay_out(struct pv_nest *nest, struct pv_track_part *track)
{
    struct pv_builder *builder = nest->builder;
    uint64_t each = sizeof(struct pv_nest_item) + 2 * sizeof(uint32_t);
    if (!pv_budget_take(&builder->budget, each * track->count))
        return (void)pv_builder_memory(builder), NULL;
    struct pv_nest_item *items = pv_alloc(track->count * sizeof *items), *next = items;
    for (; track->log.first && pv_nest_unpack(nest, track->log.first);
         pv_span_log_drop(&track->log))
        for (uint32_t i = 0; i < track->log.first->events; i++)
            *next++ = item_of(&nest->part->events[i]);
    return items;
}

static int64_t last_time(const struct pv_nest_item *items, uint32_t count)
{
    int64_t last = INT64_MIN;
    for (uint32_t i = 0; i < count; i++) {
        last = items[i].begin > last ? items[i].begin : last;
        last = items[i].end > last ? items[i].end : last;
    }
    return last;
}

/* Makes calls of the pairs, in the places of their enters; returns how many items are left. */
static uint32_t match(struct pv_nest *nest, struct pv_nest_item *items, const uint32_t *order,
                      uint32_t count)
{
    uint32_t left = 0;
    nest->is_trial = true;
    nest->items = items;
    for (uint32_t i = 0; i < count; i++) {
        const struct pv_nest_item *item = &items[order[i]];
        struct pv_event event = {
            .at = item->begin, .cpu = item->cpu, .frame = item->frame, .line = item->line};
        if (item->end == is_leave)
            leave(nest, &event);
        else if (item->end == is_enter)
            enter(nest, &event, order[i]);
    }
    close_all(nest, last_time(items, count));
    nest->is_trial = false;
    nest->items = NULL;
    for (uint32_t i = 0; i < count; i++)
        if (items[i].end != is_leave)
            items[left++] = items[i];
    return left;
}

static bool is_longer(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_nest_item *items = context;
    return items[a].end > items[b].end;
}

static void fill(uint32_t *order, uint32_t count, bool is_backwards)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = is_backwards ? count - 1 - i : i;
}

/* By their begins, of those that begin together the longer first. */
static void sort_items(const struct pv_nest_item *items, uint32_t *order, uint32_t count)
{
    uint32_t to;
    pv_sort_by_key(order, count, &items->begin, sizeof *items);
    for (uint32_t from = 0; from < count; from = to) {
        for (to = from + 1; to < count && items[order[to]].begin == items[order[from]].begin;)
            to++;
        if (to > from + 1)
            pv_sort(order + from, to - from, is_longer, items);
    }
}

static void sort_and_place(struct pv_nest *nest, struct pv_track_part *track)
{
    struct pv_nest_item *items = lay_out(nest, track);
    uint32_t *order = pv_alloc(track->count * sizeof *order), count = track->count;
    bool is_by_end = track->end_drops < track->begin_drops && !track->has_pairs;
    if (items && pv_builder_goes_on(nest->builder)) {
        fill(order, count, is_by_end);
        if (track->is_late)
            pv_sort_by_key(order, count, &items->begin, sizeof *items);
        if (track->has_pairs) {
            count = match(nest, items, order, count);
            fill(order, count, false);
        }
        sort_items(items, order, count);
        for (uint32_t i = 0; i < count; i++) {
            const struct pv_nest_item *item = &items[order[i]];
            place(nest, item);
        }
        while (nest->depth)
            pv_nest_pop(nest);
    }
    free(order);
    free(items);
}

void pv_track_nest(struct pv_builder *builder, struct pv_track_part *track)
{
    struct pv_nest nest = {.builder = builder,
                           .part = &builder->spans.nest,
                           .until = track->until,
                           .is_sampled = track->is_sampled};
    bool has_both = track->has_pairs && track->has_whole;
    bool keeps = builder->spans.keeps;
    if (!nest.part->events) {
        nest.part->events = pv_alloc(PV_LOG_BLOCK_EVENTS * sizeof *nest.part->events);
        nest.part->hashes = pv_alloc(PV_LOG_BLOCK_EVENTS * sizeof *nest.part->hashes);
    }
    if (!pv_nest_grow(&nest))
        return;
    pv_nest_start(&nest, track->node);
    if (track->has_pairs && !has_both && !track->is_late)
        go_through_pairs(&nest, &track->log);
    else if (track->begin_drops == 0 && !track->has_pairs)
        go_through_spans(&nest, &track->log);
    else if (track->end_drops || track->is_late || keeps || !pv_nest_back(&nest, track))
        sort_and_place(&nest, track);
}

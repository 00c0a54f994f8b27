#include "model/error.h"
#include "model/flow.h"
#include "model/heap.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>
#include <string.h>

/* reverse, collapse-recursion and the levels of depth on arcs. */

__extension__ typedef unsigned __int128 wide;

static void row_of(int64_t *const *columns, uint32_t metrics, uint32_t at, int64_t *row)
{
    for (uint32_t m = 0; m < metrics; m++)
        row[m] = columns[m][at];
}

/* One arc of the old graph, turned around or not. */
static void copy_arc(struct pv_remake *remake, uint32_t at, bool is_turned, int64_t *row)
{
    const struct pv_graph *graph = remake->from->graph;
    const struct pv_arc *arc = &graph->arcs[at];
    bool is_known = !graph->arc_has_total || graph->arc_has_total[at];
    uint32_t caller = pv_remake_frame(remake, graph->funcs[arc->caller].frame);
    uint32_t callee = pv_remake_frame(remake, graph->funcs[arc->callee].frame);
    row_of(graph->arc_total, remake->from->metric_count, at, row);
    pv_build_arc(remake->builder, is_turned ? callee : caller, is_turned ? caller : callee,
                 arc->calls, is_known ? row : NULL);
}

/* Calls that come from the function itself, or PV_UNKNOWN_CALLS. */
static int64_t own_calls(const struct pv_graph *graph, uint32_t func)
{
    for (uint32_t i = graph->funcs[func].first_out; i != PV_NONE; i = graph->arcs[i].next_out)
        if (graph->arcs[i].callee == func)
            return graph->arcs[i].calls;
    return 0;
}

bool pv_collapse_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                      struct pv_error *err)
{
    const struct pv_graph *graph = call->profile->graph;
    uint32_t metrics = call->profile->metric_count;
    int64_t *self = pv_zalloc((size_t)metrics * 2, sizeof *self), *total = self + metrics;
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_func *func = &graph->funcs[i];
        int64_t own = own_calls(graph, i), calls = func->calls;
        bool is_known = calls != PV_UNKNOWN_CALLS && own != PV_UNKNOWN_CALLS && own <= calls;
        row_of(graph->self, metrics, i, self);
        row_of(graph->total, metrics, i, total);
        pv_build_func(remake.builder, pv_remake_frame(&remake, func->frame),
                      is_known ? calls - own : PV_UNKNOWN_CALLS, pv_primitive_calls(graph, i), self,
                      total);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++)
        if (graph->arcs[i].caller != graph->arcs[i].callee)
            copy_arc(&remake, i, false, self);
    free(self);
    return pv_remake_close(&remake, out, err);
}

/* What enters a function other than by an arc from another one is where stacks begin; turned
 * around, it is where they end: the new self value. */
static void find_entering(const struct pv_graph *graph, uint32_t metric, int64_t *entering)
{
    for (uint32_t i = 0; i < graph->func_count; i++)
        entering[i] = graph->total[metric][i];
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool is_known = !graph->arc_has_total || graph->arc_has_total[i];
        if (is_known && arc->caller != arc->callee)
            pv_add(entering[arc->callee], -graph->arc_total[metric][i], &entering[arc->callee]);
    }
}

static bool is_earlier(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_profile *profile = context;
    return pv_frame_compare(profile, profile->graph->funcs[a].frame,
                            profile->graph->funcs[b].frame) < 0;
}

static uint32_t *funcs_by_name(const struct pv_profile *profile)
{
    uint32_t count = profile->graph->func_count, *order = pv_alloc(count * sizeof *order);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    pv_heap_best(order, count, 0, is_earlier, profile);
    return order;
}

/* Shares `amount` out in proportion to the weights, in the canonical order, to the last unit. */
static void share_out(int64_t amount, const int64_t *weights, wide sum, const uint32_t *order,
                      uint32_t count, int64_t *to)
{
    wide at = 0, given = 0;
    for (uint32_t i = 0; i < count && sum; i++) {
        at += (uint64_t)weights[order[i]];
        wide upto = (uint64_t)amount * at / sum;
        to[order[i]] += (int64_t)(upto - given);
        given = upto;
    }
}

/* Where stacks can begin, weighed by what they can hold: functions with more calls than their
 * callers tell; where no count says so, the largest function. */
static wide find_beginnings(const struct pv_profile *profile, uint32_t metric,
                            const uint32_t *order, int64_t *weights)
{
    const struct pv_graph *graph = profile->graph;
    const int64_t *total = graph->total[metric];
    uint32_t largest = order[0];
    wide sum = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        uint32_t func = order[i];
        bool begins = graph->funcs[func].calls != PV_UNKNOWN_CALLS && total[func] > 0 &&
                      pv_flow_has_other_callers(graph, func);
        weights[func] = begins ? total[func] : 0;
        sum += (uint64_t)weights[func];
        largest = total[func] > total[largest] ? func : largest;
    }
    if (sum)
        return sum;
    weights[largest] = 1;
    return 1;
}

/* Cycles and files that contradict themselves leave another sum than the total: too much is scaled
 * down, too little is added where stacks can begin. Returns whether that was needed. */
static bool settle_sum(const struct pv_profile *profile, uint32_t metric, const uint32_t *order,
                       int64_t *entering)
{
    wide sum = 0;
    uint32_t count = profile->graph->func_count;
    uint64_t whole = (uint64_t)profile->metrics[metric].total;
    for (uint32_t i = 0; i < count; i++) {
        entering[i] = entering[i] < 0 ? 0 : entering[i];
        sum += (uint64_t)entering[i];
    }
    if (sum == whole || count == 0)
        return false;
    int64_t *weights = pv_zalloc(count, sizeof *weights);
    if (sum > whole) {
        memcpy(weights, entering, count * sizeof *weights);
        memset(entering, 0, count * sizeof *entering);
        share_out((int64_t)whole, weights, sum, order, count, entering);
    } else {
        wide beginnings = find_beginnings(profile, metric, order, weights);
        share_out((int64_t)(whole - (uint64_t)sum), weights, beginnings, order, count, entering);
    }
    free(weights);
    return true;
}

/* A metric that may be negative has no order of sizes to share by: the last function by name takes
 * what is missing. */
static bool settle_signed(const struct pv_profile *profile, uint32_t metric, const uint32_t *order,
                          int64_t *entering)
{
    int64_t left = profile->metrics[metric].total;
    uint32_t count = profile->graph->func_count;
    for (uint32_t i = 0; i < count; i++)
        pv_add(left, -entering[i], &left);
    if (left && count)
        pv_add(entering[order[count - 1]], left, &entering[order[count - 1]]);
    return left != 0;
}

static void build_reversed(struct pv_remake *remake, int64_t *const *entering)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t metrics = remake->from->metric_count;
    int64_t *self = pv_zalloc((size_t)metrics * 2, sizeof *self), *total = self + metrics;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_func *func = &graph->funcs[i];
        row_of(entering, metrics, i, self);
        row_of(graph->total, metrics, i, total);
        for (uint32_t m = 0; m < metrics; m++)
            if (total[m] < self[m] && !remake->from->metrics[m].is_signed)
                total[m] = self[m];
        pv_build_func(remake->builder, pv_remake_frame(remake, func->frame), func->calls,
                      pv_primitive_calls(graph, i), self, total);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++)
        copy_arc(remake, i, true, self);
    free(self);
}

bool pv_reverse_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                     struct pv_error *err)
{
    const struct pv_profile *profile = call->profile;
    int64_t **entering = pv_alloc(profile->metric_count * sizeof *entering);
    uint32_t *order = funcs_by_name(profile);
    bool is_shared = false;
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        entering[m] = pv_alloc(profile->graph->func_count * sizeof **entering);
        find_entering(profile->graph, m, entering[m]);
        is_shared |= profile->metrics[m].is_signed ? settle_signed(profile, m, order, entering[m])
                                                   : settle_sum(profile, m, order, entering[m]);
    }
    build_reversed(&remake, entering);
    if (is_shared)
        pv_remake_note(&remake, "estimated", 1,
                       "arcs do not tell where stacks begin: that is shared out among the "
                       "functions whose callers do not account for all of their cost");
    for (uint32_t m = 0; m < profile->metric_count; m++)
        free(entering[m]);
    free(entering);
    free(order);
    return pv_remake_close(&remake, out, err);
}

struct levels {
    const struct pv_graph *graph;
    uint64_t *level;              /* by function; 0: not reached yet */
    uint32_t *queue, from, count; /* breadth first */
};

static void reach(struct levels *levels, uint32_t func, uint64_t level)
{
    if (levels->level[func])
        return;
    levels->level[func] = level;
    levels->queue[levels->count++] = func;
}

static void spread(struct levels *levels)
{
    const struct pv_graph *graph = levels->graph;
    while (levels->from < levels->count) {
        uint32_t func = levels->queue[levels->from++];
        for (uint32_t i = graph->funcs[func].first_out; i != PV_NONE; i = graph->arcs[i].next_out)
            reach(levels, graph->arcs[i].callee, levels->level[func] + 1);
    }
}

static bool has_caller(const struct pv_graph *graph, uint32_t func)
{
    for (uint32_t i = graph->funcs[func].first_in; i != PV_NONE; i = graph->arcs[i].next_in)
        if (graph->arcs[i].caller != func)
            return true;
    return false;
}

static bool has_more(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_profile *profile = context;
    const struct pv_graph *graph = profile->graph;
    if (profile->metric_count && graph->total[0][a] != graph->total[0][b])
        return graph->total[0][a] > graph->total[0][b];
    return is_earlier(profile, a, b);
}

/* Stacks begin at functions that nobody else calls; on cycles that nothing leads to, at the largest
 * function. */
bool *pv_deeper_funcs(const struct pv_profile *profile, uint64_t depth)
{
    uint32_t count = profile->graph->func_count;
    struct levels levels = {
        .graph = profile->graph,
        .level = pv_zalloc(count, sizeof(uint64_t)),
        .queue = pv_alloc(count * sizeof(uint32_t)),
    };
    uint32_t *order = funcs_by_name(profile);
    bool *is_deeper = pv_zalloc(count, sizeof *is_deeper);
    for (uint32_t i = 0; i < count; i++)
        if (!has_caller(profile->graph, i))
            reach(&levels, i, 1);
    spread(&levels);
    pv_heap_best(order, count, 0, has_more, profile);
    for (uint32_t i = 0; i < count; i++) {
        reach(&levels, order[i], 1);
        spread(&levels);
    }
    for (uint32_t i = 0; i < count; i++)
        is_deeper[i] = levels.level[i] > depth;
    free(levels.level);
    free(levels.queue);
    free(order);
    return is_deeper;
}

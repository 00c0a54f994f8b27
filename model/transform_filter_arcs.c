#include "model/error.h"
#include "model/flow.h"
#include "model/heap.h"
#include "model/number.h"
#include "model/transform_filter_parts.h"
#include "model/transform_parts.h"

#include <stdlib.h>

/* The filters on arcs, by the parts that model/flow.h tells: how much of a function lies below the
 * functions that are meant (down), and how much of the rest they spend below it (up). A function's
 * self value lies below them or not; its total may also lead to them. */

__extension__ typedef unsigned __int128 wide;

struct arc_filter {
    struct pv_remake remake;
    struct pv_flow flow;
    const struct pv_graph *graph;
    enum pv_filter_kind kind;
    int64_t **self, **total; /* by metric and function */
    bool *keeps;             /* by function: stays */
    bool *is_part;           /* by function: stays with a part of what the file tells */
    bool *is_part_arc;
    int64_t **arc_total;
};

struct parts {
    uint64_t self, total;
};

static bool is_partial(uint64_t part)
{
    return part > 0 && part < PV_FLOW_ALL;
}

static uint64_t rest_of(uint64_t part)
{
    return PV_FLOW_ALL - part;
}

/* The parts of a function that is not meant, or is not the end of what the filter keeps. */
static struct parts func_parts(const struct arc_filter *filter, uint32_t func)
{
    uint64_t down = filter->flow.down[func], up = filter->flow.up[func];
    switch (filter->kind) {
    case PV_FILTER_FOCUS:
        return (struct parts){down, pv_flow_either(down, up)};
    case PV_FILTER_IGNORE:
        return (struct parts){rest_of(down), pv_flow_both(rest_of(down), rest_of(up))};
    case PV_FILTER_PRUNE_FROM:
        return (struct parts){rest_of(down), rest_of(down)};
    case PV_FILTER_LEAF:
        return (struct parts){0, pv_flow_both(rest_of(down), up)};
    default:
        return (struct parts){down, down};
    }
}

/* What passes an arc: as much as is below meant functions at its caller, or leads to them. */
static uint64_t arc_part(const struct arc_filter *filter, const struct pv_arc *arc)
{
    const struct pv_flow *flow = &filter->flow;
    uint64_t down = pv_flow_is_end(flow, arc->caller) ? 0 : flow->down[arc->caller];
    uint64_t up = pv_flow_is_end(flow, arc->callee) ? 0 : flow->up[arc->callee];
    switch (filter->kind) {
    case PV_FILTER_FOCUS:
        return pv_flow_either(down, up);
    case PV_FILTER_IGNORE:
        return pv_flow_both(rest_of(down), rest_of(up));
    case PV_FILTER_PRUNE_FROM:
        return rest_of(down);
    case PV_FILTER_LEAF:
        return pv_flow_both(rest_of(down), up);
    default:
        return down;
    }
}

static bool keeps_func(const struct arc_filter *filter, uint32_t func)
{
    const struct pv_flow *flow = &filter->flow;
    bool is_all_below = flow->reached[func] && flow->down[func] >= PV_FLOW_ALL;
    switch (filter->kind) {
    case PV_FILTER_FOCUS:
        return flow->reached[func] || flow->reaching[func];
    case PV_FILTER_IGNORE:
        return !is_all_below;
    case PV_FILTER_PRUNE_FROM:
        return flow->is_meant[func] || !is_all_below;
    case PV_FILTER_LEAF:
        return flow->reaching[func];
    default:
        return flow->reached[func];
    }
}

static bool keeps_arc(const struct arc_filter *filter, uint32_t at)
{
    const struct pv_flow *flow = &filter->flow;
    const struct pv_arc *arc = &filter->graph->arcs[at];
    bool is_below = flow->reached[arc->caller] && !pv_flow_is_end(flow, arc->caller);
    bool leads = flow->reaching[arc->callee] && !pv_flow_is_end(flow, arc->callee);
    if (!filter->keeps[arc->caller] || !filter->keeps[arc->callee])
        return false;
    switch (filter->kind) {
    case PV_FILTER_FOCUS:
        return is_below || leads;
    case PV_FILTER_LEAF:
        return leads && !flow->is_meant[arc->caller];
    case PV_FILTER_PRUNE_FROM:
        return !flow->is_meant[arc->caller];
    case PV_FILTER_IGNORE:
        return true;
    default:
        return is_below;
    }
}

/* Functions that are meant end the stacks here and take over what is cut off below them. */
static bool gathers(const struct arc_filter *filter)
{
    return filter->kind == PV_FILTER_LEAF || filter->kind == PV_FILTER_PRUNE_FROM;
}

/* What of a function's self value lies below meant functions. What a loader loads is not followed,
 * so it stays with the loader. */
static int64_t self_below(const struct arc_filter *filter, uint32_t metric, uint32_t func)
{
    bool is_end = pv_flow_is_end(&filter->flow, func);
    int64_t value = is_end ? filter->graph->total[metric][func] : filter->graph->self[metric][func];
    return pv_flow_part(value, filter->flow.down[func]);
}

static void measure_func(struct arc_filter *filter, uint32_t metric, uint32_t func)
{
    int64_t self = filter->graph->self[metric][func], total = filter->graph->total[metric][func];
    struct parts parts = func_parts(filter, func);
    bool leaves_below = filter->kind == PV_FILTER_IGNORE || gathers(filter);
    if (gathers(filter) && filter->flow.is_meant[func])
        parts = (struct parts){0, rest_of(filter->flow.above[func])};
    filter->self[metric][func] =
        leaves_below ? pv_flow_part(self, parts.self) : self_below(filter, metric, func);
    filter->total[metric][func] = pv_flow_part(total, parts.total);
    filter->is_part[func] |= is_partial(parts.total) || is_partial(parts.self);
}

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const struct arc_filter *filter = context;
    return pv_frame_compare(filter->remake.from, filter->graph->funcs[a].frame,
                            filter->graph->funcs[b].frame) < 0;
}

/* The meant functions in canonical order, so that rounding does not depend on the file's. */
static uint32_t *list_meant(const struct arc_filter *filter, uint32_t *count)
{
    uint32_t *meant = pv_alloc(filter->graph->func_count * sizeof *meant);
    *count = 0;
    for (uint32_t i = 0; i < filter->graph->func_count; i++)
        if (filter->flow.is_meant[i])
            meant[(*count)++] = i;
    pv_heap_best(meant, *count, 0, is_before, filter);
    return meant;
}

/* Shares `amount` among the meant functions in proportion to their totals so far, to the last unit.
 */
static void share_out(struct arc_filter *filter, uint32_t metric, int64_t amount)
{
    uint32_t count;
    uint32_t *meant = list_meant(filter, &count);
    wide whole = 0, sum = 0, given = 0;
    for (uint32_t i = 0; i < count; i++)
        whole += pv_magnitude(filter->total[metric][meant[i]]);
    for (uint32_t i = 0; i < count; i++) {
        sum += whole ? pv_magnitude(filter->total[metric][meant[i]]) : (uint64_t)(i + 1 == count);
        wide upto = pv_magnitude(amount) * sum / (whole ? whole : 1);
        int64_t share = (int64_t)(upto - given);
        given = upto;
        filter->flow.guesses_down[meant[i]] |=
            pv_magnitude(filter->total[metric][meant[i]]) != (uint64_t)share;
        filter->self[metric][meant[i]] = amount < 0 ? -share : share;
        filter->total[metric][meant[i]] = filter->self[metric][meant[i]];
    }
    free(meant);
}

/* Self values that lie below meant functions, or on them. */
static int64_t sum_below(const struct arc_filter *filter, uint32_t metric)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < filter->graph->func_count; i++)
        pv_add(sum, self_below(filter, metric, i), &sum);
    return sum;
}

static int64_t sum_self(const struct arc_filter *filter, uint32_t metric)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < filter->graph->func_count; i++)
        if (filter->keeps[i])
            pv_add(sum, filter->self[metric][i], &sum);
    return sum;
}

/* No total may be below its self value, nor above the whole where it is not the file's own. */
static void settle_totals(struct arc_filter *filter, uint32_t metric)
{
    const struct pv_metric *of = &filter->remake.from->metrics[metric];
    int64_t whole = sum_self(filter, metric);
    filter->remake.left_out[metric] = of->total - whole;
    for (uint32_t i = 0; i < filter->graph->func_count && !of->is_signed; i++) {
        int64_t *total = &filter->total[metric][i];
        if (*total > whole && (!filter->remake.from->is_unbounded || filter->is_part[i]))
            *total = whole;
        if (*total < filter->self[metric][i])
            *total = filter->self[metric][i];
    }
}

/* An estimated arc is never above what is left of its caller and its callee. */
static void measure_arcs(struct arc_filter *filter, uint32_t metric)
{
    bool is_capped = !filter->remake.from->metrics[metric].is_signed;
    for (uint32_t i = 0; i < filter->graph->arc_count; i++) {
        const struct pv_arc *arc = &filter->graph->arcs[i];
        uint64_t part = arc_part(filter, arc);
        int64_t total = pv_flow_part(filter->graph->arc_total[metric][i], part);
        int64_t caller = filter->total[metric][arc->caller];
        int64_t callee = filter->total[metric][arc->callee];
        int64_t most = caller < callee ? caller : callee;
        bool is_part = filter->is_part[arc->caller] || filter->is_part[arc->callee];
        filter->arc_total[metric][i] = is_capped && is_part && total > most ? most : total;
        filter->is_part_arc[i] |= part < PV_FLOW_ALL;
    }
}

static void measure(struct arc_filter *filter, uint32_t metric)
{
    pv_flow_measure(&filter->flow, metric);
    for (uint32_t i = 0; i < filter->graph->func_count; i++) {
        filter->keeps[i] |= keeps_func(filter, i);
        measure_func(filter, metric, i);
    }
    if (filter->kind == PV_FILTER_LEAF)
        share_out(filter, metric, sum_below(filter, metric));
    if (filter->kind == PV_FILTER_PRUNE_FROM)
        share_out(filter, metric,
                  filter->remake.from->metrics[metric].total - sum_self(filter, metric));
    settle_totals(filter, metric);
    measure_arcs(filter, metric);
}

static void row_of(int64_t *const *columns, uint32_t metrics, uint32_t at, int64_t *row)
{
    for (uint32_t m = 0; m < metrics; m++)
        row[m] = columns[m][at];
}

static void build_funcs(struct arc_filter *filter, int64_t *self, int64_t *total)
{
    uint32_t metrics = filter->remake.from->metric_count;
    for (uint32_t i = 0; i < filter->graph->func_count; i++) {
        const struct pv_func *func = &filter->graph->funcs[i];
        if (!filter->keeps[i])
            continue;
        row_of(filter->self, metrics, i, self);
        row_of(filter->total, metrics, i, total);
        bool is_part = filter->is_part[i];
        pv_build_func(filter->remake.builder, pv_remake_frame(&filter->remake, func->frame),
                      is_part ? PV_UNKNOWN_CALLS : func->calls,
                      is_part ? PV_UNKNOWN_CALLS : pv_primitive_calls(filter->graph, i), self,
                      total);
    }
}

/* Functions whose numbers, or whose absence, rest on proportions. */
static uint32_t count_guessed(const struct arc_filter *filter)
{
    bool looks_up = filter->kind == PV_FILTER_FOCUS || filter->kind == PV_FILTER_IGNORE ||
                    filter->kind == PV_FILTER_LEAF;
    uint32_t guessed = 0;
    for (uint32_t i = 0; i < filter->graph->func_count; i++) {
        bool is_asked = gathers(filter) || !filter->flow.is_meant[i];
        bool is_mixed = is_partial(filter->flow.down[i]) && is_partial(filter->flow.up[i]);
        guessed += (is_asked && filter->flow.guesses_down[i]) ||
                   (looks_up && (filter->flow.guesses_up[i] || is_mixed));
    }
    return guessed;
}

static void build_arcs(struct arc_filter *filter, int64_t *row)
{
    const struct pv_graph *graph = filter->graph;
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool is_known = !graph->arc_has_total || graph->arc_has_total[i];
        if (!keeps_arc(filter, i))
            continue;
        row_of(filter->arc_total, filter->remake.from->metric_count, i, row);
        pv_build_arc(filter->remake.builder,
                     pv_remake_frame(&filter->remake, graph->funcs[arc->caller].frame),
                     pv_remake_frame(&filter->remake, graph->funcs[arc->callee].frame),
                     filter->is_part_arc[i] ? PV_UNKNOWN_CALLS : arc->calls, is_known ? row : NULL);
    }
}

static int64_t **new_columns(uint32_t metrics, uint32_t count)
{
    int64_t **columns = pv_alloc(metrics * sizeof *columns);
    for (uint32_t m = 0; m < metrics; m++)
        columns[m] = pv_zalloc(count, sizeof **columns);
    return columns;
}

static void free_columns(int64_t **columns, uint32_t metrics)
{
    for (uint32_t m = 0; m < metrics; m++)
        free(columns[m]);
    free(columns);
}

static void build(struct arc_filter *filter)
{
    uint32_t metrics = filter->remake.from->metric_count;
    int64_t *rows = pv_zalloc((size_t)metrics * 2, sizeof *rows);
    uint32_t guessed = count_guessed(filter);
    build_funcs(filter, rows, rows + metrics);
    build_arcs(filter, rows);
    if (guessed)
        pv_remake_note(&filter->remake, "estimated", guessed,
                       "%u functions are divided among their callers in proportion to arcs, "
                       "which do not tell stacks",
                       guessed);
    pv_remake_note_left_out(&filter->remake);
    free(rows);
}

bool pv_filter_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                    const bool *matches, struct pv_error *err)
{
    const struct pv_graph *graph = call->profile->graph;
    uint32_t metrics = call->profile->metric_count;
    struct arc_filter filter = {
        .graph = graph,
        .kind = (enum pv_filter_kind)call->transform->kind,
        .self = new_columns(metrics, graph->func_count),
        .total = new_columns(metrics, graph->func_count),
        .arc_total = new_columns(metrics, graph->arc_count),
        .keeps = pv_zalloc(graph->func_count, sizeof(bool)),
        .is_part = pv_zalloc(graph->func_count, sizeof(bool)),
        .is_part_arc = pv_zalloc(graph->arc_count, sizeof(bool)),
    };
    pv_remake_open(&filter.remake, call);
    pv_flow_open(&filter.flow, call->profile, matches);
    for (uint32_t m = 0; m < metrics; m++)
        measure(&filter, m);
    build(&filter);
    pv_flow_close(&filter.flow);
    free_columns(filter.self, metrics);
    free_columns(filter.total, metrics);
    free_columns(filter.arc_total, metrics);
    free(filter.keeps);
    free(filter.is_part);
    free(filter.is_part_arc);
    return pv_remake_close(&filter.remake, out, err);
}

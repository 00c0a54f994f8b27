#include "model/estimate_parts.h"

#include "model/error.h"
#include "model/sort.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

/* Where the tree begins: functions that were called more often than their callers say, and those
 * without callers. */

struct roots {
    uint32_t *funcs; /* the heaviest first */
    uint32_t count;
    uint32_t starts; /* functions with callees that a stack may begin with */
};

/* A function as the end of its arcs. */
struct arrivals {
    bool has_callers; /* other than itself */
    bool is_root;
    bool may_start; /* a stack may begin with it, as far as is known */
    int64_t value;  /* what came through these callers, in the deciding metric */
};

static struct arrivals look_at(const struct pv_estimate *estimate, uint32_t func)
{
    const struct pv_graph *graph = estimate->graph;
    struct arrivals arrivals = {0};
    int64_t calls = 0;
    bool all_calls_known = graph->funcs[func].calls != PV_UNKNOWN_CALLS;
    for (uint32_t a = graph->funcs[func].first_in; a != PV_NONE; a = graph->arcs[a].next_in) {
        bool is_told;
        if (__builtin_add_overflow(calls, graph->arcs[a].calls, &calls))
            calls = INT64_MAX;
        all_calls_known = all_calls_known && graph->arcs[a].calls != PV_UNKNOWN_CALLS;
        if (graph->arcs[a].caller == func)
            continue;
        arrivals.has_callers = true;
        int64_t value = pv_estimate_arc(estimate, estimate->metric, a, &is_told);
        if (__builtin_add_overflow(arrivals.value, value, &arrivals.value))
            arrivals.value = INT64_MAX;
    }
    arrivals.is_root =
        graph->funcs[func].calls != 0 &&
        (!arrivals.has_callers || (all_calls_known && graph->funcs[func].calls > calls));
    arrivals.may_start = arrivals.is_root || (arrivals.has_callers && !all_calls_known);
    return arrivals;
}

static bool is_heavier(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_estimate *estimate = context;
    const int64_t *total = estimate->graph->total[estimate->metric];
    if (total[a] != total[b])
        return total[a] > total[b];
    return pv_frame_compare(estimate->profile, estimate->graph->funcs[a].frame,
                            estimate->graph->funcs[b].frame) < 0;
}

/* Roots that are too small to be a node of their own are left to the remainder, as are those beyond
 * half of the nodes. Where nothing looks like a root, the heaviest function is it. */
static struct roots find_roots(const struct pv_estimate *estimate)
{
    const struct pv_graph *graph = estimate->graph;
    struct roots roots = {pv_alloc(((size_t)graph->func_count + 1) * sizeof(uint32_t)), 0, 0};
    uint32_t heaviest = 0;
    for (uint32_t f = 0; f < graph->func_count; f++) {
        struct arrivals arrivals = look_at(estimate, f);
        roots.starts += arrivals.may_start && graph->funcs[f].first_out != PV_NONE;
        if (arrivals.is_root && graph->total[estimate->metric][f] >= estimate->least)
            roots.funcs[roots.count++] = f;
        heaviest = is_heavier(estimate, f, heaviest) ? f : heaviest;
    }
    if (roots.count == 0 && graph->func_count)
        roots.funcs[roots.count++] = heaviest;
    pv_sort(roots.funcs, roots.count, is_heavier, estimate);
    if (roots.count > PV_ESTIMATE_NODES / 2)
        roots.count = PV_ESTIMATE_NODES / 2;
    return roots;
}

/* The heaviest root brings all it has, what came back into it included: it was there before its
 * callers. Of the others only what no caller explains is new. */
static int64_t weigh(const struct pv_estimate *estimate, const struct roots *roots, uint32_t at,
                     uint32_t metric)
{
    const struct pv_graph *graph = estimate->graph;
    uint32_t func = roots->funcs[at];
    if (graph->arc_count == 0)
        return graph->self[metric][func];
    int64_t total = graph->total[metric][func], whole = graph->total[estimate->metric][func];
    struct arrivals arrivals = at == 0 ? (struct arrivals){0} : look_at(estimate, func);
    if (arrivals.has_callers)
        total =
            whole > arrivals.value ? pv_estimate_share(total, whole - arrivals.value, whole) : 0;
    return total > 0 ? total : 0;
}

/* Totals of one metric for all roots, which stand as nodes 1 …; scaled down where they are more
 * than the profile's total. Returns what no root explains. */
static int64_t fill_metric(struct pv_estimate *estimate, const struct roots *roots, uint32_t metric)
{
    int64_t *total = estimate->total[metric], given = 0;
    int64_t whole = estimate->profile->metrics[metric].total;
    int128 limit = whole > 0 ? whole : 0, sum = 0, upto = 0;
    int shift = 0;
    total[0] = whole;
    for (uint32_t i = 0; i < roots->count; i++)
        sum += weigh(estimate, roots, i, metric);
    while (sum >> shift > INT64_MAX) /* so that the product below stays in 128 bits */
        shift++;
    for (uint32_t i = 0; i < roots->count; i++) {
        upto += weigh(estimate, roots, i, metric);
        int128 cut = sum > limit ? (upto >> shift) * limit / (sum >> shift) : upto;
        total[i + 1] = (int64_t)cut - given;
        given = (int64_t)cut;
    }
    return whole - given;
}

/* A root with callers has all of its total at the root only where no stack can begin with anything
 * else that calls: then its callers are all below itself. */
static bool is_whole(const struct pv_estimate *estimate, const struct roots *roots, uint32_t at)
{
    uint32_t func = roots->funcs[at];
    struct arrivals arrivals = look_at(estimate, func);
    return estimate->graph->arc_count > 0 &&
           pv_estimate_is_as_told(estimate, func, estimate->total[estimate->metric][at + 1],
                                  estimate->graph->total[estimate->metric][func]) &&
           (!arrivals.has_callers || (arrivals.is_root && roots->starts == 1));
}

static void judge(struct pv_estimate *estimate, const struct roots *roots)
{
    for (uint32_t i = 0; i < roots->count; i++) {
        bool is_exact = is_whole(estimate, roots, i);
        estimate->certainty[i + 1] = is_exact ? PV_EXACT_TOTAL : 0;
        estimate->is_chain[i + 1] = is_exact && estimate->ways[roots->funcs[i]] == 0;
    }
}

void pv_estimate_roots(struct pv_estimate *estimate)
{
    bool is_all_explained = true;
    if (estimate->profile->metric_count == 0)
        return;
    struct roots roots = find_roots(estimate);
    for (uint32_t i = 0; i < roots.count; i++)
        pv_estimate_child(estimate, 0, roots.funcs[i],
                          estimate->graph->funcs[roots.funcs[i]].frame);
    uint32_t rest = pv_estimate_child(estimate, 0, PV_NONE, estimate->unknown_frame);
    for (uint32_t m = 0; m < estimate->profile->metric_count; m++) {
        int64_t gap = fill_metric(estimate, &roots, m);
        estimate->total[m][rest] = gap;
        is_all_explained = is_all_explained && gap == 0;
    }
    if (is_all_explained)
        estimate->count--;
    judge(estimate, &roots);
    free(roots.funcs);
}

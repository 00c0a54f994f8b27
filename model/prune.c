#include "model/prune.h"

#include "model/error.h"
#include "model/heap.h"
#include "model/prune_parts.h"

#include <stdlib.h>

static int64_t size_of(int64_t value)
{
    return value == INT64_MIN ? INT64_MAX : value < 0 ? -value : value;
}

/* Whether `value` is at least `percent` of the metric's total. */
static bool reaches(const struct pv_pruning *pruning, int64_t value, double percent)
{
    int64_t whole = pruning->profile->metrics[pruning->options->metric].total;
    return (double)size_of(value) * 100.0 >= (double)size_of(whole) * percent;
}

static bool is_larger_func(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_pruning *pruning = context;
    const struct pv_graph *graph = pruning->graph;
    uint32_t metric = pruning->options->metric;
    int64_t x = size_of(graph->total[metric][a]), y = size_of(graph->total[metric][b]);
    if (x != y)
        return x > y;
    x = size_of(graph->self[metric][a]);
    y = size_of(graph->self[metric][b]);
    if (x != y)
        return x > y;
    return pv_frame_compare(pruning->profile, graph->funcs[a].frame, graph->funcs[b].frame) < 0;
}

static void choose_funcs(struct pv_pruning *pruning)
{
    const struct pv_graph *graph = pruning->graph;
    struct pv_pruned *pruned = pruning->pruned;
    const struct pv_metric *metric = &pruning->profile->metrics[pruning->options->metric];
    const int64_t *total = graph->total[pruning->options->metric];
    const int64_t *self = graph->self[pruning->options->metric];
    uint32_t count = 0;
    pruned->funcs = pv_alloc(graph->func_count * sizeof *pruned->funcs);
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (reaches(pruning, total[i], pruning->options->func_percent))
            pruned->funcs[count++] = i;
    pruned->func_count =
        pv_heap_best(pruned->funcs, count, pruning->options->max_funcs, is_larger_func, pruning);
    pruned->rest_funcs = graph->func_count - pruned->func_count;
    pruned->rest_self = metric->total;
    for (uint32_t i = 0; i < graph->func_count; i++)
        pruning->rank_of[i] = PV_NONE;
    for (uint32_t i = 0; i < pruned->func_count; i++) {
        pruning->rank_of[pruned->funcs[i]] = i;
        pruned->rest_self -= self[pruned->funcs[i]];
    }
}

void pv_pruning_add(struct pv_pruning *pruning, struct pv_kept_arc arc)
{
    struct pv_pruned *pruned = pruning->pruned;
    if (pruned->arc_count == pruning->capacity) {
        pruning->capacity = pruning->capacity ? pruning->capacity * 2 : 256;
        pruned->arcs = pv_resize(pruned->arcs, pruning->capacity * sizeof *pruned->arcs);
    }
    pruned->arcs[pruned->arc_count++] = arc;
}

static bool has_total(const struct pv_graph *graph, uint32_t arc)
{
    return !graph->arc_has_total || graph->arc_has_total[arc];
}

int64_t pv_pruning_weight(const struct pv_pruning *pruning, uint32_t arc)
{
    int64_t total = pruning->graph->arc_total[pruning->options->metric][arc];
    return has_total(pruning->graph, arc) ? size_of(total) : 0;
}

static void add_kept_arcs(struct pv_pruning *pruning)
{
    const struct pv_graph *graph = pruning->graph;
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        uint32_t caller = pruning->rank_of[arc->caller], callee = pruning->rank_of[arc->callee];
        if (caller == PV_NONE || callee == PV_NONE)
            continue;
        bool known = has_total(graph, i);
        pv_pruning_add(pruning,
                       (struct pv_kept_arc){
                           .caller = caller,
                           .callee = callee,
                           .arc = i,
                           .has_total = known,
                           .total = known ? graph->arc_total[pruning->options->metric][i] : 0,
                           .calls = arc->calls,
                       });
    }
}

static bool is_larger_arc(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_kept_arc *x = (const struct pv_kept_arc *)context + a;
    const struct pv_kept_arc *y = (const struct pv_kept_arc *)context + b;
    if (size_of(x->total) != size_of(y->total))
        return size_of(x->total) > size_of(y->total);
    if (x->caller != y->caller)
        return x->caller < y->caller;
    return x->callee != y->callee ? x->callee < y->callee : x->is_residual < y->is_residual;
}

/* Each function's largest arc from another one: what holds the picture together. */
static void find_holding(const struct pv_pruned *pruned, uint32_t *holding)
{
    for (uint32_t i = 0; i < pruned->func_count; i++)
        holding[i] = PV_NONE;
    for (uint32_t i = 0; i < pruned->arc_count; i++) {
        const struct pv_kept_arc *arc = &pruned->arcs[i];
        uint32_t *best = &holding[arc->callee];
        if (arc->caller != arc->callee &&
            (*best == PV_NONE || is_larger_arc(pruned->arcs, i, *best)))
            *best = i;
    }
}

struct arc_choice {
    const struct pv_pruned *pruned;
    const uint32_t *holding;
};

static bool is_holding(const struct arc_choice *choice, uint32_t arc)
{
    return choice->holding[choice->pruned->arcs[arc].callee] == arc;
}

static bool is_better_arc(const void *context, uint32_t a, uint32_t b)
{
    const struct arc_choice *choice = context;
    bool x = is_holding(choice, a), y = is_holding(choice, b);
    return x != y ? x : is_larger_arc(choice->pruned->arcs, a, b);
}

static void choose_arcs(struct pv_pruning *pruning)
{
    struct pv_pruned *pruned = pruning->pruned;
    uint32_t *holding = pv_alloc(pruned->func_count * sizeof *holding);
    uint32_t *order = pv_alloc(pruned->arc_count * sizeof *order), count = 0;
    struct arc_choice choice = {pruned, holding};
    find_holding(pruned, holding);
    for (uint32_t i = 0; i < pruned->arc_count; i++)
        if (is_holding(&choice, i) ||
            reaches(pruning, pruned->arcs[i].total, pruning->options->arc_percent))
            order[count++] = i;
    count = pv_heap_best(order, count, pruning->options->max_arcs, is_better_arc, &choice);
    count = pv_heap_best(order, count, 0, is_larger_arc, pruned->arcs);
    struct pv_kept_arc *arcs = pv_alloc(count * sizeof *arcs);
    for (uint32_t i = 0; i < count; i++)
        arcs[i] = pruned->arcs[order[i]];
    free(pruned->arcs);
    free(holding);
    free(order);
    pruned->rest_arcs = pruned->arc_count - count;
    pruned->arcs = arcs;
    pruned->arc_count = count;
}

struct pv_pruned *pv_prune_graph(const struct pv_profile *profile,
                                 const struct pv_prune_options *options)
{
    struct pv_pruning pruning = {
        .profile = profile,
        .graph = profile->graph,
        .options = options,
        .pruned = pv_zalloc(1, sizeof *pruning.pruned),
        .rank_of = pv_alloc(profile->graph->func_count * sizeof(uint32_t)),
    };
    choose_funcs(&pruning);
    add_kept_arcs(&pruning);
    if (profile->origin == PV_ORIGIN_STACKS && profile->tree)
        pv_prune_skipped(&pruning);
    else
        pv_prune_ways(&pruning);
    choose_arcs(&pruning);
    free(pruning.rank_of);
    return pruning.pruned;
}

void pv_pruned_free(struct pv_pruned *pruned)
{
    if (!pruned)
        return;
    free(pruned->funcs);
    free(pruned->arcs);
    free(pruned);
}

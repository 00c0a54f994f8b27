#include "model/inclusive.h"

#include "model/error.h"
#include "model/graph.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

struct inclusive {
    const struct pv_graph *graph;
    uint32_t *component; /* by function */
    uint32_t *cycle;     /* by component: PV_NONE where it is one function, else its number */
    uint32_t cycle_count;
    int128 *sum;          /* by cycle: its own costs and what its calls out of it cost */
    const int64_t *self;  /* of the metric at hand, as the rest */
    int64_t *total, *arc; /* by function, by arc */
    bool is_bounded;
    int64_t whole;
    struct pv_inclusive_counts counts;
};

static bool is_inside(const struct inclusive *inclusive, const struct pv_arc *arc)
{
    return inclusive->component[arc->caller] == inclusive->component[arc->callee];
}

static int64_t bound(struct inclusive *inclusive, int128 value)
{
    if (inclusive->is_bounded && value > inclusive->whole) {
        inclusive->counts.cut++;
        return inclusive->whole;
    }
    return value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

static uint32_t cycle_of(const struct inclusive *inclusive, uint32_t func)
{
    return inclusive->cycle[inclusive->component[func]];
}

/* At least the own cost and that of the calls that leave the cycle. */
static int128 least_of(const struct inclusive *inclusive, uint32_t func)
{
    const struct pv_graph *graph = inclusive->graph;
    int128 sum = inclusive->self[func];
    for (uint32_t a = graph->funcs[func].first_out; a != PV_NONE; a = graph->arcs[a].next_out)
        if (!is_inside(inclusive, &graph->arcs[a]))
            sum += inclusive->arc[a];
    return sum;
}

static int128 entering(const struct inclusive *inclusive, uint32_t func)
{
    const struct pv_graph *graph = inclusive->graph;
    int128 sum = 0;
    for (uint32_t a = graph->funcs[func].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
        if (graph->arcs[a].caller != func)
            sum += inclusive->arc[a];
    return sum;
}

static void sum_cycles(struct inclusive *inclusive)
{
    const struct pv_graph *graph = inclusive->graph;
    for (uint32_t i = 0; i < inclusive->cycle_count; i++)
        inclusive->sum[i] = 0;
    for (uint32_t f = 0; inclusive->cycle_count && f < graph->func_count; f++)
        if (cycle_of(inclusive, f) != PV_NONE)
            inclusive->sum[cycle_of(inclusive, f)] += least_of(inclusive, f);
}

static int128 total_of(const struct inclusive *inclusive, uint32_t func)
{
    uint32_t cycle = cycle_of(inclusive, func);
    int128 least = least_of(inclusive, func);
    if (cycle == PV_NONE)
        return least;
    int128 most = inclusive->sum[cycle], told = entering(inclusive, func);
    told = told > least ? told : least;
    return told > most ? most : told;
}

/* An arc inside of a cycle, or of a function to itself, counts once per stack like both its ends.
 */
static void cut_arc(struct inclusive *inclusive, uint32_t at)
{
    const struct pv_arc *arc = &inclusive->graph->arcs[at];
    int64_t *value = &inclusive->arc[at];
    if (!is_inside(inclusive, arc) || !inclusive->is_bounded) {
        *value = bound(inclusive, *value);
        return;
    }
    int64_t above = inclusive->total[arc->caller], below = inclusive->total[arc->callee];
    int64_t most = above < below ? above : below;
    *value = *value > most ? most : *value;
}

static void find_totals(struct inclusive *inclusive)
{
    const struct pv_graph *graph = inclusive->graph;
    sum_cycles(inclusive);
    for (uint32_t f = 0; f < graph->func_count; f++)
        inclusive->total[f] = bound(inclusive, total_of(inclusive, f));
    for (uint32_t a = 0; a < graph->arc_count; a++)
        cut_arc(inclusive, a);
}

static void add_calls(struct pv_func *func, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS || __builtin_add_overflow(func->calls, calls, &func->calls))
        func->calls = PV_UNKNOWN_CALLS;
}

/* A file that counts no call at all (Go's pprof) does not know. */
static void forget_zeros(struct pv_graph *graph)
{
    uint32_t a = 0;
    while (a < graph->arc_count && graph->arcs[a].calls <= 0)
        a++;
    if (a < graph->arc_count)
        return;
    for (a = 0; a < graph->arc_count; a++)
        graph->arcs[a].calls = PV_UNKNOWN_CALLS;
}

static void sum_calls(struct pv_graph *graph)
{
    forget_zeros(graph);
    for (uint32_t f = 0; f < graph->func_count; f++) {
        struct pv_func *func = &graph->funcs[f];
        uint32_t a = func->calls == PV_UNKNOWN_CALLS ? func->first_in : PV_NONE;
        if (a == PV_NONE)
            continue;
        func->calls = 0;
        for (; a != PV_NONE && func->calls != PV_UNKNOWN_CALLS; a = graph->arcs[a].next_in)
            add_calls(func, graph->arcs[a].calls);
    }
}

/* First how many functions a component has, then which cycle it is. */
static void find_cycles(struct inclusive *inclusive, uint32_t components)
{
    inclusive->cycle = pv_zalloc(components, sizeof *inclusive->cycle);
    for (uint32_t f = 0; f < inclusive->graph->func_count; f++)
        inclusive->cycle[inclusive->component[f]]++;
    for (uint32_t c = 0; c < components; c++) {
        bool is_cycle = inclusive->cycle[c] > 1;
        inclusive->counts.on_cycles += is_cycle ? inclusive->cycle[c] : 0;
        inclusive->cycle[c] = is_cycle ? inclusive->cycle_count++ : PV_NONE;
    }
    inclusive->sum = pv_zalloc(inclusive->cycle_count, sizeof *inclusive->sum);
}

struct pv_inclusive_counts pv_graph_inclusive(struct pv_profile *profile)
{
    uint32_t components = 0;
    struct pv_graph *graph = profile->graph;
    struct inclusive inclusive = {.graph = graph,
                                  .component = pv_graph_components(profile, &components)};
    find_cycles(&inclusive, components);
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        inclusive.self = graph->self[m];
        inclusive.total = graph->total[m];
        inclusive.arc = graph->arc_total[m];
        inclusive.is_bounded = !profile->metrics[m].is_signed;
        inclusive.whole = profile->metrics[m].total;
        find_totals(&inclusive);
    }
    sum_calls(graph);
    free(inclusive.component);
    free(inclusive.cycle);
    free(inclusive.sum);
    return inclusive.counts;
}

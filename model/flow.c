#include "model/flow.h"

#include "model/error.h"
#include "model/graph.h"
#include "model/number.h"

#include <stdlib.h>

__extension__ typedef unsigned __int128 wide;

int64_t pv_flow_part(int64_t value, uint64_t part)
{
    if (part >= PV_FLOW_ALL)
        return value;
    int64_t size = (int64_t)(((wide)pv_magnitude(value) * part + PV_FLOW_ALL / 2) / PV_FLOW_ALL);
    return value < 0 ? -size : size;
}

uint64_t pv_flow_both(uint64_t a, uint64_t b)
{
    return (uint64_t)((wide)a * b / PV_FLOW_ALL);
}

uint64_t pv_flow_either(uint64_t a, uint64_t b)
{
    return a + pv_flow_both(PV_FLOW_ALL - a, b);
}

static bool is_loader(const struct pv_flow *flow, uint32_t func)
{
    uint32_t frame = flow->profile->graph->funcs[func].frame;
    return flow->profile->frames[frame].flags & PV_FRAME_LOADER;
}

bool pv_flow_is_end(const struct pv_flow *flow, uint32_t func)
{
    return is_loader(flow, func) && !flow->is_meant[func];
}

/* Functions by component: a counting sort. */
static void sort_by_component(struct pv_flow *flow, uint32_t count)
{
    flow->starts = pv_zalloc((size_t)flow->components + 2, sizeof *flow->starts);
    flow->order = pv_alloc(count * sizeof *flow->order);
    for (uint32_t i = 0; i < count; i++)
        flow->starts[flow->component[i] + 2]++;
    for (uint32_t c = 2; c < flow->components + 2; c++)
        flow->starts[c] += flow->starts[c - 1];
    for (uint32_t i = 0; i < count; i++)
        flow->order[flow->starts[flow->component[i] + 1]++] = i;
}

void pv_flow_open(struct pv_flow *flow, const struct pv_profile *profile, const bool *matches)
{
    uint32_t count = profile->graph->func_count;
    *flow = (struct pv_flow){
        .profile = profile,
        .is_meant = pv_zalloc(count, sizeof(bool)),
        .reached = pv_zalloc(count, sizeof(bool)),
        .reaching = pv_zalloc(count, sizeof(bool)),
        .guesses_down = pv_zalloc(count, sizeof(bool)),
        .guesses_up = pv_zalloc(count, sizeof(bool)),
        .down = pv_zalloc(count, sizeof(uint64_t)),
        .above = pv_zalloc(count, sizeof(uint64_t)),
        .up = pv_zalloc(count, sizeof(uint64_t)),
    };
    flow->component = pv_graph_components(profile, &flow->components);
    sort_by_component(flow, count);
    for (uint32_t i = 0; i < count; i++)
        flow->is_meant[i] = flow->reached[i] = flow->reaching[i] =
            matches[profile->graph->funcs[i].frame];
}

void pv_flow_close(struct pv_flow *flow)
{
    free(flow->is_meant);
    free(flow->reached);
    free(flow->reaching);
    free(flow->guesses_down);
    free(flow->guesses_up);
    free(flow->down);
    free(flow->above);
    free(flow->up);
    free(flow->component);
    free(flow->order);
    free(flow->starts);
}

/* What goes along one arc; nothing where the file tells no cost. */
static uint64_t weight_of(const struct pv_graph *graph, uint32_t metric, uint32_t arc)
{
    bool is_known = !graph->arc_has_total || graph->arc_has_total[arc];
    return is_known ? pv_magnitude(graph->arc_total[metric][arc]) : 0;
}

/* Sums over the arcs that enter or leave one component. */
struct sums {
    wide of;        /* weights, times PV_FLOW_ALL where all of an arc counts */
    wide all;       /* weights of all */
    uint64_t most;  /* the largest part on any arc that counts */
    bool is_linked; /* there is an arc that counts */
    bool is_guess;  /* a part of an arc counts, and which part is not told */
};

static void add_weight(struct sums *sums, uint64_t weight, uint64_t part)
{
    sums->all += weight;
    sums->of += (wide)weight * part;
    sums->most = part > sums->most ? part : sums->most;
}

static bool is_partial(uint64_t part)
{
    return part > 0 && part < PV_FLOW_ALL;
}

static uint64_t part_of(const struct sums *sums)
{
    if (sums->all == 0)
        return sums->most;
    wide part = sums->of / sums->all;
    return part > PV_FLOW_ALL ? PV_FLOW_ALL : (uint64_t)part;
}

bool pv_flow_has_other_callers(const struct pv_graph *graph, uint32_t func)
{
    int64_t calls = graph->funcs[func].calls;
    bool has_calls = calls != PV_UNKNOWN_CALLS, has_totals = true;
    for (uint32_t i = graph->funcs[func].first_in; i != PV_NONE; i = graph->arcs[i].next_in) {
        has_calls = has_calls && graph->arcs[i].calls != PV_UNKNOWN_CALLS;
        has_totals = has_totals && (!graph->arc_has_total || graph->arc_has_total[i]);
        calls -= has_calls ? graph->arcs[i].calls : 0;
    }
    return has_calls ? calls > 0 : has_totals;
}

/* What enters a function from where the file does not say. */
static uint64_t entering_else(const struct pv_graph *graph, uint32_t metric, uint32_t func)
{
    wide told = 0;
    uint64_t total = pv_magnitude(graph->total[metric][func]);
    for (uint32_t i = graph->funcs[func].first_in; i != PV_NONE; i = graph->arcs[i].next_in)
        if (graph->arcs[i].caller != func)
            told += weight_of(graph, metric, i);
    if (told >= total || !pv_flow_has_other_callers(graph, func))
        return 0;
    return total - (uint64_t)told;
}

static void add_callers(const struct pv_flow *flow, uint32_t metric, uint32_t func,
                        struct sums *sums)
{
    const struct pv_graph *graph = flow->profile->graph;
    for (uint32_t i = graph->funcs[func].first_in; i != PV_NONE; i = graph->arcs[i].next_in) {
        uint32_t caller = graph->arcs[i].caller;
        uint64_t weight = weight_of(graph, metric, i), part = flow->down[caller];
        if (flow->component[caller] == flow->component[func])
            continue;
        bool counts = flow->reached[caller] && !pv_flow_is_end(flow, caller);
        add_weight(sums, weight, counts ? part : 0);
        if (!counts)
            continue;
        sums->is_linked = true;
        sums->is_guess |=
            !flow->is_meant[caller] && (is_partial(part) || flow->guesses_down[caller]);
    }
    sums->all += entering_else(graph, metric, func);
}

/* The parts of a function by all its callers, those on its own cycle too. */
static uint64_t local_down(const struct pv_flow *flow, uint32_t metric, uint32_t func)
{
    const struct pv_graph *graph = flow->profile->graph;
    struct sums sums = {.all = entering_else(graph, metric, func)};
    for (uint32_t i = graph->funcs[func].first_in; i != PV_NONE; i = graph->arcs[i].next_in) {
        uint32_t caller = graph->arcs[i].caller;
        if (caller != func)
            add_weight(&sums, weight_of(graph, metric, i),
                       pv_flow_is_end(flow, caller) ? 0 : flow->down[caller]);
    }
    return part_of(&sums);
}

static uint64_t local_up(const struct pv_flow *flow, uint32_t metric, uint32_t func)
{
    const struct pv_graph *graph = flow->profile->graph;
    struct sums sums = {.all = pv_magnitude(graph->self[metric][func])};
    for (uint32_t i = graph->funcs[func].first_out; i != PV_NONE; i = graph->arcs[i].next_out) {
        uint32_t callee = graph->arcs[i].callee;
        if (callee != func)
            add_weight(&sums, weight_of(graph, metric, i),
                       pv_flow_is_end(flow, callee) ? 0 : flow->up[callee]);
    }
    return part_of(&sums);
}

/* Nearly all is all, and nearly nothing nothing: what is left of rounding and of stopping. */
static uint64_t snap(uint64_t part)
{
    const uint64_t little = PV_FLOW_ALL >> 12;
    if (part + little >= PV_FLOW_ALL)
        return PV_FLOW_ALL;
    return part <= little ? 0 : part;
}

/* Lets the functions on one cycle find their own parts, which depend on each other's: all at once
 * from those of before, so that their order does not show, until little moves. Larger cycles get
 * fewer rounds. */
static void relax(struct pv_flow *flow, uint32_t metric, uint32_t component,
                  uint64_t (*local)(const struct pv_flow *, uint32_t, uint32_t), uint64_t *parts)
{
    enum { work = 1 << 18, most_rounds = 256, least_rounds = 8 };
    const uint64_t little = PV_FLOW_ALL >> 20;
    uint32_t from = flow->starts[component], count = flow->starts[component + 1] - from;
    uint64_t *next = pv_alloc(count * sizeof *next), moved = PV_FLOW_ALL;
    uint32_t rounds = work / count;
    rounds = rounds > most_rounds ? most_rounds : rounds < least_rounds ? least_rounds : rounds;
    for (uint32_t round = 0; round < rounds && moved > little; round++) {
        moved = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t func = flow->order[from + i];
            uint64_t was = parts[func];
            next[i] = flow->is_meant[func] ? was : local(flow, metric, func);
            uint64_t by = next[i] > was ? next[i] - was : was - next[i];
            moved = by > moved ? by : moved;
        }
        for (uint32_t i = 0; i < count; i++)
            parts[flow->order[from + i]] = next[i];
    }
    for (uint32_t i = 0; i < count; i++)
        parts[flow->order[from + i]] = snap(next[i]);
    free(next);
}

static void flow_down(struct pv_flow *flow, uint32_t metric, uint32_t component)
{
    const struct pv_graph *graph = flow->profile->graph;
    struct sums sums = {0};
    bool has_meant = false;
    uint32_t from = flow->starts[component], to = flow->starts[component + 1];
    for (uint32_t i = from; i < to; i++) {
        add_callers(flow, metric, flow->order[i], &sums);
        has_meant |= flow->is_meant[flow->order[i]];
    }
    for (uint32_t i = from; i < to; i++) {
        uint32_t func = flow->order[i];
        flow->reached[func] |= has_meant || sums.is_linked;
        flow->above[func] = part_of(&sums);
        flow->down[func] = flow->is_meant[func] ? PV_FLOW_ALL : flow->above[func];
        bool is_cut = to - from > 1 || graph->funcs[func].first_out != PV_NONE;
        bool shares_cycle = to - from > 1 && (has_meant || sums.is_linked);
        flow->guesses_down[func] |=
            shares_cycle || sums.is_guess || (is_partial(flow->above[func]) && is_cut);
    }
    if (to - from > 1 && has_meant)
        relax(flow, metric, component, local_down, flow->down);
}

/* Whether all of a function is called along one arc. */
static bool has_one_caller(const struct pv_graph *graph, uint32_t metric, uint32_t func)
{
    uint32_t first = graph->funcs[func].first_in;
    return graph->arcs[first].next_in == PV_NONE && entering_else(graph, metric, func) == 0;
}

static void add_callees(const struct pv_flow *flow, uint32_t metric, uint32_t func,
                        struct sums *sums)
{
    const struct pv_graph *graph = flow->profile->graph;
    sums->all += pv_magnitude(graph->self[metric][func]);
    for (uint32_t i = graph->funcs[func].first_out; i != PV_NONE; i = graph->arcs[i].next_out) {
        uint32_t callee = graph->arcs[i].callee;
        uint64_t weight = weight_of(graph, metric, i), part = flow->up[callee];
        if (flow->component[callee] == flow->component[func])
            continue;
        bool counts = flow->reaching[callee] && !pv_flow_is_end(flow, callee);
        add_weight(sums, weight, counts ? part : 0);
        if (!counts)
            continue;
        sums->is_linked = true;
        sums->is_guess |= flow->guesses_up[callee] ||
                          (is_partial(part) && !has_one_caller(graph, metric, callee));
    }
}

static void flow_up(struct pv_flow *flow, uint32_t metric, uint32_t component)
{
    struct sums sums = {0};
    bool has_meant = false;
    uint32_t from = flow->starts[component], to = flow->starts[component + 1];
    for (uint32_t i = from; i < to; i++) {
        add_callees(flow, metric, flow->order[i], &sums);
        has_meant |= flow->is_meant[flow->order[i]];
    }
    uint64_t total = pv_magnitude(flow->profile->graph->total[metric][flow->order[from]]);
    if (to - from == 1 && total > sums.all)
        sums.all = total; /* the file does not tell all that it calls */
    for (uint32_t i = from; i < to; i++) {
        uint32_t func = flow->order[i];
        flow->reaching[func] |= has_meant || sums.is_linked;
        flow->up[func] = flow->is_meant[func] ? PV_FLOW_ALL : part_of(&sums);
        bool shares_cycle = to - from > 1 && (has_meant || is_partial(flow->up[func]));
        flow->guesses_up[func] |= !flow->is_meant[func] && (shares_cycle || sums.is_guess);
    }
    if (to - from > 1 && has_meant)
        relax(flow, metric, component, local_up, flow->up);
}

/* A loader stands alone in its component, and components are not ordered by arcs to or from it. */
static bool is_late(const struct pv_flow *flow, uint32_t component)
{
    return is_loader(flow, flow->order[flow->starts[component]]);
}

/* Callers before callees, then callees before callers. Nothing passes a loader that is not meant,
 * and those that are meant pass all, so loaders come last. */
void pv_flow_measure(struct pv_flow *flow, uint32_t metric)
{
    for (uint32_t i = 0; i < flow->profile->graph->func_count; i++)
        flow->down[i] = flow->up[i] = flow->is_meant[i] ? PV_FLOW_ALL : 0;
    for (uint32_t c = flow->components; c-- > 0;)
        if (!is_late(flow, c))
            flow_down(flow, metric, c);
    for (uint32_t c = 0; c < flow->components; c++)
        if (!is_late(flow, c))
            flow_up(flow, metric, c);
    for (uint32_t c = 0; c < flow->components; c++)
        if (is_late(flow, c)) {
            flow_down(flow, metric, c);
            flow_up(flow, metric, c);
        }
}

#include "model/diff_parts.h"

#include "model/graph.h"
#include "model/number.h"

#include <stdlib.h>

/* The call graphs of all runs in one. Functions are the union's frames, in their order, so that a
 * run's function is found by its frame, and its arcs among those that the callee has so far. */

struct uniting {
    const struct pv_diff_making *making;
    struct pv_graph *graph;
    uint32_t room;   /* arcs */
    uint32_t *marks; /* [function] the last arc that it was seen to call by */
    int64_t *sums;   /* [pair * 2 + side] of own values */
    bool is_over;    /* a sum does not fit */
};

static void add(struct uniting *uniting, int64_t *sum, int64_t value)
{
    uniting->is_over |= !pv_add(*sum, value, sum);
}

static uint32_t function_of(const struct pv_diff_run *run, uint32_t func)
{
    return run->frames[run->profile->graph->funcs[func].frame];
}

static void add_functions(struct uniting *uniting, const struct pv_diff_run *run, uint32_t row)
{
    const struct pv_graph *from = run->profile->graph;
    uint32_t m = run->metrics[row], to = row * PV_DIFF_COLUMNS + run->side;
    int64_t *self = uniting->graph->self[to], *total = uniting->graph->total[to];
    for (uint32_t i = 0; i < from->func_count && m != PV_NONE; i++) {
        uint32_t func = function_of(run, i);
        int64_t value = pv_diff_value(run, row, from->self[m][i]);
        add(uniting, &self[func], value);
        add(uniting, &uniting->sums[row * 2 + run->side], value);
        add(uniting, &total[func], pv_diff_value(run, row, from->total[m][i]));
    }
}

static void add_values(struct uniting *uniting, const struct pv_diff_run *run, uint32_t arc,
                       uint32_t to)
{
    const struct pv_graph *from = run->profile->graph;
    for (uint32_t p = 0; p < uniting->making->row_count; p++)
        if (run->metrics[p] != PV_NONE)
            add(uniting, &uniting->graph->arc_total[p * PV_DIFF_COLUMNS + run->side][to],
                pv_diff_value(run, p, from->arc_total[run->metrics[p]][arc]));
}

static uint32_t new_arc(struct uniting *uniting, uint32_t caller, uint32_t callee)
{
    struct pv_graph *graph = uniting->graph;
    uint32_t *first = &graph->funcs[callee].first_in;
    graph->arcs[graph->arc_count] =
        (struct pv_arc){caller, callee, PV_NONE, *first, PV_UNKNOWN_CALLS};
    graph->arc_has_total[graph->arc_count] = true;
    uniting->marks[caller] = *first = graph->arc_count;
    return graph->arc_count++;
}

static void add_arcs(struct uniting *uniting, const struct pv_diff_run *run)
{
    struct pv_graph *graph = uniting->graph;
    const struct pv_graph *from = run->profile->graph;
    for (uint32_t f = 0; f < from->func_count; f++) {
        uint32_t callee = function_of(run, f);
        for (uint32_t a = graph->funcs[callee].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
            uniting->marks[graph->arcs[a].caller] = a;
        for (uint32_t a = from->funcs[f].first_in; a != PV_NONE; a = from->arcs[a].next_in) {
            uint32_t caller = function_of(run, from->arcs[a].caller), to = uniting->marks[caller];
            if (to == PV_NONE || graph->arcs[to].callee != callee)
                to = new_arc(uniting, caller, callee);
            if (!from->arc_has_total || from->arc_has_total[a])
                add_values(uniting, run, a, to);
            else
                graph->arc_has_total[to] = false;
        }
    }
}

static int64_t **new_columns(struct pv_profile *profile, uint32_t count)
{
    int64_t **columns = pv_arena_alloc(profile->arena, profile->metric_count * sizeof(int64_t *));
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        columns[m] = pv_zalloc((size_t)count + 1, sizeof *columns[m]);
        pv_arena_adopt(profile->arena, columns[m]);
    }
    return columns;
}

/* Room for everything; arcs may turn out to be fewer. */
static void make_room(struct uniting *uniting, struct pv_profile *profile)
{
    struct pv_graph *graph = profile->graph;
    graph->func_count = profile->frame_count;
    graph->arc_count = 0;
    graph->funcs = pv_alloc(((size_t)graph->func_count + 1) * sizeof *graph->funcs);
    graph->arcs = pv_alloc(((size_t)uniting->room + 1) * sizeof *graph->arcs);
    graph->arc_has_total = pv_alloc((size_t)uniting->room + 1);
    pv_arena_adopt(profile->arena, graph->funcs);
    pv_arena_adopt(profile->arena, graph->arcs);
    pv_arena_adopt(profile->arena, graph->arc_has_total);
    graph->self = new_columns(profile, graph->func_count);
    graph->total = new_columns(profile, graph->func_count);
    graph->arc_total = new_columns(profile, uniting->room);
    uniting->graph = graph;
    uniting->marks = pv_alloc(((size_t)graph->func_count + 1) * sizeof *uniting->marks);
    uniting->sums = pv_zalloc((size_t)uniting->making->row_count * 2, sizeof *uniting->sums);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        graph->funcs[i] = (struct pv_func){
            .frame = i, .first_out = PV_NONE, .first_in = PV_NONE, .calls = PV_UNKNOWN_CALLS};
        uniting->marks[i] = PV_NONE;
    }
}

/* Chains in the order of the arcs, and no column of what all arcs have. */
static void settle(struct pv_graph *graph)
{
    bool lacks_totals = false;
    for (uint32_t i = 0; i < graph->arc_count; i++)
        lacks_totals |= !graph->arc_has_total[i];
    for (uint32_t i = 0; i < graph->func_count; i++)
        graph->funcs[i].first_in = PV_NONE;
    pv_graph_link(graph);
    if (!lacks_totals)
        graph->arc_has_total = NULL;
}

/* False where the limits do not allow for so many arcs. */
static bool fits(const struct uniting *uniting, const struct pv_profile *profile)
{
    const struct pv_limits *limits = uniting->making->request->limits;
    const size_t rows = sizeof(int64_t) * profile->metric_count;
    uint64_t bytes = uniting->room * (sizeof(struct pv_arc) + 1 + rows) +
                     profile->frame_count * (sizeof(struct pv_func) + 2 * rows);
    return !limits || !limits->memory || bytes <= limits->memory ||
           pv_fail(uniting->making->err, PV_LIMIT, (struct pv_where){0},
                   "the profile needs more than the %llu bytes of --max-memory",
                   (unsigned long long)limits->memory);
}

static bool fail_sum(struct uniting *uniting)
{
    return pv_fail(uniting->making->err, PV_INPUT_FAILED, (struct pv_where){0},
                   "the sum of a function's values does not fit in 64 bits: a file is damaged, or "
                   "its unit is far too fine");
}

static bool fail_arcs(const struct uniting *uniting, uint64_t limit)
{
    return pv_fail(uniting->making->err, PV_LIMIT, (struct pv_where){0},
                   "more than %llu caller-callee pairs (--max-arcs raises the limit)",
                   (unsigned long long)limit);
}

bool pv_diff_unite_graphs(struct pv_profile *profile, const struct pv_diff_making *making)
{
    struct uniting uniting = {.making = making};
    uint64_t most = 0;
    for (uint32_t r = 0; r < making->run_count; r++)
        most += making->runs[r].profile->graph->arc_count;
    if (most >= PV_NONE)
        return fail_arcs(&uniting, PV_NONE);
    uniting.room = (uint32_t)most;
    if (!fits(&uniting, profile))
        return false;
    make_room(&uniting, profile);
    for (uint32_t r = 0; r < making->run_count; r++) {
        for (uint32_t p = 0; p < making->row_count; p++)
            add_functions(&uniting, &making->runs[r], p);
        add_arcs(&uniting, &making->runs[r]);
    }
    settle(uniting.graph);
    free(uniting.marks);
    free(uniting.sums);
    if (uniting.is_over)
        return fail_sum(&uniting);
    const struct pv_limits *limits = making->request->limits;
    return !limits || uniting.graph->arc_count <= limits->arcs || fail_arcs(&uniting, limits->arcs);
}

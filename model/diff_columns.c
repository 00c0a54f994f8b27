#include "model/diff_parts.h"

#include "model/number.h"
#include "model/tree.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

int64_t pv_diff_scaled(const struct pv_diff_row *row, unsigned side, int64_t value)
{
    if (row->num[side] == row->den[side])
        return value;
    int128 den = row->den[side], scaled = value * row->num[side];
    scaled = (scaled < 0 ? scaled - den / 2 : scaled + den / 2) / den;
    return scaled > INT64_MAX ? INT64_MAX : scaled < INT64_MIN ? INT64_MIN : (int64_t)scaled;
}

static void scale_column(const struct pv_diff_row *row, unsigned side, int64_t *values,
                         uint32_t count)
{
    for (uint32_t i = 0; row->num[side] != row->den[side] && i < count; i++)
        values[i] = pv_diff_scaled(row, side, values[i]);
}

static int64_t sum_of(const int64_t *values, uint32_t count)
{
    int128 sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += values[i];
    return sum > INT64_MAX ? INT64_MAX : sum < INT64_MIN ? INT64_MIN : (int64_t)sum;
}

/* head - base and head + base, which end at what int64 holds. */
static void derive(int64_t *const *columns, const struct pv_diff_pair *pair, uint32_t count)
{
    const int64_t *base = columns[pair->base], *head = columns[pair->head];
    for (uint32_t i = 0; i < count; i++) {
        if (__builtin_sub_overflow(head[i], base[i], &columns[pair->change][i]))
            columns[pair->change][i] = head[i] < 0 ? INT64_MIN : INT64_MAX;
        if (!pv_add(head[i], base[i], &columns[pair->both][i]))
            columns[pair->both][i] = head[i] < 0 ? INT64_MIN : INT64_MAX;
    }
}

static void derive_totals(struct pv_diff *diff)
{
    struct pv_metric *metrics = diff->profile->metrics;
    for (uint32_t p = 0; p < diff->pair_count; p++) {
        const struct pv_diff_pair *pair = &diff->pairs[p];
        int64_t totals[4], *columns[4] = {&totals[0], &totals[1], &totals[2], &totals[3]};
        static const struct pv_diff_pair here = {0, 1, 2, 3, PV_NOISE_NONE};
        totals[0] = metrics[pair->base].total;
        totals[1] = metrics[pair->head].total;
        derive(columns, &here, 1);
        metrics[pair->change].total = totals[2];
        metrics[pair->both].total = totals[3];
    }
}

void pv_diff_derive_tree(struct pv_diff *diff)
{
    struct pv_tree *tree = diff->profile->tree;
    for (uint32_t p = 0; p < diff->pair_count; p++) {
        derive(tree->self, &diff->pairs[p], tree->count);
        derive(tree->total, &diff->pairs[p], tree->count);
    }
}

void pv_diff_derive_graph(struct pv_diff *diff)
{
    struct pv_graph *graph = diff->profile->graph;
    for (uint32_t p = 0; p < diff->pair_count; p++) {
        derive(graph->self, &diff->pairs[p], graph->func_count);
        derive(graph->total, &diff->pairs[p], graph->func_count);
        derive(graph->arc_total, &diff->pairs[p], graph->arc_count);
    }
}

void pv_diff_finish_tree(struct pv_diff *diff, const struct pv_diff_making *making)
{
    struct pv_tree *tree = diff->profile->tree;
    for (uint32_t p = 0; p < diff->pair_count; p++)
        for (unsigned side = 0; side < 2; side++) {
            uint32_t m = p * PV_DIFF_COLUMNS + side;
            scale_column(&making->rows[p], side, tree->self[m], tree->count);
            pv_tree_sum(tree->nodes, tree->count, tree->self[m], tree->total[m]);
            diff->profile->metrics[m].total = sum_of(tree->self[m], tree->count);
        }
    derive_totals(diff);
    pv_diff_derive_tree(diff);
}

void pv_diff_finish_graph(struct pv_diff *diff, const struct pv_diff_making *making)
{
    struct pv_graph *graph = diff->profile->graph;
    for (uint32_t p = 0; p < diff->pair_count; p++)
        for (unsigned side = 0; side < 2; side++) {
            uint32_t m = p * PV_DIFF_COLUMNS + side;
            scale_column(&making->rows[p], side, graph->self[m], graph->func_count);
            scale_column(&making->rows[p], side, graph->total[m], graph->func_count);
            scale_column(&making->rows[p], side, graph->arc_total[m], graph->arc_count);
            diff->profile->metrics[m].total = sum_of(graph->self[m], graph->func_count);
        }
    derive_totals(diff);
    pv_diff_derive_graph(diff);
}

/* The function of the union that a frame of it is. */
static uint32_t *functions_of(const struct pv_profile *profile)
{
    uint32_t *funcs = pv_alloc(profile->frame_count * sizeof *funcs);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        funcs[i] = PV_NONE;
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        funcs[profile->graph->funcs[i].frame] = i;
    return funcs;
}

static void mark_sides(struct pv_diff *diff, const struct pv_diff_making *making,
                       const uint32_t *funcs)
{
    for (uint32_t r = 0; r < making->run_count; r++) {
        const struct pv_diff_run *run = &making->runs[r];
        for (uint32_t i = 0; i < run->profile->frame_count; i++) {
            uint32_t func = run->frames[i] == PV_NONE ? PV_NONE : funcs[run->frames[i]];
            if (func != PV_NONE)
                diff->sides[func] |= run->side ? PV_IN_HEAD : PV_IN_BASE;
        }
    }
    for (uint32_t i = 0; i < diff->profile->graph->func_count; i++)
        diff->match[i] = making->frame_match[diff->profile->graph->funcs[i].frame];
}

/* Known calls add up; one that is not known leaves the others. */
static void add_calls(int64_t *sum, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS)
        return;
    if (*sum == PV_UNKNOWN_CALLS)
        *sum = 0;
    if (!pv_add(*sum, calls, sum))
        *sum = INT64_MAX;
}

static void mean_calls(int64_t *calls, uint32_t count, int64_t runs)
{
    for (uint32_t i = 0; runs > 1 && i < count; i++)
        if (calls[i] != PV_UNKNOWN_CALLS)
            calls[i] = calls[i] / runs + (calls[i] % runs * 2 >= runs);
}

static int64_t *new_calls(struct pv_diff *diff, uint32_t count)
{
    int64_t *calls = pv_arena_alloc(diff->profile->arena, (count ? count : 1) * sizeof *calls);
    for (uint32_t i = 0; i < count; i++)
        calls[i] = PV_UNKNOWN_CALLS;
    return calls;
}

/* One run's arcs are found among the union's by their callee, whose arcs are marked by caller. */
static void count_arc_calls(struct pv_diff *diff, const struct pv_diff_run *run,
                            const uint32_t *funcs, uint32_t *marks)
{
    const struct pv_graph *graph = diff->profile->graph, *from = run->profile->graph;
    for (uint32_t f = 0; f < from->func_count; f++) {
        uint32_t callee = funcs[run->frames[from->funcs[f].frame]];
        for (uint32_t a = graph->funcs[callee].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
            marks[graph->arcs[a].caller] = a;
        for (uint32_t a = from->funcs[f].first_in; a != PV_NONE; a = from->arcs[a].next_in) {
            uint32_t arc = marks[funcs[run->frames[from->funcs[from->arcs[a].caller].frame]]];
            if (arc != PV_NONE && graph->arcs[arc].callee == callee)
                add_calls(&diff->arc_calls[run->side][arc], from->arcs[a].calls);
        }
    }
}

static void count_calls(struct pv_diff *diff, const struct pv_diff_making *making,
                        const uint32_t *funcs)
{
    uint32_t func_count = diff->profile->graph->func_count;
    uint32_t *marks = pv_alloc(func_count * sizeof *marks);
    for (uint32_t i = 0; i < func_count; i++)
        marks[i] = PV_NONE;
    for (uint32_t r = 0; r < making->run_count; r++) {
        const struct pv_diff_run *run = &making->runs[r];
        const struct pv_graph *from = run->profile->graph;
        for (uint32_t i = 0; from && i < from->func_count; i++)
            add_calls(&diff->calls[run->side][funcs[run->frames[from->funcs[i].frame]]],
                      from->funcs[i].calls);
        if (from)
            count_arc_calls(diff, run, funcs, marks);
    }
    free(marks);
}

/* Who does not have a function did not call it either, where that side counts calls at all. */
static void settle_calls(struct pv_diff *diff)
{
    const struct pv_graph *graph = diff->profile->graph;
    bool knows[2] = {false, false};
    for (unsigned side = 0; side < 2; side++) {
        mean_calls(diff->calls[side], graph->func_count, diff->runs[side]);
        mean_calls(diff->arc_calls[side], graph->arc_count, diff->runs[side]);
        for (uint32_t i = 0; i < graph->func_count; i++)
            knows[side] |= diff->calls[side][i] != PV_UNKNOWN_CALLS;
    }
    diff->has_calls = knows[0] && knows[1];
    for (uint32_t i = 0; i < graph->func_count; i++) {
        for (unsigned side = 0; side < 2; side++)
            if (knows[side] && !(diff->sides[i] & (side ? PV_IN_HEAD : PV_IN_BASE)))
                diff->calls[side][i] = 0;
        int64_t head = diff->calls[1][i];
        graph->funcs[i].calls = head > 0 ? head : diff->calls[0][i];
    }
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        int64_t head = diff->arc_calls[1][i];
        graph->arcs[i].calls = head > 0 ? head : diff->arc_calls[0][i];
    }
}

static int64_t *run_column(struct pv_diff *diff, const struct pv_diff_making *making, unsigned side,
                           uint32_t row, bool is_self, const uint32_t *funcs)
{
    uint32_t functions = diff->profile->graph->func_count, at = 0;
    const struct pv_diff_row *of = &making->rows[row];
    struct pv_diff_row one = *of; /* without the mean: each run is one */
    one.num[side] = of->num[side] * diff->runs[side];
    int64_t *values = pv_arena_alloc(diff->profile->arena,
                                     ((size_t)diff->runs[side] * functions + 1) * sizeof *values);
    for (uint32_t r = 0; r < making->run_count; r++) {
        const struct pv_diff_run *run = &making->runs[r];
        const struct pv_graph *from = run->profile->graph;
        if (run->side != side)
            continue;
        int64_t *out = values + (size_t)at++ * functions;
        for (uint32_t i = 0; run->metrics[row] != PV_NONE && i < from->func_count; i++) {
            int64_t value = (is_self ? from->self : from->total)[run->metrics[row]][i];
            out[funcs[run->frames[from->funcs[i].frame]]] =
                pv_diff_scaled(&one, side, pv_diff_value(run, row, value));
        }
    }
    return values;
}

static void keep_runs(struct pv_diff *diff, const struct pv_diff_making *making,
                      const uint32_t *funcs)
{
    for (unsigned side = 0; side < 2; side++) {
        size_t size = diff->pair_count * sizeof(int64_t *);
        diff->run_self[side] = pv_arena_alloc(diff->profile->arena, size);
        diff->run_total[side] = pv_arena_alloc(diff->profile->arena, size);
        for (uint32_t p = 0; p < diff->pair_count; p++) {
            diff->run_self[side][p] = run_column(diff, making, side, p, true, funcs);
            diff->run_total[side][p] = run_column(diff, making, side, p, false, funcs);
        }
    }
}

void pv_diff_tell_sides(struct pv_diff *diff, const struct pv_diff_making *making)
{
    const struct pv_graph *graph = diff->profile->graph;
    uint32_t *funcs = functions_of(diff->profile);
    diff->sides = pv_arena_alloc(diff->profile->arena, graph->func_count + 1);
    diff->match = pv_arena_alloc(diff->profile->arena, graph->func_count + 1);
    for (unsigned side = 0; side < 2; side++) {
        diff->calls[side] = new_calls(diff, graph->func_count);
        diff->arc_calls[side] = new_calls(diff, graph->arc_count);
    }
    mark_sides(diff, making, funcs);
    count_calls(diff, making, funcs);
    settle_calls(diff);
    if (making->run_count > 2)
        keep_runs(diff, making, funcs);
    free(funcs);
}

#include "model/gate_parts.h"

#include "model/option.h"
#include "model/sampling.h"

#include <stdlib.h>

static struct pv_text metric_name(const struct pv_gate_view *view, uint32_t at)
{
    if (view->diff)
        return pv_diff_name(view->diff, at);
    return pv_profile_text(view->profile, view->profile->metrics[at].name);
}

static bool find_metric(const struct pv_gate_view *view, struct pv_text name, uint32_t *out)
{
    uint32_t count = view->diff ? view->diff->pair_count : view->profile->metric_count;
    for (uint32_t i = 0; i < count; i++)
        if (name.size == 0 || pv_text_equal(metric_name(view, i), name)) {
            *out = i;
            return true;
        }
    return false;
}

static bool fail_metric(const struct pv_gate_view *view, struct pv_text name, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = name};
    struct pv_buffer names = {0};
    uint32_t count = view->diff ? view->diff->pair_count : view->profile->metric_count;
    for (uint32_t i = 0; i < count; i++) {
        pv_nearest_try(&nearest, metric_name(view, i));
        pv_buffer_add(&names, metric_name(view, i));
        pv_buffer_add(&names, PV_TEXT(", "));
    }
    pv_nearest_try(&nearest, PV_TEXT("calls"));
    struct pv_text near = pv_nearest_name(&nearest);
    if (near.size)
        pv_fail(err, PV_USAGE, (struct pv_where){0}, "unknown metric '%.*s'; did you mean '%.*s'?",
                PV_TEXT_ARGS(pv_text_slice(name, 0, 60)), PV_TEXT_ARGS(near));
    else
        pv_fail(err, PV_USAGE, (struct pv_where){0}, "unknown metric '%.*s'; there are %.*scalls",
                PV_TEXT_ARGS(pv_text_slice(name, 0, 60)), PV_TEXT_ARGS(pv_buffer_text(&names)));
    pv_buffer_free(&names);
    return false;
}

static void look_at_metric(struct pv_gate_view *view, uint32_t at)
{
    const struct pv_metric *metrics = view->profile->metrics;
    view->pair = at;
    view->columns[0] = view->diff ? view->diff->pairs[at].base : PV_NONE;
    view->columns[1] = view->diff ? view->diff->pairs[at].head : at;
    view->unit = metrics[view->columns[1]].unit;
    view->scale = metrics[view->columns[1]].scale;
    view->noise = view->diff ? view->diff->pairs[at].noise : pv_metric_noise(view->profile, at);
    for (unsigned side = 0; side < 2; side++)
        view->wholes[side] =
            view->columns[side] == PV_NONE ? 0 : metrics[view->columns[side]].total;
}

static void look_at_samples(struct pv_gate_view *view)
{
    struct pv_sampling sampling = {0};
    for (unsigned side = 0; view->diff && side < 2; side++)
        view->samples[side] = view->diff->samples[side][view->pair];
    if (view->diff || view->noise != PV_NOISE_SAMPLES)
        return;
    pv_sampling_look(&sampling, view->profile, view->pair, 1);
    view->samples[1] = (double)view->wholes[1] / (double)pv_sampling_step(&sampling);
    if (!pv_sampling_is_count(&sampling, (double)view->wholes[1]))
        view->noise = PV_NOISE_UNKNOWN;
}

static int64_t calls_at(const struct pv_gate_view *view, unsigned side, uint32_t func)
{
    return view->diff ? view->diff->calls[side][func] : view->profile->graph->funcs[func].calls;
}

/* Known calls of the functions; false where none is told. */
static bool sum_calls(const struct pv_gate_view *view, const struct pv_gate_set *set, unsigned side,
                      int64_t *sum)
{
    const struct pv_graph *graph = view->profile->graph;
    bool is_known = false;
    *sum = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        int64_t calls = calls_at(view, side, i);
        if ((set->frames && !set->frames[graph->funcs[i].frame]) || calls == PV_UNKNOWN_CALLS)
            continue;
        is_known = true;
        if (!pv_add(*sum, calls, sum))
            *sum = INT64_MAX;
    }
    return is_known;
}

static bool look_at_calls(struct pv_gate_view *view, struct pv_error *err)
{
    const struct pv_gate_set all = {0};
    struct pv_limits defaults = pv_limits_default();
    if (!pv_profile_need_graph(view->profile,
                               view->request->limits ? view->request->limits : &defaults, err))
        return false;
    view->is_calls = true;
    view->unit = PV_UNIT_COUNT;
    view->scale = 1;
    view->noise = PV_NOISE_NONE;
    view->columns[0] = view->diff ? 0 : PV_NONE;
    for (unsigned side = !view->diff; side < 2; side++)
        sum_calls(view, &all, side, &view->wholes[side]);
    return true;
}

bool pv_gate_look(struct pv_gate_view *view, const struct pv_gate_request *request,
                  const struct pv_gate_rule *rule, struct pv_error *err)
{
    uint32_t at = 0;
    *view =
        (struct pv_gate_view){.request = request,
                              .diff = request->diff,
                              .profile = request->diff ? request->diff->profile : request->profile,
                              .is_self = rule->is_self};
    if (find_metric(view, rule->metric, &at)) {
        look_at_metric(view, at);
        look_at_samples(view);
        return true;
    }
    if (pv_text_equal(rule->metric, PV_TEXT("calls")))
        return look_at_calls(view, err);
    return fail_metric(view, rule->metric, err);
}

/* Σ of the outermost nodes of the set in each stack, exactly: a parent's index is below its
 * children's. */
static int64_t tree_total(const struct pv_tree *tree, const bool *frames, uint32_t metric)
{
    bool *inside = pv_zalloc(tree->count, sizeof *inside);
    int64_t sum = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        bool is_inside = inside[tree->nodes[i].parent];
        inside[i] = is_inside || frames[tree->nodes[i].frame];
        if (inside[i] && !is_inside && !pv_add(sum, tree->total[metric][i], &sum))
            sum = INT64_MAX;
    }
    free(inside);
    return sum;
}

static int64_t tree_self(const struct pv_tree *tree, const bool *frames, uint32_t metric)
{
    int64_t sum = 0;
    for (uint32_t i = 1; i < tree->count; i++)
        if (frames[tree->nodes[i].frame])
            sum += tree->self[metric][i];
    return sum;
}

/* What functions have together, less what they have through each other: exact for one, an upper
 * bound for several, because what lies between two of them is not known. */
static int64_t graph_total(const struct pv_graph *graph, const bool *frames, uint32_t metric,
                           int64_t whole, bool *is_bound)
{
    int64_t sum = 0, most = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        int64_t total = graph->total[metric][i];
        if (!frames[graph->funcs[i].frame])
            continue;
        count++;
        most = total > most ? total : most;
        if (!pv_add(sum, total, &sum))
            sum = INT64_MAX;
    }
    for (uint32_t i = 0; count > 1 && i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool is_inside = frames[graph->funcs[arc->caller].frame] &&
                         frames[graph->funcs[arc->callee].frame] && arc->caller != arc->callee;
        sum -= is_inside ? graph->arc_total[metric][i] : 0;
    }
    sum = sum > whole && count > 1 ? whole : sum;
    sum = sum < most ? most : sum;
    *is_bound = count > 1 && sum > most;
    return sum;
}

static int64_t graph_self(const struct pv_graph *graph, const bool *frames, uint32_t metric)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (frames[graph->funcs[i].frame])
            sum += graph->self[metric][i];
    return sum;
}

static int64_t value_of_one(const struct pv_gate_view *view, uint32_t func, unsigned side)
{
    const struct pv_graph *graph = view->profile->graph;
    if (view->is_calls)
        return calls_at(view, side, func);
    return (view->is_self ? graph->self : graph->total)[view->columns[side]][func];
}

bool pv_gate_value(const struct pv_gate_view *view, const struct pv_gate_set *set, unsigned side,
                   int64_t *value, bool *is_bound)
{
    const struct pv_profile *profile = view->profile;
    uint32_t metric = view->columns[side];
    *is_bound = false;
    if (view->funcs && set->count == 1) {
        *value = value_of_one(view, view->funcs[set->frame], side);
        return *value != PV_UNKNOWN_CALLS || !view->is_calls;
    }
    if (view->is_calls)
        return sum_calls(view, set, side, value) || (set->frames && set->count == 0);
    if (!set->frames)
        *value = view->wholes[side];
    else if (profile->origin == PV_ORIGIN_STACKS)
        *value = (view->is_self ? tree_self : tree_total)(profile->tree, set->frames, metric);
    else if (view->is_self)
        *value = graph_self(profile->graph, set->frames, metric);
    else
        *value = graph_total(profile->graph, set->frames, metric, view->wholes[side], is_bound);
    return true;
}

uint32_t pv_gate_count_tests(const struct pv_gate_view *view, const bool *frames)
{
    const struct pv_graph *graph = view->profile->graph;
    uint32_t count = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        bool has_value = false;
        for (unsigned side = !view->diff; side < 2; side++)
            has_value = has_value || value_of_one(view, i, side) > 0;
        count += has_value && frames[graph->funcs[i].frame];
    }
    return count;
}

int64_t *pv_gate_runs(const struct pv_gate_view *view, const struct pv_gate_set *set, unsigned side)
{
    const struct pv_diff *diff = view->diff;
    bool sums_self = view->is_self || !set->frames;
    if (!diff || !diff->run_self[side] || view->is_calls || (!sums_self && set->count > 1))
        return NULL;
    const struct pv_graph *graph = diff->profile->graph;
    const int64_t *values = (sums_self ? diff->run_self : diff->run_total)[side][view->pair];
    int64_t *runs = pv_zalloc(diff->runs[side], sizeof *runs);
    for (uint32_t r = 0; view->funcs && set->count == 1 && r < diff->runs[side]; r++)
        runs[r] = values[(size_t)r * graph->func_count + view->funcs[set->frame]];
    if (view->funcs && set->count == 1)
        return runs;
    for (uint32_t r = 0; r < diff->runs[side]; r++)
        for (uint32_t i = 0; i < graph->func_count; i++)
            if (!set->frames || set->frames[graph->funcs[i].frame])
                runs[r] += values[(size_t)r * graph->func_count + i];
    return runs;
}

bool pv_gate_quantity(const struct pv_gate_view *view, const struct pv_quantity *quantity,
                      int64_t *value)
{
    struct pv_decimal number = quantity->number;
    bool is_whole = view->unit == PV_UNIT_COUNT && view->scale == 1 && quantity->suffix.size == 0;
    int64_t power = pv_power10(number.digits);
    if (is_whole) /* at most 1.5 calls is at most one */
        number = (struct pv_decimal){number.value / power - (number.value % power < 0), 0};
    return pv_unit_value(value, number, quantity->suffix, view->unit, view->scale);
}

void pv_gate_add_value(struct pv_buffer *out, const struct pv_gate_view *view, int64_t value)
{
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    bool is_whole = view->unit == PV_UNIT_COUNT && view->scale == 1;
    out->size += is_whole ? pv_print_grouped(room, value)
                          : pv_format_value(room, value, view->unit, view->scale);
}

struct pv_text pv_gate_keep(struct pv_arena *arena, struct pv_buffer *buffer)
{
    struct pv_text text = pv_arena_copy(arena, pv_buffer_text(buffer));
    buffer->size = 0;
    return text;
}

#include "model/gate_parts.h"

#include "model/option.h"
#include "model/sampling.h"

#include <stdlib.h>

static struct pv_text metric_name(const struct pv_gate_view *view, uint32_t at)
{
    const struct pv_profile *profile = view->ground->profile;
    if (view->diff)
        return pv_diff_name(view->diff, at);
    return pv_profile_text(profile, profile->metrics[at].name);
}

static uint32_t metric_count(const struct pv_gate_view *view)
{
    return view->diff ? view->diff->pair_count : view->ground->profile->metric_count;
}

static bool find_metric(const struct pv_gate_view *view, struct pv_text name, uint32_t *out)
{
    for (uint32_t i = 0; i < metric_count(view); i++)
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
    for (uint32_t i = 0; i < metric_count(view); i++) {
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
    const struct pv_profile *profile = view->ground->profile;
    const struct pv_diff_pair *pair = view->diff ? &view->diff->pairs[at] : NULL;
    const struct pv_metric *head = &profile->metrics[pair ? pair->head : at];
    view->pair = at;
    view->unit = head->unit;
    view->scale = head->scale;
    view->noise = pair ? pair->noise : pv_metric_noise(profile, at);
    view->wholes[0] = pair ? profile->metrics[pair->base].total : 0;
    view->wholes[1] = head->total;
    for (unsigned side = 0; side < 2; side++)
        view->sides[side].metric = !pair                   ? at
                                   : view->ground->outline ? view->diff->pair_metrics[side][at]
                                   : side                  ? pair->head
                                                           : pair->base;
}

static void look_at_samples(struct pv_gate_view *view)
{
    struct pv_sampling sampling = {0};
    for (unsigned side = 0; view->diff && side < 2; side++)
        view->samples[side] = view->diff->samples[side][view->pair];
    if (view->diff || view->noise != PV_NOISE_SAMPLES)
        return;
    pv_sampling_look(&sampling, view->ground->profile, view->pair, 1);
    view->samples[1] = (double)view->wholes[1] / (double)pv_sampling_step(&sampling);
    if (!view->ground->profile->noise && !pv_sampling_is_count(&sampling, (double)view->wholes[1]))
        view->noise = PV_NOISE_UNKNOWN;
}

/* Where each side's values are: in its own profile, or in the union. */
static void find_sides(struct pv_gate_view *view)
{
    const struct pv_gate_ground *ground = view->ground;
    for (unsigned side = !view->diff; side < 2; side++) {
        struct pv_gate_side *of = &view->sides[side];
        of->profile = ground->outline ? ground->request->sides->runs[side][0] : ground->profile;
        if (ground->outline)
            of->frames = ground->outline->frames[side];
        else if (ground->diff)
            of->calls = ground->diff->calls[side];
    }
}

static int64_t calls_at(const struct pv_gate_side *side, uint32_t func)
{
    return side->calls ? side->calls[func] : side->profile->graph->funcs[func].calls;
}

/* The set in the numbers of the side's own frames, to be freed; NULL where these are the same. */
static bool *own_frames(const struct pv_gate_side *side, const bool *frames)
{
    uint32_t count = side->profile->frame_count;
    if (!frames || !side->frames)
        return NULL;
    bool *own = pv_zalloc((size_t)count + 1, sizeof *own);
    for (uint32_t i = 0; i < count; i++)
        own[i] = side->frames[i] != PV_NONE && frames[side->frames[i]];
    return own;
}

/* Whether the set has functions that the side, which knows calls, does not have: these have none.
 */
static bool has_others(const struct pv_gate_view *view, const bool *frames, unsigned side)
{
    const struct pv_diff *outline = view->ground->outline;
    bool has = false;
    if (outline && view->sides[side].knows_calls)
        for (uint32_t i = 0; i < outline->profile->frame_count && !has; i++)
            has = (!frames || frames[i]) && !(outline->sides[i] & (side ? PV_IN_HEAD : PV_IN_BASE));
    return has;
}

/* Known calls of the functions (side's own frames); false where none is told. */
static bool sum_calls(const struct pv_gate_side *side, const bool *frames, int64_t *sum)
{
    const struct pv_graph *graph = side->profile->graph;
    bool is_known = false;
    *sum = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        int64_t calls = calls_at(side, i);
        if ((frames && !frames[graph->funcs[i].frame]) || calls == PV_UNKNOWN_CALLS)
            continue;
        is_known = true;
        if (!pv_add(*sum, calls, sum))
            *sum = INT64_MAX;
    }
    return is_known;
}

static bool need_graph(const struct pv_gate_view *view, unsigned side, struct pv_error *err)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_limits *limits = view->ground->request->limits;
    return pv_profile_need_graph(view->sides[side].profile, limits ? limits : &defaults, err);
}

static bool look_at_calls(struct pv_gate_view *view, struct pv_error *err)
{
    view->is_calls = true;
    view->unit = PV_UNIT_COUNT;
    view->scale = 1;
    view->noise = PV_NOISE_NONE;
    for (unsigned side = !view->diff; side < 2; side++) {
        if (!need_graph(view, side, err))
            return false;
        view->sides[side].knows_calls =
            sum_calls(&view->sides[side], NULL, &view->wholes[side]) && view->diff;
    }
    return true;
}

bool pv_gate_look(struct pv_gate_view *view, struct pv_gate_ground *ground,
                  const struct pv_gate_rule *rule, struct pv_error *err)
{
    uint32_t at = 0;
    *view = (struct pv_gate_view){.ground = ground, .diff = ground->diff, .is_self = rule->is_self};
    find_sides(view);
    if (find_metric(view, rule->metric, &at)) {
        look_at_metric(view, at);
        look_at_samples(view);
        return true;
    }
    if (pv_text_equal(rule->metric, PV_TEXT("calls")))
        return look_at_calls(view, err);
    return fail_metric(view, rule->metric, err);
}

void pv_gate_leave(struct pv_gate_view *view)
{
    free(view->funcs[0]);
    free(view->funcs[1]);
    pv_gate_ways_free(view->ways);
}

bool pv_gate_look_at_each(struct pv_gate_view *view, struct pv_error *err)
{
    uint32_t count = view->ground->profile->frame_count;
    for (unsigned side = !view->diff; side < 2; side++) {
        const struct pv_gate_side *of = &view->sides[side];
        if (!need_graph(view, side, err))
            return false;
        const struct pv_graph *graph = of->profile->graph;
        view->funcs[side] = pv_alloc(((size_t)count + 1) * sizeof *view->funcs[side]);
        for (uint32_t i = 0; i < count; i++)
            view->funcs[side][i] = PV_NONE;
        for (uint32_t i = 0; i < graph->func_count; i++) {
            uint32_t frame = graph->funcs[i].frame;
            view->funcs[side][of->frames ? of->frames[frame] : frame] = i;
        }
    }
    return true;
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

/* False: calls that are not told. */
static bool value_of_one(const struct pv_gate_view *view, uint32_t frame, unsigned side,
                         int64_t *value)
{
    const struct pv_gate_side *of = &view->sides[side];
    uint32_t func = view->funcs[side][frame];
    *value = 0;
    if (func == PV_NONE)
        return !view->is_calls || of->knows_calls;
    const struct pv_graph *graph = of->profile->graph;
    *value = view->is_calls ? calls_at(of, func)
                            : (view->is_self ? graph->self : graph->total)[of->metric][func];
    return *value != PV_UNKNOWN_CALLS || !view->is_calls;
}

static int64_t value_of_set(const struct pv_gate_view *view, const bool *frames, unsigned side,
                            bool *is_bound)
{
    const struct pv_gate_side *of = &view->sides[side];
    if (of->profile->origin == PV_ORIGIN_STACKS)
        return (view->is_self ? tree_self : tree_total)(of->profile->tree, frames, of->metric);
    if (view->is_self)
        return graph_self(of->profile->graph, frames, of->metric);
    return graph_total(of->profile->graph, frames, of->metric, view->wholes[side], is_bound);
}

bool pv_gate_value(const struct pv_gate_view *view, const struct pv_gate_set *set, unsigned side,
                   int64_t *value, bool *is_bound)
{
    bool is_known = true;
    *is_bound = false;
    if (view->funcs[side] && set->count == 1)
        return value_of_one(view, set->frame, side, value);
    bool *own = own_frames(&view->sides[side], set->frames);
    const bool *frames = own ? own : set->frames;
    if (view->is_calls)
        is_known = sum_calls(&view->sides[side], frames, value) ||
                   has_others(view, set->frames, side) || (set->frames && set->count == 0);
    else
        *value = frames ? value_of_set(view, frames, side, is_bound) : view->wholes[side];
    free(own);
    return is_known;
}

uint32_t pv_gate_count_tests(const struct pv_gate_view *view, const bool *frames)
{
    uint32_t count = 0;
    int64_t value;
    for (uint32_t i = 0; i < view->ground->profile->frame_count; i++) {
        bool has_value = false;
        for (unsigned side = !view->diff; side < 2 && frames[i]; side++)
            has_value = has_value || (value_of_one(view, i, side, &value) && value > 0);
        count += has_value;
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
    for (uint32_t r = 0; view->funcs[side] && set->count == 1 && r < diff->runs[side]; r++)
        runs[r] = values[(size_t)r * graph->func_count + view->funcs[side][set->frame]];
    if (view->funcs[side] && set->count == 1)
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

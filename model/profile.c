#include "model/profile.h"

#include "model/error.h"
#include "model/estimate.h"
#include "model/graph.h"
#include "model/number.h"
#include "model/sort.h"

#include <stdlib.h>

void pv_profile_free(struct pv_profile *profile)
{
    if (!profile)
        return;
    pv_strings_free(profile->strings);
    pv_arena_free(profile->arena); /* the profile itself lies in it */
}

struct pv_text pv_profile_text(const struct pv_profile *profile, pv_str id)
{
    return pv_strings_get(profile->strings, id);
}

struct pv_text pv_profile_name(const struct pv_profile *profile, uint32_t frame)
{
    return pv_strings_get(profile->strings, profile->frames[frame].name);
}

bool pv_profile_need_graph(struct pv_profile *profile, const struct pv_limits *limits,
                           struct pv_error *err)
{
    return profile->graph || pv_graph_from_tree(&profile->graph, profile, limits, err);
}

void pv_profile_need_tree(struct pv_profile *profile, uint32_t metric)
{
    if (!profile->tree)
        pv_tree_estimate(&profile->tree, profile, metric);
}

static void drop_arcs(struct pv_profile *profile, struct pv_graph *graph)
{
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        pv_arena_release(profile->arena, graph->arc_total[m]);
        graph->arc_total[m] = NULL;
    }
    pv_arena_release(profile->arena, graph->arc_has_total);
    pv_arena_release(profile->arena, graph->arcs);
    graph->arc_has_total = NULL;
    graph->arcs = NULL;
    graph->arc_count = 0;
    for (uint32_t f = 0; f < graph->func_count; f++)
        graph->funcs[f].first_out = graph->funcs[f].first_in = PV_NONE;
}

/* Sums of signed values may have been cut, and what is known of an estimate is told by own values.
 */
void pv_profile_keep_tree(struct pv_profile *profile, uint32_t metric)
{
    struct pv_tree *tree = profile->tree;
    if (profile->graph)
        drop_arcs(profile, profile->graph);
    if (!tree || tree->certainty || metric >= profile->metric_count ||
        profile->metrics[metric].is_signed)
        return;
    pv_arena_release(profile->arena, tree->self[metric]);
    tree->self[metric] = NULL;
}

int64_t pv_tree_self(const struct pv_tree *tree, uint32_t metric, uint32_t node)
{
    if (tree->self[metric])
        return tree->self[metric][node];
    int64_t left = tree->total[metric][node];
    for (uint32_t i = tree->nodes[node].first_child; i != PV_NONE; i = tree->nodes[i].next_sibling)
        left -= tree->total[metric][i];
    return left;
}

static int compare_strings(const struct pv_profile *profile, pv_str a, pv_str b)
{
    return a == b ? 0 : pv_text_compare(pv_profile_text(profile, a), pv_profile_text(profile, b));
}

int pv_frame_compare(const struct pv_profile *profile, uint32_t a, uint32_t b)
{
    const struct pv_frame *x = &profile->frames[a], *y = &profile->frames[b];
    int order = compare_strings(profile, x->name, y->name);
    if (!order)
        order = compare_strings(profile, x->file, y->file);
    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    return order ? order : compare_strings(profile, x->module, y->module);
}

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    return pv_frame_compare(context, a, b) < 0;
}

uint32_t *pv_frame_order(const struct pv_profile *profile)
{
    uint32_t *order = pv_alloc(profile->frame_count * sizeof *order);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        order[i] = i;
    pv_sort(order, profile->frame_count, is_before, profile);
    return order;
}

static int64_t sum_sizes(const int64_t *values, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count && sum <= INT64_MAX; i++)
        sum += pv_magnitude(values[i]);
    return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

int64_t pv_profile_whole(const struct pv_profile *profile, uint32_t metric)
{
    const struct pv_metric *of = &profile->metrics[metric];
    const struct pv_graph *graph = profile->graph;
    const struct pv_tree *tree = profile->tree;
    bool has_tree = tree && (profile->origin != PV_ORIGIN_ARCS || !graph);
    if (of->is_signed && has_tree)
        return sum_sizes(tree->self[metric], tree->count);
    if (of->is_signed && graph)
        return sum_sizes(graph->self[metric], graph->func_count);
    return sum_sizes(&of->total, 1);
}

void pv_profile_own_series(struct pv_profile *profile, struct pv_text owner)
{
    struct pv_budget unlimited = {0};
    for (uint32_t i = 0; i < profile->series_count; i++)
        if (!profile->series[i].owner)
            profile->series[i].owner = pv_strings_add(profile->strings, owner, &unlimited);
}

void pv_profile_keep_metric(struct pv_profile *profile, uint32_t metric)
{
    struct pv_tree *tree = profile->tree;
    struct pv_graph *graph = profile->graph;
    profile->metrics[0] = profile->metrics[metric];
    profile->metric_count = 1;
    if (tree) {
        tree->self[0] = tree->self[metric];
        tree->total[0] = tree->total[metric];
    }
    if (graph) {
        graph->self[0] = graph->self[metric];
        graph->total[0] = graph->total[metric];
        graph->arc_total[0] = graph->arc_total[metric];
    }
    if (profile->lines)
        profile->lines->self[0] = profile->lines->self[metric];
}

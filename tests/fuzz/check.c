#include "tests/fuzz/check.h"

__extension__ typedef __int128 int128;

static int128 sum(const int64_t *values, uint32_t count)
{
    int128 all = 0;
    for (uint32_t i = 0; i < count; i++)
        all += values[i];
    return all;
}

static void check_tree(const struct pv_profile *profile)
{
    const struct pv_tree *tree = profile->tree;
    for (uint32_t i = 1; i < tree->count; i++) {
        read_any_demand(tree->nodes[i].parent < i, "a parent stands before its children");
        read_any_demand(tree->nodes[i].frame < profile->frame_count, "a node has a frame");
    }
    for (uint32_t m = 0; m < profile->metric_count; m++)
        read_any_demand(sum(tree->self[m], tree->count) == profile->metrics[m].total,
                        "the self values of the tree sum to the total");
}

static void check_function(const struct pv_profile *profile, uint32_t metric, uint32_t func)
{
    int64_t self = profile->graph->self[metric][func], total = profile->graph->total[metric][func];
    read_any_demand(self >= 0 && total >= self, "total ≥ self ≥ 0");
    read_any_demand(total <= profile->metrics[metric].total, "no function has more than the whole");
}

static void check_graph(const struct pv_profile *profile)
{
    const struct pv_graph *graph = profile->graph;
    for (uint32_t a = 0; a < graph->arc_count; a++)
        read_any_demand(graph->arcs[a].caller < graph->func_count &&
                            graph->arcs[a].callee < graph->func_count,
                        "an arc joins functions");
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        int128 self = sum(graph->self[m], graph->func_count);
        if (profile->origin == PV_ORIGIN_STACKS)
            self += profile->tree->self[m][0];
        read_any_demand(self == profile->metrics[m].total, "the self values sum to the total");
        bool is_measured = profile->origin == PV_ORIGIN_STACKS && !profile->metrics[m].is_signed;
        for (uint32_t f = 0; is_measured && f < graph->func_count; f++)
            check_function(profile, m, f);
    }
}

/* `around` holds the span that is open at each depth. */
static void check_track(const struct pv_profile *profile, const struct pv_track *track,
                        const struct pv_span **around)
{
    const struct pv_span *spans =
        track->count ? profile->spans->spans + track->first : NULL; /* no call: perhaps no array */
    for (uint32_t i = 0; i < track->count; i++) {
        const struct pv_span *span = &spans[i],
                             *outer = span->depth ? around[span->depth - 1] : span;
        read_any_demand(span->begin <= span->end, "a call ends after it begins");
        read_any_demand(i == 0 || spans[i - 1].begin <= span->begin, "calls are in order");
        read_any_demand(span->depth <= (i ? spans[i - 1].depth + 1 : 0), "calls nest");
        read_any_demand(outer->begin <= span->begin && span->end <= outer->end, "calls nest");
        read_any_demand(span->node < profile->tree->count && span->frame < profile->frame_count,
                        "a call has a frame and a node");
        around[span->depth] = span;
    }
}

static void check_spans(const struct pv_profile *profile)
{
    const struct pv_spans *spans = profile->spans;
    const struct pv_span **around =
        pv_zalloc((size_t)spans->count + 1, sizeof(const struct pv_span *));
    for (uint32_t t = 0; t < spans->track_count; t++)
        check_track(profile, &spans->tracks[t], around);
    free((void *)around);
}

void read_any_invariants(struct pv_profile *profile)
{
    struct pv_limits limits = read_any_limits();
    struct pv_error err;
    read_any_demand(profile->tree || !profile->spans, "calls in time come with their tree");
    if (profile->tree)
        check_tree(profile);
    if (profile->tree && profile->spans)
        check_spans(profile);
    if (pv_profile_need_graph(profile, &limits, &err))
        check_graph(profile);
}

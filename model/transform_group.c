#include "model/error.h"
#include "model/map.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* Groups of functions on arcs. Self values and calls add up exactly. A group's total is what enters
 * it: the sum of its members' totals less the arcs between them, which is exact where no way leaves
 * a group and comes back. */

struct group {
    uint32_t members, frame;
    int64_t calls, primitive_calls;
};

/* All arcs from one group to another. */
struct bundle {
    uint32_t caller, callee;
    int64_t calls;
    bool is_known;
};

struct grouping {
    struct pv_remake *remake;
    const struct pv_graph *graph;
    uint32_t *group_of; /* by function */
    struct group *groups;
    uint32_t group_count, metrics;
    int64_t *self, *total, *most, *inner; /* by group and metric */
    struct bundle *bundles;
    int64_t *bundle_totals; /* by bundle and metric */
    uint32_t bundle_count;
};

static void add(int64_t *to, int64_t more)
{
    if (!pv_add(*to, more, to))
        *to = more < 0 ? INT64_MIN : INT64_MAX;
}

static void add_calls(int64_t *to, int64_t more)
{
    if (*to == PV_UNKNOWN_CALLS || more == PV_UNKNOWN_CALLS)
        *to = PV_UNKNOWN_CALLS;
    else
        add(to, more);
}

static void find_groups(struct grouping *grouping, const uint32_t *frame_of_func)
{
    struct pv_budget unlimited = {0};
    struct pv_map index = {0};
    for (uint32_t i = 0; i < grouping->graph->func_count; i++) {
        bool is_new = false;
        uint32_t group =
            *pv_map_put(&index, frame_of_func[i], grouping->group_count, &is_new, &unlimited);
        if (is_new)
            grouping->groups[grouping->group_count++] = (struct group){.frame = frame_of_func[i]};
        grouping->group_of[i] = group;
        grouping->groups[group].members++;
    }
    pv_map_free(&index);
}

static void add_funcs(struct grouping *grouping)
{
    for (uint32_t i = 0; i < grouping->graph->func_count; i++) {
        struct group *group = &grouping->groups[grouping->group_of[i]];
        add_calls(&group->calls, grouping->graph->funcs[i].calls);
        add_calls(&group->primitive_calls, pv_primitive_calls(grouping->graph, i));
        for (uint32_t m = 0; m < grouping->metrics; m++) {
            size_t at = (size_t)grouping->group_of[i] * grouping->metrics + m;
            int64_t total = grouping->graph->total[m][i];
            add(&grouping->self[at], grouping->graph->self[m][i]);
            add(&grouping->total[at], total);
            grouping->most[at] = total > grouping->most[at] ? total : grouping->most[at];
        }
    }
}

static uint32_t find_bundle(struct grouping *grouping, struct pv_map *index, uint32_t caller,
                            uint32_t callee)
{
    struct pv_budget unlimited = {0};
    bool is_new = false;
    uint32_t found = *pv_map_put(index, (uint64_t)caller << 32 | callee, grouping->bundle_count,
                                 &is_new, &unlimited);
    if (is_new)
        grouping->bundles[grouping->bundle_count++] =
            (struct bundle){.caller = caller, .callee = callee, .is_known = true};
    return found;
}

/* An arc inside of a group of several is no arc any more. */
static bool is_inner(const struct grouping *grouping, const struct pv_arc *arc)
{
    uint32_t group = grouping->group_of[arc->caller];
    return group == grouping->group_of[arc->callee] && grouping->groups[group].members > 1;
}

static void add_inner(struct grouping *grouping, uint32_t at, bool is_known)
{
    const struct pv_arc *arc = &grouping->graph->arcs[at];
    struct group *group = &grouping->groups[grouping->group_of[arc->caller]];
    if (arc->calls != PV_UNKNOWN_CALLS && group->calls != PV_UNKNOWN_CALLS)
        group->calls -= arc->calls;
    else
        group->calls = PV_UNKNOWN_CALLS;
    for (uint32_t m = 0; is_known && arc->caller != arc->callee && m < grouping->metrics; m++)
        add(&grouping->inner[(size_t)grouping->group_of[arc->caller] * grouping->metrics + m],
            grouping->graph->arc_total[m][at]);
}

static void add_arcs(struct grouping *grouping)
{
    const struct pv_graph *graph = grouping->graph;
    struct pv_map index = {0};
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool is_known = !graph->arc_has_total || graph->arc_has_total[i];
        if (is_inner(grouping, arc)) {
            add_inner(grouping, i, is_known);
            continue;
        }
        uint32_t at = find_bundle(grouping, &index, grouping->group_of[arc->caller],
                                  grouping->group_of[arc->callee]);
        grouping->bundles[at].is_known &= is_known;
        add_calls(&grouping->bundles[at].calls, arc->calls);
        for (uint32_t m = 0; m < grouping->metrics; m++)
            add(&grouping->bundle_totals[(size_t)at * grouping->metrics + m],
                graph->arc_total[m][i]);
    }
    pv_map_free(&index);
}

/* Between what is surely there (the largest member, all self) and what can be there at most. */
static int64_t settle_total(const struct grouping *grouping, size_t at, uint32_t metric)
{
    const struct pv_metric *of = &grouping->remake->from->metrics[metric];
    int64_t total = grouping->total[at], least = grouping->most[at], sum = total;
    if (of->is_signed || !pv_add(total, -grouping->inner[at], &total))
        return total;
    least = grouping->self[at] > least ? grouping->self[at] : least;
    sum = sum > of->total ? of->total : sum;
    total = total > sum ? sum : total;
    return total < least ? least : total;
}

static void build_funcs(struct grouping *grouping)
{
    for (uint32_t g = 0; g < grouping->group_count; g++) {
        struct group *group = &grouping->groups[g];
        size_t at = (size_t)g * grouping->metrics;
        for (uint32_t m = 0; group->members > 1 && m < grouping->metrics; m++)
            grouping->total[at + m] = settle_total(grouping, at + m, m);
        if (group->members > 1)
            group->calls = group->primitive_calls =
                group->calls < 0 ? PV_UNKNOWN_CALLS : group->calls;
        pv_build_func(grouping->remake->builder, group->frame, group->calls, group->primitive_calls,
                      grouping->self + at, grouping->total + at);
    }
}

/* A way that goes from one group to another twice must not count for more than either has. */
static void build_arcs(struct grouping *grouping)
{
    for (uint32_t i = 0; i < grouping->bundle_count; i++) {
        const struct bundle *bundle = &grouping->bundles[i];
        int64_t *totals = grouping->bundle_totals + (size_t)i * grouping->metrics;
        const int64_t *caller = grouping->total + (size_t)bundle->caller * grouping->metrics;
        const int64_t *callee = grouping->total + (size_t)bundle->callee * grouping->metrics;
        bool is_many = grouping->groups[bundle->caller].members > 1 ||
                       grouping->groups[bundle->callee].members > 1;
        for (uint32_t m = 0; m < grouping->metrics; m++) {
            int64_t most = caller[m] < callee[m] ? caller[m] : callee[m];
            bool is_bounded = is_many && !grouping->remake->from->metrics[m].is_signed;
            totals[m] = is_bounded && totals[m] > most ? most : totals[m];
        }
        pv_build_arc(grouping->remake->builder, grouping->groups[bundle->caller].frame,
                     grouping->groups[bundle->callee].frame, bundle->calls,
                     bundle->is_known ? totals : NULL);
    }
}

static uint32_t count_many(const struct grouping *grouping)
{
    uint32_t many = 0;
    for (uint32_t g = 0; g < grouping->group_count; g++)
        many += grouping->groups[g].members > 1;
    return many;
}

uint32_t pv_group_arcs(struct pv_remake *remake, const uint32_t *frame_of_func)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t metrics = remake->from->metric_count;
    size_t cells = (size_t)graph->func_count * metrics;
    int64_t *columns = pv_zalloc(cells * 4, sizeof *columns);
    struct grouping grouping = {
        .remake = remake,
        .graph = graph,
        .metrics = metrics,
        .group_of = pv_alloc(graph->func_count * sizeof(uint32_t)),
        .groups = pv_zalloc(graph->func_count, sizeof(struct group)),
        .self = columns,
        .total = columns + cells,
        .most = columns + 2 * cells,
        .inner = columns + 3 * cells,
        .bundles = pv_alloc(graph->arc_count * sizeof(struct bundle)),
        .bundle_totals = pv_zalloc((size_t)graph->arc_count * metrics, sizeof(int64_t)),
    };
    find_groups(&grouping, frame_of_func);
    add_funcs(&grouping);
    add_arcs(&grouping);
    build_funcs(&grouping);
    build_arcs(&grouping);
    uint32_t many = count_many(&grouping);
    free(grouping.group_of);
    free(grouping.groups);
    free(columns);
    free(grouping.bundles);
    free(grouping.bundle_totals);
    return many;
}

static uint64_t count_rest(struct pv_remake *remake, const bool *is_rest)
{
    const struct pv_graph *graph = remake->from->graph;
    uint64_t count = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        count += is_rest[i];
        for (uint32_t m = 0; is_rest[i] && m < remake->from->metric_count; m++)
            add(&remake->left_out[m], graph->self[m][i]);
    }
    return count;
}

bool pv_gather_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                    const bool *is_rest, struct pv_error *err)
{
    const struct pv_graph *graph = call->profile->graph;
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    uint64_t count = count_rest(&remake, is_rest);
    uint32_t *frames = pv_alloc(graph->func_count * sizeof *frames);
    uint32_t rest = count ? pv_remake_rest(&remake, count) : 0;
    for (uint32_t i = 0; i < graph->func_count; i++)
        frames[i] = is_rest[i] ? rest : pv_remake_frame(&remake, graph->funcs[i].frame);
    pv_group_arcs(&remake, frames);
    pv_remake_note_gathered(&remake, count);
    free(frames);
    return pv_remake_close(&remake, out, err);
}

static void copy_stacks(struct pv_remake *remake)
{
    const struct pv_tree *tree = remake->from->tree;
    uint32_t *moved = pv_zalloc(tree->count, sizeof *moved);
    pv_remake_self(remake, 0, 0);
    for (uint32_t i = 1; i < tree->count && pv_builder_is_ok(remake->builder); i++) {
        uint32_t frame = pv_remake_frame(remake, tree->nodes[i].frame);
        moved[i] = pv_build_stack(remake->builder, moved[tree->nodes[i].parent], &frame, 1, NULL);
        pv_remake_self(remake, moved[i], i);
    }
    pv_remake_spans(remake, moved, NULL);
    free(moved);
}

static void copy_arcs(struct pv_remake *remake)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t *frames = pv_alloc(graph->func_count * sizeof *frames);
    for (uint32_t i = 0; i < graph->func_count; i++)
        frames[i] = pv_remake_frame(remake, graph->funcs[i].frame);
    pv_group_arcs(remake, frames);
    free(frames);
}

void pv_remake_all(struct pv_remake *remake)
{
    if (remake->from->origin == PV_ORIGIN_STACKS)
        copy_stacks(remake);
    else
        copy_arcs(remake);
}

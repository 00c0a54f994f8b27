#include "model/graph.h"

#include "model/error.h"
#include "model/map.h"
#include "model/number.h"
#include "model/tree.h"

#include <stdlib.h>

/* One preorder walk along the tree's links. For every function and every arc a counter says how
 * often it is on the present path: only the occurrence that finds it at zero, the outermost, adds
 * to the total, so that recursion, direct or mutual, counts once. */

struct walk {
    const struct pv_profile *profile;
    const struct pv_tree *tree;
    const struct pv_limits *limits;
    struct pv_graph *graph;
    struct pv_budget budget;
    struct pv_map index;              /* caller and callee → arc */
    uint32_t *func_of_frame;          /* PV_NONE where the tree does not have the frame */
    uint32_t *arc_of_node;            /* PV_NONE below the root */
    uint32_t *func_depth, *arc_depth; /* how often on the present path */
    uint32_t arc_capacity;
};

static uint32_t func_at(const struct walk *walk, uint32_t node)
{
    return walk->func_of_frame[walk->tree->nodes[node].frame];
}

static int64_t *new_column(struct pv_arena *arena, uint32_t count)
{
    return pv_arena_alloc(arena, (count ? count : 1) * sizeof(int64_t));
}

static void find_funcs(struct walk *walk)
{
    const struct pv_tree *tree = walk->tree;
    struct pv_graph *graph = walk->graph;
    for (uint32_t i = 0; i < walk->profile->frame_count; i++)
        walk->func_of_frame[i] = PV_NONE;
    graph->funcs =
        pv_arena_alloc(walk->profile->arena, walk->profile->frame_count * sizeof *graph->funcs);
    for (uint32_t i = 1; i < tree->count; i++) {
        uint32_t frame = tree->nodes[i].frame;
        if (walk->func_of_frame[frame] != PV_NONE)
            continue;
        walk->func_of_frame[frame] = graph->func_count;
        graph->funcs[graph->func_count++] =
            (struct pv_func){frame, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS};
    }
}

static bool add_arc(struct walk *walk, uint32_t node)
{
    struct pv_graph *graph = walk->graph;
    uint32_t parent = walk->tree->nodes[node].parent;
    walk->arc_of_node[node] = PV_NONE;
    if (parent == 0)
        return true;
    uint32_t caller = func_at(walk, parent), callee = func_at(walk, node);
    bool is_new = false;
    uint32_t *arc = pv_map_put(&walk->index, (uint64_t)caller << 32 | callee, graph->arc_count,
                               &is_new, &walk->budget);
    if (!arc)
        return false;
    walk->arc_of_node[node] = *arc;
    if (!is_new)
        return true;
    void *arcs = graph->arcs;
    bool grown = graph->arc_count < walk->limits->arcs &&
                 pv_grow(&arcs, &walk->arc_capacity, (uint64_t)graph->arc_count + 1,
                         sizeof *graph->arcs, &walk->budget);
    graph->arcs = arcs;
    if (grown)
        graph->arcs[graph->arc_count++] =
            (struct pv_arc){caller, callee, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS};
    return grown;
}

static void make_columns(struct walk *walk)
{
    struct pv_graph *graph = walk->graph;
    struct pv_arena *arena = walk->profile->arena;
    size_t size = walk->profile->metric_count * sizeof(int64_t *);
    graph->self = pv_arena_alloc(arena, size);
    graph->total = pv_arena_alloc(arena, size);
    graph->arc_total = pv_arena_alloc(arena, size);
    if (walk->tree->calls)
        graph->primitive_calls = new_column(arena, graph->func_count);
    for (uint32_t m = 0; m < walk->profile->metric_count; m++) {
        graph->self[m] = new_column(arena, graph->func_count);
        graph->total[m] = new_column(arena, graph->func_count);
        graph->arc_total[m] = new_column(arena, graph->arc_count);
    }
}

/* A made-up file may tell more than int64 holds. */
static void add_calls(int64_t *sum, int64_t calls)
{
    if (!pv_add(*sum, calls, sum))
        *sum = INT64_MAX;
}

static void enter(void *context, uint32_t node)
{
    struct walk *walk = context;
    const struct pv_tree *tree = walk->tree;
    struct pv_graph *graph = walk->graph;
    uint32_t func = func_at(walk, node), arc = walk->arc_of_node[node];
    bool is_outermost = walk->func_depth[func]++ == 0;
    bool is_first_arc = arc != PV_NONE && walk->arc_depth[arc]++ == 0;
    if (tree->calls) {
        add_calls(&graph->funcs[func].calls, tree->calls[node]);
        if (is_outermost)
            add_calls(&graph->primitive_calls[func], tree->calls[node]);
        if (arc != PV_NONE)
            add_calls(&graph->arcs[arc].calls, tree->calls[node]);
    }
    for (uint32_t m = 0; m < walk->profile->metric_count; m++) {
        graph->self[m][func] += tree->self[m][node];
        if (is_outermost)
            graph->total[m][func] += tree->total[m][node];
        if (is_first_arc)
            graph->arc_total[m][arc] += tree->total[m][node];
    }
}

static void leave(void *context, uint32_t node)
{
    struct walk *walk = context;
    walk->func_depth[func_at(walk, node)]--;
    if (walk->arc_of_node[node] != PV_NONE)
        walk->arc_depth[walk->arc_of_node[node]]--;
}

static void start_calls(struct pv_graph *graph, int64_t calls)
{
    for (uint32_t i = 0; i < graph->func_count; i++)
        graph->funcs[i].calls = calls;
    for (uint32_t i = 0; i < graph->arc_count; i++)
        graph->arcs[i].calls = calls;
}

/* What was never called is there for another reason: a thread, a sample. */
static void end_calls(struct pv_graph *graph)
{
    for (uint32_t i = 0; graph->primitive_calls && i < graph->func_count; i++)
        if (graph->funcs[i].calls == 0)
            graph->funcs[i].calls = graph->primitive_calls[i] = PV_UNKNOWN_CALLS;
    for (uint32_t i = 0; i < graph->arc_count; i++)
        if (graph->arcs[i].calls == 0)
            graph->arcs[i].calls = PV_UNKNOWN_CALLS;
}

/* What the root itself holds, samples without any frame, belongs to no function. */
static bool derive(struct walk *walk)
{
    find_funcs(walk);
    bool fits = true;
    for (uint32_t i = 1; fits && i < walk->tree->count; i++)
        fits = add_arc(walk, i);
    if (!fits)
        return false;
    walk->arc_depth = pv_zalloc(walk->graph->arc_count, sizeof *walk->arc_depth);
    make_columns(walk);
    pv_graph_link(walk->graph);
    start_calls(walk->graph, walk->tree->calls ? 0 : PV_UNKNOWN_CALLS);
    pv_tree_walk(walk->tree->nodes, &(struct pv_tree_visitor){enter, leave, walk});
    end_calls(walk->graph);
    return true;
}

void pv_graph_link(struct pv_graph *graph)
{
    for (uint32_t i = graph->arc_count; i-- > 0;) {
        struct pv_arc *arc = &graph->arcs[i];
        arc->next_out = graph->funcs[arc->caller].first_out;
        graph->funcs[arc->caller].first_out = i;
        arc->next_in = graph->funcs[arc->callee].first_in;
        graph->funcs[arc->callee].first_in = i;
    }
}

bool pv_graph_from_tree(struct pv_graph **out, const struct pv_profile *profile,
                        const struct pv_limits *limits, struct pv_error *err)
{
    struct walk walk = {
        .profile = profile,
        .tree = profile->tree,
        .limits = limits,
        .graph = pv_arena_alloc(profile->arena, sizeof *walk.graph),
        .budget = {.limit = limits->memory},
        .func_of_frame = pv_alloc(profile->frame_count * sizeof(uint32_t)),
        .arc_of_node = pv_alloc(profile->tree->count * sizeof(uint32_t)),
        .func_depth = pv_zalloc(profile->frame_count, sizeof(uint32_t)),
    };
    bool fits = derive(&walk);
    pv_arena_adopt(profile->arena, walk.graph->arcs);
    pv_map_free(&walk.index);
    free(walk.func_of_frame);
    free(walk.arc_of_node);
    free(walk.func_depth);
    free(walk.arc_depth);
    if (!fits)
        return pv_fail(err, PV_LIMIT, (struct pv_where){0},
                       "the call graph needs more than --max-arcs or --max-memory allow");
    *out = walk.graph;
    return true;
}

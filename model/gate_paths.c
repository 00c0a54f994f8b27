#include "model/gate_parts.h"

#include "model/escape.h"
#include "model/graph.h"
#include "model/heap.h"

#include <stdlib.h>

/* Which ways through the program lead to what the functions of a set have. In a call tree these are
 * the outermost nodes of the set; in a call graph, the arcs into it, each followed up along the
 * heaviest callers. */

/* Of a longer way, so many frames at both ends are told. */
enum { DEEPEST = 64, OUTER = 3, INNER = 5 };

/* What is found out once for all results of a rule. */
struct pv_gate_ways {
    uint32_t *funcs;      /* [frame] its function */
    uint32_t *components; /* [function] which cycle it is on */
    uint32_t *entries;    /* [component] the heaviest arc into it; PV_NONE */
};

struct paths {
    const struct pv_gate_view *view;
    struct pv_profile *profile; /* the union where there is a base */
    const struct pv_diff *diff;
    const struct pv_gate_set *set;
    struct pv_arena *arena;
    bool is_increase, is_self, has_tree;
    uint32_t metrics[2];  /* of base and head */
    uint32_t *items;      /* nodes, or arcs */
    const int64_t *costs; /* [arc] by which callers are followed up */
};

static int64_t increase(int64_t base, int64_t head)
{
    int64_t change;
    return __builtin_sub_overflow(head, base, &change) ? INT64_MAX : change;
}

static int64_t weight_in(const struct paths *paths, int64_t *const *columns, uint32_t at)
{
    int64_t head = columns[paths->metrics[1]][at];
    return paths->is_increase ? increase(columns[paths->metrics[0]][at], head) : head;
}

static int64_t calls_weight(const struct paths *paths, uint32_t arc)
{
    if (!paths->diff)
        return paths->profile->graph->arcs[arc].calls;
    int64_t base = paths->diff->arc_calls[0][arc], head = paths->diff->arc_calls[1][arc];
    base = base == PV_UNKNOWN_CALLS ? 0 : base;
    head = head == PV_UNKNOWN_CALLS ? 0 : head;
    return paths->is_increase ? increase(base, head) : head;
}

/* What a node or an arc carries. */
static int64_t weight(const struct paths *paths, uint32_t item)
{
    const struct pv_tree *tree = paths->profile->tree;
    if (paths->has_tree)
        return weight_in(paths, paths->is_self ? tree->self : tree->total, item);
    return paths->view->is_calls ? calls_weight(paths, item)
                                 : weight_in(paths, paths->profile->graph->arc_total, item);
}

/* Of two that carry as much, the order of their names decides, not that of the file. */
static bool is_named_before(const struct paths *paths, uint32_t a, uint32_t b)
{
    const struct pv_func *funcs = paths->profile->graph->funcs;
    const struct pv_arc *x = &paths->profile->graph->arcs[a], *y = &paths->profile->graph->arcs[b];
    int order = pv_frame_compare(paths->profile, funcs[x->caller].frame, funcs[y->caller].frame);
    if (!order)
        order = pv_frame_compare(paths->profile, funcs[x->callee].frame, funcs[y->callee].frame);
    return order < 0;
}

static bool is_heavier(const void *context, uint32_t a, uint32_t b)
{
    const struct paths *paths = context;
    int64_t x = weight(paths, a), y = weight(paths, b);
    return x != y ? x > y : paths->has_tree ? a < b : is_named_before(paths, a, b);
}

/* Whether callers are rather followed up by arc `a` than by `b` (PV_NONE: there is none). */
static bool is_way(const struct paths *paths, uint32_t a, uint32_t b)
{
    if (b == PV_NONE || paths->costs[a] != paths->costs[b])
        return b == PV_NONE || paths->costs[a] > paths->costs[b];
    return is_named_before(paths, a, b);
}

static void add_name(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame)
{
    enum { most = 60 };
    struct pv_text name = pv_profile_name(profile, frame);
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_text_slice(name, 0, most));
    pv_buffer_add(out, name.size > most ? PV_TEXT("…") : PV_TEXT(""));
}

/* The frames from the innermost out; long ways are told by both ends. */
static void add_way(struct pv_buffer *out, const struct pv_profile *profile, const uint32_t *frames,
                    uint32_t count, bool is_cut)
{
    if (is_cut)
        pv_buffer_add(out, PV_TEXT("… > "));
    for (uint32_t i = count; i-- > 0;) {
        bool is_hidden = count > OUTER + INNER && i < count - OUTER && i >= INNER;
        if (is_hidden && i != INNER)
            continue;
        if (is_hidden || frames[i] == PV_NONE)
            pv_buffer_add(out, PV_TEXT("…"));
        else
            add_name(out, profile, frames[i]);
        pv_buffer_add(out, i ? PV_TEXT(" > ") : PV_TEXT(""));
    }
}

static void keep(struct pv_gate_result *result, const struct paths *paths, const uint32_t *frames,
                 uint32_t count, bool is_cut, int64_t value)
{
    struct pv_buffer words = {0};
    add_way(&words, paths->profile, frames, count, is_cut);
    pv_buffer_add(&words, paths->is_increase && value > 0 ? PV_TEXT(": +") : PV_TEXT(": "));
    pv_gate_add_value(&words, paths->view, value);
    result->paths[result->path_count++] = pv_gate_keep(paths->arena, &words);
    pv_buffer_free(&words);
}

/* Nodes of the set without one of it above them; of the whole, every node by its own value. */
static uint32_t list_nodes(struct paths *paths)
{
    const struct pv_tree *tree = paths->profile->tree;
    const bool *frames = paths->set->frames;
    bool *inside = pv_zalloc(tree->count, sizeof *inside);
    uint32_t count = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        bool is_in = inside[tree->nodes[i].parent],
             is_meant = !frames || frames[tree->nodes[i].frame];
        inside[i] = is_in || is_meant;
        if (is_meant && (!is_in || paths->is_self) && weight(paths, i) > 0)
            paths->items[count++] = i;
    }
    free(inside);
    return count;
}

static void keep_node(struct pv_gate_result *result, const struct paths *paths, uint32_t node)
{
    const struct pv_tree *tree = paths->profile->tree;
    uint32_t frames[DEEPEST], count = 0, at = node;
    for (; at != 0 && count < DEEPEST; at = tree->nodes[at].parent)
        frames[count++] = tree->nodes[at].frame;
    keep(result, paths, frames, count, at != 0, weight(paths, node));
}

static void find_in_tree(struct pv_gate_result *result, struct paths *paths)
{
    const struct pv_tree *tree = paths->profile->tree;
    paths->items = pv_alloc(tree->count * sizeof *paths->items);
    uint32_t count = list_nodes(paths);
    count = pv_heap_best(paths->items, count, PV_GATE_PATHS, is_heavier, paths);
    for (uint32_t i = 0; i < count && i < PV_GATE_PATHS; i++)
        keep_node(result, paths, paths->items[i]);
}

/* The heaviest way into a function. */
static uint32_t caller_arc(const struct paths *paths, uint32_t func)
{
    const struct pv_graph *graph = paths->profile->graph;
    uint32_t best = PV_NONE;
    for (uint32_t a = graph->funcs[func].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
        if (graph->arcs[a].caller != func && is_way(paths, a, best))
            best = a;
    return best;
}

/* The heaviest way from outside into each cycle; returns the components. */
static const uint32_t *find_entries(const struct paths *paths, struct pv_gate_ways *ways)
{
    const struct pv_graph *graph = paths->profile->graph;
    uint32_t count, *components = pv_graph_components(paths->profile, &count);
    ways->components = components;
    ways->entries = pv_alloc(((size_t)count + 1) * sizeof *ways->entries);
    for (uint32_t i = 0; i < count; i++)
        ways->entries[i] = PV_NONE;
    for (uint32_t a = 0; a < graph->arc_count; a++) {
        uint32_t cycle = components[graph->arcs[a].callee];
        uint32_t *best = &ways->entries[cycle];
        if (components[graph->arcs[a].caller] != cycle && is_way(paths, a, *best))
            *best = a;
    }
    return components;
}

/* The heaviest way into the cycle that a function is on, from outside. */
static uint32_t entry_arc(const struct paths *paths, uint32_t func)
{
    struct pv_gate_ways *ways = paths->view->ways;
    const uint32_t *components = ways->components ? ways->components : find_entries(paths, ways);
    return ways->entries[components[func]];
}

static bool is_loader(const struct paths *paths, uint32_t func)
{
    const struct pv_profile *profile = paths->profile;
    return profile->frames[profile->graph->funcs[func].frame].flags & PV_FRAME_LOADER;
}

static bool has(const uint32_t *list, uint32_t count, uint32_t item)
{
    for (uint32_t i = 0; i < count; i++)
        if (list[i] == item)
            return true;
    return false;
}

/* Up along the heaviest callers; where these go in a circle, on from where it is entered. */
static void keep_arc(struct pv_gate_result *result, const struct paths *paths, uint32_t arc)
{
    const struct pv_graph *graph = paths->profile->graph;
    uint32_t frames[DEEPEST + 1], seen[DEEPEST + 1], count = 0, steps = 0;
    uint32_t func = graph->arcs[arc].callee, next = arc;
    frames[count++] = graph->funcs[func].frame;
    seen[steps++] = func;
    while (next != PV_NONE && count < DEEPEST) {
        if (has(seen, steps, graph->arcs[next].caller)) {
            next = entry_arc(paths, func);
            if (next == PV_NONE || has(seen, steps, graph->arcs[next].caller))
                break;
            frames[count++] = PV_NONE;
        }
        func = graph->arcs[next].caller;
        next = PV_NONE;
        if (is_loader(paths, func)) /* who imports what is no way through the program */
            break;
        frames[count++] = graph->funcs[func].frame;
        seen[steps++] = func;
        next = caller_arc(paths, func);
    }
    keep(result, paths, frames, count, next != PV_NONE, weight(paths, arc));
}

/* Arcs from outside of the set into it; of the whole, all of them. */
static uint32_t list_arcs(struct paths *paths)
{
    const struct pv_graph *graph = paths->profile->graph;
    const bool *frames = paths->set->frames;
    uint32_t count = 0;
    paths->items = pv_alloc(((size_t)graph->arc_count + 1) * sizeof *paths->items);
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool from = frames && frames[graph->funcs[arc->caller].frame];
        bool to = !frames || frames[graph->funcs[arc->callee].frame];
        if (to && !from && weight(paths, i) > 0)
            paths->items[count++] = i;
    }
    return count;
}

/* The same of one function, without a look at all arcs. */
static uint32_t list_arcs_into(struct paths *paths, uint32_t frame)
{
    const struct pv_graph *graph = paths->profile->graph;
    struct pv_gate_ways *ways = paths->view->ways;
    uint32_t count = 0;
    if (!ways->funcs) {
        ways->funcs = pv_zalloc((size_t)paths->profile->frame_count + 1, sizeof *ways->funcs);
        for (uint32_t i = 0; i < graph->func_count; i++)
            ways->funcs[graph->funcs[i].frame] = i;
    }
    uint32_t func = ways->funcs[frame];
    for (uint32_t a = graph->funcs[func].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
        count++;
    paths->items = pv_alloc(((size_t)count + 1) * sizeof *paths->items);
    count = 0;
    for (uint32_t a = graph->funcs[func].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
        if (graph->arcs[a].caller != func && weight(paths, a) > 0)
            paths->items[count++] = a;
    return count;
}

static void find_in_graph(struct pv_gate_result *result, struct paths *paths)
{
    bool is_one = paths->set->frames && paths->set->count == 1;
    uint32_t count = is_one ? list_arcs_into(paths, paths->set->frame) : list_arcs(paths);
    count = pv_heap_best(paths->items, count, PV_GATE_PATHS, is_heavier, paths);
    for (uint32_t i = 0; i < count && i < PV_GATE_PATHS; i++)
        keep_arc(result, paths, paths->items[i]);
}

static struct paths paths_of(const struct pv_gate_view *view, const struct pv_gate_set *set,
                             struct pv_arena *arena, bool is_increase)
{
    const struct pv_diff *diff = view->ground->whole;
    struct paths paths = {.view = view, .set = set, .arena = arena, .diff = diff};
    paths.profile = diff ? diff->profile : view->ground->profile;
    paths.is_increase = is_increase && diff;
    paths.is_self = view->is_self || !set->frames;
    paths.has_tree = paths.profile->origin == PV_ORIGIN_STACKS && !view->is_calls;
    paths.metrics[0] = diff ? diff->pairs[view->pair].base : PV_NONE;
    paths.metrics[1] = diff ? diff->pairs[view->pair].head : view->sides[1].metric;
    return paths;
}

bool pv_gate_find_paths(struct pv_gate_result *result, struct pv_gate_view *view,
                        const struct pv_gate_set *set, struct pv_arena *arena, struct pv_error *err)
{
    if (!pv_gate_need_whole(view->ground, err))
        return false;
    if (!view->ways)
        view->ways = pv_zalloc(1, sizeof *view->ways);
    struct paths paths = paths_of(view, set, arena, result->is_increase);
    if (paths.has_tree)
        find_in_tree(result, &paths);
    else if (paths.profile->graph) {
        paths.costs = paths.profile->graph->arc_total[paths.metrics[1]];
        find_in_graph(result, &paths);
    }
    free(paths.items);
    return true;
}

void pv_gate_ways_free(struct pv_gate_ways *ways)
{
    if (!ways)
        return;
    free(ways->funcs);
    free(ways->components);
    free(ways->entries);
    free(ways);
}

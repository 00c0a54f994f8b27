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

struct paths {
    const struct pv_gate_view *view;
    const struct pv_gate_set *set;
    struct pv_arena *arena;
    bool is_increase;
    uint32_t *items;      /* nodes, or arcs */
    int64_t *keys;        /* [node or arc] what they carry */
    uint32_t *components; /* [function] which cycle it is on; of a graph */
    const int64_t *costs; /* [arc] by which callers are followed up */
};

static int64_t increase(int64_t base, int64_t head)
{
    int64_t change;
    return __builtin_sub_overflow(head, base, &change) ? INT64_MAX : change;
}

static int64_t weight(const struct paths *paths, int64_t *const *columns, uint32_t at)
{
    const uint32_t *metrics = paths->view->columns;
    int64_t head = columns[metrics[1]][at];
    return paths->is_increase ? increase(columns[metrics[0]][at], head) : head;
}

static bool is_heavier(const void *context, uint32_t a, uint32_t b)
{
    const struct paths *paths = context;
    return paths->keys[a] != paths->keys[b] ? paths->keys[a] > paths->keys[b] : a < b;
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
    add_way(&words, paths->view->profile, frames, count, is_cut);
    pv_buffer_add(&words, paths->is_increase && value > 0 ? PV_TEXT(": +") : PV_TEXT(": "));
    pv_gate_add_value(&words, paths->view, value);
    result->paths[result->path_count++] = pv_gate_keep(paths->arena, &words);
    pv_buffer_free(&words);
}

/* Nodes of the set without one of it above them; of the whole, every node by its own value. */
static uint32_t list_nodes(struct paths *paths)
{
    const struct pv_tree *tree = paths->view->profile->tree;
    const bool *frames = paths->set->frames;
    bool is_self = paths->view->is_self || !frames;
    bool *inside = pv_zalloc(tree->count, sizeof *inside);
    uint32_t count = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        bool is_in = inside[tree->nodes[i].parent],
             is_meant = !frames || frames[tree->nodes[i].frame];
        inside[i] = is_in || is_meant;
        if (!is_meant || (is_in && !is_self))
            continue;
        paths->keys[i] = weight(paths, is_self ? tree->self : tree->total, i);
        if (paths->keys[i] > 0)
            paths->items[count++] = i;
    }
    free(inside);
    return count;
}

static void keep_node(struct pv_gate_result *result, const struct paths *paths, uint32_t node)
{
    const struct pv_tree *tree = paths->view->profile->tree;
    uint32_t frames[DEEPEST], count = 0, at = node;
    for (; at != 0 && count < DEEPEST; at = tree->nodes[at].parent)
        frames[count++] = tree->nodes[at].frame;
    keep(result, paths, frames, count, at != 0, paths->keys[node]);
}

static void find_in_tree(struct pv_gate_result *result, struct paths *paths)
{
    const struct pv_tree *tree = paths->view->profile->tree;
    paths->items = pv_alloc(tree->count * sizeof *paths->items);
    paths->keys = pv_zalloc(tree->count, sizeof *paths->keys);
    uint32_t count = list_nodes(paths);
    count = pv_heap_best(paths->items, count, PV_GATE_PATHS, is_heavier, paths);
    for (uint32_t i = 0; i < count && i < PV_GATE_PATHS; i++)
        keep_node(result, paths, paths->items[i]);
}

static int64_t arc_weight(const struct paths *paths, uint32_t arc)
{
    const struct pv_gate_view *view = paths->view;
    const struct pv_graph *graph = view->profile->graph;
    if (!view->is_calls)
        return weight(paths, graph->arc_total, arc);
    if (!view->diff)
        return graph->arcs[arc].calls;
    int64_t base = view->diff->arc_calls[0][arc], head = view->diff->arc_calls[1][arc];
    base = base == PV_UNKNOWN_CALLS ? 0 : base;
    head = head == PV_UNKNOWN_CALLS ? 0 : head;
    return paths->is_increase ? increase(base, head) : head;
}

/* The heaviest way into a function. */
static uint32_t caller_arc(const struct paths *paths, uint32_t func)
{
    const struct pv_graph *graph = paths->view->profile->graph;
    uint32_t best = PV_NONE;
    for (uint32_t a = graph->funcs[func].first_in; a != PV_NONE; a = graph->arcs[a].next_in)
        if (graph->arcs[a].caller != func &&
            (best == PV_NONE || paths->costs[a] > paths->costs[best]))
            best = a;
    return best;
}

/* The heaviest way into the cycle that a function is on, from outside. */
static uint32_t entry_arc(const struct paths *paths, uint32_t func)
{
    const struct pv_graph *graph = paths->view->profile->graph;
    uint32_t cycle = paths->components[func], best = PV_NONE;
    for (uint32_t a = 0; a < graph->arc_count; a++)
        if (paths->components[graph->arcs[a].callee] == cycle &&
            paths->components[graph->arcs[a].caller] != cycle &&
            (best == PV_NONE || paths->costs[a] > paths->costs[best]))
            best = a;
    return best;
}

static bool is_loader(const struct paths *paths, uint32_t func)
{
    const struct pv_profile *profile = paths->view->profile;
    return profile->frames[profile->graph->funcs[func].frame].flags & PV_FRAME_LOADER;
}

/* Up along the heaviest callers; where these go in a circle, on from where it is entered. */
static void keep_arc(struct pv_gate_result *result, const struct paths *paths, uint32_t arc)
{
    const struct pv_graph *graph = paths->view->profile->graph;
    bool *seen = pv_zalloc(graph->func_count, sizeof *seen);
    uint32_t frames[DEEPEST + 1], count = 0, func = graph->arcs[arc].callee, next = arc;
    frames[count++] = graph->funcs[func].frame;
    seen[func] = true;
    while (next != PV_NONE && count < DEEPEST) {
        if (seen[graph->arcs[next].caller]) {
            next = entry_arc(paths, func);
            if (next == PV_NONE || seen[graph->arcs[next].caller])
                break;
            frames[count++] = PV_NONE;
        }
        func = graph->arcs[next].caller;
        next = PV_NONE;
        if (is_loader(paths, func)) /* who imports what is no way through the program */
            break;
        frames[count++] = graph->funcs[func].frame;
        seen[func] = true;
        next = caller_arc(paths, func);
    }
    keep(result, paths, frames, count, next != PV_NONE, paths->keys[arc]);
    free(seen);
}

/* Arcs from outside of the set into it; of the whole, all of them. */
static void find_in_graph(struct pv_gate_result *result, struct paths *paths)
{
    const struct pv_graph *graph = paths->view->profile->graph;
    const bool *frames = paths->set->frames;
    uint32_t count = 0;
    paths->items = pv_alloc((graph->arc_count + 1) * sizeof *paths->items);
    paths->keys = pv_zalloc((size_t)graph->arc_count + 1, sizeof *paths->keys);
    paths->components = pv_graph_components(paths->view->profile, NULL);
    uint32_t metric = paths->view->diff ? paths->view->diff->pairs[paths->view->pair].head
                                        : paths->view->columns[1];
    paths->costs = graph->arc_total[paths->view->is_calls && !paths->view->diff ? 0 : metric];
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool from = frames && frames[graph->funcs[arc->caller].frame];
        bool to = !frames || frames[graph->funcs[arc->callee].frame];
        paths->keys[i] = arc_weight(paths, i);
        if (to && !from && paths->keys[i] > 0)
            paths->items[count++] = i;
    }
    count = pv_heap_best(paths->items, count, PV_GATE_PATHS, is_heavier, paths);
    for (uint32_t i = 0; i < count && i < PV_GATE_PATHS; i++)
        keep_arc(result, paths, paths->items[i]);
}

void pv_gate_find_paths(struct pv_gate_result *result, const struct pv_gate_view *view,
                        const struct pv_gate_set *set, struct pv_arena *arena)
{
    struct paths paths = {
        .view = view, .set = set, .arena = arena, .is_increase = result->is_increase && view->diff};
    bool has_tree = view->profile->origin == PV_ORIGIN_STACKS && !view->is_calls;
    if (has_tree)
        find_in_tree(result, &paths);
    else if (view->profile->graph)
        find_in_graph(result, &paths);
    free(paths.items);
    free(paths.keys);
    free(paths.components);
}

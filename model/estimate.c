#include "model/estimate_parts.h"

#include "model/error.h"
#include "model/tree.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 int128;

int64_t pv_estimate_share(int64_t amount, int64_t part, int64_t whole)
{
    return (int64_t)((int128)amount * part / whole);
}

int64_t pv_estimate_arc(const struct pv_estimate *estimate, uint32_t metric, uint32_t arc,
                        bool *is_told)
{
    const struct pv_graph *graph = estimate->graph;
    const struct pv_func *callee = &graph->funcs[graph->arcs[arc].callee];
    int64_t calls = graph->arcs[arc].calls, all = callee->calls;
    int64_t value = graph->arc_total[metric][arc];
    *is_told = !graph->arc_has_total || graph->arc_has_total[arc];
    if (!*is_told && calls > 0 && all > 0)
        value = pv_estimate_share(graph->total[metric][graph->arcs[arc].callee],
                                  calls < all ? calls : all, all);
    return value > 0 ? value : 0;
}

bool pv_estimate_is_as_told(const struct pv_estimate *estimate, uint32_t func, int64_t shown,
                            int64_t told)
{
    bool has_calls = estimate->graph->funcs[func].calls != PV_UNKNOWN_CALLS;
    int64_t gap = shown > told ? shown - told : told - shown;
    return gap <= (has_calls ? told / 100 + 2 : 0);
}

/* Whether node a is to be divided before node b. */
static bool is_before(const struct pv_estimate *estimate, uint32_t a, uint32_t b)
{
    const int64_t *total = estimate->total[estimate->metric];
    return total[a] != total[b] ? total[a] > total[b] : a < b;
}

static void push(struct pv_estimate *estimate, uint32_t node)
{
    uint32_t *heap = estimate->heap, at = estimate->heap_size++;
    for (; at > 0 && is_before(estimate, node, heap[(at - 1) / 2]); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = node;
}

static uint32_t pop(struct pv_estimate *estimate)
{
    uint32_t *heap = estimate->heap, top = heap[0], last = heap[--estimate->heap_size], at = 0;
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= estimate->heap_size)
            break;
        if (child + 1 < estimate->heap_size && is_before(estimate, heap[child + 1], heap[child]))
            child++;
        if (!is_before(estimate, heap[child], last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

uint32_t pv_estimate_child(struct pv_estimate *estimate, uint32_t parent, uint32_t func,
                           uint32_t frame)
{
    uint32_t node = estimate->count++;
    estimate->nodes[node] = (struct pv_node){.parent = parent, .frame = frame};
    estimate->func_of[node] = func;
    estimate->is_chain[node] = false;
    estimate->certainty[node] = 0;
    for (uint32_t m = 0; m < estimate->profile->metric_count; m++)
        estimate->total[m][node] = 0;
    return node;
}

/* Appends synthetic frames to the profile; their numbers follow each other from the result. */
static uint32_t add_frames(struct pv_profile *profile, const struct pv_frame *more, uint32_t count)
{
    uint32_t first = profile->frame_count;
    if (first + count > profile->frame_room) {
        profile->frame_room = first + count;
        struct pv_frame *frames =
            pv_arena_alloc(profile->arena, (size_t)profile->frame_room * sizeof *frames);
        if (first)
            memcpy(frames, profile->frames, first * sizeof *frames);
        profile->frames = frames;
    }
    memcpy(profile->frames + first, more, count * sizeof *more);
    profile->frame_count += count;
    return first;
}

static void name_remainders(struct pv_estimate *estimate)
{
    struct pv_budget budget = {0};
    struct pv_strings *strings = estimate->profile->strings;
    struct pv_frame frames[3] = {
        {.name = pv_strings_add(strings, PV_TEXT("[imports]"), &budget), .flags = PV_FRAME_LOADER},
        {.name = pv_strings_add(strings, PV_TEXT("[smaller callees]"), &budget),
         .flags = PV_FRAME_REST},
        {.name = pv_strings_add(strings, PV_TEXT("[callers not recorded]"), &budget),
         .flags = PV_FRAME_REST},
    };
    estimate->imports_frame = add_frames(estimate->profile, frames, 3);
    estimate->small_frame = estimate->imports_frame + 1;
    estimate->unknown_frame = estimate->imports_frame + 2;
}

static void count_ways(struct pv_estimate *estimate)
{
    const struct pv_graph *graph = estimate->graph;
    for (uint32_t a = 0; a < graph->arc_count; a++) {
        bool is_told;
        int64_t value = pv_estimate_arc(estimate, estimate->metric, a, &is_told);
        uint8_t *ways = &estimate->ways[graph->arcs[a].callee];
        if ((value > 0 || !is_told) && *ways < 2)
            *ways = (uint8_t)(*ways + 1);
    }
}

enum { FEW_PARTS = 64 };

static void begin(struct pv_estimate *estimate)
{
    uint32_t funcs = estimate->graph->func_count, metrics = estimate->profile->metric_count;
    struct pv_arena *arena = estimate->profile->arena;
    size_t most = 4 * (size_t)PV_ESTIMATE_NODES; /* each may have a leaf and a remainder */
    estimate->ways = pv_zalloc(funcs, sizeof(uint8_t));
    estimate->out_count = 1; /* number 0 means that a function was not met */
    estimate->out_start = pv_zalloc(funcs, sizeof(uint32_t));
    estimate->on_path = pv_zalloc((size_t)funcs / 64 + 1, sizeof(uint64_t));
    estimate->nodes = pv_alloc(most * sizeof(struct pv_node));
    estimate->func_of = pv_alloc(most * sizeof(uint32_t));
    estimate->is_chain = pv_alloc(most * sizeof(bool));
    estimate->certainty = pv_alloc(most);
    estimate->heap = pv_alloc(most * sizeof(uint32_t));
    estimate->total = pv_arena_alloc(arena, metrics * sizeof(int64_t *));
    for (uint32_t m = 0; m < metrics; m++) {
        estimate->total[m] = pv_alloc(most * sizeof(int64_t));
        pv_arena_adopt(arena, estimate->total[m]);
    }
    pv_arena_adopt(arena, estimate->nodes);
    pv_arena_adopt(arena, estimate->certainty);
    count_ways(estimate);
    estimate->part_capacity = FEW_PARTS;
    estimate->parts = pv_alloc(FEW_PARTS * sizeof(uint32_t));
    estimate->values = pv_alloc((size_t)metrics * FEW_PARTS * sizeof(int64_t));
    estimate->imports = pv_alloc(metrics * sizeof(int64_t));
    estimate->small = pv_alloc(metrics * sizeof(int64_t));
}

static void end(struct pv_estimate *estimate)
{
    free(estimate->ways);
    free(estimate->out);
    free(estimate->out_start);
    free(estimate->on_path);
    free(estimate->func_of);
    free(estimate->is_chain);
    free(estimate->heap);
    free(estimate->parts);
    free(estimate->values);
    free(estimate->imports);
    free(estimate->small);
}

/* Queues what a division made: the children of the nodes from `first` on that can be divided. */
static void queue(struct pv_estimate *estimate, uint32_t first)
{
    for (uint32_t i = first; i < estimate->count; i++)
        if (estimate->func_of[i] != PV_NONE)
            push(estimate, i);
}

static struct pv_tree *to_tree(struct pv_estimate *estimate)
{
    struct pv_profile *profile = estimate->profile;
    struct pv_tree *tree = pv_arena_alloc(profile->arena, sizeof *tree);
    *tree = (struct pv_tree){.nodes = estimate->nodes,
                             .count = estimate->count,
                             .total = estimate->total,
                             .certainty = estimate->certainty};
    tree->self = pv_arena_alloc(profile->arena, profile->metric_count * sizeof(int64_t *));
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        int64_t *self = pv_alloc(estimate->count * sizeof *self);
        memcpy(self, estimate->total[m], estimate->count * sizeof *self);
        for (uint32_t i = 1; i < estimate->count; i++)
            self[estimate->nodes[i].parent] -= estimate->total[m][i];
        tree->self[m] = self;
        pv_arena_adopt(profile->arena, self);
    }
    pv_tree_link(tree->nodes, tree->count);
    return tree;
}

void pv_tree_estimate(struct pv_tree **out, struct pv_profile *profile, uint32_t metric)
{
    struct pv_estimate estimate = {.profile = profile, .graph = profile->graph, .metric = metric};
    if (metric < profile->metric_count)
        estimate.least = profile->metrics[metric].total / PV_ESTIMATE_FRACTION;
    estimate.least = estimate.least > 1 ? estimate.least : 1;
    name_remainders(&estimate);
    begin(&estimate);
    pv_estimate_child(&estimate, PV_NONE, PV_NONE, PV_NONE);
    pv_estimate_roots(&estimate);
    queue(&estimate, 1);
    while (estimate.heap_size) {
        uint32_t first = estimate.count;
        pv_estimate_divide(&estimate, pop(&estimate));
        queue(&estimate, first);
    }
    *out = to_tree(&estimate);
    end(&estimate);
}

int64_t pv_tree_exact_share(const struct pv_profile *profile, uint32_t metric)
{
    const struct pv_tree *tree = profile->tree;
    int64_t sum = 0;
    if (!tree->certainty)
        return profile->metrics[metric].total;
    for (uint32_t i = 1; i < tree->count; i++)
        if (tree->certainty[i] & PV_EXACT_SELF)
            sum += tree->self[metric][i];
    return sum;
}

#include "model/error.h"
#include "model/heap.h"
#include "model/prune_parts.h"

#include <stdlib.h>

/* Residual arcs of measured arcs: the widest way (the one whose smallest arc is largest) from a
 * kept function through functions that are left out. Dijkstra's search from all kept functions at
 * once, widest first. Each function on the way remembers its two best origins, because a kept
 * function is not its own caller. */

struct reach {
    int64_t width;
    uint32_t origin; /* rank of the kept function where the way begins */
    uint32_t func;   /* where it has come to */
};

struct ways {
    struct pv_pruning *pruning;
    struct reach *reaches;
    uint32_t count, capacity;
    uint32_t (*best)[2]; /* function → its reaches, or PV_NONE */
    struct pv_heap heap;
    bool *waits;      /* rank → has callers, of which none is kept, and no way yet */
    uint32_t waiting; /* how many do */
};

static bool is_wider(const struct reach *a, const struct reach *b)
{
    return a->width != b->width ? a->width > b->width : a->origin < b->origin;
}

static bool leaves_first(const void *context, uint32_t a, uint32_t b)
{
    const struct ways *ways = context;
    return is_wider(&ways->reaches[a], &ways->reaches[b]);
}

static bool has_room_for(const struct ways *ways, const struct reach *reach)
{
    const uint32_t *best = ways->best[reach->func];
    return best[1] == PV_NONE &&
           (best[0] == PV_NONE || ways->reaches[best[0]].origin != reach->origin);
}

static void offer(struct ways *ways, struct reach reach)
{
    if (!has_room_for(ways, &reach))
        return;
    if (ways->count == ways->capacity) {
        ways->capacity = ways->capacity ? ways->capacity * 2 : 256;
        ways->reaches = pv_resize(ways->reaches, ways->capacity * sizeof *ways->reaches);
    }
    ways->reaches[ways->count] = reach;
    pv_heap_push(&ways->heap, ways->count++);
}

/* Goes on from a function along each arc to functions that are left out or wait for a caller. */
static void go_on(struct ways *ways, uint32_t func, int64_t width, uint32_t origin)
{
    const struct pv_graph *graph = ways->pruning->graph;
    for (uint32_t i = graph->funcs[func].first_out; i != PV_NONE; i = graph->arcs[i].next_out) {
        int64_t weight = pv_pruning_weight(ways->pruning, i);
        uint32_t callee = graph->arcs[i].callee, rank = ways->pruning->rank_of[callee];
        if (rank == PV_NONE || (rank != origin && ways->waits[rank]))
            offer(ways, (struct reach){weight < width ? weight : width, origin, callee});
    }
}

static void arrive(struct ways *ways, const struct reach *reach)
{
    uint32_t rank = ways->pruning->rank_of[reach->func];
    if (rank == PV_NONE) {
        go_on(ways, reach->func, reach->width, reach->origin);
        return;
    }
    if (!ways->waits[rank])
        return;
    ways->waits[rank] = false;
    ways->waiting--;
    pv_pruning_add(ways->pruning, (struct pv_kept_arc){
                                      .caller = reach->origin,
                                      .callee = rank,
                                      .arc = PV_NONE,
                                      .is_residual = true,
                                      .calls = PV_UNKNOWN_CALLS,
                                  });
}

static void search(struct ways *ways)
{
    const struct pv_pruned *pruned = ways->pruning->pruned;
    for (uint32_t rank = 0; ways->waiting && rank < pruned->func_count; rank++)
        go_on(ways, pruned->funcs[rank], INT64_MAX, rank);
    while (ways->waiting && ways->heap.count) {
        uint32_t at = pv_heap_pop(&ways->heap);
        struct reach reach = ways->reaches[at];
        if (!has_room_for(ways, &reach))
            continue;
        uint32_t *best = ways->best[reach.func];
        best[best[0] != PV_NONE] = at;
        arrive(ways, &reach);
    }
}

/* What takes all the time there is begins the program: whoever calls it is below it, as a module
 * that is imported at run time is below exec. */
static bool is_root(const struct ways *ways, uint32_t func)
{
    uint32_t metric = ways->pruning->options->metric;
    int64_t whole = ways->pruning->profile->metrics[metric].total;
    return whole > 0 && ways->pruning->graph->total[metric][func] >= whole;
}

/* Kept functions wait for a way where they have callers, but none that is kept. */
static void find_waiting(struct ways *ways)
{
    const struct pv_graph *graph = ways->pruning->graph;
    const struct pv_pruned *pruned = ways->pruning->pruned;
    for (uint32_t rank = 0; rank < pruned->func_count; rank++)
        for (uint32_t i = graph->funcs[pruned->funcs[rank]].first_in; i != PV_NONE;
             i = graph->arcs[i].next_in)
            ways->waits[rank] |= graph->arcs[i].caller != graph->arcs[i].callee;
    for (uint32_t i = 0; i < pruned->arc_count; i++)
        if (pruned->arcs[i].caller != pruned->arcs[i].callee)
            ways->waits[pruned->arcs[i].callee] = false;
    for (uint32_t rank = 0; rank < pruned->func_count; rank++) {
        ways->waits[rank] &= !is_root(ways, pruned->funcs[rank]);
        ways->waiting += ways->waits[rank];
    }
}

void pv_prune_ways(struct pv_pruning *pruning)
{
    uint32_t funcs = pruning->graph->func_count;
    struct ways ways = {
        .pruning = pruning,
        .best = pv_alloc(funcs * sizeof *ways.best),
        .heap = {.before = leaves_first},
        .waits = pv_zalloc(pruning->pruned->func_count, sizeof *ways.waits),
    };
    ways.heap.context = &ways;
    for (uint32_t i = 0; i < funcs; i++)
        ways.best[i][0] = ways.best[i][1] = PV_NONE;
    find_waiting(&ways);
    search(&ways);
    free(ways.waits);
    free(ways.reaches);
    free(ways.best);
    pv_heap_free(&ways.heap);
}

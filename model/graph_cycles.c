#include "model/graph.h"

#include "model/error.h"

#include <stdlib.h>

/* Tarjan, Depth-first search and linear graph algorithms (1972), with the call stack kept in
 * arrays: `path` is the way down, `next_arc` where each function on it goes on. */

struct tarjan {
    const struct pv_profile *profile;
    const struct pv_graph *graph;
    uint32_t *order, *low, *component, *next_arc; /* by function; order 0: not seen */
    uint32_t *path, *open;                        /* stacks of functions */
    uint32_t path_size, open_size, seen, components;
};

static bool counts(const struct tarjan *tarjan, const struct pv_arc *arc)
{
    const struct pv_frame *frames = tarjan->profile->frames;
    uint32_t caller = tarjan->graph->funcs[arc->caller].frame;
    uint32_t callee = tarjan->graph->funcs[arc->callee].frame;
    return !((frames[caller].flags | frames[callee].flags) & PV_FRAME_LOADER);
}

static void descend(struct tarjan *tarjan, uint32_t func)
{
    tarjan->order[func] = tarjan->low[func] = ++tarjan->seen;
    tarjan->next_arc[func] = tarjan->graph->funcs[func].first_out;
    tarjan->path[tarjan->path_size++] = func;
    tarjan->open[tarjan->open_size++] = func;
}

static void close_component(struct tarjan *tarjan, uint32_t func)
{
    uint32_t member;
    do {
        member = tarjan->open[--tarjan->open_size];
        tarjan->component[member] = tarjan->components;
    } while (member != func);
    tarjan->components++;
}

static void ascend(struct tarjan *tarjan)
{
    uint32_t func = tarjan->path[--tarjan->path_size];
    if (tarjan->low[func] == tarjan->order[func])
        close_component(tarjan, func);
    if (tarjan->path_size == 0)
        return;
    uint32_t above = tarjan->path[tarjan->path_size - 1];
    if (tarjan->low[func] < tarjan->low[above])
        tarjan->low[above] = tarjan->low[func];
}

/* One step of the search from the function at the end of the path. */
static void step(struct tarjan *tarjan)
{
    uint32_t func = tarjan->path[tarjan->path_size - 1], arc = tarjan->next_arc[func];
    if (arc == PV_NONE) {
        ascend(tarjan);
        return;
    }
    const struct pv_arc *at = &tarjan->graph->arcs[arc];
    tarjan->next_arc[func] = at->next_out;
    if (!counts(tarjan, at))
        return;
    if (tarjan->order[at->callee] == 0)
        descend(tarjan, at->callee);
    else if (tarjan->component[at->callee] == PV_NONE &&
             tarjan->order[at->callee] < tarjan->low[func])
        tarjan->low[func] = tarjan->order[at->callee];
}

uint32_t *pv_graph_components(const struct pv_profile *profile, uint32_t *count)
{
    uint32_t funcs = profile->graph->func_count;
    uint32_t *work = pv_zalloc((size_t)funcs * 5, sizeof *work);
    struct tarjan tarjan = {
        .profile = profile,
        .graph = profile->graph,
        .order = work,
        .low = work + funcs,
        .next_arc = work + 2 * (size_t)funcs,
        .path = work + 3 * (size_t)funcs,
        .open = work + 4 * (size_t)funcs,
        .component = pv_alloc(funcs * sizeof(uint32_t)),
    };
    for (uint32_t i = 0; i < funcs; i++)
        tarjan.component[i] = PV_NONE;
    for (uint32_t i = 0; i < funcs; i++) {
        if (tarjan.order[i])
            continue;
        descend(&tarjan, i);
        while (tarjan.path_size)
            step(&tarjan);
    }
    free(work);
    if (count)
        *count = tarjan.components;
    return tarjan.component;
}

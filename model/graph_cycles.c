#include "model/graph.h"

#include "model/error.h"

#include <stdlib.h>

/* Tarjan, Depth-first search and linear graph algorithms (1972), with the call stack kept in
 * arrays. Only one array has a number for every function: of the stacks no more is written than the
 * search is deep. */

/* A function on the way down. */
struct place {
    uint32_t func, next_arc, low;
};

struct tarjan {
    const struct pv_profile *profile;
    const struct pv_graph *graph;
    uint32_t *number; /* by function: 0 not seen; up to `seen` its order; from above, counted from
                         UINT32_MAX down, its component */
    struct place *path;
    uint32_t *open; /* functions seen whose component is not known yet */
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
    tarjan->number[func] = ++tarjan->seen;
    tarjan->path[tarjan->path_size++] =
        (struct place){func, tarjan->graph->funcs[func].first_out, tarjan->seen};
    tarjan->open[tarjan->open_size++] = func;
}

static void close_component(struct tarjan *tarjan, uint32_t func)
{
    uint32_t member;
    do {
        member = tarjan->open[--tarjan->open_size];
        tarjan->number[member] = UINT32_MAX - tarjan->components;
    } while (member != func);
    tarjan->components++;
}

static void ascend(struct tarjan *tarjan)
{
    const struct place *left = &tarjan->path[--tarjan->path_size];
    if (left->low == tarjan->number[left->func])
        close_component(tarjan, left->func);
    if (tarjan->path_size == 0)
        return;
    struct place *above = &tarjan->path[tarjan->path_size - 1];
    if (left->low < above->low)
        above->low = left->low;
}

/* One step of the search from the function at the end of the path. */
static void step(struct tarjan *tarjan)
{
    struct place *place = &tarjan->path[tarjan->path_size - 1];
    if (place->next_arc == PV_NONE) {
        ascend(tarjan);
        return;
    }
    const struct pv_arc *at = &tarjan->graph->arcs[place->next_arc];
    place->next_arc = at->next_out;
    if (!counts(tarjan, at))
        return;
    uint32_t number = tarjan->number[at->callee];
    if (number == 0)
        descend(tarjan, at->callee);
    else if (number < place->low) /* components are above all orders */
        place->low = number;
}

uint32_t *pv_graph_components(const struct pv_profile *profile, uint32_t *count)
{
    uint32_t funcs = profile->graph->func_count;
    struct tarjan tarjan = {
        .profile = profile,
        .graph = profile->graph,
        .number = pv_zalloc(funcs, sizeof(uint32_t)),
        .path = pv_alloc(funcs * sizeof(struct place)),
        .open = pv_alloc(funcs * sizeof(uint32_t)),
    };
    for (uint32_t i = 0; i < funcs; i++) {
        if (tarjan.number[i])
            continue;
        descend(&tarjan, i);
        while (tarjan.path_size)
            step(&tarjan);
    }
    for (uint32_t i = 0; i < funcs; i++)
        tarjan.number[i] = UINT32_MAX - tarjan.number[i];
    free(tarjan.path);
    free(tarjan.open);
    if (count)
        *count = tarjan.components;
    return tarjan.number;
}

#include "model/builder_parts.h"

#include "model/error.h"

#include <stdlib.h>

/* Functions and arcs as a file tells them: rows of one function or one arc add up. */

static void add_calls(int64_t *calls, int64_t more)
{
    if (more == PV_UNKNOWN_CALLS)
        return;
    int64_t known = *calls == PV_UNKNOWN_CALLS ? 0 : *calls;
    if (__builtin_add_overflow(known, more, calls))
        *calls = INT64_MAX;
}

static bool make_func(struct pv_builder *builder, uint32_t frame)
{
    struct pv_arc_part *part = &builder->arcs;
    void *funcs = part->funcs;
    bool grown = pv_builder_grow(builder, &funcs, &part->func_capacity,
                                 (uint64_t)part->func_count + 1, sizeof *part->funcs);
    part->funcs = funcs;
    for (uint32_t m = 0; grown && m < builder->metric_count; m++)
        grown = pv_column_extend(builder, &builder->metrics[m].self, part->func_count + 1) &&
                pv_column_extend(builder, &builder->metrics[m].total, part->func_count + 1);
    if (!grown)
        return false;
    part->funcs[part->func_count++] =
        (struct pv_func){frame, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS};
    part->func_of_frame[frame] = part->func_count;
    return true;
}

static uint32_t func_of(struct pv_builder *builder, uint32_t frame)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t had = part->frame_capacity;
    if (frame >= had) {
        void *map = part->func_of_frame;
        bool grown = pv_builder_grow(builder, &map, &part->frame_capacity, builder->frame_count,
                                     sizeof *part->func_of_frame);
        part->func_of_frame = map;
        if (!grown)
            return PV_NONE;
        for (uint32_t i = had; i < part->frame_capacity; i++)
            part->func_of_frame[i] = 0;
    }
    if (!part->func_of_frame[frame] && !make_func(builder, frame))
        return PV_NONE;
    return part->func_of_frame[frame] - 1;
}

void pv_build_func(struct pv_builder *builder, uint32_t frame, int64_t calls,
                   int64_t primitive_calls, const int64_t *self, const int64_t *total)
{
    uint32_t func = pv_builder_is_ok(builder) ? func_of(builder, frame) : PV_NONE;
    if (func == PV_NONE)
        return;
    add_calls(&builder->arcs.funcs[func].calls, calls);
    add_calls(&builder->arcs.funcs[func].primitive_calls, primitive_calls);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        pv_column_add(builder, &builder->metrics[m].self, func, self[m]);
        pv_column_add(builder, &builder->metrics[m].total, func, total[m]);
    }
}

static bool make_arc(struct pv_builder *builder, uint32_t caller, uint32_t callee)
{
    struct pv_arc_part *part = &builder->arcs;
    uint64_t needed = (uint64_t)part->arc_count + 1;
    if (needed > builder->limits.arcs)
        return pv_builder_limit(builder, "caller-callee pairs", "--max-arcs", builder->limits.arcs);
    void *arcs = part->arcs, *has_total = part->has_total;
    bool grown = pv_builder_grow(builder, &arcs, &part->arc_capacity, needed, sizeof *part->arcs) &&
                 pv_builder_grow(builder, &has_total, &part->has_total_capacity, needed,
                                 sizeof *part->has_total);
    part->arcs = arcs;
    part->has_total = has_total;
    for (uint32_t m = 0; grown && m < builder->metric_count; m++)
        grown = pv_column_extend(builder, &builder->metrics[m].arc_total, (uint32_t)needed);
    if (!grown)
        return false;
    part->has_total[part->arc_count] = true;
    part->arcs[part->arc_count++] =
        (struct pv_arc){caller, callee, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS};
    return true;
}

static uint32_t arc_of(struct pv_builder *builder, uint32_t caller_frame, uint32_t callee_frame)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t caller = func_of(builder, caller_frame);
    uint32_t callee = caller == PV_NONE ? PV_NONE : func_of(builder, callee_frame);
    if (callee == PV_NONE)
        return PV_NONE;
    bool is_new = false;
    uint32_t *arc = pv_map_put(&part->index, (uint64_t)caller << 32 | callee, part->arc_count,
                               &is_new, &builder->budget);
    if (!arc) {
        pv_builder_memory(builder);
        return PV_NONE;
    }
    uint32_t found = *arc;
    return is_new && !make_arc(builder, caller, callee) ? PV_NONE : found;
}

void pv_build_arc(struct pv_builder *builder, uint32_t caller_frame, uint32_t callee_frame,
                  int64_t calls, const int64_t *total)
{
    uint32_t arc =
        pv_builder_is_ok(builder) ? arc_of(builder, caller_frame, callee_frame) : PV_NONE;
    if (arc == PV_NONE)
        return;
    add_calls(&builder->arcs.arcs[arc].calls, calls);
    if (!total) {
        builder->arcs.has_total[arc] = false;
        builder->arcs.lacks_totals = true;
        return;
    }
    for (uint32_t m = 0; m < builder->metric_count; m++)
        pv_column_add(builder, &builder->metrics[m].arc_total, arc, total[m]);
}

static void link_arcs(struct pv_graph *graph)
{
    for (uint32_t i = graph->arc_count; i-- > 0;) {
        struct pv_arc *arc = &graph->arcs[i];
        arc->next_out = graph->funcs[arc->caller].first_out;
        graph->funcs[arc->caller].first_out = i;
        arc->next_in = graph->funcs[arc->callee].first_in;
        graph->funcs[arc->callee].first_in = i;
    }
}

static int64_t *adopt(struct pv_builder *builder, struct pv_column *column)
{
    int64_t *values = column->values ? column->values : pv_zalloc(1, sizeof *values);
    pv_arena_adopt(builder->arena, values);
    *column = (struct pv_column){0};
    return values;
}

void pv_arcs_finish(struct pv_builder *builder, struct pv_profile *profile)
{
    struct pv_arc_part *part = &builder->arcs;
    struct pv_graph *graph = pv_arena_alloc(builder->arena, sizeof *graph);
    size_t columns = builder->metric_count * sizeof(int64_t *);
    graph->funcs = part->funcs;
    graph->func_count = part->func_count;
    graph->arcs = part->arcs;
    graph->arc_count = part->arc_count;
    graph->arc_has_total = part->lacks_totals ? part->has_total : NULL;
    graph->self = pv_arena_alloc(builder->arena, columns);
    graph->total = pv_arena_alloc(builder->arena, columns);
    graph->arc_total = pv_arena_alloc(builder->arena, columns);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        graph->self[m] = adopt(builder, &builder->metrics[m].self);
        graph->total[m] = adopt(builder, &builder->metrics[m].total);
        graph->arc_total[m] = adopt(builder, &builder->metrics[m].arc_total);
    }
    link_arcs(graph);
    pv_arena_adopt(builder->arena, part->funcs);
    pv_arena_adopt(builder->arena, part->arcs);
    if (graph->arc_has_total)
        pv_arena_adopt(builder->arena, part->has_total);
    else
        free(part->has_total);
    part->funcs = NULL;
    part->arcs = NULL;
    part->has_total = NULL;
    profile->graph = graph;
}

void pv_arcs_discard(struct pv_arc_part *arcs)
{
    free(arcs->funcs);
    free(arcs->arcs);
    free(arcs->has_total);
    free(arcs->func_of_frame);
    pv_map_free(&arcs->index);
    *arcs = (struct pv_arc_part){0};
}

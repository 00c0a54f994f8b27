#include "model/builder_parts.h"

#include "model/error.h"
#include "model/graph.h"

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
        grown = pv_column_extend(builder, &builder->metrics[m].self, part->func_count + 1);
    if (!grown)
        return false;
    part->funcs[part->func_count++] =
        (struct pv_func){frame, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS};
    part->func_of_frame[frame] = part->func_count;
    return true;
}

static bool grow_func_of_frame(struct pv_builder *builder)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t had = part->frame_capacity;
    void *map = part->func_of_frame;
    bool grown = pv_builder_grow(builder, &map, &part->frame_capacity, builder->frame_count,
                                 sizeof *part->func_of_frame);
    part->func_of_frame = map;
    for (uint32_t i = had; grown && i < part->frame_capacity; i++)
        part->func_of_frame[i] = 0;
    return grown;
}

/* Kept apart so that finding a function stays a few instructions. */
__attribute__((noinline)) static uint32_t new_func_of(struct pv_builder *builder, uint32_t frame)
{
    struct pv_arc_part *part = &builder->arcs;
    if (frame >= part->frame_capacity && !grow_func_of_frame(builder))
        return PV_NONE;
    return make_func(builder, frame) ? part->func_count - 1 : PV_NONE;
}

static uint32_t func_of(struct pv_builder *builder, uint32_t frame)
{
    const struct pv_arc_part *part = &builder->arcs;
    uint32_t func = frame < part->frame_capacity ? part->func_of_frame[frame] : 0;
    return func ? func - 1 : new_func_of(builder, frame);
}

/* A file that tells no totals takes no room for them while it is read. */
static void add_total(struct pv_builder *builder, struct pv_column *column, uint32_t func,
                      int64_t total)
{
    if (func < column->count || pv_column_extend(builder, column, builder->arcs.func_count))
        pv_column_add(builder, column, func, total);
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
        if (total)
            add_total(builder, &builder->metrics[m].total, func, total[m]);
    }
}

/* Arcs are appended as they come and equal ones are merged later, all at once: by chains through
 * the arcs of each callee and a mark per caller, which is much faster than looking up every arc. */

static void link_by_callee(struct pv_arc_part *part)
{
    for (uint32_t f = 0; f < part->func_count; f++)
        part->funcs[f].first_in = PV_NONE;
    for (uint32_t i = part->arc_count; i-- > 0;) {
        uint32_t *first = &part->funcs[part->arcs[i].callee].first_in;
        part->arcs[i].next_in = *first;
        *first = i;
    }
}

static void merge_arc(struct pv_builder *builder, uint32_t into, uint32_t from)
{
    struct pv_arc_part *part = &builder->arcs;
    add_calls(&part->arcs[into].calls, part->arcs[from].calls);
    part->has_total[into] = part->has_total[into] && part->has_total[from];
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        struct pv_column *column = &builder->metrics[m].arc_total;
        pv_column_add(builder, column, into, column->values[from]);
    }
    part->arcs[from].caller = PV_NONE;
}

/* The arc of a caller to the callee that is looked at, if `callee` says that. */
struct latest {
    uint32_t callee, arc;
};

/* Merges every arc into the first of its pair; what was merged has caller PV_NONE. */
static void merge_equal(struct pv_builder *builder)
{
    struct pv_arc_part *part = &builder->arcs;
    struct latest *latest = pv_alloc(part->func_count * sizeof *latest);
    for (uint32_t f = 0; f < part->func_count; f++)
        latest[f] = (struct latest){PV_NONE, PV_NONE};
    for (uint32_t f = 0; f < part->func_count; f++) {
        for (uint32_t i = part->funcs[f].first_in; i != PV_NONE; i = part->arcs[i].next_in) {
            struct latest *seen = &latest[part->arcs[i].caller];
            if (seen->callee == f)
                merge_arc(builder, seen->arc, i);
            else
                *seen = (struct latest){f, i};
        }
        part->funcs[f].first_in = PV_NONE;
    }
    free(latest);
}

static void move_arc(struct pv_builder *builder, uint32_t to, uint32_t from)
{
    struct pv_arc_part *part = &builder->arcs;
    part->arcs[to] = part->arcs[from];
    part->has_total[to] = part->has_total[from];
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        int64_t *values = builder->metrics[m].arc_total.values;
        values[to] = values[from];
    }
}

/* Leaves one arc per pair, in the order of their first rows. */
static void compact_arcs(struct pv_builder *builder)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t count = 0;
    link_by_callee(part);
    merge_equal(builder);
    for (uint32_t i = 0; i < part->arc_count; i++) {
        if (part->arcs[i].caller == PV_NONE)
            continue;
        if (count != i)
            move_arc(builder, count, i);
        part->arcs[count++].next_in = PV_NONE;
    }
    part->arc_count = count;
}

static bool grow_arcs(struct pv_builder *builder)
{
    struct pv_arc_part *part = &builder->arcs;
    uint64_t needed = (uint64_t)part->arc_capacity + 1;
    void *arcs = part->arcs, *has_total = part->has_total;
    bool grown = pv_builder_grow(builder, &arcs, &part->arc_capacity, needed, sizeof *part->arcs) &&
                 pv_builder_grow(builder, &has_total, &part->has_total_capacity, part->arc_capacity,
                                 sizeof *part->has_total);
    part->arcs = arcs;
    part->has_total = has_total;
    for (uint32_t m = 0; grown && m < builder->metric_count; m++) {
        struct pv_column *column = &builder->metrics[m].arc_total;
        void *values = column->values;
        grown = pv_builder_grow(builder, &values, &column->capacity, part->arc_capacity,
                                sizeof *column->values);
        column->values = values;
    }
    return grown;
}

/* Room for one more arc. A large array is compacted before it grows, and grows only where that
 * freed less than half, so that rows of few pairs need little memory and the work stays linear. */
static bool make_room(struct pv_builder *builder)
{
    enum { LARGE = 1 << 19 };
    struct pv_arc_part *part = &builder->arcs;
    bool is_over = part->arc_count / 2 >= builder->limits.arcs;
    if (part->arc_count < part->arc_capacity && !is_over)
        return true;
    if (is_over || part->arc_count >= LARGE)
        compact_arcs(builder);
    if (part->arc_count > builder->limits.arcs)
        return pv_builder_limit(builder, "caller-callee pairs", "--max-arcs", builder->limits.arcs);
    return part->arc_count < part->arc_capacity / 2 || grow_arcs(builder);
}

void pv_build_arc(struct pv_builder *builder, uint32_t caller_frame, uint32_t callee_frame,
                  int64_t calls, const int64_t *total)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t caller = pv_builder_is_ok(builder) ? func_of(builder, caller_frame) : PV_NONE;
    uint32_t callee = caller == PV_NONE ? PV_NONE : func_of(builder, callee_frame);
    if (callee == PV_NONE || !make_room(builder))
        return;
    uint32_t arc = part->arc_count++;
    part->arcs[arc] = (struct pv_arc){caller, callee, PV_NONE, PV_NONE, calls};
    part->has_total[arc] = total != NULL;
    part->lacks_totals = part->lacks_totals || !total;
    for (uint32_t m = 0; m < builder->metric_count; m++)
        builder->metrics[m].arc_total.values[arc] = total ? total[m] : 0;
}

/* A metric that comes late: 0 for all that is there. */
bool pv_arcs_add_metric(struct pv_builder *builder, struct pv_metric_part *part)
{
    const struct pv_arc_part *arcs = &builder->arcs;
    return pv_column_extend(builder, &part->self, arcs->func_count) &&
           pv_column_extend(builder, &part->arc_total, arcs->arc_capacity);
}

static void *fit(void *array, uint32_t count, size_t size)
{
    return array && count ? pv_resize(array, count * size) : array;
}

/* Gives the memory back that equal arcs took. */
static void fit_arcs(struct pv_builder *builder)
{
    struct pv_arc_part *part = &builder->arcs;
    part->arcs = fit(part->arcs, part->arc_count, sizeof *part->arcs);
    part->has_total = fit(part->has_total, part->arc_count, sizeof *part->has_total);
    part->funcs = fit(part->funcs, part->func_count, sizeof *part->funcs);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        struct pv_column *column = &builder->metrics[m].arc_total;
        column->values = fit(column->values, part->arc_count, sizeof *column->values);
    }
}

bool pv_arcs_settle(struct pv_builder *builder)
{
    compact_arcs(builder);
    fit_arcs(builder);
    for (uint32_t m = 0; m < builder->metric_count; m++)
        if (!pv_column_extend(builder, &builder->metrics[m].total, builder->arcs.func_count))
            return false;
    return builder->arcs.arc_count <= builder->limits.arcs ||
           pv_builder_limit(builder, "caller-callee pairs", "--max-arcs", builder->limits.arcs);
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
    pv_graph_link(graph);
    free(part->func_of_frame);
    part->func_of_frame = NULL;
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
    *arcs = (struct pv_arc_part){0};
}

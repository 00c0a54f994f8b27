#include "model/builder_parts.h"

#include "model/error.h"
#include "model/graph.h"
#include "model/number.h"

#include <stdlib.h>

/* Functions and arcs as a file tells them: rows of one function or one arc add up. */

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
    part->funcs[part->func_count++] = (struct pv_func){frame, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS};
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

/* All functions so far have a number from now on. */
static bool extend_primitive(struct pv_builder *builder)
{
    struct pv_column *column = &builder->arcs.primitive_calls;
    uint32_t had = column->count;
    bool grown = pv_column_extend(builder, column, builder->arcs.func_count);
    for (uint32_t i = had; i < column->count; i++)
        column->values[i] = PV_UNKNOWN_CALLS;
    return grown;
}

/* Most formats do not tell them. */
static void add_primitive(struct pv_builder *builder, uint32_t func, int64_t calls)
{
    struct pv_column *column = &builder->arcs.primitive_calls;
    if (calls != PV_UNKNOWN_CALLS && (func < column->count || extend_primitive(builder)))
        pv_calls_add(&column->values[func], calls);
}

void pv_build_func(struct pv_builder *builder, uint32_t frame, int64_t calls,
                   int64_t primitive_calls, const int64_t *self, const int64_t *total)
{
    uint32_t func = pv_builder_is_ok(builder) ? func_of(builder, frame) : PV_NONE;
    if (func == PV_NONE)
        return;
    pv_calls_add(&builder->arcs.funcs[func].calls, calls);
    add_primitive(builder, func, primitive_calls);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        pv_column_add(builder, &builder->metrics[m].self, func, self[m]);
        if (total)
            add_total(builder, &builder->metrics[m].total, func, total[m]);
    }
}

/* Puts equal rows together, and makes totals of `metric` `factor` times as large. */
static bool compact(struct pv_builder *builder, uint32_t metric, int64_t factor)
{
    struct pv_arc_taker taker;
    uint32_t metrics = builder->metric_count;
    bool fits = true;
    pv_arc_taker_start(&taker, builder);
    for (uint32_t f = 0; f < builder->arcs.func_count && fits && pv_arc_taker_next(&taker, f); f++)
        for (uint32_t i = 0; i < taker.count && fits; i++) {
            int64_t *totals = taker.totals.values + (size_t)i * metrics;
            fits = factor == 1 || pv_multiply(totals[metric], factor, &totals[metric]);
            pv_arc_log_add(builder, &taker.rows[i], totals);
        }
    pv_arc_taker_free(&taker);
    return fits;
}

/* Rows come callee by callee: from now on they lie so. All must be out before the first is written,
 * because a function is a key in one way only. */
static void turn(struct pv_builder *builder)
{
    struct pv_arc_taker taker;
    size_t metrics = builder->metric_count, count = 0, rows = (size_t)builder->arcs.log.rows;
    struct pv_arc_row *kept = pv_alloc(rows * sizeof *kept);
    int64_t *totals = pv_alloc(rows * metrics * sizeof *totals);
    pv_arc_taker_start(&taker, builder);
    for (uint32_t f = 0; f < builder->arcs.func_count && pv_arc_taker_next(&taker, f); f++)
        for (uint32_t i = 0; i < taker.count; i++, count++) {
            kept[count] = taker.rows[i];
            for (size_t m = 0; m < metrics; m++)
                totals[count * metrics + m] = taker.totals.values[i * metrics + m];
        }
    builder->arcs.log.is_by_callee = true;
    for (size_t i = 0; i < count; i++)
        pv_arc_log_add(builder, &kept[i], totals + i * metrics);
    pv_arc_taker_free(&taker);
    free(kept);
    free(totals);
}

bool pv_arcs_scale(struct pv_builder *builder, uint32_t metric, int64_t factor)
{
    return builder->arcs.log.rows == 0 || compact(builder, metric, factor);
}

static bool check_limit(struct pv_builder *builder, uint64_t arcs)
{
    return arcs <= builder->limits.arcs ||
           pv_builder_limit(builder, "caller-callee pairs", "--max-arcs", builder->limits.arcs);
}

/* Room for one more row. Many rows are put together first, and more are let in only where that
 * freed less than half, so that rows of few pairs need little memory and the work stays linear. */
static bool make_room(struct pv_builder *builder)
{
    enum { LARGE = 1 << 19 };
    struct pv_arc_part *part = &builder->arcs;
    uint64_t most = part->most_rows ? part->most_rows : LARGE;
    if (part->log.rows < most && part->log.rows / 2 < builder->limits.arcs)
        return true;
    compact(builder, 0, 1);
    part->most_rows = part->log.rows * 2 > LARGE ? part->log.rows * 2 : LARGE;
    return check_limit(builder, part->log.rows) && pv_builder_is_ok(builder);
}

void pv_build_arc(struct pv_builder *builder, uint32_t caller_frame, uint32_t callee_frame,
                  int64_t calls, const int64_t *total)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t caller = pv_builder_is_ok(builder) ? func_of(builder, caller_frame) : PV_NONE;
    uint32_t callee = caller == PV_NONE ? PV_NONE : func_of(builder, callee_frame);
    if (callee == PV_NONE || !make_room(builder))
        return;
    part->lacks_totals = part->lacks_totals || !total;
    pv_arc_log_add(builder, &(struct pv_arc_row){caller, callee, total != NULL, calls}, total);
    if (pv_arc_log_is_turned(&part->log))
        turn(builder);
}

/* A metric that comes late: 0 for all that is there. */
bool pv_arcs_add_metric(struct pv_builder *builder, struct pv_metric_part *part)
{
    pv_arc_log_metric(builder);
    return pv_column_extend(builder, &part->self, builder->arcs.func_count);
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

/* As many as there are rows: what is not needed of it is never touched. */
static bool make_arrays(struct pv_builder *builder)
{
    struct pv_arc_part *part = &builder->arcs;
    size_t rows = (size_t)part->log.rows;
    size_t width =
        sizeof *part->arcs + sizeof *part->has_total + builder->metric_count * sizeof(int64_t);
    if (rows > UINT32_MAX || !pv_budget_take(&builder->budget, rows * width))
        return pv_builder_memory(builder);
    if (rows == 0)
        return true;
    part->arcs = pv_alloc(rows * sizeof *part->arcs);
    part->has_total = part->lacks_totals ? pv_alloc(rows * sizeof *part->has_total) : NULL;
    for (uint32_t m = 0; m < builder->metric_count; m++)
        builder->metrics[m].arc_total.values = pv_alloc(rows * sizeof(int64_t));
    return true;
}

static void append_arcs(struct pv_builder *builder, const struct pv_arc_taker *taker)
{
    struct pv_arc_part *part = &builder->arcs;
    uint32_t metrics = builder->metric_count;
    for (uint32_t i = 0; i < taker->count; i++) {
        const struct pv_arc_row *row = &taker->rows[i];
        const int64_t *totals = taker->totals.values + (size_t)i * metrics;
        uint32_t arc = part->arc_count++;
        part->arcs[arc] = (struct pv_arc){row->caller, row->callee, PV_NONE, PV_NONE, row->calls};
        if (part->has_total)
            part->has_total[arc] = row->has_total;
        for (uint32_t m = 0; m < metrics; m++)
            builder->metrics[m].arc_total.values[arc] = totals[m];
    }
}

bool pv_arcs_settle(struct pv_builder *builder)
{
    struct pv_arc_taker taker;
    if (!make_arrays(builder))
        return false;
    pv_arc_taker_start(&taker, builder);
    for (uint32_t f = 0; f < builder->arcs.func_count && pv_arc_taker_next(&taker, f); f++)
        append_arcs(builder, &taker);
    pv_arc_taker_free(&taker);
    fit_arcs(builder);
    for (uint32_t m = 0; m < builder->metric_count; m++)
        if (!pv_column_extend(builder, &builder->metrics[m].total, builder->arcs.func_count))
            return false;
    if (builder->arcs.primitive_calls.count && !extend_primitive(builder))
        return false;
    return check_limit(builder, builder->arcs.arc_count);
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
    graph->arc_has_total = part->has_total;
    graph->self = pv_arena_alloc(builder->arena, columns);
    graph->total = pv_arena_alloc(builder->arena, columns);
    graph->arc_total = pv_arena_alloc(builder->arena, columns);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        graph->self[m] = adopt(builder, &builder->metrics[m].self);
        graph->total[m] = adopt(builder, &builder->metrics[m].total);
        graph->arc_total[m] = adopt(builder, &builder->metrics[m].arc_total);
    }
    if (part->primitive_calls.count)
        graph->primitive_calls = adopt(builder, &part->primitive_calls);
    pv_graph_link(graph);
    free(part->func_of_frame);
    part->func_of_frame = NULL;
    pv_arena_adopt(builder->arena, part->funcs);
    pv_arena_adopt(builder->arena, part->arcs);
    pv_arena_adopt(builder->arena, part->has_total);
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
    free(arcs->primitive_calls.values);
    pv_arc_log_free(&arcs->log);
    *arcs = (struct pv_arc_part){0};
}

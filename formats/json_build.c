#include "formats/json_rows_spans.h"
#include "model/error.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

void pv_json_columns_free(struct pv_json_table *columns)
{
    struct pv_json_column *column = columns->rows;
    for (uint32_t i = 0; i < columns->count; i++)
        free(column[i].values);
    free(columns->rows);
    *columns = (struct pv_json_table){0};
}

void pv_json_rows_free(struct pv_json_rows *rows)
{
    pv_buffer_free(&rows->text);
    free(rows->metrics.rows);
    free(rows->functions.rows);
    free(rows->arcs.rows);
    free(rows->lines.rows);
    free(rows->notes.rows);
    struct pv_json_series *series = rows->series.rows;
    for (uint32_t i = 0; i < rows->series.count; i++) {
        free(series[i].at.values);
        free(series[i].value.values);
    }
    free(rows->series.rows);
    free(rows->values.values);
    free(rows->node_function.values);
    free(rows->node_parent.values);
    free(rows->node_calls.values);
    pv_json_spans_free(&rows->spans);
    pv_json_columns_free(&rows->node_self);
}

static bool check_parts(const struct pv_json_rows *rows, struct pv_error *err)
{
    static const char *const names[] = {"profviz", "origin", "metrics", "functions", "stacks"};
    struct pv_where where = {.source = rows->source};
    unsigned wanted = rows->origin == PV_ORIGIN_STACKS ? 5 : 4;
    for (unsigned i = 0; i < wanted; i++)
        if (!(rows->parts >> i & 1))
            return pv_fail(err, PV_INPUT_FAILED, where, "profviz's JSON needs \"%s\"", names[i]);
    if (rows->top_function >= rows->functions.count)
        return pv_fail(err, PV_INPUT_FAILED, rows->top_where,
                       "function %lld is named, but there are only %u (from 0)",
                       (long long)rows->top_function, (unsigned)rows->functions.count);
    if (rows->width != PV_NONE && rows->width != rows->metrics.count)
        return pv_fail(err, PV_INPUT_FAILED, rows->width_where,
                       "%u values in a row, but there are %u metrics", (unsigned)rows->width,
                       (unsigned)rows->metrics.count);
    return true;
}

static bool check_nodes(const struct pv_json_rows *rows, struct pv_error *err)
{
    const struct pv_json_column *self = rows->node_self.rows;
    uint32_t nodes = rows->node_function.count;
    struct pv_where where = rows->node_parent.where;
    where.source = rows->source; /* the array may not be there at all */
    if (nodes == 0 || nodes != rows->node_parent.count)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "stacks need \"function\" and \"parent\" with one item a node, root first");
    for (uint32_t m = 0; m < rows->node_self.count; m++)
        if (self[m].count != nodes)
            return pv_fail(err, PV_INPUT_FAILED, self[m].where, "%u values for %u nodes",
                           (unsigned)self[m].count, (unsigned)nodes);
    if (rows->node_calls.count && rows->node_calls.count != nodes)
        return pv_fail(err, PV_INPUT_FAILED, rows->node_calls.where, "%u calls for %u nodes",
                       (unsigned)rows->node_calls.count, (unsigned)nodes);
    if (rows->node_self.count != rows->metrics.count)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "\"self\" of the stacks has %u arrays, but there are %u metrics",
                       (unsigned)rows->node_self.count, (unsigned)rows->metrics.count);
    return true;
}

static bool check_functions(const struct pv_json_rows *rows, struct pv_error *err)
{
    const struct pv_json_function *row = rows->functions.rows;
    struct pv_where where = {.source = rows->source};
    for (uint32_t i = 0; i < rows->functions.count; i++)
        if (row[i].self == PV_NONE || row[i].total == PV_NONE)
            return pv_fail(err, PV_INPUT_FAILED, where,
                           "function %u (from 0) needs \"self\" and \"total\"", (unsigned)i);
    return true;
}

static bool check_series(const struct pv_json_rows *rows, struct pv_error *err)
{
    const struct pv_json_series *row = rows->series.rows;
    for (uint32_t i = 0; i < rows->series.count; i++) {
        struct pv_where where = row[i].value.where;
        where.source = rows->source;
        if (row[i].at.count != row[i].value.count)
            return pv_fail(err, PV_INPUT_FAILED, where,
                           "a series has %u values at %u points of time",
                           (unsigned)row[i].value.count, (unsigned)row[i].at.count);
    }
    return true;
}

static bool check(const struct pv_json_rows *rows, struct pv_error *err)
{
    return check_parts(rows, err) && check_series(rows, err) &&
           (rows->origin == PV_ORIGIN_STACKS ? check_nodes(rows, err) : check_functions(rows, err));
}

static struct pv_text text_at(const struct pv_json_rows *rows, struct pv_json_span span)
{
    return span.size ? (struct pv_text){rows->text.data + span.at, span.size}
                     : (struct pv_text){"", 0};
}

static const struct pv_json_metric *metric_at(const struct pv_json_rows *rows, uint32_t m)
{
    return (const struct pv_json_metric *)rows->metrics.rows + m;
}

static void add_metrics(struct pv_builder *builder, const struct pv_json_rows *rows)
{
    bool fits;
    for (uint32_t m = 0; m < rows->metrics.count; m++) {
        const struct pv_json_metric *row = metric_at(rows, m);
        pv_build_metric(builder, text_at(rows, row->name), row->unit, row->is_signed);
        pv_build_value(builder, m, (struct pv_decimal){0, row->digits}, &fits);
    }
}

/* The frame of every function; to be freed. */
static uint32_t *add_frames(struct pv_builder *builder, const struct pv_json_rows *rows)
{
    const struct pv_json_function *row = rows->functions.rows;
    uint32_t *frames = pv_alloc(rows->functions.count * sizeof *frames);
    for (uint32_t i = 0; i < rows->functions.count; i++) {
        struct pv_frame_info info = {
            .name = text_at(rows, row[i].name),
            .file = text_at(rows, row[i].file),
            .module = text_at(rows, row[i].module),
            .line = row[i].line,
            .flags = row[i].flags,
        };
        frames[i] = pv_build_frame(builder, &info);
        pv_build_flags(builder, frames[i], row[i].flags); /* one identity may stand twice */
    }
    return frames;
}

static void add_graph(struct pv_builder *builder, const struct pv_json_rows *rows,
                      const uint32_t *frames)
{
    const struct pv_json_function *func = rows->functions.rows;
    const struct pv_json_arc *arc = rows->arcs.rows;
    const int64_t *values = rows->values.values;
    static const int64_t none[1];
    for (uint32_t i = 0; i < rows->functions.count; i++)
        pv_build_func(builder, frames[i], func[i].calls, func[i].primitive_calls,
                      values ? values + func[i].self : none,
                      values ? values + func[i].total : none);
    for (uint32_t i = 0; i < rows->arcs.count; i++)
        pv_build_arc(builder, frames[arc[i].caller], frames[arc[i].callee], arc[i].calls,
                     arc[i].total == PV_NONE ? NULL
                     : values                ? values + arc[i].total
                                             : none);
}

static void add_tree(struct pv_builder *builder, const struct pv_json_rows *rows,
                     const uint32_t *frames)
{
    uint32_t count = rows->node_function.count;
    const struct pv_json_column *self = rows->node_self.rows;
    uint32_t *node_of = pv_zalloc(count, sizeof *node_of);
    for (uint32_t i = 0; i < count && pv_builder_is_ok(builder); i++) {
        if (i > 0)
            node_of[i] = pv_build_stack(builder, node_of[rows->node_parent.values[i]],
                                        &frames[rows->node_function.values[i]], 1, NULL);
        for (uint32_t m = 0; m < rows->metrics.count; m++)
            if (self[m].values[i])
                pv_build_self(builder, node_of[i], m, self[m].values[i]);
        if (rows->node_calls.count)
            pv_build_calls(builder, node_of[i], rows->node_calls.values[i]);
    }
    if (pv_builder_is_ok(builder))
        pv_json_spans_build(builder, rows, frames, node_of);
    free(node_of);
}

static void add_lines(struct pv_builder *builder, const struct pv_json_rows *rows,
                      const uint32_t *frames)
{
    const struct pv_json_line *line = rows->lines.rows;
    for (uint32_t i = 0; i < rows->lines.count && pv_builder_is_ok(builder); i++) {
        pv_str file = pv_build_text(builder, text_at(rows, line[i].file));
        for (uint32_t m = 0; m < rows->metrics.count && pv_builder_is_ok(builder); m++)
            pv_build_line(builder, frames[line[i].function], file, line[i].line, m,
                          rows->values.values[line[i].self + m]);
    }
}

static void add_series(struct pv_builder *builder, const struct pv_json_rows *rows)
{
    const struct pv_json_series *row = rows->series.rows;
    for (uint32_t i = 0; i < rows->series.count; i++) {
        struct pv_series_info info = {
            .name = text_at(rows, row[i].name),
            .group = text_at(rows, row[i].group),
            .owner = text_at(rows, row[i].owner),
            .at_name = text_at(rows, row[i].at_name),
            .unit = row[i].unit,
            .at_unit = row[i].at_unit,
        };
        uint32_t made = pv_build_new_series(builder, &info);
        for (uint32_t p = 0; p < row[i].at.count; p++)
            pv_build_point(builder, made,
                           (struct pv_decimal){row[i].at.values[p], row[i].at_digits},
                           (struct pv_decimal){row[i].value.values[p], row[i].digits});
    }
}

/* Σ self of one metric and whether any of its values is negative. */
static int128 sum_up(const struct pv_json_rows *rows, uint32_t m, bool *has_negative)
{
    const struct pv_json_column *node_self = rows->node_self.rows;
    const struct pv_json_function *func = rows->functions.rows;
    bool is_tree = rows->origin == PV_ORIGIN_STACKS;
    uint32_t count = is_tree ? rows->node_function.count : rows->functions.count;
    int128 sum = 0;
    *has_negative = false;
    for (uint32_t i = 0; i < count; i++) {
        int64_t self = is_tree ? node_self[m].values[i] : rows->values.values[func[i].self + m];
        *has_negative =
            *has_negative || self < 0 || (!is_tree && rows->values.values[func[i].total + m] < 0);
        sum += self;
    }
    return sum;
}

/* What the file says that cannot be so is put right, and said. */
static void add_notes(struct pv_builder *builder, const struct pv_json_rows *rows)
{
    const struct pv_json_note *note = rows->notes.rows;
    for (uint32_t i = 0; i < rows->notes.count; i++)
        pv_build_note_text(builder, text_at(rows, note[i].kind), text_at(rows, note[i].text),
                           note[i].count, note[i].line);
    for (uint32_t m = 0; m < rows->metrics.count; m++) {
        const struct pv_json_metric *row = metric_at(rows, m);
        bool has_negative;
        int128 sum = sum_up(rows, m, &has_negative);
        if (row->has_total && sum != row->total)
            pv_build_note(builder, "repaired",
                          "a metric's total was not the sum of its self values; the sum is used", 1,
                          0);
        if (has_negative && !row->is_signed) {
            pv_build_signed(builder, m);
            pv_build_note(builder, "repaired",
                          "a metric that was not marked as signed has negative values", 1, 0);
        }
    }
    if (rows->unknown_flags)
        pv_build_note(builder, "skipped", "flags of functions that this version does not know",
                      rows->unknown_flags, 0);
}

bool pv_json_rows_build(const struct pv_json_rows *rows, struct pv_profile **out,
                        struct pv_error *err)
{
    if (!check(rows, err))
        return false;
    const char *format = rows->format.size ? rows->text.data + rows->format.at : "";
    if (!*format)
        format = "json";
    struct pv_builder *builder = pv_builder_new(rows->limits, rows->origin, format);
    add_metrics(builder, rows);
    uint32_t *frames = add_frames(builder, rows);
    if (!pv_builder_is_ok(builder))
        ;
    else if (rows->origin == PV_ORIGIN_STACKS)
        add_tree(builder, rows, frames);
    else
        add_graph(builder, rows, frames);
    add_lines(builder, rows, frames);
    add_series(builder, rows);
    add_notes(builder, rows);
    if (rows->is_unbounded)
        pv_build_unbounded(builder);
    bool done = pv_builder_finish(builder, out, err);
    if (!done && !err->where.source)
        err->where.source = rows->source;
    pv_builder_free(builder);
    free(frames);
    return done;
}

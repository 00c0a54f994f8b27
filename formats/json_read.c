#include "formats/json_profile.h"

#include "formats/json_read_parts.h"
#include "model/error.h"

#include <stdlib.h>
#include <string.h>

/* Rows that no profile has so many of, but that cost more than linear time. */
enum { MANY_METRICS = PV_JSON_METRICS };

static bool read_bool(struct pv_json_reading *reading)
{
    bool value = false;
    return pv_json_bool(reading->json, &value) && value;
}

static void read_metric(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"name", "unit", "scale", "signed", "total", NULL};
    struct pv_json_metric *row =
        pv_json_read_row(reading, &reading->rows->metrics, sizeof *row, MANY_METRICS, "metrics");
    if (!row || !pv_json_object(reading->json))
        return;
    bool has_name = false;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->name = pv_json_read_string(reading);
            has_name = true;
            break;
        case 1:
            row->unit = pv_json_read_unit(reading);
            break;
        case 2:
            row->digits = pv_json_read_scale(reading);
            break;
        case 3:
            row->is_signed = read_bool(reading);
            break;
        default:
            row->total = pv_json_read_int(reading, INT64_MIN, INT64_MAX);
            row->has_total = true;
        }
    if (!has_name)
        pv_json_read_fail(reading, "a metric without a name");
}

static bool has_room(struct pv_json_reading *reading, const struct pv_json_column *nodes)
{
    uint64_t most = reading->rows->limits->nodes;
    if (nodes->count > most)
        pv_json_fail(reading->json, PV_LIMIT, "more than %llu nodes (--max-nodes)",
                     (unsigned long long)most);
    return nodes->count <= most;
}

/* An array about nodes, whose first item, the root's, is null where it is about links. */
static void read_links(struct pv_json_reading *reading, struct pv_json_column *column,
                       bool is_parent)
{
    column->count = 0;
    pv_json_array(reading->json);
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json)) {
        int64_t value = -1;
        if (!has_room(reading, column))
            break;
        if (column->count > 0)
            value = is_parent ? pv_json_read_int(reading, 0, (int64_t)column->count - 1)
                              : (int64_t)pv_json_read_number(reading);
        else if (!pv_json_null(reading->json))
            pv_json_read_fail(reading, "the first node is the root: null was expected");
        pv_json_read_value(reading, column, value);
    }
}

/* Nodes in preorder by their depth: the parent is the last node that was one less deep. */
static void read_depths(struct pv_json_reading *reading)
{
    struct pv_json_column *parents = &reading->rows->node_parent, path = {0};
    parents->count = 0;
    pv_json_array(reading->json);
    parents->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json) && has_room(reading, parents)) {
        int64_t node = parents->count, depth = 0;
        if (node > 0)
            depth = pv_json_read_int(reading, 1, path.count);
        else if (!pv_json_null(reading->json))
            pv_json_read_fail(reading, "the first node is the root: null was expected");
        if (!pv_json_is_ok(reading->json))
            break;
        path.count = (uint32_t)depth;
        pv_json_read_value(reading, parents, depth ? path.values[depth - 1] : -1);
        pv_json_read_value(reading, &path, node);
    }
    free(path.values);
}

static void read_node_self(struct pv_json_reading *reading)
{
    pv_json_columns_free(&reading->rows->node_self);
    pv_json_array(reading->json);
    while (pv_json_item(reading->json)) {
        struct pv_json_column *column = pv_json_read_row(reading, &reading->rows->node_self,
                                                         sizeof *column, MANY_METRICS, "metrics");
        if (!column || !pv_json_array(reading->json))
            return;
        column->where = pv_json_where(reading->json);
        while (pv_json_item(reading->json))
            pv_json_read_value(reading, column, pv_json_read_int(reading, INT64_MIN, INT64_MAX));
    }
}

static void read_node_calls(struct pv_json_reading *reading)
{
    struct pv_json_column *column = &reading->rows->node_calls;
    column->count = 0;
    if (pv_json_null(reading->json) || !pv_json_array(reading->json))
        return;
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        pv_json_read_value(reading, column, pv_json_read_int(reading, 0, INT64_MAX));
}

static void read_stacks(struct pv_json_reading *reading)
{
    enum { FUNCTION, PARENT, NODE_SELF, NODE_CALLS, DEPTH };
    static const char *const keys[] = {"function", "parent", "self", "calls", "depth", NULL};
    if (pv_json_null(reading->json) || !pv_json_object(reading->json))
        return;
    reading->rows->parts |= PV_JSON_HAS_STACKS;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case FUNCTION:
            read_links(reading, &reading->rows->node_function, false);
            break;
        case PARENT:
            read_links(reading, &reading->rows->node_parent, true);
            break;
        case NODE_SELF:
            read_node_self(reading);
            break;
        case NODE_CALLS:
            read_node_calls(reading);
            break;
        default:
            read_depths(reading);
        }
}

static void read_version(struct pv_json_reading *reading)
{
    int64_t version = pv_json_read_int(reading, 1, INT64_MAX);
    if (version > PV_JSON_VERSION)
        pv_json_fail(reading->json, PV_INPUT_FAILED,
                     "version %lld of profviz's JSON: a newer profviz wrote it, this one reads %d",
                     (long long)version, PV_JSON_VERSION);
}

static void read_origin(struct pv_json_reading *reading)
{
    struct pv_text text;
    if (!pv_json_string(reading->json, &text))
        return;
    if (pv_text_equal(text, pv_text_of(pv_json_origin_word(PV_ORIGIN_STACKS))))
        reading->rows->origin = PV_ORIGIN_STACKS;
    else if (pv_text_equal(text, pv_text_of(pv_json_origin_word(PV_ORIGIN_ARCS))))
        reading->rows->origin = PV_ORIGIN_ARCS;
    else
        pv_json_read_fail(reading, "an unknown origin (\"stacks\" or \"arcs\")");
}

/* The first four have to be there: bit i of rows.parts. */
enum top_key {
    TOP_VERSION,
    TOP_ORIGIN,
    TOP_METRICS,
    TOP_FUNCTIONS,
    TOP_ARCS,
    TOP_STACKS,
    TOP_NOTES,
    TOP_FORMAT,
    TOP_UNBOUNDED,
    TOP_SERIES,
    TOP_LINES,
    TOP_SPANS,
};

static void read_top_member(struct pv_json_reading *reading, enum top_key key)
{
    switch (key) {
    case TOP_VERSION:
        read_version(reading);
        break;
    case TOP_ORIGIN:
        read_origin(reading);
        break;
    case TOP_METRICS:
        pv_json_read_rows(reading, read_metric);
        break;
    case TOP_FUNCTIONS:
        pv_json_read_functions(reading);
        break;
    case TOP_ARCS:
        pv_json_read_arcs(reading);
        break;
    case TOP_STACKS:
        read_stacks(reading);
        break;
    case TOP_NOTES:
        pv_json_read_rows(reading, pv_json_read_note);
        break;
    case TOP_FORMAT:
        reading->rows->format = pv_json_read_string(reading);
        break;
    case TOP_UNBOUNDED:
        reading->rows->is_unbounded = read_bool(reading);
        break;
    case TOP_SERIES:
        pv_json_read_rows(reading, pv_json_read_series);
        break;
    case TOP_LINES:
        pv_json_read_lines(reading);
        break;
    case TOP_SPANS:
        pv_json_read_spans(reading);
        break;
    }
}

static void read_top(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"profviz", "origin", "metrics", "functions",    "arcs",
                                       "stacks",  "notes",  "format",  "is_unbounded", "series",
                                       "lines",   "spans",  NULL};
    pv_json_object(reading->json);
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;) {
        if (key <= TOP_FUNCTIONS)
            reading->rows->parts |= 1U << key;
        read_top_member(reading, (enum top_key)key);
    }
}

bool pv_json_profile_read(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_json_rows rows = {
        .limits = limits,
        .source = pv_input_name(input),
        .budget = {.limit = limits->memory},
        .width = PV_NONE,
        .top_function = -1,
    };
    struct pv_json_reading reading = {pv_json_open(input, NULL), &rows};
    read_top(&reading);
    bool done = pv_json_end(reading.json, err) && pv_json_rows_build(&rows, out, err);
    pv_json_close(reading.json);
    pv_json_rows_free(&rows);
    return done;
}

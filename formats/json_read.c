#include "formats/json_profile.h"

#include "formats/json_read_parts.h"
#include "model/error.h"

#include <stdlib.h>
#include <string.h>

/* Rows that no profile has so many of, but that cost more than linear time. */
enum { MANY_METRICS = 1000 };

static bool read_bool(struct pv_json_reading *reading)
{
    bool value = false;
    return pv_json_bool(reading->json, &value) && value;
}

static int64_t read_calls(struct pv_json_reading *reading)
{
    return pv_json_null(reading->json) ? PV_UNKNOWN_CALLS : pv_json_read_int(reading, 0, INT64_MAX);
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

static uint32_t read_flags(struct pv_json_reading *reading)
{
    uint32_t flags = 0;
    struct pv_text text;
    const char *const *words = pv_json_flag_words();
    pv_json_array(reading->json);
    while (pv_json_item(reading->json) && pv_json_string(reading->json, &text)) {
        unsigned bit = 0;
        while (words[bit] && !pv_text_equal(pv_text_of(words[bit]), text))
            bit++;
        if (words[bit])
            flags |= (uint32_t)1 << bit;
        else
            reading->rows->unknown_flags++;
    }
    return flags;
}

enum function_key { NAME, FILE_NAME, LINE, MODULE, FLAGS, CALLS, PRIMITIVE_CALLS, SELF, TOTAL };

static void read_function_member(struct pv_json_reading *reading, struct pv_json_function *row,
                                 enum function_key key)
{
    switch (key) {
    case NAME:
        row->name = pv_json_read_string(reading);
        break;
    case FILE_NAME:
        row->file = pv_json_read_string(reading);
        break;
    case LINE:
        row->line = (uint32_t)pv_json_read_int(reading, 0, UINT32_MAX);
        break;
    case MODULE:
        row->module = pv_json_read_string(reading);
        break;
    case FLAGS:
        row->flags = read_flags(reading);
        break;
    case CALLS:
        row->calls = read_calls(reading);
        break;
    case PRIMITIVE_CALLS:
        row->primitive_calls = read_calls(reading);
        break;
    case SELF:
        row->self = pv_json_read_values(reading);
        break;
    case TOTAL:
        row->total = pv_json_read_values(reading);
        break;
    }
}

static void read_function(struct pv_json_reading *reading)
{
    static const char *const keys[] = {
        "name", "file",  "line", "module", "flags", "calls", "primitive_calls",
        "self", "total", NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_function *row =
        pv_json_read_row(reading, &rows->functions, sizeof *row, rows->limits->functions,
                         "functions (--max-functions)");
    if (!row || !pv_json_object(reading->json))
        return;
    bool has_name = false;
    row->self = row->total = PV_NONE;
    row->calls = row->primitive_calls = PV_UNKNOWN_CALLS;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;) {
        has_name = has_name || key == NAME;
        read_function_member(reading, row, (enum function_key)key);
    }
    if (!has_name)
        pv_json_read_fail(reading, "a function without a name");
}

static void read_arc(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"caller", "callee", "calls", "total", NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_arc *row = pv_json_read_row(
        reading, &rows->arcs, sizeof *row, rows->limits->arcs, "caller-callee pairs (--max-arcs)");
    if (!row || !pv_json_object(reading->json))
        return;
    row->caller = row->callee = row->total = PV_NONE;
    row->calls = PV_UNKNOWN_CALLS;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->caller = pv_json_read_number(reading);
            break;
        case 1:
            row->callee = pv_json_read_number(reading);
            break;
        case 2:
            row->calls = read_calls(reading);
            break;
        default:
            row->total = pv_json_null(reading->json) ? PV_NONE : pv_json_read_values(reading);
        }
    if (row->caller == PV_NONE || row->callee == PV_NONE)
        pv_json_read_fail(reading, "an arc needs a caller and a callee");
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
        pv_json_read_rows(reading, read_function);
        break;
    case TOP_ARCS:
        pv_json_read_rows(reading, read_arc);
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

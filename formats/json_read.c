#include "formats/json_profile.h"

#include "formats/json_pull.h"
#include "formats/json_rows.h"
#include "model/error.h"

#include <stdlib.h>
#include <string.h>

/* The grammar of docs/formats/json.md. Errors are sticky in `json`, so that the functions go on
 * without asking: every value and member they want is refused from then on. */
struct reading {
    struct pv_json *json;
    struct pv_json_rows *rows;
};

/* Rows that no profile has so many of, but that cost more than linear time. */
enum { MANY_METRICS = 1000, MANY_NOTES = 1000 };

static void fail(struct reading *reading, const char *text)
{
    pv_json_fail(reading->json, PV_INPUT_FAILED, "%s", text);
}

static void fail_memory(struct reading *reading)
{
    pv_json_fail(reading->json, PV_LIMIT, "the profile needs more than --max-memory allows");
}

/* A new zeroed row at the table's end; NULL (and failed) where a limit forbids it. */
static void *add_row(struct reading *reading, struct pv_json_table *table, size_t size,
                     uint64_t limit, const char *what)
{
    if (table->count >= limit) {
        pv_json_fail(reading->json, PV_LIMIT, "more than %llu %s", (unsigned long long)limit, what);
        return NULL;
    }
    if (!pv_grow(&table->rows, &table->capacity, (uint64_t)table->count + 1, size,
                 &reading->rows->budget)) {
        fail_memory(reading);
        return NULL;
    }
    return memset((char *)table->rows + table->count++ * size, 0, size);
}

static void add_value(struct reading *reading, struct pv_json_column *column, int64_t value)
{
    void *values = column->values;
    bool grown = pv_grow(&values, &column->capacity, (uint64_t)column->count + 1, sizeof value,
                         &reading->rows->budget);
    column->values = values;
    if (!grown)
        fail_memory(reading);
    else
        column->values[column->count++] = value;
}

static struct pv_json_span read_string(struct reading *reading)
{
    struct pv_text text;
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_span span = {rows->text.size, 0};
    if (!pv_json_string(reading->json, &text))
        return (struct pv_json_span){0, 0};
    if (!pv_budget_take(&rows->budget, text.size + 1)) {
        fail_memory(reading);
        return (struct pv_json_span){0, 0};
    }
    span.size = text.size;
    pv_buffer_add(&rows->text, text);
    pv_buffer_char(&rows->text, '\0');
    return span;
}

/* An integer from `least` to `most`; `least` on an error. */
static int64_t read_int(struct reading *reading, int64_t least, int64_t most)
{
    int64_t value;
    if (!pv_json_int(reading->json, &value))
        return least;
    if (value >= least && value <= most)
        return value;
    pv_json_fail(reading->json, PV_INPUT_FAILED, "%lld is out of range here: %lld to %lld",
                 (long long)value, (long long)least, (long long)most);
    return least;
}

static bool read_bool(struct reading *reading)
{
    bool value = false;
    return pv_json_bool(reading->json, &value) && value;
}

static int64_t read_calls(struct reading *reading)
{
    return pv_json_null(reading->json) ? PV_UNKNOWN_CALLS : read_int(reading, 0, INT64_MAX);
}

/* The number of a function, which may be told of later. */
static uint32_t read_function_number(struct reading *reading)
{
    int64_t number = read_int(reading, 0, UINT32_MAX - 1);
    if (number > reading->rows->top_function) {
        reading->rows->top_function = number;
        reading->rows->top_where = pv_json_where(reading->json);
    }
    return (uint32_t)number;
}

/* One value per metric: where in rows.values they begin. */
static uint32_t read_values(struct reading *reading)
{
    struct pv_json_rows *rows = reading->rows;
    uint32_t at = rows->values.count;
    if (!pv_json_array(reading->json))
        return PV_NONE;
    struct pv_where where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        add_value(reading, &rows->values, read_int(reading, INT64_MIN, INT64_MAX));
    uint32_t width = rows->values.count - at;
    if (rows->width == PV_NONE) {
        rows->width = width;
        rows->width_where = where;
    }
    if (rows->width != width)
        pv_json_fail(reading->json, PV_INPUT_FAILED, "%u values where other rows have %u",
                     (unsigned)width, (unsigned)rows->width);
    return at;
}

static enum pv_unit read_unit(struct reading *reading)
{
    struct pv_text text;
    enum pv_unit unit = PV_UNIT_COUNT;
    if (pv_json_string(reading->json, &text) && !pv_unit_parse(text, &unit))
        pv_json_fail(reading->json, PV_INPUT_FAILED, "unknown unit \"%.*s\" (ns, bytes or count)",
                     PV_TEXT_ARGS(pv_text_slice(text, 0, 20)));
    return unit;
}

static unsigned read_scale(struct reading *reading)
{
    int64_t scale = read_int(reading, 1, pv_power10(PV_DECIMAL_DIGITS));
    unsigned digits = 0;
    while (digits < PV_DECIMAL_DIGITS && pv_power10(digits) < scale)
        digits++;
    if (pv_power10(digits) != scale)
        fail(reading, "a scale is a power of ten from 1 to 1000000000");
    return digits;
}

static void read_metric(struct reading *reading)
{
    static const char *const keys[] = {"name", "unit", "scale", "signed", "total", NULL};
    struct pv_json_metric *row =
        add_row(reading, &reading->rows->metrics, sizeof *row, MANY_METRICS, "metrics");
    if (!row || !pv_json_object(reading->json))
        return;
    bool has_name = false;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->name = read_string(reading);
            has_name = true;
            break;
        case 1:
            row->unit = read_unit(reading);
            break;
        case 2:
            row->digits = read_scale(reading);
            break;
        case 3:
            row->is_signed = read_bool(reading);
            break;
        default:
            row->total = read_int(reading, INT64_MIN, INT64_MAX);
            row->has_total = true;
        }
    if (!has_name)
        fail(reading, "a metric without a name");
}

static uint32_t read_flags(struct reading *reading)
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

static void read_function_member(struct reading *reading, struct pv_json_function *row,
                                 enum function_key key)
{
    switch (key) {
    case NAME:
        row->name = read_string(reading);
        break;
    case FILE_NAME:
        row->file = read_string(reading);
        break;
    case LINE:
        row->line = (uint32_t)read_int(reading, 0, UINT32_MAX);
        break;
    case MODULE:
        row->module = read_string(reading);
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
        row->self = read_values(reading);
        break;
    case TOTAL:
        row->total = read_values(reading);
        break;
    }
}

static void read_function(struct reading *reading)
{
    static const char *const keys[] = {
        "name", "file",  "line", "module", "flags", "calls", "primitive_calls",
        "self", "total", NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_function *row = add_row(reading, &rows->functions, sizeof *row,
                                           rows->limits->functions, "functions (--max-functions)");
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
        fail(reading, "a function without a name");
}

static void read_arc(struct reading *reading)
{
    static const char *const keys[] = {"caller", "callee", "calls", "total", NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_arc *row = add_row(reading, &rows->arcs, sizeof *row, rows->limits->arcs,
                                      "caller-callee pairs (--max-arcs)");
    if (!row || !pv_json_object(reading->json))
        return;
    row->caller = row->callee = row->total = PV_NONE;
    row->calls = PV_UNKNOWN_CALLS;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->caller = read_function_number(reading);
            break;
        case 1:
            row->callee = read_function_number(reading);
            break;
        case 2:
            row->calls = read_calls(reading);
            break;
        default:
            row->total = pv_json_null(reading->json) ? PV_NONE : read_values(reading);
        }
    if (row->caller == PV_NONE || row->callee == PV_NONE)
        fail(reading, "an arc needs a caller and a callee");
}

static void read_line(struct reading *reading)
{
    static const char *const keys[] = {"function", "file", "line", "self", NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_line *row = add_row(reading, &rows->lines, sizeof *row, rows->limits->nodes,
                                       "source lines (--max-nodes)");
    if (!row || !pv_json_object(reading->json))
        return;
    row->function = row->self = PV_NONE;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->function = read_function_number(reading);
            break;
        case 1:
            row->file = read_string(reading);
            break;
        case 2:
            row->line = (uint32_t)read_int(reading, 0, UINT32_MAX);
            break;
        default:
            row->self = read_values(reading);
        }
    if (row->function == PV_NONE || row->self == PV_NONE)
        fail(reading, "a line needs a function and \"self\"");
}

static void read_rows(struct reading *reading, void (*read_row)(struct reading *reading))
{
    pv_json_array(reading->json);
    while (pv_json_item(reading->json))
        read_row(reading);
}

/* Lines that nobody asked for take no room. */
static void read_lines(struct reading *reading)
{
    if (!reading->rows->limits->keeps_lines)
        pv_json_skip(reading->json);
    else
        read_rows(reading, read_line);
}

static void read_where(struct reading *reading, uint64_t *line)
{
    static const char *const keys[] = {"line", NULL};
    if (pv_json_null(reading->json) || !pv_json_object(reading->json))
        return;
    while (pv_json_field(reading->json, keys) == 0)
        *line = (uint64_t)read_int(reading, 0, INT64_MAX);
}

static void read_note(struct reading *reading)
{
    static const char *const keys[] = {"kind", "count", "where", "text", NULL};
    struct pv_json_note *row =
        add_row(reading, &reading->rows->notes, sizeof *row, MANY_NOTES, "notes");
    if (!row || !pv_json_object(reading->json))
        return;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->kind = read_string(reading);
            break;
        case 1:
            row->count = (uint64_t)read_int(reading, 0, INT64_MAX);
            break;
        case 2:
            read_where(reading, &row->line);
            break;
        default:
            row->text = read_string(reading);
        }
}

static bool has_room(struct reading *reading, const struct pv_json_column *nodes)
{
    uint64_t most = reading->rows->limits->nodes;
    if (nodes->count > most)
        pv_json_fail(reading->json, PV_LIMIT, "more than %llu nodes (--max-nodes)",
                     (unsigned long long)most);
    return nodes->count <= most;
}

/* An array about nodes, whose first item, the root's, is null where it is about links. */
static void read_links(struct reading *reading, struct pv_json_column *column, bool is_parent)
{
    column->count = 0;
    pv_json_array(reading->json);
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json)) {
        int64_t value = -1;
        if (!has_room(reading, column))
            break;
        if (column->count > 0)
            value = is_parent ? read_int(reading, 0, (int64_t)column->count - 1)
                              : (int64_t)read_function_number(reading);
        else if (!pv_json_null(reading->json))
            fail(reading, "the first node is the root: null was expected");
        add_value(reading, column, value);
    }
}

/* Nodes in preorder by their depth: the parent is the last node that was one less deep. */
static void read_depths(struct reading *reading)
{
    struct pv_json_column *parents = &reading->rows->node_parent, path = {0};
    parents->count = 0;
    pv_json_array(reading->json);
    parents->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json) && has_room(reading, parents)) {
        int64_t node = parents->count, depth = 0;
        if (node > 0)
            depth = read_int(reading, 1, path.count);
        else if (!pv_json_null(reading->json))
            fail(reading, "the first node is the root: null was expected");
        if (!pv_json_is_ok(reading->json))
            break;
        path.count = (uint32_t)depth;
        add_value(reading, parents, depth ? path.values[depth - 1] : -1);
        add_value(reading, &path, node);
    }
    free(path.values);
}

static void read_node_self(struct reading *reading)
{
    pv_json_columns_free(&reading->rows->node_self);
    pv_json_array(reading->json);
    while (pv_json_item(reading->json)) {
        struct pv_json_column *column =
            add_row(reading, &reading->rows->node_self, sizeof *column, MANY_METRICS, "metrics");
        if (!column || !pv_json_array(reading->json))
            return;
        column->where = pv_json_where(reading->json);
        while (pv_json_item(reading->json))
            add_value(reading, column, read_int(reading, INT64_MIN, INT64_MAX));
    }
}

static void read_node_calls(struct reading *reading)
{
    struct pv_json_column *column = &reading->rows->node_calls;
    column->count = 0;
    if (pv_json_null(reading->json) || !pv_json_array(reading->json))
        return;
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        add_value(reading, column, read_int(reading, 0, INT64_MAX));
}

static void read_stacks(struct reading *reading)
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

enum series_key { S_NAME, S_GROUP, S_OWNER, S_AT_NAME, S_UNIT, S_AT_UNIT, S_SCALE, S_AT_SCALE };

static void read_points(struct reading *reading, struct pv_json_column *column)
{
    column->count = 0;
    pv_json_array(reading->json);
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        add_value(reading, column, read_int(reading, INT64_MIN, INT64_MAX));
}

static void read_series_member(struct reading *reading, struct pv_json_series *row,
                               enum series_key key)
{
    struct pv_json_span *const texts[] = {&row->name, &row->group, &row->owner, &row->at_name};
    switch (key) {
    case S_NAME:
    case S_GROUP:
    case S_OWNER:
    case S_AT_NAME:
        *texts[key] = read_string(reading);
        break;
    case S_UNIT:
        row->unit = read_unit(reading);
        break;
    case S_AT_UNIT:
        row->at_unit = read_unit(reading);
        break;
    case S_SCALE:
        row->digits = read_scale(reading);
        break;
    case S_AT_SCALE:
        row->at_digits = read_scale(reading);
        break;
    }
}

static void read_series(struct reading *reading)
{
    static const char *const keys[] = {"name",  "group",    "owner", "at_name", "unit", "at_unit",
                                       "scale", "at_scale", "at",    "value",   NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_series *row =
        add_row(reading, &rows->series, sizeof *row, rows->limits->series, "series (--max-series)");
    bool has_name = false;
    if (!row || !pv_json_object(reading->json))
        return;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;) {
        has_name = has_name || key == S_NAME;
        if (key > S_AT_SCALE)
            read_points(reading, key == S_AT_SCALE + 1 ? &row->at : &row->value);
        else
            read_series_member(reading, row, (enum series_key)key);
    }
    if (!has_name)
        fail(reading, "a series without a name");
}

static void read_version(struct reading *reading)
{
    int64_t version = read_int(reading, 1, INT64_MAX);
    if (version > PV_JSON_VERSION)
        pv_json_fail(reading->json, PV_INPUT_FAILED,
                     "version %lld of profviz's JSON: a newer profviz wrote it, this one reads %d",
                     (long long)version, PV_JSON_VERSION);
}

static void read_origin(struct reading *reading)
{
    struct pv_text text;
    if (!pv_json_string(reading->json, &text))
        return;
    if (pv_text_equal(text, pv_text_of(pv_json_origin_word(PV_ORIGIN_STACKS))))
        reading->rows->origin = PV_ORIGIN_STACKS;
    else if (pv_text_equal(text, pv_text_of(pv_json_origin_word(PV_ORIGIN_ARCS))))
        reading->rows->origin = PV_ORIGIN_ARCS;
    else
        fail(reading, "an unknown origin (\"stacks\" or \"arcs\")");
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
};

static void read_top_member(struct reading *reading, enum top_key key)
{
    switch (key) {
    case TOP_VERSION:
        read_version(reading);
        break;
    case TOP_ORIGIN:
        read_origin(reading);
        break;
    case TOP_METRICS:
        read_rows(reading, read_metric);
        break;
    case TOP_FUNCTIONS:
        read_rows(reading, read_function);
        break;
    case TOP_ARCS:
        read_rows(reading, read_arc);
        break;
    case TOP_STACKS:
        read_stacks(reading);
        break;
    case TOP_NOTES:
        read_rows(reading, read_note);
        break;
    case TOP_FORMAT:
        reading->rows->format = read_string(reading);
        break;
    case TOP_UNBOUNDED:
        reading->rows->is_unbounded = read_bool(reading);
        break;
    case TOP_SERIES:
        read_rows(reading, read_series);
        break;
    case TOP_LINES:
        read_lines(reading);
        break;
    }
}

static void read_top(struct reading *reading)
{
    static const char *const keys[] = {"profviz",      "origin", "metrics", "functions",
                                       "arcs",         "stacks", "notes",   "format",
                                       "is_unbounded", "series", "lines",   NULL};
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
    struct reading reading = {pv_json_open(input, NULL), &rows};
    read_top(&reading);
    bool done = pv_json_end(reading.json, err) && pv_json_rows_build(&rows, out, err);
    pv_json_close(reading.json);
    pv_json_rows_free(&rows);
    return done;
}

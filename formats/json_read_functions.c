#include "formats/json_profile.h"
#include "formats/json_read_parts.h"
#include "model/error.h"

#include <stdlib.h>

/* Functions, as rows or as columns. */

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
        row->calls = pv_json_read_calls(reading);
        break;
    case PRIMITIVE_CALLS:
        row->primitive_calls = pv_json_read_calls(reading);
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

/* Texts are kept as spans of rows.text. */
struct columns {
    struct pv_json_table name, files, modules; /* struct pv_json_span */
    struct pv_json_column file, module, line, flags, calls, primitive_calls;
    struct pv_json_table self, total; /* struct pv_json_column, one per metric */
    bool has_self, has_total;
};

static int64_t read_line(struct pv_json_reading *reading)
{
    return pv_json_read_int(reading, 0, UINT32_MAX);
}

static int64_t read_flags_or_none(struct pv_json_reading *reading)
{
    return pv_json_null(reading->json) ? 0 : read_flags(reading);
}

static void read_texts(struct pv_json_reading *reading, struct pv_json_table *texts)
{
    texts->count = 0;
    pv_json_array(reading->json);
    while (pv_json_item(reading->json)) {
        struct pv_json_span *text =
            pv_json_read_row(reading, texts, sizeof *text, reading->rows->limits->functions,
                             "functions (--max-functions)");
        if (!text)
            return;
        *text = pv_json_read_string(reading);
    }
}

enum column_key {
    C_NAME,
    C_FILES,
    C_MODULES,
    C_FILE,
    C_MODULE,
    C_LINE,
    C_FLAGS,
    C_CALLS,
    C_PRIMITIVE_CALLS,
    C_SELF,
    C_TOTAL
};

static void read_column(struct pv_json_reading *reading, struct columns *columns,
                        enum column_key key)
{
    switch (key) {
    case C_NAME:
        read_texts(reading, &columns->name);
        break;
    case C_FILES:
        read_texts(reading, &columns->files);
        break;
    case C_MODULES:
        read_texts(reading, &columns->modules);
        break;
    case C_FILE:
        pv_json_read_column(reading, &columns->file, read_line);
        break;
    case C_MODULE:
        pv_json_read_column(reading, &columns->module, read_line);
        break;
    case C_LINE:
        pv_json_read_column(reading, &columns->line, read_line);
        break;
    case C_FLAGS:
        pv_json_read_column(reading, &columns->flags, read_flags_or_none);
        break;
    case C_CALLS:
        pv_json_read_column(reading, &columns->calls, pv_json_read_calls);
        break;
    case C_PRIMITIVE_CALLS:
        pv_json_read_column(reading, &columns->primitive_calls, pv_json_read_calls);
        break;
    case C_SELF:
        columns->has_self = true;
        pv_json_read_metrics(reading, &columns->self, pv_json_read_any);
        break;
    case C_TOTAL:
        columns->has_total = true;
        pv_json_read_metrics(reading, &columns->total, pv_json_read_any);
        break;
    }
}

/* One of the shared texts; an empty one where the column is not there. False: there is none such.
 */
static bool text_at(struct pv_json_span *out, const struct pv_json_table *texts,
                    const struct pv_json_column *column, uint32_t i)
{
    if (column->count == 0)
        return true;
    if (column->values[i] >= texts->count)
        return false;
    *out = ((const struct pv_json_span *)texts->rows)[column->values[i]];
    return true;
}

static bool check(struct pv_json_reading *reading, const struct columns *columns)
{
    const struct pv_json_column *const each[] = {&columns->file,  &columns->module,
                                                 &columns->line,  &columns->flags,
                                                 &columns->calls, &columns->primitive_calls};
    uint32_t count = columns->name.count;
    bool is_fine = pv_json_metrics_fit(reading, &columns->self, count) &&
                   pv_json_metrics_fit(reading, &columns->total, count);
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
        is_fine = is_fine && (each[i]->count == 0 || each[i]->count == count);
    if (!is_fine && pv_json_is_ok(reading->json))
        pv_json_read_fail(reading, "the functions' columns have different lengths");
    return pv_json_is_ok(reading->json);
}

static bool add_row(struct pv_json_reading *reading, const struct columns *columns, uint32_t i)
{
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_function *row =
        pv_json_read_row(reading, &rows->functions, sizeof *row, rows->limits->functions,
                         "functions (--max-functions)");
    if (!row)
        return false;
    row->name = ((const struct pv_json_span *)columns->name.rows)[i];
    bool is_fine = text_at(&row->file, &columns->files, &columns->file, i) &&
                   text_at(&row->module, &columns->modules, &columns->module, i);
    row->line = columns->line.count ? (uint32_t)columns->line.values[i] : 0;
    row->flags = columns->flags.count ? (uint32_t)columns->flags.values[i] : 0;
    row->calls = columns->calls.count ? columns->calls.values[i] : PV_UNKNOWN_CALLS;
    row->primitive_calls =
        columns->primitive_calls.count ? columns->primitive_calls.values[i] : PV_UNKNOWN_CALLS;
    row->self = row->total = PV_NONE;
    if (columns->has_self)
        row->self = pv_json_read_metrics_row(reading, &columns->self, i);
    if (columns->has_total)
        row->total = pv_json_read_metrics_row(reading, &columns->total, i);
    if (!is_fine)
        pv_json_read_fail(reading, "a function's file or module is none of those that are told");
    return is_fine;
}

static void read_columns(struct pv_json_reading *reading)
{
    static const char *const keys[] = {
        "name",  "files", "modules",         "file", "module", "line",
        "flags", "calls", "primitive_calls", "self", "total",  NULL};
    struct columns columns = {.name = {0}};
    pv_json_object(reading->json);
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        read_column(reading, &columns, (enum column_key)key);
    bool is_fine = check(reading, &columns);
    for (uint32_t i = 0; is_fine && i < columns.name.count; i++)
        is_fine = add_row(reading, &columns, i);
    free(columns.name.rows);
    free(columns.files.rows);
    free(columns.modules.rows);
    free(columns.file.values);
    free(columns.module.values);
    free(columns.line.values);
    free(columns.flags.values);
    free(columns.calls.values);
    free(columns.primitive_calls.values);
    pv_json_columns_free(&columns.self);
    pv_json_columns_free(&columns.total);
}

void pv_json_read_functions(struct pv_json_reading *reading)
{
    if (pv_json_peek(reading->json) == PV_JSON_OBJECT)
        read_columns(reading);
    else
        pv_json_read_rows(reading, read_function);
}

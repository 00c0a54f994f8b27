#include "formats/json_read_parts.h"

#include "model/error.h"

#include <string.h>

void pv_json_read_fail(struct pv_json_reading *reading, const char *text)
{
    pv_json_fail(reading->json, PV_INPUT_FAILED, "%s", text);
}

void pv_json_read_over(struct pv_json_reading *reading)
{
    pv_json_fail(reading->json, PV_LIMIT, "the profile needs more than --max-memory allows");
}

void *pv_json_read_row(struct pv_json_reading *reading, struct pv_json_table *table, size_t size,
                       uint64_t limit, const char *what)
{
    if (table->count >= limit) {
        pv_json_fail(reading->json, PV_LIMIT, "more than %llu %s", (unsigned long long)limit, what);
        return NULL;
    }
    if (!pv_grow(&table->rows, &table->capacity, (uint64_t)table->count + 1, size,
                 &reading->rows->budget)) {
        pv_json_read_over(reading);
        return NULL;
    }
    return memset((char *)table->rows + table->count++ * size, 0, size);
}

void pv_json_read_value(struct pv_json_reading *reading, struct pv_json_column *column,
                        int64_t value)
{
    void *values = column->values;
    bool grown = pv_grow(&values, &column->capacity, (uint64_t)column->count + 1, sizeof value,
                         &reading->rows->budget);
    column->values = values;
    if (!grown)
        pv_json_read_over(reading);
    else
        column->values[column->count++] = value;
}

struct pv_json_span pv_json_read_string(struct pv_json_reading *reading)
{
    struct pv_text text;
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_span span = {rows->text.size, 0};
    if (!pv_json_string(reading->json, &text))
        return (struct pv_json_span){0, 0};
    if (!pv_budget_take(&rows->budget, text.size + 1)) {
        pv_json_read_over(reading);
        return (struct pv_json_span){0, 0};
    }
    span.size = text.size;
    pv_buffer_add(&rows->text, text);
    pv_buffer_char(&rows->text, '\0');
    return span;
}

int64_t pv_json_read_int(struct pv_json_reading *reading, int64_t least, int64_t most)
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

uint32_t pv_json_read_number(struct pv_json_reading *reading)
{
    int64_t number = pv_json_read_int(reading, 0, UINT32_MAX - 1);
    if (number > reading->rows->top_function) {
        reading->rows->top_function = number;
        reading->rows->top_where = pv_json_where(reading->json);
    }
    return (uint32_t)number;
}

uint32_t pv_json_read_values(struct pv_json_reading *reading)
{
    struct pv_json_rows *rows = reading->rows;
    uint32_t at = rows->values.count;
    if (!pv_json_array(reading->json))
        return PV_NONE;
    struct pv_where where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        pv_json_read_value(reading, &rows->values, pv_json_read_int(reading, INT64_MIN, INT64_MAX));
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

enum pv_unit pv_json_read_unit(struct pv_json_reading *reading)
{
    struct pv_text text;
    enum pv_unit unit = PV_UNIT_COUNT;
    if (pv_json_string(reading->json, &text) && !pv_unit_parse(text, &unit))
        pv_json_fail(reading->json, PV_INPUT_FAILED, "unknown unit \"%.*s\" (ns, bytes or count)",
                     PV_TEXT_ARGS(pv_text_slice(text, 0, 20)));
    return unit;
}

unsigned pv_json_read_scale(struct pv_json_reading *reading)
{
    int64_t scale = pv_json_read_int(reading, 1, pv_power10(PV_DECIMAL_DIGITS));
    unsigned digits = 0;
    while (digits < PV_DECIMAL_DIGITS && pv_power10(digits) < scale)
        digits++;
    if (pv_power10(digits) != scale)
        pv_json_read_fail(reading, "a scale is a power of ten from 1 to 1000000000");
    return digits;
}

void pv_json_read_rows(struct pv_json_reading *reading,
                       void (*read_row)(struct pv_json_reading *reading))
{
    pv_json_array(reading->json);
    while (pv_json_item(reading->json))
        read_row(reading);
}

int64_t pv_json_read_calls(struct pv_json_reading *reading)
{
    return pv_json_null(reading->json) ? PV_UNKNOWN_CALLS : pv_json_read_int(reading, 0, INT64_MAX);
}

int64_t pv_json_read_any(struct pv_json_reading *reading)
{
    return pv_json_read_int(reading, INT64_MIN, INT64_MAX);
}

void pv_json_read_column(struct pv_json_reading *reading, struct pv_json_column *column,
                         pv_json_item_reader *read)
{
    column->count = 0;
    pv_json_array(reading->json);
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        pv_json_read_value(reading, column, read(reading));
}

void pv_json_read_metrics(struct pv_json_reading *reading, struct pv_json_table *columns,
                          pv_json_item_reader *read)
{
    pv_json_columns_free(columns);
    pv_json_array(reading->json);
    while (pv_json_item(reading->json)) {
        struct pv_json_column *column =
            pv_json_read_row(reading, columns, sizeof *column, PV_JSON_METRICS, "metrics");
        if (!column)
            return;
        pv_json_read_column(reading, column, read);
    }
}

bool pv_json_metrics_fit(struct pv_json_reading *reading, const struct pv_json_table *columns,
                         uint32_t rows)
{
    const struct pv_json_column *column = columns->rows;
    if (columns->count == 0)
        return true;
    if (reading->rows->width == PV_NONE)
        reading->rows->width = columns->count;
    bool is_fine = reading->rows->width == columns->count;
    for (uint32_t m = 0; m < columns->count; m++)
        is_fine = is_fine && column[m].count == rows;
    return is_fine;
}

uint32_t pv_json_read_metrics_row(struct pv_json_reading *reading,
                                  const struct pv_json_table *columns, uint32_t i)
{
    const struct pv_json_column *column = columns->rows;
    struct pv_json_rows *rows = reading->rows;
    uint32_t at = rows->values.count;
    for (uint32_t m = 0; m < columns->count; m++)
        pv_json_read_value(reading, &rows->values, column[m].values[i]);
    return at;
}

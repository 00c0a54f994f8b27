#include "render/table.h"

#include "model/escape.h"

static void add_string(struct pv_output *output, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_JSON, text);
    pv_output_char(output, '"');
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_output_char(output, '"');
    pv_buffer_free(&escaped);
}

static void add_key(struct pv_output *output, const char *key, size_t *written)
{
    pv_output_string(output, (*written)++ ? "," : "");
    pv_output_char(output, '"');
    pv_output_string(output, key);
    pv_output_string(output, "\":");
}

/* A place is two members, as in CSV. */
static void add_place(const struct pv_cell *cell, struct pv_output *output, size_t *written)
{
    add_key(output, "file", written);
    if (cell->is_empty || !cell->text.size)
        pv_output_string(output, "null");
    else
        add_string(output, cell->text);
    add_key(output, "line", written);
    if (cell->is_empty || !cell->line)
        pv_output_string(output, "null");
    else
        pv_output_int(output, cell->line);
}

static void add_cell(const struct pv_table *table, const struct pv_column *column,
                     const struct pv_cell *cell, struct pv_output *output, size_t *written)
{
    if (column->kind == PV_COLUMN_PLACE) {
        add_place(cell, output, written);
        return;
    }
    add_key(output, column->title, written);
    if (cell->is_empty)
        pv_output_string(output, "null");
    else if (column->kind == PV_COLUMN_NAME)
        add_string(output, cell->text);
    else
        pv_table_decimal(table, column->kind, cell->value, output);
}

static void add_rows(const struct pv_table *table, struct pv_output *output)
{
    bool is_first = true;
    pv_output_string(output, ",\"rows\":[");
    for (size_t row = 0; row < table->row_count; row++) {
        size_t written = 0;
        if (table->is_sum[row])
            continue;
        pv_output_string(output, is_first ? "\n{" : ",\n{");
        is_first = false;
        for (size_t i = 0; i < table->column_count; i++) {
            const struct pv_column *column = &table->columns[i];
            if (pv_column_is_data(column))
                add_cell(table, column, &table->cells[row * table->column_count + i], output,
                         &written);
        }
        pv_output_char(output, '}');
    }
    pv_output_char(output, ']');
}

void pv_table_write_json(const struct pv_table *table, struct pv_output *output)
{
    pv_output_string(output, "{\"input\":");
    add_string(output, table->input);
    if (table->metric.size) {
        pv_output_string(output, ",\"metric\":");
        add_string(output, table->metric);
        pv_output_string(output, ",\"unit\":");
        add_string(output, pv_unit_name(table->unit));
        pv_output_string(output, ",\"total\":");
        pv_table_decimal(table, PV_COLUMN_VALUE, table->total, output);
    }
    add_rows(table, output);
    pv_output_string(output, ",\"notes\":[");
    for (size_t i = 0; i < table->note_count; i++) {
        pv_output_string(output, i ? "," : "");
        add_string(output, table->notes[i]);
    }
    pv_output_string(output, "]}\n");
}

#include "render/table.h"

#include "render/csv.h"

static void add_content(const struct pv_table *table, enum pv_column_kind kind,
                        const struct pv_cell *cell, struct pv_output *output)
{
    if (kind == PV_COLUMN_NAME || kind == PV_COLUMN_PLACE)
        pv_csv_name(output, cell->text);
    else
        pv_table_decimal(table, kind, cell->value, output);
}

/* A place is two fields: file (or module) and line. */
static void add_cell(const struct pv_table *table, enum pv_column_kind kind,
                     const struct pv_cell *cell, struct pv_output *output)
{
    if (!cell->is_empty)
        add_content(table, kind, cell, output);
    if (kind == PV_COLUMN_PLACE)
        pv_output_char(output, ',');
    if (kind == PV_COLUMN_PLACE && cell->line)
        pv_output_int(output, cell->line);
}

static void add_titles(const struct pv_table *table, struct pv_output *output)
{
    struct pv_text unit = pv_unit_name(table->unit);
    for (size_t i = 0, written = 0; i < table->column_count; i++) {
        if (!pv_column_is_data(&table->columns[i]))
            continue;
        pv_output_string(output, written++ ? "," : "");
        bool is_place = table->columns[i].kind == PV_COLUMN_PLACE;
        pv_output_string(output, is_place ? "file,line" : table->columns[i].title);
        if (table->columns[i].kind == PV_COLUMN_VALUE) {
            pv_output_char(output, '_');
            pv_output_add(output, unit);
        }
    }
    pv_output_char(output, '\n');
}

void pv_table_write_csv(const struct pv_table *table, struct pv_output *output)
{
    add_titles(table, output);
    for (size_t row = 0; row < table->row_count; row++) {
        if (table->is_sum[row])
            continue;
        for (size_t i = 0, written = 0; i < table->column_count; i++) {
            if (!pv_column_is_data(&table->columns[i]))
                continue;
            pv_output_string(output, written++ ? "," : "");
            add_cell(table, table->columns[i].kind, &table->cells[row * table->column_count + i],
                     output);
        }
        pv_output_char(output, '\n');
    }
}

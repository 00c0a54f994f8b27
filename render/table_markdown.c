#include "render/table.h"

#include "model/escape.h"
#include "render/markdown.h"

static void add_name(struct pv_output *output, const struct pv_cell *cell)
{
    struct pv_buffer text = {0};
    if (cell->is_ours) {
        pv_output_add(output, cell->text);
        return;
    }
    pv_escape(&text, PV_ESCAPE_MARKDOWN, cell->text);
    if (cell->line)
        pv_buffer_print(&text, ":%lu", (unsigned long)cell->line);
    pv_markdown_code(output, pv_buffer_text(&text));
    pv_buffer_free(&text);
}

/* Blanks at the beginning of a cell would not be shown. */
static void add_led_name(struct pv_output *output, const struct pv_cell *cell)
{
    for (size_t i = 0; i < cell->lead.size; i++) {
        if (cell->lead.data[i] == ' ')
            pv_output_string(output, "&nbsp;");
        else
            pv_output_char(output, cell->lead.data[i]);
    }
    add_name(output, cell);
    pv_output_add(output, cell->trail);
}

/* "<0.01 %" */
static void add_number(const struct pv_table *table, const struct pv_column *column,
                       const struct pv_cell *cell, struct pv_output *output)
{
    char digits[PV_TABLE_NUMBER];
    struct pv_text text = {digits, pv_table_number(digits, table, column->kind, cell)};
    bool is_less = pv_text_starts(text, PV_TEXT("<"));
    pv_output_add(output, cell->lead);
    pv_output_string(output, is_less ? "&lt;" : "");
    pv_output_add(output, pv_text_slice(text, is_less, text.size));
}

static void add_cell(const struct pv_table *table, const struct pv_column *column,
                     const struct pv_cell *cell, struct pv_output *output)
{
    bool is_text = column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
    if (column->is_data)
        return;
    pv_output_char(output, ' ');
    if (!cell->is_empty && is_text)
        add_led_name(output, cell);
    else if (!cell->is_empty)
        add_number(table, column, cell, output);
    pv_output_string(output, " |");
}

static void add_head(const struct pv_table *table, struct pv_output *output)
{
    struct pv_buffer input = {0};
    pv_escape(&input, PV_ESCAPE_DISPLAY, table->input);
    pv_output_string(output, "**");
    pv_markdown_code(output, pv_buffer_text(&input));
    pv_output_string(output, "**");
    pv_buffer_free(&input);
    for (size_t i = 0; i < table->fact_count; i++) {
        pv_output_string(output, " · ");
        pv_markdown_sentence(output, table->facts[i]);
    }
    pv_output_string(output, "\n\n");
}

static void add_titles(const struct pv_table *table, struct pv_output *output)
{
    pv_output_char(output, '|');
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].is_data)
            continue;
        pv_output_char(output, ' ');
        pv_output_string(output, table->columns[i].title);
        pv_output_string(output, " |");
    }
    pv_output_string(output, "\n|");
    for (size_t i = 0; i < table->column_count; i++) {
        enum pv_column_kind kind = table->columns[i].kind;
        bool is_left = kind == PV_COLUMN_NAME || kind == PV_COLUMN_PLACE;
        if (!table->columns[i].is_data)
            pv_output_string(output, is_left ? " --- |" : " ---: |");
    }
    pv_output_char(output, '\n');
}

static void add_notes(const struct pv_table *table, struct pv_output *output)
{
    for (size_t i = 0; i < table->note_count; i++) {
        pv_output_string(output, i ? "" : "\n");
        pv_output_string(output, "- ");
        pv_markdown_sentence(output, table->notes[i]);
        pv_output_char(output, '\n');
    }
}

void pv_table_write_markdown(const struct pv_table *table, struct pv_output *output)
{
    add_head(table, output);
    if (table->column_count)
        add_titles(table, output);
    else
        pv_output_string(output, "nothing recorded\n");
    for (size_t row = 0; row < table->row_count; row++) {
        pv_output_char(output, '|');
        for (size_t i = 0; i < table->column_count; i++)
            add_cell(table, &table->columns[i], &table->cells[row * table->column_count + i],
                     output);
        pv_output_char(output, '\n');
    }
    add_notes(table, output);
}

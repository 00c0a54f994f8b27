#include "render/table.h"

#include "model/escape.h"

/* What Markdown or the HTML inside it would take for its own. A bar must be escaped even in code,
 * because cells are split before anything else is looked at. */
static void add_escaped(struct pv_output *output, struct pv_text text)
{
    static const struct {
        char byte;
        const char *written;
    } rows[] = {{'|', "\\|"}, {'\\', "\\\\"}, {'`', "\\`"},   {'*', "\\*"},   {'_', "\\_"},
                {'[', "\\["}, {']', "\\]"},   {'<', "&lt;"},  {'>', "&gt;"},  {'&', "&amp;"},
                {'~', "\\~"}, {'@', "&#64;"}, {'#', "&#35;"}, {':', "&#58;"}, {'$', "&#36;"}};
    for (size_t i = 0; i < text.size; i++) {
        size_t row = 0;
        while (row < sizeof rows / sizeof rows[0] && rows[row].byte != text.data[i])
            row++;
        if (row < sizeof rows / sizeof rows[0])
            pv_output_string(output, rows[row].written);
        else
            pv_output_char(output, text.data[i]);
    }
}

static void add_shown(struct pv_output *output, struct pv_text raw, bool is_ours)
{
    struct pv_buffer text = {0};
    if (is_ours)
        pv_buffer_add(&text, raw);
    else
        pv_escape(&text, PV_ESCAPE_DISPLAY, raw);
    add_escaped(output, pv_buffer_text(&text));
    pv_buffer_free(&text);
}

static void add_cell(const struct pv_table *table, const struct pv_column *column,
                     const struct pv_cell *cell, struct pv_output *output)
{
    bool is_text = column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
    char digits[PV_TABLE_NUMBER];
    pv_output_char(output, ' ');
    if (!cell->is_empty && is_text)
        add_shown(output, cell->text, cell->is_ours);
    else if (!cell->is_empty)
        add_escaped(output, (struct pv_text){
                                digits, pv_table_number(digits, table, column->kind, cell->value)});
    if (!cell->is_empty && cell->line) {
        pv_output_string(output, "&#58;");
        pv_output_int(output, cell->line);
    }
    pv_output_string(output, " |");
}

static void add_head(const struct pv_table *table, struct pv_output *output)
{
    pv_output_string(output, "**");
    add_shown(output, table->input, false);
    pv_output_string(output, "**");
    for (size_t i = 0; i < table->fact_count; i++) {
        pv_output_string(output, " · ");
        add_shown(output, table->facts[i], true);
    }
    pv_output_string(output, "\n\n");
}

void pv_table_write_markdown(const struct pv_table *table, struct pv_output *output)
{
    add_head(table, output);
    pv_output_string(output, table->column_count ? "|" : "nothing recorded\n");
    for (size_t i = 0; i < table->column_count; i++) {
        pv_output_char(output, ' ');
        pv_output_string(output, table->columns[i].title);
        pv_output_string(output, " |");
    }
    pv_output_string(output, table->column_count ? "\n|" : "");
    for (size_t i = 0; i < table->column_count; i++) {
        enum pv_column_kind kind = table->columns[i].kind;
        bool is_left = kind == PV_COLUMN_NAME || kind == PV_COLUMN_PLACE;
        pv_output_string(output, is_left ? " --- |" : " ---: |");
    }
    pv_output_string(output, table->column_count ? "\n" : "");
    for (size_t row = 0; row < table->row_count; row++) {
        pv_output_char(output, '|');
        for (size_t i = 0; i < table->column_count; i++)
            add_cell(table, &table->columns[i], &table->cells[row * table->column_count + i],
                     output);
        pv_output_char(output, '\n');
    }
    for (size_t i = 0; i < table->note_count; i++) {
        pv_output_string(output, i ? "" : "\n");
        pv_output_string(output, "- ");
        add_shown(output, table->notes[i], true);
        pv_output_char(output, '\n');
    }
}

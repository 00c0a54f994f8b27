#include "render/table.h"

#include "model/escape.h"
#include "model/number.h"
#include "render/palette.h"

/* A page that is complete without styles: the bars are small pictures. */

enum { BAR_WIDTH = 100, BAR_HEIGHT = 10 };

static const char style[] =
    "body{font:14px/1.5 \"DejaVu Sans\",\"Segoe UI\",Helvetica,Arial,sans-serif;"
    "color:var(--text);background:var(--ground);margin:16px;"
    "font-variant-numeric:tabular-nums}"
    "h1{font-size:15px;font-weight:600;margin:0;overflow-wrap:anywhere}"
    "p,ul,footer{font-size:12px;color:var(--text2);margin:4px 0 12px}"
    "ul{padding-left:16px}div{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:12px}"
    "th{position:sticky;top:0;background:var(--ground);text-align:left;font-weight:600;"
    "border-bottom:1px solid var(--line)}thead td{border-bottom:1px solid var(--line)}"
    "th,td{padding:2px 8px;white-space:pre;vertical-align:top}"
    "th.n,td.n{text-align:right}"
    "td.c{font-family:\"DejaVu Sans Mono\",Menlo,Consolas,monospace}"
    "td.p,.o{color:var(--text2)}tr.g td{font-weight:600;padding-top:12px}"
    "tr:hover td{background-color:var(--surface)}tr.t td{border-top:1px solid var(--line)}"
    "svg{display:block;margin-top:4px}rect{fill:var(--bar)}"
    "@media print{body{margin:0}th{position:static}}";

static void add_escaped(struct pv_output *output, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_XML, text);
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_buffer_free(&escaped);
}

/* Words of ours hold names in display form already. */
static void add_words(struct pv_output *output, struct pv_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '&')
            pv_output_string(output, "&amp;");
        else if (text.data[i] == '<')
            pv_output_string(output, "&lt;");
        else if (text.data[i] == '>')
            pv_output_string(output, "&gt;");
        else
            pv_output_char(output, text.data[i]);
    }
}

static void add_colour(struct pv_buffer *out, const char *name, enum pv_paint paint, bool is_dark)
{
    pv_buffer_print(out, "--%s:#%06x;", name, (unsigned)pv_palette_rgb(paint, is_dark));
}

static void add_theme(struct pv_buffer *out, bool is_dark)
{
    pv_buffer_print(out, ":root{color-scheme:%s;", is_dark ? "dark" : "light");
    add_colour(out, "text", PV_PAINT_TEXT, is_dark);
    add_colour(out, "text2", PV_PAINT_TEXT_2, is_dark);
    add_colour(out, "line", PV_PAINT_HAIRLINE, is_dark);
    add_colour(out, "ground", PV_PAINT_BACKGROUND, is_dark);
    add_colour(out, "surface", PV_PAINT_SURFACE, is_dark);
    add_colour(out, "bar", PV_PAINT_COST + PV_COST_STEPS - 1, is_dark);
    pv_buffer_char(out, '}');
    for (unsigned i = 1; i < PV_COST_STEPS; i++)
        pv_buffer_print(out, ".h%u{background:#%06x}", i,
                        (unsigned)pv_palette_rgb(PV_PAINT_COST + i, is_dark));
}

static void add_style(struct pv_output *output)
{
    struct pv_buffer themes = {0};
    add_theme(&themes, false);
    pv_buffer_add(&themes, PV_TEXT("@media screen and (prefers-color-scheme:dark){"));
    add_theme(&themes, true);
    pv_buffer_char(&themes, '}');
    pv_output_string(output, "<style>");
    pv_output_add(output, pv_buffer_text(&themes));
    pv_output_string(output, style);
    pv_output_string(output, "</style>\n");
    pv_buffer_free(&themes);
}

static void add_head(const struct pv_table *table, struct pv_output *output)
{
    pv_output_string(output,
                     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                     "style-src 'unsafe-inline'\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    add_escaped(output, table->input);
    pv_output_string(output, "</title>\n");
    add_style(output);
    pv_output_string(output, "</head>\n<body>\n<main>\n<h1>");
    add_escaped(output, table->input);
    pv_output_string(output, "</h1>\n<p>");
    for (size_t i = 0; i < table->fact_count; i++) {
        pv_output_string(output, i ? " · " : "");
        add_words(output, table->facts[i]);
    }
    pv_output_string(output, "</p>\n");
}

static bool is_text(const struct pv_column *column)
{
    return column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
}

static void add_titles(const struct pv_table *table, struct pv_output *output)
{
    pv_output_string(output, "<thead><tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pv_column *column = &table->columns[i];
        if (column->is_data)
            continue;
        pv_output_string(output,
                         is_text(column) ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        pv_output_string(output, column->title);
        pv_output_string(output, column->has_bar ? "</th><td></td>" : "</th>");
    }
    pv_output_string(output, "</tr></thead>\n");
}

static uint64_t part_of(const struct pv_table *table, int64_t value)
{
    uint64_t size = pv_magnitude(value), whole = (uint64_t)table->whole;
    return size > whole ? whole : size;
}

static void add_bar(const struct pv_table *table, const struct pv_cell *cell, bool is_sum,
                    struct pv_output *output)
{
    uint64_t part = cell->is_empty || is_sum ? 0 : part_of(table, cell->value);
    if (!part) {
        pv_output_string(output, "<td></td>");
        return;
    }
    struct pv_buffer bar = {0};
    pv_buffer_print(
        &bar,
        "<td><svg aria-hidden=\"true\" width=\"%d\" height=\"%d\"><rect height=\"%d\" width=\"",
        BAR_WIDTH, BAR_HEIGHT, BAR_HEIGHT);
    pv_output_add(output, pv_buffer_text(&bar));
    pv_output_fixed(output, (double)part / (double)table->whole * BAR_WIDTH, 1);
    pv_output_string(output, "\"/></svg></td>");
    pv_buffer_free(&bar);
}

static void add_number(const struct pv_table *table, const struct pv_column *column,
                       const struct pv_cell *cell, bool is_sum, struct pv_output *output)
{
    bool is_cost = column->kind == PV_COLUMN_SHARE && !cell->is_empty && !is_sum;
    unsigned heat = 0;
    if (is_cost)
        heat = pv_paint_cost((int64_t)part_of(table, cell->value), table->whole) - PV_PAINT_COST;
    pv_output_string(output, "<td class=\"n");
    if (heat) {
        pv_output_string(output, " h");
        pv_output_int(output, heat);
    }
    pv_output_string(output, column->kind == PV_COLUMN_LINE ? " p\">" : "\">");
    if (!cell->is_empty) {
        char digits[PV_TABLE_NUMBER];
        size_t size = pv_table_number(digits, table, column->kind, cell);
        add_words(output, cell->lead);
        add_words(output, (struct pv_text){digits, size});
    }
    pv_output_string(output, "</td>");
    if (column->has_bar)
        add_bar(table, cell, is_sum, output);
}

static void add_text(const struct pv_column *column, const struct pv_cell *cell,
                     struct pv_output *output)
{
    pv_output_string(output, column->kind == PV_COLUMN_PLACE ? "<td class=\"p\">"
                             : cell->is_ours                 ? "<td class=\"c o\">"
                                                             : "<td class=\"c\">");
    add_words(output, cell->lead);
    if (!cell->is_empty && cell->is_ours)
        add_words(output, cell->text);
    else if (!cell->is_empty)
        add_escaped(output, cell->text);
    if (cell->line) {
        pv_output_char(output, ':');
        pv_output_int(output, cell->line);
    }
    if (cell->trail.size) {
        pv_output_string(output, "<span class=\"o\">");
        add_words(output, cell->trail);
        pv_output_string(output, "</span>");
    }
    pv_output_string(output, "</td>");
}

static void add_row(const struct pv_table *table, size_t row, struct pv_output *output)
{
    bool is_last = row + 1 == table->row_count && table->is_sum[row];
    pv_output_string(output, table->is_head[row] ? "<tr class=\"g\">"
                             : is_last           ? "<tr class=\"t\">"
                                                 : "<tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pv_column *column = &table->columns[i];
        const struct pv_cell *cell = &table->cells[row * table->column_count + i];
        if (column->is_data)
            continue;
        if (is_text(column))
            add_text(column, cell, output);
        else
            add_number(table, column, cell, table->is_sum[row], output);
    }
    pv_output_string(output, "</tr>\n");
}

static void add_notes(const struct pv_table *table, struct pv_output *output)
{
    pv_output_string(output, table->note_count ? "<ul>\n" : "");
    for (size_t i = 0; i < table->note_count; i++) {
        pv_output_string(output, "<li>");
        add_words(output, table->notes[i]);
        pv_output_string(output, "</li>\n");
    }
    pv_output_string(output, table->note_count ? "</ul>\n" : "");
}

void pv_table_write_html(const struct pv_table *table, struct pv_output *output)
{
    add_head(table, output);
    if (table->row_count) {
        pv_output_string(output,
                         "<div tabindex=\"0\" role=\"region\" aria-label=\"table\"><table>\n");
        add_titles(table, output);
        pv_output_string(output, "<tbody>\n");
        for (size_t row = 0; row < table->row_count; row++)
            add_row(table, row, output);
        pv_output_string(output, "</tbody>\n</table></div>\n");
    } else {
        pv_output_string(output, "<p>nothing recorded</p>\n");
    }
    add_notes(table, output);
    pv_output_string(output,
                     "</main>\n<footer>profviz " PV_VERSION "</footer>\n</body>\n</html>\n");
}

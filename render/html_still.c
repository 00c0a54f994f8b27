#include "render/html_parts.h"

#include "model/escape.h"
#include "render/table_diff.h"

#include <stdlib.h>
#include <string.h>

/* The page for who runs no scripts: a table, and SVGs that are part of the page. */

enum { TABLE_ROWS = 50 };

static void add_escaped(struct pv_output *output, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_XML, text);
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_buffer_free(&escaped);
}

static bool is_name(const struct pv_column *column)
{
    return column->kind == PV_COLUMN_NAME || column->kind == PV_COLUMN_PLACE;
}

static void add_heads(const struct pv_table *table, struct pv_output *output)
{
    pv_output_string(output, "<thead><tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        pv_output_string(output, is_name(&table->columns[i])
                                     ? "<th scope=\"col\">"
                                     : "<th scope=\"col\" class=\"number\">");
        pv_output_string(output, table->columns[i].title);
        pv_output_string(output, "</th>");
    }
    pv_output_string(output, "</tr></thead>\n<tbody>\n");
}

static void add_cell(const struct pv_table *table, const struct pv_column *column,
                     const struct pv_cell *cell, struct pv_output *output)
{
    char digits[PV_TABLE_NUMBER];
    pv_output_string(output, is_name(column) ? "<td>" : "<td class=\"number\">");
    if (!cell->is_empty && is_name(column))
        add_escaped(output,
                    column->kind == PV_COLUMN_PLACE ? pv_name_path(cell->text) : cell->text);
    else if (!cell->is_empty)
        add_escaped(output,
                    (struct pv_text){digits, pv_table_number(digits, table, column->kind, cell)});
    if (cell->line) {
        pv_output_char(output, ':');
        pv_output_int(output, cell->line);
    }
    pv_output_string(output, "</td>");
}

static void add_table(const struct pv_table *table, bool is_diff, struct pv_output *output)
{
    pv_output_string(output, is_diff ? "<table><caption>Functions by what changed</caption>\n"
                                     : "<table><caption>Functions by their own cost</caption>\n");
    add_heads(table, output);
    for (size_t row = 0; row < table->row_count; row++) {
        pv_output_string(output, "<tr>");
        for (size_t i = 0; i < table->column_count; i++)
            add_cell(table, &table->columns[i], &table->cells[row * table->column_count + i],
                     output);
        pv_output_string(output, "</tr>\n");
    }
    pv_output_string(output, "</tbody></table>\n");
}

static bool add_top(const struct pv_document *document, struct pv_output *output,
                    struct pv_error *err)
{
    const struct pv_top_options options = {.metric = document->draw->metric,
                                           .sort = PV_SORT_SELF,
                                           .rows = TABLE_ROWS,
                                           .unit = document->draw->unit};
    struct pv_table *table;
    const struct pv_diff *diff = document->draw->diff;
    struct pv_top_options of_pair = options;
    of_pair.metric = document->draw->pair;
    if (diff ? !pv_table_diff(&table, diff, &of_pair, err)
             : !pv_table_top(&table, document->profile, &options, err))
        return false;
    if (table->row_count)
        add_table(table, diff != NULL, output);
    pv_table_free(table);
    return true;
}

/* A view as part of the page. What cannot be told apart at first glance is gathered: the script
 * draws all of it. */
static bool add_picture(const struct pv_document *document, const char *name,
                        struct pv_output *output, struct pv_buffer *notes, struct pv_error *err)
{
    const struct pv_renderer *view = pv_renderer_named(pv_text_of(name));
    struct pv_canvas_options options = *document->options;
    struct pv_draw draw = *document->draw;
    struct pv_buffer prefix = {0}, own_notes = {0};
    pv_buffer_print(&prefix, "%s-", name);
    options.prefix = pv_buffer_text(&prefix);
    options.data = (struct pv_text){0};
    options.has_no_script = true;
    draw.min_width_px = draw.min_width_px < 2 ? 2 : draw.min_width_px;
    draw.has_colouring = draw.has_colouring && view->needs_graph == document->view->needs_graph;
    pv_output_string(output, "<section id=\"still-");
    pv_output_string(output, name);
    pv_output_string(output, "\">\n");
    struct pv_canvas *canvas = pv_canvas_svg(output, &options);
    bool is_drawn = view->draw(document->profile, &draw, canvas, &own_notes, err) &&
                    pv_canvas_finish(canvas, &own_notes, err);
    pv_canvas_free(canvas);
    pv_output_string(output, "</section>\n");
    if (view == document->view)
        pv_buffer_add(notes, pv_buffer_text(&own_notes));
    pv_buffer_free(&own_notes);
    pv_buffer_free(&prefix);
    return is_drawn;
}

static bool has_stacks(const struct pv_profile *profile)
{
    return profile->tree && profile->tree->count > 1;
}

bool pv_html_still(const struct pv_document *document, struct pv_output *output,
                   struct pv_buffer *notes, struct pv_error *err)
{
    const struct pv_profile *profile = document->profile;
    const struct {
        const char *view;
        bool is_wanted;
    } pictures[] = {
        {"flame", has_stacks(profile)},
        {"graph", profile->graph->func_count > 0},
        {"chart", profile->spans != NULL},
        {"timeline", profile->series_count > 0 && !document->draw->diff},
    };
    bool is_done = profile->metric_count == 0 || add_top(document, output, err);
    for (size_t i = 0; is_done && i < sizeof pictures / sizeof pictures[0]; i++)
        if (pictures[i].is_wanted)
            is_done = add_picture(document, pictures[i].view, output, notes, err);
    if (!has_stacks(profile) && !profile->graph->func_count && !profile->series_count)
        pv_output_string(output, "<p>nothing recorded</p>\n");
    return is_done;
}

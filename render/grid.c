#include "render/grid.h"

#include "model/error.h"
#include "model/escape.h"
#include "render/csv.h"
#include "render/markdown.h"
#include "render/shown.h"

#include <stdlib.h>
#include <string.h>

void pv_grid_begin(struct pv_grid *grid, const struct pv_grid_column *columns, size_t count)
{
    *grid = (struct pv_grid){.arena = pv_arena_new(),
                             .columns = columns,
                             .column_count = count,
                             .nothing = "nothing to show"};
}

void pv_grid_free(struct pv_grid *grid)
{
    pv_arena_free(grid->arena);
    free(grid->cells);
}

struct pv_text *pv_grid_row(struct pv_grid *grid)
{
    if (grid->row_count == grid->room) {
        grid->room = grid->room ? grid->room * 2 : 16;
        grid->cells = pv_resize(grid->cells, grid->room * grid->column_count * sizeof *grid->cells);
    }
    struct pv_text *row = &grid->cells[grid->row_count++ * grid->column_count];
    memset(row, 0, grid->column_count * sizeof *row);
    return row;
}

struct pv_text pv_grid_keep(struct pv_grid *grid, struct pv_buffer *words)
{
    struct pv_text kept = pv_arena_copy(grid->arena, pv_buffer_text(words));
    words->size = 0;
    return kept;
}

static void show(struct pv_buffer *out, struct pv_text cell, const struct pv_text_style *style)
{
    struct pv_buffer shown = {0};
    out->size = 0;
    pv_escape(&shown, PV_ESCAPE_DISPLAY, cell);
    if (style->is_ascii)
        pv_shown_ascii(out, pv_buffer_text(&shown), true);
    else
        pv_buffer_add(out, pv_buffer_text(&shown));
    pv_buffer_free(&shown);
}

static void pad(struct pv_output *output, unsigned from, unsigned to)
{
    for (; from < to; from++)
        pv_output_char(output, ' ');
}

/* One row; cells of the title row are bold where there are colours. */
static void put_row(const struct pv_grid *grid, const struct pv_text *cells, const unsigned *widths,
                    const struct pv_text_style *style, struct pv_output *output)
{
    struct pv_buffer shown = {0};
    unsigned blanks = 0;
    for (size_t i = 0; i < grid->column_count; i++) {
        show(&shown, cells[i], style);
        unsigned width = pv_shown_width(pv_buffer_text(&shown));
        unsigned free = widths[i] > width ? widths[i] - width : 0;
        blanks += grid->columns[i].is_right ? free : 0;
        if (width) {
            pad(output, 0, blanks);
            pv_output_add(output, pv_buffer_text(&shown));
            blanks = 0;
        }
        blanks += 2 + (grid->columns[i].is_right ? 0 : free);
    }
    pv_output_char(output, '\n');
    pv_buffer_free(&shown);
}

static struct pv_text *titles_of(const struct pv_grid *grid)
{
    struct pv_text *titles = pv_alloc(grid->column_count * sizeof *titles);
    for (size_t i = 0; i < grid->column_count; i++)
        titles[i] = pv_text_of(grid->columns[i].title);
    return titles;
}

static unsigned *widths_of(const struct pv_grid *grid, const struct pv_text *titles,
                           const struct pv_text_style *style)
{
    unsigned *widths = pv_zalloc(grid->column_count, sizeof *widths);
    struct pv_buffer shown = {0};
    for (size_t row = 0; row <= grid->row_count; row++) {
        for (size_t i = 0; i < grid->column_count; i++) {
            show(&shown, row ? grid->cells[(row - 1) * grid->column_count + i] : titles[i], style);
            unsigned width = pv_shown_width(pv_buffer_text(&shown));
            widths[i] = width > widths[i] ? width : widths[i];
        }
    }
    pv_buffer_free(&shown);
    return widths;
}

void pv_grid_write_text(const struct pv_grid *grid, const struct pv_text_style *style,
                        struct pv_output *output)
{
    struct pv_text *titles = titles_of(grid);
    unsigned *widths = widths_of(grid, titles, style);
    struct pv_buffer shown = {0};
    if (grid->head.size) {
        show(&shown, grid->head, style);
        pv_output_add(output, pv_buffer_text(&shown));
        pv_output_string(output, "\n\n");
    }
    if (grid->row_count) {
        pv_output_string(output, style->has_color ? "\033[1m" : "");
        put_row(grid, titles, widths, style, output);
        pv_output_string(output, style->has_color ? "\033[0m" : "");
    } else {
        pv_output_string(output, grid->nothing);
        pv_output_char(output, '\n');
    }
    for (size_t row = 0; row < grid->row_count; row++)
        put_row(grid, &grid->cells[row * grid->column_count], widths, style, output);
    pv_buffer_free(&shown);
    free(widths);
    free(titles);
}

static void put_markdown(struct pv_output *output, struct pv_text cell)
{
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_MARKDOWN, cell);
    pv_markdown_code(output, pv_buffer_text(&shown));
    pv_buffer_free(&shown);
}

static void put_markdown_titles(const struct pv_grid *grid, struct pv_output *output)
{
    pv_output_char(output, '|');
    for (size_t i = 0; i < grid->column_count; i++) {
        pv_output_char(output, ' ');
        pv_output_string(output, grid->columns[i].title);
        pv_output_string(output, " |");
    }
    pv_output_string(output, "\n|");
    for (size_t i = 0; i < grid->column_count; i++)
        pv_output_string(output, grid->columns[i].is_right ? " ---: |" : " --- |");
    pv_output_char(output, '\n');
}

void pv_grid_write_markdown(const struct pv_grid *grid, struct pv_output *output)
{
    struct pv_buffer shown = {0};
    if (grid->head.size) {
        pv_escape(&shown, PV_ESCAPE_DISPLAY, grid->head);
        pv_markdown_sentence(output, pv_buffer_text(&shown));
        pv_output_string(output, "\n\n");
    }
    pv_buffer_free(&shown);
    if (grid->row_count)
        put_markdown_titles(grid, output);
    else
        pv_output_string(output, grid->nothing);
    for (size_t row = 0; row < grid->row_count; row++) {
        pv_output_char(output, '|');
        for (size_t i = 0; i < grid->column_count; i++) {
            struct pv_text cell = grid->cells[row * grid->column_count + i];
            pv_output_char(output, ' ');
            if (cell.size && grid->columns[i].is_name)
                put_markdown(output, cell);
            else
                pv_output_add(output, cell);
            pv_output_string(output, " |");
        }
        pv_output_char(output, '\n');
    }
}

void pv_grid_write_csv(const struct pv_grid *grid, struct pv_output *output)
{
    for (size_t i = 0; i < grid->column_count; i++) {
        pv_output_string(output, i ? "," : "");
        pv_output_string(output, grid->columns[i].title);
    }
    pv_output_char(output, '\n');
    for (size_t row = 0; row < grid->row_count; row++) {
        for (size_t i = 0; i < grid->column_count; i++) {
            pv_output_string(output, i ? "," : "");
            struct pv_text cell = grid->cells[row * grid->column_count + i];
            if (grid->columns[i].is_name)
                pv_csv_name(output, cell);
            else
                pv_csv_field(output, cell);
        }
        pv_output_char(output, '\n');
    }
}

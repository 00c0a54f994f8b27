#ifndef PV_RENDER_GRID_H
#define PV_RENDER_GRID_H

#include "model/arena.h"
#include "model/output.h"
#include "render/table.h"

/* A small table of ready words and numbers, as text, Markdown and CSV: for what is no list of
 * functions. Cells are raw bytes; the writers escape them. */
struct pv_grid_column {
    const char *title;
    bool is_right; /* numbers */
    bool is_name;  /* foreign text, as a code span in Markdown */
};

struct pv_grid {
    struct pv_arena *arena; /* owns the texts that pv_grid_cell was given */
    struct pv_text head;    /* a line above; empty: none */
    const struct pv_grid_column *columns;
    size_t column_count, row_count, room;
    struct pv_text *cells; /* [row * column_count + column] */
    const char *nothing;   /* what is said where there are no rows */
};

/* Starts one; `columns` must outlive it. */
void pv_grid_begin(struct pv_grid *grid, const struct pv_grid_column *columns, size_t count);
void pv_grid_free(struct pv_grid *grid);

/* Adds a row of empty cells and returns it: valid until the next. */
struct pv_text *pv_grid_row(struct pv_grid *grid);

/* The buffer's text, kept by the grid; the buffer is empty afterwards. */
struct pv_text pv_grid_keep(struct pv_grid *grid, struct pv_buffer *words);

void pv_grid_write_text(const struct pv_grid *grid, const struct pv_text_style *style,
                        struct pv_output *output);
void pv_grid_write_markdown(const struct pv_grid *grid, struct pv_output *output);
void pv_grid_write_csv(const struct pv_grid *grid, struct pv_output *output);

#endif

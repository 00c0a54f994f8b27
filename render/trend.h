#ifndef PV_RENDER_TREND_H
#define PV_RENDER_TREND_H

#include "model/trend.h"
#include "render/grid.h"
#include "render/renderer.h"

/* A metric over runs, drawn: above, each run's value with the levels between changes; below, from 0
 * on, what it is made of. Runs stand side by side, whatever time lies between them. */
void pv_trend_draw(const struct pv_trend *trend, const struct pv_draw *draw,
                   struct pv_canvas *canvas);

/* The same in rows: the last `most` runs (0: all), each with its difference to the one before. */
void pv_trend_rows(struct pv_grid *grid, const struct pv_trend *trend, size_t most);

/* The changes in rows: where, by how much, and what changed most. */
void pv_trend_change_rows(struct pv_grid *grid, const struct pv_trend *trend);

/* "time of shop on main (ci)" */
void pv_trend_name(struct pv_buffer *out, const struct pv_trend *trend);

/* "+12.3 %", "-4 %"; "new" where nothing was before. */
void pv_trend_step(struct pv_buffer *out, int64_t before, int64_t after);

#endif

#ifndef PV_RENDER_TREEMAP_H
#define PV_RENDER_TREEMAP_H

#include "render/renderer.h"

/* Squarified treemap: each cell is as large, of the cell around it, as its value; by the call tree,
 * or by module, file and function. */
extern const struct pv_renderer pv_view_treemap;

#endif

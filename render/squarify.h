#ifndef PV_RENDER_SQUARIFY_H
#define PV_RENDER_SQUARIFY_H

#include "render/canvas.h"

#include <stdint.h>

/* Squarified treemap of one level: rectangles that fill `room`, each with a share of its area that
 * is its share of the sizes, as near to squares as rows of them get. Sizes are above 0 and stand in
 * descending order (in another one the shares hold, but the shapes are poor). Neighbours share
 * their edges exactly; the last of a row and the last row end where the room ends. After Bruls,
 * Huizing and van Wijk, "Squarified Treemaps", Proceedings of the Joint Eurographics and IEEE TCVG
 * Symposium on Visualization, 2000. */
void pv_squarify(struct pv_rect *out, const double *sizes, uint32_t count,
                 const struct pv_rect *room);

#endif

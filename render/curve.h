#ifndef PV_RENDER_CURVE_H
#define PV_RENDER_CURVE_H

#include "render/canvas.h"

/* Chains of cubic Bézier curves: 1 + 3k points, where points 3i to 3i + 3 are one curve. Algorithm
 * of the subdivision: de Casteljau. */

struct pv_point {
    double x, y;
};

/* The point of one curve (four points) at t, 0 to 1. */
struct pv_point pv_curve_at(const struct pv_point *curve, double t);

/* Cuts the ends of a chain that lie inside the rectangles, in place: it then begins on the border
 * of `from` and ends on the border of `to`. An end outside its rectangle stays. Returns the new
 * number of points (4 at least; `count` must be). */
size_t pv_curve_clip(struct pv_point *points, size_t count, const struct pv_rect *from,
                     const struct pv_rect *to);

/* Takes about `length` px off the end, in place, but never more than nine tenths of the last curve:
 * what is left ends where an arrowhead begins. Returns the new number of points. */
size_t pv_curve_shorten(struct pv_point *points, size_t count, double length);

/* The other way round, in place. */
void pv_curve_reverse(struct pv_point *points, size_t count);

#endif

#ifndef PV_RENDER_LAYOUT_ANSWER_H
#define PV_RENDER_LAYOUT_ANSWER_H

#include "render/dot_layout.h"

/* Makes a layout of what the child that ran dot answers: the centre of each box that is not loose
 * with its room aside; the upper left and lower right end of each group; for each arc a uint32_t,
 * how many points its way has, and the points, from centre to centre. A point is a struct pv_point.
 *
 * Fills boxes, groups, routes, points, width and height; the first three are there already, points
 * are made. Everything begins at 0, 0. False where the answer is cut off. */
bool pv_layout_read(struct pv_layout *layout, const struct pv_layout_graph *graph,
                    const bool *is_loose, struct pv_text answer);

#endif

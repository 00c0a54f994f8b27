#ifndef PV_RENDER_TREEMAP_CELLS_H
#define PV_RENDER_TREEMAP_CELLS_H

#include "render/canvas.h"
#include "render/flame_boxes.h"

/* The geometry of a treemap: a rectangle for each box of a layout whose siblings stand by weight.
 * The page's script does the same (render/svg/map.js). */

enum { PV_MAP_PADDING = 2, PV_MAP_STRIP = 16 };

/* Smaller cells are gathered, in px². */
#define PV_MAP_LEAST 16.0

struct pv_map_cell {
    struct pv_rect
        rect; /* exact: siblings and `own` fill `room` of their parent, by their values */
    struct pv_rect room; /* what is in the cell; no width where nothing is */
    struct pv_rect own;  /* its self value's part of the room; no width where there is none */
    bool is_drawn;       /* false: something that it is part of had no room for parts */
    bool has_strip;      /* its name stands above the room */
};

/* One cell per box, in `room`; to be freed. *hidden: how many are not drawn. */
struct pv_map_cell *pv_map_place(const struct pv_flame *flame, const struct pv_rect *room,
                                 uint32_t *hidden);

/* The cell without the gap between neighbours. */
struct pv_rect pv_map_drawn(const struct pv_map_cell *cell);

#endif

#ifndef PV_RENDER_RINGS_H
#define PV_RENDER_RINGS_H

#include "render/canvas.h"
#include "render/flame_boxes.h"

/* The geometry of a sunburst as numbers: a layout's boxes as sectors of rings around a disc, which
 * is the root. The page's script does the same (render/svg/sunburst.js). */

/* Arcs under this many degrees are gathered. */
#define PV_RINGS_LEAST 0.3

/* Angles are in turns, clockwise from 12 o'clock; radii in px. */
struct pv_sector {
    double from, to, inner, outer;
};

struct pv_rings {
    double disc;  /* the radius of the root */
    double width; /* of every ring */
    double outer; /* the radius of all */
};

/* At most this many levels, the root among them, have room in `radius`. */
uint32_t pv_rings_most_levels(double radius);

/* Rings for `levels` levels within `radius`: equally wide, but no wider than is good to see. */
struct pv_rings pv_rings_for(double radius, uint32_t levels);

/* The box's sector, exact: siblings share their parent's angle by their values. */
struct pv_sector pv_rings_sector(const struct pv_rings *rings, const struct pv_flame *flame,
                                 const struct pv_flame_box *box);

/* The same less the gap to its neighbours. */
struct pv_sector pv_sector_drawn(const struct pv_sector *sector);

/* The sector as a path around x, y; returns the number of steps. Curves are cubic approximations of
 * an eighth of a turn at most: off by less than 1/100,000 of the radius. */
enum { PV_SECTOR_STEPS = 24 };
size_t pv_sector_path(struct pv_step steps[PV_SECTOR_STEPS], const struct pv_sector *sector,
                      double x, double y);

/* A place for words in a sector: the middle of a rectangle that lies in it. */
struct pv_sector_room {
    double x, y;  /* from the centre */
    double turn;  /* degrees clockwise from level; words are never upside down */
    double width; /* px along the words */
};

/* The widest rectangle of this height along the ring, and the one that points outwards. Width 0
 * where there is none. */
struct pv_sector_room pv_sector_along(const struct pv_sector *sector, double height);
struct pv_sector_room pv_sector_outwards(const struct pv_sector *sector, double height);

#endif

#ifndef PV_RENDER_FLAME_H
#define PV_RENDER_FLAME_H

#include "render/renderer.h"

/* Flame graph (root at the bottom) and icicle (root on top): each cell is a frame in its stack, as
 * wide as its total, on top of its caller. After Brendan Gregg, "The Flame Graph", Communications
 * of the ACM 59(6), 2016. */
extern const struct pv_renderer pv_view_flame, pv_view_icicle;

#endif

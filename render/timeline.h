#ifndef PV_RENDER_TIMELINE_H
#define PV_RENDER_TIMELINE_H

#include "render/renderer.h"

/* The profile's series over time: docs/timeline.md. */
extern const struct pv_renderer pv_view_timeline;

#endif

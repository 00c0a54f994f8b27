#ifndef PV_RENDER_PIE_H
#define PV_RENDER_PIE_H

#include "render/renderer.h"

extern const struct pv_renderer pv_view_pie;

#endif

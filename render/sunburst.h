#ifndef PV_RENDER_SUNBURST_H
#define PV_RENDER_SUNBURST_H

#include "render/renderer.h"

/* The pie's nested form: what a function takes is an angle, what it calls stands around it. */
extern const struct pv_renderer pv_view_sunburst;

#endif

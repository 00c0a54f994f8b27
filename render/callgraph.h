#ifndef PV_RENDER_CALLGRAPH_H
#define PV_RENDER_CALLGRAPH_H

#include "render/renderer.h"

/* Functions as boxes and calls as arrows, the most expensive ones, from callers at the top to
 * callees below: docs/callgraph.md. */
extern const struct pv_renderer pv_view_callgraph;

#endif

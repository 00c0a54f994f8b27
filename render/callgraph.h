#ifndef PV_RENDER_CALLGRAPH_H
#define PV_RENDER_CALLGRAPH_H

#include "render/registry.h"

/* Functions as boxes and calls as arrows, the most expensive ones, from callers at the top to
 * callees below: docs/callgraph.md. */
extern const struct pv_renderer pv_view_callgraph;

/* The same as Graphviz's DOT, without places: boxes, arrows, colours, clusters, and in comments
 * what the page would say. For struct pv_backend. */
bool pv_callgraph_write_dot(const struct pv_document *document, struct pv_output *output,
                            struct pv_buffer *notes, struct pv_error *err);

#endif

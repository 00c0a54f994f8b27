#ifndef PV_RENDER_HTML_H
#define PV_RENDER_HTML_H

#include "render/registry.h"

/* One page with every view of a profile: docs/html.md. Its script draws from the profile that the
 * page carries (options->data, which must be there) and from what is said beside it; without the
 * script it shows a table of functions and still pictures. Tree and graph must be there. False
 * where a picture cannot be drawn. */
bool pv_html_write(const struct pv_document *document, struct pv_output *output,
                   struct pv_buffer *notes, struct pv_error *err);

#endif

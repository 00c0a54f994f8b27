#ifndef PV_RENDER_HTML_PARTS_H
#define PV_RENDER_HTML_PARTS_H

#include "render/html.h"

/* What the page's makers share: nobody else's business. */

/* What the script is told beside the profile, as one JSON object: names in parts, places and
 * colours by function in the order of the carried profile, the tree where it is an estimate, the
 * header. */
void pv_html_data(struct pv_buffer *out, const struct pv_document *document, struct pv_text title,
                  struct pv_text facts);

/* Title and facts of the page, raw bytes, appended. */
void pv_html_title(struct pv_buffer *out, const struct pv_document *document);
void pv_html_facts(struct pv_buffer *out, const struct pv_document *document);

/* What is seen without the script: the top functions and pictures, each in an element of its own
 * ("still-graph"). */
bool pv_html_still(const struct pv_document *document, struct pv_output *output,
                   struct pv_buffer *notes, struct pv_error *err);

#endif

#ifndef PV_RENDER_HTML_PARTS_H
#define PV_RENDER_HTML_PARTS_H

#include "render/html.h"

/* What the page's makers share: nobody else's business. */

/* The carried profile's functions: frames in canonical order. */
struct pv_html_functions {
    uint32_t *frames; /* [number] */
    uint32_t *number; /* [frame]; PV_NONE: no function */
    uint32_t count;
};

/* Begins a column of numbers as a member of an object, and adds one, the first at 0. */
void pv_html_column(struct pv_buffer *out, const char *name);
void pv_html_int(struct pv_buffer *out, uint32_t at, int64_t value);

/* The call tree that arcs leave to be guessed, or that of a comparison ("stacks"); nothing where it
 * is measured, since the profile has it then. */
void pv_html_stacks(struct pv_buffer *out, const struct pv_document *document,
                    const struct pv_html_functions *functions);

/* Calls in the order of time ("chart"), finer than a picture shows them, so that one can zoom in;
 * nothing where the profile has no spans. */
void pv_html_chart(struct pv_buffer *out, const struct pv_profile *profile,
                   const struct pv_html_functions *functions);

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

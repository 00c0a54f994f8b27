#ifndef PV_RENDER_REGISTRY_H
#define PV_RENDER_REGISTRY_H

#include "render/renderer.h"

/* All views in table order, NULL behind the last. */
const struct pv_renderer *const *pv_renderers(void);

/* By name, or NULL. */
const struct pv_renderer *pv_renderer_named(struct pv_text name);

/* What a page with every view is made of. */
struct pv_document {
    const struct pv_profile *profile; /* with its tree and its graph */
    const struct pv_draw *draw;
    const struct pv_renderer *view; /* the one to be seen first */
    const struct pv_canvas_options *options;
};

/* One kind of picture file. */
struct pv_backend {
    const char *name;      /* for --to */
    const char *extension; /* with the dot */
    const char *summary;   /* one line for people */
    bool is_binary;        /* never written to a terminal */
    bool needs_fonts;      /* draws text with the system's */
    bool has_gzip;         /* ".svgz": the same, compressed */
    bool has_data;         /* it can carry the profile: pv_canvas_options.data */

    /* A canvas that writes to `output`, which must outlive it; never NULL. The caller commits the
     * output after pv_canvas_finish, and frees the canvas. */
    struct pv_canvas *(*open)(struct pv_output *output, const struct pv_canvas_options *options);

    /* Instead of open, where the file has every view, or but one: its name. notes as for
     * pv_renderer.draw. */
    const char *only_view;
    bool (*write)(const struct pv_document *document, struct pv_output *output,
                  struct pv_buffer *notes, struct pv_error *err);
};

/* All kinds of picture in table order, NULL behind the last. */
const struct pv_backend *const *pv_backends(void);
const struct pv_backend *pv_backend_named(struct pv_text name);

/* By the output's extension (".svg", ".svgz", ".svg.gz", ".png", ".pdf", case ignored), or NULL.
 * *is_gzip (may be NULL) tells whether the output is to be compressed. */
const struct pv_backend *pv_backend_for_output(struct pv_text path, bool *is_gzip);

/* Opens a canvas, one function per file. */
struct pv_canvas *pv_canvas_svg(struct pv_output *output, const struct pv_canvas_options *options);
struct pv_canvas *pv_canvas_png(struct pv_output *output, const struct pv_canvas_options *options);
struct pv_canvas *pv_canvas_pdf(struct pv_output *output, const struct pv_canvas_options *options);

#endif

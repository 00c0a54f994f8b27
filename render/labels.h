#ifndef PV_RENDER_LABELS_H
#define PV_RENDER_LABELS_H

#include "model/names.h"

/* What to write where room is short. Labels come out in display form (model/escape). */

/* Space in px that a label is to leave free beyond its measured width. */
#define PV_LABEL_SLACK 2.0

/* No label in less than this. */
#define PV_LABEL_LEAST 30.0

/* How a text is set: size in px. */
struct pv_face {
    double size;
    bool is_bold;
};

/* Appends the longest label for the frame that fits into `width` px, slack included: module,
 * function and arguments; without arguments; the module cut in its middle; the function alone; the
 * function cut at its end (at least 3 letters). Appends nothing and returns false where none fits.
 * Never splits a character. */
bool pv_label_frame(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame,
                    struct pv_face face, double width);

/* The same for the function's own part (arguments kept where they fit), and for the rest: its
 * module and file, base names only; for boxes that write them in two lines. The module may come out
 * empty (false) where there is none or it does not fit. */
bool pv_label_function(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame,
                       struct pv_face face, double width);
bool pv_label_module(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame,
                     struct pv_face face, double width);

/* Appends any text, escaped and cut at its end with "…" to fit; false where not even 3 letters
 * do. */
bool pv_label_text(struct pv_buffer *out, struct pv_text text, struct pv_face face, double width);

/* The same, cut at its beginning: for paths and scopes, whose end tells more. */
bool pv_label_tail(struct pv_buffer *out, struct pv_text text, struct pv_face face, double width);

/* Appends the full name, raw bytes (the canvas escapes it), for tooltips: name, and " (file:line)"
 * and " [module]" where known and not part of the name already. Absolute paths are shortened to
 * what follows site-packages or the like, else to their last three components. */
void pv_label_full(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame);

#endif

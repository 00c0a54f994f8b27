#ifndef PV_RENDER_SHOWN_H
#define PV_RENDER_SHOWN_H

#include "model/text.h"

/* Text in display form (model/escape) on a terminal, where room is counted in columns. */

/* Columns that the text takes. */
unsigned pv_shown_width(struct pv_text text);

/* Appends the text, cut to `width` columns, and returns how many it takes. Names end in what tells
 * them apart, so a qualified name or a path is cut at its front, where its last part fits; other
 * texts at their end. Combining characters stay with what they belong to. */
unsigned pv_shown_cut(struct pv_buffer *out, struct pv_text text, unsigned width, bool is_ascii);

/* The same, always at its end. */
unsigned pv_shown_cut_end(struct pv_buffer *out, struct pv_text text, unsigned width,
                          bool is_ascii);

/* Appends the text for a terminal that has nothing but ASCII: other characters as \u{…}; in words
 * of ours, our own signs as what resembles them. */
void pv_shown_ascii(struct pv_buffer *out, struct pv_text text, bool is_ours);

#endif

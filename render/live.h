#ifndef PV_RENDER_LIVE_H
#define PV_RENDER_LIVE_H

#include "render/page.h"

/* JSON for the script of an interactive SVG. Every function appends one member, with a comma before
 * it where it is not the first; texts are raw bytes and come out in display form, escaped so that
 * they may stand in a script element. */
void pv_live_text(struct pv_buffer *out, const char *name, struct pv_text text);
void pv_live_int(struct pv_buffer *out, const char *name, int64_t value);
void pv_live_real(struct pv_buffer *out, const char *name, double value);

/* A JSON string, quotes included. */
void pv_live_string(struct pv_buffer *out, struct pv_text text);

/* A frame's name: [module, joint, function, arguments] and, where these do not tell the whole name,
 * its line or itself. */
void pv_live_name(struct pv_buffer *out, const struct pv_profile *profile, uint32_t frame);

/* The advances of the characters that labels are cut by: all of ASCII, and those of `texts` (JSON
 * or display form). */
void pv_live_font(struct pv_buffer *out, struct pv_text texts);

/* Header and footer, metric and unit. `words` receives every text, for pv_live_font. */
void pv_live_sheet(struct pv_live *live, const struct pv_sheet *sheet, struct pv_buffer *words);

#endif

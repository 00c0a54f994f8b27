#ifndef PV_RENDER_SVG_WORDS_H
#define PV_RENDER_SVG_WORDS_H

#include "model/output.h"
#include "render/palette.h"

/* How slots of the palette are called in SVG: the class ("m5"; render/html/palette.css has the same
 * names) and the colour ("#d0cc91"). */
void pv_svg_slot(struct pv_output *output, enum pv_paint paint);
void pv_svg_rgb(struct pv_output *output, uint32_t rgb);
void pv_svg_colour(struct pv_output *output, enum pv_paint paint, bool is_dark);

/* Text that is in display form already: only what XML itself wants is escaped. */
void pv_svg_display(struct pv_output *output, struct pv_text text);

#endif

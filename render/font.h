#ifndef PV_RENDER_FONT_H
#define PV_RENDER_FONT_H

#include "model/text.h"

#include <stdint.h>

/* Text is measured here in every backend, by one table of advances, so that labels are cut the same
 * everywhere and no picture depends on installed fonts. The table holds for each character the
 * widest advance among the fonts of PV_FONT_LIST (DejaVu Sans, Arial and its equals): what fits
 * here fits in all of them. */

#define PV_FONT_LIST "DejaVu Sans,Segoe UI,Helvetica,Arial,sans-serif"

/* Advance of a code point in em; combining characters 0, characters not in the table at least
 * what common fonts have. */
double pv_font_advance(uint32_t code_point, bool is_bold);

/* Width in px of a UTF-8 text at a size in px. */
double pv_font_width(struct pv_text text, double size, bool is_bold);

/* Bytes of the longest prefix (or suffix) that is at most `width` px wide; never splits a
 * character, and keeps combining characters with what they belong to. */
size_t pv_font_prefix(struct pv_text text, double size, bool is_bold, double width);
size_t pv_font_suffix(struct pv_text text, double size, bool is_bold, double width);

/* Distance from the middle of a row to the baseline of text centred in it by its capitals. */
double pv_font_middle(double size);

#endif

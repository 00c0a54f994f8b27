#ifndef PV_RENDER_PNG_H
#define PV_RENDER_PNG_H

#include "model/output.h"

/* Pixels as 0x00RRGGBB in the machine's byte order, `stride` bytes from row to row. */
struct pv_pixels {
    const unsigned char *data;
    uint32_t width, height;
    size_t stride;
    double scale;           /* pixels per px: written as the density, 96 dpi times this */
    struct pv_text carried; /* the profile that goes with it (model/attachment.h); empty: none */
};

/* Writes a PNG (W3C Recommendation, second edition), 8 bits RGB, set for speed: pictures of flat
 * colours pack well under any setting. Failure of the output is the output's. */
bool pv_png_write(struct pv_output *output, const struct pv_pixels *pixels, struct pv_error *err);

#endif

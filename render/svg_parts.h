#ifndef PV_RENDER_SVG_PARTS_H
#define PV_RENDER_SVG_PARTS_H

#include "render/canvas.h"

/* What the files of canvas_svg share, nobody else's business. */

struct pv_svg {
    struct pv_canvas canvas;
    struct pv_output *output;
    struct pv_text fonts, data, prefix;
    struct pv_buffer scratch;
    enum pv_theme theme;
    bool is_filled[PV_PAINTS], is_stroked[PV_PAINTS]; /* slots that were used so */
    bool has_hatch, has_items, has_areas, is_live, is_in_part;
    bool has_background;
    uint32_t background;
    bool has_paths, is_in_frame; /* frames that are paths */
};

/* A paint as #rrggbb: the page's own background where that is meant. */
void pv_svg_add_colour(struct pv_svg *svg, enum pv_paint paint, bool is_dark);

/* The style element: what is pointed at, and the dark colours of the slots that were used. */
void pv_svg_rules(struct pv_svg *svg);

#endif

#ifndef PV_RENDER_FLAME_PARTS_H
#define PV_RENDER_FLAME_PARTS_H

#include "model/map.h"
#include "render/flame_boxes.h"
#include "render/labels.h"
#include "render/page.h"

/* What flame.c and flame_legend.c share. */

/* How a frame looks, found out once. */
struct pv_flame_look {
    uint32_t module; /* 1 + index into modules; 0: not yet known */
    uint8_t paint;
};

/* A module's share of the visible self values, for the legend. */
struct pv_flame_module {
    struct pv_text key;
    double self;
};

/* One picture while it is drawn. */
struct pv_flame_picture {
    const struct pv_profile *profile;
    const struct pv_draw *draw;
    struct pv_canvas *canvas;
    struct pv_flame flame;
    struct pv_sheet sheet;
    struct pv_flame_look *looks; /* [frame] */
    int64_t *calls;              /* [frame]; NULL: none are known */
    struct pv_flame_module *modules;
    uint32_t module_count, module_capacity;
    struct pv_map module_map;
    enum pv_colouring colouring;
    struct pv_face face;
    double scale;       /* px per value; of a map px² */
    int64_t least_item; /* narrower boxes are no items: a script draws and tells them */
    double top, row;
    uint32_t hidden;     /* map: cells in cells that are too small */
    uint32_t func_count; /* where the profile's frames are not only functions; 0: they are */
    bool is_map;         /* a treemap: the legend speaks of areas, shades tell levels */
    bool has_grey, has_guess, has_rest, has_modules;
    struct pv_buffer name, tooltip, label, share, legend, cuts, facts;
};

/* Whether the metric may be negative: then sizes are magnitudes. */
bool pv_flame_is_signed(const struct pv_flame_picture *picture);

/* Whether fills tell less and more. */
bool pv_flame_is_difference(const struct pv_flame_picture *picture);

/* Whether the box's width is a guess: the tree is estimated, and not sure of it. */
bool pv_flame_is_guess(const struct pv_flame_picture *picture, const struct pv_flame_box *box);

int64_t pv_flame_self(const struct pv_flame_picture *picture, uint32_t node);

/* Of the frame's function, from everywhere; PV_UNKNOWN_CALLS where unknown. */
int64_t pv_flame_calls(const struct pv_flame_picture *picture, uint32_t frame);

/* Found out on first use. */
const struct pv_flame_look *pv_flame_look_of(struct pv_flame_picture *picture, uint32_t frame);

/* The fill of a box of this picture, or of another layout of the same tree. */
enum pv_paint pv_flame_paint(struct pv_flame_picture *picture, const struct pv_flame_box *box);

/* Tells the script all that it may come to show when it zooms; the sheet is filled. */
void pv_flame_live(struct pv_live *live, struct pv_flame_picture *picture,
                   const struct pv_flame_options *drawn);

/* Whether there is anything to be drawn. */
bool pv_flame_has_width(const struct pv_profile *profile, const struct pv_draw *draw);

double pv_flame_page_width(const struct pv_draw *draw);

/* Fills picture->calls: only what was measured as callers and callees tells calls. */
void pv_flame_find_calls(struct pv_flame_picture *picture);

/* Begins the canvas' item of a box, with its tooltip. */
void pv_flame_begin_item(struct pv_flame_picture *picture, uint32_t index);

/* Its total, with its sign; of a remainder its size. */
int64_t pv_flame_value(const struct pv_flame_picture *picture, const struct pv_flame_box *box);

/* "12.3 %" of the whole; of a difference "+12.3 %". */
void pv_flame_add_share(const struct pv_flame_picture *picture, struct pv_buffer *out,
                        int64_t value);

/* Fills picture->label with what fits into `width` px; false where nothing does. */
bool pv_flame_make_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         double width);

/* Name and share in a strip. */
void pv_flame_draw_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         const struct pv_rect *cell);

void pv_flame_free_picture(struct pv_flame_picture *picture);

/* Draws the boxes that are no items. */
void pv_flame_draw_narrow(struct pv_flame_picture *picture);

/* The box in px, rounded so that neighbours agree about where they meet. */
struct pv_rect pv_flame_rect(const struct pv_flame_picture *picture,
                             const struct pv_flame_box *box);

/* Fills the sheet: keys, legend, facts and cuts; what is incomplete also goes to `notes`. */
void pv_flame_legend(struct pv_flame_picture *picture, struct pv_buffer *notes);

#endif

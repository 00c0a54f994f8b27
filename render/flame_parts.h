#ifndef PV_RENDER_FLAME_PARTS_H
#define PV_RENDER_FLAME_PARTS_H

#include "model/map.h"
#include "render/chart_boxes.h"
#include "render/flame_boxes.h"
#include "render/labels.h"
#include "render/page.h"

/* What the views of cells share: flame graph, treemap, flame chart. */

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

/* Rows of a page: 15,200 px are what browsers and a PNG at twice the size can hold. */
enum { PV_FLAME_LEVELS = 800 };

/* Of a picture that a script draws anew at once, so many frames are elements with a tooltip: a
 * browser takes as long to read them as to do all the rest. */
enum { PV_FLAME_ITEMS = 3000 };

/* What a view calls its measures: "Width", " px", "width" ("of the width"), "flame graph". */
struct pv_flame_words {
    const char *size, *unit, *of, *view;
};

/* One picture while it is drawn. */
struct pv_flame_picture {
    const struct pv_profile *profile;
    const struct pv_draw *draw;
    struct pv_canvas *canvas;
    struct pv_flame flame;
    struct pv_sheet sheet;
    struct pv_flame_look *looks;      /* [frame] */
    int64_t *calls;                   /* [frame]; NULL: none are known */
    int64_t *base_calls;              /* of a comparison; NULL with the other */
    const struct pv_flame_diff *diff; /* a comparison's; NULL: none */
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
    const struct pv_flame_words *words; /* NULL: those of a flame graph */
    bool is_round;                      /* a sunburst */
    bool has_lines;                     /* map by files: down to the line */
    bool is_map;                  /* a treemap: the legend speaks of areas, shades tell levels */
    const struct pv_chart *chart; /* a flame chart's; NULL: none */
    /* Appends the numbers of a tooltip; NULL: those of a node of the tree. */
    void (*numbers)(struct pv_buffer *out, const struct pv_flame_picture *picture,
                    const struct pv_flame_box *box);
    bool has_grey, has_guess, has_rest, has_modules;
    struct pv_buffer name, tooltip, label, share, legend, cuts, more, facts; /* more: of cuts, what
                                                    does not follow from zooming */
};

/* Whether the metric may be negative: then sizes are magnitudes. */
bool pv_flame_is_signed(const struct pv_flame_picture *picture);

/* Whether fills tell less and more. */
bool pv_flame_is_difference(const struct pv_flame_picture *picture);

/* Whether the box's width is a guess: the tree is estimated, and not sure of it. */
bool pv_flame_is_guess(const struct pv_flame_picture *picture, const struct pv_flame_box *box);

/* Of the frame's function, from everywhere; PV_UNKNOWN_CALLS where unknown. */
int64_t pv_flame_calls(const struct pv_flame_picture *picture, uint32_t frame);

/* Whether it is hatched, because its width is a guess or (a comparison) head does not have it. */
bool pv_flame_is_hatched(const struct pv_flame_picture *picture, const struct pv_flame_box *box);

/* Found out on first use. */
const struct pv_flame_look *pv_flame_look_of(struct pv_flame_picture *picture, uint32_t frame);

/* The fill of a box of this picture, or of another layout of the same tree. */
enum pv_paint pv_flame_paint(struct pv_flame_picture *picture, const struct pv_flame_box *box);

/* Opens the page with `height` px for the view, its header and footer, and what its script draws
 * from; the sheet is filled. Boxes under picture->least_item are no items from then on. */
void pv_flame_draw_page(struct pv_flame_picture *picture, const struct pv_flame_options *drawn,
                        double height);

/* Whether there is anything to be drawn. */
bool pv_flame_has_width(const struct pv_profile *profile, const struct pv_draw *draw);

/* Whose values tell how wide all of it is: of a comparison, those of both sides. */
uint32_t pv_flame_width_metric(const struct pv_draw *draw);

double pv_flame_page_width(const struct pv_draw *draw);
struct pv_face pv_flame_face(const struct pv_draw *draw);
double pv_flame_row(const struct pv_draw *draw); /* px from one to the next */

/* Fills picture->calls: only what was measured as callers and callees tells calls. */
void pv_flame_find_calls(struct pv_flame_picture *picture);

/* Begins the canvas' item of a box, with its tooltip. */
void pv_flame_begin_item(struct pv_flame_picture *picture, uint32_t index);

/* "12.3 %" of the whole; of a difference "+12.3 %". */
void pv_flame_add_share(const struct pv_flame_picture *picture, struct pv_buffer *out,
                        int64_t value);

/* "12.3 % (1.42 s)". */
void pv_flame_add_amount(const struct pv_flame_picture *picture, struct pv_buffer *out,
                         int64_t value);

/* Fills picture->label with what fits into `width` px; false where nothing does. */
bool pv_flame_make_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         double width);

/* A cell, with its label and its item. */
void pv_flame_draw_box(struct pv_flame_picture *picture, uint32_t index);

/* The lowest share of the width that is drawn on its own. */
double pv_flame_least_share(const struct pv_flame_picture *picture);

/* Name and share in a strip. */
void pv_flame_draw_label(struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         const struct pv_rect *cell);

void pv_flame_free_picture(struct pv_flame_picture *picture);

/* Draws the boxes that are no items. */
void pv_flame_draw_narrow(struct pv_flame_picture *picture);

/* The box in px, rounded so that neighbours agree about where they meet. */
struct pv_rect pv_flame_rect(const struct pv_flame_picture *picture,
                             const struct pv_flame_box *box);

/* "544 branches under 0.5 px are gathered, 12.9 %" of the whole. */
void pv_flame_add_gathered(const struct pv_flame_picture *picture, struct pv_buffer *out,
                           const char *words[2], int64_t whole);

/* "colour: module" */
void pv_flame_add_colours(const struct pv_flame_picture *picture, struct pv_buffer *out);

/* Fills the sheet's keys from what the boxes look like. */
void pv_flame_keys(struct pv_flame_picture *picture);

/* Fills the sheet: keys, legend, facts and cuts; what is incomplete also goes to `notes`. */
void pv_flame_legend(struct pv_flame_picture *picture, struct pv_buffer *notes);

#endif

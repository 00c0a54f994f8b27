#ifndef PV_RENDER_CANVAS_H
#define PV_RENDER_CANVAS_H

#include "model/error.h"
#include "model/limits.h"
#include "model/output.h"
#include "model/text.h"
#include "render/palette.h"

/* What a picture is drawn on: once, whatever comes out. Three shapes: rectangle, path, label;
 * grouped in items. Coordinates are px, y downwards, the page's corner is 0, 0. Calls go in the
 * order page, shapes and items, finish. Failure is sticky and asked by finish. */

struct pv_page {
    double width, height;
    struct pv_text title;       /* any bytes; escaped by the canvas */
    struct pv_text description; /* one sentence that tells the picture to who cannot see it */
    const struct pv_live *live; /* what a script draws from; NULL: nothing to be done with it */
};

/* Which script draws a picture anew (render/svg/). */
enum pv_script {
    PV_SCRIPT_TREE,
    PV_SCRIPT_MAP,
    PV_SCRIPT_CHART,
    PV_SCRIPT_SUNBURST,
    PV_SCRIPT_CHANGE,
    PV_SCRIPT_GRAPH,
    PV_SCRIPTS
};

/* What an interactive picture carries along; other backends ignore it. The members of one JSON
 * object without its braces, as render/live.h makes them, and the slots that they name. */
struct pv_live {
    struct pv_buffer data;
    bool paints[PV_PAINTS];
    enum pv_script script;
};

/* Parts of a page, in the order in which they are drawn. */
enum pv_part { PV_PART_PAGE, PV_PART_VIEW };

enum pv_item_kind {
    PV_ITEM_FRAME,  /* a cell of a tree: flame, treemap */
    PV_ITEM_BOX,    /* a function of a graph */
    PV_ITEM_ARC,    /* from box to box */
    PV_ITEM_MOMENT, /* of a timeline: all that was the case then */
};

/* What belongs together and can be pointed at. Items do not nest: a tree is told by `parent`. */
struct pv_item {
    enum pv_item_kind kind;
    uint32_t id;         /* from 1, unique among the items of a page */
    uint32_t parent;     /* FRAME: the item that it is part of; 0: none */
    uint32_t from, to;   /* ARC: the items it joins; 0: none */
    int64_t start;       /* FRAME: where it begins, in the metric's values from the root's left */
    int64_t value;       /* its width (FRAME) or its total, in the metric's values */
    int64_t self;        /* of it, spent by itself */
    bool is_rest;        /* a remainder */
    struct pv_text name; /* the whole name, raw bytes: first line of the tooltip */
    struct pv_text tooltip; /* more lines; raw bytes but for \n, which begins a new line */
};

enum pv_dash { PV_SOLID, PV_DOTTED, PV_DASHED };

/* How a rectangle or path looks. Zero: nothing is painted. */
struct pv_style {
    enum pv_paint fill, stroke;
    double stroke_width; /* px; 0: 1 px where stroke is set */
    enum pv_dash dash;
    double radius;   /* corners of a rectangle */
    bool is_hatched; /* lightly, 45°, over the fill: guessed or removed */
    double opacity;  /* 0 and 1: opaque */
    bool is_fine;    /* a path's places are told to a hundredth of a px, not a tenth (SVG) */
};

struct pv_rect {
    double x, y, width, height;
};

/* A path's step; curves are cubic with control points 1 and 2. */
enum pv_verb { PV_MOVE, PV_LINE, PV_CURVE, PV_CLOSE };
struct pv_step {
    enum pv_verb verb;
    double x1, y1, x2, y2, x, y;
};

enum pv_anchor { PV_START, PV_MIDDLE, PV_END };

/* One line of text. Cut it (render/labels.h) before: nothing clips it. */
struct pv_label {
    struct pv_text text; /* display form; XML is escaped by the canvas */
    double x, y;         /* of the baseline, at the anchor */
    double size;         /* px; 0: 12 */
    enum pv_anchor anchor;
    enum pv_paint paint; /* PV_PAINT_NONE: primary text */
    bool is_bold;
    double turn; /* degrees clockwise around x, y */
};

struct pv_canvas {
    const struct pv_canvas_ops *ops;
    bool is_live; /* pv_page.live is asked for */
};

/* What a backend brings; its struct begins with a struct pv_canvas. end closes what begin opened.
 * finish writes the rest to the output; notes receives one sentence a line about what had to be
 * changed ("scaled down to …"). */
struct pv_canvas_ops {
    void (*page)(struct pv_canvas *canvas, const struct pv_page *page);
    void (*begin)(struct pv_canvas *canvas, const struct pv_item *item);
    void (*end)(struct pv_canvas *canvas);
    void (*rect)(struct pv_canvas *canvas, const struct pv_rect *rect,
                 const struct pv_style *style);
    void (*path)(struct pv_canvas *canvas, const struct pv_step *steps, size_t count,
                 const struct pv_style *style);
    void (*label)(struct pv_canvas *canvas, const struct pv_label *label);
    bool (*finish)(struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err);
    void (*free)(struct pv_canvas *canvas);
    void (*part)(struct pv_canvas *canvas, enum pv_part part); /* NULL: parts do not matter */
    void (*area)(struct pv_canvas *canvas, const struct pv_rect *rect); /* NULL: nothing points */
};

void pv_canvas_page(struct pv_canvas *canvas, const struct pv_page *page);
/* What follows, until the next part begins, is words and keys of the page, or the view itself. */
void pv_canvas_part(struct pv_canvas *canvas, enum pv_part part);
void pv_canvas_begin(struct pv_canvas *canvas, const struct pv_item *item);
void pv_canvas_end(struct pv_canvas *canvas);
void pv_canvas_rect(struct pv_canvas *canvas, const struct pv_rect *rect,
                    const struct pv_style *style);
void pv_canvas_path(struct pv_canvas *canvas, const struct pv_step *steps, size_t count,
                    const struct pv_style *style);
void pv_canvas_label(struct pv_canvas *canvas, const struct pv_label *label);
/* A place that belongs to the item without being seen: pointing at it is pointing at the item. */
void pv_canvas_area(struct pv_canvas *canvas, const struct pv_rect *rect);
bool pv_canvas_finish(struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err);
void pv_canvas_free(struct pv_canvas *canvas);

/* Which colours are seen. AUTO follows the reader's setting where the format can (SVG), and is
 * light elsewhere. */
enum pv_theme { PV_THEME_AUTO, PV_THEME_LIGHT, PV_THEME_DARK };

struct pv_canvas_options {
    enum pv_theme theme;
    double scale;         /* PNG: pixels per px; 0: 2 */
    struct pv_text fonts; /* a CSS list of families instead of PV_FONT_LIST; empty: that */
    const struct pv_limits *limits; /* NULL: the defaults */
    bool has_background;   /* a colour of the user's under everything, of the theme, or of the light
                              one */
    uint32_t background;   /* 0xRRGGBB */
    bool has_no_script;    /* SVG: a still picture */
    struct pv_text prefix; /* SVG as part of an HTML page: what ids begin with; no style, since the
                              page has that. Empty: a file of its own */
    struct pv_text data; /* the profile to be carried along, as model/attachment.h packs it; empty:
                            none. Must live as long as the canvas */
};

#endif

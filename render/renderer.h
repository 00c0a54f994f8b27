#ifndef PV_RENDER_RENDERER_H
#define PV_RENDER_RENDERER_H

#include "model/diff.h"
#include "render/canvas.h"

/* How siblings of a flame graph stand. */
enum pv_order { PV_ORDER_NAME, PV_ORDER_WEIGHT };

/* What a treemap nests. */
enum pv_by { PV_BY_CALLS, PV_BY_FILES };

/* What to draw and how. Start from pv_draw_default. */
struct pv_draw {
    struct pv_text title;      /* empty: the view's own */
    struct pv_text subtitle;   /* goes before the facts under the title; empty: none */
    struct pv_text input;      /* the input's name as it is to be shown (no folders) */
    uint32_t metric;           /* index into the profile's metrics */
    struct pv_text unit;       /* prefix for pv_format_value_in; empty: a fitting one */
    struct pv_text count_name; /* what a metric's values are called instead of its name */
    enum pv_colouring colouring;
    bool has_colouring; /* false: each view has its own default (flame: module, graph: cost) */

    double width;        /* px of the page; 0: 1200 for flame, as needed for a graph */
    double row_height;   /* px of a flame row with its gap; 0: 19 */
    double font_size;    /* px in cells; 0: 12 */
    double min_width_px; /* flame: narrower frames are gathered; default 0.5 */
    double min_share;    /* flame: the same as a share of the total, 0 to 1; the larger counts */
    enum pv_order order;
    bool is_inverted; /* the root on top (icicle) */
    bool is_negated;  /* the colours of less and more change places */
    bool is_reversed; /* stacks were reversed before: the captions say so */

    enum pv_by by; /* treemap */

    double node_share, arc_share;   /* graph: shares of the total, 0 to 1; defaults .005 and .001 */
    uint32_t node_count, arc_count; /* graph: at most; defaults are the limits' */
    bool has_clusters;              /* graph: boxes of one module stand together */
    bool is_wrapped;                /* graph: long names in two lines */
    unsigned colormap;              /* graph: which ramp tells cost, below PV_COLORMAPS */
    bool is_by_total;               /* graph: the ramp tells the total share rather than the own */
    double skew;                    /* graph: exponent of the cost ramp, 1: even */

    const struct pv_diff *diff; /* what the profile is the union of; NULL: it is no comparison */
    uint32_t pair;              /* of its metrics; then `metric` is the pair's change */

    const struct pv_limits *limits; /* NULL: the defaults */
};
struct pv_draw pv_draw_default(void);

struct pv_text_style; /* render/table.h */

/* One view: a const struct in its own file, named by one line in render/registry.c. */
struct pv_renderer {
    const char *name;             /* for --view: lower case, no blanks */
    const char *summary;          /* one line for people */
    bool needs_tree, needs_graph; /* built by the caller before draw */
    bool needs_spans;             /* kept while reading, where the input has times */
    bool takes_spans;             /* the same, but does without */
    bool has_diff;                /* draws a comparison of two profiles too */
    bool needs_series;            /* draws values over time, which inputs have or have not */

    /* Draws one page. notes receives one sentence a line, in display form: what was cut or
     * gathered. False where the picture cannot be drawn. An empty profile gives a picture that says
     * so. */
    bool (*draw)(const struct pv_profile *profile, const struct pv_draw *draw,
                 struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err);

    /* The same as lines of text, for terminals; NULL: the view has no such form. */
    void (*write_text)(const struct pv_profile *profile, const struct pv_draw *draw,
                       const struct pv_text_style *style, struct pv_output *output,
                       struct pv_buffer *notes);
};

#endif

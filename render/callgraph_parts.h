#ifndef PV_RENDER_CALLGRAPH_PARTS_H
#define PV_RENDER_CALLGRAPH_PARTS_H

#include "render/arc_labels.h"
#include "render/page.h"

/* What the files of the call graph view share. */

/* A line of text: bytes [from, from + size) of struct pv_callgraph's text. */
struct pv_box_line {
    size_t from, size;
    double face; /* px */
    bool is_bold;
};

enum { PV_BOX_LINES = 5 };

/* A function, or the remainder. */
struct pv_graph_box {
    uint32_t func;                         /* of the profile's graph; PV_NONE: the remainder */
    uint32_t cycle;                        /* number of the cycle that it is on, from 1; 0: none */
    uint32_t group;                        /* number of its module's frame, from 1; 0: none */
    int64_t self, total;                   /* as the profile has them */
    int64_t sides_self[2], sides_total[2]; /* of a comparison: base's and head's */
    double self_share, total_share;        /* of the whole, 0 to 1 */
    double width, height;
    struct pv_box_line lines[PV_BOX_LINES];
    unsigned line_count;
};

/* An arrow between two boxes, or from one to itself. */
struct pv_graph_arrow {
    uint32_t tail, head;
    int64_t total, calls;         /* total: at most what its functions have */
    int64_t sides[2], base_calls; /* of a comparison: total of base and head; `calls` are head's */
    bool has_total, is_residual;
    double share;       /* of the whole, 0 to 1 */
    double stroke;      /* px */
    size_t from, size;  /* of the label's text */
    double label_width; /* px; 0: no label */
    struct pv_point at; /* the label's middle */
    bool is_label_placed;
};

/* One picture while it is made. */
struct pv_callgraph {
    const struct pv_profile *profile;
    const struct pv_draw *draw;
    struct pv_sheet sheet;
    struct pv_graph_change *change; /* of a comparison; NULL: none */
    uint32_t prune_metric;          /* what decides about what is drawn */
    int64_t whole;                  /* the metric's total without sign */
    struct pv_graph_box *boxes;
    struct pv_graph_arrow *arrows; /* the largest first */
    uint32_t box_count, arrow_count;
    struct pv_text *groups; /* what each module's frame is called, raw bytes */
    uint32_t group_count;
    uint32_t rest_funcs, rest_arcs, cycles;
    int64_t rest_self;
    uint32_t capped, clamped, unlabelled; /* totals above the whole, arcs above their functions */
    uint32_t halvings;
    bool is_straight;
    struct pv_buffer text;
};

/* Room that an arrow from a box to itself takes right of the box, without its label. */
enum { PV_LOOP_WIDTH = 24 };

/* Height and type of an arrow's label. */
enum { PV_ARROW_LABEL_HEIGHT = 14, PV_ARROW_FACE = 10 };

/* px around the boxes of a module's frame; its name stands in the upper strip. */
enum { PV_GROUP_PAD = 20, PV_GROUP_FACE = 11 };

/* Fills boxes and arrows with the part of the graph that at most this many functions and arcs are
 * (0: no maximum), with their texts and sizes. */
void pv_callgraph_fill(struct pv_callgraph *graph, uint32_t max_funcs, uint32_t max_arcs);

/* Releases what it filled; it may be filled again. */
void pv_callgraph_clear(struct pv_callgraph *graph);

/* How many are drawn at most, where the user says nothing (0). */
uint32_t pv_callgraph_most(uint32_t wanted, uint64_t fallback);

/* What a page says of the graph, appended: under the title, of what is not drawn (each sentence a
 * line of `notes`, too), and what sizes and colours mean. */
void pv_callgraph_facts(struct pv_buffer *out, const struct pv_callgraph *graph);
void pv_callgraph_cuts(struct pv_buffer *cuts, const struct pv_callgraph *graph,
                       struct pv_buffer *notes);
void pv_callgraph_legend(struct pv_buffer *out, const struct pv_callgraph *graph);

/* How a box and an arrow look. */
struct pv_style pv_callgraph_box_style(const struct pv_callgraph *graph,
                                       const struct pv_graph_box *box);
enum pv_paint pv_callgraph_arrow_paint(const struct pv_callgraph *graph,
                                       const struct pv_graph_arrow *arrow);

/* px between the end of an arrow's line and its tip, and half of its width. */
double pv_arrow_length(double stroke);
double pv_arrow_half(double stroke);

/* Draws everything at dx, dy. The layout's boxes and arcs are those of the graph. */
void pv_callgraph_paint(const struct pv_callgraph *graph, const struct pv_layout *layout,
                        struct pv_point corner, struct pv_canvas *canvas);

/* For an arrow's label: "1,204", "12 k", "3.4 M". */
void pv_short_count(struct pv_buffer *out, int64_t count);

#endif

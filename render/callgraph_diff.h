#ifndef PV_RENDER_CALLGRAPH_DIFF_H
#define PV_RENDER_CALLGRAPH_DIFF_H

#include "model/prune.h"
#include "render/callgraph_parts.h"

/* What a call graph of two profiles does in its own way. */

/* Makes the picture one of draw->diff where that is there. Release with pv_callgraph_diff_free. */
void pv_callgraph_diff_begin(struct pv_callgraph *graph);
void pv_callgraph_diff_free(struct pv_callgraph *graph);

/* The box's values and shares: of the larger side. */
void pv_callgraph_diff_values(const struct pv_callgraph *graph, struct pv_graph_box *box);

/* "self 1.2 s → 1.8 s (+50 %)" and "total … · calls 3 → 7", appended. */
void pv_callgraph_diff_self(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                            struct pv_buffer *out);
void pv_callgraph_diff_total(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                             struct pv_buffer *out);

/* The arrow's values, and its label "+3.2 % · +4". */
void pv_callgraph_diff_arrow(const struct pv_callgraph *graph, struct pv_graph_arrow *arrow,
                             const struct pv_kept_arc *arc);
void pv_callgraph_diff_label(const struct pv_callgraph *graph, const struct pv_graph_arrow *arrow,
                             struct pv_buffer *out);

/* What its tooltip says behind the ends. */
void pv_callgraph_diff_words(const struct pv_callgraph *graph, const struct pv_graph_arrow *arrow,
                             struct pv_buffer *out);

/* What the functions that are not drawn have themselves, on both sides. */
void pv_callgraph_diff_rest(const struct pv_callgraph *graph, struct pv_buffer *out);

/* How box and arrow look. */
void pv_callgraph_diff_style(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                             struct pv_style *style);
enum pv_paint pv_callgraph_diff_paint(const struct pv_callgraph *graph,
                                      const struct pv_graph_arrow *arrow);

/* Keys, and the legend's sentence. */
void pv_callgraph_diff_keys(const struct pv_callgraph *graph, struct pv_sheet *sheet);
void pv_callgraph_diff_legend(const struct pv_callgraph *graph, struct pv_buffer *out);

#endif

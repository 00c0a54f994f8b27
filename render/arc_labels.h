#ifndef PV_RENDER_ARC_LABELS_H
#define PV_RENDER_ARC_LABELS_H

#include "render/dot_layout.h"

/* Where the labels of a graph's arcs stand: on their own arc, clear of boxes, arrowheads and each
 * other, on as few other arcs as can be, and near the middle of what there is to choose from. */

/* A label of width × height px for route `route` of the layout; width 0: the arc has none, and is
 * only to be avoided. Its arc is `stroke` px wide: wide arcs are avoided more. `head` px at the
 * arc's end stay free. */
struct pv_arc_label {
    uint32_t route;
    double width, height, stroke, head;
    struct pv_point centre; /* the answer, where is_placed */
    bool is_placed;
};

/* Places the labels in their order, the most important first. No label touches a rectangle of
 * `taken` (boxes and other things that are there already) or lies outside width × height of the
 * layout, but for PV_ARC_LABEL_OUT px of the page's margin on the left and right. A label for which
 * there is no room stays without a place. Returns how many those are. */
enum { PV_ARC_LABEL_OUT = 12 };
uint32_t pv_arc_labels_place(struct pv_arc_label *labels, uint32_t count,
                             const struct pv_layout *layout, const struct pv_rect *taken,
                             uint32_t taken_count);

#endif

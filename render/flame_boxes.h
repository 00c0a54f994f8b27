#ifndef PV_RENDER_FLAME_BOXES_H
#define PV_RENDER_FLAME_BOXES_H

#include "model/profile.h"
#include "render/renderer.h"

/* The geometry of a flame graph as numbers: one box per cell, in the metric's values along the
 * width and in levels along the height. */

/* Boxes of one parent stand side by side from the parent's start on, so that what is left at its
 * end is its own; parents come before their children in the array. */
struct pv_flame_box {
    int64_t start, value;
    int64_t total, self; /* what it tells of itself: total is not value where that is a size */
    uint32_t node;       /* of the tree; PV_NONE: a remainder */
    uint32_t parent;     /* box; PV_NONE: the root */
    uint32_t level;      /* 0: the root */
    uint32_t gathered;   /* remainder: how many siblings it stands for */
    bool is_lane;        /* of a chart: a thread or process */
};

struct pv_flame_options {
    uint32_t metric;
    const int64_t *sizes; /* [node] that boxes are wide; NULL: totals, or magnitudes where signed */
    double least_share;   /* boxes under this share of the whole width are gathered */
    enum pv_order order;
    uint64_t most_boxes; /* more: the smallest are gathered too */
    uint32_t most_levels;
    uint32_t sure_levels; /* below this nothing is cut because it is thin */
    bool has_all_rests;   /* remainders that are too narrow are boxes too */
    double
        least_level_share; /* levels above sure_levels that are thinner altogether are gathered */
};

struct pv_flame {
    struct pv_flame_box *boxes;
    uint32_t count, capacity;
    uint32_t levels;
    const int64_t *sizes; /* [node] what a box is wide: totals, or magnitudes where signed */
    int64_t *magnitudes;  /* owned; NULL where totals serve */
    int64_t least;        /* the value that boxes have at least; raised where there were too many */
    uint64_t gathered;    /* siblings that are too narrow, in remainders drawn or too narrow too */
    int64_t gathered_value;
    int64_t deep_value; /* of what stands above the last level */
    bool is_limited;    /* most_boxes was reached */
};

/* Linear in the visible boxes and their children; of what is not visible only the totals are
 * looked at. A signed metric's sizes are Σ |self| below a node. The profile has a tree. Release
 * with pv_flame_free. */
void pv_flame_layout(struct pv_flame *out, const struct pv_profile *profile,
                     const struct pv_flame_options *options);

/* For layouts: a new box at the end, to be filled in. */
struct pv_flame_box *pv_flame_add(struct pv_flame *flame);

/* `least`, or a value that no more than `most` of the sizes reach. */
int64_t pv_flame_least_for(const int64_t *sizes, uint32_t count, int64_t least, uint64_t most);

/* A value above that of all but the `most` largest boxes. */
int64_t pv_flame_value_above(const struct pv_flame *flame, uint64_t most);

/* A value that at most `most` boxes reach, and nearly as many; 0: all do. */
int64_t pv_flame_least_of(const struct pv_flame *flame, uint64_t most);

void pv_flame_free(struct pv_flame *flame);

#endif

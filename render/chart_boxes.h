#ifndef PV_RENDER_CHART_BOXES_H
#define PV_RENDER_CHART_BOXES_H

#include "render/flame_boxes.h"

/* The geometry of a flame chart as numbers: boxes as those of a flame graph, but where they were in
 * time. The root is everything from the first call's begin to the last one's end; below it stands
 * what each track is called (lanes: a process, a thread), below that its calls. Levels count from
 * the top. A lane is as wide as the time from its first call to its last, its total is the time
 * with calls. */

struct pv_chart_options {
    double least_share; /* calls under this share of the whole width are gathered */
    uint64_t most_boxes;
    uint32_t most_levels;
    bool has_all_rests; /* remainders that are too narrow are boxes too */
};

/* What the boxes do not tell. */
struct pv_chart {
    int64_t begin; /* the first call's: where `start` counts from */
    int64_t whole; /* from there to the last call's end */
    int64_t busy;  /* Σ of the outermost calls of all tracks */
    uint32_t tracks;
    uint32_t left_out; /* tracks that there is no room for, and their time */
    int64_t left_out_busy;
};

/* Linear in the calls. Calls that are too narrow become one remainder where they stand closer than
 * `least`, from the first one's begin to the last one's end; its total is their time alone. Boxes
 * come level by level, children of one parent side by side. The profile has spans. Release `out`
 * with pv_flame_free. */
void pv_chart_layout(struct pv_flame *out, struct pv_chart *chart, const struct pv_profile *profile,
                     const struct pv_chart_options *options);

#endif

#ifndef PV_RENDER_TIMELINE_PANELS_H
#define PV_RENDER_TIMELINE_PANELS_H

#include "model/profile.h"
#include "render/axis.h"

/* What a timeline shows, as numbers: which series share a panel, which panels share a clock, and
 * the curves of a panel by px columns. */

enum {
    PV_TIMELINE_LAYERS =
        8, /* of a panel; the last gathers the smallest series where they are more */
    PV_TIMELINE_PANELS = 24,
};

/* What panels below each other have in common. Times in a panel are those of the file less
 * `origin`, which is not 0 where the recording began long after the clock did. */
struct pv_timeline_clock {
    struct pv_text name;
    enum pv_unit unit;
    int64_t scale;
    int64_t from, to, origin;
};

/* One curve within one px: how it comes in and goes out, and how far it went in between. */
struct pv_timeline_column {
    double x; /* of the first change in it */
    int64_t first, low, high, last;
    bool has_change;
};

/* What can be pointed at: a moment and all that was the case from then on. */
struct pv_timeline_moment {
    double x;
    int64_t at, values[PV_TIMELINE_LAYERS];
};

/* A series, or the series of one group, stacked: curve i is the sum of layers 0 to i. */
struct pv_timeline_panel {
    const struct pv_series **series; /* the one with the highest peak first */
    uint32_t series_count, layer_count;
    uint32_t clock; /* index into clocks */
    int64_t scale;  /* of all values here */

    /* By pv_timeline_trace: */
    int64_t low, high;                  /* of the sum, 0 included */
    int64_t peak, peak_at;              /* the first highest sum */
    uint32_t moment_count;              /* distinct moments in the file */
    struct pv_timeline_column *columns; /* [layer][column] */
    uint32_t column_count, first, last; /* the columns between the first and the last change */
    struct pv_timeline_moment *shown;
    uint32_t shown_count;
};

struct pv_timeline {
    struct pv_timeline_clock clocks[PV_TIMELINE_PANELS];
    struct pv_timeline_panel panels[PV_TIMELINE_PANELS];
    uint32_t clock_count, panel_count;
    uint32_t series_count;           /* that have points */
    uint32_t left_out;               /* of them, for which there was no panel */
    const struct pv_series **series; /* of all panels */
};

/* The columns of curve `layer` of a panel that is traced. */
struct pv_timeline_column *pv_timeline_curve(const struct pv_timeline_panel *panel, uint32_t layer);

/* Series without points are left out; panels stand by clock, then as the series do. */
void pv_timeline_make(struct pv_timeline *timeline, const struct pv_profile *profile);
void pv_timeline_free(struct pv_timeline *timeline);

/* Adds the panel's curves along the axis, which has the clock's from and to. */
void pv_timeline_trace(struct pv_timeline *timeline, uint32_t panel, const struct pv_axis *axis);

#endif

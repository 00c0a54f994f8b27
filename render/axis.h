#ifndef PV_RENDER_AXIS_H
#define PV_RENDER_AXIS_H

#include "render/canvas.h"

#include "model/units.h"

/* The axes of a picture that has a scale: round values with labels in one unit, as many as have
 * room. */

enum { PV_AXIS_TICKS = 32, PV_AXIS_HEIGHT = 24 /* px that the labels below a picture take */ };

struct pv_tick {
    double at; /* px */
    char label[PV_NUMBER_SIZE];
    size_t size;
};

/* Fill in all but the ticks. A value v lies at start + (v - from) / (to - from) * (end - start). */
struct pv_axis {
    int64_t from, to; /* values at the ends, in the scale; from <= to */
    enum pv_unit unit;
    int64_t scale;
    struct pv_text prefix; /* for the labels, where the unit has it; empty: what fits */
    double start, end;     /* px; an axis that goes up ends above its start */
    struct pv_tick ticks[PV_AXIS_TICKS];
    unsigned count;
};

/* Where a value lies; at the start where the axis has no length. */
double pv_axis_px(const struct pv_axis *axis, int64_t value);

/* Chooses the ticks: multiples of 1, 2 or 5 times a power of ten (bytes: of a power of two), as
 * near to each other as labels side by side, or 32 px above each other, can be. */
void pv_axis_settle(struct pv_axis *axis);

/* Draws an axis that goes to the right: a line of hair through each tick from y `top` to `bottom`,
 * labels below that. Those of the ends stay within 12 px of the axis. */
void pv_axis_draw_below(const struct pv_axis *axis, double top, double bottom,
                        struct pv_canvas *canvas);

/* Draws one that goes up: a line through each tick from x `left` to `right`, labels left of that.
 */
void pv_axis_draw_left(const struct pv_axis *axis, double left, double right,
                       struct pv_canvas *canvas);

/* Width in px of the widest label. */
double pv_axis_label_width(const struct pv_axis *axis);

#endif

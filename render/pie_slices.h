#ifndef PV_RENDER_PIE_SLICES_H
#define PV_RENDER_PIE_SLICES_H

#include "model/profile.h"

/* What a pie is cut into, and where the words of each slice stand: numbers only. */

enum { PV_PIE_MOST = 12 }; /* slices, with what is gathered in the last one */

struct pv_pie_slice {
    uint32_t frame;  /* PV_NONE: everything else together */
    int64_t value;   /* own value; of everything else its size */
    int64_t total;   /* with all that it calls; recursion counts once */
    double from, to; /* turns, clockwise from 12 o'clock, 0 to 1 */
    double row;      /* middle of its words, px below the pie's centre */
    bool is_left;    /* on which side they stand */
};

struct pv_pie {
    struct pv_pie_slice slices[PV_PIE_MOST];
    uint32_t count;
    uint32_t functions; /* that the profile has */
    uint32_t gathered;  /* functions in the last slice, where it is everything else */
    int64_t whole;      /* what shares are of */
};

/* The functions by their own cost, the largest first (by size where values are signed), down to one
 * part in a hundred; the rest is one slice, so that all make up the whole. A rest of one function
 * is that function. What was measured is enough: a graph of stacks would cost more than all else.
 */
void pv_pie_cut(struct pv_pie *pie, const struct pv_profile *profile, uint32_t metric);

/* Where the words of each slice stand whose line leaves a circle of `radius`: sets `row` and
 * `is_left` so that the words of one side are at least `height` apart and in the order of their
 * slices. Lines from the circle to a vertical line beside it then cut neither the circle nor each
 * other. */
void pv_pie_place(struct pv_pie *pie, double radius, double height);

/* The point of the circle in the middle of the slice, from the centre. */
void pv_pie_middle(const struct pv_pie_slice *slice, double radius, double *x, double *y);

#endif

#ifndef PV_RENDER_PALETTE_H
#define PV_RENDER_PALETTE_H

#include "model/names.h"

/* Every colour of every picture is a slot here; a slot has a light and a dark colour, and the
 * canvas decides which one is seen. Primary text (PV_PAINT_TEXT) reads on every slot that may lie
 * under text (from PV_PAINT_SURFACE to the last before PV_PAINT_ARC) with a contrast of at least
 * 4.5 : 1 in both themes. */
enum {
    PV_HUES = 12,       /* hues for modules */
    PV_HUE_STEPS = 3,   /* lightness steps for the functions of one module */
    PV_COST_STEPS = 16, /* of the cost ramp */
    PV_GREYS = 3,       /* lightness steps of runtime, kernel and unknown frames */
    PV_DIFF_STEPS = 7,  /* steps of less and of more */
    PV_ARC_STEPS = 8,   /* of the ramp for lines */
    PV_COLORMAPS = 5,   /* ramps for cost to choose from; 0 is PV_PAINT_COST */
};

/* A slot. Ramps are ranges: PV_PAINT_COST + 3 is the fourth step of the cost ramp. */
enum pv_paint {
    PV_PAINT_NONE,     /* nothing is painted */
    PV_PAINT_TEXT,     /* primary text */
    PV_PAINT_TEXT_2,   /* secondary text, on the background only */
    PV_PAINT_HAIRLINE, /* rules, borders without meaning */
    PV_PAINT_BORDER,   /* borders that carry meaning: 3 : 1 against the background */
    PV_PAINT_ACCENT,   /* focus and matches; an outline, never a fill */
    PV_PAINT_BACKGROUND,
    PV_PAINT_SURFACE,                                         /* a box that means nothing */
    PV_PAINT_TINT,                                            /* backdrop of a cycle */
    PV_PAINT_REST,                                            /* remainders */
    PV_PAINT_GREY,                                            /* … + PV_GREYS - 1 */
    PV_PAINT_MODULE = PV_PAINT_GREY + PV_GREYS,               /* … + PV_HUES * PV_HUE_STEPS - 1 */
    PV_PAINT_COST = PV_PAINT_MODULE + PV_HUES * PV_HUE_STEPS, /* … + PV_COST_STEPS - 1 */
    PV_PAINT_SAME = PV_PAINT_COST + PV_COST_STEPS,            /* a difference within the noise */
    PV_PAINT_LESS,                                            /* … + PV_DIFF_STEPS - 1 */
    PV_PAINT_MORE = PV_PAINT_LESS + PV_DIFF_STEPS,
    PV_PAINT_MAPS = PV_PAINT_MORE + PV_DIFF_STEPS, /* the other cost ramps, one after the other */
    PV_PAINT_ARC = PV_PAINT_MAPS +
                   (PV_COLORMAPS - 1) * PV_COST_STEPS, /* … + PV_ARC_STEPS - 1: light to strong */
    PV_PAINTS = PV_PAINT_ARC + PV_ARC_STEPS,
};

/* sRGB as 0xRRGGBB. PV_PAINT_NONE gives the background. */
uint32_t pv_palette_rgb(enum pv_paint paint, bool is_dark);

/* What a fill means. */
enum pv_colouring {
    PV_COLOUR_MODULE,   /* hue by module, lightness by function */
    PV_COLOUR_COST,     /* the cost ramp by self share */
    PV_COLOUR_WARM,     /* by function, but warm hues only: what flame graphs have looked like */
    PV_COLOUR_GREY,     /* nothing: for print */
    PV_COLOUR_FUNCTION, /* any hue, by function */
    PV_COLOUR_KIND, /* what kind of code: compiled at run time, inlined, C++, kernel, any other */
    PV_COLOUR_RED,  /* from here on: one hue, lightness by function */
    PV_COLOUR_GREEN,
    PV_COLOUR_BLUE,
    PV_COLOUR_AQUA,
    PV_COLOUR_YELLOW,
    PV_COLOUR_PURPLE,
    PV_COLOUR_ORANGE,
    PV_COLOURINGS,
};

/* The fills of PV_COLOUR_KIND with their words, *count of them, for a legend. */
struct pv_kind_colour {
    enum pv_paint paint;
    struct pv_text words;
};
const struct pv_kind_colour *pv_kind_colours(size_t *count);

/* How well one colour reads on another: 1 to 21 (WCAG 2). */
double pv_contrast(uint32_t a, uint32_t b);

/* The slot of the cost ramp for part of whole, both ≥ 0: perceptually even in the square root of
 * the share, so that small shares differ too. */
enum pv_paint pv_paint_cost(int64_t part, int64_t whole);
enum pv_paint pv_paint_arc(int64_t part, int64_t whole);

/* A slot of the cost ramp in another colormap (0: its own); other slots stay. */
enum pv_paint pv_paint_mapped(enum pv_paint paint, unsigned colormap);

/* The frame's slot. self and whole matter for PV_COLOUR_COST only. Remainders, kernel, runtime and
 * unknown frames are grey whatever the colouring (but for PV_COLOUR_COST). */
enum pv_paint pv_paint_frame(const struct pv_profile *profile, uint32_t frame,
                             enum pv_colouring colouring, int64_t self, int64_t whole);

/* The middle step of a module's hue, for a legend. */
enum pv_paint pv_paint_module(struct pv_text module_key);

#endif

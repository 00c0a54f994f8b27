#ifndef PV_RENDER_PAGE_H
#define PV_RENDER_PAGE_H

#include "render/renderer.h"

/* The frame of every picture: header, legend, what was cut, version. A view fills a pv_sheet, asks
 * for the heights of header and footer, opens the page and draws its own between them. */

enum { PV_MARGIN = 16, PV_LEGEND_KEYS = 8 };

/* A swatch with words in the legend. */
struct pv_key {
    struct pv_style style;
    struct pv_text text; /* any bytes */
};

struct pv_sheet {
    const struct pv_live *live; /* goes to the canvas with the page; NULL: nothing */
    const struct pv_draw *draw;
    const struct pv_profile *profile;
    const char *view;      /* "Flame graph": the title where the user gives none */
    struct pv_text total;  /* instead of metric and total; empty: those */
    struct pv_text facts;  /* goes behind it: "1,234 functions" */
    struct pv_text cuts;   /* what was cut, sentences in one line; empty: nothing */
    struct pv_text legend; /* what width, area, size, colour mean */
    struct pv_key keys[PV_LEGEND_KEYS];
    unsigned key_count;
    double width;
    int64_t whole; /* what shares are of */
};

/* Adds the keys of the cost ramp, shares from 0 to 100 %; skew as in pv_draw. */
void pv_sheet_cost_keys(struct pv_sheet *sheet, double skew);

/* px from the page's top to where the view begins. */
double pv_sheet_header(const struct pv_sheet *sheet);

/* Opens the canvas' page (header + body + footer high) and draws header and footer. */
void pv_sheet_draw(const struct pv_sheet *sheet, double body_height, struct pv_canvas *canvas);

/* The grey line under the title, raw bytes, appended. */
void pv_sheet_facts(struct pv_buffer *out, const struct pv_sheet *sheet);

/* What the profile says of itself, sentences in one line: what filters left out, what is estimated,
 * what was cut. Raw bytes, appended. */
void pv_sheet_notes(struct pv_buffer *out, const struct pv_sheet *sheet);

/* The metric's name for people ("Samples", "CPU time (s)"), its total ("12.3 s") and a value in
 * it, appended; all follow draw->unit and draw->count_name. */
void pv_sheet_metric(struct pv_buffer *out, const struct pv_sheet *sheet);
void pv_sheet_value(struct pv_buffer *out, const struct pv_sheet *sheet, int64_t value);

/* "12.3 % (1.42 s)" of sheet->whole. */
void pv_sheet_share(struct pv_buffer *out, const struct pv_sheet *sheet, int64_t value);

/* A picture that says just this. */
void pv_sheet_say(const struct pv_sheet *sheet, struct pv_text words, struct pv_canvas *canvas);

/* A picture that says "nothing recorded", or of functions that cost nothing "every value is 0". */
void pv_sheet_empty(const struct pv_sheet *sheet, struct pv_canvas *canvas);

#endif

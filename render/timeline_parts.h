#ifndef PV_RENDER_TIMELINE_PARTS_H
#define PV_RENDER_TIMELINE_PARTS_H

#include "render/labels.h"
#include "render/page.h"
#include "render/timeline_calls.h"
#include "render/timeline_panels.h"

/* What timeline.c and timeline_words.c share. */

enum { PV_TIMELINE_COLOURS = 12 /* before they repeat */ };

/* Where a panel lies. */
struct pv_timeline_place {
    struct pv_rect plot;
    double top;     /* of the panel with its words */
    double calls;   /* px for brackets above the plot: the first panel of a clock has them */
    bool has_clock; /* ticks below it */
};

/* One picture while it is drawn. */
struct pv_timeline_picture {
    const struct pv_profile *profile;
    const struct pv_draw *draw;
    struct pv_canvas *canvas;
    struct pv_sheet sheet;
    struct pv_timeline timeline;
    struct pv_timeline_place places[PV_TIMELINE_PANELS];
    double height;                  /* of all panels */
    struct pv_timeline_calls calls; /* while a clock's first panel is drawn */
    uint32_t call_count, calls_left_out;
    uint32_t next_item;
    pv_str colours[PV_TIMELINE_COLOURS]; /* names of stacked series, as they come */
    uint32_t colour_count;
    struct pv_step *steps;
    uint32_t step_count, step_room;
    struct pv_buffer total, facts, legend, cuts, words, label, tooltip;
};

/* A stretch of a layer: columns [from, to) and the y between which it lies all the way. */
struct pv_timeline_stretch {
    uint32_t from, to;
    double high, low;
};

/* A value; a moment or a length of time of the clock ("1.2 s", "557,036 instructions"); what a
 * panel shows ("memory", and whose it is); what a layer of it is. All appended, raw bytes. */
void pv_timeline_value(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                       int64_t value, enum pv_unit unit, int64_t scale);
void pv_timeline_time(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                      const struct pv_timeline_clock *clock, int64_t at);
void pv_timeline_name(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                      const struct pv_timeline_panel *panel);
void pv_timeline_layer_name(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                            const struct pv_timeline_panel *panel, uint32_t layer);

const struct pv_timeline_clock *pv_timeline_clock_of(const struct pv_timeline_picture *picture,
                                                     const struct pv_timeline_panel *panel);

/* A layer's colour: names keep theirs from panel to panel, so that two runs compare. */
enum pv_paint pv_timeline_paint(struct pv_timeline_picture *picture,
                                const struct pv_timeline_panel *panel, uint32_t layer);

/* Where a text of `width` px stands well in a layer; false where there is no room. */
bool pv_timeline_room(const struct pv_timeline_panel *panel, uint32_t layer,
                      const struct pv_axis *up, double width, struct pv_timeline_stretch *room);

/* Whether the moments of the file are so few that marks tell them apart. */
bool pv_timeline_has_marks(const struct pv_timeline_panel *panel);

/* Fill in the sheet, once all panels are traced; keys come first. */
void pv_timeline_keys(struct pv_timeline_picture *picture);
void pv_timeline_facts(struct pv_timeline_picture *picture);
void pv_timeline_legend(struct pv_timeline_picture *picture, struct pv_buffer *notes);

#endif

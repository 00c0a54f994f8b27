#ifndef PV_RENDER_LINE_LISTING_H
#define PV_RENDER_LINE_LISTING_H

#include "model/map.h"
#include "render/table.h"

/* Which lines of which functions a listing shows, in which order, before it is a table. */

enum pv_listed_kind {
    PV_LISTED_FUNCTION, /* begins a function's lines */
    PV_LISTED_FILE,     /* lines of another file follow: inlined code */
    PV_LISTED_LINE,     /* one that cost something */
    PV_LISTED_AROUND,   /* one that did not, beside one that did */
    PV_LISTED_GAP,      /* lines between that are not shown */
    PV_LISTED_REST,     /* `count` lines with cost that are not shown */
    PV_LISTED_NO_LINE,  /* own cost of which no line is known */
    PV_LISTED_BLANK,    /* between two functions */
    PV_LISTED_OTHERS,   /* `count` functions that are not shown; 0: what is of no function */
    PV_LISTED_TOTAL,
};

struct pv_listed {
    enum pv_listed_kind kind;
    uint32_t frame;
    pv_str file;
    uint32_t line, count;
    int64_t self;
    struct pv_text source; /* raw, tabs as blanks, without the blanks that all of a function have */
};

/* Set the first five members, zero the rest; pv_line_listing_free releases it. */
struct pv_line_listing {
    const struct pv_profile *profile; /* with lines and graph */
    uint32_t metric;
    const struct pv_source_finder *finder;
    uint32_t most;          /* functions, and lines of each; 0: all */
    struct pv_arena *arena; /* for texts */
    struct pv_listed *rows;
    size_t count, capacity;
    struct pv_map missing, changed; /* files: not found; with fewer lines than were measured */
    struct pv_budget budget;        /* without a limit: what is shown is bounded */
    uint32_t *spots; /* rows of profile->lines, a function's together in the order shown */
    uint8_t *marks;  /* by row of profile->lines */
};

/* Makes the rows. Σ self of functions, and the rest, is the metric's total. */
void pv_line_listing_make(struct pv_line_listing *listing);
void pv_line_listing_free(struct pv_line_listing *listing);

#endif

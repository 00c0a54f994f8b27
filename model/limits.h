#ifndef PV_MODEL_LIMITS_H
#define PV_MODEL_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A maximum on everything that grows with the input. All of them are options of the program;
 * every one that is hit is reported. */
struct pv_limits {
    uint64_t input_bytes;   /* decompressed bytes of one input */
    uint64_t ratio;         /* decompressed : compressed, looked at beyond ratio_from bytes */
    uint64_t ratio_from;    /* bytes */
    uint64_t line_bytes;    /* one line or string of an input */
    uint64_t name_bytes;    /* one stored name; longer names are cut visibly */
    uint64_t stack_depth;   /* frames of one stack; deeper is cut with a visible frame */
    uint64_t nesting;       /* containers within containers (JSON, marshal) */
    uint64_t functions;     /* distinct functions */
    uint64_t arcs;          /* distinct caller → callee pairs */
    uint64_t nodes;         /* nodes of the call tree */
    uint64_t memory;        /* bytes that the model may hold; 0: no limit but the others */
    uint64_t series;        /* series of values over time; the rest is left out */
    uint64_t series_points; /* points of one series; thinned beyond */
    uint64_t graph_nodes;   /* boxes in a drawn graph */
    uint64_t graph_arcs;    /* arcs in a drawn graph */
    uint64_t layout_ms;     /* CPU milliseconds of a graph layout */
    uint64_t flame_frames;  /* frames in an SVG flame graph */
    uint64_t png_pixels;    /* pixels of one PNG */
    uint64_t png_side;      /* pixels of one side of a PNG */
    uint64_t carried_rows;  /* functions, arcs, nodes and points of a profile inside a picture */

    /* No limits but of the same kind: optional parts of a profile, which cost memory and are kept
     * only where what is made of the profile needs them. */
    bool keeps_lines, keeps_spans;
    bool takes_order; /* stacks without times come in the order of time: with keeps_spans */
};

/* The limits of the manual, where the user says nothing else. */
struct pv_limits pv_limits_default(void);

/* One row per limit: the option that sets it (without "--"), what it means, and where it is. */
struct pv_limit_row {
    const char *option, *summary;
    size_t offset; /* of its uint64_t in struct pv_limits */
    bool is_bytes; /* takes 64K, 16M, 4G */
};

/* All rows, *count of them. */
const struct pv_limit_row *pv_limit_rows(size_t *count);

/* Bytes that a builder holds, against limits.memory; sticky. */
struct pv_budget {
    uint64_t used, limit; /* limit 0: none */
    bool is_over;
};

/* Grows the array at *array to hold at least `needed` items of `item` bytes: doubles, so that
 * growing is linear. False (and budget->is_over) where the budget does not allow it: the array
 * stays as it was. Capacity counts items. Release with free. */
bool pv_grow(void **array, uint32_t *capacity, uint64_t needed, size_t item,
             struct pv_budget *budget);

/* Takes `bytes` from the budget; false and sticky where it is used up. */
bool pv_budget_take(struct pv_budget *budget, uint64_t bytes);

#endif

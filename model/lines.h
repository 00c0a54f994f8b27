#ifndef PV_MODEL_LINES_H
#define PV_MODEL_LINES_H

#include "model/limits.h"
#include "model/strings.h"

#include <stdint.h>

/* What a profile knows of own cost beyond its functions: on which line of which file it fell. Kept
 * only where limits.keeps_lines asks for it; profile->lines is NULL otherwise, and where the input
 * tells no lines. */

/* A line within a function. Inlined code has a file of its own. */
struct pv_line {
    uint32_t frame;
    pv_str file; /* 0: the frame's */
    uint32_t line;
};

/* Each line once, in no order. Columns are [metric][row]. A function's lines add up to its own cost
 * or to less: what no line is known for is not in them. */
struct pv_lines {
    struct pv_line *rows;
    uint32_t count;
    int64_t **self;
};

/* Lines by what they are. Zero-initialise; pv_line_table_free releases it. */
struct pv_line_table {
    struct pv_line *rows;
    uint32_t count, capacity;
    uint32_t *slots; /* row + 1; 0: free */
    uint32_t slot_count, last;
};

/* The row of a line, found or added; false where the budget is used up. */
bool pv_line_table_put(struct pv_line_table *table, const struct pv_line *line, uint32_t *row,
                       struct pv_budget *budget);
void pv_line_table_free(struct pv_line_table *table);

#endif

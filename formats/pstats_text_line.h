#ifndef PV_FORMATS_PSTATS_TEXT_LINE_H
#define PV_FORMATS_PSTATS_TEXT_LINE_H

#include "model/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The lines of what pstats prints, taken apart (source: print_stats, print_callers and
 * print_callees of Lib/pstats.py in CPython). */

/* Times in nanoseconds; calls PV_UNKNOWN_CALLS where the text has a negative number. */
struct pv_pstats_numbers {
    int64_t calls, primitive_calls, self, total;
    bool has_times; /* false: only calls hold, and the rest is unknown */
};

/* "233352 function calls (7824 primitive calls) in 0.073 seconds" */
bool pv_pstats_text_summary(struct pv_text line, int64_t *calls, int64_t *ns);

/* "ncalls  tottime  percall  cumtime  percall filename:lineno(function)" */
bool pv_pstats_text_is_header(struct pv_text line);

/* "104369/780    0.037    0.000    0.063    0.000 recurse.py:30(male)": columns are blank where
 * there would be a division by zero. */
bool pv_pstats_text_row(struct pv_text line, struct pv_pstats_numbers *numbers,
                        struct pv_text *label);

/* "Function      was called by..." or "Function      called...": *column is where the second half
 * begins, in characters. */
bool pv_pstats_text_calls_header(struct pv_text line, bool *is_callers, size_t *column);

/* "ncalls  tottime  cumtime", which follows where the values are tuples. */
bool pv_pstats_text_is_subheader(struct pv_text line);

/* Cuts a line at the arrow in that column, or at the first one; false where it has none. */
bool pv_pstats_text_cut(struct pv_text line, bool is_callers, size_t column, struct pv_text *label,
                        struct pv_text *rest);

/* What stands behind the arrow, or alone on the lines that follow: "229/2    0.000    0.000
 * recurse.py:8(ackermann)", or "tiny.py:2(parse)(200)    0.004", whose time is not the arc's. */
bool pv_pstats_text_share(struct pv_text rest, struct pv_pstats_numbers *numbers,
                          struct pv_text *label);

#endif

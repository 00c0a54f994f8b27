#ifndef PV_FORMATS_GPROF_LINE_H
#define PV_FORMATS_GPROF_LINE_H

#include "formats/call_entries.h"

/* The lines of gprof's two tables, as GNU gprof, those of BSD, AIX and macOS, and others made after
 * them print them. */

/* What a table's header says of its numbers: a time t of the table is t × 10^power of the metric's
 * unit. */
struct pv_gprof_units {
    struct pv_text metric; /* "time" for seconds, else what the header calls it: "cycles" */
    enum pv_unit unit;
    unsigned power;      /* of times */
    unsigned call_power; /* of times per call */
    bool has_call_power; /* false: not known */
};

/* Where no header says anything else. */
struct pv_gprof_units pv_gprof_seconds(void);

/* "time   seconds   seconds    calls  ms/call  ms/call  name": *units is set. */
bool pv_gprof_flat_header(struct pv_text line, struct pv_gprof_units *units);

/* "index % time    self  children    called     name" */
bool pv_gprof_graph_header(struct pv_text line);

/* "(K)        (K)                (K)", below the header: the numbers are thousands. */
bool pv_gprof_scale(struct pv_text line, struct pv_gprof_units *units);

/* "18.18      0.06     0.06    23480     0.00     0.00  find": *total is what the whole time per
 * call makes of all calls, 0 where it is not told. */
bool pv_gprof_flat_row(struct pv_text line, const struct pv_gprof_units *units,
                       struct pv_entry_line *row, int64_t *total);

/* "[1]    100.0    0.02    0.00       1+11405772 fib [1]", which is primary, and
 * "0.02    0.00       1/1           main [2]". */
bool pv_gprof_entry_line(struct pv_text line, const struct pv_gprof_units *units,
                         struct pv_entry_line *out, bool *is_primary);

#endif

#ifndef PV_FORMATS_CALL_ENTRIES_H
#define PV_FORMATS_CALL_ENTRIES_H

#include "model/builder.h"
#include "model/input.h"

/* Profiles that are printed as entries: a function with its callers above it and its callees below
 * it, as gprof prints its call graph and VTune what it calls gprof-cc. Each call is told twice, by
 * the caller's entry and by the callee's, but for entries that were not printed. What is written
 * here is common to such formats: which of the two counts, what is known of functions without an
 * entry, cycles, and recursion. Errors are the builder's. */
struct pv_call_entries;

/* One line of an entry. Times are in the metric's scale. */
struct pv_entry_line {
    struct pv_text name, file;
    uint32_t line;  /* that ran; 0: not known */
    uint32_t index; /* of its own entry, PV_NONE where it has none */
    bool is_nobody; /* <spontaneous>: whoever calls from outside of what is known */
    bool is_cycle;  /* <cycle 1 as a whole> */
    bool is_member; /* of a cycle */
    bool has_time;  /* calls within a cycle have none */
    int64_t self, children;
    int64_t calls, recursive; /* PV_UNKNOWN_CALLS, 0 */
};

/* Takes " [12]", " <cycle 1>" and " (file.c:7 @ 1265)" off a name and sets what they say, name,
 * file, line, index and the three is_…; false where no name is left. */
bool pv_entry_name(struct pv_text text, struct pv_entry_line *out);

/* `input` and `builder` must outlive it. The builder is of arcs, and without a metric. */
struct pv_call_entries *pv_call_entries_new(struct pv_input *input, struct pv_builder *builder);
void pv_call_entries_free(struct pv_call_entries *entries);

/* What the times are, said before the first of them; only the first call counts. */
void pv_call_entries_metric(struct pv_call_entries *entries, struct pv_text name,
                            enum pv_unit unit);

/* A new graph begins: indexes begin anew. */
void pv_call_entries_section(struct pv_call_entries *entries);

/* A line of an entry: of its function where is_primary, else of a caller above or of a callee below
 * it. pv_call_entries_end: the entry is over; false where it had no function. */
void pv_call_entries_line(struct pv_call_entries *entries, const struct pv_entry_line *line,
                          bool is_primary);
bool pv_call_entries_end(struct pv_call_entries *entries);

/* A row of a flat table, whose own time counts rather than what the entries say, also by line;
 * `total` is an estimate of its whole time, 0 where there is none. */
void pv_call_entries_flat(struct pv_call_entries *entries, const struct pv_entry_line *row,
                          int64_t total);

/* How many functions were found. */
uint32_t pv_call_entries_count(const struct pv_call_entries *entries);

/* Gives the functions to the builder, notes what was estimated, clamped and skipped, and ends the
 * builder. */
bool pv_call_entries_finish(struct pv_call_entries *entries, struct pv_profile **out,
                            struct pv_error *err);

#endif

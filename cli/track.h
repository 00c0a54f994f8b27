#ifndef PV_CLI_TRACK_H
#define PV_CLI_TRACK_H

#include "cli/history.h"
#include "cli/options.h"
#include "model/output.h"
#include "model/profile.h"
#include "model/trend.h"

/* What profviz track does between profiles, the history and what is shown of it. */

/* Names with patterns, "db=sqlite3.*": the first that matches a text counts. False for what has no
 * name or no good expression. Release with pv_categories_free. */
struct pv_categories {
    struct pv_text *names;
    struct pv_pattern **patterns;
    size_t count;
};
bool pv_categories_make(struct pv_categories *out, const struct pv_texts *texts,
                        struct pv_error *err);
void pv_categories_free(struct pv_categories *categories);

/* Which category a function is of; categories->count where none. Patterns look at "execute
 * (sqlite3/base.py) [django]", in which only what is known stands. `words` is room to work in. */
size_t pv_categories_find(const struct pv_categories *categories,
                          const struct pv_history_function *function, struct pv_buffer *words);

/* "render (template.py)": a function as a history shows it. Replaces the content of `out`. */
void pv_track_name(struct pv_buffer *out, const struct pv_history_function *function);

/* What becomes of a profile in the history: its totals and, if any, the number of its calls; by
 * function, module and category what they cost themselves. The graph must be there. All lies in
 * the arena. */
void pv_track_metrics(struct pv_history_run *out, struct pv_arena *arena,
                      const struct pv_profile *profile, const struct pv_categories *categories);

/* Reads one series out of the history, with its parts, its changes and what made them. With
 * categories parts are of those; *is_partial tells that runs of a history of version 1 know them
 * only as far as their costliest functions go. Release with pv_trend_free. */
bool pv_track_trend(struct pv_trend *out, struct pv_history *history,
                    const struct pv_history_series *series, const struct pv_categories *categories,
                    bool *is_partial, struct pv_error *err);

/* One series as rows of CSV, a row for each total, function and part of a run; the titles of the
 * columns. */
void pv_track_export_head(struct pv_output *output);
bool pv_track_export(struct pv_output *output, struct pv_history *history,
                     const struct pv_history_series *series, struct pv_error *err);

#endif

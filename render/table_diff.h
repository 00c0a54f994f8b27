#ifndef PV_RENDER_TABLE_DIFF_H
#define PV_RENDER_TABLE_DIFF_H

#include "model/diff.h"
#include "render/table.h"

/* What changed, function by function, the largest change first: own value in base and head, its
 * change absolute and relative, the total's change, the calls'; what is new or gone; "~" where a
 * change may be chance. options->metric is the number of the pair. Functions in which nothing
 * changed stand in the remainder, unless options->rows is 0. The table points into the profile.
 * False: a unit that the metric does not have, or calls to sort by that a side does not tell. */
bool pv_table_diff(struct pv_table **out, const struct pv_diff *diff,
                   const struct pv_top_options *options, struct pv_error *err);

/* Everything about every function as JSON: docs/diff.md tells its members. */
void pv_diff_write_json(const struct pv_diff *diff, uint32_t pair, struct pv_output *output);

#endif

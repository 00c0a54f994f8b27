#ifndef PV_MODEL_TRANSFORM_SHAPE_PARTS_H
#define PV_MODEL_TRANSFORM_SHAPE_PARTS_H

#include "model/transform_parts.h"

/* Shared by the files of model/transform_shape, nobody else's business. */

/* A share below which everything is pruned, exactly: value / 10^digits percent. */
struct pv_least {
    struct pv_decimal percent;
};

/* Whether a row of values is below the share in every metric. */
bool pv_is_small(const struct pv_profile *profile, const struct pv_least *least,
                 int64_t *const *columns, uint32_t at);

/* Ends the note on what was gathered in a remainder; `functions` of them; amounts lie in left_out.
 */
void pv_remake_note_gathered(struct pv_remake *remake, uint64_t functions);

/* Everything as it is. */
void pv_remake_all(struct pv_remake *remake);

/* On arcs: functions that get the same frame of the builder become one. Returns how many groups of
 * several there are. */
uint32_t pv_group_arcs(struct pv_remake *remake, const uint32_t *frame_of_func);

/* On arcs: the functions marked become one remainder. */
bool pv_gather_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                    const bool *is_rest, struct pv_error *err);

/* On arcs, where there are lines: each becomes a function that its function calls, and takes its
 * cost along. */
void pv_split_lines(struct pv_remake *remake);

/* Functions that are more than `depth` - 1 calls away from where stacks begin: by function, to be
 * freed. */
bool *pv_deeper_funcs(const struct pv_profile *profile, uint64_t depth);

bool pv_reverse_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                     struct pv_error *err);
bool pv_collapse_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                      struct pv_error *err);

#endif

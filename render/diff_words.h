#ifndef PV_RENDER_DIFF_WORDS_H
#define PV_RENDER_DIFF_WORDS_H

#include "model/diff.h"
#include "render/page.h"

/* Less than this part of the whole has no colour. */
#define PV_DIFF_LEAST 0.0002

/* How a difference is put into words, the same in tables and pictures. */

/* "time 1.42 s → 1.8 s (+26.8 %)", in the unit's prefix `unit` (empty: a fitting one). */
void pv_diff_add_whole(struct pv_buffer *out, const struct pv_diff *diff, uint32_t pair,
                       struct pv_text unit);

/* "40 functions, 3 new, 2 gone" */
void pv_diff_add_functions(struct pv_buffer *out, const struct pv_diff *diff);

/* How sure values are taken to be, and what is known about chance: one sentence without its stop.
 */
void pv_diff_add_doubt(struct pv_buffer *out, const struct pv_diff *diff, uint32_t pair);

/* `lead` and that nothing tells any change from chance, without a stop: a picture's words where
 * values were measured once or a few times. Else nothing, and false. */
bool pv_diff_add_warning(struct pv_buffer *out, const char *lead, const struct pv_diff *diff,
                         uint32_t pair);

/* What shares of changes are of: base's total, or head's where base has nothing. */
int64_t pv_diff_whole(const struct pv_diff *diff, uint32_t pair);

#endif

#ifndef PV_FORMATS_CALLGRIND_HEAD_H
#define PV_FORMATS_CALLGRIND_HEAD_H

#include "model/profile.h"

/* What a `desc:` says where calls=1 stands for a number of calls that is not known: what follows
 * calls=0 is taken for the caller's own cost by callgrind_annotate. */
#define PV_CALLGRIND_UNKNOWN_CALLS "Calls: 1 where the number is not known"

/* What pv_callgrind_write puts first: who wrote it, from what, and the metrics as events.
 * `has_unknown_calls`: the file has calls=1 where nobody knows. */
void pv_callgrind_head(struct pv_buffer *out, const struct pv_profile *profile,
                       bool has_unknown_calls);

/* Appends the name without bytes that would end the line or not come back: controls, and blanks at
 * the front, which belong to the number before a name, become \xNN. True where there were any. */
bool pv_callgrind_add_safe(struct pv_buffer *out, struct pv_text name);

#endif

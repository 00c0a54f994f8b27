#ifndef PV_FORMATS_CALLGRIND_H
#define PV_FORMATS_CALLGRIND_H

#include "model/output.h"
#include "model/profile.h"

/* Writes the call graph (which must be there) in callgrind's format, for KCachegrind and
 * callgrind_annotate: names with numbers, costs at the line of the function's definition, calls
 * with what they cost in all, every metric as an event. Decimals become integers of a smaller unit,
 * which the event's name tells. What the format cannot hold is counted in *lost, a sentence a line.
 */
void pv_callgrind_write(struct pv_profile *profile, struct pv_output *output,
                        struct pv_buffer *lost);

#endif

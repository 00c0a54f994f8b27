#ifndef PV_FORMATS_PSTATS_WRITE_H
#define PV_FORMATS_PSTATS_WRITE_H

#include "formats/format.h"

/* The dump that Python's pstats module reads, of the first metric: the writer of pv_format_pstats.
 * The graph must be there. */
void pv_pstats_write(struct pv_profile *profile, struct pv_output *output, struct pv_buffer *lost);

#endif

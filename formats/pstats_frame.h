#ifndef PV_FORMATS_PSTATS_FRAME_H
#define PV_FORMATS_PSTATS_FRAME_H

#include "model/profile.h"

/* What the file and the name that Python's profilers write for a function say about it: flags of
 * enum pv_frame_flag. Built-in functions have the file "~" (cProfile, PyPy) or "" (profile).
 * Loaders are exec and its like, the import machinery and runpy: they run whatever code comes
 * along, so that calls through them say nothing about who needs whom. A file's part of the answer
 * is the same for all its functions. */
uint32_t pv_pstats_file_flags(struct pv_text file);
uint32_t pv_pstats_flags(uint32_t file_flags, struct pv_text name);

/* Whether a function's total exceeds the sum of all own times, as the files themselves may have it:
 * the profiler's overhead, or functions of one label whose values overwrote each other. */
bool pv_pstats_is_unbounded(const struct pv_profile *profile);

#endif

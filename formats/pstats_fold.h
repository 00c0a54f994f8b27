#ifndef PV_FORMATS_PSTATS_FOLD_H
#define PV_FORMATS_PSTATS_FOLD_H

#include "model/error.h"
#include "model/profile.h"

/* Python 3.15's sampler (profiling.sampling --pstats) writes samples where profilers write calls,
 * and one row per executing line. Replaces the profile that such a file reads as by one whose
 * functions are (name, file), whose calls are unknown and whose samples are a second metric. The
 * times of arcs, which the file leaves out, are their samples times the sampling interval. False
 * where a limit is reached: the profile is as it was. */
bool pv_pstats_fold(struct pv_profile **profile, const struct pv_limits *limits,
                    struct pv_error *err);

#endif

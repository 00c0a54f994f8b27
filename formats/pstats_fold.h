#ifndef PV_FORMATS_PSTATS_FOLD_H
#define PV_FORMATS_PSTATS_FOLD_H

#include "formats/pstats_parts.h"

/* What is known about a pstats file only at its end, when its profile is built already; it is then
 * built once more.
 *
 * Python 3.15's sampler (profiling.sampling --pstats) writes samples where profilers write calls,
 * and one row per executing line, and says so in the last entry. Functions become (name, file),
 * their calls unknown, and samples a second metric; the times of arcs, which the file leaves out,
 * are their samples times the sampling interval.
 *
 * A function that has another one's callers gets copies of its arcs. */
struct pv_pstats_afterwards {
    bool is_sampled;
    const struct pv_pstats_alias *aliases;
    uint32_t alias_count;
};

/* Replaces *profile. False where a limit is reached: the profile is as it was. */
bool pv_pstats_fold(struct pv_profile **profile, const struct pv_pstats_afterwards *afterwards,
                    const struct pv_limits *limits, struct pv_error *err);

#endif

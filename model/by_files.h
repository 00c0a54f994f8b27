#ifndef PV_MODEL_BY_FILES_H
#define PV_MODEL_BY_FILES_H

#include "model/profile.h"

/* A profile of stacks that are no calls: the module, the file, the function and, where the profile
 * has lines, the line, each with its self value in one metric, which becomes metric 0. Exact
 * whatever was measured. A level that is not known, or says the same as the one above, is left out.
 * Made of frames whose value is not 0, *functions of them. The profile has a tree (of stacks) or a
 * graph (of arcs). False where limits are reached. */
bool pv_profile_by_files(struct pv_profile **out, uint32_t *functions,
                         const struct pv_profile *profile, uint32_t metric,
                         const struct pv_limits *limits, struct pv_error *err);

#endif

#ifndef PV_MODEL_MERGE_H
#define PV_MODEL_MERGE_H

#include "model/profile.h"

/* One profile out of several: frames by identity, metrics by name and unit, the larger scale, what
 * is missing counts 0. Trees are united, graphs added; stacks with arcs become arcs. Commutative
 * and associative up to the canonical order of outputs. */
bool pv_merge(struct pv_profile **out, struct pv_profile *const *profiles, size_t count,
              const struct pv_limits *limits, struct pv_error *err);

#endif

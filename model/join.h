#ifndef PV_MODEL_JOIN_H
#define PV_MODEL_JOIN_H

#include "model/profile.h"

/* Puts profiles together as pv_merge does; but where they say whose they are (pv_build_whose), and
 * that is not one process and one thread, each is put below frames of its own, "process 4711" and
 * "thread 2", so that one can see what each did. Profiles of one thread, as the parts of a run are,
 * add up below one frame. What begins in a function is what it and its component cost beyond what
 * its callers tell. Profiles of stacks have such frames already, and are merged as they are.
 * Nothing depends on the order of the profiles. False: a limit. */
bool pv_join(struct pv_profile **out, struct pv_profile *const *profiles, size_t count,
             const struct pv_limits *limits, struct pv_error *err);

#endif

#ifndef PV_MODEL_SAMPLING_H
#define PV_MODEL_SAMPLING_H

#include "model/profile.h"

/* How many samples the values of a metric stand for. A file may write each as the time, the events
 * or the bytes that it stands for: then all values are multiples of that, and what follows from
 * numbers of samples does not follow from the values themselves. */
struct pv_sampling {
    int64_t step;    /* what all values are multiples of; 0: there was none */
    int64_t least;   /* the smallest of them */
    uint64_t values; /* how many there were that are not 0 */
};

/* Adds the own values of the profile's stacks (of its functions, where it tells no stacks), times
 * `factor` (at least 1). Starts with {0}; several profiles of one kind are looked at together. */
void pv_sampling_look(struct pv_sampling *of, const struct pv_profile *profile, uint32_t metric,
                      int64_t factor);

/* What a sample is written as: the common step of all values, unless so few of them may well have
 * one by chance; at least 1. */
int64_t pv_sampling_step(const struct pv_sampling *of);

/* False where the values, `whole` together, cannot be numbers of samples: they are more than
 * anybody takes, or there are many and not one is small. */
bool pv_sampling_is_count(const struct pv_sampling *of, double whole);

#endif

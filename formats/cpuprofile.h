#ifndef PV_FORMATS_CPUPROFILE_H
#define PV_FORMATS_CPUPROFILE_H

#include "formats/v8_tree.h"

/* The parts of .cpuprofile, V8's CPU profiles; the descriptor is in cpuprofile.c. */

struct pv_cpuprofile_numbers {
    int64_t *values;
    uint32_t count, capacity;
    bool is_there;
};

/* Times are in nanoseconds. */
struct pv_cpuprofile {
    struct pv_v8_tree tree;
    struct pv_cpuprofile_numbers samples;    /* ids of nodes */
    struct pv_cpuprofile_numbers deltas;     /* timeDeltas: of each sample to the one before */
    struct pv_cpuprofile_numbers timestamps; /* until 2017: of each sample */
    struct pv_decimal start, end;            /* startTime and endTime as they are written */
    bool has_start, has_end;
};

/* What each sample lasted: to the one after it, or to the profile's end. Returns an array as long
 * as the samples, to be freed; NULL where the file has no times. `order` (as long; freed by the
 * caller) receives the samples in the order of time, which is not that of the file where a clock
 * went back: *backwards counts how often. False and *err: times that do not fit in 64 bits. */
bool pv_cpuprofile_durations(const struct pv_cpuprofile *profile, uint32_t *order,
                             int64_t **durations, uint32_t *backwards, struct pv_error *err);

#endif

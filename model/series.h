#ifndef PV_MODEL_SERIES_H
#define PV_MODEL_SERIES_H

#include "model/strings.h"
#include "model/units.h"

#include <stdint.h>

/* Values over time: memory, counters, throughput. A value holds from its point to the next one. */

struct pv_series_point {
    int64_t at, value; /* in the series' scales */
};

/* Points are in the order of time; those of one moment keep the order of the file. Identity is
 * owner, group, name, both units and the name of the time. */
struct pv_series {
    pv_str name;    /* "heap" */
    pv_str group;   /* series of one group are parts of one whole and may be stacked; 0: stands
                       alone */
    pv_str owner;   /* the input it is from, where several are put together; else 0 */
    pv_str at_name; /* what goes on: "time", "instructions" */
    enum pv_unit unit, at_unit;
    int64_t scale, at_scale; /* powers of ten, 1 to 10^9 */
    struct pv_series_point *points;
    uint32_t count;
};

/* Index of the first point with the highest value; 0 where there is no point. */
uint32_t pv_series_peak(const struct pv_series *series);

/* Canonical order, which is total: by identity, then by points. Negative, zero, positive. */
int pv_series_compare(const struct pv_strings *strings, const struct pv_series *a,
                      const struct pv_series *b);

#endif

#ifndef PV_FORMATS_TRACE_TIME_H
#define PV_FORMATS_TRACE_TIME_H

#include "model/text.h"

#include <stdint.h>

/* Times as logs write them, in whole nanoseconds; more digits than that are rounded half away from
 * zero. False where the text is none, or does not fit. */

/* A unit: nanoseconds are the number times 10^power times factor. */
struct pv_trace_unit {
    const char *name;
    unsigned power;
    int64_t factor;
};

/* The units that a description may name, by index from 0; NULL behind the last. The first is
 * seconds. */
const struct pv_trace_unit *pv_trace_unit(unsigned index);

/* The same by what a line may call it: also "us" with a micro sign, "sec", "msec", "m". */
const struct pv_trace_unit *pv_trace_unit_named(struct pv_text name);

/* "12", "0.001", "1,5" (where the locale has it so), "1e-3". *last is the weight of the last digit
 * in nanoseconds, at least 1. */
bool pv_trace_parse_number(int64_t *ns, int64_t *last, struct pv_text text,
                           const struct pv_trace_unit *unit);

/* Since midnight: "18:03:08", "18:03:08.352542", "8:03". */
bool pv_trace_parse_clock(int64_t *ns, int64_t *last, struct pv_text text);

/* Since 1970 in UTC: ISO 8601 ("2025-11-22T18:03:08.352Z", "2025-11-22 18:03:08,352 +0100",
 * "20251122T180308") and the Common Log Format ("22/Nov/2025:18:03:08 +0000"). Without a zone it
 * is taken for UTC. */
bool pv_trace_parse_date(int64_t *ns, int64_t *last, struct pv_text text);

#endif

#ifndef PV_MODEL_TREND_H
#define PV_MODEL_TREND_H

#include "model/arena.h"
#include "model/changes.h"
#include "model/text.h"
#include "model/units.h"

/* One metric over runs: what a history is shown as. */

enum { PV_TREND_PARTS = 8 /* shown; the last gathers the rest where there are more */ };

/* All runs of one commit that stand together; values are their medians. */
struct pv_trend_point {
    struct pv_text commit;
    int64_t time, value; /* seconds since 1970 */
    bool has_time;
    uint32_t runs;
    int64_t parts[PV_TREND_PARTS];
};

struct pv_trend_change {
    struct pv_change change;
    struct pv_text why; /* what changed most, raw bytes; empty: not known */
};

struct pv_trend {
    struct pv_arena *arena; /* owns the texts */
    struct pv_text profile, branch, testbed, metric;
    enum pv_unit unit;
    int64_t scale;
    struct pv_trend_point *points;
    size_t count;
    struct pv_text parts[PV_TREND_PARTS]; /* largest first */
    size_t part_count;
    struct pv_trend_change *changes;
    size_t change_count;
    bool is_exact; /* the changes were found without statistics */
};

void pv_trend_free(struct pv_trend *trend);

/* "2026-11-23" of seconds since 1970 (UTC), into `out` (PV_NUMBER_SIZE bytes, not terminated);
 * returns the size. The bare number outside of the years 0 to 9999. */
size_t pv_print_date(char *out, int64_t seconds);

/* The other way: seconds, "2026-11-23", "2026-11-23T02:00:00Z" or with "+01:00". False where it is
 * none of these. */
bool pv_parse_time(struct pv_text text, int64_t *seconds);

#endif

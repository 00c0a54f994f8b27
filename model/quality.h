#ifndef PV_MODEL_QUALITY_H
#define PV_MODEL_QUALITY_H

#include "model/profile.h"

/* How far a profile is to be trusted: what it says of itself, measured, graded by fixed limits
 * (docs/quality.md has them all), with what to do about it. */

/* From best to worst: what cannot be told is worse than good. */
enum pv_grade { PV_GRADE_GOOD, PV_GRADE_UNKNOWN, PV_GRADE_FAIR, PV_GRADE_POOR, PV_GRADES };
const char *pv_grade_name(enum pv_grade grade);

/* What is looked at, in the order in which it is told. */
enum pv_finding_kind {
    PV_FINDING_SAMPLES,   /* error bars */
    PV_FINDING_OVERHEAD,  /* calls so short that following them costs as much */
    PV_FINDING_UNNAMED,   /* functions without a name */
    PV_FINDING_NO_STACK,  /* cost that belongs to no function */
    PV_FINDING_BROKEN,    /* stacks that begin in the middle */
    PV_FINDING_TRUNCATED, /* stacks that were cut at a depth */
    PV_FINDING_ESTIMATED, /* stacks that are a guess */
    PV_FINDING_CYCLES,    /* functions whose totals contain each other */
    PV_FINDING_CONTRARY,  /* numbers that contradict each other */
    PV_FINDING_REPAIRS,   /* what reading it repaired or left out */
    PV_FINDINGS,
};

struct pv_finding {
    const char *name; /* one word, for programs and as a heading */
    enum pv_grade grade;
    bool is_told;           /* false: it makes no sense for this profile */
    struct pv_buffer words; /* what was found: in display form, no final stop */
    const char *advice;     /* a sentence without a final stop; NULL: there is nothing to do */
    int64_t count, whole;   /* the number that was graded: count of whole; whole 0: bare count */
};

struct pv_quality {
    struct pv_finding findings[PV_FINDINGS];
    enum pv_grade grade; /* the worst of them */
    bool is_empty;       /* there is nothing in the profile, and no finding */
};

/* Looks at one metric (an index, or any number where the profile has none). Graph and tree are made
 * where they are needed. False where a limit is reached. Release with pv_quality_free. */
bool pv_quality_find(struct pv_quality *out, struct pv_profile *profile, uint32_t metric,
                     const struct pv_limits *limits, struct pv_error *err);
void pv_quality_free(struct pv_quality *quality);

#endif

#ifndef PV_MODEL_DIFF_H
#define PV_MODEL_DIFF_H

#include "model/diff_match.h"
#include "model/profile.h"
#include "model/stats.h"

/* What changed from one side (base) to another (head), each one profile or several runs of the same
 * thing. Both sides' functions, stacks and arcs are united in one profile, which has every pair of
 * metrics in four columns: of base, of head, their difference (head less base, signed) and their
 * sum. A side of several runs has their mean. */

/* How sure a single value of a metric is. */
enum pv_noise {
    PV_NOISE_NONE,    /* counted: calls, instructions, allocations. Any difference is one */
    PV_NOISE_SAMPLES, /* a number of samples: its error follows from it */
    PV_NOISE_UNKNOWN, /* measured time and the like: only several runs tell its error */
};

/* What profile->noise says; else counters are exact but for those that only samples feed: by the
 * metric's name and unit. */
enum pv_noise pv_metric_noise(const struct pv_profile *profile, uint32_t metric);

/* The same of a metric that is called like this, whose values have or have not a sign or a
 * fraction. */
enum pv_noise pv_noise_of(struct pv_text name, enum pv_unit unit, bool is_plain);

/* A metric that both sides have; indexes into the union's metrics. */
struct pv_diff_pair {
    uint32_t base, head, change, both;
    enum pv_noise noise;
};

/* Bits of pv_diff.sides. */
enum { PV_IN_BASE = 1, PV_IN_HEAD = 2 };

struct pv_diff {
    struct pv_profile *profile; /* the union, with its graph; owns all that follows */
    struct pv_diff_pair *pairs; /* at least one */
    uint32_t pair_count;
    uint32_t runs[2];      /* how many profiles base and head are made of */
    uint8_t *sides;        /* [function of the union's graph] which sides have it */
    uint8_t *match;        /* [function] enum pv_match */
    int64_t *calls[2];     /* [function], of base and of head; PV_UNKNOWN_CALLS */
    int64_t *arc_calls[2]; /* [arc] */
    bool is_normalized;    /* base was scaled to head's totals */
    bool has_calls;        /* of some function on both sides */

    /* [pair][run * functions + function] of base and of head, runs[side] each; NULL: one run. */
    int64_t **run_self[2], **run_total[2];
    double *samples[2]; /* [pair] of all runs of base and of head, where samples are counted */

    /* Of an outline only: [frame of base, of head] the union's, PV_NONE where it is not measured;
     * [pair] the metric of base, of head. */
    uint32_t *frames[2], *pair_metrics[2];
};

struct pv_diff_request {
    struct pv_profile *const *runs[2]; /* base's and head's, runs[side] each; graphs are added */
    uint32_t count[2];                 /* at least one each */
    bool normalizes;                /* scale base, metric by metric, so that its total is head's */
    const struct pv_limits *limits; /* NULL: the defaults */
};

/* Metrics match by name and unit; where each side has just one, and these have one unit, by that.
 * What has no counterpart is left out with a note. False where nothing matches, or a limit. */
bool pv_diff_new(struct pv_diff **out, const struct pv_diff_request *request, struct pv_error *err);

/* What of it can be told without putting the sides together, in a tenth of the time: its profile
 * has frames (as the union has them), metrics and totals, but neither graph nor tree, and `sides`
 * and `match` are by frame. Both sides' profiles must live longer. *out is NULL where that is not
 * enough: several runs, scaled ones, sides of stacks and of arcs. False as pv_diff_new. */
bool pv_diff_outline(struct pv_diff **out, const struct pv_diff_request *request,
                     struct pv_error *err);

/* The union of one profile that has base and head as two of its metrics, of one unit. */
bool pv_diff_of_columns(struct pv_diff **out, struct pv_profile *profile, uint32_t base,
                        uint32_t head, const struct pv_limits *limits, struct pv_error *err);

/* Whether two of a profile's metrics are base and head of one thing, as differential files have
 * them
 * ("before" and "after") and the union of a comparison ("samples of base" and "of head"). */
bool pv_diff_find_columns(const struct pv_profile *profile, uint32_t *base, uint32_t *head);

/* Adds the call tree where it is not there (sides of arcs: one estimate for both, in which the sum
 * of the pair decides), with all columns. */
void pv_diff_need_tree(struct pv_diff *diff, uint32_t pair);

/* How wide each node of the tree is to be drawn, [node], to be freed: the larger of both sides, or
 * the sum of its children's widths where that is more. The tree is there. */
int64_t *pv_diff_sizes(const struct pv_diff *diff, uint32_t pair);

/* The pair by its name or its number from 0, as metrics are named; false where there is none. */
bool pv_diff_pair_named(uint32_t *out, const struct pv_diff *diff, struct pv_text name);

/* What a pair's metric is called on both sides. */
struct pv_text pv_diff_name(const struct pv_diff *diff, uint32_t pair);

/* What can be said about a change. */
enum pv_verdict {
    PV_VERDICT_SAME,
    PV_VERDICT_LESS,
    PV_VERDICT_MORE,
    PV_VERDICT_UNSURE, /* it may be chance, or nothing tells whether it is */
};
struct pv_judged {
    enum pv_verdict verdict;
    double p; /* of the test, corrected for all functions (Holm); below 0: there was none */
};

/* The level that all tests of one call keep together. */
#define PV_DIFF_LEVEL 0.05

/* Judges the change of every function's own (or total) value, [function], to be freed. Counted
 * values are compared as they are, unless runs of one side differ. Shares of samples are compared
 * by the test of two proportions. Several runs are compared by the rank sum test, which says
 * nothing below PV_RANK_LEAST runs a side. */
struct pv_judged *pv_diff_judge(const struct pv_diff *diff, uint32_t pair, bool is_self);

/* Between what the share of a function's own value among all samples may have changed, head less
 * base (0.1 is ten percent of all): Newcombe's interval at 1 - PV_DIFF_LEVEL, for this function
 * alone. False where samples are not counted. */
bool pv_diff_share_change(struct pv_interval *out, const struct pv_diff *diff, uint32_t pair,
                          uint32_t func);

/* pv_diff_judge for the whole, `p` as it is. Numbers of samples are compared as if both sides had
 * been watched for the same time. */
struct pv_judged pv_diff_judge_whole(const struct pv_diff *diff, uint32_t pair);

/* Which nodes of the tree may have changed by chance, [node], to be freed; NULL where the metric
 * leaves no doubt, or where nothing is known about it. Each node is tested alone, at 0.01. */
bool *pv_diff_chance(const struct pv_diff *diff, uint32_t pair);

void pv_diff_free(struct pv_diff *diff);

#endif

#ifndef PV_MODEL_GATE_PARTS_H
#define PV_MODEL_GATE_PARTS_H

#include "model/gate.h"

/* What the files of the gate share: nobody else's business. */

/* What all rules look at. Values are asked of each side's own profile, by what is known of which
 * functions are the same; both are united only where a rule is broken, for its call paths, or where
 * the sides are more than one plain run each. */
struct pv_gate_ground {
    const struct pv_gate_request *request;
    struct pv_profile *profile; /* whose frames rules name */
    const struct pv_diff *diff; /* an outline or the union; NULL: no base */
    struct pv_diff *outline;    /* NULL: there is none */
    struct pv_diff *whole;      /* the union; NULL: not needed so far */
    bool *used;                 /* [frame] whether the measured part has it */
};

/* Where the values of a side are. */
struct pv_gate_side {
    struct pv_profile *profile; /* NULL: there is no such side */
    uint32_t metric;
    const uint32_t *frames; /* its frames → those that rules name; NULL: the same */
    const int64_t *calls;   /* [function]; NULL: the graph's own */
    bool knows_calls;       /* of some function: then what it does not have has none */
};

/* What one rule looks at. */
struct pv_gate_view {
    struct pv_gate_ground *ground;
    const struct pv_diff *diff; /* NULL: no base */
    uint32_t pair;              /* of diff */
    struct pv_gate_side sides[2];
    bool is_calls, is_self;
    enum pv_noise noise;
    double samples[2]; /* of base and head, where that is what is counted */
    enum pv_unit unit;
    int64_t scale;
    int64_t wholes[2];         /* base, head: what shares are of */
    uint32_t tests;            /* functions that the rule judges one by one; 0 is as 1 */
    int64_t most[2];           /* max and max_increase of the rule, in the scale */
    uint32_t *funcs[2];        /* [frame] the side's function, PV_NONE; NULL: looked for */
    struct pv_gate_ways *ways; /* kept from one result to the next */
};

/* Functions that are meant together: [frame]; NULL: the whole. */
struct pv_gate_set {
    const bool *frames;
    uint32_t count; /* functions in it */
    uint32_t frame; /* the one, where it is one */
};

/* One run over all rules. */
struct pv_gate_checking {
    const struct pv_gate_request *request;
    struct pv_gate_ground ground;
    struct pv_gate_report *report;
    uint32_t capacity; /* of the report's results */
    struct pv_error *err;
};

/* False where the sides cannot be compared. Release with pv_gate_close. */
bool pv_gate_open(struct pv_gate_ground *ground, const struct pv_gate_request *request,
                  struct pv_error *err);

/* Unites the sides, if there are two; false: a limit. Frames keep their numbers. */
bool pv_gate_need_whole(struct pv_gate_ground *ground, struct pv_error *err);
void pv_gate_close(struct pv_gate_ground *ground);

/* Finds what the rule's metric is; false (PV_USAGE) where there is none of that name. Release with
 * pv_gate_leave. */
bool pv_gate_look(struct pv_gate_view *view, struct pv_gate_ground *ground,
                  const struct pv_gate_rule *rule, struct pv_error *err);
void pv_gate_leave(struct pv_gate_view *view);

/* Makes values of single functions quick to find; false: a limit. */
bool pv_gate_look_at_each(struct pv_gate_view *view, struct pv_error *err);

/* What the set has on a side. *is_bound: the true value may be lower. False: not told. */
bool pv_gate_value(const struct pv_gate_view *view, const struct pv_gate_set *set, unsigned side,
                   int64_t *value, bool *is_bound);

/* The values of single runs of a side, to be freed; NULL where they are not known. */
int64_t *pv_gate_runs(const struct pv_gate_view *view, const struct pv_gate_set *set,
                      unsigned side);

/* How many of the functions have something on a side; of a view that looks at each. */
uint32_t pv_gate_count_tests(const struct pv_gate_view *view, const bool *frames);

/* A quantity in the view's scale; false where its unit does not fit. */
bool pv_gate_quantity(const struct pv_gate_view *view, const struct pv_quantity *quantity,
                      int64_t *value);

/* Compares one limit (max, or max_increase) and fills verdict and words. */
void pv_gate_judge(struct pv_gate_result *result, const struct pv_gate_view *view,
                   const struct pv_gate_set *set, struct pv_arena *arena);

/* Whether the verdict on all limits of the rule would be PV_GATE_KEPT, without words. *size: the
 * increase where that is limited, else the value; INT64_MIN where it is not known. */
bool pv_gate_is_kept(const struct pv_gate_view *view, const struct pv_gate_rule *rule,
                     const struct pv_gate_set *set, int64_t *size);

/* The limit as people read it: "1,000", "+5 %", appended. */
void pv_gate_add_limit(struct pv_buffer *out, const struct pv_gate_view *view,
                       const struct pv_gate_rule *rule, bool is_increase);

/* The call paths that carry what the set has, or its increase; false: a limit. */
bool pv_gate_find_paths(struct pv_gate_result *result, struct pv_gate_view *view,
                        const struct pv_gate_set *set, struct pv_arena *arena,
                        struct pv_error *err);
void pv_gate_ways_free(struct pv_gate_ways *ways);

/* A value of the view as people read it, appended. */
void pv_gate_add_value(struct pv_buffer *out, const struct pv_gate_view *view, int64_t value);

/* The buffer's text in the arena, and the buffer empty. */
struct pv_text pv_gate_keep(struct pv_arena *arena, struct pv_buffer *buffer);

/* "calls of price (pricing.py:51)" */
struct pv_text pv_gate_subject(struct pv_gate_checking *checking, const struct pv_gate_view *view,
                               const struct pv_gate_rule *rule, const struct pv_gate_set *set);

struct pv_gate_result *pv_gate_add_result(struct pv_gate_checking *checking);

/* A result for each limit of the rule; false: a limit of the program's own. */
bool pv_gate_check_set(struct pv_gate_checking *checking, struct pv_gate_view *view,
                       const struct pv_gate_rule *rule, const struct pv_gate_set *set);

/* Each function alone: of those that keep the rule nothing is said one by one, the others come
 * largest first. */
bool pv_gate_check_each(struct pv_gate_checking *checking, struct pv_gate_view *view,
                        const struct pv_gate_rule *rule, const bool *meant);

#endif

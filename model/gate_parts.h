#ifndef PV_MODEL_GATE_PARTS_H
#define PV_MODEL_GATE_PARTS_H

#include "model/gate.h"

/* What the files of the gate share: nobody else's business. */

/* What one rule looks at. */
struct pv_gate_view {
    const struct pv_gate_request *request;
    struct pv_profile *profile; /* the union where there is a base */
    const struct pv_diff *diff; /* NULL: no base */
    uint32_t pair;              /* of diff */
    uint32_t columns[2];        /* metrics of base and head; base PV_NONE: none */
    bool is_calls, is_self;
    enum pv_noise noise;
    double samples[2]; /* of base and head, where that is what is counted */
    enum pv_unit unit;
    int64_t scale;
    int64_t wholes[2];     /* base, head: what shares are of */
    const uint32_t *funcs; /* [frame] function of the graph; NULL: looked for */
    uint32_t tests;        /* functions that the rule judges one by one; 0 is as 1 */
};

/* Functions that are meant together: [frame]; NULL: the whole. */
struct pv_gate_set {
    const bool *frames;
    uint32_t count; /* functions in it */
    uint32_t frame; /* the one, where it is one */
};

/* Finds what the rule's metric is; false (PV_USAGE) where there is none of that name. */
bool pv_gate_look(struct pv_gate_view *view, const struct pv_gate_request *request,
                  const struct pv_gate_rule *rule, struct pv_error *err);

/* What the set has on a side. *is_bound: the true value may be lower. False: not told. */
bool pv_gate_value(const struct pv_gate_view *view, const struct pv_gate_set *set, unsigned side,
                   int64_t *value, bool *is_bound);

/* The values of single runs of a side, to be freed; NULL where they are not known. */
int64_t *pv_gate_runs(const struct pv_gate_view *view, const struct pv_gate_set *set,
                      unsigned side);

/* How many of the functions have something on a side. */
uint32_t pv_gate_count_tests(const struct pv_gate_view *view, const bool *frames);

/* A quantity in the view's scale; false where its unit does not fit. */
bool pv_gate_quantity(const struct pv_gate_view *view, const struct pv_quantity *quantity,
                      int64_t *value);

/* Compares one limit (max, or max_increase) and fills verdict and words. */
void pv_gate_judge(struct pv_gate_result *result, const struct pv_gate_view *view,
                   const struct pv_gate_set *set, struct pv_arena *arena);

/* The limit as people read it: "1,000", "+5 %", appended. */
void pv_gate_add_limit(struct pv_buffer *out, const struct pv_gate_view *view,
                       const struct pv_gate_rule *rule, bool is_increase);

/* The call paths that carry what the set has, or its increase. */
void pv_gate_find_paths(struct pv_gate_result *result, const struct pv_gate_view *view,
                        const struct pv_gate_set *set, struct pv_arena *arena);

/* A value of the view as people read it, appended. */
void pv_gate_add_value(struct pv_buffer *out, const struct pv_gate_view *view, int64_t value);

/* The buffer's text in the arena, and the buffer empty. */
struct pv_text pv_gate_keep(struct pv_arena *arena, struct pv_buffer *buffer);

#endif

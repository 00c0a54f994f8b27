#ifndef PV_FORMATS_PSTATS_PARTS_H
#define PV_FORMATS_PSTATS_PARTS_H

#include "formats/marshal.h"
#include "model/builder.h"

/* The reader of pstats files, shared by its own files. */

/* What references lead to. */
enum pv_pstats_meaning {
    PV_PSTATS_UNKNOWN,
    PV_PSTATS_KEY,     /* mark: a frame */
    PV_PSTATS_VALUE,   /* of a caller; mark: a place in `kept`, of which `share` holds */
    PV_PSTATS_CALLERS, /* mark: a place in `kept`, of which the run of pairs holds */
    PV_PSTATS_ROW,     /* a function's whole value; mark: a place in `kept` */
};

/* What came through one caller. */
struct pv_pstats_share {
    int64_t calls, total;
    bool has_total;
};
struct pv_pstats_pair {
    uint32_t caller;
    struct pv_pstats_share share;
};

/* A function's value; where a reference may ask for it, or for a part of it, it is kept. */
struct pv_pstats_row {
    int64_t primitive_calls, self;
    struct pv_pstats_share share;
    uint32_t first, count; /* of pairs */
};

struct pv_pstats {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_marshal *marshal;
    struct pv_budget budget;
    struct pv_pstats_pair *pairs;
    uint32_t pair_count, pair_capacity;
    struct pv_pstats_row *kept;
    uint32_t kept_count, kept_capacity;
    bool keeps_pairs;  /* of the present function: a reference may ask for them */
    uint64_t replayed; /* pairs that references brought again */
    uint32_t frames;   /* frames that have their flags */
    pv_str tilde, sampled;
    bool is_sampled;
    uint64_t clamped, swapped, negative, unknown; /* for notes */
};

/* Says what was found where something else belongs; returns false. */
bool pv_pstats_refuse(struct pv_pstats *reader, const struct pv_marshal_token *token,
                      const char *expected);

/* The rest of a key whose head is `token`: a frame. */
bool pv_pstats_key(struct pv_pstats *reader, const struct pv_marshal_token *token, uint32_t *frame);

/* A number of any type as calls (negative: unknown); seconds of any type as nanoseconds. */
bool pv_pstats_calls(struct pv_pstats *reader, const struct pv_marshal_token *token, int64_t *out);
bool pv_pstats_next_calls(struct pv_pstats *reader, int64_t *out);
bool pv_pstats_next_time(struct pv_pstats *reader, int64_t *out);

/* a + b, clamped and counted. */
int64_t pv_pstats_add(struct pv_pstats *reader, int64_t a, int64_t b);

/* A function with its value, whose key's head is `key`: goes to the builder. */
bool pv_pstats_function(struct pv_pstats *reader, const struct pv_marshal_token *key);

#endif

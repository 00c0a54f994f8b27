#ifndef PV_FORMATS_PSTATS_PARTS_H
#define PV_FORMATS_PSTATS_PARTS_H

#include "formats/marshal.h"
#include "model/builder.h"

/* The reader of pstats files, shared by its own files. */

/* What references lead to. */
enum pv_pstats_meaning {
    PV_PSTATS_UNKNOWN,
    PV_PSTATS_KEY,     /* mark: a frame */
    PV_PSTATS_SHARE,   /* the value of a caller; mark: a place in `shares` */
    PV_PSTATS_CALLERS, /* mark: the frame whose callers they are; PV_PSTATS_NOBODY: empty */
    PV_PSTATS_ROW,     /* a function's whole value; mark: a place in `rows` */
};
#define PV_PSTATS_NOBODY UINT32_MAX

/* What came through one caller; kept where a reference may ask for it. */
struct pv_pstats_share {
    int64_t calls, total;
};

/* A function's value, but for its callers: they are those of frame `owner`, or none. */
struct pv_pstats_row {
    int64_t calls, primitive_calls, self, total;
    uint32_t owner;
};

/* A function whose callers are those of another one: two keys, one dictionary. No profiler writes
 * that, but scripts may. */
struct pv_pstats_alias {
    uint32_t frame, owner;
};

/* An array that grows. */
struct pv_pstats_array {
    void *items;
    uint32_t count, capacity;
};

struct pv_pstats {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_marshal *marshal;
    struct pv_budget budget;
    struct pv_pstats_array shares, rows, aliases, file_flags;
    uint32_t frames; /* frames that have their flags */
    pv_str tilde, sampled;
    bool is_sampled;
    uint64_t clamped, swapped, negative, unknown; /* for notes */
};

/* Says what was found where something else belongs; returns false. */
bool pv_pstats_refuse(struct pv_pstats *reader, const struct pv_marshal_token *token,
                      const char *expected);

/* The rest of a key whose head is `token`: a frame. */
bool pv_pstats_key(struct pv_pstats *reader, const struct pv_marshal_token *token, uint32_t *frame);

/* A number as calls (negative: unknown), or as seconds that become nanoseconds. */
int64_t pv_pstats_calls(struct pv_marshal_number number);
int64_t pv_pstats_time(struct pv_pstats *reader, struct pv_marshal_number number);

/* a + b, clamped and counted. */
int64_t pv_pstats_add(struct pv_pstats *reader, int64_t a, int64_t b);

/* A function with its value, whose key's head is `key`: goes to the builder. */
bool pv_pstats_function(struct pv_pstats *reader, const struct pv_marshal_token *key);

#endif

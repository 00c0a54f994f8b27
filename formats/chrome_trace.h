#ifndef PV_FORMATS_CHROME_TRACE_H
#define PV_FORMATS_CHROME_TRACE_H

#include "formats/json_pull.h"
#include "model/builder.h"
#include "model/map.h"

/* What the parts of the reader of Chrome's trace events share. docs/formats/chrome-trace.md tells
 * what is read; the source is Google's "Trace Event Format" and what the programs named there
 * write. Ids (pid, tid, id, sf) are numbers or texts and are told apart by what is written: 7 and
 * "7" are the same. */

/* Microseconds as they are written. */
struct pv_chrome_time {
    struct pv_decimal value;
    bool is_there;
};

/* One event: its members in whatever order they come. */
struct pv_chrome_event {
    struct pv_where where;
    char phase;                   /* 0: none */
    bool is_python;               /* of viztracer's category */
    bool may_be_sum;              /* of clang: by its name */
    bool has_count, has_average;  /* members of args that its sums have */
    bool has_args, has_profile;   /* the numbers, the chunk below are filled */
    pv_str name, category, scope; /* 0: none */
    pv_str pid, tid, id;          /* id: of asynchronous events, counters, CPU profiles */
    pv_str args_name;             /* of metadata */
    uint32_t stack;               /* of a sample, or PV_NONE */
    struct pv_chrome_time ts, dur, tts, tdur; /* t…: on the thread's own clock */
};

/* A growing array. */
struct pv_chrome_table {
    void *rows;
    uint32_t count, capacity;
};

struct pv_chrome_process {
    pv_str pid, name;
    bool is_used;
    uint32_t node;
};

/* A thread, or the asynchronous events of one category, of a process. */
struct pv_chrome_thread {
    uint32_t process;
    pv_str tid; /* or the category */
    pv_str name;
    bool is_async, is_used; /* used: has a track or samples */
    uint32_t track;         /* PV_NONE: none yet */
    uint32_t node;          /* of its outer frames, from pv_chrome_threads_settle on */
};

/* The track of one asynchronous sequence, and the group that it belongs to. */
struct pv_chrome_async {
    uint32_t thread, track;
};

/* A call stack that samples name. */
struct pv_chrome_stack {
    uint32_t frame;  /* the innermost; PV_NONE: none */
    uint32_t parent; /* the stack that it goes on from, or PV_NONE */
    uint32_t visit;  /* the walk that was here last */
    bool is_idle;    /* nothing ran */
};

/* Who takes samples: a thread, or one of V8's CPU profiles of a thread. */
struct pv_chrome_sampler {
    uint32_t thread;
    bool is_told; /* the thread is: else it is a guess */
    bool has_end;
    int64_t clock;      /* of the last sample, from the start */
    int64_t start, end; /* ns */
};
struct pv_chrome_sample {
    int64_t at; /* ns, from the sampler's start */
    uint32_t sampler, stack;
};

/* What one event says of a CPU profile, until the event is over and it is known whose it is. */
struct pv_chrome_node {
    int64_t id, parent;                /* parent -1: not told */
    struct pv_frame frame;             /* as it is written: pv_v8_frame makes it */
    bool is_native;                    /* of no script */
    uint32_t first_child, child_count; /* in the chunk's children */
};
struct pv_chrome_chunk {
    struct pv_chrome_table nodes, children, samples, deltas; /* all but nodes: int64_t */
    struct pv_chrome_time start, end;
};

/* A number among a counter's args. */
struct pv_chrome_number {
    pv_str name;
    struct pv_decimal value;
};

/* The bytes of an id and its number: most events have the one before's. */
struct pv_chrome_memo {
    char bytes[24];
    size_t size;
    pv_str id;
};

/* Names that came lately, by a hash that forgets: the table of all strings is far slower. */
enum { PV_CHROME_NAME_BITS = 12, PV_CHROME_NAMES = 1 << PV_CHROME_NAME_BITS, PV_CHROME_NAME = 72 };
struct pv_chrome_name {
    uint32_t size; /* 0: none */
    pv_str id;
    uint64_t first, last; /* bytes at its ends */
    char bytes[PV_CHROME_NAME];
};

/* The last event of a shape. What the next one has in common with it stays as it is. */
struct pv_chrome_shape {
    struct pv_chrome_event event;
    unsigned count; /* of pieces, up to the last one that the event takes something of */
    unsigned char varying[PV_JSON_PIECES]; /* those of them that do not repeat */
    unsigned varying_count;
};

struct pv_chrome {
    struct pv_input *input;
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;

    struct pv_chrome_event event; /* the one that is being read member by member */
    struct pv_json_shapes shapes;
    struct pv_chrome_shape of_shape[PV_JSON_SHAPES];
    uint64_t good; /* records read at once, not told to the input yet */
    struct pv_chrome_chunk chunk;
    struct pv_chrome_table numbers;
    struct pv_buffer scratch;
    struct pv_chrome_memo pid, tid;
    struct pv_chrome_name *names; /* PV_CHROME_NAMES */
    pv_str python;                /* viztracer's category */

    struct pv_chrome_table frames; /* uint32_t by name × 2 + is_python: frame + 1; 0: not yet */
    struct pv_chrome_table processes, threads, asyncs;
    struct pv_map process_of, thread_of, group_of; /* pid; pid and tid; pid and category */
    struct pv_map scoped_id, async_of;   /* scope and id → number; group and number → track */
    uint64_t last_key;                   /* of the thread looked up last */
    uint32_t last_thread, last_track;    /* last_track: PV_NONE: not looked up */
    struct pv_map counter_of, series_of; /* pid and name → counter; counter and member → series */
    pv_str counter_pid;                  /* of the first counter */
    bool has_counter;

    struct pv_chrome_table stacks, samplers, samples;
    struct pv_map stack_of;               /* "stackFrames" key → stack */
    struct pv_map child_of;               /* parent and frame → stack */
    struct pv_map node_of;                /* profile and node → stack */
    struct pv_map sampler_of, profile_of; /* thread → sampler; pid and id → sampler */

    int64_t origin; /* µs: near the first time, where times are so large that ns would not fit */
    bool has_origin;
    bool has_events; /* the document has a list of them, or one */
    bool is_open;    /* it may go on: no bracket ends it */
    bool is_cut;     /* it ends within an event, or before the end of an object around them */
    bool has_spans;  /* with a length */
    uint64_t sum_count, late_count,
        idle_count; /* clang's sums; samples: behind later ones, of nothing */
};

/* Room for one more row of `size` bytes, zeroed; NULL where memory is used up (then the builder has
 * failed). */
void *pv_chrome_add(struct pv_chrome *chrome, struct pv_chrome_table *table, size_t size);

/* The value of a key, put in as `value` where it is new. */
uint32_t pv_chrome_put(struct pv_chrome *chrome, struct pv_map *map, uint64_t key, uint32_t value,
                       bool *is_new);
static inline uint64_t pv_chrome_key(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

/* Whole nanoseconds of microseconds; false where int64 does not hold them. */
bool pv_chrome_round_ns(const struct pv_decimal *microseconds, int64_t *out);
static inline bool pv_chrome_ns(const struct pv_decimal *microseconds, int64_t *out)
{
    static const int64_t factors[] = {1000, 100, 10, 1};
    return microseconds->digits < sizeof factors / sizeof factors[0]
               ? !__builtin_mul_overflow(microseconds->value, factors[microseconds->digits], out)
               : pv_chrome_round_ns(microseconds, out);
}

/* The same of a point in time, from chrome->origin on. */
bool pv_chrome_since(struct pv_chrome *chrome, const struct pv_decimal *time, int64_t *out);
static inline bool pv_chrome_at(struct pv_chrome *chrome, const struct pv_decimal *time,
                                int64_t *out)
{
    return chrome->has_origin && chrome->origin == 0 ? pv_chrome_ns(time, out)
                                                     : pv_chrome_since(chrome, time, out);
}

/* chrome_trace_value.c: take a value that may stand in quotes or not. What has another type is
 * skipped. */
pv_str pv_chrome_id(struct pv_chrome *chrome, struct pv_chrome_memo *memo); /* 0: none */
pv_str pv_chrome_known_id(struct pv_chrome *chrome, struct pv_chrome_memo *memo,
                          struct pv_text text); /* of these bytes */
pv_str pv_chrome_name(struct pv_chrome *chrome, struct pv_text text);
void pv_chrome_time(struct pv_chrome *chrome, struct pv_chrome_time *out);
bool pv_chrome_text(struct pv_chrome *chrome, struct pv_text *out);
bool pv_chrome_int(struct pv_chrome *chrome, int64_t *out);

/* chrome_trace_event.c: takes the next value: an event, or an array of them ("samples" have no
 * phase); or the object around the events, which a document of events one after another has not:
 * its objects are events themselves. */
enum pv_chrome_kind { PV_CHROME_EVENTS, PV_CHROME_SAMPLES };
void pv_chrome_read_events(struct pv_chrome *chrome, enum pv_chrome_kind kind);
void pv_chrome_read_object(struct pv_chrome *chrome);

/* chrome_trace_args.c: takes an event's "args". */
void pv_chrome_args(struct pv_chrome *chrome);

/* Whether they matter to what is known of the event: spans have nothing there but what tells
 * clang's sums from them. */
static inline bool pv_chrome_args_matter(const struct pv_chrome_event *event)
{
    switch (event->phase) {
    case 'X':
        return event->may_be_sum || !event->name;
    case 'M':
    case 'C':
    case 'P':
    case 'I':
    case '\0':
        return true;
    default:
        return false;
    }
}

/* chrome_trace_act.c: does what the event tells. False where it is malformed, which has been said.
 */
bool pv_chrome_act(struct pv_chrome *chrome, const struct pv_chrome_event *event);

/* chrome_trace_threads.c */
uint32_t pv_chrome_thread(struct pv_chrome *chrome, pv_str pid, pv_str tid);
uint32_t pv_chrome_new_track(struct pv_chrome *chrome, pv_str pid, pv_str tid);
static inline uint32_t pv_chrome_track(struct pv_chrome *chrome, pv_str pid, pv_str tid)
{
    return chrome->last_track != PV_NONE && chrome->last_key == pv_chrome_key(pid, tid)
               ? chrome->last_track
               : pv_chrome_new_track(chrome, pid, tid);
}
uint32_t pv_chrome_async_track(struct pv_chrome *chrome, const struct pv_chrome_event *event);
void pv_chrome_metadata(struct pv_chrome *chrome, const struct pv_chrome_event *event);
void pv_chrome_threads_settle(struct pv_chrome *chrome);

/* chrome_trace_samples.c */
void pv_chrome_read_stacks(struct pv_chrome *chrome);  /* takes "stackFrames" */
uint32_t pv_chrome_stack_id(struct pv_chrome *chrome); /* takes "sf" or "stack" */
void pv_chrome_sample(struct pv_chrome *chrome, const struct pv_chrome_event *event, int64_t at);
void pv_chrome_profile(struct pv_chrome *chrome, const struct pv_chrome_event *event);
void pv_chrome_samplers_use(struct pv_chrome *chrome); /* marks the threads that they sample */
void pv_chrome_samples_settle(struct pv_chrome *chrome, uint32_t metric);

#endif

#ifndef PV_CLI_HISTORY_H
#define PV_CLI_HISTORY_H

#include "model/arena.h"
#include "model/costs.h"
#include "model/error.h"
#include "model/text.h"
#include "model/units.h"

/* What profiles cost over time, in one file of SQLite: docs/track.md has the schema. A rollback
 * journal rather than a write-ahead log, because the history is one file then, which can be copied,
 * cached and read from a folder that cannot be written to. Everything is one transaction: a writer
 * that is killed leaves what was there before. */
struct pv_history;

enum pv_history_use { PV_HISTORY_READ, PV_HISTORY_ADD };

/* False where there is no such file (to read), it is no history or one of a newer version, is
 * locked for longer than `wait_ms`, or cannot be read or written. One of an older version becomes
 * one of this version as it is added to; to be read, in a copy in memory. `path` is not copied. */
bool pv_history_open(struct pv_history **out, const char *path, enum pv_history_use use,
                     int wait_ms, struct pv_error *err);
void pv_history_close(struct pv_history *history);

/* What runs can be compared: the same profile of one branch on one machine. */
struct pv_history_key {
    struct pv_text branch, testbed, profile;
};

/* What parts of a total are by, as the file has it. */
enum pv_history_kind {
    PV_HISTORY_MODULE = 0,
    PV_HISTORY_FUNCTION = 1, /* the costliest ones, in files of version 1 */
    PV_HISTORY_CATEGORY = 2,
    PV_HISTORY_KINDS,
};

struct pv_history_part {
    struct pv_text name;
    int64_t value; /* its own cost */
};
struct pv_history_metric {
    struct pv_text name;
    enum pv_unit unit;
    int64_t scale, total;
    const struct pv_history_part *parts[PV_HISTORY_KINDS]; /* none by function */
    size_t counts[PV_HISTORY_KINDS];
    const int64_t *self; /* [function of the run]: its own cost */
};

/* A function as a history knows it: without its line, which moves. Any bytes. */
struct pv_history_function {
    struct pv_text name, file, module;
};

/* The function of a file of version 1 that stands for all but the costliest. */
extern const struct pv_text pv_history_rest;

/* One run as it is added. */
struct pv_history_run {
    struct pv_history_key key;
    struct pv_text commit, format;
    bool has_time;
    int64_t time; /* seconds since 1970 */
    const struct pv_history_metric *metrics;
    size_t metric_count;
    const struct pv_history_function *functions; /* several may be the same */
    size_t function_count;
};

/* Adds the run, and with `is_replacing` takes out those of the same key and commit. Nothing has
 * changed before pv_history_commit says true. */
bool pv_history_commit(struct pv_history *history, struct pv_error *err);
bool pv_history_add(struct pv_history *history, const struct pv_history_run *run, bool is_replacing,
                    struct pv_error *err);

/* One metric of one key, as it is listed; texts live in the arena that was given. */
struct pv_history_series {
    struct pv_history_key key;
    struct pv_text metric, last_commit;
    enum pv_unit unit;
    int64_t id; /* of the key */
    uint64_t runs;
    bool has_time; /* of all runs */
    int64_t first, last;
};
bool pv_history_list(struct pv_history *history, struct pv_arena *arena,
                     struct pv_history_series **out, size_t *count, struct pv_error *err);

/* The runs of a key that have this metric: in the order of their times where all have one, else as
 * they were added. An array to be freed; texts live in the arena. Values are in *scale. */
struct pv_history_point {
    int64_t run, time, value;
    int64_t scale; /* as the run was added */
    bool has_time;
    struct pv_text commit;
};
bool pv_history_points(struct pv_history *history, struct pv_arena *arena,
                       const struct pv_history_series *series, struct pv_history_point **out,
                       size_t *count, struct pv_error *err);

/* Hands over all parts of one kind of the series' runs, in any order. The text is valid during the
 * call. */
typedef void pv_history_taker(void *context, int64_t run, struct pv_text name, int64_t value);
bool pv_history_parts(struct pv_history *history, const struct pv_history_series *series,
                      enum pv_history_kind kind, pv_history_taker *take, void *context,
                      struct pv_error *err);

/* What all functions of a run cost themselves, into `out`; nothing where that is not known. */
bool pv_history_costs(struct pv_history *history, const struct pv_history_series *series,
                      int64_t run, struct pv_costs *out, struct pv_error *err);

/* A function by its number. The texts are valid until the next call. */
bool pv_history_function(struct pv_history *history, uint32_t number,
                         struct pv_history_function *out, struct pv_error *err);

/* Makes room for `number` in an array by function, *room long, to be freed; what is new is 0. */
void pv_history_make_room(uint32_t **array, uint32_t *room, uint32_t number);

/* What groups of functions cost in each run of a series. */
struct pv_history_groups {
    const struct pv_history_series *series;
    size_t count;
    void *context;
    /* Which group a function is of; asked once for each. */
    size_t (*group_of)(void *context, const struct pv_history_function *function);
    /* sums[group], in the scale of the run's total. */
    void (*take)(void *context, int64_t run, const int64_t *sums);
};
bool pv_history_sums(struct pv_history *history, const struct pv_history_groups *groups,
                     struct pv_error *err);

#endif

#include "cli/history.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    VERSION = 1,
    APPLICATION = 0x70767472, /* "pvtr": tells our files from other databases */
};

struct pv_history {
    sqlite3 *database;
    const char *path;
    int wait_ms;
};

static const char schema[] =
    "CREATE TABLE series(id INTEGER PRIMARY KEY, branch TEXT NOT NULL, testbed TEXT NOT NULL,"
    " profile TEXT NOT NULL, UNIQUE(branch, testbed, profile));"
    "CREATE TABLE run(id INTEGER PRIMARY KEY, series INTEGER NOT NULL REFERENCES series(id),"
    " hash TEXT NOT NULL, time INTEGER, format TEXT NOT NULL);"
    "CREATE INDEX run_series ON run(series);"
    "CREATE TABLE metric(id INTEGER PRIMARY KEY, name BLOB NOT NULL, unit TEXT NOT NULL,"
    " UNIQUE(name, unit));"
    "CREATE TABLE total(metric INTEGER NOT NULL, run INTEGER NOT NULL, value INTEGER NOT NULL,"
    " scale INTEGER NOT NULL, PRIMARY KEY(metric, run)) WITHOUT ROWID;"
    "CREATE TABLE name(id INTEGER PRIMARY KEY, text BLOB NOT NULL UNIQUE);"
    "CREATE TABLE part(run INTEGER NOT NULL, metric INTEGER NOT NULL, kind INTEGER NOT NULL,"
    " name INTEGER NOT NULL, value INTEGER NOT NULL,"
    " PRIMARY KEY(run, metric, kind, name)) WITHOUT ROWID;";

static bool fail_locked(const struct pv_history *history, struct pv_error *err)
{
    char seconds[PV_NUMBER_SIZE];
    size_t size = pv_print_decimal(seconds, history->wait_ms, 3);
    return pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){.source = history->path},
                   "another program has locked it for more than %.*s s; try again, or wait longer "
                   "with --wait",
                   (int)size, seconds);
}

static bool fail(const struct pv_history *history, struct pv_error *err)
{
    struct pv_where where = {.source = history->path};
    switch (sqlite3_errcode(history->database) & 0xff) {
    case SQLITE_NOTADB:
        return pv_fail(err, PV_INPUT_FAILED, where, "is no history of profviz track");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail_locked(history, err);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return pv_fail(err, PV_OUTPUT_FAILED, where,
                       "it, or the folder it is in, cannot be written to");
    case SQLITE_CANTOPEN:
        return pv_fail(err, PV_OUTPUT_FAILED, where,
                       "it, or its journal beside it, cannot be "
                       "opened or made in that folder");
    case SQLITE_FULL:
        return pv_fail(err, PV_OUTPUT_FAILED, where, "the disk is full; nothing was added");
    case SQLITE_CORRUPT:
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "the database is damaged; take a copy, or see sqlite3's .recover");
    default:
        return pv_fail(err, PV_OUTPUT_FAILED, where, "%s", sqlite3_errmsg(history->database));
    }
}

static bool execute(struct pv_history *history, const char *words, struct pv_error *err)
{
    return sqlite3_exec(history->database, words, NULL, NULL, NULL) == SQLITE_OK ||
           fail(history, err);
}

static bool prepare(struct pv_history *history, sqlite3_stmt **out, const char *words,
                    struct pv_error *err)
{
    return sqlite3_prepare_v2(history->database, words, -1, out, NULL) == SQLITE_OK ||
           fail(history, err);
}

static struct pv_text column_text(sqlite3_stmt *statement, int column)
{
    const char *data = sqlite3_column_blob(statement, column);
    return (struct pv_text){data, data ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

static void bind_text(sqlite3_stmt *statement, int at, struct pv_text text)
{
    sqlite3_bind_text64(statement, at, text.data ? text.data : "", text.size, SQLITE_STATIC,
                        SQLITE_UTF8);
}

/* Names may hold any bytes. */
static void bind_name(sqlite3_stmt *statement, int at, struct pv_text text)
{
    sqlite3_bind_blob64(statement, at, text.data ? text.data : "", text.size, SQLITE_STATIC);
}

/* The one number that a statement gives, or `otherwise` where it gives no row. */
static bool ask_number(struct pv_history *history, const char *words, int64_t otherwise,
                       int64_t *out, struct pv_error *err)
{
    sqlite3_stmt *statement;
    if (!prepare(history, &statement, words, err))
        return false;
    int step = sqlite3_step(statement);
    *out = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : otherwise;
    sqlite3_finalize(statement);
    return step == SQLITE_ROW || step == SQLITE_DONE || fail(history, err);
}

/* An empty file may become a history; everything else must be one of ours. */
static bool check_version(struct pv_history *history, bool *is_new, struct pv_error *err)
{
    struct pv_where where = {.source = history->path};
    int64_t application, version, things;
    if (!ask_number(history, "PRAGMA application_id", 0, &application, err) ||
        !ask_number(history, "PRAGMA user_version", 0, &version, err) ||
        !ask_number(history, "SELECT count(*) FROM sqlite_schema", 0, &things, err))
        return false;
    *is_new = application == 0 && version == 0 && things == 0;
    if (!*is_new && application != APPLICATION)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "is a database, but no history of profviz "
                       "track; name another file with --db");
    if (version > VERSION)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "was written by a newer profviz (schema %lld; this one knows %d)",
                       (long long)version, VERSION);
    return true;
}

/* What may have been put into a file that somebody else sent cannot run code of theirs. */
static bool harden(struct pv_history *history, struct pv_error *err)
{
    sqlite3_db_config(history->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(history->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(history->database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(history->database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    return execute(history,
                   "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON;", err);
}

/* The lock is taken before the version is looked at, so that two who begin together do not both
 * make the tables. */
static bool begin(struct pv_history *history, enum pv_history_use use, struct pv_error *err)
{
    bool is_new;
    if (!harden(history, err) ||
        !execute(history, use == PV_HISTORY_ADD ? "BEGIN IMMEDIATE" : "BEGIN", err) ||
        !check_version(history, &is_new, err))
        return false;
    if (is_new && use == PV_HISTORY_READ)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = history->path},
                       "is empty: profviz track add puts profiles into it");
    if (!is_new)
        return true;
    char words[96];
    sqlite3_snprintf(sizeof words, words, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                     APPLICATION, VERSION);
    return execute(history, schema, err) && execute(history, words, err);
}

bool pv_history_open(struct pv_history **out, const char *path, enum pv_history_use use,
                     int wait_ms, struct pv_error *err)
{
    /* Who reads may have to roll back what a killed writer left; SQLite itself falls back to
     * reading only. */
    int flags = SQLITE_OPEN_READWRITE | (use == PV_HISTORY_ADD ? SQLITE_OPEN_CREATE : 0);
    if (use == PV_HISTORY_READ && access(path, F_OK) != 0)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = path},
                       "there is no such file; profviz track add makes it, --db names another");
    struct pv_history *history = pv_zalloc(1, sizeof *history);
    history->path = path;
    history->wait_ms = wait_ms;
    int opened = sqlite3_open_v2(path, &history->database, flags, NULL);
    if (!history->database)
        pv_oom(0);
    sqlite3_extended_result_codes(history->database, 1);
    sqlite3_busy_timeout(history->database, wait_ms);
    bool is_fine = opened == SQLITE_OK ? begin(history, use, err) : fail(history, err);
    if (is_fine)
        *out = history;
    else
        pv_history_close(history);
    return is_fine;
}

void pv_history_close(struct pv_history *history)
{
    if (!history)
        return;
    sqlite3_close(history->database); /* what is not committed is rolled back */
    free(history);
}

/* Runs a statement that gives no rows; it can be used again. */
static bool run_once(struct pv_history *history, sqlite3_stmt *statement, struct pv_error *err)
{
    int step = sqlite3_step(statement);
    bool is_fine = step == SQLITE_DONE || step == SQLITE_ROW || fail(history, err);
    sqlite3_reset(statement);
    return is_fine;
}

/* All that adding needs, prepared once. */
enum { ADD_SERIES, GET_SERIES, DROP, ADD_RUN, ADD_METRIC, ADD_TOTAL, ADD_NAME, ADD_PART, ADDS };
static const char *const add_words[ADDS] = {
    [ADD_SERIES] = "INSERT INTO series(branch, testbed, profile) VALUES(?, ?, ?)"
                   " ON CONFLICT DO NOTHING",
    [GET_SERIES] = "SELECT id FROM series WHERE branch=? AND testbed=? AND profile=?",
    [DROP] = "SELECT id FROM run WHERE series=? AND hash=?",
    [ADD_RUN] = "INSERT INTO run(series, hash, time, format) VALUES(?, ?, ?, ?)",
    [ADD_METRIC] = "INSERT INTO metric(name, unit) VALUES(?, ?) ON CONFLICT DO NOTHING",
    [ADD_TOTAL] = "INSERT INTO total(metric, run, value, scale)"
                  " SELECT id, ?3, ?4, ?5 FROM metric WHERE name=?1 AND unit=?2",
    [ADD_NAME] = "INSERT INTO name(text) VALUES(?) ON CONFLICT DO NOTHING",
    [ADD_PART] = "INSERT INTO part(run, metric, kind, name, value)"
                 " SELECT ?1, metric.id, ?2, name.id, ?3 FROM metric, name"
                 " WHERE metric.name=?4 AND metric.unit=?5 AND name.text=?6"
                 " ON CONFLICT DO UPDATE SET value=value+excluded.value",
};

struct adding {
    struct pv_history *history;
    sqlite3_stmt *statements[ADDS];
    const struct pv_history_run *run;
    int64_t series, id;
};

static bool find_series(struct adding *adding, struct pv_error *err)
{
    const struct pv_history_key *key = &adding->run->key;
    for (int i = ADD_SERIES; i <= GET_SERIES; i++) {
        bind_text(adding->statements[i], 1, key->branch);
        bind_text(adding->statements[i], 2, key->testbed);
        bind_text(adding->statements[i], 3, key->profile);
    }
    if (!run_once(adding->history, adding->statements[ADD_SERIES], err))
        return false;
    if (sqlite3_step(adding->statements[GET_SERIES]) != SQLITE_ROW)
        return fail(adding->history, err);
    adding->series = sqlite3_column_int64(adding->statements[GET_SERIES], 0);
    return true;
}

static bool drop_one(struct pv_history *history, int64_t run, struct pv_error *err)
{
    char words[160];
    sqlite3_snprintf(sizeof words, words,
                     "DELETE FROM part WHERE run=%lld; DELETE FROM total WHERE run=%lld;"
                     "DELETE FROM run WHERE id=%lld;",
                     (long long)run, (long long)run, (long long)run);
    return execute(history, words, err);
}

static bool drop_old(struct adding *adding, struct pv_error *err)
{
    sqlite3_stmt *statement = adding->statements[DROP];
    int step;
    sqlite3_bind_int64(statement, 1, adding->series);
    bind_text(statement, 2, adding->run->commit);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        int64_t run = sqlite3_column_int64(statement, 0);
        sqlite3_reset(statement); /* begins anew without that one */
        if (!drop_one(adding->history, run, err))
            return false;
    }
    return step == SQLITE_DONE || fail(adding->history, err);
}

static bool add_run(struct adding *adding, struct pv_error *err)
{
    sqlite3_stmt *statement = adding->statements[ADD_RUN];
    sqlite3_bind_int64(statement, 1, adding->series);
    bind_text(statement, 2, adding->run->commit);
    if (adding->run->has_time)
        sqlite3_bind_int64(statement, 3, adding->run->time);
    bind_text(statement, 4, adding->run->format);
    if (!run_once(adding->history, statement, err))
        return false;
    adding->id = sqlite3_last_insert_rowid(adding->history->database);
    return true;
}

static bool add_part(struct adding *adding, const struct pv_history_metric *metric, int kind,
                     const struct pv_history_part *part, struct pv_error *err)
{
    sqlite3_stmt *name = adding->statements[ADD_NAME], *row = adding->statements[ADD_PART];
    bind_name(name, 1, part->name);
    if (!run_once(adding->history, name, err))
        return false;
    sqlite3_bind_int64(row, 1, adding->id);
    sqlite3_bind_int(row, 2, kind);
    sqlite3_bind_int64(row, 3, part->value);
    bind_name(row, 4, metric->name);
    bind_text(row, 5, pv_unit_name(metric->unit));
    bind_name(row, 6, part->name);
    return run_once(adding->history, row, err);
}

static bool add_metric(struct adding *adding, const struct pv_history_metric *metric,
                       struct pv_error *err)
{
    sqlite3_stmt *name = adding->statements[ADD_METRIC], *row = adding->statements[ADD_TOTAL];
    bind_name(name, 1, metric->name);
    bind_text(name, 2, pv_unit_name(metric->unit));
    bind_name(row, 1, metric->name);
    bind_text(row, 2, pv_unit_name(metric->unit));
    sqlite3_bind_int64(row, 3, adding->id);
    sqlite3_bind_int64(row, 4, metric->total);
    sqlite3_bind_int64(row, 5, metric->scale);
    bool is_fine = run_once(adding->history, name, err) && run_once(adding->history, row, err);
    for (int kind = 0; is_fine && kind < PV_HISTORY_KINDS; kind++)
        for (size_t i = 0; is_fine && i < metric->counts[kind]; i++)
            is_fine = add_part(adding, metric, kind, &metric->parts[kind][i], err);
    return is_fine;
}

bool pv_history_add(struct pv_history *history, const struct pv_history_run *run, bool is_replacing,
                    struct pv_error *err)
{
    struct adding adding = {.history = history, .run = run};
    bool is_fine = true;
    for (int i = 0; is_fine && i < ADDS; i++)
        is_fine = prepare(history, &adding.statements[i], add_words[i], err);
    is_fine = is_fine && find_series(&adding, err) && (!is_replacing || drop_old(&adding, err)) &&
              add_run(&adding, err);
    for (size_t i = 0; is_fine && i < run->metric_count; i++)
        is_fine = add_metric(&adding, &run->metrics[i], err);
    for (int i = 0; i < ADDS; i++)
        sqlite3_finalize(adding.statements[i]);
    return is_fine;
}

bool pv_history_commit(struct pv_history *history, struct pv_error *err)
{
    return execute(history, "COMMIT", err);
}

/* Ends a statement whose last step was `step`. */
static bool end(struct pv_history *history, sqlite3_stmt *statement, int step, struct pv_error *err)
{
    bool is_fine = step == SQLITE_DONE || fail(history, err);
    sqlite3_finalize(statement);
    return is_fine;
}

static void take_series(struct pv_history_series *out, struct pv_arena *arena,
                        sqlite3_stmt *statement)
{
    *out = (struct pv_history_series){
        .id = sqlite3_column_int64(statement, 0),
        .key = {.branch = pv_arena_copy(arena, column_text(statement, 1)),
                .testbed = pv_arena_copy(arena, column_text(statement, 2)),
                .profile = pv_arena_copy(arena, column_text(statement, 3))},
        .metric = pv_arena_copy(arena, column_text(statement, 4)),
        .runs = (uint64_t)sqlite3_column_int64(statement, 6),
        .has_time = sqlite3_column_int64(statement, 6) == sqlite3_column_int64(statement, 7),
        .first = sqlite3_column_int64(statement, 8),
        .last = sqlite3_column_int64(statement, 9),
        .last_commit = pv_arena_copy(arena, column_text(statement, 10)),
    };
    if (!pv_unit_parse(column_text(statement, 5), &out->unit))
        out->unit = PV_UNIT_COUNT;
}

bool pv_history_list(struct pv_history *history, struct pv_arena *arena,
                     struct pv_history_series **out, size_t *count, struct pv_error *err)
{
    static const char words[] =
        "SELECT series.id, branch, testbed, profile, metric.name, unit, count(*), count(time),"
        " min(time), max(time),"
        " (SELECT hash FROM run r WHERE r.series=series.id ORDER BY time DESC, id DESC LIMIT 1)"
        " FROM total JOIN run ON run.id=total.run JOIN series ON series.id=run.series"
        " JOIN metric ON metric.id=total.metric"
        " GROUP BY series.id, metric.id ORDER BY profile, branch, testbed, min(total.metric)";
    struct pv_history_series *list = NULL;
    sqlite3_stmt *statement;
    size_t used = 0, room = 0;
    int step;
    if (!prepare(history, &statement, words, err))
        return false;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        if (used == room) {
            room = room ? room * 2 : 16;
            list = pv_resize(list, room * sizeof *list);
        }
        take_series(&list[used++], arena, statement);
    }
    if (!end(history, statement, step, err)) {
        free(list);
        return false;
    }
    *out = list;
    *count = used;
    return true;
}

static void bind_series(sqlite3_stmt *statement, const struct pv_history_series *series)
{
    sqlite3_bind_int64(statement, 1, series->id);
    bind_name(statement, 2, series->metric);
    bind_text(statement, 3, pv_unit_name(series->unit));
}

bool pv_history_points(struct pv_history *history, struct pv_arena *arena,
                       const struct pv_history_series *series, struct pv_history_point **out,
                       size_t *count, struct pv_error *err)
{
    static const char words[] = "SELECT run.id, hash, time, value, scale FROM run, metric"
                                " JOIN total ON total.metric=metric.id AND total.run=run.id"
                                " WHERE run.series=?1 AND metric.name=?2 AND metric.unit=?3"
                                " ORDER BY CASE WHEN ?4 THEN time ELSE 0 END, run.id";
    struct pv_history_point *points = pv_zalloc(series->runs + 1, sizeof *points);
    sqlite3_stmt *statement;
    size_t used = 0;
    int step;
    if (!prepare(history, &statement, words, err)) {
        free(points);
        return false;
    }
    bind_series(statement, series);
    sqlite3_bind_int(statement, 4, series->has_time);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW && used < series->runs) {
        points[used++] = (struct pv_history_point){
            .run = sqlite3_column_int64(statement, 0),
            .commit = pv_arena_copy(arena, column_text(statement, 1)),
            .has_time = sqlite3_column_type(statement, 2) != SQLITE_NULL,
            .time = sqlite3_column_int64(statement, 2),
            .value = sqlite3_column_int64(statement, 3),
            .scale = sqlite3_column_int64(statement, 4),
        };
    }
    if (!end(history, statement, step == SQLITE_ROW ? SQLITE_DONE : step, err)) {
        free(points);
        return false;
    }
    *out = points;
    *count = used;
    return true;
}

bool pv_history_parts(struct pv_history *history, const struct pv_history_query *query,
                      pv_history_taker *take, void *context, struct pv_error *err)
{
    static const char all[] =
        "SELECT part.run, name.text, part.value FROM run, metric"
        " JOIN part ON part.run=run.id AND part.metric=metric.id AND part.kind=?4"
        " JOIN name ON name.id=part.name"
        " WHERE run.series=?1 AND metric.name=?2 AND metric.unit=?3";
    static const char one[] = "SELECT part.run, name.text, part.value FROM metric"
                              " JOIN part ON part.run=?5 AND part.metric=metric.id AND part.kind=?4"
                              " JOIN name ON name.id=part.name"
                              " WHERE ?1 AND metric.name=?2 AND metric.unit=?3";
    sqlite3_stmt *statement;
    int step;
    if (!prepare(history, &statement, query->run ? one : all, err))
        return false;
    bind_series(statement, query->series);
    sqlite3_bind_int(statement, 4, (int)query->kind);
    if (query->run)
        sqlite3_bind_int64(statement, 5, query->run);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
        take(context, sqlite3_column_int64(statement, 0), column_text(statement, 1),
             sqlite3_column_int64(statement, 2));
    return end(history, statement, step, err);
}

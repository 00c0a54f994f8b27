#include "cli/history.h"

#include "cli/history_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { APPLICATION = 0x70767472 /* "pvtr": tells our files from other databases */ };

const struct pv_text pv_history_rest = {"[rest]", 6};

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

/* What version 2 added, to files of version 1 as to new ones. */
static const char schema_of_costs[] =
    "ALTER TABLE total ADD COLUMN costs INTEGER REFERENCES costs(id);"
    "CREATE INDEX total_costs ON total(costs) WHERE costs NOT NULL;"
    "CREATE TABLE function(id INTEGER PRIMARY KEY, name BLOB NOT NULL, file BLOB NOT NULL,"
    " module BLOB NOT NULL, UNIQUE(name, file, module));"
    "CREATE TABLE costs(id INTEGER PRIMARY KEY, base INTEGER REFERENCES costs(id),"
    " packed BLOB NOT NULL);"
    "CREATE INDEX costs_base ON costs(base) WHERE base NOT NULL;";

/* An empty file may become a history; everything else must be one of ours. 0 is a new one. */
static bool find_version(const struct pv_history *history, int64_t *version, struct pv_error *err)
{
    struct pv_database *database = history->database;
    struct pv_where where = pv_database_where(database);
    int64_t application, things;
    if (!pv_database_number(database, "PRAGMA application_id", 0, &application, err) ||
        !pv_database_number(database, "PRAGMA user_version", 0, version, err) ||
        !pv_database_number(database, "SELECT count(*) FROM sqlite_schema", 0, &things, err))
        return false;
    if (application == 0 && *version == 0 && things == 0)
        return true;
    if (application != APPLICATION || *version < 1)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "is a database, but no history of profviz "
                       "track; name another file with --db");
    if (*version > PV_HISTORY_VERSION)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "was written by a newer profviz (schema %lld; this one knows %d)",
                       (long long)*version, PV_HISTORY_VERSION);
    return true;
}

static bool set_version(struct pv_history *history, struct pv_error *err)
{
    char words[96];
    snprintf(words, sizeof words, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION,
             PV_HISTORY_VERSION);
    return pv_database_execute(history->database, words, err);
}

static bool renew(struct pv_history *history, struct pv_error *err)
{
    return pv_database_execute(history->database, schema_of_costs, err) &&
           pv_history_renew(history, err) && set_version(history, err);
}

/* Who only reads leaves the file as it is. */
static bool renew_copy(struct pv_history *history, struct pv_error *err)
{
    struct pv_database *copy;
    if (!pv_database_copy(&copy, history->database, err))
        return false;
    pv_database_close(history->database);
    history->database = copy;
    return pv_database_execute(copy, "BEGIN", err) && renew(history, err);
}

/* The lock is taken before the version is looked at, so that two who begin together do not both
 * make the tables. */
static bool begin(struct pv_history *history, enum pv_history_use use, struct pv_error *err)
{
    bool is_adding = use == PV_HISTORY_ADD;
    int64_t version;
    if (!pv_database_execute(history->database, is_adding ? "BEGIN IMMEDIATE" : "BEGIN", err) ||
        !find_version(history, &version, err))
        return false;
    if (version == PV_HISTORY_VERSION)
        return true;
    if (version)
        return is_adding ? renew(history, err) : renew_copy(history, err);
    if (!is_adding)
        return pv_fail(err, PV_INPUT_FAILED, pv_database_where(history->database),
                       "is empty: profviz track add puts profiles into it");
    return pv_database_execute(history->database, schema, err) &&
           pv_database_execute(history->database, schema_of_costs, err) &&
           set_version(history, err);
}

bool pv_history_open(struct pv_history **out, const char *path, enum pv_history_use use,
                     int wait_ms, struct pv_error *err)
{
    if (use == PV_HISTORY_READ && access(path, F_OK) != 0)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = path},
                       "there is no such file; profviz track add makes it, --db names another");
    struct pv_history *history = pv_zalloc(1, sizeof *history);
    /* Who reads may have to roll back what a killed writer left, too; SQLite itself falls back to
     * reading only. */
    bool is_fine =
        pv_database_open(&history->database, path, use == PV_HISTORY_ADD, wait_ms, err) &&
        begin(history, use, err);
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
    pv_statement_free(&history->costs);
    pv_statement_free(&history->function);
    pv_database_close(history->database);
    free(history);
}

bool pv_history_commit(struct pv_history *history, struct pv_error *err)
{
    return pv_database_execute(history->database, "COMMIT", err);
}

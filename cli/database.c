#include "cli/database.h"

#include "model/number.h"

#include <sqlite3.h>
#include <stdlib.h>

struct pv_database {
    sqlite3 *handle;
    const char *path;
    int wait_ms;
};

struct pv_where pv_database_where(const struct pv_database *database)
{
    return (struct pv_where){.source = database->path};
}

static bool fail_locked(const struct pv_database *database, struct pv_error *err)
{
    char seconds[PV_NUMBER_SIZE];
    size_t size = pv_print_decimal(seconds, database->wait_ms, 3);
    return pv_fail(err, PV_OUTPUT_FAILED, pv_database_where(database),
                   "another program has locked it for more than %.*s s; try again, or wait longer "
                   "with --wait",
                   (int)size, seconds);
}

static bool fail(const struct pv_database *database, struct pv_error *err)
{
    struct pv_where where = pv_database_where(database);
    switch (sqlite3_errcode(database->handle) & 0xff) {
    case SQLITE_NOTADB:
        return pv_fail(err, PV_INPUT_FAILED, where, "is no history of profviz track");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail_locked(database, err);
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
        return pv_fail(err, PV_OUTPUT_FAILED, where, "%s", sqlite3_errmsg(database->handle));
    }
}

bool pv_database_execute(struct pv_database *database, const char *words, struct pv_error *err)
{
    return sqlite3_exec(database->handle, words, NULL, NULL, NULL) == SQLITE_OK ||
           fail(database, err);
}

bool pv_database_number(struct pv_database *database, const char *words, int64_t otherwise,
                        int64_t *out, struct pv_error *err)
{
    struct pv_statement statement;
    bool is_row = false;
    if (!pv_statement_make(&statement, database, words, err))
        return false;
    bool is_fine = pv_statement_step(&statement, &is_row, err);
    *out = is_row ? pv_statement_int(&statement, 0) : otherwise;
    pv_statement_free(&statement);
    return is_fine;
}

int64_t pv_database_last(const struct pv_database *database)
{
    return sqlite3_last_insert_rowid(database->handle);
}

/* What may have been put into a file that somebody else sent cannot run code of theirs. */
static bool harden(struct pv_database *database, struct pv_error *err)
{
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    return pv_database_execute(
        database, "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cell_size_check=ON;", err);
}

bool pv_database_open(struct pv_database **out, const char *path, bool may_create, int wait_ms,
                      struct pv_error *err)
{
    struct pv_database *database = pv_zalloc(1, sizeof *database);
    database->path = path;
    database->wait_ms = wait_ms;
    int opened =
        sqlite3_open_v2(path, &database->handle,
                        SQLITE_OPEN_READWRITE | (may_create ? SQLITE_OPEN_CREATE : 0), NULL);
    if (!database->handle)
        pv_oom(0);
    sqlite3_extended_result_codes(database->handle, 1);
    sqlite3_busy_timeout(database->handle, wait_ms);
    bool is_fine = opened == SQLITE_OK ? harden(database, err) : fail(database, err);
    if (is_fine)
        *out = database;
    else
        pv_database_close(database);
    return is_fine;
}

bool pv_database_copy(struct pv_database **out, struct pv_database *database, struct pv_error *err)
{
    struct pv_database *copy = pv_zalloc(1, sizeof *copy);
    copy->path = database->path;
    if (sqlite3_open_v2(":memory:", &copy->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        pv_oom(0);
    sqlite3_backup *backup = sqlite3_backup_init(copy->handle, "main", database->handle, "main");
    if (backup)
        sqlite3_backup_step(backup, -1);
    bool is_fine = sqlite3_backup_finish(backup) == SQLITE_OK ? harden(copy, err) : fail(copy, err);
    if (is_fine)
        *out = copy;
    else
        pv_database_close(copy);
    return is_fine;
}

void pv_database_close(struct pv_database *database)
{
    if (!database)
        return;
    sqlite3_close(database->handle);
    free(database);
}

bool pv_statement_make(struct pv_statement *out, struct pv_database *database, const char *words,
                       struct pv_error *err)
{
    *out = (struct pv_statement){.database = database};
    return sqlite3_prepare_v2(database->handle, words, -1, &out->handle, NULL) == SQLITE_OK ||
           fail(database, err);
}

void pv_statement_free(struct pv_statement *statement)
{
    sqlite3_finalize(statement->handle);
    statement->handle = NULL;
}

void pv_statement_set(const struct pv_statement *statement, int at, int64_t value)
{
    sqlite3_bind_int64(statement->handle, at, value);
}

void pv_statement_set_text(const struct pv_statement *statement, int at, struct pv_text text)
{
    sqlite3_bind_text64(statement->handle, at, text.data ? text.data : "", text.size, SQLITE_STATIC,
                        SQLITE_UTF8);
}

void pv_statement_set_bytes(const struct pv_statement *statement, int at, struct pv_text bytes)
{
    sqlite3_bind_blob64(statement->handle, at, bytes.data ? bytes.data : "", bytes.size,
                        SQLITE_STATIC);
}

void pv_statement_set_null(const struct pv_statement *statement, int at)
{
    sqlite3_bind_null(statement->handle, at);
}

bool pv_statement_step(const struct pv_statement *statement, bool *is_row, struct pv_error *err)
{
    int step = sqlite3_step(statement->handle);
    *is_row = step == SQLITE_ROW;
    return step == SQLITE_ROW || step == SQLITE_DONE || fail(statement->database, err);
}

void pv_statement_reset(const struct pv_statement *statement)
{
    sqlite3_reset(statement->handle);
}

bool pv_statement_run(const struct pv_statement *statement, struct pv_error *err)
{
    bool is_row;
    bool is_fine = pv_statement_step(statement, &is_row, err);
    pv_statement_reset(statement);
    return is_fine;
}

int64_t pv_statement_int(const struct pv_statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

struct pv_text pv_statement_text(const struct pv_statement *statement, int column)
{
    const char *data = sqlite3_column_blob(statement->handle, column);
    return (struct pv_text){data,
                            data ? (size_t)sqlite3_column_bytes(statement->handle, column) : 0};
}

bool pv_statement_is_null(const struct pv_statement *statement, int column)
{
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

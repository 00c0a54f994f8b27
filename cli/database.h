#ifndef PV_CLI_DATABASE_H
#define PV_CLI_DATABASE_H

#include "model/error.h"
#include "model/text.h"

/* SQLite, as much as profviz needs of it: one file, statements, and its failures in our words. */
struct pv_database;

/* Opens or (may_create) makes a file. Who else has it locked is waited for up to `wait_ms`. `path`
 * is not copied. Nothing in the file is looked at or run: it may have been sent by somebody. */
bool pv_database_open(struct pv_database **out, const char *path, bool may_create, int wait_ms,
                      struct pv_error *err);

/* A copy in memory, that can be written to without anybody noticing. */
bool pv_database_copy(struct pv_database **out, struct pv_database *database, struct pv_error *err);

/* What is not committed is rolled back. NULL does nothing. */
void pv_database_close(struct pv_database *database);

/* Where errors say they were: the path. */
struct pv_where pv_database_where(const struct pv_database *database);

/* Statements that give no rows, separated by semicolons. */
bool pv_database_execute(struct pv_database *database, const char *words, struct pv_error *err);

/* The one number that a statement gives, or `otherwise` where it gives no row. */
bool pv_database_number(struct pv_database *database, const char *words, int64_t otherwise,
                        int64_t *out, struct pv_error *err);

/* The number of the row that was put in last. */
int64_t pv_database_last(const struct pv_database *database);

/* A statement that is run many times. Texts that are bound must live until it is run. */
struct pv_statement {
    struct pv_database *database;
    struct sqlite3_stmt *handle;
};
bool pv_statement_make(struct pv_statement *out, struct pv_database *database, const char *words,
                       struct pv_error *err);
void pv_statement_free(struct pv_statement *statement);

/* Parameters count from 1. Bytes may be any. */
void pv_statement_set(const struct pv_statement *statement, int at, int64_t value);
void pv_statement_set_text(const struct pv_statement *statement, int at, struct pv_text text);
void pv_statement_set_bytes(const struct pv_statement *statement, int at, struct pv_text bytes);
void pv_statement_set_null(const struct pv_statement *statement, int at);

/* Goes to the next row; *is_row is false behind the last one. */
bool pv_statement_step(const struct pv_statement *statement, bool *is_row, struct pv_error *err);

/* Begins anew; what is bound stays. */
void pv_statement_reset(const struct pv_statement *statement);

/* Runs one that gives no rows; it can be used again. */
bool pv_statement_run(const struct pv_statement *statement, struct pv_error *err);

/* Columns of the row count from 0. Texts are valid until the next step or reset. */
int64_t pv_statement_int(const struct pv_statement *statement, int column);
struct pv_text pv_statement_text(const struct pv_statement *statement, int column);
bool pv_statement_is_null(const struct pv_statement *statement, int column);

#endif

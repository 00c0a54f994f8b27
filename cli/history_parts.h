#ifndef PV_CLI_HISTORY_PARTS_H
#define PV_CLI_HISTORY_PARTS_H

#include "cli/database.h"
#include "cli/history.h"

/* What the files that a history is made of share. */

enum { PV_HISTORY_VERSION = 2 };

struct pv_history {
    struct pv_database *database;
    struct pv_statement costs, function; /* to read; made when they are needed */
};

/* Binds 1: a series' number, 2 and 3: a metric's name and unit. */
void pv_history_bind(const struct pv_statement *statement, const struct pv_history_series *series);

/* A row of what functions cost: bytes of model/costs, to be added to those of another row where it
 * has a base. False where the bytes are none. */
bool pv_history_unpack(struct pv_costs *out, struct pv_text packed,
                       const struct pv_history *history, struct pv_error *err);

/* The row of costs with this number, and which one it is to be added to: 0 for none. */
bool pv_history_row(struct pv_history *history, int64_t id, struct pv_costs *out, int64_t *base,
                    struct pv_error *err);

/* Writes functions and their costs. Zero-initialise; pv_costs_writer_free releases it. */
enum pv_costs_statement {
    PV_COSTS_FIND_FUNCTION,
    PV_COSTS_ADD_FUNCTION,
    PV_COSTS_LAST,
    PV_COSTS_ADD,
    PV_COSTS_SET,
    PV_COSTS_STATEMENTS,
};
struct pv_costs_writer {
    struct pv_history *history;
    struct pv_statement statements[PV_COSTS_STATEMENTS];
    struct pv_costs base, last, difference;
    struct pv_buffer whole, step;
};
bool pv_costs_writer_make(struct pv_costs_writer *out, struct pv_history *history,
                          struct pv_error *err);
void pv_costs_writer_free(struct pv_costs_writer *writer);

/* The number of a function, put in where it is new. */
bool pv_costs_writer_function(struct pv_costs_writer *writer,
                              const struct pv_history_function *function, uint32_t *number,
                              struct pv_error *err);

/* Which total the costs are of. */
struct pv_costs_place {
    int64_t series, metric, run;
};

/* Puts in what functions cost in a run, as the difference to an earlier run of the series where
 * that is less than half as long. The costs are sorted. */
bool pv_costs_writer_add(struct pv_costs_writer *writer, const struct pv_costs_place *place,
                         const struct pv_costs *costs, struct pv_error *err);

/* Makes a history of version 1 one of this version. */
bool pv_history_renew(struct pv_history *history, struct pv_error *err);

#endif

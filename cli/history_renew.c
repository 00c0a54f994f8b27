#include "cli/history_parts.h"
#include "model/number.h"

/* Version 1 kept a row of `part` for each of a run's costliest functions. */

struct renewing {
    struct pv_costs_writer writer;
    struct pv_costs_place place;
    struct pv_costs costs;
};

static bool put(struct renewing *renewing, struct pv_error *err)
{
    if (renewing->place.run == 0)
        return true;
    pv_costs_sort(&renewing->costs);
    bool is_fine = pv_costs_writer_add(&renewing->writer, &renewing->place, &renewing->costs, err);
    renewing->costs.count = 0;
    return is_fine;
}

static bool take(struct renewing *renewing, const struct pv_statement *row, struct pv_error *err)
{
    const struct pv_costs_place place = {.series = pv_statement_int(row, 0),
                                         .run = pv_statement_int(row, 1),
                                         .metric = pv_statement_int(row, 2)};
    uint32_t number;
    if ((place.run != renewing->place.run || place.metric != renewing->place.metric) &&
        !put(renewing, err))
        return false;
    renewing->place = place;
    const struct pv_history_function function = {.name = pv_statement_text(row, 3)};
    if (!pv_costs_writer_function(&renewing->writer, &function, &number, err))
        return false;
    pv_costs_add(&renewing->costs, number, pv_statement_int(row, 4));
    return true;
}

bool pv_history_renew(struct pv_history *history, struct pv_error *err)
{
    static const char words[] =
        "SELECT run.series, run.id, part.metric, name.text, part.value FROM part"
        " JOIN run ON run.id=part.run JOIN name ON name.id=part.name WHERE part.kind=1"
        " ORDER BY part.run, part.metric";
    struct renewing renewing = {0};
    struct pv_statement rows = {0};
    bool is_row = true;
    bool is_fine = pv_costs_writer_make(&renewing.writer, history, err) &&
                   pv_statement_make(&rows, history->database, words, err);
    while (is_fine && is_row) {
        is_fine = pv_statement_step(&rows, &is_row, err);
        if (is_fine && is_row)
            is_fine = take(&renewing, &rows, err);
    }
    pv_statement_free(&rows);
    is_fine = is_fine && put(&renewing, err) &&
              pv_database_execute(history->database, "DELETE FROM part WHERE kind=1", err);
    pv_costs_writer_free(&renewing.writer);
    pv_costs_free(&renewing.costs);
    return is_fine;
}

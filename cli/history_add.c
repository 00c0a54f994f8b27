#include "cli/history_parts.h"
#include "model/number.h"

#include <stdlib.h>

/* All that adding needs, prepared once. */
enum {
    ADD_SERIES,
    GET_SERIES,
    OLD_RUN,
    OLD_COSTS,
    DROP_COSTS,
    DROP_PARTS,
    DROP_TOTALS,
    DROP_RUN,
    ADD_RUN,
    ADD_METRIC,
    GET_METRIC,
    ADD_TOTAL,
    ADD_NAME,
    ADD_PART,
    STATEMENTS
};
static const char *const all_words[STATEMENTS] = {
    [ADD_SERIES] = "INSERT INTO series(branch, testbed, profile) VALUES(?, ?, ?)"
                   " ON CONFLICT DO NOTHING",
    [GET_SERIES] = "SELECT id FROM series WHERE branch=? AND testbed=? AND profile=?",
    [OLD_RUN] = "SELECT id FROM run WHERE series=? AND hash=? LIMIT 1",
    [OLD_COSTS] = "SELECT costs.id, costs.base FROM total JOIN costs ON costs.id=total.costs"
                  " WHERE total.metric IN (SELECT id FROM metric) AND total.run=?",
    /* What other runs have, or begin from, stays. */
    [DROP_COSTS] = "DELETE FROM costs WHERE id=?1 AND NOT EXISTS(SELECT 1 FROM total WHERE"
                   " costs=?1) AND NOT EXISTS(SELECT 1 FROM costs WHERE base=?1)",
    [DROP_PARTS] = "DELETE FROM part WHERE run=?",
    [DROP_TOTALS] = "DELETE FROM total WHERE metric IN (SELECT id FROM metric) AND run=?",
    [DROP_RUN] = "DELETE FROM run WHERE id=?",
    [ADD_RUN] = "INSERT INTO run(series, hash, time, format) VALUES(?, ?, ?, ?)",
    [ADD_METRIC] = "INSERT INTO metric(name, unit) VALUES(?, ?) ON CONFLICT DO NOTHING",
    [GET_METRIC] = "SELECT id FROM metric WHERE name=? AND unit=?",
    [ADD_TOTAL] = "INSERT INTO total(metric, run, value, scale) VALUES(?, ?, ?, ?)",
    [ADD_NAME] = "INSERT INTO name(text) VALUES(?) ON CONFLICT DO NOTHING",
    [ADD_PART] = "INSERT INTO part(run, metric, kind, name, value)"
                 " SELECT ?1, ?2, ?3, name.id, ?4 FROM name WHERE name.text=?5"
                 " ON CONFLICT DO UPDATE SET value=value+excluded.value",
};

struct adding {
    struct pv_history *history;
    struct pv_statement statements[STATEMENTS];
    struct pv_costs_writer writer;
    const struct pv_history_run *run;
    uint32_t *numbers; /* [function of the run] in the file */
    int64_t series, id;
};

/* The one number that a statement must give. */
static bool get_number(const struct pv_statement *statement, int64_t *out, struct pv_error *err)
{
    bool is_row;
    if (!pv_statement_step(statement, &is_row, err))
        return false;
    *out = is_row ? pv_statement_int(statement, 0) : 0;
    pv_statement_reset(statement);
    return true;
}

static bool find_series(struct adding *adding, struct pv_error *err)
{
    const struct pv_history_key *key = &adding->run->key;
    for (int i = ADD_SERIES; i <= GET_SERIES; i++) {
        pv_statement_set_text(&adding->statements[i], 1, key->branch);
        pv_statement_set_text(&adding->statements[i], 2, key->testbed);
        pv_statement_set_text(&adding->statements[i], 3, key->profile);
    }
    return pv_statement_run(&adding->statements[ADD_SERIES], err) &&
           get_number(&adding->statements[GET_SERIES], &adding->series, err);
}

/* The rows of costs that a run has, and those that they are differences to. */
static bool old_costs(struct adding *adding, int64_t run, struct pv_costs *out,
                      struct pv_error *err)
{
    const struct pv_statement *statement = &adding->statements[OLD_COSTS];
    bool is_row, is_fine;
    pv_statement_set(statement, 1, run);
    while ((is_fine = pv_statement_step(statement, &is_row, err)) && is_row) {
        pv_costs_add(out, 0, pv_statement_int(statement, 0));
        pv_costs_add(out, 0, pv_statement_int(statement, 1));
    }
    pv_statement_reset(statement);
    return is_fine;
}

static bool drop_one(struct adding *adding, int64_t run, struct pv_error *err)
{
    struct pv_costs rows = {0};
    bool is_fine = old_costs(adding, run, &rows, err);
    for (int i = DROP_PARTS; is_fine && i <= DROP_RUN; i++) {
        pv_statement_set(&adding->statements[i], 1, run);
        is_fine = pv_statement_run(&adding->statements[i], err);
    }
    for (size_t i = 0; is_fine && i < rows.count; i++) {
        pv_statement_set(&adding->statements[DROP_COSTS], 1, rows.items[i].value);
        is_fine = pv_statement_run(&adding->statements[DROP_COSTS], err);
    }
    pv_costs_free(&rows);
    return is_fine;
}

static bool drop_old(struct adding *adding, struct pv_error *err)
{
    int64_t run = 0;
    do {
        if (run && !drop_one(adding, run, err))
            return false;
        pv_statement_set(&adding->statements[OLD_RUN], 1, adding->series);
        pv_statement_set_text(&adding->statements[OLD_RUN], 2, adding->run->commit);
        if (!get_number(&adding->statements[OLD_RUN], &run, err))
            return false;
    } while (run);
    return true;
}

static bool add_run(struct adding *adding, struct pv_error *err)
{
    const struct pv_statement *statement = &adding->statements[ADD_RUN];
    pv_statement_set(statement, 1, adding->series);
    pv_statement_set_text(statement, 2, adding->run->commit);
    if (adding->run->has_time)
        pv_statement_set(statement, 3, adding->run->time);
    pv_statement_set_text(statement, 4, adding->run->format);
    if (!pv_statement_run(statement, err))
        return false;
    adding->id = pv_database_last(adding->history->database);
    return true;
}

static bool add_part(struct adding *adding, int64_t metric, int kind,
                     const struct pv_history_part *part, struct pv_error *err)
{
    const struct pv_statement *name = &adding->statements[ADD_NAME];
    const struct pv_statement *row = &adding->statements[ADD_PART];
    pv_statement_set_bytes(name, 1, part->name);
    if (!pv_statement_run(name, err))
        return false;
    pv_statement_set(row, 1, adding->id);
    pv_statement_set(row, 2, metric);
    pv_statement_set(row, 3, kind);
    pv_statement_set(row, 4, part->value);
    pv_statement_set_bytes(row, 5, part->name);
    return pv_statement_run(row, err);
}

static bool add_parts(struct adding *adding, const struct pv_history_metric *metric, int64_t number,
                      struct pv_error *err)
{
    for (int kind = 0; kind < PV_HISTORY_KINDS; kind++)
        for (size_t i = 0; i < metric->counts[kind]; i++)
            if (!add_part(adding, number, kind, &metric->parts[kind][i], err))
                return false;
    return true;
}

static bool add_costs(struct adding *adding, const struct pv_history_metric *metric, int64_t number,
                      struct pv_error *err)
{
    const struct pv_costs_place place = {adding->series, number, adding->id};
    struct pv_costs costs = {0};
    for (size_t i = 0; i < adding->run->function_count; i++)
        if (metric->self[i])
            pv_costs_add(&costs, adding->numbers[i], metric->self[i]);
    pv_costs_sort(&costs);
    bool is_fine = pv_costs_writer_add(&adding->writer, &place, &costs, err);
    pv_costs_free(&costs);
    return is_fine;
}

static bool add_metric(struct adding *adding, const struct pv_history_metric *metric,
                       struct pv_error *err)
{
    const struct pv_statement *row = &adding->statements[ADD_TOTAL];
    int64_t number;
    for (int i = ADD_METRIC; i <= GET_METRIC; i++) {
        pv_statement_set_bytes(&adding->statements[i], 1, metric->name);
        pv_statement_set_text(&adding->statements[i], 2, pv_unit_name(metric->unit));
    }
    if (!pv_statement_run(&adding->statements[ADD_METRIC], err) ||
        !get_number(&adding->statements[GET_METRIC], &number, err))
        return false;
    pv_statement_set(row, 1, number);
    pv_statement_set(row, 2, adding->id);
    pv_statement_set(row, 3, metric->total);
    pv_statement_set(row, 4, metric->scale);
    return pv_statement_run(row, err) && add_parts(adding, metric, number, err) &&
           add_costs(adding, metric, number, err);
}

static bool number_functions(struct adding *adding, struct pv_error *err)
{
    const struct pv_history_run *run = adding->run;
    adding->numbers = pv_alloc((run->function_count + 1) * sizeof *adding->numbers);
    for (size_t i = 0; i < run->function_count; i++)
        if (!pv_costs_writer_function(&adding->writer, &run->functions[i], &adding->numbers[i],
                                      err))
            return false;
    return true;
}

bool pv_history_add(struct pv_history *history, const struct pv_history_run *run, bool is_replacing,
                    struct pv_error *err)
{
    struct adding adding = {.history = history, .run = run};
    bool is_fine = pv_costs_writer_make(&adding.writer, history, err);
    for (int i = 0; is_fine && i < STATEMENTS; i++)
        is_fine = pv_statement_make(&adding.statements[i], history->database, all_words[i], err);
    is_fine = is_fine && find_series(&adding, err) && (!is_replacing || drop_old(&adding, err)) &&
              add_run(&adding, err) && number_functions(&adding, err);
    for (size_t i = 0; is_fine && i < run->metric_count; i++)
        is_fine = add_metric(&adding, &run->metrics[i], err);
    for (int i = 0; i < STATEMENTS; i++)
        pv_statement_free(&adding.statements[i]);
    pv_costs_writer_free(&adding.writer);
    free(adding.numbers);
    return is_fine;
}

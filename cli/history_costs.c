#include "cli/history_parts.h"
#include "model/number.h"

/* Writes what functions cost. */

static const char last_of_series[] =
    "SELECT total.costs FROM run JOIN total ON total.metric=?2 AND total.run=run.id"
    " WHERE run.series=?1 AND run.id<?3 AND total.costs NOT NULL ORDER BY run.id DESC LIMIT 1";

static const char *const all_words[PV_COSTS_STATEMENTS] = {
    [PV_COSTS_FIND_FUNCTION] = "SELECT id FROM function WHERE name=? AND file=? AND module=?",
    [PV_COSTS_ADD_FUNCTION] = "INSERT INTO function(name, file, module) VALUES(?, ?, ?)",
    [PV_COSTS_LAST] = last_of_series,
    [PV_COSTS_ADD] = "INSERT INTO costs(base, packed) VALUES(?, ?)",
    [PV_COSTS_SET] = "UPDATE total SET costs=?1 WHERE metric=?2 AND run=?3",
};

bool pv_history_unpack(struct pv_costs *out, struct pv_text packed,
                       const struct pv_history *history, struct pv_error *err)
{
    return pv_costs_unpack(out, packed) ||
           pv_fail(err, PV_INPUT_FAILED, pv_database_where(history->database),
                   "the costs of a run's functions are damaged; take a copy");
}

bool pv_costs_writer_make(struct pv_costs_writer *out, struct pv_history *history,
                          struct pv_error *err)
{
    *out = (struct pv_costs_writer){.history = history};
    for (int i = 0; i < PV_COSTS_STATEMENTS; i++)
        if (!pv_statement_make(&out->statements[i], history->database, all_words[i], err))
            return false;
    return true;
}

void pv_costs_writer_free(struct pv_costs_writer *writer)
{
    for (int i = 0; i < PV_COSTS_STATEMENTS; i++)
        pv_statement_free(&writer->statements[i]);
    pv_costs_free(&writer->base);
    pv_costs_free(&writer->last);
    pv_costs_free(&writer->difference);
    pv_buffer_free(&writer->whole);
    pv_buffer_free(&writer->step);
}

bool pv_costs_writer_function(struct pv_costs_writer *writer,
                              const struct pv_history_function *function, uint32_t *number,
                              struct pv_error *err)
{
    const struct pv_statement *find = &writer->statements[PV_COSTS_FIND_FUNCTION];
    struct pv_database *database = writer->history->database;
    const struct pv_text texts[] = {function->name, function->file, function->module};
    int64_t found = 0;
    bool is_row;
    for (int i = 0; i < 3; i++)
        pv_statement_set_bytes(find, i + 1, texts[i]);
    if (!pv_statement_step(find, &is_row, err))
        return false;
    if (is_row)
        found = pv_statement_int(find, 0);
    pv_statement_reset(find);
    if (!is_row) {
        const struct pv_statement *add = &writer->statements[PV_COSTS_ADD_FUNCTION];
        for (int i = 0; i < 3; i++)
            pv_statement_set_bytes(add, i + 1, texts[i]);
        if (!pv_statement_run(add, err))
            return false;
        found = pv_database_last(database);
    }
    *number = (uint32_t)found;
    return (found > 0 && found < PV_COSTS_FUNCTIONS) ||
           pv_fail(err, PV_OUTPUT_FAILED, pv_database_where(database),
                   "has more than %d functions, which is the most; begin another history",
                   PV_COSTS_FUNCTIONS);
}

static bool is_same(const struct pv_costs *a, const struct pv_costs *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].function != b->items[i].function || a->items[i].value != b->items[i].value)
            return false;
    return true;
}

/* The row that an earlier run of the series has: 0 for none. */
static bool find_last(struct pv_costs_writer *writer, const struct pv_costs_place *place,
                      int64_t *out, struct pv_error *err)
{
    const struct pv_statement *statement = &writer->statements[PV_COSTS_LAST];
    bool is_row;
    pv_statement_set(statement, 1, place->series);
    pv_statement_set(statement, 2, place->metric);
    pv_statement_set(statement, 3, place->run);
    if (!pv_statement_step(statement, &is_row, err))
        return false;
    *out = is_row ? pv_statement_int(statement, 0) : 0;
    pv_statement_reset(statement);
    return true;
}

static bool put(struct pv_costs_writer *writer, int64_t base, const struct pv_buffer *packed,
                int64_t *id, struct pv_error *err)
{
    const struct pv_statement *statement = &writer->statements[PV_COSTS_ADD];
    if (base)
        pv_statement_set(statement, 1, base);
    else
        pv_statement_set_null(statement, 1);
    pv_statement_set_bytes(statement, 2, pv_buffer_text(packed));
    if (!pv_statement_run(statement, err))
        return false;
    *id = pv_database_last(writer->history->database);
    return true;
}

/* A row that says what the costs are: that of an earlier run where nothing has changed. */
static bool find_or_put(struct pv_costs_writer *writer, const struct pv_costs_place *place,
                        const struct pv_costs *costs, int64_t *id, struct pv_error *err)
{
    int64_t last, base, none;
    writer->whole.size = writer->step.size = 0;
    pv_costs_pack(&writer->whole, costs);
    if (!find_last(writer, place, &last, err))
        return false;
    if (last == 0)
        return put(writer, 0, &writer->whole, id, err);
    if (!pv_history_row(writer->history, last, &writer->last, &base, err) ||
        (base && !pv_history_row(writer->history, base, &writer->base, &none, err)))
        return false;
    pv_costs_subtract(&writer->difference, costs, base ? &writer->base : &writer->last);
    if (base ? is_same(&writer->difference, &writer->last) : writer->difference.count == 0) {
        *id = last;
        return true;
    }
    pv_costs_pack(&writer->step, &writer->difference);
    bool is_short = writer->step.size * 2 < writer->whole.size;
    return put(writer,
               !is_short ? 0
               : base    ? base
                         : last,
               is_short ? &writer->step : &writer->whole, id, err);
}

bool pv_costs_writer_add(struct pv_costs_writer *writer, const struct pv_costs_place *place,
                         const struct pv_costs *costs, struct pv_error *err)
{
    const struct pv_statement *statement = &writer->statements[PV_COSTS_SET];
    int64_t id;
    if (!find_or_put(writer, place, costs, &id, err))
        return false;
    pv_statement_set(statement, 1, id);
    pv_statement_set(statement, 2, place->metric);
    pv_statement_set(statement, 3, place->run);
    return pv_statement_run(statement, err);
}

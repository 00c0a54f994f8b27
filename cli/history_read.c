#include "cli/history_parts.h"
#include "model/number.h"

#include <stdlib.h>

/* All of a statement's rows are handed to `take`; the statement is freed. */
static bool take_rows(struct pv_statement *statement, void *context,
                      void (*take)(void *context, const struct pv_statement *row),
                      struct pv_error *err)
{
    bool is_row, is_fine;
    while ((is_fine = pv_statement_step(statement, &is_row, err)) && is_row)
        take(context, statement);
    pv_statement_free(statement);
    return is_fine;
}

struct listing {
    struct pv_arena *arena;
    struct pv_history_series *list;
    size_t count, room;
};

static void take_series(void *context, const struct pv_statement *row)
{
    struct listing *listing = context;
    struct pv_arena *arena = listing->arena;
    if (listing->count == listing->room) {
        listing->room = listing->room ? listing->room * 2 : 16;
        listing->list = pv_resize(listing->list, listing->room * sizeof *listing->list);
    }
    struct pv_history_series *out = &listing->list[listing->count++];
    *out = (struct pv_history_series){
        .id = pv_statement_int(row, 0),
        .key = {.branch = pv_arena_copy(arena, pv_statement_text(row, 1)),
                .testbed = pv_arena_copy(arena, pv_statement_text(row, 2)),
                .profile = pv_arena_copy(arena, pv_statement_text(row, 3))},
        .metric = pv_arena_copy(arena, pv_statement_text(row, 4)),
        .runs = (uint64_t)pv_statement_int(row, 6),
        .has_time = pv_statement_int(row, 6) == pv_statement_int(row, 7),
        .first = pv_statement_int(row, 8),
        .last = pv_statement_int(row, 9),
        .last_commit = pv_arena_copy(arena, pv_statement_text(row, 10)),
    };
    if (!pv_unit_parse(pv_statement_text(row, 5), &out->unit))
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
    struct listing listing = {.arena = arena};
    struct pv_statement statement;
    if (!pv_statement_make(&statement, history->database, words, err) ||
        !take_rows(&statement, &listing, take_series, err)) {
        free(listing.list);
        return false;
    }
    *out = listing.list;
    *count = listing.count;
    return true;
}

void pv_history_bind(const struct pv_statement *statement, const struct pv_history_series *series)
{
    pv_statement_set(statement, 1, series->id);
    pv_statement_set_bytes(statement, 2, series->metric);
    pv_statement_set_text(statement, 3, pv_unit_name(series->unit));
}

struct pointing {
    struct pv_arena *arena;
    struct pv_history_point *points;
    size_t count, room;
};

static void take_point(void *context, const struct pv_statement *row)
{
    struct pointing *pointing = context;
    if (pointing->count == pointing->room)
        return;
    pointing->points[pointing->count++] = (struct pv_history_point){
        .run = pv_statement_int(row, 0),
        .commit = pv_arena_copy(pointing->arena, pv_statement_text(row, 1)),
        .has_time = !pv_statement_is_null(row, 2),
        .time = pv_statement_int(row, 2),
        .value = pv_statement_int(row, 3),
        .scale = pv_statement_int(row, 4),
    };
}

bool pv_history_points(struct pv_history *history, struct pv_arena *arena,
                       const struct pv_history_series *series, struct pv_history_point **out,
                       size_t *count, struct pv_error *err)
{
    static const char words[] = "SELECT run.id, hash, time, value, scale FROM run, metric"
                                " JOIN total ON total.metric=metric.id AND total.run=run.id"
                                " WHERE run.series=?1 AND metric.name=?2 AND metric.unit=?3"
                                " ORDER BY CASE WHEN ?4 THEN time ELSE 0 END, run.id";
    struct pointing pointing = {.arena = arena, .room = series->runs};
    struct pv_statement statement;
    if (!pv_statement_make(&statement, history->database, words, err))
        return false;
    pointing.points = pv_zalloc(series->runs + 1, sizeof *pointing.points);
    pv_history_bind(&statement, series);
    pv_statement_set(&statement, 4, series->has_time);
    if (!take_rows(&statement, &pointing, take_point, err)) {
        free(pointing.points);
        return false;
    }
    *out = pointing.points;
    *count = pointing.count;
    return true;
}

struct taking {
    pv_history_taker *take;
    void *context;
};

static void take_part(void *context, const struct pv_statement *row)
{
    const struct taking *taking = context;
    taking->take(taking->context, pv_statement_int(row, 0), pv_statement_text(row, 1),
                 pv_statement_int(row, 2));
}

bool pv_history_parts(struct pv_history *history, const struct pv_history_series *series,
                      enum pv_history_kind kind, pv_history_taker *take, void *context,
                      struct pv_error *err)
{
    static const char words[] =
        "SELECT part.run, name.text, part.value FROM run, metric"
        " JOIN part ON part.run=run.id AND part.metric=metric.id AND part.kind=?4"
        " JOIN name ON name.id=part.name"
        " WHERE run.series=?1 AND metric.name=?2 AND metric.unit=?3";
    struct taking taking = {take, context};
    struct pv_statement statement;
    if (!pv_statement_make(&statement, history->database, words, err))
        return false;
    pv_history_bind(&statement, series);
    pv_statement_set(&statement, 4, (int64_t)kind);
    return take_rows(&statement, &taking, take_part, err);
}

#include "cli/history_parts.h"
#include "model/map.h"
#include "model/number.h"

#include <stdlib.h>
#include <string.h>

/* Reads what functions cost. */

bool pv_history_function(struct pv_history *history, uint32_t number,
                         struct pv_history_function *out, struct pv_error *err)
{
    static const char words[] = "SELECT name, file, module FROM function WHERE id=?";
    struct pv_statement *statement = &history->function;
    bool is_row;
    if (!statement->handle && !pv_statement_make(statement, history->database, words, err))
        return false;
    pv_statement_reset(statement);
    pv_statement_set(statement, 1, number);
    if (!pv_statement_step(statement, &is_row, err))
        return false;
    *out = (struct pv_history_function){0};
    if (is_row)
        *out = (struct pv_history_function){pv_statement_text(statement, 0),
                                            pv_statement_text(statement, 1),
                                            pv_statement_text(statement, 2)};
    return true;
}

bool pv_history_row(struct pv_history *history, int64_t id, struct pv_costs *out, int64_t *base,
                    struct pv_error *err)
{
    static const char words[] = "SELECT packed, base FROM costs WHERE id=?";
    struct pv_statement *statement = &history->costs;
    bool is_row;
    if (!statement->handle && !pv_statement_make(statement, history->database, words, err))
        return false;
    pv_statement_set(statement, 1, id);
    if (!pv_statement_step(statement, &is_row, err))
        return false;
    *base = is_row ? pv_statement_int(statement, 1) : 0;
    bool is_fine = pv_history_unpack(out, is_row ? pv_statement_text(statement, 0) : PV_TEXT(""),
                                     history, err);
    pv_statement_reset(statement);
    return is_fine;
}

static bool find_costs(struct pv_history *history, const struct pv_history_series *series,
                       int64_t run, int64_t *id, struct pv_error *err)
{
    static const char words[] = "SELECT total.costs FROM metric JOIN total ON"
                                " total.metric=metric.id AND total.run=?4"
                                " WHERE ?1 AND metric.name=?2 AND metric.unit=?3";
    struct pv_statement statement;
    bool is_row = false;
    if (!pv_statement_make(&statement, history->database, words, err))
        return false;
    pv_history_bind(&statement, series);
    pv_statement_set(&statement, 4, run);
    bool is_fine = pv_statement_step(&statement, &is_row, err);
    *id = is_row ? pv_statement_int(&statement, 0) : 0;
    pv_statement_free(&statement);
    return is_fine;
}

bool pv_history_costs(struct pv_history *history, const struct pv_history_series *series,
                      int64_t run, struct pv_costs *out, struct pv_error *err)
{
    struct pv_costs begin = {0}, step = {0};
    int64_t id, base = 0, none;
    out->count = 0;
    bool is_fine = find_costs(history, series, run, &id, err);
    if (is_fine && id)
        is_fine = pv_history_row(history, id, out, &base, err);
    if (is_fine && base) {
        is_fine = pv_history_row(history, base, &begin, &none, err);
        step = *out;
        *out = (struct pv_costs){0};
        pv_costs_sum(out, &begin, &step);
    }
    pv_costs_free(&begin);
    pv_costs_free(&step);
    return is_fine;
}

/* Numbers are below PV_COSTS_FUNCTIONS. */
void pv_history_make_room(uint32_t **array, uint32_t *room, uint32_t number)
{
    if (number < *room)
        return;
    uint32_t more = number < 1024 ? 2048 : number * 2;
    *array = pv_resize(*array, more * sizeof **array);
    memset(*array + *room, 0, (more - *room) * sizeof **array);
    *room = more;
}

enum { UNKNOWN = 0 /* else the group + 1 */ };

struct summing {
    struct pv_history *history;
    const struct pv_history_groups *groups;
    struct pv_statement rows;
    struct pv_costs costs;
    uint32_t *group_of; /* [function] */
    uint32_t functions;
    struct pv_map places; /* of a row's sums, by its number */
    struct pv_budget budget;
    uint64_t *sums; /* [place][group]; wrap around, as differences do */
    size_t count, room;
};

static bool find_group(struct summing *summing, uint32_t number, struct pv_error *err)
{
    struct pv_history_function function;
    pv_history_make_room(&summing->group_of, &summing->functions, number);
    if (summing->group_of[number] != UNKNOWN)
        return true;
    if (!pv_history_function(summing->history, number, &function, err))
        return false;
    size_t group = summing->groups->group_of(summing->groups->context, &function);
    summing->group_of[number] = (uint32_t)group + 1;
    return true;
}

static bool add_up(struct summing *summing, uint64_t *sums, struct pv_error *err)
{
    for (size_t i = 0; i < summing->costs.count; i++) {
        uint32_t number = summing->costs.items[i].function;
        if ((number >= summing->functions || summing->group_of[number] == UNKNOWN) &&
            !find_group(summing, number, err))
            return false;
        sums[summing->group_of[number] - 1] += (uint64_t)summing->costs.items[i].value;
    }
    return true;
}

/* A new place for the sums of a row, which begin as those of its base. */
static uint64_t *add_place(struct summing *summing, int64_t id, const uint32_t *base)
{
    size_t width = summing->groups->count;
    bool is_new;
    if (summing->count == summing->room) {
        summing->room = summing->room ? summing->room * 2 : 256;
        summing->sums = pv_resize(summing->sums, summing->room * width * sizeof *summing->sums);
    }
    uint64_t *sums = summing->sums + summing->count * width;
    if (base)
        memcpy(sums, summing->sums + *base * width, width * sizeof *sums);
    else
        memset(sums, 0, width * sizeof *sums);
    pv_map_put(&summing->places, (uint64_t)id, (uint32_t)summing->count++, &is_new,
               &summing->budget);
    return sums;
}

static bool sum_base(struct summing *summing, int64_t base, struct pv_error *err)
{
    int64_t none;
    return base == 0 || pv_map_get(&summing->places, (uint64_t)base) ||
           (pv_history_row(summing->history, base, &summing->costs, &none, err) &&
            add_up(summing, add_place(summing, base, NULL), err));
}

/* Runs that share a row share its sums. */
static bool sum_row(struct summing *summing, struct pv_error *err)
{
    const struct pv_history_groups *groups = summing->groups;
    int64_t id = pv_statement_int(&summing->rows, 1), base = pv_statement_int(&summing->rows, 2);
    const uint32_t *place = pv_map_get(&summing->places, (uint64_t)id);
    if (!place) {
        if (!sum_base(summing, base, err) ||
            !pv_history_unpack(&summing->costs, pv_statement_text(&summing->rows, 3),
                               summing->history, err))
            return false;
        const uint32_t *begin = base ? pv_map_get(&summing->places, (uint64_t)base) : NULL;
        if (!add_up(summing, add_place(summing, id, begin), err))
            return false;
        place = pv_map_get(&summing->places, (uint64_t)id);
    }
    const uint64_t *sums = summing->sums + *place * groups->count;
    groups->take(groups->context, pv_statement_int(&summing->rows, 0), (const int64_t *)sums);
    return true;
}

bool pv_history_sums(struct pv_history *history, const struct pv_history_groups *groups,
                     struct pv_error *err)
{
    static const char words[] = "SELECT run.id, costs.id, costs.base, costs.packed FROM run, metric"
                                " JOIN total ON total.metric=metric.id AND total.run=run.id"
                                " JOIN costs ON costs.id=total.costs"
                                " WHERE run.series=?1 AND metric.name=?2 AND metric.unit=?3";
    struct summing summing = {.history = history, .groups = groups};
    bool is_row = true;
    bool is_fine = pv_statement_make(&summing.rows, history->database, words, err);
    if (is_fine)
        pv_history_bind(&summing.rows, groups->series);
    while (is_fine && is_row) {
        is_fine = pv_statement_step(&summing.rows, &is_row, err);
        if (is_fine && is_row)
            is_fine = sum_row(&summing, err);
    }
    pv_statement_free(&summing.rows);
    pv_costs_free(&summing.costs);
    pv_map_free(&summing.places);
    free(summing.group_of);
    free(summing.sums);
    return is_fine;
}

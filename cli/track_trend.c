#include "cli/track.h"

#include "model/diff.h"
#include "model/map.h"

#include <stdlib.h>
#include <string.h>

/* What has no part of its own; `add` records it by the same name. */
static const struct pv_text rest = {"other", 5};

/* One part of one run, by numbers. */
struct row {
    uint32_t run; /* index into the points as they are read */
    pv_str name;
    int64_t value;
};

struct reading {
    const struct pv_history_series *series;
    const struct pv_categories *categories;
    struct pv_history_point *points;
    size_t count;
    int64_t scale; /* of all values here: the finest of the runs */
    struct pv_map runs;
    struct pv_strings *strings;
    struct pv_budget budget;
    struct row *rows;
    size_t row_count, row_room;
    struct pv_buffer words;
    bool is_partial;
    pv_str *name_of; /* [function]: as it is shown, 0 where it is not known yet */
    uint32_t functions;
    struct pv_strings *names; /* of functions */
};

/* In the scale of the trend; what does not fit any more is as large as it gets. */
static int64_t rescale(const struct reading *reading, int64_t value, int64_t scale)
{
    int64_t out;
    if (scale < 1 || scale > reading->scale)
        return value;
    return pv_multiply(value, reading->scale / scale, &out) ? out
           : value < 0                                      ? INT64_MIN
                                                            : INT64_MAX;
}

static void take_row(void *context, int64_t run, struct pv_text name, int64_t value)
{
    struct reading *reading = context;
    const uint32_t *at = pv_map_get(&reading->runs, (uint64_t)run);
    if (!at)
        return;
    if (reading->row_count == reading->row_room) {
        reading->row_room = reading->row_room ? reading->row_room * 2 : 1024;
        reading->rows = pv_resize(reading->rows, reading->row_room * sizeof *reading->rows);
    }
    reading->rows[reading->row_count++] =
        (struct row){*at, pv_strings_add(reading->strings, name, &reading->budget),
                     rescale(reading, value, reading->points[*at].scale)};
}

static void scale_points(struct reading *reading)
{
    reading->scale = 1;
    for (size_t i = 0; i < reading->count; i++) {
        struct pv_history_point *point = &reading->points[i];
        bool is_known = point->scale >= 1 && pv_power10(pv_power_of(point->scale)) == point->scale;
        point->scale = is_known ? point->scale : 1;
        reading->scale = point->scale > reading->scale ? point->scale : reading->scale;
    }
    for (size_t i = 0; i < reading->count; i++) {
        bool is_new;
        struct pv_history_point *point = &reading->points[i];
        point->value = rescale(reading, point->value, point->scale);
        pv_map_put(&reading->runs, (uint64_t)point->run, (uint32_t)i, &is_new, &reading->budget);
    }
}

/* Group 0 is what no category has. */
static size_t group_of(void *context, const struct pv_history_function *function)
{
    struct reading *reading = context;
    size_t found = pv_categories_find(reading->categories, function, &reading->words);
    if (function->file.size + function->module.size == 0 &&
        pv_text_equal(function->name, pv_history_rest))
        reading->is_partial = true;
    return found == reading->categories->count ? 0 : found + 1;
}

static void take_sums(void *context, int64_t run, const int64_t *sums)
{
    struct reading *reading = context;
    for (size_t i = 0; i < reading->categories->count; i++)
        take_row(reading, run, reading->categories->names[i], sums[i + 1]);
}

/* Categories of the command line out of functions; else those that were recorded, else modules. */
static bool read_parts(struct reading *reading, struct pv_history *history, struct pv_error *err)
{
    const struct pv_history_groups groups = {.series = reading->series,
                                             .count = reading->categories->count + 1,
                                             .context = reading,
                                             .group_of = group_of,
                                             .take = take_sums};
    if (reading->categories->count)
        return pv_history_sums(history, &groups, err);
    return pv_history_parts(history, reading->series, PV_HISTORY_CATEGORY, take_row, reading,
                            err) &&
           (reading->row_count ||
            pv_history_parts(history, reading->series, PV_HISTORY_MODULE, take_row, reading, err));
}

struct ranked {
    pv_str name;
    double weight;
};

static int heavier_first(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->weight != right->weight)
        return left->weight < right->weight ? 1 : -1;
    return (left->name > right->name) - (left->name < right->name);
}

/* Which parts are shown: the heaviest over all runs. place[name] is PV_TREND_PARTS for the rest. */
static unsigned *place_parts(struct pv_trend *trend, const struct reading *reading)
{
    uint32_t count = pv_strings_count(reading->strings);
    struct ranked *ranked = pv_zalloc(count, sizeof *ranked);
    unsigned *place = pv_zalloc(count, sizeof *place);
    for (uint32_t i = 0; i < count; i++)
        ranked[i].name = i;
    for (size_t i = 0; i < reading->row_count; i++)
        ranked[reading->rows[i].name].weight += (double)pv_magnitude(reading->rows[i].value);
    qsort(ranked, count, sizeof *ranked, heavier_first);
    for (uint32_t i = 0; i < count; i++)
        place[ranked[i].name] = PV_TREND_PARTS;
    for (uint32_t i = 0; i < count && trend->part_count < PV_TREND_PARTS - 1; i++) {
        struct pv_text name = pv_strings_get(reading->strings, ranked[i].name);
        if (ranked[i].weight <= 0 || pv_text_equal(name, rest))
            continue;
        place[ranked[i].name] = (unsigned)trend->part_count;
        trend->parts[trend->part_count++] = pv_arena_copy(trend->arena, name);
    }
    free(ranked);
    return place;
}

/* Parts of each run; what is not shown, or has no part, is the last one. */
static int64_t (*fill_parts(struct pv_trend *trend, const struct reading *reading))[PV_TREND_PARTS]
{
    int64_t(*parts)[PV_TREND_PARTS] = pv_zalloc(reading->count + 1, sizeof *parts);
    unsigned *place = place_parts(trend, reading);
    size_t last = trend->part_count;
    bool has_rest = false;
    for (size_t i = 0; i < reading->row_count; i++) {
        const struct row *row = &reading->rows[i];
        if (place[row->name] < last)
            pv_add(parts[row->run][place[row->name]], row->value,
                   &parts[row->run][place[row->name]]);
    }
    for (size_t i = 0; i < reading->count && reading->row_count; i++) {
        int64_t left = reading->points[i].value;
        for (size_t p = 0; p < last; p++)
            pv_add(left, parts[i][p] == INT64_MIN ? INT64_MAX : -parts[i][p], &left);
        parts[i][last] = left;
        has_rest = has_rest || left != 0;
    }
    if (has_rest)
        trend->parts[trend->part_count++] = rest;
    free(place);
    return parts;
}

struct by_value {
    int64_t value;
    size_t run;
};

static int compare_values(const void *a, const void *b)
{
    const struct by_value *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return (left->run > right->run) - (left->run < right->run);
}

/* Of the runs [from, to) of one commit the one in the middle. */
static size_t middle_run(const struct reading *reading, size_t from, size_t to)
{
    struct by_value *values = pv_alloc((to - from) * sizeof *values);
    for (size_t i = from; i < to; i++)
        values[i - from] = (struct by_value){reading->points[i].value, i};
    qsort(values, to - from, sizeof *values, compare_values);
    size_t run = values[(to - from - 1) / 2].run;
    free(values);
    return run;
}

/* first[p] is the first run of point p; one more at the end. */
static size_t *group(struct pv_trend *trend, const struct reading *reading)
{
    int64_t(*parts)[PV_TREND_PARTS] = fill_parts(trend, reading);
    size_t *first = pv_zalloc(reading->count + 1, sizeof *first);
    trend->points = pv_zalloc(reading->count + 1, sizeof *trend->points);
    for (size_t from = 0, to; from < reading->count; from = to) {
        struct pv_text commit = reading->points[from].commit;
        for (to = from + 1; to < reading->count && commit.size &&
                            pv_text_equal(reading->points[to].commit, commit);)
            to++;
        size_t run = middle_run(reading, from, to);
        const struct pv_history_point *point = &reading->points[run];
        struct pv_trend_point *out = &trend->points[trend->count];
        *out = (struct pv_trend_point){.commit = pv_arena_copy(trend->arena, commit),
                                       .time = point->time,
                                       .has_time = point->has_time,
                                       .value = point->value,
                                       .runs = (uint32_t)(to - from)};
        memcpy(out->parts, parts[run], sizeof out->parts);
        first[trend->count++] = from;
    }
    first[trend->count] = reading->count;
    free(parts);
    return first;
}

/* What each function changed by: means over the runs on each side. */
struct difference {
    double *values; /* by number of the name */
    uint32_t room;
    struct reading *reading;
    struct pv_costs costs;
};

/* The number of the name that a function is shown by; several may have the same. */
static bool name_of(pv_str *out, struct reading *reading, uint32_t number,
                    struct pv_history *history, struct pv_error *err)
{
    struct pv_history_function function;
    pv_history_make_room(&reading->name_of, &reading->functions, number);
    if (reading->name_of[number] == 0) {
        if (!pv_history_function(history, number, &function, err))
            return false;
        pv_track_name(&reading->words, &function);
        reading->name_of[number] =
            pv_strings_add(reading->names, pv_buffer_text(&reading->words), &reading->budget);
    }
    *out = reading->name_of[number];
    return true;
}

static void make_room(struct difference *difference, pv_str id)
{
    if (id < difference->room)
        return;
    uint32_t room = id * 2 + 64;
    difference->values = pv_resize(difference->values, room * sizeof *difference->values);
    memset(difference->values + difference->room, 0,
           (room - difference->room) * sizeof *difference->values);
    difference->room = room;
}

/* Adds runs [from, to); the weight is above 0 behind the change. */
static bool add_side(struct difference *difference, struct pv_history *history, size_t from,
                     size_t to, double sign, struct pv_error *err)
{
    struct reading *reading = difference->reading;
    double weight = sign / (double)(to - from);
    for (size_t i = from; i < to; i++) {
        const struct pv_history_point *point = &reading->points[i];
        if (!pv_history_costs(history, reading->series, point->run, &difference->costs, err))
            return false;
        for (size_t f = 0; f < difference->costs.count; f++) {
            const struct pv_cost *cost = &difference->costs.items[f];
            pv_str id;
            if (!name_of(&id, reading, cost->function, history, err))
                return false;
            make_room(difference, id);
            difference->values[id] += weight * (double)rescale(reading, cost->value, point->scale);
        }
    }
    return true;
}

static void add_most(struct pv_buffer *out, const struct difference *difference, double step,
                     const struct pv_trend *trend)
{
    enum { most = 2 };
    static const double least = .1; /* of the whole step */
    uint32_t count = difference->room;
    for (int told = 0; told < most; told++) {
        pv_str best = 0;
        for (pv_str id = 1; id < count; id++)
            if (difference->values[id] * step > difference->values[best] * step)
                best = id;
        double value = difference->values[best];
        if (best == 0 || value / step < least)
            return;
        char text[PV_NUMBER_SIZE];
        size_t size = pv_format_value(text, pv_round(value), trend->unit, trend->scale);
        pv_buffer_print(out, "%s", told ? ", " : "");
        pv_buffer_add(out, pv_strings_get(difference->reading->names, best));
        pv_buffer_print(out, " %s%.*s", value > 0 ? "+" : "", (int)size, text);
        difference->values[best] = 0;
    }
}

/* Up to ten runs on each side tell which functions made a change. */
static bool explain(struct pv_trend *trend, size_t index, struct reading *reading,
                    const size_t *first, struct pv_history *history, struct pv_error *err)
{
    enum { most = 10 };
    const struct pv_change *change = &trend->changes[index].change;
    size_t before = index ? trend->changes[index - 1].change.at : 0;
    size_t after =
        index + 1 < trend->change_count ? trend->changes[index + 1].change.at : trend->count;
    size_t at = first[change->at], from = first[before], to = first[after];
    struct difference difference = {.reading = reading};
    struct pv_buffer words = {0};
    from = at - from > most ? at - most : from;
    to = to - at > most ? at + most : to;
    bool is_fine = add_side(&difference, history, from, at, -1, err) &&
                   add_side(&difference, history, at, to, 1, err);
    if (is_fine && difference.room)
        add_most(&words, &difference, (double)change->after - (double)change->before, trend);
    trend->changes[index].why = pv_arena_copy(trend->arena, pv_buffer_text(&words));
    pv_buffer_free(&words);
    pv_costs_free(&difference.costs);
    free(difference.values);
    return is_fine;
}

static bool find_changes(struct pv_trend *trend, struct reading *reading, const size_t *first,
                         struct pv_history *history, struct pv_error *err)
{
    enum { explained = 50 };
    int64_t *values = pv_alloc((trend->count + 1) * sizeof *values);
    for (size_t i = 0; i < trend->count; i++)
        values[i] = trend->points[i].value;
    bool is_counted = pv_noise_of(trend->metric, trend->unit, true) == PV_NOISE_NONE;
    struct pv_change *found =
        pv_changes_find(values, trend->count, is_counted, &trend->change_count, &trend->is_exact);
    trend->changes = pv_zalloc(trend->change_count + 1, sizeof *trend->changes);
    for (size_t i = 0; i < trend->change_count; i++)
        trend->changes[i].change = found[i];
    free(found);
    free(values);
    size_t skip = trend->change_count > explained ? trend->change_count - explained : 0;
    for (size_t i = skip; i < trend->change_count; i++)
        if (!explain(trend, i, reading, first, history, err))
            return false;
    return true;
}

bool pv_track_trend(struct pv_trend *out, struct pv_history *history,
                    const struct pv_history_series *series, const struct pv_categories *categories,
                    bool *is_partial, struct pv_error *err)
{
    struct pv_trend trend = {.arena = pv_arena_new(), .unit = series->unit};
    struct reading reading = {.series = series, .categories = categories};
    size_t *first = NULL;
    reading.strings = pv_strings_new();
    reading.names = pv_strings_new();
    bool is_fine =
        pv_history_points(history, trend.arena, series, &reading.points, &reading.count, err);
    if (is_fine)
        scale_points(&reading);
    is_fine = is_fine && read_parts(&reading, history, err);
    if (is_fine) {
        trend.profile = pv_arena_copy(trend.arena, series->key.profile);
        trend.branch = pv_arena_copy(trend.arena, series->key.branch);
        trend.testbed = pv_arena_copy(trend.arena, series->key.testbed);
        trend.metric = pv_arena_copy(trend.arena, series->metric);
        trend.scale = reading.scale;
        first = group(&trend, &reading);
        is_fine = find_changes(&trend, &reading, first, history, err);
    }
    free(first);
    free(reading.points);
    free(reading.rows);
    pv_map_free(&reading.runs);
    pv_strings_free(reading.strings);
    pv_strings_free(reading.names);
    pv_buffer_free(&reading.words);
    free(reading.name_of);
    *is_partial = reading.is_partial;
    if (is_fine)
        *out = trend;
    else
        pv_trend_free(&trend);
    return is_fine;
}

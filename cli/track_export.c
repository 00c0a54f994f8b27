#include "cli/track.h"

#include "model/map.h"
#include "render/csv.h"

#include <stdlib.h>

/* One series while it is exported. */
struct exporting {
    struct pv_output *output;
    const struct pv_history_series *series;
    struct pv_history_point *points;
    struct pv_map runs;
    const char *kind;
};

static void put_row(void *context, int64_t run, struct pv_text name, int64_t value)
{
    const struct exporting *exporting = context;
    const struct pv_history_series *series = exporting->series;
    const uint32_t *at = pv_map_get(&exporting->runs, (uint64_t)run);
    char digits[PV_NUMBER_SIZE];
    if (!at)
        return;
    const struct pv_history_point *point = &exporting->points[*at];
    pv_output_string(exporting->output, exporting->kind);
    pv_output_char(exporting->output, ',');
    const struct pv_text fields[] = {series->key.profile, series->key.branch, series->key.testbed,
                                     point->commit};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        pv_csv_name(exporting->output, fields[i]);
        pv_output_char(exporting->output, ',');
    }
    if (point->has_time)
        pv_output_int(exporting->output, point->time);
    pv_output_char(exporting->output, ',');
    pv_csv_name(exporting->output, series->metric);
    pv_output_char(exporting->output, ',');
    pv_csv_name(exporting->output, pv_unit_name(series->unit));
    pv_output_char(exporting->output, ',');
    pv_csv_name(exporting->output, name);
    pv_output_char(exporting->output, ',');
    size_t size = pv_print_decimal(digits, value, pv_power_of(point->scale > 0 ? point->scale : 1));
    pv_output_add(exporting->output, (struct pv_text){digits, size});
    pv_output_char(exporting->output, '\n');
}

void pv_track_export_head(struct pv_output *output)
{
    pv_output_string(output, "kind,profile,branch,testbed,commit,time,metric,unit,name,value\n");
}

static bool put_functions(struct exporting *exporting, struct pv_history *history, size_t count,
                          struct pv_error *err)
{
    struct pv_costs costs = {0};
    struct pv_buffer name = {0};
    bool is_fine = true;
    for (size_t i = 0; is_fine && i < count; i++) {
        int64_t run = exporting->points[i].run;
        is_fine = pv_history_costs(history, exporting->series, run, &costs, err);
        for (size_t f = 0; is_fine && f < costs.count; f++) {
            struct pv_history_function function;
            is_fine = pv_history_function(history, costs.items[f].function, &function, err);
            if (!is_fine)
                break;
            pv_track_name(&name, &function);
            put_row(exporting, run, pv_buffer_text(&name), costs.items[f].value);
        }
    }
    pv_costs_free(&costs);
    pv_buffer_free(&name);
    return is_fine;
}

static bool put_all(struct exporting *exporting, struct pv_history *history, size_t count,
                    struct pv_error *err)
{
    static const char *const kinds[PV_HISTORY_KINDS] = {"module", "function", "category"};
    struct pv_budget budget = {0};
    bool is_fine = true, is_new;
    for (size_t i = 0; i < count; i++)
        pv_map_put(&exporting->runs, (uint64_t)exporting->points[i].run, (uint32_t)i, &is_new,
                   &budget);
    exporting->kind = "total";
    for (size_t i = 0; i < count; i++)
        put_row(exporting, exporting->points[i].run, PV_TEXT(""), exporting->points[i].value);
    for (int kind = 0; is_fine && kind < PV_HISTORY_KINDS; kind++) {
        exporting->kind = kinds[kind];
        is_fine = kind == PV_HISTORY_FUNCTION
                      ? put_functions(exporting, history, count, err)
                      : pv_history_parts(history, exporting->series, (enum pv_history_kind)kind,
                                         put_row, exporting, err);
    }
    return is_fine;
}

bool pv_track_export(struct pv_output *output, struct pv_history *history,
                     const struct pv_history_series *series, struct pv_error *err)
{
    struct exporting exporting = {.output = output, .series = series};
    struct pv_arena *arena = pv_arena_new();
    size_t count;
    bool is_fine = pv_history_points(history, arena, series, &exporting.points, &count, err) &&
                   put_all(&exporting, history, count, err);
    pv_map_free(&exporting.runs);
    free(exporting.points);
    pv_arena_free(arena);
    return is_fine;
}

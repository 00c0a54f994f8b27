#include "model/heap.h"
#include "model/number.h"
#include "render/table_parts.h"

#include <stdlib.h>

/* Everything that orders functions: the key decides, then the other cost, then the frame. */
struct ranking {
    const struct pv_profile *profile;
    const int64_t *key, *second; /* largest magnitude first; NULL: not looked at */
};

/* Strictly: of two different functions exactly one goes before the other. */
static bool goes_before(const void *context, uint32_t a, uint32_t b)
{
    const struct ranking *ranking = context;
    const int64_t *const columns[] = {ranking->key, ranking->second};
    for (size_t i = 0; i < 2; i++) {
        if (columns[i] && columns[i][a] != columns[i][b]) {
            uint64_t x = pv_magnitude(columns[i][a]), y = pv_magnitude(columns[i][b]);
            return x != y ? x > y : columns[i][a] > columns[i][b];
        }
    }
    const struct pv_func *funcs = ranking->profile->graph->funcs;
    return pv_frame_compare(ranking->profile, funcs[a].frame, funcs[b].frame) < 0;
}

/* Calls as an array, because rankings look at columns. */
static int64_t *calls_of(const struct pv_graph *graph)
{
    int64_t *calls = pv_alloc(graph->func_count * sizeof *calls);
    for (uint32_t i = 0; i < graph->func_count; i++)
        calls[i] = graph->funcs[i].calls == PV_UNKNOWN_CALLS ? 0 : graph->funcs[i].calls;
    return calls;
}

static uint32_t *choose(const struct pv_profile *profile, const struct pv_top_options *options,
                        uint32_t rows)
{
    const struct pv_graph *graph = profile->graph;
    const int64_t *self = graph->self[options->metric], *total = graph->total[options->metric];
    int64_t *calls = options->sort == PV_SORT_CALLS ? calls_of(graph) : NULL;
    const struct ranking rankings[] = {
        [PV_SORT_SELF] = {profile, self, total},
        [PV_SORT_TOTAL] = {profile, total, self},
        [PV_SORT_CALLS] = {profile, calls, self},
        [PV_SORT_NAME] = {profile, NULL, NULL},
    };
    uint32_t *chosen = pv_alloc(graph->func_count * sizeof *chosen);
    for (uint32_t i = 0; i < graph->func_count; i++)
        chosen[i] = i;
    pv_heap_best(chosen, graph->func_count, rows, goes_before, &rankings[options->sort]);
    free(calls);
    return chosen;
}

static void fill_function(struct pv_table_maker *maker, size_t row, uint32_t func)
{
    const struct pv_graph *graph = maker->profile->graph;
    pv_table_self(maker, row, graph->self[maker->metric][func]);
    pv_table_total(maker, row, graph->total[maker->metric][func]);
    pv_table_calls(maker, row, graph->funcs[func].calls);
    pv_table_name(maker, row, graph->funcs[func].frame);
}

static void fill_sum(struct pv_table_maker *maker, size_t row, int64_t self, struct pv_text words)
{
    pv_table_self(maker, row, self);
    pv_table_words(maker, row, words);
    maker->table->is_sum[row] = true;
}

/* What the functions that are shown leave of the total, and the total. */
static void fill_sums(struct pv_table_maker *maker, uint32_t shown, bool has_rest, int64_t rest)
{
    struct pv_buffer words = {0};
    uint32_t functions = maker->profile->graph->func_count;
    if (has_rest && shown < functions) {
        pv_buffer_print(&words, "… ");
        pv_add_count(&words, functions - shown, "other function", "other functions");
        fill_sum(maker, shown, rest, pv_table_keep(maker, &words));
    } else if (has_rest) {
        fill_sum(maker, shown, rest, PV_TEXT("outside of any function"));
    }
    fill_sum(maker, maker->table->row_count - 1, maker->table->total, PV_TEXT("total"));
    pv_buffer_free(&words);
}

/* What the functions that are shown leave of the total. Signed values may leave int64 on the way.
 */
static int64_t rest_of(const struct pv_table *table, const int64_t *self, const uint32_t *chosen,
                       uint32_t count)
{
    uint64_t rest = (uint64_t)table->total;
    for (uint32_t i = 0; i < count; i++)
        rest -= (uint64_t)self[chosen[i]];
    return (int64_t)rest;
}

static void fill_rows(struct pv_table_maker *maker, const struct pv_top_options *options)
{
    static const enum pv_field fields[] = {
        PV_FIELD_SELF,  PV_FIELD_SELF_SHARE, PV_FIELD_TOTAL, PV_FIELD_TOTAL_SHARE,
        PV_FIELD_CALLS, PV_FIELD_NAME,       PV_FIELD_PLACE};
    const struct pv_graph *graph = maker->profile->graph;
    uint32_t functions = graph->func_count;
    uint32_t rows =
        options->rows && options->rows < functions ? (uint32_t)options->rows : functions;
    uint32_t *chosen = choose(maker->profile, options, rows);
    int64_t rest = rest_of(maker->table, graph->self[options->metric], chosen, rows);
    bool has_sum = functions || maker->table->total, has_rest = rows < functions || rest;
    pv_table_columns(maker, fields, sizeof fields / sizeof fields[0],
                     options->sort == PV_SORT_TOTAL ? PV_FIELD_TOTAL_SHARE : PV_FIELD_SELF_SHARE);
    pv_table_rows(maker, (size_t)rows + (has_sum ? 1 + has_rest : 0));
    for (uint32_t i = 0; i < rows; i++)
        fill_function(maker, i, chosen[i]);
    if (has_sum)
        fill_sums(maker, rows, has_rest, rest);
    free(chosen);
}

static bool check_sort(const struct pv_profile *profile, const struct pv_top_options *options,
                       struct pv_error *err)
{
    bool is_possible = options->sort != PV_SORT_CALLS || profile->graph->func_count == 0 ||
                       pv_table_has_calls(profile->graph);
    return is_possible || pv_fail(err, PV_USAGE, (struct pv_where){0},
                                  "--sort calls: the input does not tell how often functions were "
                                  "called; there are self, total and name");
}

static void add_order(struct pv_table_maker *maker, enum pv_sort sort)
{
    static const char *const words[] = {
        [PV_SORT_SELF] = "by self",
        [PV_SORT_TOTAL] = "by total",
        [PV_SORT_CALLS] = "by calls",
        [PV_SORT_NAME] = "by name",
    };
    struct pv_buffer order = {0};
    pv_buffer_print(&order, "%s", words[sort]);
    pv_table_fact(maker, &order);
    pv_buffer_free(&order);
}

bool pv_table_top(struct pv_table **out, const struct pv_profile *profile,
                  const struct pv_top_options *options, struct pv_error *err)
{
    struct pv_table_maker maker;
    if (!pv_table_begin(&maker, profile, options->metric, options->unit, options->input, err))
        return false;
    if (pv_table_has_metric(&maker)) {
        if (!check_sort(profile, options, err)) {
            pv_table_free(maker.table);
            return false;
        }
        pv_table_facts(&maker);
        add_order(&maker, options->sort);
        fill_rows(&maker, options);
    }
    pv_table_notes(&maker);
    *out = maker.table;
    return true;
}

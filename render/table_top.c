#include "render/table.h"

#include "model/escape.h"

#include <stdlib.h>

/* Everything that orders functions: the key decides, then the other cost, then the frame. */
struct ranking {
    const struct pv_profile *profile;
    const int64_t *key, *second; /* largest magnitude first; NULL: not looked at */
};

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* Strictly: of two different functions exactly one goes before the other. */
static bool goes_before(const struct ranking *ranking, uint32_t a, uint32_t b)
{
    const int64_t *const columns[] = {ranking->key, ranking->second};
    for (size_t i = 0; i < 2; i++) {
        if (columns[i] && columns[i][a] != columns[i][b]) {
            uint64_t x = magnitude(columns[i][a]), y = magnitude(columns[i][b]);
            return x != y ? x > y : columns[i][a] > columns[i][b];
        }
    }
    const struct pv_func *funcs = ranking->profile->graph->funcs;
    return pv_frame_compare(ranking->profile, funcs[a].frame, funcs[b].frame) < 0;
}

/* Restores the heap below `at`: the one that goes last is on top. */
static void sift(const struct ranking *ranking, uint32_t *heap, uint32_t count, uint32_t at)
{
    uint32_t moved = heap[at];
    for (uint64_t child; (child = 2 * (uint64_t)at + 1) < count; at = (uint32_t)child) {
        if (child + 1 < count && goes_before(ranking, heap[child], heap[child + 1]))
            child++;
        if (!goes_before(ranking, moved, heap[child]))
            break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

/* The first `wanted` of `count` functions, in order. A bounded heap: the usual twenty of a hundred
 * thousand cost one comparison each, and names are only compared on ties. */
static uint32_t *select_first(const struct ranking *ranking, uint32_t count, uint32_t wanted)
{
    uint32_t *heap = pv_alloc((size_t)wanted * sizeof *heap);
    for (uint32_t i = 0; i < wanted; i++)
        heap[i] = i;
    for (uint32_t i = wanted / 2; i-- > 0;)
        sift(ranking, heap, wanted, i);
    for (uint32_t i = wanted; i < count && wanted > 0; i++) {
        if (!goes_before(ranking, i, heap[0]))
            continue;
        heap[0] = i;
        sift(ranking, heap, wanted, 0);
    }
    for (uint32_t left = wanted; left > 1; left--) {
        uint32_t last = heap[0];
        heap[0] = heap[left - 1];
        heap[left - 1] = last;
        sift(ranking, heap, left - 1, 0);
    }
    return heap;
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
    uint32_t *chosen = select_first(&rankings[options->sort], graph->func_count, rows);
    free(calls);
    return chosen;
}

enum { COLUMNS = 7 };
enum { SELF, SELF_SHARE, TOTAL, TOTAL_SHARE, CALLS, NAME, PLACE };

static bool has_calls(const struct pv_graph *graph)
{
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (graph->funcs[i].calls != PV_UNKNOWN_CALLS)
            return true;
    return false;
}

/* Columns that hold nothing at all are left out: which of the seven stay, and how many. */
struct layout {
    unsigned at[COLUMNS]; /* position, or COLUMNS where left out */
    unsigned count;
};

static bool has_places(const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (profile->frames[i].file || profile->frames[i].module)
            return true;
    return false;
}

static void lay_out(struct pv_table *table, struct layout *layout, const struct pv_profile *profile,
                    enum pv_sort sort)
{
    static const struct pv_column columns[COLUMNS] = {
        [SELF] = {.title = "self", .kind = PV_COLUMN_VALUE},
        [SELF_SHARE] = {.title = "self %", .kind = PV_COLUMN_SHARE},
        [TOTAL] = {.title = "total", .kind = PV_COLUMN_VALUE},
        [TOTAL_SHARE] = {.title = "total %", .kind = PV_COLUMN_SHARE},
        [CALLS] = {.title = "calls", .kind = PV_COLUMN_COUNT},
        [NAME] = {.title = "function", .kind = PV_COLUMN_NAME},
        [PLACE] = {.title = "file:line", .kind = PV_COLUMN_PLACE, .is_optional = true},
    };
    table->columns = pv_arena_alloc(table->arena, sizeof columns);
    layout->count = 0;
    for (unsigned i = 0; i < COLUMNS; i++) {
        layout->at[i] = COLUMNS;
        if ((i == CALLS && !has_calls(profile->graph)) || (i == PLACE && !has_places(profile)))
            continue;
        table->columns[layout->count] = columns[i];
        table->columns[layout->count].has_bar =
            i == (sort == PV_SORT_TOTAL ? TOTAL_SHARE : SELF_SHARE);
        layout->at[i] = layout->count++;
    }
    table->column_count = layout->count;
}

static struct pv_cell *cell(struct pv_table *table, const struct layout *layout, size_t row,
                            unsigned column)
{
    unsigned at = layout->at[column];
    return at < COLUMNS ? &table->cells[row * table->column_count + at] : NULL;
}

static void put(struct pv_table *table, const struct layout *layout, size_t row, unsigned column,
                struct pv_cell value)
{
    struct pv_cell *target = cell(table, layout, row, column);
    if (target)
        *target = value;
}

static struct pv_cell place_cell(const struct pv_profile *profile, const struct pv_frame *frame)
{
    pv_str text = frame->file ? frame->file : frame->module;
    return (struct pv_cell){
        .text = pv_profile_text(profile, text),
        .line = frame->file ? frame->line : 0,
        .is_empty = text == 0,
    };
}

static void fill_function(struct pv_table *table, const struct layout *layout, size_t row,
                          const struct pv_profile *profile, uint32_t func, uint32_t metric)
{
    const struct pv_graph *graph = profile->graph;
    const struct pv_frame *frame = &profile->frames[graph->funcs[func].frame];
    struct pv_cell self = {.value = graph->self[metric][func]};
    struct pv_cell total = {.value = graph->total[metric][func]};
    int64_t calls = graph->funcs[func].calls;
    struct pv_cell name = {.text = pv_profile_text(profile, frame->name)};
    if (name.text.size == 0)
        name = (struct pv_cell){.text = PV_TEXT("(no name)"), .is_ours = true};
    put(table, layout, row, SELF, self);
    put(table, layout, row, SELF_SHARE, self);
    put(table, layout, row, TOTAL, total);
    put(table, layout, row, TOTAL_SHARE, total);
    put(table, layout, row, CALLS,
        (struct pv_cell){.value = calls, .is_empty = calls == PV_UNKNOWN_CALLS});
    put(table, layout, row, NAME, name);
    put(table, layout, row, PLACE, place_cell(profile, frame));
}

static void fill_sum(struct pv_table *table, const struct layout *layout, size_t row, int64_t self,
                     struct pv_text words)
{
    const struct pv_cell nothing = {.is_empty = true};
    for (unsigned i = 0; i < COLUMNS; i++)
        put(table, layout, row, i, nothing);
    put(table, layout, row, SELF, (struct pv_cell){.value = self});
    put(table, layout, row, SELF_SHARE, (struct pv_cell){.value = self});
    put(table, layout, row, NAME, (struct pv_cell){.text = words, .is_ours = true});
}

static void add_grouped(struct pv_buffer *out, uint64_t number)
{
    char digits[PV_NUMBER_SIZE];
    size_t size = pv_print_grouped(digits, number > INT64_MAX ? INT64_MAX : (int64_t)number);
    pv_buffer_add(out, (struct pv_text){digits, size});
}

/* The buffer's text, kept in the table's arena; the buffer is empty afterwards. */
static struct pv_text keep(struct pv_table *table, struct pv_buffer *buffer)
{
    struct pv_text text = pv_arena_copy(table->arena, pv_buffer_text(buffer));
    buffer->size = 0;
    return text;
}

static void add_counted(struct pv_buffer *out, uint64_t count, const char *noun)
{
    add_grouped(out, count);
    pv_buffer_print(out, " %s%s", noun, count == 1 ? "" : "s");
}

static void fill_sums(struct pv_table *table, const struct layout *layout, uint32_t functions,
                      int64_t rest)
{
    struct pv_buffer words = {0};
    size_t shown = table->row_count - table->summary_count;
    if (table->summary_count > 1 && shown < functions) {
        pv_buffer_print(&words, "… ");
        add_counted(&words, functions - shown, "other function");
        fill_sum(table, layout, shown, rest, keep(table, &words));
    } else if (table->summary_count > 1) {
        fill_sum(table, layout, shown, rest, PV_TEXT("outside of any function"));
    }
    fill_sum(table, layout, table->row_count - 1, table->total, PV_TEXT("total"));
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

static void fill_rows(struct pv_table *table, const struct pv_profile *profile,
                      const struct pv_top_options *options)
{
    const struct pv_graph *graph = profile->graph;
    uint32_t functions = graph->func_count;
    uint32_t rows =
        options->rows && options->rows < functions ? (uint32_t)options->rows : functions;
    uint32_t *chosen = choose(profile, options, rows);
    int64_t rest = rest_of(table, graph->self[options->metric], chosen, rows);
    struct layout layout;
    lay_out(table, &layout, profile, options->sort);
    if (functions || table->total)
        table->summary_count = rows < functions || rest ? 2 : 1;
    table->row_count = rows + table->summary_count;
    table->cells =
        pv_arena_alloc(table->arena, table->row_count * table->column_count * sizeof *table->cells);
    for (uint32_t i = 0; i < rows; i++)
        fill_function(table, &layout, i, profile, chosen[i], options->metric);
    if (table->summary_count)
        fill_sums(table, &layout, functions, rest);
    free(chosen);
}

static bool fill_metric(struct pv_table *table, const struct pv_profile *profile,
                        const struct pv_top_options *options, struct pv_error *err)
{
    const struct pv_metric *metric = &profile->metrics[options->metric];
    table->unit = metric->unit;
    table->scale = metric->scale;
    table->whole = pv_profile_whole(profile, options->metric);
    table->total = metric->total;
    table->prefix = options->unit;
    return pv_unit_has_prefix(metric->unit, options->unit, err);
}

static bool check_sort(const struct pv_profile *profile, const struct pv_top_options *options,
                       struct pv_error *err)
{
    bool is_possible = options->sort != PV_SORT_CALLS || profile->graph->func_count == 0 ||
                       has_calls(profile->graph);
    return is_possible || pv_fail(err, PV_USAGE, (struct pv_where){0},
                                  "--sort calls: the input does not tell how often functions were "
                                  "called; there are self, total and name");
}

static uint64_t known_calls(const struct pv_graph *graph)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (graph->funcs[i].calls != PV_UNKNOWN_CALLS &&
            __builtin_add_overflow(sum, (uint64_t)graph->funcs[i].calls, &sum))
            return UINT64_MAX;
    return sum;
}

static const char *const sort_words[] = {
    [PV_SORT_SELF] = "by self",
    [PV_SORT_TOTAL] = "by total",
    [PV_SORT_CALLS] = "by calls",
    [PV_SORT_NAME] = "by name",
};

static void fill_facts(struct pv_table *table, const struct pv_profile *profile,
                       const struct pv_top_options *options)
{
    enum { most = 8 };
    const struct pv_metric *metric = &profile->metrics[options->metric];
    struct pv_buffer words = {0};
    char value[PV_NUMBER_SIZE];
    size_t size;
    table->facts = pv_arena_alloc(table->arena, most * sizeof *table->facts);
    pv_escape(&words, PV_ESCAPE_DISPLAY, pv_profile_text(profile, profile->format));
    table->facts[table->fact_count++] = keep(table, &words);
    pv_escape(&words, PV_ESCAPE_DISPLAY, pv_profile_text(profile, metric->name));
    pv_format_value_in(value, &size, metric->total, metric->unit, metric->scale, options->unit);
    pv_buffer_print(&words, " %.*s", (int)size, value);
    table->facts[table->fact_count++] = keep(table, &words);
    add_counted(&words, profile->graph->func_count, "function");
    table->facts[table->fact_count++] = keep(table, &words);
    uint64_t calls = known_calls(profile->graph);
    if (calls) {
        add_counted(&words, calls, "call");
        table->facts[table->fact_count++] = keep(table, &words);
    }
    if (profile->metric_count > 1) {
        pv_buffer_print(&words, "1 of %u metrics", profile->metric_count);
        table->facts[table->fact_count++] = keep(table, &words);
    }
    if (metric->is_signed) {
        pv_format_value_in(value, &size, table->whole, metric->unit, metric->scale, options->unit);
        pv_buffer_print(&words, "shares of %.*s, without signs", (int)size, value);
        table->facts[table->fact_count++] = keep(table, &words);
    }
    table->facts[table->fact_count++] = pv_text_of(sort_words[options->sort]);
    pv_buffer_free(&words);
}

/* Of the whole there is no more than 100 %, whatever the file says. */
static void add_unbounded(struct pv_buffer *out, const struct pv_table *table,
                          const struct pv_profile *profile, uint32_t metric)
{
    uint64_t above = 0;
    const int64_t *total = profile->graph->total[metric];
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        above += magnitude(total[i]) > (uint64_t)table->whole;
    if (above == 0)
        return;
    add_counted(out, above, "function");
    pv_buffer_print(out, above == 1 ? " has" : " have");
    pv_buffer_print(out, " more than the whole in the file, shown as 100 %%");
}

static void fill_notes(struct pv_table *table, const struct pv_profile *profile, uint32_t metric)
{
    struct pv_buffer words = {0};
    table->notes = pv_arena_alloc(table->arena, (profile->note_count + 1) * sizeof *table->notes);
    table->note_count = profile->note_count;
    for (uint32_t i = 0; i < profile->note_count; i++) {
        struct pv_buffer raw = {0};
        pv_table_note(&raw, profile, &profile->notes[i], true);
        pv_escape(&words, PV_ESCAPE_DISPLAY, pv_buffer_text(&raw));
        table->notes[i] = keep(table, &words);
        pv_buffer_free(&raw);
    }
    if (profile->is_unbounded && metric < profile->metric_count)
        add_unbounded(&words, table, profile, metric);
    if (words.size)
        table->notes[table->note_count++] = keep(table, &words);
    pv_buffer_free(&words);
}

bool pv_table_top(struct pv_table **out, const struct pv_profile *profile,
                  const struct pv_top_options *options, struct pv_error *err)
{
    struct pv_table *table = pv_zalloc(1, sizeof *table);
    table->arena = pv_arena_new();
    table->input = pv_arena_copy(table->arena, options->input);
    if (options->metric < profile->metric_count) {
        if (!fill_metric(table, profile, options, err) || !check_sort(profile, options, err)) {
            pv_table_free(table);
            return false;
        }
        fill_facts(table, profile, options);
        fill_rows(table, profile, options);
    }
    fill_notes(table, profile, options->metric);
    *out = table;
    return true;
}

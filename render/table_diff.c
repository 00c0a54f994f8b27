#include "render/table_diff.h"

#include "model/heap.h"
#include "render/diff_words.h"
#include "render/table_parts.h"

#include <stdlib.h>

/* In the order of the columns: what people see, what programs get, what both do. */
enum field {
    BASE,
    HEAD,
    CHANGE,
    RATIO,
    OTHER, /* the change of the total, or of self where rows are sorted by total */
    CALLS,
    NAME,
    PLACE,
    DATA_SELF,
    DATA_HEAD_SELF,
    DATA_TOTAL,
    DATA_HEAD_TOTAL,
    DATA_CALLS,
    DATA_HEAD_CALLS,
    STATE,
    VERDICT,
    FIELDS
};

struct making {
    struct pv_table_maker maker;
    const struct pv_diff *diff;
    const struct pv_diff_pair *pair;
    const struct pv_top_options *options;
    struct pv_judged *self, *total;
    const int64_t *base_of[2], *head_of[2]; /* self, total: [function] */
    unsigned at[FIELDS];
};

static int64_t calls_of(const struct pv_diff *diff, unsigned side, uint32_t func)
{
    int64_t calls = diff->calls[side][func];
    return calls == PV_UNKNOWN_CALLS ? 0 : calls;
}

static bool by_total(const struct making *making)
{
    return making->options->sort == PV_SORT_TOTAL;
}

static uint64_t size_of(const struct making *making, unsigned kind, uint32_t func)
{
    return pv_magnitude(making->head_of[kind][func] - making->base_of[kind][func]);
}

static uint64_t calls_change(const struct making *making, uint32_t func)
{
    return pv_magnitude(calls_of(making->diff, 1, func) - calls_of(making->diff, 0, func));
}

static bool is_changed(const struct making *making, uint32_t func)
{
    return size_of(making, 0, func) || size_of(making, 1, func) || calls_change(making, func) ||
           making->diff->sides[func] != (PV_IN_BASE | PV_IN_HEAD);
}

/* The largest change first, then the other one, calls, and the name. */
static bool goes_before(const void *context, uint32_t a, uint32_t b)
{
    const struct making *making = context;
    enum pv_sort sort = making->options->sort;
    unsigned kind = by_total(making);
    uint64_t keys[2][3] = {
        {size_of(making, kind, a), size_of(making, !kind, a), calls_change(making, a)},
        {size_of(making, kind, b), size_of(making, !kind, b), calls_change(making, b)}};
    if (sort == PV_SORT_CALLS && keys[0][2] != keys[1][2])
        return keys[0][2] > keys[1][2];
    for (unsigned i = 0; sort != PV_SORT_NAME && i < 3; i++)
        if (keys[0][i] != keys[1][i])
            return keys[0][i] > keys[1][i];
    const struct pv_func *funcs = making->diff->profile->graph->funcs;
    return pv_frame_compare(making->diff->profile, funcs[a].frame, funcs[b].frame) < 0;
}

static bool has_places(const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (profile->frames[i].file || profile->frames[i].module)
            return true;
    return false;
}

static void make_columns(struct making *making)
{
    bool places = has_places(making->diff->profile);
    bool sorts_total = by_total(making);
    const struct pv_column columns[FIELDS] = {
        [BASE] = {.title = "base", .kind = PV_COLUMN_VALUE, .is_view = true},
        [HEAD] = {.title = "head", .kind = PV_COLUMN_VALUE, .is_view = true},
        [CHANGE] = {.title = sorts_total ? "total" : "self",
                    .kind = PV_COLUMN_CHANGE,
                    .is_view = true},
        [RATIO] = {.title = "%", .kind = PV_COLUMN_RATIO, .is_view = true},
        [OTHER] = {.title = sorts_total ? "self" : "total",
                   .kind = PV_COLUMN_CHANGE,
                   .is_view = true},
        [CALLS] = {.title = "calls", .kind = PV_COLUMN_STEP, .is_view = true},
        [NAME] = {.title = "function", .kind = PV_COLUMN_NAME},
        [PLACE] = {.title = "file:line", .kind = PV_COLUMN_PLACE, .is_optional = true},
        [DATA_SELF] = {.title = "base_self", .kind = PV_COLUMN_VALUE, .is_data = true},
        [DATA_HEAD_SELF] = {.title = "head_self", .kind = PV_COLUMN_VALUE, .is_data = true},
        [DATA_TOTAL] = {.title = "base_total", .kind = PV_COLUMN_VALUE, .is_data = true},
        [DATA_HEAD_TOTAL] = {.title = "head_total", .kind = PV_COLUMN_VALUE, .is_data = true},
        [DATA_CALLS] = {.title = "base_calls", .kind = PV_COLUMN_COUNT, .is_data = true},
        [DATA_HEAD_CALLS] = {.title = "head_calls", .kind = PV_COLUMN_COUNT, .is_data = true},
        [STATE] = {.title = "state", .kind = PV_COLUMN_NAME, .is_data = true},
        [VERDICT] = {.title = "verdict", .kind = PV_COLUMN_NAME, .is_data = true},
    };
    struct pv_table *table = making->maker.table;
    table->columns = pv_arena_alloc(table->arena, sizeof columns);
    for (unsigned i = 0; i < FIELDS; i++) {
        bool is_calls = i == CALLS || i == DATA_CALLS || i == DATA_HEAD_CALLS;
        making->at[i] = FIELDS;
        if ((is_calls && !making->diff->has_calls) || (i == PLACE && !places))
            continue;
        making->at[i] = (unsigned)table->column_count;
        table->columns[table->column_count++] = columns[i];
    }
}

/* The cell, or one that nobody looks at. */
static struct pv_cell *cell(struct making *making, size_t row, enum field field)
{
    struct pv_table *table = making->maker.table;
    bool is_there = making->at[field] < FIELDS;
    return &table->cells[is_there ? row * table->column_count + making->at[field]
                                  : table->row_count * table->column_count];
}

static struct pv_text sign_of(int64_t base, int64_t head, bool is_unsure)
{
    if (base == head)
        return PV_TEXT("");
    return is_unsure ? PV_TEXT("~ ") : head > base ? PV_TEXT("▲ ") : PV_TEXT("▼ ");
}

static void put(struct making *making, size_t row, enum field field, int64_t value)
{
    *cell(making, row, field) = (struct pv_cell){.value = value};
}

static void put_change(struct making *making, size_t row, enum field field, int64_t base,
                       int64_t head, enum pv_verdict verdict)
{
    bool is_unsure = verdict == PV_VERDICT_UNSURE;
    *cell(making, row, field) = (struct pv_cell){
        .value = head, .base = base, .lead = sign_of(base, head, is_unsure), .is_dim = is_unsure};
}

static void put_values(struct making *making, size_t row, int64_t base, int64_t head,
                       enum pv_verdict verdict)
{
    put(making, row, BASE, base);
    put(making, row, HEAD, head);
    put_change(making, row, CHANGE, base, head, verdict);
    put_change(making, row, RATIO, base, head, verdict);
    cell(making, row, RATIO)->lead = PV_TEXT("");
}

static void put_word(struct making *making, size_t row, enum field field, const char *word)
{
    *cell(making, row, field) = (struct pv_cell){.text = pv_text_of(word)};
}

static void put_data(struct making *making, size_t row, uint32_t func)
{
    static const char *const states[] = {"", "gone", "new", "both"};
    static const char *const verdicts[] = {"same", "less", "more", "unsure"};
    const struct pv_diff *diff = making->diff;
    const struct pv_judged *judged = by_total(making) ? making->total : making->self;
    put(making, row, DATA_SELF, making->base_of[0][func]);
    put(making, row, DATA_HEAD_SELF, making->head_of[0][func]);
    put(making, row, DATA_TOTAL, making->base_of[1][func]);
    put(making, row, DATA_HEAD_TOTAL, making->head_of[1][func]);
    put_word(making, row, STATE, states[diff->sides[func] & 3]);
    put_word(making, row, VERDICT, verdicts[judged[func].verdict]);
    if (diff->calls[0][func] != PV_UNKNOWN_CALLS)
        put(making, row, DATA_CALLS, diff->calls[0][func]);
    if (diff->calls[1][func] != PV_UNKNOWN_CALLS)
        put(making, row, DATA_HEAD_CALLS, diff->calls[1][func]);
}

static void put_function(struct making *making, size_t row, uint32_t func)
{
    const struct pv_diff *diff = making->diff;
    unsigned kind = by_total(making);
    struct pv_judged *const judged[2] = {making->self, making->total};
    put_values(making, row, making->base_of[kind][func], making->head_of[kind][func],
               judged[kind][func].verdict);
    put_change(making, row, OTHER, making->base_of[!kind][func], making->head_of[!kind][func],
               judged[!kind][func].verdict);
    if (diff->calls[0][func] != PV_UNKNOWN_CALLS && diff->calls[1][func] != PV_UNKNOWN_CALLS)
        *cell(making, row, CALLS) =
            (struct pv_cell){.value = diff->calls[1][func], .base = diff->calls[0][func]};
    put_data(making, row, func);
    making->maker.at[PV_FIELD_NAME] = making->at[NAME];
    making->maker.at[PV_FIELD_PLACE] = making->at[PLACE];
    pv_table_name(&making->maker, row, diff->profile->graph->funcs[func].frame);
}

static void put_sum(struct making *making, size_t row, const int64_t sums[2], struct pv_text words,
                    enum pv_verdict verdict)
{
    put_values(making, row, sums[0], sums[1], verdict);
    *cell(making, row, NAME) = (struct pv_cell){.text = words, .is_ours = true};
    making->maker.table->is_sum[row] = true;
}

/* What the rows leave of both totals, of which self values are parts and totals are not. */
static void put_sums(struct making *making, const uint32_t *chosen, uint32_t rows)
{
    const struct pv_metric *metrics = making->diff->profile->metrics;
    uint32_t others = making->diff->profile->graph->func_count - rows;
    int64_t wholes[2] = {metrics[making->pair->base].total, metrics[making->pair->head].total};
    int64_t rest[2] = {wholes[0], wholes[1]};
    enum pv_verdict verdict = pv_diff_judge_whole(making->diff, making->options->metric).verdict;
    struct pv_buffer words = {0};
    size_t row = rows;
    for (uint32_t i = 0; i < rows; i++) {
        rest[0] = (int64_t)((uint64_t)rest[0] - (uint64_t)making->base_of[0][chosen[i]]);
        rest[1] = (int64_t)((uint64_t)rest[1] - (uint64_t)making->head_of[0][chosen[i]]);
    }
    if (others && !by_total(making)) {
        pv_buffer_print(&words, "… ");
        words.size += pv_print_grouped(pv_buffer_reserve(&words, PV_NUMBER_SIZE), others);
        pv_buffer_print(&words, " other function%s", others == 1 ? "" : "s");
        put_sum(making, row++, rest, pv_table_keep(&making->maker, &words), verdict);
    }
    put_sum(making, row, wholes, PV_TEXT("total"), verdict);
    pv_buffer_free(&words);
}

static void fill_rows(struct making *making)
{
    uint32_t functions = making->diff->profile->graph->func_count, changed = 0;
    uint32_t *chosen = pv_alloc((functions + 1) * sizeof *chosen);
    for (uint32_t i = 0; i < functions; i++)
        if (is_changed(making, i) || making->options->rows == 0)
            chosen[changed++] = i;
    uint64_t most = making->options->rows;
    uint32_t rows = most && most < changed ? (uint32_t)most : changed;
    pv_heap_best(chosen, changed, rows, goes_before, making);
    bool has_rest = rows < functions && !by_total(making);
    pv_table_rows(&making->maker, (size_t)rows + has_rest + 1);
    for (uint32_t i = 0; i < rows; i++)
        put_function(making, i, chosen[i]);
    put_sums(making, chosen, rows);
    free(chosen);
}

static void add_facts(struct making *making)
{
    static const char *const orders[] = {
        [PV_SORT_SELF] = "by change of self",
        [PV_SORT_TOTAL] = "by change of total",
        [PV_SORT_CALLS] = "by change of calls",
        [PV_SORT_NAME] = "by name",
    };
    const struct pv_diff *diff = making->diff;
    struct pv_buffer words = {0};
    pv_diff_add_whole(&words, diff, making->options->metric, making->options->unit);
    pv_table_fact(&making->maker, &words);
    pv_diff_add_functions(&words, diff);
    pv_table_fact(&making->maker, &words);
    if (diff->runs[0] > 1 || diff->runs[1] > 1) {
        pv_buffer_print(&words, "means of %lu and %lu runs", (unsigned long)diff->runs[0],
                        (unsigned long)diff->runs[1]);
        pv_table_fact(&making->maker, &words);
    }
    if (diff->is_normalized) {
        pv_buffer_print(&words, "base scaled to the total of head");
        pv_table_fact(&making->maker, &words);
    }
    if (diff->pair_count > 1) {
        pv_buffer_print(&words, "1 of %lu metrics", (unsigned long)diff->pair_count);
        pv_table_fact(&making->maker, &words);
    }
    pv_buffer_print(&words, "%s", orders[making->options->sort]);
    pv_table_fact(&making->maker, &words);
    pv_buffer_free(&words);
}

static void add_doubt(struct making *making)
{
    struct pv_buffer words = {0};
    struct pv_table *table = making->maker.table;
    struct pv_text *notes = table->notes;
    pv_diff_add_doubt(&words, making->diff, making->options->metric);
    table->notes = pv_arena_alloc(table->arena, (table->note_count + 1) * sizeof *table->notes);
    for (size_t i = 0; i < table->note_count; i++)
        table->notes[i + 1] = notes[i];
    table->notes[0] = pv_table_keep(&making->maker, &words);
    table->note_count++;
    pv_buffer_free(&words);
}

static bool check_sort(const struct pv_diff *diff, enum pv_sort sort, struct pv_error *err)
{
    return sort != PV_SORT_CALLS || diff->has_calls ||
           pv_fail(err, PV_USAGE, (struct pv_where){0},
                   "--sort calls: the inputs do not tell on both sides how often functions were "
                   "called; there are self, total and name");
}

bool pv_table_diff(struct pv_table **out, const struct pv_diff *diff,
                   const struct pv_top_options *options, struct pv_error *err)
{
    struct making making = {
        .diff = diff, .pair = &diff->pairs[options->metric], .options = options};
    const struct pv_graph *graph = diff->profile->graph;
    if (!check_sort(diff, options->sort, err) ||
        !pv_table_begin(&making.maker, diff->profile, making.pair->base, options->unit,
                        options->input, err))
        return false;
    int64_t *const *columns[2] = {graph->self, graph->total};
    for (unsigned i = 0; i < 2; i++) {
        making.base_of[i] = columns[i][making.pair->base];
        making.head_of[i] = columns[i][making.pair->head];
    }
    making.self = pv_diff_judge(diff, options->metric, true);
    making.total = pv_diff_judge(diff, options->metric, false);
    making.maker.table->whole = pv_diff_whole(diff, options->metric);
    add_facts(&making);
    make_columns(&making);
    fill_rows(&making);
    pv_table_notes(&making.maker);
    add_doubt(&making);
    free(making.self);
    free(making.total);
    *out = making.maker.table;
    return true;
}

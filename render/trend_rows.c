#include "render/trend.h"

void pv_trend_name(struct pv_buffer *out, const struct pv_trend *trend)
{
    pv_buffer_add(out, trend->metric);
    pv_buffer_add(out, PV_TEXT(" of "));
    pv_buffer_add(out, trend->profile);
    if (trend->branch.size)
        pv_buffer_add(out, PV_TEXT(" on "));
    pv_buffer_add(out, trend->branch);
    if (trend->testbed.size) {
        pv_buffer_add(out, PV_TEXT(" ("));
        pv_buffer_add(out, trend->testbed);
        pv_buffer_char(out, ')');
    }
}

void pv_trend_step(struct pv_buffer *out, int64_t before, int64_t after)
{
    char text[PV_NUMBER_SIZE];
    double share = ((double)after - (double)before) / (double)pv_magnitude(before) * 100;
    if (before == 0) {
        pv_buffer_print(out, after ? "new" : "0 %%");
        return;
    }
    unsigned digits = share > -10 && share < 10 ? 2 : 1;
    size_t size = pv_print_fixed(text, share, digits);
    if (after != before && size == 1 && text[0] == '0')
        pv_buffer_print(out, after > before ? "+<0.01 %%" : "-<0.01 %%");
    else
        pv_buffer_print(out, "%s%.*s %%", after > before ? "+" : "", (int)size, text);
}

static void add_value(struct pv_buffer *out, const struct pv_trend *trend, int64_t value)
{
    char text[PV_NUMBER_SIZE];
    size_t size = pv_format_value(text, value, trend->unit, trend->scale);
    pv_buffer_add(out, (struct pv_text){text, size});
}

static void add_date(struct pv_buffer *out, const struct pv_trend_point *point)
{
    char text[PV_NUMBER_SIZE];
    if (point->has_time)
        pv_buffer_add(out, (struct pv_text){text, pv_print_date(text, point->time)});
}

/* Rows begin with a number of ours: a line of a log that begins with :: is a command there. */
static void add_number(struct pv_buffer *out, size_t index)
{
    pv_buffer_print(out, "%lu", (unsigned long)index + 1);
}

static bool has_times(const struct pv_trend *trend)
{
    for (size_t i = 0; i < trend->count; i++)
        if (!trend->points[i].has_time)
            return false;
    return true;
}

/* The whole of a version, the first dozen digits of a hash. */
static struct pv_text short_commit(struct pv_text commit)
{
    enum { hash = 40, shown = 12 };
    bool is_hash = commit.size >= hash;
    for (size_t i = 0; i < commit.size; i++) {
        char byte = commit.data[i];
        is_hash = is_hash && ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f'));
    }
    return is_hash ? pv_text_slice(commit, 0, shown) : commit;
}

/* The change that begins at this point, or NULL. */
static const struct pv_trend_change *change_at(const struct pv_trend *trend, size_t at)
{
    for (size_t i = 0; i < trend->change_count; i++)
        if (trend->changes[i].change.at == at)
            return &trend->changes[i];
    return NULL;
}

static void add_parts(struct pv_buffer *out, const struct pv_trend *trend,
                      const struct pv_trend_point *point)
{
    enum { most = 3 };
    for (size_t i = 0; i < trend->part_count && i < most; i++) {
        char text[PV_NUMBER_SIZE];
        pv_buffer_add(out, i ? PV_TEXT(", ") : PV_TEXT(""));
        pv_buffer_add(out, trend->parts[i]);
        size_t size = pv_format_share(text, point->parts[i], point->value);
        pv_buffer_print(out, " %.*s", (int)size, text);
    }
}

void pv_trend_rows(struct pv_grid *grid, const struct pv_trend *trend, size_t most)
{
    static const struct pv_grid_column columns[] = {
        {"run", true, false},   {"date", false, false},   {"commit", false, true},
        {"runs", true, false},  {"value", true, false},   {"step", true, false},
        {"level", true, false}, {"made of", false, true},
    };
    enum { NUMBER, DATE, COMMIT, RUNS, VALUE, STEP, LEVEL, PARTS, COLUMNS };
    struct pv_buffer words = {0};
    pv_grid_begin(grid, columns, COLUMNS);
    pv_buffer_print(&words, "Trend: ");
    pv_trend_name(&words, trend);
    grid->head = pv_grid_keep(grid, &words);
    grid->nothing = "no runs";
    for (size_t i = most && trend->count > most ? trend->count - most : 0; i < trend->count; i++) {
        const struct pv_trend_point *point = &trend->points[i];
        const struct pv_trend_change *change = change_at(trend, i);
        struct pv_text *row = pv_grid_row(grid);
        add_number(&words, i);
        row[NUMBER] = pv_grid_keep(grid, &words);
        add_date(&words, point);
        row[DATE] = has_times(trend) ? pv_grid_keep(grid, &words) : PV_TEXT("");
        row[COMMIT] = short_commit(point->commit);
        pv_buffer_print(&words, "%lu", (unsigned long)point->runs);
        row[RUNS] = pv_grid_keep(grid, &words);
        add_value(&words, trend, point->value);
        row[VALUE] = pv_grid_keep(grid, &words);
        if (i)
            pv_trend_step(&words, trend->points[i - 1].value, point->value);
        row[STEP] = pv_grid_keep(grid, &words);
        if (change)
            pv_trend_step(&words, change->change.before, change->change.after);
        row[LEVEL] = pv_grid_keep(grid, &words);
        add_parts(&words, trend, point);
        row[PARTS] = pv_grid_keep(grid, &words);
    }
    pv_buffer_free(&words);
}

static void add_chance(struct pv_buffer *out, const struct pv_trend *trend,
                       const struct pv_change *change)
{
    char text[PV_NUMBER_SIZE];
    static const double least = .0001;
    if (trend->is_exact)
        pv_buffer_print(out, "exact");
    else if (change->p < least)
        pv_buffer_print(out, "<0.01 %%");
    else
        pv_buffer_print(out, "%.*s %%", (int)pv_print_fixed(text, change->p * 100, 2), text);
}

void pv_trend_change_rows(struct pv_grid *grid, const struct pv_trend *trend)
{
    static const struct pv_grid_column columns[] = {
        {"run", true, false},    {"date", false, false},  {"commit", false, true},
        {"before", true, false}, {"after", true, false},  {"step", true, false},
        {"chance", true, false}, {"mostly", false, true},
    };
    enum { NUMBER, DATE, COMMIT, BEFORE, AFTER, STEP, CHANCE, WHY, COLUMNS };
    struct pv_buffer words = {0};
    pv_grid_begin(grid, columns, COLUMNS);
    pv_buffer_print(&words, "Changes: ");
    pv_trend_name(&words, trend);
    grid->head = pv_grid_keep(grid, &words);
    bool is_short = !trend->is_exact && trend->count < 8;
    grid->nothing = is_short
                        ? "no changes that can be told from noise: that takes four runs on each "
                          "side of one"
                        : "no changes";
    for (size_t i = 0; i < trend->change_count; i++) {
        const struct pv_change *change = &trend->changes[i].change;
        const struct pv_trend_point *point = &trend->points[change->at];
        struct pv_text *row = pv_grid_row(grid);
        add_number(&words, change->at);
        row[NUMBER] = pv_grid_keep(grid, &words);
        add_date(&words, point);
        row[DATE] = pv_grid_keep(grid, &words);
        row[COMMIT] = short_commit(point->commit);
        add_value(&words, trend, change->before);
        row[BEFORE] = pv_grid_keep(grid, &words);
        add_value(&words, trend, change->after);
        row[AFTER] = pv_grid_keep(grid, &words);
        pv_trend_step(&words, change->before, change->after);
        row[STEP] = pv_grid_keep(grid, &words);
        add_chance(&words, trend, change);
        row[CHANCE] = pv_grid_keep(grid, &words);
        row[WHY] = trend->changes[i].why;
    }
    pv_buffer_free(&words);
}

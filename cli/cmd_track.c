#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/track.h"
#include "render/trend.h"

#include <stdlib.h>
#include <string.h>

static const struct pv_where nowhere = {0};

/* Files that the command works on. */
struct work {
    const struct pv_call *call;
    const struct pv_settings *settings;
    struct pv_target target;
    struct pv_history *history;
    struct pv_arena *arena;
    struct pv_history_series *list;
    size_t count;
    struct pv_categories categories;
    struct pv_trend trend;
};

static bool open_history(struct work *work, enum pv_history_use use, struct pv_error *err)
{
    enum { ms = 1000 };
    return pv_history_open(&work->history, work->settings->database.data, use,
                           (int)(work->settings->wait * ms), err);
}

/* "shop" of "runs/shop.pstats.gz": what stays the same from run to run. */
static struct pv_text usual_name(const char *path)
{
    static const char *const packed[] = {".gz", ".zst", ".xz", ".bz2"};
    struct pv_text name = pv_name_base(pv_text_of(pv_report_source(path)));
    for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++)
        if (pv_text_ends(name, pv_text_of(packed[i])))
            name.size -= strlen(packed[i]);
    size_t dot = pv_text_find_last(name, '.');
    return dot > 0 ? pv_text_slice(name, 0, dot) : name;
}

static bool find_time(struct pv_history_run *run, const struct work *work, struct pv_error *err)
{
    struct pv_text said = work->settings->time;
    struct pv_text epoch = pv_text_of(work->call->terminal->source_date_epoch);
    run->has_time = said.size || epoch.size;
    if (said.size && !pv_parse_time(said, &run->time))
        return pv_fail(err, PV_USAGE, nowhere,
                       "--time wants seconds since 1970, 2026-11-23 or 2026-11-23T02:00:00Z, not "
                       "'%.*s'",
                       PV_TEXT_ARGS(pv_text_slice(said, 0, 60)));
    if (!said.size && epoch.size && !pv_parse_int64(epoch, &run->time))
        return pv_fail(err, PV_USAGE, nowhere, "SOURCE_DATE_EPOCH is no number of seconds: '%.*s'",
                       PV_TEXT_ARGS(pv_text_slice(epoch, 0, 60)));
    return true;
}

/* Reads one input into what the history keeps of it. */
static bool read_run(struct pv_history_run *run, const struct work *work, const char **input,
                     struct pv_error *err)
{
    struct pv_settings settings = *work->settings;
    struct pv_call call = *work->call;
    struct pv_profile *profile;
    settings.inputs = input;
    settings.input_count = 1;
    call.settings = &settings;
    if (!pv_pipeline_read(&profile, &call, err))
        return false;
    bool is_fine = pv_profile_need_graph(profile, &settings.limits, err);
    if (is_fine) {
        pv_track_metrics(run, work->arena, profile, &work->categories);
        run->format = pv_arena_copy(work->arena, pv_profile_text(profile, profile->format));
        run->key.profile = settings.name.size ? settings.name : usual_name(*input);
        run->key.branch = settings.branch;
        run->key.testbed = settings.testbed;
        run->commit = settings.commit;
    }
    pv_profile_free(profile);
    if (is_fine && run->metric_count == 0)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = *input},
                       "has no values that could be tracked");
    return is_fine;
}

/* All is read before the history is opened, which nobody else can write to meanwhile. */
static bool add_runs(struct work *work, struct pv_history_run *runs, size_t count,
                     struct pv_error *err)
{
    bool is_replacing = work->settings->is_replacing;
    if (!open_history(work, PV_HISTORY_ADD, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_first = i == 0 || !pv_text_equal(runs[i].key.profile, runs[0].key.profile);
        if (!pv_history_add(work->history, &runs[i], is_replacing && is_first, err))
            return false;
    }
    return pv_history_commit(work->history, err);
}

static bool track_add(struct work *work, struct pv_error *err)
{
    static const char *standard[] = {"-"};
    const struct pv_settings *settings = work->settings;
    const char **inputs = settings->input_count ? settings->inputs : standard;
    size_t count = settings->input_count ? settings->input_count : 1;
    if (settings->output.size)
        return pv_fail(err, PV_USAGE, nowhere,
                       "'track add' writes to the history, --db FILE, and "
                       "has no other output");
    struct pv_history_run *runs = pv_zalloc(count, sizeof *runs);
    bool is_fine = pv_categories_make(&work->categories, &settings->categories, err);
    for (size_t i = 0; is_fine && i < count; i++)
        is_fine = find_time(&runs[i], work, err);
    if (is_fine)
        pv_sandbox_enter(work->call, &work->target);
    for (size_t i = 0; is_fine && i < count; i++)
        is_fine = read_run(&runs[i], work, &inputs[i], err);
    is_fine = is_fine && add_runs(work, runs, count, err);
    if (is_fine)
        pv_report_detail(work->call->report, "%s: %zu run%s added", settings->database.data, count,
                         count == 1 ? "" : "s");
    free(runs);
    return is_fine;
}

static bool fits(const struct work *work, const struct pv_history_series *series, bool with_metric)
{
    const struct pv_settings *settings = work->settings;
    return (!settings->name.size || pv_text_equal(settings->name, series->key.profile)) &&
           (!settings->branch.size || pv_text_equal(settings->branch, series->key.branch)) &&
           (!settings->testbed.size || pv_text_equal(settings->testbed, series->key.testbed)) &&
           (!with_metric || !settings->metric.size ||
            pv_text_equal(settings->metric, series->metric));
}

static bool read_list(struct work *work, struct pv_error *err)
{
    pv_sandbox_enter(work->call, &work->target);
    return open_history(work, PV_HISTORY_READ, err) &&
           pv_history_list(work->history, work->arena, &work->list, &work->count, err);
}

static bool write_grid(const struct work *work, const struct pv_grid *grid,
                       struct pv_output *output)
{
    struct pv_text_style style = pv_target_style(&work->target, work->call);
    if (work->target.table == PV_TABLE_MARKDOWN)
        pv_grid_write_markdown(grid, output);
    else if (work->target.table == PV_TABLE_CSV)
        pv_grid_write_csv(grid, output);
    else
        pv_grid_write_text(grid, &style, output);
    return true;
}

static bool write_list(void *context, struct pv_output *output, struct pv_error *err)
{
    static const struct pv_grid_column columns[] = {
        {"runs", true, false},    {"profile", false, true}, {"branch", false, true},
        {"testbed", false, true}, {"metric", false, true},  {"first", false, false},
        {"last", false, false},   {"commit", false, true},
    };
    const struct work *work = context;
    struct pv_buffer words = {0};
    struct pv_grid grid;
    (void)err;
    pv_grid_begin(&grid, columns, sizeof columns / sizeof columns[0]);
    grid.nothing = "no runs";
    for (size_t i = 0; i < work->count; i++) {
        const struct pv_history_series *series = &work->list[i];
        char date[PV_NUMBER_SIZE];
        if (!fits(work, series, true))
            continue;
        struct pv_text *row = pv_grid_row(&grid);
        row[1] = series->key.profile;
        row[2] = series->key.branch;
        row[3] = series->key.testbed;
        row[4] = series->metric;
        pv_buffer_print(&words, "%llu", (unsigned long long)series->runs);
        row[0] = pv_grid_keep(&grid, &words);
        for (int end = 0; end < 2 && series->has_time; end++) {
            size_t size = pv_print_date(date, end ? series->last : series->first);
            pv_buffer_add(&words, (struct pv_text){date, size});
            row[5 + end] = pv_grid_keep(&grid, &words);
        }
        row[7] = series->last_commit;
    }
    write_grid(work, &grid, output);
    pv_grid_free(&grid);
    pv_buffer_free(&words);
    return true;
}

static bool track_list(struct work *work, struct pv_error *err)
{
    return read_list(work, err) && pv_target_write(&work->target, write_list, work, err);
}

static void add_key(struct pv_buffer *out, const struct pv_history_key *key)
{
    pv_buffer_add(out, key->profile);
    if (key->branch.size)
        pv_buffer_print(out, " on %.*s", PV_TEXT_ARGS(key->branch));
    if (key->testbed.size)
        pv_buffer_print(out, " (%.*s)", PV_TEXT_ARGS(key->testbed));
}

/* What the history has, as far as there is room for it. */
static void add_choices(struct pv_buffer *out, const struct work *work)
{
    enum { most = 6 };
    int told = 0;
    for (size_t i = 0; i < work->count; i++) {
        const struct pv_history_series *series = &work->list[i];
        if (!fits(work, series, false) || (i && work->list[i - 1].id == series->id))
            continue;
        pv_buffer_print(out, told && told < most ? "; " : "");
        if (told++ < most)
            add_key(out, &series->key);
    }
    if (told > most)
        pv_buffer_print(out, "; %d more", told - most);
    pv_buffer_char(out, '\0');
}

/* Nothing fits: the nearest of what there is in the one thing that does not. */
static bool fail_none(const struct work *work, struct pv_error *err)
{
    const struct pv_settings *settings = work->settings;
    struct pv_nearest names = {.typed = settings->name}, metrics = {.typed = settings->metric};
    bool has_key = false;
    for (size_t i = 0; work->list && i < work->count; i++) {
        pv_nearest_try(&names, work->list[i].key.profile);
        if (fits(work, &work->list[i], false)) {
            pv_nearest_try(&metrics, work->list[i].metric);
            has_key = true;
        }
    }
    static const char look[] = "profviz track list shows what there is";
    if (has_key)
        return pv_pipeline_unknown("metric", &metrics, look, err);
    if (settings->name.size && pv_nearest_name(&names).size &&
        !pv_text_equal(pv_nearest_name(&names), settings->name))
        return pv_pipeline_unknown("profile", &names, look, err);
    return pv_fail(err, PV_NO_MATCH, (struct pv_where){.source = settings->database.data},
                   "has no runs with this name, branch and testbed; %s", look);
}

static bool find_one(const struct pv_history_series **out, const struct work *work,
                     struct pv_error *err)
{
    const struct pv_history_series *found = NULL;
    for (size_t i = 0; i < work->count; i++) {
        const struct pv_history_series *series = &work->list[i];
        if (!fits(work, series, true))
            continue;
        if (found && found->id != series->id) {
            struct pv_buffer choices = {0};
            add_choices(&choices, work);
            pv_fail(err, PV_USAGE, nowhere,
                    "several profiles fit: %.160s; choose with --name, --branch and --testbed",
                    choices.data);
            pv_buffer_free(&choices);
            return false;
        }
        found = found ? found : series;
    }
    if (!found)
        return fail_none(work, err);
    *out = found;
    return true;
}

static bool read_trend(struct work *work, struct pv_error *err)
{
    const struct pv_history_series *series = NULL;
    if (!pv_categories_make(&work->categories, &work->settings->categories, err) ||
        !read_list(work, err) || !find_one(&series, work, err) || !series ||
        !pv_unit_has_prefix(series->unit, work->settings->draw.unit, err))
        return false;
    bool is_partial = false;
    if (!pv_track_trend(&work->trend, work->history, series, &work->categories, &is_partial, err))
        return false;
    if (is_partial)
        pv_report_warning(work->call->report, nowhere,
                          PV_TEXT("runs that an older profviz added know their 100 costliest "
                                  "functions only: what categories have beyond those is in "
                                  "'other'"));
    return true;
}

/* The last runs only; changes are found in all. */
static void cut_trend(struct pv_trend *trend, int64_t rows)
{
    if (rows <= 0 || (uint64_t)rows >= trend->count)
        return;
    size_t cut = trend->count - (size_t)rows, kept = 0;
    memmove(trend->points, trend->points + cut, (size_t)rows * sizeof *trend->points);
    trend->count = (size_t)rows;
    for (size_t i = 0; i < trend->change_count; i++) {
        struct pv_trend_change change = trend->changes[i];
        if (change.change.at < cut)
            continue;
        change.change.at -= cut;
        trend->changes[kept++] = change;
    }
    trend->change_count = kept;
}

static bool draw_trend(struct work *work, struct pv_output *output, struct pv_error *err)
{
    const struct pv_settings *settings = work->settings;
    struct pv_canvas_options options = settings->canvas;
    struct pv_draw draw = settings->draw;
    struct pv_buffer notes = {0};
    options.theme = (enum pv_theme)settings->theme;
    options.limits = &settings->limits;
    draw.limits = &settings->limits;
    struct pv_canvas *canvas = work->target.backend->open(output, &options);
    cut_trend(&work->trend, settings->track_rows);
    pv_trend_draw(&work->trend, &draw, canvas);
    bool is_fine = pv_canvas_finish(canvas, &notes, err);
    pv_canvas_free(canvas);
    pv_report_lines(work->call->report, nowhere, pv_buffer_text(&notes));
    pv_buffer_free(&notes);
    return is_fine;
}

static bool write_trend(void *context, struct pv_output *output, struct pv_error *err)
{
    enum { usual = 20 };
    struct work *work = context;
    int64_t rows = work->settings->track_rows;
    if (work->target.kind == PV_TARGET_PICTURE)
        return draw_trend(work, output, err);
    struct pv_grid grid;
    bool is_csv = work->target.table == PV_TABLE_CSV;
    pv_trend_rows(&grid, &work->trend, (size_t)(rows >= 0 ? rows : is_csv ? 0 : usual));
    write_grid(work, &grid, output);
    pv_grid_free(&grid);
    return true;
}

static bool write_changes(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    struct pv_grid grid;
    (void)err;
    pv_trend_change_rows(&grid, &work->trend);
    write_grid(work, &grid, output);
    pv_grid_free(&grid);
    return true;
}

static bool track_trend(struct work *work, struct pv_error *err)
{
    return read_trend(work, err) && pv_target_write(&work->target, write_trend, work, err);
}

static bool track_changes(struct work *work, struct pv_error *err)
{
    return read_trend(work, err) && pv_target_write(&work->target, write_changes, work, err);
}

static bool write_export(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    bool is_fine = true;
    pv_track_export_head(output);
    for (size_t i = 0; is_fine && i < work->count; i++)
        if (fits(work, &work->list[i], true))
            is_fine = pv_track_export(output, work->history, &work->list[i], err);
    return is_fine;
}

static bool track_export(struct work *work, struct pv_error *err)
{
    return read_list(work, err) && pv_target_write(&work->target, write_export, work, err);
}

static const struct action {
    const char *name;
    bool (*run)(struct work *work, struct pv_error *err);
    bool has_inputs, has_picture, is_csv;
} actions[] = {
    {"add", track_add, true, false, false},       {"list", track_list, false, false, false},
    {"trend", track_trend, false, true, false},   {"changes", track_changes, false, false, false},
    {"export", track_export, false, false, true},
};

static bool find_action(const struct action **out, struct pv_text name, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = name};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        pv_nearest_try(&nearest, pv_text_of(actions[i].name));
        if (pv_text_equal(name, pv_text_of(actions[i].name))) {
            *out = &actions[i];
            return true;
        }
    }
    return pv_pipeline_unknown("action of track", &nearest,
                               "there are add, list, trend, changes and export", err);
}

/* An option that would do nothing is a mistake of the one who wrote it. */
static bool check_options(const struct action *action, const struct pv_settings *settings,
                          struct pv_error *err)
{
    bool is_add = action->run == track_add, is_trend = action->run == track_trend;
    const struct {
        const char *name, *where;
        bool is_vain;
    } rows[] = {
        {"commit", "add", !is_add && settings->commit.size},
        {"time", "add", !is_add && settings->time.size},
        {"replace", "add", !is_add && settings->is_replacing},
        {"category", "add and trend", !is_add && !is_trend && settings->categories.count},
        {"rows", "trend", !is_trend && settings->track_rows >= 0},
        {settings->filter_count ? settings->filters[0].transform->name : "", "add",
         !is_add && settings->filter_count},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].is_vain)
            return pv_fail(err, PV_USAGE, nowhere,
                           "'--%s' goes with 'track %s' and does nothing with 'track %s'",
                           rows[i].name, rows[i].where, action->name);
    return true;
}

static bool check(const struct action *action, const struct work *work, struct pv_error *err)
{
    const struct pv_target *target = &work->target;
    if (!check_options(action, work->settings, err))
        return false;
    if (!action->has_inputs && work->settings->input_count)
        return pv_fail(err, PV_USAGE, nowhere,
                       "'track %s' reads the history, --db FILE, and '%.80s' "
                       "is one word too many",
                       action->name, work->settings->inputs[0]);
    if (work->settings->output.size &&
        pv_text_equal(work->settings->output, work->settings->database))
        return pv_fail(err, PV_USAGE, nowhere, "the output is the history itself");
    bool is_table = target->kind == PV_TARGET_TABLE && target->table <= PV_TABLE_CSV;
    /* A picture of a canvas: a page of HTML needs a profile. */
    bool is_picture = target->kind == PV_TARGET_PICTURE && target->backend->open;
    bool is_fitting = is_table || (action->has_picture && is_picture);
    if (action->is_csv && target->table != PV_TABLE_CSV)
        is_fitting = false;
    return is_fitting ||
           pv_fail(err, PV_USAGE, nowhere, "'track %s' writes %s", action->name,
                   action->is_csv        ? "CSV; name a file that ends in .csv"
                   : action->has_picture ? ".svg, .png, .pdf, .txt, .md or .csv; name such a file"
                                         : ".txt, .md or .csv; name such a file");
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    struct pv_settings settings = *call->settings;
    struct pv_call own = *call;
    const struct action *action;
    if (!find_action(&action, settings.pattern, err))
        return false;
    if (!settings.database.size)
        settings.database = PV_TEXT("profviz.db");
    own.settings = &settings;
    struct work work = {.call = &own, .settings = &settings, .arena = pv_arena_new()};
    const struct pv_target usual = {.kind = PV_TARGET_TABLE,
                                    .table = action->is_csv ? PV_TABLE_CSV : PV_TABLE_TEXT};
    bool is_fine = pv_target_find(&work.target, &own, usual, err) && check(action, &work, err) &&
                   action->run(&work, err);
    pv_history_close(work.history);
    if (work.trend.arena)
        pv_trend_free(&work.trend);
    pv_categories_free(&work.categories);
    free(work.list);
    pv_arena_free(work.arena);
    return is_fine;
}

const struct pv_command pv_command_track = {
    .name = "track",
    .arguments = "add|list|trend|changes|export [OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "what profiles cost over time, in a history: a file of SQLite",
    .verb = PV_VERB_TRACK,
    .takes_inputs = true,
    .pattern = "to know what to do: add, list, trend, changes or export",
    .run = run,
};

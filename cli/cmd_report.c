#include "cli/cmd_draw.h"
#include "cli/cmd_tables.h"
#include "cli/pipeline.h"
#include "cli/pool.h"
#include "cli/progress.h"
#include "cli/report_item.h"
#include "cli/report_names.h"
#include "cli/sandbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct pv_where nowhere = {0};

/* What came back of one input. */
struct result {
    struct pv_buffer row, section, markdown;
    struct pv_text format; /* kept in the arena */
    char *error;           /* NULL: it was read */
};

struct work {
    const struct pv_call *call;
    const struct pv_settings *settings;
    struct pv_report_plan plan;
    struct pv_target target;
    struct pv_arena *arena;
    struct result *results;
    struct pv_progress progress;
    size_t done, failed;
};

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* A name without an extension, or with a slash at its end, is a folder's. */
static bool names_folder(struct pv_text path)
{
    struct pv_text name = pv_name_base(path);
    if (pv_text_equal(path, PV_TEXT("-")))
        return false;
    return is_folder(path.data) || name.size == 0 || pv_text_find(name, '.') == name.size;
}

/* By --to, else by the name; false where neither tells. */
static bool find_kind(struct work *work, struct pv_error *err)
{
    struct pv_text output = work->settings->output, to = work->settings->to;
    bool is_html = pv_text_ends(output, PV_TEXT(".html")) || pv_text_ends(output, PV_TEXT(".htm"));
    bool is_markdown = pv_text_ends(output, PV_TEXT(".md"));
    if (to.size) {
        is_html = pv_text_equal(to, PV_TEXT("html"));
        is_markdown = pv_text_equal(to, PV_TEXT("markdown"));
    }
    work->target.kind = PV_TARGET_TABLE;
    work->target.table = is_markdown ? PV_TABLE_MARKDOWN : PV_TABLE_HTML;
    work->target.path = output.data;
    if (to.size && !is_html && !is_markdown)
        return pv_fail(err, PV_USAGE, nowhere, "'report' writes html or markdown, not '%.80s'",
                       to.data);
    return is_html || is_markdown || work->plan.has_folder || pv_text_equal(output, PV_TEXT("-")) ||
           pv_fail(err, PV_USAGE, nowhere,
                   "'report' writes .html, .md, or a folder with all kinds, not '%.80s'",
                   output.data);
}

static bool find_target(struct work *work, struct pv_error *err)
{
    struct pv_text output = work->settings->output;
    if (output.size == 0)
        return pv_fail(err, PV_USAGE, nowhere,
                       "'report' wants to know where to: -o report.html, report.md, or a folder");
    work->plan.has_folder = work->settings->to.size == 0 && names_folder(output);
    work->plan.folder = output;
    if (!find_kind(work, err))
        return false;
    if (!work->plan.has_folder)
        return true;
    if (mkdir(output.data, 0777) != 0 && errno != EEXIST)
        return pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){.source = output.data},
                       "the folder cannot be made: %s", strerror(errno));
    /* Rights for its files go by one of them, and those to fonts by PNG. */
    work->target.path = pv_report_path(work->arena, &work->plan, "index", ".html");
    work->target.kind = PV_TARGET_PICTURE;
    work->target.backend = pv_backend_named(PV_TEXT("png"));
    return true;
}

/* Rights to what is read: the inputs and their bases. */
static void enter_sandbox(const struct work *work)
{
    const struct pv_report_plan *plan = &work->plan;
    struct pv_settings settings = *work->settings;
    struct pv_call call = *work->call;
    const char **inputs = pv_alloc(2 * plan->count * sizeof *inputs);
    call.settings = &settings;
    settings.inputs = inputs;
    settings.input_count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        inputs[settings.input_count++] = plan->items[i].path;
        if (plan->items[i].base)
            inputs[settings.input_count++] = plan->items[i].base;
    }
    pv_sandbox_enter(&call, &work->target);
    free(inputs);
}

static bool run_job(void *context, size_t index, struct pv_buffer *out)
{
    const struct work *work = context;
    return pv_report_item(out, work->call, &work->plan, index);
}

static char *keep_error(const struct pv_report_named *item, enum pv_pool_end end,
                        struct pv_text words)
{
    static const char *const ends[] = {
        [PV_POOL_CRASHED] = "the process that read it crashed; please report this, with the file",
        [PV_POOL_TOO_LONG] = "reading it took too long",
        [PV_POOL_TOO_MUCH] = "what was made of it is too large",
        [PV_POOL_NO_PROCESS] = "no process could be started for it; try a smaller --jobs",
    };
    struct pv_buffer text = {0};
    (void)item;
    if (end == PV_POOL_FAILED)
        pv_buffer_add(&text, words);
    else
        pv_buffer_print(&text, "%s", ends[end]);
    pv_buffer_char(&text, '\0');
    return text.data;
}

/* A child whose result has not all its parts did not end well, whatever it said. */
static void take_result(void *context, size_t index, enum pv_pool_end end, struct pv_text bytes)
{
    struct work *work = context;
    struct result *result = &work->results[index];
    struct pv_text parts[PV_REPORT_PARTS];
    if (end == PV_POOL_DONE && !pv_report_split(parts, bytes))
        end = PV_POOL_CRASHED;
    if (end == PV_POOL_DONE) {
        pv_buffer_add(&result->row, parts[PV_REPORT_ROW]);
        pv_buffer_add(&result->section, parts[PV_REPORT_SECTION]);
        pv_buffer_add(&result->markdown, parts[PV_REPORT_MARKDOWN]);
        result->format = pv_arena_copy(work->arena, parts[PV_REPORT_FORMAT]);
    } else {
        const struct pv_report_named *named = &work->plan.items[index];
        const struct pv_overview_item item = {
            .number = index + 1, .name = named->name, .has_base = work->plan.has_base};
        result->error = keep_error(named, end, bytes);
        pv_overview_make_failed(&item, pv_text_of(result->error), &result->row, &result->markdown);
        work->failed++;
    }
    pv_progress_step(&work->progress, ++work->done, work->plan.count);
}

static void run_all(struct work *work)
{
    enum { minutes = 10 * 60 };
    int64_t jobs = work->settings->jobs;
    const struct pv_pool pool = {.count = work->plan.count,
                                 .processes = jobs ? (unsigned)jobs : pv_pool_processors(),
                                 .cpu_seconds = minutes,
                                 .run = run_job,
                                 .take = take_result,
                                 .context = work};
    pv_progress_begin(&work->progress, work->settings->progress, work->call->terminal, "profiles");
    work->progress.counted = "profiles";
    pv_pool_run(&pool);
    pv_progress_end(&work->progress);
}

static size_t count_formats(const struct work *work)
{
    struct pv_strings *strings = pv_strings_new();
    struct pv_budget budget = {0};
    for (size_t i = 0; i < work->plan.count; i++)
        pv_strings_add(strings, work->results[i].format, &budget);
    size_t count = pv_strings_count(strings) - 1;
    pv_strings_free(strings);
    return count;
}

struct writing {
    const struct pv_overview *overview;
    bool is_markdown;
};

static bool write_overview(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct writing *writing = context;
    (void)err;
    if (writing->is_markdown)
        pv_overview_write_markdown(writing->overview, output);
    else
        pv_overview_write_html(writing->overview, output);
    return true;
}

static bool write_file(const struct work *work, const struct pv_overview *overview,
                       const char *path, bool is_markdown, struct pv_error *err)
{
    const struct pv_target target = {.kind = PV_TARGET_TABLE, .path = path};
    struct writing writing = {overview, is_markdown};
    bool is_fine = pv_target_write(&target, write_overview, &writing, err);
    if (is_fine)
        pv_report_detail(work->call->report, "%s: written", path);
    return is_fine;
}

static bool write_all(const struct work *work, struct pv_error *err)
{
    size_t count = work->plan.count;
    struct pv_buffer *parts = pv_zalloc(3 * count, sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        parts[i] = work->results[i].row;
        parts[count + i] = work->results[i].section;
        parts[2 * count + i] = work->results[i].markdown;
    }
    struct pv_text title = work->settings->draw.title;
    const struct pv_overview overview = {.title = title.size ? title : PV_TEXT("Profiles"),
                                         .count = count,
                                         .failed = work->failed,
                                         .formats = count_formats(work),
                                         .has_base = work->plan.has_base,
                                         .theme = (enum pv_theme)work->settings->theme,
                                         .rows = parts,
                                         .sections = parts + count,
                                         .markdown = parts + 2 * count};
    const char *path = work->target.path;
    bool is_fine = write_file(work, &overview, path, work->target.table == PV_TABLE_MARKDOWN, err);
    if (is_fine && work->plan.has_folder)
        is_fine = write_file(work, &overview,
                             pv_report_path(work->arena, &work->plan, "index", ".md"), true, err);
    free(parts);
    return is_fine;
}

static bool fail_sum(const struct work *work, struct pv_error *err)
{
    const char *done = work->plan.has_folder ? "read or written" : "read";
    struct pv_text output = work->settings->output;
    bool is_stdout = pv_text_equal(output, PV_TEXT("-"));
    const struct pv_where where = {.source = is_stdout ? "stdout" : output.data};
    size_t count = work->plan.count;
    if (work->failed < count)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "%zu of %zu profiles could not be %s; the others are in it", work->failed,
                       count, done);
    if (count == 1)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "the profile could not be %s; the report only says why", done);
    return pv_fail(err, PV_INPUT_FAILED, where,
                   "none of %zu profiles could be %s; the report only says why", count, done);
}

/* What failed is said in the order of the inputs, and is in the report, too. */
static bool tell_failed(const struct work *work, struct pv_error *err)
{
    for (size_t i = 0; i < work->plan.count; i++) {
        struct pv_error one;
        if (!work->results[i].error)
            continue;
        pv_fail(&one, PV_INPUT_FAILED, (struct pv_where){.source = work->plan.items[i].path}, "%s",
                work->results[i].error);
        pv_report_error(&one);
    }
    return work->failed == 0 || fail_sum(work, err);
}

/* Of a folder the error names the folder: names of files in it go with the arena. */
static bool finish(const struct work *work, struct pv_error *err)
{
    if (write_all(work, err) && tell_failed(work, err))
        return true;
    if (work->plan.has_folder)
        err->where.source = work->settings->output.data;
    return false;
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    struct work work = {.call = call, .settings = call->settings, .arena = pv_arena_new()};
    bool is_fine =
        find_target(&work, err) && pv_report_plan_make(&work.plan, work.arena, call->settings, err);
    if (is_fine) {
        work.results = pv_zalloc(work.plan.count + 1, sizeof *work.results);
        enter_sandbox(&work);
        run_all(&work);
        is_fine = finish(&work, err);
    }
    for (size_t i = 0; work.results && i < work.plan.count; i++) {
        pv_buffer_free(&work.results[i].row);
        pv_buffer_free(&work.results[i].section);
        pv_buffer_free(&work.results[i].markdown);
        free(work.results[i].error);
    }
    free(work.results);
    pv_arena_free(work.arena);
    return is_fine;
}

const struct pv_command pv_command_report = {
    .name = "report",
    .arguments = "[OPTIONS] INPUT... -o FILE.html|FILE.md|DIR",
    .summary = "many profiles on one page: for the artifacts of a build",
    .verb = PV_VERB_REPORT,
    .takes_inputs = true,
    .run = run,
};

#include "cli/cmd_tables.h"

#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/sources.h"
#include "model/pattern.h"

#include <stdlib.h>

/* A table and how it is to be written. */
struct work {
    const struct pv_table *table;
    const struct pv_target *target;
    struct pv_text_style style;
};

static void write_json(const struct work *work, struct pv_output *output)
{
    if (!work->target->is_terminal) {
        pv_table_write_json(work->table, output);
        return;
    }
    struct pv_output *raw = pv_output_memory();
    pv_table_write_json(work->table, raw);
    pv_target_show(pv_output_bytes(raw), output);
    pv_output_close(raw);
}

static bool write_table(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    (void)err;
    switch (work->target->table) {
    case PV_TABLE_TEXT:
        pv_table_write_text(work->table, &work->style, output);
        break;
    case PV_TABLE_MARKDOWN:
        pv_table_write_markdown(work->table, output);
        break;
    case PV_TABLE_CSV:
        pv_table_write_csv(work->table, output);
        break;
    case PV_TABLE_JSON:
        write_json(work, output);
        break;
    case PV_TABLE_HTML:
        pv_table_write_html(work->table, output);
        break;
    }
    return true;
}

/* Makes one kind of table; what it needs of the profile is its own business. */
typedef bool table_maker(struct pv_table **out, struct pv_profile *profile,
                         const struct pv_settings *settings, struct pv_top_options *options,
                         struct pv_error *err);

static bool make_top(struct pv_table **out, struct pv_profile *profile,
                     const struct pv_settings *settings, struct pv_top_options *options,
                     struct pv_error *err)
{
    return pv_profile_need_graph(profile, &settings->limits, err) &&
           pv_table_top(out, profile, options, err);
}

static bool make_tree(struct pv_table **out, struct pv_profile *profile,
                      const struct pv_settings *settings, struct pv_top_options *options,
                      struct pv_error *err)
{
    enum { usual = 40 };
    options->rows = settings->tree_rows < 0 ? usual : (uint64_t)settings->tree_rows;
    if (!pv_profile_need_graph(profile, &settings->limits, err))
        return false;
    pv_profile_need_tree(profile, options->metric);
    return pv_table_tree(out, profile, options, err);
}

static bool make_peek(struct pv_table **out, struct pv_profile *profile,
                      const struct pv_settings *settings, struct pv_top_options *options,
                      struct pv_error *err)
{
    enum { usual = 20 };
    options->rows = settings->tree_rows < 0 ? usual : (uint64_t)settings->tree_rows;
    bool *wanted = pv_match_functions(profile, settings->pattern, err);
    bool is_fine = wanted && pv_profile_need_graph(profile, &settings->limits, err) &&
                   pv_table_peek(out, profile, wanted, options, err);
    free(wanted);
    return is_fine;
}

static bool make_lines(struct pv_table **out, struct pv_profile *profile,
                       const struct pv_settings *settings, struct pv_top_options *options,
                       struct pv_error *err)
{
    enum { usual = 10 };
    options->rows = settings->tree_rows < 0 ? usual : (uint64_t)settings->tree_rows;
    struct pv_sources *sources = pv_sources_new(settings->source_path);
    const struct pv_source_finder finder = {
        .find = pv_sources_find, .context = sources, .around = (uint32_t)settings->around};
    bool is_fine = pv_profile_need_graph(profile, &settings->limits, err) &&
                   pv_table_lines(out, profile, &finder, options, err);
    pv_sources_free(sources);
    return is_fine;
}

static bool make_and_write(table_maker *make, struct pv_profile *profile,
                           const struct pv_target *target, const struct pv_call *call,
                           struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    struct pv_buffer name = {0};
    struct pv_table *table = NULL;
    pv_pipeline_name(&name, settings);
    struct pv_top_options options = {
        .sort = settings->sort,
        .rows = (uint64_t)settings->rows,
        .unit = settings->draw.unit,
        .input = pv_buffer_text(&name),
    };
    bool is_fine = pv_pipeline_metric(&options.metric, profile, settings, err) &&
                   make(&table, profile, settings, &options, err);
    struct work work = {table, target, pv_target_style(target, call)};
    is_fine = is_fine && pv_target_write(target, write_table, &work, err);
    pv_table_free(table);
    pv_buffer_free(&name);
    return is_fine;
}

bool pv_top_write(struct pv_profile *profile, const struct pv_target *target,
                  const struct pv_call *call, struct pv_error *err)
{
    return make_and_write(make_top, profile, target, call, err);
}

static bool run(table_maker *make, const char *command, const struct pv_call *call,
                struct pv_error *err)
{
    const struct pv_target usual = {
        .kind = PV_TARGET_TABLE, .table = PV_TABLE_TEXT, .is_table_only = true};
    struct pv_profile *profile;
    struct pv_target target;
    if (!pv_target_find(&target, call, usual, err))
        return false;
    if (target.kind != PV_TARGET_TABLE)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "'%s' writes tables: .txt, .md, .csv, .json or .html; leave '%s' out for "
                       "other kinds",
                       command, command);
    struct pv_call own = pv_target_call(&target, call);
    own.keeps_lines = own.reads_sources = make == make_lines;
    pv_sandbox_enter(&own, &target);
    if (!pv_pipeline_read(&profile, &own, err))
        return false;
    bool is_fine = make_and_write(make, profile, &target, call, err);
    pv_profile_free(profile);
    return is_fine;
}

static bool run_top(const struct pv_call *call, struct pv_error *err)
{
    return run(make_top, "top", call, err);
}

static bool run_tree(const struct pv_call *call, struct pv_error *err)
{
    return run(make_tree, "tree", call, err);
}

/* A mistake in the expression is told before anything is read. */
static bool check_pattern(struct pv_text expression, struct pv_error *err)
{
    struct pv_pattern *pattern = NULL;
    bool is_fine = pv_pattern_new(&pattern, expression, err);
    pv_pattern_free(pattern);
    return is_fine;
}

static bool run_peek(const struct pv_call *call, struct pv_error *err)
{
    return check_pattern(call->settings->pattern, err) && run(make_peek, "peek", call, err);
}

static bool run_lines(const struct pv_call *call, struct pv_error *err)
{
    return run(make_lines, "lines", call, err);
}

const struct pv_command pv_command_top = {
    .name = "top",
    .arguments = "[OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "the functions that cost most, as a table",
    .verb = PV_VERB_TOP,
    .takes_inputs = true,
    .run = run_top,
};

const struct pv_command pv_command_tree = {
    .name = "tree",
    .arguments = "[OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "who calls whom and what it costs, from the outside in",
    .verb = PV_VERB_TREE,
    .takes_inputs = true,
    .run = run_tree,
};

const struct pv_command pv_command_peek = {
    .name = "peek",
    .arguments = "[OPTIONS] RE [INPUT...] [-o OUTPUT]",
    .summary = "callers and callees of the functions that match RE",
    .verb = PV_VERB_TREE,
    .takes_inputs = true,
    .pattern = "a regular expression: profviz peek RE INPUT",
    .run = run_peek,
};

const struct pv_command pv_command_lines = {
    .name = "lines",
    .arguments = "[OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "what each line costs, beside its source where that is found",
    .verb = PV_VERB_LINES,
    .takes_inputs = true,
    .run = run_lines,
};

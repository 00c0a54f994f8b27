#include "cli/cmd_top.h"

#include "cli/pipeline.h"
#include "cli/sandbox.h"

struct work {
    const struct pv_table *table;
    const struct pv_target *target;
    struct pv_text_style style;
};

static bool write_table(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *top = context;
    (void)err;
    switch (top->target->table) {
    case PV_TABLE_TEXT:
        pv_table_write_text(top->table, &top->style, output);
        break;
    case PV_TABLE_MARKDOWN:
        pv_table_write_markdown(top->table, output);
        break;
    case PV_TABLE_CSV:
        pv_table_write_csv(top->table, output);
        break;
    }
    return true;
}

static bool build(struct pv_table **out, struct pv_profile *profile, const struct pv_call *call,
                  struct pv_text name, struct pv_error *err)
{
    const struct pv_settings *settings = call->settings;
    struct pv_top_options options = {
        .sort = settings->sort,
        .rows = (uint64_t)settings->rows,
        .unit = settings->draw.unit,
        .input = name,
    };
    return pv_pipeline_metric(&options.metric, profile, settings, err) &&
           pv_profile_need_graph(profile, &settings->limits, err) &&
           pv_table_top(out, profile, &options, err);
}

bool pv_top_write(struct pv_profile *profile, const struct pv_target *target,
                  const struct pv_call *call, struct pv_error *err)
{
    struct pv_buffer name = {0};
    struct pv_table *table = NULL;
    pv_pipeline_name(&name, call->settings);
    bool is_fine = build(&table, profile, call, pv_buffer_text(&name), err);
    struct work top = {table, target, pv_target_style(target, call)};
    is_fine = is_fine && pv_target_write(target, write_table, &top, err);
    pv_table_free(table);
    pv_buffer_free(&name);
    return is_fine;
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    const struct pv_target usual = {.kind = PV_TARGET_TABLE, .table = PV_TABLE_TEXT};
    struct pv_profile *profile;
    struct pv_target target;
    if (!pv_target_find(&target, call, usual, err))
        return false;
    if (target.kind != PV_TARGET_TABLE)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "'top' writes tables: .txt, .md or .csv; leave 'top' out for other kinds");
    const struct pv_call own = pv_target_call(&target, call);
    pv_sandbox_enter(&own, &target);
    if (!pv_pipeline_read(&profile, &own, err))
        return false;
    bool is_fine = pv_top_write(profile, &target, call, err);
    pv_profile_free(profile);
    return is_fine;
}

const struct pv_command pv_command_top = {
    .name = "top",
    .arguments = "[OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "the functions that cost most, as a table",
    .verb = PV_VERB_TOP,
    .takes_inputs = true,
    .run = run,
};

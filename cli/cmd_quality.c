#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "model/quality.h"
#include "render/quality.h"

struct work {
    const struct pv_quality_report *report;
    const struct pv_target *target;
    struct pv_text_style style;
};

static bool write_report(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    (void)err;
    if (work->target->kind == PV_TARGET_DATA)
        pv_quality_write_json(work->report, output);
    else if (work->target->table == PV_TABLE_MARKDOWN)
        pv_quality_write_markdown(work->report, output);
    else
        pv_quality_write_text(work->report, &work->style, output);
    return true;
}

static bool check_kind(const struct pv_target *target, struct pv_error *err)
{
    bool is_json = target->kind == PV_TARGET_DATA &&
                   pv_text_equal(pv_text_of(target->format->name), PV_TEXT("json"));
    bool is_text = target->kind == PV_TARGET_TABLE && target->table != PV_TABLE_CSV;
    return is_json || is_text ||
           pv_fail(err, PV_USAGE, (struct pv_where){0},
                   "'quality' writes .txt, .md or .json; name such a file, or say --to");
}

static bool find_and_write(struct pv_profile *profile, const struct pv_target *target,
                           const struct pv_call *call, struct pv_error *err)
{
    struct pv_buffer name = {0};
    struct pv_quality quality;
    uint32_t metric;
    if (!pv_pipeline_metric(&metric, profile, call->settings, err) ||
        !pv_quality_find(&quality, profile, metric, &call->settings->limits, err))
        return false;
    pv_pipeline_name(&name, call->settings);
    const struct pv_quality_report report = {&quality, profile, metric, pv_buffer_text(&name)};
    struct work work = {&report, target, pv_target_style(target, call)};
    bool is_fine = pv_target_write(target, write_report, &work, err);
    pv_quality_free(&quality);
    pv_buffer_free(&name);
    return is_fine;
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    const struct pv_target usual = {.kind = PV_TARGET_TABLE, .table = PV_TABLE_TEXT};
    struct pv_profile *profile;
    struct pv_target target;
    if (!pv_target_find(&target, call, usual, err) || !check_kind(&target, err))
        return false;
    struct pv_call own = *call;
    own.shows_notes = true;
    pv_sandbox_enter(&own, &target);
    if (!pv_pipeline_read(&profile, &own, err))
        return false;
    bool is_fine = find_and_write(profile, &target, call, err);
    pv_profile_free(profile);
    return is_fine;
}

const struct pv_command pv_command_quality = {
    .name = "quality",
    .arguments = "[OPTIONS] [INPUT...] [-o OUTPUT]",
    .summary = "how far the profile is to be trusted, and what to do about it",
    .verb = PV_VERB_QUALITY,
    .takes_inputs = true,
    .run = run,
};

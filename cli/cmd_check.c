#include "cli/pipeline.h"
#include "cli/sandbox.h"
#include "cli/sides.h"
#include "cli/summary.h"
#include "cli/target.h"
#include "formats/budget.h"
#include "render/gate.h"

#include <stdlib.h>

static const struct pv_where nowhere = {0};

/* What is written, beyond the kinds of tables. */
enum kind { KIND_TABLE, KIND_JUNIT, KIND_GITHUB };

/* All that a check needs. */
struct work {
    const struct pv_call *call;
    struct pv_target target;
    enum kind kind;
    struct pv_budgets *budgets;
    struct pv_gate_rule *rules;
    uint32_t rule_count;
    struct pv_sides sides;
    struct pv_gate_report report;
    struct pv_buffer name; /* of what is checked */
    struct pv_summary *summary;
};

static bool write_report(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    struct pv_text input = pv_buffer_text(&work->name);
    struct pv_text_style style = pv_target_style(&work->target, work->call);
    (void)err;
    if (work->kind == KIND_JUNIT)
        pv_gate_write_junit(&work->report, input, output);
    else if (work->kind == KIND_GITHUB)
        pv_gate_write_github(&work->report, output);
    else if (work->target.table == PV_TABLE_JSON)
        pv_gate_write_json(&work->report, input, output);
    else if (work->target.table == PV_TABLE_MARKDOWN)
        pv_gate_write_markdown(&work->report, input, output);
    else
        pv_gate_write_text(&work->report, input, &style, output);
    return true;
}

/* On stdout, for the log: annotations where they are asked for, and the report where it went to a
 * file. */
static bool write_log(void *context, struct pv_output *output, struct pv_error *err)
{
    const struct work *work = context;
    const struct pv_target log = {.kind = PV_TARGET_TABLE, .path = "-"};
    struct pv_text_style style = pv_target_style(&log, work->call);
    (void)err;
    if (work->call->settings->has_annotations)
        pv_gate_write_github(&work->report, output);
    if (!pv_text_equal(pv_text_of(work->target.path), PV_TEXT("-")) &&
        !work->call->settings->is_quiet)
        pv_gate_write_text(&work->report, pv_buffer_text(&work->name), &style, output);
    return true;
}

/* JUnit and annotations have no kind of table; all else about their target is as for text. */
static bool find_target(struct work *work, const struct pv_call *both, struct pv_error *err)
{
    const struct pv_target usual = {
        .kind = PV_TARGET_TABLE, .table = PV_TABLE_TEXT, .is_table_only = true};
    struct pv_settings settings = *both->settings;
    struct pv_call own = *both;
    bool is_xml = settings.to.size == 0 && pv_text_ends(settings.output, PV_TEXT(".xml"));
    if (is_xml || pv_text_equal(settings.to, PV_TEXT("junit")))
        work->kind = KIND_JUNIT;
    else if (pv_text_equal(settings.to, PV_TEXT("github")))
        work->kind = KIND_GITHUB;
    if (work->kind != KIND_TABLE)
        settings.to = PV_TEXT("text");
    own.settings = &settings;
    if (!pv_target_find(&work->target, &own, usual, err))
        return false;
    bool is_possible = work->target.kind == PV_TARGET_TABLE && work->target.table != PV_TABLE_CSV &&
                       work->target.table != PV_TABLE_HTML;
    return is_possible || pv_fail(err, PV_USAGE, nowhere,
                                  "'check' writes .txt, .md, .json, .xml (JUnit), and annotations "
                                  "with --to github");
}

static bool find_rules(struct work *work, struct pv_error *err)
{
    const struct pv_settings *settings = work->call->settings;
    uint32_t from_file = 0;
    const struct pv_gate_rule *rules = NULL;
    if (settings->budgets.size && !pv_budgets_open(&work->budgets, settings->budgets.data, err))
        return false;
    if (work->budgets)
        rules = pv_budgets_rules(work->budgets, &from_file);
    work->rules = pv_zalloc(from_file + settings->budget.count, sizeof *work->rules);
    for (uint32_t i = 0; i < from_file; i++)
        work->rules[work->rule_count++] = rules[i];
    for (size_t i = 0; i < settings->budget.count; i++)
        if (!pv_gate_parse(&work->rules[work->rule_count++], settings->budget.items[i], err))
            return false;
    for (uint32_t i = 0; i < work->rule_count; i++)
        if (work->rules[i].metric.size == 0)
            work->rules[i].metric = settings->metric;
    return work->rule_count ||
           pv_fail(
               err, PV_USAGE, nowhere,
               "there is no budget: --budgets FILE names them, or --budget 'render calls<=1000'");
}

static bool compare(struct work *work, const struct pv_call *both, struct pv_error *err)
{
    if (!pv_sides_read_runs(&work->sides, both, err))
        return false;
    const struct pv_diff_request sides = pv_sides_request(&work->sides, both);
    bool has_sides = work->sides.count[0] || work->sides.count[1] > 1;
    const struct pv_gate_request request = {.rules = work->rules,
                                            .rule_count = work->rule_count,
                                            .sides = has_sides ? &sides : NULL,
                                            .profile = has_sides ? NULL : work->sides.profiles[0],
                                            .limits = &both->settings->limits};
    return pv_gate_check(&work->report, &request, err);
}

static bool write_all(struct work *work, struct pv_error *err)
{
    const struct pv_target log = {.kind = PV_TARGET_TABLE, .path = "-"};
    return pv_target_write(&work->target, write_report, work, err) &&
           pv_target_write(&log, write_log, work, err) &&
           pv_summary_write(work->summary, &work->report, pv_buffer_text(&work->name), err);
}

/* What makes the exit code. */
static bool say_outcome(const struct work *work, struct pv_error *err)
{
    const struct pv_gate_report *report = &work->report;
    struct pv_buffer words = {0};
    if (!report->broken && !report->unsure)
        return true;
    pv_gate_add_sum(&words, report);
    pv_fail(err, report->broken ? PV_BROKEN : PV_UNSURE, nowhere, "%.*s",
            PV_TEXT_ARGS(pv_buffer_text(&words)));
    pv_buffer_free(&words);
    return false;
}

static bool check(struct work *work, struct pv_error *err)
{
    struct pv_settings settings;
    struct pv_call both = pv_sides_call(&work->sides, work->call, &settings);
    if (!find_target(work, &both, err) || !find_rules(work, err) ||
        !pv_summary_open(&work->summary, work->call->settings->summary, err))
        return false;
    pv_sandbox_enter(&both, &work->target);
    pv_sides_name(&work->name, &work->sides, pv_target_is_ascii(&work->target, &both));
    return compare(work, &both, err) && write_all(work, err) && say_outcome(work, err);
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    struct work work = {.call = call};
    if (!pv_sides_find_runs(&work.sides, call->settings, err))
        return false;
    bool is_fine = check(&work, err);
    pv_gate_report_free(&work.report);
    pv_sides_free(&work.sides);
    pv_budgets_free(work.budgets);
    pv_summary_close(work.summary);
    pv_buffer_free(&work.name);
    free(work.rules);
    return is_fine;
}

const struct pv_command pv_command_check = {
    .name = "check",
    .arguments = "[OPTIONS] HEAD... [--base BASE...] --budgets FILE|--budget RULE",
    .summary = "whether budgets are kept: exit 3 where one is broken, 4 where it cannot be told",
    .verb = PV_VERB_CHECK,
    .takes_inputs = true,
    .run = run,
};

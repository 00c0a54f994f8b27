#include "model/gate_parts.h"

#include "model/escape.h"
#include "model/names.h"
#include "model/transforms.h"

#include <stdlib.h>

/* Puts the rule's name before the message. */
static bool fail_rule(struct pv_gate_checking *checking, const struct pv_gate_rule *rule)
{
    struct pv_error inner = *checking->err;
    struct pv_text name = rule->name.size ? rule->name : rule->what;
    if (name.size)
        pv_fail(checking->err, PV_USAGE, (struct pv_where){0}, "the budget '%.*s': %.180s",
                PV_TEXT_ARGS(pv_text_slice(name, 0, 60)), inner.message);
    else
        pv_fail(checking->err, PV_USAGE, (struct pv_where){0}, "the budget of the whole: %.180s",
                inner.message);
    checking->err->code = PV_USAGE;
    return false;
}

static bool is_meant(const struct pv_profile *profile, const struct pv_gate_rule *rule,
                     uint32_t frame)
{
    return pv_text_equal(rule->what, rule->scope == PV_GATE_FUNCTION
                                         ? pv_profile_name(profile, frame)
                                         : pv_module_key(profile, frame));
}

/* [frame], to be freed; NULL with *err for a malformed expression. */
static bool *find_meant(struct pv_gate_checking *checking, const struct pv_gate_rule *rule)
{
    const struct pv_profile *profile = checking->ground.profile;
    if (rule->scope == PV_GATE_PATTERN)
        return pv_match_used(profile, rule->what, checking->ground.used, checking->err);
    bool *meant = pv_zalloc((size_t)profile->frame_count + 1, sizeof *meant);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        meant[i] = checking->ground.used[i] &&
                   (rule->scope == PV_GATE_WHOLE || is_meant(profile, rule, i));
    return meant;
}

struct pv_gate_result *pv_gate_add_result(struct pv_gate_checking *checking)
{
    struct pv_gate_report *report = checking->report;
    if (report->count == checking->capacity) {
        checking->capacity = checking->capacity * 2 + 8;
        report->results = pv_resize(report->results, checking->capacity * sizeof *report->results);
    }
    struct pv_gate_result *result = &report->results[report->count++];
    *result = (struct pv_gate_result){0};
    return result;
}

static void add_subject(struct pv_buffer *out, const struct pv_profile *profile,
                        const struct pv_gate_rule *rule, const struct pv_gate_set *set)
{
    enum { most = 120 };
    if (!set->frames) {
        pv_buffer_add(out, PV_TEXT("the whole"));
        return;
    }
    if (set->count != 1) {
        pv_escape(out, PV_ESCAPE_DISPLAY, pv_text_slice(rule->what, 0, most));
        pv_buffer_print(out, " (%lu functions)", (unsigned long)set->count);
        return;
    }
    const struct pv_frame *frame = &profile->frames[set->frame];
    pv_escape(out, PV_ESCAPE_DISPLAY,
              pv_text_slice(pv_profile_text(profile, frame->name), 0, most));
    if (!frame->file)
        return;
    pv_buffer_add(out, PV_TEXT(" ("));
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_name_path(pv_profile_text(profile, frame->file)));
    if (frame->line)
        pv_buffer_print(out, ":%lu", (unsigned long)frame->line);
    pv_buffer_char(out, ')');
}

struct pv_text pv_gate_subject(struct pv_gate_checking *checking, const struct pv_gate_view *view,
                               const struct pv_gate_rule *rule, const struct pv_gate_set *set)
{
    const struct pv_profile *profile = checking->ground.profile;
    struct pv_buffer words = {0};
    if (view->is_self && set->frames && !view->is_calls)
        pv_buffer_add(&words, PV_TEXT("own "));
    if (view->is_calls)
        pv_buffer_add(&words, PV_TEXT("calls"));
    else if (view->diff)
        pv_escape(&words, PV_ESCAPE_DISPLAY, pv_diff_name(view->diff, view->pair));
    else
        pv_escape(&words, PV_ESCAPE_DISPLAY,
                  pv_profile_text(profile, profile->metrics[view->sides[1].metric].name));
    pv_buffer_add(&words, PV_TEXT(" of "));
    add_subject(&words, profile, rule, set);
    struct pv_text text = pv_gate_keep(checking->report->arena, &words);
    pv_buffer_free(&words);
    return text;
}

static void count_result(struct pv_gate_report *report, const struct pv_gate_result *result)
{
    bool is_warning = result->rule->is_warning;
    report->broken += result->verdict == PV_GATE_BROKEN && !is_warning;
    report->warned += result->verdict != PV_GATE_KEPT && is_warning;
    report->unsure += result->verdict == PV_GATE_UNSURE && !is_warning;
}

static bool check_limit(struct pv_gate_checking *checking, struct pv_gate_view *view,
                        const struct pv_gate_rule *rule, const struct pv_gate_set *set,
                        bool is_increase)
{
    const struct pv_profile *profile = checking->ground.profile;
    struct pv_gate_result *result = pv_gate_add_result(checking);
    result->rule = rule;
    result->is_increase = is_increase;
    result->subject = pv_gate_subject(checking, view, rule, set);
    if (set->frames && set->count == 1) {
        const struct pv_frame *frame = &profile->frames[set->frame];
        result->file =
            pv_arena_copy(checking->report->arena, pv_profile_text(profile, frame->file));
        result->line = frame->line;
    }
    pv_gate_judge(result, view, set, checking->report->arena);
    count_result(checking->report, result);
    return result->verdict == PV_GATE_KEPT || (set->frames && !set->count) ||
           pv_gate_find_paths(result, view, set, checking->report->arena, checking->err);
}

bool pv_gate_check_set(struct pv_gate_checking *checking, struct pv_gate_view *view,
                       const struct pv_gate_rule *rule, const struct pv_gate_set *set)
{
    return (!rule->max.is_there || check_limit(checking, view, rule, set, false)) &&
           (!rule->max_increase.is_there || check_limit(checking, view, rule, set, true));
}

static bool fail_unit(struct pv_gate_checking *checking, const struct pv_gate_view *view,
                      const struct pv_gate_rule *rule, struct pv_text suffix)
{
    struct pv_text unit = pv_unit_name(view->unit);
    pv_fail(checking->err, PV_USAGE, (struct pv_where){0},
            "a limit %s%.*s%s does not fit values in %.*s; say its unit, as in %s",
            suffix.size ? "in '" : "without a unit", PV_TEXT_ARGS(suffix), suffix.size ? "'" : "",
            PV_TEXT_ARGS(unit),
            view->unit == PV_UNIT_NS      ? "1.5s or 20ms"
            : view->unit == PV_UNIT_BYTES ? "64MiB"
                                          : "1000 or 1.2M");
    return fail_rule(checking, rule);
}

/* Fills `most`. */
static bool check_units(struct pv_gate_checking *checking, struct pv_gate_view *view,
                        const struct pv_gate_rule *rule)
{
    const struct pv_quantity *const limits[] = {&rule->max, &rule->max_increase};
    for (size_t i = 0; i < 2; i++)
        if (limits[i]->is_there && !limits[i]->is_share &&
            !pv_gate_quantity(view, limits[i], &view->most[i]))
            return fail_unit(checking, view, rule, limits[i]->suffix);
    return true;
}

static bool check_view(struct pv_gate_checking *checking, struct pv_gate_view *view,
                       const struct pv_gate_rule *rule)
{
    if (!check_units(checking, view, rule))
        return false;
    if (rule->scope == PV_GATE_WHOLE && !rule->is_each)
        return pv_gate_check_set(checking, view, rule, &(struct pv_gate_set){0});
    bool *meant = find_meant(checking, rule), is_done;
    if (!meant)
        return fail_rule(checking, rule);
    struct pv_gate_set set = {.frames = meant};
    for (uint32_t i = 0; i < checking->ground.profile->frame_count; i++) {
        set.count += meant[i];
        set.frame = meant[i] ? i : set.frame;
    }
    if (rule->is_each && set.count)
        is_done = pv_gate_check_each(checking, view, rule, meant);
    else
        is_done = pv_gate_check_set(checking, view, rule, &set);
    free(meant);
    return is_done;
}

static bool check_rule(struct pv_gate_checking *checking, const struct pv_gate_rule *rule)
{
    struct pv_gate_view view;
    if (!pv_gate_look(&view, &checking->ground, rule, checking->err))
        return fail_rule(checking, rule);
    bool is_done = check_view(checking, &view, rule);
    pv_gate_leave(&view);
    return is_done;
}

bool pv_gate_check(struct pv_gate_report *out, const struct pv_gate_request *request,
                   struct pv_error *err)
{
    struct pv_gate_checking checking = {.request = request, .report = out, .err = err};
    *out = (struct pv_gate_report){.arena = pv_arena_new()};
    bool is_fine = pv_gate_open(&checking.ground, request, err);
    for (uint32_t i = 0; i < request->rule_count && is_fine; i++)
        is_fine = check_rule(&checking, &request->rules[i]);
    pv_gate_close(&checking.ground);
    if (!is_fine)
        pv_gate_report_free(out);
    return is_fine;
}

void pv_gate_report_free(struct pv_gate_report *report)
{
    pv_arena_free(report->arena);
    free(report->results);
    *report = (struct pv_gate_report){0};
}

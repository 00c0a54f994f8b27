#include "formats/trace_spec_parts.h"

/* What an event cannot go without: groups of which one must be there. */
struct need {
    enum pv_trace_event event;
    enum pv_trace_group any[5];
    size_t count;
    const char *why;
};

static const struct need needs[] = {
    {PV_TRACE_ENTER, {PV_TRACE_NAME}, 1, "to say what begins"},
    {PV_TRACE_CALL, {PV_TRACE_NAME}, 1, "to say what was called"},
    {PV_TRACE_SPAN, {PV_TRACE_NAME}, 1, "to say what took time"},
    {PV_TRACE_SPAN, {PV_TRACE_TS, PV_TRACE_CLOCK, PV_TRACE_DATE, PV_TRACE_SINCE}, 4, "to say when"},
    {PV_TRACE_SPAN, {PV_TRACE_DUR}, 1, "to say how long"},
    {PV_TRACE_STEP, {PV_TRACE_NAME}, 1, "to say what is done"},
    {PV_TRACE_STEP, {PV_TRACE_TS, PV_TRACE_CLOCK, PV_TRACE_DATE, PV_TRACE_SINCE}, 4, "to say when"},
    {PV_TRACE_SUM, {PV_TRACE_NAME}, 1, "to say what it adds to"},
    {PV_TRACE_COUNTER, {PV_TRACE_NAME}, 1, "to say what is counted"},
    {PV_TRACE_COUNTER, {PV_TRACE_VALUE}, 1, "to say how much"},
    {PV_TRACE_COUNTER,
     {PV_TRACE_TS, PV_TRACE_CLOCK, PV_TRACE_DATE, PV_TRACE_SINCE},
     4,
     "to say when"},
    {PV_TRACE_SWITCH, {PV_TRACE_LANE}, 1, "to say whose thread changes"},
    {PV_TRACE_SWITCH, {PV_TRACE_THREAD}, 1, "to say to which thread"},
    {PV_TRACE_TIME, {PV_TRACE_TS, PV_TRACE_CLOCK, PV_TRACE_DATE, PV_TRACE_SINCE}, 4, "to say when"},
};

static bool has_any(const struct pv_trace_rule *rule, const struct need *need)
{
    for (size_t i = 0; i < need->count; i++)
        if (rule->groups[need->any[i]] || (need->any[i] == PV_TRACE_NAME && rule->name))
            return true;
    return false;
}

static bool fail_need(const struct need *need, const struct pv_json_item *item,
                      struct pv_error *err)
{
    struct pv_buffer groups = {0};
    for (size_t i = 0; i < need->count; i++)
        pv_buffer_print(&groups, "%s(?<%s>...)", i ? " or " : "",
                        pv_trace_group_name(need->any[i]));
    pv_json_item_fail(item, err, "the event \"%s\" needs the group %.*s %s",
                      pv_trace_event_name(need->event), PV_TEXT_ARGS(pv_buffer_text(&groups)),
                      need->why);
    pv_buffer_free(&groups);
    return false;
}

static bool check_needs(const struct pv_trace_rule *rule, enum pv_trace_event event,
                        const struct pv_json_item *item, struct pv_error *err)
{
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (needs[i].event == event && !has_any(rule, &needs[i]))
            return fail_need(&needs[i], item, err);
    return true;
}

/* A sum adds to what the description lists; all the others take time. */
static bool check_metrics(const struct pv_trace_spec *spec, const struct pv_trace_rule *rule,
                          enum pv_trace_event event, const struct pv_json_item *item,
                          struct pv_error *err)
{
    const struct pv_trace_metric *metrics = spec->metrics;
    bool takes_time = event != PV_TRACE_SUM && event != PV_TRACE_COUNTER &&
                      event != PV_TRACE_SWITCH && event != PV_TRACE_TIME;
    bool has_sum = metrics[PV_TRACE_OF_LINES].is_there ||
                   (metrics[PV_TRACE_OF_DUR].is_there && rule->groups[PV_TRACE_DUR]) ||
                   (metrics[PV_TRACE_OF_VALUE].is_there && rule->groups[PV_TRACE_VALUE]);
    if (takes_time && !metrics[PV_TRACE_OF_DUR].is_there)
        return pv_json_item_fail(item, err,
                                 "the event \"%s\" takes time, and \"metrics\" has no \"dur\"",
                                 pv_trace_event_name(event));
    if (event == PV_TRACE_SUM && !has_sum)
        return pv_json_item_fail(item, err,
                                 "the event \"sum\" adds nothing: it needs the group (?<dur>...), "
                                 "or (?<value>...) or lines with their \"metrics\"");
    return true;
}

/* Only a sum's name may be a stack: what begins and ends does so under one name. */
static bool check_event(const struct pv_trace_spec *spec, const struct pv_trace_rule *rule,
                        enum pv_trace_event event, const struct pv_json_item *item,
                        struct pv_error *err)
{
    if (rule->split && event != PV_TRACE_SUM)
        return pv_json_item_fail(item, err, "\"split\" goes with the event \"sum\"");
    return check_needs(rule, event, item, err) && check_metrics(spec, rule, event, item, err);
}

bool pv_trace_rule_check(const struct pv_trace_spec *spec, const struct pv_trace_rule *rule,
                         const struct pv_json_item *item, struct pv_error *err)
{
    if (rule->has_event && rule->words)
        return pv_json_item_fail(item, err, "has both \"event\" and \"events\"");
    if (!rule->has_event && !rule->words)
        return pv_json_item_fail(item, err,
                                 "must say what its lines tell: \"event\", or \"events\" for the "
                                 "words of the group (?<event>...)");
    if (rule->words && !rule->groups[PV_TRACE_EVENT])
        return pv_json_item_fail(item, err, "\"events\" needs the group (?<event>...)");
    if (rule->is_path && !rule->split)
        return pv_json_item_fail(item, err, "\"path\" goes with \"split\"");
    if (rule->has_event)
        return check_event(spec, rule, rule->event, item, err);
    for (unsigned i = 0; i < rule->word_count; i++)
        if (!check_event(spec, rule, rule->words[i].event, item, err))
            return false;
    return true;
}

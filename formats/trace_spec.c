#include "formats/trace_spec_parts.h"
#include "model/option.h"

#include <stdlib.h>
#include <string.h>

static char *copy(struct pv_text text)
{
    char *made = pv_zalloc(text.size + 1, 1);
    if (text.size)
        memcpy(made, text.data, text.size);
    return made;
}

static void replace(char **member, const struct pv_json_item *item)
{
    free(*member);
    *member = copy(pv_json_item_text(item));
}

const char *pv_trace_event_name(enum pv_trace_event event)
{
    static const char *const names[PV_TRACE_EVENTS] = {
        [PV_TRACE_ENTER] = "enter", [PV_TRACE_LEAVE] = "leave",     [PV_TRACE_CALL] = "call",
        [PV_TRACE_SPAN] = "span",   [PV_TRACE_STEP] = "step",       [PV_TRACE_SUM] = "sum",
        [PV_TRACE_TIME] = "time",   [PV_TRACE_COUNTER] = "counter", [PV_TRACE_SWITCH] = "switch",
        [PV_TRACE_END] = "end",
    };
    return names[event];
}

const char *pv_trace_group_name(enum pv_trace_group group)
{
    static const char *const names[PV_TRACE_GROUPS] = {
        [PV_TRACE_NAME] = "name",     [PV_TRACE_TS] = "ts",         [PV_TRACE_SINCE] = "since",
        [PV_TRACE_CLOCK] = "clock",   [PV_TRACE_DATE] = "date",     [PV_TRACE_DUR] = "dur",
        [PV_TRACE_UNIT] = "unit",     [PV_TRACE_EVENT] = "event",   [PV_TRACE_PROCESS] = "process",
        [PV_TRACE_THREAD] = "thread", [PV_TRACE_LANE] = "lane",     [PV_TRACE_FROM] = "from",
        [PV_TRACE_VALUE] = "value",   [PV_TRACE_DEPTH] = "depth",   [PV_TRACE_FILE] = "file",
        [PV_TRACE_LINE] = "line",     [PV_TRACE_MODULE] = "module",
    };
    return names[group];
}

/* A text that is one of `count` words: its index, or false with all of them in the message. */
static bool take_word(unsigned *out, const struct pv_json_item *item, unsigned count,
                      const char *(*word)(unsigned index), struct pv_error *err)
{
    struct pv_text text = pv_json_item_text(item);
    struct pv_nearest nearest = {.typed = text};
    struct pv_buffer words = {0};
    bool is_found = false;
    for (unsigned i = 0; i < count && !is_found; i++) {
        struct pv_text each = pv_text_of(word(i));
        pv_nearest_try(&nearest, each);
        pv_buffer_print(&words, "%s%.*s", i ? ", " : "", PV_TEXT_ARGS(each));
        is_found = pv_text_equal(text, each);
        *out = is_found ? i : *out;
    }
    struct pv_text near = pv_nearest_name(&nearest);
    if (!is_found && near.size)
        pv_json_item_fail(item, err, "unknown word; did you mean \"%.*s\"?", PV_TEXT_ARGS(near));
    else if (!is_found)
        pv_json_item_fail(item, err, "must be one of %.*s", PV_TEXT_ARGS(pv_buffer_text(&words)));
    pv_buffer_free(&words);
    return is_found;
}

static const char *event_word(unsigned index)
{
    return pv_trace_event_name((enum pv_trace_event)index);
}

static const char *at_word(unsigned index)
{
    static const char *const words[] = {"start", "end"};
    return words[index];
}

static const char *value_unit_word(unsigned index)
{
    return pv_unit_name((enum pv_unit)index).data;
}

static const char *unit_word(unsigned index)
{
    return pv_trace_unit(index)->name;
}

static bool take_unit(const struct pv_trace_unit **out, const struct pv_json_item *item,
                      struct pv_error *err)
{
    unsigned index = 0;
    unsigned count = 0;
    while (pv_trace_unit(count))
        count++;
    bool is_fine = take_word(&index, item, count, unit_word, err);
    *out = pv_trace_unit(index);
    return is_fine;
}

static bool take_nothing(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)target;
    (void)item;
    (void)err;
    return true;
}

static bool take_pattern(struct pv_pattern **out, const struct pv_json_item *item,
                         struct pv_error *err)
{
    struct pv_error own = {0};
    return pv_pattern_new_for_lines(out, pv_json_item_text(item), &own) ||
           pv_json_item_fail(item, err, "%s", own.message);
}

/* Rules. */

/* The group of that name, or PV_TRACE_GROUPS. */
static enum pv_trace_group group_named(struct pv_text name, struct pv_nearest *nearest)
{
    unsigned group = 0;
    for (; group < PV_TRACE_GROUPS; group++) {
        struct pv_text known = pv_text_of(pv_trace_group_name((enum pv_trace_group)group));
        pv_nearest_try(nearest, known);
        if (pv_text_equal(name, known))
            break;
    }
    return (enum pv_trace_group)group;
}

/* A name that begins with _ is the user's own. */
static bool take_group(struct pv_trace_rule *rule, struct pv_text name, uint32_t number,
                       const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = name};
    enum pv_trace_group group = group_named(name, &nearest);
    struct pv_text near = pv_nearest_name(&nearest);
    if (name.data[0] == '_')
        return true;
    if (group == PV_TRACE_GROUPS && near.size)
        return pv_json_item_fail(item, err, "unknown group '%.*s'; did you mean '%.*s'?",
                                 PV_TEXT_ARGS(name), PV_TEXT_ARGS(near));
    if (group == PV_TRACE_GROUPS)
        return pv_json_item_fail(item, err,
                                 "unknown group '%.*s'; begin it with _ if it is your own",
                                 PV_TEXT_ARGS(name));
    if (rule->groups[group])
        return pv_json_item_fail(item, err,
                                 "two groups are called '%.*s'; let alternatives share it with "
                                 "(?|...|...)",
                                 PV_TEXT_ARGS(name));
    rule->groups[group] = number;
    return true;
}

static bool find_groups(struct pv_trace_rule *rule, const struct pv_json_item *item,
                        struct pv_error *err)
{
    uint32_t number = 0;
    struct pv_text name;
    for (uint32_t i = 0; (name = pv_pattern_group(rule->pattern, i, &number)).size; i++)
        if (!take_group(rule, name, number, item, err))
            return false;
    return true;
}

static bool take_rule_pattern(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_rule *rule = target;
    return take_pattern(&rule->pattern, item, err) && find_groups(rule, item, err);
}

static bool take_event(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_rule *rule = target;
    unsigned event = 0;
    rule->has_event = take_word(&event, item, PV_TRACE_EVENTS, event_word, err);
    rule->event = (enum pv_trace_event)event;
    return rule->has_event;
}

static bool take_event_word(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_rule *rule = target;
    unsigned event = 0;
    if (!take_word(&event, item, PV_TRACE_EVENTS, event_word, err))
        return false;
    rule->words = pv_resize(rule->words, (rule->word_count + 1) * sizeof *rule->words);
    rule->words[rule->word_count++] =
        (struct pv_trace_word){copy(pv_text_of(item->key)), (enum pv_trace_event)event};
    return true;
}

static bool take_events(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return pv_json_take_all(target, item, PV_JSON_DOC_TEXT, PV_TRACE_MOST, take_event_word, err);
}

static bool take_rule_name(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_rule *rule = target;
    (void)err;
    replace(&rule->name, item);
    return true;
}

static bool take_rule_time(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_unit(&((struct pv_trace_rule *)target)->time, item, err);
}

static bool take_rule_dur(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_unit(&((struct pv_trace_rule *)target)->dur, item, err);
}

static bool take_at(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    unsigned is_end = 0;
    bool is_fine = take_word(&is_end, item, 2, at_word, err);
    ((struct pv_trace_rule *)target)->is_at_end = is_end;
    return is_fine;
}

static bool take_value_unit(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    unsigned unit = 0;
    bool is_fine = take_word(&unit, item, PV_UNITS, value_unit_word, err);
    ((struct pv_trace_rule *)target)->value_unit = (enum pv_unit)unit;
    return is_fine;
}

static bool take_split(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_text text = pv_json_item_text(item);
    if (text.size != 1)
        return pv_json_item_fail(item, err, "must be one character of ASCII");
    ((struct pv_trace_rule *)target)->split = text.data[0];
    return true;
}

static bool take_path(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)err;
    ((struct pv_trace_rule *)target)->is_path = pv_json_item_bool(item);
    return true;
}

static bool take_same_thread(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)err;
    ((struct pv_trace_rule *)target)->is_same_thread = pv_json_item_bool(item);
    return true;
}

static bool take_rule(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    static const struct pv_json_key keys[] = {
        {"pattern", PV_JSON_DOC_TEXT, true, take_rule_pattern},
        {"event", PV_JSON_DOC_TEXT, false, take_event},
        {"events", PV_JSON_DOC_OBJECT, false, take_events},
        {"name", PV_JSON_DOC_TEXT, false, take_rule_name},
        {"time", PV_JSON_DOC_TEXT, false, take_rule_time},
        {"duration", PV_JSON_DOC_TEXT, false, take_rule_dur},
        {"at", PV_JSON_DOC_TEXT, false, take_at},
        {"unit", PV_JSON_DOC_TEXT, false, take_value_unit},
        {"split", PV_JSON_DOC_TEXT, false, take_split},
        {"path", PV_JSON_DOC_BOOL, false, take_path},
        {"same_thread", PV_JSON_DOC_BOOL, false, take_same_thread},
        {"comment", PV_JSON_DOC_TEXT, false, take_nothing},
    };
    struct pv_trace_spec *spec = target;
    struct pv_trace_rule *rule = &spec->rules[spec->rule_count++];
    return pv_json_take_keys(rule, item, keys, sizeof keys / sizeof keys[0], err);
}

static bool take_rules(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return pv_json_take_all(target, item, PV_JSON_DOC_OBJECT, PV_TRACE_MOST, take_rule, err);
}

/* The description. */

static bool take_ignored(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_spec *spec = target;
    return take_pattern(&spec->ignored[spec->ignored_count], item, err) && ++spec->ignored_count;
}

static bool take_ignore(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return pv_json_take_all(target, item, PV_JSON_DOC_TEXT, PV_TRACE_MOST, take_ignored, err);
}

static bool take_name(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_spec *spec = target;
    replace(&spec->name, item);
    return spec->name[0] || pv_json_item_fail(item, err, "is empty");
}

static bool take_prefix(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_spec *spec = target;
    struct pv_text key = pv_text_of(item->key);
    (void)err;
    replace(pv_text_starts(key, PV_TEXT("process"))  ? &spec->process_prefix
            : pv_text_starts(key, PV_TEXT("thread")) ? &spec->thread_prefix
                                                     : &spec->lane_prefix,
            item);
    return true;
}

static bool take_time(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_unit(&((struct pv_trace_spec *)target)->time, item, err);
}

static bool take_dur(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_unit(&((struct pv_trace_spec *)target)->dur, item, err);
}

static bool take_metric_name(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_trace_metric *metric = target;
    replace(&metric->name, item);
    return metric->name[0] || pv_json_item_fail(item, err, "is empty");
}

static bool take_metric_unit(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    unsigned unit = 0;
    bool is_fine = take_word(&unit, item, PV_UNITS, value_unit_word, err);
    ((struct pv_trace_metric *)target)->unit = (enum pv_unit)unit;
    return is_fine;
}

/* A value has a unit; a duration's and a count's are known. */
static bool take_metric(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    static const struct pv_json_key keys[] = {
        {"name", PV_JSON_DOC_TEXT, true, take_metric_name},
        {"unit", PV_JSON_DOC_TEXT, false, take_metric_unit},
    };
    struct pv_trace_spec *spec = target;
    bool is_value = pv_text_equal(pv_text_of(item->key), PV_TEXT("value"));
    bool is_dur = pv_text_equal(pv_text_of(item->key), PV_TEXT("dur"));
    enum pv_trace_measure which = is_dur     ? PV_TRACE_OF_DUR
                                  : is_value ? PV_TRACE_OF_VALUE
                                             : PV_TRACE_OF_LINES;
    struct pv_trace_metric *metric = &spec->metrics[which];
    metric->is_there = true;
    metric->unit = is_dur ? PV_UNIT_NS : PV_UNIT_COUNT;
    return pv_json_take_keys(metric, item, keys, is_value ? 2 : 1, err);
}

static bool take_metrics(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    static const struct pv_json_key keys[] = {
        {"dur", PV_JSON_DOC_OBJECT, false, take_metric},
        {"value", PV_JSON_DOC_OBJECT, false, take_metric},
        {"lines", PV_JSON_DOC_OBJECT, false, take_metric},
    };
    struct pv_trace_spec *spec = target;
    spec->metrics[PV_TRACE_OF_DUR].is_there = false;
    return pv_json_take_keys(spec, item, keys, sizeof keys / sizeof keys[0], err);
}

static bool take_all(struct pv_trace_spec *spec, const struct pv_json_item *root,
                     struct pv_error *err)
{
    static const struct pv_json_key keys[] = {
        {"name", PV_JSON_DOC_TEXT, false, take_name},
        {"summary", PV_JSON_DOC_TEXT, false, take_nothing},
        {"comment", PV_JSON_DOC_TEXT, false, take_nothing},
        {"time", PV_JSON_DOC_TEXT, false, take_time},
        {"duration", PV_JSON_DOC_TEXT, false, take_dur},
        {"process_prefix", PV_JSON_DOC_TEXT, false, take_prefix},
        {"thread_prefix", PV_JSON_DOC_TEXT, false, take_prefix},
        {"lane_prefix", PV_JSON_DOC_TEXT, false, take_prefix},
        {"metrics", PV_JSON_DOC_OBJECT, false, take_metrics},
        {"ignore", PV_JSON_DOC_LIST, false, take_ignore},
        {"rules", PV_JSON_DOC_LIST, true, take_rules},
    };
    const struct pv_json_item rules = {.parent = root, .key = "rules", .doc = root->doc};
    if (!pv_json_take_keys(spec, root, keys, sizeof keys / sizeof keys[0], err))
        return false;
    if (spec->rule_count == 0)
        return pv_json_item_fail(&rules, err, "is empty: no line would tell anything");
    for (unsigned i = 0; i < spec->rule_count; i++) {
        const struct pv_json_item rule = {.parent = &rules, .index = i, .doc = root->doc};
        if (!pv_trace_rule_check(spec, &spec->rules[i], &rule, err))
            return false;
    }
    return true;
}

/* "nginx" of "logs/nginx.json". */
static struct pv_text base_name(const char *source)
{
    struct pv_text text = pv_text_of(source);
    size_t slash = pv_text_find_last(text, '/');
    text = slash < text.size ? pv_text_slice(text, slash + 1, text.size) : text;
    bool has_ending = pv_text_ends(text, PV_TEXT(".json"));
    return has_ending ? pv_text_slice(text, 0, text.size - strlen(".json")) : text;
}

static struct pv_trace_spec *usual_spec(const char *source)
{
    struct pv_trace_spec *spec = pv_zalloc(1, sizeof *spec);
    spec->source = source;
    spec->name = copy(base_name(source));
    spec->process_prefix = copy(PV_TEXT(""));
    spec->thread_prefix = copy(PV_TEXT(""));
    spec->lane_prefix = copy(PV_TEXT(""));
    spec->time = spec->dur = pv_trace_unit(0);
    spec->metrics[PV_TRACE_OF_DUR] = (struct pv_trace_metric){
        .is_there = true, .name = copy(PV_TEXT("time")), .unit = PV_UNIT_NS};
    return spec;
}

bool pv_trace_spec_parse(struct pv_trace_spec **out, struct pv_text text, const char *source,
                         struct pv_error *err)
{
    struct pv_json_doc *doc;
    if (!pv_json_doc_open(&doc, text, source, err))
        return false;
    struct pv_trace_spec *spec = usual_spec(source);
    const struct pv_json_item root = pv_json_doc_root(doc);
    bool is_fine = take_all(spec, &root, err);
    pv_json_doc_free(doc);
    if (is_fine)
        *out = spec;
    else
        pv_trace_spec_free(spec);
    return is_fine;
}

static void free_rule(struct pv_trace_rule *rule)
{
    for (unsigned i = 0; i < rule->word_count; i++)
        free(rule->words[i].text);
    free(rule->words);
    free(rule->name);
    pv_pattern_free(rule->pattern);
}

void pv_trace_spec_free(struct pv_trace_spec *spec)
{
    if (!spec)
        return;
    for (unsigned i = 0; i < spec->ignored_count; i++)
        pv_pattern_free(spec->ignored[i]);
    for (unsigned i = 0; i < spec->rule_count; i++)
        free_rule(&spec->rules[i]);
    for (unsigned i = 0; i < PV_TRACE_METRICS; i++)
        free(spec->metrics[i].name);
    free(spec->process_prefix);
    free(spec->thread_prefix);
    free(spec->lane_prefix);
    free(spec->name);
    free(spec);
}

const char *pv_trace_spec_name(const struct pv_trace_spec *spec)
{
    return spec->name;
}

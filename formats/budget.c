#include "formats/budget.h"

#include "formats/json_doc.h"
#include "model/pattern.h"

#include <stdlib.h>

enum { MOST_RULES = 10000 };

struct pv_budgets {
    struct pv_json_doc *doc; /* owns the texts, but for those in the arena */
    struct pv_arena *arena;
    struct pv_gate_rule *rules;
    uint32_t count;
};

/* A rule while it is read, and where its texts go. */
struct reading {
    struct pv_budgets *budgets;
    struct pv_gate_rule *rule;
};

static struct pv_gate_rule *rule_of(void *target)
{
    return ((struct reading *)target)->rule;
}

static bool take_name(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)err;
    rule_of(target)->name = pv_json_item_text(item);
    return true;
}

static bool take_scope(void *target, const struct pv_json_item *item, enum pv_gate_scope scope,
                       struct pv_error *err)
{
    struct pv_gate_rule *rule = rule_of(target);
    struct pv_text what = pv_json_item_text(item);
    if (rule->scope != PV_GATE_WHOLE)
        return pv_json_item_fail(item, err,
                                 "\"function\", \"pattern\" and \"module\" exclude each other");
    if (what.size == 0)
        return pv_json_item_fail(item, err, "is empty; leave it out to mean the whole program");
    rule->scope = scope;
    rule->what = what;
    return true;
}

static bool take_function(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_scope(target, item, PV_GATE_FUNCTION, err);
}

static bool take_module(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_scope(target, item, PV_GATE_MODULE, err);
}

static bool take_pattern(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_pattern *pattern;
    struct pv_error why = {0};
    if (!pv_pattern_new(&pattern, pv_json_item_text(item), &why))
        return pv_json_item_fail(item, err, "%s", why.message);
    pv_pattern_free(pattern);
    return take_scope(target, item, PV_GATE_PATTERN, err);
}

static bool take_metric(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    rule_of(target)->metric = pv_json_item_text(item);
    return rule_of(target)->metric.size ||
           pv_json_item_fail(item, err, "is empty; leave it out to mean the first metric");
}

static bool take_self(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)err;
    rule_of(target)->is_self = pv_json_item_bool(item);
    return true;
}

static bool take_each(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)err;
    rule_of(target)->is_each = pv_json_item_bool(item);
    return true;
}

static bool take_optional(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)err;
    rule_of(target)->is_optional = pv_json_item_bool(item);
    return true;
}

static bool take_level(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    struct pv_text level = pv_json_item_text(item);
    rule_of(target)->is_warning = pv_text_equal(level, PV_TEXT("warn"));
    return rule_of(target)->is_warning || pv_text_equal(level, PV_TEXT("fail")) ||
           pv_json_item_fail(item, err, "must be \"fail\" or \"warn\" and is \"%.*s\"",
                             PV_TEXT_ARGS(pv_text_slice(level, 0, 40)));
}

/* Whole numbers in full, others to six places. */
static size_t print_number(char *out, double number)
{
    static const double exact = 9007199254740992.; /* 2^53 */
    bool is_whole = number >= -exact && number <= exact && (double)(int64_t)number == number;
    return is_whole ? pv_print_int64(out, (int64_t)number) : pv_print_fixed(out, number, 6);
}

/* A number is a plain quantity; a text may have a unit. */
static bool take_quantity(struct reading *reading, struct pv_quantity *out,
                          const struct pv_json_item *item, struct pv_error *err)
{
    char digits[PV_NUMBER_SIZE];
    double number;
    struct pv_text text = pv_json_item_text(item);
    if (pv_json_item_number(item, &number))
        text = (struct pv_text){digits, print_number(digits, number)};
    text = pv_arena_copy(reading->budgets->arena, text);
    return pv_quantity_parse(out, text) ||
           pv_json_item_fail(item, err,
                             "must be a number, or one with a unit as in \"1.5 s\", \"64 MiB\" or "
                             "\"20 %%\", and is \"%.*s\"",
                             PV_TEXT_ARGS(pv_text_slice(text, 0, 40)));
}

static bool take_max(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_quantity(target, &rule_of(target)->max, item, err);
}

static bool take_max_increase(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return take_quantity(target, &rule_of(target)->max_increase, item, err);
}

static bool take_rule(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    static const struct pv_json_key keys[] = {
        {"name", PV_JSON_DOC_TEXT, false, take_name},
        {"function", PV_JSON_DOC_TEXT, false, take_function},
        {"pattern", PV_JSON_DOC_TEXT, false, take_pattern},
        {"module", PV_JSON_DOC_TEXT, false, take_module},
        {"metric", PV_JSON_DOC_TEXT, false, take_metric},
        {"self", PV_JSON_DOC_BOOL, false, take_self},
        {"each", PV_JSON_DOC_BOOL, false, take_each},
        {"optional", PV_JSON_DOC_BOOL, false, take_optional},
        {"level", PV_JSON_DOC_TEXT, false, take_level},
        {"max", PV_JSON_DOC_QUANTITY, false, take_max},
        {"max_increase", PV_JSON_DOC_QUANTITY, false, take_max_increase},
    };
    struct pv_budgets *budgets = target;
    struct pv_gate_rule *rule = &budgets->rules[budgets->count];
    struct reading reading = {budgets, rule};
    *rule = (struct pv_gate_rule){0};
    if (!pv_json_take_keys(&reading, item, keys, sizeof keys / sizeof keys[0], err))
        return false;
    budgets->count++;
    return rule->max.is_there || rule->max_increase.is_there ||
           pv_json_item_fail(item, err, "limits nothing: \"max\" or \"max_increase\" is missing");
}

static bool take_rules(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    return pv_json_take_all(target, item, PV_JSON_DOC_OBJECT, MOST_RULES, take_rule, err);
}

static bool take_nothing(void *target, const struct pv_json_item *item, struct pv_error *err)
{
    (void)target;
    (void)item;
    (void)err;
    return true;
}

bool pv_budgets_parse(struct pv_budgets **out, struct pv_text bytes, const char *source,
                      struct pv_error *err)
{
    static const struct pv_json_key keys[] = {
        {"$schema", PV_JSON_DOC_TEXT, false, take_nothing},
        {"comment", PV_JSON_DOC_TEXT, false, take_nothing},
        {"budgets", PV_JSON_DOC_LIST, true, take_rules},
    };
    struct pv_json_doc *doc;
    if (!pv_json_doc_open(&doc, bytes, source, err))
        return false;
    struct pv_budgets *budgets = pv_zalloc(1, sizeof *budgets);
    budgets->doc = doc;
    budgets->arena = pv_arena_new();
    budgets->rules = pv_zalloc(MOST_RULES, sizeof *budgets->rules);
    const struct pv_json_item root = pv_json_doc_root(doc);
    if (!pv_json_take_keys(budgets, &root, keys, sizeof keys / sizeof keys[0], err)) {
        pv_budgets_free(budgets);
        return false;
    }
    *out = budgets;
    return true;
}

bool pv_budgets_open(struct pv_budgets **out, const char *path, struct pv_error *err)
{
    struct pv_buffer bytes = {0};
    bool is_fine = pv_json_doc_load(&bytes, path, err) &&
                   pv_budgets_parse(out, pv_buffer_text(&bytes), path, err);
    pv_buffer_free(&bytes);
    return is_fine;
}

const struct pv_gate_rule *pv_budgets_rules(const struct pv_budgets *budgets, uint32_t *count)
{
    *count = budgets->count;
    return budgets->rules;
}

void pv_budgets_free(struct pv_budgets *budgets)
{
    if (!budgets)
        return;
    pv_json_doc_free(budgets->doc);
    pv_arena_free(budgets->arena);
    free(budgets->rules);
    free(budgets);
}

#include "model/gate.h"

static const struct pv_where nowhere = {0};

static bool is_number_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' || byte == '+';
}

/* "1.5 s": the number, and what stands behind it. */
bool pv_quantity_parse(struct pv_quantity *out, struct pv_text text)
{
    size_t end = 0;
    text = pv_text_trim(text);
    while (end < text.size && is_number_byte(text.data[end]))
        end++;
    struct pv_text suffix = pv_text_trim(pv_text_slice(text, end, text.size));
    struct pv_quantity made = {.is_there = true, .suffix = suffix};
    made.is_share = pv_text_equal(suffix, PV_TEXT("%"));
    if (!pv_parse_decimal(pv_text_slice(text, 0, end), &made.number))
        return false;
    bool is_known = suffix.size == 0 || made.is_share;
    struct pv_error err;
    for (enum pv_unit unit = PV_UNIT_COUNT; unit < PV_UNITS && !is_known; unit++)
        is_known = pv_unit_has_prefix(unit, suffix, &err);
    *out = made;
    return is_known;
}

static bool fail_form(struct pv_text text, struct pv_error *err)
{
    return pv_fail(err, PV_USAGE, nowhere,
                   "the budget '%.*s' is not of the form PATTERN METRIC<=LIMIT, as in 'render "
                   "calls<=1000', 'self:time<=20%%' or 'render calls+<=0'",
                   PV_TEXT_ARGS(pv_text_slice(text, 0, 80)));
}

static void take_scope(struct pv_gate_rule *rule, struct pv_text what)
{
    static const struct {
        struct pv_text lead;
        enum pv_gate_scope scope;
    } leads[] = {{{"function:", 9}, PV_GATE_FUNCTION}, {{"module:", 7}, PV_GATE_MODULE}};
    rule->what = what;
    rule->scope = what.size ? PV_GATE_PATTERN : PV_GATE_WHOLE;
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (pv_text_starts(what, leads[i].lead)) {
            rule->scope = leads[i].scope;
            rule->what = pv_text_slice(what, leads[i].lead.size, what.size);
        }
}

bool pv_gate_parse(struct pv_gate_rule *out, struct pv_text text, struct pv_error *err)
{
    size_t at = pv_text_search(text, PV_TEXT("<="));
    struct pv_text left = pv_text_trim(pv_text_slice(text, 0, at));
    size_t blank = pv_text_find_last(left, ' ');
    struct pv_text metric = pv_text_slice(left, blank < left.size ? blank + 1 : 0, left.size);
    struct pv_gate_rule rule = {0};
    struct pv_quantity limit;
    bool is_whose =
        pv_text_starts(metric, PV_TEXT("function:")) || pv_text_starts(metric, PV_TEXT("module:"));
    if (at == text.size || metric.size == 0 || is_whose)
        return fail_form(text, err);
    if (!pv_quantity_parse(&limit, pv_text_slice(text, at + 2, text.size)))
        return pv_fail(err, PV_USAGE, nowhere,
                       "the limit of the budget '%.*s' is no number with a unit, as 1000, 1.5s, "
                       "64MiB or 20%%",
                       PV_TEXT_ARGS(pv_text_slice(text, 0, 80)));
    take_scope(&rule, pv_text_trim(pv_text_slice(left, 0, left.size - metric.size)));
    if (pv_text_starts(metric, PV_TEXT("self:"))) {
        rule.is_self = true;
        metric = pv_text_slice(metric, 5, metric.size);
    }
    bool is_increase = pv_text_ends(metric, PV_TEXT("+"));
    rule.metric = pv_text_slice(metric, 0, metric.size - is_increase);
    *(is_increase ? &rule.max_increase : &rule.max) = limit;
    *out = rule;
    return rule.metric.size || fail_form(text, err);
}

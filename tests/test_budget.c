#include "formats/budget.h"
#include "tests/unit.h"

#include <string.h>

/* Mistakes are told by their place, with what is expected there. */
static void test_mistakes(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "is empty"},
        {"[]", "must be an object {...} and is a list [...]"},
        {"{}", "the key \"budgets\" is missing"},
        {"{\"budget\":[]}", "budget: unknown key; did you mean \"budgets\"?"},
        {"{\"budgets\":{}}", "budgets: must be a list [...] and is an object {...}"},
        {"{\"budgets\":[7]}", "budgets[0]: must be an object {...} and is a number"},
        {"{\"budgets\":[{}]}",
         "budgets[0]: limits nothing: \"max\" or \"max_increase\" is missing"},
        {"{\"budgets\":[{\"max\":1},{\"max\":true}]}",
         "budgets[1].max: must be a number or a text and is true or false"},
        {"{\"budgets\":[{\"max\":\"5 apples\"}]}",
         "budgets[0].max: must be a number, or one with a unit as in \"1.5 s\", \"64 MiB\" or "
         "\"20 %\", and is \"5 apples\""},
        {"{\"budgets\":[{\"max\":1,\"metrik\":\"x\"}]}",
         "budgets[0].metrik: unknown key; did you mean \"metric\"?"},
        {"{\"budgets\":[{\"max\":1,\"level\":\"loud\"}]}",
         "budgets[0].level: must be \"fail\" or \"warn\" and is \"loud\""},
        {"{\"budgets\":[{\"max\":1,\"function\":\"a\",\"module\":\"b\"}]}",
         "budgets[0].module: \"function\", \"pattern\" and \"module\" exclude each other"},
        {"{\"budgets\":[{\"max\":1,\"function\":\"\"}]}",
         "budgets[0].function: is empty; leave it out to mean the whole program"},
        {"{\"budgets\":[{\"max\":1,\"self\":1}]}",
         "budgets[0].self: must be true or false and is a number"},
        {"{\"budgets\":[{\"max\":1,\"max\":2}]}", "budgets[0].max: is there twice"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_budgets *budgets = NULL;
        struct pv_error err = {0};
        if (pv_budgets_parse(&budgets, pv_text_of(rows[i].text), "b.json", &err))
            fail_msg("%s is taken", rows[i].text);
        if (strcmp(err.message, rows[i].message) != 0)
            fail_msg("%s: %s", rows[i].text, err.message);
        assert_null(budgets);
    }
}

static void test_line_of_syntax(void **state)
{
    struct pv_budgets *budgets = NULL;
    struct pv_error err = {0};
    (void)state;
    assert_false(pv_budgets_parse(&budgets, PV_TEXT("{\n\"budgets\": [\n{max: 1}]}"), "b", &err));
    assert_int_equal(err.where.line, 3);
}

static void test_all_keys(void **state)
{
    static const char text[] =
        "{\"$schema\":\"x\",\"comment\":\"y\",\"budgets\":[{\"name\":\"n\",\"pattern\":\"a.c\","
        "\"metric\":\"calls\",\"self\":true,\"each\":true,\"optional\":true,\"level\":\"warn\","
        "\"max\":12.5,\"max_increase\":\"5 %\"},{\"max\":9007199254740991}]}";
    struct pv_budgets *budgets = NULL;
    struct pv_error err = {0};
    uint32_t count;
    (void)state;
    assert_true(pv_budgets_parse(&budgets, pv_text_of(text), "b", &err));
    const struct pv_gate_rule *rules = pv_budgets_rules(budgets, &count);
    assert_int_equal(count, 2);
    assert_int_equal(rules[0].scope, PV_GATE_PATTERN);
    assert_true(pv_text_equal(rules[0].what, PV_TEXT("a.c")));
    assert_true(pv_text_equal(rules[0].metric, PV_TEXT("calls")));
    assert_true(rules[0].is_self && rules[0].is_each && rules[0].is_optional &&
                rules[0].is_warning);
    assert_int_equal(rules[0].max.number.value, 125);
    assert_true(rules[0].max_increase.is_share);
    assert_int_equal(rules[1].max.number.value, 9007199254740991);
    pv_budgets_free(budgets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_line_of_syntax),
        cmocka_unit_test(test_all_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

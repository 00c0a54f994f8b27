#include "cli/report_names.h"

#include "tests/unit.h"

#include <string.h>

/* Inputs, their names in the report and the stems of their files. */
static void names(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *inputs[4], *names[4], *stems[4];
    } rows[] = {
        {"one", {"runs/a.pstats"}, {"a.pstats"}, {"a.pstats"}},
        {"one folder", {"runs/a", "runs/b"}, {"a", "b"}, {"a", "b"}},
        {"two folders", {"x/1/a", "x/2/a"}, {"1/a", "2/a"}, {"1_a", "2_a"}},
        {"folders that begin alike",
         {"x/run1/a", "x/run2/a"},
         {"run1/a", "run2/a"},
         {"run1_a", "run2_a"}},
        {"a folder within", {"x/a", "x/y/a"}, {"a", "y/a"}, {"a", "y_a"}},
        {"nothing common", {"/a/b", "c"}, {"/a/b", "c"}, {"_a_b", "c"}},
        {"upwards", {"../a", "x/../../b"}, {"../a", "x/../../b"}, {"_._a", "x_.._.._b"}},
        {"case", {"A", "a", "a-2"}, {"A", "a", "a-2"}, {"A", "a-2", "a-2-2"}},
        {"the index", {"index", "INDEX"}, {"index", "INDEX"}, {"index-2", "INDEX-3"}},
        {"odd",
         {"-rf", ".x", "a b\n<\"'>"},
         {"-rf", ".x", "a b\n<\"'>"},
         {"_rf", "_x", "a_b_____"}},
        {"twice", {"a", "a"}, {"a", "a"}, {"a", "a-2"}},
        {"stdin", {"-"}, {"stdin"}, {"stdin"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_arena *arena = pv_arena_new();
        struct pv_report_plan plan = {0};
        struct pv_settings settings = {0};
        struct pv_error err;
        const char *inputs[4];
        memcpy(inputs, rows[i].inputs, sizeof inputs);
        settings.inputs = inputs;
        while (settings.input_count < 4 && inputs[settings.input_count])
            settings.input_count++;
        assert_true(pv_report_plan_make(&plan, arena, &settings, &err));
        for (size_t k = 0; k < plan.count; k++)
            if (!pv_text_equal(plan.items[k].name, pv_text_of(rows[i].names[k])) ||
                !pv_text_equal(plan.items[k].stem, pv_text_of(rows[i].stems[k])))
                fail_msg("%s: %.*s, %.*s", rows[i].label, PV_TEXT_ARGS(plan.items[k].name),
                         PV_TEXT_ARGS(plan.items[k].stem));
        pv_arena_free(arena);
    }
}

static void long_names(void **state)
{
    (void)state;
    static char path[400];
    struct pv_arena *arena = pv_arena_new();
    struct pv_report_plan plan = {0};
    const char *inputs[] = {path};
    struct pv_settings settings = {.inputs = inputs, .input_count = 1};
    struct pv_error err;
    memset(path, 'x', sizeof path - 1);
    assert_true(pv_report_plan_make(&plan, arena, &settings, &err));
    assert_int_equal(plan.items[0].stem.size, 80);
    settings.input_count = 0;
    assert_false(pv_report_plan_make(&plan, arena, &settings, &err));
    assert_int_equal(err.code, PV_USAGE);
    pv_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(long_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/transforms.h"
#include "tests/random_profile.h"
#include "tests/small_trace.h"
#include "tests/transform_named.h"

/* factor, total, and the transforms of processes and threads. */

static char *profile_text(const struct pv_profile *profile)
{
    return profile->origin == PV_ORIGIN_STACKS ? small_stacks_text(profile)
                                               : small_arcs_text(profile);
}

static void values_change(void **state)
{
    static const struct {
        const char *label, *name, *argument, *stacks, *wanted;
        int64_t scale;
    } rows[] = {
        {"times ten", "factor", "10", "a;b 5|a 2", "a 20|a;b 50", 1},
        {"a part", "factor", "0.25", "a;b 5|a 2", "a 50|a;b 125", 100},
        {"a part that is written long", "factor", "0.50", "a 3", "a 15", 10},
        {"one", "factor", "1", "a;b 5", "a;b 5", 1},
        {"more than there is", "total", "10", "a;b 5|a 2", " 3|a 2|a;b 5", 1},
        {"of the metric by its name", "total", "samples=10", "a;b 5|a 2", " 3|a 2|a;b 5", 1},
        {"as much as there is", "total", "7", "a;b 5|a 2", "a 2|a;b 5", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks(rows[i].stacks);
        struct pv_error err = {0};
        if (!pv_transform_apply(&profile, transform_named(rows[i].name),
                                pv_text_of(rows[i].argument), NULL, &err))
            fail_msg("%s: %s", rows[i].label, err.message);
        char *text = profile_text(profile);
        int64_t sum = 0;
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: wanted \"%s\", got \"%s\"", rows[i].label, rows[i].wanted, text);
        for (uint32_t k = 0; k < profile->tree->count; k++)
            sum += profile->tree->self[0][k];
        assert_int_equal(sum, profile->metrics[0].total);
        assert_int_equal(profile->tree->total[0][0], sum);
        assert_int_equal(profile->metrics[0].scale, rows[i].scale);
        free(text);
        pv_profile_free(profile);
    }
}

static void arcs_are_multiplied(void **state)
{
    (void)state;
    struct pv_profile *profile = small_stacks("a;b 5|a 2");
    struct pv_limits limits = pv_limits_default();
    struct pv_error err = {0};
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    assert_true(pv_transform_apply(&profile, transform_named("factor"), PV_TEXT("3"), NULL, &err));
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    assert_int_equal(profile->graph->arc_total[0][0], 15);
    pv_profile_free(profile);
}

/* Without a root the rest is a function of its own; other metrics stay. */
static void arcs_get_a_rest(void **state)
{
    (void)state;
    struct pv_profile *profile = pv_random_arcs(3, 20, 50);
    struct pv_error err = {0};
    struct pv_buffer argument = {0};
    uint32_t last = profile->metric_count - 1, count = profile->graph->func_count;
    int64_t first = profile->metrics[0].total, whole = profile->metrics[last].total;
    pv_buffer_print(&argument, "%s=%lld",
                    pv_profile_text(profile, profile->metrics[last].name).data,
                    (long long)(whole / profile->metrics[last].scale + 100));
    int64_t wanted = (whole / profile->metrics[last].scale + 100) * profile->metrics[last].scale;
    if (!pv_transform_apply(&profile, transform_named("total"), pv_buffer_text(&argument), NULL,
                            &err))
        fail_msg("%s", err.message);
    assert_int_equal(profile->metrics[last].total, wanted);
    assert_true(last == 0 || profile->metrics[0].total == first);
    assert_int_equal(profile->graph->func_count, count + 1);
    pv_buffer_free(&argument);
    pv_profile_free(profile);
}

static void nonsense_is_refused(void **state)
{
    static const struct {
        const char *label, *name, *argument, *why;
        enum pv_code code;
    } rows[] = {
        {"no number", "factor", "much", "--factor wants a number above 0", PV_USAGE},
        {"nothing", "factor", "0", "--factor wants a number above 0", PV_USAGE},
        {"negative", "factor", "-2", "--factor wants a number above 0", PV_USAGE},
        {"too large", "factor", "9e18", "leave 64 bits", PV_LIMIT},
        {"less than there is", "total", "6", "--total 6 is less than what the profile has, 7",
         PV_USAGE},
        {"no total", "total", "all", "--total wants a number", PV_USAGE},
        {"no such metric", "total", "time=8", "there is no metric \"time\"; the input has samples",
         PV_USAGE},
        {"no such unit", "total", "8miles", "--total wants a number", PV_USAGE},
        {"no threads", "threads", "", "does not tell which thread", PV_NO_MATCH},
        {"no threads to merge", "no-threads", "", "does not tell which thread", PV_NO_MATCH},
        {"no process", "pid", "1", "does not tell which process", PV_NO_MATCH},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks("a;b 5|a 2");
        struct pv_error err = {0};
        assert_false(pv_transform_apply(&profile, transform_named(rows[i].name),
                                        pv_text_of(rows[i].argument), NULL, &err));
        if (err.code != rows[i].code || !strstr(err.message, rows[i].why))
            fail_msg("%s: %s", rows[i].label, err.message);
        pv_profile_free(profile);
    }
}

static void threads_are_told_apart(void **state)
{
    static const struct {
        const char *label, *name, *argument, *wanted;
    } rows[] = {
        {"by number", "tid", "7", "thread 7;a 5"},
        {"by name", "tid", "thread 12", "thread 12;a 2"},
        {"behind the first word", "tid", "12", "thread 12;a 2"},
        {"letters before a number", "tid", "33", "T33;b 4"},
        {"no part of a number", "tid", "3", NULL},
        {"together", "no-threads", "", "a 7|b 4"},
        {"apart", "threads", "", "T33;b 4|thread 12;a 2|thread 7;a 5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile =
            small_trace("@thread 7|a 0 5|@thread 12|a 0 2|@T33|b 0 4", true);
        struct pv_error err = {0};
        if (!pv_transform_apply(&profile, transform_named(rows[i].name),
                                pv_text_of(rows[i].argument), NULL, &err)) {
            assert_null(rows[i].wanted);
            assert_non_null(strstr(err.message, "there is no thread 3; there are thread 7"));
        } else {
            char *text = profile_text(profile);
            if (!rows[i].wanted || strcmp(text, rows[i].wanted) != 0)
                fail_msg("%s: got \"%s\"", rows[i].label, text);
            free(text);
        }
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_change),          cmocka_unit_test(arcs_are_multiplied),
        cmocka_unit_test(arcs_get_a_rest),        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(threads_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

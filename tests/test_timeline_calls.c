#include "render/timeline_calls.h"

#include "tests/picture.h"
#include "tests/small_trace.h"

/* Which calls stand over a timeline: "a 0-1000@0" is px from and to, and the row. */

static char *calls_text(const struct pv_profile *profile, const struct pv_timeline_calls *calls)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < calls->count; i++)
        pv_buffer_print(&out, "%s%.*s %ld-%ld@%u", i ? " " : "",
                        PV_TEXT_ARGS(pv_profile_name(profile, calls->calls[i].frame)),
                        (long)calls->calls[i].from, (long)calls->calls[i].to, calls->calls[i].row);
    if (calls->left_out)
        pv_buffer_print(&out, " +%u", calls->left_out);
    pv_buffer_char(&out, '\0');
    return out.data;
}

static void the_longest_have_brackets(void **state)
{
    static const struct {
        const char *label, *trace, *wanted;
    } rows[] = {
        {"callees below their callers", "a 0 1000|b 100 300|c 150 100",
         "a 0-1000@0 b 100-400@1 c 150-250@2"},
        {"neighbours share a row", "a 0 400|b 400 400", "a 0-400@0 b 400-800@0"},
        {"narrow ones have none", "a 0 47|b 500 48", "b 500-548@0"},
        {"cut where the axis ends", "a -100 300|b 900 500", "b 900-1000@0 a 0-200@0"},
        {"outside of the axis", "a -100 90|b 1100 500", ""},
        {"three rows, the rest is counted", "a 0 900|b 0 800|c 0 700|d 0 600|e 0 500",
         "a 0-900@0 b 0-800@1 c 0-700@2 +2"},
        {"moments come last", "a 0 900|b 100 0|c 120 0", "a 0-900@0 b 100-100@1 c 120-120@2"},
        {"a moment at the end has no room for its name", "b 980 0", " +1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_trace(rows[i].trace, true);
        struct pv_axis axis = {
            .from = 0, .to = 1000, .unit = PV_UNIT_NS, .scale = 1, .start = 0, .end = 1000};
        struct pv_timeline_calls calls;
        pv_timeline_choose_calls(&calls, profile, &axis, 0);
        char *text = calls_text(profile, &calls);
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: wanted \"%s\", got \"%s\"", rows[i].label, rows[i].wanted, text);
        free(text);
        pv_profile_free(profile);
    }
}

static void many_calls_are_no_problem(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.keeps_spans = true;
    struct pv_builder *builder = small_trace_new(&limits);
    uint32_t track = pv_build_track(builder, 0);
    for (int i = 0; i < 1000; i++)
        pv_build_span(builder, track, pv_build_name(builder, PV_TEXT("f")), (int64_t)i * 100, 90);
    struct pv_profile *profile = small_finish(builder);
    struct pv_axis axis = {
        .from = 0, .to = 100000, .unit = PV_UNIT_NS, .scale = 1, .start = 0, .end = 100000};
    struct pv_timeline_calls calls;
    pv_timeline_choose_calls(&calls, profile, &axis, 0);
    assert_int_equal(calls.count, PV_TIMELINE_CALLS);
    assert_int_equal(calls.count + calls.left_out, 1000);
    axis.unit = PV_UNIT_COUNT; /* another clock */
    pv_timeline_choose_calls(&calls, profile, &axis, 0);
    assert_int_equal(calls.count, 0);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_have_brackets),
        cmocka_unit_test(many_calls_are_no_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/chrome_trace_profile.h"

/* Traces with something wrong, large ones, and what is none. */

static void bad_events_are_skipped_or_refused(void **state)
{
#define GOOD X("a", 0, 1)
#define TEN GOOD "," GOOD "," GOOD "," GOOD "," GOOD "," GOOD "," GOOD "," GOOD "," GOOD "," GOOD
    static const struct row rows[] = {
        {"an unknown phase", "[" TEN ",\n{\"ph\":\"Q\",\"ts\":1}]",
         "a|a|a|a|a|a|a|a|a|a 1000 !skipped 1:2"},
        {"empty", "", "1: the file is empty; JSON was expected"},
        {"a word", "hello", "1: a value was expected"},
        {"no events", "{\"a\":1}",
         "0: holds no trace events: \"traceEvents\", or an array of objects"
         " with \"ph\" and \"ts\""},
        {"malformed", "[" GOOD ",\n{\"ph\" \"X\"}]", "2: a colon was expected behind the key"},
        {"no time", "[{\"ph\":\"X\"}]",
         "1: 1 of 1 lines are malformed, more than one in ten; the "
         "first: the event has no time (\"ts\")"},
        {"no phase", "[{\"ts\":1}]",
         "1: 1 of 1 lines are malformed, more than one in ten; the "
         "first: the event has no phase (\"ph\")"},
        {"no object", "[\n5]",
         "2: 1 of 1 lines are malformed, more than one in ten; the first: an "
         "event is an object"},
        {"a time too large", "[" GOOD ",{\"ph\":\"B\",\"ts\":9223372036854775807}]",
         "1: 1 of 2 lines are malformed, more than one in ten; the first: the time does not fit in "
         "64 bits"},
        {"a time of more digits", "[" GOOD ",{\"ph\":\"B\",\"ts\":\"92233720368547758070\"}]",
         "1: 1 of 2 lines are malformed, more than one in ten; the first: the time does not fit in "
         "64 bits"},
        {"words behind it", "[]\nend", "2: a value was expected"},
    };
    (void)state;
    CHECK(rows);
}

static void strict_names_the_first(void **state)
{
    (void)state;
    struct pv_input_options strict = {.is_strict = true};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_false(
        read_with(PV_TEXT("[" TEN ",\n{\"ph\":\"Q\",\"ts\":1}]"), &strict, &profile, &err));
    assert_int_equal(err.where.line, 2);
    assert_null(profile);
}

static void limits_hold(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    struct pv_buffer deep = {0};
    pv_buffer_add(&deep, PV_TEXT("[{\"ph\":\"X\",\"ts\":1,\"args\":"));
    for (int i = 0; i < 10000; i++)
        pv_buffer_char(&deep, '[');
    assert_false(read_with(pv_buffer_text(&deep), &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    pv_buffer_free(&deep);
    limits.functions = 1;
    assert_false(
        read_with(PV_TEXT("[" X("a", 0, 1) "," X("b", 1, 1) "]"), &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    limits.functions = 100;
    limits.memory = 4096;
    assert_false(read_with(PV_TEXT("[" TEN "]"), &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    assert_null(profile);
}

/* Each member alone is cheap: a million of them in one object, and of equal keys. */
static void many_keys_take_linear_time(void **state)
{
    enum { keys = 1000000 };
    (void)state;
    struct pv_buffer text = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_buffer_add(&text, PV_TEXT("[{\"args\":{"));
    for (int i = 0; i < keys; i++)
        pv_buffer_print(&text, "\"k%d\":1,", i % (keys / 2));
    pv_buffer_add(&text, PV_TEXT("\"z\":0}"));
    for (int i = 0; i < keys; i++)
        pv_buffer_print(&text, ",\"k%d\":%d", i, i);
    pv_buffer_add(&text, PV_TEXT(",\"ph\":\"X\",\"ts\":0,\"dur\":2,\"name\":\"a\"}]"));
    assert_true(read_with(pv_buffer_text(&text), NULL, &profile, &err));
    assert_int_equal(profile->metrics[0].total, 2000);
    pv_profile_free(profile);
    pv_buffer_free(&text);
}

static void content_is_recognised(void **state)
{
    static const struct {
        const char *text;
        enum pv_probe probe;
    } rows[] = {
        {"{\"traceEvents\":[]}", PV_PROBE_SURE},
        {"{\"displayTimeUnit\": \"ns\", \"traceEvents\" : [", PV_PROBE_SURE},
        {" [ {\"name\":\"a\",\"ph\":\"X\",\"ts\":0}", PV_PROBE_SURE},
        {"{\"ph\":\"X\",\"ts\":1}\n{\"ph\":\"X\",\"ts\":2}\n", PV_PROBE_SURE},
        {"[{\"ph\": \"M\"}]", PV_PROBE_LIKELY},
        {"[]", PV_PROBE_MAYBE},
        {"", PV_PROBE_NO},
        {"[1,2]", PV_PROBE_NO},
        {"{\"nodes\":[],\"ph\":5}", PV_PROBE_NO},
        {"ph \"ph\":\"X\"", PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (format()->probe(pv_text_of(rows[i].text), true) != rows[i].probe)
            fail_msg("%s", rows[i].text);
}

/* The events may begin behind the part that is looked at. */
static void long_heads_are_recognised(void **state)
{
    static const struct {
        const char *text;
        enum pv_probe probe;
    } rows[] = {
        {"{\"metadata\": {\"source\": \"DevTools\", \"x", PV_PROBE_MAYBE},
        {"{\"stackFrames\":{\"1\":{\"name\":\"f\"},", PV_PROBE_LIKELY},
        {"{\"displayTimeUnit\":\"ms\",\"otherData\":{", PV_PROBE_LIKELY},
        {"{\"viztracer_metadata\": {\"version\": \"1.0\"}, \"file_info\": {", PV_PROBE_LIKELY},
        {"{\"name\":\"x\",\"metadata\":{", PV_PROBE_NO},
        {"{", PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(format()->probe(pv_text_of(rows[i].text), false), rows[i].probe);
        assert_int_equal(format()->probe(pv_text_of(rows[i].text), true), PV_PROBE_NO);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_events_are_skipped_or_refused),
        cmocka_unit_test(strict_names_the_first),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(many_keys_take_linear_time),
        cmocka_unit_test(content_is_recognised),
        cmocka_unit_test(long_heads_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/collapsed_profile.h"

/* gprof2dot's JSON; stacks are written down as in tests/collapsed_profile.h. */

static bool read_with(struct pv_text bytes, const struct pv_input_options *options,
                      struct pv_profile **out, struct pv_error *err)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("gprof2dot_json"));
    assert_non_null(format);
    struct pv_input *input = pv_input_memory(bytes, "test.json", options);
    bool done = format->read(input, out, err);
    pv_input_close(input);
    return done;
}

static struct pv_profile *read_text(const char *text, size_t chunk)
{
    struct pv_input_options options = {.chunk = chunk};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_with(pv_text_of(text), &options, &profile, &err))
        fail_msg("%s, in %s", err.message, text);
    return profile;
}

#define COSTS "\"costs\":[{\"description\":\"Memory\",\"unit\":\"bytes\"}]"
#define FUNCTIONS                                                                                  \
    "\"functions\":[{\"name\":\"a\"},{\"name\":\"b\",\"module\":\"m\"},{\"name\":\"\"}]"

static void events_become_stacks(void **state)
{
    static const struct {
        const char *label, *text, *stacks;
    } rows[] = {
        {"innermost first",
         "{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[1,0],\"cost\":[3]}]}", "a|b 3"},
        {"functions behind",
         "{\"events\":[{\"cost\":[3],\"callchain\":[2,1,0]}]," FUNCTIONS "," COSTS "}", "a|b| 3"},
        {"equal chains add up",
         "{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[1],\"cost\":[3]},{\"callchain\":"
         "[1],\"cost\":[4]}]}",
         "b 7"},
        {"recursion", "{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[0,0,0],\"cost\":[1]}]}",
         "a|a|a 1"},
        {"no function", "{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[],\"cost\":[5]}]}",
         " 5"},
        {"no cost, no chain", "{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[0]},{}]}",
         "a 0"},
        {"several costs",
         "{\"version\":0,\"costs\":[{\"description\":\"t\",\"unit\":\"ms\"},{\"description\":"
         "\"n\"}]," FUNCTIONS ",\"events\":[{\"callchain\":[0],\"cost\":[1.5,2]},{\"callchain\":"
         "[0],\"cost\":[0.25]}]}",
         "a 1750000 2"},
        {"negative and unknown keys",
         "{\"x\":{\"y\":[]}," COSTS "," FUNCTIONS
         ",\"events\":[{\"z\":1,\"callchain\":[0],\"cost\":[-2]}]}",
         "a -2"},
        {"nothing", "{" COSTS ",\"functions\":[],\"events\":[]}", ""},
    };
    static const size_t chunks[] = {0, 1, 7, 4096};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] * 4; i++) {
        struct pv_profile *profile = read_text(rows[i / 4].text, chunks[i % 4]);
        assert_text(stacks_of(profile), rows[i / 4].stacks, rows[i / 4].label);
        pv_profile_free(profile);
    }
}

static void units_are_known_or_kept(void **state)
{
    static const struct {
        const char *cost, *name;
        enum pv_unit unit;
        int64_t total, scale;
    } rows[] = {
        {"{\"description\":\"Memory\",\"unit\":\"bytes\"}", "Memory", PV_UNIT_BYTES, 2, 1},
        {"{\"description\":\"Time\",\"unit\":\"seconds\"}", "Time", PV_UNIT_NS, 2000000000, 1},
        {"{\"description\":\"Time\",\"unit\":\"us\"}", "Time", PV_UNIT_NS, 2000, 1},
        {"{\"description\":\"Energy\",\"unit\":\"joules\"}", "Energy (joules)", PV_UNIT_COUNT, 2,
         1},
        {"{\"description\":\"Hits\",\"unit\":null}", "Hits", PV_UNIT_COUNT, 2, 1},
        {"{}", "cost", PV_UNIT_COUNT, 2, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer text = {0};
        pv_buffer_print(
            &text, "{\"costs\":[%s]," FUNCTIONS ",\"events\":[{\"callchain\":[0],\"cost\":[2]}]}",
            rows[i].cost);
        pv_buffer_char(&text, '\0');
        struct pv_profile *profile = read_text(text.data, 0);
        const struct pv_metric *metric = &profile->metrics[0];
        assert_true(
            pv_text_equal(pv_profile_text(profile, metric->name), pv_text_of(rows[i].name)));
        assert_int_equal(metric->unit, rows[i].unit);
        assert_int_equal(metric->total, rows[i].total);
        assert_int_equal(metric->scale, rows[i].scale);
        pv_profile_free(profile);
        pv_buffer_free(&text);
    }
}

static void other_json_is_refused(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "empty"},
        {"[]", "object"},
        {"{" COSTS "}", "\"events\""},
        {"{" COSTS ",\"events\":[]}", "\"functions\""},
        {"{" FUNCTIONS ",\"events\":[]}", "\"costs\""},
        {"{\"version\":1," COSTS "}", "version 1"},
        {"{" COSTS "," COSTS "}", "second table"},
        {"{" FUNCTIONS "," FUNCTIONS "}", "second table"},
        {"{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[3],\"cost\":[1]}]}", "not in the"},
        {"{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[-1],\"cost\":[1]}]}", "index"},
        {"{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[0],\"cost\":[1,2]}]}", "more costs"},
        {"{\"costs\":[{\"unit\":\"s\"}]," FUNCTIONS
         ",\"events\":[{\"callchain\":[0],\"cost\":[9e18]}]}",
         "64 bits"},
        {"{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[0],\"cost\":[\"x\"]}]}", "number"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (read_with(pv_text_of(rows[i].text), NULL, &profile, &err))
            fail_msg("read: %s", rows[i].text);
        if (!strstr(err.message, rows[i].why))
            fail_msg("%s: %s", rows[i].text, err.message);
        assert_null(profile);
    }
}

static void limits_hold(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    struct pv_buffer text = {0};
    (void)state;
    pv_buffer_add(&text, PV_TEXT("{\"events\":[{\"callchain\":[0"));
    for (int i = 0; i < 100000; i++)
        pv_buffer_add(&text, PV_TEXT(",1"));
    pv_buffer_add(&text, PV_TEXT("],\"cost\":[1]}]," FUNCTIONS "," COSTS "}"));
    limits.memory = 100 << 10;
    assert_false(read_with(pv_buffer_text(&text), &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    limits = pv_limits_default();
    assert_true(read_with(pv_buffer_text(&text), &options, &profile, &err)); /* cut visibly */
    assert_int_equal(profile->metrics[0].total, 1);
    pv_profile_free(profile);
    pv_buffer_free(&text);
}

static void content_is_recognised(void **state)
{
    static const struct {
        const char *text;
        enum pv_probe probe;
    } rows[] = {
        {"{" COSTS "," FUNCTIONS ",\"events\":[{\"callchain\":[],\"cost\":[]}]}", PV_PROBE_SURE},
        {"\n {\"events\": [{\"cost\" : [1], \"callchain\" : [0", PV_PROBE_SURE},
        {"{" COSTS "," FUNCTIONS, PV_PROBE_LIKELY},
        {"{" FUNCTIONS, PV_PROBE_NO},
        {"{\"profviz\":1}", PV_PROBE_NO},
        {"[]", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    const struct pv_format *format = pv_format_named(PV_TEXT("gprof2dot_json"));
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (format->probe(pv_text_of(rows[i].text), true) != rows[i].probe)
            fail_msg("%s", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_become_stacks),  cmocka_unit_test(units_are_known_or_kept),
        cmocka_unit_test(other_json_is_refused), cmocka_unit_test(limits_hold),
        cmocka_unit_test(content_is_recognised),
    };
    return cmocka_run_group_tests_name("gprof2dot_json", tests, NULL, NULL);
}

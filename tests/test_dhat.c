#include "tests/collapsed_profile.h"

#define HEAD "{\"dhatFileVersion\":2,\"mode\":\"heap\",\"verb\":\"Allocated\",\"pid\":1\n"
#define FRAMES                                                                                     \
    ",\"ftbl\":[\"[root]\",\"0x1: malloc (in /lib/dhat.so)\",\"0x2: push (a.c:6)\",\"0x3: main "   \
    "(a.c:9)\"]"

static bool read_dhat_with(struct pv_text bytes, const struct pv_input_options *options,
                           struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.json", options);
    bool done = pv_format_named(PV_TEXT("dhat"))->read(input, out, err);
    pv_input_close(input);
    return done;
}

static struct pv_profile *read_dhat(struct pv_text bytes)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_dhat_with(bytes, NULL, &profile, &err))
        fail_msg("line %d: %s, in %.*s", (int)err.where.line, err.message, PV_TEXT_ARGS(bytes));
    return profile;
}

static struct pv_buffer metrics_of(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    for (uint32_t m = 0; m < profile->metric_count; m++)
        pv_buffer_print(&out, "%s%s %s %lld", m ? ", " : "",
                        pv_profile_text(profile, profile->metrics[m].name).data,
                        pv_unit_name(profile->metrics[m].unit).data,
                        (long long)profile->metrics[m].total);
    pv_buffer_char(&out, '\0');
    return out;
}

static void points_become_stacks(void **state)
{
    static const struct {
        const char *label, *text, *stacks, *metrics;
    } rows[] = {
        {"heap",
         HEAD ",\"pps\":[{\"tb\":100,\"tbk\":4,\"tl\":9,\"mb\":50,\"mbk\":2,\"gb\":50,\"gbk\":2,"
              "\"eb\":25,\"ebk\":1,\"rb\":7,\"wb\":8,\"acc\":[-8,3,1],\"fs\":[1,2,3]}]" FRAMES "}",
         "main|push|malloc 100 4 50 2 25 1 7 8",
         "total bytes 100, blocks count 4, at t-gmax bytes 50, blocks at t-gmax count 2, at end "
         "bytes 25, blocks at end count 1, read bytes 7, written bytes 8"},
        {"the table first, copies",
         HEAD FRAMES ",\"pps\":[{\"fs\":[1,3],\"tbk\":2,\"tb\":9},{\"fs\":[1,3],\"tb\":1}]}",
         "main|malloc 10 2", "total bytes 10, blocks count 2"},
        {"events",
         HEAD ",\"bu\":\"unit\",\"bsu\":\"units\",\"bksu\":\"events\",\"pps\":[{\"tb\":12,"
              "\"tbk\":1,\"fs\":[2,3]}]" FRAMES "}",
         "main|push 12 1", "total count 12, events count 1"},
        {"recursion", HEAD ",\"pps\":[{\"tb\":5,\"fs\":[1,2,2,3]}]" FRAMES "}",
         "main|push|push|malloc 5", "total bytes 5"},
        {"no stack at all", HEAD ",\"pps\":[{\"tb\":5,\"fs\":[]}]" FRAMES "}", " 5",
         "total bytes 5"},
        {"nothing recorded", HEAD ",\"pps\":[],\"ftbl\":[\"[root]\"]}", "", "total bytes 0"},
        {"keys of the future",
         HEAD ",\"more\":{\"a\":[1]},\"pps\":[{\"tb\":5,\"zz\":null,\"fs\":[3]}]" FRAMES "}",
         "main 5", "total bytes 5"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_dhat(pv_text_of(rows[i].text));
        struct pv_buffer stacks = stacks_of(profile), metrics = metrics_of(profile);
        pv_buffer_char(&stacks, '\0');
        print_message("%s\n", rows[i].label);
        assert_string_equal(stacks.data, rows[i].stacks);
        assert_string_equal(metrics.data, rows[i].metrics);
        assert_int_equal(profile->note_count, 0);
        pv_buffer_free(&stacks);
        pv_buffer_free(&metrics);
        pv_profile_free(profile);
    }
}

static void frames_have_their_parts(void **state)
{
    (void)state;
    struct pv_profile *profile =
        read_dhat(pv_text_of(HEAD ",\"pps\":[{\"tb\":5,\"fs\":[1,2,3]}]" FRAMES "}"));
    uint32_t *order = pv_frame_order(profile);
    const struct pv_frame *main = &profile->frames[order[0]], *malloc = &profile->frames[order[1]];
    assert_int_equal(profile->frame_count, 3);
    assert_string_equal(pv_profile_text(profile, main->file).data, "a.c");
    assert_int_equal(main->line, 0);
    assert_string_equal(pv_profile_text(profile, malloc->module).data, "/lib/dhat.so");
    free(order);
    pv_profile_free(profile);
}

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *label, *text, *says;
    } rows[] = {
        {"old", "{\"dhatFileVersion\":1,\"pps\":[]}", "version 1"},
        {"no version", "{\"pps\":[]" FRAMES "}", "needs \"dhatFileVersion\""},
        {"no points", HEAD FRAMES "}", "needs \"pps\""},
        {"no table", HEAD ",\"pps\":[]}", "needs \"ftbl\""},
        {"two tables", HEAD ",\"pps\":[]" FRAMES FRAMES "}", "second table"},
        {"no stack", HEAD ",\"pps\":[{\"tb\":5}]" FRAMES "}", "without its stack"},
        {"frame 0", HEAD ",\"pps\":[{\"tb\":5,\"fs\":[0]}]" FRAMES "}", "has frame 0"},
        {"no such frame", HEAD ",\"pps\":[{\"tb\":5,\"fs\":[1,4]}]" FRAMES "}", "has frame 4"},
        {"negative frame", HEAD ",\"pps\":[{\"tb\":5,\"fs\":[-1]}]" FRAMES "}", "out of range"},
        {"negative", HEAD ",\"pps\":[{\"tb\":-5,\"fs\":[1]}]" FRAMES "}", "out of range"},
        {"fraction", HEAD ",\"pps\":[{\"tb\":0.5,\"fs\":[1]}]" FRAMES "}", "integer"},
        {"too much",
         HEAD ",\"pps\":[{\"tb\":9223372036854775807,\"fs\":[1]},{\"tb\":1,\"fs\":[1]}]" FRAMES "}",
         "64 bits"},
        {"cut", HEAD ",\"pps\":[{\"tb\":5,\"fs\":[1]}]", "end"},
        {"empty", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (read_dhat_with(pv_text_of(rows[i].text), NULL, &profile, &err))
            fail_msg("%s: was read", rows[i].label);
        if (!strstr(err.message, rows[i].says))
            fail_msg("%s: %s", rows[i].label, err.message);
        assert_string_equal(err.where.source, "test.json");
    }
}

static void limits_hold(void **state)
{
    static const struct {
        uint64_t depth, functions, memory;
        const char *stacks, *says;
    } rows[] = {
        {2, 100, 0, "main|push|[deeper than 2 frames]{R} 5", ""},
        {100, 2, 0, NULL, "functions"},
        {100, 100, 700, NULL, "--max-memory"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_limits limits = pv_limits_default();
        struct pv_input_options options = {.limits = &limits};
        struct pv_profile *profile = NULL;
        struct pv_error err;
        limits.stack_depth = rows[i].depth;
        limits.functions = rows[i].functions;
        limits.memory = rows[i].memory;
        bool done =
            read_dhat_with(pv_text_of(HEAD ",\"pps\":[{\"tb\":5,\"fs\":[1,2,3]}]" FRAMES "}"),
                           &options, &profile, &err);
        assert_int_equal(done, rows[i].stacks != NULL);
        if (!done) {
            assert_int_equal(err.code, PV_LIMIT);
            assert_non_null(strstr(err.message, rows[i].says));
            continue;
        }
        assert_text(stacks_of(profile), rows[i].stacks, "limits");
        pv_profile_free(profile);
    }
}

static void content_is_recognised(void **state)
{
    static const struct {
        const char *text;
        enum pv_probe probe;
    } rows[] = {
        {HEAD, PV_PROBE_SURE},
        {" {\n  \"dhatFileVersion\": 2,", PV_PROBE_SURE},
        {"{\"bkacc\":false,\"dhatFileVersion\":2", PV_PROBE_LIKELY},
        {"{\"profviz\":1}", PV_PROBE_NO},
        {"[\"dhatFileVersion\"]", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(pv_format_named(PV_TEXT("dhat"))->probe(pv_text_of(rows[i].text), true),
                         rows[i].probe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_become_stacks),  cmocka_unit_test(frames_have_their_parts),
        cmocka_unit_test(bad_files_are_refused), cmocka_unit_test(limits_hold),
        cmocka_unit_test(content_is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/json_formats.h"

/* .cpuprofile and .heapprofile. */

#define FRAME(name, url, line)                                                                     \
    "\"callFrame\":{\"functionName\":\"" name "\",\"scriptId\":\"7\",\"url\":\"" url               \
    "\",\"lineNumber\":" line ",\"columnNumber\":1}"
#define ROOT                                                                                       \
    "\"callFrame\":{\"functionName\":\"(root)\",\"scriptId\":\"0\",\"url\":\"\",\"lineNumber\":"   \
    "-1,\"columnNumber\":-1}"
#define NODES                                                                                      \
    "\"nodes\":[{\"id\":1," ROOT ",\"hitCount\":0,\"children\":[2,3]},{\"id\":2," FRAME(           \
        "main", "x.js",                                                                            \
        "0") ",\"hitCount\":3,\"children\":[4]},{\"id\":3," FRAME("(idle)", "",                    \
                                                                  "-1") ","                        \
                                                                        "\"hitCount\":9},{\"id\":" \
                                                                        "4," FRAME(                \
                                                                            "", "x.js",            \
                                                                            "4") ",\"hitCount\":"  \
                                                                                 "2}]"

static const char flat[] = "{" NODES ",\"startTime\":1000,\"endTime\":1100,\"samples\":[2,4,2,4],"
                           "\"timeDeltas\":[5,10,20,30]}";

static const struct json_row rows[] = {
    {"flat, children by ids", flat, "main 40000 2 / main|(anonymous) 55000 2", ""},
    {"flat, by parents, any order",
     "{\"timeDeltas\":[5,10,20,30],\"samples\":[2,4,2,4],\"endTime\":1100,\"nodes\":["
     "{\"parent\":2," FRAME("", "x.js", "4") ",\"id\":4},{\"parent\":1,\"id\":2," FRAME(
         "main", "x.js", "0") "},{\"id\":1," ROOT "}],\"startTime\":1000}",
     "main 40000 2 / main|(anonymous) 55000 2", ""},
    {"nested, old",
     "{\"head\":{\"functionName\":\"(root)\",\"url\":\"\",\"lineNumber\":-1,\"id\":1,"
     "\"hitCount\":0,\"children\":[{\"functionName\":\"a\",\"url\":\"u\","
     "\"lineNumber\":3,\"id\":2,\"hitCount\":1,\"children\":[{\"children\":[],"
     "\"functionName\":\"b\",\"url\":\"u\",\"lineNumber\":4,\"id\":3,"
     "\"hitCount\":1}]}]},\"startTime\":1,\"endTime\":1.001,\"samples\":[2,3,2],"
     "\"timestamps\":[1000000,1000100,1000300]}",
     "a 800000 2 / a|b 200000 1", ""},
    {"a timestamp more than samples",
     "{\"head\":{\"functionName\":\"a\",\"id\":1,\"hitCount\":1},"
     "\"samples\":[1,1],\"timestamps\":[10,20,50]}",
     "a 40000 2", ""},
    {"an answer of the DevTools protocol",
     "{\"id\":3,\"result\":{\"profile\":{" NODES "},\"profile2\":1},\"sessionId\":\"x\"}",
     "main 3 / main|(anonymous) 2", ""},
    {"an event of it",
     "{\"method\":\"Profiler.consoleProfileFinished\",\"params\":{\"profile\":{" NODES "}}}",
     "main 3 / main|(anonymous) 2", ""},
    {"wrapped alone", "{\"result\":null,\"profile\":{" NODES "}}", "main 3 / main|(anonymous) 2",
     ""},
    {"hits only", "{" NODES "}", "main 3 / main|(anonymous) 2", ""},
    {"samples without times", "{" NODES ",\"samples\":[4,4,2]}", "main 1 / main|(anonymous) 2", ""},
    {"idle is no work",
     "{" NODES ",\"startTime\":0,\"endTime\":100,\"samples\":[2,3,3,1],"
     "\"timeDeltas\":[0,10,20,30]}",
     " 40000 1 / main 10000 1 / main|(anonymous) 0 0",
     "skipped: samples of (idle): nothing ran (2)"},
    {"a clock that went back",
     "{" NODES ",\"startTime\":0,\"endTime\":100,\"samples\":[2,4,2],"
     "\"timeDeltas\":[10,40,-20]}",
     "main 40000 2 / main|(anonymous) 50000 1",
     "repaired: samples whose time is before that of the one before (1)"},
    {"fractions of microseconds",
     "{" NODES ",\"startTime\":0,\"endTime\":1.0005,\"samples\":[2],"
     "\"timeDeltas\":[0.25]}",
     "main 751 1 / main|(anonymous) 0 0", ""},
    {"an end before the last sample",
     "{" NODES ",\"startTime\":0,\"endTime\":5,\"samples\":[2,2],"
     "\"timeDeltas\":[10,40]}",
     "main 40000 2 / main|(anonymous) 0 0", ""},
    {"no sample", "{" NODES ",\"samples\":[],\"timeDeltas\":[]}", "main|(anonymous) 0", ""},
    {"null is nothing",
     "{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":null,\"url\":null,"
     "\"lineNumber\":null},\"hitCount\":2}],\"startTime\":null}",
     "(anonymous) 2", ""},
};

static void profiles_become_stacks(void **state)
{
    (void)state;
    assert_rows("cpuprofile", rows, sizeof rows / sizeof *rows);
}

static void frames_say_where_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *frame, *name, *file;
        uint32_t line, flags;
    } cases[] = {
        {FRAME("f", "/srv/x.js", "41"), "f", "/srv/x.js", 42, 0},
        {FRAME("f", "file:///srv/x.mjs", "0"), "f", "/srv/x.mjs", 1, 0},
        {FRAME("f", "https://x/y.js", "-1"), "f", "https://x/y.js", 0, 0},
        {FRAME("read", "node:fs", "9"), "read", "node:fs", 10, PV_FRAME_BUILTIN},
        {FRAME("load", "node:internal/modules/cjs/loader", "9"), "load",
         "node:internal/modules/cjs/loader", 10, PV_FRAME_BUILTIN | PV_FRAME_LOADER},
        {"\"callFrame\":{\"functionName\":\"(program)\",\"scriptId\":\"0\",\"url\":\"\"}",
         "(program)", "", 0, PV_FRAME_BUILTIN},
        {FRAME("", "", "-1"), "(anonymous)", "", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pv_buffer text = {0};
        struct pv_profile *profile = NULL;
        struct pv_error err;
        pv_buffer_print(&text, "{\"nodes\":[{\"id\":1,%s,\"hitCount\":1}]}", cases[i].frame);
        assert_true(read_as("cpuprofile", pv_buffer_text(&text), NULL, &profile, &err));
        const struct pv_frame *frame = &profile->frames[profile->tree->nodes[1].frame];
        assert_string_equal(pv_profile_text(profile, frame->name).data, cases[i].name);
        assert_string_equal(pv_profile_text(profile, frame->file).data, cases[i].file);
        assert_int_equal(frame->line, cases[i].line);
        assert_int_equal(frame->flags, cases[i].flags);
        pv_profile_free(profile);
        pv_buffer_free(&text);
    }
}

static void bad_profiles_are_refused(void **state)
{
    (void)state;
    static const struct json_refusal refusals[] = {
        {"", "empty"},
        {"{}", "no \"nodes\""},
        {"{\"nodes\":[]}", "no \"nodes\""},
        {"{\"nodes\":{}}", "an array was expected"},
        {"{\"nodes\":[1]}", "an object was expected"},
        {"{" NODES "," NODES "}", "a second tree"},
        {"{" NODES ",\"samples\":[1,2],\"timeDeltas\":[1]}", "2 samples, but only 1 times"},
        {"{" NODES ",\"samples\":[1,99]}", "a sample of a node that is not there"},
        {"{" NODES ",\"samples\":[\"1\"]}", "a number was expected"},
        {"{" NODES ",\"samples\":[1],\"timeDeltas\":[9e17]}", "does not fit"},
        {"{" NODES ",\"samples\":[1,1,1],\"timeDeltas\":[9e15,9e15,1]}", "do not fit in 64 bits"},
        {"{\"nodes\":[{\"id\":1},{\"id\":1}]}", "two nodes have the id 1"},
        {"{\"nodes\":[{\"id\":1,\"children\":[2]}]}", "node 2 is named, but not there"},
        {"{\"nodes\":[{\"id\":1,\"parent\":1}]}", "is below itself"},
        {"{\"nodes\":[{\"id\":1,\"children\":[2]},{\"id\":2,\"children\":[1]}]}", "below itself"},
        {"{\"nodes\":[{\"id\":1,\"children\":[3]},{\"id\":2,\"children\":[3]},{\"id\":3}]}",
         "node 3 has two parents"},
        {"{\"head\":[]}", "an object was expected"},
        {"{\"nodes\":[]} x", "something follows"},
    };
    assert_refusals("cpuprofile", refusals, sizeof refusals / sizeof *refusals);
}

static const char heap[] = "{\"head\":{" ROOT ",\"selfSize\":8,\"id\":1,\"children\":[{" FRAME(
    "f", "x.js", "0") ","
                      "\"selfSize\":100,\"id\":2,\"children\":[{" FRAME(
                          "g", "x.js", "5") ",\"selfSize\":24,"
                                            "\"id\":3,\"children\":[]}]}]},\"samples\":[{\"size\":"
                                            "100,\"nodeId\":2,\"ordinal\":1}]}";

static void heap_profiles_become_stacks(void **state)
{
    (void)state;
    static const struct json_row heaps[] = {
        {"nested", heap, " 8 / f 100 / f|g 24", ""},
        {"children first",
         "{\"samples\":[],\"head\":{\"children\":[{\"children\":[],\"selfSize\":3,"
         "\"callFrame\":{\"url\":\"\",\"functionName\":\"h\",\"scriptId\":1}}],"
         "\"selfSize\":0," ROOT "}}",
         "h 3", ""},
    };
    static const struct json_refusal refusals[] = {
        {"{}", "no \"head\""},
        {"{\"head\":{},\"head\":{}}", "a second \"head\""},
        {"{\"head\":{\"selfSize\":\"1\"}}", "a number was expected"},
        {"{\"head\":{\"children\":[{\"selfSize\":1e300}]}}", "out of range"},
    };
    assert_rows("heapprofile", heaps, sizeof heaps / sizeof *heaps);
    assert_refusals("heapprofile", refusals, sizeof refusals / sizeof *refusals);
}

static void cuts_are_refused(void **state)
{
    (void)state;
    assert_cuts_are_refused("cpuprofile", flat);
    assert_cuts_are_refused("cpuprofile", rows[2].text);
    assert_cuts_are_refused("heapprofile", heap);
}

static void limits_hold(void **state)
{
    (void)state;
    assert_limits_hold("cpuprofile", flat);
    assert_limits_hold("heapprofile", heap);
}

/* A chain of nodes that comes in the worst order, and a nest at the limit. */
static void size_does_not_matter(void **state)
{
    (void)state;
    enum { MANY = 60000 };
    struct pv_buffer text = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_buffer_print(&text, "{\"nodes\":[");
    for (int i = MANY; i > 0; i--)
        pv_buffer_print(&text,
                        "{\"id\":%d,%s\"callFrame\":{\"functionName\":\"f%d\"},\"hitCount\":1"
                        "%s%d}%s",
                        i, "", i, i > 1 ? ",\"parent\":" : ",\"x\":", i - 1, i > 1 ? "," : "]}");
    assert_true(read_as("cpuprofile", pv_buffer_text(&text), NULL, &profile, &err));
    assert_int_equal(profile->metrics[0].total, MANY);
    pv_profile_free(profile);
    text.size = 0;
    pv_buffer_print(&text, "{\"head\":");
    for (int i = 0; i < 3000; i++)
        pv_buffer_print(&text, "{\"functionName\":\"f\",\"hitCount\":1,\"children\":[");
    assert_false(read_as("cpuprofile", pv_buffer_text(&text), NULL, &profile, &err));
    assert_non_null(strstr(err.message, "--max-nesting"));
    pv_buffer_free(&text);
}

/* With times asked for, the same stacks; what neighbouring samples share is one call. */
static void samples_become_spans(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    static const int64_t wanted[][4] = {{0, 95000, 0}, {10000, 30000, 1}, {60000, 95000, 1}};
    limits.keeps_spans = true;
    assert_true(read_as("cpuprofile", pv_text_of(flat), &options, &profile, &err));
    assert_text(stacks_of(profile), rows[0].stacks, "with spans");
    assert_non_null(profile->spans);
    assert_int_equal(profile->spans->count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(profile->spans->spans[i].begin, wanted[i][0]);
        assert_int_equal(profile->spans->spans[i].end, wanted[i][1]);
        assert_int_equal(profile->spans->spans[i].depth, wanted[i][2]);
    }
    pv_profile_free(profile);
}

static void profiles_are_recognised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_is_recognised("cpuprofile", rows[i].text);
    assert_is_recognised("heapprofile", heap);
}

/* Two hundred kilobytes of samples in front of the nodes. */
static void samples_may_stand_in_front(void **state)
{
    enum { count = 100000 };
    struct pv_buffer text = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    pv_buffer_add(&text, PV_TEXT("{\"startTime\":0,\"samples\":[2"));
    for (int i = 1; i < count; i++)
        pv_buffer_add(&text, PV_TEXT(",2"));
    pv_buffer_add(&text, PV_TEXT("]," NODES "}"));
    struct pv_input *input = pv_input_memory(pv_buffer_text(&text), "x", NULL);
    const struct pv_format *format = pv_format_detect(input, &err);
    assert_non_null(format);
    assert_string_equal(format->name, "cpuprofile");
    assert_true(format->read(input, &profile, &err));
    assert_int_equal(profile->metrics[0].total, count);
    pv_profile_free(profile);
    pv_input_close(input);
    pv_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_become_stacks),
        cmocka_unit_test(samples_may_stand_in_front),
        cmocka_unit_test(frames_say_where_they_are),
        cmocka_unit_test(bad_profiles_are_refused),
        cmocka_unit_test(heap_profiles_become_stacks),
        cmocka_unit_test(cuts_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(size_does_not_matter),
        cmocka_unit_test(samples_become_spans),
        cmocka_unit_test(profiles_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

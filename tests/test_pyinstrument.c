#include "tests/json_formats.h"

#define RUN "\"start_time\":1.5,\"duration\":0.5,\"sample_count\":3,"
#define MAIN "\"main\\u0000/srv/m.py\\u000012\\u0001l14\""
#define WORK "\"work\\u0000/srv/m.py\\u00003\\u0001cTool\\u0001l5\""

static const char session[] = "{" RUN "\"frame_records\":[[[" MAIN "],0.25],[[" MAIN "," WORK
                              "],0.125],[[" MAIN "," WORK "],0.5]],\"cpu_time\":0.1}";

static const char tree[] =
    "{" RUN "\"root_frame\":{\"function\":\"main\",\"file_path\":\"/srv/m.py\",\"line_no\":12,"
    "\"time\":1.0,\"children\":[{\"function\":\"work\",\"file_path\":\"/srv/m.py\",\"line_no\":3,"
    "\"time\":0.75,\"children\":[],\"class_name\":\"Tool\"},{\"function\":\"[self]\","
    "\"file_path\":\"\",\"line_no\":0,\"time\":0.125,\"children\":[]}]}}";

static const struct json_row rows[] = {
    {"a session", session, "main 250000000 / main|work 625000000", ""},
    {"a tree", tree, "main 250000000 / main|work 750000000", ""},
    {"members in another order",
     "{\"root_frame\":{\"children\":[{\"children\":[],\"time\":0.25,\"function\":\"b\"}],"
     "\"time\":0.5,\"function\":\"a\"}," RUN "\"x\":1}",
     "a{B} 250000000 / a{B}|b{B} 250000000", ""},
    {"threads and built-in functions",
     "{" RUN "\"frame_records\":[[[\"MainThread\\u0000<thread>\\u0000140507651879616\","
     "\"len\\u0000<built-in>\\u00000\"],0.000000001]]}",
     "MainThread{T}|len{B} 1", ""},
    {"the import machinery",
     "{" RUN "\"frame_records\":[[[\"_find_and_load\\u0000<frozen importlib._bootstrap>"
     "\\u00001167\"],1]]}",
     "_find_and_load{L} 1000000000", ""},
    {"no sample", "{" RUN "\"frame_records\":[]}", "", ""},
    {"no tree", "{" RUN "\"root_frame\":null}", "", ""},
    {"no stack", "{" RUN "\"frame_records\":[[[],0.5]]}", " 500000000", ""},
    {"bare identifiers",
     "{" RUN "\"frame_records\":[[[\"a\\u0000b.py\\u0000x\",\"[await]\",\"\"],"
     "2]]}",
     "a|[await]{B}|{B} 2000000000", ""},
    {"rounding",
     "{" RUN "\"root_frame\":{\"function\":\"a\",\"file_path\":\"x\",\"time\":0.000002,"
     "\"children\":[{\"function\":\"b\",\"file_path\":\"x\",\"time\":0.000003}]}}",
     "a|b 3000", ""},
    {"more than rounding",
     "{" RUN "\"root_frame\":{\"function\":\"a\",\"file_path\":\"x\",\"time\":0.1,"
     "\"children\":[{\"function\":\"b\",\"file_path\":\"x\",\"time\":0.3}]}}",
     "a|b 300000000", "clamped: functions whose calls together took longer than they (1)"},
};

static void files_become_stacks(void **state)
{
    (void)state;
    assert_rows("pyinstrument", rows, sizeof rows / sizeof *rows);
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    static const struct json_refusal refusals[] = {
        {"", "empty"},
        {"{" RUN "\"x\":1}", "no \"frame_records\""},
        {"{\"frame_records\":{}}", "an array was expected"},
        {"{\"frame_records\":[1]}", "an array was expected"},
        {"{\"frame_records\":[[]]}", "a record is"},
        {"{\"frame_records\":[[[\"a\"]]]}", "a record is"},
        {"{\"frame_records\":[[[\"a\"],\"1\"]]}", "a number was expected"},
        {"{\"frame_records\":[[[1],1]]}", "a string was expected"},
        {"{\"frame_records\":[[[\"a\"],-1]]}", "a time that cannot be"},
        {"{\"frame_records\":[[[\"a\"],1e10]]}", "a time that cannot be"},
        {"{\"frame_records\":[[[\"a\"],9e9],[[\"a\"],9e9]]}", "64 bits"},
        {"{\"root_frame\":[]}", "an object was expected"},
        {"{\"root_frame\":{\"time\":\"1\"}}", "a number was expected"},
        {"{\"root_frame\":{\"time\":-1}}", "a time that cannot be"},
        {"{\"root_frame\":null,\"frame_records\":[]}", "a second run"},
    };
    assert_refusals("pyinstrument", refusals, sizeof refusals / sizeof *refusals);
}

static void frames_say_where_they_are(void **state)
{
    (void)state;
    const char *const texts[] = {session, tree};
    for (size_t i = 0; i < 2; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_true(read_as("pyinstrument", pv_text_of(texts[i]), NULL, &profile, &err));
        const struct pv_frame *frame = &profile->frames[profile->tree->nodes[2].frame];
        assert_string_equal(pv_profile_text(profile, frame->name).data, "work");
        assert_string_equal(pv_profile_text(profile, frame->file).data, "/srv/m.py");
        assert_int_equal(frame->line, 3);
        pv_profile_free(profile);
    }
}

static void cuts_are_refused(void **state)
{
    (void)state;
    assert_cuts_are_refused("pyinstrument", session);
    assert_cuts_are_refused("pyinstrument", tree);
}

static void limits_hold(void **state)
{
    (void)state;
    assert_limits_hold("pyinstrument", session);
    assert_limits_hold("pyinstrument", tree);
}

static void records_become_spans(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    limits.keeps_spans = true;
    assert_true(read_as("pyinstrument", pv_text_of(session), &options, &profile, &err));
    assert_text(stacks_of(profile), rows[0].stacks, "with spans");
    assert_int_equal(profile->spans->count, 2);
    assert_int_equal(profile->spans->spans[0].end, 875000000);
    assert_int_equal(profile->spans->spans[1].begin, 250000000);
    pv_profile_free(profile);
}

static void files_are_recognised(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_is_recognised("pyinstrument", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_become_stacks),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(frames_say_where_they_are),
        cmocka_unit_test(cuts_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(records_become_spans),
        cmocka_unit_test(files_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

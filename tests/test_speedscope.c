#include "tests/json_formats.h"

#define FRAMES "\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}"
#define SCHEMA "\"$schema\":\"https://www.speedscope.app/file-format-schema.json\""
#define SAMPLED(name, unit, samples, weights)                                                      \
    "{\"type\":\"sampled\",\"name\":\"" name "\",\"unit\":\"" unit                                 \
    "\",\"startValue\":0,\"endValue\":9,\"samples\":[" samples "],\"weights\":[" weights "]}"
#define EVENTED(name, unit, end, events)                                                           \
    "{\"type\":\"evented\",\"name\":\"" name "\",\"unit\":\"" unit                                 \
    "\",\"startValue\":0,\"endValue\":" end ",\"events\":[" events "]}"
#define O(frame, at) "{\"type\":\"O\",\"frame\":" #frame ",\"at\":" #at "}"
#define C(frame, at) "{\"type\":\"C\",\"frame\":" #frame ",\"at\":" #at "}"
#define FILE_OF(profiles) "{" SCHEMA "," FRAMES ",\"profiles\":[" profiles "]}"

static const char sampled[] =
    FILE_OF(SAMPLED("p", "none", "[0,1],[0,1],[0,1,2],[0],[]", "1,2,3,4,5"));
static const char evented[] = FILE_OF(
    EVENTED("p", "none", "9", O(0, 0) "," O(1, 1) "," C(1, 3) "," O(1, 4) "," C(1, 5) "," C(0, 9)));

static const struct json_row rows[] = {
    {"sampled", sampled, " 5 / a 4 / a|b 3 / a|b|c 3", ""},
    {"evented", evented, "a 6 / a|b 3", ""},
    {"frames and units behind, old version",
     "{\"profiles\":[{\"weights\":[1,2],\"samples\":[[0],[1]],\"type\":\"sampled\","
     "\"unit\":\"milliseconds\"}]," FRAMES ",\"version\":\"0.0.1\"}",
     "a 1000000 / b 2000000", ""},
    {"events before the type",
     "{\"profiles\":[{\"events\":[" O(0, 1) "," C(0, 2) "],\"unit\":\"seconds\"}]," FRAMES "}",
     "a 1000000000", ""},
    {"fractions of seconds are rounded",
     FILE_OF(SAMPLED("p", "seconds", "[0],[1]", "0.0119528829995942949,1e-9")), "a 11952883 / b 1",
     ""},
    {"fractions of nanoseconds are kept",
     FILE_OF(SAMPLED("p", "nanoseconds", "[0],[1]", "0.25,1.5")), "a 0.25 / b 1.5", ""},
    {"noise beside large values",
     FILE_OF(SAMPLED("p", "none", "[0],[1]", "20000000000,0.123456789")),
     "a 20000000000 / b 0.12345679",
     "rounded: values with more digits than 64 bits hold beside the larger ones (1)"},
    {"negative weights", FILE_OF(SAMPLED("p", "bytes", "[0],[1]", "-3,5")), "a -3 / b 5", ""},
    {"profiles of one unit are threads",
     FILE_OF(SAMPLED("x", "none", "[0]", "1") "," SAMPLED("y", "none", "[0]", "2") "," EVENTED(
         "x", "none", "3", O(1, 0) "," C(1, 3))),
     "x{T}|a 1 / y{T}|a 2 / x (2){T}|b 3", ""},
    {"seconds and nanoseconds are one unit",
     FILE_OF(SAMPLED("x", "seconds", "[0]", "1") "," SAMPLED("y", "nanoseconds", "[0]", "2")),
     "x{T}|a 1000000000 / y{T}|a 2", ""},
    {"profiles of different units are metrics",
     FILE_OF(SAMPLED("x", "none", "[0],[1]", "1,2") "," SAMPLED("x", "bytes", "[0],[2]", "7,8")),
     "a 1 7 / b 2 0 / c 0 8", ""},
    {"a unit of its own", FILE_OF(SAMPLED("x", "requests", "[0]", "1")), "a 1", ""},
    {"metrics of our own",
     "{\"exporter\":\"profviz\"," FRAMES
     ",\"profiles\":[" SAMPLED("x", "none", "[0]", "1") "," SAMPLED("y", "none", "[0]", "2") "]}",
     "a 1 2", ""},
    {"null members",
     "{" SCHEMA ",\"activeProfileIndex\":null,\"shared\":{\"frames\":[{\"name\":null,\"file\":null,"
     "\"line\":null,\"col\":null}]},\"profiles\":[{\"type\":\"sampled\",\"name\":null,"
     "\"unit\":null,\"endValue\":null,\"samples\":[[0]],\"weights\":[3]}]}",
     "{U} 3", ""},
    {"the last of two members counts",
     "{\"shared\":{\"frames\":[{\"name\":\"x\"}]},\"profiles\":[{\"samples\":[[2],[2]],"
     "\"samples\":[[0]],\"weights\":[7,7],\"weights\":[4]}]," FRAMES "}",
     "a 4", ""},
    {"samples and weights of different number",
     FILE_OF(SAMPLED("p", "none", "[0],[1],[2]", "1") "," SAMPLED("q", "bytes", "[0]", "1,2,3")),
     "a 1 1 / b 0 0 / c 0 0",
     "skipped: samples without a weight (2) / skipped: weights without a sample (2)"},
    {"never closed", FILE_OF(EVENTED("p", "none", "10", O(0, 1) "," O(1, 4))), "a 3 / a|b 6",
     "repaired: calls never end; they last until their thread's end (2)"},
    {"unsorted", FILE_OF(EVENTED("p", "none", "10", O(1, 4) "," O(0, 1) "," C(0, 9) "," C(1, 5))),
     "a 7 / a|b 1", "repaired: events stood behind later ones; they are sorted by time (2)"},
    {"events in a second unit",
     FILE_OF(EVENTED("p", "none", "9", O(0, 0) "," C(0, 9)) "," EVENTED("q", "bytes", "9", "")),
     "a 9 0", "skipped: profiles of events in a second unit: only one is read (1)"},
    {"no profile", FILE_OF(""), "", ""},
    {"no sample", FILE_OF(SAMPLED("p", "none", "", "")), "", ""},
    {"a stack of weight 0", FILE_OF(SAMPLED("p", "none", "[0,1]", "0")), "a|b 0", ""},
};

static void files_become_stacks(void **state)
{
    (void)state;
    assert_rows("speedscope", rows, sizeof rows / sizeof *rows);
}

static void metrics_are_named_by_their_unit(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
        enum pv_unit unit;
    } cases[] = {
        {FILE_OF(SAMPLED("p", "none", "", "")), "weight", PV_UNIT_COUNT},
        {FILE_OF(SAMPLED("p", "microseconds", "", "")), "time", PV_UNIT_NS},
        {FILE_OF(SAMPLED("p", "bytes", "", "")), "bytes", PV_UNIT_BYTES},
        {FILE_OF(SAMPLED("p", "requests", "", "")), "requests", PV_UNIT_COUNT},
        {"{\"exporter\":\"profviz\"," FRAMES ",\"profiles\":[" SAMPLED("p", "bytes", "", "") "]}",
         "p", PV_UNIT_BYTES},
        {FILE_OF(""), "weight", PV_UNIT_COUNT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_true(read_as("speedscope", pv_text_of(cases[i].text), NULL, &profile, &err));
        assert_int_equal(profile->metric_count, 1);
        assert_int_equal(profile->metrics[0].unit, cases[i].unit);
        assert_string_equal(pv_profile_text(profile, profile->metrics[0].name).data, cases[i].name);
        pv_profile_free(profile);
    }
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    static const struct json_refusal refusals[] = {
        {"", "empty"},
        {"{" SCHEMA "," FRAMES "}", "no \"profiles\""},
        {"{\"profiles\":{}}", "an array was expected"},
        {"{\"profiles\":[7]}", "an object was expected"},
        {"{\"profiles\":[{}]}", "without samples or events"},
        {"{\"profiles\":[{\"type\":\"evented\",\"samples\":[]}]}", "without samples or events"},
        {"{\"profiles\":[{\"type\":\"traced\"}]}", "unknown type of a profile \"traced\""},
        {"{\"shared\":[]}", "an object was expected"},
        {"{\"shared\":{\"frames\":[\"a\"]}}", "an object was expected"},
        {FILE_OF(SAMPLED("p", "none", "[3]", "1")), "frame 3 is named, but \"shared\" has only 3"},
        {FILE_OF(EVENTED("p", "none", "1", O(7, 0))), "frame 7 is named"},
        {FILE_OF(SAMPLED("p", "none", "[-1]", "1")), "-1 is no number of a frame"},
        {FILE_OF(SAMPLED("p", "none", "[1.5]", "1")), "an integer was expected"},
        {FILE_OF(SAMPLED("p", "none", "[4294967296]", "1")), "no number of a frame"},
        {FILE_OF(SAMPLED("p", "none", "0", "1")), "an array was expected"},
        {FILE_OF(SAMPLED("p", "none", "[0]", "null")), "a number was expected"},
        {FILE_OF(SAMPLED("p", "none", "[0]", "NaN")), "a value was expected"},
        {FILE_OF(SAMPLED("p", "none", "[0]", "1e30")), "out of range"},
        {FILE_OF(SAMPLED("p", "seconds", "[0]", "1e12")), "does not fit"},
        {FILE_OF(SAMPLED("p", "none", "[0],[1]", "9e18,9e18")), "64 bits"},
        {FILE_OF(EVENTED("p", "none", "1", "{\"type\":\"X\",\"frame\":0,\"at\":1}")),
         "an event needs a type"},
        {FILE_OF(EVENTED("p", "none", "1", "{\"type\":\"O\",\"frame\":0}")), "an event needs"},
        {FILE_OF("") "]", "something follows"},
    };
    assert_refusals("speedscope", refusals, sizeof refusals / sizeof *refusals);
}

static void cuts_are_refused(void **state)
{
    (void)state;
    assert_cuts_are_refused("speedscope", sampled);
    assert_cuts_are_refused("speedscope", evented);
}

static void limits_hold(void **state)
{
    (void)state;
    assert_limits_hold("speedscope", sampled);
    assert_limits_hold("speedscope", evented);
}

static void few_bad_events_are_noted(void **state)
{
    (void)state;
    struct pv_buffer text = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_buffer_print(&text, "{" FRAMES ",\"profiles\":[{\"events\":[{\"type\":\"Z\"}");
    for (int i = 0; i < 20; i++)
        pv_buffer_print(&text, ",{\"type\":\"%c\",\"frame\":0,\"at\":%d}", i % 2 ? 'C' : 'O', i);
    pv_buffer_print(&text, "]}]}");
    assert_true(read_as("speedscope", pv_buffer_text(&text), NULL, &profile, &err));
    assert_text(stacks_of(profile), "a 10", "few");
    assert_text(notes_of(profile),
                "skipped: an event needs a type (O or C), a frame and a time (1)", "few");
    pv_profile_free(profile);
    pv_buffer_free(&text);
}

/* Samples that follow one another in time are spans where those are asked for; what profviz wrote,
 * and bytes, are no sequence. */
static void samples_become_spans(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    limits.keeps_spans = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_true(read_as("speedscope", pv_text_of(rows[i].text), &options, &profile, &err));
        assert_text(notes_of(profile), rows[i].notes, rows[i].label);
        struct pv_profile *without = NULL;
        assert_true(read_as("speedscope", pv_text_of(rows[i].text), NULL, &without, &err));
        assert_int_equal(profile->metrics[0].total, without->metrics[0].total);
        assert_null(without->spans);
        pv_profile_free(without);
        if (i == 0) {
            assert_int_equal(profile->spans->count, 3);
            assert_int_equal(profile->spans->spans[0].end, 10);
        }
        pv_profile_free(profile);
    }
}

static void many_of_one_name_take_linear_time(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    struct pv_buffer text = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_buffer_print(&text, "{" FRAMES ",\"profiles\":[");
    for (int i = 0; i < MANY; i++)
        pv_buffer_print(&text, "%s{\"name\":\"x\",\"samples\":[[0]],\"weights\":[1]}",
                        i ? "," : "");
    pv_buffer_print(&text, "]}");
    assert_true(read_as("speedscope", pv_buffer_text(&text), NULL, &profile, &err));
    assert_int_equal(profile->tree->count, 2 * MANY + 1);
    pv_profile_free(profile);
    pv_buffer_free(&text);
}

static void files_are_recognised(void **state)
{
    enum { MANY = 100000 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(rows[i].text, "startValue") || strstr(rows[i].text, "$schema"))
            assert_is_recognised("speedscope", rows[i].text);
    struct pv_buffer text = {0};
    pv_buffer_print(&text, "{\"shared\":{\"frames\":[{\"name\":\"f\"}");
    while (text.size < MANY)
        pv_buffer_print(&text, ",{\"name\":\"function %zu\"}", text.size);
    pv_buffer_print(&text, "]},\"profiles\":[]}");
    pv_buffer_char(&text, '\0');
    assert_is_recognised("speedscope", text.data);
    pv_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_become_stacks),
        cmocka_unit_test(metrics_are_named_by_their_unit),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(cuts_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(few_bad_events_are_noted),
        cmocka_unit_test(samples_become_spans),
        cmocka_unit_test(many_of_one_name_take_linear_time),
        cmocka_unit_test(files_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

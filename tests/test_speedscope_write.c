#include "formats/json_pull.h"
#include "tests/json_formats.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

/* What is written must be what the published JSON schema wants, and what speedscope's importer
 * takes: it stops at weights below 0, at samples and weights of different number, at times that go
 * back, and at a frame that is closed while another one is innermost. */

enum { MOST = 4096 };

struct checker {
    struct pv_json *json;
    int64_t frames, top_frame;
    uint32_t profiles, samples, events;
};

static int64_t take_frame(struct checker *checker)
{
    int64_t frame = -1;
    assert_true(pv_json_int(checker->json, &frame));
    assert_true(frame >= 0);
    checker->top_frame = frame > checker->top_frame ? frame : checker->top_frame;
    return frame;
}

static void check_string(struct checker *checker, const char *wanted)
{
    struct pv_text text;
    assert_true(pv_json_string(checker->json, &text));
    assert_true(!wanted || pv_text_equal(text, pv_text_of(wanted)));
}

static void check_frame(struct checker *checker)
{
    static const char *const keys[] = {"name", "file", "line", NULL};
    bool has_name = false;
    int64_t line;
    assert_true(pv_json_object(checker->json));
    for (int key; (key = pv_json_field(checker->json, keys)) >= 0; has_name |= key == 0)
        if (key < 2)
            check_string(checker, NULL);
        else
            assert_true(pv_json_int(checker->json, &line) && line > 0);
    assert_true(has_name);
    checker->frames++;
}

static uint32_t check_samples(struct checker *checker)
{
    uint32_t count = 0;
    assert_true(pv_json_array(checker->json));
    for (; pv_json_item(checker->json); count++) {
        assert_true(pv_json_array(checker->json));
        while (pv_json_item(checker->json))
            take_frame(checker);
    }
    return count;
}

static uint32_t check_weights(struct checker *checker)
{
    uint32_t count = 0;
    struct pv_decimal weight;
    assert_true(pv_json_array(checker->json));
    for (; pv_json_item(checker->json); count++) {
        assert_true(pv_json_decimal(checker->json, &weight));
        assert_true(weight.value >= 0);
    }
    return count;
}

static uint32_t check_events(struct checker *checker)
{
    static const char *const keys[] = {"type", "frame", "at", NULL};
    int64_t open[MOST] = {0}, last = INT64_MIN;
    uint32_t depth = 0, count = 0;
    assert_true(pv_json_array(checker->json));
    for (; pv_json_item(checker->json); count++) {
        struct pv_text type = {0};
        struct pv_decimal at = {0};
        int64_t frame = 0, now = 0;
        bool is_open = false;
        assert_true(pv_json_object(checker->json));
        for (int key; (key = pv_json_field(checker->json, keys)) >= 0;)
            if (key == 0) {
                assert_true(pv_json_string(checker->json, &type));
                is_open = pv_text_equal(type, PV_TEXT("O"));
                assert_true(is_open || pv_text_equal(type, PV_TEXT("C")));
            } else if (key == 1) {
                frame = take_frame(checker);
            } else {
                assert_true(pv_json_decimal(checker->json, &at));
            }
        assert_true(pv_scale_decimal(at, 3, &now));
        assert_true(now >= last);
        last = now;
        bool fits = is_open ? depth < MOST : depth > 0;
        assert_true(fits);
        if (!fits)
            return count;
        if (is_open)
            open[depth++] = frame;
        else
            assert_int_equal(open[--depth], frame);
    }
    assert_int_equal(depth, 0);
    return count;
}

static bool is_unit(struct pv_text text)
{
    return pv_text_equal(text, PV_TEXT("none")) || pv_text_equal(text, PV_TEXT("nanoseconds")) ||
           pv_text_equal(text, PV_TEXT("bytes"));
}

static void check_profile(struct checker *checker)
{
    static const char *const keys[] = {"type",    "name",    "unit",   "startValue", "endValue",
                                       "samples", "weights", "events", NULL};
    uint32_t samples = 0, weights = 0;
    unsigned found = 0;
    struct pv_text text;
    struct pv_decimal number;
    assert_true(pv_json_object(checker->json));
    for (int key; (key = pv_json_field(checker->json, keys)) >= 0;) {
        assert_false(found >> key & 1);
        found |= 1U << key;
        if (key < 2)
            check_string(checker, NULL);
        else if (key == 2)
            assert_true(pv_json_string(checker->json, &text) && is_unit(text));
        else if (key < 5)
            assert_true(pv_json_decimal(checker->json, &number));
        else if (key == 5)
            samples = check_samples(checker);
        else if (key == 6)
            weights = check_weights(checker);
        else
            checker->events += check_events(checker);
    }
    assert_true(found == 0x7f || found == 0x9f);
    assert_int_equal(samples, weights);
    checker->samples += samples;
    checker->profiles++;
}

static struct checker check_file(struct pv_text bytes)
{
    static const char *const keys[] = {"$schema", "exporter", "shared", "profiles", NULL};
    static const char *const frames[] = {"frames", NULL};
    struct pv_input *input = pv_input_memory(bytes, "written", NULL);
    struct checker checker = {.json = pv_json_open(input, NULL), .top_frame = -1};
    struct pv_error err;
    unsigned found = 0;
    assert_true(pv_json_object(checker.json));
    for (int key; (key = pv_json_field(checker.json, keys)) >= 0; found |= 1U << key)
        if (key < 2) {
            check_string(&checker,
                         key ? "profviz" : "https://www.speedscope.app/file-format-schema.json");
        } else if (key == 2) {
            assert_true(pv_json_object(checker.json));
            assert_int_equal(pv_json_field(checker.json, frames), 0);
            assert_true(pv_json_array(checker.json));
            while (pv_json_item(checker.json))
                check_frame(&checker);
            assert_int_equal(pv_json_field(checker.json, frames), -1);
        } else {
            assert_true(pv_json_array(checker.json));
            while (pv_json_item(checker.json))
                check_profile(&checker);
        }
    assert_int_equal(found, 0xf);
    assert_true(pv_json_end(checker.json, &err));
    assert_true(checker.profiles > 0);
    assert_true(checker.top_frame < checker.frames);
    pv_json_close(checker.json);
    pv_input_close(input);
    return checker;
}

/* What the writer makes of it, checked; to be freed. */
static struct pv_buffer write_checked(struct pv_profile *profile, struct pv_buffer *lost)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("speedscope"));
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0};
    format->write(profile, output, lost);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    pv_output_close(output);
    check_file(pv_buffer_text(&bytes));
    return bytes;
}

static struct pv_profile *read_back(const struct pv_buffer *bytes, bool keeps_spans)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    limits.keeps_spans = keeps_spans;
    if (!read_as("speedscope", pv_buffer_text(bytes), &options, &profile, &err))
        fail_msg("%s, in %.*s", err.message, PV_TEXT_ARGS(pv_buffer_text(bytes)));
    return profile;
}

/* Everything but the name of the format. */
static struct pv_buffer content_of(struct pv_profile *profile)
{
    struct pv_buffer json = json_of(profile), content = {0};
    struct pv_text text = pv_buffer_text(&json);
    size_t at = pv_text_search(text, PV_TEXT("\"origin\""));
    pv_buffer_add(&content, pv_text_slice(text, at, text.size));
    pv_buffer_free(&json);
    return content;
}

static void profiles_read_back(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct pv_profile *profile =
            pv_random_stacks(seed, 1 + (uint32_t)seed, 1 + (uint32_t)seed % 30, 60);
        struct pv_buffer lost = {0}, wanted = content_of(profile);
        struct pv_buffer bytes = write_checked(profile, &lost);
        struct pv_profile *again = read_back(&bytes, seed % 2);
        struct pv_buffer got = content_of(again);
        assert_int_equal(lost.size, 0);
        assert_same_text(&got, &wanted);
        pv_profile_free(profile);
        pv_profile_free(again);
        pv_buffer_free(&bytes);
        pv_buffer_free(&got);
        pv_buffer_free(&wanted);
    }
}

static void bytes_are_canonical(void **state)
{
    (void)state;
    static const char wanted[] =
        "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n"
        "\"exporter\":\"profviz\",\n"
        "\"shared\":{\"frames\":[\n"
        "{\"name\":\"a\"},\n"
        "{\"name\":\"b\",\"file\":\"x.c\",\"line\":7}]},\n"
        "\"profiles\":[\n"
        "{\"type\":\"sampled\",\"name\":\"samples\",\"unit\":\"none\",\"startValue\":0,"
        "\"endValue\":16,\n"
        "\"samples\":[\n"
        "[],\n[0],\n[0,1],\n[1,0]],\n"
        "\"weights\":[\n"
        "1,3,10,2]}]}\n";
    static const char *const orders[] = {"b@x.c:7;a 2| 1|a;b@x.c:7 10|a 3",
                                         "a 3|a;b@x.c:7 10| 1|b@x.c:7;a 2"};
    for (size_t i = 0; i < 2; i++) {
        struct pv_buffer lost = {0};
        struct pv_profile *profile = small_stacks(orders[i]);
        assert_text(write_checked(profile, &lost), wanted, orders[i]);
        pv_profile_free(profile);
    }
}

static struct pv_profile *traced(void)
{
    static const char text[] =
        "{\"$schema\":\"https://www.speedscope.app/"
        "file-format-schema.json\",\"shared\":{\"frames\":["
        "{\"name\":\"a\"},{\"name\":\"b\"}]},\"profiles\":[{\"type\":\"evented\",\"name\":\"t\","
        "\"unit\":\"nanoseconds\",\"startValue\":5,\"endValue\":30,\"events\":["
        "{\"type\":\"O\",\"frame\":0,\"at\":5},{\"type\":\"O\",\"frame\":1,\"at\":7.5},"
        "{\"type\":\"C\",\"frame\":1,\"at\":9},{\"type\":\"C\",\"frame\":0,\"at\":10},"
        "{\"type\":\"O\",\"frame\":1,\"at\":20},{\"type\":\"C\",\"frame\":1,\"at\":30}]},"
        "{\"type\":\"evented\",\"name\":\"u\",\"unit\":\"nanoseconds\",\"startValue\":0,"
        "\"endValue\":1,\"events\":[{\"type\":\"O\",\"frame\":0,\"at\":0},"
        "{\"type\":\"O\",\"frame\":0,\"at\":0},{\"type\":\"C\",\"frame\":0,\"at\":0},"
        "{\"type\":\"C\",\"frame\":0,\"at\":1}]},"
        "{\"type\":\"sampled\",\"name\":\"m\",\"unit\":\"bytes\",\"startValue\":0,\"endValue\":4,"
        "\"samples\":[[0,1]],\"weights\":[4]}]}";
    struct pv_buffer bytes = {0};
    pv_buffer_add(&bytes, pv_text_of(text));
    struct pv_profile *profile = read_back(&bytes, true);
    pv_buffer_free(&bytes);
    return profile;
}

static void spans_keep_their_time(void **state)
{
    (void)state;
    struct pv_buffer lost = {0};
    struct pv_profile *profile = traced();
    assert_int_equal(profile->spans->count, 5);
    struct pv_buffer bytes = write_checked(profile, &lost);
    pv_buffer_char(&bytes, '\0');
    assert_non_null(strstr(bytes.data, "{\"type\":\"O\",\"frame\":1,\"at\":7.5}"));
    assert_non_null(strstr(bytes.data, "\"startValue\":5,\"endValue\":30"));
    bytes.size--;
    struct pv_profile *again = read_back(&bytes, true);
    assert_int_equal(again->spans->count, 5);
    assert_int_equal(again->spans->track_count, 2);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(again->spans->spans[i].begin, profile->spans->spans[i].begin);
        assert_int_equal(again->spans->spans[i].end, profile->spans->spans[i].end);
    }
    struct pv_buffer twice = write_checked(again, &lost);
    assert_same_text(&twice, &bytes);
    pv_buffer_free(&twice);
    pv_buffer_free(&bytes);
    pv_buffer_free(&lost);
    pv_profile_free(profile);
    pv_profile_free(again);
}

static void losses_are_told(void **state)
{
    (void)state;
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "test");
    struct pv_frame_info info = {
        .name = PV_TEXT("f\xff\"\n"), .module = PV_TEXT("lib"), .flags = 1};
    struct pv_profile *profile = NULL;
    struct pv_buffer lost = {0};
    struct pv_error err;
    pv_build_metric(builder, PV_TEXT("freed"), PV_UNIT_BYTES, true);
    uint32_t frame = pv_build_frame(builder, &info);
    pv_build_self(builder, pv_build_stack(builder, 0, &frame, 1, NULL), 0, -3);
    assert_true(pv_builder_finish(builder, &profile, &err));
    struct pv_buffer bytes = write_checked(profile, &lost);
    assert_text(lost,
                "modules of functions have no place in the file (1)\n"
                "kinds of functions have no place in the file (1)\n"
                "1 negative value is left out: speedscope takes no stack that has one\n",
                "lost");
    pv_buffer_free(&bytes);
    pv_profile_free(profile);
    pv_builder_free(builder);
}

static void nothing_is_a_profile_too(void **state)
{
    (void)state;
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "test");
    struct pv_profile *profile = NULL;
    struct pv_buffer lost = {0};
    struct pv_error err;
    assert_true(pv_builder_finish(builder, &profile, &err));
    struct pv_buffer bytes = write_checked(profile, &lost);
    struct pv_profile *again = read_back(&bytes, false);
    assert_int_equal(again->tree->count, 1);
    assert_int_equal(lost.size, 0);
    pv_profile_free(again);
    pv_profile_free(profile);
    pv_builder_free(builder);
    pv_buffer_free(&bytes);
}

static void samples_are_written(void **state)
{
    (void)state;
    static const char *const paths[] = {"samples/shop/shop.folded", "samples/json/tea.json",
                                        "samples/cpuprofile/node20.cpuprofile"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct pv_input *input;
        struct pv_profile *profile = NULL;
        struct pv_buffer lost = {0};
        struct pv_error err;
        assert_true(pv_input_open(&input, paths[i], NULL, &err));
        assert_true(pv_format_detect(input, &err)->read(input, &profile, &err));
        pv_input_close(input);
        struct pv_buffer bytes = write_checked(profile, &lost);
        struct pv_profile *again = read_back(&bytes, true);
        assert_int_equal(again->metrics[0].total, profile->metrics[0].total);
        pv_profile_free(again);
        pv_profile_free(profile);
        pv_buffer_free(&bytes);
        pv_buffer_free(&lost);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_read_back),       cmocka_unit_test(bytes_are_canonical),
        cmocka_unit_test(spans_keep_their_time),    cmocka_unit_test(losses_are_told),
        cmocka_unit_test(nothing_is_a_profile_too), cmocka_unit_test(samples_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

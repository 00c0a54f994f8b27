#include "formats/registry.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

/* What is written for which profile; tests/callgrind_annotate.sh asks Valgrind's own reader. */

static struct pv_buffer write_profile(struct pv_profile *profile, struct pv_buffer *lost)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("callgrind"));
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0};
    assert_non_null(format);
    assert_true(format->write_needs_graph);
    format->write(profile, output, lost);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    pv_buffer_char(&bytes, '\0');
    pv_buffer_char(lost, '\0');
    pv_output_close(output);
    return bytes;
}

/* Without the head, which is the same for all of them. */
static const char *body_of(const struct pv_buffer *bytes)
{
    const char *body = strstr(bytes->data, "\n\n");
    assert_non_null(body);
    assert_int_equal(strncmp(bytes->data, "# callgrind format\nversion: 1\n", 30), 0);
    return body + 2;
}

static void check_body(const char *label, struct pv_profile *profile, const char *wanted)
{
    struct pv_buffer lost = {0}, bytes = write_profile(profile, &lost);
    print_message("%s\n", label);
    assert_string_equal(body_of(&bytes), wanted);
    pv_buffer_free(&bytes);
    pv_buffer_free(&lost);
    pv_profile_free(profile);
}

static void arcs_are_written(void **state)
{
    static const struct {
        const char *label, *arcs, *body;
    } rows[] = {
        {"nothing", "", "totals: 0\n"},
        {"a function", "f 1 5 5", "fl=(1) ???\nfn=(1) f\n0 5\n\ntotals: 5\n"},
        {"calls, in the order of names", "b 2 3 3|a 1 4 7|a>b 2 3|a>a 1 1",
         "fl=(1) ???\nfn=(1) a\n0 4\ncfn=(1)\ncalls=1 0\n0 1\ncfn=(2) b\ncalls=2 0\n0 3\n\n"
         "fn=(2)\n0 3\n\ntotals: 7\n"},
        {"files, objects and lines", "o!f@a.c:7 1 1 4|p!g@b.c:9 2 3 3|o!f@a.c:7>p!g@b.c:9 2 3",
         "ob=(1) o\nfl=(1) a.c\nfn=(1) f\n7 1\ncob=(2) p\ncfi=(2) b.c\ncfn=(2) g\ncalls=2 9\n7 3\n"
         "\nob=(2)\nfl=(2)\nfn=(2)\n9 3\n\ntotals: 4\n"},
        {"a function without an object", "o!f 1 1 1|g 1 2 2",
         "ob=(1) o\nfl=(1) ???\nfn=(1) f\n0 1\n\nob=(2) ???\nfn=(2) g\n0 2\n\ntotals: 3\n"},
        {"told apart by the line", "f@a.c:1 1 1 1|f@a.c:2 1 2 2|f@b.c:2 1 3 3",
         "fl=(1) a.c\nfn=(1) f:1\n1 1\n\nfn=(2) f:2\n2 2\n\nfl=(2) b.c\nfn=(3) f\n2 3\n\n"
         "totals: 6\n"},
        {"the telling apart is taken", "f@a.c:1 1 1 1|f@a.c:2 1 2 2|f:2@a.c:5 1 4 4",
         "fl=(1) a.c\nfn=(1) f:1\n1 1\n\nfn=(2) f:2\n2 2\n\nfn=(3) f:2 (2)\n5 4\n\ntotals: 7\n"},
        {"unknown number and cost of calls", "f ? 1 1|f>g ? ?",
         "fl=(1) ???\nfn=(1) f\n0 1\ncfn=(2) g\ncalls=1 0\n0\n\nfn=(2)\n0 0\n\ntotals: 1\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_body(rows[i].label, small_arcs(rows[i].arcs), rows[i].body);
}

static struct pv_profile *one_function(struct pv_text name, struct pv_text file)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "small");
    struct pv_frame_info info = {.name = name, .file = file};
    int64_t value = 1;
    pv_build_metric(builder, PV_TEXT("Ir"), PV_UNIT_COUNT, false);
    pv_build_func(builder, pv_build_frame(builder, &info), PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS,
                  &value, &value);
    return small_finish(builder);
}

static void names_come_back(void **state)
{
    static const struct {
        const char *name, *file, *body;
    } rows[] = {
        {"(42) f", "(1)", "fl=(1) (1)\nfn=(1) (42) f\n1"},
        {"fn=(1) a=b", "# x", "fl=(1) # x\nfn=(1) fn=(1) a=b\n1"},
        {" a b ", "\ta", "fl=(1) \\x09a\nfn=(1) \\x20a b \n1"},
        {"a\nb\rc\x1b[31m", "", "fl=(1) ???\nfn=(1) a\\x0ab\\x0dc\\x1b[31m\n1"},
        {"gr\xc3\xb6\xff", "", "fl=(1) ???\nfn=(1) gr\xc3\xb6\xff\n1"},
        {"", "", "fl=(1) ???\nfn=(1) ???\n1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer body = {0};
        pv_buffer_print(&body, "%s", rows[i].body);
        body.size--;
        pv_buffer_add(&body, PV_TEXT("0 1\n\ntotals: 1\n"));
        pv_buffer_char(&body, '\0');
        check_body(rows[i].name, one_function(pv_text_of(rows[i].name), pv_text_of(rows[i].file)),
                   body.data);
        pv_buffer_free(&body);
    }
}

static struct pv_profile *with_metrics(void)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    bool fits;
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    pv_build_metric(builder, PV_TEXT("CPU = all"), PV_UNIT_COUNT, false);
    pv_build_metric(builder, PV_TEXT("held"), PV_UNIT_BYTES, true);
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    uint32_t frame = pv_build_name(builder, PV_TEXT("f"));
    uint32_t node = pv_build_stack(builder, 0, &frame, 1, NULL);
    pv_build_self(builder, node, 0,
                  pv_build_value(builder, 0, (struct pv_decimal){1250, 3}, &fits));
    pv_build_self(builder, node, 1, pv_build_value(builder, 1, (struct pv_decimal){25, 1}, &fits));
    pv_build_self(builder, node, 2, -4096);
    pv_build_self(builder, 0, 3, 7);
    return small_finish(builder);
}

/* Every metric is an event; decimals are whole numbers of a smaller unit. */
static void metrics_become_events(void **state)
{
    (void)state;
    struct pv_profile *profile = with_metrics();
    struct pv_buffer lost = {0}, bytes = write_profile(profile, &lost);
    assert_string_equal(bytes.data, "# callgrind format\n"
                                    "version: 1\n"
                                    "creator: profviz\n"
                                    "desc: Read from: small\n"
                                    "event: time_(0.001ns) : time (0.001ns)\n"
                                    "event: CPU___all_(0.1) : CPU = all (0.1)\n"
                                    "event: held_(bytes) : held (bytes)\n"
                                    "event: time#4_(ns) : time (ns)\n"
                                    "positions: line\n"
                                    "events: time_(0.001ns) CPU___all_(0.1) held_(bytes) "
                                    "time#4_(ns)\n"
                                    "\nfl=(1) ???\nfn=(1) f\n0 1250 25 0 0\n"
                                    "\nfn=(2) [no function]\n0 0 0 0 7\n"
                                    "\ntotals: 1250 25 0 7\n");
    assert_non_null(strstr(lost.data, "negative costs are written as 0"));
    assert_non_null(strstr(lost.data, "[no function]"));
    pv_buffer_free(&bytes);
    pv_buffer_free(&lost);
    pv_profile_free(profile);
}

static void losses_are_counted(void **state)
{
    static const struct {
        const char *label;
        bool is_stacks;
        const char *text, *lost;
    } rows[] = {
        {"nothing is lost", false, "f ? 4 7|g 2 3 3|f>g 2 3", ""},
        {"stacks", true, "a;b 1",
         "stacks are left out: the file holds who called whom\n"
         "calls of unknown number are written as 1, which the header says: 1\n"},
        {"recursion", false, "f 3 4 4|f>f 3 2|h ? 1 9|h>f ? 4",
         "calls of unknown number are written as 1, which the header says: 1\n"
         "whole costs that are not a function's own and its calls' together (recursion) are left "
         "out: 1\n"
         "numbers of calls that are not what a function's callers tell are left out: 1\n"},
        {"calls once among unknown ones", false, "f ? 1 3|g ? 1 1|h ? 1 1|f>g 1 1|f>h ? 1",
         "calls of unknown number are written as 1, which the header says: 1\n"
         "calls that happened once look as if their number were unknown: 1\n"},
        {"costs of calls", false, "f ? 1 1|f>g 2 ?",
         "calls of unknown cost are written without one, which other programs take for 0: 1\n"},
        {"lines in names", false, "f@a:1 ? 1 1|f@a:2 ? 1 1",
         "lines of definitions are only the lines of costs: 2\n"
         "functions of one name in one file have the definition's line in their names: 2\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile =
            rows[i].is_stacks ? small_stacks(rows[i].text) : small_arcs(rows[i].text);
        struct pv_buffer lost = {0}, bytes = write_profile(profile, &lost);
        print_message("%s\n", rows[i].label);
        assert_string_equal(lost.data, rows[i].lost);
        pv_buffer_free(&bytes);
        pv_buffer_free(&lost);
        pv_profile_free(profile);
    }
    struct pv_profile *profile = one_function(PV_TEXT("a\tb\x01"), PV_TEXT(""));
    struct pv_buffer lost = {0}, bytes = write_profile(profile, &lost);
    assert_string_equal(lost.data, "names are changed: a control character became \\xNN: 1\n");
    pv_buffer_free(&bytes);
    pv_buffer_free(&lost);
    pv_profile_free(profile);
}

static struct pv_profile *read_back(const struct pv_buffer *bytes)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("callgrind"));
    struct pv_text text = {bytes->data, bytes->size - 1};
    struct pv_input *input = pv_input_memory(text, "written", NULL);
    struct pv_profile *profile = NULL;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    if (!format->read(input, &profile, &err))
        fail_msg("%s", err.message);
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    pv_input_close(input);
    return profile;
}

static void what_is_held_reads_back(void **state)
{
    static const char *const rows[] = {
        "f ? 4 7|g 2 3 3|f>g 2 3",
        "f ? 1 6|g 3 2 5|h 9 3 3|f>g 3 5|g>h 9 3",
        "o!f@a.c ? 1 4|p!g@b.c 2 3 3|o!f@a.c>p!g@b.c 2 3",
        "f ? 1 4|g ? 3 3|f>g ? 3",
        "f ? 1 1|g 2 0 0|f>g 2 ?",
        "f ? 9223372036854775807 9223372036854775807",
        "f'2 ? 1 1|f'2'3 ? 2 2|f@a ? 3 3",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_arcs(rows[i]);
        struct pv_buffer lost = {0}, bytes = write_profile(profile, &lost);
        struct pv_profile *back = read_back(&bytes);
        char *wanted = small_arcs_text(profile), *got = small_arcs_text(back);
        assert_string_equal(got, wanted);
        assert_int_equal(back->metrics[0].unit, PV_UNIT_NS);
        assert_int_equal(back->note_count, 0);
        free(wanted);
        free(got);
        pv_profile_free(back);
        pv_profile_free(profile);
        pv_buffer_free(&bytes);
        pv_buffer_free(&lost);
    }
}

static void metrics_read_back(void **state)
{
    (void)state;
    struct pv_profile *profile = with_metrics();
    struct pv_buffer lost = {0}, bytes = write_profile(profile, &lost);
    struct pv_profile *back = read_back(&bytes);
    assert_int_equal(back->metric_count, profile->metric_count);
    for (uint32_t m = 0; m < back->metric_count; m++) {
        struct pv_text name = pv_profile_text(profile, profile->metrics[m].name);
        assert_true(pv_text_equal(pv_profile_text(back, back->metrics[m].name), name));
        assert_int_equal(back->metrics[m].unit, profile->metrics[m].unit);
        assert_int_equal(back->metrics[m].scale, profile->metrics[m].scale);
        if (!profile->metrics[m].is_signed)
            assert_int_equal(back->metrics[m].total, profile->metrics[m].total);
    }
    pv_profile_free(back);
    pv_profile_free(profile);
    pv_buffer_free(&bytes);
    pv_buffer_free(&lost);
}

/* Once read, everything is something that the format holds; but where a file's arcs contradict its
 * functions, each reading cuts them. */
static void check_second_time(struct pv_profile *profile, bool is_sound)
{
    struct pv_buffer lost = {0}, first = write_profile(profile, &lost);
    struct pv_profile *back = read_back(&first);
    struct pv_buffer second = write_profile(back, &lost);
    struct pv_profile *again = read_back(&second);
    struct pv_buffer third = write_profile(again, &lost);
    assert_int_equal(back->metrics[0].total, profile->metrics[0].total);
    assert_int_equal(back->graph->func_count, profile->graph->func_count);
    assert_int_equal(back->graph->arc_count, profile->graph->arc_count);
    if (is_sound)
        assert_string_equal(third.data, second.data);
    pv_profile_free(again);
    pv_profile_free(back);
    pv_profile_free(profile);
    pv_buffer_free(&first);
    pv_buffer_free(&second);
    pv_buffer_free(&third);
    pv_buffer_free(&lost);
}

static void random_profiles_are_the_same_from_then_on(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pv_profile *stacks = pv_random_stacks(seed, 40, 12, 60);
        assert_non_null(stacks);
        assert_true(pv_profile_need_graph(stacks, &limits, &err));
        check_second_time(stacks, true);
        struct pv_profile *arcs = pv_random_arcs(seed, 30, 80);
        assert_non_null(arcs);
        check_second_time(arcs, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arcs_are_written),
        cmocka_unit_test(names_come_back),
        cmocka_unit_test(metrics_become_events),
        cmocka_unit_test(losses_are_counted),
        cmocka_unit_test(what_is_held_reads_back),
        cmocka_unit_test(metrics_read_back),
        cmocka_unit_test(random_profiles_are_the_same_from_then_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/collapsed_profile.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

static void rows_are_written(void **state)
{
    static const struct {
        const char *label, *text, *written;
    } rows[] = {
        {"sorted", "b;x 1\na 2\nb 3\na;z 4\n", "a 2\na;z 4\nb 3\nb;x 1\n"},
        {"sorted as bytes", "a;x 1\na 1\na b 1\na!;y 1\na<b 1\nab 1\n",
         "a 1\na b 1\na!;y 1\na;x 1\na<b 1\nab 1\n"},
        {"marks", "a;b_[k] 1\na;c_[i]_[j] 1\n", "a;b_[k] 1\na;c_[j]_[i] 1\n"},
        {"async-profiler's marks", "a_[0];b_[1] 1\n", "a_[0];b_[1] 1\n"},
        {"fractions", "a .50\nb 1e2\n", "a 0.5\nb 100\n"},
        {"negative", "a -3\n", "a -3\n"},
        {"zero leaf", "a;b 0\na 1\n", "a 1\na;b 0\n"},
        {"empty frames", ";a 1\na;;b 1\na;; 2\n 3\n", "; 3\n;a 1\na;; 2\na;;b 1\n"},
        {"two columns", "a;b 1 2\na;c 0 3\n", "a;b 1 2\na;c 0 3\n"},
        {"would be two columns", "a 1;b 2; 5\na 3; 4\n", "a 1;b 2; 5\na 3 4\n"},
        {"would be metadata", "# k: v; 5\n", "# k: v; 5\n"},
        {"hash below", "# k: v;x 5\n", "# k: v;x 5\n"},
        {"would be a comment", "#x 5\n", "#x; 5\n"},
        {"any bytes", "\xff\xfe.;\t\x01;\"'<& 5\n", "\xff\xfe.;\t\x01;\"'<& 5\n"},
        {"a mark alone", "_[k];a 5\n", "_[k];a 5\n"},
        {"nothing", "# mode: wall\n", "# stacks: 0\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        /* A line before it, so that bytes at the front are no byte order mark. */
        struct pv_buffer text = {0};
        pv_buffer_print(&text, "\n%s", rows[i].text);
        struct pv_profile *profile = read_collapsed(pv_buffer_text(&text));
        struct pv_buffer out = written(profile, NULL);
        pv_buffer_char(&out, '\0');
        print_message("%s\n", rows[i].label);
        if (strcmp(rows[i].label, "any bytes") != 0)
            assert_string_equal(out.data, rows[i].written);
        else
            assert_string_equal(out.data, "\\xff\xfe.;\t\x01;\"'<& 5\n");
        pv_profile_free(profile);
        pv_buffer_free(&out);
        pv_buffer_free(&text);
    }
}

/* The same apart from the order in which things were found. */
static void assert_reads_back(struct pv_profile *profile, const char *label)
{
    struct pv_buffer text = written(profile, NULL);
    struct pv_profile *again = read_collapsed(pv_buffer_text(&text));
    struct pv_buffer text_again = written(again, NULL);
    struct pv_buffer json = json_of(profile), json_again = json_of(again);
    print_message("%s\n", label);
    assert_same_text(&text_again, &text);
    assert_same_text(&json_again, &json);
    pv_profile_free(again);
    pv_buffer_free(&text);
    pv_buffer_free(&text_again);
    pv_buffer_free(&json);
    pv_buffer_free(&json_again);
}

/* Files with other units or with skipped lines cannot come back whole. */
static void check_sample(const char *path, struct pv_text bytes)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_collapsed_with(bytes, NULL, &profile, &err))
        return;
    struct pv_buffer lost = {0}, text = written(profile, &lost);
    if (lost.size == 0 && profile->note_count == 0)
        assert_reads_back(profile, path);
    pv_profile_free(profile);
    pv_buffer_free(&lost);
    pv_buffer_free(&text);
}

static void samples_read_back(void **state)
{
    (void)state;
    each_sample(check_sample);
}

static void lines_are_sorted(void **state)
{
    static const char *const names[] = {"a", "a b", "a!", "a;b", "a<", "b", "", "a\n", "a "};
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct pv_random random = {seed};
        struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "test");
        pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
        for (int i = 0; i < 300; i++) {
            uint32_t frames[6], count = 1 + pv_random_below(&random, 6);
            for (uint32_t k = 0; k < count; k++)
                frames[k] = pv_build_name(builder, pv_text_of(names[pv_random_below(&random, 9)]));
            uint32_t node = pv_build_stack(builder, 0, frames, count, NULL);
            pv_build_self(builder, node, 0, pv_random_below(&random, 5));
        }
        struct pv_profile *profile = small_finish(builder);
        struct pv_buffer out = written(profile, NULL);
        struct pv_text rest = pv_buffer_text(&out), line, before = {0};
        while (pv_text_split(&rest, '\n', &line) && line.size) {
            struct pv_text stack = pv_text_slice(line, 0, pv_text_find_last(line, ' '));
            if (before.data && pv_text_compare(before, stack) >= 0)
                fail_msg("%.*s before %.*s", PV_TEXT_ARGS(before), PV_TEXT_ARGS(stack));
            before = stack;
        }
        struct pv_profile *again = read_collapsed(pv_buffer_text(&out));
        assert_int_equal(again->metrics[0].total, profile->metrics[0].total);
        assert_int_equal(again->tree->count, profile->tree->count);
        pv_profile_free(again);
        pv_profile_free(profile);
        pv_buffer_free(&out);
    }
}

static struct pv_profile *losing_profile(void)
{
    static const struct pv_frame_info frames[] = {
        {.name = {"same", 4}, .file = {"a.py", 4}, .line = 3},
        {.name = {"same", 4}, .file = {"a.py", 4}, .line = 9, .module = {"m", 1}},
        {.name = {"same", 4}},
        {.name = {"one;two", 7}, .line = 1},
        {.name = {"like_[k]", 8}, .flags = PV_FRAME_LOADER},
        {.name = {"end ", 4}},
    };
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "test");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    pv_build_metric(builder, PV_TEXT("bytes"), PV_UNIT_BYTES, false);
    for (int i = 0; i < 6; i++) {
        uint32_t frame = pv_build_frame(builder, &frames[i]);
        uint32_t node = pv_build_stack(builder, 0, &frame, 1, NULL);
        pv_build_self(builder, node, 0, i + 1);
    }
    pv_build_self(builder, 0, 0, 100);
    return small_finish(builder);
}

static void losses_are_told(void **state)
{
    static const char *const sentences[] = {
        "only the metric time is written, 1 more",
        "numbers are time in ns",
        "of 3 functions are left out; 2 that share",
        "3 names are changed",
        "kinds of 1 function have",
        "became a frame without a name",
    };
    (void)state;
    struct pv_profile *profile = losing_profile();
    struct pv_buffer lost = {0}, text = written(profile, &lost);
    pv_buffer_char(&lost, '\0');
    pv_buffer_char(&text, '\0');
    print_message("%s%s", lost.data, text.data);
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        assert_non_null(strstr(lost.data, sentences[i]));
    assert_string_equal(text.data, "; 100\nend\\x20 6\nlike_\\x5bk] 5\none\\x3btwo 4\n"
                                   "same 3\nsame (a.py:3) 1\nsame (a.py:9 in m) 2\n");
    pv_buffer_free(&lost);
    pv_buffer_free(&text);
    pv_profile_free(profile);
}

static void nothing_lost_nothing_told(void **state)
{
    (void)state;
    struct pv_buffer lost = {0};
    struct pv_profile *profile = read_collapsed(PV_TEXT("a;b_[k] 1\na;[unknown] 2\n"));
    struct pv_buffer text = written(profile, &lost);
    assert_int_equal(lost.size, 0);
    pv_buffer_free(&text);
    pv_profile_free(profile);
}

static void random_profiles_keep_their_values(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct pv_profile *profile = pv_random_stacks(seed, 20, 30, 200);
        struct pv_buffer text = written(profile, NULL);
        struct pv_profile *again = read_collapsed(pv_buffer_text(&text));
        struct pv_buffer text_again = written(again, NULL);
        assert_same_text(&text_again, &text);
        assert_int_equal(again->metrics[0].total, profile->metrics[0].total);
        assert_int_equal(again->tree->count, profile->tree->count);
        assert_int_equal(again->frame_count, profile->frame_count);
        pv_profile_free(profile);
        pv_profile_free(again);
        pv_buffer_free(&text);
        pv_buffer_free(&text_again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_written),
        cmocka_unit_test(samples_read_back),
        cmocka_unit_test(lines_are_sorted),
        cmocka_unit_test(losses_are_told),
        cmocka_unit_test(nothing_lost_nothing_told),
        cmocka_unit_test(random_profiles_keep_their_values),
    };
    return cmocka_run_group_tests_name("collapsed_write", tests, NULL, NULL);
}

#include "model/merge.h"
#include "tests/small_trace.h"

/* "count line", in the order of the notes' texts. */
static void notes_text(struct pv_buffer *out, const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->note_count; i++)
        pv_buffer_print(out, "%s%llu %llu", i ? ", " : "",
                        (unsigned long long)profile->notes[i].count,
                        (unsigned long long)profile->notes[i].line);
    pv_buffer_char(out, '\0');
}

struct row {
    const char *label, *events, *stacks, *notes;
};

static const struct row rows[] = {
    {"nothing", "", "", ""},
    {"one call", "<a 5|>a 9", "a 4", ""},
    {"calls in calls", "<a 0|<b 2|<c 3|>c 4|>b 6|<b 7|>b 8|>a 10", "a 5|a;b 4|a;b;c 1", ""},
    {"gaps are idle", "<a 0|>a 1|<a 100|>a 102", "a 3", ""},
    {"recursion", "<a 0|<a 1|>a 2|>a 4", "a 3|a;a 1", ""},
    {"ends without a name", "<a 0|<b 1|> 2|> 4", "a 3|a;b 1", ""},
    {"times before 0", "<a -5|<b -2|>b 1|>a 5", "a 7|a;b 3", ""},
    {"an end without a begin", ">a 1|<a 2|>b 3|>a 4|> 9", "a 2", "3 1"},
    {"an end that closes what is inside", "<a 0|<b 1|<c 2|>a 5|>b 6", "a 1|a;b 1|a;b;c 3",
     "2 2, 1 5"},
    {"no end", "<a 0|<b 1|>b 3|<b 5|<c 7", "a 3|a;b 4", "3 1"},
    {"nothing but an end", ">a 4", "", "1 1"},
    {"unsorted", ">a 9|<b 3|<a 1|>b 5", "a 6|a;b 2", "2 2"},
    {"whole calls by their begins", "a 0 10|b 2 4|c 3 1|b 7 1", "a 5|a;b 4|a;b;c 1", ""},
    {"whole calls by their ends", "c 3 1|b 2 4|b 7 1|a 0 10", "a 5|a;b 4|a;b;c 1", ""},
    {"whole calls in no order", "b 7 1|c 3 1|a 0 10|b 2 4", "a 5|a;b 4|a;b;c 1", ""},
    {"the longer one is outside", "b 0 4|a 0 10|c 0 2", "a 6|a;b 2|a;b;c 2", ""},
    {"of equal ones the first is outside", "a 0 4|b 0 4", "a;b 4", ""},
    {"but the last where calls are logged at their ends", "d 0 1|b 2 2|a 2 2|c 0 8",
     "c 5|c;a;b 2|c;d 1", ""},
    {"one begins where the last one ended", "a 0 4|b 4 4", "a 4|b 4", ""},
    {"overlapping", "a 0 10|b 5 10|c 12 1", "a 5|a;b 5|c 1", "1 2"},
    {"overlapping, by their ends", "c 1 1|a 0 10|b 5 10", "a 4|a;b 5|a;c 1", "1 3"},
    {"negative durations", "a 0 10|b 5 -3", "a 10", "1 2"},
    {"both kinds", "<a 0|b 2 3|c 3 1|>a 10", "a 7|a;b 2|a;b;c 1", ""},
    {"both kinds, begun before", "<b 2|>b 5|a 0 10", "a 7|a;b 3", ""},
    {"both kinds, no end", "<b 2|a 0 10", "a 2|a;b 8", "1 1"},
    {"both kinds, unsorted", ">b 5|a 0 10|<b 2", "a 7|a;b 3", "1 3"},
    {"tracks", "@x|<a 0|@y|<a 1|@x|>a 4|@y|>a 3", "x;a 4|y;a 2", ""},
    {"times beyond 62 bits", "a -9223372036854775808 9223372036854775807", "a 4611686018427387902",
     "1 1"},
    {"the far end of time", "a 0 1|b 9223372036854775807 5", "a 1", "2 2"},
};

static void events_become_stacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int keeps = 0; keeps < 2; keeps++) {
            struct pv_profile *profile = small_trace(rows[i].events, keeps);
            char *stacks = small_stacks_text(profile);
            struct pv_buffer notes = {0};
            notes_text(&notes, profile);
            if (strcmp(stacks, rows[i].stacks) != 0 || strcmp(notes.data, rows[i].notes) != 0)
                print_error("%s\n", rows[i].label);
            assert_string_equal(rows[i].stacks, stacks);
            assert_string_equal(rows[i].notes, notes.data);
            assert_int_equal(keeps, profile->spans != NULL);
            pv_buffer_free(&notes);
            free(stacks);
            pv_profile_free(profile);
        }
    }
}

/* What is kept, as "track depth frame begin end" in order. */
static void kept_spans_are_in_order(void **state)
{
    (void)state;
    struct pv_profile *profile =
        small_trace("@x|c 3 1|b 2 4|@y|<d 1|<e 2|@x|b 7 1|a 0 10|@y|>e 3|<f 9|>d 12", true);
    static const char *const wanted[] = {"0 0 a 0 10", "0 1 b 2 6", "0 2 c 3 4", "0 1 b 7 8",
                                         "1 0 d 1 12", "1 1 e 2 3", "1 1 f 9 12"};
    const struct pv_spans *spans = profile->spans;
    struct pv_buffer line = {0};
    size_t at = 0;
    assert_int_equal(
        3, spans->track_count); /* small_trace() makes one without frames, which is empty */
    for (uint32_t t = 1; t < spans->track_count; t++)
        for (uint32_t i = 0; i < spans->tracks[t].count; i++) {
            const struct pv_span *span = &spans->spans[spans->tracks[t].first + i];
            line.size = 0;
            pv_buffer_print(&line, "%u %u %.*s %lld %lld", t - 1, span->depth,
                            PV_TEXT_ARGS(pv_profile_name(profile, span->frame)),
                            (long long)span->begin, (long long)span->end);
            pv_buffer_char(&line, '\0');
            assert_string_equal(wanted[at++], line.data);
        }
    assert_int_equal(sizeof wanted / sizeof wanted[0], at);
    pv_buffer_free(&line);
    pv_profile_free(profile);
}

/* A thousand times the events of a block, with lines and times far apart. */
static void long_tracks_are_kept_whole(void **state)
{
    (void)state;
    enum { calls = 50000 };
    for (int way = 0; way < 3; way++) {
        struct pv_builder *builder = small_trace_new(NULL);
        uint32_t frame = pv_build_name(builder, PV_TEXT("f"));
        uint32_t tracks[] = {pv_build_track(builder, 0), small_track(builder, PV_TEXT("t"))};
        int64_t sum = 0;
        for (int64_t i = 0; i < calls; i++) {
            int64_t k = way == 1 ? calls - 1 - i : i, at = k * k * 7, length = k % 11;
            pv_build_event_line(builder, (uint64_t)(i * i % 1000000));
            sum += length;
            if (way < 2) {
                pv_build_span(builder, tracks[i % 3 == 0], frame, at, length);
                continue;
            }
            pv_build_enter(builder, tracks[i % 3 == 0], frame, at);
            pv_build_leave(builder, tracks[i % 3 == 0], frame, at + length);
        }
        struct pv_profile *profile = small_finish(builder);
        assert_int_equal(sum, profile->metrics[0].total);
        assert_int_equal(0, profile->note_count);
        pv_profile_free(profile);
    }
}

static int64_t value(struct pv_builder *builder, int64_t number, unsigned digits)
{
    bool fits;
    int64_t made = pv_build_value(builder, 0, (struct pv_decimal){number, digits}, &fits);
    assert_true(fits);
    return made;
}

/* Of several ends the last one counts, and none is before the last event. */
static void open_calls_last_until_the_track_ends(void **state)
{
    (void)state;
    static const struct {
        int64_t at[2], total;
    } ends[] = {{{50, 20}, 40}, {{20, 50}, 40}, {{5, -7}, 20}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (int is_late = 0; is_late < 2; is_late++) {
            struct pv_builder *builder = small_trace_new(NULL);
            uint32_t a = pv_build_name(builder, PV_TEXT("a")), track = pv_build_track(builder, 0);
            pv_build_track_end(builder, track, ends[i].at[0]);
            pv_build_enter(builder, track, a, is_late ? 30 : 10);
            pv_build_enter(builder, track, a, is_late ? 10 : 30);
            pv_build_track_end(builder, track, ends[i].at[1]);
            struct pv_profile *profile = small_finish(builder);
            assert_int_equal(profile->metrics[0].total, ends[i].total);
            pv_profile_free(profile);
        }
}

static void a_finer_scale_rescales_what_is_there(void **state)
{
    (void)state;
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        struct pv_builder *builder = small_trace_new(NULL);
        uint32_t a = pv_build_name(builder, PV_TEXT("a")), b = pv_build_name(builder, PV_TEXT("b"));
        uint32_t track = pv_build_track(builder, 0);
        if (is_whole) {
            const struct pv_decimal times[][2] = {{{1, 0}, {9, 0}}, {{25, 1}, {125, 2}}};
            int64_t scaled[2];
            assert_true(pv_build_value_pair(builder, 0, times[0], scaled));
            pv_build_span(builder, track, a, scaled[0], scaled[1]);
            assert_true(pv_build_value_pair(builder, 0, times[1], scaled));
            pv_build_span(builder, track, b, scaled[0], scaled[1]);
        } else {
            pv_build_enter(builder, track, a, value(builder, 1, 0));
            pv_build_enter(builder, track, b, value(builder, 25, 1));
            pv_build_leave(builder, track, b, value(builder, 375, 2));
            pv_build_leave(builder, track, a, value(builder, 10, 0));
        }
        struct pv_profile *profile = small_finish(builder);
        char *stacks = small_stacks_text(profile);
        assert_int_equal(100, profile->metrics[0].scale);
        assert_string_equal("a 775|a;b 125", stacks);
        free(stacks);
        pv_profile_free(profile);
    }
}

/* Two runs that overlap: times stay as they were, and so do sums, which nesting would change. */
static void merging_keeps_spans(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *parts[] = {small_trace("@x|a 0 10|b 2 3", true),
                                  small_trace("@x|a 5 10|@y|c 1 1", true)},
                      *merged = NULL;
    struct pv_error err;
    assert_true(pv_merge(&merged, parts, 2, &limits, &err));
    char *stacks = small_stacks_text(merged);
    assert_string_equal("x;a 17|x;a;b 3|y;c 1", stacks);
    assert_int_equal(4, merged->spans->count);
    assert_int_equal(0, merged->note_count);
    int64_t busy = 0;
    for (uint32_t t = 0; t < merged->spans->track_count; t++)
        for (uint32_t i = 0; i < merged->spans->tracks[t].count; i++) {
            const struct pv_span *span = &merged->spans->spans[merged->spans->tracks[t].first + i];
            assert_int_equal(span->frame, merged->tree->nodes[span->node].frame);
            busy += span->depth == 0 ? span->end - span->begin : 0;
        }
    assert_int_equal(merged->metrics[0].total, busy);
    free(stacks);
    pv_profile_free(merged);
    pv_profile_free(parts[0]);
    pv_profile_free(parts[1]);
}

static void refuse(struct pv_builder *builder, const char *word)
{
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    assert_false(pv_builder_finish(builder, &profile, &err));
    assert_non_null(strstr(err.message, word));
    pv_builder_free(builder);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct pv_builder *builder = small_trace_new(NULL);
    uint32_t frame = pv_build_name(builder, PV_TEXT("f")), track = pv_build_track(builder, 0);
    pv_build_enter(builder, track, frame, INT64_MAX / 4);
    pv_build_leave(builder, track, frame, value(builder, 1, 9));
    refuse(builder, "do not fit in 64 bits");

    struct pv_limits limits = pv_limits_default();
    limits.memory = 100000;
    builder = small_trace_new(&limits);
    frame = pv_build_name(builder, PV_TEXT("f"));
    track = pv_build_track(builder, 0);
    for (int64_t i = 0; i < 100000; i++)
        pv_build_span(builder, track, frame, i, 1);
    refuse(builder, "--max-memory");

    builder = small_trace_new(NULL);
    frame = pv_build_name(builder, PV_TEXT("f"));
    for (uint32_t i = 0; i < 4; i++) {
        track = pv_build_track(builder, pv_build_stack(builder, 0, &frame, i % 2, NULL));
        pv_build_span(builder, track, frame, -INT64_MAX / 2, INT64_MAX);
        pv_build_span(builder, track, frame, 0, INT64_MAX);
    }
    refuse(builder, "64 bits");
}

static void deep_calls_are_cut_visibly(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.stack_depth = 3;
    limits.keeps_spans = true;
    struct pv_builder *builder = small_trace_new(&limits);
    uint32_t track = pv_build_track(builder, 0);
    char name[] = "a";
    for (int64_t i = 0; i < 6; i++, name[0]++)
        pv_build_enter(builder, track, pv_build_name(builder, pv_text_of(name)), i);
    for (int64_t i = 0; i < 6; i++)
        pv_build_leave(builder, track, PV_NONE, 6 + i);
    struct pv_profile *profile = small_finish(builder);
    char *stacks = small_stacks_text(profile);
    assert_string_equal("a 2|a;b 2|a;b;c 2|a;b;c;[deeper than 3 frames] 5", stacks);
    assert_int_equal(6, profile->spans->count);
    assert_int_equal(1, profile->note_count);
    free(stacks);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_become_stacks),
        cmocka_unit_test(kept_spans_are_in_order),
        cmocka_unit_test(long_tracks_are_kept_whole),
        cmocka_unit_test(open_calls_last_until_the_track_ends),
        cmocka_unit_test(a_finer_scale_rescales_what_is_there),
        cmocka_unit_test(merging_keeps_spans),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(deep_calls_are_cut_visibly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

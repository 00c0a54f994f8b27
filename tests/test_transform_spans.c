#include "model/transforms.h"
#include "tests/random_calls.h"
#include "tests/transform_named.h"

/* Filters on traces: what becomes of the calls in time. */

static void transform(struct pv_profile **profile, const char *name, const char *argument)
{
    struct pv_error err = {0};
    if (!pv_transform_apply(profile, transform_named(name), pv_text_of(argument), NULL, &err))
        fail_msg("%s", err.message);
}

/* "a 0-9 .b 2-5 @t c 1-2": calls with a dot for each that is around them; @ begins another track.
 */
static char *spans_text(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    const struct pv_spans *spans = profile->spans;
    for (uint32_t t = 0; spans && t < spans->track_count; t++) {
        const struct pv_track *track = &spans->tracks[t];
        uint32_t node = track->node;
        struct pv_text name =
            node ? pv_profile_name(profile, profile->tree->nodes[node].frame) : PV_TEXT("");
        if (t)
            pv_buffer_print(&out, " @%.*s", PV_TEXT_ARGS(name));
        for (uint32_t i = track->first; i < track->first + track->count; i++) {
            const struct pv_span *span = &spans->spans[i];
            assert_int_equal(span->frame, profile->tree->nodes[span->node].frame);
            pv_buffer_print(&out, "%s%.*s%.*s %lld-%lld", out.size ? " " : "", (int)span->depth,
                            "..........", PV_TEXT_ARGS(pv_profile_name(profile, span->frame)),
                            (long long)span->begin, (long long)span->end);
        }
    }
    pv_buffer_char(&out, '\0');
    return out.data;
}

static void moments_follow_their_stacks(void **state)
{
    static const struct {
        const char *label, *trace, *name, *argument, *wanted;
    } rows[] = {
        {"hide", "a 0 9|b 2 3|c 3 1", "hide", "b", "a 0-9 .c 3-4"},
        {"hide the outermost", "a 0 9|b 2 3|b 5 1", "hide", "a", "b 2-5 b 5-6"},
        {"show", "a 0 9|b 2 3|c 3 1", "show", "c", "c 3-4"},
        {"focus: callers come in parts", "a 0 9|b 2 3|c 3 1|b 7 1", "focus", "b",
         "a 2-5 .b 2-5 ..c 3-4 a 7-8 .b 7-8"},
        {"focus: side by side is not apart", "a 0 9|b 2 3|b 5 1", "focus", "b",
         "a 2-6 .b 2-5 .b 5-6"},
        {"ignore", "a 0 9|b 2 3|c 3 1", "ignore", "b", "a 0-2 a 5-9"},
        {"ignore what is below", "a 0 9|b 2 3|c 3 1", "ignore", "c", "a 0-3 .b 2-3 a 4-9 .b 4-5"},
        {"root", "a 0 9|b 2 3|c 3 1", "root", "b", "b 2-5 .c 3-4"},
        {"leaf", "a 0 9|b 2 3|c 3 1", "leaf", "b", "a 2-5 .b 2-5"},
        {"prune-from", "a 0 9|b 2 3|c 3 1", "prune-from", "b", "a 0-9 .b 2-5"},
        {"depth", "a 0 9|b 2 3|c 3 1", "depth", "1", "a 0-9 .\xe2\x80\xa6 2 functions 2-5"},
        {"recursion", "a 0 9|a 2 3|c 3 1", "collapse-recursion", "", "a 0-9 .c 3-4"},
        {"threads without anything go", "@s|a 0 9|@t|b 2 3|a 3 1", "focus", "b", "b 2-5 .a 3-4"},
        {"two threads", "a 0 9|b 1 2|@t|b 2 3|a 3 1", "focus", "b", "a 1-3 .b 1-3 @t b 2-5 .a 3-4"},
        {"calls without a length", "a 0 9|b 4 0", "focus", "b", "a 4-4 .b 4-4"},
        {"an order that time does not have", "a 0 9|b 2 3", "reverse", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_trace(rows[i].trace, true);
        transform(&profile, rows[i].name, rows[i].argument);
        char *text = spans_text(profile);
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: wanted \"%s\", got \"%s\"", rows[i].label, rows[i].wanted, text);
        free(text);
        pv_profile_free(profile);
    }
}

/* A track that is gone leaves its time to its thread. */
static bool is_thread(const struct pv_profile *profile, uint32_t node)
{
    return profile->frames[profile->tree->nodes[node].frame].flags & PV_FRAME_THREAD;
}

/* Each stack's own time in the calls is what the tree says, but for what lies outside of calls. */
static void check_times(const struct pv_profile *profile, const char *label)
{
    const struct pv_spans *spans = profile->spans;
    int64_t *own = pv_zalloc(profile->tree->count, sizeof *own);
    bool *is_outer = pv_zalloc(profile->tree->count, sizeof *is_outer);
    is_outer[0] = true;
    for (uint32_t t = 0; t < spans->track_count; t++) {
        uint32_t around[most_calls + 1];
        for (uint32_t node = spans->tracks[t].node; node; node = profile->tree->nodes[node].parent)
            is_outer[node] = true;
        for (uint32_t i = 0; i < spans->tracks[t].count; i++) {
            const struct pv_span *span = &spans->spans[spans->tracks[t].first + i];
            assert_true(span->begin <= span->end);
            assert_true(span->depth == 0 || around[span->depth - 1] != PV_NONE);
            own[span->node] += span->end - span->begin;
            if (span->depth)
                own[around[span->depth - 1]] -= span->end - span->begin;
            if (span->depth)
                assert_int_equal(profile->tree->nodes[span->node].parent, around[span->depth - 1]);
            around[span->depth] = span->node;
        }
    }
    for (uint32_t i = 0; i < profile->tree->count; i++)
        if (!is_outer[i] && !is_thread(profile, i) && own[i] != profile->tree->self[0][i])
            fail_msg("%s: a stack has %lld, its calls %lld", label,
                     (long long)profile->tree->self[0][i], (long long)own[i]);
    free(own);
    free(is_outer);
}

static void random_traces_keep_their_time(void **state)
{
    static const char *const uses[][2] = {
        {"focus", "f1$|f2$"}, {"ignore", "f1$"},       {"hide", "f[13]$"},
        {"show", "t|f[0-3]"}, {"show-from", "f2$"},    {"prune-from", "f2$"},
        {"depth", "3"},       {"prune", "5%"},         {"collapse-recursion", ""},
        {"root", "f1$"},      {"granularity", "file"}, {"leaf", "f1$"},
    };
    enum { count = sizeof uses / sizeof uses[0] };
    (void)state;
    for (uint64_t seed = 1; seed <= 240; seed++) {
        struct pv_limits limits = pv_limits_default();
        limits.keeps_spans = true;
        struct pv_random random = {seed};
        struct calls calls = {.count = 0};
        for (uint32_t track = 0; track < 2; track++)
            grow_calls(&calls, &random, (struct call){.begin = 0, .end = 300, .track = track});
        struct pv_builder *builder = small_trace_new(&limits);
        for (uint32_t i = 0; i < calls.count; i++)
            pv_build_span(builder, thread_of(builder, &calls.items[i]),
                          function_of(builder, &calls.items[i]), calls.items[i].begin,
                          calls.items[i].end - calls.items[i].begin);
        for (unsigned f = 0; f < functions; f++) { /* patterns that match nothing are refused */
            struct call call = {.function = f};
            pv_build_span(builder, thread_of(builder, &call), function_of(builder, &call),
                          100000 + (int64_t)f * 10, 10);
        }
        struct pv_profile *profile = small_finish(builder);
        check_times(profile, "as read");
        for (unsigned k = 0; k < 2; k++) {
            const char *const *use = uses[(seed + (size_t)k * 5) % count];
            struct pv_error err = {0};
            bool is_done = pv_transform_apply(&profile, transform_named(use[0]), pv_text_of(use[1]),
                                              NULL, &err);
            if (is_done)
                check_times(profile, use[0]);
            else
                assert_int_equal(err.code, PV_NO_MATCH);
        }
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_follow_their_stacks),
        cmocka_unit_test(random_traces_keep_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

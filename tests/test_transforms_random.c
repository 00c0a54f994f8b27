#include "model/transforms.h"

#include "tests/random_profile.h"
#include "tests/small_profile.h"
#include "tests/transform_named.h"

/* Properties of transforms on random profiles. */

static struct pv_profile *make(bool is_arcs, uint32_t seed)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    struct pv_profile *profile = is_arcs ? pv_random_arcs(seed, 12, 30)
                                         : pv_random_stacks(seed, 3 + seed % 20, 1 + seed % 9, 40);
    assert_non_null(profile);
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    return profile;
}

/* False where the pattern matches nothing. */
static bool apply(struct pv_profile **profile, const char *name, const char *argument)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_error err = {0};
    if (!pv_transform_apply(profile, transform_named(name), pv_text_of(argument), NULL, &err)) {
        if (err.code != PV_NO_MATCH)
            fail_msg("%s %s: %s", name, argument, err.message);
        return false;
    }
    assert_true(pv_profile_need_graph(*profile, &limits, &err));
    return true;
}

static bool has_note(const struct pv_profile *profile, const char *kind)
{
    bool has = false;
    for (uint32_t i = 0; i < profile->note_count; i++)
        has |= pv_text_equal(pv_profile_text(profile, profile->notes[i].kind), pv_text_of(kind));
    return has;
}

static char *text_of(const struct pv_profile *profile)
{
    return profile->origin == PV_ORIGIN_STACKS ? small_stacks_text(profile)
                                               : small_arcs_text(profile);
}

/* The arcs of a profile's call graph, as if a file of arcs had told them; in the order of the
 * graph's, or backwards. */
static struct pv_profile *arcs_of(const struct pv_profile *profile, bool is_backwards)
{
    const struct pv_graph *graph = profile->graph;
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "derived");
    uint32_t *frames = calloc(profile->frame_count + 1, sizeof *frames);
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        uint32_t at = is_backwards ? graph->func_count - 1 - i : i;
        const struct pv_frame *frame = &profile->frames[graph->funcs[at].frame];
        struct pv_frame_info info = {.name = pv_profile_text(profile, frame->name),
                                     .file = pv_profile_text(profile, frame->file),
                                     .line = frame->line};
        frames[at] = pv_build_frame(builder, &info);
        pv_build_func(builder, frames[at], PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, &graph->self[0][at],
                      &graph->total[0][at]);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        uint32_t at = is_backwards ? graph->arc_count - 1 - i : i;
        bool is_known = !graph->arc_has_total || graph->arc_has_total[at];
        pv_build_arc(builder, frames[graph->arcs[at].caller], frames[graph->arcs[at].callee],
                     PV_UNKNOWN_CALLS, is_known ? &graph->arc_total[0][at] : NULL);
    }
    free(frames);
    return small_finish(builder);
}

static const struct {
    const char *name, *argument;
    bool keeps_cost;
} calls[] = {
    {"focus", "f1$", false},
    {"focus", "f[234]$", false},
    {"ignore", "f2$", false},
    {"ignore", "pkg0", false},
    {"hide", "f1$", true},
    {"hide", "pkg[01]", true},
    {"show", "f[0-4]$", true},
    {"show-from", "f3$", false},
    {"prune-from", "f[12]$", true},
    {"root", "f4$", false},
    {"leaf", "f[05]$", false},
    {"depth", "3", true},
    {"prune", "12", true},
    {"granularity", "file", true},
    {"granularity", "module", true},
    {"granularity", "class", true},
    {"granularity", "function", true},
    {"granularity", "line", true},
    {"collapse-recursion", "", true},
    {"reverse", "", true},
};
enum { call_count = sizeof calls / sizeof calls[0] };

static void check_sums(const struct pv_profile *profile)
{
    const struct pv_graph *graph = profile->graph;
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        int64_t sum = profile->tree ? profile->tree->self[m][0] : 0;
        for (uint32_t i = 0; i < graph->func_count; i++) {
            sum += graph->self[m][i];
            assert_true(graph->self[m][i] >= 0);
            assert_true(graph->total[m][i] >= graph->self[m][i]);
        }
        assert_int_equal(sum, profile->metrics[m].total);
        for (uint32_t i = 0; i < graph->arc_count; i++)
            assert_true(graph->arc_total[m][i] >= 0);
    }
}

static void sums_hold(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 120; seed++)
        for (size_t c = 0; c < call_count; c++) {
            struct pv_profile *profile = make(seed % 2, seed);
            int64_t before = profile->metrics[0].total;
            if (apply(&profile, calls[c].name, calls[c].argument)) {
                int64_t after = profile->metrics[0].total;
                if (calls[c].keeps_cost ? after != before : after > before)
                    fail_msg("%s %s, seed %u: %lld became %lld", calls[c].name, calls[c].argument,
                             seed, (long long)before, (long long)after);
                check_sums(profile);
            }
            pv_profile_free(profile);
        }
}

/* Self and total of one function by its name; -1 where it is not there. */
static void values_of(const struct pv_profile *profile, struct pv_text name, int64_t values[2])
{
    values[0] = values[1] = -1;
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        if (pv_text_equal(pv_profile_name(profile, profile->graph->funcs[i].frame), name)) {
            values[0] = profile->graph->self[0][i];
            values[1] = profile->graph->total[0][i];
        }
}

/* Where a transform of arcs does not say that it estimates, it says what the stacks say. */
static void exact_is_exact(void **state)
{
    uint32_t exact = 0;
    (void)state;
    for (uint32_t seed = 0; seed < 400; seed++)
        for (size_t c = 0; c < call_count; c++) {
            struct pv_profile *stacks = pv_random_stacks(seed, 4 + seed % 30, 1 + seed % 5, 6);
            struct pv_limits limits = pv_limits_default();
            struct pv_error err;
            assert_true(pv_profile_need_graph(stacks, &limits, &err));
            struct pv_profile *arcs = arcs_of(stacks, false);
            bool compares = strcmp(calls[c].name, "depth") != 0 &&
                            strcmp(calls[c].name, "prune") != 0 &&
                            strcmp(calls[c].name, "granularity") != 0;
            compares = compares && apply(&stacks, calls[c].name, calls[c].argument);
            if (compares) {
                assert_true(apply(&arcs, calls[c].name, calls[c].argument));
                compares = !has_note(arcs, "estimated");
            }
            exact += compares;
            for (uint32_t i = 0; compares && i < arcs->graph->func_count; i++) {
                int64_t measured[2], derived[2];
                struct pv_text name = pv_profile_name(arcs, arcs->graph->funcs[i].frame);
                values_of(arcs, name, derived);
                values_of(stacks, name, measured);
                bool is_gone = measured[0] < 0 && derived[0] == 0 && derived[1] == 0;
                bool is_rest = arcs->frames[arcs->graph->funcs[i].frame].flags & PV_FRAME_REST;
                if (!is_gone && !is_rest &&
                    (measured[0] != derived[0] || measured[1] != derived[1]))
                    fail_msg("%s %s, seed %u: %.*s has %lld %lld, not %lld %lld", calls[c].name,
                             calls[c].argument, seed, PV_TEXT_ARGS(name), (long long)derived[0],
                             (long long)derived[1], (long long)measured[0], (long long)measured[1]);
            }
            pv_profile_free(stacks);
            pv_profile_free(arcs);
        }
    print_message("%u of %u were exact\n", exact, 400 * call_count);
    assert_true(exact > 400);
}

static void order_does_not_matter(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 60; seed++)
        for (size_t c = 0; c < call_count; c++) {
            struct pv_profile *from = make(true, seed);
            struct pv_profile *a = arcs_of(from, false), *b = arcs_of(from, true);
            bool is_one = apply(&a, calls[c].name, calls[c].argument);
            assert_int_equal(apply(&b, calls[c].name, calls[c].argument), is_one);
            char *x = text_of(a), *y = text_of(b);
            if (strcmp(x, y) != 0)
                fail_msg("%s %s, seed %u:\n%s\n%s", calls[c].name, calls[c].argument, seed, x, y);
            free(x);
            free(y);
            pv_profile_free(from);
            pv_profile_free(a);
            pv_profile_free(b);
        }
}

static void reverse_twice_is_the_same(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 60; seed++) {
        struct pv_profile *profile = make(false, seed);
        char *before = text_of(profile), *after;
        apply(&profile, "reverse", "");
        apply(&profile, "reverse", "");
        after = text_of(profile);
        assert_string_equal(before, after);
        free(before);
        free(after);
        pv_profile_free(profile);
    }
}

/* What is focused and what is ignored by the same pattern are the whole. */
static void focus_and_ignore_are_all(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 200; seed++) {
        struct pv_profile *focus = make(seed % 2, seed), *ignore = make(seed % 2, seed);
        int64_t whole = focus->metrics[0].total, rounding = seed % 2 ? 12 : 0;
        if (apply(&focus, "focus", "f2$") && apply(&ignore, "ignore", "f2$")) {
            int64_t sum = focus->metrics[0].total + ignore->metrics[0].total;
            assert_true(sum >= whole - rounding && sum <= whole + rounding);
        }
        pv_profile_free(focus);
        pv_profile_free(ignore);
    }
}

/* Recursion counts once, so taking it away changes no function's numbers. */
static void collapsing_changes_no_numbers(void **state)
{
    (void)state;
    for (uint32_t seed = 0; seed < 100; seed++) {
        struct pv_profile *before = make(seed % 2, seed), *after = make(seed % 2, seed);
        apply(&after, "collapse-recursion", "");
        assert_int_equal(before->graph->func_count, after->graph->func_count);
        for (uint32_t i = 0; i < before->graph->func_count; i++) {
            int64_t x[2], y[2];
            struct pv_text name = pv_profile_name(before, before->graph->funcs[i].frame);
            values_of(before, name, x);
            values_of(after, name, y);
            assert_memory_equal(x, y, sizeof x);
        }
        pv_profile_free(before);
        pv_profile_free(after);
    }
}

static void a_deep_stack_needs_no_call_stack(void **state)
{
    enum { deep = 60000 };
    static const char *const names[] = {"f", "g"};
    (void)state;
    for (size_t c = 0; c < call_count; c++) {
        struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "deep");
        struct pv_limits limits = pv_limits_default();
        struct pv_error err = {0};
        pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
        uint32_t frames[2] = {pv_build_name(builder, pv_text_of(names[0])),
                              pv_build_name(builder, pv_text_of("f1"))};
        uint32_t node = 0;
        for (uint32_t i = 0; i < deep; i++)
            node = pv_build_stack(builder, node, &frames[i % 2], 1, NULL);
        pv_build_self(builder, node, 0, 5);
        struct pv_profile *profile = small_finish(builder);
        limits.nodes = deep + 10;
        bool done = pv_transform_apply(&profile, transform_named(calls[c].name),
                                       pv_text_of(calls[c].argument), &limits, &err);
        assert_true(done || err.code == PV_NO_MATCH);
        pv_profile_free(profile);
    }
}

/* A deep tree whose every node was measured has a square of frames when it is turned around. */
static void reversing_is_limited(void **state)
{
    enum { deep = 2000, nodes = 2 * deep };
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "deep");
    struct pv_limits limits = pv_limits_default();
    struct pv_error err = {0};
    (void)state;
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t frame = pv_build_name(builder, PV_TEXT("f")), node = 0;
    for (uint32_t i = 0; i < deep; i++) {
        node = pv_build_stack(builder, node, &frame, 1, NULL);
        pv_build_self(builder, node, 0, 1);
    }
    struct pv_profile *profile = small_finish(builder);
    limits.nodes = nodes;
    assert_false(pv_transform_apply(&profile, transform_named("reverse"), (struct pv_text){0},
                                    &limits, &err));
    assert_int_equal(err.code, PV_LIMIT);
    pv_profile_free(profile);
}

/* Empty profiles, with and without a metric, and functions without any cost. */
static void nothing_is_no_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8 * (size_t)call_count; i++) {
        bool is_arcs = i & 1, has_metric = i & 2, has_funcs = i & 4;
        struct pv_builder *builder =
            pv_builder_new(NULL, is_arcs ? PV_ORIGIN_ARCS : PV_ORIGIN_STACKS, "nothing");
        int64_t none = 0;
        if (has_metric)
            pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
        uint32_t frames[2] = {pv_build_name(builder, PV_TEXT("f1")),
                              pv_build_name(builder, PV_TEXT("f4"))};
        if (has_funcs && is_arcs) {
            pv_build_func(builder, frames[0], 1, 1, &none, &none);
            pv_build_arc(builder, frames[0], frames[1], 1, &none);
        } else if (has_funcs) {
            pv_build_stack(builder, 0, frames, 2, NULL);
        }
        struct pv_profile *profile = small_finish(builder);
        apply(&profile, calls[i / 8].name, calls[i / 8].argument);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_hold),
        cmocka_unit_test(exact_is_exact),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(reverse_twice_is_the_same),
        cmocka_unit_test(focus_and_ignore_are_all),
        cmocka_unit_test(collapsing_changes_no_numbers),
        cmocka_unit_test(a_deep_stack_needs_no_call_stack),
        cmocka_unit_test(reversing_is_limited),
        cmocka_unit_test(nothing_is_no_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

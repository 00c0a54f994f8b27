#include "model/diff.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"
#include "tests/unit.h"

static struct pv_diff *differ(struct pv_profile *base, struct pv_profile *head, bool normalizes)
{
    struct pv_profile *const sides[2][1] = {{base}, {head}};
    const struct pv_diff_request request = {
        .runs = {sides[0], sides[1]}, .count = {1, 1}, .normalizes = normalizes};
    struct pv_diff *diff = NULL;
    struct pv_error err = {0};
    if (!pv_diff_new(&diff, &request, &err))
        fail_msg("%s", err.message);
    return diff;
}

/* "name base head base-calls>head-calls match" of every function, own values, sorted. */
static char *functions_text(const struct pv_diff *diff)
{
    static const char marks[] = "!=^~";
    const struct pv_graph *graph = diff->profile->graph;
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < graph->func_count; i++) {
        small_name(&out, diff->profile, graph->funcs[i].frame);
        pv_buffer_print(&out, " %lld %lld%c%u\n", (long long)graph->self[0][i],
                        (long long)graph->self[1][i], marks[diff->match[i]], diff->sides[i]);
    }
    return small_join(&out);
}

static void test_matching(void **state)
{
    static const struct {
        const char *label, *base, *head, *wanted;
    } rows[] = {
        {"same", "a;b 5", "a;b 7", "a 0 0=3|b 5 7=3"},
        {"new and gone", "a;b 5", "a;c 7", "a 0 0=3|b 5 0!1|c 0 7!2"},
        {"moved line", "f@x.py:10 5", "f@x.py:12 6", "f@x.py:12 5 6^3"},
        {"moved in order", "f@x.py:10 1|f@x.py:20 2", "f@x.py:14 3|f@x.py:24 4",
         "f@x.py:14 1 3^3|f@x.py:24 2 4^3"},
        {"the same line stays the same", "f@x.py:10 1|f@x.py:20 2", "f@x.py:20 3|f@x.py:40 4",
         "f@x.py:20 2 3=3|f@x.py:40 1 4^3"},
        {"more than before is no match", "f@x.py:10 1", "f@x.py:12 2|f@x.py:13 3",
         "f@x.py:10 1 0!1|f@x.py:12 0 2!2|f@x.py:13 0 3!2"},
        {"another folder", "f@a/x.py:3 1", "f@b/x.py:3 2", "f@b/x.py:3 1 2~3"},
        {"another library", "old/libm.so!sin 1", "new/libm.so!sin 2", "new/libm.so!sin 1 2~3"},
        {"another file, one of its name", "f@a.py:3 1", "f@b.py:9 2", "f@b.py:9 1 2~3"},
        {"another file, several of its name", "f@a.py:3 1|f@c.py:3 1", "f@b.py:9 2|f@c.py:3 1",
         "f@a.py:3 1 0!1|f@b.py:9 0 2!2|f@c.py:3 1 1=3"},
        {"several of a name, one moves", "f@x.py:1 1|f@y.py:1 2|f@y.py:5 1",
         "f@x.py:2 3|f@y.py:5 2|f@y.py:1 4", "f@x.py:2 1 3^3|f@y.py:1 2 4=3|f@y.py:5 1 2=3"},
        {"addresses in names", "f_0x12 1|f_0x9 1", "f_0x34 2|f_0x77 3",
         "f_0x34 1 2~3|f_0x77 1 3~3"},
        {"two of one identity are one", "a 1|b;a 2", "a 3", "a 3 3=3|b 0 0!1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *base = small_stacks(rows[i].base), *head = small_stacks(rows[i].head);
        struct pv_diff *diff = differ(base, head, false);
        char *text = functions_text(diff);
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: %s, not %s", rows[i].label, text, rows[i].wanted);
        free(text);
        pv_diff_free(diff);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

/* Threads have new numbers with every run. */
static void test_threads(void **state)
{
    struct pv_profile *sides[2];
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
        struct pv_frame_info info = {.name = i ? PV_TEXT("worker-77") : PV_TEXT("worker-5"),
                                     .flags = PV_FRAME_THREAD};
        pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
        uint32_t frame = pv_build_frame(builder, &info);
        pv_build_self(builder, pv_build_stack(builder, 0, &frame, 1, NULL), 0, 3 + i);
        sides[i] = small_finish(builder);
    }
    struct pv_diff *diff = differ(sides[0], sides[1], false);
    char *text = functions_text(diff);
    assert_string_equal(text, "worker-77 3 4~3");
    assert_int_equal(diff->profile->note_count, 1);
    free(text);
    pv_diff_free(diff);
    pv_profile_free(sides[0]);
    pv_profile_free(sides[1]);
}

static void check_columns(int64_t *const *columns, const struct pv_diff_pair *pair, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(columns[pair->change][i], columns[pair->head][i] - columns[pair->base][i]);
        assert_int_equal(columns[pair->both][i], columns[pair->head][i] + columns[pair->base][i]);
    }
}

/* Σ of the changes is the totals' change, and every side keeps its own numbers. */
static void check_sums(const struct pv_diff *diff, const struct pv_profile *base,
                       const struct pv_profile *head)
{
    const struct pv_profile *profile = diff->profile;
    const struct pv_graph *graph = profile->graph;
    for (uint32_t p = 0; p < diff->pair_count; p++) {
        const struct pv_diff_pair *pair = &diff->pairs[p];
        int64_t sum = 0;
        for (uint32_t i = 0; i < graph->func_count; i++)
            sum += graph->self[pair->change][i];
        assert_int_equal(sum, head->metrics[p].total - base->metrics[p].total);
        assert_int_equal(profile->metrics[pair->change].total, sum);
        assert_int_equal(profile->metrics[pair->base].total, base->metrics[p].total);
        assert_int_equal(profile->metrics[pair->head].total, head->metrics[p].total);
        check_columns(graph->self, pair, graph->func_count);
        check_columns(graph->total, pair, graph->func_count);
        check_columns(graph->arc_total, pair, graph->arc_count);
        check_columns(profile->tree->self, pair, profile->tree->count);
        check_columns(profile->tree->total, pair, profile->tree->count);
    }
}

static void check_sizes(const struct pv_diff *diff)
{
    const struct pv_tree *tree = diff->profile->tree;
    int64_t *sizes = pv_diff_sizes(diff, 0);
    int64_t *inside = pv_zalloc(tree->count, sizeof *inside);
    for (uint32_t i = tree->count; i-- > 0;) {
        assert_true(sizes[i] >= tree->total[diff->pairs[0].base][i]);
        assert_true(sizes[i] >= tree->total[diff->pairs[0].head][i]);
        assert_true(sizes[i] >= inside[i]);
        if (i)
            inside[tree->nodes[i].parent] += sizes[i];
    }
    free(sizes);
    free(inside);
}

/* Rows of the functions in a form that does not depend on their order; with `swaps`, base and head
 * exchanged. */
static char *rows_of(const struct pv_diff *diff, bool swaps)
{
    const struct pv_graph *graph = diff->profile->graph;
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < graph->func_count; i++) {
        int64_t change = graph->total[diff->pairs[0].change][i];
        small_name(&out, diff->profile, graph->funcs[i].frame);
        pv_buffer_print(&out, " %lld %lld %lld\n",
                        (long long)graph->self[diff->pairs[0].base + swaps][i],
                        (long long)graph->self[diff->pairs[0].head - swaps][i],
                        (long long)(swaps ? -change : change));
    }
    return small_join(&out);
}

static struct pv_profile *random_side(uint64_t seed, bool has_arcs)
{
    return has_arcs ? pv_random_arcs(seed, 30, 90) : pv_random_stacks(seed, 25, 8, 60);
}

static void test_invariants(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 60; seed++) {
        bool has_arcs = seed % 2;
        struct pv_profile *base = random_side(seed, has_arcs);
        struct pv_profile *head = random_side(seed + 1000, has_arcs && seed % 3);
        struct pv_diff *diff = differ(base, head, false), *back = differ(head, base, false);
        struct pv_diff *none = differ(base, base, false);
        pv_diff_need_tree(diff, 0);
        pv_diff_need_tree(none, 0);
        if (base->origin == head->origin)
            check_sums(diff, base, head);
        check_sizes(diff);
        char *there = rows_of(diff, false), *home = rows_of(back, true);
        assert_string_equal(there, home);
        for (uint32_t i = 0; i < none->profile->tree->count; i++)
            assert_int_equal(none->profile->tree->total[none->pairs[0].change][i], 0);
        for (uint32_t i = 0; i < none->profile->graph->func_count; i++) {
            assert_int_equal(none->profile->graph->total[none->pairs[0].change][i], 0);
            assert_int_equal(none->match[i], PV_MATCH_EXACT);
            assert_int_equal(none->calls[0][i], none->calls[1][i]);
        }
        free(there);
        free(home);
        pv_diff_free(diff);
        pv_diff_free(back);
        pv_diff_free(none);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

static void test_calls(void **state)
{
    struct pv_profile *base = small_arcs("main 1 5 20|f 3 15 15|old 2 0 0|main>f 3 15");
    struct pv_profile *head = small_arcs("main 1 5 30|f 7 25 25|main>f 7 25");
    (void)state;
    struct pv_diff *diff = differ(base, head, false);
    const struct pv_graph *graph = diff->profile->graph;
    assert_true(diff->has_calls);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        struct pv_text name = pv_profile_name(diff->profile, graph->funcs[i].frame);
        bool is_f = pv_text_equal(name, PV_TEXT("f")), is_old = pv_text_equal(name, PV_TEXT("old"));
        assert_int_equal(diff->calls[0][i], is_f ? 3 : is_old ? 2 : 1);
        assert_int_equal(diff->calls[1][i], is_f ? 7 : is_old ? 0 : 1);
    }
    assert_int_equal(graph->arc_count, 1);
    assert_int_equal(diff->arc_calls[0][0], 3);
    assert_int_equal(diff->arc_calls[1][0], 7);
    pv_diff_free(diff);
    pv_profile_free(base);
    pv_profile_free(head);
}

/* A side of several runs is their mean; twice as long a run is the same when it is normalised. */
static void test_runs(void **state)
{
    struct pv_profile *a = small_stacks("x 10|y 20"), *b = small_stacks("x 20|y 21");
    struct pv_profile *twice = small_stacks("x 20|y 40");
    struct pv_profile *const sides[2][3] = {{a, b, a}, {a, a, a}};
    const struct pv_diff_request request = {.runs = {sides[0], sides[1]}, .count = {3, 3}};
    struct pv_diff *diff = NULL;
    struct pv_error err = {0};
    (void)state;
    assert_true(pv_diff_new(&diff, &request, &err));
    const struct pv_graph *graph = diff->profile->graph;
    assert_int_equal(diff->profile->metrics[0].scale, 1000);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        bool is_x =
            pv_text_equal(pv_profile_name(diff->profile, graph->funcs[i].frame), PV_TEXT("x"));
        assert_int_equal(graph->self[0][i], is_x ? 13333 : 20333);
        assert_int_equal(graph->self[1][i], is_x ? 10000 : 20000);
        assert_int_equal(diff->run_self[0][0][graph->func_count + i], is_x ? 20000 : 21000);
        assert_int_equal(diff->run_total[1][0][2 * graph->func_count + i], is_x ? 10000 : 20000);
    }
    pv_diff_free(diff);
    diff = differ(a, twice, true);
    for (uint32_t i = 0; i < diff->profile->graph->func_count; i++)
        assert_int_equal(diff->profile->graph->self[diff->pairs[0].change][i], 0);
    assert_int_equal(diff->profile->metrics[1].total, 60000);
    pv_diff_free(diff);
    pv_profile_free(a);
    pv_profile_free(b);
    pv_profile_free(twice);
}

static void test_refusal(void **state)
{
    struct pv_profile *samples = small_stacks("x 10"), *time = small_arcs("x 1 10 10");
    struct pv_profile *const sides[2][1] = {{samples}, {time}};
    const struct pv_diff_request request = {.runs = {sides[0], sides[1]}, .count = {1, 1}};
    struct pv_diff *diff = NULL;
    struct pv_error err = {0};
    (void)state;
    assert_false(pv_diff_new(&diff, &request, &err));
    assert_string_equal(err.message, "the sides have no metric in common: base has samples "
                                     "(count), head has time (ns)");
    assert_null(diff);
    pv_profile_free(samples);
    pv_profile_free(time);
}

static void test_columns(void **state)
{
    struct pv_profile *both = pv_random_stacks(3, 8, 4, 30);
    struct pv_diff *diff = NULL;
    struct pv_error err = {0};
    (void)state;
    assert_false(pv_diff_of_columns(&diff, both, 0, 1, NULL, &err)); /* samples and time */
    assert_true(pv_diff_of_columns(&diff, both, 1, 1, NULL, &err));
    assert_int_equal(diff->profile->metrics[diff->pairs[0].change].total, 0);
    assert_int_equal(diff->profile->metrics[0].total, both->metrics[1].total);
    pv_diff_free(diff);
    pv_profile_free(both);
}

static enum pv_verdict verdict(const struct pv_diff *diff, const char *name, bool is_self)
{
    struct pv_judged *judged = pv_diff_judge(diff, 0, is_self);
    enum pv_verdict found = PV_VERDICT_SAME;
    for (uint32_t i = 0; i < diff->profile->graph->func_count; i++)
        if (pv_text_equal(pv_profile_name(diff->profile, diff->profile->graph->funcs[i].frame),
                          pv_text_of(name)))
            found = judged[i].verdict;
    free(judged);
    return found;
}

/* Samples: a share that moves by more than its error, and one that does not. */
static void test_judge_samples(void **state)
{
    struct pv_profile *base = small_stacks("a;hot 400|a;mild 300|a;rest 300");
    struct pv_profile *head = small_stacks("a;hot 600|a;mild 305|a;rest 95|a;new 2");
    (void)state;
    struct pv_diff *diff = differ(base, head, false);
    assert_int_equal(verdict(diff, "hot", true), PV_VERDICT_MORE);
    assert_int_equal(verdict(diff, "mild", true), PV_VERDICT_UNSURE);
    assert_int_equal(verdict(diff, "rest", true), PV_VERDICT_LESS);
    assert_int_equal(verdict(diff, "new", true), PV_VERDICT_UNSURE);
    assert_int_equal(verdict(diff, "a", false), PV_VERDICT_UNSURE);
    bool *chance = pv_diff_chance(diff, 0);
    assert_non_null(chance);
    free(chance);
    pv_diff_free(diff);
    diff = differ(base, base, false);
    assert_int_equal(verdict(diff, "hot", true), PV_VERDICT_SAME);
    pv_diff_free(diff);
    pv_profile_free(head);
    head = small_stacks("a;hot 500|a;mild 900|a;rest 1600");
    diff = differ(base, head, false);
    assert_int_equal(verdict(diff, "hot", true), PV_VERDICT_UNSURE);
    assert_int_equal(verdict(diff, "rest", true), PV_VERDICT_MORE);
    pv_diff_free(diff);
    pv_profile_free(base);
    pv_profile_free(head);
}

/* Times that samples stand for are as many samples, and weights are no samples at all. */
static void test_judge_weights(void **state)
{
    struct pv_profile *base = small_stacks("a;hot 400000|a;mild 300000|a;rest 300000");
    struct pv_profile *head = small_stacks("a;hot 600000|a;mild 305000|a;rest 95000");
    struct pv_buffer text = {0};
    (void)state;
    struct pv_diff *diff = differ(base, head, false);
    assert_true(diff->samples[0][0] == 200 && diff->pairs[0].noise == PV_NOISE_SAMPLES);
    pv_diff_free(diff);
    for (int i = 0; i < 24; i++)
        pv_buffer_print(&text, "%sf%d %d", i ? "|" : "", i, 5000 + i);
    pv_buffer_char(&text, '\0');
    struct pv_profile *weights = small_stacks(text.data);
    diff = differ(base, weights, false);
    assert_int_equal(diff->pairs[0].noise, PV_NOISE_UNKNOWN);
    pv_diff_free(diff);
    pv_buffer_free(&text);
    pv_profile_free(base);
    pv_profile_free(head);
    pv_profile_free(weights);
}

/* Measured time: one run a side tells nothing, and neither do three; four that never meet do. */
static void test_judge_runs(void **state)
{
    static const char *const texts[2][4] = {
        {"f 1 10 10|g 1 50 50", "f 1 11 11|g 1 50 50", "f 1 12 12|g 1 51 51", "f 1 9 9|g 1 52 52"},
        {"f 1 20 20|g 1 50 50", "f 1 19 19|g 1 53 53", "f 1 22 22|g 1 49 49",
         "f 1 18 18|g 1 51 51"},
    };
    struct pv_profile *runs[2][4];
    struct pv_error err = {0};
    (void)state;
    for (int i = 0; i < 8; i++)
        runs[i / 4][i % 4] = small_arcs(texts[i / 4][i % 4]);
    for (uint32_t count = 1; count <= 4; count++) {
        const struct pv_diff_request request = {.runs = {runs[0], runs[1]},
                                                .count = {count, count}};
        struct pv_diff *diff;
        assert_true(pv_diff_new(&diff, &request, &err));
        /* Two functions are two tests: 2 / 70 twice is more than the level. */
        assert_int_equal(verdict(diff, "f", true), PV_VERDICT_UNSURE);
        struct pv_judged whole = pv_diff_judge_whole(diff, 0);
        assert_int_equal(whole.verdict, count == 4 ? PV_VERDICT_MORE : PV_VERDICT_UNSURE);
        pv_diff_free(diff);
    }
    for (int i = 0; i < 8; i++)
        pv_profile_free(runs[i / 4][i % 4]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching),      cmocka_unit_test(test_threads),
        cmocka_unit_test(test_invariants),    cmocka_unit_test(test_calls),
        cmocka_unit_test(test_runs),          cmocka_unit_test(test_refusal),
        cmocka_unit_test(test_columns),       cmocka_unit_test(test_judge_samples),
        cmocka_unit_test(test_judge_weights), cmocka_unit_test(test_judge_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

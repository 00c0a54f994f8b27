#include "model/prune.h"

#include "model/heap.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

/* Kept functions, then arcs ("a>b 5", "a..b 5" where residual, "?" without a number), then what is
 * left out: functions, arcs, self. */
static char *pruned_text(const struct pv_profile *profile, const struct pv_pruned *pruned)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < pruned->func_count; i++) {
        pv_buffer_add(&out,
                      pv_profile_name(profile, profile->graph->funcs[pruned->funcs[i]].frame));
        pv_buffer_char(&out, ' ');
    }
    for (uint32_t i = 0; i < pruned->arc_count; i++) {
        const struct pv_kept_arc *arc = &pruned->arcs[i];
        struct pv_text caller =
            pv_profile_name(profile, profile->graph->funcs[pruned->funcs[arc->caller]].frame);
        struct pv_text callee =
            pv_profile_name(profile, profile->graph->funcs[pruned->funcs[arc->callee]].frame);
        pv_buffer_print(&out, "| %.*s%s%.*s ", PV_TEXT_ARGS(caller), arc->is_residual ? ".." : ">",
                        PV_TEXT_ARGS(callee));
        if (arc->has_total)
            pv_buffer_print(&out, "%lld ", (long long)arc->total);
        else
            pv_buffer_print(&out, "? ");
    }
    pv_buffer_print(&out, "| -%u -%u %lld", pruned->rest_funcs, pruned->rest_arcs,
                    (long long)pruned->rest_self);
    pv_buffer_char(&out, '\0');
    return out.data;
}

static void pruning(void **state)
{
    static const struct {
        const char *label;
        bool is_arcs;
        const char *profile;
        struct pv_prune_options options;
        const char *wanted;
    } rows[] = {
        {"all stay", false, "a;b 6|a;c 4", {.metric = 0}, "a b c | a>b 6 | a>c 4 | -0 -0 0"},
        {"a small one goes", false, "a;b 95|a;c 5", {.func_percent = 10}, "a b | a>b 95 | -1 -0 5"},
        {"the share is at least",
         false,
         "a;b 90|a;c 10",
         {.func_percent = 10},
         "a b c | a>b 90 | a>c 10 | -0 -0 0"},
        {"only so many, the name decides",
         false,
         "a;c 5|a;b 5",
         {.max_funcs = 2},
         "a b | a>b 5 | -1 -0 5"},
        {"self decides before the name", false, "b;a 9", {.max_funcs = 1}, "a | -1 -0 0"},
        {"a way through what is left out is dotted",
         false,
         "m;x;b 50|m;y;b 30|m 20|q 0",
         {.max_funcs = 2},
         "m b | m..b 80 | -3 -0 0"},
        {"once per stack",
         false,
         "m;x;b;m;x;b 50|m;z;q 9|m 40",
         {.max_funcs = 2},
         "m b | m..b 50 | b>m 50 | -3 -0 9"},
        {"direct and dotted beside each other",
         false,
         "m;b 50|m;x;b 30",
         {.max_funcs = 2},
         "b m | m>b 50 | m..b 30 | -1 -0 0"},
        {"what the root itself holds is in the rest", false, "a 5| 3", {0}, "a | -0 -0 3"},
        {"a small arc goes, the one that holds stays",
         false,
         "m;a;c 60|m;b;c 1|m;b 39|w 900",
         {.arc_percent = 6},
         "w m c a b | m>a 60 | a>c 60 | m>b 40 | -0 -1 0"},
        {"only so many arcs, but all hang on something",
         false,
         "m;a;b;a;b 10|m;c 1",
         {.max_arcs = 3},
         "m b a c | m>a 10 | a>b 10 | m>c 1 | -0 -1 0"},
        {"measured arcs",
         true,
         "m 1 10 100|a 2 60 60|b 3 30 30|m>a 2 60|m>b 3 30",
         {.max_funcs = 2},
         "m a | m>a 60 | -1 -0 30"},
        {"the widest way, without a number",
         true,
         "m 1 5 100|n 1 5 90|a 1 80 80|x 1 5 50|y 1 5 60"
         "|m>x 1 50|x>a 1 10|n>y 1 30|y>a 1 30|m>n 1 90",
         {.func_percent = 70},
         "m n a | m>n 90 | n..a ? | -2 -0 10"},
        {"a function is not its own caller",
         true,
         "m 1 5 100|a 1 80 80|x 1 5 50|y 1 9 9|m>y 1 1|y>x 1 1|a>x 1 60|x>a 1 60",
         {.func_percent = 70},
         "m a | m..a ? | -2 -0 14"},
        {"one with a caller of its own needs no way",
         true,
         "m 1 5 100|a 1 80 80|x 1 5 50|m>x 1 50|x>a 1 10|m>a 1 0",
         {.func_percent = 70, .arc_percent = 5},
         "m a | m>a 0 | -1 -0 5"},
        {"what takes all begins the program",
         true,
         "e 3 10 100|m 1 80 90|l 2 10 15|e>m 1 90|m>l 2 15|l>e 2 10",
         {.func_percent = 70},
         "e m | e>m 90 | -1 -0 10"},
        {"no way from anything kept",
         true,
         "a 1 80 80|x 1 5 50|x>a 1 10",
         {.func_percent = 70},
         "a | -1 -0 5"},
        {"a caller of which only calls are known",
         true,
         "m 1 5 90|a 1 80 80|m>a 7 ?",
         {.func_percent = 1},
         "m a | m>a ? | -0 -0 0"},
        {"nothing recorded",
         true,
         "a 3 0 0|b 2 0 0|a>b 2 0",
         {.func_percent = 1},
         "a b | a>b 0 | -0 -0 0"},
        {"nothing at all", false, "", {.func_percent = 1}, "| -0 -0 0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile =
            rows[i].is_arcs ? small_arcs(rows[i].profile) : small_stacks(rows[i].profile);
        struct pv_pruned *pruned = pv_prune_graph(profile, &rows[i].options);
        char *text = pruned_text(profile, pruned);
        print_message("%s\n", rows[i].label);
        assert_string_equal(text, rows[i].wanted);
        free(text);
        pv_pruned_free(pruned);
        pv_profile_free(profile);
    }
}

/* Σ self of what is kept and of the rest is the total; residual arcs are those of the definition.
 */
static void sums_match(const struct pv_profile *profile, const struct pv_pruned *pruned,
                       uint32_t metric)
{
    int64_t sum = pruned->rest_self;
    for (uint32_t i = 0; i < pruned->func_count; i++)
        sum += profile->graph->self[metric][pruned->funcs[i]];
    assert_int_equal(sum, profile->metrics[metric].total);
    assert_int_equal(pruned->func_count + pruned->rest_funcs, profile->graph->func_count);
    for (uint32_t i = 0; i < pruned->arc_count; i++) {
        const struct pv_kept_arc *arc = &pruned->arcs[i];
        assert_true(arc->caller < pruned->func_count && arc->callee < pruned->func_count);
        assert_int_equal(arc->is_residual, arc->arc == PV_NONE);
        uint32_t callee = pruned->funcs[arc->callee];
        if (profile->origin == PV_ORIGIN_STACKS)
            assert_true(arc->total <= profile->graph->total[metric][callee]);
    }
}

/* Every kept function that has something kept above it in a stack is called by something kept. */
static void all_hang(const struct pv_profile *profile, const struct pv_pruned *pruned)
{
    const struct pv_tree *tree = profile->tree;
    bool *is_kept = calloc(profile->frame_count + 1, sizeof *is_kept);
    bool *has_above = calloc(profile->frame_count + 1, sizeof *has_above);
    for (uint32_t i = 0; i < pruned->func_count; i++)
        is_kept[profile->graph->funcs[pruned->funcs[i]].frame] = true;
    for (uint32_t i = 1; i < tree->count; i++)
        for (uint32_t up = tree->nodes[i].parent; up != 0; up = tree->nodes[up].parent)
            if (tree->nodes[up].frame != tree->nodes[i].frame && is_kept[tree->nodes[up].frame])
                has_above[tree->nodes[i].frame] = true;
    for (uint32_t i = 0; i < pruned->arc_count; i++)
        if (pruned->arcs[i].caller != pruned->arcs[i].callee)
            has_above[profile->graph->funcs[pruned->funcs[pruned->arcs[i].callee]].frame] = false;
    for (uint32_t i = 0; i < profile->frame_count; i++)
        assert_false(is_kept[i] && has_above[i]);
    free(is_kept);
    free(has_above);
}

static void random_profiles_keep_their_sums(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    (void)state;
    for (uint32_t seed = 1; seed <= 200; seed++) {
        bool is_arcs = seed % 2;
        struct pv_profile *profile =
            is_arcs ? pv_random_arcs(seed, 30, 60) : pv_random_stacks(seed, 4 + seed % 40, 12, 60);
        assert_non_null(profile);
        assert_true(pv_profile_need_graph(profile, &limits, &err));
        struct pv_prune_options options = {
            .metric = is_arcs ? 0 : seed / 2 % 2,
            .func_percent = (double)(seed % 13),
            .arc_percent = (double)(seed % 5),
            .max_funcs = seed % 17,
        };
        struct pv_pruned *pruned = pv_prune_graph(profile, &options);
        sums_match(profile, pruned, options.metric);
        if (!is_arcs)
            all_hang(profile, pruned);
        pv_pruned_free(pruned);
        pv_profile_free(profile);
    }
}

/* The same records in another order give the same picture. */
static void order_does_not_matter(void **state)
{
    static const char *const rows[][2] = {
        {"m;x;b 50|m;y;b 50|m;z;b;m 50|n;x;b 50", "n;x;b 50|m;z;b;m 50|m;y;b 50|m;x;b 50"},
        {"m 1 5 100|n 1 5 100|a 1 80 80|x 1 5 50|y 1 5 50|m>x 1 9|n>y 1 9|x>a 1 9|y>a 1 9",
         "y>a 1 9|x>a 1 9|n>y 1 9|m>x 1 9|y 1 5 50|x 1 5 50|a 1 80 80|n 1 5 100|m 1 5 100"},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char *texts[2];
        for (size_t k = 0; k < 2; k++) {
            struct pv_profile *profile = i ? small_arcs(rows[i][k]) : small_stacks(rows[i][k]);
            struct pv_prune_options options = {.func_percent = 60};
            struct pv_pruned *pruned = pv_prune_graph(profile, &options);
            texts[k] = pruned_text(profile, pruned);
            pv_pruned_free(pruned);
            pv_profile_free(profile);
        }
        assert_string_equal(texts[0], texts[1]);
        free(texts[0]);
        free(texts[1]);
    }
}

static bool is_smaller(const void *context, uint32_t a, uint32_t b)
{
    (void)context;
    return a < b;
}

static void the_best_come_first(void **state)
{
    struct pv_random random = {5};
    (void)state;
    for (uint32_t count = 0; count < 40; count++) {
        uint32_t items[40], all[40];
        for (uint32_t i = 0; i < count; i++)
            all[i] = items[i] = pv_random_below(&random, 20);
        assert_int_equal(pv_heap_best(all, count, 0, is_smaller, NULL), count);
        for (uint32_t i = 1; i < count; i++)
            assert_true(all[i - 1] <= all[i]);
        uint32_t wanted = 1 + count / 3;
        uint32_t found = pv_heap_best(items, count, wanted, is_smaller, NULL);
        assert_int_equal(found, wanted < count ? wanted : count);
        assert_memory_equal(items, all, found * sizeof *items);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pruning),
        cmocka_unit_test(random_profiles_keep_their_sums),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(the_best_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/graph.h"

#include "tests/random_profile.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static struct pv_profile *read_stacks(const char *lines)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "test");
    struct pv_text rest = pv_text_of(lines), line, name;
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    while (pv_text_split(&rest, ' ', &line)) {
        uint32_t frames[64], count = 0;
        while (pv_text_split(&line, ';', &name))
            frames[count++] = pv_build_name(builder, name);
        pv_build_self(builder, pv_build_stack(builder, 0, frames, count, NULL), 0, 1);
    }
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    struct pv_limits limits = pv_limits_default();
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    return profile;
}

static uint32_t func_named(const struct pv_profile *profile, const char *name)
{
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        if (pv_text_equal(pv_profile_name(profile, profile->graph->funcs[i].frame),
                          pv_text_of(name)))
            return i;
    return PV_NONE;
}

static int64_t arc_total(const struct pv_profile *profile, const char *caller, const char *callee)
{
    uint32_t from = func_named(profile, caller), to = func_named(profile, callee);
    for (uint32_t a = profile->graph->funcs[from].first_out; a != PV_NONE;
         a = profile->graph->arcs[a].next_out)
        if (profile->graph->arcs[a].callee == to)
            return profile->graph->arc_total[0][a];
    return -1;
}

static void recursion_counts_once(void **state)
{
    (void)state;
    static const struct {
        const char *label, *stacks, *name;
        int64_t self, total;
    } rows[] = {
        {"plain", "a;b;c a;b a", "b", 1, 2},
        {"direct recursion", "a;b;b;b a;b;b", "b", 2, 2},
        {"mutual recursion", "a;b;a;b;a", "a", 1, 1},
        {"mutual recursion, the other", "a;b;a;b;a", "b", 0, 1},
        {"twice beside each other", "m;f;x m;f;y m;g;f", "f", 1, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_stacks(rows[i].stacks);
        uint32_t func = func_named(profile, rows[i].name);
        print_message("%s\n", rows[i].label);
        assert_int_equal(rows[i].self, profile->graph->self[0][func]);
        assert_int_equal(rows[i].total, profile->graph->total[0][func]);
        pv_profile_free(profile);
    }
}

static void an_arc_counts_once_per_stack(void **state)
{
    (void)state;
    struct pv_profile *profile = read_stacks("a;b;a;b;c a;b;b;b a;c");
    assert_int_equal(2, arc_total(profile, "a", "b"));
    assert_int_equal(1, arc_total(profile, "b", "a"));
    assert_int_equal(1, arc_total(profile, "b", "b"));
    assert_int_equal(1, arc_total(profile, "b", "c"));
    assert_int_equal(1, arc_total(profile, "a", "c"));
    pv_profile_free(profile);
}

/* The definition, slowly: for every node with samples, each function on its way counts once. */
static void totals_equal_the_definition(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct pv_profile *profile =
            pv_random_stacks(seed, 1 + (uint32_t)seed % 12, 1 + (uint32_t)seed % 20, 100);
        struct pv_limits limits = pv_limits_default();
        struct pv_error err;
        assert_true(pv_profile_need_graph(profile, &limits, &err));
        const struct pv_tree *tree = profile->tree;
        int64_t *total = calloc(profile->frame_count, sizeof *total);
        uint32_t *seen = calloc(profile->frame_count, sizeof *seen);
        for (uint32_t i = 1; i < tree->count; i++)
            for (uint32_t at = i; at != 0; at = tree->nodes[at].parent)
                if (seen[tree->nodes[at].frame] != i) {
                    seen[tree->nodes[at].frame] = i;
                    total[tree->nodes[at].frame] += tree->self[1][i];
                }
        int64_t self = 0;
        for (uint32_t f = 0; f < profile->graph->func_count; f++) {
            assert_int_equal(total[profile->graph->funcs[f].frame], profile->graph->total[1][f]);
            self += profile->graph->self[1][f];
        }
        assert_int_equal(profile->metrics[1].total, self);
        free(total);
        free(seen);
        pv_profile_free(profile);
    }
}

static void cycles_are_found(void **state)
{
    (void)state;
    struct pv_profile *profile = read_stacks("a;b;c;a d;b e;e f");
    uint32_t count, *component = pv_graph_components(profile, &count);
    assert_int_equal(4, count); /* {a b c}, d, e, f */
    assert_int_equal(component[func_named(profile, "a")], component[func_named(profile, "c")]);
    assert_int_not_equal(component[func_named(profile, "a")], component[func_named(profile, "d")]);
    free(component);
    pv_profile_free(profile);
}

static void a_loader_does_not_melt_its_callers_into_a_cycle(void **state)
{
    (void)state;
    struct pv_profile *profile = read_stacks("exec;main;exec;other");
    profile->frames[profile->graph->funcs[func_named(profile, "exec")].frame].flags =
        PV_FRAME_LOADER;
    uint32_t count, *component = pv_graph_components(profile, &count);
    assert_int_equal(3, count);
    free(component);
    pv_profile_free(profile);
}

static void a_cycle_of_100000_functions_needs_no_call_stack(void **state)
{
    (void)state;
    enum { many = 100000 };
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    char name[16];
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    for (uint32_t i = 0; i < many; i++) {
        int size = snprintf(name, sizeof name, "f%u", i);
        pv_build_name(builder, (struct pv_text){name, (size_t)size});
    }
    for (uint32_t i = 0; i < many; i++)
        pv_build_arc(builder, i, (i + 1) % many, 1, NULL);
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    uint32_t count, *component = pv_graph_components(profile, &count);
    assert_int_equal(1, count);
    free(component);
    pv_profile_free(profile);
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct pv_profile *profile = pv_random_stacks(3, 50, 20, 500);
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    limits.arcs = 3;
    assert_false(pv_profile_need_graph(profile, &limits, &err));
    assert_non_null(strstr(err.message, "--max-arcs"));
    limits.arcs = 5000;
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    pv_profile_free(profile);
}

static void a_tree_alone_says_the_same(void **state)
{
    (void)state;
    struct pv_profile *profile = read_stacks("a;b a;b;c a;c d");
    uint32_t functions = profile->graph->func_count;
    int64_t total = profile->graph->total[0][func_named(profile, "a")];
    int64_t self[8];
    assert_int_equal(6, profile->tree->count);
    for (uint32_t i = 0; i < profile->tree->count; i++)
        self[i] = profile->tree->self[0][i];
    pv_profile_keep_tree(profile, 0);
    pv_profile_keep_tree(profile, 0);
    assert_null(profile->tree->self[0]);
    for (uint32_t i = 0; i < profile->tree->count; i++)
        assert_int_equal(self[i], pv_tree_self(profile->tree, 0, i));
    assert_int_equal(profile->graph->arc_count, 0);
    assert_int_equal(profile->graph->func_count, functions);
    assert_int_equal(profile->graph->total[0][func_named(profile, "a")], total);
    for (uint32_t f = 0; f < functions; f++)
        assert_true(profile->graph->funcs[f].first_out == PV_NONE &&
                    profile->graph->funcs[f].first_in == PV_NONE);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recursion_counts_once),
        cmocka_unit_test(an_arc_counts_once_per_stack),
        cmocka_unit_test(totals_equal_the_definition),
        cmocka_unit_test(cycles_are_found),
        cmocka_unit_test(a_loader_does_not_melt_its_callers_into_a_cycle),
        cmocka_unit_test(a_cycle_of_100000_functions_needs_no_call_stack),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(a_tree_alone_says_the_same),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}

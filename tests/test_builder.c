#include "model/builder.h"

#include "tests/unit.h"

#include <string.h>

static struct pv_profile *finish(struct pv_builder *builder)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    return profile;
}

static void refuse(struct pv_builder *builder, const char *word)
{
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    assert_false(pv_builder_finish(builder, &profile, &err));
    assert_null(profile);
    assert_non_null(strstr(err.message, word));
    pv_builder_free(builder);
}

static struct pv_builder *stacks(const struct pv_limits *limits)
{
    struct pv_builder *builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "test");
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    return builder;
}

static uint32_t add(struct pv_builder *builder, const char *names, int64_t value)
{
    uint32_t frames[64], count = 0;
    struct pv_text rest = pv_text_of(names), name;
    while (pv_text_split(&rest, ';', &name))
        frames[count++] = pv_build_name(builder, name);
    uint32_t node = pv_build_stack(builder, 0, frames, count, NULL);
    pv_build_self(builder, node, 0, value);
    return node;
}

static void equal_stacks_share_nodes(void **state)
{
    (void)state;
    struct pv_builder *builder = stacks(NULL);
    uint32_t node = add(builder, "a;b;c", 5);
    assert_int_equal(node, add(builder, "a;b;c", 7));
    assert_int_not_equal(node, add(builder, "a;c;c", 1));
    add(builder, "a;b", 3);
    struct pv_profile *profile = finish(builder);
    assert_int_equal(6, profile->tree->count); /* the root, a, ab, abc, ac, acc */
    assert_int_equal(16, profile->metrics[0].total);
    assert_int_equal(16, profile->tree->total[0][0]);
    assert_int_equal(15, profile->tree->total[0][2]);
    assert_int_equal(12, profile->tree->self[0][node]);
    for (uint32_t i = 1; i < profile->tree->count; i++)
        assert_true(profile->tree->nodes[i].parent < i);
    pv_profile_free(profile);
}

static void a_stack_can_go_on_from_a_node(void **state)
{
    (void)state;
    struct pv_builder *builder = stacks(NULL);
    uint32_t abc = add(builder, "a;b;c", 1), nodes[2];
    uint32_t frames[] = {pv_build_name(builder, PV_TEXT("b")),
                         pv_build_name(builder, PV_TEXT("c"))};
    const struct pv_node *all = pv_build_nodes(builder);
    uint32_t a = all[all[abc].parent].parent;
    assert_int_equal(abc, pv_build_stack(builder, a, frames, 2, nodes));
    assert_int_equal(abc, nodes[1]);
    assert_int_equal(pv_build_nodes(builder)[abc].parent, nodes[0]);
    pv_profile_free(finish(builder));
}

static void frames_are_told_apart_by_all_four_parts(void **state)
{
    (void)state;
    struct pv_builder *builder = stacks(NULL);
    const struct pv_frame_info infos[] = {
        {.name = PV_TEXT("f")},
        {.name = PV_TEXT("f"), .file = PV_TEXT("f")},
        {.name = PV_TEXT("f"), .module = PV_TEXT("f")},
        {.name = PV_TEXT("f"), .line = 1},
        {.file = PV_TEXT("f")},
    };
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(i, pv_build_frame(builder, &infos[i]));
    struct pv_frame_info flagged = {.name = PV_TEXT("f"), .flags = PV_FRAME_KERNEL};
    assert_int_equal(0, pv_build_frame(builder, &flagged));
    assert_int_equal(0, pv_build_name(builder, PV_TEXT("f")));
    struct pv_profile *profile = finish(builder);
    assert_int_equal(PV_FRAME_KERNEL, profile->frames[0].flags);
    pv_profile_free(profile);
}

static void fractions_raise_the_scale_of_all(void **state)
{
    (void)state;
    struct pv_builder *builder = stacks(NULL);
    bool fits;
    uint32_t node = add(builder, "a", 0);
    pv_build_self(builder, node, 0, pv_build_value(builder, 0, (struct pv_decimal){3, 0}, &fits));
    pv_build_self(builder, node, 0, pv_build_value(builder, 0, (struct pv_decimal){25, 2}, &fits));
    pv_build_self(builder, node, 0, pv_build_value(builder, 0, (struct pv_decimal){5, 1}, &fits));
    pv_build_value(builder, 0, (struct pv_decimal){INT64_MAX, 0}, &fits);
    assert_false(fits);
    struct pv_profile *profile = finish(builder);
    assert_int_equal(100, profile->metrics[0].scale);
    assert_int_equal(375, profile->metrics[0].total);
    pv_profile_free(profile);
}

static void sums_beyond_64_bits_are_refused(void **state)
{
    (void)state;
    struct pv_builder *builder = stacks(NULL);
    add(builder, "a", INT64_MAX);
    add(builder, "b", INT64_MAX);
    refuse(builder, "64 bits");
    builder = stacks(NULL);
    add(builder, "a", INT64_MAX);
    add(builder, "a", INT64_MAX);
    refuse(builder, "64 bits");
}

static void limits_end_in_an_error_that_names_them(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.functions = 2;
    struct pv_builder *builder = stacks(&limits);
    add(builder, "a;b;c", 1);
    refuse(builder, "functions");
    limits = pv_limits_default();
    limits.nodes = 10;
    builder = stacks(&limits);
    for (uint32_t i = 0; i < 2000; i++)
        add(builder, (const char *[]){"a;a;a;a;a;a;a;a;a;a", "b;b;b;b;b;b;b;b;a;b"}[i % 2], 1);
    pv_profile_free(finish(builder));
    limits.nodes = pv_limits_default().nodes;
    limits.memory = 4096;
    builder = stacks(&limits);
    add(builder, "a;b;c", 1);
    refuse(builder, "--max-memory");
}

static void a_deep_stack_is_cut_visibly(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.stack_depth = 100;
    struct pv_builder *builder = stacks(&limits);
    uint32_t frames[1000], nodes[1000];
    for (uint32_t i = 0; i < 1000; i++)
        frames[i] = pv_build_name(builder, PV_TEXT("f"));
    uint32_t node = pv_build_stack(builder, 0, frames, 1000, nodes);
    assert_int_equal(node, nodes[999]);
    assert_int_equal(node, pv_build_stack(builder, nodes[500], frames, 10, NULL));
    pv_build_self(builder, node, 0, 4);
    struct pv_profile *profile = finish(builder);
    assert_int_equal(102, profile->tree->count);
    assert_int_equal(4, profile->tree->total[0][100]);
    assert_true(profile->frames[profile->tree->nodes[101].frame].flags & PV_FRAME_REST);
    assert_int_equal(1, profile->note_count);
    pv_profile_free(profile);
}

static void a_long_name_is_cut_and_stays_itself(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'n', sizeof name);
    struct pv_text text = {name, sizeof name};
    struct pv_limits limits = pv_limits_default();
    limits.name_bytes = 100;
    struct pv_builder *builder = stacks(&limits);
    uint32_t a = pv_build_name(builder, text);
    name[299] = 'x';
    uint32_t b = pv_build_name(builder, text);
    assert_int_not_equal(a, b);
    assert_int_equal(b, pv_build_name(builder, text));
    struct pv_text cut = pv_build_frame_text(builder, a);
    assert_true(pv_text_search(cut, PV_TEXT("n[\xE2\x80\xA6 264 bytes more, ")) == 35);
    assert_true(cut.size <= 100);
    assert_int_equal(a, pv_build_name(builder, cut)); /* what was cut is not cut again */
    pv_profile_free(finish(builder));
}

static void rows_of_one_arc_add_up(void **state)
{
    (void)state;
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    uint32_t a = pv_build_name(builder, PV_TEXT("a")), b = pv_build_name(builder, PV_TEXT("b"));
    uint32_t c = pv_build_name(builder, PV_TEXT("c"));
    pv_build_func(builder, a, 1, 1, (int64_t[]){5}, (int64_t[]){10});
    pv_build_func(builder, b, 2, 1, (int64_t[]){3}, (int64_t[]){4});
    pv_build_func(builder, b, 2, PV_UNKNOWN_CALLS, (int64_t[]){1}, (int64_t[]){1});
    pv_build_arc(builder, a, b, 2, (int64_t[]){4});
    pv_build_arc(builder, a, b, 3, (int64_t[]){1});
    pv_build_arc(builder, c, b, 1, NULL);
    struct pv_profile *profile = finish(builder);
    const struct pv_graph *graph = profile->graph;
    assert_int_equal(3, graph->func_count);
    assert_int_equal(2, graph->arc_count);
    assert_int_equal(5, graph->arcs[0].calls);
    assert_int_equal(5, graph->arc_total[0][0]);
    assert_false(graph->arc_has_total[1]);
    assert_int_equal(4, graph->funcs[1].calls);
    assert_int_equal(1, pv_primitive_calls(graph, 1));
    assert_int_equal(PV_UNKNOWN_CALLS, graph->funcs[2].calls);
    assert_int_equal(9, profile->metrics[0].total);
    assert_int_equal(0, graph->funcs[0].first_out);
    assert_int_equal(1, graph->arcs[0].next_in);
    pv_profile_free(profile);
}

/* So many rows that the builder merges them on the way. */
static void a_million_rows_of_few_arcs_stay_few(void **state)
{
    (void)state;
    enum { FRAMES = 40, ROWS = 1300000 };
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    uint32_t frames[FRAMES];
    for (uint32_t i = 0; i < FRAMES; i++) {
        char name[2] = {(char)('0' + i), 0};
        frames[i] = pv_build_name(builder, pv_text_of(name));
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        int64_t total = 3;
        pv_build_arc(builder, frames[i % FRAMES], frames[i * 7 % FRAMES], 2,
                     i % FRAMES == 1 ? NULL : &total);
    }
    struct pv_profile *profile = finish(builder);
    const struct pv_graph *graph = profile->graph;
    assert_int_equal(FRAMES, graph->arc_count);
    for (uint32_t i = 0; i < FRAMES; i++) {
        uint32_t caller = graph->funcs[graph->arcs[i].caller].frame;
        assert_int_equal(caller * 7 % FRAMES, graph->funcs[graph->arcs[i].callee].frame);
        assert_int_equal(2 * (ROWS / FRAMES), graph->arcs[i].calls);
        assert_int_equal(caller == 1 ? 0 : 3 * (ROWS / FRAMES), graph->arc_total[0][i]);
        assert_int_equal(caller != 1, graph->arc_has_total[i]);
    }
    pv_profile_free(profile);
}

static struct pv_builder *arcs_under_a_limit_of_three(uint32_t pairs, uint32_t times)
{
    struct pv_limits limits = pv_limits_default();
    limits.arcs = 3;
    struct pv_builder *builder = pv_builder_new(&limits, PV_ORIGIN_ARCS, "test");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    uint32_t root = pv_build_name(builder, PV_TEXT("root"));
    for (uint32_t i = 0; i < pairs * times; i++) {
        char name[2] = {(char)('a' + i % pairs), 0};
        pv_build_arc(builder, root, pv_build_name(builder, pv_text_of(name)), 1, &(int64_t){1});
    }
    return builder;
}

static void the_limit_of_arcs_counts_pairs_not_rows(void **state)
{
    (void)state;
    struct pv_profile *profile = finish(arcs_under_a_limit_of_three(3, 100));
    assert_int_equal(3, profile->graph->arc_count);
    assert_int_equal(100, profile->graph->arcs[2].calls);
    pv_profile_free(profile);
    refuse(arcs_under_a_limit_of_three(4, 1), "caller-callee pairs");
    refuse(arcs_under_a_limit_of_three(4, 100), "caller-callee pairs");
}

static void notes_of_one_kind_add_up(void **state)
{
    (void)state;
    struct pv_builder *builder = stacks(NULL);
    pv_build_note(builder, "skipped", "z", 1, 7);
    pv_build_note(builder, "clamped", "a", 1, 9);
    pv_build_note(builder, "skipped", "z", 2, 8);
    struct pv_profile *profile = finish(builder);
    assert_int_equal(2, profile->note_count);
    assert_int_equal(3, profile->notes[1].count);
    assert_int_equal(7, profile->notes[1].line);
    pv_profile_free(profile);
}

static void nothing_is_a_profile_too(void **state)
{
    (void)state;
    struct pv_profile *profile = finish(stacks(NULL));
    assert_int_equal(1, profile->tree->count);
    assert_int_equal(0, profile->metrics[0].total);
    pv_profile_free(profile);
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    profile = finish(builder);
    assert_int_equal(0, profile->graph->func_count);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_stacks_share_nodes),
        cmocka_unit_test(a_stack_can_go_on_from_a_node),
        cmocka_unit_test(frames_are_told_apart_by_all_four_parts),
        cmocka_unit_test(fractions_raise_the_scale_of_all),
        cmocka_unit_test(sums_beyond_64_bits_are_refused),
        cmocka_unit_test(limits_end_in_an_error_that_names_them),
        cmocka_unit_test(a_deep_stack_is_cut_visibly),
        cmocka_unit_test(a_long_name_is_cut_and_stays_itself),
        cmocka_unit_test(rows_of_one_arc_add_up),
        cmocka_unit_test(a_million_rows_of_few_arcs_stay_few),
        cmocka_unit_test(the_limit_of_arcs_counts_pairs_not_rows),
        cmocka_unit_test(notes_of_one_kind_add_up),
        cmocka_unit_test(nothing_is_a_profile_too),
    };
    return cmocka_run_group_tests_name("builder", tests, NULL, NULL);
}

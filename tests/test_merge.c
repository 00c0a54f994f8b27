#include "model/merge.h"

#include "tests/random_profile.h"
#include "tests/unit.h"

#include <stdlib.h>

static struct pv_profile *merged(struct pv_profile *a, struct pv_profile *b)
{
    struct pv_profile *both[2] = {a, b}, *out = NULL;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    assert_true(pv_merge(&out, both, 2, &limits, &err));
    return out;
}

/* A profile's content in canonical order: name, and the totals of every function. */
static struct pv_buffer digest(struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    const struct pv_graph *graph = profile->graph;
    uint32_t *order = pv_frame_order(profile);
    for (uint32_t m = 0; m < profile->metric_count; m++)
        pv_buffer_print(&out, "%s %lld;", pv_profile_text(profile, profile->metrics[m].name).data,
                        (long long)profile->metrics[m].total);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        for (uint32_t f = 0; f < graph->func_count; f++) {
            if (graph->funcs[f].frame != order[i])
                continue;
            pv_buffer_print(&out, "%s", pv_profile_name(profile, order[i]).data);
            for (uint32_t m = 0; m < profile->metric_count; m++)
                pv_buffer_print(&out, " %lld/%lld", (long long)graph->self[m][f],
                                (long long)graph->total[m][f]);
            pv_buffer_char(&out, ';');
        }
    free(order);
    return out;
}

static void assert_same(struct pv_profile *a, struct pv_profile *b)
{
    struct pv_buffer x = digest(a), y = digest(b);
    assert_true(pv_text_equal(pv_buffer_text(&x), pv_buffer_text(&y)));
    pv_buffer_free(&x);
    pv_buffer_free(&y);
}

static struct pv_profile *random_of(bool is_stacks, uint64_t seed)
{
    return is_stacks ? pv_random_stacks(seed, 9, 8, 60) : pv_random_arcs(seed, 9, 30);
}

static void merging_commutes_and_associates(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        struct pv_profile *a = random_of(seed & 1, seed), *b = random_of(seed & 2, seed + 100);
        struct pv_profile *c = random_of(seed & 4, seed + 200);
        struct pv_profile *ab = merged(a, b), *ba = merged(b, a);
        struct pv_profile *bc = merged(b, c), *ab_c = merged(ab, c), *a_bc = merged(a, bc);
        assert_same(ab, ba);
        assert_same(ab_c, a_bc);
        struct pv_profile *all[] = {a, b, c, ab, ba, bc, ab_c, a_bc};
        for (size_t i = 0; i < 8; i++)
            pv_profile_free(all[i]);
    }
}

static struct pv_profile *one(const char *metric, enum pv_unit unit, struct pv_decimal value)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, metric);
    struct pv_profile *profile = NULL;
    struct pv_error err;
    bool fits;
    pv_build_metric(builder, pv_text_of(metric), unit, false);
    uint32_t frame = pv_build_name(builder, PV_TEXT("f"));
    uint32_t node = pv_build_stack(builder, 0, &frame, 1, NULL);
    pv_build_self(builder, node, 0, pv_build_value(builder, 0, value, &fits));
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    return profile;
}

static void the_larger_scale_wins(void **state)
{
    (void)state;
    struct pv_profile *a = one("samples", PV_UNIT_COUNT, (struct pv_decimal){3, 0});
    struct pv_profile *b = one("samples", PV_UNIT_COUNT, (struct pv_decimal){25, 2});
    struct pv_profile *both = merged(a, b);
    assert_int_equal(1, both->metric_count);
    assert_int_equal(100, both->metrics[0].scale);
    assert_int_equal(325, both->metrics[0].total);
    pv_profile_free(a);
    pv_profile_free(b);
    pv_profile_free(both);
}

static void metrics_of_other_units_stay_apart(void **state)
{
    (void)state;
    struct pv_profile *a = one("cost", PV_UNIT_COUNT, (struct pv_decimal){3, 0});
    struct pv_profile *b = one("cost", PV_UNIT_NS, (struct pv_decimal){4, 0});
    struct pv_profile *both = merged(b, a);
    assert_int_equal(2, both->metric_count);
    assert_int_equal(3, both->metrics[0].total);
    assert_int_equal(4, both->metrics[1].total);
    pv_profile_free(a);
    pv_profile_free(b);
    pv_profile_free(both);
}

static void values_that_cannot_share_a_scale_are_refused(void **state)
{
    (void)state;
    struct pv_profile *a = one("x", PV_UNIT_COUNT, (struct pv_decimal){INT64_MAX / 2, 0});
    struct pv_profile *b = one("x", PV_UNIT_COUNT, (struct pv_decimal){1, 9});
    struct pv_profile *both[2] = {a, b}, *out = NULL;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    assert_false(pv_merge(&out, both, 2, &limits, &err));
    assert_null(out);
    pv_profile_free(a);
    pv_profile_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merging_commutes_and_associates),
        cmocka_unit_test(the_larger_scale_wins),
        cmocka_unit_test(metrics_of_other_units_stay_apart),
        cmocka_unit_test(values_that_cannot_share_a_scale_are_refused),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}

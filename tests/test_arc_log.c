#include "model/builder.h"

#include "model/varint.h"
#include "tests/unit.h"

#include <stdlib.h>

/* Rows of arcs in any order, as plain sums see them. */
enum { FUNCS = 30, ROWS = 40000, LATE = ROWS / 3, RAISED = ROWS / 2 };

/* How rows come. */
enum order { ANY, BY_CALLER, BY_CALLEE, ORDERS };

struct sums {
    int64_t calls, totals[2];
    bool is_there, has_total;
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

static int64_t value_in(struct pv_builder *builder, uint32_t metric, int64_t value, unsigned digits)
{
    bool fits;
    int64_t scaled = pv_build_value(builder, metric, (struct pv_decimal){value, digits}, &fits);
    assert_true(fits);
    return scaled;
}

/* One row; `sums` has metric 0 in tenths. */
static void add_row(struct pv_builder *builder, uint32_t row, enum order order, uint64_t *random,
                    struct sums *sums)
{
    uint32_t sorted = row / 7 % FUNCS;
    uint32_t caller = order == BY_CALLER ? sorted : (uint32_t)next_random(random) % FUNCS;
    uint32_t callee = order == BY_CALLEE ? sorted : (uint32_t)next_random(random) % FUNCS;
    struct sums *sum = &sums[caller * FUNCS + callee];
    bool is_late = row >= LATE, has_total = next_random(random) % 50 > 0;
    int64_t calls = next_random(random) % 9 ? (int64_t)next_random(random) : PV_UNKNOWN_CALLS;
    int64_t whole = (int64_t)(next_random(random) << row % 9) * (row % 3 ? 1 : -1);
    int64_t totals[2] = {row >= RAISED ? value_in(builder, 0, whole, 1) : whole, is_late ? row : 0};
    pv_build_arc(builder, caller, callee, calls, has_total ? totals : NULL);
    sum->has_total = (sum->has_total || !sum->is_there) && has_total;
    if (!sum->is_there || sum->calls == PV_UNKNOWN_CALLS)
        sum->calls = calls;
    else if (calls != PV_UNKNOWN_CALLS)
        sum->calls += calls;
    if (has_total)
        sum->totals[0] += row >= RAISED ? whole : whole * 10;
    if (has_total && is_late)
        sum->totals[1] += row;
    sum->is_there = true;
}

static void check_order(enum order order)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    struct sums *sums = calloc((size_t)FUNCS * FUNCS, sizeof *sums);
    struct pv_profile *profile = NULL;
    struct pv_error err;
    uint64_t random = 7;
    uint32_t found = 0;
    assert_non_null(sums);
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, true);
    for (uint32_t i = 0; i < FUNCS; i++) {
        char name[2] = {(char)('A' + i), 0};
        assert_int_equal(i, pv_build_name(builder, pv_text_of(name)));
        pv_build_func(builder, i, 0, 0, (int64_t[]){0}, NULL);
    }
    for (uint32_t i = 0; i < ROWS; i++) {
        if (i == LATE)
            pv_build_metric(builder, PV_TEXT("late"), PV_UNIT_COUNT, false);
        add_row(builder, i, order, &random, sums);
    }
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    for (uint32_t i = 0; i < profile->graph->arc_count; i++) {
        const struct pv_arc *arc = &profile->graph->arcs[i];
        const struct sums *sum = &sums[arc->caller * FUNCS + arc->callee];
        assert_true(sum->is_there);
        assert_int_equal(sum->calls, arc->calls);
        assert_int_equal(sum->totals[0], profile->graph->arc_total[0][i]);
        assert_int_equal(sum->totals[1], profile->graph->arc_total[1][i]);
        assert_int_equal(sum->has_total, profile->graph->arc_has_total[i]);
    }
    for (uint32_t i = 0; i < FUNCS * FUNCS; i++)
        found += sums[i].is_there;
    assert_int_equal(found, profile->graph->arc_count);
    pv_profile_free(profile);
    free(sums);
}

static void any_rows_add_up(void **state)
{
    (void)state;
    for (enum order order = ANY; order < ORDERS; order++)
        check_order(order);
}

static void numbers_come_back(void **state)
{
    static const int64_t rows[] = {0,   1,       -1,        63,        64,        -64,
                                   -65, 1 << 20, INT32_MIN, INT64_MAX, INT64_MIN, UINT32_MAX};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char bytes[PV_VARINT_MOST];
        uint64_t value;
        unsigned char *end = pv_varint_put(bytes, pv_varint_fold((uint64_t)rows[i]));
        assert_ptr_equal(end, pv_varint_get(bytes, &value));
        assert_true(rows[i] == (int64_t)pv_varint_unfold(value));
        assert_true(end - bytes <= PV_VARINT_MOST);
        assert_int_equal(end - bytes == 1, rows[i] >= -64 && rows[i] < 64);
    }
}

/* What does not fit is an error, wherever rows are put together. */
static void sums_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        const char *label;
        int64_t first, second;
        unsigned digits;
    } rows[] = {{"sum", INT64_MAX, 1, 0}, {"scale", INT64_MAX / 2, 1, 3}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
        struct pv_profile *profile = NULL;
        struct pv_error err;
        bool fits;
        pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
        uint32_t a = pv_build_name(builder, PV_TEXT("a")), b = pv_build_name(builder, PV_TEXT("b"));
        pv_build_arc(builder, a, b, 1, &rows[i].first);
        struct pv_decimal second = {rows[i].second, rows[i].digits};
        pv_build_arc(builder, a, b, 1, (int64_t[]){pv_build_value(builder, 0, second, &fits)});
        print_message("%s\n", rows[i].label);
        assert_false(pv_builder_finish(builder, &profile, &err));
        assert_int_equal(PV_INPUT_FAILED, err.code);
        pv_builder_free(builder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_rows_add_up),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(sums_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests_name("arc log", tests, NULL, NULL);
}

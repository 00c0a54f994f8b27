#include "model/changes.h"

#include "tests/unit.h"

#include <stdlib.h>

/* Noise of a fixed seed (xorshift), about normal: the sum of twelve even ones. */
static double noise(uint64_t *seed)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        sum += (double)(*seed >> 11) / 9007199254740992.;
    }
    return sum - 6;
}

/* Runs of a metric of a million with 2 % of noise, `step` more from `at` up to `until`. */
static void fill(int64_t *values, size_t size, size_t at, size_t until, double step, uint64_t seed)
{
    for (size_t i = 0; i < size; i++)
        values[i] = (int64_t)(1e6 * (1 + .02 * noise(&seed) + (i >= at && i < until ? step : 0)));
}

static size_t distance(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

static void noisy(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t size, at, until;
        double step;
        size_t changes;
    } rows[] = {
        {"nothing", 100, 0, 0, 0, 0},          {"too few", 7, 3, 7, .5, 0},
        {"one step", 60, 30, 60, .1, 1},       {"a step down", 60, 20, 60, -.1, 1},
        {"there and back", 90, 30, 60, .1, 2}, {"near the end", 60, 54, 60, .15, 1},
        {"long", 2000, 900, 2000, .05, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t *values = calloc(rows[i].size, sizeof *values);
        size_t count;
        bool is_exact;
        fill(values, rows[i].size, rows[i].at, rows[i].until, rows[i].step, 4711);
        struct pv_change *changes = pv_changes_find(values, rows[i].size, false, &count, &is_exact);
        if (count != rows[i].changes)
            fail_msg("%s: %zu changes", rows[i].label, count);
        assert_false(is_exact);
        if (count) {
            assert_in_range(distance(changes[0].at, rows[i].at), 0, 2);
            assert_true((changes[0].after > changes[0].before) == (rows[i].step > 0));
            assert_true(changes[0].p <= .05);
        }
        if (count > 1)
            assert_in_range(distance(changes[1].at, rows[i].until), 0, 2);
        free(changes);
        free(values);
    }
}

/* Over histories without a change, few are found: three in a hundred histories of up to 100 runs.
 */
static void rarely_false(void **state)
{
    (void)state;
    size_t wrong = 0;
    int64_t values[50];
    for (uint64_t seed = 1; seed <= 400; seed++) {
        size_t count;
        bool is_exact;
        fill(values, 50, 0, 0, 0, seed * 2654435761u + 88172645463325252u);
        free(pv_changes_find(values, 50, false, &count, &is_exact));
        wrong += count > 0;
    }
    assert_in_range(wrong, 0, 12);
}

/* An outlier is no change, whatever its size. */
static void outliers(void **state)
{
    (void)state;
    int64_t values[60];
    size_t count;
    bool is_exact;
    fill(values, 60, 0, 0, 0, 42);
    values[10] = values[30] = values[31] = INT64_MAX;
    free(pv_changes_find(values, 60, false, &count, &is_exact));
    assert_int_equal(count, 0);
}

static void exact(void **state)
{
    (void)state;
    static const int64_t values[] = {100, 100, 100, 101, 101, 101, 90};
    size_t count;
    bool is_exact;
    struct pv_change *changes = pv_changes_find(values, 7, false, &count, &is_exact);
    assert_true(is_exact);
    assert_int_equal(count, 2);
    assert_int_equal(changes[0].at, 3);
    assert_int_equal(changes[0].before, 100);
    assert_int_equal(changes[0].after, 101);
    assert_int_equal(changes[1].at, 6);
    free(changes);
    static const int64_t third[] = {100, 100, 151};
    changes = pv_changes_find(third, 3, true, &count, &is_exact);
    assert_int_equal(count, 1);
    assert_int_equal(changes[0].at, 2);
    assert_true(is_exact);
    free(changes);
    assert_null(pv_changes_find(third, 3, false, &count, &is_exact));
    assert_null(pv_changes_find(third, 2, true, &count, &is_exact));
    assert_null(pv_changes_find(values, 0, false, &count, &is_exact));
    assert_null(pv_changes_find(values, 3, false, &count, &is_exact));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noisy),
        cmocka_unit_test(rarely_false),
        cmocka_unit_test(outliers),
        cmocka_unit_test(exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/stats.h"
#include "tests/random_profile.h"
#include "tests/unit.h"

#include <math.h>
#include <string.h>

static void check_near(const char *label, double is, double wanted, double error)
{
    if (!(fabs(is - wanted) <= error))
        fail_msg("%s: %.12g, not %.12g", label, is, wanted);
}

/* Shares of the standard normal distribution, as tables print them. */
static void test_normal(void **state)
{
    static const struct {
        const char *label;
        double z, above;
    } rows[] = {
        {"nothing", 0, 0.5},
        {"one", 1, 0.158655253931457},
        {"below", -1, 0.841344746068543},
        {"five per cent on both sides", 1.959963984540054, 0.025},
        {"where the methods meet", 3, 0.001349898031630},
        {"six", 6, 9.865876450377e-10},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_near(rows[i].label, pv_normal_above(rows[i].z), rows[i].above, 1e-11);
    check_near("just below three", pv_normal_above(2.9999999999), pv_normal_above(3), 1e-11);
    check_near("nothing is above forty", pv_normal_above(40), 0, 0);
    check_near("point", pv_normal_point(0.025), 1.959963984540054, 1e-9);
    check_near("far point", pv_normal_point(0.00005), 3.890591886413, 1e-8);
}

/* Single proportions: Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3. */
static void test_wilson(void **state)
{
    static const struct {
        const char *label;
        double hits, all, low, high;
    } rows[] = {
        {"81 of 263", 81, 263, 0.2553, 0.3662}, {"15 of 148", 15, 148, 0.0624, 0.1605},
        {"none of 20", 0, 20, 0, 0.1611},       {"one of 29", 1, 29, 0.0061, 0.1718},
        {"all of 20", 20, 20, 0.8389, 1},       {"none of none", 0, 0, 0, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_interval found = pv_wilson(rows[i].hits, rows[i].all, 1.959963984540054);
        check_near(rows[i].label, found.low, rows[i].low, 0.00005);
        check_near(rows[i].label, found.high, rows[i].high, 0.00005);
    }
}

/* Differences: Newcombe, Statistics in Medicine 17 (1998), 873-890, table II, method 10. */
static void test_newcombe(void **state)
{
    static const struct {
        const char *label;
        double hits_b, all_b, hits_a, all_a, low, high;
    } rows[] = {
        {"56 of 70 against 48 of 80", 56, 70, 48, 80, 0.0524, 0.3339},
        {"9 of 10 against 3 of 10", 9, 10, 3, 10, 0.1705, 0.8090},
        {"nothing measured", 0, 0, 3, 10, -1, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_interval found = pv_newcombe(rows[i].hits_a, rows[i].all_a, rows[i].hits_b,
                                               rows[i].all_b, 1.959963984540054);
        check_near(rows[i].label, found.low, rows[i].low, 0.00005);
        check_near(rows[i].label, found.high, rows[i].high, 0.00005);
        struct pv_interval other = pv_newcombe(rows[i].hits_b, rows[i].all_b, rows[i].hits_a,
                                               rows[i].all_a, 1.959963984540054);
        check_near("the other way round", other.low, -found.high, 1e-12);
    }
}

static void test_two_proportions(void **state)
{
    (void)state;
    /* z = (0.8 - 0.6) / sqrt(104/150 · 46/150 · (1/70 + 1/80)) = 2.6506 */
    check_near("56 of 70, 48 of 80", pv_two_proportions(48, 80, 56, 70), 0.0080451, 1e-6);
    check_near("the same", pv_two_proportions(3, 30, 3, 30), 1, 1e-12);
    check_near("none", pv_two_proportions(0, 30, 0, 40), 1, 0);
    check_near("nothing measured", pv_two_proportions(0, 0, 4, 40), 1, 0);
}

static void test_rank_sum(void **state)
{
    static const struct {
        const char *label;
        int64_t a[8], b[8];
        size_t count_a, count_b;
        double p;
    } rows[] = {
        {"apart, 3 + 3", {1, 2, 3}, {4, 5, 6}, 3, 3, 2 / 20.},
        {"apart, 4 + 4", {1, 2, 3, 4}, {5, 6, 7, 8}, 4, 4, 2 / 70.},
        {"apart, 5 + 5", {9, 8, 7, 6, 5}, {1, 2, 3, 4, 0}, 5, 5, 2 / 252.},
        {"apart, 3 + 4: never below 5 %", {1, 2, 3}, {4, 5, 6, 7}, 3, 4, 2 / 35.},
        {"all the same", {5, 5, 5, 5}, {5, 5, 5, 5}, 4, 4, 1},
        {"one against one", {1}, {2}, 1, 1, 1},
        {"nobody", {0}, {1, 2}, 0, 2, 1},
        /* U = 4 of 25: the tables of Mann and Whitney give 0.0476 for one side of 5 and 5. */
        {"mixed, 5 + 5", {1, 2, 3, 6, 7}, {4, 5, 8, 9, 10}, 5, 5, 2 * 0.0476},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double p = pv_rank_sum(rows[i].a, rows[i].count_a, rows[i].b, rows[i].count_b);
        check_near(rows[i].label, p, rows[i].p, 0.0001);
        check_near(rows[i].label,
                   pv_rank_sum(rows[i].b, rows[i].count_b, rows[i].a, rows[i].count_a), p, 1e-12);
    }
}

static double rank_of(const int64_t *values, size_t count, int64_t value)
{
    double below = 0, equal = 0;
    for (size_t i = 0; i < count; i++) {
        below += values[i] < value;
        equal += values[i] == value;
    }
    return below + (equal + 1) / 2;
}

/* Every way to divide the values into two groups, one by one. */
static double enumerate(const int64_t *values, size_t count, size_t chosen)
{
    double all = 0, far = 0, mean = (double)chosen * (double)(count + 1) / 2, sum = 0;
    for (size_t i = 0; i < chosen; i++)
        sum += rank_of(values, count, values[i]);
    for (unsigned set = 0; set < 1u << count; set++) {
        double other = 0;
        if ((size_t)__builtin_popcount(set) != chosen)
            continue;
        for (size_t i = 0; i < count; i++)
            other += set >> i & 1 ? rank_of(values, count, values[i]) : 0;
        all++;
        far += fabs(other - mean) >= fabs(sum - mean) - 1e-9;
    }
    return far / all;
}

static void test_rank_sum_enumerated(void **state)
{
    struct pv_random random = {7};
    (void)state;
    for (int i = 0; i < 60; i++) {
        int64_t values[10];
        size_t a = 1 + pv_random_below(&random, 5), b = 1 + pv_random_below(&random, 5);
        uint32_t range = 2 + pv_random_below(&random, 12);
        for (size_t k = 0; k < a + b; k++)
            values[k] = pv_random_below(&random, range);
        check_near("enumerated", pv_rank_sum(values, a, values + a, b), enumerate(values, a + b, a),
                   1e-12);
    }
}

/* Beyond what is counted exactly, the approximation goes on where that ends. */
static void test_rank_sum_many(void **state)
{
    int64_t a[15], b[15];
    (void)state;
    for (int64_t i = 0; i < 15; i++) {
        a[i] = 2 * i;
        b[i] = 2 * i + 7;
    }
    double exact = pv_rank_sum(a, 12, b, 12), more = pv_rank_sum(a, 13, b, 12);
    check_near("nearly the same", more, exact, 0.04);
    assert_true(pv_rank_sum(a, 15, a, 15) > 0.99);
}

static void test_holm(void **state)
{
    double p[] = {0.01, 0.04, -1, 0.03, 0.005};
    const double wanted[] = {0.03, 0.06, -1, 0.06, 0.02};
    double ones[] = {0.6, 0.7};
    (void)state;
    pv_holm(p, 5);
    for (int i = 0; i < 5; i++)
        check_near("Holm", p[i], wanted[i], 1e-12);
    pv_holm(ones, 2);
    check_near("at most one", ones[1], 1, 0);
    pv_holm(NULL, 0);
}

static void test_median(void **state)
{
    static const int64_t values[] = {9, -3, 5, INT64_MAX, INT64_MAX};
    (void)state;
    assert_int_equal(pv_median(values, 0), 0);
    assert_int_equal(pv_median(values, 1), 9);
    assert_int_equal(pv_median(values, 2), 3);
    assert_int_equal(pv_median(values, 3), 5);
    assert_int_equal(pv_median(values, 5), 9);
    assert_true(pv_median(values + 3, 2) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normal),        cmocka_unit_test(test_wilson),
        cmocka_unit_test(test_newcombe),      cmocka_unit_test(test_two_proportions),
        cmocka_unit_test(test_rank_sum),      cmocka_unit_test(test_rank_sum_enumerated),
        cmocka_unit_test(test_rank_sum_many), cmocka_unit_test(test_holm),
        cmocka_unit_test(test_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

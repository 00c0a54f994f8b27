#include "model/number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct pv_text of(const char *text)
{
    return pv_text_of(text);
}

static void integers_parse(void **state)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+7", true, 7},
        {"0007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"00000000000000000000000000012", true, 12},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"--1", false, 0},
        {"1 ", false, 0},
        {" 1", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
        {"\xd9\xa1", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t value = -77;
        print_message("%s\n", rows[i].text);
        assert_int_equal(pv_parse_int64(of(rows[i].text), &value), rows[i].fits);
        assert_int_equal(value, rows[i].fits ? rows[i].value : -77);
    }
}

static void unsigned_and_hex_parse(void **state)
{
    static const struct {
        const char *text;
        bool is_hex, fits;
        uint64_t value;
    } rows[] = {
        {"18446744073709551615", false, true, UINT64_MAX},
        {"18446744073709551616", false, false, 0},
        {"+1", false, false, 0},
        {"-1", false, false, 0},
        {"", false, false, 0},
        {"ff", true, true, 255},
        {"0xFF", true, true, 255},
        {"0XfF", true, true, 255},
        {"0", true, true, 0},
        {"ffffffffffffffff", true, true, UINT64_MAX},
        {"0000ffffffffffffffff", true, true, UINT64_MAX},
        {"10000000000000000", true, false, 0},
        {"0x", true, false, 0},
        {"", true, false, 0},
        {"fg", true, false, 0},
        {"-1", true, false, 0},
        {"\x11", true, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value = 77;
        print_message("%s\n", rows[i].text);
        bool fits = rows[i].is_hex ? pv_parse_hex(of(rows[i].text), &value)
                                   : pv_parse_uint64(of(rows[i].text), &value);
        assert_int_equal(fits, rows[i].fits);
        assert_true(value == (rows[i].fits ? rows[i].value : 77));
    }
}

static void decimals_parse(void **state)
{
    static const struct {
        const char *text;
        bool fits;
        struct pv_decimal value;
    } rows[] = {
        {"12", true, {12, 0}},
        {"12.50", true, {125, 1}},
        {"-0.035", true, {-35, 3}},
        {"1e3", true, {1000, 0}},
        {"4.5E-2", true, {45, 3}},
        {".5", true, {5, 1}},
        {"5.", true, {5, 0}},
        {"+5.e+0", true, {5, 0}},
        {"-0.0", true, {0, 0}},
        {"100", true, {100, 0}},
        {"0.0000000005", true, {1, 9}},
        {"0.00000000049999", true, {0, 0}},
        {"-0.0000000005", true, {-1, 9}},
        {"0.9999999999", true, {1, 0}},
        {"1.2345678915", true, {1234567892, 9}},
        {"0e999999999999999999999999", true, {0, 0}},
        {"1e-999999999999999999999999", true, {0, 0}},
        {"9223372036854775807", true, {INT64_MAX, 0}},
        {"-9223372036854775808", true, {INT64_MIN, 0}},
        {"9223372036854775807.4", true, {INT64_MAX, 0}},
        {"33333333333.333333333", true, {3333333333333333333, 8}},
        {"0.000000000000000000000000000001e30", true, {1, 0}},
        {"1000000000000000000000000000000e-30", true, {1, 0}},
        {"123456789012345678901234567890e-20", true, {1234567890123456789, 9}},
        {"9223372036854775807.5", false, {0, 0}},
        {"9223372036854775808", false, {0, 0}},
        {"1e19", false, {0, 0}},
        {"1e999999999999999999999999", false, {0, 0}},
        {"", false, {0, 0}},
        {".", false, {0, 0}},
        {"-.", false, {0, 0}},
        {"e5", false, {0, 0}},
        {"1e", false, {0, 0}},
        {"1e+", false, {0, 0}},
        {"1e5.0", false, {0, 0}},
        {"1.2.3", false, {0, 0}},
        {"1,5", false, {0, 0}},
        {"nan", false, {0, 0}},
        {"inf", false, {0, 0}},
        {"0x1p3", false, {0, 0}},
        {"1 ", false, {0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_decimal value = {-77, 7};
        print_message("%s\n", rows[i].text);
        assert_int_equal(pv_parse_decimal(of(rows[i].text), &value), rows[i].fits);
        assert_int_equal(value.value, rows[i].fits ? rows[i].value.value : -77);
        assert_int_equal(value.digits, rows[i].fits ? rows[i].value.digits : 7);
    }
}

static void scaled_parse(void **state)
{
    static const struct {
        const char *text;
        unsigned power;
        bool fits;
        int64_t value;
    } rows[] = {
        {"0.0015", 9, true, 1500000},
        {"0.0015", 3, true, 2},
        {"-0.0015", 3, true, -2},
        {"0.00149999999999999999999999", 3, true, 1},
        {"0.5", 0, true, 1},
        {"0.05", 0, true, 0},
        {"9.2233720368547758074", 18, true, INT64_MAX},
        {"9.22337203685477580749999999999999999", 18, true, INT64_MAX},
        {"9.2233720368547758075", 18, false, 0},
        {"10", 18, false, 0},
        {"1e-300", 18, true, 0},
        {"12a", 0, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t value = -77;
        print_message("%s\n", rows[i].text);
        assert_int_equal(pv_parse_scaled(of(rows[i].text), rows[i].power, &value), rows[i].fits);
        assert_int_equal(value, rows[i].fits ? rows[i].value : -77);
    }
}

static void decimals_scale(void **state)
{
    static const struct {
        struct pv_decimal value;
        unsigned power;
        bool fits;
        int64_t scaled;
    } rows[] = {
        {{15, 1}, 9, true, 1500000000},
        {{15, 1}, 0, true, 2},
        {{-15, 1}, 0, true, -2},
        {{149, 2}, 0, true, 1},
        {{-1449, 3}, 1, true, -14},
        {{1, 9}, 9, true, 1},
        {{7, 0}, 18, true, 7 * (INT64_C(1000000000) * 1000000000)},
        {{INT64_MAX, 9}, 9, true, INT64_MAX},
        {{INT64_MIN, 1}, 0, true, INT64_MIN / 10 - 1},
        {{10, 0}, 18, false, 0},
        {{INT64_MAX, 0}, 1, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t scaled = 0;
        assert_int_equal(pv_scale_decimal(rows[i].value, rows[i].power, &scaled), rows[i].fits);
        if (rows[i].fits)
            assert_int_equal(scaled, rows[i].scaled);
    }
}

static void long_numbers_take_linear_time(void **state)
{
    enum { size = 4 << 20 };
    char *text = malloc(size);
    int64_t value;
    (void)state;
    assert_non_null(text);
    memset(text, '0', size);
    text[size - 1] = '7';
    assert_true(pv_parse_scaled((struct pv_text){text, size}, 0, &value));
    assert_int_equal(value, 7);
    text[1] = '.';
    assert_true(pv_parse_scaled((struct pv_text){text, size}, 9, &value));
    assert_int_equal(value, 0);
    free(text);
}

static void rounding(void **state)
{
    static const struct {
        double from;
        int64_t to;
    } rows[] = {
        {0.0, 0},
        {0.49999999999999994, 0},
        {0.5, 1},
        {1.5, 2},
        {2.5, 3},
        {-0.5, -1},
        {-2.5, -3},
        {4503599627370497.5, 4503599627370498},
        {1e300, INT64_MAX},
        {-1e300, INT64_MIN},
        {INFINITY, INT64_MAX},
        {-INFINITY, INT64_MIN},
        {NAN, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(pv_round(rows[i].from), rows[i].to);
}

static void arithmetic_says_when_it_does_not_fit(void **state)
{
    int64_t out = 5;
    (void)state;
    assert_true(pv_multiply(-3, 4, &out) && out == -12);
    assert_false(pv_multiply(INT64_MAX, 2, &out));
    assert_false(pv_multiply(INT64_MIN, -1, &out));
    assert_true(pv_add(INT64_MAX, INT64_MIN, &out) && out == -1);
    assert_false(pv_add(INT64_MAX, 1, &out));
    assert_int_equal(out, -1);
    assert_int_equal(pv_power10(0), 1);
    assert_int_equal(pv_power10(18), 1000000000000000000);
}

static void expect(const char *wanted, const char *got, size_t size)
{
    print_message("%s\n", wanted);
    assert_true(size < PV_NUMBER_SIZE);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(got, wanted, size);
}

static void integers_print(void **state)
{
    char out[PV_NUMBER_SIZE];
    (void)state;
    expect("0", out, pv_print_int64(out, 0));
    expect("-9223372036854775808", out, pv_print_int64(out, INT64_MIN));
    expect("9223372036854775807", out, pv_print_int64(out, INT64_MAX));
    expect("18446744073709551615", out, pv_print_uint64(out, UINT64_MAX));
    expect("100", out, pv_print_uint64(out, 100));
    expect("0", out, pv_print_grouped(out, 0));
    expect("999", out, pv_print_grouped(out, 999));
    expect("1,000", out, pv_print_grouped(out, 1000));
    expect("-1,204,031", out, pv_print_grouped(out, -1204031));
    expect("-9,223,372,036,854,775,808", out, pv_print_grouped(out, INT64_MIN));
}

static void decimals_print(void **state)
{
    char out[PV_NUMBER_SIZE];
    (void)state;
    expect("1.25", out, pv_print_decimal(out, 1250, 3));
    expect("-0.035", out, pv_print_decimal(out, -35, 3));
    expect("5", out, pv_print_decimal(out, 5000, 3));
    expect("0", out, pv_print_decimal(out, 0, 9));
    expect("0.000000001", out, pv_print_decimal(out, 1, 9));
    expect("-9.223372036854775808", out, pv_print_decimal(out, INT64_MIN, 18));
}

static void coordinates_print(void **state)
{
    static const struct {
        double value;
        unsigned digits;
        const char *text;
    } rows[] = {
        {0.0, 2, "0"},
        {-0.0, 2, "0"},
        {-0.004, 2, "0"},
        {-0.005, 2, "-0.01"},
        {12.5, 2, "12.5"},
        {12.345678, 3, "12.346"},
        {1199.999, 2, "1200"},
        {0.05, 1, "0.1"},
        {1.0 / 3, 6, "0.333333"},
        {1e30, 6, "1000000000000"},
        {-1e30, 0, "-1000000000000"},
        {NAN, 3, "0"},
        {INFINITY, 1, "1000000000000"},
        {7.9, 0, "8"},
    };
    char out[PV_NUMBER_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(rows[i].text, out, pv_print_fixed(out, rows[i].value, rows[i].digits));
}

/* What is printed reads back to the same number. */
static void round_trip(void **state)
{
    uint64_t seed = 1;
    char out[PV_NUMBER_SIZE];
    (void)state;
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t value = (int64_t)(seed ^ seed >> 29) >> (seed >> 58), read = 0;
        unsigned digits = (unsigned)(seed >> 32) % 10;
        size_t size = pv_print_int64(out, value);
        assert_true(pv_parse_int64((struct pv_text){out, size}, &read) && read == value);
        size = pv_print_decimal(out, value, digits);
        assert_true(pv_parse_scaled((struct pv_text){out, size}, digits, &read));
        assert_true(read == value);
        double coordinate = (double)(value % 10000000) / 1000.0;
        size = pv_print_fixed(out, coordinate, 3);
        assert_true(pv_parse_scaled((struct pv_text){out, size}, 3, &read));
        assert_true(read == value % 10000000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_parse),    cmocka_unit_test(unsigned_and_hex_parse),
        cmocka_unit_test(decimals_parse),    cmocka_unit_test(scaled_parse),
        cmocka_unit_test(decimals_scale),    cmocka_unit_test(long_numbers_take_linear_time),
        cmocka_unit_test(rounding),          cmocka_unit_test(arithmetic_says_when_it_does_not_fit),
        cmocka_unit_test(integers_print),    cmocka_unit_test(decimals_print),
        cmocka_unit_test(coordinates_print), cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MICRO "\xc2\xb5"

static void expect(const char *wanted, const char *got, size_t size)
{
    print_message("%s\n", wanted);
    assert_true(size < PV_NUMBER_SIZE);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(got, wanted, size);
}

static void names(void **state)
{
    enum pv_unit unit = PV_UNITS;
    (void)state;
    for (unsigned i = 0; i < PV_UNITS; i++) {
        assert_true(pv_unit_parse(pv_unit_name((enum pv_unit)i), &unit));
        assert_int_equal(unit, i);
    }
    assert_false(pv_unit_parse(PV_TEXT("parsec"), &unit));
    assert_false(pv_unit_parse(PV_TEXT(""), &unit));
}

static void values(void **state)
{
    static const struct {
        int64_t value;
        enum pv_unit unit;
        int64_t scale;
        const char *text;
    } rows[] = {
        {0, PV_UNIT_NS, 1, "0 s"},
        {0, PV_UNIT_BYTES, 1000, "0 B"},
        {0, PV_UNIT_COUNT, 1, "0"},
        {1, PV_UNIT_NS, 1, "1 ns"},
        {25, PV_UNIT_NS, 100, "0.25 ns"},
        {950, PV_UNIT_NS, 1, "950 ns"},
        {38100000, PV_UNIT_NS, 1, "38.1 ms"},
        {1420000000, PV_UNIT_NS, 1, "1.42 s"},
        {-1420000000, PV_UNIT_NS, 1, "-1.42 s"},
        {1500, PV_UNIT_NS, 1, "1.5 " MICRO "s"},
        {999499, PV_UNIT_NS, 1, "999 " MICRO "s"},
        {999500, PV_UNIT_NS, 1, "1 ms"},
        {999999999, PV_UNIT_NS, 1, "1 s"},
        {1204331 * INT64_C(1000000000), PV_UNIT_NS, 1, "1,204,331 s"},
        {INT64_MAX, PV_UNIT_NS, 1, "9,223,372,037 s"},
        {1023, PV_UNIT_BYTES, 1, "1,023 B"},
        {1024, PV_UNIT_BYTES, 1, "1 KiB"},
        {13107200, PV_UNIT_BYTES, 1, "12.5 MiB"},
        {1048575, PV_UNIT_BYTES, 1, "1 MiB"},
        {INT64_MAX, PV_UNIT_BYTES, 1, "8 EiB"},
        {INT64_MIN, PV_UNIT_BYTES, 1, "-8 EiB"},
        {1204, PV_UNIT_COUNT, 1, "1,204"},
        {999999, PV_UNIT_COUNT, 1, "999,999"},
        {1000000, PV_UNIT_COUNT, 1, "1 M"},
        {3400000, PV_UNIT_COUNT, 1, "3.4 M"},
        {3456789, PV_UNIT_COUNT, 1, "3.46 M"},
        {25, PV_UNIT_COUNT, 100, "0.25"},
        {1, PV_UNIT_COUNT, 1000000000, "0.000000001"},
        {1234567, PV_UNIT_COUNT, 1000, "1,235"},
        {999999999, PV_UNIT_COUNT, 1000, "1 M"},
        {INT64_MAX, PV_UNIT_COUNT, 1, "9.22 E"},
        {INT64_MAX, PV_UNIT_COUNT, 1000000000, "9.22 G"},
    };
    char out[PV_NUMBER_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(rows[i].text, out, pv_format_value(out, rows[i].value, rows[i].unit, rows[i].scale));
}

static void values_in_a_prefix(void **state)
{
    static const struct {
        const char *prefix;
        int64_t value;
        enum pv_unit unit;
        int64_t scale;
        const char *text; /* NULL: refused */
    } rows[] = {
        {"s", 38100000, PV_UNIT_NS, 1, "0.038 s"},
        {"s", -1204331000000, PV_UNIT_NS, 1, "-1,204.331 s"},
        {"ms", 950, PV_UNIT_NS, 1, "0.001 ms"},
        {"us", 950, PV_UNIT_NS, 1, "0.950 " MICRO "s"},
        {MICRO "s", 950, PV_UNIT_NS, 1, "0.950 " MICRO "s"},
        {"ns", 950, PV_UNIT_NS, 1, "950 ns"},
        {"ns", 950, PV_UNIT_NS, 10, "95.000 ns"},
        {"MiB", 13107200, PV_UNIT_BYTES, 1, "12.500 MiB"},
        {"bytes", 13107200, PV_UNIT_BYTES, 1, "13,107,200 B"},
        {"k", 1204, PV_UNIT_COUNT, 1, "1.204 k"},
        {"M", 1204, PV_UNIT_COUNT, 1, "0.001 M"},
        {"count", 1204331, PV_UNIT_COUNT, 1, "1,204,331"},
        {"", 1204331, PV_UNIT_COUNT, 1, "1.2 M"},
        {"s", INT64_MIN, PV_UNIT_NS, 1, "-9,223,372,036.855 s"},
        {"MiB", 1, PV_UNIT_NS, 1, NULL},
        {"k", 1, PV_UNIT_BYTES, 1, NULL},
        {"us", 1, PV_UNIT_COUNT, 1, NULL},
        {" s", 1, PV_UNIT_NS, 1, NULL},
        {"fortnight", 1, PV_UNIT_NS, 1, NULL},
    };
    char out[PV_NUMBER_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t size = 0;
        bool fits = pv_format_value_in(out, &size, rows[i].value, rows[i].unit, rows[i].scale,
                                       pv_text_of(rows[i].prefix));
        assert_int_equal(fits, rows[i].text != NULL);
        if (fits)
            expect(rows[i].text, out, size);
    }
}

static void shares(void **state)
{
    static const struct {
        int64_t part, whole;
        const char *text;
    } rows[] = {
        {0, 0, "\xe2\x80\x93"},
        {5, 0, "\xe2\x80\x93"},
        {0, 100, "0 %"},
        {123, 1000, "12.3 %"},
        {4, 10000, "0.04 %"},
        {5, 100000, "0.01 %"},
        {4, 100000, "<0.01 %"},
        {-4, 100000, ">-0.01 %"},
        {995, 100000, "1 %"},
        {1, 3, "33.3 %"},
        {48, 100, "48 %"},
        {100, 100, "100 %"},
        {150, 100, "100 %"},
        {-25, 100, "-25 %"},
        {-25, -100, "25 %"},
        {25, -100, "-25 %"},
        {INT64_MAX, INT64_MAX, "100 %"},
        {INT64_MIN, INT64_MAX, "-100 %"},
        {1, INT64_MAX, "<0.01 %"},
    };
    char out[PV_NUMBER_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(rows[i].text, out, pv_format_share(out, rows[i].part, rows[i].whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(values),
        cmocka_unit_test(values_in_a_prefix),
        cmocka_unit_test(shares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

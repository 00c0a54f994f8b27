#include "model/number.h"
#include "model/trend.h"
#include "render/trend.h"

#include "tests/unit.h"

static void times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
        const char *date; /* NULL: no time */
    } rows[] = {
        {"0", 0, "1970-01-01"},
        {"-1", -1, "1969-12-31"},
        {"1700000000", 1700000000, "2023-11-14"},
        {"2024-02-29", 1709164800, "2024-02-29"},
        {"2000-02-29T23:59:59Z", 951868799, "2000-02-29"},
        {"2026-11-23T02:00:00+01:00", 1795395600, "2026-11-23"},
        {"2026-11-23 02:00:00 -0130", 1795404600, "2026-11-23"},
        {"2026-11-23T02:00Z", 1795399200, "2026-11-23"},
        {"9999-12-31", 253402214400, "9999-12-31"},
        {"0000-03-01", -62162035200, "0000-03-01"},
        {"253402300800", 253402300800, "253402300800"},
        {"9223372036854775807", INT64_MAX, "9223372036854775807"},
        {"-9223372036854775808", INT64_MIN, "-9223372036854775808"},
        {"2023-02-29", 0, NULL},
        {"1900-02-29", 0, NULL},
        {"2023-13-01", 0, NULL},
        {"2023-1-01", 0, NULL},
        {"2026-11-23T02:00:00", 0, NULL},
        {"2026-11-23T25:00:00Z", 0, NULL},
        {"2026-11-23T02:00:00Zx", 0, NULL},
        {"yesterday", 0, NULL},
        {"", 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char date[PV_NUMBER_SIZE];
        int64_t seconds;
        bool is_time = pv_parse_time(pv_text_of(rows[i].text), &seconds);
        if (is_time != (rows[i].date != NULL))
            fail_msg("%s", rows[i].text);
        if (!is_time)
            continue;
        assert_int_equal(seconds, rows[i].seconds);
        struct pv_text shown = {date, pv_print_date(date, seconds)};
        if (!pv_text_equal(shown, pv_text_of(rows[i].date)))
            fail_msg("%s: %.*s", rows[i].text, PV_TEXT_ARGS(shown));
    }
}

static void steps(void **state)
{
    (void)state;
    static const struct {
        int64_t before, after;
        const char *words;
    } rows[] = {
        {100, 112, "+12 %"},
        {1000, 1123, "+12.3 %"},
        {1000, 1004, "+0.4 %"},
        {100, 96, "-4 %"},
        {100, 100, "0 %"},
        {0, 5, "new"},
        {0, 0, "0 %"},
        {1000000, 1000001, "+<0.01 %"},
        {1000000, 999999, "-<0.01 %"},
        {-100, -50, "+50 %"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer words = {0};
        pv_trend_step(&words, rows[i].before, rows[i].after);
        if (!pv_text_equal(pv_buffer_text(&words), pv_text_of(rows[i].words)))
            fail_msg("%lld %lld: %.*s", (long long)rows[i].before, (long long)rows[i].after,
                     PV_TEXT_ARGS(pv_buffer_text(&words)));
        pv_buffer_free(&words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(times), cmocka_unit_test(steps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

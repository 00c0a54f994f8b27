#include "model/series.h"

#include "model/merge.h"
#include "model/transforms.h"
#include "tests/json_profile.h"
#include "tests/random_profile.h"
#include "tests/transform_named.h"

#include <stdlib.h>
#include <string.h>

/* Reads "12", "0.5", … */
static struct pv_decimal decimal(struct pv_text text)
{
    struct pv_decimal out;
    assert_true(pv_parse_decimal(text, &out));
    return out;
}

/* "0 1|10 2.5": points of one series, which is added to the builder. */
static void add_points(struct pv_builder *builder, uint32_t series, const char *text)
{
    struct pv_text rest = pv_text_of(text), line, at, value;
    while (pv_text_split(&rest, '|', &line)) {
        if (!pv_text_word(&line, &at))
            continue;
        assert_true(pv_text_word(&line, &value));
        pv_build_point(builder, series, decimal(at), decimal(value));
    }
}

static struct pv_builder *start(const struct pv_limits *limits)
{
    struct pv_builder *builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "test");
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    pv_build_self(builder, 0, 0, 1);
    return builder;
}

static struct pv_profile *finish(struct pv_builder *builder)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!pv_builder_finish(builder, &profile, &err))
        fail_msg("%s", err.message);
    pv_builder_free(builder);
    return profile;
}

static struct pv_profile *one_series(const char *name, const char *points)
{
    struct pv_builder *builder = start(NULL);
    add_points(builder, pv_build_series(builder, pv_text_of(name), PV_UNIT_BYTES, PV_UNIT_NS),
               points);
    return finish(builder);
}

/* "/10 0 1|10 2": scales and points in the series' own numbers. */
static void series_text(struct pv_buffer *out, const struct pv_series *series)
{
    pv_buffer_print(out, "/%lld/%lld", (long long)series->at_scale, (long long)series->scale);
    for (uint32_t i = 0; i < series->count; i++)
        pv_buffer_print(out, "%s%lld %lld", i ? "|" : " ", (long long)series->points[i].at,
                        (long long)series->points[i].value);
    pv_buffer_char(out, '\0');
}

static void points_are_kept_in_order_and_scale(void **state)
{
    static const struct {
        const char *label, *points, *wanted, *note;
    } rows[] = {
        {"none", "", "/1/1", NULL},
        {"one", "5 7", "/1/1 5 7", NULL},
        {"unsorted; one moment keeps the file's order", "3 1|1 5|3 0|2 9", "/1/1 1 5|2 9|3 1|3 0",
         NULL},
        {"the finest digits decide", "1 1|2.5 1|3 0.25", "/10/100 10 100|25 100|30 25", NULL},
        {"negative", "-1 -2|-3 4", "/1/1 -3 4|-1 -2", NULL},
        {"no room for finer digits", "1 9000000000000000000|2 0.6|3 -0.6|4 0.4",
         "/1/1 1 9000000000000000000|2 1|3 -1|4 0", "rounded"},
        {"no room at all", "1 0.5|2 9000000000000000000|3 1", "/1/10 1 5|3 10", "skipped"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_profile *profile = one_series("heap", rows[i].points);
        struct pv_buffer text = {0};
        assert_int_equal(profile->series_count, 1);
        series_text(&text, profile->series);
        if (strcmp(text.data, rows[i].wanted) != 0)
            fail_msg("%s: wanted %s, got %s", rows[i].label, rows[i].wanted, text.data);
        assert_int_equal(profile->note_count, rows[i].note != NULL);
        if (rows[i].note)
            assert_string_equal(pv_profile_text(profile, profile->notes->kind).data, rows[i].note);
        pv_buffer_free(&text);
        pv_profile_free(profile);
    }
}

static void a_series_is_its_name_and_units(void **state)
{
    struct pv_builder *builder = start(NULL);
    uint32_t a = pv_build_series(builder, PV_TEXT("a"), PV_UNIT_BYTES, PV_UNIT_NS);
    struct pv_series_info info = {.name = PV_TEXT("a"), .unit = PV_UNIT_BYTES};
    (void)state;
    info.at_unit = PV_UNIT_NS;
    assert_int_equal(a, pv_build_series(builder, PV_TEXT("a"), PV_UNIT_BYTES, PV_UNIT_NS));
    assert_int_not_equal(a, pv_build_series(builder, PV_TEXT("a"), PV_UNIT_COUNT, PV_UNIT_NS));
    assert_int_not_equal(a, pv_build_series(builder, PV_TEXT("a"), PV_UNIT_BYTES, PV_UNIT_COUNT));
    assert_int_not_equal(a, pv_build_series(builder, PV_TEXT("b"), PV_UNIT_BYTES, PV_UNIT_NS));
    assert_int_not_equal(a, pv_build_new_series(builder, &info));
    struct pv_profile *profile = finish(builder);
    assert_int_equal(profile->series_count, 5);
    for (uint32_t i = 1; i < 5; i++)
        assert_true(
            pv_series_compare(profile->strings, &profile->series[i - 1], &profile->series[i]) <= 0);
    assert_string_equal(pv_profile_text(profile, profile->series[4].at_name).data, "time");
    assert_int_equal(profile->series[4].group, 0);
    assert_int_equal(profile->series[4].owner, 0);
    pv_profile_free(profile);
}

static void thinning_keeps_the_extremes(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_random random = {7};
    (void)state;
    limits.series_points = 100;
    for (unsigned is_shuffled = 0; is_shuffled < 2; is_shuffled++) {
        struct pv_builder *builder = start(&limits);
        uint32_t series = pv_build_series(builder, PV_TEXT("n"), PV_UNIT_COUNT, PV_UNIT_NS);
        int64_t low = INT64_MAX, high = INT64_MIN, low_at = 0, high_at = 0;
        for (int64_t i = 0; i < 5000; i++) {
            int64_t at = is_shuffled ? i * 3001 % 5000 : i;
            int64_t value = (int64_t)pv_random_below(&random, UINT32_MAX) * 5000 + i;
            pv_build_point(builder, series, (struct pv_decimal){at, 0},
                           (struct pv_decimal){value, 0});
            low_at = value < low ? at : low_at;
            low = value < low ? value : low;
            high_at = value > high ? at : high_at;
            high = value > high ? value : high;
        }
        struct pv_profile *profile = finish(builder);
        const struct pv_series *made = profile->series;
        bool has_low = false, has_high = false;
        assert_in_range(made->count, 40, 100);
        for (uint32_t i = 0; i < made->count; i++) {
            assert_true(i == 0 || made->points[i - 1].at <= made->points[i].at);
            has_low = has_low || (made->points[i].at == low_at && made->points[i].value == low);
            has_high = has_high || (made->points[i].at == high_at && made->points[i].value == high);
        }
        assert_true(has_low && has_high);
        assert_int_equal(made->points[0].at, 0);
        assert_int_equal(made->points[made->count - 1].at, 4999);
        assert_int_equal(made->points[pv_series_peak(made)].value, high);
        assert_int_equal(profile->note_count, 1);
        assert_int_equal(profile->notes->count + made->count, 5000);
        pv_profile_free(profile);
    }
}

static void a_limit_on_series_is_noted(void **state)
{
    struct pv_limits limits = pv_limits_default();
    (void)state;
    limits.series = 1;
    struct pv_builder *builder = start(&limits);
    pv_build_series(builder, PV_TEXT("a"), PV_UNIT_COUNT, PV_UNIT_NS);
    uint32_t b = pv_build_series(builder, PV_TEXT("b"), PV_UNIT_COUNT, PV_UNIT_NS);
    assert_int_equal(b, PV_NONE);
    assert_int_equal(b, pv_build_series(builder, PV_TEXT("b"), PV_UNIT_COUNT, PV_UNIT_NS));
    add_points(builder, b, "1 2");
    struct pv_profile *profile = finish(builder);
    assert_int_equal(profile->series_count, 1);
    assert_int_equal(profile->notes->count, 1);
    pv_profile_free(profile);
}

static void memory_is_limited(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *profile;
    struct pv_error err;
    (void)state;
    limits.memory = 20000;
    struct pv_builder *builder = start(&limits);
    uint32_t series = pv_build_series(builder, PV_TEXT("a"), PV_UNIT_COUNT, PV_UNIT_NS);
    for (int64_t i = 0; i < 10000; i++)
        pv_build_point(builder, series, (struct pv_decimal){i, 0}, (struct pv_decimal){i, 0});
    assert_false(pv_builder_finish(builder, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    pv_builder_free(builder);
}

static struct pv_buffer merged_json(struct pv_profile *const *profiles, size_t count)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *out;
    struct pv_error err;
    assert_true(pv_merge(&out, profiles, count, &limits, &err));
    return write_and_free(out);
}

static void merging_keeps_them_side_by_side(void **state)
{
    struct pv_profile *a = one_series("heap", "0 1|2 3"), *b = one_series("heap", "0 1|2.5 4");
    (void)state;
    pv_profile_own_series(a, PV_TEXT("a.out"));
    pv_profile_own_series(a, PV_TEXT("not again"));
    pv_profile_own_series(b, PV_TEXT("b.out"));
    struct pv_profile *const ab[] = {a, b}, *const ba[] = {b, a};
    struct pv_buffer x = merged_json(ab, 2), y = merged_json(ba, 2);
    assert_true(pv_text_equal(pv_buffer_text(&x), pv_buffer_text(&y)));
    pv_buffer_char(&x, '\0');
    assert_non_null(strstr(x.data, "\"series\":[\n"
                                   "{\"name\":\"heap\",\"group\":\"\",\"owner\":\"a.out\","
                                   "\"unit\":\"bytes\",\"scale\":1,\"at_name\":\"time\","
                                   "\"at_unit\":\"ns\",\"at_scale\":1,\n"
                                   "\"at\":[\n0,2],\n\"value\":[\n1,3]},\n"
                                   "{\"name\":\"heap\",\"group\":\"\",\"owner\":\"b.out\","
                                   "\"unit\":\"bytes\",\"scale\":1,\"at_name\":\"time\","
                                   "\"at_unit\":\"ns\",\"at_scale\":10,\n"
                                   "\"at\":[\n0,25],\n\"value\":[\n1,4]}],\n"));
    pv_buffer_free(&x);
    pv_buffer_free(&y);
    pv_profile_free(a);
    pv_profile_free(b);
}

static void merging_commutes_and_associates(void **state)
{
    static const char *const points[] = {"0 1|2 3", "0 1|2 3.5", "0 1"};
    struct pv_profile *profiles[3], *pair;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    (void)state;
    for (int i = 0; i < 3; i++)
        profiles[i] = one_series("heap", points[i]);
    struct pv_profile *const orders[][3] = {{profiles[0], profiles[1], profiles[2]},
                                            {profiles[2], profiles[0], profiles[1]}};
    struct pv_buffer first = merged_json(orders[0], 3), second = merged_json(orders[1], 3);
    assert_true(pv_text_equal(pv_buffer_text(&first), pv_buffer_text(&second)));
    pv_buffer_free(&second);
    assert_true(pv_merge(&pair, orders[0] + 1, 2, &limits, &err));
    struct pv_profile *const nested[] = {pair, profiles[0]};
    second = merged_json(nested, 2);
    assert_true(pv_text_equal(pv_buffer_text(&first), pv_buffer_text(&second)));
    pv_buffer_free(&first);
    pv_buffer_free(&second);
    pv_profile_free(pair);
    for (int i = 0; i < 3; i++)
        pv_profile_free(profiles[i]);
}

static void transforms_carry_them_over(void **state)
{
    struct pv_error err;
    (void)state;
    struct pv_builder *builder = start(NULL);
    uint32_t frame = pv_build_name(builder, PV_TEXT("f"));
    pv_build_self(builder, pv_build_stack(builder, 0, &frame, 1, NULL), 0, 1);
    add_points(builder, pv_build_series(builder, PV_TEXT("n"), PV_UNIT_COUNT, PV_UNIT_NS),
               "1 2.50|2 3");
    struct pv_profile *profile = finish(builder);
    assert_true(pv_transform_apply(&profile, transform_named("reverse"), PV_TEXT(""), NULL, &err));
    assert_true(pv_transform_apply(&profile, transform_named("focus"), PV_TEXT("f"), NULL, &err));
    struct pv_buffer text = {0};
    assert_int_equal(profile->series_count, 1);
    series_text(&text, profile->series);
    assert_string_equal(text.data, "/1/10 1 25|2 30");
    pv_buffer_free(&text);
    pv_profile_free(profile);
}

#define HEAD                                                                                       \
    "{\"profviz\":1,\"origin\":\"stacks\",\"metrics\":[],\"functions\":[],\"stacks\":"             \
    "{\"function\":[null],\"parent\":[null],\"self\":[]},\"series\":["

static void json_is_checked(void **state)
{
    static const struct {
        const char *label, *json, *wanted;
    } rows[] = {
        {"no name", HEAD "{\"at\":[1],\"value\":[1]}]}", "without a name"},
        {"uneven", HEAD "{\"name\":\"a\",\"at\":[1,2],\"value\":[1]}]}", "1 values at 2 points"},
        {"no time", HEAD "{\"name\":\"a\",\"value\":[1]}]}", "1 values at 0 points"},
        {"bad unit", HEAD "{\"name\":\"a\",\"unit\":\"s\"}]}", "unknown unit"},
        {"bad scale", HEAD "{\"name\":\"a\",\"at_scale\":20}]}", "power of ten"},
        {"fraction", HEAD "{\"name\":\"a\",\"at\":[0.5]}]}", "integer"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (read_bytes(pv_text_of(rows[i].json), 7, &profile, &err))
            fail_msg("%s: was read", rows[i].label);
        if (!strstr(err.message, rows[i].wanted))
            fail_msg("%s: %s", rows[i].label, err.message);
    }
}

static void json_reads_them_back(void **state)
{
    (void)state;
    struct pv_builder *builder = start(NULL);
    struct pv_series_info info = {.name = PV_TEXT("<\xff>"),
                                  .group = PV_TEXT("memory"),
                                  .owner = PV_TEXT("x"),
                                  .at_name = PV_TEXT("instructions")};
    add_points(builder, pv_build_new_series(builder, &info), "1 -2.5|9.25 3");
    pv_build_series(builder, PV_TEXT("no points"), PV_UNIT_BYTES, PV_UNIT_BYTES);
    struct pv_buffer bytes = write_and_free(finish(builder));
    for (size_t chunk = 1; chunk < 100; chunk += 13)
        assert_becomes(pv_buffer_text(&bytes), chunk, pv_buffer_text(&bytes));
    pv_buffer_free(&bytes);
    bytes = (struct pv_buffer){0};
    /* Unsorted, members in another order, some of them left out. */
    static const char loose[] = HEAD "{\"value\":[5,25],\"at\":[2,1],\"more\":[],\"name\":\"n\"}]}";
    struct pv_profile *profile;
    struct pv_error err;
    assert_true(read_bytes(pv_text_of(loose), 7, &profile, &err));
    series_text(&bytes, profile->series);
    assert_string_equal(bytes.data, "/1/1 1 25|2 5");
    pv_buffer_free(&bytes);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_are_kept_in_order_and_scale),
        cmocka_unit_test(a_series_is_its_name_and_units),
        cmocka_unit_test(thinning_keeps_the_extremes),
        cmocka_unit_test(a_limit_on_series_is_noted),
        cmocka_unit_test(memory_is_limited),
        cmocka_unit_test(merging_keeps_them_side_by_side),
        cmocka_unit_test(merging_commutes_and_associates),
        cmocka_unit_test(transforms_carry_them_over),
        cmocka_unit_test(json_is_checked),
        cmocka_unit_test(json_reads_them_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "model/costs.h"

#include "tests/unit.h"

#include <string.h>

static void is_read_back(const struct pv_costs *costs)
{
    struct pv_buffer bytes = {0};
    struct pv_costs back = {0};
    pv_costs_pack(&bytes, costs);
    assert_true(pv_costs_unpack(&back, pv_buffer_text(&bytes)));
    assert_int_equal(back.count, costs->count);
    for (size_t i = 0; i < costs->count; i++) {
        assert_int_equal(back.items[i].function, costs->items[i].function);
        assert_true(back.items[i].value == costs->items[i].value);
    }
    for (size_t size = 0; size < bytes.size; size++)
        assert_false(pv_costs_unpack(&back, pv_text_slice(pv_buffer_text(&bytes), 0, size)));
    pv_costs_free(&back);
    pv_buffer_free(&bytes);
}

static void packed(void **state)
{
    (void)state;
    static const struct pv_cost odd[] = {
        {0, 1},        {1, -1},          {2, 127},       {3, 128},
        {5, -128},     {6, INT64_MAX},   {7, INT64_MIN}, {100000, 65536},
        {100001, 255}, {16777214, -256}, {16777215, 4},
    };
    struct pv_costs costs = {0};
    is_read_back(&costs);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        pv_costs_add(&costs, odd[i].function, odd[i].value);
        is_read_back(&costs);
    }
    pv_costs_free(&costs);
}

static void small(void **state)
{
    (void)state;
    struct pv_buffer bytes = {0};
    struct pv_costs costs = {0};
    for (uint32_t i = 0; i < 10000; i++)
        pv_costs_add(&costs, 500 + i, (int64_t)i * 7 % 30000);
    pv_costs_pack(&bytes, &costs);
    assert_true(bytes.size < 10000 * 5 / 2 + 10);
    pv_costs_free(&costs);
    pv_buffer_free(&bytes);
}

static void sorted(void **state)
{
    (void)state;
    static const struct pv_cost mixed[] = {{9, 4}, {3, INT64_MAX}, {9, -4}, {3, 1}, {1, 2}};
    struct pv_costs costs = {0};
    for (size_t i = 0; i < sizeof mixed / sizeof mixed[0]; i++)
        pv_costs_add(&costs, mixed[i].function, mixed[i].value);
    pv_costs_sort(&costs);
    assert_int_equal(costs.count, 2);
    assert_int_equal(costs.items[0].function, 1);
    assert_true(costs.items[1].value == INT64_MAX);
    pv_costs_free(&costs);
}

static void differences(void **state)
{
    (void)state;
    static const struct pv_cost left[] = {{1, 5}, {2, 7}, {4, INT64_MIN}, {9, 1}};
    static const struct pv_cost right[] = {{2, 7}, {3, -2}, {4, INT64_MAX}};
    struct pv_costs a = {0}, b = {0}, difference = {0}, again = {0};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        pv_costs_add(&a, left[i].function, left[i].value);
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        pv_costs_add(&b, right[i].function, right[i].value);
    pv_costs_subtract(&difference, &a, &b);
    assert_int_equal(difference.count, 4);
    assert_int_equal(difference.items[1].function, 3);
    assert_int_equal(difference.items[1].value, 2);
    pv_costs_sum(&again, &b, &difference);
    assert_int_equal(again.count, a.count);
    for (size_t i = 0; i < a.count; i++)
        assert_true(again.items[i].value == left[i].value);
    pv_costs_free(&a);
    pv_costs_free(&b);
    pv_costs_free(&difference);
    pv_costs_free(&again);
}

static void broken(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct pv_text bytes;
    } rows[] = {
        {"nothing", {"", 0}},
        {"more than there is", {"\x7f\x00\x01\x00", 4}},
        {"no stretch", {"\x01", 1}},
        {"an empty stretch", {"\x01\x00\x00\x00", 4}},
        {"a stretch that is too long", {"\x01\x00\x02\x00", 4}},
        {"numbers that are too large", {"\x01\x80\x80\x80\x08\x01\x00", 7}},
        {"varint without an end", {"\xff\xff\xff\xff\xff\xff", 6}},
        {"values of nine bytes",
         {"\x01\x00\x01\x09"
          "123456789",
          13}},
        {"a byte behind none", {"\x00\x00", 2}},
        {"a byte too many", {"\x01\x00\x01\x01\x02\x03", 6}},
    };
    struct pv_costs costs = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (pv_costs_unpack(&costs, rows[i].bytes) || costs.count)
            fail_msg("%s", rows[i].label);
    pv_costs_free(&costs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed),      cmocka_unit_test(small),  cmocka_unit_test(sorted),
        cmocka_unit_test(differences), cmocka_unit_test(broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

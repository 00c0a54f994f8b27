#include "model/limits.h"

#include "model/input.h"
#include "model/number.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void rows_name_all_that_is_an_option(void **state)
{
    size_t count;
    const struct pv_limit_row *rows = pv_limit_rows(&count);
    (void)state;
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].offset % sizeof(uint64_t), 0);
        assert_true(rows[i].offset < sizeof(struct pv_limits));
        assert_true(strncmp(rows[i].option, "max-", 4) == 0);
        assert_true(rows[i].summary[0] != '\0');
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(rows[i].option, rows[k].option);
            assert_int_not_equal(rows[i].offset, rows[k].offset);
        }
    }
}

static void defaults_are_those_of_the_manual(void **state)
{
    struct pv_limits limits = pv_limits_default();
    (void)state;
    assert_true(limits.input_bytes == (uint64_t)16 << 30);
    assert_int_equal(limits.ratio, 2000);
    assert_int_equal(limits.line_bytes, 16 << 20);
    assert_int_equal(limits.name_bytes, 64 << 10);
    assert_int_equal(limits.stack_depth, 65536);
    assert_int_equal(limits.nesting, 4096);
    assert_int_equal(limits.functions, 20000000);
    assert_int_equal(limits.arcs, 50000000);
    assert_int_equal(limits.nodes, 200000000);
    assert_int_equal(limits.graph_nodes, 80);
    assert_int_equal(limits.graph_arcs, 200);
    assert_int_equal(limits.flame_frames, 20000);
    assert_int_equal(limits.png_pixels, 64000000);
    assert_int_equal(limits.png_side, 32767);
}

static struct pv_text load(struct pv_input *input)
{
    struct pv_text all = pv_input_peek(input);
    assert_true(all.size > 0);
    return all;
}

/* As the document writes a default: 16G, 64K, 2000, none. */
static void write_default(char out[32], uint64_t value, bool is_bytes)
{
    static const char prefixes[] = {'G', 'M', 'K'};
    size_t size = pv_print_uint64(out, value);
    out[size] = '\0';
    for (unsigned i = 0; is_bytes && i < 3; i++)
        if (value && value % ((uint64_t)1 << (30 - 10 * i)) == 0) {
            snprintf(out, 32, "%u%c", (unsigned)(value >> (30 - 10 * i)), prefixes[i]);
            return;
        }
    if (value == 0)
        snprintf(out, 32, "none");
}

static void the_document_has_every_row(void **state)
{
    size_t count;
    const struct pv_limit_row *rows = pv_limit_rows(&count);
    struct pv_limits limits = pv_limits_default();
    struct pv_input *input;
    struct pv_error err;
    (void)state;
    assert_true(pv_input_open(&input, "docs/security.md", NULL, &err));
    struct pv_text document = load(input);
    for (size_t i = 0; i < count; i++) {
        char number[32], row[128];
        uint64_t value;
        memcpy(&value, (const char *)&limits + rows[i].offset, sizeof value);
        write_default(number, value, rows[i].is_bytes);
        snprintf(row, sizeof row, "| `--%s` | %s | ", rows[i].option, number);
        if (pv_text_search(document, pv_text_of(row)) == document.size)
            fail_msg("docs/security.md lacks: %s", row);
    }
    pv_input_close(input);
}

static void arrays_double(void **state)
{
    struct pv_budget unlimited = {0};
    uint32_t *items = NULL, capacity = 0;
    unsigned grown = 0;
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t before = capacity;
        void *array = items;
        assert_true(pv_grow(&array, &capacity, (uint64_t)i + 1, sizeof *items, &unlimited));
        items = array;
        items[i] = i;
        grown += capacity != before;
    }
    assert_true(grown < 20);
    for (uint32_t i = 0; i < 100000; i++)
        assert_int_equal(items[i], i);
    assert_false(unlimited.is_over);
    assert_true(unlimited.used >= 400000);
    free(items);
}

static void a_budget_ends(void **state)
{
    struct pv_budget budget = {.limit = 1000};
    uint32_t capacity = 0;
    void *array = NULL;
    (void)state;
    assert_true(pv_budget_take(&budget, 400));
    assert_false(budget.is_over);
    assert_false(pv_budget_take(&budget, 601));
    assert_true(budget.is_over);
    budget = (struct pv_budget){.limit = 1000};
    assert_false(pv_budget_take(&budget, UINT64_MAX));
    budget = (struct pv_budget){.limit = 1000};
    assert_true(pv_grow(&array, &capacity, 10, 8, &budget));
    uint32_t had = capacity;
    void *was = array;
    assert_false(pv_grow(&array, &capacity, 1000, 8, &budget));
    assert_true(budget.is_over);
    assert_int_equal(capacity, had);
    assert_ptr_equal(array, was);
    free(array);
}

static void more_than_32_bits_of_items_are_refused(void **state)
{
    struct pv_budget unlimited = {0};
    uint32_t capacity = 0;
    void *array = NULL;
    (void)state;
    assert_false(pv_grow(&array, &capacity, (uint64_t)UINT32_MAX + 1, 1, &unlimited));
    assert_true(unlimited.is_over);
    assert_null(array);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_name_all_that_is_an_option),
        cmocka_unit_test(defaults_are_those_of_the_manual),
        cmocka_unit_test(the_document_has_every_row),
        cmocka_unit_test(arrays_double),
        cmocka_unit_test(a_budget_ends),
        cmocka_unit_test(more_than_32_bits_of_items_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

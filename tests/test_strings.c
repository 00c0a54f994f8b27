#include "model/map.h"
#include "model/strings.h"

#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

static void equal_bytes_have_one_number(void **state)
{
    (void)state;
    struct pv_budget budget = {0};
    struct pv_strings *strings = pv_strings_new();
    pv_str first = pv_strings_add(strings, PV_TEXT("main"), &budget);
    pv_str other = pv_strings_add(strings, PV_TEXT("main\0x"), &budget);
    assert_int_not_equal(first, other);
    assert_int_equal(first, pv_strings_add(strings, PV_TEXT("main"), &budget));
    assert_int_equal(0, pv_strings_add(strings, PV_TEXT(""), &budget));
    assert_int_equal(6, pv_strings_get(strings, other).size);
    assert_int_equal('\0', pv_strings_get(strings, first).data[4]);
    pv_strings_free(strings);
}

static void many_strings_keep_their_numbers(void **state)
{
    (void)state;
    struct pv_budget budget = {0};
    struct pv_strings *strings = pv_strings_new();
    char name[32];
    for (uint32_t i = 0; i < 50000; i++) {
        int size = snprintf(name, sizeof name, "function_%u", i * 7919);
        assert_int_equal(i + 1,
                         pv_strings_add(strings, (struct pv_text){name, (size_t)size}, &budget));
    }
    assert_int_equal(50001, pv_strings_count(strings));
    for (uint32_t i = 0; i < 50000; i++) {
        int size = snprintf(name, sizeof name, "function_%u", i * 7919);
        assert_int_equal(i + 1,
                         pv_strings_add(strings, (struct pv_text){name, (size_t)size}, &budget));
    }
    assert_int_equal(50001, pv_strings_count(strings));
    pv_strings_free(strings);
}

static void a_used_up_budget_is_said(void **state)
{
    (void)state;
    struct pv_budget budget = {.limit = 100};
    struct pv_strings *strings = pv_strings_new();
    char name[64];
    memset(name, 'x', sizeof name);
    assert_int_not_equal(0, pv_strings_add(strings, (struct pv_text){name, 64}, &budget));
    assert_int_equal(0, pv_strings_add(strings, (struct pv_text){name, 63}, &budget));
    assert_true(budget.is_over);
    pv_strings_free(strings);
}

/* Once settled, texts are found by looking at all; new ones are still added. */
static void settled_strings_go_on(void **state)
{
    (void)state;
    struct pv_budget budget = {0};
    struct pv_strings *strings = pv_strings_new();
    pv_str a = pv_strings_add(strings, PV_TEXT("a"), &budget);
    pv_str b = pv_strings_add(strings, PV_TEXT("bb"), &budget);
    pv_strings_settle(strings);
    assert_int_equal(pv_strings_add(strings, PV_TEXT("bb"), &budget), b);
    assert_int_equal(pv_strings_add(strings, PV_TEXT("a"), &budget), a);
    assert_int_equal(pv_strings_add(strings, PV_TEXT(""), &budget), 0);
    pv_str c = pv_strings_add(strings, PV_TEXT("c"), &budget);
    assert_int_equal(c, b + 1);
    assert_int_equal(pv_strings_add(strings, PV_TEXT("c"), &budget), c);
    assert_true(pv_text_equal(pv_strings_get(strings, c), PV_TEXT("c")));
    pv_strings_free(strings);
}

static void a_map_finds_what_was_put(void **state)
{
    (void)state;
    struct pv_budget budget = {0};
    struct pv_map map = {0};
    bool is_new;
    assert_null(pv_map_get(&map, 5));
    for (uint64_t i = 0; i < 20000; i++) {
        assert_int_equal(i, *pv_map_put(&map, i << 32 | (i % 3), (uint32_t)i, &is_new, &budget));
        assert_true(is_new);
    }
    assert_int_equal(77, *pv_map_put(&map, (uint64_t)77 << 32 | (77 % 3), 1, &is_new, &budget));
    assert_false(is_new);
    for (uint64_t i = 0; i < 20000; i++)
        assert_int_equal(i, *pv_map_get(&map, i << 32 | (i % 3)));
    assert_null(pv_map_get(&map, (uint64_t)1 << 60));
    pv_map_free(&map);
}

/* A view has the numbers and bytes of its table, and takes more that the table does not see. */
static void a_view_goes_on(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    struct pv_budget budget = {0};
    struct pv_strings *first = pv_strings_new(), *other = pv_strings_new();
    char name[32];
    for (int i = 0; i < COUNT; i++) {
        int size = snprintf(name, sizeof name, "name %d", i);
        pv_strings_add(i % 2 ? first : other, (struct pv_text){name, (size_t)size}, &budget);
    }
    pv_strings_settle(first);
    struct pv_strings *view = pv_strings_view(first);
    for (pv_str id = 0; id < pv_strings_count(first); id++) {
        assert_int_equal(pv_strings_add_of(view, first, id, &budget), id);
        assert_ptr_equal(pv_strings_get(view, id).data, pv_strings_get(first, id).data);
    }
    for (pv_str id = 1; id < pv_strings_count(other); id++) {
        pv_str added = pv_strings_add_of(view, other, id, &budget);
        assert_int_equal(added, COUNT / 2 + id);
        assert_true(pv_text_equal(pv_strings_get(view, added), pv_strings_get(other, id)));
        assert_int_equal(pv_strings_add(view, pv_strings_get(other, id), &budget), added);
    }
    assert_int_equal(pv_strings_count(first), COUNT / 2 + 1);
    pv_strings_free(view);
    pv_strings_free(other);
    pv_strings_free(first);
}

/* Vectors that Fowler, Noll and Vo publish. */
static void the_stable_hash_is_fnv1a(void **state)
{
    (void)state;
    assert_true(pv_hash_stable(PV_TEXT("")) == 0xcbf29ce484222325);
    assert_true(pv_hash_stable(PV_TEXT("a")) == 0xaf63dc4c8601ec8c);
    assert_true(pv_hash_stable(PV_TEXT("foobar")) == 0x85944171f73967e8);
}

/* One bit anywhere changes the hash, for every size around the block borders. */
static void the_hash_sees_every_byte(void **state)
{
    (void)state;
    unsigned char bytes[200];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 31);
    for (size_t size = 1; size <= sizeof bytes; size++) {
        uint64_t before = pv_hash(bytes, size);
        for (size_t i = 0; i < size; i++) {
            bytes[i] ^= 1;
            assert_true(pv_hash(bytes, size) != before);
            bytes[i] ^= 1;
        }
        assert_true(pv_hash(bytes, size - 1) != before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_bytes_have_one_number),
        cmocka_unit_test(many_strings_keep_their_numbers),
        cmocka_unit_test(a_used_up_budget_is_said),
        cmocka_unit_test(settled_strings_go_on),
        cmocka_unit_test(a_view_goes_on),
        cmocka_unit_test(a_map_finds_what_was_put),
        cmocka_unit_test(the_stable_hash_is_fnv1a),
        cmocka_unit_test(the_hash_sees_every_byte),
    };
    return cmocka_run_group_tests_name("strings and map", tests, NULL, NULL);
}

#include "model/arena.h"

#include "model/error.h"
#include "tests/unit.h"

#include <string.h>

static void blocks_are_aligned_zeroed_and_apart(void **state)
{
    static const size_t sizes[] = {0, 1, 7, 8, 24, 100, 5000, 20000, 70000, 1 << 20};
    enum { kinds = sizeof sizes / sizeof sizes[0], count = 50 * kinds };
    struct pv_arena *arena = pv_arena_new();
    unsigned char *blocks[count];
    (void)state;
    for (size_t i = 0; i < count; i++) {
        size_t size = sizes[i % kinds];
        blocks[i] = pv_arena_alloc(arena, size);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(blocks[i][k], 0);
        memset(blocks[i], (int)(i % 251) + 1, size);
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizes[i % kinds]; k += 97)
            assert_int_equal(blocks[i][k], i % 251 + 1);
    pv_arena_free(arena);
}

static void copies_end_with_a_nul(void **state)
{
    struct pv_arena *arena = pv_arena_new();
    (void)state;
    struct pv_text copy = pv_arena_copy(arena, (struct pv_text){"a\0b", 3});
    assert_int_equal(copy.size, 3);
    assert_memory_equal(copy.data, "a\0b", 4);
    copy = pv_arena_copy(arena, (struct pv_text){0});
    assert_int_equal(copy.size, 0);
    assert_string_equal(copy.data, "");
    pv_arena_free(arena);
}

/* The sanitizer's leak check tells whether adopted blocks are released. */
static void adopted_blocks_go_with_the_arena(void **state)
{
    struct pv_arena *arena = pv_arena_new();
    (void)state;
    for (size_t i = 0; i < 5000; i++)
        pv_arena_adopt(arena, pv_alloc(i));
    pv_arena_adopt(arena, NULL);
    pv_arena_free(arena);
    pv_arena_free(NULL);
}

/* The sanitizer would see a block that is freed twice. */
static void a_block_may_go_before_its_arena(void **state)
{
    struct pv_arena *arena = pv_arena_new();
    void *blocks[3] = {pv_alloc(8), pv_alloc(8), pv_alloc(8)};
    int stranger = 1;
    (void)state;
    for (size_t i = 0; i < 3; i++)
        pv_arena_adopt(arena, blocks[i]);
    pv_arena_release(arena, blocks[1]);
    pv_arena_release(arena, blocks[1]);
    pv_arena_release(arena, &stranger);
    pv_arena_release(arena, NULL);
    assert_int_equal(stranger, 1);
    pv_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_zeroed_and_apart),
        cmocka_unit_test(copies_end_with_a_nul),
        cmocka_unit_test(adopted_blocks_go_with_the_arena),
        cmocka_unit_test(a_block_may_go_before_its_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

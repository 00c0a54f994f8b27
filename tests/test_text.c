#include "model/text.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static struct pv_text of(const char *text)
{
    return pv_text_of(text);
}

static void order_is_by_bytes(void **state)
{
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"", "", 0},
        {"", "a", -1},
        {"a", "", 1},
        {"a", "a", 0},
        {"a", "b", -1},
        {"ab", "a", 1},
        {"a", "ab", -1},
        {"Z", "a", -1},
        {"\x7f", "\x80", -1},
        {"\xff", "a", 1},
        {"caf\xc3\xa9", "cafz", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int order = pv_text_compare(of(rows[i].a), of(rows[i].b));
        assert_int_equal((order > 0) - (order < 0), rows[i].order);
        assert_int_equal(pv_text_equal(of(rows[i].a), of(rows[i].b)), rows[i].order == 0);
    }
    assert_true(pv_text_equal((struct pv_text){0}, of("")));
    assert_false(pv_text_equal((struct pv_text){"a\0b", 3}, (struct pv_text){"a\0c", 3}));
}

static void ends(void **state)
{
    (void)state;
    assert_true(pv_text_starts(of("abc"), of("ab")));
    assert_true(pv_text_starts(of("abc"), of("")));
    assert_true(pv_text_starts(of(""), of("")));
    assert_false(pv_text_starts(of("abc"), of("abcd")));
    assert_false(pv_text_starts(of("abc"), of("b")));
    assert_true(pv_text_ends(of("abc"), of("bc")));
    assert_true(pv_text_ends(of("abc"), of("")));
    assert_false(pv_text_ends(of("abc"), of("ab")));
    assert_false(pv_text_ends(of("c"), of("bc")));
    assert_int_equal(pv_text_of(NULL).size, 0);
}

static void slices_are_clamped(void **state)
{
    static const struct {
        size_t from, to;
        const char *wanted;
    } rows[] = {
        {0, 3, "abc"},
        {1, 2, "b"},
        {0, 99, "abc"},
        {3, 3, ""},
        {9, 99, ""},
        {2, 1, ""},
        {(size_t)-1, (size_t)-1, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(
            pv_text_equal(pv_text_slice(of("abc"), rows[i].from, rows[i].to), of(rows[i].wanted)));
    assert_int_equal(pv_text_slice((struct pv_text){0}, 0, 5).size, 0);
}

static void blanks_are_trimmed(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},           {" \t\r\n\v\f", ""}, {"a", "a"},
        {"  a b\t", "a b"}, {"\n\na", "a"},      {"\xc2\xa0", "\xc2\xa0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(pv_text_equal(pv_text_trim(of(rows[i][0])), of(rows[i][1])));
}

static void searches(void **state)
{
    static const struct {
        const char *text, *needle;
        size_t at;
    } rows[] = {
        {"", "", 0},      {"abc", "", 0},  {"abc", "abc", 0},
        {"abc", "c", 2},  {"abc", "d", 3}, {"aaab", "ab", 2},
        {"ab", "abc", 2}, {"", "a", 0},    {"aabaaab", "aaab", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(pv_text_search(of(rows[i].text), of(rows[i].needle)), rows[i].at);
    assert_int_equal(pv_text_find(of("a;b;c"), ';'), 1);
    assert_int_equal(pv_text_find_last(of("a;b;c"), ';'), 3);
    assert_int_equal(pv_text_find(of("abc"), ';'), 3);
    assert_int_equal(pv_text_find_last(of("abc"), ';'), 3);
    assert_int_equal(pv_text_find((struct pv_text){0}, ';'), 0);
    assert_int_equal(pv_text_find_last((struct pv_text){0}, ';'), 0);
}

static void parts(void **state)
{
    static const struct {
        const char *text, *wanted; /* parts, each followed by '|' */
    } rows[] = {
        {"", "|"}, {";", "||"}, {"a", "a|"}, {"a;;b", "a||b|"}, {";a;", "|a||"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_text rest = of(rows[i].text), part;
        struct pv_buffer out = {0};
        while (pv_text_split(&rest, ';', &part)) {
            pv_buffer_add(&out, part);
            pv_buffer_char(&out, '|');
        }
        assert_true(pv_text_equal(pv_buffer_text(&out), of(rows[i].wanted)));
        assert_null(rest.data);
        pv_buffer_free(&out);
    }
}

static void words(void **state)
{
    struct pv_text rest = of("  two\twords \n "), word;
    (void)state;
    assert_true(pv_text_word(&rest, &word));
    assert_true(pv_text_equal(word, of("two")));
    assert_true(pv_text_word(&rest, &word));
    assert_true(pv_text_equal(word, of("words")));
    assert_true(pv_text_word(&rest, &word));
    assert_true(pv_text_equal(word, of("\n")));
    assert_false(pv_text_word(&rest, &word));
    rest = (struct pv_text){0};
    assert_false(pv_text_word(&rest, &word));
}

static void distances(void **state)
{
    static const struct {
        const char *a, *b;
        unsigned distance;
    } rows[] = {
        {"", "", 0},        {"", "abc", 3},        {"abc", "abc", 0},
        {"ABC", "abc", 0},  {"focus", "focsu", 1}, {"kitten", "sitting", 3},
        {"abcd", "bcd", 1}, {"ab", "ba", 1},       {"view", "--view", 2},
        {"a", "b", 1},
    };
    char longer[100];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(pv_text_distance(of(rows[i].a), of(rows[i].b)), rows[i].distance);
        assert_int_equal(pv_text_distance(of(rows[i].b), of(rows[i].a)), rows[i].distance);
    }
    memset(longer, 'x', sizeof longer);
    assert_int_equal(pv_text_distance((struct pv_text){longer, 100}, of("")), 64);
    assert_int_equal(pv_text_distance((struct pv_text){longer, 100}, (struct pv_text){longer, 90}),
                     0);
}

static void buffers_grow(void **state)
{
    struct pv_buffer buffer = {0};
    (void)state;
    assert_int_equal(pv_buffer_text(&buffer).size, 0);
    pv_buffer_add(&buffer, (struct pv_text){0});
    for (int i = 0; i < 5000; i++) {
        pv_buffer_char(&buffer, 'a');
        pv_buffer_add(&buffer, of("bc"));
        pv_buffer_print(&buffer, "%d%s", i % 10, "");
    }
    assert_int_equal(buffer.size, 20000);
    for (size_t i = 0; i < 5000; i++) {
        char wanted[] = {'a', 'b', 'c', (char)('0' + (char)(i % 10))};
        assert_memory_equal(buffer.data + 4 * i, wanted, sizeof wanted);
    }
    memcpy(pv_buffer_reserve(&buffer, 3), "xyz", 3);
    buffer.size += 3;
    assert_true(pv_text_ends(pv_buffer_text(&buffer), of("9xyz")));
    pv_buffer_print(&buffer, "%*s", 70000, "x");
    assert_int_equal(buffer.size, 90003);
    pv_buffer_free(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.size + buffer.capacity, 0);
    pv_buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_by_bytes),
        cmocka_unit_test(ends),
        cmocka_unit_test(slices_are_clamped),
        cmocka_unit_test(blanks_are_trimmed),
        cmocka_unit_test(searches),
        cmocka_unit_test(parts),
        cmocka_unit_test(words),
        cmocka_unit_test(distances),
        cmocka_unit_test(buffers_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

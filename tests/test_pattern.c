#include "model/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expressions_match_anywhere(void **state)
{
    static const struct {
        const char *expression, *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"", "x", true},
        {"b", "abc", true},
        {"^b", "abc", false},
        {"^a.*c$", "abc", true},
        {"(?i)MAIN", "the main loop", true},
        {"MAIN", "the main loop", false},
        {"std::(vector|map)<", "std::map<int>", true},
        {"^gr.n$", "gr\xc3\xbcn", true},
        {"\xc3\xbc", "gr\xc3\xbcn", true},
        {"n\\b", "gr\xff\xc3n", true},
        {"^..$", "\xff\xfe", false},
        {"\xff",
         "a\xff"
         "b",
         true},
        {"(?<!un)known", "unknown", false},
        {"\\p{Lu}", "\xc3\x9c", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_pattern *pattern;
        struct pv_error err;
        print_message("/%s/ %s\n", rows[i].expression, rows[i].text);
        assert_true(pv_pattern_new(&pattern, pv_text_of(rows[i].expression), &err));
        assert_int_equal(pv_pattern_matches(pattern, pv_text_of(rows[i].text)), rows[i].matches);
        pv_pattern_free(pattern);
    }
    pv_pattern_free(NULL);
}

static void bytes_of_any_kind_are_fine(void **state)
{
    (void)state;
    struct pv_pattern *pattern;
    struct pv_error err;
    assert_true(pv_pattern_new(&pattern, (struct pv_text){"a\0b", 3}, &err));
    assert_true(pv_pattern_matches(pattern, (struct pv_text){"xa\0b", 4}));
    assert_false(pv_pattern_matches(pattern, (struct pv_text){"xab", 3}));
    assert_false(pv_pattern_matches(pattern, (struct pv_text){NULL, 0}));
    pv_pattern_free(pattern);
}

static void malformed_expressions_say_where(void **state)
{
    static const struct {
        const char *expression, *says;
        uint64_t at;
    } rows[] = {
        {"a(b", "missing closing parenthesis at offset 3", 3},
        {"a[b", "missing terminating ]", 3},
        {"*a", "quantifier does not follow a repeatable item", 0},
        {"\\C", "\\C", 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_pattern *pattern = NULL;
        struct pv_error err;
        assert_false(pv_pattern_new(&pattern, pv_text_of(rows[i].expression), &err));
        print_message("%s\n", err.message);
        assert_null(pattern);
        assert_int_equal(err.code, PV_USAGE);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_int_equal(err.where.offset, rows[i].at);
    }
}

static void runaway_matching_ends(void **state)
{
    (void)state;
    char text[5001];
    struct pv_pattern *pattern;
    struct pv_error err;
    memset(text, 'a', sizeof text);
    assert_true(pv_pattern_new(&pattern, PV_TEXT("^(a+a+)+b$"), &err));
    assert_false(pv_pattern_matches(pattern, (struct pv_text){text, sizeof text}));
    pv_pattern_free(pattern);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_match_anywhere),
        cmocka_unit_test(bytes_of_any_kind_are_fine),
        cmocka_unit_test(malformed_expressions_say_where),
        cmocka_unit_test(runaway_matching_ends),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}

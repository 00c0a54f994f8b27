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

static void groups_are_told_apart(void **state)
{
    (void)state;
    struct pv_pattern *pattern;
    struct pv_error err;
    uint32_t name = 0, number = 0;
    struct pv_text line = PV_TEXT("f\xff 12");
    assert_true(
        pv_pattern_new_for_lines(&pattern, PV_TEXT("^(?<b>\\w.) (?:(?<x>z)|(?<a>\\d+))"), &err));
    assert_true(pv_text_equal(pv_pattern_group(pattern, 0, &number), PV_TEXT("a")));
    assert_true(pv_text_equal(pv_pattern_group(pattern, 1, &name), PV_TEXT("b")));
    assert_int_equal(pv_pattern_group(pattern, 3, &name).size, 0);
    assert_int_equal(pv_pattern_find(pattern, PV_TEXT("no")), PV_PATTERN_NO);
    assert_int_equal(pv_pattern_find(pattern, line), PV_PATTERN_YES);
    assert_true(pv_text_equal(pv_pattern_part(pattern, line, number), PV_TEXT("12")));
    assert_true(pv_text_equal(pv_pattern_part(pattern, line, name), PV_TEXT("f\xff")));
    assert_null(pv_pattern_part(pattern, line, 2).data); /* x took no part */
    assert_null(pv_pattern_part(pattern, line, 9).data);
    pv_pattern_free(pattern);
    /* One that is not ASCII knows characters. */
    assert_true(pv_pattern_new_for_lines(&pattern, PV_TEXT("^[\xc3\xb6]$"), &err));
    assert_int_equal(pv_pattern_find(pattern, PV_TEXT("\xc3\xb6")), PV_PATTERN_YES);
    assert_int_equal(pv_pattern_find(pattern, PV_TEXT("\xc3")), PV_PATTERN_NO);
    pv_pattern_free(pattern);
}

/* What is quadratic or worse is given up, or not looked for behind the first bytes. */
static void lines_take_linear_time(void **state)
{
    (void)state;
    struct pv_pattern *pattern;
    struct pv_error err;
    struct pv_text line = {malloc(1000000), 1000000};
    assert_non_null(line.data);
    memset((char *)line.data, 'a', line.size);
    assert_true(pv_pattern_new_for_lines(&pattern, PV_TEXT("^(a|aa)+[bc]$"), &err));
    assert_int_equal(pv_pattern_find(pattern, line), PV_PATTERN_TOO_HARD);
    pv_pattern_free(pattern);
    assert_true(pv_pattern_new_for_lines(&pattern, PV_TEXT("a{1,5}[bc]"), &err));
    assert_int_equal(pv_pattern_find(pattern, line), PV_PATTERN_NO);
    ((char *)line.data)[PV_PATTERN_STARTS - 1] = 'x';
    ((char *)line.data)[PV_PATTERN_STARTS] = 'b';
    pv_pattern_free(pattern);
    assert_true(pv_pattern_new_for_lines(&pattern, PV_TEXT("b|yb"), &err));
    assert_int_equal(pv_pattern_find(pattern, line), PV_PATTERN_NO);
    ((char *)line.data)[PV_PATTERN_STARTS - 1] = 'y';
    assert_int_equal(pv_pattern_find(pattern, line), PV_PATTERN_YES);
    pv_pattern_free(pattern);
    free((char *)line.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_match_anywhere),
        cmocka_unit_test(bytes_of_any_kind_are_fine),
        cmocka_unit_test(malformed_expressions_say_where),
        cmocka_unit_test(runaway_matching_ends),
        cmocka_unit_test(groups_are_told_apart),
        cmocka_unit_test(lines_take_linear_time),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}

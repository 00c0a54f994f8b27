#include "model/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void escaping(void **state)
{
    static const struct {
        enum pv_escaping how;
        struct pv_text from, to;
    } rows[] = {
        {PV_ESCAPE_DISPLAY, {"", 0}, {"", 0}},
#define ROW(how, from, to)                                                                         \
    {                                                                                              \
        PV_ESCAPE_##how, {"" from, sizeof(from) - 1},                                              \
        {                                                                                          \
            "" to, sizeof(to) - 1                                                                  \
        }                                                                                          \
    }
        ROW(DISPLAY, "main.py:12 <module> & \"x\"", "main.py:12 <module> & \"x\""),
        ROW(DISPLAY, "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x97",
            "caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x9a\x97"),
        ROW(DISPLAY, "a\0b\n\t\x1b[31m\x7f", "a\\u{0}b\\u{a}\\u{9}\\u{1b}[31m\\u{7f}"),
        ROW(DISPLAY, "\xff\xc0\x80\xed\xa0\x80", "\\xff\\xc0\\x80\\xed\\xa0\\x80"),
        ROW(DISPLAY, "cut \xe2\x82", "cut \\xe2\\x82"),
        ROW(DISPLAY, "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
        ROW(DISPLAY, "\xe2\x80\xae\xe2\x80\xa8\xef\xbb\xbf\xc2\x85",
            "\\u{202e}\\u{2028}\\u{feff}\\u{85}"),
        ROW(DISPLAY, "\xef\xbf\xbf\xf4\x8f\xbf\xbf\xf3\xa0\x81\x81",
            "\\u{ffff}\\u{10ffff}\\u{e0041}"),
        ROW(DISPLAY, "C:\\temp\\new", "C:\\temp\\new"),
        ROW(DISPLAY, "C:\\\\x", "C:\\\\x"),
        ROW(DISPLAY, "\\xff", "\\\\xff"),
        ROW(DISPLAY, "\\\\xff", "\\\\\\\\xff"),
        ROW(DISPLAY, "\\xf", "\\xf"),
        ROW(DISPLAY, "\\u{202e}", "\\\\u{202e}"),
        ROW(DISPLAY, "\\u{}", "\\u{}"),
        ROW(DISPLAY, "\\u{1234567}", "\\u{1234567}"),
        ROW(DISPLAY, "\\u{12", "\\u{12"),
        ROW(DISPLAY, "\\\xff", "\\\\\\xff"),
        ROW(DISPLAY, "\\\n", "\\\\\\u{a}"),
        ROW(DISPLAY, "end\\", "end\\"),
        ROW(DISPLAY, "# ## #[ a##b", "# ## #[ a##b"),
        ROW(DISPLAY, "a ##[error]b ##vso[c ##teamcity[d ##x[",
            "a \\u{23}#[error]b \\u{23}#vso[c \\u{23}#teamcity[d ##x["),
        ROW(DISPLAY, "\\##[", "\\\\\\u{23}#["),
        ROW(XML, "#<##[", "#&lt;\\u{23}#["),
        ROW(JSON, "# ##[", "# \\u0023#["),
        ROW(CSV, "=1+1", "'=1+1"),
        ROW(CSV, "-[NSObject init]", "'-[NSObject init]"),
        ROW(CSV, "'=1", "''=1"),
        ROW(CSV, " \"@x", "' \"@x"),
        ROW(CSV, "\t=1", "'\\u{9}=1"),
        ROW(CSV,
            "\xef\xbc\x9d"
            "1",
            "'\xef\xbc\x9d"
            "1"),
        ROW(CSV, "Ljava/lang/String;a=b;\"=c", "Ljava/lang/String;a=b\\u{3b}\"=c"),
        ROW(CSV, "\\;=1", "\\\\\\u{3b}=1"),
        ROW(CSV, "\\;a", "\\;a"),
        ROW(CSV, "", ""),
        ROW(MARKDOWN, "operator|=(a|b)", "operator\\|=(a\\|b)"),
        ROW(MARKDOWN, "a\\|b\\\\|", "a\\\\\\u{7c}b\\\\\\\\\\u{7c}"),
        ROW(MARKDOWN, "C:\\x <*_`@#1\n", "C:\\x <*_`@#1\\u{a}"),
        ROW(XML, "a<b>&\"c\" 'd'", "a&lt;b&gt;&amp;&quot;c&quot; &#39;d&#39;"),
        ROW(XML, "]]>\x01\xef\xbf\xbe\xff\\x41", "]]&gt;\\u{1}\\u{fffe}\\xff\\\\x41"),
        ROW(XML, "\\&#65;", "\\&amp;#65;"),
        ROW(JSON, "a\"b\\c/d'\x7f", "a\\\"b\\\\c/d'\x7f"),
        ROW(JSON, "\n\r\t\b\f\x01\0", "\\n\\r\\t\\b\\f\\u0001\\u0000"),
        ROW(JSON, "</script>&", "\\u003c/script\\u003e\\u0026"),
        ROW(JSON, "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae", "\\u2028\\u2029\xe2\x80\xae"),
        ROW(JSON, "\xff\xed\xb2\x80", "\\udcff\\udced\\udcb2\\udc80"),
#undef ROW
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer out = {0};
        pv_escape(&out, rows[i].how, rows[i].from);
        print_message("row %zu: %.*s\n", i, PV_TEXT_ARGS(pv_buffer_text(&out)));
        assert_true(pv_text_equal(pv_buffer_text(&out), rows[i].to));
        pv_buffer_free(&out);
    }
}

static int compare(const void *a, const void *b)
{
    struct pv_text left = *(const struct pv_text *)a, right = *(const struct pv_text *)b;
    return pv_text_compare(left, right);
}

/* Every name of six letters of an alphabet made for confusion has an escape of its own. */
static void check_different(enum pv_escaping how, const struct pv_text *alphabet)
{
    enum { letters = 7, length = 6, names = 117649 };
    struct pv_text *escaped = calloc(names, sizeof *escaped);
    assert_non_null(escaped);
    for (size_t i = 0; i < names; i++) {
        struct pv_buffer name = {0}, out = {0};
        size_t rest = i;
        for (size_t at = 0; at < length; at++, rest /= letters)
            pv_buffer_add(&name, alphabet[rest % letters]);
        pv_escape(&out, how, pv_buffer_text(&name));
        pv_buffer_free(&name);
        escaped[i] = pv_buffer_text(&out);
    }
    qsort(escaped, names, sizeof *escaped, compare);
    for (size_t i = 1; i < names; i++)
        assert_false(pv_text_equal(escaped[i - 1], escaped[i]));
    for (size_t i = 0; i < names; i++)
        free((void *)(uintptr_t)escaped[i].data);
    free(escaped);
}

static void names_stay_different(void **state)
{
    static const struct pv_text usual[] = {
        {"\\", 1}, {"x", 1}, {"f", 1}, {"u{a}", 4}, {"\xff", 1}, {"\n", 1}, {"\xc2\x85", 2},
    };
    static const struct pv_text cells[] = {
        {"\\", 1}, {"'", 1}, {"=", 1}, {";", 1}, {"|", 1}, {"u{3b}", 5}, {"u{7c}", 5},
    };
    (void)state;
    check_different(PV_ESCAPE_DISPLAY, usual);
    check_different(PV_ESCAPE_CSV, cells);
    check_different(PV_ESCAPE_MARKDOWN, cells);
}

/* Whatever goes in, what comes out holds no control, no invalid byte and no invisible character. */
static void display_is_safe(void **state)
{
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char bytes[24];
        for (size_t at = 0; at < sizeof bytes; at++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            bytes[at] = (char)(seed >> 40);
        }
        struct pv_buffer out = {0};
        pv_escape(&out, PV_ESCAPE_XML, (struct pv_text){bytes, sizeof bytes});
        struct pv_text rest = pv_buffer_text(&out);
        uint32_t code_point;
        while (pv_utf8_next(&rest, &code_point)) {
            assert_true(code_point >= 0x20 && code_point < PV_INVALID_BYTE);
            assert_true(code_point != '<' && code_point != '"' && code_point != 0x202e);
        }
        pv_buffer_free(&out);
    }
}

static void utf8_reads_what_it_writes(void **state)
{
    struct pv_buffer out = {0};
    (void)state;
    for (uint32_t wanted = 0; wanted <= 0x10ffff; wanted += wanted < 0x10000 ? 1 : 97) {
        uint32_t found = 0;
        out.size = 0;
        pv_utf8_add(&out, wanted);
        struct pv_text rest = pv_buffer_text(&out);
        assert_true(pv_utf8_next(&rest, &found));
        if (wanted >= 0xd800 && wanted <= 0xdfff) {
            assert_int_equal(out.size, 3);
            assert_int_equal(found, PV_INVALID_BYTE + 0xed);
        } else {
            assert_int_equal(found, wanted);
            assert_int_equal(rest.size, 0);
        }
    }
    struct pv_text empty = {"", 0};
    assert_false(pv_utf8_next(&empty, &(uint32_t){0}));
    pv_buffer_free(&out);
}

static void columns(void **state)
{
    static const struct {
        uint32_t code_point;
        unsigned columns;
    } rows[] = {
        {'a', 1},     {0xe9, 1},     {0x301, 0},   {0x4e2d, 2}, {0xac00, 2}, {0x1f697, 2},
        {0x200b, 0},  {0xff21, 2},   {0xff71, 1},  {0x2026, 1}, {0x20ac, 1}, {0x1161, 0},
        {0x20000, 2}, {0x10ffff, 1}, {0xe0100, 0}, {0x5d0, 1},  {0x3000, 2}, {0x2588, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("U+%04X\n", (unsigned)rows[i].code_point);
        assert_int_equal(pv_utf8_columns(rows[i].code_point), rows[i].columns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escaping),        cmocka_unit_test(names_stay_different),
        cmocka_unit_test(display_is_safe), cmocka_unit_test(utf8_reads_what_it_writes),
        cmocka_unit_test(columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

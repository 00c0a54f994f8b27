#include "formats/json_pull.h"

#include "formats/json_text.h"
#include "model/escape.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A constant initialiser, which PV_TEXT is not. */
#define BYTES(literal)                                                                             \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

static const size_t chunks[] = {1, 7, 4096};
enum { CHUNKS = sizeof chunks / sizeof *chunks };

static const struct pv_json_options lenient = {
    .may_end_open = true, .may_trail_comma = true, .may_repeat = true};

static void add_quoted(struct pv_buffer *out, struct pv_text text)
{
    pv_buffer_char(out, '"');
    pv_escape(out, PV_ESCAPE_JSON, text);
    pv_buffer_char(out, '"');
}

/* Writes the value that comes next, or opens it. */
static void dump_value(struct pv_json *json, struct pv_buffer *out)
{
    struct pv_text text;
    bool flag;
    switch (pv_json_peek(json)) {
    case PV_JSON_OBJECT:
        pv_json_object(json);
        pv_buffer_char(out, '{');
        break;
    case PV_JSON_ARRAY:
        pv_json_array(json);
        pv_buffer_char(out, '[');
        break;
    case PV_JSON_STRING:
        if (pv_json_string(json, &text))
            add_quoted(out, text);
        break;
    case PV_JSON_NUMBER:
        if (pv_json_number(json, &text))
            pv_buffer_add(out, text);
        break;
    case PV_JSON_BOOL:
        if (pv_json_bool(json, &flag))
            pv_buffer_add(out, pv_text_of(flag ? "true" : "false"));
        break;
    case PV_JSON_NULL:
        if (pv_json_null(json))
            pv_buffer_add(out, PV_TEXT("null"));
        break;
    case PV_JSON_NONE:
        break;
    }
}

/* All of the document as JSON with a blank for a comma behind every plain value; `kinds` holds what
 * is open. */
static bool dump(struct pv_json *json, struct pv_buffer *out, struct pv_error *err)
{
    struct pv_buffer kinds = {0};
    struct pv_text key;
    for (;;) {
        char kind = kinds.size ? kinds.data[kinds.size - 1] : '\0';
        bool goes_on = kind == '{' ? pv_json_member(json, &key) : pv_json_item(json);
        if (!goes_on && !kind)
            break;
        if (!goes_on) {
            pv_buffer_char(out, kind == '{' ? '}' : ']');
            kinds.size--;
            continue;
        }
        if (kind == '{') {
            add_quoted(out, key);
            pv_buffer_char(out, ':');
        }
        enum pv_json_type type = pv_json_peek(json);
        dump_value(json, out);
        if (type != PV_JSON_OBJECT && type != PV_JSON_ARRAY)
            pv_buffer_char(out, ' ');
        else if (pv_json_is_ok(json))
            pv_buffer_char(&kinds, type == PV_JSON_OBJECT ? '{' : '[');
    }
    pv_buffer_free(&kinds);
    return pv_json_end(json, err);
}

/* Reads the bytes one way or the other; *out (may be NULL) is what dump wrote. */
static bool read_all(struct pv_text bytes, size_t chunk, const struct pv_json_options *options,
                     struct pv_buffer *out, struct pv_error *err)
{
    struct pv_input_options input_options = {.chunk = chunk};
    struct pv_input *input = pv_input_memory(bytes, "test.json", &input_options);
    struct pv_json *json = pv_json_open(input, options);
    bool ok = out ? dump(json, out, err) : pv_json_end(json, err);
    pv_json_close(json);
    pv_input_close(input);
    return ok;
}

static void assert_reads(struct pv_text bytes, const struct pv_json_options *options,
                         const char *wanted)
{
    for (size_t i = 0; i < CHUNKS; i++) {
        struct pv_buffer out = {0};
        struct pv_error err = {0};
        if (!read_all(bytes, chunks[i], options, &out, &err))
            fail_msg("%.*s: line %d, offset %d: %s", PV_TEXT_ARGS(bytes), (int)err.where.line,
                     (int)err.where.offset, err.message);
        if (!pv_text_equal(pv_buffer_text(&out), pv_text_of(wanted)))
            fail_msg("%.*s: read as %.*s, not %s", PV_TEXT_ARGS(bytes),
                     PV_TEXT_ARGS(pv_buffer_text(&out)), wanted);
        pv_buffer_free(&out);
        assert_true(read_all(bytes, chunks[i], options, NULL, &err));
    }
}

static void assert_refused(struct pv_text bytes, const struct pv_json_options *options,
                           uint64_t line, uint64_t offset, const char *why)
{
    for (size_t i = 0; i < CHUNKS; i++)
        for (int skips = 0; skips < 2; skips++) {
            struct pv_buffer out = {0};
            struct pv_error err = {0};
            if (read_all(bytes, chunks[i], options, skips ? NULL : &out, &err))
                fail_msg("%.*s: should be refused (%s)", PV_TEXT_ARGS(bytes), why);
            if (!strstr(err.message, why) || err.where.line != line || err.where.offset != offset)
                fail_msg("%.*s: line %d, offset %d: %s; wanted line %d, offset %d: %s",
                         PV_TEXT_ARGS(bytes), (int)err.where.line, (int)err.where.offset,
                         err.message, (int)line, (int)offset, why);
            assert_string_equal(err.where.source, "test.json");
            pv_buffer_free(&out);
        }
}

static void good_documents_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct pv_text bytes;
        const char *wanted;
    } rows[] = {
        {"null", BYTES("null"), "null "},
        {"true", BYTES(" true\n"), "true "},
        {"false", BYTES("\tfalse\r\n"), "false "},
        {"zero", BYTES("0"), "0 "},
        {"minus zero", BYTES("-0"), "-0 "},
        {"integer", BYTES("1234567890123456789"), "1234567890123456789 "},
        {"fraction", BYTES("-12.500"), "-12.500 "},
        {"exponents", BYTES("[1e5,1E+5,1.5e-007,0e0,0.0]"), "[1e5 1E+5 1.5e-007 0e0 0.0 ]"},
        {"huge number", BYTES("[123456789012345678901234567890e999]"),
         "[123456789012345678901234567890e999 ]"},
        {"empty string", BYTES("\"\""), "\"\" "},
        {"empty containers", BYTES("[{},[],{\"\":[]}]"), "[{}[]{\"\":[]}]"},
        {"blanks everywhere", BYTES(" [ 1 ,\n{ \"a\" : 2 , \"b\" :\t[ ] } ] "),
         "[1 {\"a\":2 \"b\":[]}]"},
        {"repeated keys", BYTES("{\"a\":1,\"a\":2}"), "{\"a\":1 \"a\":2 }"},
        {"short escapes", BYTES("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\\"\\\\/\\b\\f\\n\\r\\t\" "},
        {"unicode escapes", BYTES("\"\\u0041\\u00e9\\u20AC\\u0000\""),
         "\"A\xc3\xa9\xe2\x82\xac\\u0000\" "},
        {"surrogate pair", BYTES("\"\\ud83d\\uDE00\""), "\"\xf0\x9f\x98\x80\" "},
        {"a pair that looks like a byte", BYTES("\"\\ud800\\udc80\""), "\"\xf0\x90\x82\x80\" "},
        {"first and last byte", BYTES("\"\\udc80\\udcff\""), "\"\\udc80\\udcff\" "},
        {"bytes that make a character", BYTES("\"\\udcc3\\udca9\""), "\"\xc3\xa9\" "},
        {"lone high surrogate", BYTES("\"\\ud800x\""), "\"\\udced\\udca0\\udc80x\" "},
        {"two high surrogates", BYTES("\"\\ud800\\ud800\\udc00\""),
         "\"\\udced\\udca0\\udc80\xf0\x90\x80\x80\" "},
        {"high surrogate and a letter", BYTES("\"\\ud800\\u0041\""),
         "\"\\udced\\udca0\\udc80"
         "A\" "},
        {"low surrogate below the bytes", BYTES("\"\\udc7f\""), "\"\\udced\\udcb1\\udcbf\" "},
        {"last low surrogate", BYTES("\"\\udfff\""), "\"\\udced\\udcbf\\udcbf\" "},
        {"raw UTF-8", BYTES("\"\xc3\xa9\xf0\x9f\x98\x80\""), "\"\xc3\xa9\xf0\x9f\x98\x80\" "},
        {"no UTF-8", BYTES("\"\xff\x80\xc3\""), "\"\\udcff\\udc80\\udcc3\" "},
        {"delete and separators", BYTES("\"\x7f\xe2\x80\xa8\""), "\"\x7f\\u2028\" "},
        {"escaped key", BYTES("{\"\\u0061\\n\":1}"), "{\"a\\n\":1 }"},
        {"byte order mark", BYTES("\xef\xbb\xbf[1]"), "[1 ]"},
        {"UTF-16", BYTES("\xff\xfe[\0001\0]\0"), "[1 ]"},
        {"a long string", BYTES("\"0123456789abcdef0123456789abcdef\\t0123456789\""),
         "\"0123456789abcdef0123456789abcdef\\t0123456789\" "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_reads(rows[i].bytes, NULL, rows[i].wanted);
        if (rows[i].bytes.data[0] != '0' && rows[i].bytes.data[0] != '1')
            assert_reads(rows[i].bytes, &lenient, rows[i].wanted);
    }
}

static void bad_documents_are_refused(void **state)
{
    (void)state;
    static const struct {
        struct pv_text bytes;
        uint64_t line, offset;
        const char *why;
    } rows[] = {
        {BYTES(""), 1, 0, "is empty"},
        {BYTES(" \n "), 2, 3, "too early"},
        {BYTES("nul"), 1, 3, "too early"},
        {BYTES("nulx"), 1, 0, "a value was expected"},
        {BYTES("truE"), 1, 0, "a value was expected"},
        {BYTES("True"), 1, 0, "a value was expected"},
        {BYTES("nullx"), 1, 4, "something follows"},
        {BYTES("NaN"), 1, 0, "a value was expected"},
        {BYTES("Infinity"), 1, 0, "a value was expected"},
        {BYTES("-Infinity"), 1, 0, "malformed"},
        {BYTES("+1"), 1, 0, "a value was expected"},
        {BYTES(".5"), 1, 0, "a value was expected"},
        {BYTES("-"), 1, 0, "malformed"},
        {BYTES("01"), 1, 0, "malformed"},
        {BYTES("-01"), 1, 0, "malformed"},
        {BYTES("[1.]"), 1, 1, "malformed"},
        {BYTES("[1.e5]"), 1, 1, "malformed"},
        {BYTES("[1e]"), 1, 1, "malformed"},
        {BYTES("[1e+]"), 1, 1, "malformed"},
        {BYTES("[1e5.5]"), 1, 1, "malformed"},
        {BYTES("[1-2]"), 1, 1, "malformed"},
        {BYTES("[1+2]"), 1, 1, "malformed"},
        {BYTES("[--1]"), 1, 1, "malformed"},
        {BYTES("[1.2.3]"), 1, 1, "malformed"},
        {BYTES("[0x10]"), 1, 2, "a comma or ]"},
        {BYTES("[1a]"), 1, 2, "a comma or ]"},
        {BYTES("[1 2]"), 1, 3, "a comma or ]"},
        {BYTES("[1:2]"), 1, 2, "a comma or ]"},
        {BYTES("[1}"), 1, 2, "a comma or ]"},
        {BYTES("[\n1\n}"), 3, 4, "a comma or ]"},
        {BYTES("[,1]"), 1, 1, "a value was expected"},
        {BYTES("[1,,2]"), 1, 3, "a value was expected"},
        {BYTES("[1,]"), 1, 3, "a value was expected"},
        {BYTES("["), 1, 1, "too early"},
        {BYTES("[1"), 1, 2, "too early"},
        {BYTES("[1,"), 1, 3, "too early"},
        {BYTES("]"), 1, 0, "a value was expected"},
        {BYTES("[]]"), 1, 2, "something follows"},
        {BYTES("[] []"), 1, 3, "something follows"},
        {BYTES("{}x"), 1, 2, "something follows"},
        {BYTES("{"), 1, 1, "too early"},
        {BYTES("{\"a\""), 1, 4, "too early"},
        {BYTES("{\"a\":"), 1, 5, "too early"},
        {BYTES("{\"a\":1"), 1, 6, "too early"},
        {BYTES("{\"a\":1,"), 1, 7, "too early"},
        {BYTES("{\"a\" 1}"), 1, 5, "a colon"},
        {BYTES("{\"a\",1}"), 1, 4, "a colon"},
        {BYTES("{\"a\"::1}"), 1, 5, "a value was expected"},
        {BYTES("{\"a\":1 \"b\":2}"), 1, 7, "a comma or }"},
        {BYTES("{\"a\":1,}"), 1, 7, "a key in quotes"},
        {BYTES("{,\"a\":1}"), 1, 1, "a key in quotes"},
        {BYTES("{a:1}"), 1, 1, "a key in quotes"},
        {BYTES("{'a':1}"), 1, 1, "a key in quotes"},
        {BYTES("{1:1}"), 1, 1, "a key in quotes"},
        {BYTES("{\"a\":1]"), 1, 6, "a comma or }"},
        {BYTES("{\"a\":}"), 1, 5, "a value was expected"},
        {BYTES("'a'"), 1, 0, "a value was expected"},
        {BYTES("// a\n1"), 1, 0, "a value was expected"},
        {BYTES("[1]/**/"), 1, 3, "something follows"},
        {BYTES("\""), 1, 1, "too early"},
        {BYTES("\"a"), 1, 2, "too early"},
        {BYTES("\"a\\"), 1, 3, "too early"},
        {BYTES("\"a\\u00"), 1, 6, "too early"},
        {BYTES("\"\\x\""), 1, 1, "malformed escape"},
        {BYTES("\"a\\'\""), 1, 2, "malformed escape"},
        {BYTES("[\"\\u12g4\"]"), 1, 2, "malformed escape"},
        {BYTES("[\"\\u123\"   ]"), 1, 2, "malformed escape"},
        {BYTES("[\"\\U0041  \"]"), 1, 2, "malformed escape"},
        {BYTES("[\"\\\0     \"]"), 1, 2, "malformed escape"},
        {BYTES("\"a\nb\""), 1, 2, "control character"},
        {BYTES("\"a\tb\""), 1, 2, "control character"},
        {BYTES("\"a\0b\""), 1, 2, "control character"},
        {BYTES("{\"a\x1f\":1}"), 1, 3, "control character"},
        {BYTES("\0"), 1, 0, "a value was expected"},
        {BYTES("[1]\0"), 1, 3, "something follows"},
        {BYTES("[1\f]"), 1, 2, "a comma or ]"},
        {BYTES("[1\v]"), 1, 2, "a comma or ]"},
        {BYTES("[\xc2\xa0]"), 1, 1, "a value was expected"},
        {BYTES("{\n\"a\":1,\n\"b\":x}"), 3, 13, "a value was expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(rows[i].bytes, NULL, rows[i].line, rows[i].offset, rows[i].why);
}

static void options_forgive_what_producers_do(void **state)
{
    (void)state;
    static const struct pv_json_options open_end = {.may_end_open = true},
                                        comma = {.may_trail_comma = true},
                                        repeat = {.may_repeat = true};
    static const struct {
        const struct pv_json_options *options;
        struct pv_text bytes;
        const char *wanted;
    } good[] = {
        {&open_end, BYTES("[{\"a\":1},{\"a\":2}"), "[{\"a\":1 }{\"a\":2 }]"},
        {&open_end, BYTES("[1,2,\n"), "[1 2 ]"},
        {&open_end, BYTES("[ "), "[]"},
        {&open_end, BYTES("{\"a\":[1"), "{\"a\":[1 ]}"},
        {&open_end, BYTES("{\"a\":[1],"), "{\"a\":[1 ]}"},
        {&comma, BYTES("[1,]"), "[1 ]"},
        {&comma, BYTES("{\"a\":[1 , ] ,}"), "{\"a\":[1 ]}"},
        {&repeat, BYTES("1 2\n[3]{}\"x\"null"), "1 2 [3 ]{}\"x\" null "},
        {&repeat, BYTES("{\"a\":1}\n{\"a\":2}\n"), "{\"a\":1 }{\"a\":2 }"},
    };
    static const struct {
        const struct pv_json_options *options;
        struct pv_text bytes;
        uint64_t offset;
        const char *why;
    } bad[] = {
        {&open_end, BYTES("[{\"a\":1},{\"a\":"), 14, "too early"},
        {&open_end, BYTES("[1,\"a"), 5, "too early"},
        {&open_end, BYTES("[tru"), 4, "too early"},
        {&open_end, BYTES("{\"a\""), 4, "too early"},
        {&open_end, BYTES("[1,]"), 3, "a value was expected"},
        {&open_end, BYTES("[1}"), 2, "a comma or ]"},
        {&comma, BYTES("[,]"), 1, "a value was expected"},
        {&comma, BYTES("[1,,]"), 3, "a value was expected"},
        {&comma, BYTES("[1"), 2, "too early"},
        {&repeat, BYTES("1,2"), 1, "a value was expected"},
        {&repeat, BYTES("[1"), 2, "too early"},
        {&repeat, BYTES(""), 0, "is empty"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_reads(good[i].bytes, good[i].options, good[i].wanted);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(bad[i].bytes, bad[i].options, 1, bad[i].offset, bad[i].why);
}

static struct pv_json *open_text(struct pv_input **input, const char *text, size_t chunk)
{
    struct pv_input_options options = {.chunk = chunk};
    *input = pv_input_memory(pv_text_of(text), "test.json", &options);
    return pv_json_open(*input, NULL);
}

static void a_cut_input_is_told_apart(void **state)
{
    (void)state;
    struct pv_error err;
    for (int cut = 0; cut < 2; cut++) {
        struct pv_input *input =
            pv_input_memory(pv_text_of(cut ? "[1,2" : "[1,2]"), "test.json", NULL);
        struct pv_json *json = pv_json_open(input, &lenient);
        assert_true(pv_json_end(json, &err));
        assert_int_equal(pv_json_was_cut(json), cut);
        pv_json_close(json);
        pv_input_close(input);
    }
}

static void what_is_not_taken_is_skipped(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHUNKS; i++) {
        struct pv_input *input;
        struct pv_json *json =
            open_text(&input,
                      "{\"skip\":{\"deep\":[1,{\"x\":null}]},\"a\":7,\"s\":\"x\","
                      "\"list\":[1,[2,3],4,5],\"last\":true}",
                      chunks[i]);
        static const char *const keys[] = {"a", "list", "last", NULL};
        struct pv_error err;
        int64_t value = 0;
        bool flag = false;
        assert_true(pv_json_object(json));
        assert_int_equal(pv_json_field(json, keys), 0);
        assert_true(pv_json_int(json, &value));
        assert_int_equal(value, 7);
        assert_int_equal(pv_json_field(json, keys), 1);
        assert_true(pv_json_array(json));
        assert_true(pv_json_item(json));
        assert_true(pv_json_item(json)); /* the 1 is skipped */
        assert_true(pv_json_array(json));
        pv_json_leave(json); /* 2 and 3 are skipped */
        assert_true(pv_json_item(json));
        assert_true(pv_json_int(json, &value));
        assert_int_equal(value, 4);
        pv_json_leave(json); /* the 5 is skipped */
        assert_int_equal(pv_json_field(json, keys), 2);
        assert_true(pv_json_bool(json, &flag));
        assert_true(flag);
        assert_int_equal(pv_json_field(json, keys), -1);
        assert_true(pv_json_end(json, &err));
        pv_json_close(json);
        pv_input_close(input);
    }
}

static void numbers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_int;
        int64_t value;
        unsigned digits;
        const char *why;
    } rows[] = {
        {"0", true, 0, 0, ""},
        {"-0", true, 0, 0, ""},
        {"9223372036854775807", true, INT64_MAX, 0, ""},
        {"-9223372036854775808", true, INT64_MIN, 0, ""},
        {"9223372036854775808", false, 0, 0, "out of range"},
        {"1e19", false, 0, 0, "out of range"},
        {"999999999999999999", true, 999999999999999999, 0, ""},
        {"1000000000000000000", true, 1000000000000000000, 0, ""},
        {"1.000", true, 1, 0, ""},
        {"1.5e3", true, 1500, 0, ""},
        {"25E-1", false, 25, 1, "not a fraction"},
        {"0.000001", false, 1, 6, "not a fraction"},
        {"-12.5", false, -125, 1, "not a fraction"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_input *input;
        struct pv_error err;
        struct pv_decimal decimal;
        int64_t value = 0;
        struct pv_json *json = open_text(&input, rows[i].text, 1);
        assert_int_equal(pv_json_int(json, &value), rows[i].is_int);
        assert_int_equal(pv_json_end(json, &err), rows[i].is_int);
        if (rows[i].is_int)
            assert_true(value == rows[i].value);
        else
            assert_non_null(strstr(err.message, rows[i].why));
        pv_json_close(json);
        pv_input_close(input);
        json = open_text(&input, rows[i].text, 1);
        bool fits = pv_json_decimal(json, &decimal);
        assert_int_equal(fits, strcmp(rows[i].why, "out of range") != 0);
        if (fits) {
            assert_true(decimal.value == rows[i].value);
            assert_int_equal(decimal.digits, rows[i].digits);
        }
        pv_json_close(json);
        pv_input_close(input);
    }
}

static void wrong_types_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"\n null", "an object was expected, not null"},
        {"\n [1]", "an object was expected, not an array"},
        {"\n 12", "an object was expected, not a number"},
        {"\n \"x\"", "an object was expected, not a string"},
        {"\n true", "an object was expected, not true or false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_input *input;
        struct pv_error err;
        struct pv_text key;
        struct pv_json *json = open_text(&input, rows[i].text, 1);
        assert_false(pv_json_object(json));
        assert_false(pv_json_member(json, &key));
        assert_false(pv_json_item(json));
        assert_int_equal(pv_json_peek(json), PV_JSON_NONE);
        pv_json_fail(json, PV_LIMIT, "a later failure does not hide the first");
        assert_false(pv_json_is_ok(json));
        assert_false(pv_json_end(json, &err));
        assert_string_equal(err.message, rows[i].why);
        assert_int_equal(err.where.line, 2);
        assert_int_equal(err.where.offset, 2);
        pv_json_close(json);
        pv_input_close(input);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer deep = {0};
    for (int i = 0; i < 10000; i++)
        pv_buffer_add(&deep, i % 2 ? PV_TEXT("{\"a\":") : PV_TEXT("["));
    pv_buffer_char(&deep, '1');
    for (int i = 10000; i-- > 0;)
        pv_buffer_char(&deep, i % 2 ? '}' : ']');
    limits.line_bytes = 100;
    struct pv_buffer wide = {0};
    pv_buffer_add(&wide, PV_TEXT("{\"key\":\""));
    for (int i = 0; i < 200; i++)
        pv_buffer_char(&wide, 'x');
    pv_buffer_add(&wide, PV_TEXT("\"}"));
    const struct {
        struct pv_text bytes;
        uint64_t nesting;
        bool takes, ok;
        const char *why;
    } rows[] = {
        {pv_buffer_text(&deep), 10000, true, true, ""},
        {pv_buffer_text(&deep), 10000, false, true, ""},
        {pv_buffer_text(&deep), 9999, true, false, "nested deeper than 9999"},
        {pv_buffer_text(&deep), 512, false, false, "nested deeper than 512"},
        {pv_buffer_text(&wide), 512, true, false, "longer than --max-line"},
        {pv_buffer_text(&wide), 512, false, true, ""},
        {PV_TEXT("[[]]"), 1, false, false, "nested deeper than 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer out = {0};
        struct pv_error err = {0};
        limits.nesting = rows[i].nesting;
        struct pv_input_options options = {.limits = &limits, .chunk = 64};
        struct pv_input *input = pv_input_memory(rows[i].bytes, "test.json", &options);
        struct pv_json *json = pv_json_open(input, NULL);
        assert_int_equal(rows[i].takes ? dump(json, &out, &err) : pv_json_end(json, &err),
                         rows[i].ok);
        assert_non_null(strstr(err.message, rows[i].why));
        assert_int_equal(err.code, rows[i].ok ? PV_OK : PV_LIMIT);
        pv_json_close(json);
        pv_input_close(input);
        pv_buffer_free(&out);
    }
    pv_buffer_free(&deep);
    pv_buffer_free(&wide);
}

static void a_million_keys_are_read(void **state)
{
    (void)state;
    enum { KEYS = 1000000 };
    struct pv_buffer bytes = {0};
    pv_buffer_char(&bytes, '{');
    for (int i = 0; i < KEYS; i++)
        pv_buffer_print(&bytes, "%s\"key %d\":%d", i ? "," : "", i, i);
    pv_buffer_char(&bytes, '}');
    struct pv_input *input = pv_input_memory(pv_buffer_text(&bytes), "test.json", NULL);
    struct pv_json *json = pv_json_open(input, NULL);
    struct pv_text key;
    struct pv_error err;
    int64_t value, count = 0;
    assert_true(pv_json_object(json));
    while (pv_json_member(json, &key)) {
        assert_true(pv_json_int(json, &value));
        assert_int_equal(value, count++);
    }
    assert_true(pv_json_end(json, &err));
    assert_int_equal(count, KEYS);
    pv_json_close(json);
    pv_input_close(input);
    pv_buffer_free(&bytes);
}

static const char document[] =
    "{\"name\":\"a\\u00e9\\ud83d\\ude00\\n\",\"list\":[1,-2.5e3,true,false,null,{}],\n"
    "\"deep\":[[[{\"x\":\"0123456789abcdef0123456789\"}]]] , \"last\":0.125}\n";

static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct pv_text whole = pv_text_of(document);
    for (size_t size = 0; size < whole.size - 1; size++)
        for (size_t i = 0; i < CHUNKS; i++) {
            struct pv_buffer out = {0};
            struct pv_error err = {0};
            assert_false(read_all(pv_text_slice(whole, 0, size), chunks[i], NULL, &out, &err));
            assert_true(err.where.offset <= size);
            assert_false(read_all(pv_text_slice(whole, 0, size), chunks[i], NULL, NULL, &err));
            pv_buffer_free(&out);
        }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Whatever the bytes are: all chunk sizes, taking and skipping agree on what they are. */
static void damaged_documents_read_the_same(void **state)
{
    (void)state;
    static const char spice[] = "\"\\{}[],:0-.eEtfn u\n\0\x80";
    uint64_t seed = 88172645463325252U;
    char bytes[sizeof document];
    for (int round = 0; round < 4000; round++) {
        memcpy(bytes, document, sizeof document);
        for (uint64_t i = next_random(&seed) % 4 + 1; i > 0; i--)
            bytes[next_random(&seed) % (sizeof document - 1)] =
                spice[next_random(&seed) % (sizeof spice - 1)];
        struct pv_text text = {bytes, sizeof document - 1};
        const struct pv_json_options *options = round % 2 ? &lenient : NULL;
        struct pv_buffer out = {0}, same = {0};
        struct pv_error err = {0}, other = {0}, skipped = {0};
        size_t chunk = next_random(&seed) % 16 + 1;
        bool ok = read_all(text, 4096, options, &out, &err);
        assert_int_equal(read_all(text, chunk, options, &same, &other), ok);
        assert_true(pv_text_equal(pv_buffer_text(&out), pv_buffer_text(&same)));
        assert_int_equal(read_all(text, chunk, options, NULL, &skipped), ok);
        if (!ok) {
            assert_string_equal(err.message, other.message);
            assert_string_equal(err.message, skipped.message);
            assert_int_equal(err.where.offset, other.where.offset);
            assert_int_equal(err.where.offset, skipped.where.offset);
            assert_int_equal(err.where.line, skipped.where.line);
        }
        pv_buffer_free(&out);
        pv_buffer_free(&same);
    }
}

/* The fast scan against a plain loop, at every alignment and length. */
static void scanning_finds_the_first_special_byte(void **state)
{
    (void)state;
    char bytes[64];
    for (int byte = 0; byte < 256; byte++)
        for (size_t at = 0; at < 24; at++)
            for (size_t from = 0; from < 9; from++) {
                memset(bytes, byte == 'x' ? 'y' : 'x', sizeof bytes);
                bytes[from + at] = (char)byte;
                bytes[from + at + 1] = '"';
                bool is_special = byte < ' ' || byte == '"' || byte == '\\';
                const char *found = pv_json_scan(bytes + from, bytes + sizeof bytes);
                assert_ptr_equal(found, bytes + from + at + !is_special);
                assert_ptr_equal(pv_json_scan(bytes + from, bytes + from + at), bytes + from + at);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_documents_are_read),
        cmocka_unit_test(bad_documents_are_refused),
        cmocka_unit_test(options_forgive_what_producers_do),
        cmocka_unit_test(a_cut_input_is_told_apart),
        cmocka_unit_test(what_is_not_taken_is_skipped),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(wrong_types_are_named),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_million_keys_are_read),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(damaged_documents_read_the_same),
        cmocka_unit_test(scanning_finds_the_first_special_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

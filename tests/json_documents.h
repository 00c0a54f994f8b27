#ifndef PV_TESTS_JSON_DOCUMENTS_H
#define PV_TESTS_JSON_DOCUMENTS_H

#include "formats/json_pull.h"

#include <stdint.h>

/* Documents that RFC 8259 allows and forbids, for tests of json_pull. */

/* A constant initialiser, which PV_TEXT is not. */
#define BYTES(literal)                                                                             \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

/* `wanted`: the document with a blank for a comma behind every plain value. */
static const struct {
    const char *label;
    struct pv_text bytes;
    const char *wanted;
} good_documents[] = {
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

/* One refusal that is wanted, and how it is to be met. */
struct refusal {
    struct pv_text bytes;
    uint64_t line, offset;
    const char *why;
};

static const struct refusal bad_documents[] = {
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

/* What options let pass, and what they do not. */
static const struct pv_json_options open_end = {.may_end_open = true},
                                    comma = {.may_trail_comma = true},
                                    repeat = {.may_repeat = true};
static const struct {
    const struct pv_json_options *options;
    struct pv_text bytes;
    const char *wanted;
} forgiven[] = {
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
} unforgiven[] = {
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

#endif

#include "formats/marshal.h"

#include "model/strings.h"
#include "tests/marshal_bytes.h"

#include <stdio.h>

/* Texts go to a table of strings, as a builder does it. */
static uint32_t keep(void *context, struct pv_text text)
{
    struct pv_budget budget = {0};
    return pv_strings_add(context, text, &budget);
}

static struct pv_text get(void *context, uint32_t number)
{
    return pv_strings_get(context, number);
}

struct parse {
    struct pv_strings *strings;
    struct pv_input *input;
    struct pv_marshal *marshal;
};

static struct parse begin(struct pv_text bytes, size_t chunk)
{
    struct parse parse = {.strings = pv_strings_new()};
    struct pv_marshal_texts texts = {keep, get, parse.strings};
    parse.input = pv_input_memory(bytes, "test", &(struct pv_input_options){.chunk = chunk});
    parse.marshal = pv_marshal_new(parse.input, &texts);
    return parse;
}

static void end(struct parse *parse)
{
    pv_marshal_free(parse->marshal);
    pv_input_close(parse->input);
    pv_strings_free(parse->strings);
}

static void print_token(struct pv_buffer *out, const struct parse *parse,
                        const struct pv_marshal_token *token)
{
    static const char *const names[] = {"end",   "None", "other", "int",  "real",  "text",
                                        "tuple", "list", "set",   "dict", "slice", "code"};
    bool has_count = token->kind >= PV_MARSHAL_TUPLE && token->kind <= PV_MARSHAL_SET;
    pv_buffer_print(out, out->size ? " %s%s" : "%s%s", token->is_reference ? "=" : "",
                    names[token->kind]);
    if (has_count && !token->is_reference)
        pv_buffer_print(out, "%u", (unsigned)token->count);
    if (token->kind == PV_MARSHAL_INT)
        pv_buffer_print(out, "%lld", (long long)token->integer);
    if (token->kind == PV_MARSHAL_REAL)
        pv_buffer_print(out, "%g", token->real);
    if (token->kind == PV_MARSHAL_TEXT || token->kind == PV_MARSHAL_CODE)
        pv_buffer_print(out, ":%.*s", PV_TEXT_ARGS(pv_strings_get(parse->strings, token->text)));
}

/* All heads of the bytes, or what went wrong, at which offset. */
static struct pv_buffer describe(struct pv_text bytes, size_t chunk)
{
    struct pv_buffer out = {0};
    struct pv_marshal_token token;
    struct pv_error err = {0};
    struct parse parse = begin(bytes, chunk);
    bool is_ok = true;
    while (is_ok && pv_input_where(parse.input).offset < bytes.size) {
        is_ok = pv_marshal_next(parse.marshal, &token);
        if (is_ok)
            print_token(&out, &parse, &token);
        pv_marshal_end(parse.marshal);
    }
    if (!pv_input_ok(parse.input, &err)) {
        assert_false(is_ok);
        out.size = 0;
        pv_buffer_print(&out, "%u: %s", (unsigned)err.where.offset, err.message);
    }
    pv_buffer_char(&out, 0);
    end(&parse);
    return out;
}

struct row {
    const char *label, *program, *heads;
};

static void check_rows(const struct row *rows, size_t count, bool is_prefix)
{
    static const size_t chunks[] = {0, 1, 7, 4096};
    int failed = 0;
    for (size_t i = 0; i < count * 4; i++) {
        const struct row *row = &rows[i / 4];
        struct pv_buffer bytes = marshal_bytes(row->program);
        struct pv_buffer found = describe(pv_buffer_text(&bytes), chunks[i % 4]);
        if (is_prefix ? strncmp(found.data, row->heads, strlen(row->heads)) != 0
                      : strcmp(found.data, row->heads) != 0)
            print_error("%s, chunks of %zu: \"%s\"\n", row->label, chunks[i % 4], found.data),
                failed++;
        pv_buffer_free(&bytes);
        pv_buffer_free(&found);
    }
    assert_int_equal(0, failed);
}
#define CHECK(rows, is_prefix) check_rows(rows, sizeof(rows) / sizeof *(rows), is_prefix)

static void objects_are_read(void **state)
{
    static const struct row rows[] = {
        {"constants", "N T F S . 0", "None int1 int0 other other end"},
        {"integers", "i7 i-7 i2147483647 i-2147483648", "int7 int-7 int2147483647 int-2147483648"},
        {"64 bits", "I-1 I9223372036854775807", "int-1 int9223372036854775807"},
        {"longs", "l0 l1:5 l-1:5 l2:1,2 l-2:1,2 l3:0,0,1",
         "int0 int5 int-5 int65537 int-65537 "
         "int1073741824"},
        {"longest that fits", "l5:7fff,7fff,7fff,7fff,7 l-5:7fff,7fff,7fff,7fff,7",
         "int9223372036854775807 int-9223372036854775807"},
        {"clamped longs", "l5:0,0,0,0,8 l-5:0,0,0,0,8 l7:0,0,0,0,0,0,1 l6:1,0,0,0,0,0",
         "int9223372036854775807 int-9223372036854775807 int9223372036854775807 int1"},
        {"doubles", "g0.5 g-1e300 g0", "real0.5 real-1e+300 real0"},
        {"text floats", "f0.25 f-1.5e-06 f1e+300 f-1e300 finf f-inf fnan f7",
         "real0.25 real-1.5e-06 realinf real-inf realinf real-inf realnan real7"},
        {"complex", "y x0.5,1.5 i1", "other other int1"},
        {"texts", "s:a u:b t:c a:d A:e z:f Z:g z: s:",
         "text:a text:b text:c text:d text:e text:f text:g text: text:"},
        {"surrogates become bytes", "u:caf%ed%b3%a9 t:%ed%b2%80x u:%ed%b3%bf",
         "text:caf\xe9 text:\x80x text:\xff"},
        {"other surrogates stay", "u:%ed%a0%80 u:%ed%bf%bf u:%ed%9f%bf u:%ed%b2 s:%ed%b3%a9",
         "text:\xed\xa0\x80 text:\xed\xbf\xbf text:\xed\x9f\xbf text:\xed\xb2 text:\xed\xb3\xa9"},
        {"containers", "(2 ((300 [4 <5 >6 { :", "tuple2 tuple300 list4 set5 set6 dict slice"},
        {"flags on constants are none", "&N &T &F i5 &i6 r0", "None int1 int0 int5 int6 =int6"},
    };
    (void)state;
    CHECK(rows, false);
}

static void references_are_resolved(void **state)
{
    static const struct row rows[] = {
        {"numbers", "&i7 &i-7 &I5000000000 &g0.5 &f2.5 &l2:1,2 r0 r1 r2 r3 r4 r5",
         "int7 int-7 int5000000000 real0.5 real2.5 int65537 =int7 =int-7 =int5000000000 =real0.5 "
         "=real2.5 =int65537"},
        {"texts", "&z:a &u:%ed%b2%80 r1 r0 &s:b r2",
         "text:a text:\x80 =text:\x80 =text:a text:b "
         "=text:b"},
        {"a container counts before its items", "&(2 &z:a &z:b r0 r1 r2",
         "tuple2 text:a text:b =tuple =text:a =text:b"},
        {"Python 2's second table", "t:a s:b t:c R1 R0 &t:d r0 R2",
         "text:a text:b text:c =text:c =text:a text:d =text:d =text:d"},
    };
    (void)state;
    CHECK(rows, false);
}

/* The same small module as Python 2, 3.0 to 3.7, 3.8 to 3.10 and 3.11 write it. */
#define OLD_PARTS "s:code (1 N (2 z:a z:b (0 (0 (0 "
#define NEW_PARTS "s:code (1 N (2 z:a z:b (0 s:+ "

static void code_objects_become_names(void **state)
{
    static const struct row rows[] = {
        {"Python 2", "c w0 w0 w1 w64 " OLD_PARTS "s:tiny.py s:<module> w1 s:lines i9",
         "code:<code object <module>, file \"tiny.py\", line 1> int9"},
        {"3.0 to 3.7", "&c w0 w0 w0 w1 w64 " OLD_PARTS "z:tiny.py z:f w12 s:lines r0",
         "code:<code object f, file \"tiny.py\", line 12> "
         "=code:<code object f, file \"tiny.py\", line 12>"},
        {"3.8 to 3.10", "&c w1 w0 w0 w1 w1 w67 " OLD_PARTS "&z:x.py &z:g w3 s:lines i1 r1 r2",
         "code:<code object g, file \"x.py\", line 3> int1 =text:x.py =text:g"},
        {"3.11 on", "c w0 w0 w0 w1 w0 " NEW_PARTS "z:x.py z:g z:C.g w3 s:lines s:table",
         "code:<code object g, file \"x.py\", line 3>"},
        {"file and name by reference",
         "&z:f.py &z:f c w0 w0 w0 w1 w0 " NEW_PARTS "r0 r1 r1 w3 s:l s:t",
         "text:f.py text:f code:<code object f, file \"f.py\", line 3>"},
        {"interned names of Python 2",
         "t:f.py c w0 w0 w1 w67 s:x (0 (2 t:a t:b (0 (0 (0 R0 R1 w3 s:l R2",
         "text:f.py code:<code object a, file \"f.py\", line 3> =text:b"},
        {"code within code",
         "c w0 w0 w0 w1 w0 s:x (2 &c w0 w0 w0 w9 w3 " NEW_PARTS
         "z:in.py z:in z:in w5 s:l s:t N (0 (0 s:k z:out.py z:out z:out w1 s:l s:t i4",
         "code:<code object out, file \"out.py\", line 1> int4"},
        {"constants of all kinds",
         "c w0 w0 w0 w1 w0 s:x (9 N i1 g1 y (2 z:a (1 N >1 z:b { z:k [1 i1 0 : N N N l1:1 (0 (0 "
         "s:k "
         "z:f z:g z:g w1 s:l s:t",
         "code:<code object g, file \"f\", line 1>"},
        {"counts that look like a string", "c w0 w0 w0 w0 w115 w0 " OLD_PARTS "z:f z:g w1 s:l",
         "code:<code object g, file \"f\", line 1>"},
        {"counts that look like a reference",
         "&i1 c w0 w0 w0 w0 w114 w64 " OLD_PARTS "z:f z:g w1 s:l",
         "int1 code:<code object g, file \"f\", line 1>"},
        {"a generator's flags", "c w0 w0 w0 w0 w115 " OLD_PARTS "z:f z:g w1 s:l",
         "code:<code object g, file \"f\", line 1>"},
    };
    (void)state;
    CHECK(rows, false);
}

static void damage_is_refused(void **state)
{
    static const struct row rows[] = {
        {"no type", "i1 #7f", "5: byte 0x7f begins no object"},
        {"a pickle", "#80 #04", "0: byte 0x80 begins no object"},
        {"reference too far", "&i1 r1", "10: a reference to object 1, of which there are 1"},
        {"negative reference", "&i1 r-1", "10: a reference to object 4294967295"},
        {"interned too far", "t:a R1", "11: a reference to interned text 1"},
        {"negative text", "s:a #73 w-1", "11: a text of 4294967295 bytes"},
        {"huge text", "#73 w2000000000", "5: a text of 2000000000 bytes"},
        {"negative tuple", "((-1", "5: a container of a negative size"},
        {"a digit too large", "l1:8000", "5: a digit of a long integer"},
        {"a long that never ends", "#6c w2000000000 w0", "9: the file ends in the middle"},
        {"no float", "fabc", "1: a number written as text is none"},
        {"empty float", "f", "1: a number written as text is none"},
        {"cut integer", "#69 #01 #02", "0: the file ends in the middle"},
        {"cut text", "#7a #05 #41", "2: the file ends in the middle"},
        {"unknown code layout", "c w0 w0 w0 w0 w0 w0 w0 w0",
         "1: a code object of an unknown layout"},
        {"parts of code in disorder", "c w0 w0 w1 w64 s:x z:a (0 (0 (0 (0 s:f s:n w1 s:l",
         "26: a string in place of a part of a code object"},
        {"a dictionary's end in a tuple", "c w0 w0 w1 w64 s:x (2 0 N (0 (0 (0 (0 s:f s:n w1 s:l",
         "26: the end of a dictionary inside a tuple"},
    };
    (void)state;
    CHECK(rows, true);
}

/* Whatever stands behind it is still found. */
static void containers_are_skipped(void **state)
{
    static const char *const programs[] = {
        "(0 i42",
        "(3 N (1 N i1 i42",
        "[2 { z:a i1 z:b (0 0 N i42",
        "{ 0 i42",
        "{ i1 { i2 i3 0 0 i42",
        "<2 i1 i2 i42",
        ": N N i3 i42",
        "N i42",
        "&(1 r0 i42",
    };
    (void)state;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct pv_buffer bytes = marshal_bytes(programs[i]);
        struct parse parse = begin(pv_buffer_text(&bytes), 1);
        struct pv_marshal_token token;
        assert_true(pv_marshal_next(parse.marshal, &token));
        assert_true(pv_marshal_skip(parse.marshal, &token));
        assert_true(pv_marshal_next(parse.marshal, &token));
        assert_int_equal(42, token.integer);
        end(&parse);
        pv_buffer_free(&bytes);
    }
}

static void what_is_remembered_comes_back(void **state)
{
    struct pv_buffer bytes = marshal_bytes("&(0 &[0 r0 r1 (0");
    struct parse parse = begin(pv_buffer_text(&bytes), 0);
    struct pv_marshal_token token;
    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(pv_marshal_next(parse.marshal, &token));
        pv_marshal_remember(parse.marshal, &token, 7 - i, 1000 + i);
    }
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(pv_marshal_next(parse.marshal, &token));
        assert_true(token.is_reference);
        assert_int_equal(7 - i, token.meaning);
        assert_int_equal(1000 + i, token.mark);
        assert_int_equal(i ? PV_MARSHAL_LIST : PV_MARSHAL_TUPLE, token.kind);
    }
    assert_true(pv_marshal_next(parse.marshal, &token));
    pv_marshal_remember(parse.marshal, &token, 1, 1); /* of nothing that can be referred to */
    end(&parse);
    pv_buffer_free(&bytes);
}

static void numbers_come_in_runs(void **state)
{
    struct pv_buffer bytes = marshal_bytes("&i1 &g2.5 r0 r1 i-4 g5 f0.5 &I9 l1:3 T z:x");
    static const double expected[] = {1, 2.5, 1, 2.5, -4, 5, 0.5, 9, 3, 1};
    (void)state;
    for (size_t chunk = 0; chunk < 12; chunk++) {
        struct parse parse = begin(pv_buffer_text(&bytes), chunk);
        struct pv_marshal_number numbers[11];
        assert_true(pv_marshal_numbers(parse.marshal, numbers, 10));
        for (int i = 0; i < 10; i++)
            assert_true(expected[i] ==
                        (numbers[i].is_real ? numbers[i].real : (double)numbers[i].integer));
        assert_false(pv_marshal_numbers(parse.marshal, numbers, 1));
        end(&parse);
    }
    pv_buffer_free(&bytes);
}

static void skip_and_refuse(struct pv_text bytes, const char *word)
{
    struct parse parse = begin(bytes, 0);
    struct pv_marshal_token token;
    struct pv_error err;
    assert_true(pv_marshal_next(parse.marshal, &token));
    assert_false(pv_marshal_skip(parse.marshal, &token));
    assert_false(pv_input_ok(parse.input, &err));
    assert_non_null(strstr(err.message, word));
    end(&parse);
}

static void deep_nesting_is_refused(void **state)
{
    struct pv_buffer bytes = {0};
    (void)state;
    for (int i = 0; i < 1000000; i++)
        pv_buffer_add(&bytes, PV_TEXT(")\1"));
    skip_and_refuse(pv_buffer_text(&bytes), "nested more than 4096 deep");
    pv_buffer_free(&bytes);
}

/* Each tuple holds the one before twice: 2^100,000 items if they were followed, and no end. */
static void bombs_of_references_are_passed(void **state)
{
    struct pv_buffer bytes = {0};
    struct pv_marshal_token token;
    (void)state;
    add_object(&bytes, "[100001");
    add_object(&bytes, "&(0");
    for (uint32_t i = 0; i < 100000; i++) {
        add_object(&bytes, "&(2");
        for (int twice = 0; twice < 2; twice++) {
            pv_buffer_char(&bytes, 'r');
            add_word(&bytes, i);
        }
    }
    struct parse parse = begin(pv_buffer_text(&bytes), 0);
    assert_true(pv_marshal_next(parse.marshal, &token));
    assert_true(pv_marshal_skip(parse.marshal, &token));
    end(&parse);
    pv_buffer_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_read),
        cmocka_unit_test(references_are_resolved),
        cmocka_unit_test(code_objects_become_names),
        cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(containers_are_skipped),
        cmocka_unit_test(what_is_remembered_comes_back),
        cmocka_unit_test(numbers_come_in_runs),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(bombs_of_references_are_passed),
    };
    return cmocka_run_group_tests_name("marshal", tests, NULL, NULL);
}

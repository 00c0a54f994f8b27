#include "formats/json_pull.h"

#include "formats/json_text.h"
#include "model/escape.h"
#include "tests/json_documents.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Comes to the next value of what is open (`kind`: its bracket, NUL outside) or closes it. */
static bool dump_next(struct pv_json *json, char kind, struct pv_buffer *out)
{
    struct pv_text key;
    if (kind != '{')
        return pv_json_item(json);
    if (!pv_json_member(json, &key))
        return false;
    add_quoted(out, key);
    pv_buffer_char(out, ':');
    return true;
}

/* All of the document as JSON with a blank for a comma behind every plain value; `kinds` holds what
 * is open. */
static bool dump(struct pv_json *json, struct pv_buffer *out, struct pv_error *err)
{
    struct pv_buffer kinds = {0};
    for (;;) {
        char kind = kinds.size ? kinds.data[kinds.size - 1] : '\0';
        if (dump_next(json, kind, out)) {
            enum pv_json_type type = pv_json_peek(json);
            dump_value(json, out);
            if (type != PV_JSON_OBJECT && type != PV_JSON_ARRAY)
                pv_buffer_char(out, ' ');
            else if (pv_json_is_ok(json))
                pv_buffer_char(&kinds, type == PV_JSON_OBJECT ? '{' : '[');
        } else if (kind) {
            pv_buffer_char(out, kind == '{' ? '}' : ']');
            kinds.size--;
        } else {
            break;
        }
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

static void assert_refused_in(const struct refusal *row, const struct pv_json_options *options,
                              size_t chunk, bool skips)
{
    struct pv_buffer out = {0};
    struct pv_error err = {0};
    if (read_all(row->bytes, chunk, options, skips ? NULL : &out, &err))
        fail_msg("%.*s: should be refused (%s)", PV_TEXT_ARGS(row->bytes), row->why);
    if (!strstr(err.message, row->why) || err.where.line != row->line ||
        err.where.offset != row->offset)
        fail_msg("%.*s: line %d, offset %d: %s; wanted line %d, offset %d: %s",
                 PV_TEXT_ARGS(row->bytes), (int)err.where.line, (int)err.where.offset, err.message,
                 (int)row->line, (int)row->offset, row->why);
    assert_string_equal(err.where.source, "test.json");
    pv_buffer_free(&out);
}

static void assert_refused(const struct refusal *row, const struct pv_json_options *options)
{
    for (size_t i = 0; i < CHUNKS; i++) {
        assert_refused_in(row, options, chunks[i], false);
        assert_refused_in(row, options, chunks[i], true);
    }
}

static void good_documents_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_documents / sizeof *good_documents; i++) {
        assert_reads(good_documents[i].bytes, NULL, good_documents[i].wanted);
        assert_reads(good_documents[i].bytes, &lenient, good_documents[i].wanted);
    }
}

static void bad_documents_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_documents / sizeof *bad_documents; i++)
        assert_refused(&bad_documents[i], NULL);
}

static void options_forgive_what_producers_do(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forgiven / sizeof *forgiven; i++)
        assert_reads(forgiven[i].bytes, forgiven[i].options, forgiven[i].wanted);
    for (size_t i = 0; i < sizeof unforgiven / sizeof *unforgiven; i++) {
        struct refusal row = {unforgiven[i].bytes, 1, unforgiven[i].offset, unforgiven[i].why};
        assert_refused(&row, unforgiven[i].options);
    }
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
        pv_json_skip(json);              /* 2 and 3 */
        assert_true(pv_json_item(json));
        assert_true(pv_json_int(json, &value));
        assert_int_equal(value, 4);
        assert_true(pv_json_item(json)); /* the 5 is skipped */
        assert_false(pv_json_item(json));
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

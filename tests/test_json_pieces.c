#include "formats/json_pull.h"
#include "formats/json_text.h"
#include "model/error.h"
#include "tests/random_profile.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

/* Objects cut into their members at once, against the same objects read member by member: what is
 * read is "key=value;" of each member and "|line" behind each object. */

struct reading {
    struct pv_json *json;
    struct pv_json_shapes *shapes; /* NULL: member by member */
    struct pv_buffer out;
    unsigned cut; /* objects that were cut at once */
};

static void add_number(struct pv_buffer *out, struct pv_decimal number)
{
    for (; number.digits && number.value % 10 == 0; number.digits--)
        number.value /= 10;
    pv_buffer_print(out, "%lld/%u", (long long)number.value, number.digits);
}

static void add_written(struct pv_buffer *out, struct pv_text text)
{
    struct pv_decimal number;
    if (pv_parse_decimal(text, &number))
        add_number(out, number);
    else
        pv_buffer_add(out, text);
}

static void read_value(struct reading *reading)
{
    struct pv_text text;
    enum pv_json_type type = pv_json_peek(reading->json);
    if (type == PV_JSON_STRING && pv_json_string(reading->json, &text))
        pv_buffer_add(&reading->out, text);
    else if (type == PV_JSON_NUMBER && pv_json_number(reading->json, &text))
        add_written(&reading->out, text);
}

/* Every other piece is said to repeat; its mark is the number of its object's size then. */
static void read_piece(struct reading *reading, struct pv_json_piece *piece, unsigned at)
{
    piece->tag = (int)at;
    piece->repeats = at % 2;
    if (piece->repeats && piece->is_marked)
        assert_int_equal(piece->mark, piece->value.size);
    piece->mark = (uint32_t)piece->value.size;
    piece->is_marked = true;
    pv_buffer_add(&reading->out, piece->key);
    pv_buffer_char(&reading->out, '=');
    if (piece->type == PV_JSON_STRING)
        pv_buffer_add(&reading->out, piece->has_escape
                                         ? pv_json_unescaped(reading->json, piece->value)
                                         : piece->value);
    else if (piece->type == PV_JSON_NUMBER && piece->is_plain)
        add_number(&reading->out, piece->number);
    else if (piece->type == PV_JSON_NUMBER)
        add_written(&reading->out, piece->value);
    pv_buffer_char(&reading->out, ';');
}

static void add_line(struct reading *reading)
{
    pv_buffer_print(&reading->out, "%u ", (unsigned)pv_json_where(reading->json).line);
}

static void read_object(struct reading *reading)
{
    struct pv_text key;
    struct pv_json_pieces *pieces =
        reading->shapes ? pv_json_look_pieces(reading->json, reading->shapes) : NULL;
    if (pieces) {
        add_line(reading);
        for (unsigned i = 0; i < pieces->count; i++)
            read_piece(reading, &pieces->list[i], i);
        pieces->is_new = pieces->is_changed = false;
        pv_json_take_pieces(reading->json, pieces);
        reading->cut++;
        return;
    }
    pv_json_object(reading->json);
    add_line(reading);
    while (pv_json_member(reading->json, &key)) {
        pv_buffer_add(&reading->out, key);
        pv_buffer_char(&reading->out, '=');
        read_value(reading);
        pv_buffer_char(&reading->out, ';');
    }
}

static bool read_all(struct reading *reading, struct pv_text bytes)
{
    struct pv_json_options options = {.may_repeat = true};
    struct pv_input *input = pv_input_memory(bytes, "test", NULL);
    struct pv_error err;
    pv_input_peek(input); /* all of it is in the window */
    reading->json = pv_json_open(input, &options);
    while (pv_json_item(reading->json)) {
        read_object(reading);
        pv_buffer_char(&reading->out, '|');
    }
    bool is_fine = pv_json_end(reading->json, &err);
    pv_json_close(reading->json);
    pv_input_close(input);
    return is_fine;
}

/* Both ways read the same, or fail both; returns how many objects were cut at once. */
static unsigned check_same(struct pv_text bytes)
{
    struct reading slow = {0}, fast = {.shapes = pv_zalloc(1, sizeof *fast.shapes)};
    bool is_fine = read_all(&slow, bytes);
    if (read_all(&fast, bytes) != is_fine)
        fail_msg("only one way reads %.*s", PV_TEXT_ARGS(bytes));
    if (is_fine && !pv_text_equal(pv_buffer_text(&slow.out), pv_buffer_text(&fast.out)))
        fail_msg("%.*s is %.*s, at once %.*s", PV_TEXT_ARGS(bytes),
                 PV_TEXT_ARGS(pv_buffer_text(&slow.out)), PV_TEXT_ARGS(pv_buffer_text(&fast.out)));
    pv_buffer_free(&slow.out);
    pv_buffer_free(&fast.out);
    free(fast.shapes);
    return fast.cut;
}

static void pieces_are_members(void **state)
{
    static const struct {
        const char *text;
        unsigned cut; /* objects at once */
    } rows[] = {
        {"{}", 1},
        {"{\"a\":1}{\"a\":1}{\"a\":12}{\"a\":1}", 4},
        {"{\"a\":1,\"b\":2}{\"a\":1,\"b\":2}{\"a\":1,\"b\":23}{\"a\":1}{\"b\":1,\"a\":2}", 5},
        {"{\"a\" : 1 ,\n \"b\":\t2 }\r\n{\"a\" : 1 ,\n \"b\":\t2 }", 2},
        {"{\"s\":\"x\\ny\\u00e4\",\"t\":\"\"}", 1},
        {"{\"n\":-0,\"m\":0.50,\"o\":123456789012345678,\"p\":1234567890123456789,\"q\":1e3}", 1},
        {"{\"n\":0.1234567891,\"m\":12345678.12345678,\"o\":123456789012.1234567}", 1},
        {"{\"a\":[1,{\"b\":[]},{}],\"c\":{\"d\":null},\"e\":true,\"f\":false,\"g\":null}", 1},
        {"{\"a\":[[[[{\"x\":[{}]}]]]]}{\"a\":[]}", 2},
        {"{\"\\u0061\":1}", 0}, /* an escape in a key: member by member */
        {"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,"
         "\"l\":1,\"m\":1,\"n\":1,\"o\":1,\"p\":1,\"q\":1}",
         0},
        {"{\"a\":01}", 0},
        {"{\"a\":1.}", 0},
        {"{\"a\":-}", 0},
        {"{\"a\":1,}", 0},
        {"{\"a\":1}{\"a\":1\x01}", 1},
        {"{\"a\":\"\x01\"}", 0},
        {"{\"a\":\"\\x\"}", 0},
        {"{\"a\":[1,]}", 0},
        {"{\"a\":[1}]", 0},
        {"{\"a\":nul}", 0},
        {"{\"a\" 1}", 0},
        {"{\"a\":1 \"b\":2}", 0},
        {"{\"a\":1", 0},
        {"{,\"a\":1}", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].text);
        assert_int_equal(check_same(pv_text_of(rows[i].text)), rows[i].cut);
    }
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    for (int depth = 60; depth < 70; depth++) {
        struct pv_buffer text = {0};
        pv_buffer_add(&text, PV_TEXT("{\"a\":"));
        for (int i = 0; i < depth; i++)
            pv_buffer_add(&text, i % 2 ? PV_TEXT("{\"b\":") : PV_TEXT("["));
        pv_buffer_char(&text, '1');
        for (int i = depth; i > 0; i--)
            pv_buffer_char(&text, i % 2 ? ']' : '}');
        pv_buffer_char(&text, '}');
        assert_int_equal(check_same(pv_buffer_text(&text)), depth <= 64);
        pv_buffer_free(&text);
    }
}

/* Objects out of a few members, damaged here and there. */
static void damage_is_noticed_alike(void **state)
{
    static const char *const members[] = {
        "\"ph\":\"X\"",      "\"ts\":12.500",  "\"ts\":7",
        "\"pid\":4711",      "\"pid\" : 4712", "\"args\":{\"n\":[1,{\"k\":null}]}",
        "\"name\":\"f\\n\"", "\"dur\":1e-3",   "\"long name of a member\":true",
    };
    static const char damage[] = "{}[]\",:\\0123.-e \n\x01x";
    struct pv_random random = {1};
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct pv_buffer text = {0};
        for (int object = 0; object < 4; object++) {
            pv_buffer_char(&text, '{');
            for (uint32_t i = 0, count = pv_random_below(&random, 5); i < count; i++) {
                pv_buffer_add(&text, i ? PV_TEXT(",") : PV_TEXT(""));
                pv_buffer_add(&text, pv_text_of(members[pv_random_below(&random, 9)]));
            }
            pv_buffer_char(&text, '}');
        }
        for (uint32_t i = pv_random_below(&random, 3); i > 0; i--)
            text.data[pv_random_below(&random, (uint32_t)text.size)] =
                damage[pv_random_below(&random, sizeof damage - 1)];
        check_same(pv_buffer_text(&text));
        pv_buffer_free(&text);
    }
}

/* By vector and byte by byte. */
static void same_bytes_are_told(void **state)
{
    struct pv_random random = {1};
    (void)state;
    for (int round = 0; round < 1000; round++) {
        char a[PV_JSON_SAME], b[PV_JSON_SAME];
        unsigned same = 0;
        for (unsigned i = 0; i < PV_JSON_SAME; i++) {
            a[i] = (char)pv_random_below(&random, 256);
            b[i] = pv_random_below(&random, 8) ? a[i] : (char)pv_random_below(&random, 256);
        }
        while (same < PV_JSON_SAME && a[same] == b[same])
            same++;
        for (unsigned size = 1; size <= PV_JSON_SAME; size++) {
            uint32_t wanted = ((uint32_t)1 << size) - 1;
            assert_int_equal((pv_json_same_bytes(a, b, size) & wanted) == wanted, size <= same);
        }
    }
}

static bool read_cut(struct pv_text text, size_t chunk, unsigned *items, bool *was_cut)
{
    struct pv_json_options options = {.may_be_cut = true};
    struct pv_input_options input_options = {.chunk = chunk};
    struct pv_input *input = pv_input_memory(text, "test", &input_options);
    struct pv_json *json = pv_json_open(input, &options);
    struct pv_error err;
    *items = 0;
    if (pv_json_array(json))
        while (pv_json_item(json)) {
            pv_json_skip(json);
            *items += pv_json_is_ok(json);
        }
    bool is_fine = pv_json_end(json, &err);
    *was_cut = pv_json_was_cut(json);
    pv_json_close(json);
    pv_input_close(input);
    return is_fine;
}

/* Cut at every byte: what is whole is read, and it is told that there was more. */
static void cut_input_is_told(void **state)
{
    const struct pv_text whole = PV_TEXT("[{\"a\":[1,\"\\u00e4\"]},true,12]");
    (void)state;
    for (size_t size = 0; size <= whole.size; size++) {
        unsigned items, again;
        bool was_cut;
        bool is_fine = read_cut(pv_text_slice(whole, 0, size), 0, &items, &was_cut);
        assert_int_equal(is_fine, size > 0);
        assert_int_equal(was_cut, size > 0 && size < whole.size);
        assert_true(items <= 3);
        read_cut(pv_text_slice(whole, 0, size), 1, &again, &was_cut);
        assert_int_equal(items, again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_members),      cmocka_unit_test(nesting_has_a_limit),
        cmocka_unit_test(damage_is_noticed_alike), cmocka_unit_test(same_bytes_are_told),
        cmocka_unit_test(cut_input_is_told),
    };
    return cmocka_run_group_tests_name("json_pieces", tests, NULL, NULL);
}

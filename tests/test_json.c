#include "formats/json_profile.h"
#include "tests/json_profile.h"
#include "tests/small_profile.h"

#include <stdlib.h>
#include <string.h>

static const size_t chunks[] = {1, 7, 4096};

static const char stacks_json[] = "{\"profviz\":1,\n"
                                  "\"format\":\"small\",\n"
                                  "\"origin\":\"stacks\",\n"
                                  "\"is_unbounded\":false,\n"
                                  "\"metrics\":[\n"
                                  "{\"name\":\"samples\",\"unit\":\"count\",\"scale\":1,"
                                  "\"signed\":false,\"total\":16}],\n"
                                  "\"functions\":[\n"
                                  "{\"name\":\"a\",\"file\":\"\",\"line\":0,\"module\":\"\","
                                  "\"calls\":null,\"primitive_calls\":null,"
                                  "\"self\":[3],\"total\":[13]},\n"
                                  "{\"name\":\"b\",\"file\":\"x.c\",\"line\":7,\"module\":\"lib\","
                                  "\"calls\":null,\"primitive_calls\":null,"
                                  "\"self\":[12],\"total\":[14]}],\n"
                                  "\"arcs\":[\n"
                                  "{\"caller\":0,\"callee\":1,\"calls\":null,\"total\":[12]},\n"
                                  "{\"caller\":1,\"callee\":0,\"calls\":null,\"total\":[2]}],\n"
                                  "\"stacks\":{\"function\":[\nnull,0,1,0,1],\n"
                                  "\"parent\":[\nnull,0,1,2,0],\n"
                                  "\"self\":[[\n1,1,10,2,2]]},\n"
                                  "\"notes\":[]}\n";

static const char arcs_json[] =
    "{\"profviz\":1,\n"
    "\"format\":\"test\",\n"
    "\"origin\":\"arcs\",\n"
    "\"is_unbounded\":true,\n"
    "\"metrics\":[\n"
    "{\"name\":\"time\",\"unit\":\"ns\",\"scale\":100,\"signed\":true,\"total\":-250},\n"
    "{\"name\":\"bytes\",\"unit\":\"bytes\",\"scale\":1,\"signed\":false,\"total\":0}],\n"
    "\"functions\":[\n"
    "{\"name\":\"\",\"file\":\"\",\"line\":0,\"module\":\"\",\"flags\":[\"kernel\",\"rest\"],"
    "\"calls\":0,\"primitive_calls\":null,\"self\":[50,0],\"total\":[50,0]},\n"
    "{\"name\":\"\\udcff\\u003c\\\"\",\"file\":\"\",\"line\":4294967295,\"module\":\"\","
    "\"calls\":9223372036854775807,\"primitive_calls\":2,"
    "\"self\":[-300,0],\"total\":[-9223372036854775808,9223372036854775807]}],\n"
    "\"arcs\":[\n"
    "{\"caller\":0,\"callee\":0,\"calls\":3,\"total\":[1,2]},\n"
    "{\"caller\":0,\"callee\":1,\"calls\":null,\"total\":null},\n"
    "{\"caller\":1,\"callee\":0,\"calls\":5,\"total\":null}],\n"
    "\"stacks\":null,\n"
    "\"notes\":[\n"
    "{\"kind\":\"clamped\",\"count\":2,\"where\":{\"line\":12},\"text\":\"x\"},\n"
    "{\"kind\":\"skipped\",\"count\":1,\"where\":null,\"text\":\"y\"}]}\n";

static const char empty_json[] = "{\"profviz\":1,\n\"format\":\"none\",\n\"origin\":\"stacks\",\n"
                                 "\"is_unbounded\":false,\n\"metrics\":[],\n\"functions\":[],\n"
                                 "\"arcs\":[],\n"
                                 "\"stacks\":{\"function\":[\nnull],\n\"parent\":[\nnull],\n"
                                 "\"self\":[]},\n\"notes\":[]}\n";

static void stacks_are_written_with_their_graph(void **state)
{
    (void)state;
    struct pv_buffer bytes =
        write_and_free(small_stacks("lib!b@x.c:7 2| 1|a;lib!b@x.c:7;a 2|a;lib!b@x.c:7 10|a 1"));
    pv_buffer_char(&bytes, '\0');
    assert_string_equal(bytes.data, stacks_json);
    pv_buffer_free(&bytes);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const char *const rows[] = {stacks_json, arcs_json, empty_json};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++)
            assert_becomes(pv_text_of(rows[i]), chunks[c], pv_text_of(rows[i]));
}

/* A sample's bytes, to be freed. */
static struct pv_buffer load(const char *path)
{
    struct pv_input *input;
    struct pv_buffer bytes = {0};
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        fail_msg("%s: %s", path, err.message);
    for (struct pv_text piece; (piece = pv_input_need(input, 1)).size;) {
        pv_buffer_add(&bytes, piece);
        pv_input_skip(input, piece.size);
    }
    pv_input_close(input);
    return bytes;
}

static void samples_read_back(void **state)
{
    (void)state;
    static const struct {
        const char *path, *wanted;
    } rows[] = {
        {"samples/json/tea.json", "samples/json/tea.json"},
        {"samples/json/kettle.json", "samples/json/kettle.json"},
        {"samples/json/tea-sorted.json", "samples/json/tea.json"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer bytes = load(rows[i].path), wanted = load(rows[i].wanted);
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++)
            assert_becomes(pv_buffer_text(&bytes), chunks[c], pv_buffer_text(&wanted));
        pv_buffer_free(&bytes);
        pv_buffer_free(&wanted);
    }
}

static void members_may_stand_in_any_order(void **state)
{
    (void)state;
    static const char shuffled[] =
        " {\"notes\":[{\"text\":\"y\",\"where\":null,\"count\":1,\"kind\":\"skipped\"},"
        "{\"kind\":\"clamped\",\"text\":\"x\",\"where\":{\"column\":3,\"line\":12},\"count\":2}],"
        "\"stacks\":null,\"later\":{\"x\":[1,2]},"
        "\"arcs\":[{\"callee\":0,\"caller\":1,\"calls\":5},"
        "{\"callee\":1,\"caller\":0,\"calls\":null,\"total\":null,\"colour\":\"red\"},"
        "{\"total\":[1,2.0],\"calls\":3,\"callee\":0,\"caller\":0}],"
        "\"functions\":[{\"total\":[50,0],\"self\":[0.5e2,0],\"flags\":[\"rest\",\"kernel\"],"
        "\"calls\":0,\"name\":\"\"},"
        "{\"name\":\"\\udcff<\\u0022\",\"line\":4294967295,\"primitive_calls\":2,"
        "\"calls\":9223372036854775807,\"self\":[-300,0],"
        "\"total\":[-9223372036854775808,9223372036854775807]}],"
        "\"is_unbounded\":true,"
        "\"metrics\":[{\"signed\":true,\"scale\":100,\"unit\":\"ns\",\"name\":\"time\"},"
        "{\"name\":\"bytes\",\"unit\":\"bytes\"}],"
        "\"origin\":\"arcs\",\"format\":\"test\",\"profviz\":1}";
    assert_becomes(pv_text_of(shuffled), 7, pv_text_of(arcs_json));
}

/* As pictures have them: functions and arcs as columns. */
static void columns_are_rows(void **state)
{
    (void)state;
    struct pv_profile *profile = NULL;
    struct pv_error err;
    struct pv_output *packed = pv_output_memory();
    assert_true(read_bytes(pv_text_of(arcs_json), 0, &profile, &err));
    assert_true(pv_json_profile_pack(profile, packed, 1 << 20));
    assert_true(pv_text_search(pv_output_bytes(packed), PV_TEXT("{\"caller\":[")) <
                pv_output_bytes(packed).size);
    assert_becomes(pv_output_bytes(packed), 7, pv_text_of(arcs_json));
    assert_false(pv_json_profile_pack(profile, packed, 10));
    pv_output_close(packed);
    pv_profile_free(profile);
}

static void what_contradicts_itself_is_repaired(void **state)
{
    (void)state;
    static const struct {
        const char *text, *note;
    } rows[] = {
        {"{\"profviz\":1,\"origin\":\"arcs\",\"metrics\":[{\"name\":\"t\",\"total\":5}],"
         "\"functions\":[{\"name\":\"f\",\"self\":[4],\"total\":[4]}]}",
         "not the sum"},
        {"{\"profviz\":1,\"origin\":\"arcs\",\"metrics\":[{\"name\":\"t\",\"total\":-4}],"
         "\"functions\":[{\"name\":\"f\",\"self\":[-4],\"total\":[0]}]}",
         "marked as signed"},
        {"{\"profviz\":1,\"origin\":\"arcs\",\"metrics\":[],"
         "\"functions\":[{\"name\":\"f\",\"self\":[],\"total\":[],\"flags\":[\"kernel\",\"soft\"]}]"
         "}",
         "does not know"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_true(read_bytes(pv_text_of(rows[i].text), 4096, &profile, &err));
        assert_int_equal(profile->note_count, 1);
        assert_non_null(
            strstr(pv_profile_text(profile, profile->notes[0].text).data, rows[i].note));
        assert_string_equal(pv_profile_text(profile, profile->format).data, "json");
        pv_profile_free(profile);
    }
}

/* A document of good parts, of which a row replaces one. */
static const char *const parts[] = {
    "\"profviz\":1",
    "\"origin\":\"stacks\"",
    "\"metrics\":[{\"name\":\"t\",\"unit\":\"ns\",\"scale\":1}]",
    "\"functions\":[{\"name\":\"f\",\"self\":[4],\"total\":[4]}]",
    "\"arcs\":[{\"caller\":0,\"callee\":0,\"total\":[0]}]",
    "\"stacks\":{\"function\":[null,0],\"parent\":[null,0],\"self\":[[0,4]]}",
    "\"notes\":[{\"kind\":\"k\",\"count\":1,\"where\":{\"line\":1},\"text\":\"t\"}]",
};
enum { PARTS = sizeof parts / sizeof *parts };

/* Each part on a line of its own: part i is on line i + 1. */
static struct pv_buffer assemble(size_t replaced, const char *by, const char *origin)
{
    struct pv_buffer bytes = {0};
    pv_buffer_char(&bytes, '{');
    for (size_t i = 0; i < PARTS; i++) {
        const char *part = i == replaced ? by : i == 1 && origin ? origin : parts[i];
        pv_buffer_print(&bytes, "%s%s", i ? ",\n" : "", part);
    }
    pv_buffer_char(&bytes, '}');
    return bytes;
}

static void hostile_documents_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        size_t part;
        const char *by, *origin;
        uint64_t line;
        const char *why;
    } rows[] = {
        {0, "\"profviz\":2", NULL, 1, "a newer profviz"},
        {0, "\"profviz\":0", NULL, 1, "out of range"},
        {0, "\"profviz\":\"1\"", NULL, 1, "a number was expected"},
        {0, "\"profvix\":1", NULL, 0, "needs \"profviz\""},
        {1, "\"origin\":\"guess\"", NULL, 2, "unknown origin"},
        {1, "\"origin\":null", NULL, 2, "a string was expected, not null"},
        {1, "\"x\":null", NULL, 0, "needs \"origin\""},
        {2, "\"metrics\":{}", NULL, 3, "an array was expected, not an object"},
        {2, "\"metrics\":[{}]", NULL, 3, "a metric without a name"},
        {2, "\"metrics\":[{\"name\":\"t\",\"unit\":\"miles\"}]", NULL, 3, "unknown unit \"miles\""},
        {2, "\"metrics\":[{\"name\":\"t\",\"scale\":2}]", NULL, 3, "a power of ten"},
        {2, "\"metrics\":[{\"name\":\"t\",\"scale\":10000000000}]", NULL, 3, "out of range"},
        {2, "\"metrics\":[{\"name\":\"t\",\"scale\":0}]", NULL, 3, "out of range"},
        {2, "\"metrics\":[{\"name\":\"t\",\"signed\":1}]", NULL, 3, "true or false was expected"},
        {2, "\"metrics\":[]", NULL, 4, "1 values in a row, but there are 0 metrics"},
        {2, "\"x\":[]", NULL, 0, "needs \"metrics\""},
        {3, "\"x\":[]", NULL, 0, "needs \"functions\""},
        {3, "\"functions\":[]", NULL, 5, "function 0 is named, but there are only 0"},
        {3, "\"functions\":[{\"self\":[4],\"total\":[4]}]", NULL, 4, "without a name"},
        {3, "\"functions\":[{\"name\":7}]", NULL, 4, "a string was expected, not a number"},
        {3, "\"functions\":[7]", NULL, 4, "an object was expected, not a number"},
        {3, "\"functions\":[{\"name\":\"f\",\"line\":-1}]", NULL, 4, "-1 is out of range"},
        {3, "\"functions\":[{\"name\":\"f\",\"line\":4294967296}]", NULL, 4, "out of range"},
        {3, "\"functions\":[{\"name\":\"f\",\"line\":1.5}]", NULL, 4, "not a fraction"},
        {3, "\"functions\":[{\"name\":\"f\",\"calls\":-1}]", NULL, 4, "out of range"},
        {3, "\"functions\":[{\"name\":\"f\",\"self\":[1,2],\"total\":[1]}]", NULL, 4,
         "1 values where other rows have 2"},
        {3, "\"functions\":[{\"name\":\"f\",\"self\":[1e99]}]", NULL, 4, "out of range"},
        {3, "\"functions\":[{\"name\":\"f\",\"self\":[null]}]", NULL, 4, "a number was expected"},
        {3, "\"functions\":[{\"name\":\"f\",\"self\":[1]}]", "\"origin\":\"arcs\"", 0,
         "function 0 (from 0) needs \"self\" and \"total\""},
        {3, "\"functions\":[{\"name\":\"f\",\"flags\":\"jit\"}]", NULL, 4, "an array was expected"},
        {4, "\"arcs\":[{\"caller\":0}]", NULL, 5, "a caller and a callee"},
        {4, "\"arcs\":[{\"caller\":0,\"callee\":1}]", NULL, 5, "function 1 is named"},
        {4, "\"arcs\":[{\"caller\":-1,\"callee\":0}]", NULL, 5, "out of range"},
        {4, "\"arcs\":[{\"caller\":4294967295,\"callee\":0}]", NULL, 5, "out of range"},
        {4, "\"arcs\":[{\"caller\":0,\"callee\":0,\"total\":[]}]", NULL, 5, "0 values where"},
        {3, "\"functions\":{\"name\":[\"f\"],\"line\":[1,2]}", NULL, 4, "different lengths"},
        {3, "\"functions\":{\"name\":[\"f\"],\"self\":[[1,2]]}", NULL, 4, "different lengths"},
        {3, "\"functions\":{\"name\":[\"f\"],\"files\":[\"a\"],\"file\":[1]}", NULL, 4,
         "none of those"},
        {3, "\"functions\":{\"name\":[\"f\"]}", "\"origin\":\"arcs\"", 0,
         "function 0 (from 0) needs \"self\" and \"total\""},
        {4, "\"arcs\":{\"caller\":[0],\"callee\":[0]}", NULL, 5, "different lengths"},
        {4, "\"arcs\":{\"caller\":[0],\"callee\":[0],\"calls\":[1],\"total\":[[]]}", NULL, 5,
         "different lengths"},
        {4, "\"arcs\":{\"caller\":[9],\"callee\":[0],\"calls\":[1]}", NULL, 5,
         "function 9 is named"},
        {5, "\"stacks\":null", NULL, 0, "needs \"stacks\""},
        {5, "\"stacks\":[]", NULL, 6, "an object was expected"},
        {5, "\"stacks\":{}", NULL, 0, "root first"},
        {5, "\"stacks\":{\"function\":[],\"parent\":[],\"self\":[[]]}", NULL, 6, "root first"},
        {5, "\"stacks\":{\"function\":[null,0],\"parent\":[null],\"self\":[[0,4]]}", NULL, 6,
         "one item a node"},
        {5, "\"stacks\":{\"function\":[0],\"parent\":[null],\"self\":[[0]]}", NULL, 6,
         "null was expected"},
        {5, "\"stacks\":{\"function\":[null,null],\"parent\":[null,0],\"self\":[[0,4]]}", NULL, 6,
         "a number was expected, not null"},
        {5, "\"stacks\":{\"function\":[null,1],\"parent\":[null,0],\"self\":[[0,4]]}", NULL, 6,
         "function 1 is named"},
        {5, "\"stacks\":{\"function\":[null,0],\"parent\":[null,1],\"self\":[[0,4]]}", NULL, 6,
         "1 is out of range here: 0 to 0"},
        {5, "\"stacks\":{\"function\":[null,0],\"parent\":[null,-1],\"self\":[[0,4]]}", NULL, 6,
         "-1 is out of range here: 0 to 0"},
        {5, "\"stacks\":{\"function\":[null,0],\"parent\":[null,0],\"self\":[[0]]}", NULL, 6,
         "1 values for 2 nodes"},
        {5, "\"stacks\":{\"function\":[null,0],\"depth\":[0,1],\"self\":[[0,4]]}", NULL, 6,
         "null was expected"},
        {5, "\"stacks\":{\"function\":[null,0],\"depth\":[null,2],\"self\":[[0,4]]}", NULL, 6,
         "2 is out of range here: 1 to 1"},
        {5, "\"stacks\":{\"function\":[null,0],\"depth\":[null,0],\"self\":[[0,4]]}", NULL, 6,
         "0 is out of range here: 1 to 1"},
        {5, "\"stacks\":{\"function\":[null,0],\"depth\":[null],\"self\":[[0,4]]}", NULL, 6,
         "one item a node"},
        {5, "\"stacks\":{\"function\":[null,0],\"parent\":[null,0],\"self\":[]}", NULL, 6,
         "0 arrays, but there are 1 metrics"},
        {5,
         "\"stacks\":{\"function\":[null,0,0],\"parent\":[null,0,1],"
         "\"self\":[[0,9223372036854775807,9223372036854775807]]}",
         NULL, 0, "64 bits"},
        {6, "\"notes\":[{\"count\":-1}]", NULL, 7, "out of range"},
        {6, "\"notes\":[{\"where\":3}]", NULL, 7, "an object was expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer bytes = assemble(rows[i].part, rows[i].by, rows[i].origin);
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        if (read_bytes(pv_buffer_text(&bytes), 7, &profile, &err))
            fail_msg("%s should be refused", rows[i].by);
        if (!strstr(err.message, rows[i].why) || err.where.line != rows[i].line)
            fail_msg("%s: line %d: %s", rows[i].by, (int)err.where.line, err.message);
        assert_string_equal(err.where.source, "test.json");
        assert_null(profile);
        pv_buffer_free(&bytes);
    }
    struct pv_buffer bytes = assemble(PARTS, "", NULL);
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_true(read_bytes(pv_buffer_text(&bytes), 7, &profile, &err));
    pv_profile_free(profile);
    pv_buffer_free(&bytes);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {stacks_json, arcs_json, empty_json};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_text whole = pv_text_of(rows[i]);
        for (size_t size = 0; size + 1 < whole.size; size++) {
            struct pv_profile *profile = NULL;
            struct pv_error err;
            assert_false(read_bytes(pv_text_slice(whole, 0, size), size % 9 + 1, &profile, &err));
            assert_null(profile);
            assert_true(err.where.offset <= size);
        }
    }
}

static void limits_hold(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint64_t limit;
        const char *why;
    } rows[] = {
        {offsetof(struct pv_limits, functions), 1, "more than 1 functions"},
        {offsetof(struct pv_limits, arcs), 1, "more than 1 caller-callee pairs"},
        {offsetof(struct pv_limits, nodes), 3, "more than 3 nodes"},
        {offsetof(struct pv_limits, memory), 100, "--max-memory"},
        {offsetof(struct pv_limits, nesting), 2, "nested deeper than 2"},
        {offsetof(struct pv_limits, line_bytes), 4, "longer than --max-line"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_limits limits = pv_limits_default();
        memcpy((char *)&limits + rows[i].offset, &rows[i].limit, sizeof rows[i].limit);
        struct pv_input_options options = {.limits = &limits, .chunk = 5};
        struct pv_input *input = pv_input_memory(pv_text_of(stacks_json), "test.json", &options);
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_false(json_format()->read(input, &profile, &err));
        if (!strstr(err.message, rows[i].why))
            fail_msg("wanted %s, got %s", rows[i].why, err.message);
        assert_int_equal(err.code, PV_LIMIT);
        pv_input_close(input);
    }
}

static void the_probe_knows_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum pv_probe probe;
    } rows[] = {
        {stacks_json, PV_PROBE_SURE},
        {" {\n\"profviz\" : 1", PV_PROBE_SURE},
        {"{\"arcs\":[],\"profviz\":1}", PV_PROBE_LIKELY},
        {"{\"name\":\"profviz\"}", PV_PROBE_NO},
        {"[\"profviz\",1]", PV_PROBE_NO},
        {"profviz:1", PV_PROBE_NO},
        {"{", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(json_format()->probe(pv_text_of(rows[i].text), true), rows[i].probe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stacks_are_written_with_their_graph),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(samples_read_back),
        cmocka_unit_test(members_may_stand_in_any_order),
        cmocka_unit_test(columns_are_rows),
        cmocka_unit_test(what_contradicts_itself_is_repaired),
        cmocka_unit_test(hostile_documents_are_refused_with_their_place),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(the_probe_knows_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

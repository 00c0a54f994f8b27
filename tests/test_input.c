#include "model/input.h"

#include "model/utf16.h"
#include "tests/packed.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const size_t chunks[] = {1, 7, 4096, 0};
enum { CHUNKS = sizeof chunks / sizeof chunks[0] };

/* Reads all lines and writes them as "<line>" into `out`; false where the input failed. */
static bool read_lines(struct pv_input *input, struct pv_buffer *out, struct pv_error *err)
{
    struct pv_text line;
    out->size = 0;
    while (pv_input_line(input, &line)) {
        pv_buffer_char(out, '<');
        pv_buffer_add(out, line);
        pv_buffer_char(out, '>');
    }
    assert_false(pv_input_line(input, &line));
    return pv_input_ok(input, err);
}

static void assert_bytes(struct pv_text got, struct pv_text wanted)
{
    print_message("  %.*s\n", PV_TEXT_ARGS(got));
    assert_int_equal(got.size, wanted.size);
    if (got.size)
        assert_memory_equal(got.data, wanted.data, got.size);
}

static void lines_are_the_same_in_any_chunks(void **state)
{
    static const struct {
        const char *label;
        struct pv_text bytes, lines;
        uint64_t count;
    } rows[] = {
        {"empty", {"", 0}, {"", 0}, 0},
        {"one", {"a\n", 2}, {"<a>", 3}, 1},
        {"no final newline", {"a\nbc", 4}, {"<a><bc>", 7}, 2},
        {"blank lines", {"\n\nx\n\n", 5}, {"<><><x><>", 9}, 4},
        {"CR LF", {"a\r\nb\r\n\r\nc\r", 10}, {"<a><b><><c>", 11}, 4},
        {"nothing but CR", {"a\rb\r\rc", 6}, {"<a><b><><c>", 11}, 4},
        {"CR inside", {"a\rb\r\r\n", 6}, {"<a\rb\r>", 6}, 1},
        {"NUL and high bytes", {"\0\xff\n\x80", 4}, {"<\0\xff><\x80>", 7}, 2},
        {"UTF-8 mark", {"\xef\xbb\xbfmain 1\n", 10}, {"<main 1>", 8}, 1},
        {"UTF-8 mark alone", {"\xef\xbb\xbf", 3}, {"", 0}, 0},
        {"half a mark", {"\xef\xbb", 2}, {"<\xef\xbb>", 4}, 1},
        {"UTF-16 LE", {"\xff\xfe\x61\0\n\0\xe4\0\n\0", 10}, {"<a><\xc3\xa4>", 7}, 2},
        {"UTF-16 BE", {"\xfe\xff\0a\0\r\0\n\x20\xac", 10}, {"<a><\xe2\x82\xac>", 8}, 2},
        {"UTF-16 pair", {"\xff\xfe\x3d\xd8\x25\xdd", 6}, {"<\xf0\x9f\x94\xa5>", 6}, 1},
        {"UTF-16 lone high", {"\xff\xfe\x3d\xd8x\0", 6}, {"<\xed\xa0\xbdx>", 6}, 1},
        {"UTF-16 last high", {"\xff\xfex\0\x3d\xd8", 6}, {"<x\xed\xa0\xbd>", 6}, 1},
        {"UTF-16 lone low", {"\xff\xfe\x25\xddx\0", 6}, {"<\xed\xb4\xa5x>", 6}, 1},
        {"UTF-16 mark alone", {"\xff\xfe", 2}, {"", 0}, 0},
    };
    (void)state;
    struct pv_buffer out = {0};
    struct pv_error err;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].label);
        for (int j = 0; j < CHUNKS; j++) {
            struct pv_input_options options = {.chunk = chunks[j]};
            struct pv_input *input = pv_input_memory(rows[i].bytes, "test", &options);
            pv_input_as_text(input);
            assert_true(read_lines(input, &out, &err));
            assert_bytes(pv_buffer_text(&out), rows[i].lines);
            assert_int_equal(pv_input_where(input).line, rows[i].count);
            pv_input_close(input);
        }
    }
    pv_buffer_free(&out);
}

static void long_text_survives_conversion(void **state)
{
    (void)state;
    enum { times = 50000 };
    struct pv_buffer wide = {0}, out = {0}, wanted = {0};
    struct pv_error err;
    pv_buffer_add(&wide, PV_TEXT("\xff\xfe"));
    for (int i = 0; i < times; i++) {
        pv_buffer_add(&wide, (struct pv_text){"\xac\x20\x3d\xd8\x25\xdd \0001\0\n\0", 12});
        pv_buffer_add(&wanted, PV_TEXT("<\xe2\x82\xac\xf0\x9f\x94\xa5 1>"));
    }
    for (int j = 1; j < CHUNKS; j++) {
        struct pv_input_options options = {.chunk = chunks[j]};
        struct pv_input *input = pv_input_memory(pv_buffer_text(&wide), "test", &options);
        assert_int_equal(pv_input_peek(input).data[0], (char)0xe2);
        pv_input_as_text(input);
        assert_true(read_lines(input, &out, &err));
        assert_int_equal(out.size, wanted.size);
        assert_memory_equal(out.data, wanted.data, out.size);
        pv_input_close(input);
    }
    pv_buffer_free(&wide);
    pv_buffer_free(&out);
    pv_buffer_free(&wanted);
}

static void half_a_unit_is_an_error(void **state)
{
    (void)state;
    struct pv_buffer out = {0};
    struct pv_error err;
    struct pv_input *input = pv_input_memory((struct pv_text){"\xff\xfe"
                                                              "a\0b",
                                                              5},
                                             "test", NULL);
    pv_input_as_text(input);
    assert_false(read_lines(input, &out, &err));
    assert_non_null(strstr(err.message, "UTF-16"));
    pv_input_close(input);
    pv_buffer_free(&out);
}

static void long_lines_have_a_limit(void **state)
{
    (void)state;
    enum { size = 300000 };
    char *bytes = malloc(size + 2);
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer out = {0};
    struct pv_error err;
    memset(bytes, 'x', size + 2);
    memcpy(bytes, "a\n", 2);
    bytes[size + 1] = '\n';
    for (int j = 1; j < CHUNKS; j++) {
        for (uint64_t limit = size - 1; limit >= 1000; limit /= 17) {
            limits.line_bytes = limit;
            struct pv_input_options options = {.limits = &limits, .chunk = chunks[j]};
            struct pv_input *input =
                pv_input_memory((struct pv_text){bytes, size + 2}, "test", &options);
            bool is_whole = limit == size - 1;
            assert_int_equal(read_lines(input, &out, &err), is_whole);
            assert_int_equal(out.size, is_whole ? 3 + size + 1 : 3);
            if (!is_whole) {
                assert_int_equal(err.code, PV_LIMIT);
                assert_int_equal(err.where.line, 2);
                assert_non_null(strstr(err.message, "--max-line"));
            }
            pv_input_close(input);
        }
    }
    pv_buffer_free(&out);
    free(bytes);
}

static void peek_consumes_nothing(void **state)
{
    (void)state;
    struct pv_text bytes = PV_TEXT("first\nsecond\n");
    struct pv_buffer out = {0};
    struct pv_error err;
    for (int j = 0; j < CHUNKS; j++) {
        struct pv_input_options options = {.chunk = chunks[j]};
        struct pv_input *input = pv_input_memory(bytes, "test", &options);
        assert_bytes(pv_input_peek(input), bytes);
        assert_bytes(pv_input_peek(input), bytes);
        assert_int_equal(pv_input_where(input).line, 0);
        assert_true(read_lines(input, &out, &err));
        assert_bytes(pv_buffer_text(&out), PV_TEXT("<first><second>"));
        assert_int_equal(pv_input_where(input).offset, bytes.size);
        pv_input_close(input);
    }
    struct pv_input *input =
        pv_input_memory((struct pv_text){"\xfe\xff\0a\0 \0\x31", 8}, "test", NULL);
    assert_bytes(pv_input_peek(input), PV_TEXT("a 1"));
    pv_input_close(input);
    input = pv_input_memory(PV_TEXT("\xef\xbb\xbf"
                                    "a 1"),
                            "test", NULL);
    assert_bytes(pv_input_peek(input), PV_TEXT("a 1"));
    pv_input_close(input);
    pv_buffer_free(&out);
}

static void pieces_can_be_needed(void **state)
{
    (void)state;
    for (int j = 0; j < CHUNKS; j++) {
        struct pv_input_options options = {.chunk = chunks[j]};
        struct pv_error err;
        struct pv_input *input = pv_input_memory(PV_TEXT("0123456789"), "test", &options);
        struct pv_text piece = pv_input_need(input, 4);
        assert_true(piece.size >= 4);
        assert_memory_equal(piece.data, "0123", 4);
        pv_input_skip(input, 3);
        piece = pv_input_need(input, SIZE_MAX);
        assert_bytes(piece, PV_TEXT("3456789"));
        pv_input_skip(input, 100);
        assert_int_equal(pv_input_need(input, 1).size, 0);
        assert_int_equal(pv_input_where(input).offset, 10);
        assert_true(pv_input_ok(input, &err));
        pv_input_close(input);
    }
}

static void packed_inputs_are_unpacked(void **state)
{
    (void)state;
    struct pv_buffer both = {0}, nested = {0}, out = {0};
    struct pv_error err;
    for (int i = 0; i < PACKED_COUNT; i++) {
        both.size = nested.size = 0;
        pv_buffer_add(&both, packed[i].first);
        pv_buffer_add(&both, packed[i].second);
        struct pv_gzip *gzip = pv_gzip_new(PV_GZIP_SMALL);
        pv_gzip_add(gzip, pv_buffer_text(&both), &nested);
        pv_gzip_finish(gzip, &nested);
        pv_gzip_free(gzip);
        for (int j = 0; j < 2 * CHUNKS; j++) {
            struct pv_input_options options = {.chunk = chunks[j / 2]};
            struct pv_text bytes = pv_buffer_text(j % 2 ? &nested : &both);
            struct pv_input *input = pv_input_memory(bytes, packed[i].label, &options);
            assert_true(read_lines(input, &out, &err));
            assert_bytes(pv_buffer_text(&out), PV_TEXT("<main;parse 3><main;draw 4><tail 5>"));
            pv_input_close(input);
        }
    }
    pv_buffer_free(&both);
    pv_buffer_free(&nested);
    pv_buffer_free(&out);
}

static void cut_packed_inputs_fail(void **state)
{
    (void)state;
    struct pv_buffer out = {0};
    for (int i = 0; i < PACKED_COUNT; i++) {
        for (size_t size = 10; size < packed[i].first.size; size++) {
            struct pv_error err = {0};
            struct pv_input_options options = {.chunk = size % 2 ? 1 : 0};
            struct pv_input *input =
                pv_input_memory(pv_text_slice(packed[i].first, 0, size), "cut", &options);
            assert_false(read_lines(input, &out, &err));
            assert_non_null(strstr(err.message, "cut off"));
            assert_non_null(strstr(err.message, packed[i].label));
            assert_int_equal(err.code, PV_INPUT_FAILED);
            pv_input_close(input);
        }
    }
    pv_buffer_free(&out);
}

static void bombs_are_stopped(void **state)
{
    static const struct {
        const char *label;
        uint64_t input_bytes, ratio, ratio_from;
        const char *says;
    } rows[] = {
        {"within", 1 << 30, 2000, 1 << 20, NULL},
        {"ratio", 1 << 30, 100, 1 << 20, "--max-ratio"},
        {"ratio of a small file", 1 << 30, 100, 64 << 20, NULL},
        {"size", 1 << 20, 2000, 1 << 20, "--max-input"},
    };
    (void)state;
    struct pv_buffer bomb = {0}, out = {0};
    char *zeros = calloc(1, 1 << 20);
    struct pv_gzip *gzip = pv_gzip_new(PV_GZIP_SMALL);
    for (int i = 0; i < 20; i++)
        pv_gzip_add(gzip, (struct pv_text){zeros, 1 << 20}, &bomb);
    pv_gzip_finish(gzip, &bomb);
    pv_gzip_free(gzip);
    free(zeros);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_error err = {0};
        struct pv_limits limits = pv_limits_default();
        limits.input_bytes = rows[i].input_bytes;
        limits.ratio = rows[i].ratio;
        limits.ratio_from = rows[i].ratio_from;
        limits.line_bytes = 1 << 30;
        struct pv_input_options options = {.limits = &limits};
        struct pv_input *input = pv_input_memory(pv_buffer_text(&bomb), "bomb", &options);
        assert_int_equal(read_lines(input, &out, &err), !rows[i].says);
        print_message("%s: %s\n", rows[i].label, rows[i].says ? err.message : "read");
        if (rows[i].says) {
            assert_int_equal(err.code, PV_LIMIT);
            assert_non_null(strstr(err.message, rows[i].says));
        }
        pv_input_close(input);
    }
    pv_buffer_free(&bomb);
    pv_buffer_free(&out);
}

static void plain_inputs_have_a_size_limit(void **state)
{
    (void)state;
    struct pv_buffer out = {0};
    struct pv_error err;
    struct pv_limits limits = pv_limits_default();
    limits.input_bytes = 12;
    struct pv_input_options options = {.limits = &limits, .chunk = 5};
    struct pv_input *input = pv_input_memory(PV_TEXT("123456789\n123456789\n"), "x", &options);
    assert_false(read_lines(input, &out, &err));
    assert_int_equal(err.code, PV_LIMIT);
    pv_input_close(input);
    pv_buffer_free(&out);
}

static void files_open_or_say_why(void **state)
{
    static const struct {
        const char *path, *says;
    } rows[] = {
        {"tests/no-such-file", "No such file"},
        {"tests", "is a directory"},
        {"", "empty"},
    };
    (void)state;
    struct pv_input *input = NULL;
    struct pv_error err;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(pv_input_open(&input, rows[i].path, NULL, &err));
        assert_null(input);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_ptr_equal(err.where.source, rows[i].path);
    }
    struct pv_text line;
    assert_true(pv_input_open(&input, "CMakeLists.txt", NULL, &err));
    assert_true(pv_input_line(input, &line));
    assert_true(pv_text_starts(line, PV_TEXT("cmake_minimum_required")));
    pv_input_close(input);
}

static void stdin_and_pipes_are_read(void **state)
{
    (void)state;
    int ends[2], before = dup(STDIN_FILENO);
    struct pv_buffer out = {0};
    struct pv_input *input;
    struct pv_error err;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a 1\nb", 5), 5);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_true(pv_input_open(&input, "-", NULL, &err));
    assert_true(read_lines(input, &out, &err));
    assert_bytes(pv_buffer_text(&out), PV_TEXT("<a 1><b>"));
    pv_input_close(input);
    dup2(before, STDIN_FILENO);
    close(before);
    pv_buffer_free(&out);
}

struct stop {
    uint64_t after, seen, size;
};

static bool stop_after(void *context, uint64_t done, uint64_t size)
{
    struct stop *stop = context;
    stop->seen = done;
    stop->size = size;
    return done < stop->after;
}

static void progress_is_told_and_may_interrupt(void **state)
{
    (void)state;
    struct stop stop = {.after = 100};
    struct pv_buffer out = {0};
    struct pv_error err;
    struct pv_input_options options = {
        .chunk = 1, .progress = stop_after, .progress_context = &stop};
    struct pv_input *input = pv_input_memory(PV_TEXT("a\nb\n"), "x", &options);
    assert_true(read_lines(input, &out, &err));
    assert_int_equal(stop.seen, 4);
    assert_int_equal(stop.size, 4);
    pv_input_close(input);
    stop.after = 3;
    input = pv_input_memory(PV_TEXT("a\nb\n"), "x", &options);
    assert_false(read_lines(input, &out, &err));
    assert_int_equal(err.code, PV_INTERRUPTED);
    pv_input_close(input);
    pv_buffer_free(&out);
}

static void bad_records_are_counted(void **state)
{
    static const struct {
        int good, bad;
        bool is_strict, is_fine;
    } rows[] = {
        {10, 0, false, true}, {10, 0, true, true},    {9, 1, false, true},
        {99, 1, true, false}, {8, 1, false, false},   {0, 1, false, false},
        {0, 0, false, true},  {180, 20, false, true}, {179, 20, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_error err = {0};
        struct pv_text line;
        struct pv_input_options options = {.is_strict = rows[i].is_strict};
        struct pv_input *input = pv_input_memory(PV_TEXT("x\ny\n"), "name", &options);
        for (int j = 0; j < rows[i].good; j++)
            pv_input_good_record(input);
        assert_true(pv_input_line(input, &line) && pv_input_line(input, &line));
        for (int j = 0; j < rows[i].bad; j++)
            pv_input_bad_record(input, j ? "another reason" : "no number");
        struct pv_skipped skipped = pv_input_skipped(input);
        assert_int_equal(skipped.bad, rows[i].bad);
        assert_int_equal(skipped.good, rows[i].good);
        assert_int_equal(pv_input_ok(input, &err), rows[i].is_fine);
        if (!rows[i].is_fine) {
            print_message("%s\n", err.message);
            assert_non_null(strstr(err.message, "no number"));
            assert_int_equal(err.where.line, 2);
            assert_string_equal(err.where.source, "name");
        }
        pv_input_close(input);
    }
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    struct pv_error err;
    struct pv_text line;
    struct pv_input *input = pv_input_memory(PV_TEXT("a\nb\nc\n"), "name", NULL);
    assert_true(pv_input_line(input, &line));
    pv_input_fail(input, PV_LIMIT, "too %s", "deep");
    pv_input_fail(input, PV_USAGE, "later");
    assert_false(pv_input_line(input, &line));
    assert_int_equal(pv_input_need(input, 1).size, 0);
    assert_false(pv_input_ok(input, &err));
    assert_int_equal(err.code, PV_LIMIT);
    assert_string_equal(err.message, "too deep");
    assert_int_equal(err.where.line, 1);
    assert_int_equal(err.where.offset, 2);
    pv_input_close(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_the_same_in_any_chunks),
        cmocka_unit_test(long_text_survives_conversion),
        cmocka_unit_test(half_a_unit_is_an_error),
        cmocka_unit_test(long_lines_have_a_limit),
        cmocka_unit_test(peek_consumes_nothing),
        cmocka_unit_test(pieces_can_be_needed),
        cmocka_unit_test(packed_inputs_are_unpacked),
        cmocka_unit_test(cut_packed_inputs_fail),
        cmocka_unit_test(bombs_are_stopped),
        cmocka_unit_test(plain_inputs_have_a_size_limit),
        cmocka_unit_test(files_open_or_say_why),
        cmocka_unit_test(stdin_and_pipes_are_read),
        cmocka_unit_test(progress_is_told_and_may_interrupt),
        cmocka_unit_test(bad_records_are_counted),
        cmocka_unit_test(the_first_failure_stays),
    };
    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}

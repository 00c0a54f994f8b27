#include "tests/packed.h"

#include "model/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Unpacks in pieces of `in_piece` bytes into rooms of `out_piece`; returns the last state. */
static enum pv_codec_state unpack(enum pv_codec_kind kind, struct pv_text in, size_t in_piece,
                                  size_t out_piece, struct pv_buffer *out, const char **why)
{
    struct pv_codec *codec = pv_codec_new(kind);
    struct pv_codec_step step = {.in = {in.data, 0}};
    enum pv_codec_state state = PV_CODEC_MORE;
    out->size = 0;
    for (int turn = 0; turn < 100000 && state == PV_CODEC_MORE; turn++) {
        if (step.in.size == 0 && !step.is_last) {
            step.in = pv_text_slice(in, 0, in_piece);
            in = pv_text_slice(in, in_piece, in.size);
            step.is_last = step.in.size == 0;
        }
        step.out = pv_buffer_reserve(out, out_piece);
        step.room = out_piece;
        state = pv_codec_run(codec, &step);
        assert_int_equal(step.made + step.room, out_piece);
        out->size += step.made;
    }
    *why = step.why;
    pv_codec_free(codec);
    return state;
}

static void join(struct pv_buffer *all, struct pv_text a, struct pv_text b)
{
    all->size = 0;
    pv_buffer_add(all, a);
    pv_buffer_add(all, b);
}

static void kinds_are_known_by_content(void **state)
{
    (void)state;
    for (int i = 0; i < PACKED_COUNT; i++) {
        assert_int_equal(pv_codec_detect(packed[i].first), packed[i].kind);
        assert_string_equal(pv_codec_name(packed[i].kind), packed[i].label);
    }
    assert_int_equal(pv_codec_detect(PV_TEXT("\x51\x2a\x4d\x18\4\0\0\0abcd")), PV_ZSTD);
    assert_int_equal(pv_codec_detect(PV_TEXT("BZh9 is a name;main 4\n")), PV_PLAIN);
    assert_int_equal(pv_codec_detect(PV_TEXT("")), PV_PLAIN);
    assert_int_equal(pv_codec_detect(PV_TEXT("main 1\n")), PV_PLAIN);
    assert_null(pv_codec_new(PV_PLAIN));
}

static void streams_unpack_in_any_pieces(void **state)
{
    static const size_t pieces[] = {1, 7, 4096};
    (void)state;
    struct pv_buffer out = {0}, both = {0};
    const char *why;
    for (int i = 0; i < PACKED_COUNT; i++) {
        join(&both, packed[i].first, packed[i].second);
        for (int j = 0; j < 9; j++) {
            print_message("%s in %zu out %zu\n", packed[i].label, pieces[j / 3], pieces[j % 3]);
            assert_int_equal(unpack(packed[i].kind, pv_buffer_text(&both), pieces[j / 3],
                                    pieces[j % 3], &out, &why),
                             PV_CODEC_END);
            assert_int_equal(out.size, sizeof FIRST_TEXT SECOND_TEXT - 1);
            assert_memory_equal(out.data, FIRST_TEXT SECOND_TEXT, out.size);
        }
    }
    pv_buffer_free(&out);
    pv_buffer_free(&both);
}

static void every_cut_is_noticed(void **state)
{
    (void)state;
    struct pv_buffer out = {0};
    for (int i = 0; i < PACKED_COUNT; i++) {
        struct pv_text whole = packed[i].first;
        for (size_t size = 0; size < whole.size; size++) {
            const char *why = NULL;
            struct pv_text cut = pv_text_slice(whole, 0, size);
            assert_int_equal(unpack(packed[i].kind, cut, 4096, 4096, &out, &why), PV_CODEC_BROKEN);
            assert_string_equal(why, "cut off");
        }
    }
    pv_buffer_free(&out);
}

/* A flipped bit must not crash; where it is noticed (nearly always: there are checksums), the
 * reason is a text. */
static void damage_is_noticed(void **state)
{
    (void)state;
    struct pv_buffer out = {0}, bytes = {0};
    for (int i = 0; i < PACKED_COUNT; i++) {
        struct pv_text whole = packed[i].first;
        int unnoticed = 0;
        for (size_t bit = 0; bit < whole.size * 8; bit++) {
            const char *why = NULL;
            join(&bytes, whole, PV_TEXT(""));
            bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
            enum pv_codec_state end =
                unpack(packed[i].kind, pv_buffer_text(&bytes), 4096, 4096, &out, &why);
            if (end == PV_CODEC_BROKEN)
                assert_non_null(why);
            else
                unnoticed += out.size != sizeof FIRST_TEXT - 1 ||
                             memcmp(out.data, FIRST_TEXT, out.size) != 0;
        }
        print_message("%s: %d flips change the text unnoticed\n", packed[i].label, unnoticed);
        assert_int_equal(unnoticed, 0);
    }
    pv_buffer_free(&out);
    pv_buffer_free(&bytes);
}

static void what_follows_a_stream_matters(void **state)
{
    static const struct {
        const char *label;
        struct pv_text tail;
        bool is_padding;
    } rows[] = {
        {"nothing", {"", 0}, true},
        {"zeros", {"\0\0\0\0\0\0\0\0", 8}, true},
        {"text", {"hello, world", 12}, false},
    };
    (void)state;
    struct pv_buffer out = {0}, bytes = {0};
    for (int i = 0; i < PACKED_COUNT; i++) {
        for (int j = 0; j < 3; j++) {
            const char *why = NULL;
            bool is_good = rows[j].is_padding && (packed[i].kind != PV_ZSTD || j == 0);
            join(&bytes, packed[i].first, rows[j].tail);
            enum pv_codec_state end =
                unpack(packed[i].kind, pv_buffer_text(&bytes), 4096, 4096, &out, &why);
            print_message("%s and %s: %s\n", packed[i].label, rows[j].label, why ? why : "good");
            assert_int_equal(end, is_good ? PV_CODEC_END : PV_CODEC_BROKEN);
        }
    }
    pv_buffer_free(&out);
    pv_buffer_free(&bytes);
}

static void gzip_round_trips(void **state)
{
    (void)state;
    struct pv_buffer text = {0}, packed_bytes = {0}, out = {0};
    for (int i = 0; i < 20000; i++)
        pv_buffer_print(&text, "main;f%d;g%d %d\n", i % 97, i * 31 % 1009, i);
    struct pv_gzip *gzip = pv_gzip_new(PV_GZIP_SMALL);
    struct pv_text rest = pv_buffer_text(&text);
    while (rest.size) {
        pv_gzip_add(gzip, pv_text_slice(rest, 0, 5000), &packed_bytes);
        rest = pv_text_slice(rest, 5000, rest.size);
    }
    pv_gzip_finish(gzip, &packed_bytes);
    pv_gzip_free(gzip);
    assert_true(packed_bytes.size < text.size / 3);
    const char *why;
    assert_int_equal(unpack(PV_GZIP, pv_buffer_text(&packed_bytes), 4096, 65536, &out, &why),
                     PV_CODEC_END);
    assert_int_equal(out.size, text.size);
    assert_memory_equal(out.data, text.data, text.size);
    pv_buffer_free(&text);
    pv_buffer_free(&packed_bytes);
    pv_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_known_by_content),
        cmocka_unit_test(streams_unpack_in_any_pieces),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(damage_is_noticed),
        cmocka_unit_test(what_follows_a_stream_matters),
        cmocka_unit_test(gzip_round_trips),
    };
    return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}

#include "cli/attach.h"
#include "formats/registry.h"
#include "model/attachment.h"
#include "render/registry.h"
#include "tests/json_profile.h"
#include "tests/random_profile.h"

#include <stdlib.h>
#include <string.h>

/* Pictures that carry their profile: drawn, read again, refused where they are damaged. */

/* A picture of the profile, to be closed; `data` empty: without it. */
static struct pv_output *draw(struct pv_profile *profile, const char *kind, struct pv_text data)
{
    struct pv_output *output = pv_output_memory();
    struct pv_canvas_options options = {.scale = .25, .has_no_script = true, .data = data};
    struct pv_draw settings = pv_draw_default();
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer notes = {0};
    struct pv_error err;
    settings.limits = &limits;
    struct pv_canvas *canvas = pv_backend_named(pv_text_of(kind))->open(output, &options);
    pv_profile_need_tree(profile, 0);
    assert_true(
        pv_renderer_named(PV_TEXT("flame"))->draw(profile, &settings, canvas, &notes, &err));
    assert_true(pv_canvas_finish(canvas, &notes, &err));
    pv_canvas_free(canvas);
    pv_buffer_free(&notes);
    return output;
}

static struct pv_buffer attach(const struct pv_profile *profile)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer data = {0}, notes = {0};
    pv_attach(&data, profile, &limits, &notes);
    assert_int_equal(notes.size, 0);
    return data;
}

/* NULL where it is refused. */
static struct pv_profile *read_picture(struct pv_text bytes, const struct pv_limits *limits,
                                       size_t chunk, struct pv_error *err)
{
    struct pv_input_options options = {.limits = limits, .chunk = chunk};
    struct pv_input *input = pv_input_memory(bytes, "test", &options);
    struct pv_profile *profile = NULL;
    const struct pv_format *format = pv_format_named(PV_TEXT("picture"));
    bool is_read = format->read(input, &profile, err);
    assert_int_equal(is_read, profile != NULL);
    pv_input_close(input);
    return profile;
}

static void assert_reads(struct pv_text picture, struct pv_text wanted)
{
    static const size_t chunks[] = {0, 1, 7, 4096};
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        struct pv_error err;
        struct pv_profile *profile = read_picture(picture, NULL, chunks[i], &err);
        if (!profile)
            fail_msg("chunks of %zu: %s", chunks[i], err.message);
        struct pv_buffer json = write_and_free(profile);
        assert_true(pv_text_equal(pv_buffer_text(&json), wanted));
        pv_buffer_free(&json);
    }
}

static void what_is_drawn_reads_back(void **state)
{
    static const char *const kinds[] = {"svg", "png"};
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct pv_profile *profile =
            seed % 2 ? pv_random_stacks(seed, 8, 12, 60) : pv_random_arcs(seed, 20, 50);
        struct pv_buffer data = attach(profile);
        struct pv_output *pictures[2];
        for (size_t i = 0; i < 2; i++)
            pictures[i] = draw(profile, kinds[i], pv_buffer_text(&data));
        struct pv_buffer json = write_and_free(profile);
        for (size_t i = 0; i < 2; i++) {
            assert_reads(pv_output_bytes(pictures[i]), pv_buffer_text(&json));
            pv_output_close(pictures[i]);
        }
        pv_buffer_free(&json);
        pv_buffer_free(&data);
    }
}

static void data_does_not_change_the_picture(void **state)
{
    (void)state;
    struct pv_profile *profile = pv_random_stacks(1, 8, 12, 60);
    struct pv_buffer data = attach(profile);
    struct pv_output *with = draw(profile, "svg", pv_buffer_text(&data));
    struct pv_output *without = draw(profile, "svg", PV_TEXT(""));
    struct pv_text longer = pv_output_bytes(with), shorter = pv_output_bytes(without);
    size_t size = sizeof PV_ATTACHMENT_SVG PV_ATTACHMENT_SVG_END + data.size;
    assert_int_equal(longer.size, shorter.size + size);
    assert_memory_equal(longer.data, shorter.data, shorter.size - sizeof "</svg>");
    pv_output_close(with);
    pv_output_close(without);
    pv_buffer_free(&data);
    pv_profile_free(profile);
}

static void large_profiles_are_left_out_and_it_is_said(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *profiles[] = {pv_random_stacks(1, 8, 12, 60), pv_random_arcs(2, 20, 50)};
    for (size_t i = 0; i < 2; i++) {
        struct pv_buffer data = {0}, notes = {0};
        limits.carried_rows = 30;
        pv_attach(&data, profiles[i], &limits, &notes);
        pv_buffer_char(&notes, '\0');
        assert_int_equal(data.size, 0);
        assert_non_null(strstr(notes.data, "are more than --max-data (30)\n"));
        pv_buffer_free(&notes);
        pv_profile_free(profiles[i]);
    }
}

/* The kinds of files around the text. */
static struct pv_buffer wrap(const char *kind, struct pv_text text)
{
    struct pv_buffer file = {0};
    uint32_t size = (uint32_t)(text.size + sizeof PV_ATTACHMENT_PNG);
    if (strcmp(kind, "svg") == 0)
        pv_buffer_print(&file, "<svg><g/>" PV_ATTACHMENT_SVG "%.*s" PV_ATTACHMENT_SVG_END "</svg>",
                        PV_TEXT_ARGS(text));
    else if (strcmp(kind, "still") == 0)
        pv_buffer_print(&file,
                        "<html>" PV_ATTACHMENT_STILL "%.*s" PV_ATTACHMENT_STILL_END "</html>",
                        PV_TEXT_ARGS(text));
    else if (strcmp(kind, "html") == 0)
        pv_buffer_print(&file,
                        "<!DOCTYPE html><svg></svg>" PV_ATTACHMENT_HTML
                        "\"%.*s\"" PV_ATTACHMENT_HTML_END "</html>",
                        PV_TEXT_ARGS(text));
    else {
        pv_buffer_add(&file, (struct pv_text){"\x89PNG\r\n\x1a\n\0\0\0\1gAMA?sum?", 21});
        for (unsigned i = 0; i < 4; i++)
            pv_buffer_char(&file, (char)(size >> (24 - 8 * i) & 0xff));
        pv_buffer_add(&file, (struct pv_text){"tEXt" PV_ATTACHMENT_PNG, 12});
        pv_buffer_add(&file, text);
        pv_buffer_add(&file, (struct pv_text){"sum?\0\0\0\0IEND\xae\x42\x60\x82", 16});
    }
    return file;
}

static const char *const kinds[] = {"svg", "html", "still", "png"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void every_cut_is_refused(void **state)
{
    (void)state;
    struct pv_profile *profile = pv_random_stacks(3, 3, 3, 5);
    struct pv_buffer data = attach(profile), json = write_and_free(profile);
    for (size_t k = 0; k < KINDS; k++) {
        struct pv_buffer file = wrap(kinds[k], pv_buffer_text(&data));
        assert_reads(pv_buffer_text(&file), pv_buffer_text(&json));
        for (size_t size = 0; size < file.size; size++) {
            struct pv_error err = {0};
            struct pv_text cut = pv_text_slice(pv_buffer_text(&file), 0, size);
            if (size < file.size - (k == KINDS - 1 ? 4 : 0) && read_picture(cut, NULL, 0, &err))
                fail_msg("%s: read, cut at %zu of %zu", kinds[k], size, file.size);
        }
        pv_buffer_free(&file);
    }
    pv_buffer_free(&data);
    pv_buffer_free(&json);
}

static void damage_is_told(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "carries no profile"},
        {"?", "it is no base 64"},
        {"H4sIAAAAAAAA", "cut off"},
        {"H4sIAAAAAAAA//////8=", "damaged"},
        {"e30=", "profviz's JSON needs \"profviz\""},
        {"eyJwcm9mdml6Ijo5fQ==", "a newer profviz wrote it"},
    };
    (void)state;
    for (size_t i = 0; i < KINDS * (sizeof rows / sizeof *rows); i++) {
        struct pv_error err = {0};
        struct pv_buffer file = wrap(kinds[i % KINDS], pv_text_of(rows[i / KINDS].text));
        assert_null(read_picture(pv_buffer_text(&file), NULL, 0, &err));
        if (!strstr(err.message, rows[i / KINDS].why))
            fail_msg("%s in %s: %s", rows[i / KINDS].text, kinds[i % KINDS], err.message);
        pv_buffer_free(&file);
    }
}

/* A megabyte of blanks is a few hundred bytes here. */
static void bombs_are_refused(void **state)
{
    (void)state;
    enum { SIZE = 1 << 20 };
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer blanks = {0}, data = {0};
    memset(pv_buffer_reserve(&blanks, SIZE), ' ', SIZE);
    blanks.size = SIZE;
    pv_attachment_pack(&data, pv_buffer_text(&blanks));
    limits.ratio_from = 1 << 16;
    limits.ratio = 100;
    for (size_t k = 0; k < KINDS; k++) {
        struct pv_error err = {0};
        struct pv_buffer file = wrap(kinds[k], pv_buffer_text(&data));
        assert_null(read_picture(pv_buffer_text(&file), &limits, 0, &err));
        assert_int_equal(err.code, PV_LIMIT);
        pv_buffer_free(&file);
    }
    limits = pv_limits_default();
    limits.line_bytes = 1000;
    for (size_t k = 0; k < KINDS; k++) {
        struct pv_error err = {0};
        struct pv_buffer file = wrap(kinds[k], pv_buffer_text(&data));
        assert_null(read_picture(pv_buffer_text(&file), &limits, 0, &err));
        assert_non_null(strstr(err.message, "longer than 1000 bytes (--max-line)"));
        pv_buffer_free(&file);
    }
    pv_buffer_free(&blanks);
    pv_buffer_free(&data);
}

#define HEAD(literal)                                                                              \
    {                                                                                              \
        literal, sizeof(literal) - 1                                                               \
    }
static void only_our_pictures_are_recognised(void **state)
{
    static const struct {
        struct pv_text head;
        enum pv_probe wanted;
    } rows[] = {
        {HEAD("<?xml version=\"1.0\"?>\n<svg " PV_ATTACHMENT_SVG_MARK ">"), PV_PROBE_SURE},
        {HEAD("<svg>" PV_ATTACHMENT_SVG), PV_PROBE_SURE},
        {HEAD("<!DOCTYPE html>" PV_ATTACHMENT_HTML_MARK), PV_PROBE_SURE},
        {HEAD("<html>" PV_ATTACHMENT_HTML), PV_PROBE_SURE},
        {HEAD("<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>"), PV_PROBE_NO},
        {HEAD("main;<svg>" PV_ATTACHMENT_SVG " 1\n"), PV_PROBE_NO},
        {HEAD("\x89PNG\r\n\x1a\n\0\0\0\xdtEXtprofviz\0abcde"), PV_PROBE_SURE},
        {HEAD("\x89PNG\r\n\x1a\n\0\0\0\xctEXtComment\0abcdsum?"), PV_PROBE_NO},
        {HEAD("\x89PNG\r\n\x1a\n\0\0\0\0IDATsum?\0\0\0\xdtEXtprofviz\0abcde"), PV_PROBE_NO},
        {HEAD("\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt"), PV_PROBE_NO},
        {HEAD(""), PV_PROBE_NO},
    };
    (void)state;
    const struct pv_format *format = pv_format_named(PV_TEXT("picture"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (format->probe(rows[i].head, true) != rows[i].wanted)
            fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_drawn_reads_back),
        cmocka_unit_test(data_does_not_change_the_picture),
        cmocka_unit_test(large_profiles_are_left_out_and_it_is_said),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(only_our_pictures_are_recognised),
    };
    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}

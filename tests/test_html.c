#include "render/html.h"
#include "render/svg_assets.h"
#include "render/svg_words.h"
#include "tests/picture.h"
#include "tests/small_profile.h"

/* The page's own colours are those of the palette, by number and by class. */
static struct pv_text colour_of(struct pv_text css, unsigned paint)
{
    struct pv_buffer name = {0};
    pv_buffer_print(&name, "--p%u:", paint);
    size_t at = pv_text_search(css, pv_buffer_text(&name));
    struct pv_text found = pv_text_slice(css, at + name.size, at + name.size + 7);
    pv_buffer_free(&name);
    return found;
}

static void colours_are_the_palettes(void **state)
{
    struct pv_text light = pv_html_style.text;
    size_t dark_at = pv_text_search(light, PV_TEXT("prefers-color-scheme:dark"));
    size_t forced_at = pv_text_search(light, PV_TEXT("[data-theme=\"dark\"]:not"));
    (void)state;
    assert_true(dark_at < forced_at && forced_at < light.size);
    for (unsigned paint = 0; paint < PV_PAINTS; paint++)
        for (unsigned part = 0; part < 3; part++) {
            size_t from = part == 0 ? 0 : part == 1 ? dark_at : forced_at;
            struct pv_output *wanted = pv_output_memory();
            pv_svg_colour(wanted, (enum pv_paint)paint, part > 0);
            struct pv_text found = colour_of(pv_text_slice(light, from, light.size), paint);
            if (!pv_text_equal(found, pv_output_bytes(wanted)) && paint != PV_PAINT_NONE)
                fail_msg("slot %u, part %u: %.*s", paint, part, PV_TEXT_ARGS(found));
            pv_output_close(wanted);
        }
}

static void classes_are_the_palettes(void **state)
{
    (void)state;
    for (unsigned paint = 1; paint < PV_PAINTS; paint++) {
        struct pv_output *rule = pv_output_memory();
        pv_output_string(rule, "svg .");
        pv_svg_slot(rule, (enum pv_paint)paint);
        pv_output_string(rule, "{fill:var(--p");
        pv_output_int(rule, paint);
        pv_output_string(rule, ")}");
        struct pv_text wanted = pv_output_bytes(rule);
        if (pv_text_search(pv_html_style.text, wanted) == pv_html_style.text.size)
            fail_msg("no rule %.*s", PV_TEXT_ARGS(wanted));
        pv_output_close(rule);
    }
}

static struct pv_output *page_of(const struct pv_profile *profile, struct pv_draw draw)
{
    const struct pv_canvas_options options = {.data = PV_TEXT("AAAA")};
    const struct pv_document document = {profile, &draw, pv_renderer_named(PV_TEXT("flame")),
                                         &options};
    struct pv_output *output = pv_output_memory();
    struct pv_buffer notes = {0};
    struct pv_error err = {0};
    if (!pv_html_write(&document, output, &notes, &err))
        fail_msg("%s", err.message);
    pv_buffer_free(&notes);
    return output;
}

static bool has(struct pv_text text, const char *part)
{
    return pv_text_search(text, pv_text_of(part)) < text.size;
}

/* What is seen without the script holds names as text. */
static void names_are_escaped(void **state)
{
    struct pv_profile *profile = small_stacks("<img src=x>;</script> 3|b 1");
    struct pv_draw draw = pv_draw_default();
    draw.input = PV_TEXT("</title><script>");
    (void)state;
    struct pv_output *output = page_of(profile, draw);
    struct pv_text page = pv_output_bytes(output);
    assert_true(has(page, "<title>&lt;/title&gt;&lt;script&gt;</title>"));
    assert_true(has(page, "&lt;img src=x&gt;"));
    assert_false(has(page, "<img"));
    assert_true(has(page, "id=\"pv-data\">\"AAAA\"</script>"));
    assert_true(has(page, "<section id=\"still-flame\">\n<svg"));
    assert_true(has(page, "<section id=\"still-graph\">\n<svg"));
    assert_false(has(page, "<?xml"));
    pv_output_close(output);
    pv_profile_free(profile);
}

/* Two pictures stand in one page: no id is there twice. */
static void ids_are_unique(void **state)
{
    struct pv_profile *profile = small_stacks("a;b 3|a;c 1");
    (void)state;
    struct pv_output *output = page_of(profile, pv_draw_default());
    struct pv_text rest = pv_output_bytes(output), ids[256], piece;
    size_t count = 0;
    rest = pv_text_slice(rest, pv_text_search(rest, PV_TEXT("<main")), rest.size);
    while (pv_text_split(&rest, '<', &piece)) {
        size_t at = pv_text_search(piece, PV_TEXT(" id=\"")) + 5;
        if (at > piece.size)
            continue;
        struct pv_text id = pv_text_slice(piece, at, piece.size);
        id = pv_text_slice(id, 0, pv_text_find(id, '"'));
        for (size_t i = 0; i < count; i++)
            if (pv_text_equal(ids[i], id))
                fail_msg("twice: %.*s", PV_TEXT_ARGS(id));
        assert_true(count < sizeof ids / sizeof ids[0]);
        ids[count++] = id;
    }
    assert_true(count > 8);
    pv_output_close(output);
    pv_profile_free(profile);
}

static void hashes_are_those_of_browsers(void **state)
{
    const struct pv_svg_script empty = {
        .sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};
    struct pv_buffer out = {0};
    (void)state;
    pv_asset_source(&out, &empty);
    assert_true(pv_text_equal(pv_buffer_text(&out),
                              PV_TEXT("'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='")));
    pv_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_the_palettes),
        cmocka_unit_test(classes_are_the_palettes),
        cmocka_unit_test(names_are_escaped),
        cmocka_unit_test(ids_are_unique),
        cmocka_unit_test(hashes_are_those_of_browsers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/picture.h"

/* One picture with everything in it. */
static struct pv_output *picture(enum pv_theme theme, struct pv_text hostile)
{
    struct pv_output *output = pv_output_memory();
    struct pv_canvas_options options = {.theme = theme, .has_no_script = true};
    struct pv_canvas *canvas = pv_canvas_svg(output, &options);
    struct pv_buffer shown = {0};
    struct pv_error err;
    pv_label_text(&shown, hostile, (struct pv_face){12, false}, 1000);
    pv_canvas_page(canvas, &(struct pv_page){200, 100, hostile, hostile, NULL});
    pv_canvas_begin(canvas, &(struct pv_item){.id = 1, .value = 10, .name = hostile});
    pv_canvas_rect(canvas, &(struct pv_rect){10, 10, 80.126, 18},
                   &(struct pv_style){.fill = PV_PAINT_MODULE + 5,
                                      .stroke = PV_PAINT_BORDER,
                                      .dash = PV_DOTTED,
                                      .radius = 2,
                                      .is_hatched = true});
    pv_canvas_label(canvas, &(struct pv_label){.text = pv_buffer_text(&shown), .x = 12, .y = 24});
    pv_canvas_end(canvas);
    pv_canvas_begin(canvas, &(struct pv_item){.kind = PV_ITEM_ARC,
                                              .id = 2,
                                              .from = 1,
                                              .to = 3,
                                              .value = -4,
                                              .tooltip = PV_TEXT("two\nlines")});
    pv_canvas_path(canvas,
                   (struct pv_step[]){{.verb = PV_MOVE, .x = 1, .y = 2},
                                      {PV_CURVE, 3, 4, 5, 6, 7, 8},
                                      {.verb = PV_LINE, .x = 9, .y = 10},
                                      {.verb = PV_CLOSE}},
                   4, &(struct pv_style){.stroke = PV_PAINT_ARC + 3, .stroke_width = 2.5});
    pv_canvas_end(canvas);
    assert_true(pv_canvas_finish(canvas, NULL, &err));
    pv_canvas_free(canvas);
    pv_buffer_free(&shown);
    return output;
}

static bool has(struct pv_output *output, const char *needle)
{
    struct pv_text bytes = pv_output_bytes(output);
    return pv_text_search(bytes, pv_text_of(needle)) < bytes.size;
}

static void shapes(void **state)
{
    static const char *const wanted[] = {
        "width=\"200\" height=\"100\" viewBox=\"0 0 200 100\"",
        "<title id=\"pv-title\">plain</title>",
        "<g class=\"f\" id=\"i1\" data-x=\"0\" data-w=\"10\"><title>plain</title>",
        "width=\"80.13\" height=\"18\" rx=\"2\" class=\"m5 s-bd\" fill=\"#",
        "stroke-dasharray=\"2 2\"",
        "<pattern id=\"pv-hatch\"",
        "fill=\"url(#pv-hatch)\"",
        "<text x=\"12\" y=\"24\">plain</text>",
        ("<g class=\"e\" id=\"i2\" data-a=\"1\" data-b=\"3\" "
         "data-w=\"-4\"><title>two\nlines</title>"),
        "<path d=\"M1 2C3 4 5 6 7 8L9 10Z\" class=\"s-a3\" fill=\"none\" stroke=\"#",
        "stroke-width=\"2.5\"",
        "prefers-color-scheme:dark",
        ".m5{fill:#",
        ".s-a3{stroke:#",
    };
    (void)state;
    struct pv_output *output = picture(PV_THEME_AUTO, PV_TEXT("plain"));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!has(output, wanted[i]))
            fail_msg("missing: %s", wanted[i]);
    assert_false(has(output, "<script"));
    assert_false(has(output, ".m6{"));
    pv_output_close(output);
}

static void themes(void **state)
{
    char light[32], dark[32];
    (void)state;
    snprintf(light, sizeof light, "fill=\"#%06x\"", pv_palette_rgb(PV_PAINT_MODULE + 5, false));
    snprintf(dark, sizeof dark, "fill=\"#%06x\"", pv_palette_rgb(PV_PAINT_MODULE + 5, true));
    for (unsigned theme = PV_THEME_AUTO; theme <= PV_THEME_DARK; theme++) {
        struct pv_output *output = picture((enum pv_theme)theme, PV_TEXT("plain"));
        assert_int_equal(has(output, light), theme != PV_THEME_DARK);
        assert_int_equal(has(output, dark), theme == PV_THEME_DARK);
        assert_int_equal(has(output, "prefers-color-scheme"), theme == PV_THEME_AUTO);
        pv_output_close(output);
    }
}

static void hostile_names(void **state)
{
    static const struct {
        const char *label;
        struct pv_text name;
    } rows[] = {
        {"empty", {"", 0}},
        {"tags", {"</title></g><script>alert(1)</script>", 37}},
        {"entities", {"&lt;&amp;&#0;&bogus;&", 21}},
        {"quotes", {"\" onload=\"x' y=`", 16}},
        {"control characters", {"\0\1\2\b\v\f\x1b[31m\x7f", 12}},
        {"new lines", {"a\nb\r\nc\td", 9}},
        {"invalid UTF-8", {"\xFF\xFE\xC0\x80\xED\xA0\x80\xF8", 8}},
        {"cut UTF-8", {"abc\xE2\x82", 5}},
        {"bidi", {"\xE2\x80\xAE\xE2\x81\xA6x", 7}},
        {"noncharacters", {"\xEF\xBF\xBE\xEF\xBF\xBF", 6}},
        {"end of CDATA", {"]]>", 3}},
        {"comment", {"<!-- -- -->", 11}},
        {"processing", {"<?xml?>", 7}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_output *output = picture(PV_THEME_AUTO, rows[i].name);
        check_xml(pv_output_bytes(output), rows[i].label);
        assert_false(has(output, "<script"));
        assert_false(has(output, "\xEF\xBF\xBF"));
        pv_output_close(output);
    }
}

/* The check itself finds what it is to find. */
static void check_finds_errors(void **state)
{
    static const char *const broken[] = {
        "<a>", "</a>", "<a></b>", "<a>&</a>", "<a>\x01</a>", "<a b=\"<\"/>", "<a", "<>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        if (!xml_error(broken[i], broken[i] + strlen(broken[i])))
            fail_msg("passes: %s", broken[i]);
    const char *good = "<?xml version=\"1.0\"?><a b=\"x/y\"><c/>&lt;</a>\n";
    assert_null(xml_error(good, good + strlen(good)));
}

/* Pictures that are parts of one page have ids of their own, and refer to those. */
static void ids_have_the_prefix(void **state)
{
    (void)state;
    struct pv_output *output = pv_output_memory();
    struct pv_canvas_options options = {.has_no_script = true, .prefix = PV_TEXT("one-")};
    struct pv_canvas *canvas = pv_canvas_svg(output, &options);
    const struct pv_style hatched = {.fill = PV_PAINT_MODULE + 5, .is_hatched = true};
    const struct pv_step steps[] = {
        {.verb = PV_MOVE}, {.verb = PV_LINE, .x = 9}, {.verb = PV_CLOSE}};
    struct pv_error err;
    pv_canvas_page(canvas, &(struct pv_page){200, 100, PV_TEXT("a"), PV_TEXT("b"), NULL});
    pv_canvas_rect(canvas, &(struct pv_rect){0, 0, 9, 9}, &hatched);
    pv_canvas_path(canvas, steps, 3, &hatched);
    assert_true(pv_canvas_finish(canvas, NULL, &err));
    pv_canvas_free(canvas);
    assert_true(has(output, "id=\"one-pv-hatch\""));
    assert_true(has(output, "h=\"9\" height=\"9\" fill=\"url(#one-pv-hatch)\""));
    assert_true(has(output, "Z\" fill=\"url(#one-pv-hatch)\""));
    assert_false(has(output, "(#pv-hatch)"));
    pv_output_close(output);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes),
        cmocka_unit_test(themes),
        cmocka_unit_test(hostile_names),
        cmocka_unit_test(check_finds_errors),
        cmocka_unit_test(ids_have_the_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

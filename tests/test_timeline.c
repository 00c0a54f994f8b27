#include "model/builder.h"
#include "model/number.h"
#include "render/timeline_panels.h"
#include "tests/picture.h"

#include <math.h>

/* "group/name: 0 1|10 2.5" a line: series of one profile. An owner stands before "@". */
static struct pv_profile *series_of(const char *text, enum pv_unit unit, enum pv_unit at_unit)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "test");
    struct pv_text rest = pv_text_of(text), line, part, at, value;
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_build_metric(builder, PV_TEXT("heap"), PV_UNIT_BYTES, false);
    while (pv_text_split(&rest, '\n', &line)) {
        struct pv_series_info info = {.unit = unit, .at_unit = at_unit};
        size_t owner = pv_text_find(line, '@');
        if (owner < line.size) {
            info.owner = pv_text_slice(line, 0, owner);
            line = pv_text_slice(line, owner + 1, line.size);
        }
        size_t colon = pv_text_find(line, ':'), slash = pv_text_find(line, '/');
        if (colon == line.size)
            continue;
        info.name = pv_text_slice(line, slash + 1, colon);
        info.group = pv_text_slice(line, 0, slash);
        uint32_t series = pv_build_new_series(builder, &info);
        line = pv_text_slice(line, colon + 1, line.size);
        while (pv_text_split(&line, '|', &part)) {
            struct pv_decimal x = {0}, y = {0};
            if (!pv_text_word(&part, &at) || !pv_text_word(&part, &value))
                continue;
            assert_true(pv_parse_decimal(at, &x) && pv_parse_decimal(value, &y));
            pv_build_point(builder, series, x, y);
        }
    }
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    return profile;
}

static void series_share_panels(void **state)
{
    static const struct {
        const char *label, *series, *panels;
    } rows[] = {
        {"none", "", ""},
        {"no points", "/a:", ""},
        {"apart", "/a:1 2\n/b:1 2", "a | b"},
        {"a group, the largest first", "m/a:1 2\nm/b:1 5\nn/c:1 1", "b+a | c"},
        {"of two inputs", "x@m/a:1 2\nx@m/b:1 1\ny@m/a:1 3\ny@m/b:1 4", "a+b | b+a"},
        {"what may be negative is not stacked", "m/a:1 2\nm/b:1 -2|2 5\nm/c:1 2\nm/d:1 1",
         "a | b | c+d"},
        {"finer scales count", "m/a:1 2\nm/b:1 2.5", "b+a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = series_of(rows[i].series, PV_UNIT_BYTES, PV_UNIT_NS);
        struct pv_timeline timeline;
        struct pv_buffer out = {0};
        pv_timeline_make(&timeline, profile);
        for (uint32_t p = 0; p < timeline.panel_count; p++)
            for (uint32_t s = 0; s < timeline.panels[p].series_count; s++)
                pv_buffer_print(&out, "%s%s",
                                s   ? "+"
                                : p ? " | "
                                    : "",
                                pv_profile_text(profile, timeline.panels[p].series[s]->name).data);
        pv_buffer_char(&out, '\0');
        if (strcmp(out.data, rows[i].panels) != 0)
            fail_msg("%s: wanted %s, got %s", rows[i].label, rows[i].panels, out.data);
        pv_buffer_free(&out);
        pv_timeline_free(&timeline);
        pv_profile_free(profile);
    }
}

static struct pv_axis axis_of(const struct pv_timeline_clock *clock, double px)
{
    return (struct pv_axis){.from = clock->from,
                            .to = clock->to,
                            .unit = clock->unit,
                            .scale = clock->scale,
                            .start = 10,
                            .end = 10 + px};
}

/* The curve of one layer: "x first low..high last" of each column with a change. */
static void curve_of(struct pv_buffer *out, const struct pv_timeline_panel *panel, uint32_t layer)
{
    for (uint32_t c = 0; c < panel->column_count; c++) {
        const struct pv_timeline_column *at = &pv_timeline_curve(panel, layer)[c];
        if (!at->has_change)
            continue;
        pv_buffer_print(out, "%s%d:%lld", out->size ? " " : "", (int)(at->x - 10),
                        (long long)at->first);
        if (at->low != at->first || at->high != at->last || at->low != at->high)
            pv_buffer_print(out, "[%lld..%lld]%lld", (long long)at->low, (long long)at->high,
                            (long long)at->last);
    }
    pv_buffer_char(out, '\0');
}

static void curves_are_sums(void **state)
{
    static const struct {
        const char *label, *series;
        uint32_t layer;
        double px;
        const char *curve;
        int64_t peak, peak_at, low;
        uint32_t moments;
    } rows[] = {
        {"one", "/a:0 5|50 7|100 2", 0, 100, "0:5 50:7 100:2", 7, 50, 0, 3},
        {"the lower of two", "m/a:0 5|50 7|100 2\nm/b:0 1|30 6|100 1", 0, 100,
         "0:5 30:5 50:7 100:2", 13, 50, 0, 4},
        {"their sum", "m/a:0 5|50 7|100 2\nm/b:0 1|30 6|100 1", 1, 100, "0:6 30:11 50:13 100:3", 13,
         50, 0, 4},
        {"one ends early", "m/a:0 5|100 5\nm/b:0 1|30 2", 1, 100, "0:6 30:7 100:7", 7, 30, 0, 3},
        {"one begins late", "m/a:0 5|100 5\nm/b:60 1|70 2", 1, 100, "0:5 60:6 70:7 100:7", 7, 70, 0,
         4},
        {"scales meet", "m/a:0 5|100 5\nm/b:0 0.25|10 0", 1, 100, "0:525 10:500 100:500", 525, 0, 0,
         3},
        {"times with digits", "/a:0 5|0.5 7|1 2", 0, 100, "0:5 50:7 100:2", 7, 5, 0, 3},
        {"many in one column", "/a:0 1|500 3|501 9|502 2|503 4|1000 0", 0, 100,
         "0:1 50:3[2..9]4 100:0", 9, 501, 0, 6},
        {"twice at one moment", "/a:0 1|50 9|50 3|100 1", 0, 100, "0:1 50:9[3..9]3 100:1", 9, 50, 0,
         3},
        {"one moment changes both at once", "m/a:0 9|50 1|100 1\nm/b:0 1|50 9|100 1", 1, 100,
         "0:10 50:10 100:2", 10, 0, 0, 3},
        {"negative", "/a:0 5|50 -7|100 2", 0, 100, "0:5 50:-7 100:2", 5, 0, -7, 3},
        {"far from the clock's 0", "/a:1000000 5|1000050 7|1000100 2", 0, 100, "0:5 50:7 100:2", 7,
         50, 0, 3},
        {"one moment", "/a:7 5", 0, 100, "0:5", 5, 7, 0, 1},
        {"the largest numbers", "m/a:0 9223372036854775807|1 0\nm/b:0 9223372036854775807|1 0", 1,
         100, "0:9223372036854775807 100:0", INT64_MAX, 0, 0, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = series_of(rows[i].series, PV_UNIT_BYTES, PV_UNIT_NS);
        struct pv_timeline timeline;
        struct pv_buffer out = {0};
        pv_timeline_make(&timeline, profile);
        struct pv_axis axis = axis_of(&timeline.clocks[0], rows[i].px);
        for (int round = 0; round < 2; round++) /* tracing again changes nothing */
            pv_timeline_trace(&timeline, 0, &axis);
        const struct pv_timeline_panel *panel = &timeline.panels[0];
        curve_of(&out, panel, rows[i].layer);
        if (strcmp(out.data, rows[i].curve) != 0)
            fail_msg("%s: wanted %s, got %s", rows[i].label, rows[i].curve, out.data);
        assert_true(panel->peak == rows[i].peak && panel->peak_at == rows[i].peak_at);
        assert_true(panel->low == rows[i].low);
        assert_int_equal(panel->moment_count, rows[i].moments);
        pv_buffer_free(&out);
        pv_timeline_free(&timeline);
        pv_profile_free(profile);
    }
}

static void what_does_not_fit_is_gathered(void **state)
{
    (void)state;
    struct pv_buffer text = {0};
    for (int i = 0; i < 30; i++)
        pv_buffer_print(&text, "/s%02d:0 1|5 %d|9 2%s\n", i, i, i > 2 ? "|10 1" : "");
    pv_buffer_char(&text, '\0');
    struct pv_profile *profile = series_of(text.data, PV_UNIT_COUNT, PV_UNIT_NS);
    struct pv_timeline timeline;
    pv_timeline_make(&timeline, profile);
    assert_int_equal(timeline.panel_count, PV_TIMELINE_PANELS);
    assert_int_equal(timeline.left_out, 30 - PV_TIMELINE_PANELS);
    assert_int_equal(timeline.series_count, 30);
    assert_string_equal(pv_profile_text(profile, timeline.panels[0].series[0]->name).data, "s03");
    pv_timeline_free(&timeline);
    pv_profile_free(profile);
    text.size = 0;
    for (int i = 0; i < 12; i++)
        pv_buffer_print(&text, "m/s%02d:0 0|5 %d|9 1\n", i, 100 - i);
    pv_buffer_char(&text, '\0');
    profile = series_of(text.data, PV_UNIT_COUNT, PV_UNIT_NS);
    pv_timeline_make(&timeline, profile);
    struct pv_axis axis = axis_of(&timeline.clocks[0], 90);
    pv_timeline_trace(&timeline, 0, &axis);
    const struct pv_timeline_panel *panel = &timeline.panels[0];
    assert_int_equal(timeline.panel_count, 1);
    assert_int_equal(panel->layer_count, PV_TIMELINE_LAYERS);
    assert_int_equal(panel->peak, 12 * 100 - 66); /* nothing is lost in the gathered layer */
    assert_int_equal(panel->shown[1].values[PV_TIMELINE_LAYERS - 1], 93 + 92 + 91 + 90 + 89);
    pv_timeline_free(&timeline);
    pv_profile_free(profile);
    pv_buffer_free(&text);
}

static const char *const pictures[] = {
    "",
    "/a:7 5",
    "/a:7 0|9 0",
    "/a:0 -5|9 5|12 -7",
    "m/heap:0 5|50 70|100 2\nm/overhead:0 1|30 60|100 1\nm/stacks:0 1|20 3|100 1",
    "run one@m/heap:0 5|50 70|100 2\nrun two@m/heap:0 1|30 6|90 1\nrun two@m/stacks:5 1|80 2",
    "/a name that is too long for any page, whatever one does:0 5|50 7|100 2",
    "m/\x80\xff<b>&\"\x1b[31m:0 5|50 7\nm/\xe2\x80\xae evil:3 5|50 7",
    "/a:0 9223372036854775807|1 -9223372036854775808",
    "/a:-9223372036854775808 1|9223372036854775807 2",
};

static void everything_has_its_place(void **state)
{
    static const double widths[] = {0, 200, 333, 2000};
    (void)state;
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++)
            for (int unit = 0; unit < PV_UNITS; unit++) {
                struct pv_profile *profile =
                    series_of(pictures[i], (enum pv_unit)unit, (enum pv_unit)((unit + 1) % 3));
                struct pv_draw draw = pv_draw_default();
                struct recording *on = recording_new();
                draw.width = widths[w];
                draw.input = PV_TEXT("input");
                draw_view("timeline", profile, &draw, &on->canvas);
                check_recording(on, pictures[i]);
                pv_canvas_free(&on->canvas);
                pv_profile_free(profile);
            }
}

static void pictures_are_whole(void **state)
{
    static const char *const backends[] = {"svg", "png", "pdf"};
    (void)state;
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++)
        for (size_t b = 0; b < sizeof backends / sizeof backends[0]; b++) {
            struct pv_profile *profile = series_of(pictures[i], PV_UNIT_BYTES, PV_UNIT_NS);
            struct pv_draw draw = pv_draw_default();
            struct pv_output *output = picture_bytes("timeline", backends[b], profile, &draw);
            assert_true(pv_output_bytes(output).size > 500);
            if (b == 0)
                check_xml(pv_output_bytes(output), pictures[i]);
            pv_output_close(output);
            pv_profile_free(profile);
        }
}

static void goldens(void **state)
{
    static const struct {
        const char *name;
        size_t picture;
    } rows[] = {{"timeline_empty.svg", 0},
                {"timeline_one_point.svg", 1},
                {"timeline_memory.svg", 4},
                {"timeline_merged.svg", 5},
                {"timeline_hostile.svg", 7}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile =
            series_of(pictures[rows[i].picture], PV_UNIT_BYTES, PV_UNIT_NS);
        struct pv_draw draw = pv_draw_default();
        draw.input = PV_TEXT("test.massif");
        draw.width = 600;
        struct pv_output *output = picture_bytes("timeline", "svg", profile, &draw);
        check_golden(rows[i].name, pv_output_bytes(output));
        pv_output_close(output);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(series_share_panels),
        cmocka_unit_test(curves_are_sums),
        cmocka_unit_test(what_does_not_fit_is_gathered),
        cmocka_unit_test(everything_has_its_place),
        cmocka_unit_test(pictures_are_whole),
        cmocka_unit_test(goldens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

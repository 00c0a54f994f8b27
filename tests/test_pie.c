#include "render/pie.h"

#include "render/pie_slices.h"
#include "tests/picture.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include <math.h>

static struct pv_profile *with_graph(struct pv_profile *profile)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    return profile;
}

/* "b 5 +2:3": functions with their values, then how many were gathered and what they have. */
static void slices_are_the_largest(void **state)
{
    static const struct {
        const char *label, *stacks, *wanted;
    } rows[] = {
        {"nothing", "", ""},
        {"only values of 0", "a 0|b 0", ""},
        {"one", "a;b 5", "b 5 "},
        {"by own cost", "a;b 5|a 2|c 9", "c 9 b 5 a 2 "},
        {"ties by name", "b 5|a 5", "a 5 b 5 "},
        {"wherever it is called", "a;b 5|b 2|c 6", "b 7 c 6 "},
        {"under a hundredth", "a 990|b 9|c 9", "a 990 +2:18"},
        {"a rest of one is that function", "a 999|b 1", "a 999 b 1 "},
        {"twelve fit", "a 12|b 12|c 12|d 12|e 12|f 12|g 12|h 12|i 12|j 12|k 12|l 12",
         "a 12 b 12 c 12 d 12 e 12 f 12 g 12 h 12 i 12 j 12 k 12 l 12 "},
        {"thirteen do not", "a 12|b 12|c 12|d 12|e 12|f 12|g 12|h 12|i 12|j 12|k 12|l 12|m 12",
         "a 12 b 12 c 12 d 12 e 12 f 12 g 12 h 12 i 12 j 12 k 12 +2:24"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = with_graph(small_stacks(rows[i].stacks));
        struct pv_buffer out = {0};
        struct pv_pie pie;
        pv_pie_cut(&pie, profile, 0);
        for (uint32_t k = 0; k < pie.count; k++) {
            const struct pv_pie_slice *slice = &pie.slices[k];
            if (slice->frame == PV_NONE)
                pv_buffer_print(&out, "+%u:%lld", pie.gathered, (long long)slice->value);
            else
                pv_buffer_print(&out, "%.*s %lld ",
                                PV_TEXT_ARGS(pv_profile_name(profile, slice->frame)),
                                (long long)slice->value);
        }
        pv_buffer_char(&out, '\0');
        if (strcmp(out.data, rows[i].wanted) != 0)
            fail_msg("%s: wanted \"%s\", got \"%s\"", rows[i].label, rows[i].wanted, out.data);
        pv_buffer_free(&out);
        pv_profile_free(profile);
    }
}

/* As the graph has it, which a pie does without. */
static int64_t total_of(const struct pv_profile *profile, uint32_t frame, uint32_t metric)
{
    const struct pv_graph *graph = profile->graph;
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (graph->funcs[i].frame == frame)
            return graph->total[metric][i];
    return 0;
}

static void slices_make_up_the_turn(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct pv_profile *profile = with_graph(
            seed % 2 ? pv_random_arcs(seed, 30, 60)
                     : pv_random_stacks(seed, 2 + (uint32_t)seed, 12, 4 + (uint32_t)seed * 4));
        struct pv_pie pie;
        int64_t sum = 0;
        double at = 0;
        uint32_t metric = (uint32_t)(seed % profile->metric_count);
        pv_pie_cut(&pie, profile, metric);
        for (uint32_t i = 0; i < pie.count; i++) {
            const struct pv_pie_slice *slice = &pie.slices[i];
            int64_t size = slice->value < 0 ? -slice->value : slice->value;
            assert_true(slice->from == at && slice->to >= slice->from);
            assert_true(fabs(slice->to - slice->from - (double)size / (double)pie.whole) < 1e-9);
            assert_true(slice->frame == PV_NONE ||
                        slice->total == total_of(profile, slice->frame, metric));
            sum += size;
            at = slice->to;
        }
        assert_true(pie.count <= PV_PIE_MOST);
        assert_int_equal(sum, pie.whole);
        assert_int_equal(pie.functions, profile->graph->func_count);
        assert_true(pie.count == 0 || at == 1);
        pv_profile_free(profile);
    }
}

struct line {
    double x1, y1, x2, y2;
};

static double side_of(const struct line *line, double x, double y)
{
    return (line->x2 - line->x1) * (y - line->y1) - (line->y2 - line->y1) * (x - line->x1);
}

static bool cross(const struct line *a, const struct line *b)
{
    return side_of(a, b->x1, b->y1) * side_of(a, b->x2, b->y2) < -1e-6 &&
           side_of(b, a->x1, a->y1) * side_of(b, a->x2, a->y2) < -1e-6;
}

/* How near the line comes to the middle of the circle. */
static double nearest(const struct line *line)
{
    double least = 1e9;
    for (int i = 0; i <= 200; i++) {
        double t = i / 200.0;
        least = fmin(least, hypot(line->x1 + t * (line->x2 - line->x1),
                                  line->y1 + t * (line->y2 - line->y1)));
    }
    return least;
}

/* Slices of any sizes: words are apart, and lines cut neither the pie nor each other. */
static void lines_to_the_words_are_clear(void **state)
{
    enum { radius = 100, end = 160, height = 36 };
    (void)state;
    for (uint64_t seed = 1; seed < 2000; seed++) {
        struct pv_pie pie = {.count = 1 + (uint32_t)(seed % PV_PIE_MOST), .whole = 1};
        struct line lines[PV_PIE_MOST];
        uint64_t random = seed * 0x9E3779B97F4A7C15u;
        double sizes[PV_PIE_MOST], sum = 0, at = 0;
        for (uint32_t i = 0; i < pie.count; i++, random = random * 6364136223846793005u + 1)
            sum += sizes[i] = pow((double)(random >> 40) / (1 << 24), (double)(seed % 9)) + 1e-3;
        for (uint32_t i = 0; i < pie.count; i++) {
            pie.slices[i].from = at / sum;
            at += sizes[i];
            pie.slices[i].to = at / sum;
        }
        pv_pie_place(&pie, radius, height);
        for (uint32_t i = 0; i < pie.count; i++) {
            double x, y;
            pv_pie_middle(&pie.slices[i], radius, &x, &y);
            lines[i] = (struct line){x, y, pie.slices[i].is_left ? -end : end, pie.slices[i].row};
            assert_true(nearest(&lines[i]) > radius - 1e-6);
            for (uint32_t k = 0; k < i; k++) {
                assert_false(cross(&lines[i], &lines[k]));
                assert_true(pie.slices[i].is_left != pie.slices[k].is_left ||
                            fabs(pie.slices[i].row - pie.slices[k].row) >= height - 1e-6);
            }
        }
    }
}

static void random_pictures_are_clean(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct pv_profile *profile = with_graph(pv_random_stacks(seed, 40, 12, 200));
        struct pv_draw draw = pv_draw_default();
        struct recording *on = recording_new();
        char label[32];
        snprintf(label, sizeof label, "seed %u", (unsigned)seed);
        draw.width = seed % 4 == 1 ? 200 : seed % 4 == 2 ? 480 : seed % 4 == 3 ? 2000 : 0;
        draw.metric = seed % 2;
        draw_view("pie", profile, &draw, &on->canvas);
        assert_true(on->item_count > 1);
        check_recording(on, label);
        pv_canvas_free(&on->canvas);
        pv_profile_free(profile);
    }
}

static void signs_have_colours(void **state)
{
    (void)state;
    struct pv_profile *profile = small_difference();
    struct pv_draw draw = pv_draw_default();
    struct recording *on = recording_new();
    draw_view("pie", profile, &draw, &on->canvas);
    check_recording(on, "signs");
    assert_int_equal(on->item_count, 2);
    assert_int_equal(on->items[0].value, -60);
    bool is_told = false;
    for (uint32_t i = 0; i < on->label_count; i++)
        is_told |= strstr(on->labels[i].text, "-66.7 %") != NULL;
    assert_true(is_told);
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

static void goldens(void **state)
{
    static const struct {
        const char *name, *stacks;
    } rows[] = {
        {"pie_shop.svg",
         "app!main@shop/main.py:3;app!serve@shop/web.py:20;render@shop/web.py:44 12|"
         "app!main@shop/main.py:3;app!serve@shop/web.py:20;search@shop/catalogue.py:8 31|"
         "app!main@shop/main.py:3;execute@/usr/lib/python3.11/sqlite3/dbapi2.py:5 41|"
         "app!main@shop/main.py:3;<built-in method time.sleep> 9|[unknown] 2"},
        {"pie_one.svg", "main;work 7"},
        {"pie_empty.svg", ""},
        {"pie_hostile.svg",
         "</title><script>alert(1)</script> 7|\xFF\xFE&amp;\"' 6|\xE2\x80\xAE 5|\x1B[31m\n 4| 3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = with_graph(small_stacks(rows[i].stacks));
        struct pv_draw draw = pv_draw_default();
        draw.input = PV_TEXT("shop.folded");
        struct pv_output *svg = picture_bytes("pie", "svg", profile, &draw);
        struct pv_output *png = picture_bytes("pie", "png", profile, &draw);
        check_xml(pv_output_bytes(svg), rows[i].name);
        check_golden(rows[i].name, pv_output_bytes(svg));
        assert_true(pv_text_starts(pv_output_bytes(png), PV_TEXT("\x89PNG")));
        pv_output_close(svg);
        pv_output_close(png);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_the_largest),       cmocka_unit_test(slices_make_up_the_turn),
        cmocka_unit_test(lines_to_the_words_are_clear), cmocka_unit_test(random_pictures_are_clean),
        cmocka_unit_test(signs_have_colours),           cmocka_unit_test(goldens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "render/palette.h"
#include "tests/small_profile.h"

#include <math.h>

/* L, a, b of OKLab (Ottosson 2020). */
static void oklab(uint32_t rgb, double lab[3])
{
    double part[3];
    for (unsigned i = 0; i < 3; i++) {
        double value = (double)(rgb >> (16 - 8 * i) & 0xFF) / 255;
        part[i] = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
    }
    double l = cbrt(0.4122214708 * part[0] + 0.5363325363 * part[1] + 0.0514459929 * part[2]);
    double m = cbrt(0.2119034982 * part[0] + 0.6806995451 * part[1] + 0.1073969566 * part[2]);
    double s = cbrt(0.0883024619 * part[0] + 0.2817188376 * part[1] + 0.6299787005 * part[2]);
    lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

static void text_reads_everywhere(void **state)
{
    (void)state;
    for (int is_dark = 0; is_dark < 2; is_dark++) {
        uint32_t text = pv_palette_rgb(PV_PAINT_TEXT, is_dark);
        for (unsigned paint = PV_PAINT_BACKGROUND; paint < PV_PAINT_ARC; paint++) {
            uint32_t under = pv_palette_rgb((enum pv_paint)paint, is_dark);
            double contrast = pv_contrast(text, under);
            if (contrast < 4.5)
                fail_msg("slot %u, dark %d: %f", paint, is_dark, contrast);
        }
    }
}

static void lines_are_seen(void **state)
{
    static const struct {
        const char *label;
        unsigned paint;
        double least;
    } rows[] = {
        {"secondary text", PV_PAINT_TEXT_2, 4.5},
        {"borders that mean something", PV_PAINT_BORDER, 3},
        {"accent", PV_PAINT_ACCENT, 4.5},
        {"the strongest arc", PV_PAINT_ARC + PV_ARC_STEPS - 1, 4.5},
        {"the weakest arc", PV_PAINT_ARC, 1.4},
    };
    (void)state;
    for (int is_dark = 0; is_dark < 2; is_dark++)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            double contrast = pv_contrast(pv_palette_rgb((enum pv_paint)rows[i].paint, is_dark),
                                          pv_palette_rgb(PV_PAINT_BACKGROUND, is_dark));
            if (contrast < rows[i].least)
                fail_msg("%s, dark %d: %f", rows[i].label, is_dark, contrast);
        }
}

/* Ramps go one way in lightness, in even steps: they read in grey and without red or green. */
static void ramps_are_even(void **state)
{
    static const struct {
        const char *label;
        unsigned first, steps;
    } rows[] = {
        {"cost", PV_PAINT_COST, PV_COST_STEPS},
        {"blue", PV_PAINT_MAPS, PV_COST_STEPS},
        {"green", PV_PAINT_MAPS + PV_COST_STEPS, PV_COST_STEPS},
        {"viridis", PV_PAINT_MAPS + 2 * PV_COST_STEPS, PV_COST_STEPS},
        {"grey", PV_PAINT_MAPS + 3 * PV_COST_STEPS, PV_COST_STEPS},
        {"less", PV_PAINT_LESS, PV_DIFF_STEPS},
        {"more", PV_PAINT_MORE, PV_DIFF_STEPS},
        {"arc", PV_PAINT_ARC, PV_ARC_STEPS},
    };
    (void)state;
    for (int is_dark = 0; is_dark < 2; is_dark++)
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            double first[3], last[3];
            unsigned steps = rows[i].steps;
            oklab(pv_palette_rgb((enum pv_paint)rows[i].first, is_dark), first);
            oklab(pv_palette_rgb((enum pv_paint)(rows[i].first + steps - 1), is_dark), last);
            double even = (last[0] - first[0]) / (steps - 1);
            assert_true(is_dark ? even > 0 : even < 0);
            for (unsigned step = 1; step < steps; step++) {
                double before[3], now[3];
                oklab(pv_palette_rgb((enum pv_paint)(rows[i].first + step - 1), is_dark), before);
                oklab(pv_palette_rgb((enum pv_paint)(rows[i].first + step), is_dark), now);
                if (fabs(now[0] - before[0] - even) > 0.006)
                    fail_msg("%s, dark %d, step %u", rows[i].label, is_dark, step);
            }
        }
}

/* Hues of one step have one lightness, and no two are the same. */
static void hues_differ_in_hue_only(void **state)
{
    (void)state;
    for (int is_dark = 0; is_dark < 2; is_dark++)
        for (unsigned a = 0; a < PV_HUES; a++)
            for (unsigned b = 0; b < a; b++) {
                double x[3], y[3];
                oklab(pv_palette_rgb((enum pv_paint)(PV_PAINT_MODULE + a * PV_HUE_STEPS), is_dark),
                      x);
                oklab(pv_palette_rgb((enum pv_paint)(PV_PAINT_MODULE + b * PV_HUE_STEPS), is_dark),
                      y);
                assert_true(fabs(x[0] - y[0]) < 0.01);
                assert_true(hypot(x[1] - y[1], x[2] - y[2]) > 0.03);
            }
}

static void cost_steps(void **state)
{
    static const struct {
        const char *label;
        int64_t part, whole;
        unsigned step;
    } rows[] = {
        {"nothing", 0, 100, 0},
        {"all", 100, 100, PV_COST_STEPS - 1},
        {"of nothing", 5, 0, 0},
        {"negative", -5, 100, 0},
        {"more than all", 200, 100, PV_COST_STEPS - 1},
        {"a quarter is half-way", 25, 100, 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (pv_paint_cost(rows[i].part, rows[i].whole) != PV_PAINT_COST + rows[i].step)
            fail_msg("%s", rows[i].label);
}

static void frames_have_stable_slots(void **state)
{
    (void)state;
    struct pv_profile *profile = small_stacks("a::x;a::y;b::x;lone;a::x 4");
    enum pv_paint paint[4];
    for (uint32_t i = 0; i < 4; i++) {
        paint[i] = pv_paint_frame(profile, i, PV_COLOUR_MODULE, 0, 0);
        assert_in_range(paint[i], PV_PAINT_MODULE, PV_PAINT_COST - 1);
    }
    enum pv_paint a = pv_paint_module(PV_TEXT("a"));
    assert_int_equal((a - PV_PAINT_MODULE) % PV_HUE_STEPS, 1);
    assert_int_equal((paint[0] - PV_PAINT_MODULE) / PV_HUE_STEPS,
                     (a - PV_PAINT_MODULE) / PV_HUE_STEPS);
    assert_int_equal((paint[0] - PV_PAINT_MODULE) / PV_HUE_STEPS,
                     (paint[1] - PV_PAINT_MODULE) / PV_HUE_STEPS);
    profile->frames[3].flags = PV_FRAME_KERNEL;
    assert_in_range(pv_paint_frame(profile, 3, PV_COLOUR_MODULE, 0, 0), PV_PAINT_GREY,
                    PV_PAINT_GREY + PV_GREYS - 1);
    profile->frames[3].flags = PV_FRAME_REST;
    assert_int_equal(pv_paint_frame(profile, 3, PV_COLOUR_COST, 5, 5), PV_PAINT_REST);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_reads_everywhere),
        cmocka_unit_test(lines_are_seen),
        cmocka_unit_test(ramps_are_even),
        cmocka_unit_test(hues_differ_in_hue_only),
        cmocka_unit_test(cost_steps),
        cmocka_unit_test(frames_have_stable_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

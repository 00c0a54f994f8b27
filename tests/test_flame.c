#include "render/flame.h"

#include "model/number.h"
#include "render/flame_boxes.h"
#include "tests/picture.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include <math.h>

static const struct pv_flame_options all_of_it = {
    .most_boxes = UINT64_MAX, .most_levels = UINT32_MAX, .sure_levels = UINT32_MAX};

/* "name start+value" per box, "|" between levels. */
static char *boxes_text(const struct pv_profile *profile, const struct pv_flame *flame)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < flame->count; i++) {
        const struct pv_flame_box *box = &flame->boxes[i];
        uint32_t frame = box->node == PV_NONE ? PV_NONE : profile->tree->nodes[box->node].frame;
        if (i && box->level != flame->boxes[i - 1].level)
            pv_buffer_add(&out, PV_TEXT("| "));
        if (box->node == PV_NONE)
            pv_buffer_print(&out, "(%u)", box->gathered);
        else if (box->node)
            pv_buffer_add(&out, pv_profile_name(profile, frame));
        pv_buffer_print(&out, " %lld+%lld ", (long long)box->start, (long long)box->value);
    }
    pv_buffer_char(&out, '\0');
    return out.data;
}

static void layouts(void **state)
{
    const struct {
        const char *label, *stacks;
        struct pv_flame_options options;
        const char *boxes;
    } rows[] = {
        {"siblings by name", "b 2|a 3|a;c 1", all_of_it, " 0+6 | a 0+4 b 4+2 | c 0+1 "},
        {"by weight",
         "a 2|b 3",
         {.most_boxes = 99, .most_levels = 99, .sure_levels = 99, .order = PV_ORDER_WEIGHT},
         " 0+5 | b 0+3 a 3+2 "},
        {"what the root holds itself", " 5|a 5", all_of_it, " 0+10 | a 0+5 "},
        {"small ones are gathered",
         "a 90|b 4|c 4|d 2",
         {.least_share = 0.05, .most_boxes = 99, .most_levels = 99, .sure_levels = 99},
         " 0+100 | a 0+90 (3) 90+10 "},
        {"a remainder that is too small is not drawn",
         "a 98|b 1|c 1",
         {.least_share = 0.05, .most_boxes = 99, .most_levels = 99, .sure_levels = 99},
         " 0+100 | a 0+98 "},
        {"too many boxes",
         "a 50|b 30|c 10|d 5|e 5",
         {.most_boxes = 4, .most_levels = 99, .sure_levels = 99},
         " 0+100 | a 0+50 b 50+30 (3) 80+20 "},
        {"more nodes than boxes, above the last level",
         "r;a;b;c;d;e;f 500",
         {.most_boxes = 5, .most_levels = 4, .sure_levels = 99},
         " 0+500 | r 0+500 | a 0+500 | b 0+500 | (1) 0+500 "},
        {"too deep",
         "a;b;c;d 5",
         {.most_boxes = 99, .most_levels = 3, .sure_levels = 99},
         " 0+5 | a 0+5 | b 0+5 | (1) 0+5 "},
        {"thin spires are cut",
         "a;b;c;d;e 1|f 99",
         {.most_boxes = 99, .most_levels = 99, .sure_levels = 2, .least_level_share = 0.02},
         " 0+100 | a 0+1 f 1+99 | (1) 0+1 "},
        {"one level too many is no spire",
         "a;b 1|f 99",
         {.most_boxes = 99, .most_levels = 99, .sure_levels = 2, .least_level_share = 0.02},
         " 0+100 | a 0+1 f 1+99 | b 0+1 "},
        {"nothing", "a 0", all_of_it, " 0+0 "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks(rows[i].stacks);
        struct pv_flame flame;
        pv_flame_layout(&flame, profile, &rows[i].options);
        char *text = boxes_text(profile, &flame);
        if (strcmp(text, rows[i].boxes) != 0)
            fail_msg("%s: %s", rows[i].label, text);
        free(text);
        pv_flame_free(&flame);
        pv_profile_free(profile);
    }
}

/* A profile of differences: each sample counts for or against. */
static struct pv_profile *signed_profile(void)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    uint32_t frames[3];
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, true);
    for (uint32_t i = 0; i < 3; i++)
        frames[i] = pv_build_name(builder, (struct pv_text){&"abc"[i], 1});
    uint32_t a = pv_build_stack(builder, 0, frames, 1, NULL);
    pv_build_self(builder, pv_build_stack(builder, a, frames + 1, 1, NULL), 0, -30);
    pv_build_self(builder, pv_build_stack(builder, a, frames + 2, 1, NULL), 0, 20);
    return small_finish(builder);
}

static void differences_are_as_wide_as_they_are_large(void **state)
{
    (void)state;
    struct pv_profile *profile = signed_profile();
    struct pv_flame flame;
    pv_flame_layout(&flame, profile, &all_of_it);
    char *text = boxes_text(profile, &flame);
    assert_string_equal(text, " 0+50 | a 0+50 | b 0+30 c 30+20 ");
    free(text);
    pv_flame_free(&flame);
    pv_profile_free(profile);
}

/* Children lie inside of their parents and beside each other, and nothing is lost. */
static void check_boxes(const struct pv_flame *flame, const struct pv_flame_options *options)
{
    int64_t *next = malloc(flame->count * sizeof *next);
    for (uint32_t i = 0; i < flame->count; i++) {
        const struct pv_flame_box *box = &flame->boxes[i];
        next[i] = box->start;
        if (i == 0) {
            assert_int_equal(box->start, 0);
            continue;
        }
        const struct pv_flame_box *parent = &flame->boxes[box->parent];
        assert_true(box->parent < i);
        assert_int_equal(box->level, parent->level + 1);
        assert_int_equal(box->start, next[box->parent]);
        assert_true(box->value >= flame->least || flame->is_limited);
        next[box->parent] += box->value;
        assert_true(next[box->parent] <= parent->start + parent->value);
        assert_true(box->level < flame->levels);
    }
    assert_true(flame->count <= options->most_boxes || flame->count <= 2);
    free(next);
}

static void random_profiles_keep_the_rules(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        struct pv_profile *profile =
            pv_random_stacks(seed, 1 + (uint32_t)seed * 3, 2 + (uint32_t)seed, 300);
        struct pv_flame_options options = {.metric = seed % 2,
                                           .least_share = (double)(seed % 7) / 300,
                                           .order = seed % 3 ? PV_ORDER_NAME : PV_ORDER_WEIGHT,
                                           .most_boxes = seed % 5 ? 100000 : 60,
                                           .most_levels = seed % 4 ? 1000 : 9,
                                           .sure_levels = 8,
                                           .least_level_share = 0.05};
        struct pv_flame flame;
        pv_flame_layout(&flame, profile, &options);
        check_boxes(&flame, &options);
        assert_int_equal(flame.boxes[0].value, profile->metrics[options.metric].total);
        pv_flame_free(&flame);
        pv_profile_free(profile);
    }
}

/* Cells as they are drawn: inside of the page and clear of each other, label for label. */
static void check_cells(const struct recording *on, const char *label)
{
    check_recording(on, label);
    for (uint32_t i = 0; i < on->rect_count; i++)
        for (uint32_t k = 0; k < i; k++)
            if (overlaps(&on->rects[i].rect, &on->rects[k].rect))
                fail_msg("%s: cells %u and %u overlap", label, k, i);
}

static void random_pictures_are_clean(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        struct pv_profile *profile = pv_random_stacks(seed, 40, 12, 60);
        struct pv_draw draw = pv_draw_default();
        struct recording *on = recording_new();
        char label[32];
        snprintf(label, sizeof label, "seed %u", (unsigned)seed);
        draw.is_inverted = seed % 2;
        draw.width = seed % 3 ? 0 : 320;
        draw.metric = seed % 2;
        draw.has_colouring = seed % 4 > 1;
        draw.colouring = PV_COLOUR_COST;
        draw.min_width_px = seed % 5 ? 0.5 : 12;
        draw.input = PV_TEXT("a rather long name of an input file, that a narrow page cuts.folded");
        draw_view("flame", profile, &draw, &on->canvas);
        assert_true(on->item_count > 1);
        check_cells(on, label);
        pv_canvas_free(&on->canvas);
        pv_profile_free(profile);
    }
}

static void goldens(void **state)
{
    static const char *const shop =
        "app!main@shop/main.py:3;app!serve@shop/web.py:20;render@shop/web.py:44 12|"
        "app!main@shop/main.py:3;app!serve@shop/web.py:20;search@shop/catalogue.py:8 30|"
        "app!main@shop/main.py:3;app!serve@shop/web.py:20;search@shop/catalogue.py:8;"
        "execute@/usr/lib/python3.11/sqlite3/dbapi2.py:5 41|"
        "app!main@shop/main.py:3;<built-in method time.sleep> 9|"
        "std::vector<int, std::allocator<int>>::push_back(int const&) 7|tiny 1";
    static const struct {
        const char *name, *stacks;
        bool is_inverted;
        double width;
        enum pv_colouring colouring;
    } rows[] = {
        {"flame_shop.svg", shop, false, 0, PV_COLOUR_MODULE},
        {"flame_icicle.svg", shop, true, 480, PV_COLOUR_COST},
        {"flame_empty.svg", "", false, 480, PV_COLOUR_MODULE},
        {"flame_hostile.svg",
         "</title><script>alert(1)</script>;\xFF\xFE&amp;\"';\xE2\x80\xAE;\x1B[31m\n 5| 5", false,
         480, PV_COLOUR_MODULE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks(rows[i].stacks);
        struct pv_draw draw = pv_draw_default();
        draw.input = PV_TEXT("shop.folded");
        draw.is_inverted = rows[i].is_inverted;
        draw.width = rows[i].width;
        draw.has_colouring = true;
        draw.colouring = rows[i].colouring;
        struct pv_output *first = picture_bytes("flame", "svg", profile, &draw);
        struct pv_output *second = picture_bytes("flame", "svg", profile, &draw);
        assert_true(pv_text_equal(pv_output_bytes(first), pv_output_bytes(second)));
        check_xml(pv_output_bytes(first), rows[i].name);
        check_golden(rows[i].name, pv_output_bytes(first));
        pv_output_close(first);
        pv_output_close(second);
        pv_profile_free(profile);
    }
}

static void signed_golden(void **state)
{
    (void)state;
    struct pv_profile *profile = signed_profile();
    struct pv_draw draw = pv_draw_default();
    draw.width = 480;
    struct pv_output *output = picture_bytes("flame", "svg", profile, &draw);
    check_xml(pv_output_bytes(output), "signed");
    check_golden("flame_signed.svg", pv_output_bytes(output));
    pv_output_close(output);
    pv_profile_free(profile);
}

static bool starts_with(struct pv_output *output, struct pv_text magic)
{
    return pv_text_starts(pv_output_bytes(output), magic);
}

static void other_backends(void **state)
{
    (void)state;
    struct pv_profile *profile = small_stacks("a;b 5|a;c 4|d 1");
    struct pv_draw draw = pv_draw_default();
    for (int round = 0; round < 2; round++) {
        struct pv_output *png = picture_bytes("flame", "png", profile, &draw);
        struct pv_output *pdf = picture_bytes("flame", "pdf", profile, &draw);
        struct pv_output *again = picture_bytes("flame", "pdf", profile, &draw);
        assert_true(starts_with(png, (struct pv_text){"\x89PNG\r\n\x1A\n", 8}));
        assert_true(starts_with(pdf, PV_TEXT("%PDF-")));
        assert_true(pv_text_equal(pv_output_bytes(pdf), pv_output_bytes(again)));
        pv_output_close(png);
        pv_output_close(pdf);
        pv_output_close(again);
    }
    pv_profile_free(profile);
}

/* A PNG beyond the limits becomes smaller, and says so. */
static void large_png(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *profile = small_stacks("a;b 5|a;c 4|d 1");
    struct pv_draw draw = pv_draw_default();
    limits.png_pixels = 10000;
    struct pv_canvas_options options = {.limits = &limits};
    struct pv_output *output = pv_output_memory();
    struct pv_canvas *canvas = pv_canvas_png(output, &options);
    struct pv_buffer notes = {0};
    struct pv_error err;
    assert_true(pv_view_flame.draw(profile, &draw, canvas, &notes, &err));
    assert_true(pv_canvas_finish(canvas, &notes, &err));
    assert_true(pv_text_starts(pv_buffer_text(&notes), PV_TEXT("the picture is scaled down")));
    const unsigned char *bytes = (const unsigned char *)pv_output_bytes(output).data;
    unsigned width = (unsigned)bytes[18] << 8 | bytes[19],
             height = (unsigned)bytes[22] << 8 | bytes[23];
    assert_true(width * height <= 11000 && width > 100);
    pv_buffer_free(&notes);
    pv_canvas_free(canvas);
    pv_output_close(output);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),
        cmocka_unit_test(differences_are_as_wide_as_they_are_large),
        cmocka_unit_test(random_profiles_keep_the_rules),
        cmocka_unit_test(random_pictures_are_clean),
        cmocka_unit_test(goldens),
        cmocka_unit_test(signed_golden),
        cmocka_unit_test(other_backends),
        cmocka_unit_test(large_png),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

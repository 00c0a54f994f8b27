#include "render/treemap.h"

#include "model/by_files.h"
#include "model/number.h"
#include "render/flame_boxes.h"
#include "render/treemap_cells.h"
#include "tests/picture.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include <math.h>

static double area(const struct pv_rect *rect)
{
    return rect->width * rect->height;
}

static bool is_near(double a, double b, double whole)
{
    return fabs(a - b) <= 1e-6 * whole;
}

/* Each part has its share of its parent's room; parts are inside of it and clear of each other. */
static void check_places(const struct pv_flame *flame, const struct pv_map_cell *cells,
                         uint32_t hidden)
{
    uint32_t missing = 0;
    double *covered = pv_zalloc(flame->count, sizeof *covered);
    for (uint32_t i = 1; i < flame->count; i++) {
        const struct pv_map_cell *cell = &cells[i], *parent = &cells[flame->boxes[i].parent];
        missing += !cell->is_drawn;
        assert_int_equal(cell->is_drawn, parent->is_drawn && parent->room.width > 0);
        if (!cell->is_drawn)
            continue;
        double share =
            (double)flame->boxes[i].value / (double)flame->boxes[flame->boxes[i].parent].value;
        assert_true(is_near(area(&cell->rect), share * area(&parent->room), area(&parent->room)));
        assert_true(is_inside(&cell->rect, &parent->room) &&
                    is_inside(&parent->room, &parent->rect));
        covered[flame->boxes[i].parent] += area(&cell->rect);
        for (uint32_t k = i; k > 1 && flame->boxes[k - 1].parent == flame->boxes[i].parent; k--)
            assert_false(overlaps(&cell->rect, &cells[k - 1].rect));
    }
    for (uint32_t i = 0; i < flame->count; i++)
        if (cells[i].room.width > 0)
            assert_true(is_near(covered[i] + area(&cells[i].own), area(&cells[i].room),
                                area(&cells[i].room)));
    assert_int_equal(missing, hidden);
    free(covered);
}

static void areas_are_shares(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct pv_profile *profile =
            pv_random_stacks(seed, 1 + (uint32_t)seed * 3, 2 + (uint32_t)seed, 300);
        struct pv_flame_options options = {.metric = seed % 2,
                                           .least_share = seed % 3 ? 2e-5 : 0.01,
                                           .order = PV_ORDER_WEIGHT,
                                           .most_boxes = seed % 5 ? 20000 : 60,
                                           .most_levels = 800,
                                           .sure_levels = UINT32_MAX};
        struct pv_rect room = {16, 72, seed % 4 ? 1168 : 200, seed % 4 ? 657 : 113};
        struct pv_flame flame;
        uint32_t hidden;
        pv_flame_layout(&flame, profile, &options);
        struct pv_map_cell *cells = pv_map_place(&flame, &room, &hidden);
        check_places(&flame, cells, hidden);
        free(cells);
        pv_flame_free(&flame);
        pv_profile_free(profile);
    }
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
        draw.width = seed % 3 ? 0 : 320;
        draw.metric = seed % 2;
        draw.by = seed % 5 == 1 ? PV_BY_FILES : PV_BY_CALLS;
        draw.has_colouring = seed % 4 > 1;
        draw.colouring = PV_COLOUR_COST;
        draw.input = PV_TEXT("a rather long name of an input file, that a narrow page cuts.folded");
        draw_view("treemap", profile, &draw, &on->canvas);
        assert_true(on->item_count > 1);
        check_recording(on, label);
        pv_canvas_free(&on->canvas);
        pv_profile_free(profile);
    }
}

/* "a/b.py 5 | …": every stack with its value. */
static char *stacks_text(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < profile->tree->count; i++) {
        uint32_t path[8], depth = 0;
        if (profile->tree->self[0][i] == 0)
            continue;
        for (uint32_t node = i; node != 0 && depth < 8; node = profile->tree->nodes[node].parent)
            path[depth++] = profile->tree->nodes[node].frame;
        while (depth > 0) {
            pv_buffer_add(&out, pv_profile_name(profile, path[--depth]));
            pv_buffer_char(&out, depth ? ';' : ' ');
        }
        pv_buffer_print(&out, "%lld|", (long long)profile->tree->self[0][i]);
    }
    pv_buffer_char(&out, '\0');
    return out.data;
}

static void functions_lie_in_files_in_modules(void **state)
{
    static const struct {
        const char *label, *stacks, *wanted;
    } rows[] = {
        {"module and file are one", "f@shop/web.py:3 5", "web.py;shop/web.py;f 5|"},
        {"a package has files",
         "f@/usr/lib/python3/dist-packages/django/db/sql.py:3 5|"
         "g@/usr/lib/python3/dist-packages/django/http.py:9 2",
         "django;django/db/sql.py;f 5|django;django/http.py;g 2|"},
        {"a function counts once, wherever it was called", "a;b 5|b 2|c;a;b 1|a 4", "a 4|b 8|"},
        {"names tell modules", "std::map::find 3|std::map::at 1",
         "std::map;std::map::find 3|std::map;std::map::at 1|"},
        {"nothing known", " 3|f 2", "3|f 2|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks(rows[i].stacks), *by_files;
        struct pv_error err;
        uint32_t functions;
        assert_true(pv_profile_by_files(&by_files, &functions, profile, 0, NULL, &err));
        char *text = stacks_text(by_files);
        assert_int_equal(by_files->metrics[0].total, profile->metrics[0].total);
        if (strcmp(text, rows[i].wanted) != 0)
            fail_msg("%s: %s", rows[i].label, text);
        free(text);
        pv_profile_free(by_files);
        pv_profile_free(profile);
    }
}

static void lines_lie_in_their_functions(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.keeps_lines = true;
    struct pv_builder *builder = pv_builder_new(&limits, PV_ORIGIN_STACKS, "small");
    uint32_t metric = pv_build_metric(builder, PV_TEXT("Ir"), PV_UNIT_COUNT, false);
    uint32_t f = pv_build_frame(
        builder, &(struct pv_frame_info){.name = PV_TEXT("f"), .file = PV_TEXT("src/a.c")});
    uint32_t g = pv_build_name(builder, PV_TEXT("g"));
    pv_build_self(builder, pv_build_stack(builder, 0, &f, 1, NULL), metric, 10);
    pv_build_self(builder, pv_build_stack(builder, 0, &g, 1, NULL), metric, 3);
    pv_build_line(builder, f, 0, 7, metric, 6);
    pv_build_line(builder, f, pv_build_text(builder, PV_TEXT("src/a.h")), 2, metric, 3);
    struct pv_profile *profile = small_finish(builder), *by_files;
    struct pv_error err;
    uint32_t functions;
    assert_true(pv_profile_by_files(&by_files, &functions, profile, 0, NULL, &err));
    char *text = stacks_text(by_files);
    assert_string_equal(text, "a.c;src/a.c;f 1|g 3|a.c;src/a.c;f;line 7 6|"
                              "a.c;src/a.c;f;line 2 (a.h) 3|");
    assert_int_equal(functions, 2);
    assert_int_equal(by_files->metrics[0].total, 13);
    free(text);
    pv_profile_free(by_files);
    pv_profile_free(profile);
}

static void what_all_parts_are_the_whole_is(void **state)
{
    (void)state;
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    uint32_t metric = pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t frames[] = {pv_build_name(builder, PV_TEXT("io::open")),
                         pv_build_name(builder, PV_TEXT("io::read")),
                         pv_build_name(builder, PV_TEXT("net::open"))};
    for (unsigned i = 0; i < 3; i++)
        pv_build_self(builder, pv_build_stack(builder, 0, &frames[i], 1, NULL), metric, 5);
    pv_build_flags(builder, frames[0], PV_FRAME_BUILTIN | PV_FRAME_INLINED);
    pv_build_flags(builder, frames[1], PV_FRAME_BUILTIN);
    struct pv_profile *profile = small_finish(builder), *by_files;
    struct pv_error err;
    uint32_t functions;
    assert_true(pv_profile_by_files(&by_files, &functions, profile, 0, NULL, &err));
    for (uint32_t i = 0; i < by_files->frame_count; i++) {
        struct pv_text name = pv_profile_name(by_files, i);
        if (pv_text_equal(name, PV_TEXT("io")))
            assert_int_equal(by_files->frames[i].flags, PV_FRAME_BUILTIN);
        if (pv_text_equal(name, PV_TEXT("net")))
            assert_int_equal(by_files->frames[i].flags, 0);
    }
    pv_profile_free(by_files);
    pv_profile_free(profile);
}

static void sums_stay_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct pv_profile *profile =
            seed % 2 ? pv_random_arcs(seed, 30, 60) : pv_random_stacks(seed, 30, 12, 200);
        struct pv_profile *by_files;
        struct pv_error err;
        uint32_t metric = profile->metric_count - 1, functions;
        assert_true(pv_profile_by_files(&by_files, &functions, profile, metric, NULL, &err));
        assert_int_equal(by_files->metrics[0].total, profile->metrics[metric].total);
        assert_int_equal(by_files->metrics[0].scale, profile->metrics[metric].scale);
        pv_profile_free(by_files);
        pv_profile_free(profile);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct pv_profile *profile = small_stacks("a;b 5|c 2|d 3"), *by_files = NULL;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    uint32_t functions;
    limits.functions = 2;
    assert_false(pv_profile_by_files(&by_files, &functions, profile, 0, &limits, &err));
    assert_null(by_files);
    pv_profile_free(profile);
}

static const char *const shop =
    "app!main@shop/main.py:3;app!serve@shop/web.py:20;render@shop/web.py:44 12|"
    "app!main@shop/main.py:3;app!serve@shop/web.py:20;search@shop/catalogue.py:8 30|"
    "app!main@shop/main.py:3;app!serve@shop/web.py:20;search@shop/catalogue.py:8;"
    "execute@/usr/lib/python3.11/sqlite3/dbapi2.py:5 41|"
    "app!main@shop/main.py:3;<built-in method time.sleep> 9|[unknown] 2";

static void goldens(void **state)
{
    static const struct {
        const char *name, *stacks;
        enum pv_by by;
    } rows[] = {
        {"treemap_shop.svg", shop, PV_BY_CALLS},
        {"treemap_files.svg", shop, PV_BY_FILES},
        {"treemap_empty.svg", "", PV_BY_FILES},
        {"treemap_hostile.svg",
         "</title><script>alert(1)</script>;\xFF\xFE&amp;\"';\xE2\x80\xAE;\x1B[31m\n 5| 5",
         PV_BY_CALLS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks(rows[i].stacks);
        struct pv_draw draw = pv_draw_default();
        draw.input = PV_TEXT("shop.folded");
        draw.width = 480;
        draw.by = rows[i].by;
        struct pv_output *first = picture_bytes("treemap", "svg", profile, &draw);
        struct pv_output *png = picture_bytes("treemap", "png", profile, &draw);
        struct pv_output *pdf = picture_bytes("treemap", "pdf", profile, &draw);
        check_xml(pv_output_bytes(first), rows[i].name);
        check_golden(rows[i].name, pv_output_bytes(first));
        assert_true(pv_text_starts(pv_output_bytes(png), PV_TEXT("\x89PNG")));
        assert_true(pv_text_starts(pv_output_bytes(pdf), PV_TEXT("%PDF-")));
        pv_output_close(first);
        pv_output_close(png);
        pv_output_close(pdf);
        pv_profile_free(profile);
    }
}

/* Sizes are magnitudes; what shrank is blue and has a sign. */
static void differences(void **state)
{
    (void)state;
    struct pv_profile *profile = small_difference();
    struct pv_draw draw = pv_draw_default();
    for (unsigned by = 0; by < 2; by++) {
        struct recording *on = recording_new();
        draw.by = (enum pv_by)by;
        draw_view("treemap", profile, &draw, &on->canvas);
        check_recording(on, "differences");
        assert_int_equal(on->item_count, 3);
        assert_true(on->items[1].value == 60 && on->items[2].value == 30);
        bool has_less = false, has_more = false;
        for (uint32_t i = 0; i < on->rect_count; i++) {
            enum pv_paint fill = on->rects[i].style.fill;
            has_less |= on->rects[i].item == 1 && fill >= PV_PAINT_LESS && fill < PV_PAINT_MORE;
            has_more |= on->rects[i].item == 2 && fill >= PV_PAINT_MORE;
        }
        assert_true(has_less && has_more);
        pv_canvas_free(&on->canvas);
    }
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_shares),
        cmocka_unit_test(random_pictures_are_clean),
        cmocka_unit_test(functions_lie_in_files_in_modules),
        cmocka_unit_test(lines_lie_in_their_functions),
        cmocka_unit_test(what_all_parts_are_the_whole_is),
        cmocka_unit_test(sums_stay_whole),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(goldens),
        cmocka_unit_test(differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

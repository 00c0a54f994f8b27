#include "render/sunburst.h"

#include "render/rings.h"
#include "tests/picture.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include <math.h>

static const double full_turn = 2 * 3.14159265358979323846;

static void rings_are_equally_wide(void **state)
{
    static const struct {
        const char *label;
        double radius;
        uint32_t levels;
        double disc, width, outer;
    } rows[] = {
        {"the disc alone", 400, 1, 80, 0, 80},
        {"no wider than is good", 400, 3, 80, 90, 260},
        {"as wide as there is room", 400, 9, 400 / 9., (400 - 400 / 9.) / 8, 400},
        {"the disc keeps room for a word", 400, 17, 40, 22.5, 400},
        {"a narrow page", 84, 3, 40, 22, 84},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_rings rings = pv_rings_for(rows[i].radius, rows[i].levels);
        if (fabs(rings.disc - rows[i].disc) > 1e-9 || fabs(rings.width - rows[i].width) > 1e-9 ||
            fabs(rings.outer - rows[i].outer) > 1e-9)
            fail_msg("%s: %g %g %g", rows[i].label, rings.disc, rings.width, rings.outer);
        assert_true(rows[i].levels <= pv_rings_most_levels(rows[i].radius));
        assert_true(rings.outer <= rows[i].radius + 1e-9);
    }
}

/* Siblings share their parent's angle by their values, one ring further out. */
static void check_sectors(const struct pv_flame *flame)
{
    struct pv_rings rings = pv_rings_for(400, flame->levels);
    double whole = (double)flame->sizes[0];
    double *covered = pv_zalloc(flame->count, sizeof *covered);
    for (uint32_t i = 0; i < flame->count; i++) {
        const struct pv_flame_box *box = &flame->boxes[i];
        struct pv_sector sector = pv_rings_sector(&rings, flame, box);
        double angle = sector.to - sector.from;
        assert_true(fabs(angle - (double)box->value / whole) < 1e-12);
        assert_true(angle * 360 >= PV_RINGS_LEAST - 1e-9);
        if (i == 0) {
            assert_true(sector.inner == 0 && angle == 1);
            continue;
        }
        struct pv_sector around = pv_rings_sector(&rings, flame, &flame->boxes[box->parent]);
        assert_true(sector.from >= around.from - 1e-12 && sector.to <= around.to + 1e-12);
        assert_true(fabs(sector.inner - around.outer) < 1e-9);
        assert_true(fabs(sector.outer - sector.inner - rings.width) < 1e-9);
        covered[box->parent] += angle;
        for (uint32_t k = i; k > 1 && flame->boxes[k - 1].parent == box->parent; k--)
            assert_true(pv_rings_sector(&rings, flame, &flame->boxes[k - 1]).to <=
                        sector.from + 1e-12);
    }
    for (uint32_t i = 0; i < flame->count; i++)
        assert_true(covered[i] <= (double)flame->boxes[i].value / whole + 1e-9);
    free(covered);
}

static void angles_are_shares(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct pv_profile *profile =
            pv_random_stacks(seed, 1 + (uint32_t)seed * 3, 2 + (uint32_t)seed, 300);
        struct pv_flame_options options = {.metric = seed % 2,
                                           .least_share = PV_RINGS_LEAST / 360,
                                           .most_boxes = 20000,
                                           .most_levels = pv_rings_most_levels(400) - 1,
                                           .sure_levels = UINT32_MAX};
        struct pv_flame flame;
        pv_flame_layout(&flame, profile, &options);
        if (flame.sizes[0] > 0)
            check_sectors(&flame);
        pv_flame_free(&flame);
        pv_profile_free(profile);
    }
}

static bool is_in(const struct pv_sector *sector, double x, double y)
{
    double radius = sqrt(x * x + y * y), angle = atan2(x, -y) / full_turn;
    angle += angle < sector->from - 1e-6 ? 1 : 0;
    return radius >= sector->inner - 1e-6 && radius <= sector->outer + 1e-6 &&
           (sector->to - sector->from >= 1 || sector->inner <= 0 ||
            (angle >= sector->from - 1e-6 && angle <= sector->to + 1e-6));
}

/* Every corner of the words' rectangle lies in the sector, and they are never upside down. */
static void check_room(const struct pv_sector *sector, const struct pv_sector_room *room,
                       double height)
{
    double turn = room->turn / 360 * full_turn;
    if (room->width <= 0)
        return;
    assert_true(room->turn >= -90 - 1e-9 && room->turn <= 90 + 1e-9);
    for (int corner = 0; corner < 4; corner++) {
        double along = (corner % 2 ? 0.5 : -0.5) * room->width;
        double down = (corner / 2 ? 0.5 : -0.5) * height;
        double x = room->x + along * cos(turn) - down * sin(turn);
        double y = room->y + along * sin(turn) + down * cos(turn);
        if (!is_in(sector, x, y))
            fail_msg("%g to %g, %g to %g: a corner is outside", sector->from, sector->to,
                     sector->inner, sector->outer);
    }
}

static void words_stay_in_their_sector(void **state)
{
    (void)state;
    for (unsigned from = 0; from < 96; from++)
        for (unsigned parts = 1; from + parts <= 96; parts += 1 + parts / 4)
            for (unsigned inner = 0; inner < 400; inner += 80) {
                struct pv_sector sector = {from / 96., (from + parts) / 96., inner, inner + 40.};
                struct pv_sector_room along = pv_sector_along(&sector, 15);
                struct pv_sector_room out = pv_sector_outwards(&sector, 15);
                if (inner == 0 && parts < 96)
                    continue; /* only the disc is in the middle */
                check_room(&sector, &along, 15);
                check_room(&sector, &out, 15);
                assert_true(parts * inner < 96 * 8 || along.width > 0 || out.width > 0);
            }
}

static void paths_follow_the_circles(void **state)
{
    (void)state;
    for (unsigned parts = 1; parts <= 48; parts++) {
        struct pv_sector sector = {0.25, 0.25 + parts / 48., 100, 140};
        struct pv_step steps[PV_SECTOR_STEPS];
        size_t count = pv_sector_path(steps, &sector, 0, 0);
        assert_true(count <= PV_SECTOR_STEPS && steps[0].verb == PV_MOVE &&
                    steps[count - 1].verb == PV_CLOSE);
        for (size_t i = 0; i + 1 < count; i++) {
            double radius = sqrt(steps[i].x * steps[i].x + steps[i].y * steps[i].y);
            if (steps[i].verb != PV_CLOSE)
                assert_true(fabs(radius - 100) < 1e-9 || fabs(radius - 140) < 1e-9);
            if (steps[i].verb != PV_CURVE)
                continue;
            /* Half way along the curve. */
            double x = (steps[i - 1].x + 3 * steps[i].x1 + 3 * steps[i].x2 + steps[i].x) / 8;
            double y = (steps[i - 1].y + 3 * steps[i].y1 + 3 * steps[i].y2 + steps[i].y) / 8;
            assert_true(fabs(sqrt(x * x + y * y) - radius) < radius * 1e-5);
        }
    }
}

static void random_pictures_stay_on_the_page(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct pv_profile *profile = pv_random_stacks(seed, 40, 12, 300);
        struct pv_draw draw = pv_draw_default();
        draw.width = seed % 3 ? 0 : 200;
        struct recording *on = recording_new();
        draw_view("sunburst", profile, &draw, &on->canvas);
        for (uint32_t i = 0; i < on->label_count; i++)
            assert_true(on->labels[i].box.x + on->labels[i].box.width / 2 > 0 &&
                        on->labels[i].box.x < on->page.width);
        assert_true(on->path_count >= on->item_count && on->item_count > 3);
        pv_canvas_free(&on->canvas);
        pv_profile_free(profile);
    }
}

static void goldens(void **state)
{
    static const struct {
        const char *name, *stacks;
    } rows[] = {
        {"sunburst_shop.svg",
         "app!main@shop/main.py:3;app!serve@shop/web.py:20;render@shop/web.py:44 12|"
         "app!main@shop/main.py:3;app!serve@shop/web.py:20;search@shop/catalogue.py:8 31|"
         "app!main@shop/main.py:3;execute@/usr/lib/python3.11/sqlite3/dbapi2.py:5 41|"
         "app!main@shop/main.py:3;<built-in method time.sleep> 9|[unknown] 2"},
        {"sunburst_one.svg", "main;work 7"},
        {"sunburst_empty.svg", ""},
        {"sunburst_hostile.svg",
         "</title><script>alert(1)</script> 7|\xFF\xFE&amp;\"' 6|\xE2\x80\xAE 5|\x1B[31m\n 4| 3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_stacks(rows[i].stacks);
        struct pv_draw draw = pv_draw_default();
        draw.input = PV_TEXT("shop.folded");
        struct pv_output *svg = picture_bytes("sunburst", "svg", profile, &draw);
        struct pv_output *png = picture_bytes("sunburst", "png", profile, &draw);
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
        cmocka_unit_test(rings_are_equally_wide),
        cmocka_unit_test(angles_are_shares),
        cmocka_unit_test(words_stay_in_their_sector),
        cmocka_unit_test(paths_follow_the_circles),
        cmocka_unit_test(random_pictures_stay_on_the_page),
        cmocka_unit_test(goldens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

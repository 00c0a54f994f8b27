#include "render/squarify.h"

#include "tests/random_profile.h"
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

static double area(struct pv_rect rect)
{
    return rect.width * rect.height;
}

static bool overlap(struct pv_rect a, struct pv_rect b)
{
    const double least = 1e-9;
    return a.x + a.width > b.x + least && b.x + b.width > a.x + least &&
           a.y + a.height > b.y + least && b.y + b.height > a.y + least;
}

/* The example of the paper: areas 6 6 4 3 2 2 1 in 6 by 4. */
static void the_papers_example(void **state)
{
    static const double sizes[] = {6, 6, 4, 3, 2, 2, 1};
    static const struct pv_rect wanted[] = {
        {0, 0, 3, 2},
        {0, 2, 3, 2},
        {3, 0, 12.0 / 7, 7.0 / 3},
        {3 + 12.0 / 7, 0, 9.0 / 7, 7.0 / 3},
        {3, 7.0 / 3, 1.2, 5.0 / 3},
        {4.2, 7.0 / 3, 1.2, 5.0 / 3},
        {5.4, 7.0 / 3, 0.6, 5.0 / 3},
    };
    struct pv_rect rects[7], room = {0, 0, 6, 4};
    (void)state;
    pv_squarify(rects, sizes, 7, &room);
    for (unsigned i = 0; i < 7; i++) {
        print_message("%u: %g %g %g %g\n", i, rects[i].x, rects[i].y, rects[i].width,
                      rects[i].height);
        assert_true(fabs(rects[i].x - wanted[i].x) < 1e-9 && fabs(rects[i].y - wanted[i].y) < 1e-9);
        assert_true(fabs(rects[i].width - wanted[i].width) < 1e-9 &&
                    fabs(rects[i].height - wanted[i].height) < 1e-9);
    }
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static void any_sizes_fill_any_room(void **state)
{
    enum { most = 60 };
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct pv_random random = {seed};
        double sizes[most], total = 0, covered = 0;
        struct pv_rect rects[most];
        uint32_t count = 1 + pv_random_below(&random, most - 1);
        struct pv_rect room = {pv_random_below(&random, 50), pv_random_below(&random, 50),
                               1 + pv_random_below(&random, 2000),
                               1 + pv_random_below(&random, 900)};
        for (uint32_t i = 0; i < count; i++)
            total += sizes[i] =
                pow(10, pv_random_below(&random, 12)) * (1 + pv_random_below(&random, 9));
        qsort(sizes, count, sizeof *sizes, descending);
        pv_squarify(rects, sizes, count, &room);
        for (uint32_t i = 0; i < count; i++) {
            double wanted = sizes[i] / total * area(room);
            assert_true(fabs(area(rects[i]) - wanted) <= 1e-6 * area(room));
            assert_true(rects[i].x >= room.x - 1e-6 && rects[i].y >= room.y - 1e-6);
            assert_true(rects[i].x + rects[i].width <= room.x + room.width + 1e-6);
            assert_true(rects[i].y + rects[i].height <= room.y + room.height + 1e-6);
            covered += area(rects[i]);
            for (uint32_t k = 0; k < i; k++)
                assert_false(overlap(rects[i], rects[k]));
        }
        assert_true(fabs(covered - area(room)) <= 1e-6 * area(room));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_papers_example),
        cmocka_unit_test(any_sizes_fill_any_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

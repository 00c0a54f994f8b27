#include "render/axis.h"

#include "render/font.h"
#include "tests/unit.h"

#include <math.h>
#include <string.h>

/* The labels of an axis, joined by " | ". */
static void labels_of(const struct pv_axis *axis, char out[512])
{
    size_t size = 0;
    for (unsigned i = 0; i < axis->count; i++) {
        if (i) {
            memcpy(out + size, " | ", 3);
            size += 3;
        }
        memcpy(out + size, axis->ticks[i].label, axis->ticks[i].size);
        size += axis->ticks[i].size;
    }
    out[size] = '\0';
}

static void steps_are_round(void **state)
{
    static const struct {
        const char *label;
        int64_t from, to;
        enum pv_unit unit;
        int64_t scale;
        double px;
        const char *wanted;
    } rows[] = {
        {"seconds", 0, 2000000000, PV_UNIT_NS, 1, 500, "0 | 0.5 s | 1 s | 1.5 s | 2 s"},
        {"from a moment on", 1300000000, 2000000000, PV_UNIT_NS, 1, 300,
         "1.4 s | 1.6 s | 1.8 s | 2 s"},
        {"milliseconds", 0, 25000000, PV_UNIT_NS, 1, 400,
         "0 | 5 ms | 10 ms | 15 ms | 20 ms | 25 ms"},
        {"far from 0", 10000000000, 10004000000, PV_UNIT_NS, 1, 300,
         "10 s | 10.001 s | 10.002 s | 10.003 s | 10.004 s"},
        {"bytes", 0, 1310720, PV_UNIT_BYTES, 1, 500,
         "0 | 0.25 MiB | 0.5 MiB | 0.75 MiB | 1 MiB | 1.25 MiB"},
        {"few bytes", 0, 3, PV_UNIT_BYTES, 1, 200, "0 | 2 B"},
        {"counts", 0, 1000000, PV_UNIT_COUNT, 1, 400, "0 | 0.2 M | 0.4 M | 0.6 M | 0.8 M | 1 M"},
        {"thousands", 0, 8000, PV_UNIT_COUNT, 1, 400, "0 | 2,000 | 4,000 | 6,000 | 8,000"},
        {"a scale", 0, 250, PV_UNIT_COUNT, 100, 200, "0 | 1 | 2"},
        {"below 0", -5, 5, PV_UNIT_COUNT, 1, 150, "-5 | 0 | 5"},
        {"one moment", 7, 7, PV_UNIT_NS, 1, 100, "7 ns"},
        {"no room", 0, 1000000000, PV_UNIT_NS, 1, 1, "0"},
        {"all there is", INT64_MIN, INT64_MAX, PV_UNIT_COUNT, 1, 200, "0"},
        {"upwards", 0, 100, PV_UNIT_COUNT, 1, -130, "0 | 50 | 100"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char labels[512];
        struct pv_axis axis = {.from = rows[i].from,
                               .to = rows[i].to,
                               .unit = rows[i].unit,
                               .scale = rows[i].scale,
                               .start = 40,
                               .end = 40 + rows[i].px};
        pv_axis_settle(&axis);
        labels_of(&axis, labels);
        if (strcmp(labels, rows[i].wanted) != 0)
            fail_msg("%s: wanted %s, got %s", rows[i].label, rows[i].wanted, labels);
    }
}

/* Whatever the range, labels stand apart and ticks lie on the axis, in order. */
static void labels_stand_apart(void **state)
{
    (void)state;
    for (int power = 0; power < 17; power++)
        for (int64_t first = 1; first < 100; first += 7)
            for (int unit = 0; unit < PV_UNITS; unit++) {
                struct pv_axis axis = {.from = first * 3,
                                       .to = first * 3 + first * pv_power10((unsigned)power) / 11,
                                       .unit = (enum pv_unit)unit,
                                       .scale = pv_power10((unsigned)power % 4),
                                       .start = 16,
                                       .end = 16 + 90.0 * (double)(first % 10)};
                pv_axis_settle(&axis);
                for (unsigned i = 0; i < axis.count; i++) {
                    struct pv_text label = {axis.ticks[i].label, axis.ticks[i].size};
                    double half = pv_font_width(label, 11, false) / 2;
                    assert_true(axis.ticks[i].at >= axis.start - 1e-6);
                    assert_true(axis.ticks[i].at <= axis.end + 1e-6);
                    assert_true(i == 0 || axis.ticks[i].at - axis.ticks[i - 1].at >= 2 * half + 16);
                }
            }
}

static void values_lie_where_they_should(void **state)
{
    (void)state;
    struct pv_axis axis = {.from = 10, .to = 20, .scale = 1, .start = 100, .end = 300};
    assert_true(fabs(pv_axis_px(&axis, 10) - 100) < 1e-9);
    assert_true(fabs(pv_axis_px(&axis, 15) - 200) < 1e-9);
    assert_true(fabs(pv_axis_px(&axis, 20) - 300) < 1e-9);
    axis = (struct pv_axis){.from = INT64_MIN, .to = INT64_MAX, .scale = 1, .end = 100};
    assert_true(fabs(pv_axis_px(&axis, 0) - 50) < 1e-9);
    axis = (struct pv_axis){.from = 5, .to = 5, .scale = 1, .start = 7, .end = 100};
    assert_true(fabs(pv_axis_px(&axis, 5) - 7) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_round),
        cmocka_unit_test(labels_stand_apart),
        cmocka_unit_test(values_lie_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

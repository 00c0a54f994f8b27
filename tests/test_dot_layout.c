#include "render/dot_layout.h"

#include "render/layout_steps.h"
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A graph to lay out, with room for its parts. */
struct sample {
    struct pv_layout_box *boxes;
    struct pv_layout_arc *arcs;
    struct pv_layout_graph graph;
};

static void sample_new(struct sample *sample, uint32_t boxes, uint32_t arcs)
{
    memset(sample, 0, sizeof *sample);
    sample->boxes = pv_zalloc((size_t)boxes + 1, sizeof *sample->boxes);
    sample->arcs = pv_zalloc((size_t)arcs + 1, sizeof *sample->arcs);
    sample->graph = (struct pv_layout_graph){.boxes = sample->boxes,
                                             .arcs = sample->arcs,
                                             .box_count = boxes,
                                             .rank_gap = 48,
                                             .box_gap = 20,
                                             .cpu_ms = 10000};
    for (uint32_t i = 0; i < boxes; i++)
        sample->boxes[i] = (struct pv_layout_box){120 + i * 37 % 90, 40 + i * 11 % 25, 0, false};
}

static void sample_arc(struct sample *sample, uint32_t tail, uint32_t head, uint32_t weight)
{
    sample->arcs[sample->graph.arc_count++] = (struct pv_layout_arc){tail, head, weight};
}

static void sample_free(struct sample *sample)
{
    free(sample->boxes);
    free(sample->arcs);
}

static uint32_t draw_number(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33) % below;
}

static void add_random(struct sample *sample, uint32_t arcs, bool has_cycles, uint64_t seed)
{
    uint32_t boxes = sample->graph.box_count;
    for (uint32_t i = 0; i < arcs; i++) {
        uint32_t tail = draw_number(&seed, boxes), head = draw_number(&seed, boxes);
        if (!has_cycles && tail >= head)
            continue;
        sample_arc(sample, tail, head, 1 + draw_number(&seed, 50));
    }
}

static bool do_overlap(const struct pv_rect *a, const struct pv_rect *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static bool is_on_border(struct pv_point point, const struct pv_rect *box)
{
    double left = point.x - box->x, right = box->x + box->width - point.x;
    double above = point.y - box->y, below = box->y + box->height - point.y;
    double nearest = fmin(fmin(left, right), fmin(above, below));
    return fabs(nearest) < 0.01;
}

static void check_boxes(const struct sample *sample, const struct pv_layout *layout)
{
    for (uint32_t i = 0; i < sample->graph.box_count; i++) {
        const struct pv_rect *box = &layout->boxes[i];
        struct pv_rect room = *box;
        room.width += sample->boxes[i].aside;
        assert_true(box->width == sample->boxes[i].width);
        assert_true(box->height == sample->boxes[i].height);
        assert_true(box->x >= 0 && box->y >= 0);
        assert_true(room.x + room.width <= layout->width + 0.01);
        assert_true(box->y + box->height <= layout->height + 0.01);
        for (uint32_t k = 0; k < sample->graph.box_count; k++)
            assert_true(k == i || !do_overlap(&room, &layout->boxes[k]));
    }
}

static void check_routes(const struct sample *sample, const struct pv_layout *layout)
{
    for (uint32_t i = 0; i < sample->graph.arc_count; i++) {
        const struct pv_layout_arc *arc = &sample->arcs[i];
        const struct pv_route *route = &layout->routes[i];
        const struct pv_point *points = layout->points + route->first;
        if (arc->tail == arc->head) {
            assert_int_equal(0, route->count);
            continue;
        }
        assert_true(route->count >= 4 && route->count % 3 == 1);
        assert_true(is_on_border(points[0], &layout->boxes[arc->tail]));
        assert_true(is_on_border(points[route->count - 1], &layout->boxes[arc->head]));
        for (uint32_t k = 0; k < route->count; k++) {
            assert_true(points[k].x >= 0 && points[k].x <= layout->width);
            assert_true(points[k].y >= 0 && points[k].y <= layout->height);
        }
    }
}

static struct pv_layout *check(const struct sample *sample)
{
    struct pv_layout *layout = NULL;
    struct pv_error err = {0};
    if (!pv_dot_layout(&layout, &sample->graph, &err))
        fail_msg("%s", err.message);
    check_boxes(sample, layout);
    check_routes(sample, layout);
    return layout;
}

static void shapes_keep_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint32_t boxes, arcs;
        bool has_cycles, is_left_to_right;
    } rows[] = {
        {"nothing", 0, 0, false, false},       {"one box", 1, 0, false, false},
        {"loose boxes", 30, 0, false, false},  {"small", 5, 8, false, false},
        {"half loose", 40, 20, false, false},  {"left to right", 20, 40, false, true},
        {"cycles", 30, 60, true, false},       {"cycles, sideways", 30, 60, true, true},
        {"the default", 80, 200, true, false}, {"straight", 80, 400, true, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sample sample;
        sample_new(&sample, rows[i].boxes, rows[i].arcs);
        if (rows[i].arcs)
            add_random(&sample, rows[i].arcs, rows[i].has_cycles, i + 1);
        sample.graph.direction = rows[i].is_left_to_right ? PV_LEFT_TO_RIGHT : PV_TOP_TO_BOTTOM;
        print_message("%s\n", rows[i].label);
        struct pv_layout *layout = check(&sample);
        assert_int_equal(sample.graph.arc_count > PV_LAYOUT_CURVED, layout->is_straight);
        pv_layout_free(layout);
        sample_free(&sample);
    }
}

static void a_caller_stands_above(void **state)
{
    (void)state;
    struct sample sample;
    sample_new(&sample, 4, 5);
    sample_arc(&sample, 0, 1, 9);
    sample_arc(&sample, 1, 2, 8);
    sample_arc(&sample, 2, 3, 7);
    sample_arc(&sample, 3, 1, 6); /* closes a cycle: drawn upwards */
    sample_arc(&sample, 2, 2, 5);
    sample.boxes[2].aside = 50;
    struct pv_layout *layout = check(&sample);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(layout->boxes[i].y + layout->boxes[i].height < layout->boxes[i + 1].y);
    const struct pv_route *back = &layout->routes[3];
    assert_true(layout->points[back->first].y > layout->points[back->first + back->count - 1].y);
    pv_layout_free(layout);
    sample_free(&sample);
}

static void rows_are_no_line(void **state)
{
    (void)state;
    struct sample sample;
    sample_new(&sample, 80, 0);
    struct pv_layout *layout = check(&sample);
    assert_true(layout->width < layout->height * 3);
    assert_true(layout->height < layout->width * 3);
    for (uint32_t i = 1; i < 80; i++)
        assert_true(layout->boxes[i].y > layout->boxes[i - 1].y ||
                    layout->boxes[i].x > layout->boxes[i - 1].x);
    pv_layout_free(layout);
    sample_free(&sample);
}

static void a_chain_may_be_deep(void **state)
{
    (void)state;
    struct sample sample;
    sample_new(&sample, 1500, 1500);
    for (uint32_t i = 0; i + 1 < 1500; i++)
        sample_arc(&sample, i, i + 1, 1);
    struct pv_layout *layout = check(&sample);
    assert_true(layout->boxes[1499].y > 1498 * 80);
    pv_layout_free(layout);
    sample_free(&sample);
}

static void feedback_leaves_no_cycle(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct sample sample, rest;
        struct pv_layout_plan plan;
        sample_new(&sample, 40, 120);
        sample_new(&rest, 40, 120);
        add_random(&sample, 120, true, seed);
        pv_layout_plan_make(&plan, &sample.graph);
        for (uint32_t i = 0; i < sample.graph.arc_count; i++) {
            const struct pv_layout_arc *arc = &sample.arcs[i];
            bool is_turned = plan.is_feedback[i];
            assert_false(is_turned && arc->tail == arc->head);
            sample_arc(&rest, is_turned ? arc->head : arc->tail, is_turned ? arc->tail : arc->head,
                       1);
        }
        pv_layout_plan_free(&plan);
        pv_layout_plan_make(&plan, &rest.graph);
        for (uint32_t i = 0; i < rest.graph.arc_count; i++)
            assert_false(plan.is_feedback[i]);
        pv_layout_plan_free(&plan);
        sample_free(&sample);
        sample_free(&rest);
    }
}

static void spans_are_counted(void **state)
{
    (void)state;
    struct sample sample;
    struct pv_layout_plan plan;
    sample_new(&sample, 4, 5);
    sample_arc(&sample, 0, 1, 1);
    sample_arc(&sample, 1, 2, 1);
    sample_arc(&sample, 2, 3, 1);
    sample_arc(&sample, 0, 3, 1); /* over three ranks */
    sample_arc(&sample, 3, 0, 1); /* back over three */
    pv_layout_plan_make(&plan, &sample.graph);
    assert_int_equal(9, plan.spans);
    pv_layout_plan_free(&plan);
    sample_free(&sample);
}

/* One caller of many: callees, and callees' callees, stand in rows. */
static void wide_fans_stand_in_rows(void **state)
{
    (void)state;
    enum { FAN = 60 };
    struct sample sample;
    sample_new(&sample, 1 + 2 * FAN, 2 * FAN);
    for (uint32_t i = 0; i < FAN; i++) {
        sample_arc(&sample, 0, 1 + i, FAN - i);
        if (i % 2)
            sample_arc(&sample, 1 + i, 1 + FAN + i, 1);
    }
    struct pv_layout *layout = check(&sample);
    if (layout->width > 3 * layout->height)
        fail_msg("%g x %g", layout->width, layout->height);
    assert_true(layout->boxes[1].y < layout->boxes[2].y);
    pv_layout_free(layout);
    sample_free(&sample);
}

static void groups_stand_together(void **state)
{
    (void)state;
    enum { BOXES = 24, GROUPS = 3, PAD = 20 };
    struct sample sample;
    uint32_t groups[BOXES];
    sample_new(&sample, BOXES, 50);
    add_random(&sample, 50, true, 5);
    for (uint32_t i = 0; i < BOXES; i++)
        groups[i] = i % (GROUPS + 1);
    sample.graph.groups = groups;
    sample.graph.group_count = GROUPS;
    sample.graph.group_pad = PAD;
    struct pv_layout *layout = check(&sample);
    for (uint32_t g = 0; g < GROUPS; g++)
        for (uint32_t i = 0; i < BOXES; i++) {
            const struct pv_rect *frame = &layout->groups[g], *box = &layout->boxes[i];
            bool is_in = box->x - frame->x >= PAD - 1 && box->y - frame->y >= PAD - 1 &&
                         frame->x + frame->width - box->x - box->width >= PAD - 1;
            assert_true(groups[i] == g + 1 ? is_in : !do_overlap(frame, box));
        }
    pv_layout_free(layout);
    sample_free(&sample);
}

/* 1000 boxes and 4000 arcs with cycles take dot most of a minute. */
static void too_much_ends_in_time(void **state)
{
    (void)state;
    struct sample sample;
    struct pv_layout *layout = NULL;
    struct pv_error err = {0};
    sample_new(&sample, 1000, 4000);
    add_random(&sample, 4000, true, 7);
    sample.graph.cpu_ms = 1000;
    assert_false(pv_dot_layout(&layout, &sample.graph, &err));
    assert_null(layout);
    assert_int_equal(PV_LIMIT, err.code);
    assert_non_null(strstr(err.message, "--max-layout"));
    sample_free(&sample);
}

static void too_many_spans_are_refused(void **state)
{
    (void)state;
    enum { CHAIN = 3000 };
    struct sample sample;
    struct pv_layout *layout = NULL;
    struct pv_error err = {0};
    sample_new(&sample, CHAIN, 2 * CHAIN);
    for (uint32_t i = 0; i + 1 < CHAIN; i++)
        sample_arc(&sample, i, i + 1, 1);
    for (uint32_t i = 1; i < CHAIN; i++)
        sample_arc(&sample, 0, i, 1);
    assert_false(pv_dot_layout(&layout, &sample.graph, &err));
    assert_int_equal(PV_LIMIT, err.code);
    sample_free(&sample);
}

static void places_do_not_change(void **state)
{
    (void)state;
    struct sample sample;
    sample_new(&sample, 60, 150);
    add_random(&sample, 150, true, 3);
    struct pv_layout *a = check(&sample), *b = check(&sample);
    assert_memory_equal(a->boxes, b->boxes, 60 * sizeof *a->boxes);
    for (uint32_t i = 0; i < sample.graph.arc_count; i++) {
        assert_int_equal(a->routes[i].count, b->routes[i].count);
        assert_memory_equal(a->points + a->routes[i].first, b->points + b->routes[i].first,
                            a->routes[i].count * sizeof *a->points);
    }
    pv_layout_free(a);
    pv_layout_free(b);
    sample_free(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_keep_the_rules),    cmocka_unit_test(a_caller_stands_above),
        cmocka_unit_test(rows_are_no_line),         cmocka_unit_test(a_chain_may_be_deep),
        cmocka_unit_test(feedback_leaves_no_cycle), cmocka_unit_test(spans_are_counted),
        cmocka_unit_test(too_much_ends_in_time),    cmocka_unit_test(too_many_spans_are_refused),
        cmocka_unit_test(places_do_not_change),     cmocka_unit_test(wide_fans_stand_in_rows),
        cmocka_unit_test(groups_stand_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "render/chart.h"

#include "render/chart_boxes.h"
#include "tests/picture.h"
#include "tests/random_calls.h"

static const struct pv_chart_options all_of_it = {.most_boxes = UINT64_MAX, .most_levels = 800};

/* "name start+value" per box, "|" between levels; lanes in brackets, remainders as their number. */
static char *boxes_text(const struct pv_profile *profile, const struct pv_flame *flame)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < flame->count; i++) {
        const struct pv_flame_box *box = &flame->boxes[i];
        bool is_call = box->node != 0 && box->node != PV_NONE;
        uint32_t frame = is_call ? profile->tree->nodes[box->node].frame : PV_NONE;
        pv_buffer_add(&out,
                      i && box->level != flame->boxes[i - 1].level ? PV_TEXT("| ") : PV_TEXT(""));
        pv_buffer_add(&out, box->is_lane ? PV_TEXT("[") : PV_TEXT(""));
        if (box->node == PV_NONE)
            pv_buffer_print(&out, "(%u)", box->gathered);
        else if (is_call)
            pv_buffer_add(&out, pv_profile_name(profile, frame));
        pv_buffer_add(&out, box->is_lane ? PV_TEXT("]") : PV_TEXT(""));
        pv_buffer_print(&out, "%lld+%lld ", (long long)box->start, (long long)box->value);
    }
    pv_buffer_char(&out, '\0');
    return out.data;
}

static void layouts(void **state)
{
    const struct {
        const char *label, *events;
        struct pv_chart_options options;
        const char *boxes;
    } rows[] = {
        {"calls where they were", "a 10 4|b 11 1|c 12 1|a 20 2", all_of_it,
         "0+12 | a0+4 a10+2 | b1+1 c2+1 "},
        {"threads below each other", "@t 10|a 5 2|@t 9|a 0 4|b 1 1|@t 9|a 6 1", all_of_it,
         "0+7 | [t 9]0+7 | a0+4 a6+1 | b1+1 | [t 10]5+2 | a5+2 "},
        {"narrow ones close to each other are one",
         "a 0 100|b 1 1|b 3 1|b 5 2|b 40 1|b 41 5|b 50 40",
         {.least_share = 0.04, .most_boxes = 99, .most_levels = 99},
         "0+100 | a0+100 | (3)1+6 b41+5 b50+40 "},
        {"nothing is drawn of what is in them",
         "a 0 100|b 1 2|c 1 1|b 3 2",
         {.least_share = 0.04, .most_boxes = 99, .most_levels = 99},
         "0+100 | a0+100 | (2)1+4 "},
        {"all remainders",
         "a 0 100|b 1 1|b 50 2",
         {.least_share = 0.04, .most_boxes = 99, .most_levels = 99, .has_all_rests = true},
         "0+100 | a0+100 | (1)1+1 (1)50+2 "},
        {"too many boxes",
         "a 0 50|b 50 30|c 80 10|d 90 5|e 95 5",
         {.most_boxes = 4, .most_levels = 99},
         "0+100 | a0+50 b50+30 (3)80+20 "},
        {"too many threads",
         "@x|a 0 10|@y|a 0 30|@z|a 5 20",
         {.most_boxes = 99, .most_levels = 8},
         "0+30 | [y]0+30 | a0+30 | [z]5+20 | a5+20 | [(1)]0+30 "},
        {"only an instant", "a 5 0", all_of_it, "0+0 "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_trace(rows[i].events, true);
        struct pv_flame flame;
        struct pv_chart chart;
        pv_chart_layout(&flame, &chart, profile, &rows[i].options);
        char *text = boxes_text(profile, &flame);
        if (strcmp(text, rows[i].boxes) != 0)
            fail_msg("%s: %s", rows[i].label, text);
        free(text);
        pv_flame_free(&flame);
        pv_profile_free(profile);
    }
}

static void check_box(const struct pv_flame *flame, const struct pv_flame_box *box)
{
    const struct pv_flame_box *parent = &flame->boxes[box->parent];
    bool has_lane = box->is_lane || parent->is_lane || box->parent == 0;
    assert_true(box->start >= parent->start);
    assert_true(box->start + box->value <= parent->start + parent->value);
    assert_true(box->level > parent->level);
    assert_true(has_lane || box->level == parent->level + 1);
    assert_true(box->is_lane || box->total <= box->value);
    assert_true(box->self >= 0 && box->self <= box->total);
}

/* Boxes lie in their parents and beside each other, and calls of one thread add up to it. */
static void check_boxes(const struct pv_flame *flame, const struct pv_chart *chart)
{
    int64_t outermost = chart->left_out_busy;
    for (uint32_t i = 1; i < flame->count; i++) {
        const struct pv_flame_box *box = &flame->boxes[i], *before = box - 1;
        bool is_outermost = flame->boxes[box->parent].is_lane && !box->is_lane;
        assert_true(box->parent < i && box->level >= before->level);
        if (box->level == before->level)
            assert_true(box->start >= before->start + before->value);
        check_box(flame, box);
        outermost += is_outermost ? box->total : 0;
    }
    assert_true(outermost <= chart->busy);
    assert_true(flame->least > 1 || outermost == chart->busy);
}

static struct pv_profile *random_trace(uint64_t seed)
{
    struct pv_random random = {seed};
    struct pv_limits limits = pv_limits_default();
    struct calls calls = {.count = 0};
    limits.keeps_spans = true;
    struct pv_builder *builder = small_trace_new(&limits);
    pv_build_track(builder, 0);
    for (uint32_t t = 0; t < 1 + seed % 4; t++)
        grow_calls(&calls, &random, (struct call){-20, 4 + (int64_t)seed * 90, 0, t});
    for (uint32_t i = 0; i < calls.count; i++) {
        const struct call *call = &calls.items[i];
        pv_build_span(builder, thread_of(builder, call), function_of(builder, call), call->begin,
                      call->end - call->begin);
    }
    return small_finish(builder);
}

static void random_traces_keep_the_rules(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct pv_profile *profile = random_trace(seed);
        for (int way = 0; way < 4; way++) {
            struct pv_chart_options options = {.least_share = way == 1 ? 0.02 : 0,
                                               .most_boxes = way == 2 ? 30 : UINT64_MAX,
                                               .most_levels = way == 3 ? 8 : 800,
                                               .has_all_rests = seed % 2};
            struct pv_flame flame;
            struct pv_chart chart;
            pv_chart_layout(&flame, &chart, profile, &options);
            check_boxes(&flame, &chart);
            assert_true(way != 2 || flame.count <= 30);
            assert_true(way == 3 || chart.left_out == 0);
            pv_flame_free(&flame);
        }
        pv_profile_free(profile);
    }
}

static void random_pictures_are_clean(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct pv_profile *profile = random_trace(seed);
        struct pv_draw draw = pv_draw_default();
        char label[32];
        snprintf(label, sizeof label, "seed %d", (int)seed);
        draw.width = 150 + (double)(seed % 7) * 200;
        draw.input = PV_TEXT("random.trace");
        struct recording *on = recording_new();
        draw_view("chart", profile, &draw, &on->canvas);
        check_recording(on, label);
        for (uint32_t i = 0; i < on->rect_count; i++)
            for (uint32_t k = 0; k < i; k++)
                if (on->rects[i].item != PV_NONE && on->rects[k].item != PV_NONE)
                    assert_false(overlaps(&on->rects[i].rect, &on->rects[k].rect));
        pv_canvas_free(&on->canvas);
        struct pv_output *svg = picture_bytes("chart", "svg", profile, &draw);
        check_xml(pv_output_bytes(svg), label);
        pv_output_close(svg);
        pv_profile_free(profile);
    }
}

static void goldens(void **state)
{
    static const struct {
        const char *name, *events;
    } rows[] = {
        {"chart_bakery.svg",
         "@Anna|open_the_shop 0 9000|bake 500 2000|knead 500 800|oven 1300 1200|bake 2600 2100|"
         "knead 2600 850|oven 3450 1250|@Bo|bake 700 2100|knead 700 900|oven 1600 1200|"
         "wipe 4000 2|wipe 4003 2|wipe 4006 2|bake 5000 2000|knead 5000 800|oven 5800 1200"},
        {"chart_empty.svg", ""},
        {"chart_hostile.svg", "@<t&\">|x<b>\x01\xff 0 10|a]]> 2 5|\xe2\x80\xae"
                              "rtl 7 2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_trace(rows[i].events, true);
        struct pv_draw draw = pv_draw_default();
        draw.input = PV_TEXT("bakery.trace");
        struct pv_output *output = picture_bytes("chart", "svg", profile, &draw);
        check_xml(pv_output_bytes(output), rows[i].name);
        check_golden(rows[i].name, pv_output_bytes(output));
        pv_output_close(output);
        pv_profile_free(profile);
    }
}

static void what_is_no_trace_is_refused(void **state)
{
    (void)state;
    struct pv_profile *profile = small_stacks("a;b 5");
    struct recording *on = recording_new();
    struct pv_draw draw = pv_draw_default();
    struct pv_buffer notes = {0};
    struct pv_error err = {0};
    assert_false(pv_view_chart.draw(profile, &draw, &on->canvas, &notes, &err));
    assert_int_equal(PV_USAGE, err.code);
    assert_non_null(strstr(err.message, "--view flame"));
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

/* What is not drawn is said in the picture and to the caller. */
static void what_is_left_out_is_said(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *profile = small_trace("@x|a 0 10|b 1 3|@y|a 0 30|b 2 9", true);
    struct recording *on = recording_new();
    struct pv_draw draw = pv_draw_default();
    struct pv_buffer notes = {0};
    struct pv_error err = {0};
    limits.flame_frames = 5;
    draw.limits = &limits;
    assert_true(pv_view_chart.draw(profile, &draw, &on->canvas, &notes, &err));
    assert_true(
        pv_text_starts(pv_buffer_text(&notes), PV_TEXT("the flame chart is not complete: ")));
    pv_buffer_free(&notes);
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),
        cmocka_unit_test(random_traces_keep_the_rules),
        cmocka_unit_test(random_pictures_are_clean),
        cmocka_unit_test(goldens),
        cmocka_unit_test(what_is_no_trace_is_refused),
        cmocka_unit_test(what_is_left_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

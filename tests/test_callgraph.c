#include "tests/picture.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

#include "formats/registry.h"

#include <unistd.h>

#define MAIN "main@shop.py:1"
#define RENDER "render@pages/list.py:10"
#define PRICE "price@rules.py:5"
#define DISCOUNT "discount@rules.py:30"
#define FIND "find@stock.py:8"
#define QUERY "query@sqlite/api.py:3"
#define ESCAPE "escape@pages/escape.py:1"
#define FLUSH "flush@io.py:2"
#define LOG "log@log.py:1"
#define WRITE "write@log.py:9"

/* A shop: recursion, a cycle, a way through what is cut away, a function of its own. */
static const char shop[] = MAIN
    " 1 2000000 1000000000|" RENDER " 12 180000000 900000000|" PRICE
    " 4000 300000000 420000000|" DISCOUNT " 2500 100000000 260000000|" FIND
    " 800 250000000 290000000|" QUERY " 800 40000000 40000000|" ESCAPE
    " 90000 80000000 80000000|" LOG " 40 3000000 43000000|" WRITE " 40 40000000 40000000|" FLUSH
    " 40 1000000 4400000|tick@clock.py:1 1 4000000 4000000|" MAIN ">" RENDER " 12 900000000|" RENDER
    ">" PRICE " 4000 420000000|" PRICE ">" PRICE " 1200 90000000|" PRICE ">" DISCOUNT
    " 2500 260000000|" DISCOUNT ">" PRICE " 900 120000000|" RENDER ">" FIND " 800 290000000|" FIND
    ">" QUERY " 800 40000000|" RENDER ">" ESCAPE " 90000 80000000|" MAIN ">" FLUSH
    " 40 4400000|" FLUSH ">" LOG " 40 4300000|" LOG ">" WRITE " 40 40000000";

static const char flat[] = "alpha@a.py:1 10 50 50|beta@a.py:2 20 30 30|gamma@b.py:3 1 20 20";

/* More than the whole: main's total, and an arc above its callee. */
static const char contrary[] = "main 1 10 180|work 5 90 90|main>work 5 140";

static void check_arrow_labels(const struct recording *on, const char *label)
{
    for (uint32_t i = 0; i < on->label_count; i++) {
        uint32_t item = on->labels[i].item;
        if (item == PV_NONE || on->items[item].kind != PV_ITEM_ARC)
            continue;
        for (uint32_t k = 0; k < on->item_count; k++) {
            const struct pv_rect *box = rect_of_item(on, k);
            if (box && overlaps(box, &on->labels[i].box))
                fail_msg("%s: \"%s\" lies on a box", label, on->labels[i].text);
        }
    }
}

/* Boxes apart from each other, self values that sum to the whole, arrows between boxes. */
static void check_boxes(const struct recording *on, const struct pv_profile *profile,
                        const char *label)
{
    int64_t self = 0;
    for (uint32_t i = 0; i < on->item_count; i++) {
        const struct pv_item *item = &on->items[i];
        if (item->kind == PV_ITEM_ARC) {
            assert_in_range(item->from, 1, on->item_count);
            assert_in_range(item->to, 1, on->item_count);
            continue;
        }
        self += item->self;
        for (uint32_t k = 0; k < i; k++)
            if (on->items[k].kind == PV_ITEM_BOX &&
                overlaps(rect_of_item(on, k), rect_of_item(on, i)))
                fail_msg("%s: boxes lie on each other", label);
    }
    assert_int_equal(profile->metrics[0].total, self);
}

static struct recording *record(const struct pv_profile *profile, const struct pv_draw *draw,
                                const char *label)
{
    struct recording *on = recording_new();
    draw_view("graph", profile, draw, &on->canvas);
    check_recording(on, label);
    if (profile->metric_count && profile->graph->func_count)
        check_boxes(on, profile, label);
    check_arrow_labels(on, label);
    return on;
}

static bool says(const struct recording *on, const char *words)
{
    for (uint32_t i = 0; i < on->label_count; i++)
        if (strstr(on->labels[i].text, words))
            return true;
    return false;
}

static void nothing_overlaps(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint32_t functions, arcs;
        bool has_clusters, is_wrapped;
    } rows[] = {
        {"few", 5, 4, false, false},          {"some", 30, 60, false, false},
        {"dense", 40, 400, false, false},     {"many", 300, 900, false, false},
        {"clusters", 60, 120, true, false},   {"wrapped", 60, 120, false, true},
        {"recursion", 2, 50, false, false},   {"loose", 70, 0, false, false},
        {"wide fan", 200, 220, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = pv_random_arcs(i + 1, rows[i].functions, rows[i].arcs);
        struct pv_draw draw = pv_draw_default();
        draw.has_clusters = rows[i].has_clusters;
        draw.is_wrapped = rows[i].is_wrapped;
        pv_canvas_free(&record(profile, &draw, rows[i].label)->canvas);
        pv_profile_free(profile);
    }
}

static void stacks_draw_too(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct pv_profile *profile = pv_random_stacks(seed, UINT32_C(4) << seed, 12, 400);
        struct pv_limits limits = pv_limits_default();
        struct pv_draw draw = pv_draw_default();
        struct pv_error err;
        assert_true(pv_profile_need_graph(profile, &limits, &err));
        pv_canvas_free(&record(profile, &draw, "stacks")->canvas);
        pv_profile_free(profile);
    }
}

static void boxes_say_what_they_are(void **state)
{
    (void)state;
    static const char *const words[] = {"price",
                                        "rules.py \xC2\xB7 cycle 1",
                                        "self 30 % (300 ms)",
                                        "total 42 % \xC2\xB7 4,000 calls",
                                        "total 100 % \xC2\xB7 1 call",
                                        "90 % \xC2\xB7 12",
                                        "8 % \xC2\xB7 90 k",
                                        "\xE2\x80\xA6 2 functions",
                                        "self together 0.5 % (5 ms)",
                                        "Not drawn: 2 functions (self together 0.5 %)"};
    struct pv_profile *profile = small_arcs(shop);
    struct pv_draw draw = pv_draw_default();
    struct recording *on = record(profile, &draw, "shop");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!says(on, words[i]))
            fail_msg("\"%s\" is not said", words[i]);
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

static void contradictions_are_capped_and_said(void **state)
{
    (void)state;
    struct pv_profile *profile = small_arcs(contrary);
    struct pv_draw draw = pv_draw_default();
    struct recording *on = record(profile, &draw, "contrary");
    assert_true(says(on, "total 100 %"));
    assert_true(says(on, "90 % \xC2\xB7 5"));
    assert_true(says(on, "1 function has more than the whole, shown as 100 %."));
    assert_true(says(on, "1 arrow says more than its functions have"));
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

static void nothing_is_a_picture(void **state)
{
    (void)state;
    static const struct {
        const char *label, *profile, *words;
    } rows[] = {
        {"no function", "", "nothing recorded"},
        {"no time", "a 3 0 0|b 2 0 0|a>b 2 0", "Nothing was measured but calls"},
        {"no arcs", flat, "self 50 % (50 ns)"},
        {"twins", "f@x.py:1 1 5 5|f@x.py:9 1 5 5", "x.py:9"},
        {"no calls", "a ? 5 5|b ? 5 5|a>b ? ?", "total 50 %"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_arcs(rows[i].profile);
        struct pv_draw draw = pv_draw_default();
        struct recording *on = record(profile, &draw, rows[i].label);
        if (!says(on, rows[i].words))
            fail_msg("%s: \"%s\" is not said", rows[i].label, rows[i].words);
        pv_canvas_free(&on->canvas);
        pv_profile_free(profile);
    }
}

/* Imports at run time close a way over exec and importlib: these are no cycle of the program. */
static void loaders_close_no_cycle(void **state)
{
    (void)state;
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    static const char *const names[] = {"exec", "main", "import", "setup"};
    uint32_t frames[4];
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    for (uint32_t i = 0; i < 4; i++) {
        int64_t self = 25, total = 100 - 25 * i;
        frames[i] = pv_build_name(builder, pv_text_of(names[i]));
        pv_build_func(builder, frames[i], 1, 1, &self, &total);
        if (i % 2 == 0)
            pv_build_flags(builder, frames[i], PV_FRAME_LOADER);
    }
    for (uint32_t i = 0; i < 4; i++) {
        int64_t total = 25;
        pv_build_arc(builder, frames[i], frames[(i + 1) % 4], 1, &total);
    }
    struct pv_profile *profile = small_finish(builder);
    struct pv_draw draw = pv_draw_default();
    struct recording *on = record(profile, &draw, "loaders");
    assert_false(says(on, "cycle 1"));
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

/* A layout beyond its limits is tried again with half of the graph, and that is said. */
static void too_large_graphs_are_halved(void **state)
{
    (void)state;
    struct pv_profile *profile = pv_random_arcs(1, 400, 1600);
    struct pv_limits limits = pv_limits_default();
    struct pv_draw draw = pv_draw_default();
    limits.layout_ms = 1000;
    draw.limits = &limits;
    draw.node_share = draw.arc_share = 0;
    draw.node_count = 400;
    draw.arc_count = 1600;
    struct recording *on = record(profile, &draw, "halved");
    assert_true(says(on, "of the graph w"));
    assert_true(says(on, "because its layout took too long"));
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

static void three_times_too_large_is_an_error(void **state)
{
    (void)state;
    enum { CHAIN = 12000 };
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    uint32_t frames[CHAIN];
    int64_t one = 1;
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    for (uint32_t i = 0; i < CHAIN; i++) {
        char name[PV_NUMBER_SIZE];
        int64_t total = CHAIN - i;
        frames[i] = pv_build_name(builder, (struct pv_text){name, pv_print_uint64(name, i)});
        pv_build_func(builder, frames[i], 1, 1, &one, &total);
    }
    for (uint32_t i = 1; i < CHAIN; i++) {
        int64_t total = CHAIN - i;
        pv_build_arc(builder, frames[i - 1], frames[i], 1, &total);
        pv_build_arc(builder, frames[0], frames[i], 1, &total);
    }
    struct pv_profile *profile = small_finish(builder);
    struct pv_draw draw = pv_draw_default();
    draw.node_share = draw.arc_share = 0;
    draw.node_count = CHAIN;
    draw.arc_count = 2 * CHAIN;
    struct recording *on = recording_new();
    struct pv_buffer notes = {0};
    struct pv_error err = {0};
    assert_false(
        pv_renderer_named(PV_TEXT("graph"))->draw(profile, &draw, &on->canvas, &notes, &err));
    assert_int_equal(PV_LIMIT, err.code);
    assert_int_equal(0, on->label_count);
    pv_buffer_free(&notes);
    pv_canvas_free(&on->canvas);
    pv_profile_free(profile);
}

static void pictures_stay_as_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *golden, *profile;
        bool has_clusters;
    } rows[] = {
        {"graph_shop.svg", shop, false},   {"graph_flat.svg", flat, false},
        {"graph_cluster.svg", shop, true}, {"graph_contrary.svg", contrary, false},
        {"graph_empty.svg", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = small_arcs(rows[i].profile);
        struct pv_draw draw = pv_draw_default();
        draw.has_clusters = rows[i].has_clusters;
        draw.input = PV_TEXT("sample");
        struct pv_output *output = picture_bytes("graph", "svg", profile, &draw);
        check_xml(pv_output_bytes(output), rows[i].golden);
        check_golden(rows[i].golden, pv_output_bytes(output));
        pv_output_close(output);
        pv_profile_free(profile);
    }
}

static void hostile_names_stay_names(void **state)
{
    (void)state;
    static const struct pv_text names[] = {{"<script>alert(1)</script>", 25},
                                           {"a\"b'c&d]]>", 10},
                                           {"\xFF\xFE\x00\x01", 4},
                                           {"\xE2\x80\xAE"
                                            "evil",
                                            7},
                                           {"line\nbreak\ttab\r", 15},
                                           {"", 0},
                                           {"\xED\xA0\x80", 3}};
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    uint32_t before = PV_NONE;
    pv_build_metric(builder, names[1], PV_UNIT_COUNT, false);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int64_t self = 3, total = 21;
        struct pv_frame_info info = {.name = names[i], .file = names[6 - i], .module = names[2]};
        uint32_t frame = pv_build_frame(builder, &info);
        pv_build_func(builder, frame, 1, 1, &self, &total);
        if (before != PV_NONE)
            pv_build_arc(builder, before, frame, 1, &self);
        pv_build_arc(builder, frame, frame, 1, &self);
        before = frame;
    }
    struct pv_profile *profile = small_finish(builder);
    struct pv_draw draw = pv_draw_default();
    draw.has_clusters = true;
    draw.input = names[0];
    pv_canvas_free(&record(profile, &draw, "hostile")->canvas);
    struct pv_output *output = picture_bytes("graph", "svg", profile, &draw);
    check_xml(pv_output_bytes(output), "hostile");
    assert_true(pv_text_search(pv_output_bytes(output), PV_TEXT("<script>alert")) ==
                pv_output_bytes(output).size);
    pv_output_close(output);
    pv_profile_free(profile);
}

static void bytes_do_not_change(void **state)
{
    (void)state;
    struct pv_profile *profile = pv_random_arcs(9, 120, 300);
    struct pv_draw draw = pv_draw_default();
    struct pv_output *a = picture_bytes("graph", "svg", profile, &draw);
    struct pv_output *b = picture_bytes("graph", "svg", profile, &draw);
    assert_true(pv_text_equal(pv_output_bytes(a), pv_output_bytes(b)));
    pv_output_close(a);
    pv_output_close(b);
    pv_profile_free(profile);
}

static struct pv_profile *read_file(const char *path)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input *input = NULL;
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    if (!pv_input_open(&input, path, NULL, &err))
        fail_msg("%s", err.message);
    const struct pv_format *format = pv_format_detect(input, &err);
    if (!format || !format->read(input, &profile, &err) ||
        !pv_profile_need_graph(profile, &limits, &err))
        fail_msg("%s: %s", path, err.message);
    pv_input_close(input);
    return profile;
}

static void real_profiles_keep_the_rules(void **state)
{
    (void)state;
    static const char *const names[] = {"sphinx-py311.pstats.gz",
                                        "sympy-py311.pstats.gz",
                                        "pip-list-py311.pstats.gz",
                                        "docutils-rst2html-py311.pstats",
                                        "tiny-py311.pstats",
                                        "recurse-py311.pstats",
                                        "deep-py311.pstats",
                                        "no-subcalls-py311.pstats",
                                        "empty-py311.pstats",
                                        "zero-time-py311.pstats",
                                        "manyfuncs-12k-py312.pstats.gz",
                                        "shop-pypy3.pstats"};
    if (access("../shared/corpus/python/pstats", R_OK) != 0) {
        print_message("skipped: ../shared/corpus is not there\n");
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "../shared/corpus/python/pstats/%s", names[i]);
        struct pv_profile *profile = read_file(path);
        struct pv_draw draw = pv_draw_default();
        pv_canvas_free(&record(profile, &draw, names[i])->canvas);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_overlaps),
        cmocka_unit_test(stacks_draw_too),
        cmocka_unit_test(boxes_say_what_they_are),
        cmocka_unit_test(contradictions_are_capped_and_said),
        cmocka_unit_test(nothing_is_a_picture),
        cmocka_unit_test(loaders_close_no_cycle),
        cmocka_unit_test(too_large_graphs_are_halved),
        cmocka_unit_test(three_times_too_large_is_an_error),
        cmocka_unit_test(pictures_stay_as_they_are),
        cmocka_unit_test(hostile_names_stay_names),
        cmocka_unit_test(bytes_do_not_change),
        cmocka_unit_test(real_profiles_keep_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

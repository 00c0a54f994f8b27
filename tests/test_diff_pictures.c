#include "model/diff.h"
#include "tests/picture.h"
#include "tests/random_profile.h"
#include "tests/small_profile.h"

static struct pv_diff *differ(struct pv_profile *base, struct pv_profile *head)
{
    struct pv_profile *const sides[2][1] = {{base}, {head}};
    const struct pv_diff_request request = {.runs = {sides[0], sides[1]}, .count = {1, 1}};
    struct pv_diff *diff = NULL;
    struct pv_error err = {0};
    assert_true(pv_diff_new(&diff, &request, &err));
    pv_diff_need_tree(diff, 0);
    return diff;
}

static struct pv_draw draw_of(const struct pv_diff *diff)
{
    struct pv_draw draw = pv_draw_default();
    draw.diff = diff;
    draw.metric = diff->pairs[0].change;
    draw.input = PV_TEXT("old.folded \xE2\x86\x92 new.folded");
    return draw;
}

static void check_one(struct pv_profile *base, struct pv_profile *head, const char *view,
                      const char *golden)
{
    struct pv_diff *diff = differ(base, head);
    struct pv_draw draw = draw_of(diff);
    struct pv_output *first = picture_bytes(view, "svg", diff->profile, &draw);
    struct pv_output *second = picture_bytes(view, "svg", diff->profile, &draw);
    assert_true(pv_text_equal(pv_output_bytes(first), pv_output_bytes(second)));
    check_xml(pv_output_bytes(first), golden);
    check_golden(golden, pv_output_bytes(first));
    pv_output_close(first);
    pv_output_close(second);
    pv_diff_free(diff);
    pv_profile_free(base);
    pv_profile_free(head);
}

static void goldens(void **state)
{
    static const struct {
        const char *name, *base, *head;
        bool has_arcs;
        const char *view;
    } rows[] = {
        {"flame_diff.svg",
         "main@m.py:1;serve@m.py:9;read@io.py:4 400|main@m.py:1;serve@m.py:9;old@m.py:40 90|"
         "main@m.py:1;idle@m.py:60 300|main@m.py:1;log@m.py:70 20",
         "main@m.py:1;serve@m.py:11;read@io.py:4 650|main@m.py:1;serve@m.py:11;fresh@m.py:80 120|"
         "main@m.py:1;idle@m.py:62 300|main@m.py:1;log@m.py:72 22",
         false, "flame"},
        {"flame_diff_arcs.svg", "main 1 5 1000|f 3 400 400|g 5 595 595|main>f 3 400|main>g 5 595",
         "main 1 5 1500|f 9 900 900|g 5 595 595|main>f 9 900|main>g 5 595", true, "flame"},
        {"flame_diff_empty.svg", "", "", false, "flame"},
        {"graph_diff.svg",
         "main@m.py:1 1 5 1000|f@m.py:9 3 400 400|old@m.py:30 5 595 595|main@m.py:1>f@m.py:9 3 400|"
         "main@m.py:1>old@m.py:30 5 595",
         "main@m.py:1 1 5 1500|f@m.py:11 9 900 900|new@m.py:50 5 300 595|g@m.py:60 5 295 295|"
         "main@m.py:1>f@m.py:11 9 900|main@m.py:1>new@m.py:50 5 595|new@m.py:50>g@m.py:60 5 295",
         true, "graph"},
        {"graph_diff_empty.svg", "", "", false, "graph"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *(*make)(const char *) = rows[i].has_arcs ? small_arcs : small_stacks;
        check_one(make(rows[i].base), make(rows[i].head), rows[i].view, rows[i].name);
    }
}

/* Boxes and their words, too. */
static void random_graphs_are_clean(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 6; seed++) {
        struct pv_profile *base = pv_random_arcs(seed, 14, 30);
        struct pv_profile *head = pv_random_arcs(seed + 50, 14, 30);
        struct pv_diff *diff = differ(base, head);
        struct pv_draw draw = draw_of(diff);
        struct recording *on = recording_new();
        draw_view("graph", diff->profile, &draw, &on->canvas);
        assert_true(on->item_count > 1);
        check_recording(on, "graph");
        pv_canvas_free(&on->canvas);
        pv_diff_free(diff);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

/* Cells lie in the page and clear of each other, their words in them, whatever is compared. */
static void random_pictures_are_clean(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 16; seed++) {
        struct pv_profile *base = pv_random_stacks(seed, 30, 10, 60);
        struct pv_profile *head = pv_random_stacks(seed + 99, 30, 10, 80);
        struct pv_diff *diff = differ(base, head);
        struct pv_draw draw = draw_of(diff);
        struct recording *on = recording_new();
        char label[32];
        snprintf(label, sizeof label, "seed %u", (unsigned)seed);
        draw.width = seed % 3 ? 0 : 320;
        draw_view(seed % 2 ? "flame" : "icicle", diff->profile, &draw, &on->canvas);
        assert_true(on->item_count > 1);
        check_recording(on, label);
        for (uint32_t i = 0; i < on->rect_count; i++)
            for (uint32_t k = 0; k < i; k++)
                assert_false(overlaps(&on->rects[i].rect, &on->rects[k].rect));
        pv_canvas_free(&on->canvas);
        pv_diff_free(diff);
        pv_profile_free(base);
        pv_profile_free(head);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goldens),
        cmocka_unit_test(random_pictures_are_clean),
        cmocka_unit_test(random_graphs_are_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

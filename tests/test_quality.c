#include "model/quality.h"

#include "tests/small_profile.h"

struct row {
    const char *label, *profile;
    enum pv_finding_kind kind;
    enum pv_grade grade;
    int64_t count;
    const char *words; /* a part of them */
};

static void check_row(const struct row *row, struct pv_profile *profile)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_quality quality;
    struct pv_error err;
    assert_true(pv_quality_find(&quality, profile, 0, &limits, &err));
    const struct pv_finding *finding = &quality.findings[row->kind];
    struct pv_text words = pv_buffer_text(&finding->words);
    bool is_right = finding->is_told && finding->grade == row->grade &&
                    finding->count == row->count &&
                    pv_text_search(words, pv_text_of(row->words)) < words.size;
    if (!is_right)
        fail_msg("%s: %s, %lld: %.*s", row->label, pv_grade_name(finding->grade),
                 (long long)finding->count, PV_TEXT_ARGS(words));
    assert_true(quality.grade >= finding->grade);
    pv_quality_free(&quality);
    pv_profile_free(profile);
}

static void stacks(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"few samples", "a;b 60000000|a 20000000|b 20000000", PV_FINDING_SAMPLES, PV_GRADE_POOR, 5,
         "multiples of 20,000,000"},
        {"round numbers", "a;b 60|a 40", PV_FINDING_SAMPLES, PV_GRADE_POOR, 100, "100 samples"},
        {"some samples", "a;b 1999|a 1", PV_FINDING_SAMPLES, PV_GRADE_FAIR, 2000, "2,000 samples"},
        {"many samples", "a;b 19999|a 1", PV_FINDING_SAMPLES, PV_GRADE_GOOD, 20000, "in b, lies"},
        {"weights", "a;b 200000001|a 1", PV_FINDING_SAMPLES, PV_GRADE_UNKNOWN, 200000002,
         "too large"},
        {"all named", "a;b 3", PV_FINDING_UNNAMED, PV_GRADE_GOOD, 0, "has a name"},
        {"addresses", "a;0x7f12ab 3|a;7f12abcd 2|a;facade 3|a;f00012 2", PV_FINDING_UNNAMED,
         PV_GRADE_POOR, 5, "2 functions without a name"},
        {"a little unnamed", "a;0x7f12ab 3|a 97", PV_FINDING_UNNAMED, PV_GRADE_FAIR, 3, "3 % is"},
        {"no stack", "a 95| 5", PV_FINDING_NO_STACK, PV_GRADE_FAIR, 5, "belongs to no function"},
        {"every stack", "a 95", PV_FINDING_NO_STACK, PV_GRADE_GOOD, 0, "all cost"},
        {"begins in the middle", "m;a;b 80|b 20", PV_FINDING_BROKEN, PV_GRADE_POOR, 20,
         "begin in one of 1 function that"},
        {"mostly begins", "m;a;b 20|b 80", PV_FINDING_BROKEN, PV_GRADE_GOOD, 0, "no stack"},
        {"recursion at the root", "m;m;m 8|m 2", PV_FINDING_BROKEN, PV_GRADE_GOOD, 0, "no stack"},
        {"not deep", "a;b;c 8|a;b;d 8", PV_FINDING_TRUNCATED, PV_GRADE_GOOD, 0, "has 3 frames"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i], small_stacks(rows[i].profile));
}

/* Two stacks of 32 frames, as many as a profiler may be told to take, and a short one. */
static void cut_stacks(void **state)
{
    (void)state;
    struct pv_buffer text = {0};
    for (int stack = 0; stack < 2; stack++) {
        for (int i = 0; i < 31; i++)
            pv_buffer_print(&text, "f%d_%d;", stack, i);
        pv_buffer_print(&text, "leaf 6|");
    }
    pv_buffer_print(&text, "short 88");
    pv_buffer_char(&text, '\0');
    const struct row row = {"cut at 32",   text.data, PV_FINDING_TRUNCATED,
                            PV_GRADE_POOR, 12,        "12 % ends exactly there"};
    check_row(&row, small_stacks(text.data));
    pv_buffer_free(&text);
}

static void arcs(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"followed", "a 1 5 10|b 2 5 5|a>b 2 5", PV_FINDING_SAMPLES, PV_GRADE_GOOD, 0,
         "every call"},
        {"short calls", "a 1 50 1000|b 9 950 950|a>b 9 950", PV_FINDING_OVERHEAD, PV_GRADE_POOR,
         100, "10 calls in"},
        {"long calls", "a 1 200000 200000", PV_FINDING_OVERHEAD, PV_GRADE_GOOD, 200000, "1 calls"},
        {"no cycle", "a 1 5 10|b 2 5 5|a>b 2 5", PV_FINDING_CYCLES, PV_GRADE_GOOD, 0,
         "no functions"},
        {"a cycle", "a 1 50 100|b 2 20 50|c 1 30 30|a>b 2 50|b>c 1 30|c>b 1 10", PV_FINDING_CYCLES,
         PV_GRADE_POOR, 50, "the largest of 2 functions"},
        {"fits", "a 1 5 10|b 2 5 5|a>b 2 5", PV_FINDING_CONTRARY, PV_GRADE_GOOD, 0, "fits"},
        {"callee has more", "a 1 5 10|b 2 5 8|a>b 2 8", PV_FINDING_CONTRARY, PV_GRADE_POOR, 3,
         "of 1 function tell"},
        {"one way", "a 1 5 10|b 2 5 5|a>b 2 5", PV_FINDING_ESTIMATED, PV_GRADE_GOOD, 0, "0 %"},
        {"nothing repaired", "a 1 5 5", PV_FINDING_REPAIRS, PV_GRADE_GOOD, 0, "nothing had"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_row(&rows[i], small_arcs(rows[i].profile));
}

static void nothing(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *profile = small_stacks("");
    struct pv_quality quality;
    struct pv_error err;
    assert_true(pv_quality_find(&quality, profile, 0, &limits, &err));
    assert_true(quality.is_empty);
    pv_quality_free(&quality);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stacks),
        cmocka_unit_test(cut_stacks),
        cmocka_unit_test(arcs),
        cmocka_unit_test(nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

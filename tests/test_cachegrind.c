#include "tests/format_rows.h"

/* Cachegrind's files, row by row; tests/pstats_profile.h says how a profile is written down here.
 */

#define HEAD "desc: D1 cache: 1 B\ncmd: ./x\nevents: Ir Dr\n"
#define END "summary: 6 3\n"

static void lines_become_functions(void **state)
{
    static const struct row rows[] = {
        {"lines add up", HEAD "fl=a.c\nfn=f\n1 1 2\n2 3\n9 2 1\n" END, "f@a.c ? 6/6 3/3"},
        {"functions of one name in two files",
         HEAD "fl=a.c\nfn=f\n1 1 2\nfl=b.c\nfn=f\n1 2 1\nfl=a.c\nfn=f\n3 3 0\n" END,
         "f@a.c ? 4/4 2/2 / f@b.c ? 2/2 1/1"},
        {"the file stays", HEAD "fl=a.c\nfn=f\n1 1 2\nfn=g\n1 5 1\n" END,
         "f@a.c ? 1/1 2/2 / g@a.c ? 5/5 1/1"},
        {"no file", HEAD "fl=???\nfn=???\n0 6 3\n" END, "??? ? 6/6 3/3"},
        {"none, missing and no costs", HEAD "fl=a\nfn=f\n1 . 3\n2 6\n3\n" END, "f@a ? 6/6 3/3"},
        {"names", HEAD "fl=\nfn=(42) id\n0 6 3\nfn= a;b \n0\nfn=fn=(1) a=b\n1 0 0\n" END,
         " a;b  ? 0/0 0/0 / (42) id ? 6/6 3/3 / fn=(1) a=b ? 0/0 0/0"},
        {"CR LF, comments, blank lines",
         "cmd: x\r\nevents: Ir Dr\r\n\r\n# words\r\nfl=a\r\nfn=f\r\n1 6 3\r\n" END,
         "f@a ? 6/6 3/3"},
        {"negative",
         HEAD "fl=a\nfn=f\n0 -6 3\n"
              "summary: -6 3\n",
         "f@a ? -6/-6 3/3"},
        {"blanks as cg_merge has them", HEAD "fl=a\nfn=f\n7   6  3 \n" END, "f@a ? 6/6 3/3"},
        {"two files in one", HEAD "fl=a\nfn=f\n1 6 3\n" END HEAD "fl=a\nfn=f\n1 6 3\n" END,
         "f@a ? 12/12 6/6"},
        {"a function without lines", HEAD "fl=a\nfn=f\nfn=g\n1 6 3\n" END, "g@a ? 6/6 3/3"},
        {"no summary", HEAD "fl=a\nfn=f\n1 6 3\n", "f@a ? 6/6 3/3 / !cut 1"},
        {"another summary", HEAD "fl=a\nfn=f\n1 6 4\n" END, "f@a ? 6/6 4/4 / !contradicted 1"},
        {"cut within the summary", HEAD "fl=a\nfn=f\n1 6 3\nsummary: 6", "f@a ? 6/6 3/3 / !cut 1"},
        {"nothing ran", HEAD "summary: 0 0\n", ""},
        {"the largest number",
         "cmd: x\nevents: Ir\nfl=a\nfn=f\n1 9223372036854775807\n"
         "summary: 9223372036854775807\n",
         "f@a ? 9223372036854775807/9223372036854775807"},
    };
    (void)state;
    CHECK_ROWS("cachegrind", rows);
}

static void few_bad_lines_are_noted(void **state)
{
    static const char *const bad[] = {
        "1 6 3 1\n", "1 x\n",        "1 2.5\n",   "1 6 9223372036854775808\n",
        "-1 6 3\n",  "4294967296 1", "calls=1 2", "ob=x\n"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pv_buffer text = {0};
        pv_buffer_print(&text, HEAD "fl=a\nfn=f\n%s\n", bad[i]);
        for (int k = 0; k < 30; k++)
            pv_buffer_add(&text, PV_TEXT("1 2 0\n"));
        pv_buffer_add(&text, PV_TEXT("summary: 60 0\n"));
        char *found = describe_bytes("cachegrind", pv_buffer_text(&text), 0);
        if (strcmp(found, "f@a ? 60/60 0/0 / !skipped 1") != 0)
            fail_msg("%s: %s", bad[i], found);
        free(found);
        check_strict("cachegrind", pv_buffer_text(&text), 6);
        pv_buffer_free(&text);
    }
}

static void other_files_are_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "no line 'events:'"},
        {"a head without events", "desc: x\ncmd: y\n", "no line 'events:'"},
        {"costs before the events", "cmd: x\nfn=f\n1 2 3\n", "more than one in ten"},
        {"costs before a function", HEAD "1 2 3\n", "more than one in ten"},
        {"a sum that does not fit",
         HEAD "fl=a\nfn=f\n1 9223372036854775807\n2 9223372036854775807\n" END, "64 bits"},
        {"other events behind", HEAD END "events: Ir\n" END HEAD, "one by one"},
        {"fewer events behind", HEAD END "events: Ir Dw\n" END, "one by one"},
    };
    (void)state;
    CHECK_REFUSED("cachegrind", rows);
}

static void limits_hold(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer text = {0};
    (void)state;
    pv_buffer_add(&text, PV_TEXT("cmd: x\nevents:"));
    for (int i = 0; i < 65; i++)
        pv_buffer_print(&text, " e%d", i);
    check_limit("cachegrind", pv_buffer_text(&text), &limits);
    text.size = 0;
    pv_buffer_add(&text, PV_TEXT(HEAD));
    for (int i = 0; i < 200; i++)
        pv_buffer_print(&text, "fn=f%d\n1 1\n", i);
    limits.functions = 100;
    check_limit("cachegrind", pv_buffer_text(&text), &limits);
    pv_buffer_free(&text);
}

static void files_are_told_apart_from_callgrinds(void **state)
{
    static const struct probe_row rows[] = {
        {HEAD "fl=a\nfn=f\n1 2 3\n", PV_PROBE_SURE},
        {"cmd: x\nevents: Ir\nfl=(42) a\nfn=(1) b\n", PV_PROBE_SURE},
        {HEAD, PV_PROBE_LIKELY},
        {"desc: x\ncmd: y\n", PV_PROBE_NO},
        {"version: 1\n" HEAD "fl=a\n", PV_PROBE_NO},
        {HEAD "positions: line\nfl=a\nfn=f\n", PV_PROBE_NO},
        {HEAD "fl=a\nfn=f\n1 1\ncfn=g\ncalls=1 2\n1 1\n", PV_PROBE_NO},
        {"events: Ir\nfl=a\nfn=f\n1 1\n", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    (void)state;
    CHECK_PROBES("cachegrind", rows);
    const struct pv_format *format = pv_format_named(PV_TEXT("cachegrind"));
    assert_int_equal(format->probe(PV_TEXT("desc: x\ncmd: y\n"), false), PV_PROBE_MAYBE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_functions),
        cmocka_unit_test(few_bad_lines_are_noted),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(files_are_told_apart_from_callgrinds),
    };
    return cmocka_run_group_tests_name("cachegrind", tests, NULL, NULL);
}

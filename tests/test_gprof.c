#include "tests/format_rows.h"

/* What gprof prints, row by row; tests/pstats_profile.h says how a profile is written down here. */

#define FLAT                                                                                       \
    "Flat profile:\n\nEach sample counts as 0.01 seconds.\n"                                       \
    "  %   cumulative   self              self     total           \n"                             \
    " time   seconds   seconds    calls  ms/call  ms/call  name    \n"
#define GRAPH "index % time    self  children    called     name\n"
#define RULE "-----------------------------------------------\n"

static void flat_tables_are_read(void **state)
{
    static const struct row rows[] = {
        {"counted or not",
         FLAT " 80.00      0.04     0.04       10     4.00     5.00  f\n"
              " 20.00      0.05     0.01                             g(int, char const*)\n\n"
              " %         is explained\n",
         "f 10 40000000/50000000 / g(int, char const*) ? 10000000/10000000 / !estimated 1"},
        {"with indexes",
         FLAT " 80.0       0.04     0.04                             _moncount (5191)\n"
              " 20.0       0.05     0.01        1    10.00    10.00  f [7]\n",
         "_moncount ? 40000000/40000000 / f 1 10000000/10000000"},
        {"names like numbers",
         FLAT "100.00      0.04     0.04                             12 3.4 5.6 f\n",
         "12 3.4 5.6 f ? 40000000/40000000"},
        {"by line",
         FLAT " 60.00      0.03     0.03                             f (a.c:7 @ 12a5)\n"
              " 40.00      0.05     0.02        3     6.67     6.67  f (a.c:5 @ 1200)\n",
         "f@a.c 3 50000000/50000000"},
        {"nothing was sampled",
         "Flat profile:\n\nEach sample counts as 0.01 seconds.\n no time accumulated\n\n"
         "  %   cumulative   self              self     total           \n"
         " time   seconds   seconds    calls  Ts/call  Ts/call  name    \n"
         "  0.00      0.00     0.00       84     0.00     0.00  grind\n\n",
         "grind 84 0/0"},
        {"cycles in thousands",
         "  %      cycles     cycles    calls     /call      /call  name    \n"
         "           (K)        (K)                (K)        (K)           \n"
         "60.00      3.01       3.01        2      1.50       1.60  f\n",
         "f 2 3010/3010"},
        {"seconds per call",
         "time   seconds   seconds    calls   s/call   s/call  name\n"
         " 50.00      1.00     1.00        2     0.50     1.00  f\n"
         " 50.00      2.00     1.00        2     0.50     0.50  g\n",
         "f 2 1000000000/2000000000 / g 2 1000000000/1000000000 / !estimated 1"},
        {"two tables add up",
         FLAT "100.00      0.04     0.04                             f\n\n" FLAT
              "100.00      0.01     0.01                             f\n",
         "f ? 50000000/50000000"},
        {"CR LF",
         "time   seconds   seconds    calls   s/call   s/call  name\r\n"
         " 50.00      1.00     1.00        2     0.50     0.50  f\r\n\r\nwords\r\n",
         "f 2 1000000000/1000000000"},
    };
    (void)state;
    CHECK_ROWS("gprof", rows);
}

static void call_graphs_are_read(void **state)
{
    static const struct row rows[] = {
        {"callers and callees",
         GRAPH "                                                 <spontaneous>\n"
               "[1]    100.0    0.01    0.04                 main [1]\n"
               "                0.04    0.00       2/2           f [2]\n" RULE
               "                0.04    0.00       2/2           main [1]\n"
               "[2]     80.0    0.04    0.00       2         f [2]\n" RULE
               "\n This table is explained\n",
         "f 2 40000000/40000000 / main ? 10000000/50000000 / main>f 2 40000000"},
        {"recursion",
         GRAPH "                                  30             f [1]\n"
               "                0.04    0.00       2/2           main [2]\n"
               "[1]    100.0    0.04    0.00       2+30      f [1]\n"
               "                                  30             f [1]\n" RULE,
         "f 32(2) 40000000/40000000 / main ? 0/40000000 / f>f 30 / main>f 2 40000000 / "
         "!estimated 1"},
        {"a cycle",
         GRAPH "                                                 <spontaneous>\n"
               "[1]    100.0    0.00    0.10                 main [1]\n"
               "                0.09    0.01       1/1           a <cycle 1> [3]\n" RULE
               "                0.09    0.01       1/1           main [1]\n"
               "[2]    100.0    0.09    0.01       1+5   <cycle 1 as a whole> [2]\n"
               "                0.05    0.01       3             a <cycle 1> [3]\n"
               "                0.04    0.00       3             b <cycle 1> [4]\n" RULE
               "                                   3             b <cycle 1> [4]\n"
               "                0.09    0.01       1/1           main [1]\n"
               "[3]     60.0    0.05    0.01       3         a <cycle 1> [3]\n"
               "                0.01    0.00       1/1           c [5]\n"
               "                                   3             b <cycle 1> [4]\n" RULE
               "                                   3             a <cycle 1> [3]\n"
               "[4]     40.0    0.04    0.00       3         b <cycle 1> [4]\n"
               "                                   3             a <cycle 1> [3]\n" RULE
               "                0.01    0.00       1/1           a <cycle 1> [3]\n"
               "[5]     10.0    0.01    0.00       1         c [5]\n" RULE,
         "a 3(-1) 50000000/100000000 / b 3(-1) 40000000/40000000 / c 1 10000000/10000000 / main ? "
         "0/100000000 / a>b 3 / a>c 1 10000000 / b>a 3 / main>a 1 100000000 / !estimated 2"},
        {"a callee without an entry",
         GRAPH "[1]    100.0    0.01    0.04                 main [1]\n"
               "                0.03    0.01       2/4           f [2]\n" RULE,
         "f ? 30000000/40000000 / main ? 10000000/40000000 / main>f 2 40000000 / !clamped 1 / "
         "!estimated 1"},
        {"macOS",
         "                                  called/total       parents \n"
         "index  %time    self descendents  called+self    name    \tindex\n"
         "                                  called/total       children\n\n"
         "                                                     <spontaneous>\n"
         "[1]    100.0    0.02        0.05                 _main [1]\n"
         "                0.05        0.00       4/4           past end of text [2]\n\n" RULE "\n"
         "                0.05        0.00       4/4           _main [1]\n"
         "[2]     71.4    0.05        0.00       4         past end of text [2]\n\n" RULE "\n",
         "_main ? 20000000/70000000 / past end of text 4 50000000/50000000 / "
         "_main>past end of text 4 50000000"},
        {"thousands",
         "index    %      self  children    called     name\n"
         "                (K)     (K) \n"
         "[1]    100.0    0.04 62353.83                 f [1]\n" RULE,
         "f ? 40/40 / !clamped 1"},
        {"by line, called by itself",
         GRAPH "                0.00    0.00       6/50          main (a.c:57 @ 13bf) [33]\n"
               "                0.00    0.00      44/50          f (a.c:40 @ 12d3) [25]\n"
               "[3]      0.0    0.02    0.00      50         f (a.c:38 @ 12b7) [3]\n" RULE,
         "f@a.c 50(6) 20000000/20000000 / main@a.c ? 0/0 / f>f 44 0 / main>f 6 0"},
        {"both tables, one own time",
         FLAT "100.00      0.04     0.04        2    20.00    20.00  f\n\n" GRAPH
              "                0.05    0.00       2/2           main [1]\n"
              "[2]     80.0    0.05    0.00       2         f [2]\n" RULE,
         "f 2 40000000/40000000 / main ? 0/40000000 / main>f 2 40000000 / !clamped 1 / "
         "!estimated 1"},
        {"two graphs, other indexes",
         GRAPH "[1]    100.0    0.01    0.00       1         a [1]\n" RULE "\nwords\n" GRAPH
               "                0.02    0.00       1/1           a [1]\n"
               "[2]     80.0    0.02    0.00       1         b [2]\n" RULE,
         "a 1 10000000/10000000 / b 1 20000000/20000000 / a>b 1 20000000"},
        {"cut within an entry", GRAPH "[1]    100.0    0.01    0.00       1         a [1]\n",
         "a 1 10000000/10000000 / !cut 1"},
        {"cut within a line", GRAPH "[1]    100.0    0.01    0.00       1         a [1]",
         "a 1 10000000/10000000 / !cut 1 / !cut 1"},
    };
    (void)state;
    CHECK_ROWS("gprof", rows);
}

static void lines_that_are_none_are_counted(void **state)
{
    struct pv_buffer text = {0};
    (void)state;
    pv_buffer_add(&text, PV_TEXT(FLAT));
    for (int i = 0; i < 30; i++)
        pv_buffer_add(&text, PV_TEXT("  1.00      0.01     0.01                             f\n"));
    pv_buffer_add(&text, PV_TEXT("a warning in between\n"));
    pv_buffer_add(&text, PV_TEXT("\n" GRAPH "[1] 100.0 0.01 0.00 1 f [1]\nwords\n" RULE));
    char *found = describe_bytes("gprof", pv_buffer_text(&text), 0);
    assert_string_equal("f 1 300000000/300000000 / !skipped 2", found);
    free(found);
    check_strict("gprof", pv_buffer_text(&text), 36);
    pv_buffer_free(&text);
}

static void other_text_is_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "holds no table of gprof"},
        {"words", "hello\nworld\n", "holds no table of gprof"},
        {"headings alone", FLAT "\n" GRAPH "\n", "no function"},
        {"an entry without its function",
         GRAPH "                0.05    0.00       2/2           main [1]\n" RULE, "1 of 2"},
        {"a table of nonsense", FLAT "a\nb\nc\n", "3 of 3"},
        {"seconds that do not fit", FLAT "100.00      0.04 99999999999999999.00      f\n",
         "1 of 1"},
    };
    (void)state;
    CHECK_REFUSED("gprof", rows);
}

static void limits_hold(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_buffer text = {0};
    (void)state;
    pv_buffer_add(&text, PV_TEXT(GRAPH));
    for (int i = 0; i < 2000; i++)
        pv_buffer_print(&text, "                0.05    0.00       2/2           f%d [%d]\n", i, i);
    pv_buffer_add(&text, PV_TEXT("[2]     80.0    0.05    0.00       2         f [2]\n" RULE));
    limits.functions = 100;
    check_limit("gprof", pv_buffer_text(&text), &limits);
    limits = pv_limits_default();
    limits.memory = 200 << 10;
    check_limit("gprof", pv_buffer_text(&text), &limits);
    pv_buffer_free(&text);
}

static void tables_are_recognised(void **state)
{
    static const struct probe_row rows[] = {
        {FLAT, PV_PROBE_SURE},
        {"words\r\n" GRAPH, PV_PROBE_SURE},
        {"index  %time    self descendents  called+self    name    \tindex\r\n", PV_PROBE_SURE},
        {"time self calls name\n", PV_PROBE_NO},
        {"index self name\n", PV_PROBE_NO},
        {"index     the index of the function in the call graph\nself called\n", PV_PROBE_NO},
        {"main;work 5\n", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    (void)state;
    CHECK_PROBES("gprof", rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_tables_are_read),
        cmocka_unit_test(call_graphs_are_read),
        cmocka_unit_test(lines_that_are_none_are_counted),
        cmocka_unit_test(other_text_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(tables_are_recognised),
    };
    return cmocka_run_group_tests_name("gprof", tests, NULL, NULL);
}

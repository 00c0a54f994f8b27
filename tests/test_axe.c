#include "tests/format_rows.h"

/* VTune's gprof-cc report, row by row; tests/pstats_profile.h says how a profile is written down
 * here. */

#define HEAD                                                                                       \
    "Index  % CPU Time:Total  CPU Time:Self  CPU Time:Children  Name  Index\n"                     \
    "-----  ----------------  -------------  -----------------  ----  -----\n"

static void entries_are_read(void **state)
{
    static const struct row rows[] = {
        {"callers and callees",
         HEAD "                 0.0   1.5    <spontaneous>  [0]\n"
              "[1]  100.0       0.5   1.0  main           [1]\n"
              "                 1.0   0.0    f              [2]\n     \n"
              "                 1.0   0.0    main           [1]\n"
              "[2]  66.67       1.0   0.0  f              [2]\n\n"
              "[0]  100.0       0.0   1.5  <spontaneous>  [0]\n"
              "                 0.5   1.0    main           [1]\n",
         "f ? 1000000000/1000000000 / main ? 500000000/1500000000 / main>f ? 1000000000"},
        {"a cycle",
         HEAD "                 1.0   0.5    main           [1]\n"
              "[2]  100.0       1.0   0.5  <cycle 1 as a whole> [2]\n"
              "                 1.5  -0.1    a <cycle 1>    [3]\n\n"
              "                 1.0   0.5    main           [1]\n"
              "                              b <cycle 1>    [4]\n"
              "[3]  66.67       1.0   0.0  a <cycle 1>    [3]\n"
              "                              b <cycle 1>    [4]\n\n"
              "                              a <cycle 1>    [3]\n"
              "[4]  33.33       0.5   0.0  b <cycle 1>    [4]\n"
              "                              a <cycle 1>    [3]\n",
         "a ? 1000000000/1500000000 / b ? 500000000/500000000 / main ? 0/1500000000 / a>b ? / b>a "
         "? "
         "/ main>a ? 1500000000 / !estimated 2 / !estimated 1"},
        {"loops and thunks, CR LF, an index behind it",
         "Index % CPU Time:Total CPU Time:Self CPU Time:Children Name Index\r\n"
         "[0]  100.0  0.25  0.0  [Loop@0x42d940 at line 642 in f]  [0]  \r\n     \r\n"
         "[1]  10.0  0.25  0.0  [Import thunk mcount]  [1]  \r\n     \r\n"
         "Index  Function  \r\n-----  -----\r\n[0] x\r\n[1] y\r\n",
         "[Import thunk mcount] ? 250000000/250000000 / [Loop@0x42d940 at line 642 in f] ? "
         "250000000/250000000"},
        {"a count",
         "Index  % Instructions Retired:Total  Instructions Retired:Self  Instructions "
         "Retired:Children  Name  Index\n"
         "[0]  100.0  42000000  0  f  [0]\n",
         "f ? 42000000/42000000"},
        {"cut within a line", HEAD "[0]  100.0  0.25  0.0  f  [0]\n\n[1]  10.0  0.25  0.0  g  [1]",
         "f ? 250000000/250000000 / g ? 250000000/250000000 / !cut 1"},
    };
    (void)state;
    CHECK_ROWS("axe", rows);
}

static void other_text_is_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "holds no call graph"},
        {"words", "hello\nworld\n", "holds no call graph"},
        {"a heading alone", HEAD, "but no function"},
        {"an entry without its function", HEAD "    0.5   0.0    main   [1]\n\n", "1 of 2"},
        {"nonsense", HEAD "[1] a b c\n[2]\nx\n", "3 of 3"},
        {"a number that does not fit", HEAD "[1]  1.0  99999999999999999.0  0.0  f  [1]\n",
         "1 of 1"},
    };
    (void)state;
    CHECK_REFUSED("axe", rows);
}

static void headings_are_recognised(void **state)
{
    static const struct probe_row rows[] = {
        {HEAD, PV_PROBE_SURE},
        {"words\n" HEAD, PV_PROBE_SURE},
        {"Index  % CPU Time:Total  Wall Time:Self  CPU Time:Children  Name\n", PV_PROBE_NO},
        {"Index Function\n", PV_PROBE_NO},
        {"index % time    self  children    called     name\n", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    (void)state;
    CHECK_PROBES("axe", rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_read),
        cmocka_unit_test(other_text_is_refused),
        cmocka_unit_test(headings_are_recognised),
    };
    return cmocka_run_group_tests_name("axe", tests, NULL, NULL);
}

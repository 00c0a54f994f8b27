#include "tests/format_rows.h"

#include <dirent.h>

#define HEADER "   ncalls  tottime  percall  cumtime  percall filename:lineno(function)\n"
#define MAIN "        1    1.000    1.000    3.000    3.000 a.py:1(main)\n"
#define WORK "     12/3    2.000    0.167    2.000    0.667 a.py:5(work)\n"
#define BOTH "main@a.py:1 1 1000000000/3000000000 / work@a.py:5 12(3) 2000000000/2000000000"

static void tables_of_functions_are_read(void **state)
{
    static const struct row rows[] = {
        {"plain", HEADER MAIN WORK "\n", BOTH},
        {"without the blank line", HEADER MAIN WORK, BOTH},
        {"CR LF and a mark",
         "\xef\xbb\xbf   ncalls  tottime  percall  cumtime  percall "
         "filename:lineno(function)\r\n        1    1.000    1.000    1.000    "
         "1.000 a.py:1(main)\r\n\r\n",
         "main@a.py:1 1 1000000000/1000000000"},
        {"in a log", "hello\n{\"a\": 1}\n\n" HEADER MAIN WORK "\n\nbye 1 2.0 3.0\n", BOTH},
        {"in a log that puts the time before each line",
         "12:00:01 hello\n12:00:02          13 function calls (4 primitive calls) in 3.000 "
         "seconds\n12:00:02 \n12:00:02 " HEADER "12:00:02 " MAIN "12:00:03 " WORK
         "12:00:03 \n12:00:03 bye\n",
         BOTH},
        {"in colours",
         "   \x1b[1mncalls\x1b[0m  \x1b[1;36mtottime\x1b[m  percall  cumtime  percall "
         "filename:lineno(function)\n        \x1b[33m1\x1b[0m    1.000    1.000    3.000    3.000 "
         "\x1b[35ma.py\x1b[0m:1(main)\x1b[K\n" WORK "\n",
         BOTH},
        {"with its summary",
         "         13 function calls (4 primitive calls) in 3.000 seconds\n\n" HEADER MAIN WORK
         "\n",
         BOTH},
        {"no calls", HEADER "        0    0.000             0.000          profile:0(profiler)\n",
         "profiler@profile 0 0/0"},
        {"calls, none of them primitive",
         HEADER "      2/0    0.500    0.250    0.000          a.py:5(work)\n",
         "work@a.py:5 2(0) 500000000/0"},
        {"built-ins",
         HEADER "        1    0.001    0.001    0.001    0.001 {built-in method a.b}\n"
                "        2    0.001    0.001    0.001    0.001 :0(len)\n"
                "        3    0.001    0.001    0.001    0.001 odd\n",
         "<built-in method a.b>{B} 1 1000000/1000000 / len{B} 2 1000000/1000000 / odd{B} 3 "
         "1000000/1000000"},
        {"loaders",
         HEADER
         "        1    0.001    0.001    0.001    0.001 {built-in method builtins.exec}\n"
         "        1    0.001    0.001    0.001    0.001 <frozen importlib._bootstrap>:7(f)\n",
         "<built-in method builtins.exec>{B}{L} 1 1000000/1000000 / f@<frozen "
         "importlib._bootstrap>:7{L} 1 1000000/1000000"},
        {"code objects lose their address",
         HEADER "        1    0.001    0.001    0.001    0.001 profile:0(<code object <module> at "
                "0x7fce4636ab30, file \"t.py\", line 1>)\n",
         "<code object <module>, file \"t.py\", line 1>@profile 1 1000000/1000000"},
        {"paths with blanks and colons",
         HEADER "        1    0.001    0.001    0.001    0.001 C:\\my dir\\a.py:12(<lambda>)\n",
         "<lambda>@C:\\my dir\\a.py:12 1 1000000/1000000"},
        {"wide numbers",
         HEADER "123456789/12345678 12345.678    0.000 12345.678    0.001 a.py:1(f)\n",
         "f@a.py:1 123456789(12345678) 12345678000000/12345678000000"},
        {"unknown calls", HEADER "       -1    0.001   -0.001    0.001   -0.001 a.py:1(f)\n",
         "f@a.py:1 ? 1000000/1000000"},
        {"negative times", HEADER "        1   -0.001   -0.001    0.001    0.001 a.py:1(f)\n",
         "f@a.py:1 1 -1000000/1000000 / !negative 1 / !unbounded"},
        {"nothing but zeros", HEADER "        1    0.000    0.000    0.001    0.001 a.py:1(f)\n",
         "f@a.py:1 1 0/1000000 / !unbounded"},
    };
    (void)state;
    CHECK_ROWS("pstats_text", rows);
}

#define SUMMARY "         13 function calls in 3.000 seconds\n\n"

static void a_profile_that_is_printed_twice_counts_once(void **state)
{
    static const struct row rows[] = {
        {"sorted otherwise", SUMMARY HEADER MAIN WORK "\n" SUMMARY HEADER WORK MAIN "\n",
         BOTH " / !repeated 2"},
        {"cut first", SUMMARY HEADER MAIN "\n" SUMMARY HEADER MAIN WORK "\n",
         BOTH " / !repeated 1"},
        {"two profiles",
         SUMMARY HEADER MAIN WORK "\n"
                                  "  2 function calls in 3.000 seconds\n" HEADER MAIN MAIN "\n",
         "main@a.py:1 3 3000000000/5000000000 / work@a.py:5 12(3) 2000000000/2000000000 / !clamped "
         "1 "
         "/ !rounded 1"},
        {"one label twice in one table", HEADER MAIN MAIN "\n",
         "main@a.py:1 2 2000000000/2000000000 / !clamped 1"},
        {"cut", "   List reduced\n" SUMMARY HEADER MAIN "\n",
         "main@a.py:1 1 1000000000/1000000000 / !clamped 1 / !cut 1 / !rounded 1"},
    };
    (void)state;
    CHECK_ROWS("pstats_text", rows);
}

#define CALLERS                                                                                    \
    "Function        was called by...\n"                                                           \
    "                    ncalls  tottime  cumtime\n"                                               \
    "a.py:1(main)    <- \n"                                                                        \
    "a.py:5(work)    <-      12    2.000    2.000  a.py:1(main)\n"                                 \
    "                       8/2    1.000    1.500  a.py:5(work)\n"                                 \
    "{len}           <-       5    0.250    0.250  a.py:5(work)\n\n"
#define CALLEES                                                                                    \
    "Function        called...\n"                                                                  \
    "                    ncalls  tottime  cumtime\n"                                               \
    "a.py:1(main)    ->      12    2.000    2.000  a.py:5(work)\n"                                 \
    "a.py:5(work)    ->     8/2    1.000    1.500  a.py:5(work)\n"                                 \
    "                         5    0.250    0.250  {len}\n"                                        \
    "{len}           -> \n\n"
#define ARCS "main>work 12 2000000000 / work><len> 5 250000000 / work>work 8 1500000000"

static void tables_of_callers_are_read(void **state)
{
    static const struct row rows[] = {
        {"callers", CALLERS,
         "<len>{B} 5 250000000/250000000 / main@a.py:1 ? 0/2000000000 / work@a.py:5 20(14) "
         "3000000000/3000000000 / " ARCS " / !estimated 3"},
        {"callees", CALLEES,
         "<len>{B} 5 250000000/250000000 / main@a.py:1 ? 0/2000000000 / work@a.py:5 20(14) "
         "3000000000/3000000000 / " ARCS " / !estimated 3"},
        {"both", CALLERS CALLEES,
         "<len>{B} 5 250000000/250000000 / main@a.py:1 ? 0/2000000000 / work@a.py:5 20(14) "
         "3000000000/3000000000 / " ARCS " / !estimated 3 / !repeated 3"},
        {"behind a table of functions", HEADER MAIN WORK "\n" CALLERS,
         "<len>{B} 5 250000000/250000000 / main@a.py:1 1 1000000000/3000000000 / work@a.py:5 12(3) "
         "2000000000/2000000000 / " ARCS " / !estimated 1"},
        {"before a table of functions", CALLERS HEADER MAIN WORK "\n",
         "<len>{B} 5 250000000/250000000 / main@a.py:1 1 1000000000/3000000000 / work@a.py:5 12(3) "
         "2000000000/2000000000 / " ARCS " / !estimated 1"},
        {"bare counts",
         "Function        was called by...\n"
         "a.py:5(work)    <- a.py:1(main)(12)    3.000\n"
         "                   profile:0(profiler)(1)    0.000\n"
         ":0(len)         <- a.py:5(work)(5)    2.000\n",
         "len{B} 5(-1) 0/0 / main@a.py:1 ? 0/0 / profiler@profile ? 0/0 / work@a.py:5 13(-1) 0/0 / "
         "main>work 12 / profiler>work 1 / work>len 5 / !skipped 3"},
        {"columns are characters",
         "Function       was called by...\n"
         "\xc3\xa4.py:1(\xe8\xae\xa1 <- x)  <-       1    0.500    0.500  "
         "b.py:1(f)\n",
         "f@b.py:1 ? 0/500000000 / \xe8\xae\xa1 <- x@\xc3\xa4.py:1 1 500000000/500000000 / "
         "f>\xe8\xae\xa1 <- x 1 500000000 / !estimated 2"},
        {"a narrower column",
         "Function                was called by...\n"
         "a.py:5(work)  <-       1    0.500    0.500  b.py:1(f)\n",
         "f@b.py:1 ? 0/500000000 / work@a.py:5 1 500000000/500000000 / f>work 1 500000000 / "
         "!estimated 2"},
    };
    (void)state;
    CHECK_ROWS("pstats_text", rows);
}

static void lines_that_are_no_rows_are_counted(void **state)
{
    static const char row[] = "        1    0.001    0.001    0.001    0.001 a.py:1(f)\n";
    struct pv_buffer text = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    pv_buffer_add(&text, PV_TEXT(HEADER));
    for (int i = 0; i < 30; i++)
        pv_buffer_add(&text, pv_text_of(row));
    pv_buffer_add(&text, PV_TEXT("a warning in between\n"));
    pv_buffer_add(&text, pv_text_of(row));
    pv_buffer_add(&text, PV_TEXT("        1    0.001    0.001    0.001    0.001 a.py:1(cut"));
    char *found = describe_bytes("pstats_text", pv_buffer_text(&text), 0);
    assert_string_equal("f@a.py:1 31 31000000/31000000 / !cut 1 / !skipped 2", found);
    free(found);
    struct pv_input_options strict = {.is_strict = true};
    assert_false(read_as("pstats_text", pv_buffer_text(&text), &strict, &profile, &err));
    assert_int_equal(32, err.where.line);
    pv_buffer_free(&text);
}

static void other_text_is_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "holds no table of pstats"},
        {"words", "hello\nworld\n", "holds no table of pstats"},
        {"a summary alone", SUMMARY, "holds no table of pstats"},
        {"rows alone", MAIN WORK, "holds no table of pstats"},
        {"a table of nonsense", HEADER "a\nb\nc\nd\n", "3 of 3"},
    };
    (void)state;
    CHECK_REFUSED("pstats_text", rows);
}

static void tables_are_recognised(void **state)
{
    static const struct probe_row rows[] = {
        {HEADER, PV_PROBE_SURE},
        {"log\r\n   ncalls tottime percall cumtime percall filename:lineno(function)\r\nx",
         PV_PROBE_SURE},
        {CALLERS, PV_PROBE_SURE},
        {CALLEES, PV_PROBE_SURE},
        {SUMMARY, PV_PROBE_LIKELY},
        {"9 function calls (8 primitive calls) in 0.1 CPU seconds\n", PV_PROBE_LIKELY},
        {"Function was called\n", PV_PROBE_NO},
        {"main;work 5\n", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    (void)state;
    CHECK_PROBES("pstats_text", rows);
}

/* Cut anywhere or cut into chunks: never a crash, and the chunks do not matter. */
static int check_folder(const char *folder)
{
    int count = 0;
    char path[512];
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        if (!pv_text_ends(pv_text_of(entry->d_name), PV_TEXT(".txt")))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct pv_buffer bytes = bytes_of_file(path);
        for (size_t size = 0; size < bytes.size; size += 1 + bytes.size / 500) {
            struct pv_profile *profile = NULL;
            struct pv_error err;
            if (read_as("pstats_text", (struct pv_text){bytes.data, size}, NULL, &profile, &err))
                pv_profile_free(profile);
        }
        struct pv_profile *whole = NULL, *pieces = NULL;
        struct pv_error err;
        struct pv_input_options options = {.chunk = 7};
        assert_true(read_as("pstats_text", pv_buffer_text(&bytes), NULL, &whole, &err));
        assert_true(read_as("pstats_text", pv_buffer_text(&bytes), &options, &pieces, &err));
        assert_int_equal(whole->graph->func_count, pieces->graph->func_count);
        assert_int_equal(whole->graph->arc_count, pieces->graph->arc_count);
        assert_int_equal(whole->metrics[0].total, pieces->metrics[0].total);
        pv_profile_free(whole);
        pv_profile_free(pieces);
        pv_buffer_free(&bytes);
        count++;
    }
    if (listing)
        closedir(listing);
    return count;
}

static void samples_survive_cuts_and_chunks(void **state)
{
    (void)state;
    assert_true(check_folder("samples/pstats_text") > 0);
    if (check_folder("../shared/corpus/python/pstats_text") == 0)
        print_message("skipped: there is no ../shared/corpus here\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_functions_are_read),
        cmocka_unit_test(a_profile_that_is_printed_twice_counts_once),
        cmocka_unit_test(tables_of_callers_are_read),
        cmocka_unit_test(lines_that_are_no_rows_are_counted),
        cmocka_unit_test(other_text_is_refused),
        cmocka_unit_test(tables_are_recognised),
        cmocka_unit_test(samples_survive_cuts_and_chunks),
    };
    return cmocka_run_group_tests_name("pstats_text", tests, NULL, NULL);
}

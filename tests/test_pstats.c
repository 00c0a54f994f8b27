#include "tests/marshal_bytes.h"
#include "tests/pstats_profile.h"

#include <dirent.h>

struct row {
    const char *label, *program, *expected;
};

/* Prefix: the rest of a message need not be told. */
static void check_rows(const struct row *rows, size_t count, bool is_prefix)
{
    static const size_t chunks[] = {0, 1, 7, 4096};
    int failed = 0;
    for (size_t i = 0; i < count * 4; i++) {
        const struct row *row = &rows[i / 4];
        struct pv_buffer bytes = marshal_bytes(row->program);
        char *found = describe_bytes("pstats", pv_buffer_text(&bytes), chunks[i % 4]);
        size_t size = is_prefix ? strlen(row->expected) : SIZE_MAX;
        if (strncmp(found, row->expected, size) != 0)
            print_error("%s, chunks of %zu: \"%s\"\n", row->label, chunks[i % 4], found), failed++;
        free(found);
        pv_buffer_free(&bytes);
    }
    assert_int_equal(0, failed);
}
#define CHECK(rows, is_prefix) check_rows(rows, sizeof(rows) / sizeof *(rows), is_prefix)

#define MAIN "(3 z:m.py i1 z:main "
#define WORK "(3 z:m.py i5 z:work "
#define LEN "(3 z:~ i0 z:<len> "

static void dictionaries_become_profiles(void **state)
{
    static const struct row rows[] = {
        {"empty", "{ 0", ""},
        {"one function", "{ " MAIN "(5 i1 i2 g0.5 g1.5 { 0 0",
         "main@m.py:1 2(1) 500000000/1500000000 "
         "/ !unbounded"},
        {"a caller's numbers come in another order",
         "{ " MAIN "(5 i1 i1 g1 g3 { 0 " WORK "(5 i2 i7 g2 g2 { " MAIN "(4 i7 i2 g2 g2 0 0",
         "main@m.py:1 1 1000000000/3000000000 / work@m.py:5 7(2) 2000000000/2000000000 / main>work "
         "7 "
         "2000000000"},
        {"bare callers", "{ " WORK "(5 i3 i3 g1 g1 { " MAIN "i3 0 0",
         "main@m.py:1 ? 0/0 / work@m.py:5 3 1000000000/1000000000 / main>work 3"},
        {"callers of both kinds",
         "{ " WORK "(5 i3 i3 g1 g1 { " MAIN "i1 " LEN "(4 i2 i2 g0 g0.5 0 0",
         "<len>{B} ? 0/0 / main@m.py:1 ? 0/0 / work@m.py:5 3 1000000000/1000000000 / <len>>work 2 "
         "500000000 / main>work 1"},
        {"merged callers", "{ " WORK "(5 i3 i3 g1 g1 { " MAIN "(8 i1 i1 g0 g0.25 i2 i2 g0 g0.5 0 0",
         "main@m.py:1 ? 0/0 / work@m.py:5 3 1000000000/1000000000 / main>work 3 750000000"},
        {"a tuple of 128 numbers' head",
         "{ " WORK "(5 i3 i3 g1 g1 { " MAIN "((4 i1 i1 g0 g0.25 0 0",
         "main@m.py:1 ? 0/0 / work@m.py:5 3 1000000000/1000000000 / main>work 1 250000000"},
        {"recursion", "{ " WORK "(5 i1 i9 g1 g1 { " WORK "(4 i8 i8 g0.5 g0.5 0 0",
         "work@m.py:5 9(1) 1000000000/1000000000 / work>work 8 500000000"},
        {"integers for floats and the reverse", "{ " WORK "(5 g2 f3 i1 l1:2 { 0 0",
         "work@m.py:5 3(2) 1000000000/2000000000 / !unbounded"},
        {"text floats", "{ " WORK "(5 i1 i1 f0.125 f1e-09 { 0 0", "work@m.py:5 1 125000000/1"},
        {"unknown calls", "{ " WORK "(5 i-1 i-1 g1 g1 { " MAIN "(4 i-1 i-1 g1 g1 0 0",
         "main@m.py:1 ? 0/0 / work@m.py:5 ? 1000000000/1000000000 / main>work ? 1000000000"},
        {"calls exchanged", "{ " WORK "(5 i9 i4 g1 g1 { 0 0",
         "work@m.py:5 9(4) 1000000000/1000000000 / !repaired 1"},
        {"half a nanosecond",
         "{ " WORK "(5 i1 i1 g5e-10 g1.5e-9 { 0 " MAIN "(5 i1 i1 g4e-10 g0 { 0 0",
         "main@m.py:1 1 0/0 / work@m.py:5 1 1/2 / !unbounded"},
        {"negative times", "{ " WORK "(5 i1 i1 g-5e-10 g-1 { 0 0",
         "work@m.py:5 1 -1/-1000000000 / !negative 1"},
        {"times beyond measure", "{ " WORK "(5 i1 i1 i0 g1e300 { 0 " MAIN "(5 i1 i1 i0 fnan { 0 0",
         "main@m.py:1 1 0/0 / work@m.py:5 1 0/9223372036854775807 / !clamped 2 / !unbounded"},
        {"lines that are none",
         "{ (3 z:a N z:f (5 i1 i1 g0 g0 { 0 (3 z:a i-5 z:g (5 i1 i1 g0 g0 { 0 0",
         "f@a 1 0/0 / g@a 1 0/0"},
        {"built-ins", "{ " LEN "(5 i1 i1 g0 g0 { 0 (3 z: i0 z:len (5 i2 i2 g0 g0 { 0 0",
         "<len>{B} 1 0/0 / len{B} 2 0/0"},
        {"bytes for names", "{ (3 s:m.py i1 s:caf%e9 (5 i1 i1 g0 g0 { 0 0", "caf\xe9@m.py:1 1 0/0"},
        {"a flag and something else",
         "{ (1 z:__sampled__ F (1 z:more [2 i1 { 0 " WORK "(5 i1 i1 g0 g0 { 0 0",
         "work@m.py:5 1 0/0 / !skipped 1"},
        {"bytes behind the end", "{ " WORK "(5 i1 i1 g0 g0 { 0 0 i7 #ff #ff",
         "work@m.py:5 1 0/0 / !skipped 1"},
    };
    (void)state;
    CHECK(rows, false);
}

#define CODE                                                                                       \
    "&c w0 w0 w0 w1 w0 s:code (1 N (1 z:a (0 s:+ &z:tiny.py z:<module> z:<module> w1 s:l s:t "

static void references_are_followed(void **state)
{
    static const struct row rows[] = {
        {"keys",
         "&{ &(3 &z:m.py &i1 &z:main (5 i1 i1 g0 g0 { 0 (3 r2 i5 z:work (5 i2 i2 g0 g0 { r1 "
         "(4 r3 r3 g0 g0 0 0",
         "main@m.py:1 1 0/0 / work@m.py:5 2 0/0 / main>work 1 0"},
        {"values", "{ " MAIN "&(5 i1 i1 g1 g1 { 0 " WORK "r0 0",
         "main@m.py:1 1 1000000000/1000000000 / work@m.py:5 1 1000000000/1000000000"},
        {"no callers, shared", "{ " MAIN "(5 i1 i1 g1 g1 &{ 0 " WORK "(5 i1 i1 g1 g1 r0 0",
         "main@m.py:1 1 1000000000/1000000000 / work@m.py:5 1 1000000000/1000000000"},
        {"callers, shared",
         "{ " MAIN "(5 i1 i1 g1 g1 &{ " LEN "(4 i1 i1 g0 g1 0 " WORK "(5 i1 i1 g1 g1 r0 0",
         "<len>{B} ? 0/0 / main@m.py:1 1 1000000000/1000000000 / work@m.py:5 1 "
         "1000000000/1000000000 / <len>>main 1 1000000000 / <len>>work 1 1000000000"},
        {"bare callers, shared in a whole value",
         "{ " MAIN "&(5 i1 i1 g1 g1 { " LEN "i1 0 " WORK "r0 0",
         "<len>{B} ? 0/0 / main@m.py:1 1 1000000000/1000000000 / work@m.py:5 1 "
         "1000000000/1000000000 / <len>>main 1 / <len>>work 1"},
        {"a caller's numbers, shared",
         "{ " WORK "(5 i1 i1 g1 g1 { " MAIN "&(4 i1 i1 g0 g1 " LEN "r0 0 0",
         "<len>{B} ? 0/0 / main@m.py:1 ? 0/0 / work@m.py:5 1 1000000000/1000000000 / <len>>work 1 "
         "1000000000 / main>work 1 1000000000"},
        {"code objects as names",
         "{ (3 z:profile i0 " CODE
         "(5 i1 i1 g0 g0 { 0 (3 r1 i2 z:f (5 i1 i1 g0 g0 { (3 z:profile i0 "
         "r0 i1 0 0",
         "<code object <module>, file \"tiny.py\", line 1>@profile 1 0/0 / f@tiny.py:2 1 0/0 / "
         "<code "
         "object <module>, file \"tiny.py\", line 1>>f 1"},
        {"Python 2",
         "{ (3 t:m.py i1 t:main (5 i1 i1 g0 g0 { 0 (3 R0 i5 t:work (5 i1 i1 g0 g0 { (3 R0 i1 R1 (4 "
         "i1 i1 g0 g0 0 0",
         "main@m.py:1 1 0/0 / work@m.py:5 1 0/0 / main>work 1 0"},
    };
    (void)state;
    CHECK(rows, false);
}

/* Two lines of f and one of main, sampled every 0.01 s; the mark may stand anywhere. */
#define F10 "(3 z:a.py i10 z:f "
#define F12 "(3 z:a.py i12 z:f "
#define M3 "(3 z:a.py i3 z:main "
#define SAMPLES                                                                                    \
    F10 "(5 i30 i30 g0.3 g0.3 { " M3 "i30 0 " F12 "(5 i5 i10 g0.05 g0.1 { " M3 "i8 " F10           \
        "i2 0 " M3 "(5 i5 i40 g0.05 g0.4 { 0 "
#define SAMPLED                                                                                    \
    "f@a.py ? 350000000/400000000 35/40 / main@a.py ? 50000000/400000000 5/40 / f>f ? 20000000 2 " \
    "/ "                                                                                           \
    "main>f ? 380000000 38 / !estimated 1"

static void samples_are_folded(void **state)
{
    static const struct row rows[] = {
        {"mark at the end", "{ " SAMPLES "(1 z:__sampled__ T 0", SAMPLED},
        {"mark in front", "{ (1 z:__sampled__ T " SAMPLES "0", SAMPLED},
        {"no sample at all", "{ (1 z:__sampled__ T 0", " / !estimated 1"},
    };
    (void)state;
    CHECK(rows, false);
    struct pv_buffer bytes = marshal_bytes("{ " SAMPLES "(1 z:__sampled__ T 0");
    struct pv_profile *profile;
    struct pv_error err;
    assert_true(read_as("pstats", pv_buffer_text(&bytes), NULL, &profile, &err));
    assert_int_equal(2, profile->metric_count);
    assert_string_equal("time", pv_profile_text(profile, profile->metrics[0].name).data);
    assert_string_equal("samples", pv_profile_text(profile, profile->metrics[1].name).data);
    assert_int_equal(40, profile->metrics[1].total);
    pv_profile_free(profile);
    pv_buffer_free(&bytes);
}

static void damage_is_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "0: the file is empty"},
        {"a list", "[1 i1", "0: byte 0x5b begins no pstats file"},
        {"a pickle", "#80 #04 #95", "0: byte 0x80 begins no pstats file"},
        {"cut", "{ " MAIN "(5 i1 i1", "32: the file ends in the middle of an object"},
        {"only begun", "{", "1: the file ends in the middle of an object"},
        {"a key of two", "{ (2 z:a i1 0", "3: a tuple in place of (file, line, name)"},
        {"a key that is a list", "{ [3 z:a i1 z:b 0", "6: a list in place of (file, line, name)"},
        {"a file that is a number", "{ (3 i1 i1 z:a 0",
         "8: an integer in place of a function's file"},
        {"a line that is a text", "{ (3 z:a z:b z:c 0",
         "9: a string in place of a function's line"},
        {"a name that is a tuple", "{ (3 z:a i1 (0 0", "13: a tuple in place of a function's name"},
        {"a key of one number", "{ (1 i1 T 0", "8: an integer in place of the name of a fact"},
        {"a value of four", "{ " MAIN "(4 i1 i1 g0 g0 0",
         "22: a tuple in place of a function's five"},
        {"a value that is none", "{ " MAIN "N 0", "21: None in place of a function's five values"},
        {"times that are texts", "{ " MAIN "(5 i1 i1 z:a g0 { 0 0",
         "35: a string in place of a number"},
        {"callers in a list", "{ " MAIN "(5 i1 i1 g0 g0 [0 0",
         "55: a list in place of a dictionary of"},
        {"a caller of three", "{ " MAIN "(5 i1 i1 g0 g0 { " WORK "(3 i1 i1 g0 0 0",
         "72: a caller has a tuple of 3 values"},
        {"a caller of nothing", "{ " MAIN "(5 i1 i1 g0 g0 { " WORK "(0 0 0",
         "72: a caller has a tuple of 0 values"},
        {"a caller that is None", "{ " MAIN "(5 i1 i1 g0 g0 { " WORK "N 0 0",
         "71: None in place of a caller's numbers"},
        {"a key that is something else", "&{ " MAIN "(5 i1 i1 g0 g0 { 0 r0 0",
         "57: a reference to a dictionary in place of (file, line, name)"},
        {"a key inside itself", "{ &(3 r0 i1 z:a 0",
         "8: a reference to a tuple in place of a function's"},
        {"callers that are a key", "{ &(3 z:m.py i1 z:a (5 i1 i1 g0 g0 r0 0",
         "52: a reference to a tuple in place of a dictionary of callers"},
        {"callers inside themselves", "{ " MAIN "(5 i1 i1 g0 g0 &{ " WORK "r0 0 0",
         "75: a reference to a dictionary in place of a caller's numbers"},
    };
    (void)state;
    CHECK(rows, true);
}

static void loaders_and_builtins_are_marked(void **state)
{
    static const struct {
        const char *file, *name, *flags;
    } rows[] = {
        {"~", "<built-in+method+builtins.exec>", "{B}{L}"},
        {"~", "<built-in+method+exec>", "{B}{L}"},
        {"~", "<built-in+function+exec>", "{B}{L}"},
        {"~", "<built-in+method+builtins.__import__>", "{B}{L}"},
        {"~", "<__import__>", "{B}{L}"},
        {"~", "<execfile>", "{B}{L}"},
        {"~", "<built-in+method+_imp.create_dynamic>", "{B}{L}"},
        {"~", "<built-in+method+builtins.len>", "{B}"},
        {"~", "<method+'execute'+of+'sqlite3.Connection'+objects>", "{B}"},
        {"", "exec", "{B}{L}"},
        {"", "len", "{B}"},
        {"<frozen+importlib._bootstrap>", "_find_and_load", "{L}"},
        {"<frozen+importlib._bootstrap_external>", "get_code", "{L}"},
        {"<builtin>/frozen+importlib._bootstrap_external", "get_code", "{L}"},
        {"<frozen+zipimport>", "x", "{L}"},
        {"<frozen+runpy>", "_run_code", "{L}"},
        {"<frozen+posixpath>", "join", ""},
        {"<string>", "<module>", ""},
        {"/usr/lib/python3.8/runpy.py", "run_path", "{L}"},
        {"runpy.py", "run_path", "{L}"},
        {"C:\\Python\\Lib\\importlib\\__init__.py", "find_loader", "{L}"},
        {"/usr/lib/python3.8/importlib/util.py", "x", "{L}"},
        {"/usr/lib/python3.8/importlib/metadata/__init__.py", "x", ""},
        {"/usr/lib/python3.8/json/__init__.py", "loads", ""},
        {"__init__.py", "import_module", "{L}"},
        {"_pytest/assertion/rewrite.py", "exec_module", "{L}"},
        {"a.py", "exec", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char program[256];
        snprintf(program, sizeof program, "{ (3 z:%s i0 z:%s (5 i1 i1 g0 g0 { 0 0", rows[i].file,
                 rows[i].name);
        struct pv_buffer bytes = marshal_bytes(program);
        char *found = describe_bytes("pstats", pv_buffer_text(&bytes), 0);
        char wanted[32];
        snprintf(wanted, sizeof wanted, "%s 1 0/0", rows[i].flags);
        assert_true(pv_text_ends(pv_text_of(found), pv_text_of(wanted)));
        assert_true(rows[i].flags[0] || !strchr(found, '{'));
        free(found);
        pv_buffer_free(&bytes);
    }
}

static void dumps_are_recognised(void **state)
{
    static const struct {
        const char *program;
        enum pv_probe probe;
    } rows[] = {
        {"{ 0", PV_PROBE_SURE},
        {"&{ 0", PV_PROBE_SURE},
        {"{ (3 z:a i1 z:b", PV_PROBE_SURE},
        {"&{ &((3 &u:a i1 z:b", PV_PROBE_SURE},
        {"{ (3 s:a", PV_PROBE_SURE},
        {"{ ((3 t:a", PV_PROBE_SURE},
        {"{ (1 z:__sampled__", PV_PROBE_SURE},
        {"{ (3 i1", PV_PROBE_LIKELY},
        {"{ (3", PV_PROBE_LIKELY},
        {"&{", PV_PROBE_MAYBE},
        {"{", PV_PROBE_NO},
        {"{ (2 z:a", PV_PROBE_NO},
        {"{ ((259 z:a", PV_PROBE_NO},
        {"{ z:a", PV_PROBE_NO},
        {"[3 z:a", PV_PROBE_NO},
        {"#7b #22 #61 #22 #3a", PV_PROBE_NO},
        {"", PV_PROBE_NO},
    };
    const struct pv_format *format = pv_format_named(PV_TEXT("pstats"));
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer bytes = marshal_bytes(rows[i].program);
        if (format->probe(pv_buffer_text(&bytes), true) != rows[i].probe)
            fail_msg("%s", rows[i].program);
        pv_buffer_free(&bytes);
    }
}

static void order_does_not_matter(void **state)
{
    static const char *const entries[] = {
        "(3 z:m.py i1 z:a (5 i1 i2 g1 g6 { 0 ",
        "(3 z:m.py i2 z:b (5 i1 i2 g2 g2 { (3 z:m.py i1 z:a (4 i1 i1 g0 g1 (3 z:m.py i3 z:c i2 0 ",
        "(3 z:m.py i3 z:c (5 i4 i4 g3 g3 { (3 z:m.py i3 z:c (4 i1 i1 g0 g1 0 ",
    };
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    char *first = NULL;
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        char program[512];
        snprintf(program, sizeof program, "{ %s%s%s0", entries[orders[i][0]], entries[orders[i][1]],
                 entries[orders[i][2]]);
        struct pv_buffer bytes = marshal_bytes(program);
        char *found = describe_bytes("pstats", pv_buffer_text(&bytes), 0);
        pv_buffer_free(&bytes);
        if (first)
            assert_string_equal(first, found);
        else
            first = strdup(found);
        free(found);
    }
    free(first);
}

/* One dictionary of 2000 callers, shared by 2000 functions, would be four million arcs. */
static void attacks_by_reference_are_refused(void **state)
{
    struct pv_buffer bytes = {0};
    char text[64];
    (void)state;
    add_object(&bytes, "{");
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof text, "(3 z:m i%d z:f (5 i1 i1 g0 g0 ", i);
        struct pv_buffer head = marshal_bytes(text);
        pv_buffer_add(&bytes, pv_buffer_text(&head));
        pv_buffer_free(&head);
        add_object(&bytes, i ? "r0" : "&{");
        for (int k = 0; i == 0 && k < 2000; k++) {
            snprintf(text, sizeof text, "(3 z:m i%d z:c i1", k);
            head = marshal_bytes(text);
            pv_buffer_add(&bytes, pv_buffer_text(&head));
            pv_buffer_free(&head);
        }
        if (i == 0)
            add_object(&bytes, "0");
    }
    add_object(&bytes, "0");
    char *found = describe_bytes("pstats", pv_buffer_text(&bytes), 0);
    assert_non_null(strstr(found, "refused as an attack"));
    free(found);
    pv_buffer_free(&bytes);
}

static void deep_nesting_is_refused(void **state)
{
    struct pv_buffer bytes = marshal_bytes("{ (1 z:more");
    (void)state;
    for (int i = 0; i < 100000; i++)
        add_object(&bytes, "[1");
    char *found = describe_bytes("pstats", pv_buffer_text(&bytes), 0);
    assert_non_null(strstr(found, "nested more than 4096 deep"));
    free(found);
    pv_buffer_free(&bytes);
}

static void limits_are_kept(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_buffer bytes = marshal_bytes("{ " WORK "(5 i1 i1 g0 g0 { " MAIN "i1 0 0");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    limits.functions = 1;
    assert_false(read_as("pstats", pv_buffer_text(&bytes), &options, &profile, &err));
    assert_int_equal(PV_LIMIT, err.code);
    limits = pv_limits_default();
    limits.line_bytes = 3;
    assert_false(read_as("pstats", pv_buffer_text(&bytes), &options, &profile, &err));
    limits = pv_limits_default();
    limits.memory = 1000;
    assert_false(read_as("pstats", pv_buffer_text(&bytes), &options, &profile, &err));
    assert_int_equal(PV_LIMIT, err.code);
    assert_null(profile);
    pv_buffer_free(&bytes);
}

/* ---- Whole files ---- */

/* Cut anywhere it must be refused; every cut of a small file, `places` of a large one. */
static void check_cuts(const char *path, struct pv_text bytes, size_t places)
{
    struct pv_error err;
    size_t step = bytes.size > places * 20 ? bytes.size / places : 1;
    for (size_t size = 0; size < bytes.size; size += step) {
        struct pv_profile *profile = NULL;
        if (read_as("pstats", (struct pv_text){bytes.data, size}, NULL, &profile, &err))
            fail_msg("%s: read though it was cut at %zu", path, size);
        assert_null(profile);
    }
}

static uint64_t fingerprint(struct pv_text bytes, size_t chunk)
{
    struct pv_profile *profile;
    struct pv_error err;
    struct pv_input_options options = {.chunk = chunk};
    uint64_t sum = 0;
    if (!read_as("pstats", bytes, &options, &profile, &err))
        return 0;
    const struct pv_graph *graph = profile->graph;
    for (uint32_t i = 0; i < graph->func_count; i++)
        sum = sum * 31 + (uint64_t)(graph->self[0][i] ^ graph->total[0][i] ^ graph->funcs[i].calls);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        sum = sum * 31 +
              (graph->arcs[i].caller ^ graph->arcs[i].callee ^ (uint64_t)graph->arc_total[0][i]);
    pv_profile_free(profile);
    return sum + 1;
}

static void check_chunks(const char *path, struct pv_text bytes)
{
    uint64_t whole = fingerprint(bytes, 0);
    for (size_t chunk = 1; chunk < 5000; chunk = chunk * 7 + (chunk > 1))
        if (fingerprint(bytes, chunk) != whole)
            fail_msg("%s: chunks of %zu make another profile", path, chunk);
}

/* Every `step`th byte of a small file changed in turn: whatever comes out, nothing breaks. */
static void check_damage(struct pv_text bytes, size_t step)
{
    char *copy = malloc(bytes.size + 1);
    memcpy(copy, bytes.data, bytes.size);
    for (size_t i = 0; i < bytes.size && bytes.size < 4000; i += step) {
        copy[i] = (char)(copy[i] ^ (1 << (i % 8)));
        fingerprint((struct pv_text){copy, bytes.size}, 0);
        copy[i] = bytes.data[i];
    }
    free(copy);
}

/* Where there are many files alike, a few places in each are enough. */
static int check_folder(const char *folder, bool is_whole)
{
    int count = 0;
    char path[512];
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        struct pv_text name = pv_text_of(entry->d_name);
        bool is_dump = pv_text_ends(name, PV_TEXT(".pstats")) ||
                       pv_text_ends(name, PV_TEXT(".prof")) || pv_text_ends(name, PV_TEXT(".gz"));
        if (!is_dump)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        struct pv_buffer bytes = bytes_of_file(path);
        assert_non_null(bytes.data);
        bool is_small = bytes.size < 100000;
        if (is_small)
            check_cuts(path, pv_buffer_text(&bytes), is_whole ? 400 : 50);
        check_chunks(path, pv_buffer_text(&bytes));
        check_damage(pv_buffer_text(&bytes), is_whole ? 1 : 7);
        pv_buffer_free(&bytes);
        count++;
    }
    if (listing)
        closedir(listing);
    return count;
}

static void samples_survive_cuts_chunks_and_damage(void **state)
{
    (void)state;
    assert_true(check_folder("samples/pstats", true) > 0);
}

static void the_corpus_survives_cuts_chunks_and_damage(void **state)
{
    (void)state;
    if (check_folder("../shared/corpus/python/pstats", false) == 0) {
        print_message("skipped: there is no ../shared/corpus here\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dictionaries_become_profiles),
        cmocka_unit_test(references_are_followed),
        cmocka_unit_test(samples_are_folded),
        cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(loaders_and_builtins_are_marked),
        cmocka_unit_test(dumps_are_recognised),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(attacks_by_reference_are_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(samples_survive_cuts_chunks_and_damage),
        cmocka_unit_test(the_corpus_survives_cuts_chunks_and_damage),
    };
    return cmocka_run_group_tests_name("pstats", tests, NULL, NULL);
}

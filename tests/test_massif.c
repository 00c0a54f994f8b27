#include "tests/collapsed_profile.h"

#define RULE "#-----------\n"
#define HEADER "desc: x\ncmd: ./x\ntime_unit: i\n"
#define SNAPSHOT(number, time, heap, tree)                                                         \
    RULE "snapshot=" number "\n" RULE "time=" time "\nmem_heap_B=" heap                            \
         "\nmem_heap_extra_B=0\nmem_stacks_B=0\nheap_tree=" tree "\n"
#define ALL "(heap allocation functions) malloc/new/new[], --alloc-fns, etc.\n"
#define REST "\xe2\x80\xa6 places below the threshold{R}"
#define PEAK HEADER SNAPSHOT("0", "5", "100", "peak")

static bool read_massif_with(struct pv_text bytes, const struct pv_input_options *options,
                             struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.massif", options);
    bool done = pv_format_named(PV_TEXT("massif"))->read(input, out, err);
    pv_input_close(input);
    return done;
}

static struct pv_profile *read_massif(struct pv_text bytes)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_massif_with(bytes, NULL, &profile, &err))
        fail_msg("line %d: %s, in %.*s", (int)err.where.line, err.message, PV_TEXT_ARGS(bytes));
    return profile;
}

static struct pv_profile *read_sample(const char *path)
{
    struct pv_buffer bytes = file_bytes(path);
    assert_non_null(bytes.data);
    struct pv_profile *profile = read_massif(pv_buffer_text(&bytes));
    pv_buffer_free(&bytes);
    return profile;
}

static void trees_become_stacks(void **state)
{
    static const struct {
        const char *label, *text, *stacks, *note;
    } rows[] = {
        {"callers are outside",
         PEAK "n2: 100 " ALL " n1: 70 0x1: push (a.c:6)\n  n0: 70 0x2: main (a.c:15)\n"
              " n0: 30 0x3: grow (a.c:9)\n",
         "main|push 70 / grow 30", NULL},
        {"two callers",
         PEAK "n1: 100 " ALL " n2: 100 0x1: f (a.c:6)\n  n0: 60 0x2: g (a.c:1)\n"
              "  n0: 40 0x3: h (a.c:2)\n",
         "g|f 60 / h|f 40", NULL},
        {"lines of one function are one",
         PEAK "n2: 100 " ALL " n0: 60 0x1: f (a.c:6)\n n0: 40 0x2: f (a.c:7)\n", "f 100", NULL},
        {"below the threshold",
         PEAK "n2: 100 " ALL " n2: 90 0x1: f (a.c:6)\n  n0: 80 0x2: main (a.c:1)\n"
              "  n0: 10 in 2 places, all below massif's threshold (1.00%)\n"
              " n0: 10 in 1 place, below massif's threshold (1.00%)\n",
         REST " 10 / main|f 80 / " REST "|f 10", NULL},
        {"heaptrack's rest is not told",
         PEAK "n1: 100 " ALL " n0: 0 in 5 places, all below massif's threshold (1)\n", REST " 100",
         NULL},
        {"nothing is broken down", PEAK "n0: 100 " ALL, REST " 100", NULL},
        {"nothing is allocated", HEADER SNAPSHOT("0", "5", "0", "peak") "n0: 0 " ALL, "", NULL},
        {"callers hold less",
         PEAK "n1: 100 " ALL " n1: 100 0x1: f (a.c:6)\n  n0: 70 0x2: main (a.c:1)\n",
         "f 30 / main|f 70", NULL},
        {"callers hold more",
         PEAK "n1: 100 " ALL " n1: 100 0x1: f (a.c:6)\n  n0: 170 0x2: main (a.c:1)\n", "main|f 170",
         "repaired"},
        {"cut in the tree", PEAK "n2: 100 " ALL " n2: 90 0x1: f (a.c:6)\n", REST " 10 / f 90",
         "cut"},
        {"a line too deep",
         PEAK "n1: 100 " ALL " n0: 100 0x1: f (a.c:6)\n   n0: 10 0x2: g (a.c:1)\n", "f 100",
         "skipped"},
        {"one caller too many",
         PEAK "n1: 100 " ALL " n0: 90 0x1: f (a.c:6)\n n0: 10 0x2: g (a.c:1)\n", REST " 10 / f 90",
         "skipped"},
        {"two trees", PEAK "n1: 100 " ALL " n0: 100 0x1: f (a.c:6)\nn0: 7 " ALL, "f 100",
         "skipped"},
        {"unknown functions",
         PEAK "n2: 100 " ALL " n0: 70 0x1: ???\n n0: 30 0x2: ??? (in /lib/x.so)\n",
         "???{U} 70 / ???{U} 30", NULL},
        {"the largest, where no peak is marked",
         HEADER
             SNAPSHOT("0", "1", "10", "detailed") "n1: 10 " ALL " n0: 10 0x1: f (a.c:6)\n" SNAPSHOT(
                 "1", "2", "20", "detailed") "n1: 20 " ALL
                                             " n0: 20 0x1: g (a.c:6)\n" SNAPSHOT("2", "3", "15",
                                                                                 "empty"),
         "g 20 0 / f 0 10", NULL},
        {"the most heap has no tree",
         HEADER SNAPSHOT("0", "1", "10",
                         "detailed") "n1: 10 " ALL
                                     " n0: 10 0x1: f (a.c:6)\n" SNAPSHOT("1", "2", "20", "empty"),
         "f 10", "missing"},
        {"no tree at all", HEADER SNAPSHOT("0", "1", "10", "empty"), "", "missing"},
        {"no unit of time",
         SNAPSHOT("0", "1", "10", "peak") "n1: 10 " ALL " n0: 10 0x1: f (a.c:6)\n", "f 10",
         "missing"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_massif(pv_text_of(rows[i].text));
        struct pv_buffer stacks = stacks_of(profile);
        pv_buffer_char(&stacks, '\0');
        /* The order of nodes is the builder's; rows here are short enough to be told apart. */
        struct pv_text rest = pv_text_of(rows[i].stacks), part;
        if (stacks.size - 1 != rest.size)
            fail_msg("%s: wanted %s, got %s", rows[i].label, rows[i].stacks, stacks.data);
        while (pv_text_split(&rest, '/', &part))
            if (pv_text_search(pv_buffer_text(&stacks), pv_text_trim(part)) >= stacks.size)
                fail_msg("%s: wanted %s, got %s", rows[i].label, rows[i].stacks, stacks.data);
        if (profile->note_count != (rows[i].note != NULL))
            fail_msg("%s: %u notes", rows[i].label, profile->note_count);
        if (rows[i].note)
            assert_string_equal(pv_profile_text(profile, profile->notes->kind).data, rows[i].note);
        pv_buffer_free(&stacks);
        pv_profile_free(profile);
    }
}

static void frames_have_their_parts(void **state)
{
    static const struct {
        const char *text, *name, *file, *module;
    } rows[] = {
        {"0x1091CE: push (alloc.c:6)", "push", "alloc.c", ""},
        {"0x10: push (/src/a b/alloc.c:6)", "push", "/src/a b/alloc.c", ""},
        {"0x1FF145: malloc (in /usr/lib/libc.so.6)", "malloc", "", "/usr/lib/libc.so.6"},
        {"0x1: f (in /opt/lib (x86)/libz.so)", "f", "", "/opt/lib (x86)/libz.so"},
        {"0x1: operator new(unsigned long) (new_op.cc:50)", "operator new(unsigned long)",
         "new_op.cc", ""},
        {"0x1: lex(std::string const&)", "lex(std::string const&)", "", ""},
        {"0x1: f(A, (anonymous namespace)::B)", "f(A, (anonymous namespace)::B)", "", ""},
        {"0x1: g (my file (2).c:40)", "g", "my file (2).c", ""},
        {"0x1: T::allocate (alloc.rs:226:9)", "T::allocate", "alloc.rs", ""},
        {"0x1: f (a.c:99999999999)", "f", "a.c", ""},
        {"0x1: f (a.c)", "f (a.c)", "", ""},
        {"0x1: f (in )", "f (in )", "", ""},
        {"0x1: (a.c:3)", "(a.c:3)", "", ""},
        {"0x1: f)", "f)", "", ""},
        {"main", "main", "", ""},
        {"0xzz: main", "0xzz: main", "", ""},
        {"0x12:main", "0x12:main", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer text = {0};
        pv_buffer_print(&text, PEAK "n1: 100 " ALL " n0: 100 %s\n", rows[i].text);
        struct pv_profile *profile = read_massif(pv_buffer_text(&text));
        const struct pv_frame *frame = &profile->frames[0];
        assert_int_equal(profile->frame_count, 1);
        assert_string_equal(pv_profile_text(profile, frame->name).data, rows[i].name);
        assert_string_equal(pv_profile_text(profile, frame->file).data, rows[i].file);
        assert_string_equal(pv_profile_text(profile, frame->module).data, rows[i].module);
        assert_int_equal(frame->line, 0);
        pv_buffer_free(&text);
        pv_profile_free(profile);
    }
}

/* "heap bytes: 0 1|5 2" and so on, with the names of time and both units. */
static struct pv_buffer series_of(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < profile->series_count; i++) {
        const struct pv_series *series = &profile->series[i];
        pv_buffer_print(&out, "%s%s/%s %s/%lld:", i ? " & " : "",
                        pv_profile_text(profile, series->name).data,
                        pv_profile_text(profile, series->at_name).data,
                        pv_unit_name(series->at_unit).data, (long long)series->at_scale);
        for (uint32_t p = 0; p < series->count; p++)
            pv_buffer_print(&out, " %lld=%lld", (long long)series->points[p].at,
                            (long long)series->points[p].value);
    }
    pv_buffer_char(&out, '\0');
    return out;
}

#define UNIT(unit) "desc: x\ncmd: ./x\ntime_unit: " unit "\n"
#define VALUES(time, heap, extra, stacks)                                                          \
    RULE "snapshot=1\n" RULE "time=" time "\nmem_heap_B=" heap "\nmem_heap_extra_B=" extra         \
         "\nmem_stacks_B=" stacks "\nheap_tree=empty\n"

static void snapshots_become_series(void **state)
{
    static const struct {
        const char *text, *series;
    } rows[] = {
        {UNIT("i") VALUES("0", "1", "0", "0") VALUES("9", "2", "0", "0"),
         "heap/instructions count/1: 0=1 9=2"},
        {UNIT("ms") VALUES("3", "1", "8", "0"),
         "heap/time ns/1: 3000000=1 & heap overhead/time ns/1: 3000000=8"},
        {UNIT("s") VALUES("0.221", "1", "0", "0"), "heap/time ns/1: 221000000=1"},
        {UNIT("B") VALUES("7", "1", "0", "5"),
         "heap/bytes allocated and freed bytes/1: 7=1 & stacks/bytes allocated and freed bytes/1: "
         "7=5"},
        {UNIT("days") VALUES("1.5", "0", "0", "0"), "heap/days count/10: 15=0"},
        {VALUES("1", "2", "0", "0") UNIT("s"), "heap/time ns/1: 1000000000=2"},
        {UNIT("s") VALUES("99999999999", "1", "0", "0") VALUES("1", "2", "0", "0"),
         "heap/time ns/1: 1000000000=2"},
        {UNIT("i"), ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_massif(pv_text_of(rows[i].text));
        struct pv_buffer series = series_of(profile);
        assert_string_equal(series.data, rows[i].series);
        pv_buffer_free(&series);
        pv_profile_free(profile);
    }
}

static void each_tree_is_a_metric(void **state)
{
    (void)state;
    struct pv_profile *profile = read_sample("samples/massif/pantry.massif");
    int64_t most = 0;
    assert_string_equal(pv_profile_text(profile, profile->metrics[0].name).data, "heap");
    assert_int_equal(profile->metrics[0].total, 150000);
    assert_true(profile->metric_count > 2);
    for (uint32_t m = 1; m < profile->metric_count; m++) {
        assert_true(pv_text_starts(pv_profile_text(profile, profile->metrics[m].name),
                                   PV_TEXT("heap at snapshot ")));
        most = profile->metrics[m].total > most ? profile->metrics[m].total : most;
    }
    assert_true(most > 0 && most <= 150000);
    assert_int_equal(profile->note_count, 0);
    pv_profile_free(profile);
    profile = read_sample("samples/massif/edge.massif");
    struct pv_buffer stacks = stacks_of(profile);
    pv_buffer_char(&stacks, '\0');
    assert_non_null(strstr(stacks.data, "|std::pair<int, (anonymous namespace)::Tok>::grow(int "
                                        "(*)(char)) 1300 500"));
    assert_int_equal(profile->metrics[1].total, 1000);
    pv_buffer_free(&stacks);
    pv_profile_free(profile);
}

/* Trees with nothing in common would need a column for each of them over all nodes of all. */
static void unlike_trees_are_left_out(void **state)
{
    struct pv_buffer text = {0};
    (void)state;
    pv_buffer_print(&text, HEADER);
    for (int i = 0; i < 900; i++) {
        pv_buffer_print(&text, RULE "snapshot=%d\n" RULE "time=%d\nmem_heap_B=9\nheap_tree=%s\n", i,
                        i, i ? "detailed" : "peak");
        pv_buffer_print(&text, "n2: 9 " ALL " n0: 5 0x1: f%d (a.c:1)\n n0: 4 0x1: g%d (a.c:1)\n", i,
                        i);
    }
    struct pv_profile *profile = read_massif(pv_buffer_text(&text));
    assert_int_equal(profile->metric_count, 1);
    assert_int_equal(profile->metrics[0].total, 9);
    assert_int_equal(profile->note_count, 1);
    assert_int_equal(profile->notes[0].count, 899);
    pv_buffer_free(&text);
    pv_profile_free(profile);
}

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *label, *text, *says;
        int line;
    } rows[] = {
        {"empty", "", "holds no snapshot", 0},
        {"no massif", "a;b 5\na;c 6\n", "neither key=value", 1},
        {"values before a snapshot", UNIT("i") "time=5\nmem_heap_B=2\n", "belongs to no snapshot",
         4},
        {"a tree before a snapshot", UNIT("i") "n0: 5 " ALL, "belongs to no snapshot", 4},
        {"negative", VALUES("1", "-2", "0", "0"), "negative", 5},
        {"no number", VALUES("x", "2", "0", "0"), "no number", 4},
        {"huge", VALUES("1", "99999999999999999999", "0", "0"), "no number", 5},
        {"unknown kind", HEADER SNAPSHOT("0", "1", "1", "odd"), "unknown kind", 11},
        {"incomplete", UNIT("i") RULE "snapshot=0\n" RULE "time=5\n", "lacks", 7},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        print_message("%s\n", rows[i].label);
        assert_false(read_massif_with(pv_text_of(rows[i].text), NULL, &profile, &err));
        assert_null(profile);
        assert_error(&err, rows[i].says, (uint64_t)rows[i].line);
    }
}

static void limits_hold(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_buffer text = {0};
    struct pv_profile *profile;
    struct pv_error err;
    (void)state;
    pv_buffer_print(&text, PEAK "n1: 100 " ALL);
    for (int i = 1; i < 400; i++)
        pv_buffer_print(&text, "%*sn%d: 100 0x1: f%d (a.c:1)\n", i, "", i < 399, i);
    limits.stack_depth = 3;
    assert_true(read_massif_with(pv_buffer_text(&text), &options, &profile, &err));
    struct pv_buffer stacks = stacks_of(profile);
    pv_buffer_char(&stacks, '\0');
    assert_string_equal(stacks.data, "f399|f398|f397|[deeper than 3 frames]{R} 100");
    pv_buffer_free(&stacks);
    pv_profile_free(profile);
    limits = pv_limits_default();
    limits.memory = 9000;
    assert_false(read_massif_with(pv_buffer_text(&text), &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    pv_buffer_free(&text);
}

static void content_is_recognised(void **state)
{
    static const struct {
        const char *label, *text;
        enum pv_probe probe;
    } rows[] = {
        {"massif", PEAK, PV_PROBE_SURE},
        {"heaptrack", VALUES("1", "2", "0", "0"), PV_PROBE_SURE},
        {"CR LF", "desc: x\r\ncmd: y\r\ntime_unit: i\r\n#-----------\r\nsnapshot=0\r\n",
         PV_PROBE_SURE},
        {"blank lines in front", "\n\r\n" PEAK, PV_PROBE_SURE},
        {"header alone", HEADER, PV_PROBE_LIKELY},
        {"callgrind", "desc: Trigger: Program termination\ncmd: x\nevents: Ir\n", PV_PROBE_NO},
        {"a rule", "#-----------\nanything\n", PV_PROBE_NO},
        {"stacks", "a;b 5\n", PV_PROBE_NO},
        {"empty", "", PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].label);
        assert_int_equal(pv_format_named(PV_TEXT("massif"))->probe(pv_text_of(rows[i].text), true),
                         rows[i].probe);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_become_stacks),
        cmocka_unit_test(frames_have_their_parts),
        cmocka_unit_test(snapshots_become_series),
        cmocka_unit_test(each_tree_is_a_metric),
        cmocka_unit_test(unlike_trees_are_left_out),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(content_is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/callgrind_profile.h"

static void records_become_functions_and_arcs(void **state)
{
    static const struct {
        const char *label, *text, *graph;
    } rows[] = {
        {"costs add up", HEAD "fn=f\n1 5\n+1 6\n* 7\n-2 8\n", "f 26 26 ?"},
        {"missing costs are 0", "events: Ir Dr\nfn=f\n1 5\n2\n3 1 2\n* \n", "f 6,2 6,2 ?"},
        {"a call", HEAD "fn=f\n1 5\ncfn=g\ncalls=3 9\n1 70\nfn=g\n9 70\n",
         "f 5 75 ? / g 70 70 3 / f>g 70 3"},
        {"calls add up",
         BIG "fn=f\ncfn=g\ncalls=3 9\n1 70\ncfn=g\ncalls=1 9\n1 5\nfn=h\ncfn=g\n"
             "calls=1 9\n1 1\nfn=f\ncfn=g\ncalls=1 9\n1 2\n",
         "f 0 77 ? / g 0 0 6 / h 0 1 ? / f>g 77 5 / h>g 1 1"},
        {"a call that happened in another part",
         BIG "fn=f\ncfn=g\ncalls=0 9\n1 7\ncfn=h\n"
             "calls=1 2\n1 1\n",
         "f 0 8 ? / g 0 0 0 / h 0 0 1 / f>g 7 0 / f>h 1 1"},
        {"a file that counts no calls", BIG "fn=f\ncfn=g\ncalls=0 9\n1 7\n",
         "f 0 7 ? / g 0 0 ? / f>g 7 ?"},
        {"more than a number and a position", BIG "fn=f\ncfn=g\ncalls=1 0 0\n1 7\n",
         "f 0 7 ? / g 0 0 1 / f>g 7 1"},
        {"objects and files",
         BIG "ob=o\nfl=a.c\nfn=f\n1 1\ncob=p\ncfi=b.c\ncfn=f\ncalls=1 2\n"
             "1 5\ncfn=f\ncalls=1 1\n1 1\ncfl=c.c\ncfn=f\ncalls=1 1\n1 2\n",
         "o!f@a.c 1 8 1 / p!f@b.c 0 0 1 / o!f@c.c 0 0 1 / o!f@a.c>p!f@b.c 5 1 / "
         "o!f@a.c>o!f@a.c 1 1 / o!f@a.c>o!f@c.c 2 1"},
        {"inlined lines",
         BIG "fl=a.c\nfn=f\n1 1\nfi=a.h\n7 2\ncfn=g\ncalls=1 1\n1 4\nfe=a.c\n"
             "2 3\ncfn=g\ncalls=1 1\n1 4\n",
         "f@a.c 6 14 ? / g@a.h 0 0 1 / g@a.c 0 0 1 / f@a.c>g@a.h 4 1 / f@a.c>g@a.c 4 1"},
        {"inlined lines end with the function",
         BIG "fl=a.c\nfn=f\n1 1\nfi=a.h\n7 2\n\nfn=h\ncfn=g\ncalls=1 1\n1 4\n",
         "f@a.c 3 3 ? / h@a.c 0 4 ? / g@a.c 0 0 1 / h@a.c>g@a.c 4 1"},
        {"no fl= at all",
         BIG "fi=a.c\nfn=f\ncfn=g\ncfi=b.c\ncalls=1 1\n1 4\n\nfi=b.c\nfn=g\n"
             "1 4\n",
         "f@a.c 0 4 ? / g@b.c 4 4 1 / f@a.c>g@b.c 4 1"},
        {"names with numbers",
         HEAD "fl=(1) a.c\nfn=(7) f\n1 1\ncfi=(2) b.c\ncfn=(3) g\n"
              "calls=1 1\n1 4\n\nfl=(2)\nfn=(3)\n1 4\nfl=(1)\nfn=(7)\n1 1\n",
         "f@a.c 2 6 ? / g@b.c 4 4 1 / f@a.c>g@b.c 4 1"},
        {"names given by jumps",
         HEAD "fn=(1) f\n1 1\njfi=(4) j.c\njfn=(2) g\njump=1 +3\n+1\n"
              "jcnd=1/2 9\n*\nfl=(4)\nfn=(2)\n1 2\n",
         "f 1 1 ? / g@j.c 2 2 ?"},
        {"names given in front",
         HEAD "fl=(0) a.c\nfl=(1) b.c\nfn=(0) f\nfn=(1) g\nfl=(1)\n"
              "fn=(1)\n1 2\n",
         "g@b.c 2 2 ?"},
        {"numbers from far away",
         HEAD "fn=(99999999) f\n1 1\nfn=(3) g\n1 2\nfn=(99999999)\n1 3\n"
              "fn=(5000) h\n1 1\nfn=(3)\n1 1\n",
         "f 4 4 ? / g 3 3 ? / h 1 1 ?"},
        {"a number without a name", BIG "fn=(1) f\ncfn=(5)\ncalls=1 1\n1 3\n",
         "f 0 3 ? / (5){?} 0 0 1 / f>(5){?} 3 1"},
        {"names are kept as they are",
         HEAD "fl=(1)  a b.c \nfn=(2) operator=(x)# \xff;\n1 1\n"
              "fn=(below main)\n1 1\nfn=()\n1 1\nfn=(3)x\n1 1\n",
         "operator=(x)# \xff;@ a b.c  1 1 ? / (below main)@ a b.c  1 1 ? / ()@ a b.c  1 1 ? / "
         "(3)x@ a b.c  1 1 ?"},
        {"what is not known", HEAD "ob=???\nfl=???\nfn=???\n1 1\n", "???{?} 1 1 ?"},
        {"addresses and steps",
         "positions: instr line\n" HEAD "fn=~\n0 0 1000\n"
         "fn=f\n0x40aB 7 1\n+10 * 2\n* +1 3\ncfn=g\n"
         "calls=1 0x80 9\n-2 -1 4\n",
         "f 6 10 ? / g 0 0 1 / f>g 4 1"},
        {"parts",
         HEAD "fn=(1) f\n1 1\ntotals: 1\npart: 2\npositions: instr line\nevents: Dr Ir\n"
              "fn=(1)\n0x1 1 5 7\ntotals: 5 7\n",
         "f 8,5 8,5 ?"},
        {"hexadecimal and fractions",
         "events: a b\n" REST "fn=f\n1 0x10 1\n2 1 2.25\n3 1 0.5\ncfn=g\n"
         "calls=1 1\n1 1 1e1\n",
         "f 18,3.75 19,13.75 ? / g 0,0 0,0 1 / f>g 1,10 1"},
        {"many seconds and small fractions",
         "events: wall(s) b(s)\nevent: X = wall(s) + b(s)\nfn=f\n1 8000000\n2 0.123456789 1.5\n",
         "f 8000000123456789,1500000000,8000001623456789 "
         "8000000123456789,1500000000,8000001623456789 ?"},
        {"ranges of positions", HEAD "fn=f\n12+3 5\n+1-3 6\n12:14 7\n", "f 18 18 ?"},
        {"a formula that a later part changes",
         "event: X = 2 a\nevents: a\nfn=f\n1 3\nevents: a\nfn=f\n1 3\n"
         "event: X = 5 a\nevents: a\nfn=f\n1 3\n",
         "f 9,27 9,27 ?"},
        {"negative costs", "events: a memory\nfn=f\n1 1 -5\n", "f 1,-5 1,-5 ?"},
        {"formulas",
         "event: X = a + 10 b : all\nevent: Y = 2*X - a\nevent: Z = c + d\nevent: a : short\n"
         "events: a b\n" REST "fn=f\n1 3 4\ncfn=g\ncalls=1 1\n1 1 1.5\n",
         "f 3,4,43,83 4,5.5,59,114 ? / g 0,0,0,0 0,0,0,0 1 / f>g 1,1.5,16,31 1"},
        {"a formula of what is negative", "event: X = 2 a\nevents: a\nfn=f\n1 3\n1 -5\n",
         "f -2,-4 -2,-4 ?"},
        {"a formula behind its events", "events: a\nevent: X = 2 a\nfn=f\n1 3\n", "f 3,6 3,6 ?"},
        {"CR LF and comments", "# x\r\nevents: Ir\r\n\r\nfn=f\r\n1 5\r\n# x\r\n+1 6\r\n",
         "f 11 11 ?"},
        {"CR alone", "events: Ir\rfn=f\r1 5\r+1 6\r", "f 11 11 ?"},
        {"no column at all", "events:\nfn=f\ncfn=g\ncalls=1 1\n1\n", "f ? / g 1 / f>g 1"},
        {"nothing in it", "version: 1\n" HEAD "summary: 0\ntotals: 0\n", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_graph(rows[i].label, rows[i].text, rows[i].graph);
}

/* Recursion counts once, and nothing on a cycle exceeds what the cycle costs. */
static void cycles_are_bounded(void **state)
{
    static const struct {
        const char *label, *text, *graph;
    } rows[] = {
        {"a function that calls itself",
         BIG "fn=f\n1 5\ncfn=f\ncalls=9 1\n1 40\ncfn=g\ncalls=2 1\n1 3\n",
         "f 5 8 9 / g 0 0 2 / f>f 8 9 / f>g 3 2"},
        {"levels",
         BIG "fn=f\n1 5\ncfn=f'2\ncalls=1 1\n1 9\nfn=f'2\n1 9\ncfn=f'2\ncalls=4 1\n"
             "1 70\n",
         "f 5 14 ? / f'2 9 9 5 / f>f'2 9 1 / f'2>f'2 9 4"},
        {"a circle of two, entered by one",
         BIG "fn=m\ncfn=a\ncalls=1 1\n1 14\nfn=a\n1 2\ncfn=b\ncalls=9 1\n1 90\nfn=b\n1 3\n"
             "cfn=a\ncalls=8 1\n1 80\ncfn=x\ncalls=1 1\n1 9\n",
         "m 0 14 ? / a 2 14 9 / b 3 14 9 / x 0 0 1 / m>a 14 1 / a>b 14 9 / b>a 14 8 / b>x 9 1"},
        {"one that is hardly entered",
         HEAD "fn=m\n1 100\ncfn=a\ncalls=1 1\n1 6\nfn=a\n1 5\n"
              "cfn=b\ncalls=1 1\n1 1\nfn=b\n1 1\ncfn=a\ncalls=1 1\n"
              "1 2\n",
         "m 100 106 ? / a 5 6 2 / b 1 1 1 / m>a 6 1 / a>b 1 1 / b>a 1 1"},
        {"beyond the whole", HEAD "fn=f\n1 5\ncfn=g\ncalls=1 1\n1 70\n",
         "f 5 5 ? / g 0 0 1 / f>g 5 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_graph(rows[i].label, rows[i].text, rows[i].graph);
}

static void metrics_say_what_is_known(void **state)
{
    static const struct {
        const char *head, *name;
        enum pv_unit unit;
        int64_t value; /* of a cost of 3 */
        int64_t scale;
    } rows[] = {
        {"events: Ir\n", "Ir", PV_UNIT_COUNT, 3, 1},
        {"events: Time_(10ns)\n", "Time", PV_UNIT_NS, 30, 1},
        {"events: Memory_(bytes)\n", "Memory", PV_UNIT_BYTES, 3, 1},
        {"events: cpu(ms)\n", "cpu", PV_UNIT_NS, 3000000, 1},
        {"events: inuse_space(MB)\n", "inuse_space", PV_UNIT_BYTES, 3 << 20, 1},
        {"events: samples(count)\n", "samples(count)", PV_UNIT_COUNT, 3, 1},
        {"event: ns : Nanoseconds\nevents: ns\n", "ns", PV_UNIT_NS, 3, 1},
        {"events: microseconds\n", "microseconds", PV_UNIT_NS, 3000, 1},
        {"event: usphit :microseconds/hit\nevents: usphit\n", "usphit", PV_UNIT_COUNT, 3, 1},
        {"event: sysTime : sysTime (elapsed us)\nevents: sysTime\n", "sysTime", PV_UNIT_NS, 3000,
         1},
        {"events: t_(0.001ns)\n", "t", PV_UNIT_NS, 3, 1000},
        {"event: C___D_(0.01) : C = D (0.01)\nevents: C___D_(0.01)\n", "C = D", PV_UNIT_COUNT, 3,
         100},
        {"events: x(0.25ms)\n", "x", PV_UNIT_NS, 750000, 1},
        {"events: (ns)\n", "(ns)", PV_UNIT_NS, 3, 1},
        {"events: x(99999999999999999999s)\n", "x(99999999999999999999s)", PV_UNIT_COUNT, 3, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer text = {0};
        print_message("%s", rows[i].head);
        pv_buffer_print(&text, "%sfn=f\n1 3\n", rows[i].head);
        pv_buffer_char(&text, '\0');
        struct pv_profile *profile = read_text(text.data);
        const struct pv_metric *metric = &profile->metrics[0];
        assert_true(
            pv_text_equal(pv_profile_text(profile, metric->name), pv_text_of(rows[i].name)));
        assert_int_equal(metric->unit, rows[i].unit);
        assert_int_equal(metric->total, rows[i].value);
        assert_int_equal(metric->scale, rows[i].scale);
        pv_buffer_free(&text);
        pv_profile_free(profile);
    }
}

/* However the bytes come, the places of complaints are the same. */
static void chunks_do_not_matter(void **state)
{
    static const char text[] =
        HEAD "fn=f\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n\n1 1\n1 1\n1 x\n"
             "1 1\n+1 5\n";
    (void)state;
    for (size_t chunk = 1; chunk < sizeof text; chunk++) {
        struct pv_input_options options = {.chunk = chunk};
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_true(read_with(pv_text_of(text), &options, &profile, &err));
        assert_int_equal(profile->metrics[0].total, 16);
        assert_int_equal(profile->note_count, 1);
        assert_int_equal(profile->notes[0].line, 14);
        pv_profile_free(profile);
    }
}

static struct pv_text load(const char *path, struct pv_buffer *bytes)
{
    struct pv_input *input;
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        fail_msg("%s: %s", path, err.message);
    pv_buffer_add(bytes, pv_input_need(input, SIZE_MAX));
    pv_input_close(input);
    return pv_buffer_text(bytes);
}

/* The profile's first metric as JSON, which has an order of its own. */
static struct pv_buffer json_of(const char *path)
{
    struct pv_buffer bytes = {0}, json = {0}, lost = {0};
    struct pv_profile *profile = NULL;
    struct pv_output *output = pv_output_memory();
    struct pv_error err;
    assert_true(read_with(load(path, &bytes), NULL, &profile, &err));
    pv_profile_keep_metric(profile, 0);
    pv_format_named(PV_TEXT("json"))->write(profile, output, &lost);
    pv_buffer_add(&json, pv_output_bytes(output));
    pv_output_close(output);
    pv_profile_free(profile);
    pv_buffer_free(&bytes);
    pv_buffer_free(&lost);
    return json;
}

static void ways_of_writing_agree(void **state)
{
    static const char *const paths[] = {"samples/callgrind/mill-plain.out",
                                        "samples/callgrind/mill-instr.out"};
    struct pv_buffer wanted = json_of("samples/callgrind/mill.out");
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct pv_buffer got = json_of(paths[i]);
        if (!pv_text_equal(pv_buffer_text(&got), pv_buffer_text(&wanted)))
            fail_msg("%s: %.*s, not %.*s", paths[i], PV_TEXT_ARGS(pv_buffer_text(&got)),
                     PV_TEXT_ARGS(pv_buffer_text(&wanted)));
        pv_buffer_free(&got);
    }
    pv_buffer_free(&wanted);
}

/* Headers first, then the file's name; several are nobody's. */
static void files_say_whose_they_are(void **state)
{
    static const struct {
        const char *name, *text;
        uint64_t process, thread;
    } rows[] = {
        {"x", "pid: 12\nthread: 3\n" HEAD, 12, 3},
        {"callgrind.out.9.2-07", "pid: 12\nthread: 3\n" HEAD, 12, 3},
        {"callgrind.out.9.2-07", HEAD, 9, 7},
        {"run/callgrind.out.9-07.gz", HEAD, 9, 7},
        {"callgrind.out.9.2", HEAD, 9, 0},
        {"callgrind.out.9", "thread: 1\n" HEAD, 9, 1},
        {"callgrind.out.", HEAD, 0, 0},
        {"cachegrind.out.9", HEAD, 0, 0},
        {"x", "pid: 12\nthread: 1\n" HEAD "pid: 12\nthread: 2\n" HEAD, 12, 0},
        {"x", "pid: me\n" HEAD, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_input *input = pv_input_memory(pv_text_of(rows[i].text), rows[i].name, NULL);
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_true(callgrind()->read(input, &profile, &err));
        if (profile->process != rows[i].process || profile->thread != rows[i].thread)
            fail_msg("%s: %d, %d", rows[i].name, (int)profile->process, (int)profile->thread);
        pv_profile_free(profile);
        pv_input_close(input);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_become_functions_and_arcs),
        cmocka_unit_test(cycles_are_bounded),
        cmocka_unit_test(metrics_say_what_is_known),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(files_say_whose_they_are),
        cmocka_unit_test(ways_of_writing_agree),
    };
    return cmocka_run_group_tests_name("callgrind", tests, NULL, NULL);
}

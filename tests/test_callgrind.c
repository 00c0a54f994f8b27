#include "formats/registry.h"
#include "model/number.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct pv_format *callgrind(void)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("callgrind"));
    assert_non_null(format);
    return format;
}

static bool read_with(struct pv_text bytes, const struct pv_input_options *options,
                      struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.out", options);
    bool done = callgrind()->read(input, out, err);
    pv_input_close(input);
    return done;
}

static struct pv_profile *read_text(const char *text)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_with(pv_text_of(text), NULL, &profile, &err))
        fail_msg("line %d: %s, in %s", (int)err.where.line, err.message, text);
    return profile;
}

static void add_frame(struct pv_buffer *out, const struct pv_profile *profile, uint32_t func)
{
    uint32_t at = profile->graph->funcs[func].frame;
    const struct pv_frame *frame = &profile->frames[at];
    if (frame->module)
        pv_buffer_print(out, "%.*s!", PV_TEXT_ARGS(pv_profile_text(profile, frame->module)));
    pv_buffer_add(out, pv_profile_name(profile, at));
    if (frame->file)
        pv_buffer_print(out, "@%.*s", PV_TEXT_ARGS(pv_profile_text(profile, frame->file)));
    if (frame->flags & PV_FRAME_UNKNOWN)
        pv_buffer_add(out, PV_TEXT("{?}"));
}

static void add_values(struct pv_buffer *out, const struct pv_profile *profile,
                       int64_t *const *columns, uint32_t at)
{
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        char number[PV_NUMBER_SIZE];
        size_t size =
            pv_print_decimal(number, columns[m][at], pv_power_of(profile->metrics[m].scale));
        pv_buffer_char(out, m ? ',' : ' ');
        pv_buffer_add(out, (struct pv_text){number, size});
    }
}

static void add_calls(struct pv_buffer *out, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS)
        pv_buffer_add(out, PV_TEXT(" ?"));
    else
        pv_buffer_print(out, " %lld", (long long)calls);
}

/* "object!name@file self total calls" and "caller>callee total calls", joined by " / ". */
static struct pv_buffer graph_of(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    const struct pv_graph *graph = profile->graph;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        if (pv_text_equal(pv_profile_name(profile, graph->funcs[i].frame), PV_TEXT("~")))
            continue;
        pv_buffer_add(&out, out.size ? PV_TEXT(" / ") : PV_TEXT(""));
        add_frame(&out, profile, i);
        add_values(&out, profile, graph->self, i);
        add_values(&out, profile, graph->total, i);
        add_calls(&out, graph->funcs[i].calls);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        pv_buffer_add(&out, PV_TEXT(" / "));
        add_frame(&out, profile, graph->arcs[i].caller);
        pv_buffer_char(&out, '>');
        add_frame(&out, profile, graph->arcs[i].callee);
        if (graph->arc_has_total && !graph->arc_has_total[i])
            pv_buffer_add(&out, PV_TEXT(" ?"));
        else
            add_values(&out, profile, graph->arc_total, i);
        add_calls(&out, graph->arcs[i].calls);
    }
    return out;
}

static void check_graph(const char *label, const char *text, const char *wanted)
{
    struct pv_profile *profile = read_text(text);
    struct pv_buffer got = graph_of(profile);
    print_message("%s\n", label);
    if (!pv_text_equal(pv_buffer_text(&got), pv_text_of(wanted)))
        fail_msg("%s: wanted %s\ngot %.*s", label, wanted, PV_TEXT_ARGS(pv_buffer_text(&got)));
    pv_buffer_free(&got);
    pv_profile_free(profile);
}

/* BIG: much else is in the file, so that nothing exceeds the whole; it is not written down. */
#define HEAD "events: Ir\n"
#define REST "fn=~\n0 1000 1000\n"
#define BIG HEAD "fn=~\n0 1000\n"

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

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *label, *text, *message;
        uint64_t line;
    } rows[] = {
        {"empty", "", "has no events: line", 0},
        {"only a head", "version: 1\ncreator: callgrind-3.19.0\n", "has no events: line", 0},
        {"costs before events", "fn=f\n1 5\n2 6\n", "costs stand in front of the events: line", 2},
        {"costs before a function", HEAD "1 5\n2 6\n", "in front of the first fn=", 2},
        {"calls before a function", HEAD "cfn=f\ncalls=1 1\n1 1\n", "in front of the first fn=", 3},
        {"calls without a callee", HEAD "fn=f\ncalls=1 1\n1 1\n", "without its cfn=", 3},
        {"calls without a number", HEAD "fn=f\ncfn=g\ncalls=x 1\n1 1\n", "a number of calls", 4},
        {"calls without costs", HEAD "fn=f\ncfn=g\ncalls=1 1\nfn=g\n1 1\n", "not followed", 5},
        {"too many costs", HEAD "fn=f\n1 2 3\n", "at most one per event", 3},
        {"costs that are steps", HEAD "fn=f\n1 +2\n", "costs are numbers", 3},
        {"too large a cost", HEAD "fn=f\n1 99999999999999999999\n", "costs are numbers", 3},
        {"calls before events", "fn=f\ncfn=g\ncalls=1 1\n1 1\n", "in front of the events: line", 3},
        {"no position", HEAD "fn=f\n+ 5\n", "begins with its positions", 3},
        {"too large a step", HEAD "fn=f\n1 1\n+99999999999999999999999 5\n",
         "begins with its positions", 4},
        {"a position of words", HEAD "fn=f\n1x 5\n", "begins with its positions", 3},
        {"too few positions", "positions: instr line\n" HEAD "fn=f\n1\n",
         "begins with its positions", 4},
        {"neither", HEAD "fn=f\nhello\n", "neither a header nor a record", 3},
        {"a sum beyond 64 bits", HEAD "fn=f\n1 9000000000000000000\n2 9000000000000000000\n",
         "does not fit in 64 bits", 4},
        {"a total beyond 64 bits",
         HEAD "fn=f\n1 9000000000000000000\nfn=g\n2 9000000000000000000\n",
         "does not fit in 64 bits", 5},
        {"a formula that is none", "event: X = 99999999999999999999 a\nevents: a\nfn=f\n1 1\n",
         "a formula that cannot be read", 2},
        {"an event without a name", "event:\nevents: a\nfn=f\n1 1\n", "names no event", 1},
        {"too many positions", "positions: a b c d e\n", "columns of positions", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        print_message("%s\n", rows[i].label);
        if (read_with(pv_text_of(rows[i].text), NULL, &profile, &err))
            fail_msg("%s was read", rows[i].label);
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s: %s", rows[i].label, err.message);
        assert_int_equal(err.where.line, rows[i].line);
        assert_null(profile);
    }
}

static bool has_note(const struct pv_profile *profile, const char *kind, const char *text,
                     uint64_t count)
{
    for (uint32_t i = 0; i < profile->note_count; i++) {
        const struct pv_note *note = &profile->notes[i];
        struct pv_text about = pv_profile_text(profile, note->text);
        if (pv_text_equal(pv_profile_text(profile, note->kind), pv_text_of(kind)) &&
            pv_text_search(about, pv_text_of(text)) < about.size && note->count == count)
            return true;
    }
    return false;
}

static void what_is_odd_is_noted(void **state)
{
    static const struct {
        const char *label, *text, *kind, *note;
        uint64_t count;
    } rows[] = {
        {"a bad line of many",
         HEAD "fn=f\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 1\n1 x\n", "skipped",
         "costs are numbers", 1},
        {"no end", HEAD "fn=f\n1 1", "cut", "no line end", 1},
        {"no totals", "creator: callgrind-3.19.0\n" HEAD "fn=f\n1 1\n", "cut", "no totals: line",
         1},
        {"other totals", HEAD "fn=f\n1 1\ntotals: 2\n", "contradicted", "totals:", 1},
        {"parts", HEAD "fn=f\n1 1\n" HEAD "fn=f\n1 1\n", "merged", "parts", 2},
        {"negative lines", HEAD "fn=f\n1 1\n-7 1\n", "clamped", "positions", 1},
        {"a number without a name", HEAD "fn=(7)\n1 1\n", "unknown", "names", 1},
        {"a circle", HEAD "fn=f\n1 1\ncfn=g\ncalls=1 1\n1 1\nfn=g\n1 1\ncfn=f\ncalls=1 1\n1 1\n",
         "estimated", "in a circle", 2},
        {"an event that is not there", "event: X = Ir + y\n" HEAD "fn=f\n1 1\n", "estimated",
         "events in formulas", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_text(rows[i].text);
        if (!has_note(profile, rows[i].kind, rows[i].note, rows[i].count))
            fail_msg("%s is not noted", rows[i].label);
        pv_profile_free(profile);
    }
}

static void limits_hold(void **state)
{
    static const struct {
        const char *label, *text, *message;
        struct pv_limits limits;
    } rows[] = {
        {"functions",
         HEAD "fn=a\n1 1\nfn=b\n1 1\nfn=c\n1 1\n",
         "--max-functions",
         {.functions = 2}},
        {"arcs",
         HEAD "fn=a\ncfn=b\ncalls=1 1\n1 1\ncfn=c\ncalls=1 1\n1 1\n",
         "--max-arcs",
         {.arcs = 1}},
        {"lines", HEAD "fn=a\n1 11111111111111111111\n", "--max-line", {.line_bytes = 12}},
        {"memory", HEAD "fn=(1) a\n1 1\nfn=(4000) b\n1 1\n", "--max-memory", {.memory = 2000}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_limits limits = pv_limits_default();
        struct pv_input_options options = {.limits = &limits};
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        if (rows[i].limits.functions)
            limits.functions = rows[i].limits.functions;
        if (rows[i].limits.arcs)
            limits.arcs = rows[i].limits.arcs;
        if (rows[i].limits.line_bytes)
            limits.line_bytes = rows[i].limits.line_bytes;
        limits.memory = rows[i].limits.memory;
        print_message("%s\n", rows[i].label);
        assert_false(read_with(pv_text_of(rows[i].text), &options, &profile, &err));
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s: %s", rows[i].label, err.message);
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

static void content_is_recognised(void **state)
{
    static const struct {
        const char *label, *text;
        enum pv_probe probe;
    } rows[] = {
        {"its first line", "# callgrind format\n", PV_PROBE_SURE},
        {"valgrind",
         "version: 1\ncreator: callgrind-3\npositions: line\nevents: Ir\n\nfl=a\nfn=f\n",
         PV_PROBE_SURE},
        {"go pprof", "positions: instr line\nevents: cpu(ms)\n\nob=(1) a\nfl=(1) b\nfn=(1) c\n",
         PV_PROBE_SURE},
        {"google-pprof",
         "events: Hits\n\nfl=(1) a\nfn=(1) b\ncfl=(2) c\ncfn=(2) d\ncalls=1 2\n3 4\n",
         PV_PROBE_SURE},
        {"CR alone", "events: Hits\rfl=(1) a\rcfn=b\r", PV_PROBE_SURE},
        {"no calls", "events: Ticks\nfl=a\nfn=b\n1 2\n", PV_PROBE_LIKELY},
        {"a head without an end", "version: 1\ncreator: callgrind-3\npid: 5\ncmd: a b c",
         PV_PROBE_LIKELY},
        {"cachegrind", "desc: I1 cache: 32768 B\ncmd: ./a\nevents: Ir\nfl=a\nfn=b\n1 2\n",
         PV_PROBE_MAYBE},
        {"empty", "", PV_PROBE_NO},
        {"stacks", "a;b 5\na;c 6\n", PV_PROBE_NO},
        {"events alone", "events: 5\nfoo\n", PV_PROBE_NO},
        {"prose", "version: 1\nThis is text.\n", PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].label);
        assert_int_equal(callgrind()->probe(pv_text_of(rows[i].text), true), rows[i].probe);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_become_functions_and_arcs),
        cmocka_unit_test(cycles_are_bounded),
        cmocka_unit_test(metrics_say_what_is_known),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(what_is_odd_is_noted),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(content_is_recognised),
        cmocka_unit_test(ways_of_writing_agree),
    };
    return cmocka_run_group_tests_name("callgrind", tests, NULL, NULL);
}

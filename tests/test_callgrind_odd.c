#include "tests/callgrind_profile.h"

/* Files of callgrind with something wrong, and what is none. */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(what_is_odd_is_noted),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(content_is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

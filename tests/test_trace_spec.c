#include "formats/trace_sources.h"
#include "formats/trace_spec.h"
#include "formats/trace_time.h"
#include "tests/collapsed_profile.h"

#define RULES(rules) "{\"name\": \"t\", \"rules\": [" rules "]}"
#define RULE(pattern, more) "{\"pattern\": \"" pattern "\", " more "}"

static bool read_with(struct pv_text spec_text, struct pv_text log,
                      const struct pv_input_options *options, struct pv_profile **out,
                      struct pv_error *err)
{
    struct pv_trace_spec *spec;
    if (!pv_trace_spec_parse(&spec, spec_text, "t.json", err))
        return false;
    struct pv_input *input = pv_input_memory(log, "test.log", options);
    bool is_fine = pv_trace_spec_read(spec, input, out, err);
    pv_input_close(input);
    pv_trace_spec_free(spec);
    return is_fine;
}

static void logs_become_stacks(void **state)
{
    static const char enter_leave[] =
        RULES(RULE("^(?<ts>\\\\d+) (?<thread>\\\\w)> (?<name>.*)", "\"event\": \"enter\"") "," RULE(
            "^(?<ts>\\\\d+) (?<thread>\\\\w)<(?: (?<name>.*))?", "\"event\": \"leave\""));
    static const char steps[] =
        RULES(RULE("^(?<ts>\\\\S+) (?<depth> *|\\\\d+) (?<name>.*)", "\"event\": \"step\""));
    static const char words[] =
        "{\"time\": \"ms\", \"duration\": \"us\", \"thread_prefix\": \"t\", \"process_prefix\": "
        "\"p\", \"ignore\": [\"^#\"], \"rules\": [{\"pattern\": \"^(?<event>\\\\w) "
        "(?<process>\\\\d*)/(?<thread>\\\\d*) (?<name>\\\\w+)(?: (?<ts>[\\\\d.]+))?(?: "
        "(?<dur>[\\\\d.,]+)(?<unit>\\\\w+)?)?$\", \"events\": {\"B\": \"enter\", \"E\": \"leave\", "
        "\"X\": \"span\", \"C\": \"call\", \"Q\": \"end\", \"T\": \"time\"}}]}";
    static const char sums[] =
        "{\"metrics\": {\"dur\": {\"name\": \"time\"}, \"value\": {\"name\": \"sent\", \"unit\": "
        "\"bytes\"}, \"lines\": {\"name\": \"requests\"}}, \"rules\": [{\"pattern\": "
        "\"^(?<name>\\\\S* \\\\S*) (?<value>\\\\S+) (?<dur>\\\\S+)$\", \"event\": \"sum\", "
        "\"split\": \"/\", \"path\": true}, {\"pattern\": \"^! (?<value>[\\\\d.]+)\", \"name\": "
        "\"other\", \"event\": \"sum\"}]}";
    static const char parts[] = "{\"metrics\": {\"lines\": {\"name\": \"n\"}}, \"rules\": [" RULE(
        "^(?<name>.*)", "\"event\": \"sum\", \"split\": \";\"") "]}";
    static const char since[] = RULES(RULE(
        "^(?<since>[\\\\d.]+) (?<name>\\\\w+) (?<dur>[\\\\d.]+)",
        "\"event\": \"call\"") "," RULE("^(?<since>[\\\\d.]+) (?<name>\\\\w+)$",
                                        "\"event\": \"call\"") "," RULE("^(?<since>[\\\\d.]+)$",
                                                                        "\"event\": \"time\""));
    static const char lanes[] = "{\"lane_prefix\": \"CPU \", \"rules\": [" RULE(
        "^(?<lane>\\\\d) (?<from>\\\\w+) => (?<thread>\\\\w+)$",
        "\"event\": \"switch\"") "," RULE("^(?<lane>\\\\d) (?<name>\\\\w+) \\\\{",
                                          "\"event\": \"enter\"") "," RULE("^(?<lane>\\\\d) "
                                                                           "(?<dur>\\\\d+) "
                                                                           "\\\\}",
                                                                           "\"event\": "
                                                                           "\"leave\"") "]}";
    static const char clock[] =
        RULES(RULE("^(?<clock>[\\\\d:.]+) (?<name>\\\\w+)$", "\"event\": \"step\""));
    static const char date[] = RULES(RULE(
        "^\\\\[(?<date>.*?)\\\\] (?<dur>\\\\d+) (?<name>\\\\w+) (?<file>\\\\S+):(?<line>\\\\d+)$",
        "\"event\": \"span\", \"at\": \"end\""));
    static const struct {
        const char *label, *spec, *log, *stacks;
    } rows[] = {
        {"enter and leave", enter_leave, "1 a> f\n2 a> g\n4 a< g\n7 a< f\n",
         "a{T}|f 4000000000 / a{T}|f|g 2000000000"},
        {"leave without a name", enter_leave, "1 a> f\n2 a> g\n4 a<\n7 a<\n",
         "a{T}|f 4000000000 / a{T}|f|g 2000000000"},
        {"threads apart", enter_leave, "1 a> f\n2 b> g\n4 a< f\n5 b< g\n",
         "a{T}|f 3000000000 / b{T}|g 3000000000"},
        {"gaps are idle", enter_leave, "1 a> f\n2 a< f\n9 a> f\n10 a< f\n", "a{T}|f 2000000000"},
        {"inner calls end with the outer one", enter_leave, "1 a> f\n2 a> g\n4 a< f\n",
         "a{T}|f 1000000000 / a{T}|f|g 2000000000"},
        {"what ends was never begun", enter_leave, "1 a> f\n2 a< g\n4 a< f\n", "a{T}|f 3000000000"},
        {"no end", enter_leave, "1 a> f\n2 a> g\n4 a< g\n",
         "a{T}|f 1000000000 / a{T}|f|g 2000000000"},
        {"back in time", enter_leave, "5 a> f\n1 a> g\n7 a< g\n8 a< f\n",
         "a{T}|f 1000000000 / a{T}|f|g 2000000000"},
        {"since 1970", enter_leave, "1763834588 a> f\n1763834590 a< f\n", "a{T}|f 2000000000"},
        {"steps", steps, "1  a\n2  b\n2.5  a\n4  end\n", "a 2500000000 / b 500000000 / end 0"},
        {"steps within steps", steps, "1  a\n2   b\n3    c\n4   d\n6  e\n",
         "a 1000000000 / a|b 1000000000 / a|b|c 1000000000 / a|d 2000000000 / e 0"},
        {"steps by number", steps, "1 0 a\n2 2 b\n3 10 c\n4 1 d\n6 0 e\n",
         "a 1000000000 / a|b 1000000000 / a|b|c 1000000000 / a|d 2000000000 / e 0"},
        {"a comma in the time", steps, "1,5  a\n2,25  b\n", "a 750000000 / b 0"},
        {"words", words, "# x\nB 1/2 f 1\nX 1/2 g 1.5 100\nE 1/2 f 2\n",
         "p1{P}|t2{T}|f 900000 / p1{P}|t2{T}|f|g 100000"},
        {"units of the line", words, "C /7 f 1 100us\nC /7 g 2 1,5ms\nC /7 h 4 2m\nC /7 f 5 100\n",
         "t7{T}|f 200000 / t7{T}|g 1500000 / t7{T}|h 120000000000"},
        {"no times at all", words, "B / f\nC / g 7us\nC / h 1us\nE / f 10us\nC / g 2us\n",
         "f 2000 / f|g 7000 / f|h 1000 / g 2000"},
        {"durations are finer than times", words,
         "B / f 1\nC / g 1 300us\nC / g 1 300us\nE / f 2 1000us\n", "f 400000 / f|g 600000"},
        {"shorter than what it called", words, "B / f 1\nC / g 1 300us\nE / f 1 100us\n",
         "f|g 300000"},
        {"the end of a thread", words, "B 1/1 f 1\nC 1/1 g 2\nQ 1/1 x 5\n",
         "p1{P}|t1{T}|f 1000000 / p1{P}|t1{T}|f|g 3000000"},
        {"sums", sums, "GET /a/b 10 0.5\nGET /a/ 5 0.25\nGET / - 1\nGET /a/b 1.5 -\n! 7\n",
         "GET|GET /a|GET /a/b 500000000 11.5 2 / GET|GET /a|GET /a/ 250000000 5 1 / GET|GET / "
         "1000000000 0 1 / other 0 7 1"},
        {"parts", parts, "a;b;;c\na; b\na\n;\nx\n", "a 1 / a|b 1 / a|b|c 1 / ; 1 / x 1"},
        {"since the line before", since, "0.0 f 0.25\n1.5 g 0.5\n1\n0.5 h\n0.5\n",
         "f 250000000 / g 500000000 / h 500000000"},
        {"lanes", lanes, "0 f {\n1 h {\n0 a => b\n0 g {\n0 5 }\n0 b => a\n0 9 }\n1 1 }\n",
         "a{T}|f 9000000000 / CPU 1{T}|h 1000000000 / b{T}|g 5000000000"},
        {"midnight", clock, "23:59:58.5 a\n0:00:01 b\n00:01 c\n",
         "a 2500000000 / b 59000000000 / c 0"},
        {"dates, at the end", date,
         "[2025-11-22T18:03:10Z] 10 f a.c:3\n[22/Nov/2025:19:03:09 +0100] 2 g b.c:4\n",
         "f 8000000000 / f|g 2000000000"},
        {"invalid UTF-8", enter_leave, "1 a> \xff\xc3\n2 a< \xff\xc3\n",
         "a{T}|\xff\xc3 1000000000"},
        {"CR LF", enter_leave, "1 a> f\r\n2 a< f\r\n", "a{T}|f 1000000000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (!read_with(pv_text_of(rows[i].spec), pv_text_of(rows[i].log), NULL, &profile, &err)) {
            fail_msg("%s: line %d: %s", rows[i].label, (int)err.where.line, err.message);
            continue;
        }
        assert_text(stacks_of(profile), rows[i].stacks, rows[i].label);
        pv_profile_free(profile);
    }
}

static void mistakes_in_a_description_are_told_by_their_place(void **state)
{
    static const struct {
        const char *spec, *says;
        uint64_t line;
    } rows[] = {
        {"", "is empty", 0},
        {"{", "it ends early", 1},
        {"{\n\"rules\": [\n1,\n]}", "cannot go on at ']}'; there is a comma", 4},
        {"{\"rules\": []}\n\nx", "something stands behind the JSON document", 3},
        {"{\n\"rules: []}", "cannot go on at", 2},
        {"{rules: []}", "cannot go on at 'rules: []}'", 1},
        {"{\"rules\": [],\n}", "cannot go on at '}'; there is a comma", 2},
        {"{\"rules\": []]", "cannot go on at ']'", 1},
        {"{\"rules\": tru}", "cannot go on at 'tru}'", 1},
        {"{\"name\": \"a\\u0000b\"}", "NUL", 0},
        {"[]", "must be an object {...} and is a list [...]", 0},
        {"{}", "the key \"rules\" is missing", 0},
        {"{\"rules\": []}", "rules: is empty", 0},
        {"{\"rules\": {}}", "rules: must be a list [...] and is an object {...}", 0},
        {"{\"ruels\": []}", "ruels: unknown key; did you mean \"rules\"?", 0},
        {"{\"colour\": 1}", "colour: unknown key; there are name, summary", 0},
        {"{\"name\": \"a\", \"name\": \"b\"}", "name: is there twice", 0},
        {"{\"name\": 5}", "name: must be a text and is a number", 0},
        {"{\"name\": \"\"}", "name: is empty", 0},
        {"{\"time\": \"seconds\"}", "time: must be one of s, ms, us, ns, min, h", 0},
        {"{\"ignore\": [\"a\", \"(\"]}", "ignore[1]: \"(\" is no regular expression: missing", 0},
        {"{\"metrics\": {\"value\": {}}}", "metrics.value: the key \"name\" is missing", 0},
        {"{\"metrics\": {\"dur\": {\"name\": \"t\", \"unit\": \"ns\"}}}",
         "metrics.dur.unit: unknown key; there are name", 0},
        {"{\"metrics\": {\"value\": {\"name\": \"v\", \"unit\": \"kg\"}}}",
         "metrics.value.unit: must be one of count, ns, bytes", 0},
        {RULES("{\"event\": \"enter\"}"), "rules[0]: the key \"pattern\" is missing", 0},
        {RULES("{\"pattern\": \"a(\", \"event\": \"enter\"}"),
         "rules[0].pattern: \"a(\" is no regular expression", 0},
        {RULES("{\"pattern\": \"(?<nmae>a)\"}"),
         "rules[0].pattern: unknown group 'nmae'; did you mean 'name'?", 0},
        {RULES("{\"pattern\": \"(?<colour>a)\"}"),
         "unknown group 'colour'; begin it with _ if it is your own", 0},
        {RULES("{\"pattern\": \"(?J)(?<ts>a)|(?<ts>b)\"}"), "two groups are called 'ts'", 0},
        {RULES(RULE("a", "\"event\": \"entre\"")),
         "rules[0].event: unknown word; did you mean \"enter\"?", 0},
        {RULES(RULE("a", "\"name\": \"f\"")), "rules[0]: must say what its lines tell", 0},
        {RULES(RULE("a", "\"event\": \"enter\"")),
         "rules[0]: the event \"enter\" needs the group (?<name>...) to say what begins", 0},
        {RULES(RULE("a", "\"event\": \"span\", \"name\": \"f\"")),
         "the event \"span\" needs the group (?<ts>...) or (?<clock>...) or (?<date>...)", 0},
        {RULES(RULE("(?<ts>a)", "\"event\": \"span\", \"name\": \"f\"")),
         "the event \"span\" needs the group (?<dur>...) to say how long", 0},
        {RULES(RULE("a", "\"event\": \"sum\", \"name\": \"f\"")), "adds nothing", 0},
        {RULES(RULE("a", "\"event\": \"switch\"")), "needs the group (?<lane>...)", 0},
        {RULES(RULE("a", "\"events\": {\"B\": \"enter\"}")),
         "\"events\" needs the group (?<event>...)", 0},
        {RULES(RULE("(?<event>a)", "\"events\": {\"B\": \"leave\"}, \"event\": \"leave\"")),
         "has both", 0},
        {RULES(RULE("(?<event>a)", "\"events\": {\"B\": \"enter\"}")),
         "the event \"enter\" needs the group (?<name>...)", 0},
        {RULES(RULE("(?<name>a)(?<dur>1)", "\"event\": \"sum\", \"path\": true")), "\"path\" goes",
         0},
        {RULES(RULE("(?<name>a)", "\"event\": \"enter\", \"split\": \"/\"")),
         "\"split\" goes with the event \"sum\"", 0},
        {RULES(RULE("(?<name>a)(?<dur>1)", "\"event\": \"sum\", \"split\": \"ab\"")),
         "rules[0].split: must be one character", 0},
        {"{\"metrics\": {\"lines\": {\"name\": \"n\"}}, \"rules\": [" RULE(
             "(?<name>a)", "\"event\": \"enter\"") "]}",
         "takes time, and \"metrics\" has no \"dur\"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        assert_false(read_with(pv_text_of(rows[i].spec), PV_TEXT("1 a\n"), NULL, &profile, &err));
        print_message("%s\n", err.message);
        if (!strstr(err.message, rows[i].says))
            fail_msg("%s: wanted %s, got %s", rows[i].spec, rows[i].says, err.message);
        assert_string_equal(err.where.source, "t.json");
        assert_int_equal(err.where.line, rows[i].line);
        assert_int_equal(err.code, PV_INPUT_FAILED);
    }
}

static const char calls[] =
    RULES(RULE("^(?<ts>\\\\S+) (?<name>\\\\w+) (?<dur>\\\\S+)$", "\"event\": \"call\""));

static void bad_logs_are_refused(void **state)
{
    static const struct {
        const char *label, *log, *says;
        uint64_t line;
    } rows[] = {
        {"empty", "", "has no line that tells anything by the trace format t", 0},
        {"blank lines", "\n\n", "has no line", 0},
        {"other lines", "a\nb\n",
         "2 of 2 lines are malformed, more than one in ten; the first: "
         "the line fits no rule of the trace format",
         1},
        {"no time", "x f 1\n", "the time of a line is none", 1},
        {"no duration", "1 f x\n", "a duration is no number", 1},
        {"negative", "1 f -1\n", "a duration is no number, or negative", 1},
        {"huge time", "99999999999 f 1\n", "does not fit", 1},
        {"huge duration", "1 f 1e300\n", "a duration is no number", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        print_message("%s\n", rows[i].label);
        assert_false(read_with(pv_text_of(calls), pv_text_of(rows[i].log), NULL, &profile, &err));
        print_message("  %d: %s\n", (int)err.where.line, err.message);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_int_equal(err.where.line, rows[i].line);
        assert_string_equal(err.where.source, "test.log");
    }
}

static void few_bad_lines_are_noted(void **state)
{
    struct pv_buffer log = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    const struct pv_input_options strict = {.is_strict = true};
    (void)state;
    for (int i = 0; i < 20; i++)
        pv_buffer_print(&log, "%d f 0.5\n%s", i, i == 7 ? "what?\n" : "");
    assert_true(read_with(pv_text_of(calls), pv_buffer_text(&log), NULL, &profile, &err));
    assert_int_equal(profile->note_count, 1);
    assert_int_equal(profile->notes[0].count, 1);
    assert_int_equal(profile->notes[0].line, 9);
    pv_profile_free(profile);
    assert_false(read_with(pv_text_of(calls), pv_buffer_text(&log), &strict, &profile, &err));
    assert_int_equal(err.where.line, 9);
    pv_buffer_free(&log);
}

/* A pattern with repeats within repeats, and a log that is made for it. */
static void runaway_patterns_end(void **state)
{
    static const struct {
        const char *spec, *says;
    } rows[] = {
        {RULES(RULE("^(?<name>(a+a+)+)[bd]$", "\"event\": \"enter\"")),
         "t.json: rules[0] takes too many steps"},
        {"{\"ignore\": [\"^(a|aa)+$\"], \"rules\": [" RULE("(?<name>x)",
                                                           "\"event\": \"enter\"") "]}",
         "t.json: ignore[0] takes too many steps"},
    };
    char log[50002];
    (void)state;
    memset(log, 'a', sizeof log);
    memcpy(log, "1 x\n", 4);
    log[sizeof log - 2] = 'c';
    log[sizeof log - 1] = '\n';
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        assert_false(read_with(pv_text_of(rows[i].spec), (struct pv_text){log, sizeof log}, NULL,
                               &profile, &err));
        print_message("%s\n", err.message);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_int_equal(err.code, PV_LIMIT);
        assert_int_equal(err.where.line, 2);
    }
}

static void counters_become_series(void **state)
{
    static const char spec[] = RULES(RULE("^(?<ts>\\\\S+) (?<name>\\\\w+)=(?<value>\\\\S+)$",
                                          "\"event\": \"counter\", \"unit\": \"bytes\""));
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    assert_true(read_with(pv_text_of(spec), PV_TEXT("10 heap=5\n11.5 heap=7.25\n12 rss=-1\n"), NULL,
                          &profile, &err));
    if (!profile)
        return; /* failed above */
    assert_int_equal(profile->series_count, 2);
    assert_int_equal(profile->series[0].count, 2);
    assert_int_equal(profile->series[0].unit, PV_UNIT_BYTES);
    assert_int_equal(profile->series[0].scale, 100);
    assert_int_equal(profile->series[0].points[1].value, 725);
    assert_int_equal(profile->series[0].points[1].at / profile->series[0].at_scale, 1500000000);
    pv_profile_free(profile);
}

static void times_are_understood(void **state)
{
    static const struct {
        const char *text;
        char kind;
        int64_t ns, last;
    } rows[] = {
        {"12", 's', 12000000000, 1000000000},
        {" 0.25 ", 's', 250000000, 10000000},
        {"1,5", 'u', 1500, 100},
        {"-3", 'n', -3, 1},
        {"1.0000000019", 's', 1000000002, 1},
        {"1.002", 'm', 60120000000, 60000000},
        {"18:03:08.352542", 'c', 64988352542000, 1000},
        {"8:03", 'c', 28980000000000, 60000000000},
        {"1970-01-01T00:00:00Z", 'd', 0, 1000000000},
        {"2025-11-22 18:03:08,352 +0100", 'd', 1763830988352000000, 1000000},
        {"20251122T180308", 'd', 1763834588000000000, 1000000000},
        {"22/Nov/2025:18:03:08 -0530", 'd', 1763854388000000000, 1000000000},
        {"2000-02-29T23:59:60Z", 'd', 951868800000000000, 1000000000},
        {"1969-12-31T23:59:59.5Z", 'd', -500000000, 100000000},
        {"", 's', 0, 0},
        {"x", 's', 0, 0},
        {"9223372037", 's', 0, 0},
        {"25:00", 'c', 0, 0},
        {"1:2", 'c', 0, 0},
        {"12:60", 'c', 0, 0},
        {"12:00:00x", 'c', 0, 0},
        {"2025-13-01T00:00:00", 'd', 0, 0},
        {"2025-11-22", 'd', 0, 0},
        {"22/Nom/2025:18:03:08", 'd', 0, 0},
        {"2025-11-22T18:03:08+1", 'd', 0, 0},
        {"2025-11-22T18:03:08 CET", 'd', 0, 0},
        {"9999-11-22T18:03:08", 'd', 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_text text = pv_text_of(rows[i].text);
        char kind = rows[i].kind;
        const char *unit = kind == 'u' ? "us" : kind == 'n' ? "ns" : kind == 'm' ? "m" : "s";
        int64_t ns = -1, last = -1;
        bool is_fine = kind == 'c'   ? pv_trace_parse_clock(&ns, &last, text)
                       : kind == 'd' ? pv_trace_parse_date(&ns, &last, text)
                                     : pv_trace_parse_number(&ns, &last, text,
                                                             pv_trace_unit_named(pv_text_of(unit)));
        print_message("%s: %lld, %lld\n", rows[i].text, (long long)ns, (long long)last);
        assert_int_equal(is_fine, rows[i].last != 0);
        if (is_fine)
            assert_true(ns == rows[i].ns && last == rows[i].last);
    }
    assert_null(pv_trace_unit_named(PV_TEXT("parsec")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_become_stacks),
        cmocka_unit_test(mistakes_in_a_description_are_told_by_their_place),
        cmocka_unit_test(bad_logs_are_refused),
        cmocka_unit_test(few_bad_lines_are_noted),
        cmocka_unit_test(runaway_patterns_end),
        cmocka_unit_test(counters_become_series),
        cmocka_unit_test(times_are_understood),
    };
    return cmocka_run_group_tests_name("trace_spec", tests, NULL, NULL);
}

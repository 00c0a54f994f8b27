#include "formats/registry.h"
#include "model/merge.h"
#include "model/transforms.h"
#include "tests/small_profile.h"
#include "tests/transform_named.h"

#include <stdio.h>

/* Own cost by line, from a reader to a table: read, merged, written as JSON, filtered, made to
 * functions. */

static struct pv_profile *read_as(const char *format, struct pv_text bytes, bool keeps_lines)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    limits.keeps_lines = keeps_lines;
    struct pv_input *input = pv_input_memory(bytes, "test", &options);
    if (!pv_format_named(pv_text_of(format))->read(input, &profile, &err))
        fail_msg("%s", err.message);
    pv_input_close(input);
    return profile;
}

static struct pv_profile *read_callgrind(const char *text)
{
    return read_as("callgrind", pv_text_of(text), true);
}

/* "name@file:line value,value", in the order of the rows, joined by " / ". */
static struct pv_buffer lines_of(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    const struct pv_lines *lines = profile->lines;
    for (uint32_t i = 0; lines && i < lines->count; i++) {
        const struct pv_line *row = &lines->rows[i];
        pv_str file = row->file ? row->file : profile->frames[row->frame].file;
        pv_buffer_print(&out, "%s%.*s@%.*s:%u", i ? " / " : "",
                        PV_TEXT_ARGS(pv_profile_name(profile, row->frame)),
                        PV_TEXT_ARGS(pv_profile_text(profile, file)), (unsigned)row->line);
        for (uint32_t m = 0; m < profile->metric_count; m++)
            pv_buffer_print(&out, "%c%lld", m ? ',' : ' ', (long long)lines->self[m][i]);
    }
    return out;
}

static void check_lines(const char *label, struct pv_profile *profile, const char *wanted)
{
    struct pv_buffer got = lines_of(profile);
    print_message("%s\n", label);
    if (!pv_text_equal(pv_buffer_text(&got), pv_text_of(wanted)))
        fail_msg("wanted %s\ngot %.*s", wanted, PV_TEXT_ARGS(pv_buffer_text(&got)));
    pv_buffer_free(&got);
    pv_profile_free(profile);
}

#define MILL                                                                                       \
    "events: Ir\nfl=a.c\nfn=f\n1 5\n+1 6\n1 2\nfi=a.h\n9 3\nfe=a.c\n2 1\ncfn=g\ncalls=1 8\n2 5\n"  \
    "fn=g\n8 4\nfi=a.h\n9 1\n"

static void readers_tell_lines(void **state)
{
    static const struct {
        const char *label, *format, *text, *lines;
    } rows[] = {
        {"functions, inlined lines, calls apart", "callgrind", MILL,
         "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3 / g@a.c:8 4 / g@a.h:9 1"},
        {"several events, units, formulas", "callgrind",
         "event: C = b - t_(10ns)\nevents: t_(10ns) b\nfl=a.c\nfn=f\n1 5 7\n2 0 1\n3 0.5 0\n",
         "f@a.c:1 50,7,20 / f@a.c:2 0,1,10 / f@a.c:3 5,0,-5"},
        {"no lines, only addresses", "callgrind", "positions: instr\nevents: Ir\nfn=f\n0x10 5\n",
         ""},
        {"parts", "callgrind", MILL "events: Dr Ir\nfl=a.c\nfn=f\n1 5 1\n",
         "f@a.c:1 8,5 / f@a.c:2 7,0 / f@a.h:9 3,0 / g@a.c:8 4,0 / g@a.h:9 1,0"},
        {"gprof -l", "gprof",
         " time   seconds   seconds    calls  ms/call  ms/call  name\n"
         " 80.0      0.08     0.08                             turn (mill.c:10 @ 11f3)\n"
         " 10.0      0.09     0.01                             turn (mill.c:9 @ 120e)\n"
         " 10.0      0.10     0.01                             turn (mill.c:9 @ 1210)\n"
         "  0.0      0.10     0.00       12     0.00     0.00  turn (mill.c:8 @ 11d9)\n",
         "turn@mill.c:10 80000000 / turn@mill.c:9 20000000"},
        {"costs that make each other up", "callgrind", "events: a\nfn=f\n1 5\n2 3\n1 -5\n",
         "f@:2 3"},
        {"cachegrind", "cachegrind", "events: Ir Dr\nfl=a.c\nfn=f\n1 5 1\n2 6\n1 1 1\n",
         "f@a.c:1 6,2 / f@a.c:2 6,0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_lines(rows[i].label, read_as(rows[i].format, pv_text_of(rows[i].text), true),
                    rows[i].lines);
    struct pv_profile *profile = read_as("callgrind", PV_TEXT(MILL), false);
    assert_null(profile->lines);
    pv_profile_free(profile);
}

static void lines_are_merged(void **state)
{
    struct pv_profile *profiles[] = {
        read_callgrind(MILL), read_callgrind("events: Dr\nfl=b.c\nfn=h\n3 1\nfl=a.c\nfn=f\n2 5\n"),
        read_callgrind("events: Ir\nfl=a.c\nfn=g\n8 0.5\n")};
    struct pv_limits limits = pv_limits_default();
    struct pv_profile *merged = NULL;
    struct pv_error err;
    (void)state;
    assert_true(pv_merge(&merged, profiles, 3, &limits, &err));
    check_lines("by name and metric", merged,
                "f@a.c:1 0,70 / f@a.c:2 5,70 / f@a.h:9 0,30 / g@a.c:8 0,45 / g@a.h:9 0,10 / "
                "h@b.c:3 1,0");
    for (size_t i = 0; i < 3; i++)
        pv_profile_free(profiles[i]);
}

static struct pv_buffer json_of(struct pv_profile *profile)
{
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0}, lost = {0};
    pv_format_named(PV_TEXT("json"))->write(profile, output, &lost);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    pv_output_close(output);
    pv_buffer_free(&lost);
    return bytes;
}

static void json_holds_lines(void **state)
{
    struct pv_profile *profile = read_callgrind(MILL);
    struct pv_buffer json = json_of(profile);
    struct pv_profile *again = read_as("json", pv_buffer_text(&json), true);
    struct pv_buffer same = json_of(again);
    (void)state;
    assert_true(pv_text_equal(pv_buffer_text(&json), pv_buffer_text(&same)));
    check_lines("read back", again, "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3 / g@a.c:8 4 / g@a.h:9 1");
    again = read_as("json", pv_buffer_text(&json), false);
    assert_null(again->lines);
    pv_profile_free(again);
    pv_profile_free(profile);
    pv_buffer_free(&json);
    pv_buffer_free(&same);
}

static void bad_json_is_refused(void **state)
{
#define TOP                                                                                        \
    "{\"profviz\":1,\"origin\":\"arcs\",\"metrics\":[{\"name\":\"a\"}],\"functions\":[{\"name\":"  \
    "\"f\",\"self\":[1],\"total\":[1]}],\"arcs\":[],\"lines\":"
    static const struct {
        const char *label, *text, *message;
    } rows[] = {
        {"no function", TOP "[{\"line\":1,\"self\":[1]}]}", "needs a function"},
        {"no values", TOP "[{\"function\":0,\"line\":1}]}", "needs a function and \"self\""},
        {"another function", TOP "[{\"function\":1,\"self\":[1]}]}", "function 1 is named"},
        {"values of other metrics", TOP "[{\"function\":0,\"self\":[1,2]}]}", "values"},
        {"a line below 0", TOP "[{\"function\":0,\"line\":-1,\"self\":[1]}]}", "-1"},
        {"no array", TOP "5}", ""},
    };
#undef TOP
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_limits limits = pv_limits_default();
        struct pv_input_options options = {.limits = &limits};
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        limits.keeps_lines = true;
        struct pv_input *input = pv_input_memory(pv_text_of(rows[i].text), "test", &options);
        print_message("%s\n", rows[i].label);
        assert_false(pv_format_named(PV_TEXT("json"))->read(input, &profile, &err));
        if (!strstr(err.message, rows[i].message))
            fail_msg("%s", err.message);
        pv_input_close(input);
    }
}

static struct pv_profile *transformed(struct pv_profile *profile, const char *name,
                                      const char *argument)
{
    struct pv_error err;
    if (!pv_transform_apply(&profile, transform_named(name), pv_text_of(argument), NULL, &err))
        fail_msg("%s", err.message);
    return profile;
}

static bool says_that_lines_go(const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->note_count; i++) {
        struct pv_text text = pv_profile_text(profile, profile->notes[i].text);
        if (pv_text_search(text, PV_TEXT("the lines of functions")) < text.size)
            return true;
    }
    return false;
}

/* Whoever keeps all of its own cost keeps its lines; of others they go, which is said. */
static void transforms_keep_lines_or_say(void **state)
{
#define MORE MILL "fn=m\ncfn=g\ncalls=1 8\n1 1\n"
    static const struct {
        const char *transform, *argument, *lines;
        bool is_said;
    } rows[] = {
        {"focus", "f", "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3", true},
        {"ignore", "f", "", true},
        {"hide", "g", "", true},
        {"root", "f", "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3", true},
        {"prune", "50", "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3", false},
        {"collapse-recursion", "", "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3 / g@a.c:8 4 / g@a.h:9 1",
         false},
        {"granularity", "function", "f@a.c:1 7 / f@a.c:2 7 / f@a.h:9 3 / g@a.c:8 4 / g@a.h:9 1",
         false},
        {"granularity", "file", "a.c@a.c:1 7 / a.c@a.c:2 7 / a.c@a.h:9 4 / a.c@a.c:8 4", false},
        {"granularity", "line", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile =
            transformed(read_callgrind(MORE), rows[i].transform, rows[i].argument);
        assert_int_equal(says_that_lines_go(profile), rows[i].is_said);
        check_lines(rows[i].transform, profile, rows[i].lines);
    }
#undef MORE
}

/* "name self total" and "caller>callee total". */
static void lines_become_functions(void **state)
{
    static const char wanted[] = "a.c:1 7 7 / f 0 22 / a.c:2 7 7 / a.h:9 4 4 / a.c:8 4 4 / g 0 5 / "
                                 "f>g 5 / f>a.c:1 7 / f>a.c:2 7 / f>a.h:9 3 / g>a.c:8 4 / "
                                 "g>a.h:9 1";
    struct pv_profile *profile = transformed(read_callgrind(MILL), "granularity", "line");
    const struct pv_graph *graph = profile->graph;
    struct pv_buffer out = {0};
    (void)state;
    for (uint32_t i = 0; i < graph->func_count; i++)
        pv_buffer_print(&out, "%s%.*s %lld %lld", i ? " / " : "",
                        PV_TEXT_ARGS(pv_profile_name(profile, graph->funcs[i].frame)),
                        (long long)graph->self[0][i], (long long)graph->total[0][i]);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        pv_buffer_print(
            &out, " / %.*s>%.*s %lld",
            PV_TEXT_ARGS(pv_profile_name(profile, graph->funcs[graph->arcs[i].caller].frame)),
            PV_TEXT_ARGS(pv_profile_name(profile, graph->funcs[graph->arcs[i].callee].frame)),
            (long long)graph->arc_total[0][i]);
    assert_int_equal(profile->metrics[0].total, 22);
    if (!pv_text_equal(pv_buffer_text(&out), pv_text_of(wanted)))
        fail_msg("wanted %s\ngot %.*s", wanted, PV_TEXT_ARGS(pv_buffer_text(&out)));
    pv_buffer_free(&out);
    pv_profile_free(profile);
}

static void limits_hold(void **state)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    (void)state;
    limits.keeps_lines = true;
    limits.nodes = 4;
    struct pv_input *input = pv_input_memory(PV_TEXT(MILL), "test", &options);
    assert_false(pv_format_named(PV_TEXT("callgrind"))->read(input, &profile, &err));
    assert_non_null(strstr(err.message, "more than 4 source lines (--max-nodes"));
    pv_input_close(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_tell_lines),
        cmocka_unit_test(lines_are_merged),
        cmocka_unit_test(json_holds_lines),
        cmocka_unit_test(bad_json_is_refused),
        cmocka_unit_test(transforms_keep_lines_or_say),
        cmocka_unit_test(lines_become_functions),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}

#include "tests/chrome_trace_profile.h"

static void documents_of_every_shape_are_read(void **state)
{
    static const struct row rows[] = {
        {"an array", "[" B("a", 0) "," E(2) "]", "a 2000"},
        {"an object", "{\"traceEvents\":[" X("a", 0, 2) "],\"displayTimeUnit\":\"ns\"}", "a 2000"},
        {"members around the events",
         "{\"metadata\":{\"ph\":[1,{}]},\"traceEvents\":[" X("a", 0, 2) "],\"x\":[[]]}", "a 2000"},
        {"an array that is not closed", "[\n" X("a", 0, 2) ",\n" X("b", 2, 1) "\n",
         "a 2000 / b 1000"},
        {"and may go on", "[\n" X("a", 0, 2) ",\n" X("b", 2, 1), "a 2000 / b 1000 !cut 1:3"},
        {"a comma at the end", "[\n" X("a", 0, 2) ",\n", "a 2000"},
        {"a comma, and closed", "[" X("a", 0, 2) ",]", "a 2000"},
        {"events one a line", X("a", 0, 2) "\n" X("b", 2, 1) "\n", "a 2000 / b 1000"},
        {"blanks everywhere",
         "\n [ \t{ \"ph\" :\r\n \"X\" , \"ts\": 1 ,\"dur\" : 2 , \"name\":\"a\" } ] ", "a 2000"},
        {"no event", "[]", ""},
        {"no event in an object", "{\"traceEvents\":[]}", ""},
        {"cut within an event", "[\n" X("a", 0, 2) ",\n{\"ph\":\"X\",\"ts\":2,\"du",
         "a 2000 !cut 1:3"},
        {"cut between members", "[" X("a", 0, 2) ",{\"ph\":\"X\",\"ts\":2", "a 2000 !cut 1:1"},
        {"an object that is cut", "{\"traceEvents\":[\n" X("a", 0, 2) ",\n", "a 2000 !cut 1:2"},
        {"a byte order mark", "\xef\xbb\xbf[" X("a", 0, 2) "]", "a 2000"},
    };
    (void)state;
    CHECK(rows);
}

static void events_become_calls(void **state)
{
    static const struct row rows[] = {
        {"ends without names", "[" B("a", 0) "," B("b", 1) "," E(3) "," E(7) "]",
         "a 5000 / a|b 2000"},
        {"whole calls in the order of their ends", "[" X("b", 1, 2) "," X("a", 0, 7) "]",
         "a 5000 / a|b 2000"},
        {"fractions", "[" X("a", 0.25, 1.5) "]", "a 1500"},
        {"finer than a nanosecond, rounded at both ends", "[" X("a", 0.0004, 0.0002) "]", "a 1"},
        {"numbers in quotes", "[{\"ph\":\"X\",\"ts\":\"3\",\"dur\":\"2.5\",\"name\":\"a\"}]",
         "a 2500"},
        {"beyond 2^53", "[" X("a", 9007199254740993, 1) "," X("b", 9007199254740994, 3) "]",
         "a 1000 / b 3000"},
        {"exponents", "[" X("a", 1e3, 25E-1) "]", "a 2500"},
        {"before 0", "[" X("a", -5, 7) "]", "a 7000"},
        {"args are no identity",
         "[{\"ph\":\"X\",\"ts\":0,\"dur\":1,\"name\":\"a\",\"args\":{\"n\":[1,{\"ph\":\"B\"}]}},"
         "{\"ph\":\"X\",\"ts\":1,\"dur\":1,\"name\":\"a\",\"args\":{\"n\":2}}]",
         "a 2000"},
        {"members in another order",
         "[{\"args\":{\"data\":{\"x\":1},\"name\":\"no\"},\"dur\":1,\"name\":\"a\",\"ph\":\"X\","
         "\"ts\":0}]",
         "a 1000"},
        {"the last of two equal keys counts",
         "[{\"ph\":\"B\",\"ph\":\"X\",\"ts\":9,\"ts\":0,\"dur\":1,\"name\":\"b\",\"name\":\"a\"}]",
         "a 1000"},
        {"escapes in names", "[" X("\\u00e4\\n\\\"\\u0022", 0, 1) "]", "ä\n\"\" 1000"},
        {"no name", "[{\"ph\":\"X\",\"ts\":0,\"dur\":1}]", "{U} 1000"},
        {"CPU time where there is no duration",
         "[{\"ph\":\"X\",\"ts\":0,\"tdur\":3,\"name\":\"a\"}]", "a 3000"},
        {"no duration at all", "[{\"ph\":\"X\",\"ts\":0,\"name\":\"a\"}]", "a 0"},
        {"an end of something else",
         "[" B("a", 0) ",{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":1,"
                       "\"name\":\"b\"}," E(2) "]",
         "a 2000 !repaired 1:1"},
        {"not closed", "[" B("a", 0) "," B("b", 3) "]", "a 3000 / a|b 0 !repaired 2:1"},
        {"overlapping", "[" X("a", 0, 4) "," X("b", 2, 4) "]", "a 2000 / a|b 2000 !repaired 1:1"},
        {"a negative duration", "[" X("a", 4, -4) "]", "a 0 !repaired 1:1"},
        {"a duration beyond 64 bits", "[" X("a", -1, 9223372036854775807) "]",
         "a 4611686018427388903 !repaired 1:1"},
        {"a negative one beyond 64 bits", "[" X("a", -1, -9223372036854775807) "]",
         "a 0 !repaired 1:1"},
        {"closed by an empty event", "[" X("a", 0, 4) ",\n{}\n]", "a 4000"},
        {"sums of clang are left out",
         "[" X("Source", 0, 4) ",{\"pid\":1,\"tid\":2,\"ph\":\"X\",\"ts\":0,\"dur\":4,\"name\":"
                               "\"Total Source\",\"args\":{\"count\":1,\"avg ms\":0}}]",
         "Source 4000 !left out 1:0"},
        {"what is only called Total", "[" X("Total eclipse", 0, 4) "]", "Total eclipse 4000"},
        {"phases without time",
         "[" X("a", 0, 1) ",{\"ph\":\"i\",\"ts\":1},{\"ph\":\"s\",\"ts\":1},{\"ph\":\"N\"},"
                          "{\"ph\":\"R\"},{\"ph\":\"n\"}]",
         "a 1000"},
    };
    (void)state;
    CHECK(rows);
}

#define ON(pid, tid, name, ts)                                                                     \
    "{\"ph\":\"X\",\"pid\":" pid ",\"tid\":" tid ",\"name\":\"" name "\",\"ts\":" #ts ",\"dur\":"  \
    "1}"
#define META(what, pid, tid, name)                                                                 \
    "{\"ph\":\"M\",\"name\":\"" what "\",\"pid\":" pid ",\"tid\":" tid                             \
    ",\"args\":{\"name\":\"" name "\"}}"

static void threads_are_outer_frames(void **state)
{
    static const struct row rows[] = {
        {"one thread needs none",
         "[" META("thread_name", "1", "1", "main") "," ON("1", "1", "a", 0) "]", "a 1000"},
        {"threads", "[" ON("1", "1", "a", 0) "," ON("1", "2", "a", 0) "]",
         "thread 1{T}|a 1000 / thread 2{T}|a 1000"},
        {"names that come later",
         "[" ON("1", "1", "a", 0) "," ON("1", "2", "a", 0) "," META(
             "thread_name", "1", "2", "w") "," META("process_name", "1", "1", "p") "]",
         "thread 1{T}|a 1000 / thread w{T}|a 1000"},
        {"threads of one name",
         "[" META("thread_name", "1", "1", "w") "," META("thread_name", "1", "2", "w") "," ON(
             "1", "1", "a", 0) "," ON("1", "2", "a", 0) "]",
         "thread w (1){T}|a 1000 / thread w (2){T}|a 1000"},
        {"threads of one number in two processes",
         "[" ON("1", "7", "a", 0) "," ON("2", "7", "b", 0) "," META("process_name", "2", "0",
                                                                    "p") "]",
         "process 1{P}|thread 7{T}|a 1000 / process p{P}|thread 7{T}|b 1000"},
        {"processes of one name",
         "[" META("process_name", "1", "0", "p") "," META("process_name", "2", "0", "p") "," ON(
             "1", "7", "a", 0) "," ON("2", "7", "b", 0) "]",
         "process p (1){P}|thread 7{T}|a 1000 / process p (2){P}|thread 7{T}|b 1000"},
        {"numbers in quotes are the same",
         "[" ON("1", "\"7\"", "a", 0) "," ON("\"1\"", "7", "b", 1) "]", "a 1000 / b 1000"},
        {"texts and none",
         "[" ON("1", "\"io\"", "a",
                0) ",{\"ph\":\"X\",\"pid\":1,\"name\":\"b\",\"ts\":0,\"dur\":1}]",
         "thread io{T}|a 1000 / thread without id{T}|b 1000"},
    };
    (void)state;
    CHECK(rows);
}

#define ASYNC(ph, id, name, ts)                                                                    \
    "{\"ph\":\"" ph "\",\"pid\":1,\"tid\":1,\"cat\":\"net\",\"id\":" id ",\"name\":\"" name        \
    "\",\"ts\":" #ts "}"

static void asynchronous_events_have_tracks_of_their_own(void **state)
{
    static const struct row rows[] = {
        {"side by side",
         "[" ASYNC("b", "1", "get", 0) "," ASYNC("b", "2", "get", 1) "," ASYNC(
             "e", "1", "get", 4) "," ASYNC("e", "2", "get", 6) "]",
         "get 9000"},
        {"one alone", "[" ASYNC("b", "\"0x1\"", "get", 0) "," ASYNC("e", "\"0x1\"", "get", 4) "]",
         "get 4000"},
        {"nested",
         "[" ASYNC("b", "1", "get", 0) "," ASYNC("b", "1", "dns", 1) "," ASYNC(
             "e", "1", "dns", 3) "," ASYNC("e", "1", "get", 4) "," X("a", 0, 1) "]",
         "async net{T}|get 2000 / async net{T}|get|dns 2000 / thread 1{T}|a 1000"},
        {"of old",
         "[" ASYNC("S", "1", "get", 0) "," ASYNC("T", "1", "get", 1) "," ASYNC(
             "F", "1", "get", 4) "," X("a", 0, 1) "]",
         "async net{T}|get 4000 / thread 1{T}|a 1000"},
        {"local ids",
         "[{\"ph\":\"b\",\"id2\":{\"local\":\"0x5\"},\"name\":\"a\",\"ts\":0},"
         "{\"ph\":\"b\",\"id2\":{\"local\":\"0x6\"},\"name\":\"b\",\"ts\":0},"
         "{\"ph\":\"e\",\"id2\":{\"local\":\"0x5\"},\"name\":\"a\",\"ts\":2},"
         "{\"ph\":\"e\",\"id2\":{\"local\":\"0x6\"},\"name\":\"b\",\"ts\":3}]",
         "a 2000 / b 3000"},
    };
    (void)state;
    CHECK(rows);
}

static void viztracer_names_are_taken_apart(void **state)
{
    (void)state;
    struct pv_profile *profile = NULL;
    struct pv_error err;
    static const char text[] =
        "[{\"ph\":\"X\",\"ts\":0,\"dur\":9,\"name\":\"f.<locals>.g (/a "
        "(b)/c.py:12)\",\"cat\":\"FEE\"},"
        "{\"ph\":\"X\",\"ts\":1,\"dur\":1,\"name\":\"builtins.len\",\"cat\":\"FEE\"},"
        "{\"ph\":\"X\",\"ts\":3,\"dur\":1,\"name\":\"h (x.py:3)\",\"cat\":\"other\"}]";
    assert_true(read_with(pv_text_of(text), NULL, &profile, &err));
    assert_int_equal(profile->frame_count, 3);
    const struct pv_frame *frames = profile->frames;
    assert_string_equal(pv_profile_text(profile, frames[0].name).data, "f.<locals>.g");
    assert_string_equal(pv_profile_text(profile, frames[0].file).data, "/a (b)/c.py");
    assert_int_equal(frames[0].line, 12);
    assert_int_equal(frames[1].flags, PV_FRAME_BUILTIN);
    assert_string_equal(pv_profile_text(profile, frames[2].name).data, "h (x.py:3)");
    assert_int_equal(frames[2].line, 0);
    pv_profile_free(profile);
}

static int64_t calls_of(const struct pv_profile *profile, const char *name, bool primitive)
{
    const struct pv_graph *graph = profile->graph;
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (strcmp(pv_profile_name(profile, graph->funcs[i].frame).data, name) == 0)
            return primitive ? pv_primitive_calls(graph, i) : graph->funcs[i].calls;
    return -2;
}

static void calls_are_counted(void **state)
{
    (void)state;
    struct pv_profile *profile = NULL, *again = NULL;
    struct pv_error err;
    assert_true(read_with(PV_TEXT("[" X("a", 0, 9) "," X("b", 1, 2) "," X("b", 3, 2) "," X(
                              "a", 3, 1) "," ON("1", "2", "b", 0) "]"),
                          NULL, &profile, &err));
    struct pv_buffer json = json_of(profile);
    assert_int_equal(calls_of(profile, "a", false), 2);
    assert_int_equal(calls_of(profile, "a", true), 1);
    assert_int_equal(calls_of(profile, "b", false), 3);
    assert_int_equal(calls_of(profile, "thread 2", false), PV_UNKNOWN_CALLS);
    struct pv_input *input = pv_input_memory(pv_buffer_text(&json), "test", NULL);
    assert_true(pv_format_named(PV_TEXT("json"))->read(input, &again, &err));
    struct pv_buffer same = json_of(again);
    assert_true(pv_text_equal(pv_buffer_text(&json), pv_buffer_text(&same)));
    pv_input_close(input);
    pv_buffer_free(&json);
    pv_buffer_free(&same);
    pv_profile_free(profile);
    pv_profile_free(again);
}

#define XC(name, ts, dur, cpu)                                                                     \
    "{\"ph\":\"X\",\"name\":\"" name "\",\"ts\":" #ts ",\"dur\":" #dur ",\"tdur\":" #cpu "}"
#define X0(name, ts, dur) "{\"ph\":\"X\",\"name\":\"" name "\",\"ts\":" #ts ",\"dur\":" #dur "}"
#define BC(name, ts, cpu) "{\"ph\":\"B\",\"name\":\"" name "\",\"ts\":" #ts ",\"tts\":" #cpu "}"
#define EC(ts, cpu) "{\"ph\":\"E\",\"ts\":" #ts ",\"tts\":" #cpu "}"

/* The second number: in whatever order calls come, as whole ones, as pairs, and mixed. */
static void the_threads_clock_is_a_metric(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"outer first", "[" XC("a", 0, 9, 7) "," XC("b", 2, 3, 3) "]",
         "a 6000 4000 / a|b 3000 3000"},
        {"as written", "[" XC("b", 2, 3, 3) "," XC("c", 6, 1, 1) "," XC("a", 0, 9, 7) "]",
         "a 5000 3000 / a|c 1000 1000 / a|b 3000 3000"},
        {"in no order", "[" XC("b", 2, 3, 3) "," XC("a", 0, 9, 7) "," XC("c", 6, 1, 1) "]",
         "a 5000 3000 / a|b 3000 3000 / a|c 1000 1000"},
        {"pairs", "[" BC("a", 0, 100) "," BC("b", 2, 101) "," EC(5, 104) "," EC(9, 107) "]",
         "a 6000 4000 / a|b 3000 3000"},
        {"mixed", "[" BC("a", 0, 100) "," XC("b", 2, 3, 3) "," EC(9, 107) "," XC("c", 9, 1, 0) "]",
         "c 1000 0 / a 6000 4000 / a|b 3000 3000"},
        {"mixed, in no order",
         "[" XC("b", 2, 3, 3) "," BC("a", 0, 100) "," EC(9, 107) "," XC("c", 9, 1, 0) "]",
         "a 6000 4000 / a|b 3000 3000 / c 1000 0"},
        {"the outer does not tell", "[" X0("a", 0, 9) "," XC("b", 2, 3, 2) "]",
         "a 6000 0 / a|b 3000 2000"},
        {"the inner does not tell", "[" XC("a", 0, 9, 7) "," X0("b", 2, 3) "]",
         "a 6000 7000 / a|b 3000 0"},
        {"an end does not tell", "[" BC("a", 0, 5) ",{\"ph\":\"E\",\"ts\":9}," XC("b", 9, 1, 1) "]",
         "b 1000 1000 / a 9000 0"},
        {"rounded", "[" XC("a", 0, 9, 2.5) "," XC("b", 2, 3, 3) "]", "a 6000 0 / a|b 3000 3000"},
        {"less than is inside", "[" XC("a", 0, 9, 1) ",\n" XC("b", 2, 3, 3) "]",
         "a 6000 0 / a|b 3000 3000 !repaired 1:1"},
        {"too large", "[" XC("a", 0, 9, 9223372036854775807) "]", "a 9000"},
    };
    CHECK(rows);
}

static void counters_are_series(void **state)
{
    static const struct row rows[] = {
        {"two numbers",
         "[{\"ph\":\"C\",\"pid\":1,\"ts\":1,\"name\":\"m\",\"args\":{\"a\":5,\"b\":1.5}},"
         "{\"args\":{\"a\":7,\"note\":\"x\"},\"name\":\"m\",\"ph\":\"C\",\"pid\":1,\"ts\":2}]",
         " ~m.a 1000:5 2000:7 ~m.b 1000:1.5"},
        {"two processes",
         "[{\"ph\":\"C\",\"pid\":1,\"ts\":1,\"name\":\"m\",\"args\":{\"a\":5}},"
         "{\"ph\":\"C\",\"pid\":2,\"ts\":2,\"name\":\"m\",\"args\":{\"a\":6}}]",
         " ~m.a 1000:5 ~m of process 2.a 2000:6"},
    };
    (void)state;
    CHECK(rows);
}

#define CHUNK(nodes, samples, deltas)                                                              \
    "{\"ph\":\"P\",\"name\":\"ProfileChunk\",\"id\":\"0x1\",\"pid\":1,\"tid\":9,\"ts\":5,"         \
    "\"args\":{"                                                                                   \
    "\"data\":{\"cpuProfile\":{\"nodes\":[" nodes "],\"samples\":[" samples                        \
    "]},\"timeDeltas\":[" deltas "]}}}"
#define NODE(id, parent, name)                                                                     \
    "{\"id\":" #id ",\"parent\":" #parent ",\"callFrame\":{\"functionName\":\"" name               \
    "\",\"url\":\"u.js\",\"lineNumber\":4}}"
#define PROFILE                                                                                    \
    "{\"ph\":\"P\",\"name\":\"Profile\",\"id\":\"0x1\",\"pid\":1,\"tid\":1,\"ts\":0,\"args\":{"    \
    "\"data\":{\"startTime\":100}}}"
#define ROOT "{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\"}}"

static void samples_last_until_the_next(void **state)
{
    static const struct row rows[] = {
        {"in chunks",
         "[" PROFILE "," CHUNK(ROOT "," NODE(2, 1, "a"), "2,2", "1,2") "," CHUNK(NODE(3, 2, "b"),
                                                                                 "3,2", "3,4") "]",
         "a 5000 / a|b 4000"},
        {"the chunk first", "[" CHUNK(ROOT "," NODE(2, 1, "a"), "2,2", "1,2") "," PROFILE "]",
         "a 2000"},
        {"behind later ones",
         "[" PROFILE "," CHUNK(ROOT "," NODE(2, 1, "a") "," NODE(3, 1, "b"), "2,3,2", "5,-3,9") "]",
         "b 3000 / a 6000 !repaired 1:0"},
        {"beside calls",
         "[" X("x", 0, 8) "," PROFILE "," CHUNK(ROOT "," NODE(2, 1, "a"), "2,2", "1,2") "]",
         "a 0 2000 / x 8000 0"},
        {"a whole one, by its children",
         "[{\"ph\":\"I\",\"name\":\"CpuProfile\",\"pid\":1,\"tid\":1,\"ts\":9,\"args\":{\"data\":{"
         "\"cpuProfile\":{\"nodes\":[{\"id\":1,\"callFrame\":{\"functionName\":\"(root)\"},"
         "\"children\":[2]},{\"id\":2,\"callFrame\":{\"functionName\":\"a\",\"lineNumber\":-1}}],"
         "\"startTime\":10,\"endTime\":20,\"samples\":[2,1],\"timeDeltas\":[2,3]}}}}]",
         " 5000 / a 3000"},
        {"nodes in a circle",
         "[" PROFILE "," CHUNK(NODE(2, 3, "a") "," NODE(3, 2, "b"), "2,3,2", "1,2,4") "]",
         "b 4000 / b|a 2000"},
        {"a node that nobody told", "[" PROFILE "," CHUNK("", "5,5", "1,2") "]", "{U} 2000"},
        {"stack frames",
         "{\"traceEvents\":[],\"samples\":[{\"ts\":\"1\",\"pid\":1,\"tid\":1,\"sf\":2},"
         "{\"ts\":4,\"pid\":1,\"tid\":1,\"sf\":\"1\"},{\"ts\":5,\"pid\":1,\"tid\":1,\"sf\":2}],"
         "\"stackFrames\":{\"1\":{\"name\":\"main\"},\"2\":{\"name\":\"f\",\"parent\":1}}}",
         "main 1000 / main|f 3000"},
        {"stacks in the events",
         "[{\"ph\":\"P\",\"ts\":1,\"stack\":[\"f\",\"main\"]},{\"ph\":\"P\",\"ts\":3,\"stack\":[]}"
         "]",
         "main|f 2000"},
    };
    (void)state;
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_of_every_shape_are_read),
        cmocka_unit_test(events_become_calls),
        cmocka_unit_test(threads_are_outer_frames),
        cmocka_unit_test(asynchronous_events_have_tracks_of_their_own),
        cmocka_unit_test(viztracer_names_are_taken_apart),
        cmocka_unit_test(calls_are_counted),
        cmocka_unit_test(the_threads_clock_is_a_metric),
        cmocka_unit_test(counters_are_series),
        cmocka_unit_test(samples_last_until_the_next),
    };
    return cmocka_run_group_tests_name("chrome_trace", tests, NULL, NULL);
}

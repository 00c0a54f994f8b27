#include "formats/registry.h"
#include "tests/collapsed_profile.h"

/* profviz's own trace: the grammar, what becomes of it, what is refused. */

static bool read_with(struct pv_text bytes, const struct pv_input_options *options,
                      struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.trace", options);
    bool done = pv_format_named(PV_TEXT("trace"))->read(input, out, err);
    pv_input_close(input);
    return done;
}

static struct pv_profile *read_text(struct pv_text bytes)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_with(bytes, NULL, &profile, &err))
        fail_msg("line %d: %s, in %.*s", (int)err.where.line, err.message, PV_TEXT_ARGS(bytes));
    return profile;
}

static void lines_become_calls(void **state)
{
    static const struct {
        const char *label, *text, *stacks;
    } rows[] = {
        {"a call", "B a 1\nE a 3\n", "a 2000"},
        {"microseconds by default", "B a 0\nE a 0.0015\n", "a 1.5"},
        {"calls in calls", "B a 0\nB b 1\nE b 2\nE a 4\n", "a 3000 / a|b 1000"},
        {"an end without a name", "B a 0\nB b 1\nE 2\nE 4\n", "a 3000 / a|b 1000"},
        {"a name that is a number", "B 7 0\nB 8 1\nE 8 2\nE 7 4\n", "7 3000 / 7|8 1000"},
        {"whole calls", "X b 1 1\nX a 0 4\n", "a 3000 / a|b 1000"},
        {"ns", "# profviz trace 1 unit=ns\nX a 1 2\n", "a 2"},
        {"ms", "# profviz trace 1 unit=ms\nX a 1 2.0000005\n", "a 2000000.5"},
        {"s", "# profviz trace 1 unit=s\nX a 1.5 0.000000001\n", "a 1"},
        {"ticks", "# profviz trace 1 unit=ticks\nX a 1 2.5\n", "a 2.5"},
        {"one unit after the other",
         "# profviz trace 1 unit=s\nX a 0 1\n# profviz trace 1 unit=ns\nX a 1000000000 1\n",
         "a 1000000001"},
        {"blanks in quotes", "X \"load a file\" 0 1\n", "load a file 1000"},
        {"escapes", "X \"a\\\"\\\\\\x41\\t\" 0 1\n", "a\"\\A\t 1000"},
        {"blanks between tabs", "X\tload a \"file\"\t0\t1\n", "load a \"file\" 1000"},
        {"several blanks", "X  a \t 0   1  \n", "a 1000"},
        {"indented", "  X a 0 1\n\t\tX\tb c\t2\t1\n", "a 1000 / b c 1000"},
        {"comments and empty lines", "# x\n\n#X a 0 1\nX a 0 1\n \n", "a 1000"},
        {"threads", "B a 0 thread=1\nB b 0 thread=2\nE 1 thread=1\nE 3 thread=2\n",
         "thread 1{T}|a 1000 / thread 2{T}|b 3000"},
        {"processes", "X a 0 1 thread=\"w 1\" process=web\nX\ta\t0\t1\tprocess=db 2\n",
         "process web{P}|thread w 1{T}|a 1000 / process db 2{P}|a 1000"},
        {"a header's thread", "# profviz trace 1 process=p thread=t\nX a 0 1\nX b 0 1 thread=u\n",
         "process p{P}|thread t{T}|a 1000 / process p{P}|thread u{T}|b 1000"},
        {"a header ends the one before", "# profviz trace 1 thread=t\n# profviz trace 1\nX a 0 1\n",
         "a 1000"},
        {"no thread where the header has one",
         "# profviz trace 1 thread=t\nX a 0 1 thread=\"\"\nX\tb\t2\t1\tthread=\n",
         "a 1000 / b 1000"},
        {"unknown keys", "X a 0 1 colour=red shape=\"a b\"\n", "a 1000"},
        {"a name with an equals sign", "B operator== 0\nE operator== 1\nX a=b 1 1\n",
         "a=b 1000 / operator== 1000"},
        {"negative times", "B a -2\nE a 2\n", "a 4000"},
        {"exponents", "X a 1e3 1e-3\n", "a 1"},
        {"an end without a place", "B a 0 file=a.c line=3\nB b 1\nE b 2\nE a 3\n",
         "a 2000 / a|b 1000"},
        {"only a counter", "C x 1 2\n", ""},
        {"only a header", "# profviz trace 1\n", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_text(pv_text_of(rows[i].text));
        assert_text(stacks_of(profile), rows[i].stacks, rows[i].label);
        pv_profile_free(profile);
    }
}

static void places_are_kept(void **state)
{
    (void)state;
    struct pv_profile *profile = read_text(
        PV_TEXT("X f 0 1 file=\"src/a b.c\" line=12 module=libx.so\nX f 1 1 file=c.c line=x\n"));
    const struct pv_frame *frames = profile->frames;
    assert_int_equal(2, profile->frame_count);
    assert_string_equal("src/a b.c", pv_profile_text(profile, frames[0].file).data);
    assert_string_equal("libx.so", pv_profile_text(profile, frames[0].module).data);
    assert_int_equal(12, frames[0].line);
    assert_int_equal(0, frames[1].line);
    assert_int_equal(PV_UNIT_NS, profile->metrics[0].unit);
    pv_profile_free(profile);
}

static void counters_become_series(void **state)
{
    (void)state;
    struct pv_profile *profile =
        read_text(PV_TEXT("C queue 3 1.5\nC \"heap, used\" 4096 2 unit=bytes\nC queue 1.25 4\n"
                          "C queue 9 4 process=web\nX a 0 1\n"));
    assert_int_equal(3, profile->series_count);
    for (uint32_t i = 0; i < profile->series_count; i++) {
        const struct pv_series *series = &profile->series[i];
        struct pv_text name = pv_profile_text(profile, series->name);
        assert_int_equal(PV_UNIT_NS, series->at_unit);
        if (pv_text_equal(name, PV_TEXT("queue"))) {
            assert_int_equal(2, series->count);
            assert_int_equal(1500 * series->at_scale, series->points[0].at);
            assert_int_equal(300, series->points[0].value);
            assert_int_equal(125, series->points[1].value);
        } else if (pv_text_equal(name, PV_TEXT("web: queue"))) {
            assert_int_equal(1, series->count);
        } else {
            assert_string_equal("heap, used", name.data);
            assert_int_equal(PV_UNIT_BYTES, series->unit);
        }
    }
    pv_profile_free(profile);
}

#define TEN                                                                                        \
    "X a 1 1\nX a 2 1\nX a 3 1\nX a 4 1\nX a 5 1\nX a 6 1\nX a 7 1\nX a 8 1\nX a 9 1\nX a 10 1\n"

static void few_bad_lines_are_noted(void **state)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        {"Y a 1 1", "a line begins with B, E, X, C or #"},
        {"words", "a line begins with B, E, X, C or #"},
        {"B", "a line begins with B, E, X, C or #"},
        {"B ", "a line begins with B, E, X, C or #"},
        {"X a 1", "a line is B NAME TIME"},
        {"X a b 1 1", "a line is B NAME TIME"},
        {"B a", "a line is B NAME TIME"},
        {"E a", "a line is B NAME TIME"},
        {"E a b", "a line is B NAME TIME"},
        {"C x 1", "a line is B NAME TIME"},
        {"B a 1e400", "a line is B NAME TIME"},
        {"B a nan", "a line is B NAME TIME"},
        {"B \"\" 1", "the name is empty"},
        {"X\t\t1\t1", "the name is empty"},
        {"B \"a 1", "a quoted text ends"},
        {"E \"aaaaaaaaaaaa\"", "a line is B NAME TIME"},
        {"B \"a\\q\" 1", "a quoted text ends"},
        {"B \"a\\x4\" 1", "a quoted text ends"},
        {"B \"a\"b 1", "a quoted text ends"},
        {"X a 1 1 and more", "behind the numbers stands KEY=VALUE"},
        {"X a 1 1 thread=\"1", "a quoted text ends"},
        {"X load file 1 1", "a line is B NAME TIME"},
        {"B load 1 2", "behind the numbers stands KEY=VALUE"},
        {"B a 9223372036854775", NULL},
        {"B a 9223372036854776", "the time does not fit in 64 bits"},
        {"X a 0 9223372036854776", "the time does not fit in 64 bits"},
        {"C x 1 9223372036854776", "the time does not fit in 64 bits"},
        {"C x 1 1 unit=apples", "a counter's unit is count, bytes or ns"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer text = {0};
        pv_buffer_print(&text, TEN "%s\n" TEN, rows[i].line);
        struct pv_profile *profile = read_text(pv_buffer_text(&text)), *strict = NULL;
        const struct pv_note *note = NULL;
        for (uint32_t k = 0; k < profile->note_count; k++)
            if (pv_text_equal(pv_profile_text(profile, profile->notes[k].kind), PV_TEXT("skipped")))
                note = &profile->notes[k];
        if ((note != NULL) != (rows[i].why != NULL))
            fail_msg("%s: %s", rows[i].line, note ? "skipped" : "not skipped");
        if (note) {
            struct pv_error err;
            assert_int_equal(11, note->line);
            if (!pv_text_starts(pv_profile_text(profile, note->text), pv_text_of(rows[i].why)))
                fail_msg("%s: %s", rows[i].line, pv_profile_text(profile, note->text).data);
            assert_false(read_with(pv_buffer_text(&text),
                                   &(struct pv_input_options){.is_strict = true}, &strict, &err));
            assert_int_equal(11, err.where.line);
        }
        pv_profile_free(profile);
        pv_buffer_free(&text);
    }
}

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *text, *why;
        unsigned line;
    } rows[] = {
        {"", "holds no event", 0},
        {"# a comment\n", "holds no event", 0},
        {"words\nwords\n", "2 of 2", 0},
        {"# profviz trace 1 unit=days\nX a 0 1\n", "the header's unit is unknown", 1},
        {"# profviz trace 1 unit=ticks\nX a 0 1\n# profviz trace 1\nX a 0 1\n", "in ticks", 4},
        {"# profviz trace 2\n", "1 of 1", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        assert_false(read_with(pv_text_of(rows[i].text), NULL, &profile, &err));
        assert_null(profile);
        if (!strstr(err.message, rows[i].why))
            fail_msg("%s: %s", rows[i].text, err.message);
        if (rows[i].line)
            assert_int_equal(rows[i].line, err.where.line);
    }
}

static void repairs_name_their_line(void **state)
{
    (void)state;
    struct pv_profile *profile = read_text(PV_TEXT("# x\nB a 1\nE b 2\nE c 3\nE a 4\n"));
    assert_int_equal(1, profile->note_count);
    assert_int_equal(2, profile->notes[0].count);
    assert_int_equal(3, profile->notes[0].line);
    assert_string_equal("repaired", pv_profile_text(profile, profile->notes[0].kind).data);
    pv_profile_free(profile);
}

static void traces_can_be_put_behind_one_another(void **state)
{
    (void)state;
    static const char a[] = "# profviz trace 1 unit=ms process=a\nB f 1\nB g 2\nE g 3\nE f 5\n",
                      b[] = "# profviz trace 1 unit=us process=b\nX f 7 4\n";
    struct pv_buffer both[2] = {{0}, {0}};
    pv_buffer_print(&both[0], "%s%s", a, b);
    pv_buffer_print(&both[1], "%s%s", b, a);
    struct pv_buffer wanted = {0};
    for (int i = 0; i < 2; i++) {
        struct pv_profile *profile = read_text(pv_buffer_text(&both[i]));
        struct pv_buffer json = json_of(profile);
        if (i)
            assert_same_text(&json, &wanted);
        else
            pv_buffer_add(&wanted, pv_buffer_text(&json));
        pv_buffer_free(&json);
        pv_buffer_free(&both[i]);
        pv_profile_free(profile);
    }
    pv_buffer_free(&wanted);
}

static void limits_hold(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    limits.name_bytes = 16;
    limits.functions = 2;
    assert_false(read_with(PV_TEXT("X a 0 1\nX b 0 1\nX c 0 1\n"), &options, &profile, &err));
    assert_non_null(strstr(err.message, "--max-functions"));
    limits = pv_limits_default();
    limits.line_bytes = 32;
    assert_false(read_with(PV_TEXT("X a 0 1\nX aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 0 1\n"),
                           &options, &profile, &err));
    assert_int_equal(PV_LIMIT, err.code);
    limits = pv_limits_default();
    limits.stack_depth = 2;
    assert_true(
        read_with(PV_TEXT("B a 0\nB b 1\nB c 2\nE c 3\nE b 4\nE a 5\n"), &options, &profile, &err));
    struct pv_buffer stacks = stacks_of(profile);
    assert_true(pv_text_search(pv_buffer_text(&stacks), PV_TEXT("deeper than 2")) < stacks.size);
    pv_buffer_free(&stacks);
    pv_profile_free(profile);
}

static void check_chunks(struct pv_text bytes, const struct pv_buffer *wanted, size_t chunk)
{
    struct pv_input_options options = {.chunk = chunk};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_true(read_with(bytes, &options, &profile, &err));
    struct pv_buffer got = json_of(profile);
    assert_same_text(&got, wanted);
    pv_buffer_free(&got);
    pv_profile_free(profile);
}

static void chunks_do_not_matter(void **state)
{
    static const size_t chunks[] = {1, 7, 4096};
    (void)state;
    struct pv_buffer bytes = file_bytes("samples/trace/edge.trace");
    struct pv_profile *profile = read_text(pv_buffer_text(&bytes));
    struct pv_buffer wanted = json_of(profile);
    for (size_t i = 0; i < 3; i++)
        check_chunks(pv_buffer_text(&bytes), &wanted, chunks[i]);
    pv_buffer_free(&wanted);
    pv_buffer_free(&bytes);
    pv_profile_free(profile);
}

static void every_cut_is_survived(void **state)
{
    (void)state;
    struct pv_buffer bytes = file_bytes("samples/trace/edge.trace");
    for (size_t size = 0; size < bytes.size; size++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        if (read_with(pv_text_slice(pv_buffer_text(&bytes), 0, size), NULL, &profile, &err))
            assert_true(profile->note_count > 0 || bytes.data[size - 1] == '\n' ||
                        bytes.data[size - 1] == '\r');
        else
            assert_true(err.message[0] != '\0');
        pv_profile_free(profile);
    }
    pv_buffer_free(&bytes);
}

static void the_edge_is_read(void **state)
{
    (void)state;
    struct pv_buffer bytes = file_bytes("samples/trace/edge.trace");
    struct pv_profile *profile = read_text(pv_buffer_text(&bytes));
    struct pv_buffer stacks = stacks_of(profile);
    static const char *const wanted[] = {
        "process the mill{P}|thread miller{T}|grind 1250000",
        "process the mill{P}|thread miller{T}|grind|fill the \"hopper\" 750000",
        "process the mill{P}|thread miller{T}|grind|pour the flour out 2000000",
        "process shed{P}|thread the boy{T}|operator== 1000000",
        "process shed{P}|thread the boy{T}|asleep 1999999",
        "process shed{P}|thread the boy{T}|asleep|snore 1",
        "\xc3\xa4 \xff 12000",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (pv_text_search(pv_buffer_text(&stacks), pv_text_of(wanted[i])) >= stacks.size)
            fail_msg("%s is not in %.*s", wanted[i], PV_TEXT_ARGS(pv_buffer_text(&stacks)));
    assert_int_equal(2, profile->series_count);
    pv_buffer_free(&stacks);
    pv_buffer_free(&bytes);
    pv_profile_free(profile);
}

static void content_is_recognised(void **state)
{
    static const struct {
        const char *text;
        bool is_whole;
        enum pv_probe probe;
    } rows[] = {
        {"# profviz trace 1\n", true, PV_PROBE_SURE},
        {"# profviz trace 2\n", true, PV_PROBE_SURE},
        {"# x\nB a 1\nE a 2\n", true, PV_PROBE_LIKELY},
        {"X a 1 2\r\nC n 1 2\r\n", true, PV_PROBE_LIKELY},
        {"X a 1 2\nX a 1", false, PV_PROBE_MAYBE},
        {"X a 1 2\n", true, PV_PROBE_MAYBE},
        {"E 5\n", true, PV_PROBE_MAYBE},
        {"", true, PV_PROBE_NO},
        {"# x\n", true, PV_PROBE_NO},
        {"main;work 5\nmain 3\n", true, PV_PROBE_NO},
        {"B a 1\nE is the first letter of this\nX marks the spot\n", true, PV_PROBE_NO},
        {"{\"a\": 1}", true, PV_PROBE_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (pv_format_named(PV_TEXT("trace"))->probe(pv_text_of(rows[i].text), rows[i].is_whole) !=
            rows[i].probe)
            fail_msg("%s", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_calls),
        cmocka_unit_test(places_are_kept),
        cmocka_unit_test(counters_become_series),
        cmocka_unit_test(few_bad_lines_are_noted),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(repairs_name_their_line),
        cmocka_unit_test(traces_can_be_put_behind_one_another),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(every_cut_is_survived),
        cmocka_unit_test(the_edge_is_read),
        cmocka_unit_test(content_is_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "formats/trace_sources.h"
#include "formats/trace_spec.h"
#include "formats/trace_time.h"
#include "tests/collapsed_profile.h"

/* The descriptions of logs that come with the program. */

/* Each shipped description is valid and called as its file is, and reads its samples to the last
 * line; the totals were added up by other means (see the samples' READMEs). */
static void shipped_descriptions_read_their_samples(void **state)
{
    static const struct {
        const char *spec, *path;
        int64_t total;
        uint32_t notes;
    } rows[] = {
        {"uftrace", "samples/uftrace/bakery.txt", 1018315, 0},
        {"uftrace", "samples/uftrace/bakery-time.txt", 1018315, 0},
        {"strace", "samples/strace/pipe.strace", 0, 0},
        {"strace", "samples/strace/terminal.txt", 0, 2},
        {"strace", "samples/strace/bakery.ltrace", 17424000, 0},
        {"ftrace", "samples/ftrace/trace.txt", 1353699, 0},
        {"ftrace", "samples/ftrace/abstime-proc.txt", 13313, 0},
        {"ftrace", "samples/ftrace/trace-cmd.txt", 194500, 0},
        {"nginx", "samples/trace-formats/nginx.log", 1004000000, 0},
        {"nginx", "samples/trace-formats/nginx-keyed.log", 1004000000, 0},
        {"bash-x", "samples/trace-formats/bash-x.txt", 266061000, 0},
    };
    (void)state;
    for (const struct pv_trace_source *source = pv_trace_sources(); source->name; source++) {
        struct pv_trace_spec *spec;
        struct pv_error err;
        if (!pv_trace_spec_open(&spec, source->name, &err))
            fail_msg("%s", err.message);
        assert_string_equal(pv_trace_spec_name(spec), source->name);
        pv_trace_spec_free(spec);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer bytes = file_bytes(rows[i].path);
        struct pv_input *input = pv_input_memory(pv_buffer_text(&bytes), rows[i].path, NULL);
        struct pv_profile *profile = NULL;
        struct pv_error err;
        print_message("%s\n", rows[i].path);
        if (!pv_trace_spec_read_by(rows[i].spec, input, &profile, &err))
            fail_msg("%s", err.message);
        print_message("  %lld\n", (long long)profile->metrics[0].total);
        assert_int_equal(pv_input_skipped(input).bad, 0);
        assert_int_equal(profile->note_count, rows[i].notes);
        if (rows[i].total)
            assert_int_equal(profile->metrics[0].total, rows[i].total);
        pv_profile_free(profile);
        pv_input_close(input);
        pv_buffer_free(&bytes);
    }
}

/* What a shipped description makes of single lines. */
static void shipped_descriptions_know_their_dialects(void **state)
{
    static const struct {
        const char *spec, *log, *stacks;
    } rows[] = {
        {"uftrace", " 2.000 us [  7] | fib(3) = 2;\n", "thread 7{T}|fib 2000"},
        {"uftrace", "  1.002  m [  7] | main();\n   1.500  s [ 7] | std::vector::operator[]();\n",
         "thread 7{T}|main 60120000000 / thread 7{T}|std::vector::operator[] 1500000000"},
        {"uftrace",
         "[ 7] | f(\"{\") {\n 1.000 us [ 7] |   operator()();\n 5.000 us [ 7] | } = 3; /* f */\n",
         "thread 7{T}|f 4000 / thread 7{T}|f|operator() 1000"},
        {"uftrace",
         "   [ 7] | main() {\n   [ 7] |   /* read:proc/statm (size=1) */\n [ 7] |\n 3.000 "
         "us [ 7] | }\n\nuftrace stopped tracing with remaining functions\n====\ntask: "
         "7\n[0] main\n",
         "thread 7{T}|main 3000"},
        {"strace", "brk(NULL) = 0x55 <0.000003>\n", "brk 3000"},
        {"strace", "18:03:08 [00007f0011223344] read(3, \"a <b>\", 4) = 3 <0.000010>\n",
         "read 10000"},
        {"strace",
         "1763834588.352542 [  59] execve(\"/bin/x\", [\"x\"], 0x7 /* 3 vars */) = 0 "
         "<0.000010>\n > /lib/ld.so(_dl+0x1) [0x2]\n",
         "execve 10000"},
        {"strace", "5 18:03:08.1 pause() = ?\n5 18:03:08.35 +++ killed by SIGTERM +++\n",
         "pid 5{T}|pause 250000000"},
        {"strace",
         "7 0.000100 read(3 <unfinished ...>\n8 0.000010 close(1) = 0 <0.000002>\n7 "
         "0.000020 <... read resumed>\"x\", 1) = 1 <0.000031>\n",
         "pid 7{T}|read 31000 / pid 8{T}|close 2000"},
        {"nginx",
         "::1 - ann [22/Nov/2025:18:03:08 +0000] \"GET / HTTP/2.0\" 200 5 \"-\" \"x\" "
         "\"10.0.0.1\" request_time=0.125 0.1\n",
         "GET|GET / 125000000 5 1"},
        {"bash-x", "out\n+ 1763834588,25 0 a b.sh:3: cp x\n+ 1763834588,75 0 a b.sh:4: :\n",
         "cp 500000000 / : 0"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_input *input = pv_input_memory(pv_text_of(rows[i].log), "x", NULL);
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (!pv_trace_spec_read_by(rows[i].spec, input, &profile, &err))
            fail_msg("%s: %s", rows[i].log, err.message);
        assert_text(stacks_of(profile), rows[i].stacks, rows[i].log);
        assert_int_equal(pv_input_skipped(input).bad, 0);
        pv_profile_free(profile);
        pv_input_close(input);
    }
}

static void unknown_names_are_refused(void **state)
{
    static const struct {
        const char *name, *says;
        enum pv_code code;
    } rows[] = {
        {"straec", "unknown trace format 'straec'; did you mean 'strace'?", PV_USAGE},
        {"quokka", "there is no such file, and those that come with the program are bash-x, ",
         PV_USAGE},
        {"no/such.json", "cannot open", PV_INPUT_FAILED},
        {"samples", "is a directory", PV_INPUT_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_trace_spec *spec = NULL;
        struct pv_error err;
        assert_false(pv_trace_spec_open(&spec, rows[i].name, &err));
        print_message("%s\n", err.message);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_int_equal(err.code, rows[i].code);
    }
}

static void summaries_become_functions(void **state)
{
    static const struct {
        const char *path, *name;
        int64_t self, calls, errors;
    } rows[] = {
        {"samples/strace_summary/strace.txt", "wait4", -1, -1, -1},
        {"samples/strace_summary/ltrace.txt", "usleep", -1, 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_buffer bytes = file_bytes(rows[i].path);
        struct pv_input *input = pv_input_memory(pv_buffer_text(&bytes), rows[i].path, NULL);
        struct pv_profile *profile = NULL;
        struct pv_error err;
        const struct pv_format *format = pv_format_detect(input, &err);
        assert_string_equal(format->name, "strace_summary");
        assert_true(format->read(input, &profile, &err));
        bool is_found = false;
        for (uint32_t f = 0; f < profile->graph->func_count; f++) {
            const struct pv_func *func = &profile->graph->funcs[f];
            struct pv_text name = pv_profile_name(profile, func->frame);
            assert_true(!pv_text_equal(name, PV_TEXT("total")));
            is_found |= pv_text_equal(name, pv_text_of(rows[i].name)) &&
                        (rows[i].calls < 0 || func->calls == rows[i].calls);
        }
        assert_true(is_found);
        pv_profile_free(profile);
        pv_input_close(input);
        pv_buffer_free(&bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_descriptions_read_their_samples),
        cmocka_unit_test(shipped_descriptions_know_their_dialects),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(summaries_become_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

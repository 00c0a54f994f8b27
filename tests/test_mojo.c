#include "tests/collapsed_profile.h"

/* MOJO files are written down here as bytes; what they become as stacks with all their values. */

#define TEXT(text) text "\0"
#define MODE(mode) "\1" TEXT("mode") TEXT(mode)
#define END "\1" TEXT("duration") TEXT("9")
#define NAMES "\x0b\x10" TEXT("a.py") "\x0b\x11" TEXT("main") "\x0b\x12" TEXT("work")
#define STACK3 "\2\x07\0" TEXT("1f")                   /* process 7, interpreter 0, thread 31 */
#define FRAMES1 "\3\x20\x10\x11\x05\3\x21\x10\x12\x09" /* main:5, work:9 */
#define FRAMES3 "\3\x20\x10\x11\x05\x05\0\0\3\x21\x10\x12\x09\x09\0\0"
#define MAIN "\5\x20"
#define WORK "\5\x21"
#define BYTES(bytes)                                                                               \
    {                                                                                              \
        bytes, sizeof(bytes) - 1                                                                   \
    }

static bool read_mojo(struct pv_text bytes, const struct pv_input_options *options,
                      struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.mojo", options);
    bool done = pv_format_named(PV_TEXT("mojo"))->read(input, out, err);
    pv_input_close(input);
    return done;
}

static void samples_become_stacks(void **state)
{
    static const struct {
        const char *label;
        struct pv_text bytes;
        const char *stacks;
    } rows[] = {
        {"version 1",
         BYTES("MOJ\1" MODE("wall") "\2\7" TEXT("1f") NAMES FRAMES1 MAIN WORK
               "\x09\x0a\2\7" TEXT("1f") MAIN "\x09\x05" END),
         "P7{P}|T31{T}|main 5000 / P7{P}|T31{T}|main|work 10000"},
        {"version 3, the same function on another line",
         BYTES("MOJ\3" MODE("cpu") STACK3 NAMES FRAMES3 MAIN WORK
               "\x09\x0a" STACK3 "\3\x22\x10\x12\x08\x08\0\0" MAIN "\5\x22\x09\x01" END),
         "P7{P}|T0:31{T}|main|work 11000"},
        {"long numbers, and a text key of all bits",
         BYTES("MOJ\3" MODE("wall") STACK3 "\x0b\xbf\xff\xff\xff\xff\xff\xff\xff\xff\x03" TEXT(
             "f") "\3\x20\x01\xbf\xff\xff\xff\xff\xff\xff\xff\xff\x03\x05\0\0\0" MAIN
                  "\x09\x80\x01" END),
         "P7{P}|T0:31{T}|f 64000"},
        {"no frames", BYTES("MOJ\3" MODE("wall") STACK3 "\x09\x03" END), "P7{P}|T0:31{T} 3000"},
        {"a mode that comes too late",
         BYTES("MOJ\3" NAMES MODE("full") STACK3 FRAMES3 MAIN "\x09\x0a\x0a\x01" END),
         "P7{P}|T0:31{T}|[unknown]{U} 10000"},
        {"memory goes up and down",
         BYTES("MOJ\3" MODE("memory") STACK3 NAMES FRAMES3 MAIN "\x0a\x0a" STACK3 MAIN
                                                                "\x0a\x43" END),
         "P7{P}|T0:31{T}|main 7"},
        {"full, once idle",
         BYTES("MOJ\3" MODE("full") STACK3 NAMES FRAMES3 MAIN "\x09\x0a\x0a\x01" STACK3 MAIN
                                                              "\x08\x09\x05\x0a\x42" END),
         "P7{P}|T0:31{T}|main 15000 10000 -1"},
        {"collector, kernel, invalid, unknown",
         BYTES("MOJ\3" MODE("wall") STACK3 NAMES FRAMES3 MAIN "\7\x09\x01" STACK3 MAIN "\6" TEXT(
             "read") "\x09\x02" STACK3 "\4\x09\x03" STACK3 "\5\x3f\x09\x04" END),
         "P7{P}|T0:31{T}|main|[garbage collector]{B} 1000 / P7{P}|T0:31{T}|main|read{k} 2000 / "
         "P7{P}|T0:31{T}|[invalid]{U} 3000 / P7{P}|T0:31{T}|[unknown]{U} 4000"},
        {"version 4 goes on from the stack before, without the kernel",
         BYTES("MOJ\4" MODE("wall") STACK3 NAMES FRAMES3 MAIN "\6" TEXT(
             "read") "\x09\x01" STACK3 "\x0d" WORK "\x09\x02" STACK3 "\x0d\x09\x04" END),
         "P7{P}|T0:31{T}|main|read{k} 1000 / P7{P}|T0:31{T}|main|work 6000"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t chunk = 1; chunk <= 4096; chunk *= 64) {
            const struct pv_input_options options = {.chunk = chunk};
            struct pv_profile *profile = NULL;
            struct pv_error err;
            if (!read_mojo(rows[i].bytes, &options, &profile, &err)) {
                fail_msg("%s: byte %d: %s", rows[i].label, (int)err.where.offset, err.message);
                continue;
            }
            assert_text(stacks_of(profile), rows[i].stacks, rows[i].label);
            assert_int_equal(profile->note_count, 0);
            pv_profile_free(profile);
        }
}

static void lines_are_kept_where_asked_for(void **state)
{
    static const struct pv_text bytes =
        BYTES("MOJ\3" MODE("wall") STACK3 NAMES FRAMES3 MAIN WORK "\x09\x0a" END);
    struct pv_limits limits = pv_limits_default();
    const struct pv_input_options options = {.limits = &limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    limits.keeps_lines = true;
    assert_true(read_mojo(bytes, &options, &profile, &err));
    assert_int_equal(profile->lines->count, 1);
    assert_int_equal(profile->lines->rows[0].line, 9);
    assert_int_equal(profile->lines->self[0][0], 10000);
    pv_profile_free(profile);
}

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *label;
        struct pv_text bytes;
        const char *says;
    } rows[] = {
        {"empty", BYTES(""), "begins with MOJ"},
        {"another file", BYTES("MOK\3"), "begins with MOJ"},
        {"a version to come", BYTES("MOJ\5" MODE("wall")), "unknown version"},
        {"an unknown event", BYTES("MOJ\3" MODE("wall") STACK3 "\x0e"), "unknown event"},
        {"no sample", BYTES("MOJ\3" MODE("wall")), "cut off"},
        {"cut in the first sample", BYTES("MOJ\3" MODE("wall") STACK3), "cut off"},
        {"a negative time", BYTES("MOJ\3" MODE("wall") STACK3 "\x09\x41"), "negative"},
        {"a number without end",
         BYTES("MOJ\3" MODE("wall") STACK3 "\x09\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
         "64 bits"},
        {"a huge time",
         BYTES("MOJ\3" MODE("wall") STACK3 "\x09\xbf\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
         "64 bits"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (read_mojo(rows[i].bytes, NULL, &profile, &err))
            fail_msg("%s is read", rows[i].label);
        else if (!strstr(err.message, rows[i].says))
            fail_msg("%s: %s", rows[i].label, err.message);
    }
}

static void limits_hold(void **state)
{
    struct pv_limits limits = pv_limits_default();
    const struct pv_input_options options = {.limits = &limits};
    struct pv_buffer bytes = {0};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    limits.line_bytes = 1000;
    pv_buffer_add(&bytes, (struct pv_text)BYTES("MOJ\3\1"));
    for (int i = 0; i < 5000; i++)
        pv_buffer_char(&bytes, 'x');
    assert_false(read_mojo(pv_buffer_text(&bytes), &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
    pv_buffer_free(&bytes);
}

static void what_was_cut_off_is_noted(void **state)
{
    static const struct pv_text bytes =
        BYTES("MOJ\3" MODE("wall") STACK3 NAMES FRAMES3 MAIN WORK "\x09\x0a");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    (void)state;
    assert_true(read_mojo(bytes, NULL, &profile, &err));
    assert_int_equal(profile->note_count, 1);
    assert_int_equal(profile->metrics[0].total, 10000);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_become_stacks),
        cmocka_unit_test(lines_are_kept_where_asked_for),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(what_was_cut_off_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

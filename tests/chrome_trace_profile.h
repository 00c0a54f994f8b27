#ifndef PV_TESTS_CHROME_TRACE_PROFILE_H
#define PV_TESTS_CHROME_TRACE_PROFILE_H

#include "tests/collapsed_profile.h"

/* Traces are read in chunks of every size, and written down as the stacks with their nanoseconds,
 * the series, and the notes: " !kind count:line". */

struct row {
    const char *label, *text, *expected;
};

static inline const struct pv_format *format(void)
{
    const struct pv_format *found = pv_format_named(PV_TEXT("chrome_trace"));
    assert_non_null(found);
    return found;
}

static inline bool read_with(struct pv_text bytes, const struct pv_input_options *options,
                             struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.json", options);
    bool is_done = format()->read(input, out, err);
    pv_input_close(input);
    return is_done;
}

static inline void add_series(struct pv_buffer *out, const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->series_count; i++) {
        const struct pv_series *series = &profile->series[i];
        pv_buffer_print(out, " ~%.*s.%.*s", PV_TEXT_ARGS(pv_profile_text(profile, series->group)),
                        PV_TEXT_ARGS(pv_profile_text(profile, series->name)));
        for (uint32_t k = 0; k < series->count; k++) {
            pv_buffer_print(out, " %lld:", (long long)(series->points[k].at / series->at_scale));
            add_value(out, series->points[k].value, series->scale);
        }
    }
}

static inline char *describe(const struct pv_profile *profile)
{
    struct pv_buffer out = stacks_of(profile);
    add_series(&out, profile);
    for (uint32_t i = 0; i < profile->note_count; i++) {
        const struct pv_note *note = &profile->notes[i];
        pv_buffer_print(&out, " !%.*s %u:%u", PV_TEXT_ARGS(pv_profile_text(profile, note->kind)),
                        (unsigned)note->count, (unsigned)note->line);
    }
    pv_buffer_char(&out, '\0');
    return out.data;
}

static inline char *describe_text(struct pv_text text, size_t chunk)
{
    struct pv_input_options options = {.chunk = chunk};
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    if (read_with(text, &options, &profile, &err)) {
        char *found = describe(profile);
        pv_profile_free(profile);
        return found;
    }
    struct pv_buffer out = {0};
    assert_null(profile);
    pv_buffer_print(&out, "%d: %s", (int)err.where.line, err.message);
    pv_buffer_char(&out, '\0');
    return out.data;
}

static inline void check(const struct row *rows, size_t count)
{
    static const size_t chunks[] = {0, 1, 7, 4096};
    int failed = 0;
    for (size_t i = 0; i < count * 4; i++) {
        const struct row *row = &rows[i / 4];
        char *found = describe_text(pv_text_of(row->text), chunks[i % 4]);
        if (strcmp(found, row->expected) != 0 && ++failed)
            print_error("%s, chunks of %zu: \"%s\"\n", row->label, chunks[i % 4], found);
        free(found);
    }
    assert_int_equal(failed, 0);
}
#define CHECK(rows) check(rows, sizeof(rows) / sizeof *(rows))

#define B(name, ts) "{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"name\":\"" name "\",\"ts\":" #ts "}"
#define E(ts) "{\"ph\":\"E\",\"pid\":1,\"tid\":1,\"ts\":" #ts "}"
#define X(name, ts, dur)                                                                           \
    "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"name\":\"" name "\",\"ts\":" #ts ",\"dur\":" #dur "}"

#endif

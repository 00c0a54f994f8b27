#ifndef PV_TESTS_FORMAT_ROWS_H
#define PV_TESTS_FORMAT_ROWS_H

#include "tests/pstats_profile.h"

/* Rows of a test of a format that is text: what is read is written down as tests/pstats_profile.h
 * does it, whatever the chunks; what is refused says why; what is recognised, and how surely. */

struct row {
    const char *label, *text, *expected;
};

static inline void check_rows(const char *format, const struct row *rows, size_t count)
{
    static const size_t chunks[] = {0, 1, 7, 4096};
    int failed = 0;
    for (size_t i = 0; i < count * 4; i++) {
        const struct row *row = &rows[i / 4];
        char *found = describe_bytes(format, pv_text_of(row->text), chunks[i % 4]);
        if (strcmp(found, row->expected) != 0) {
            print_error("%s, chunks of %zu: \"%s\"\n", row->label, chunks[i % 4], found);
            failed++;
        }
        free(found);
    }
    assert_int_equal(0, failed);
}
#define CHECK_ROWS(format, rows) check_rows(format, rows, sizeof(rows) / sizeof *(rows))

static inline void check_refused(const char *format, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err;
        if (read_as(format, pv_text_of(rows[i].text), NULL, &profile, &err))
            fail_msg("%s: read", rows[i].label);
        if (!strstr(err.message, rows[i].expected))
            fail_msg("%s: %s", rows[i].label, err.message);
        assert_null(profile);
    }
}
#define CHECK_REFUSED(format, rows) check_refused(format, rows, sizeof(rows) / sizeof *(rows))

/* With --strict the text is refused at this line. */
static inline void check_strict(const char *format, struct pv_text text, uint64_t line)
{
    struct pv_input_options strict = {.is_strict = true};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_false(read_as(format, text, &strict, &profile, &err));
    assert_int_equal(line, err.where.line);
}

/* The text meets this limit. */
static inline void check_limit(const char *format, struct pv_text text,
                               const struct pv_limits *limits)
{
    struct pv_input_options options = {.limits = limits};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    assert_false(read_as(format, text, &options, &profile, &err));
    assert_int_equal(err.code, PV_LIMIT);
}

struct probe_row {
    const char *text;
    enum pv_probe probe; /* of the text as the whole of an input */
};

static inline void check_probes(const char *name, const struct probe_row *rows, size_t count)
{
    const struct pv_format *format = pv_format_named(pv_text_of(name));
    assert_non_null(format);
    for (size_t i = 0; i < count; i++)
        if (format->probe(pv_text_of(rows[i].text), true) != rows[i].probe)
            fail_msg("%s", rows[i].text);
}
#define CHECK_PROBES(format, rows) check_probes(format, rows, sizeof(rows) / sizeof *(rows))

#endif

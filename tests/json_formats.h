#ifndef PV_TESTS_JSON_FORMATS_H
#define PV_TESTS_JSON_FORMATS_H

#include "tests/collapsed_profile.h"

/* What tests of the formats that are JSON share. */

static inline bool read_as(const char *name, struct pv_text bytes,
                           const struct pv_input_options *options, struct pv_profile **out,
                           struct pv_error *err)
{
    const struct pv_format *format = pv_format_named(pv_text_of(name));
    assert_non_null(format);
    struct pv_input *input = pv_input_memory(bytes, "test.json", options);
    bool done = format->read(input, out, err);
    pv_input_close(input);
    return done;
}

/* "kind: text (count)" of each note, joined by " / ". To be freed. */
static inline struct pv_buffer notes_of(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < profile->note_count; i++) {
        const struct pv_note *note = &profile->notes[i];
        pv_buffer_print(&out, "%s%.*s: %.*s (%d)", i ? " / " : "",
                        PV_TEXT_ARGS(pv_profile_text(profile, note->kind)),
                        PV_TEXT_ARGS(pv_profile_text(profile, note->text)), (int)note->count);
    }
    return out;
}

/* A file, and what must come out of it: its stacks (as stacks_of writes them) and its notes. */
struct json_row {
    const char *label, *text, *stacks, *notes;
};

static inline void assert_row(const char *name, const struct json_row *row, size_t chunk)
{
    struct pv_input_options options = {.chunk = chunk};
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_as(name, pv_text_of(row->text), &options, &profile, &err))
        fail_msg("%s: %s", row->label, err.message);
    assert_text(stacks_of(profile), row->stacks, row->label);
    assert_text(notes_of(profile), row->notes, row->label);
    pv_profile_free(profile);
}

static inline void assert_rows(const char *name, const struct json_row *rows, size_t count)
{
    static const size_t chunks[] = {0, 1, 7};
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++)
            assert_row(name, &rows[i], chunks[c]);
}

/* A file that must be refused, and a part of the reason. */
struct json_refusal {
    const char *text, *why;
};

static inline void assert_refusals(const char *name, const struct json_refusal *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        if (read_as(name, pv_text_of(rows[i].text), NULL, &profile, &err))
            fail_msg("%s should be refused", rows[i].text);
        if (!strstr(err.message, rows[i].why))
            fail_msg("%s: wanted %s, got %s", rows[i].text, rows[i].why, err.message);
        assert_string_equal(err.where.source, "test.json");
        assert_null(profile);
    }
}

/* No cut of it reads as anything. */
static inline void assert_cuts_are_refused(const char *name, const char *text)
{
    struct pv_text whole = pv_text_of(text);
    for (size_t size = 0; size < whole.size; size++) {
        struct pv_input_options options = {.chunk = size % 9 + 1};
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        if (read_as(name, pv_text_slice(whole, 0, size), &options, &profile, &err))
            fail_msg("cut at %zu: %.*s", size, (int)size, text);
        assert_true(err.message[0] != '\0');
    }
}

/* Each of the limits that a reader has to keep ends it. */
static inline void assert_limits_hold(const char *name, const char *text)
{
    static const struct {
        size_t offset;
        uint64_t limit;
    } rows[] = {
        {offsetof(struct pv_limits, functions), 1},  {offsetof(struct pv_limits, nesting), 2},
        {offsetof(struct pv_limits, line_bytes), 1}, {offsetof(struct pv_limits, memory), 1},
        {offsetof(struct pv_limits, memory), 5000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_limits limits = pv_limits_default();
        memcpy((char *)&limits + rows[i].offset, &rows[i].limit, sizeof rows[i].limit);
        struct pv_input_options options = {.limits = &limits, .chunk = 5};
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        if (read_as(name, pv_text_of(text), &options, &profile, &err))
            fail_msg("limit %zu: not met", i);
        if (err.code != PV_LIMIT)
            fail_msg("limit %zu: %s", i, err.message);
    }
}

/* Only this format takes it. */
static inline void assert_is_recognised(const char *name, const char *text)
{
    struct pv_input *input = pv_input_memory(pv_text_of(text), "unknown", NULL);
    struct pv_error err;
    const struct pv_format *format = pv_format_detect(input, &err);
    if (!format || strcmp(format->name, name) != 0)
        fail_msg("%s reads as %s", text, format ? format->name : err.message);
    pv_input_close(input);
}

#endif

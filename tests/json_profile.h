#ifndef PV_TESTS_JSON_PROFILE_H
#define PV_TESTS_JSON_PROFILE_H

#include "formats/registry.h"
#include "model/error.h"
#include "tests/unit.h"

/* Profiles as JSON and back. */

static inline const struct pv_format *json_format(void)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("json"));
    assert_non_null(format);
    return format;
}

/* The profile's JSON, to be freed; frees the profile too. */
static inline struct pv_buffer write_and_free(struct pv_profile *profile)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0}, lost = {0};
    struct pv_error err;
    assert_non_null(profile);
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    json_format()->write(profile, output, &lost);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    assert_int_equal(lost.size, 0);
    pv_output_close(output);
    pv_profile_free(profile);
    return bytes;
}

static inline bool read_bytes(struct pv_text bytes, size_t chunk, struct pv_profile **out,
                              struct pv_error *err)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_input_options options = {.limits = &limits, .chunk = chunk};
    limits.keeps_spans = true;
    struct pv_input *input = pv_input_memory(bytes, "test.json", &options);
    bool ok = json_format()->read(input, out, err);
    pv_input_close(input);
    return ok;
}

/* Reading the bytes and writing them again gives `wanted`. */
static inline void assert_becomes(struct pv_text bytes, size_t chunk, struct pv_text wanted)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_bytes(bytes, chunk, &profile, &err))
        fail_msg("line %d: %s, in %.*s", (int)err.where.line, err.message, PV_TEXT_ARGS(bytes));
    struct pv_buffer again = write_and_free(profile);
    if (!pv_text_equal(pv_buffer_text(&again), wanted))
        fail_msg("wanted %.*s\ngot %.*s", PV_TEXT_ARGS(wanted),
                 PV_TEXT_ARGS(pv_buffer_text(&again)));
    pv_buffer_free(&again);
}

#endif

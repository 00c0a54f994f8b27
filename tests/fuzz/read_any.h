#ifndef PV_TESTS_FUZZ_READ_ANY_H
#define PV_TESTS_FUZZ_READ_ANY_H

#include "formats/registry.h"
#include "model/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What must hold for any bytes that are read as any format: no crash, no hang, and either an error
 * that says something or a profile that is true to itself and survives JSON. A breach aborts. */

static inline void read_any_demand(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "breach: %s\n", what);
    abort();
}

/* Small, so that a hostile size shows as an error and not as a slow run. */
static inline struct pv_limits read_any_limits(void)
{
    struct pv_limits limits = pv_limits_default();
    limits.memory = 64 << 20;
    limits.input_bytes = 16 << 20;
    limits.line_bytes = 1 << 20;
    limits.layout_ms = 1000;
    limits.keeps_lines = true;
    return limits;
}

/* NULL where the bytes are no profile. `format` NULL: whichever recognises them. */
static inline struct pv_profile *read_any_profile(const struct pv_format *format,
                                                  struct pv_text bytes, size_t chunk)
{
    struct pv_limits limits = read_any_limits();
    struct pv_input_options options = {.limits = &limits, .chunk = chunk};
    limits.keeps_spans = chunk; /* what is kept besides changes nothing else */
    struct pv_input *input = pv_input_memory(bytes, "unknown", &options);
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    if (!format)
        format = pv_format_detect(input, &err);
    if (format && !format->read) {
        pv_input_close(input);
        return NULL;
    }
    bool ok = format && format->read(input, &profile, &err);
    read_any_demand(ok == (profile != NULL), "a profile with an error, or none without");
    read_any_demand(ok || !format || err.message[0] != '\0', "an error without words");
    pv_input_close(input);
    return profile;
}

/* Σ self is the total, in every metric. */
static inline void read_any_sums(const struct pv_profile *profile)
{
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        bool is_tree = profile->origin == PV_ORIGIN_STACKS;
        const int64_t *self = is_tree ? profile->tree->self[m] : profile->graph->self[m];
        uint32_t count = is_tree ? profile->tree->count : profile->graph->func_count;
        uint64_t sum = 0; /* wraps, as the partial sums of mixed signs may */
        for (uint32_t i = 0; i < count; i++)
            sum += (uint64_t)self[i];
        read_any_demand(sum == (uint64_t)profile->metrics[m].total,
                        "self values are not the total");
    }
}

/* The profile's JSON, to be freed. */
static inline struct pv_buffer read_any_json(struct pv_profile *profile)
{
    struct pv_output *output = pv_output_memory();
    struct pv_buffer bytes = {0}, lost = {0};
    pv_format_named(PV_TEXT("json"))->write(profile, output, &lost);
    pv_buffer_add(&bytes, pv_output_bytes(output));
    pv_buffer_free(&lost);
    pv_output_close(output);
    return bytes;
}

/* Without what one of two readings kept besides. */
static inline struct pv_buffer read_any_bare_json(struct pv_profile *profile)
{
    profile->spans = NULL;
    return read_any_json(profile);
}

/* Every writer can write it. */
static inline void read_any_write(struct pv_profile *profile)
{
    for (const struct pv_format *const *next = pv_formats(); *next; next++) {
        if (!(*next)->write || ((*next)->write_needs_tree && !profile->tree))
            continue;
        struct pv_output *output = pv_output_memory();
        struct pv_buffer lost = {0};
        (*next)->write(profile, output, &lost);
        pv_buffer_free(&lost);
        pv_output_close(output);
    }
}

/* Returns whether a profile came out. */
static inline bool read_any(const struct pv_format *format, struct pv_text bytes, size_t chunk)
{
    struct pv_limits limits = read_any_limits();
    struct pv_error err;
    struct pv_profile *profile = read_any_profile(format, bytes, chunk);
    if (!profile)
        return false;
    if (pv_profile_need_graph(profile, &limits, &err)) {
        read_any_sums(profile);
        read_any_write(profile);
        struct pv_buffer json = read_any_json(profile);
        struct pv_profile *again =
            read_any_profile(pv_format_named(PV_TEXT("json")), pv_buffer_text(&json), chunk);
        if (again && pv_profile_need_graph(again, &limits, &err)) { /* unless a limit is met */
            struct pv_buffer same = read_any_json(again);
            read_any_demand(pv_text_equal(pv_buffer_text(&json), pv_buffer_text(&same)),
                            "JSON does not read back");
            pv_buffer_free(&same);
        }
        pv_profile_free(again);
        pv_buffer_free(&json);
    }
    pv_profile_free(profile);
    return true;
}

#endif

#include "formats/registry.h"
#include "tests/fuzz/check.h"

#include <stdlib.h>

/* A reader under made-up bytes: FUZZ_FORMAT names it; "any" lets the bytes decide. */

static struct pv_profile *read_bytes(struct pv_text bytes, size_t chunk, struct pv_error *err)
{
    struct pv_limits limits = pv_check_limits();
    struct pv_input_options options = {.limits = &limits, .chunk = chunk};
    struct pv_input *input = pv_input_memory(bytes, "fuzz", &options);
    struct pv_profile *profile = NULL;
    const struct pv_format *format = pv_format_named(PV_TEXT(FUZZ_FORMAT));
    if (!format)
        format = pv_format_detect(input, err);
    if (format && format->read && !format->read(input, &profile, err))
        pv_check(err->code != PV_OK && err->message[0], "a refusal says why");
    pv_input_close(input);
    return profile;
}

static bool is_same(const struct pv_profile *a, const struct pv_profile *b)
{
    bool same = a->metric_count == b->metric_count && a->frame_count == b->frame_count &&
                a->origin == b->origin;
    for (uint32_t m = 0; same && m < a->metric_count; m++)
        same = a->metrics[m].total == b->metrics[m].total &&
               a->metrics[m].scale == b->metrics[m].scale;
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pv_error err = {0}, again = {0};
    struct pv_text bytes = {(const char *)data, size};
    struct pv_profile *profile = read_bytes(bytes, 0, &err);
    struct pv_profile *pieces = read_bytes(bytes, 7, &again);
    pv_check(!profile == !pieces, "the size of the pieces does not matter");
    if (profile) {
        pv_check(is_same(profile, pieces), "the profile does not depend on the pieces");
        pv_check_profile(profile);
    }
    pv_profile_free(profile);
    pv_profile_free(pieces);
    return 0;
}

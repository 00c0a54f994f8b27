#include "tests/fuzz/check.h"

/* A reader under made-up bytes: fuzz_name names it; "any" lets the bytes decide. */

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
    const struct pv_format *format = pv_format_named(pv_text_of(fuzz_name));
    struct pv_text bytes = {(const char *)data, size};
    read_any_demand(format || pv_text_equal(pv_text_of(fuzz_name), PV_TEXT("any")),
                    "a reader of that name");
    if (!read_any(format, bytes, 4096))
        return 0;
    struct pv_profile *profile = read_any_profile(format, bytes, 0);
    struct pv_profile *pieces = read_any_profile(format, bytes, 7);
    read_any_demand(pieces && is_same(profile, pieces), "the size of the pieces does not matter");
    read_any_invariants(profile);
    read_any_invariants(pieces);
    pv_profile_free(profile);
    pv_profile_free(pieces);
    return 0;
}

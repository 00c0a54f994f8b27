#include "formats/trace_spec.h"
#include "tests/fuzz/check.h"

/* A description of a log, a NUL, and a log that is read by it: both made up. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pv_text bytes = {(const char *)data, size};
    size_t end = pv_text_find(bytes, '\0');
    struct pv_limits limits = read_any_limits();
    const struct pv_input_options options = {.limits = &limits};
    struct pv_trace_spec *spec = NULL;
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    if (!pv_trace_spec_parse(&spec, pv_text_slice(bytes, 0, end), "spec", &err)) {
        read_any_demand(err.message[0] != '\0', "an error without words");
        return 0;
    }
    struct pv_input *input =
        pv_input_memory(pv_text_slice(bytes, end + 1, bytes.size), "log", &options);
    bool is_fine = pv_trace_spec_read(spec, input, &profile, &err);
    read_any_demand(is_fine == (profile != NULL), "a profile with an error, or none without");
    if (profile)
        read_any_invariants(profile);
    pv_profile_free(profile);
    pv_input_close(input);
    pv_trace_spec_free(spec);
    return 0;
}

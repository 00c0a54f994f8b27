#include "formats/callgrind.h"

#include "formats/format.h"

extern const struct pv_format pv_format_callgrind;
const struct pv_format pv_format_callgrind = {
    .name = "callgrind",
    .summary = "profiles for KCachegrind and callgrind_annotate",
    .extensions = ".callgrind",
    .write = pv_callgrind_write,
    .write_needs_graph = true,
};

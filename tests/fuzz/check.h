#ifndef PV_TESTS_FUZZ_CHECK_H
#define PV_TESTS_FUZZ_CHECK_H

#include "tests/fuzz/read_any.h"

/* What this program tests: a format, a kind of picture and a view, or "any". */
extern const char *const fuzz_name;

/* What libFuzzer calls with every input it makes up. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); /* NOLINT(*-identifier-naming) */

/* Holds a profile against the invariants of docs/architecture.md, its graph too. */
void read_any_invariants(struct pv_profile *profile);

#endif

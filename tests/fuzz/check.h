#ifndef PV_TESTS_FUZZ_CHECK_H
#define PV_TESTS_FUZZ_CHECK_H

#include "tests/fuzz/read_any.h"

/* What libFuzzer calls with every input it makes up. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Holds a profile against the invariants of docs/architecture.md, its graph too. */
void read_any_invariants(struct pv_profile *profile);

#endif

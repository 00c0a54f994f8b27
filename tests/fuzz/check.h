#ifndef PV_TESTS_FUZZ_CHECK_H
#define PV_TESTS_FUZZ_CHECK_H

#include "model/profile.h"

/* What libFuzzer calls with every input it makes up. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts with the words where the claim is false: a finding. */
void pv_check(bool claim, const char *words);

/* Holds a profile against the invariants of docs/architecture.md, its graph too. */
void pv_check_profile(struct pv_profile *profile);

/* Limits that keep a fuzzer fast. */
struct pv_limits pv_check_limits(void);

#endif

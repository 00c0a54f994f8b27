#include "tests/fuzz/check.h"

const char *const fuzz_name = FUZZ_NAME;

#ifndef PV_TESTS_UNIT_H
#define PV_TESTS_UNIT_H

/* What every cmocka test needs, in the order that cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif

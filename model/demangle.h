#ifndef PV_MODEL_DEMANGLE_H
#define PV_MODEL_DEMANGLE_H

#include "model/text.h"

/* Symbols as compilers write them, made readable: C++ (the Itanium ABI, also of clang and Rust's
 * old scheme) and Rust (the old scheme and v0), by libiberty, whose limit on nesting stays on:
 * C++ symbols over 1024 bytes stay as they are, and so does what would be over 64 KiB. */

/* Appends `name` with every symbol in it made readable: what stands around symbols stays, as in
 * "libm.so`_Z3foov+0x1f". False, and nothing is appended, where there is none. */
bool pv_demangle(struct pv_buffer *out, struct pv_text name);

/* Whether there may be a symbol in the name: quick, and never wrong with no. */
bool pv_may_demangle(struct pv_text name);

#endif

#ifndef PV_MODEL_NAME_SHORT_H
#define PV_MODEL_NAME_SHORT_H

#include "model/text.h"

/* What may be left out of readable names of C++ and Rust, so that functions which differ in that
 * alone become one. Names of other languages stay as they are. Each appends to *out; the name
 * itself where there is nothing to leave out. docs/names.md has the rules. */

/* Without what Rust adds to its names: "::h0123456789abcdef"; "$LT$", "$u20$", ".." of the old
 * scheme become what they stand for. */
void pv_name_plain(struct pv_buffer *out, struct pv_text name);

/* Whether pv_name_plain would change anything. */
bool pv_name_is_plain(struct pv_text name);

/* Without return type, parameters and what follows them: "int ns::f<int>(int) const" is
 * "ns::f<int>"; with `is_short` also without template arguments: "ns::f<…>". */
void pv_name_shorten(struct pv_buffer *out, struct pv_text name, bool is_short);

/* Without what tells where in the function or the file it ran, and which copy of it: "+0x1f",
 * ".part.0", " [clone .cold]", "libc.so`", "libc.so!", " (/lib/libc.so)", " [libc.so]",
 * "@@GLIBC_2.2.5". An address without a name is "[unknown]". A slice of the name but for that. */
struct pv_text pv_name_strip(struct pv_text name);

#endif

#ifndef PV_MODEL_NAME_SYNTAX_H
#define PV_MODEL_NAME_SYNTAX_H

#include "model/text.h"

/* The grammar of C++ and Rust names, as demanglers print them. */

/* Where the argument list begins: the parenthesis that matches the last one. name.size where the
 * name has none, or is nothing but that. */
size_t pv_name_list_from(struct pv_text name);

/* Where "::h0123456789abcdef" begins, which Rust puts behind its names; name.size where it has
 * none. */
size_t pv_name_hash_from(struct pv_text name);

/* Behind the return type that some C++ names begin with: the last blank outside of brackets. */
struct pv_text pv_name_without_type(struct pv_text name);

#endif

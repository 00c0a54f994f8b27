#ifndef PV_MODEL_STRINGS_H
#define PV_MODEL_STRINGS_H

#include "model/limits.h"
#include "model/text.h"

#include <stdint.h>

/* Interned strings: equal bytes have one number, and comparing numbers compares strings. Number 0
 * is the empty string. The bytes live as long as the table. */
typedef uint32_t pv_str;

struct pv_strings;

struct pv_strings *pv_strings_new(void);

/* The number of `text`, added where it is new. 0 and budget->is_over where memory is used up. */
pv_str pv_strings_add(struct pv_strings *strings, struct pv_text text, struct pv_budget *budget);

/* The same of a text of another table, whose hash is known there. */
pv_str pv_strings_add_of(struct pv_strings *strings, const struct pv_strings *from, pv_str id,
                         struct pv_budget *budget);

/* A table with the same texts by the same numbers, to which others can be added. The bytes stay
 * those of `of`, which must live longer. */
struct pv_strings *pv_strings_view(const struct pv_strings *of);

/* The bytes of a number; followed by a NUL that is not part of the size. */
struct pv_text pv_strings_get(const struct pv_strings *strings, pv_str id);

/* Gives the memory back that makes finding fast. Texts are still found and added, each after a look
 * at all of them. */
void pv_strings_settle(struct pv_strings *strings);

/* How many there are, the empty one included: numbers are 0 to count - 1. */
uint32_t pv_strings_count(const struct pv_strings *strings);

void pv_strings_free(struct pv_strings *strings);

#endif

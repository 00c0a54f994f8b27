#ifndef PV_FORMATS_LOOKS_H
#define PV_FORMATS_LOOKS_H

#include "model/text.h"

/* For an input that no format claims: appends one sentence of what its head (up to 64 KiB, all of
 * it where is_whole) looks like and what its owner may do, fit for struct pv_error. Whatever of the
 * head is quoted is escaped. */
void pv_looks_like(struct pv_buffer *sentence, struct pv_text head, bool is_whole);

#endif

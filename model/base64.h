#ifndef PV_MODEL_BASE64_H
#define PV_MODEL_BASE64_H

#include "model/text.h"

/* Base 64 (RFC 4648, section 4), with padding. */

void pv_base64_add(struct pv_buffer *out, struct pv_text bytes);

/* Appends the bytes that the text stands for; blanks and line ends in it are passed over. False
 * where it is malformed or its length is not whole: what was appended is of no use then. */
bool pv_base64_read(struct pv_buffer *out, struct pv_text text);

#endif

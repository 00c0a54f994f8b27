#ifndef PV_MODEL_UTF8_H
#define PV_MODEL_UTF8_H

#include "model/text.h"

#include <stdint.h>

/* UTF-8 as RFC 3629 defines it, read from bytes that may be anything. */

/* Takes the next code point off *rest. An invalid byte (overlong, surrogate, beyond U+10FFFF, cut)
 * gives PV_INVALID_BYTE + the byte and takes one byte. False at the end. */
enum { PV_INVALID_BYTE = 0x110000 };
bool pv_utf8_next(struct pv_text *rest, uint32_t *code_point);

/* Appends the code point's UTF-8 (up to U+10FFFF; surrogates as three bytes, as WTF-8). */
void pv_utf8_add(struct pv_buffer *out, uint32_t code_point);

/* Columns that a code point takes on a terminal: 0 (combining), 1 or 2 (East Asian wide, emoji). */
unsigned pv_utf8_columns(uint32_t code_point);

#endif

#ifndef PV_MODEL_ESCAPE_H
#define PV_MODEL_ESCAPE_H

#include "model/text.h"

#include <stdint.h>

/* The one gate through which names of a profile reach an output. Names are arbitrary bytes, meant
 * to be UTF-8, chosen by an enemy. */

enum pv_escaping {
    /* Readable UTF-8 for people: invalid bytes as \xNN; control, bidirectional, zero-width and
     * other invisible characters and U+2028/9 as \u{202e}; a run of backslashes is doubled where
     * what follows would otherwise read like one of these, so that two names never become equal.
     * Safe on a terminal. */
    PV_ESCAPE_DISPLAY,
    /* Display, then & < > " ' as entities: XML and HTML text and attribute values. */
    PV_ESCAPE_XML,
    /* Inside a JSON string (no quotes added): all that JSON wants, and < > & U+2028 U+2029 as
     * \uXXXX so that it may stand in a script element; an invalid byte NN as \udcNN, which reads
     * back. */
    PV_ESCAPE_JSON,
};

/* Appends the text, escaped. A text without anything to escape is one copy. */
void pv_escape(struct pv_buffer *out, enum pv_escaping how, struct pv_text text);

/* Takes the next code point off *rest. An invalid byte (overlong, surrogate, beyond U+10FFFF, cut)
 * gives PV_INVALID_BYTE + the byte and takes one byte. False at the end. */
enum { PV_INVALID_BYTE = 0x110000 };
bool pv_utf8_next(struct pv_text *rest, uint32_t *code_point);

/* Appends the code point's UTF-8 (up to U+10FFFF; surrogates as three bytes, as WTF-8). */
void pv_utf8_add(struct pv_buffer *out, uint32_t code_point);

/* Columns that a code point takes on a terminal: 0 (combining), 1 or 2 (East Asian wide, emoji). */
unsigned pv_utf8_columns(uint32_t code_point);

#endif

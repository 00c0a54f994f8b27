#ifndef PV_MODEL_ESCAPE_H
#define PV_MODEL_ESCAPE_H

#include "model/text.h"
#include "model/utf8.h"

/* The one gate through which names of a profile reach an output. Names are arbitrary bytes, meant
 * to be UTF-8, chosen by an enemy. */

enum pv_escaping {
    /* Readable UTF-8 for people: invalid bytes as \xNN; control, bidirectional, zero-width and
     * other invisible characters, blanks but the space, U+2028/9 and noncharacters as \u{202e}; a
     * run of backslashes is doubled where an escape follows or what would read like one, so that
     * two names never become equal. Safe on a terminal, and in the log of a continuous integration:
     * the ## of what such logs take for a command (##[…], ##vso[…], ##teamcity[…]) is hidden too.
     */
    PV_ESCAPE_DISPLAY,
    /* Display, then & < > " ' as entities: XML and HTML text and attribute values. */
    PV_ESCAPE_XML,
    /* Inside a JSON string (no quotes added): all that JSON wants, and < > & U+2028 U+2029 as
     * \uXXXX so that it may stand in a script element; an invalid byte NN as \udcNN, which reads
     * back. */
    PV_ESCAPE_JSON,
    /* Display, for a spreadsheet's cell (quotes are the writer's): a ' in front of what would begin
     * a formula and of what begins with a ' itself, and a ; before such a beginning as \u{3b},
     * because a spreadsheet that separates by ; cuts there. */
    PV_ESCAPE_CSV,
    /* Display, for a code span in a cell of a Markdown table (backticks are the writer's): a bar as
     * \|, and where a backslash precedes it as \u{7c}. */
    PV_ESCAPE_MARKDOWN,
};

/* Appends the text, escaped. A text without anything to escape is one copy. */
void pv_escape(struct pv_buffer *out, enum pv_escaping how, struct pv_text text);

#endif

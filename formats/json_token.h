#ifndef PV_FORMATS_JSON_TOKEN_H
#define PV_FORMATS_JSON_TOKEN_H

#include "model/input.h"

/* The bytes of a JSON input with a place in them, token by token: the lower half of json_pull,
 * which holds the grammar. Every function returns false on an error, which is sticky and kept here.
 */
struct pv_json_cursor {
    struct pv_input *input;
    uint64_t longest; /* bytes of a string or number; beyond: an error */

    const char *start, *at, *end; /* what the input has buffered, and how far it is read */
    uint64_t base;                /* offset of `start` in the input */
    char last;                    /* the byte before `start` */
    uint64_t line;                /* of `at`: newlines stand only between tokens */
    uint64_t token, token_line;   /* place of the token that errors are about */

    struct pv_buffer scratch; /* a string with its escapes undone */
    bool has_failed;
    bool may_be_cut, was_cut; /* an end that comes too early stops the reading, but is no error */
    struct pv_error err;
};

/* At the input's present place. Only `scratch` has to be freed. */
void pv_json_cursor_init(struct pv_json_cursor *cursor, struct pv_input *input);

/* Makes what comes next the token that errors are about. */
static inline void pv_json_cursor_mark(struct pv_json_cursor *cursor)
{
    cursor->token = cursor->base + (uint64_t)(cursor->at - cursor->start);
    cursor->token_line = cursor->line;
}

/* Fail at the token, at the next byte, and at the end of the input (whose own failure goes first).
 * They return false. */
bool pv_json_cursor_fail(struct pv_json_cursor *cursor, enum pv_code code, const char *text);
bool pv_json_cursor_fail_here(struct pv_json_cursor *cursor, const char *text);
bool pv_json_cursor_fail_end(struct pv_json_cursor *cursor);

/* Skips blanks; false (and not failed) at the end of the input. */
bool pv_json_cursor_blanks(struct pv_json_cursor *cursor);
static inline bool pv_json_cursor_next(struct pv_json_cursor *cursor)
{
    return (cursor->at < cursor->end && (unsigned char)*cursor->at > ' ') ||
           pv_json_cursor_blanks(cursor);
}

/* Take the string whose opening quote is next: its bytes are the input's where it has no escapes,
 * valid until the next call; or check it and keep nothing. */
bool pv_json_cursor_string(struct pv_json_cursor *cursor, struct pv_text *out);
bool pv_json_cursor_skip_string(struct pv_json_cursor *cursor);

/* Takes the run of bytes that a number may consist of. */
bool pv_json_cursor_number(struct pv_json_cursor *cursor, struct pv_text *out);

/* Takes null, true or false: `word`. */
bool pv_json_cursor_word(struct pv_json_cursor *cursor, struct pv_text word);

#endif

#ifndef PV_FORMATS_JSON_WRITE_PARTS_H
#define PV_FORMATS_JSON_WRITE_PARTS_H

#include "formats/preorder.h"
#include "model/output.h"
#include "model/profile.h"

/* What the files of json_write share, nobody else's business. */

/* Written in canonical order throughout, so that equal profiles have equal bytes however they came
 * to be. Rows have lines of their own for the sake of diff. */
struct pv_json_writing {
    const struct pv_profile *profile;
    const struct pv_graph *graph; /* NULL: what follows from the stacks is left out */
    struct pv_output *output;
    struct pv_buffer text; /* written, not yet handed to the output */
    uint32_t count;        /* of functions: the graph's, or the frames that are made use of */
    uint32_t *order;       /* functions in canonical order */
    uint32_t *rank;        /* of a function in that order */
    uint32_t *func_of;     /* of a frame, or PV_NONE */
    bool is_compact;
    uint64_t written, most; /* bytes handed to the output, and how many it may get */
};

/* Words, a string in quotes, a key's words and an interned string, a number. */
void pv_json_put(struct pv_json_writing *writer, const char *words);
void pv_json_put_string(struct pv_json_writing *writer, struct pv_text text);
void pv_json_put_text(struct pv_json_writing *writer, const char *key, pv_str id);
void pv_json_put_int(struct pv_json_writing *writer, int64_t value);

/* Begins row i of an array that is written a row a line, and number i of one with many in a line.
 */
void pv_json_put_begin(struct pv_json_writing *writer, uint32_t i);
void pv_json_put_next(struct pv_json_writing *writer, uint32_t i);

/* Calls, null where they are not known; the words of flags. */
void pv_json_put_calls(struct pv_json_writing *writer, int64_t calls);
void pv_json_put_flags(struct pv_json_writing *writer, uint32_t flags);

/* One value for each metric: columns[metric][at]. */
void pv_json_put_values(struct pv_json_writing *writer, int64_t *const *columns, uint32_t at);

/* The functions as columns; the arcs, as rows or as columns, nothing where there is no graph. */
void pv_json_put_function_columns(struct pv_json_writing *writer);
void pv_json_put_arcs(struct pv_json_writing *writer);

/* The member behind the stacks that says when calls were; left out where that is not known. */
void pv_json_put_spans(struct pv_json_writing *writer, const struct pv_preorder *order);

/* The members behind these; lines and series are left out where there are none. */
void pv_json_put_lines(struct pv_json_writing *writer);
void pv_json_put_series(struct pv_json_writing *writer);
void pv_json_put_notes(struct pv_json_writing *writer);

#endif

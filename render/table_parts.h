#ifndef PV_RENDER_TABLE_PARTS_H
#define PV_RENDER_TABLE_PARTS_H

#include "render/table.h"

/* What the makers of tables about functions share: nobody else's business. */

/* Every column that such a table may have. */
enum pv_field {
    PV_FIELD_DEPTH,    /* calls above it; in data only, a text shows it by indenting */
    PV_FIELD_FUNCTION, /* the function that a row is about; in data only */
    PV_FIELD_ROLE,     /* what the row's own function is to that one; in data only */
    PV_FIELD_SELF,
    PV_FIELD_SELF_SHARE,
    PV_FIELD_TOTAL,
    PV_FIELD_TOTAL_SHARE,
    PV_FIELD_CALLS,
    PV_FIELD_NAME,
    PV_FIELD_PLACE,
    PV_FIELD_OWNER,  /* the function that a line belongs to; in data only */
    PV_FIELD_SPOT,   /* file and line of one line; in data only */
    PV_FIELD_LINE,   /* its number */
    PV_FIELD_SOURCE, /* its text */
    PV_FIELDS
};

/* A table being made. */
struct pv_table_maker {
    struct pv_table *table;
    const struct pv_profile *profile;
    uint32_t metric;
    unsigned at[PV_FIELDS]; /* the column of a field; PV_FIELDS where there is none */
};

/* Starts a table of one metric: its unit, total and whole. False: a unit that it does not have.
 * With a metric that the profile does not have (an empty one) the table stays empty. */
bool pv_table_begin(struct pv_table_maker *maker, const struct pv_profile *profile, uint32_t metric,
                    struct pv_text unit, struct pv_text input, struct pv_error *err);
bool pv_table_has_metric(const struct pv_table_maker *maker);

/* What is known of the whole, as facts: format, metric, functions, calls. The graph must be there.
 * pv_table_fact adds one more; it takes the text and leaves the buffer empty. */
void pv_table_facts(struct pv_table_maker *maker);
void pv_table_fact(struct pv_table_maker *maker, struct pv_buffer *words);

/* The profile's notes, and that functions have more than the whole where they do. */
void pv_table_notes(struct pv_table_maker *maker);

/* The columns, in this order; calls and places are left out where the profile has none. `bar` is
 * the share that shows as a bar. */
void pv_table_columns(struct pv_table_maker *maker, const enum pv_field *fields, size_t count,
                      enum pv_field bar);

/* Whether the profile tells of any function how often it was called. */
bool pv_table_has_calls(const struct pv_graph *graph);

/* Makes room for rows (after the columns); they are empty. */
void pv_table_rows(struct pv_table_maker *maker, size_t count);

/* The cell of a field, or one that nobody looks at where the table does not have the field. */
struct pv_cell *pv_table_at(struct pv_table_maker *maker, size_t row, enum pv_field field);

/* A frame's file with a line (or its module), as a cell. */
struct pv_cell pv_table_place(const struct pv_table_maker *maker, uint32_t frame);

/* Adds a sentence to the notes, behind pv_table_notes; takes the text as pv_table_fact does. */
void pv_table_add_note(struct pv_table_maker *maker, struct pv_buffer *words);

/* Fills single fields: a value with its share, calls, name with place. */
void pv_table_self(struct pv_table_maker *maker, size_t row, int64_t value);
void pv_table_total(struct pv_table_maker *maker, size_t row, int64_t value);
void pv_table_calls(struct pv_table_maker *maker, size_t row, int64_t calls);
void pv_table_name(struct pv_table_maker *maker, size_t row, uint32_t frame);
void pv_table_words(struct pv_table_maker *maker, size_t row, struct pv_text words);

/* The buffer's text, kept in the table's arena; the buffer is empty afterwards. */
struct pv_text pv_table_keep(struct pv_table_maker *maker, struct pv_buffer *buffer);

#endif

#ifndef PV_RENDER_TABLE_H
#define PV_RENDER_TABLE_H

#include "model/output.h"
#include "model/profile.h"

/* A report in rows and columns, before it is text, Markdown or CSV: numbers with their unit, names
 * as the profile has them. A writer formats and escapes; it decides nothing about content. */

enum pv_column_kind {
    PV_COLUMN_VALUE, /* in the table's metric */
    PV_COLUMN_SHARE, /* the same, as a share of the metric's total */
    PV_COLUMN_COUNT, /* a bare number, with thousands separators */
    PV_COLUMN_NAME,  /* the function's name */
    PV_COLUMN_PLACE, /* file:line, or the module where the file is not known */
    PV_COLUMN_LINE,  /* a line's number, for people: data has it in the place */
    /* Of two values, what the cell's is more than its base, behind the cell's lead: */
    PV_COLUMN_CHANGE, /* in the table's metric: "▲ +1.2 s" */
    PV_COLUMN_RATIO,  /* relative: "+12.3 %", "new" */
    PV_COLUMN_STEP,   /* of bare numbers: "+1,204" */
};

struct pv_column {
    const char *title;
    enum pv_column_kind kind;
    bool has_bar;     /* a share that also shows as a bar: the one that the rows are sorted by */
    bool is_optional; /* may be left out where there is no room for it */
    bool is_view;     /* for people only: made of other columns */
    bool is_data;     /* for programs only: people see it by the order and the lead of names */
};

/* One cell; which members count depends on the column's kind. */
struct pv_cell {
    struct pv_text text;  /* name, or file (or module) */
    struct pv_text lead;  /* of ours, before a name: "├ ", "→ "; data has none */
    struct pv_text trail; /* of ours, behind a name: " … 12 below" */
    int64_t value;        /* value, part of the whole, count */
    int64_t base;         /* of a change: what it is compared with */
    uint32_t line;        /* of a place; 0: none */
    bool is_empty;        /* nothing to be said here, e.g. calls unknown */
    bool is_dim;          /* of a change: it may be none */
    bool is_ours;         /* words of ours rather than a name: "212 other functions" */
    bool is_source;       /* a line of source: cut at its end */
};

struct pv_table {
    struct pv_arena *arena;    /* owns what the cells and lines point to, but for the profile's */
    struct pv_text input;      /* what was read */
    struct pv_text *facts;     /* short statements about the whole: metric, total, format, … */
    struct pv_column *columns; /* */
    struct pv_cell *cells;     /* [row * column_count + column] */
    bool *is_sum;          /* [row]: of other rows, or of what is not shown; no data of its own */
    bool *is_head;         /* [row]: begins a group of rows; no data of its own */
    struct pv_text *notes; /* sentences: what was skipped, repaired, cut */
    size_t fact_count, column_count, row_count, note_count;
    struct pv_text metric; /* its name, raw; empty: none */
    enum pv_unit unit;     /* of values, with their scale */
    int64_t scale, total;
    int64_t whole;         /* what shares are of, at least 0 */
    struct pv_text prefix; /* fixed prefix of values ("ms"); empty: each the one that fits */
};

void pv_table_free(struct pv_table *table);

/* A number of the table as its writers show it, into `out` (PV_TABLE_NUMBER bytes, not terminated);
 * returns the size. Zeros that a rounded number ends in are kept: "9.0 %" below "8.7 %". */
enum { PV_TABLE_NUMBER = PV_NUMBER_SIZE + 4 };
size_t pv_table_number(char *out, const struct pv_table *table, enum pv_column_kind kind,
                       const struct pv_cell *cell);

/* Whether a column stands for changes: signed, and blue or orange. */
bool pv_table_is_change(enum pv_column_kind kind);

enum pv_sort { PV_SORT_SELF, PV_SORT_TOTAL, PV_SORT_CALLS, PV_SORT_NAME };

struct pv_top_options {
    uint32_t metric;      /* index */
    enum pv_sort sort;    /* largest first (by size where values are signed); names from A */
    uint64_t rows;        /* how many functions at most; 0: all */
    struct pv_text unit;  /* prefix for all values, as pv_format_value_in; empty: fitting ones */
    struct pv_text input; /* name for the head */
};

/* A note of the profile as a sentence: "skipped: no number behind the stack (3, first in line 7)".
 * Any bytes; not escaped. */
void pv_table_note(struct pv_buffer *out, const struct pv_profile *profile,
                   const struct pv_note *note, bool has_line);

/* The functions that cost most: self, share, total, share, calls (where known), name, place. The
 * graph must be there (pv_profile_need_graph). The table points into the profile. Rows that are cut
 * are summed up in one row, and the last row is the total, so that self adds up. False: a unit that
 * the metric does not have, or calls to sort by that the input does not tell. */
bool pv_table_top(struct pv_table **out, const struct pv_profile *profile,
                  const struct pv_top_options *options, struct pv_error *err);

/* The call tree: total, share, self, share, name (indented) and place of the `rows` heaviest nodes
 * (0: all), each below its caller, callees by weight; what is left out of a node's callees is one
 * row below them, and the last row is the total. The options' order does not count. Tree (measured,
 * or estimated: then guesses are marked) and graph must be there. */
bool pv_table_tree(struct pv_table **out, const struct pv_profile *profile,
                   const struct pv_top_options *options, struct pv_error *err);

/* Callers, function, callees of each function whose frame is wanted ([frame]), the heaviest first;
 * at most `rows` functions, and as many callers and callees of each (0: all): what their arcs cost,
 * and how often they were called. The graph must be there. */
bool pv_table_peek(struct pv_table **out, const struct pv_profile *profile, const bool *wanted,
                   const struct pv_top_options *options, struct pv_error *err);

/* Where the text of source files comes from. */
enum pv_source_line {
    PV_SOURCE_MISSING, /* there is no such file */
    PV_SOURCE_SHORT,   /* it has no such line: another version of the file */
    PV_SOURCE_FOUND,
};
struct pv_source_finder {
    /* The text of a line (from 1) without its end, alive as long as the finder. NULL: none has. */
    enum pv_source_line (*find)(void *context, struct pv_text file, uint32_t line,
                                struct pv_text *out);
    void *context;
    uint32_t around; /* lines to be shown before and behind those that cost */
};

/* The functions that cost most themselves, each with its lines by their number: own cost, share,
 * line, source. At most `rows` functions and as many lines of each, the costliest, with what is
 * around them where the source is found. The graph must be there. False where the input tells no
 * lines. */
bool pv_table_lines(struct pv_table **out, const struct pv_profile *profile,
                    const struct pv_source_finder *finder, const struct pv_top_options *options,
                    struct pv_error *err);

/* For writers of data: whether the column is one (shares are the values over the total, and
 * rounded; lines are in places); and a number of it in full, in the metric's unit. */
bool pv_column_is_data(const struct pv_column *column);
void pv_table_decimal(const struct pv_table *table, enum pv_column_kind kind, int64_t value,
                      struct pv_output *output);

/* How a terminal (or a file) shows text. */
struct pv_text_style {
    bool has_color;      /* ANSI: heat on numbers, dim places */
    bool has_true_color; /* of 24 bits; else 256 are used where sixteen do not do */
    bool has_bars;       /* a bar of eighth blocks next to the share */
    bool is_ascii;       /* nothing beyond ASCII is shown; the rest as \u{…} */
    unsigned columns;    /* width; 0: as wide as it gets */
};

/* As aligned text. */
void pv_table_write_text(const struct pv_table *table, const struct pv_text_style *style,
                         struct pv_output *output);

/* As a table of Markdown (GitHub's), and as CSV (RFC 4180, UTF-8, LF, plain numbers in the metric's
 * unit, every row of data but no sums). */
void pv_table_write_markdown(const struct pv_table *table, struct pv_output *output);
void pv_table_write_csv(const struct pv_table *table, struct pv_output *output);

/* The same rows and numbers as one JSON object: input, metric, unit, total, rows, notes. */
void pv_table_write_json(const struct pv_table *table, struct pv_output *output);

/* As a page of its own, which loads nothing and runs nothing; light and dark. */
void pv_table_write_html(const struct pv_table *table, struct pv_output *output);

#endif

#ifndef PV_FORMATS_JSON_ROWS_H
#define PV_FORMATS_JSON_ROWS_H

#include "formats/format.h"

/* Metrics at most: no profile has so many, and they cost more than linear time. */
enum { PV_JSON_METRICS = 1000 };

/* What json_read.c gathers and json_build.c makes a profile of. Members of a JSON object may stand
 * in any order, so that nothing can be built before all is read. */

/* Bytes in pv_json_rows.text. */
struct pv_json_span {
    size_t at, size;
};

/* A growing column of numbers, and where its first one stands. */
struct pv_json_column {
    int64_t *values;
    uint32_t count, capacity;
    struct pv_where where;
};

/* A growing table of the structs below. */
struct pv_json_table {
    void *rows;
    uint32_t count, capacity;
};

struct pv_json_metric {
    struct pv_json_span name;
    enum pv_unit unit;
    unsigned digits; /* of the scale */
    bool is_signed, has_total;
    int64_t total;
};

/* Values lie in pv_json_rows.values from `self` and `total` on, one per metric; PV_NONE: not given.
 */
struct pv_json_function {
    struct pv_json_span name, file, module;
    uint32_t line, flags, self, total;
    int64_t calls, primitive_calls;
};

struct pv_json_arc {
    uint32_t caller, callee, total;
    int64_t calls;
};

struct pv_json_line {
    struct pv_json_span file;
    uint32_t function, line, self;
};

struct pv_json_series {
    struct pv_json_span name, group, owner, at_name;
    enum pv_unit unit, at_unit;
    unsigned digits, at_digits; /* of the scales */
    struct pv_json_column at, value;
};

struct pv_json_note {
    struct pv_json_span kind, text;
    uint64_t count, line;
};

/* Calls in time: `track` and `calls` by track, the rest by call, the tracks' calls one behind the
 * other. A begin is told from the one before on its track. */
struct pv_json_spans {
    struct pv_json_column track, calls, function, depth, at, length;
};

/* Members of the top level that have to be there. */
enum pv_json_part {
    PV_JSON_HAS_VERSION = 1 << 0,
    PV_JSON_HAS_ORIGIN = 1 << 1,
    PV_JSON_HAS_METRICS = 1 << 2,
    PV_JSON_HAS_FUNCTIONS = 1 << 3,
    PV_JSON_HAS_STACKS = 1 << 4,
};

struct pv_json_rows {
    const struct pv_limits *limits;
    const char *source; /* name of the input */
    struct pv_budget budget;
    unsigned parts; /* enum pv_json_part */

    struct pv_buffer text; /* all strings, each with a NUL behind it */
    struct pv_json_span format;
    enum pv_origin origin;
    bool is_unbounded;
    uint64_t unknown_flags; /* words that this version does not know */

    struct pv_json_table metrics, functions, arcs, lines, series, notes;
    struct pv_json_column values; /* of functions, arcs and lines */
    uint32_t width;               /* values per row; PV_NONE before the first row */
    struct pv_where width_where;

    /* The tree: node 0 is the root, whose function and parent are -1. */
    struct pv_json_column node_function, node_parent;
    struct pv_json_column node_calls; /* none: not told */
    struct pv_json_table node_self;   /* struct pv_json_column, one per metric */

    struct pv_json_spans spans;

    int64_t top_function; /* the highest that an arc or a node names, and where; -1: none */
    struct pv_where top_where;
};

/* Releases a table of columns, which is empty then. */
void pv_json_columns_free(struct pv_json_table *columns);

void pv_json_rows_free(struct pv_json_rows *rows);

/* Checks what needs all of the rows, and builds the profile. */
bool pv_json_rows_build(const struct pv_json_rows *rows, struct pv_profile **out,
                        struct pv_error *err);

#endif

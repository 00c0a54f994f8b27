#ifndef PV_FORMATS_CALLGRIND_PARTS_H
#define PV_FORMATS_CALLGRIND_PARTS_H

#include "formats/format.h"
#include "model/builder.h"
#include "model/map.h"

/* The reader of callgrind files, shared by its own files. The grammar is that of Valgrind's manual,
 * "Callgrind Format Specification", as its writers really use it (docs/formats/callgrind.md). */

enum {
    PV_CALLGRIND_EVENTS = 64,  /* metrics of one file, at most */
    PV_CALLGRIND_POSITIONS = 4 /* columns in front of the costs */
};

/* ---- Names ---- */

/* `(3) name` gives a name a number, `(3)` means it. Objects, files and functions have a table
 * each. For functions, the frame that the name was last met as. */
#define PV_CALLGRIND_FRAMES ((1U << 30) - 1)
struct pv_callgrind_name {
    pv_str text;         /* 0: not given yet, or empty */
    uint32_t frame : 30; /* + 1; 0: none yet */
    uint32_t is_given : 1, is_unknown : 1;
};

struct pv_callgrind_names {
    struct pv_callgrind_name *items; /* by number, or by `far` */
    uint32_t count, capacity;
    struct pv_callgrind_name *far_items;
    uint32_t far_count, far_capacity;
    struct pv_map far;              /* numbers beyond what is dense → far_items */
    struct pv_callgrind_name plain; /* the last one without a number */
};

/* ---- Events ---- */

/* A metric: an event of the file, or what a formula makes of events. Its values in the file are
 * kept as integers of 1/10^fraction, which times `factor` are 1/10^(unit_digits + fraction -
 * trimmed) of the metric's unit. */
struct pv_callgrind_measure {
    struct pv_buffer name; /* as in `events:` */
    uint32_t metric;
    enum pv_unit unit;
    int64_t factor;
    unsigned unit_digits, fraction;
    unsigned trimmed; /* powers of ten that the fraction took out of the factor */
    bool is_signed;
};

/* `event: NAME = formula : long name` */
struct pv_callgrind_definition {
    struct pv_buffer name, formula, long_name;
    int64_t weights[PV_CALLGRIND_EVENTS]; /* by event */
    uint32_t measure;                     /* PV_NONE: no metric */
};

/* ---- The block of one function ---- */

struct pv_callgrind_call {
    uint32_t callee; /* frame */
    bool lacks_cost;
    int64_t calls;
};

/* What the next line with positions is. */
enum pv_callgrind_next { PV_CALLGRIND_OWN, PV_CALLGRIND_CALL, PV_CALLGRIND_NOTHING };

/* A process or a thread by its number; 0: not told. */
struct pv_callgrind_owner {
    uint64_t number;
    bool is_several;
};

struct pv_callgrind {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_budget budget;
    uint64_t pending; /* lines that the input does not know of yet */

    struct pv_callgrind_names objects, files, functions;

    struct pv_callgrind_measure events[PV_CALLGRIND_EVENTS];
    struct pv_callgrind_definition *definitions;
    uint32_t event_count, metric_count, definition_count, definition_capacity;
    uint32_t derived_at; /* event_count that the formulas are weighed for; 0: a new one waits */
    uint32_t columns[PV_CALLGRIND_EVENTS]; /* of this part: which event */
    uint32_t column_count;
    bool has_events, has_fractions, has_costs, keeps_lines;

    uint32_t position_count, line_column; /* line_column: which position is the line, or PV_NONE */
    int64_t positions[PV_CALLGRIND_POSITIONS];

    pv_str object, file, line_file;     /* file: of the function; line_file: where the lines are */
    struct pv_callgrind_name *function; /* that has not begun; in the table, or NULL */
    uint32_t frame;                     /* of the function that has; else PV_NONE */
    pv_str call_object, call_file;
    bool has_files; /* some fl= */
    bool has_call_object, has_call_file;
    struct pv_callgrind_name *callee; /* of the next call; in the table of functions, or NULL */

    enum pv_callgrind_next next;
    int64_t *into;                     /* where the next line's costs are added, by column */
    int64_t own[PV_CALLGRIND_EVENTS];  /* of the block, by column */
    int64_t part[PV_CALLGRIND_EVENTS]; /* own costs of the part, by column */
    int64_t unused[PV_CALLGRIND_EVENTS];
    int64_t by_event[PV_CALLGRIND_EVENTS], scratch[PV_CALLGRIND_EVENTS],
        scratch_positions[PV_CALLGRIND_POSITIONS];
    struct pv_callgrind_call *calls;
    uint32_t call_count, call_capacity, call;
    uint32_t first_call; /* of the block, among all: numbers in `latest` from here on are its own */
    int64_t *call_costs; /* [call][column] */
    uint32_t call_costs_capacity;
    uint32_t *latest; /* by frame: the number of its last call, among all */
    uint32_t latest_capacity;
    bool is_over; /* a sum left 64 bits */

    bool wants_totals, has_totals; /* of the part */
    bool is_ours;                  /* written by profviz */
    bool has_unknown_calls;        /* calls=1 stands for a number that is not known */
    struct pv_callgrind_owner process, thread;
    uint64_t parts, wrong_totals, clamped, nameless;
};

/* The rest of a line behind `ob=`, `fl=`, `fn=` and their like. */
struct pv_callgrind_name *pv_callgrind_name(struct pv_callgrind *reader,
                                            struct pv_callgrind_names *names, struct pv_text text);
void pv_callgrind_free_names(struct pv_callgrind_names *names);

/* The frame of a function's name in an object and a file; PV_NONE where the builder failed. */
uint32_t pv_callgrind_frame(struct pv_callgrind *reader, struct pv_callgrind_name *name,
                            pv_str object, pv_str file);

/* The values of `event:` and of `events:`. */
void pv_callgrind_define(struct pv_callgrind *reader, struct pv_text text);
void pv_callgrind_events(struct pv_callgrind *reader, struct pv_text text);

/* Costs by column as values by metric, into `values` (metric_count of them); false where one does
 * not fit. */
bool pv_callgrind_values(struct pv_callgrind *reader, const int64_t *costs, int64_t *values);

/* Makes room for fractions of an event: its values are integers of 1/10^digits from now on. */
void pv_callgrind_raise(struct pv_callgrind *reader, uint32_t event, unsigned digits);

/* An event, and what formulas make of it, may be negative from now on. */
void pv_callgrind_set_signed(struct pv_callgrind *reader, uint32_t event);
void pv_callgrind_free_events(struct pv_callgrind *reader);

/* What an event counts, by its name and its long name. `name` is left without the unit. */
struct pv_callgrind_unit {
    struct pv_text name;
    enum pv_unit unit;
    int64_t factor;
    unsigned digits;
};
struct pv_callgrind_unit pv_callgrind_unit_of(struct pv_text name, struct pv_text long_name);

/* Lines with positions and costs: as many as there are at `at` up to `end`, all of which end in a
 * line feed. Returns where the first other one is, and counts those passed. */
const char *pv_callgrind_cost_lines(struct pv_callgrind *reader, const char *at, const char *end);

/* One such line, slowly and with every complaint. */
void pv_callgrind_cost_line(struct pv_callgrind *reader, struct pv_text line);

/* `fn=` only names a function, which begins with its first cost or call: some writers give all
 * names their numbers in front. False where there is no function. The end hands all of it over to
 * the builder. */
bool pv_callgrind_begin_block(struct pv_callgrind *reader);
void pv_callgrind_end_block(struct pv_callgrind *reader);

/* `calls=`: the next line's costs are of so many calls of that frame (PV_UNKNOWN_CALLS too). */
void pv_callgrind_add_call(struct pv_callgrind *reader, uint32_t callee, int64_t calls);

/* The costs that were promised and did not come. */
void pv_callgrind_end_call(struct pv_callgrind *reader);

/* Complains of the present line; gives up at it. */
void pv_callgrind_bad(struct pv_callgrind *reader, const char *why);
void pv_callgrind_fail(struct pv_callgrind *reader, enum pv_code code, const char *why);

/* Takes a header that says whose the part is; false: it is another one. Then tells the builder, by
 * the file's name where no header said it. */
bool pv_callgrind_whose(struct pv_callgrind *reader, struct pv_text key, struct pv_text value);
void pv_callgrind_tell_whose(struct pv_callgrind *reader);

enum pv_probe pv_callgrind_probe(struct pv_text head, bool is_whole);

#endif

#ifndef PV_FORMATS_COLLAPSED_H
#define PV_FORMATS_COLLAPSED_H

#include "formats/format.h"
#include "model/builder.h"
#include "model/number.h"

/* The parts of formats/collapsed*.c that they share. docs/formats/collapsed.md says what is read
 * and why. */

/* What one line is. */
enum pv_collapsed_kind {
    PV_COLLAPSED_BLANK,    /* nothing but blanks, or a comment */
    PV_COLLAPSED_METADATA, /* "# key: value" */
    PV_COLLAPSED_STACK,
    PV_COLLAPSED_BAD,
};

/* Austin's full mode gives three numbers: time, 1 where idle, memory. */
enum { PV_COLLAPSED_NUMBERS = 3 };

struct pv_collapsed_line {
    struct pv_text stack;      /* without the number and the blanks before it */
    struct pv_text key, value; /* of metadata */
    struct pv_decimal numbers[PV_COLLAPSED_NUMBERS];
    unsigned count;  /* of numbers: 1 or 3 */
    const char *why; /* it is bad: a constant text */
};

enum pv_collapsed_kind pv_collapsed_parse(struct pv_text text, struct pv_collapsed_line *line);

/* Whether the stack ends in a blank and a number of its own, as in two-column files; takes them off
 * *stack. */
bool pv_collapsed_take_number(struct pv_text *stack, struct pv_decimal *number);

/* Cuts the marks ("_[k]", …) off the end of a frame's text; returns their flags. */
uint32_t pv_collapsed_cut_marks(struct pv_text *frame);

/* Appends the marks of the flags. */
void pv_collapsed_add_marks(struct pv_buffer *out, uint32_t flags);

/* Flags that follow from a frame's name alone. */
uint32_t pv_collapsed_name_flags(struct pv_text name);

/* Flags of a process or a thread: `place` is 0 for the outermost frame, 1 for the frame below a
 * process; `next` is the text of the stack behind it. */
uint32_t pv_collapsed_outer_flags(struct pv_text name, uint32_t place, struct pv_text next);

/* Nodes of stacks, as fast as they can be found; the builder must outlive it. */
struct pv_collapsed_stacks;
struct pv_collapsed_stacks *pv_collapsed_stacks_new(struct pv_builder *builder,
                                                    uint64_t stack_depth);
void pv_collapsed_stacks_free(struct pv_collapsed_stacks *stacks);

/* The node of a stack's text (shorter than 4 GiB), made where it is new. */
uint32_t pv_collapsed_find(struct pv_collapsed_stacks *stacks, struct pv_text stack);

/* Where the names of all leaves end in numbers: the same profile with these as metrics of their
 * own, "before" and "after". lines[node] is how many lines ended at the node. Takes *profile over
 * and leaves NULL there on failure. */
bool pv_collapsed_split_columns(struct pv_profile **profile, const uint32_t *lines,
                                const struct pv_limits *limits, struct pv_error *err);

enum pv_probe pv_collapsed_probe(struct pv_text head, bool is_whole);
bool pv_collapsed_probe_named(struct pv_text head, bool is_whole);
void pv_collapsed_write(struct pv_profile *profile, struct pv_output *output,
                        struct pv_buffer *lost);

/* Lines in the order of the file, for limits.takes_order. */
struct pv_collapsed_order;
struct pv_collapsed_order *pv_collapsed_order_new(void);
void pv_collapsed_order_free(struct pv_collapsed_order *order);

/* The line's stack and its value in metric 0, instead of pv_build_self. */
void pv_collapsed_order_add(struct pv_collapsed_order *order, uint32_t node,
                            struct pv_decimal value);

/* At the end: calls in time, with a note; or no more than their values where some are negative or
 * each stack comes with two. */
void pv_collapsed_order_build(const struct pv_collapsed_order *order, struct pv_builder *builder,
                              bool has_two_columns);

#endif

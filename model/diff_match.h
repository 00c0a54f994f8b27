#ifndef PV_MODEL_DIFF_MATCH_H
#define PV_MODEL_DIFF_MATCH_H

#include "model/strings.h"

/* Which functions of two sides are the same. Lines move whenever somebody edits a file above them,
 * folders and versions of libraries differ from machine to machine, and threads get new numbers
 * with each run; none of these is a change of the program. */

/* How a function was found on the other side. */
enum pv_match {
    PV_MATCH_NONE,  /* it was not: new or gone */
    PV_MATCH_EXACT, /* name, file, module and line are the same */
    PV_MATCH_MOVED, /* all but the line: it stands elsewhere in its file */
    PV_MATCH_LOOSE, /* only the name, and the file's without its folders or nothing of it */
};

/* A function of one side. Several of one identity on one side (of several runs) are one. */
struct pv_match_item {
    pv_str name, file, module; /* of one table of strings for all */
    uint32_t line, flags;
    unsigned side;  /* 0 or 1 */
    uint32_t group; /* result: equal for those that are the same function, from 0 */
    uint8_t match;  /* result: enum pv_match */
};

/* Fills group and match of all items, and returns how many groups there are, numbered in the order
 * of their first items. In this order: what is the same in everything; what differs in its line,
 * those that are left of a name and file in their order where both sides have as many; what is the
 * only one of its name and file name left on both sides; of which there is only one of that name on
 * each side at all; threads, processes and remainders by their name without its digits, and names
 * without their addresses. Swapping the sides swaps the results and nothing else. Adds what names
 * are compared by to `strings`. Linear but for what is left after the first step: n log n. */
uint32_t pv_match_sides(struct pv_match_item *items, uint32_t count, struct pv_strings *strings);

#endif

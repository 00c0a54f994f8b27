#ifndef PV_MODEL_COSTS_H
#define PV_MODEL_COSTS_H

#include "model/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What many functions cost, in few bytes: how a history keeps a run. The functions are numbers.
 *
 *     count      a varint (LEB128)
 *     stretches  pairs of varints until `count` numbers are told: how many numbers are left out,
 *                and how many follow each other then
 *     sizes      a nibble for each value, the low one first: its bytes, 0 to 8
 *     values     zigzag (0, -1, 1, -2, …), low byte first
 *
 * Sizes stand apart from values, so that reading has nothing to guess: a hundred million values are
 * a fraction of a second. */
struct pv_cost {
    uint32_t function;
    int64_t value;
};

/* A list in the order of its functions, each once. Zero-initialise; pv_costs_free releases it. */
struct pv_costs {
    struct pv_cost *items;
    size_t count, room;
};

enum { PV_COSTS_FUNCTIONS = 1 << 24 /* all numbers are below */ };

/* Appends to the list; what comes may be in any order until pv_costs_sort. */
void pv_costs_add(struct pv_costs *costs, uint32_t function, int64_t value);

/* Brings them into order; those of one function are added up (as large as it gets), those of 0
 * left out. */
void pv_costs_sort(struct pv_costs *costs);

/* a - b, or a + b, of two lists into `out`, whose content is replaced. Numbers wrap around, so that
 * the one undoes the other whatever they are. */
void pv_costs_subtract(struct pv_costs *out, const struct pv_costs *a, const struct pv_costs *b);
void pv_costs_sum(struct pv_costs *out, const struct pv_costs *a, const struct pv_costs *b);

/* Appends the packed list to `out`. */
void pv_costs_pack(struct pv_buffer *out, const struct pv_costs *costs);

/* Replaces the list by a packed one. False where those are no such bytes; the list is empty then.
 */
bool pv_costs_unpack(struct pv_costs *out, struct pv_text bytes);

void pv_costs_free(struct pv_costs *costs);

#endif

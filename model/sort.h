#ifndef PV_MODEL_SORT_H
#define PV_MODEL_SORT_H

#include <stdbool.h>
#include <stdint.h>

/* Sorts numbers by an order that needs a context, which qsort has no place for: a stable merge
 * sort, n log n comparisons at most. is_before tells whether a must stand before b. */
void pv_sort(uint32_t *items, uint32_t count,
             bool (*is_before)(const void *context, uint32_t a, uint32_t b), const void *context);

#endif

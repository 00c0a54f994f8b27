#ifndef PV_MODEL_SORT_H
#define PV_MODEL_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sorts numbers by an order that needs a context, which qsort has no place for: a stable merge
 * sort, n log n comparisons at most. is_before tells whether a must stand before b. */
void pv_sort(uint32_t *items, uint32_t count,
             bool (*is_before)(const void *context, uint32_t a, uint32_t b), const void *context);

/* Sorts numbers of rows by a column: row i's key is the int64_t `stride` bytes after row i - 1's.
 * Stable, and linear in count for keys of any range (least significant digits first). */
void pv_sort_by_key(uint32_t *items, uint32_t count, const int64_t *keys, size_t stride);

#endif

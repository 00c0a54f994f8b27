#ifndef PV_MODEL_CHANGES_H
#define PV_MODEL_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a sequence of measurements changed its level for good. Exact metrics (calls, instructions)
 * that mostly stay what they were change wherever they differ. Noisy ones: in seeded intervals
 * (Kovács, Bühlmann, Li, Munk, Seeded binary segmentation, 2023) the split with the largest
 * standardised rank sum (Mann and Whitney, 1947) is looked at, corrected for the number of splits;
 * the narrowest interval that tells wins (Baranowski, Chen, Fryzlewicz, 2019). Ranks, so that an
 * outlier is one; no chance is involved: the same numbers give the same changes. At least four
 * runs stand on each side of a change. */
struct pv_change {
    size_t at;             /* the first of the new level */
    int64_t before, after; /* medians of the levels on both sides, up to the next changes */
    double p;              /* of so large a difference by chance; 0 for an exact metric */
};

/* `is_counted`: the metric is one that mostly has no noise, by its name. All changes in order, an
 * array to be freed; *is_exact tells by which way they were found. NULL
 * and *count 0 where there are none. */
struct pv_change *pv_changes_find(const int64_t *values, size_t size, bool is_counted,
                                  size_t *count, bool *is_exact);

#endif

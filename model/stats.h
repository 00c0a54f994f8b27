#ifndef PV_MODEL_STATS_H
#define PV_MODEL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What can be said about a difference that may be chance. Everything here is worked out with the
 * four basic operations and the square root, which are exact everywhere, so that the same numbers
 * come out on every machine. */

/* The share of the standard normal distribution above z: absolute error below 1e-9 (continued
 * fraction from 3 on, series below). */
double pv_normal_above(double z);

/* The z that leaves `share` (0 to 0.5, both excluded) above it, to 1e-9. */
double pv_normal_point(double share);

struct pv_interval {
    double low, high;
};

/* Wilson's score interval of a proportion (Wilson 1927), `hits` of `all`, z as above; all 0: 0 to
 * 1. */
struct pv_interval pv_wilson(double hits, double all, double z);

/* Newcombe's interval of the difference of two proportions, b less a (Newcombe 1998, method 10:
 * from Wilson's of each). */
struct pv_interval pv_newcombe(double hits_a, double all_a, double hits_b, double all_b, double z);

/* How likely two proportions differ at least so much where they are the same in truth: the z test
 * with the pooled proportion, two-sided. 1 where nothing can be told. */
double pv_two_proportions(double hits_a, double all_a, double hits_b, double all_b);

/* The same for two groups of runs: Mann and Whitney's rank sum test (1947), two-sided, with middle
 * ranks for ties. Exact, over all ways to divide the ranks, up to PV_RANK_EXACT runs in all; the
 * normal approximation with corrections for ties and continuity beyond. 1 where a group is empty.
 */
enum { PV_RANK_EXACT = 24 };
double pv_rank_sum(const int64_t *a, size_t count_a, const int64_t *b, size_t count_b);

/* Below so many runs on either side nothing is ever called a difference. */
enum { PV_RANK_LEAST = 4 };

/* Holm's step-down correction (1979) in place: p[i] becomes what may be compared with the level
 * that all tests together keep. Values below 0 are no tests and stay. */
void pv_holm(double *p, size_t count);

/* The middle value (of an even number the lower of the two middle ones' mean, rounded to zero);
 * 0 of none. */
int64_t pv_median(const int64_t *values, size_t count);

#endif

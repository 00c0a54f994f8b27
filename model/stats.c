#include "model/stats.h"

#include "model/error.h"

#include <math.h>
#include <stdlib.h>

/* e^-x for x from 0 on: by its series after halving x until it is small, then squaring back. */
static double exp_minus(double x)
{
    unsigned halvings = 0;
    if (x > 745)
        return 0;
    while (x > 0.0625) {
        x /= 2;
        halvings++;
    }
    double sum = 1, term = 1;
    for (int i = 1; i < 12; i++) {
        term *= -x / i;
        sum += term;
    }
    while (halvings--)
        sum *= sum;
    return sum;
}

static const double root_of_2_pi = 2.50662827463100050242;

static double density(double z)
{
    return exp_minus(z * z / 2) / root_of_2_pi;
}

/* Of z from 0 on: below 3 the integral's series, from there on Laplace's continued fraction. */
static double above(double z)
{
    enum { fractions = 60, terms = 80 };
    if (z >= 3) {
        double below = z;
        for (int i = fractions; i > 0; i--)
            below = z + i / below;
        return density(z) / below;
    }
    double sum = z, term = z;
    for (int i = 1; i < terms; i++) {
        term *= z * z / (2 * i + 1);
        sum += term;
    }
    return 0.5 - density(z) * sum;
}

double pv_normal_above(double z)
{
    return z < 0 ? 1 - above(-z) : above(z);
}

double pv_normal_point(double share)
{
    double low = 0, high = 40;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (pv_normal_above(middle) > share)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

struct pv_interval pv_wilson(double hits, double all, double z)
{
    if (all <= 0)
        return (struct pv_interval){0, 1};
    double share = hits / all, square = z * z, whole = 1 + square / all;
    double middle = (share + square / (2 * all)) / whole;
    double half = z * sqrt(share * (1 - share) / all + square / (4 * all * all)) / whole;
    return (struct pv_interval){hits <= 0 ? 0 : middle - half, hits >= all ? 1 : middle + half};
}

struct pv_interval pv_newcombe(double hits_a, double all_a, double hits_b, double all_b, double z)
{
    struct pv_interval a = pv_wilson(hits_a, all_a, z), b = pv_wilson(hits_b, all_b, z);
    if (all_a <= 0 || all_b <= 0)
        return (struct pv_interval){-1, 1};
    double share_a = hits_a / all_a, share_b = hits_b / all_b, change = share_b - share_a;
    double down = share_b - b.low, up = a.high - share_a;
    double above = b.high - share_b, below = share_a - a.low;
    return (struct pv_interval){change - sqrt(down * down + up * up),
                                change + sqrt(above * above + below * below)};
}

double pv_two_proportions(double hits_a, double all_a, double hits_b, double all_b)
{
    if (all_a <= 0 || all_b <= 0)
        return 1;
    double pooled = (hits_a + hits_b) / (all_a + all_b);
    double spread = pooled * (1 - pooled) * (1 / all_a + 1 / all_b);
    double change = fabs(hits_b / all_b - hits_a / all_a);
    return spread > 0 ? 2 * pv_normal_above(change / sqrt(spread)) : 1;
}

static int compare_values(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* All values in order, with twice their middle ranks, so that these are whole numbers. */
struct ranks {
    int64_t *values;
    unsigned *twice;
    size_t count;
    double ties; /* Σ (t³ - t) over groups of t equal values */
};

static void rank(struct ranks *out, const int64_t *a, size_t count_a, const int64_t *b,
                 size_t count_b)
{
    out->count = count_a + count_b;
    out->ties = 0;
    out->values = pv_alloc(out->count * sizeof *out->values);
    out->twice = pv_alloc(out->count * sizeof *out->twice);
    for (size_t i = 0; i < out->count; i++)
        out->values[i] = i < count_a ? a[i] : b[i - count_a];
    qsort(out->values, out->count, sizeof *out->values, compare_values);
    for (size_t from = 0, to; from < out->count; from = to) {
        for (to = from; to < out->count && out->values[to] == out->values[from]; to++)
            out->twice[to] = 0;
        double equal = (double)(to - from);
        out->ties += equal * equal * equal - equal;
        for (size_t i = from; i < to; i++)
            out->twice[i] = (unsigned)(from + to + 1);
    }
}

static uint64_t sum_of_ranks(const struct ranks *ranks, const int64_t *a, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (ranks->values[at] != a[i])
            at++;
        sum += ranks->twice[at];
    }
    return sum;
}

/* Of all ways to choose `chosen` of the ranks, the share whose sum is at least as far from the mean
 * as `sum` is. ways[k][s]: how many ways there are to choose k with the sum s. */
static double exact_share(const struct ranks *ranks, size_t chosen, uint64_t sum)
{
    enum { most_sum = PV_RANK_EXACT * (PV_RANK_EXACT + 1) + 1 };
    size_t end = ranks->count * (ranks->count + 1) + 1;
    double(*ways)[most_sum] = pv_zalloc(chosen + 1, sizeof *ways);
    ways[0][0] = 1;
    for (size_t i = 0; i < ranks->count; i++)
        for (size_t k = chosen; k > 0; k--)
            for (size_t s = end; s-- > ranks->twice[i];)
                ways[k][s] += ways[k - 1][s - ranks->twice[i]];
    double all = 0, far = 0, mean = (double)chosen * (double)(ranks->count + 1);
    for (size_t s = 0; s < end; s++) {
        all += ways[chosen][s];
        far += fabs((double)s - mean) >= fabs((double)sum - mean) ? ways[chosen][s] : 0;
    }
    free(ways);
    return far / all;
}

/* The continuity correction is half a rank: one, of the doubled ones. */
static double approximate_share(const struct ranks *ranks, size_t chosen, uint64_t sum)
{
    double all = (double)ranks->count, a = (double)chosen, b = all - a;
    double spread = a * b / 12 * (all + 1 - ranks->ties / (all * (all - 1)));
    double far = fabs((double)sum - a * (all + 1)) / 2 - 0.5;
    double share = spread > 0 && far > 0 ? 2 * pv_normal_above(far / sqrt(spread)) : 1;
    return share < 1 ? share : 1;
}

double pv_rank_sum(const int64_t *a, size_t count_a, const int64_t *b, size_t count_b)
{
    struct ranks ranks;
    if (count_a == 0 || count_b == 0)
        return 1;
    rank(&ranks, a, count_a, b, count_b);
    uint64_t sum = sum_of_ranks(&ranks, a, count_a);
    double share = ranks.count <= PV_RANK_EXACT ? exact_share(&ranks, count_a, sum)
                                                : approximate_share(&ranks, count_a, sum);
    free(ranks.values);
    free(ranks.twice);
    return share;
}

struct tested {
    double p;
    size_t at;
};

static int compare_tested(const void *a, const void *b)
{
    const struct tested *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void pv_holm(double *p, size_t count)
{
    struct tested *tested = pv_alloc(count * sizeof *tested);
    size_t tests = 0;
    for (size_t i = 0; i < count; i++)
        if (p[i] >= 0)
            tested[tests++] = (struct tested){p[i], i};
    qsort(tested, tests, sizeof *tested, compare_tested);
    double least = 0;
    for (size_t i = 0; i < tests; i++) {
        double corrected = tested[i].p * (double)(tests - i);
        least = corrected > least ? corrected : least;
        p[tested[i].at] = least < 1 ? least : 1;
    }
    free(tested);
}

int64_t pv_median(const int64_t *values, size_t count)
{
    if (count == 0)
        return 0;
    int64_t *sorted = pv_alloc(count * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = values[i];
    qsort(sorted, count, sizeof *sorted, compare_values);
    int64_t low = sorted[(count - 1) / 2], high = sorted[count / 2];
    free(sorted);
    return low / 2 + high / 2 + (low % 2 + high % 2) / 2;
}

#include "model/changes.h"

#include "model/error.h"
#include "model/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST = 4 /* runs on a side */,
    NARROWEST = 10,
    FAR = 40,
    SMALLEST = 2 * LEAST,
    EXACT_LEAST = 3
};

/* Chosen on white noise: docs/track.md has the figures. */
static const double p_most = .05;
/* Levels nearer to each other than this share of the first are not worth a word. */
static const double least_step = .01;

struct ranked {
    int64_t value;
    size_t place;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    return (left->value > right->value) - (left->value < right->value);
}

struct search {
    const int64_t *values;
    struct ranked *sorted;
    double *ranks;
    struct pv_change *changes;
    size_t count;
};

/* Ranks of values[from … from + size), ties in their middle; returns Σ (t³ - t) over ties. */
static double rank(struct search *search, size_t from, size_t size)
{
    double ties = 0;
    for (size_t i = 0; i < size; i++)
        search->sorted[i] = (struct ranked){search->values[from + i], i};
    qsort(search->sorted, size, sizeof *search->sorted, compare_ranked);
    for (size_t i = 0, next; i < size; i = next) {
        for (next = i + 1; next < size && search->sorted[next].value == search->sorted[i].value;)
            next++;
        double same = (double)(next - i), middle = (double)(i + next + 1) / 2;
        ties += same * same * same - same;
        for (size_t k = i; k < next; k++)
            search->ranks[search->sorted[k].place] = middle;
    }
    return ties;
}

/* The split of [from, from + size) with the largest standardised rank sum; its p in *p, corrected
 * for the number of splits. 0 where all values are alike. */
static size_t best_split(struct search *search, size_t from, size_t size, double *p)
{
    double ties = rank(search, from, size), n = (double)size, sum = 0, best = 0;
    size_t at = 0;
    for (size_t i = 0; i + LEAST < size; i++) {
        sum += search->ranks[i];
        double a = (double)(i + 1), b = n - a;
        if (i + 1 < LEAST)
            continue;
        double variance = a * b / 12 * (n + 1 - ties / (n * (n - 1)));
        double off = fabs(sum - a * (n + 1) / 2) - .5; /* continuity */
        double score = variance > 0 ? off / sqrt(variance) : 0;
        if (score > best) {
            best = score;
            at = from + i + 1;
        }
    }
    double splits = n - 2 * LEAST + 1;
    *p = fmin(1, splits * 2 * pv_normal_above(best));
    return at;
}

static bool is_worth_it(int64_t before, int64_t after)
{
    return fabs((double)after - (double)before) >= least_step * fabs((double)before);
}

static void add(struct search *search, struct pv_change change)
{
    size_t at = search->count++;
    for (; at > 0 && search->changes[at - 1].at > change.at; at--)
        search->changes[at] = search->changes[at - 1];
    search->changes[at] = change;
}

/* Whether a change that was found lies in the interval, ends included. */
static bool has_change(const struct search *search, size_t from, size_t size)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->changes[i].at > from && search->changes[i].at < from + size)
            return true;
    return false;
}

static void try_interval(struct search *search, size_t from, size_t size)
{
    double p;
    if (has_change(search, from, size))
        return;
    size_t at = best_split(search, from, size, &p);
    if (at && p <= p_most)
        add(search, (struct pv_change){.at = at, .p = p});
}

/* Intervals of growing length, each overlapping its neighbours by half. */
static void try_all(struct search *search, size_t size)
{
    static const double growth = 1.41421356;
    double length = NARROWEST;
    for (bool is_last = false; !is_last; length *= growth) {
        size_t wide = length >= (double)size ? size : (size_t)length;
        size_t step = wide / 2, from = 0;
        is_last = wide == size;
        for (; from + wide < size; from += step)
            try_interval(search, from, wide);
        try_interval(search, size - wide, wide);
    }
}

/* The best split around a change with all runs up to its neighbours, or, where those drown a short
 * level, with the nearest ones. 0: none that tells. */
static size_t find_again(struct search *search, const struct pv_change *change, size_t from,
                         size_t to, double *p)
{
    size_t at = to - from >= SMALLEST ? best_split(search, from, to - from, p) : 0;
    if (at && *p <= p_most)
        return at;
    from = change->at - from > FAR ? change->at - FAR : from;
    to = to - change->at > FAR ? change->at + FAR : to;
    at = to - from >= SMALLEST ? best_split(search, from, to - from, p) : 0;
    return *p <= p_most ? at : 0;
}

/* Between its neighbours each change is looked for again; what does not hold is taken out. False
 * where something was. */
static bool settle(struct search *search, size_t size)
{
    for (size_t i = 0; i < search->count; i++) {
        struct pv_change *change = &search->changes[i];
        size_t from = i ? change[-1].at : 0;
        size_t to = i + 1 < search->count ? change[1].at : size;
        size_t at = find_again(search, change, from, to, &change->p);
        if (at) {
            change->at = at;
            change->before = pv_median(search->values + from, at - from);
            change->after = pv_median(search->values + at, to - at);
        }
        if (at && is_worth_it(change->before, change->after))
            continue;
        memmove(change, change + 1, (search->count - i - 1) * sizeof *change);
        search->count--;
        return false;
    }
    return true;
}

/* Places move as their neighbours do: a few rounds, then medians fit the last places. */
static void settle_all(struct search *search, size_t size)
{
    enum { rounds = 3 };
    for (int i = 0; i < rounds; i++)
        while (!settle(search, size))
            ;
}

/* A metric that is the same more often than not has no noise; of what is counted as often is
 * enough. */
static bool is_exact_metric(const int64_t *values, size_t size, bool is_counted)
{
    size_t same = 0;
    for (size_t i = 1; i < size; i++)
        same += values[i] == values[i - 1];
    return size >= EXACT_LEAST && same * 2 >= size - is_counted;
}

static void find_exact(struct search *search, size_t size)
{
    for (size_t i = 1; i < size; i++)
        if (search->values[i] != search->values[i - 1])
            search->changes[search->count++] = (struct pv_change){
                .at = i, .before = search->values[i - 1], .after = search->values[i]};
}

struct pv_change *pv_changes_find(const int64_t *values, size_t size, bool is_counted,
                                  size_t *count, bool *is_exact)
{
    struct search search = {.values = values};
    search.changes = pv_zalloc(size + 1, sizeof *search.changes);
    *is_exact = is_exact_metric(values, size, is_counted);
    if (*is_exact) {
        find_exact(&search, size);
    } else if (size >= NARROWEST) {
        search.sorted = pv_alloc(size * sizeof *search.sorted);
        search.ranks = pv_alloc(size * sizeof *search.ranks);
        try_all(&search, size);
        settle_all(&search, size);
        free(search.sorted);
        free(search.ranks);
    }
    *count = search.count;
    if (search.count == 0) {
        free(search.changes);
        return NULL;
    }
    return search.changes;
}

#include "model/diff.h"
#include "model/error.h"
#include "model/number.h"
#include "model/stats.h"

#include <math.h>
#include <stdlib.h>

/* One pair's values of one kind (own or total) by function, of the sides and of single runs. */
struct values {
    const struct pv_diff *diff;
    uint32_t pair;
    const int64_t *side[2];
    const int64_t *run[2]; /* NULL: one run a side */
};

static struct values values_of(const struct pv_diff *diff, uint32_t pair, bool is_self)
{
    const struct pv_graph *graph = diff->profile->graph;
    const struct pv_diff_pair *of = &diff->pairs[pair];
    int64_t *const *columns = is_self ? graph->self : graph->total;
    struct values values = {.diff = diff, .pair = pair};
    values.side[0] = columns[of->base];
    values.side[1] = columns[of->head];
    for (unsigned i = 0; i < 2; i++) {
        int64_t **runs = is_self ? diff->run_self[i] : diff->run_total[i];
        values.run[i] = runs ? runs[pair] : NULL;
    }
    return values;
}

static void gather(const struct values *values, unsigned side, uint32_t func, int64_t *out)
{
    uint32_t functions = values->diff->profile->graph->func_count;
    for (uint32_t r = 0; r < values->diff->runs[side]; r++)
        out[r] = values->run[side][(size_t)r * functions + func];
}

static bool is_constant(const int64_t *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (values[i] != values[0])
            return false;
    return true;
}

/* Below 0: runs cannot be compared. Two sides that never vary are as sure as counting is. */
static double test_runs(const struct pv_diff *diff, const int64_t *base, const int64_t *head,
                        bool *is_exact)
{
    uint32_t a = diff->runs[0], b = diff->runs[1];
    *is_exact = is_constant(base, a) && is_constant(head, b);
    return a < PV_RANK_LEAST || b < PV_RANK_LEAST ? -1 : pv_rank_sum(base, a, head, b);
}

/* A function's samples among all of its side, base and head. */
struct proportions {
    double hits[2], all[2];
};

/* False where values cannot be parts of the wholes. */
static bool find_proportions(struct proportions *out, const struct pv_diff *diff, uint32_t pair,
                             const int64_t values[2])
{
    const struct pv_diff_pair *of = &diff->pairs[pair];
    const uint32_t metrics[2] = {of->base, of->head};
    for (unsigned i = 0; i < 2; i++) {
        double whole = (double)diff->profile->metrics[metrics[i]].total;
        double share = (double)values[i] / (whole > 0 ? whole : 1);
        if (whole <= 0 || share < 0)
            return false;
        out->all[i] = diff->samples[i][pair];
        out->hits[i] = (share > 1 ? 1 : share) * out->all[i];
    }
    return true;
}

/* What grew in number while its share became less (of a longer run) is neither more nor less. */
static double test_samples(const struct pv_diff *diff, uint32_t pair, int64_t base, int64_t head)
{
    struct proportions of;
    const int64_t values[2] = {base, head};
    if (!find_proportions(&of, diff, pair, values))
        return 1;
    double change = of.hits[1] * of.all[0] - of.hits[0] * of.all[1];
    if ((head > base && change < 0) || (head < base && change > 0))
        return 1;
    return pv_two_proportions(of.hits[0], of.all[0], of.hits[1], of.all[1]);
}

bool pv_diff_share_change(struct pv_interval *out, const struct pv_diff *diff, uint32_t pair,
                          uint32_t func)
{
    int64_t *const *self = diff->profile->graph->self;
    const struct pv_diff_pair *columns = &diff->pairs[pair];
    const int64_t values[2] = {self[columns->base][func], self[columns->head][func]};
    struct proportions of;
    if (columns->noise != PV_NOISE_SAMPLES || !find_proportions(&of, diff, pair, values))
        return false;
    *out = pv_newcombe(of.hits[0], of.all[0], of.hits[1], of.all[1],
                       pv_normal_point(PV_DIFF_LEVEL / 2));
    return true;
}

/* The test's p, or below 0 where there is none: then *is_exact says whether none is needed. */
static double test(const struct values *values, uint32_t func, int64_t *room, bool *is_exact)
{
    const struct pv_diff *diff = values->diff;
    enum pv_noise noise = diff->pairs[values->pair].noise;
    double p = -1;
    *is_exact = noise == PV_NOISE_NONE;
    if (values->run[0]) {
        bool is_constant_run;
        gather(values, 0, func, room);
        gather(values, 1, func, room + diff->runs[0]);
        p = test_runs(diff, room, room + diff->runs[0], &is_constant_run);
        *is_exact = *is_exact && is_constant_run;
    }
    if (!*is_exact && p < 0 && noise == PV_NOISE_SAMPLES)
        p = test_samples(diff, values->pair, values->side[0][func], values->side[1][func]);
    return *is_exact ? -1 : p;
}

static enum pv_verdict verdict_of(int64_t base, int64_t head, bool is_exact, double p)
{
    if (base == head && (is_exact || p < 0))
        return PV_VERDICT_SAME;
    if (!is_exact && (p < 0 || p > PV_DIFF_LEVEL))
        return base == head ? PV_VERDICT_SAME : PV_VERDICT_UNSURE;
    return head > base ? PV_VERDICT_MORE : head < base ? PV_VERDICT_LESS : PV_VERDICT_SAME;
}

/* The least p of few runs is not small, and every function that is tested makes the level of each
 * smaller: what is under half a percent of the larger side is not. */
static bool is_tested(const struct values *values, uint32_t func)
{
    enum { part = 200 };
    const struct pv_diff_pair *pair = &values->diff->pairs[values->pair];
    const struct pv_metric *metrics = values->diff->profile->metrics;
    uint64_t larger = 0, whole = 0;
    for (unsigned i = 0; i < 2; i++) {
        uint64_t value = pv_magnitude(values->side[i][func]);
        uint64_t total = pv_magnitude(metrics[i ? pair->head : pair->base].total);
        larger = value > larger ? value : larger;
        whole = total > whole ? total : whole;
    }
    return larger && (!values->run[0] || larger >= whole / part);
}

struct pv_judged *pv_diff_judge(const struct pv_diff *diff, uint32_t pair, bool is_self)
{
    uint32_t functions = diff->profile->graph->func_count;
    struct values values = values_of(diff, pair, is_self);
    struct pv_judged *judged = pv_zalloc((size_t)functions + 1, sizeof *judged);
    double *p = pv_alloc((functions + 1) * sizeof *p);
    bool *is_exact = pv_zalloc((size_t)functions + 1, sizeof *is_exact);
    int64_t *room = pv_alloc(((size_t)diff->runs[0] + diff->runs[1]) * sizeof *room);
    for (uint32_t i = 0; i < functions; i++) {
        p[i] = test(&values, i, room, &is_exact[i]);
        p[i] = is_tested(&values, i) ? p[i] : -1;
    }
    pv_holm(p, functions);
    for (uint32_t i = 0; i < functions; i++)
        judged[i] = (struct pv_judged){
            verdict_of(values.side[0][i], values.side[1][i], is_exact[i], p[i]), p[i]};
    free(p);
    free(is_exact);
    free(room);
    return judged;
}

/* Σ self of each run of a side. */
static void sum_runs(const struct pv_diff *diff, uint32_t pair, unsigned side, int64_t *sums)
{
    uint32_t functions = diff->profile->graph->func_count;
    for (uint32_t r = 0; r < diff->runs[side]; r++) {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < functions; i++)
            sum += (uint64_t)diff->run_self[side][pair][(size_t)r * functions + i];
        sums[r] = (int64_t)sum;
    }
}

/* Two counts that are made in equal times where nothing has changed. */
static double test_counts(double base, double head)
{
    double change = fabs(head - base), both = base + head;
    return both > 0 ? 2 * pv_normal_above(change / sqrt(both)) : 1;
}

struct pv_judged pv_diff_judge_whole(const struct pv_diff *diff, uint32_t pair)
{
    const struct pv_metric *metrics = diff->profile->metrics;
    int64_t base = metrics[diff->pairs[pair].base].total;
    int64_t head = metrics[diff->pairs[pair].head].total;
    bool is_exact = diff->pairs[pair].noise == PV_NOISE_NONE;
    double p = -1;
    if (diff->run_self[0]) {
        int64_t *sums[2];
        bool is_constant_run;
        for (unsigned i = 0; i < 2; i++) {
            sums[i] = pv_alloc(diff->runs[i] * sizeof *sums[i]);
            sum_runs(diff, pair, i, sums[i]);
        }
        p = test_runs(diff, sums[0], sums[1], &is_constant_run);
        is_exact = is_exact && is_constant_run;
        free(sums[0]);
        free(sums[1]);
    }
    if (!is_exact && p < 0 && diff->pairs[pair].noise == PV_NOISE_SAMPLES)
        p = test_counts(diff->samples[0][pair] / diff->runs[0],
                        diff->samples[1][pair] / diff->runs[1]);
    p = is_exact ? -1 : p;
    return (struct pv_judged){verdict_of(base, head, is_exact, p), p};
}

/* What several runs say of a node's function is said of the node. */
static void follow_functions(const struct pv_diff *diff, uint32_t pair, bool *chance)
{
    const struct pv_profile *profile = diff->profile;
    struct pv_judged *judged = pv_diff_judge(diff, pair, false);
    bool *unsure = pv_zalloc(profile->frame_count, sizeof *unsure);
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        unsure[profile->graph->funcs[i].frame] = judged[i].verdict == PV_VERDICT_UNSURE;
    for (uint32_t i = 1; i < profile->tree->count; i++)
        chance[i] = unsure[profile->tree->nodes[i].frame];
    free(unsure);
    free(judged);
}

bool *pv_diff_chance(const struct pv_diff *diff, uint32_t pair)
{
    const struct pv_tree *tree = diff->profile->tree;
    const struct pv_diff_pair *of = &diff->pairs[pair];
    bool has_runs = diff->runs[0] >= PV_RANK_LEAST && diff->runs[1] >= PV_RANK_LEAST;
    static const double level = 0.01;
    if (of->noise == PV_NOISE_NONE || (of->noise == PV_NOISE_UNKNOWN && !has_runs))
        return NULL;
    bool *chance = pv_zalloc(tree->count, sizeof *chance);
    if (has_runs)
        follow_functions(diff, pair, chance);
    for (uint32_t i = 1; !has_runs && i < tree->count; i++)
        chance[i] =
            test_samples(diff, pair, tree->total[of->base][i], tree->total[of->head][i]) > level;
    return chance;
}

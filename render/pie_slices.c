#include "render/pie_slices.h"

#include "model/error.h"
#include "model/heap.h"
#include "model/number.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_PART = 100 }; /* smaller slices than a hundredth are gathered */

struct ranking {
    const struct pv_profile *profile;
    int64_t *self; /* by frame */
};

static bool is_larger(const void *context, uint32_t a, uint32_t b)
{
    const struct ranking *ranking = context;
    uint64_t x = pv_magnitude(ranking->self[a]), y = pv_magnitude(ranking->self[b]);
    return x != y ? x > y : pv_frame_compare(ranking->profile, a, b) < 0;
}

/* Own costs by frame; returns how many functions there are. */
static uint32_t add_up(const struct ranking *ranking, uint32_t metric)
{
    const struct pv_profile *profile = ranking->profile;
    const struct pv_graph *graph = profile->graph;
    if (profile->origin == PV_ORIGIN_ARCS) {
        for (uint32_t i = 0; i < graph->func_count; i++)
            ranking->self[graph->funcs[i].frame] += graph->self[metric][i];
        return graph->func_count;
    }
    const struct pv_tree *tree = profile->tree;
    bool *is_used = pv_zalloc(profile->frame_count, sizeof *is_used);
    uint32_t count = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        uint32_t frame = tree->nodes[i].frame;
        ranking->self[frame] += tree->self[metric][i];
        count += !is_used[frame];
        is_used[frame] = true;
    }
    free(is_used);
    return count;
}

/* The largest functions in order, and how many have any cost at all. */
static uint32_t find_largest(uint32_t *best, const struct ranking *ranking, uint32_t *all)
{
    uint32_t count = 0;
    uint32_t *order = pv_alloc(ranking->profile->frame_count * sizeof *order);
    for (uint32_t i = 0; i < ranking->profile->frame_count; i++)
        if (ranking->self[i])
            order[count++] = i;
    *all = count;
    count = pv_heap_best(order, count, PV_PIE_MOST, is_larger, ranking);
    for (uint32_t i = 0; i < count; i++)
        best[i] = order[i];
    free(order);
    return count;
}

static void set_arc_totals(struct pv_pie *pie, const struct pv_graph *graph, uint32_t metric)
{
    for (uint32_t i = 0; i < graph->func_count; i++)
        for (uint32_t k = 0; k < pie->count; k++)
            if (pie->slices[k].frame == graph->funcs[i].frame)
                pie->slices[k].total = graph->total[metric][i];
}

/* A function's total is over its outermost occurrences: whose bit is not there yet further out. */
static void set_stack_totals(struct pv_pie *pie, const struct pv_profile *profile, uint32_t metric)
{
    const struct pv_tree *tree = profile->tree;
    uint16_t *bit = pv_zalloc(profile->frame_count, sizeof *bit);
    uint16_t *inside = pv_zalloc(tree->count, sizeof *inside);
    for (uint32_t k = 0; k < pie->count; k++)
        if (pie->slices[k].frame != PV_NONE)
            bit[pie->slices[k].frame] = (uint16_t)(1U << k);
    for (uint32_t i = 1; i < tree->count; i++) {
        uint16_t own = bit[tree->nodes[i].frame], around = inside[tree->nodes[i].parent];
        inside[i] = own | around;
        if (own & ~around)
            pie->slices[__builtin_ctz(own)].total += tree->total[metric][i];
    }
    free(bit);
    free(inside);
}

static void add_slice(struct pv_pie *pie, uint32_t frame, int64_t value)
{
    pie->slices[pie->count++] = (struct pv_pie_slice){.frame = frame, .value = value};
}

/* Ends are sums over the whole, so that no gap can add up. */
static void set_turns(struct pv_pie *pie)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < pie->count; i++) {
        struct pv_pie_slice *slice = &pie->slices[i];
        slice->from = (double)sum / (double)pie->whole;
        sum += pv_magnitude(slice->value);
        slice->to = i + 1 == pie->count ? 1 : (double)sum / (double)pie->whole;
    }
}

static void cut(struct pv_pie *pie, const struct ranking *ranking)
{
    uint32_t best[PV_PIE_MOST], all, count = find_largest(best, ranking, &all);
    uint64_t rest = (uint64_t)pie->whole;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t value = pv_magnitude(ranking->self[best[i]]);
        bool is_last = i + 1 == all && value == rest; /* nothing is left to be gathered */
        bool is_small = value < (uint64_t)pie->whole / LEAST_PART;
        if (!is_last && (is_small || i + 1 == PV_PIE_MOST))
            break;
        add_slice(pie, best[i], ranking->self[best[i]]);
        rest -= value;
    }
    pie->gathered = all - pie->count;
    if (rest)
        add_slice(pie, PV_NONE, (int64_t)rest);
    set_turns(pie);
}

void pv_pie_cut(struct pv_pie *pie, const struct pv_profile *profile, uint32_t metric)
{
    struct ranking ranking = {profile, pv_zalloc(profile->frame_count, sizeof *ranking.self)};
    *pie = (struct pv_pie){.whole = pv_profile_whole(profile, metric)};
    pie->functions = add_up(&ranking, metric);
    if (pie->whole)
        cut(pie, &ranking);
    if (profile->origin == PV_ORIGIN_ARCS)
        set_arc_totals(pie, profile->graph, metric);
    else
        set_stack_totals(pie, profile, metric);
    free(ranking.self);
}

void pv_pie_middle(const struct pv_pie_slice *slice, double radius, double *x, double *y)
{
    double angle = (slice->from + slice->to) * 3.14159265358979323846;
    *x = radius * sin(angle);
    *y = -radius * cos(angle);
}

/* The slices of one side from its top to its bottom. */
static uint32_t side_of(struct pv_pie *pie, bool is_left, struct pv_pie_slice **out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < pie->count; i++) {
        struct pv_pie_slice *slice = &pie->slices[is_left ? pie->count - 1 - i : i];
        slice->is_left = slice->from + slice->to > 1;
        if (slice->is_left == is_left)
            out[count++] = slice;
    }
    return count;
}

/* Words of the upper half are only moved up, those of the lower half only down, from the middle
 * outwards: that always leaves room, and no line to them can cut the circle. */
static void place_side(struct pv_pie_slice **side, uint32_t count, double radius, double height)
{
    double above = -height / 2, below = height / 2, x, y;
    uint32_t upper = 0;
    for (; upper < count; upper++) {
        pv_pie_middle(side[upper], radius, &x, &y);
        if (y >= 0)
            break;
    }
    for (uint32_t i = upper; i-- > 0; above = side[i]->row - height) {
        pv_pie_middle(side[i], radius, &x, &y);
        side[i]->row = fmin(y, above);
    }
    for (uint32_t i = upper; i < count; below = side[i++]->row + height) {
        pv_pie_middle(side[i], radius, &x, &y);
        side[i]->row = fmax(y, below);
    }
}

void pv_pie_place(struct pv_pie *pie, double radius, double height)
{
    for (int is_left = 0; is_left < 2; is_left++) {
        struct pv_pie_slice *side[PV_PIE_MOST];
        place_side(side, side_of(pie, is_left, side), radius, height);
    }
}

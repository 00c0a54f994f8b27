#include "model/error.h"
#include "model/map.h"
#include "model/prune_parts.h"
#include "model/tree.h"

#include <stdlib.h>

/* Residual arcs of a measured tree: from the nearest kept function above, where the one right above
 * is left out. As in model/graph.c, only the outermost of equal arcs on one path counts. */

struct skipping {
    struct pv_pruning *pruning;
    const struct pv_tree *tree;
    uint32_t *rank_of_frame; /* PV_NONE: left out */
    uint32_t *arc_of;        /* node → residual arc that ends there, or PV_NONE */
    uint32_t *depth;         /* residual arc → how often on the present path */
    struct pv_map index;
    uint32_t first; /* residual arcs begin here in pruned->arcs */
};

static uint32_t rank_at(const struct skipping *skipping, uint32_t node)
{
    return skipping->rank_of_frame[skipping->tree->nodes[node].frame];
}

/* Parents come before their children, so one loop finds every node's nearest kept node above. */
static void find_nearest(const struct skipping *skipping, uint32_t *nearest)
{
    nearest[0] = PV_NONE;
    for (uint32_t i = 1; i < skipping->tree->count; i++) {
        uint32_t parent = skipping->tree->nodes[i].parent;
        bool is_kept = parent != 0 && rank_at(skipping, parent) != PV_NONE;
        nearest[i] = is_kept ? parent : nearest[parent];
    }
}

static uint32_t residual_arc(struct skipping *skipping, uint32_t caller, uint32_t callee)
{
    struct pv_pruned *pruned = skipping->pruning->pruned;
    struct pv_budget unlimited = {0};
    bool is_new = false;
    uint32_t found = *pv_map_put(&skipping->index, (uint64_t)caller << 32 | callee,
                                 pruned->arc_count, &is_new, &unlimited);
    if (is_new)
        pv_pruning_add(skipping->pruning, (struct pv_kept_arc){
                                              .caller = caller,
                                              .callee = callee,
                                              .arc = PV_NONE,
                                              .is_residual = true,
                                              .has_total = true,
                                              .calls = PV_UNKNOWN_CALLS,
                                          });
    return found;
}

/* Turns each node's nearest kept node into the residual arc that goes from there. */
static void make_arcs(struct skipping *skipping)
{
    for (uint32_t i = 1; i < skipping->tree->count; i++) {
        uint32_t from = skipping->arc_of[i], to = rank_at(skipping, i);
        bool is_direct = from == skipping->tree->nodes[i].parent;
        skipping->arc_of[i] = from == PV_NONE || to == PV_NONE || is_direct
                                  ? PV_NONE
                                  : residual_arc(skipping, rank_at(skipping, from), to);
    }
}

static void enter(void *context, uint32_t node)
{
    struct skipping *skipping = context;
    uint32_t arc = skipping->arc_of[node];
    if (arc == PV_NONE || skipping->depth[arc - skipping->first]++ > 0)
        return;
    int64_t *total = &skipping->pruning->pruned->arcs[arc].total;
    int64_t more = skipping->tree->total[skipping->pruning->options->metric][node];
    if (__builtin_add_overflow(*total, more, total))
        *total = more < 0 ? INT64_MIN : INT64_MAX;
}

static void leave(void *context, uint32_t node)
{
    struct skipping *skipping = context;
    if (skipping->arc_of[node] != PV_NONE)
        skipping->depth[skipping->arc_of[node] - skipping->first]--;
}

void pv_prune_skipped(struct pv_pruning *pruning)
{
    const struct pv_profile *profile = pruning->profile;
    struct skipping skipping = {
        .pruning = pruning,
        .tree = profile->tree,
        .rank_of_frame = pv_alloc(profile->frame_count * sizeof(uint32_t)),
        .arc_of = pv_alloc(profile->tree->count * sizeof(uint32_t)),
        .first = pruning->pruned->arc_count,
    };
    for (uint32_t i = 0; i < profile->frame_count; i++)
        skipping.rank_of_frame[i] = PV_NONE;
    for (uint32_t i = 0; i < pruning->graph->func_count; i++)
        skipping.rank_of_frame[pruning->graph->funcs[i].frame] = pruning->rank_of[i];
    find_nearest(&skipping, skipping.arc_of);
    make_arcs(&skipping);
    if (pruning->pruned->arc_count > skipping.first) {
        skipping.depth = pv_zalloc(pruning->pruned->arc_count - skipping.first, sizeof(uint32_t));
        pv_tree_walk(skipping.tree->nodes, &(struct pv_tree_visitor){enter, leave, &skipping});
    }
    pv_map_free(&skipping.index);
    free(skipping.rank_of_frame);
    free(skipping.arc_of);
    free(skipping.depth);
}

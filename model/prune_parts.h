#ifndef PV_MODEL_PRUNE_PARTS_H
#define PV_MODEL_PRUNE_PARTS_H

#include "model/prune.h"

/* Shared by the files of model/prune, nobody else's business. */

struct pv_pruning {
    const struct pv_profile *profile;
    const struct pv_graph *graph;
    const struct pv_prune_options *options;
    struct pv_pruned *pruned;
    uint32_t *rank_of; /* function → its place in pruned->funcs; PV_NONE: left out */
    uint32_t capacity; /* of pruned->arcs */
};

void pv_pruning_add(struct pv_pruning *pruning, struct pv_kept_arc arc);

/* The arc's size in the metric that decides; 0 where the file does not tell. */
int64_t pv_pruning_weight(const struct pv_pruning *pruning, uint32_t arc);

/* Residual arcs, from a measured tree or from measured arcs. */
void pv_prune_skipped(struct pv_pruning *pruning);
void pv_prune_ways(struct pv_pruning *pruning);

#endif

#ifndef PV_FORMATS_PREORDER_H
#define PV_FORMATS_PREORDER_H

#include "model/profile.h"

/* The order in which writers put a call tree, so that equal profiles have equal bytes however they
 * came to be: from the root on, each node before its children, siblings by the rank of their
 * frames. */
struct pv_preorder {
    uint32_t *nodes;  /* of each new number */
    uint32_t *number; /* of each node: the other way round */
};

/* `rank` is by frame and below `ranks` for every frame of the tree, different for different ones.
 * Linear; free with pv_preorder_free. */
struct pv_preorder pv_preorder_of(const struct pv_tree *tree, const uint32_t *rank, uint32_t ranks);
void pv_preorder_free(struct pv_preorder *order);

#endif

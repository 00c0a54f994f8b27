#ifndef PV_MODEL_TREE_H
#define PV_MODEL_TREE_H

#include "model/profile.h"

/* What every maker of a call tree ends with. */

/* Sets first_child and next_sibling from the parents (a parent's index is below its children's):
 * children stand in the order of their indexes. */
void pv_tree_link(struct pv_node *nodes, uint32_t count);

/* total[i] = self[i] + the totals of the children. Partial sums that leave int64, which mixed signs
 * can make, saturate. */
void pv_tree_sum(const struct pv_node *nodes, uint32_t count, const int64_t *self, int64_t *total);

/* Visits all nodes but the root in preorder, siblings in their order: enter before what is below a
 * node, leave after it. No stack: it follows the links. */
struct pv_tree_visitor {
    void (*enter)(void *context, uint32_t node), (*leave)(void *context, uint32_t node);
    void *context;
};
void pv_tree_walk(const struct pv_node *nodes, const struct pv_tree_visitor *visitor);

#endif

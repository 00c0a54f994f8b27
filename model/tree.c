#include "model/tree.h"

#include <string.h>

void pv_tree_link(struct pv_node *nodes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        nodes[i].first_child = nodes[i].next_sibling = PV_NONE;
    for (uint32_t i = count; i-- > 1;) {
        nodes[i].next_sibling = nodes[nodes[i].parent].first_child;
        nodes[nodes[i].parent].first_child = i;
    }
}

void pv_tree_sum(const struct pv_node *nodes, uint32_t count, const int64_t *self, int64_t *total)
{
    memcpy(total, self, count * sizeof *total);
    for (uint32_t i = count; i-- > 1;) {
        int64_t *above = &total[nodes[i].parent];
        if (__builtin_add_overflow(*above, total[i], above))
            *above = total[i] < 0 ? INT64_MIN : INT64_MAX;
    }
}

void pv_tree_walk(const struct pv_node *nodes, const struct pv_tree_visitor *visitor)
{
    uint32_t node = nodes[0].first_child;
    while (node != PV_NONE && node != 0) {
        visitor->enter(visitor->context, node);
        if (nodes[node].first_child != PV_NONE) {
            node = nodes[node].first_child;
            continue;
        }
        visitor->leave(visitor->context, node);
        while (node != 0 && nodes[node].next_sibling == PV_NONE) {
            node = nodes[node].parent;
            if (node != 0)
                visitor->leave(visitor->context, node);
        }
        if (node != 0)
            node = nodes[node].next_sibling;
    }
}

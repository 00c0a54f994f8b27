#include "formats/preorder.h"

#include "model/error.h"

#include <stdlib.h>

/* The tree's links, siblings in order. */
struct links {
    uint32_t *child, *sibling;
};

/* Hangs the nodes below their parents, last rank first, each before those already there: that
 * leaves siblings in order without comparing any. */
static void link_in_order(const struct pv_tree *tree, const uint32_t *rank, uint32_t ranks,
                          struct links *links)
{
    uint32_t *first = pv_alloc(ranks * sizeof *first);
    uint32_t *next = pv_alloc(tree->count * sizeof *next);
    for (uint32_t f = 0; f < ranks; f++)
        first[f] = PV_NONE;
    for (uint32_t node = 1; node < tree->count; node++) {
        uint32_t of_node = rank[tree->nodes[node].frame];
        next[node] = first[of_node];
        first[of_node] = node;
    }
    for (uint32_t node = 0; node < tree->count; node++)
        links->child[node] = links->sibling[node] = PV_NONE;
    for (uint32_t f = ranks; f-- > 0;)
        for (uint32_t node = first[f]; node != PV_NONE; node = next[node]) {
            uint32_t parent = tree->nodes[node].parent;
            links->sibling[node] = links->child[parent];
            links->child[parent] = node;
        }
    free(first);
    free(next);
}

static void number_nodes(const struct pv_tree *tree, const struct links *links,
                         struct pv_preorder *order)
{
    uint32_t count = 0, node = 0;
    while (node != PV_NONE) {
        order->nodes[count] = node;
        order->number[node] = count++;
        if (links->child[node] != PV_NONE) {
            node = links->child[node];
            continue;
        }
        while (node != PV_NONE && links->sibling[node] == PV_NONE)
            node = tree->nodes[node].parent;
        if (node != PV_NONE)
            node = links->sibling[node];
    }
}

struct pv_preorder pv_preorder_of(const struct pv_tree *tree, const uint32_t *rank, uint32_t ranks)
{
    size_t size = tree->count * sizeof(uint32_t);
    struct links links = {pv_alloc(size), pv_alloc(size)};
    struct pv_preorder order = {pv_alloc(size), pv_alloc(size)};
    link_in_order(tree, rank, ranks, &links);
    number_nodes(tree, &links, &order);
    free(links.child);
    free(links.sibling);
    return order;
}

void pv_preorder_free(struct pv_preorder *order)
{
    free(order->nodes);
    free(order->number);
}

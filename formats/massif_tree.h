#ifndef PV_FORMATS_MASSIF_TREE_H
#define PV_FORMATS_MASSIF_TREE_H

#include "model/builder.h"

/* The heap tree of a massif snapshot: a line a node, as deep as it is indented,
 * "n<children>: <bytes> <frame>". It begins with the allocation functions and goes outwards to
 * their callers, so that each path read backwards is a stack. */
struct pv_massif_tree;

/* What one snapshot holds in one stack. */
struct pv_massif_value {
    uint32_t snapshot, node;
    int64_t bytes;
};

/* The builder must live as long. */
struct pv_massif_tree *pv_massif_tree_new(struct pv_builder *builder, uint64_t most_memory);
void pv_massif_tree_free(struct pv_massif_tree *tree);

/* Whether the line looks like one of a tree. */
bool pv_massif_is_tree_line(struct pv_text line);

/* Ends the tree before and begins that of snapshot `index`. */
void pv_massif_tree_begin(struct pv_massif_tree *tree, uint32_t index);

/* Adds a line; NULL, or a constant text that says why it is left out. */
const char *pv_massif_tree_line(struct pv_massif_tree *tree, struct pv_text line);

/* Ends the tree. Bytes that no caller accounts for stay with what they were allocated by. */
void pv_massif_tree_end(struct pv_massif_tree *tree);

/* All values so far, in the order of the snapshots, *count of them. */
const struct pv_massif_value *pv_massif_tree_values(const struct pv_massif_tree *tree,
                                                    uint32_t *count);

struct pv_massif_flaws {
    uint64_t missing; /* functions of which the file has fewer callers than it says */
    uint64_t over;    /* functions whose callers hold more bytes than they do themselves */
};
struct pv_massif_flaws pv_massif_tree_flaws(const struct pv_massif_tree *tree);

#endif

#ifndef PV_FORMATS_JSON_TREE_H
#define PV_FORMATS_JSON_TREE_H

#include "formats/json_pull.h"

#include <stdint.h>

/* Objects that hold arrays of objects of their own kind ({"name": …, "children": [{…}, …]}), walked
 * without recursion: depth is limited by limits.nesting, of which each level takes two. */
struct pv_json_tree {
    /* Members that are wanted, NULL-terminated; the first is the array of children. Others are
     * skipped. */
    const char *const *keys;

    /* A new object below `parent` (UINT32_MAX: the outermost one); returns its number. */
    uint32_t (*enter)(void *context, uint32_t parent);
    /* A wanted member of it, by its place in `keys`: takes the value, or leaves it to be skipped.
     */
    void (*member)(void *context, uint32_t node, int key);
    /* An item of its children that is no object: the same. May be NULL. */
    void (*other)(void *context, uint32_t node);
    void *context;
};

/* Walks the object that comes next; errors are the JSON's. */
void pv_json_tree_walk(struct pv_json *json, const struct pv_json_tree *tree);

#endif

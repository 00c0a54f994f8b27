#include "formats/json_tree.h"

#include "model/error.h"

#include <stdlib.h>

struct level {
    uint32_t node;
    bool is_inside; /* in the array of its children */
};

struct walk {
    struct pv_json *json;
    const struct pv_json_tree *tree;
    struct level *levels;
    uint32_t depth, capacity;
};

enum { FEW_LEVELS = 64 };

/* Enters the object that comes next. What is left of the walk after a failure ends it. */
static void enter(struct walk *walk)
{
    uint32_t parent = walk->depth ? walk->levels[walk->depth - 1].node : UINT32_MAX;
    if (!pv_json_object(walk->json))
        return;
    if (walk->depth == walk->capacity) {
        walk->capacity = walk->capacity ? walk->capacity * 2 : FEW_LEVELS;
        walk->levels = pv_resize(walk->levels, walk->capacity * sizeof *walk->levels);
    }
    uint32_t node = walk->tree->enter(walk->tree->context, parent);
    walk->levels[walk->depth++] = (struct level){node, false};
}

static void next_child(struct walk *walk, struct level *level)
{
    if (!pv_json_item(walk->json))
        level->is_inside = false;
    else if (pv_json_peek(walk->json) == PV_JSON_OBJECT)
        enter(walk);
    else if (walk->tree->other)
        walk->tree->other(walk->tree->context, level->node);
}

static void next_member(struct walk *walk, struct level *level)
{
    int key = pv_json_field(walk->json, walk->tree->keys);
    if (key < 0)
        walk->depth--;
    else if (key > 0)
        walk->tree->member(walk->tree->context, level->node, key);
    else if (pv_json_peek(walk->json) == PV_JSON_ARRAY)
        level->is_inside = pv_json_array(walk->json);
}

void pv_json_tree_walk(struct pv_json *json, const struct pv_json_tree *tree)
{
    struct walk walk = {.json = json, .tree = tree};
    enter(&walk);
    while (walk.depth > 0 && pv_json_is_ok(json)) {
        struct level *level = &walk.levels[walk.depth - 1];
        if (level->is_inside)
            next_child(&walk, level);
        else
            next_member(&walk, level);
    }
    free(walk.levels);
}

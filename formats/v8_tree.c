#include "formats/v8_tree.h"

#include "formats/json_take.h"
#include "formats/json_tree.h"
#include "model/error.h"

#include <stdlib.h>
#include <string.h>

enum key {
    CHILDREN,
    CALL_FRAME,
    FUNCTION_NAME,
    SCRIPT_ID,
    URL,
    LINE_NUMBER,
    ID,
    PARENT,
    HIT_COUNT,
    SELF_SIZE
};
static const char *const keys[] = {
    "children", "callFrame", "functionName", "scriptId", "url", "lineNumber",
    "id",       "parent",    "hitCount",     "selfSize", NULL};

static void *grown(struct pv_v8_tree *tree, void *array, uint32_t *capacity, uint32_t count,
                   size_t size)
{
    if (count == UINT32_MAX - 1 ||
        !pv_grow(&array, capacity, (uint64_t)count + 1, size, &tree->budget))
        pv_json_fail(tree->json, PV_LIMIT, "the profile needs more than --max-memory allows");
    return array;
}

static uint32_t add_node(void *context, uint32_t parent)
{
    struct pv_v8_tree *tree = context;
    tree->nodes = grown(tree, tree->nodes, &tree->capacity, tree->count, sizeof *tree->nodes);
    if (!pv_json_is_ok(tree->json))
        return 0;
    tree->nodes[tree->count] = (struct pv_v8_node){.id = -1, .parent = parent};
    return tree->count++;
}

static void add_link(struct pv_v8_tree *tree, uint32_t row, bool is_parent)
{
    int64_t id;
    if (!pv_json_int(tree->json, &id))
        return;
    tree->links =
        grown(tree, tree->links, &tree->link_capacity, tree->link_count, sizeof *tree->links);
    if (pv_json_is_ok(tree->json))
        tree->links[tree->link_count++] =
            (struct pv_v8_link){row, is_parent, id, pv_json_where(tree->json)};
}

static void add_child(void *context, uint32_t row)
{
    add_link(context, row, false);
}

static void add_id(struct pv_v8_tree *tree, uint32_t row)
{
    bool is_new = false;
    int64_t id;
    if (!pv_json_int(tree->json, &id))
        return;
    tree->nodes[row].id = id;
    if (!pv_map_put(&tree->ids, (uint64_t)id, row, &is_new, &tree->budget))
        pv_json_fail(tree->json, PV_LIMIT, "the profile needs more than --max-memory allows");
    else if (!is_new)
        pv_json_fail(tree->json, PV_INPUT_FAILED, "two nodes have the id %lld", (long long)id);
}

/* A member of the frame. */
static void take_place(struct pv_v8_tree *tree, uint32_t row, int key)
{
    struct pv_frame *frame = &tree->nodes[row].frame;
    if (key == FUNCTION_NAME)
        frame->name = pv_json_take_text(tree->json, tree->builder);
    else if (key == URL)
        frame->file = pv_json_take_text(tree->json, tree->builder);
    else if (key == LINE_NUMBER)
        frame->line = (uint32_t)(pv_json_take_int(tree->json, -1, UINT32_MAX - 2, -1) + 1);
    else if (key == SCRIPT_ID)
        tree->nodes[row].is_native = pv_json_take_int(tree->json, 0, INT64_MAX, 1) == 0;
}

static void take_call_frame(struct pv_v8_tree *tree, uint32_t row)
{
    if (!pv_json_object(tree->json))
        return;
    for (int key; (key = pv_json_field(tree->json, &keys[FUNCTION_NAME])) >= 0;)
        take_place(tree, row, key + FUNCTION_NAME);
}

static void take_member(void *context, uint32_t row, int key)
{
    struct pv_v8_tree *tree = context;
    switch (key) {
    case CALL_FRAME:
        take_call_frame(tree, row);
        break;
    case ID:
        add_id(tree, row);
        break;
    case PARENT:
        add_link(tree, row, true);
        break;
    case HIT_COUNT:
    case SELF_SIZE:
        pv_json_int(tree->json, &tree->nodes[row].weight);
        break;
    default:
        take_place(tree, row, key);
    }
}

void pv_v8_tree_read_node(struct pv_v8_tree *tree)
{
    struct pv_json_tree walk = {keys, add_node, take_member, add_child, tree};
    pv_json_tree_walk(tree->json, &walk);
}

void pv_v8_tree_read_nodes(struct pv_v8_tree *tree)
{
    pv_json_array(tree->json);
    while (pv_json_item(tree->json))
        pv_v8_tree_read_node(tree);
}

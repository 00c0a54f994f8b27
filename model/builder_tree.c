#include "model/builder_parts.h"

#include "model/error.h"
#include "model/tree.h"

#include <stdlib.h>

/* The call tree under construction is a trie whose nodes are found by the hash of their whole path.
 * A step is then verified exactly by parent and frame, so that a collision costs time, never truth;
 * and because the hashes of a stack do not depend on what is found, all its slots are asked for
 * before the first is needed. */

enum { batch = 64 };

static pv_node_slot slot_of(uint32_t hash, uint32_t node)
{
    return (hash & ~PV_MOST_NODES) | node;
}

static uint32_t node_in(pv_node_slot slot)
{
    return slot & PV_MOST_NODES;
}

static void place(pv_node_slot *slots, uint32_t mask, uint32_t hash, uint32_t node)
{
    uint32_t at = hash & mask;
    while (slots[at])
        at = (at + 1) & mask;
    slots[at] = slot_of(hash, node);
}

static bool grow_slots(struct pv_builder *builder, uint64_t nodes)
{
    struct pv_tree_part *tree = &builder->tree;
    uint64_t wanted = tree->slot_count ? tree->slot_count : 1024;
    while (wanted * 3 < nodes * 4)
        wanted *= 2;
    if (wanted == tree->slot_count)
        return true;
    if (wanted > (uint64_t)1 << 31)
        return pv_builder_limit(builder, "nodes of the call tree", "--max-nodes",
                                builder->limits.nodes);
    if (!pv_budget_take(&builder->budget, (wanted - tree->slot_count) * sizeof *tree->slots))
        return pv_builder_memory(builder);
    free(tree->slots); /* before the new one, so that both are never there at once */
    tree->slots = pv_zalloc((size_t)wanted, sizeof *tree->slots);
    tree->slot_count = (uint32_t)wanted;
    for (uint32_t node = 1; node < tree->count; node++)
        place(tree->slots, tree->slot_count - 1, tree->nodes[node].PV_NODE_HASH, node);
    return true;
}

static bool make_room(struct pv_builder *builder, uint32_t more)
{
    struct pv_tree_part *tree = &builder->tree;
    uint64_t needed = (uint64_t)tree->count + more;
    if (needed <= tree->capacity && needed * 4 <= (uint64_t)tree->slot_count * 3)
        return true;
    uint64_t most = builder->limits.nodes < PV_MOST_NODES ? builder->limits.nodes : PV_MOST_NODES;
    if (needed > most + batch || needed > PV_MOST_NODES)
        return pv_builder_limit(builder, "nodes of the call tree", "--max-nodes", most);
    void *nodes = tree->nodes;
    bool grown = pv_builder_grow(builder, &nodes, &tree->capacity, needed, sizeof *tree->nodes);
    tree->nodes = nodes;
    return grown && grow_slots(builder, needed);
}

bool pv_tree_start(struct pv_builder *builder)
{
    if (!make_room(builder, 1))
        return false;
    builder->tree.nodes[0] = (struct pv_node){.parent = PV_NONE, .frame = PV_NONE};
    builder->tree.nodes[0].PV_NODE_DEPTH = 0;
    builder->tree.nodes[0].PV_NODE_HASH = 1;
    builder->tree.count = 1;
    return true;
}

/* The slot of the child, or the free one where it belongs. */
static pv_node_slot *find_child(const struct pv_tree_part *tree, uint32_t parent, uint32_t frame,
                                uint32_t hash)
{
    uint32_t mask = tree->slot_count - 1, at = hash & mask;
    for (; tree->slots[at]; at = (at + 1) & mask) {
        if ((tree->slots[at] ^ hash) & ~PV_MOST_NODES)
            continue;
        const struct pv_node *node = &tree->nodes[node_in(tree->slots[at])];
        if (node->parent == parent && node->frame == frame)
            break;
    }
    return &tree->slots[at];
}

static uint32_t child(struct pv_tree_part *tree, uint32_t parent, uint32_t frame, uint32_t hash)
{
    pv_node_slot *slot = find_child(tree, parent, frame, hash);
    if (*slot)
        return node_in(*slot);
    uint32_t node = tree->count++;
    tree->nodes[node] = (struct pv_node){.parent = parent, .frame = frame};
    tree->nodes[node].PV_NODE_DEPTH = tree->nodes[parent].PV_NODE_DEPTH + 1;
    tree->nodes[node].PV_NODE_HASH = hash;
    *slot = slot_of(hash, node);
    return node;
}

/* At most `batch` frames: ask for the slots, then for the nodes they name, then walk. */
static uint32_t walk(struct pv_builder *builder, uint32_t from, const uint32_t *frames,
                     uint32_t count, uint32_t *nodes)
{
    struct pv_tree_part *tree = &builder->tree;
    uint32_t hashes[batch], hash = tree->nodes[from].PV_NODE_HASH, mask = tree->slot_count - 1;
    for (uint32_t i = 0; i < count; i++) {
        hashes[i] = hash = pv_tree_hash(hash, frames[i]);
        __builtin_prefetch(&tree->slots[hash & mask]);
    }
    for (uint32_t i = 0; i < count; i++)
        __builtin_prefetch(&tree->nodes[node_in(tree->slots[hashes[i] & mask])]);
    for (uint32_t i = 0; i < count; i++) {
        from = child(tree, from, frames[i], hashes[i]);
        if (nodes)
            nodes[i] = from;
    }
    return from;
}

/* The frame that stands for everything below the depth limit. */
static uint32_t too_deep(struct pv_builder *builder, uint32_t from, uint32_t *nodes, uint32_t count)
{
    struct pv_buffer name = {0};
    pv_buffer_print(&name, "[deeper than %llu frames]",
                    (unsigned long long)builder->limits.stack_depth);
    struct pv_frame_info info = {.name = pv_buffer_text(&name), .flags = PV_FRAME_REST};
    uint32_t frame = pv_build_frame(builder, &info);
    pv_buffer_free(&name);
    if (!pv_builder_goes_on(builder) || !make_room(builder, 1))
        return 0;
    uint32_t had = builder->tree.count;
    if (builder->tree.nodes[from].frame != frame)
        from = walk(builder, from, &frame, 1, NULL);
    if (builder->tree.count > had) /* each branch once, in whatever order stacks come */
        pv_build_note(builder, "cut",
                      "branches of stacks were deeper than --max-depth and are cut there", 1, 0);
    for (uint32_t i = 0; nodes && i < count; i++)
        nodes[i] = from;
    return from;
}

uint32_t pv_build_stack(struct pv_builder *builder, uint32_t from, const uint32_t *frames,
                        uint32_t count, uint32_t *nodes)
{
    while (count && pv_builder_goes_on(builder)) {
        uint64_t left = builder->limits.stack_depth;
        uint32_t depth = builder->tree.nodes[from].PV_NODE_DEPTH, part = count;
        left = left > depth ? left - depth : 0;
        if (left == 0)
            return too_deep(builder, from, nodes, count);
        part = part > batch ? batch : part;
        part = part > left ? (uint32_t)left : part;
        if (!make_room(builder, part))
            break;
        from = walk(builder, from, frames, part, nodes);
        frames += part;
        nodes = nodes ? nodes + part : NULL;
        count -= part;
    }
    return pv_builder_goes_on(builder) ? from : 0;
}

uint32_t pv_tree_child(struct pv_builder *builder, uint32_t from, uint32_t frame)
{
    struct pv_tree_part *tree = &builder->tree;
    if (tree->nodes[from].PV_NODE_DEPTH >= builder->limits.stack_depth || !make_room(builder, 1))
        return pv_build_stack(builder, from, &frame, 1, NULL);
    return child(tree, from, frame, pv_tree_hash(tree->nodes[from].PV_NODE_HASH, frame));
}

const struct pv_node *pv_build_nodes(const struct pv_builder *builder)
{
    return builder->tree.nodes;
}

uint32_t pv_build_node_frame(const struct pv_builder *builder, uint32_t node)
{
    return builder->tree.nodes[node].frame;
}

void pv_build_self(struct pv_builder *builder, uint32_t node, uint32_t metric, int64_t value)
{
    if (!pv_builder_goes_on(builder))
        return;
    struct pv_column *self = &builder->metrics[metric].self;
    if (node >= self->count && !pv_column_extend(builder, self, builder->tree.count))
        return;
    pv_column_add(builder, self, node, value);
}

void pv_build_calls(struct pv_builder *builder, uint32_t node, int64_t calls)
{
    struct pv_column *column = &builder->tree.calls;
    if (!pv_builder_goes_on(builder) ||
        (node >= column->count && !pv_column_extend(builder, column, builder->tree.count)))
        return;
    pv_column_add(builder, column, node, calls);
}

void pv_tree_finish(struct pv_builder *builder, struct pv_profile *profile)
{
    struct pv_tree_part *part = &builder->tree;
    struct pv_tree *tree = pv_arena_alloc(builder->arena, sizeof *tree);
    size_t columns = builder->metric_count * sizeof(int64_t *);
    free(part->slots);
    part->slots = NULL;
    tree->nodes = part->nodes;
    tree->count = part->count;
    tree->self = pv_arena_alloc(builder->arena, columns);
    tree->total = pv_arena_alloc(builder->arena, columns);
    pv_tree_link(tree->nodes, tree->count);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        struct pv_column *self = &builder->metrics[m].self;
        tree->self[m] = self->values;
        tree->total[m] = pv_alloc(tree->count * sizeof(int64_t));
        pv_tree_sum(tree->nodes, tree->count, self->values, tree->total[m]);
        pv_arena_adopt(builder->arena, self->values);
        pv_arena_adopt(builder->arena, tree->total[m]);
        *self = (struct pv_column){0};
    }
    pv_arena_adopt(builder->arena, part->nodes);
    pv_arena_adopt(builder->arena, part->calls.values);
    tree->calls = part->calls.values;
    part->nodes = NULL;
    part->calls = (struct pv_column){0};
    profile->tree = tree;
}

void pv_tree_discard(struct pv_tree_part *tree)
{
    free(tree->nodes);
    free(tree->slots);
    free(tree->calls.values);
    *tree = (struct pv_tree_part){0};
}

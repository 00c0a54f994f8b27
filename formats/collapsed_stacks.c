#include "formats/collapsed.h"

#include "model/map.h"

#include <stdlib.h>
#include <string.h>

/* Speed comes from doing each thing once. A line that begins as the one before goes on from that
 * line's node; a whole stack that was seen before is found by the hash of its text and verified
 * against the tree, byte by byte; only what is left is cut into frames. */

enum { CACHE_FROM = 1 << 14, CACHE_TO = 1 << 22, CACHE_WORTH = 96 };

/* The last line that was cut into frames: frame i ends at ends[i] of the text, at node nodes[i]. */
struct path {
    struct pv_buffer text;
    uint32_t *ends, *frames, *nodes;
    uint32_t depth, capacity;
};

/* Hash of a stack's text → node. It forgets: a slot holds the stack that came last. */
struct cache_slot {
    uint32_t hash, node;
};
struct cache {
    struct cache_slot *slots;
    uint32_t size;
    uint64_t hits, misses; /* since it grew */
};

/* A frame's name and flags, side by side for the comparison. */
struct spelling {
    const char *data;
    uint32_t size, flags;
};

struct pv_collapsed_stacks {
    struct pv_builder *builder;
    uint64_t stack_depth;
    struct path path;
    struct cache cache;
    struct spelling *spellings; /* by frame */
    uint32_t spelling_count, spelling_capacity;
};

static size_t common_prefix(struct pv_text a, struct pv_text b)
{
    size_t size = a.size < b.size ? a.size : b.size, at = 0;
    for (; at + 32 <= size; at += 32) {
        uint64_t x[4], y[4];
        memcpy(x, a.data + at, sizeof x);
        memcpy(y, b.data + at, sizeof y);
        if ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]))
            break;
    }
    for (; at + 8 <= size; at += 8) {
        uint64_t x, y;
        memcpy(&x, a.data + at, sizeof x);
        memcpy(&y, b.data + at, sizeof y);
        if (x != y)
            break;
    }
    while (at < size && a.data[at] == b.data[at])
        at++;
    return at;
}

/* How many whole frames the stack shares with the path, of which `shared` bytes are equal. */
static uint32_t shared_frames(const struct path *path, struct pv_text stack, size_t shared)
{
    if (path->depth == 0)
        return 0;
    bool ends_here = (shared == stack.size || stack.data[shared] == ';') &&
                     (shared == path->text.size || path->text.data[shared] == ';');
    uint32_t depth = path->depth;
    while (depth && path->ends[depth - 1] > shared)
        depth--;
    if (depth && path->ends[depth - 1] == shared && !ends_here)
        depth--;
    return depth;
}

static void grow_path(struct path *path)
{
    if (path->depth < path->capacity)
        return;
    path->capacity = path->capacity ? path->capacity * 2 : 256;
    path->ends = pv_resize(path->ends, path->capacity * sizeof *path->ends);
    path->frames = pv_resize(path->frames, path->capacity * sizeof *path->frames);
    path->nodes = pv_resize(path->nodes, path->capacity * sizeof *path->nodes);
}

static void keep_text(struct path *path, struct pv_text stack, size_t shared)
{
    path->text.size = shared;
    pv_buffer_add(&path->text, pv_text_slice(stack, shared, stack.size));
}

/* Notes the spelling of frames that are new. */
static void learn_frames(struct pv_collapsed_stacks *stacks, uint32_t frame)
{
    while (stacks->spelling_count <= frame) {
        if (stacks->spelling_count == stacks->spelling_capacity) {
            stacks->spelling_capacity = stacks->spelling_capacity * 2 + 256;
            stacks->spellings =
                pv_resize(stacks->spellings, stacks->spelling_capacity * sizeof *stacks->spellings);
        }
        struct pv_text name = pv_build_frame_text(stacks->builder, stacks->spelling_count);
        uint32_t flags = pv_collapsed_name_flags(name);
        pv_build_flags(stacks->builder, stacks->spelling_count, flags);
        stacks->spellings[stacks->spelling_count++] =
            (struct spelling){name.data, (uint32_t)name.size, flags};
    }
}

static void add_flags(struct pv_collapsed_stacks *stacks, uint32_t frame, uint32_t flags)
{
    if ((stacks->spellings[frame].flags & flags) == flags)
        return;
    stacks->spellings[frame].flags |= flags;
    pv_build_flags(stacks->builder, frame, flags);
}

static uint32_t intern(struct pv_collapsed_stacks *stacks, struct pv_text text)
{
    uint32_t flags = pv_collapsed_cut_marks(&text);
    uint32_t frame = pv_build_name(stacks->builder, text);
    if (frame >= stacks->spelling_count)
        learn_frames(stacks, frame);
    if (flags)
        add_flags(stacks, frame, flags);
    return frame;
}

/* Processes and threads stand outermost. */
static void flag_outer(struct pv_collapsed_stacks *stacks, uint32_t place, struct pv_text stack)
{
    const uint32_t *frames = stacks->path.frames, *ends = stacks->path.ends;
    if (place == 1 && !(stacks->spellings[frames[0]].flags & PV_FRAME_PROCESS))
        return;
    struct pv_text name = pv_text_slice(stack, place ? ends[0] + 1 : 0, ends[place]);
    struct pv_text next = pv_text_slice(stack, ends[place] + 1, stack.size);
    uint32_t flags = pv_collapsed_outer_flags(name, place, next);
    if (flags)
        add_flags(stacks, frames[place], flags);
}

/* Cuts the stack behind what it shares with the path into frames, and makes it the path. */
static uint32_t follow(struct pv_collapsed_stacks *stacks, struct pv_text stack, size_t shared)
{
    struct path *path = &stacks->path;
    uint32_t from = path->depth = shared_frames(path, stack, shared);
    /* Nothing is shared before the path has room.
     * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    size_t at = from ? path->ends[from - 1] + 1 : 0;
    keep_text(path, stack, shared);
    while (at <= stack.size && path->depth <= stacks->stack_depth) {
        const char *start = stack.data + at;
        const char *joint = at < stack.size ? memchr(start, ';', stack.size - at) : NULL;
        size_t size = joint ? (size_t)(joint - start) : stack.size - at;
        grow_path(path);
        uint32_t place = path->depth++;
        path->frames[place] = intern(stacks, (struct pv_text){start, size});
        path->ends[place] = (uint32_t)(at + size);
        at += size + 1;
        if (place < 2 && pv_builder_is_ok(stacks->builder))
            flag_outer(stacks, place, stack);
    }
    if (path->depth > from)
        pv_build_stack(stacks->builder, from ? path->nodes[from - 1] : 0, path->frames + from,
                       path->depth - from, path->nodes + from);
    return path->depth ? path->nodes[path->depth - 1] : 0;
}

/* Takes the marks off the end of text[0, *end) as reading does; false where they are not all among
 * the frame's flags. */
static bool skip_marks(const char *text, size_t *end, const struct spelling *frame)
{
    struct pv_text rest = {text, *end};
    if (frame->size == 0 || rest.size == 0 || text[rest.size - 1] != ']')
        return true;
    uint32_t flags = pv_collapsed_cut_marks(&rest);
    *end = rest.size;
    return (frame->flags & flags) == flags;
}

/* Whether the node's frames, joined by ';', are spelled exactly so. */
static bool is_spelled(const struct pv_collapsed_stacks *stacks, uint32_t node,
                       struct pv_text stack)
{
    const struct pv_node *nodes = pv_build_nodes(stacks->builder);
    size_t end = stack.size;
    while (nodes[node].frame < stacks->spelling_count) {
        const struct spelling *frame = &stacks->spellings[nodes[node].frame];
        if (!skip_marks(stack.data, &end, frame) || frame->size > end ||
            memcmp(stack.data + end - frame->size, frame->data, frame->size) != 0)
            return false;
        end -= frame->size;
        node = nodes[node].parent;
        if (node == 0 || end == 0)
            return node == 0 && end == 0;
        if (stack.data[--end] != ';')
            return false;
    }
    return false;
}

/* Doubles while that pays: new stacks push out old ones that were wanted again. */
static void grow_cache(struct cache *cache)
{
    bool is_full = cache->hits + cache->misses >= (uint64_t)cache->size * 2;
    if (cache->size && (!is_full || cache->size >= CACHE_TO))
        return;
    bool pays = cache->hits * 8 >= cache->misses;
    uint32_t old_size = cache->size, size = old_size ? old_size * 2 : CACHE_FROM;
    cache->hits = cache->misses = 0;
    if (old_size && !pays)
        return;
    struct cache_slot *old = cache->slots;
    cache->slots = pv_zalloc(size, sizeof *cache->slots);
    cache->size = size;
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i].node)
            cache->slots[old[i].hash & (size - 1)] = old[i];
    free(old);
}

/* By the text as a whole where it is long enough for that to pay. */
static uint32_t find_or_follow(struct pv_collapsed_stacks *stacks, struct pv_text stack,
                               size_t shared)
{
    struct cache *cache = &stacks->cache;
    grow_cache(cache);
    uint32_t hash = (uint32_t)(pv_hash(stack.data, stack.size) >> 32);
    struct cache_slot *slot = &cache->slots[hash & (cache->size - 1)];
    if (slot->hash == hash && slot->node && is_spelled(stacks, slot->node, stack)) {
        cache->hits++;
        return slot->node;
    }
    cache->misses++;
    uint32_t node = follow(stacks, stack, shared);
    *slot = (struct cache_slot){hash, node};
    return node;
}

uint32_t pv_collapsed_find(struct pv_collapsed_stacks *stacks, struct pv_text stack)
{
    /* Some producers end every frame with a semicolon, the last one too. */
    if (stack.size && stack.data[stack.size - 1] == ';')
        stack.size--;
    size_t shared = common_prefix(stack, pv_buffer_text(&stacks->path.text));
    if (stack.size - shared < CACHE_WORTH)
        return follow(stacks, stack, shared);
    return find_or_follow(stacks, stack, shared);
}

struct pv_collapsed_stacks *pv_collapsed_stacks_new(struct pv_builder *builder,
                                                    uint64_t stack_depth)
{
    struct pv_collapsed_stacks *stacks = pv_zalloc(1, sizeof *stacks);
    stacks->builder = builder;
    stacks->stack_depth = stack_depth;
    grow_path(&stacks->path);
    return stacks;
}

void pv_collapsed_stacks_free(struct pv_collapsed_stacks *stacks)
{
    pv_buffer_free(&stacks->path.text);
    free(stacks->path.ends);
    free(stacks->path.frames);
    free(stacks->path.nodes);
    free(stacks->cache.slots);
    free(stacks->spellings);
    free(stacks);
}

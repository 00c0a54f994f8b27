#include "formats/v8_tree.h"

#include "model/error.h"

#include <stdlib.h>

#define IN_WORK (PV_NONE - 1)

/* Sources that V8 and Node.js bring along, and those of them that load others. */
struct source {
    const char *prefix;
    uint32_t flags;
};
static const struct source sources[] = {
    {"node:internal/modules/", PV_FRAME_BUILTIN | PV_FRAME_LOADER},
    {"node:internal/bootstrap/", PV_FRAME_BUILTIN | PV_FRAME_LOADER},
    {"internal/modules/", PV_FRAME_BUILTIN | PV_FRAME_LOADER},
    {"internal/bootstrap/", PV_FRAME_BUILTIN | PV_FRAME_LOADER},
    {"bootstrap_node.js", PV_FRAME_BUILTIN | PV_FRAME_LOADER},
    {"module.js", PV_FRAME_BUILTIN | PV_FRAME_LOADER},
    {"node:", PV_FRAME_BUILTIN},
    {"internal/", PV_FRAME_BUILTIN},
    {"extensions::", PV_FRAME_BUILTIN},
};

static uint32_t flags_of(struct pv_text url)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (pv_text_starts(url, pv_text_of(sources[i].prefix)))
            return sources[i].flags;
    return 0;
}

/* Modules of the new kind have URLs, the others paths: one file has one name. */
static pv_str without_scheme(struct pv_builder *builder, pv_str url)
{
    struct pv_text text = pv_build_text_bytes(builder, url), scheme = PV_TEXT("file:///");
    struct pv_buffer path = {0};
    if (!pv_text_starts(text, scheme))
        return url;
    pv_buffer_add(&path, pv_text_slice(text, scheme.size - 1, text.size));
    url = pv_build_text(builder, pv_buffer_text(&path));
    pv_buffer_free(&path);
    return url;
}

uint32_t pv_v8_frame(struct pv_builder *builder, struct pv_frame frame, bool is_native)
{
    frame.flags = flags_of(pv_build_text_bytes(builder, frame.file));
    if (is_native && !frame.file) {
        frame.flags |= PV_FRAME_BUILTIN;
        frame.line = 0;
    }
    frame.file = without_scheme(builder, frame.file);
    if (!frame.name)
        frame.name = pv_build_text(builder, PV_TEXT("(anonymous)"));
    return pv_build_frame_by(builder, &frame);
}

static bool has_name(const struct pv_v8_tree *tree, uint32_t row, struct pv_text name)
{
    return pv_text_equal(pv_build_text_bytes(tree->builder, tree->nodes[row].frame.name), name);
}

bool pv_v8_tree_is_idle(const struct pv_v8_tree *tree, uint32_t row)
{
    return !tree->nodes[row].frame.file && has_name(tree, row, PV_TEXT("(idle)"));
}

uint32_t pv_v8_tree_row(const struct pv_v8_tree *tree, int64_t id)
{
    const uint32_t *row = pv_map_get(&tree->ids, (uint64_t)id);
    return row ? *row : PV_NONE;
}

static bool fail(const struct pv_v8_tree *tree, struct pv_where where, int64_t id, const char *what,
                 struct pv_error *err)
{
    where.source = pv_json_where(tree->json).source;
    return pv_fail(err, PV_INPUT_FAILED, where, "node %lld %s: the profile is damaged",
                   (long long)id, what);
}

/* Parents by ids, now that all nodes are there. */
static bool link_nodes(struct pv_v8_tree *tree, struct pv_error *err)
{
    for (uint32_t i = 0; i < tree->link_count; i++) {
        const struct pv_v8_link *link = &tree->links[i];
        uint32_t other = pv_v8_tree_row(tree, link->id);
        uint32_t child = link->is_parent ? link->row : other;
        uint32_t parent = link->is_parent ? other : link->row;
        if (other == PV_NONE)
            return fail(tree, link->where, link->id, "is named, but not there", err);
        if (tree->nodes[child].parent != PV_NONE && tree->nodes[child].parent != parent)
            return fail(tree, link->where, tree->nodes[child].id, "has two parents", err);
        tree->nodes[child].parent = parent;
    }
    return true;
}

static uint32_t build_row(struct pv_v8_tree *tree, uint32_t row, uint32_t base)
{
    const struct pv_v8_node *node = &tree->nodes[row];
    uint32_t from = node->parent == PV_NONE ? base : tree->built[node->parent];
    if (node->parent == PV_NONE && has_name(tree, row, PV_TEXT("(root)")))
        return base;
    if (pv_v8_tree_is_idle(tree, row))
        return from;
    uint32_t frame = pv_v8_frame(tree->builder, node->frame, node->is_native);
    return pv_build_stack(tree->builder, from, &frame, 1, NULL);
}

/* The row and the rows above it, outermost first; false where it is above itself. */
static bool build_way(struct pv_v8_tree *tree, uint32_t row, uint32_t base, uint32_t *way)
{
    uint32_t count = 0;
    for (; row != PV_NONE && tree->built[row] == PV_NONE; row = tree->nodes[row].parent) {
        tree->built[row] = IN_WORK;
        way[count++] = row;
    }
    if (row != PV_NONE && tree->built[row] == IN_WORK)
        return false;
    while (count-- > 0)
        tree->built[way[count]] = build_row(tree, way[count], base);
    return true;
}

bool pv_v8_tree_build(struct pv_v8_tree *tree, uint32_t base, struct pv_error *err)
{
    if (!link_nodes(tree, err))
        return false;
    uint32_t *way = pv_alloc(tree->count * sizeof *way);
    bool is_tree = true;
    tree->built = pv_alloc(tree->count * sizeof *tree->built);
    for (uint32_t i = 0; i < tree->count; i++)
        tree->built[i] = PV_NONE;
    for (uint32_t i = 0; is_tree && i < tree->count; i++)
        if (!build_way(tree, i, base, way))
            is_tree = fail(tree, (struct pv_where){0}, tree->nodes[i].id, "is below itself", err);
    free(way);
    return is_tree;
}

void pv_v8_tree_free(struct pv_v8_tree *tree)
{
    pv_map_free(&tree->ids);
    free(tree->nodes);
    free(tree->links);
    free(tree->built);
}

#include "formats/massif_tree.h"

#include "formats/valgrind_frame.h"
#include "model/error.h"

#include <stdlib.h>

/* A node of which not all children have been read. */
struct open_node {
    uint32_t frame;     /* of the builder; the first node stands for all and has none */
    uint64_t awaited;   /* children that are still to come */
    int64_t bytes;      /* as the file says */
    int64_t in_callers; /* Σ of its children */
    bool has_rest;      /* some callers are gathered in one line, below the threshold */
};

struct pv_massif_tree {
    struct pv_builder *builder;
    struct pv_budget budget;
    uint32_t snapshot;
    bool is_begun; /* the first node has come */
    struct open_node *open;
    uint32_t depth, room; /* open nodes */
    uint32_t *frames;     /* of one stack, outermost first */
    uint32_t frame_room;
    struct pv_massif_value *values;
    uint32_t count, value_room;
    struct pv_massif_flaws flaws;
};

struct pv_massif_tree *pv_massif_tree_new(struct pv_builder *builder, uint64_t most_memory)
{
    struct pv_massif_tree *tree = pv_zalloc(1, sizeof *tree);
    tree->builder = builder;
    tree->budget.limit = most_memory;
    return tree;
}

void pv_massif_tree_free(struct pv_massif_tree *tree)
{
    if (!tree)
        return;
    free(tree->open);
    free(tree->frames);
    free(tree->values);
    free(tree);
}

/* The number of blanks in front. */
static size_t indent_of(struct pv_text line)
{
    size_t indent = 0;
    while (indent < line.size && line.data[indent] == ' ')
        indent++;
    return indent;
}

bool pv_massif_is_tree_line(struct pv_text line)
{
    size_t at = indent_of(line), digits = 0;
    if (at >= line.size || line.data[at++] != 'n')
        return false;
    for (; at < line.size && line.data[at] >= '0' && line.data[at] <= '9'; at++)
        digits++;
    return digits > 0 && at < line.size && line.data[at] == ':';
}

static bool grow(struct pv_massif_tree *tree, void **array, uint32_t *room, uint64_t needed,
                 size_t item)
{
    struct pv_error err;
    if (pv_grow(array, room, needed, item, &tree->budget))
        return true;
    pv_fail(&err, PV_LIMIT, (struct pv_where){0},
            "the snapshots need more than the %llu bytes of --max-memory",
            (unsigned long long)tree->budget.limit);
    pv_builder_fail(tree->builder, err);
    return false;
}

static uint32_t rest_frame(struct pv_massif_tree *tree)
{
    struct pv_frame_info info = {.name = PV_TEXT("\xe2\x80\xa6 places below the threshold"),
                                 .flags = PV_FRAME_REST};
    return pv_build_frame(tree->builder, &info);
}

/* The bytes belong to the stack that ends with the innermost open node and begins with the deepest
 * one, or with callers that the file does not tell. */
static void add_value(struct pv_massif_tree *tree, bool is_rest, int64_t bytes)
{
    void *frames = tree->frames, *values = tree->values;
    bool grown =
        grow(tree, &frames, &tree->frame_room, tree->depth, sizeof *tree->frames) &&
        grow(tree, &values, &tree->value_room, (uint64_t)tree->count + 1, sizeof *tree->values);
    uint32_t count = 0;
    tree->frames = frames;
    tree->values = values;
    if (!grown)
        return;
    if (is_rest)
        tree->frames[count++] = rest_frame(tree);
    for (uint32_t i = tree->depth; i-- > 1;)
        tree->frames[count++] = tree->open[i].frame;
    uint32_t node = pv_build_stack(tree->builder, 0, tree->frames, count, NULL);
    tree->values[tree->count++] = (struct pv_massif_value){tree->snapshot, node, bytes};
}

static void add_to_caller_sum(struct open_node *node, int64_t bytes)
{
    if (!pv_add(node->in_callers, bytes, &node->in_callers))
        node->in_callers = INT64_MAX;
}

static void close_node(struct pv_massif_tree *tree)
{
    struct open_node node = tree->open[tree->depth - 1];
    tree->flaws.missing += node.awaited > 0;
    tree->flaws.over += node.in_callers > node.bytes;
    if (node.bytes > node.in_callers)
        add_value(tree, node.has_rest || tree->depth == 1, node.bytes - node.in_callers);
    tree->depth--;
    if (tree->depth)
        add_to_caller_sum(&tree->open[tree->depth - 1],
                          node.bytes > node.in_callers ? node.bytes : node.in_callers);
}

static void close_down_to(struct pv_massif_tree *tree, size_t depth)
{
    while (tree->depth > depth)
        close_node(tree);
}

void pv_massif_tree_begin(struct pv_massif_tree *tree, uint32_t index)
{
    pv_massif_tree_end(tree);
    tree->snapshot = index;
}

void pv_massif_tree_end(struct pv_massif_tree *tree)
{
    close_down_to(tree, 0);
    tree->is_begun = false;
}

/* "in 2 places, all below massif's threshold (1.00%)" */
static bool is_rest_line(struct pv_text text)
{
    struct pv_text in, number, place;
    uint64_t places;
    return pv_text_word(&text, &in) && pv_text_equal(in, PV_TEXT("in")) &&
           pv_text_word(&text, &number) && pv_parse_uint64(number, &places) &&
           pv_text_word(&text, &place) && pv_text_starts(place, PV_TEXT("place"));
}

/* The bytes of the gathered callers: of their own, or of what else their callee has. */
static void add_rest(struct pv_massif_tree *tree, int64_t bytes)
{
    struct open_node *callee = &tree->open[tree->depth - 1];
    callee->has_rest = true;
    if (bytes == 0)
        return;
    add_to_caller_sum(callee, bytes);
    add_value(tree, true, bytes);
}

static void open_node(struct pv_massif_tree *tree, struct pv_text frame, uint64_t children,
                      int64_t bytes)
{
    void *open = tree->open;
    bool grown = grow(tree, &open, &tree->room, (uint64_t)tree->depth + 1, sizeof *tree->open);
    tree->open = open;
    if (!grown)
        return;
    struct open_node node = {.awaited = children, .bytes = bytes};
    if (tree->depth > 0) {
        struct pv_valgrind_frame parsed = pv_valgrind_frame_of(frame);
        node.frame = pv_build_frame(tree->builder, &parsed.info);
    }
    tree->open[tree->depth++] = node;
    if (children == 0)
        close_node(tree);
}

/* "n2: 51377 0x…": false where it is none such. */
static bool cut_line(struct pv_text line, uint64_t *children, int64_t *bytes, struct pv_text *frame)
{
    size_t colon = pv_text_find(line, ':');
    struct pv_text rest = pv_text_slice(line, colon + 1, line.size), number;
    if (!pv_parse_uint64(pv_text_slice(line, 1, colon), children) ||
        !pv_text_word(&rest, &number) || !pv_parse_int64(number, bytes) || *bytes < 0)
        return false;
    *frame = pv_text_trim(rest);
    return true;
}

const char *pv_massif_tree_line(struct pv_massif_tree *tree, struct pv_text line)
{
    size_t depth = indent_of(line);
    uint64_t children;
    int64_t bytes;
    struct pv_text frame;
    if (!cut_line(pv_text_slice(line, depth, line.size), &children, &bytes, &frame))
        return "a line of a tree is n<callers>: <bytes> <function>";
    if (depth == 0 && tree->is_begun)
        return "a snapshot has one tree";
    if (depth > tree->depth)
        return "a line of a tree is deeper than a caller of the one before";
    close_down_to(tree, depth);
    if (depth > 0 && tree->open[depth - 1].awaited == 0)
        return "a function has more callers than it says";
    tree->is_begun = true;
    if (depth > 0)
        tree->open[depth - 1].awaited--;
    if (depth > 0 && is_rest_line(frame))
        add_rest(tree, bytes);
    else
        open_node(tree, frame, children, bytes);
    return NULL;
}

const struct pv_massif_value *pv_massif_tree_values(const struct pv_massif_tree *tree,
                                                    uint32_t *count)
{
    *count = tree->count;
    return tree->values;
}

struct pv_massif_flaws pv_massif_tree_flaws(const struct pv_massif_tree *tree)
{
    return tree->flaws;
}

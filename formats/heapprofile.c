#include "formats/format.h"
#include "formats/json_take.h"
#include "formats/v8_tree.h"
#include "model/error.h"

/* V8's sampling heap profile: the bytes that were allocated where, and not collected when it was
 * taken. Its samples tell the same once more, node by node. */

/* The first member is the tree, or "samples" where keys were sorted or the tree is empty. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    (void)is_whole;
    if (!pv_json_head_is_object(head))
        return PV_PROBE_NO;
    bool has_head = pv_json_head_holds(head, PV_TEXT("\"head\""));
    bool has_size = pv_json_head_holds(head, PV_TEXT("\"selfSize\""));
    bool has_frame = pv_json_head_holds(head, PV_TEXT("\"callFrame\""));
    return has_head && has_size && has_frame ? PV_PROBE_SURE : PV_PROBE_NO;
}

static void read_members(struct pv_v8_tree *tree)
{
    static const char *const keys[] = {"head", NULL};
    if (!pv_json_object(tree->json))
        return;
    while (pv_json_field(tree->json, keys) == 0)
        if (tree->count)
            pv_json_fail(tree->json, PV_INPUT_FAILED, "a second \"head\"");
        else
            pv_v8_tree_read_node(tree);
}

static bool finish(struct pv_v8_tree *tree, struct pv_input *input, struct pv_profile **out,
                   struct pv_error *err)
{
    struct pv_where where = {.source = pv_input_name(input)};
    if (!pv_json_end(tree->json, err))
        return false;
    if (tree->count == 0)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "no \"head\": this is no whole heap profile of V8");
    if (!pv_v8_tree_build(tree, 0, err))
        return false;
    for (uint32_t i = 0; i < tree->count; i++) {
        if (tree->nodes[i].weight < 0)
            pv_build_signed(tree->builder, 0);
        pv_build_self(tree->builder, tree->built[i], 0, tree->nodes[i].weight);
    }
    if (pv_builder_finish(tree->builder, out, err))
        return true;
    if (!err->where.source)
        err->where = where;
    return false;
}

static bool read_heapprofile(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_v8_tree tree = {
        .json = pv_json_open(input, NULL),
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "heapprofile"),
        .budget = {.limit = limits->memory},
    };
    pv_build_metric(tree.builder, PV_TEXT("bytes"), PV_UNIT_BYTES, false);
    read_members(&tree);
    bool is_fine = finish(&tree, input, out, err);
    pv_json_close(tree.json);
    pv_builder_free(tree.builder);
    pv_v8_tree_free(&tree);
    return is_fine;
}

extern const struct pv_format pv_format_heapprofile;
const struct pv_format pv_format_heapprofile = {
    .name = "heapprofile",
    .summary = "V8's sampling heap profiles: node --heap-prof, Chrome's memory panel",
    .aliases = "heap-profile v8-heap",
    .extensions = ".heapprofile",
    .probe = probe,
    .read = read_heapprofile,
};

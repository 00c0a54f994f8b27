#include "model/transform_shape.h"

#include "model/error.h"
#include "model/number.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* depth, prune, reverse and collapse-recursion on stacks, and what they share with arcs. */

__extension__ typedef unsigned __int128 wide;

bool pv_is_small(const struct pv_profile *profile, const struct pv_least *least,
                 int64_t *const *columns, uint32_t at)
{
    wide of = (wide)100 * (uint64_t)pv_power10(least->percent.digits);
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        wide whole = pv_magnitude(profile->metrics[m].total);
        if (pv_magnitude(columns[m][at]) * of >= whole * (uint64_t)least->percent.value)
            return false;
    }
    return true;
}

void pv_remake_note_gathered(struct pv_remake *remake, uint64_t functions)
{
    char share[PV_NUMBER_SIZE], number[PV_NUMBER_SIZE];
    int size = 0, digits = (int)pv_print_grouped(number, (int64_t)functions);
    if (remake->from->metric_count)
        size = (int)pv_format_share(share, remake->left_out[0], remake->from->metrics[0].total);
    if (functions)
        pv_remake_note(remake, "cut", functions, "%.*s function%s, %.*s together, in one remainder",
                       digits, number, functions == 1 ? "" : "s", size, share);
}

static uint64_t count_gathered(const struct pv_profile *profile, const bool *is_gathered)
{
    bool *seen = pv_zalloc(profile->frame_count, sizeof *seen);
    uint64_t count = 0;
    for (uint32_t i = 1; i < profile->tree->count; i++) {
        bool *at = &seen[profile->tree->nodes[i].frame];
        count += is_gathered[i] && !*at;
        *at = *at || is_gathered[i];
    }
    free(seen);
    return count;
}

/* A new profile in which the nodes marked, and all below them, are one remainder per parent. */
static bool gather_stacks(struct pv_profile **out, const struct pv_transform_call *call,
                          const bool *is_gathered, struct pv_error *err)
{
    const struct pv_tree *tree = call->profile->tree;
    uint32_t *moved = pv_zalloc(tree->count, sizeof *moved);
    uint64_t functions = count_gathered(call->profile, is_gathered);
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    uint32_t rest = functions ? pv_remake_rest(&remake, functions) : 0;
    pv_remake_self(&remake, 0, 0);
    for (uint32_t i = 1; i < tree->count && pv_builder_is_ok(remake.builder); i++) {
        uint32_t parent = tree->nodes[i].parent;
        moved[i] = moved[parent];
        if (!is_gathered[i] || !is_gathered[parent]) {
            uint32_t frame = is_gathered[i] ? rest : pv_remake_frame(&remake, tree->nodes[i].frame);
            moved[i] = pv_build_stack(remake.builder, moved[parent], &frame, 1, NULL);
        }
        pv_remake_self(&remake, moved[i], i);
        if (is_gathered[i])
            pv_remake_leave_out(&remake, i);
    }
    pv_remake_note_gathered(&remake, functions);
    pv_remake_spans(&remake, moved, NULL);
    free(moved);
    return pv_remake_close(&remake, out, err);
}

static bool depth(struct pv_profile **out, const struct pv_transform_call *call,
                  struct pv_error *err)
{
    uint64_t most;
    bool is_stacks = call->profile->origin == PV_ORIGIN_STACKS, *is_gathered = NULL;
    if (!pv_parse_uint64(call->argument, &most) || most == 0)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--depth wants a number of levels from 1, not \"%.*s\"",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    if (is_stacks) {
        const struct pv_tree *tree = call->profile->tree;
        uint32_t *level = pv_zalloc(tree->count, sizeof *level);
        is_gathered = pv_zalloc(tree->count, sizeof *is_gathered);
        for (uint32_t i = 1; i < tree->count; i++) {
            level[i] = level[tree->nodes[i].parent] + 1;
            is_gathered[i] = level[i] > most;
        }
        free(level);
    } else {
        is_gathered = pv_deeper_funcs(call->profile, most);
    }
    bool done = is_stacks ? gather_stacks(out, call, is_gathered, err)
                          : pv_gather_arcs(out, call, is_gathered, err);
    free(is_gathered);
    return done;
}

static bool parse_percent(struct pv_text text, struct pv_decimal *out)
{
    if (pv_text_ends(text, PV_TEXT("%")))
        text = pv_text_slice(text, 0, text.size - 1);
    return pv_parse_decimal(pv_text_trim(text), out) && out->value >= 0 &&
           out->value <= 100 * pv_power10(out->digits);
}

static bool *small_nodes(const struct pv_profile *profile, const struct pv_least *least)
{
    const struct pv_tree *tree = profile->tree;
    bool *is_small = pv_zalloc(tree->count, sizeof *is_small);
    for (uint32_t i = 1; i < tree->count; i++)
        is_small[i] =
            is_small[tree->nodes[i].parent] || pv_is_small(profile, least, tree->total, i);
    return is_small;
}

static bool *small_funcs(const struct pv_profile *profile, const struct pv_least *least)
{
    const struct pv_graph *graph = profile->graph;
    bool *is_small = pv_zalloc(graph->func_count, sizeof *is_small);
    for (uint32_t i = 0; i < graph->func_count; i++)
        is_small[i] = pv_is_small(profile, least, graph->total, i);
    return is_small;
}

static bool prune(struct pv_profile **out, const struct pv_transform_call *call,
                  struct pv_error *err)
{
    struct pv_least least;
    bool is_stacks = call->profile->origin == PV_ORIGIN_STACKS;
    if (!parse_percent(call->argument, &least.percent))
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--prune wants a share from 0 to 100 percent, not \"%.*s\"",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    bool *is_small =
        is_stacks ? small_nodes(call->profile, &least) : small_funcs(call->profile, &least);
    bool done = is_stacks ? gather_stacks(out, call, is_small, err)
                          : pv_gather_arcs(out, call, is_small, err);
    free(is_small);
    return done;
}

static bool collapse_recursion(struct pv_profile **out, const struct pv_transform_call *call,
                               struct pv_error *err)
{
    if (call->profile->origin == PV_ORIGIN_ARCS)
        return pv_collapse_arcs(out, call, err);
    const struct pv_tree *tree = call->profile->tree;
    uint32_t *moved = pv_zalloc(tree->count, sizeof *moved);
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    pv_remake_self(&remake, 0, 0);
    for (uint32_t i = 1; i < tree->count && pv_builder_is_ok(remake.builder); i++) {
        const struct pv_node *node = &tree->nodes[i];
        uint32_t frame = pv_remake_frame(&remake, node->frame);
        bool repeats = node->parent != 0 && tree->nodes[node->parent].frame == node->frame;
        moved[i] = moved[node->parent];
        if (!repeats)
            moved[i] = pv_build_stack(remake.builder, moved[i], &frame, 1, NULL);
        pv_remake_self(&remake, moved[i], i);
    }
    pv_remake_spans(&remake, moved, NULL);
    free(moved);
    return pv_remake_close(&remake, out, err);
}

struct reversing {
    struct pv_remake remake;
    const struct pv_tree *tree;
    uint32_t *read, *path; /* one stack, as it is and turned around */
    uint64_t steps;
};

static bool has_self(const struct reversing *reversing, uint32_t node)
{
    bool any = reversing->tree->nodes[node].first_child == PV_NONE;
    for (uint32_t m = 0; !any && m < reversing->remake.from->metric_count; m++)
        any = reversing->tree->self[m][node] != 0;
    return any;
}

static bool is_outer(const struct reversing *reversing, uint32_t frame)
{
    return reversing->remake.from->frames[frame].flags & (PV_FRAME_THREAD | PV_FRAME_PROCESS);
}

/* The node's path from the leaf to the root; processes and threads stay outermost, in their order.
 */
static uint32_t read_path(struct reversing *reversing, uint32_t node)
{
    uint32_t size = 0, outer = 0;
    for (; node != 0; node = reversing->tree->nodes[node].parent)
        reversing->read[size++] = reversing->tree->nodes[node].frame;
    while (outer < size && is_outer(reversing, reversing->read[size - 1 - outer]))
        outer++;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t from = i < outer ? size - 1 - i : i - outer;
        reversing->path[i] = pv_remake_frame(&reversing->remake, reversing->read[from]);
    }
    return size;
}

static uint32_t deepest(const struct pv_tree *tree)
{
    uint32_t most = 0, *level = pv_zalloc(tree->count, sizeof *level);
    for (uint32_t i = 1; i < tree->count; i++) {
        level[i] = level[tree->nodes[i].parent] + 1;
        most = level[i] > most ? level[i] : most;
    }
    free(level);
    return most;
}

/* Every stack is walked in full, so what a hostile tree of deep stacks costs is limited too. */
static void reverse_node(struct reversing *reversing, uint32_t node)
{
    uint64_t limit = reversing->remake.call->limits->nodes * 4;
    uint32_t size = read_path(reversing, node);
    reversing->steps += size;
    if (reversing->steps > limit) {
        struct pv_error err;
        pv_fail(&err, PV_LIMIT, (struct pv_where){0},
                "--reverse would walk more than %llu frames: use --depth or --collapse-recursion "
                "before it, or raise --max-nodes",
                (unsigned long long)limit);
        pv_builder_fail(reversing->remake.builder, err);
        return;
    }
    uint32_t to = pv_build_stack(reversing->remake.builder, 0, reversing->path, size, NULL);
    pv_remake_self(&reversing->remake, to, node);
}

static bool reverse(struct pv_profile **out, const struct pv_transform_call *call,
                    struct pv_error *err)
{
    if (call->profile->origin == PV_ORIGIN_ARCS)
        return pv_reverse_arcs(out, call, err);
    struct reversing reversing = {.tree = call->profile->tree};
    size_t room = ((size_t)deepest(reversing.tree) + 1) * sizeof(uint32_t);
    reversing.read = pv_alloc(room);
    reversing.path = pv_alloc(room);
    pv_remake_open(&reversing.remake, call);
    pv_remake_self(&reversing.remake, 0, 0);
    for (uint32_t i = 1; i < reversing.tree->count && pv_builder_is_ok(reversing.remake.builder);
         i++)
        if (has_self(&reversing, i))
            reverse_node(&reversing, i);
    free(reversing.read);
    free(reversing.path);
    return pv_remake_close(&reversing.remake, out, err);
}

const struct pv_transform pv_transform_depth = {
    "depth", 0, "N", "gather what lies deeper than N calls in remainders", 0, depth};
const struct pv_transform pv_transform_reverse = {
    "reverse", 0, NULL, "turn stacks around: from what was running to where it was called from", 0,
    reverse};
const struct pv_transform pv_transform_collapse_recursion = {
    "collapse-recursion", 0, NULL, "show a function that calls itself once", 0, collapse_recursion};
const struct pv_transform pv_transform_prune = {
    "prune", 0, "SHARE", "gather what has less than this share (0.5%) in remainders", 0, prune};

#include "model/transform_filter.h"

#include "model/error.h"
#include "model/transform_filter_parts.h"
#include "model/transform_parts.h"

#include <stdlib.h>

/* The filters on stacks. Each node is before the first function on its stack that is meant, is the
 * first, or lies below it; a rule says for each of the three whether the node's self value stays
 * and whether its frame does. A node that goes while its value stays hands it to the one above. */

enum { before, first, below };

struct rule {
    bool by_own; /* what counts is the node itself: `first` where it is meant, else `before` */
    bool keeps_value[3], keeps_frame[3];
};

static const struct rule rules[] = {
    [PV_FILTER_FOCUS] = {false, {false, true, true}, {true, true, true}},
    [PV_FILTER_IGNORE] = {false, {true, false, false}, {true, false, false}},
    [PV_FILTER_HIDE] = {true, {true, true, true}, {true, false, false}},
    [PV_FILTER_SHOW] = {true, {true, true, true}, {false, true, true}},
    [PV_FILTER_SHOW_FROM] = {false, {false, true, true}, {false, true, true}},
    [PV_FILTER_PRUNE_FROM] = {false, {true, true, true}, {true, true, false}},
    [PV_FILTER_ROOT] = {false, {false, true, true}, {false, true, true}},
    [PV_FILTER_LEAF] = {false, {false, true, true}, {true, true, false}},
    [PV_FILTER_PID] = {false, {false, true, true}, {true, true, true}},
    [PV_FILTER_TID] = {false, {false, true, true}, {true, true, true}},
    [PV_FILTER_APART] = {true, {true, true, true}, {true, true, true}},
    [PV_FILTER_TOGETHER] = {true, {true, true, true}, {true, false, false}},
};

struct filtering {
    struct pv_remake remake;
    const struct rule *rule;
    const struct pv_tree *tree;
    const bool *matches;
    unsigned char *place; /* by node */
    bool *is_needed;      /* by node: it or one below it keeps a value */
    uint32_t *moved;      /* by node: the new node that has its value */
};

static void find_places(struct filtering *filtering)
{
    const struct pv_node *nodes = filtering->tree->nodes;
    filtering->place[0] = before;
    for (uint32_t i = 1; i < filtering->tree->count; i++) {
        bool is_meant = filtering->matches[nodes[i].frame];
        unsigned char above = filtering->place[nodes[i].parent];
        if (filtering->rule->by_own || above == before)
            filtering->place[i] = is_meant ? first : before;
        else
            filtering->place[i] = below;
    }
}

/* A stack that somebody recorded ends here: not just a node on the way to others. */
static bool is_sample(const struct filtering *filtering, uint32_t node)
{
    bool has_value = filtering->tree->nodes[node].first_child == PV_NONE;
    for (uint32_t m = 0; !has_value && m < filtering->remake.from->metric_count; m++)
        has_value = filtering->tree->self[m][node] != 0;
    return has_value;
}

static void find_needed(struct filtering *filtering)
{
    const struct pv_node *nodes = filtering->tree->nodes;
    for (uint32_t i = filtering->tree->count; i-- > 1;) {
        bool keeps = filtering->rule->keeps_value[filtering->place[i]];
        filtering->is_needed[i] |= keeps && is_sample(filtering, i);
        filtering->is_needed[nodes[i].parent] |= filtering->is_needed[i];
    }
}

static void move_node(struct filtering *filtering, uint32_t node)
{
    const struct pv_node *of = &filtering->tree->nodes[node];
    unsigned char place = filtering->place[node];
    filtering->moved[node] = filtering->moved[of->parent];
    if (filtering->is_needed[node] && filtering->rule->keeps_frame[place]) {
        uint32_t frame = pv_remake_frame(&filtering->remake, of->frame);
        filtering->moved[node] = pv_build_stack(filtering->remake.builder,
                                                filtering->moved[of->parent], &frame, 1, NULL);
    }
    if (filtering->rule->keeps_value[place])
        pv_remake_self(&filtering->remake, filtering->moved[node], node);
    else
        pv_remake_leave_out(&filtering->remake, node);
}

static void move_all(struct filtering *filtering)
{
    if (filtering->rule->keeps_value[before])
        pv_remake_self(&filtering->remake, 0, 0);
    else
        pv_remake_leave_out(&filtering->remake, 0);
    for (uint32_t i = 1; i < filtering->tree->count; i++)
        if (pv_builder_is_ok(filtering->remake.builder))
            move_node(filtering, i);
}

static void move_spans(struct filtering *filtering)
{
    bool *keeps = pv_alloc(filtering->tree->count);
    for (uint32_t i = 0; i < filtering->tree->count; i++)
        keeps[i] = filtering->rule->keeps_value[filtering->place[i]];
    pv_remake_spans(&filtering->remake, filtering->moved, keeps);
    free(keeps);
}

static bool filter_stacks(struct pv_profile **out, const struct pv_transform_call *call,
                          const bool *matches, struct pv_error *err)
{
    const struct pv_tree *tree = call->profile->tree;
    struct filtering filtering = {
        .rule = &rules[call->transform->kind],
        .tree = tree,
        .matches = matches,
        .place = pv_alloc(tree->count),
        .is_needed = pv_zalloc(tree->count, sizeof(bool)),
        .moved = pv_zalloc(tree->count, sizeof(uint32_t)),
    };
    pv_remake_open(&filtering.remake, call);
    find_places(&filtering);
    find_needed(&filtering);
    move_all(&filtering);
    if (call->profile->spans)
        move_spans(&filtering);
    pv_remake_note_left_out(&filtering.remake);
    free(filtering.place);
    free(filtering.is_needed);
    free(filtering.moved);
    return pv_remake_close(&filtering.remake, out, err);
}

static bool filter_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                        bool *matches, struct pv_error *err)
{
    unsigned kind = call->transform->kind;
    for (uint32_t i = 0; kind == PV_FILTER_SHOW && i < call->profile->frame_count; i++)
        matches[i] = !matches[i];
    return kind == PV_FILTER_HIDE || kind == PV_FILTER_SHOW
               ? pv_hide_arcs(out, call, matches, err)
               : pv_filter_arcs(out, call, matches, err);
}

static bool filter(struct pv_profile **out, const struct pv_transform_call *call,
                   struct pv_error *err)
{
    unsigned kind = call->transform->kind;
    bool *matches =
        kind >= PV_FILTER_PID
            ? pv_match_outer(call, err)
            : pv_match_frames(call, kind == PV_FILTER_ROOT || kind == PV_FILTER_LEAF, err);
    if (!matches)
        return false;
    bool done = call->profile->origin == PV_ORIGIN_STACKS ? filter_stacks(out, call, matches, err)
                                                          : filter_arcs(out, call, matches, err);
    free(matches);
    return done;
}

const struct pv_transform pv_transform_focus = {
    "focus", 0, "RE", "keep stacks that have a function matching RE", PV_FILTER_FOCUS, filter};
const struct pv_transform pv_transform_ignore = {
    "ignore",         0,     "RE", "leave out stacks that have a function matching RE",
    PV_FILTER_IGNORE, filter};
const struct pv_transform pv_transform_hide = {
    "hide",         0,
    "RE",           "take functions matching RE out of stacks; their cost counts for their callers",
    PV_FILTER_HIDE, filter};
const struct pv_transform pv_transform_show = {
    "show", 0, "RE", "keep only functions matching RE in stacks", PV_FILTER_SHOW, filter};
const struct pv_transform pv_transform_show_from = {
    "show-from",         0,     "RE", "let stacks begin at their first function matching RE",
    PV_FILTER_SHOW_FROM, filter};
const struct pv_transform pv_transform_prune_from = {
    "prune-from",
    0,
    "RE",
    "cut off what functions matching RE call, and count it for them",
    PV_FILTER_PRUNE_FROM,
    filter};
const struct pv_transform pv_transform_root = {
    "root",         'z',   "NAME", "keep the function NAME (or matching it) and what it calls",
    PV_FILTER_ROOT, filter};
const struct pv_transform pv_transform_leaf = {
    "leaf",         'l',   "NAME", "keep the function NAME (or matching it) and what leads to it",
    PV_FILTER_LEAF, filter};
const struct pv_transform pv_transform_threads = {
    "threads",       0,     NULL, "insist on a tower of its own for each process and thread",
    PV_FILTER_APART, filter};
const struct pv_transform pv_transform_no_threads = {
    "no-threads", 0, NULL, "put all processes and threads together", PV_FILTER_TOGETHER, filter};
const struct pv_transform pv_transform_pid = {
    "pid", 0, "N", "keep only the process with this number or name", PV_FILTER_PID, filter};
const struct pv_transform pv_transform_tid = {
    "tid", 0, "N", "keep only the thread with this number or name", PV_FILTER_TID, filter};

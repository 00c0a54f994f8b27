#include "formats/collapsed.h"

#include <stdlib.h>

/* What the numbers at the ends of all lines are, in their order. */
struct layout {
    unsigned count;
    struct column {
        const char *name;
        enum pv_unit unit;
        uint32_t factor; /* of the numbers to the unit */
    } columns[PV_COLLAPSED_NUMBERS];
};

static const struct layout two_columns = {
    2, {{"before", PV_UNIT_COUNT, 1}, {"after", PV_UNIT_COUNT, 1}}};

/* Full mode of Austin 1: microseconds, and KiB gained and given back. */
static const struct layout austin_full = {3,
                                          {{"time", PV_UNIT_NS, 1000},
                                           {"allocated", PV_UNIT_BYTES, 1024},
                                           {"freed", PV_UNIT_BYTES, 1024}}};

struct split {
    const struct pv_profile *from;
    const uint32_t *lines;
    const struct layout *layout;
    struct pv_builder *builder;
    uint32_t *nodes; /* of the old tree → of the new one, where it is inside a stack */
    unsigned last_digits;
};

static uint32_t copy_frame(struct split *split, uint32_t frame)
{
    uint32_t made = pv_build_name(split->builder, pv_profile_name(split->from, frame));
    pv_build_flags(split->builder, made, split->from->frames[frame].flags);
    return made;
}

/* The node of a leaf without its number. */
static uint32_t leaf_node(struct split *split, uint32_t parent, struct pv_text name)
{
    if (name.size == 0 && parent) /* a semicolon behind the last frame */
        return parent;
    uint32_t flags = pv_collapsed_cut_marks(&name);
    if (parent == 0)
        flags |= pv_collapsed_outer_flags(name, 0, PV_TEXT(""));
    uint32_t frame = pv_build_name(split->builder, name);
    pv_build_flags(split->builder, frame, flags | pv_collapsed_name_flags(name));
    return pv_build_stack(split->builder, parent, &frame, 1, NULL);
}

/* `times` the number, for that many lines. */
static void add_number(struct split *split, uint32_t node, uint32_t metric,
                       struct pv_decimal number, uint32_t times)
{
    bool fits = pv_multiply(number.value, split->layout->columns[metric].factor, &number.value) &&
                pv_multiply(number.value, times, &number.value);
    int64_t value = fits ? pv_build_value(split->builder, metric, number, &fits) : 0;
    if (!fits) {
        struct pv_error err;
        pv_fail(&err, PV_INPUT_FAILED, (struct pv_where){0}, "a number does not fit in 64 bits");
        pv_builder_fail(split->builder, err);
        return;
    }
    if (value < 0)
        pv_build_signed(split->builder, metric);
    pv_build_self(split->builder, node, metric, value);
}

/* The last number of a line is already the node's value; the others are in its name. */
static void split_leaf(struct split *split, uint32_t node)
{
    const struct pv_node *old = &split->from->tree->nodes[node];
    struct pv_text name = pv_profile_name(split->from, old->frame);
    struct pv_decimal numbers[PV_COLLAPSED_NUMBERS] = {{0}};
    unsigned last = split->layout->count - 1;
    for (unsigned i = last; i-- > 0;)
        pv_collapsed_take_number(&name, &numbers[i]);
    numbers[last] = (struct pv_decimal){split->from->tree->self[0][node], split->last_digits};
    uint32_t made = leaf_node(split, split->nodes[old->parent], name);
    for (unsigned i = 0; i <= last; i++)
        add_number(split, made, i, numbers[i], i == last ? 1 : split->lines[node]);
}

/* How many numbers the names of all nodes have at their ends at which lines end, at most 2. (None,
 * where a name was cut at its limit.) */
static unsigned common_numbers(const struct pv_profile *profile, const uint32_t *lines)
{
    unsigned least = PV_COLLAPSED_NUMBERS - 1;
    for (uint32_t i = 1; i < profile->tree->count; i++) {
        struct pv_decimal number;
        struct pv_text name = pv_profile_name(profile, profile->tree->nodes[i].frame);
        bool is_end = profile->tree->nodes[i].first_child == PV_NONE || lines[i];
        for (unsigned count = 0; is_end && count < least; count++)
            if (!pv_collapsed_take_number(&name, &number))
                least = count;
    }
    return least;
}

/* Whether all stacks begin with a thread, which may have the numbers of a line behind it. */
static bool is_all_threads(const struct pv_profile *profile)
{
    const struct pv_node *nodes = profile->tree->nodes;
    for (uint32_t i = nodes[0].first_child; i != PV_NONE; i = nodes[i].next_sibling) {
        struct pv_decimal number;
        struct pv_text name = pv_profile_name(profile, nodes[i].frame);
        while (pv_collapsed_take_number(&name, &number))
            continue;
        if (pv_collapsed_outer_flags(name, 0, PV_TEXT("")) != PV_FRAME_THREAD)
            return false;
    }
    return true;
}

static void copy_notes(struct split *split)
{
    for (uint32_t i = 0; i < split->from->note_count; i++) {
        const struct pv_note *note = &split->from->notes[i];
        pv_build_note_text(split->builder, pv_profile_text(split->from, note->kind),
                           pv_profile_text(split->from, note->text), note->count, note->line);
    }
}

static void split_tree(struct split *split)
{
    const struct pv_tree *tree = split->from->tree;
    split->nodes[0] = 0;
    for (uint32_t i = 1; i < tree->count && pv_builder_is_ok(split->builder); i++) {
        const struct pv_node *node = &tree->nodes[i];
        if (node->first_child != PV_NONE) {
            uint32_t frame = copy_frame(split, node->frame);
            split->nodes[i] =
                pv_build_stack(split->builder, split->nodes[node->parent], &frame, 1, NULL);
        }
        if (split->lines[i])
            split_leaf(split, i);
    }
}

static void add_metrics(struct split *split)
{
    for (unsigned i = 0; i < split->layout->count; i++) {
        const struct column *column = &split->layout->columns[i];
        pv_build_metric(split->builder, pv_text_of(column->name), column->unit, false);
    }
}

bool pv_collapsed_split_columns(struct pv_profile **profile, const uint32_t *lines,
                                const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_profile *made = NULL;
    unsigned more = common_numbers(*profile, lines);
    if (more == 0)
        return true;
    bool is_austin = more == 2 && is_all_threads(*profile);
    struct split split = {
        .from = *profile,
        .lines = lines,
        .layout = is_austin ? &austin_full : &two_columns,
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "collapsed"),
        .nodes = pv_zalloc((*profile)->tree->count, sizeof *split.nodes),
        .last_digits = pv_power_of((*profile)->metrics[0].scale),
    };
    add_metrics(&split);
    copy_notes(&split);
    split_tree(&split);
    bool done = pv_builder_finish(split.builder, &made, err);
    pv_builder_free(split.builder);
    free(split.nodes);
    pv_profile_free(*profile);
    *profile = made;
    return done;
}

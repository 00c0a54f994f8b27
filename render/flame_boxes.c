#include "render/flame_boxes.h"

#include "model/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One layout while it is made. */
struct layout {
    struct pv_flame *flame;
    const struct pv_profile *profile;
    const struct pv_flame_options *options;
    struct pv_flame_box *scratch; /* for sorting; as large as the largest family */
    uint32_t scratch_capacity;
    uint32_t most_levels;
};

static int64_t magnitude(int64_t value)
{
    return value == INT64_MIN ? INT64_MAX : value < 0 ? -value : value;
}

static int64_t add_saturated(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* Σ |self| of every node and what is below it; children come behind their parents. */
static int64_t *magnitudes_of(const struct pv_tree *tree, const int64_t *self)
{
    int64_t *sizes = pv_zalloc(tree->count, sizeof *sizes);
    for (uint32_t i = tree->count; i > 0; i--) {
        uint32_t node = i - 1, parent = tree->nodes[node].parent;
        sizes[node] = add_saturated(sizes[node], magnitude(self[node]));
        if (parent != PV_NONE)
            sizes[parent] = add_saturated(sizes[parent], sizes[node]);
    }
    return sizes;
}

struct pv_flame_box *pv_flame_add(struct pv_flame *flame)
{
    if (flame->count == flame->capacity) {
        flame->capacity = flame->capacity ? flame->capacity * 2 : 1024;
        flame->boxes = pv_resize(flame->boxes, flame->capacity * sizeof *flame->boxes);
    }
    return &flame->boxes[flame->count++];
}

/* Negative where a stands left of b. */
static int compare(const struct layout *layout, const struct pv_flame_box *a,
                   const struct pv_flame_box *b)
{
    const struct pv_node *nodes = layout->profile->tree->nodes;
    if (layout->options->order == PV_ORDER_WEIGHT && a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return pv_frame_compare(layout->profile, nodes[a->node].frame, nodes[b->node].frame);
}

static bool is_sorted(const struct layout *layout, const struct pv_flame_box *boxes, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (compare(layout, &boxes[i - 1], &boxes[i]) > 0)
            return false;
    return true;
}

static void merge(const struct layout *layout, struct pv_flame_box *boxes, uint32_t left,
                  uint32_t both)
{
    struct pv_flame_box *scratch = layout->scratch;
    uint32_t i = 0, j = left, k = 0;
    memcpy(scratch, boxes, left * sizeof *boxes);
    while (i < left && j < both)
        boxes[k++] = compare(layout, &scratch[i], &boxes[j]) <= 0 ? scratch[i++] : boxes[j++];
    memcpy(boxes + k, scratch + i, (left - i) * sizeof *boxes);
}

/* A merge sort from below; readers often deliver siblings in order already. */
static void sort(struct layout *layout, struct pv_flame_box *boxes, uint32_t count)
{
    if (is_sorted(layout, boxes, count))
        return;
    if (count > layout->scratch_capacity) {
        layout->scratch_capacity = count * 2;
        layout->scratch = pv_resize(layout->scratch, count * 2UL * sizeof *boxes);
    }
    for (uint32_t run = 1; run < count; run *= 2)
        for (uint32_t at = 0; at + run < count; at += 2 * run) {
            uint32_t both = count - at < 2 * run ? count - at : 2 * run;
            merge(layout, boxes + at, run, both);
        }
}

/* What a box says of itself. */
static void tell(const struct layout *layout, struct pv_flame_box *box)
{
    const struct pv_tree *tree = layout->profile->tree;
    box->total = tree->total[layout->options->metric][box->node];
    box->self = pv_tree_self(tree, layout->options->metric, box->node);
}

/* The children of the box at `parent`, each from where the one before ends; then the remainder,
 * where it is wide enough to be seen. */
static void add_children(struct layout *layout, uint32_t parent)
{
    struct pv_flame *flame = layout->flame;
    const struct pv_node *nodes = layout->profile->tree->nodes;
    struct pv_flame_box from = flame->boxes[parent];
    struct pv_flame_box rest = {.node = PV_NONE, .parent = parent, .level = from.level + 1};
    bool is_too_deep = from.level + 1 >= layout->most_levels;
    uint32_t first = flame->count;
    for (uint32_t child = nodes[from.node].first_child; child != PV_NONE;
         child = nodes[child].next_sibling) {
        int64_t size = flame->sizes[child];
        if (size < flame->least || is_too_deep) {
            rest.value = add_saturated(rest.value, size);
            rest.gathered += size > 0;
        } else {
            *pv_flame_add(flame) = (struct pv_flame_box){
                .value = size, .node = child, .parent = parent, .level = from.level + 1};
        }
    }
    sort(layout, flame->boxes + first, flame->count - first);
    int64_t start = from.start;
    for (uint32_t i = first; i < flame->count; i++) {
        tell(layout, &flame->boxes[i]);
        flame->boxes[i].start = start;
        start += flame->boxes[i].value;
    }
    rest.start = start;
    rest.total = rest.value;
    if (is_too_deep) {
        flame->deep_value = add_saturated(flame->deep_value, rest.value);
    } else {
        flame->gathered += rest.gathered;
        flame->gathered_value = add_saturated(flame->gathered_value, rest.value);
    }
    if (rest.value >= (layout->options->has_all_rests ? 1 : flame->least))
        *pv_flame_add(flame) = rest;
}

/* Level by level; the array itself is the queue. */
static void fill(struct layout *layout)
{
    struct pv_flame *flame = layout->flame;
    flame->count = flame->levels = 0;
    flame->gathered = 0;
    flame->gathered_value = flame->deep_value = 0;
    *pv_flame_add(flame) = (struct pv_flame_box){.value = flame->sizes[0], .parent = PV_NONE};
    tell(layout, &flame->boxes[0]);
    for (uint32_t i = 0; i < flame->count; i++) {
        if (flame->boxes[i].node != PV_NONE)
            add_children(layout, i);
        flame->levels = flame->boxes[i].level + 1;
    }
}

/* Stacks that rise far above all others would make a page of nothing: cuts them where too little of
 * the width is left. Levels get thinner upwards. */
static void cut_spires(struct layout *layout)
{
    struct pv_flame *flame = layout->flame;
    uint32_t levels = layout->options->sure_levels;
    if (flame->levels <= levels)
        return;
    double *widths = pv_zalloc(flame->levels, sizeof *widths);
    for (uint32_t i = 0; i < flame->count; i++)
        widths[flame->boxes[i].level] += (double)flame->boxes[i].value;
    double least = layout->options->least_level_share * (double)flame->sizes[0];
    while (levels < flame->levels && widths[levels] >= least)
        levels++;
    free(widths);
    if (levels + 1 >= flame->levels)
        return;
    layout->most_levels = levels;
    fill(layout);
}

int64_t pv_flame_value_above(const struct pv_flame *flame, uint64_t most)
{
    uint32_t last = flame->count - 1;
    uint32_t *order = pv_alloc(flame->count * sizeof *order);
    for (uint32_t i = 0; i < flame->count; i++)
        order[i] = i;
    pv_sort_by_key(order, flame->count, &flame->boxes[0].value, sizeof *flame->boxes);
    int64_t value = flame->boxes[order[most < last ? last - most : 0]].value;
    free(order);
    return add_saturated(value, 1);
}

/* Sizes in classes of an eighth of a power of two. */
enum { EIGHTHS = 8, SIZE_CLASSES = 63 * EIGHTHS };

static unsigned class_of(int64_t size)
{
    if (size < 1)
        return 0;
    unsigned power = 63 - (unsigned)__builtin_clzll((unsigned long long)size);
    uint64_t eighths = power >= 3 ? (uint64_t)size >> (power - 3) : (uint64_t)size << (3 - power);
    return power * EIGHTHS + (unsigned)(eighths - EIGHTHS);
}

static int64_t least_of_class(unsigned class)
{
    unsigned power = class / EIGHTHS;
    int64_t eighths = EIGHTHS + class % EIGHTHS;
    return power >= 3 ? eighths << (power - 3) : (eighths + (1 << (3 - power)) - 1) >> (3 - power);
}

/* The least value of the most classes that have no more than `most` members together. */
static int64_t least_of_members(const uint32_t *members, uint64_t most)
{
    uint64_t reached = 0;
    unsigned class = SIZE_CLASSES;
    while (class > 0 && reached + members[class - 1] <= most)
        reached += members[--class];
    return class == 0 || class == SIZE_CLASSES ? 0 : least_of_class(class);
}

/* A node is a box where it reaches that: counting them needs no memory for boxes that would not
 * stay. */
int64_t pv_flame_least_for(const int64_t *sizes, uint32_t count, int64_t least, uint64_t most)
{
    uint32_t members[SIZE_CLASSES] = {0};
    for (uint32_t i = 0; i < count; i++)
        if (sizes[i] >= least)
            members[class_of(sizes[i])]++;
    int64_t reached = least_of_members(members, most);
    return reached > least ? reached : least;
}

int64_t pv_flame_least_of(const struct pv_flame *flame, uint64_t most)
{
    uint32_t members[SIZE_CLASSES] = {0};
    for (uint32_t i = 0; i < flame->count; i++)
        members[class_of(flame->boxes[i].value)]++;
    return least_of_members(members, most);
}

/* Nodes beyond the last level are counted by it but are no boxes: for them no more is gathered than
 * what is so narrow that this many stand side by side, and what is still too much goes later. */
enum { BROAD = 64 };

void pv_flame_layout(struct pv_flame *out, const struct pv_profile *profile,
                     const struct pv_flame_options *options)
{
    const struct pv_tree *tree = profile->tree;
    bool is_signed = profile->metrics[options->metric].is_signed && !options->sizes;
    *out = (struct pv_flame){0};
    if (is_signed)
        out->magnitudes = magnitudes_of(tree, tree->self[options->metric]);
    out->sizes = options->sizes ? options->sizes
                 : is_signed    ? out->magnitudes
                                : tree->total[options->metric];
    out->least = pv_round(ceil(options->least_share * (double)out->sizes[0]));
    out->least = out->least < 1 ? 1 : out->least;
    int64_t least = pv_flame_least_for(out->sizes, tree->count, out->least, options->most_boxes);
    int64_t broad = out->sizes[0] / BROAD > out->least ? out->sizes[0] / BROAD : out->least;
    least = least > broad ? broad : least;
    out->is_limited = least > out->least;
    out->least = least;
    struct layout layout = {
        .flame = out, .profile = profile, .options = options, .most_levels = options->most_levels};
    fill(&layout);
    cut_spires(&layout);
    /* Remainders are boxes too, so a first cut may not be enough. */
    for (uint64_t most = options->most_boxes; out->count > options->most_boxes && most > 0;
         most = most * 3 / 4) {
        out->is_limited = true;
        out->least = pv_flame_value_above(out, most);
        fill(&layout);
    }
    free(layout.scratch);
}

void pv_flame_free(struct pv_flame *flame)
{
    free(flame->boxes);
    free(flame->magnitudes);
    *flame = (struct pv_flame){0};
}

#include "model/diff_match.h"

#include "model/error.h"
#include "model/profile.h"
#include "model/sort.h"

#include <stdlib.h>

/* Compares two items by one tier's key. */
struct matching;
typedef int compare_fn(const struct matching *matching, const struct pv_match_item *a,
                       const struct pv_match_item *b);

struct matching {
    struct pv_match_item *items;
    const struct pv_match_names *names;
    compare_fn *compare;
    uint32_t *order; /* the items that this tier looks at, sorted by its key, side and line */
    uint32_t count;
};

static int order_of(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const struct matching *matching, const struct pv_match_item *a,
                    const struct pv_match_item *b)
{
    (void)matching;
    int order = order_of(a->name, b->name);
    order = order ? order : order_of(a->file, b->file);
    return order ? order : order_of(a->module, b->module);
}

static pv_str place_of(const struct pv_match_item *item)
{
    return item->file ? item->file : item->module;
}

static int by_base(const struct matching *matching, const struct pv_match_item *a,
                   const struct pv_match_item *b)
{
    const pv_str *base_of = matching->names->base_of;
    int order = order_of(a->name, b->name);
    return order ? order : order_of(base_of[place_of(a)], base_of[place_of(b)]);
}

static int by_name(const struct matching *matching, const struct pv_match_item *a,
                   const struct pv_match_item *b)
{
    (void)matching;
    return order_of(a->name, b->name);
}

static int by_plain_name(const struct matching *matching, const struct pv_match_item *a,
                         const struct pv_match_item *b)
{
    const pv_str *plain_of = matching->names->plain_of;
    return order_of(plain_of[a->name], plain_of[b->name]);
}

static int by_text(const struct matching *matching, pv_str a, pv_str b)
{
    const struct pv_strings *strings = matching->names->strings;
    return a == b ? 0 : pv_text_compare(pv_strings_get(strings, a), pv_strings_get(strings, b));
}

/* Total but for identical items of one side, which are merged before anything else. */
static bool is_before(const void *context, uint32_t x, uint32_t y)
{
    const struct matching *matching = context;
    const struct pv_match_item *a = &matching->items[x], *b = &matching->items[y];
    int order = matching->compare(matching, a, b);
    order = order ? order : order_of(a->side, b->side);
    order = order ? order : order_of(a->line, b->line);
    order = order ? order : by_text(matching, a->name, b->name);
    order = order ? order : by_text(matching, a->file, b->file);
    return (order ? order : by_text(matching, a->module, b->module)) < 0;
}

/* One key's items in order: those of side 0, then those of side 1. */
struct family {
    uint32_t *of[2];
    uint32_t size[2];
};

static struct family family_at(const struct matching *matching, uint32_t from)
{
    struct family family = {.of = {matching->order + from, matching->order + from}};
    const struct pv_match_item *first = &matching->items[matching->order[from]];
    for (uint32_t i = from; i < matching->count; i++) {
        const struct pv_match_item *item = &matching->items[matching->order[i]];
        if (matching->compare(matching, first, item) != 0)
            break;
        family.size[item->side]++;
    }
    family.of[1] += family.size[0];
    return family;
}

static void join(struct matching *matching, uint32_t a, uint32_t b, enum pv_match match)
{
    matching->items[b].group = a;
    matching->items[a].group = a;
    matching->items[a].match = matching->items[b].match = (uint8_t)match;
}

/* In one name and file: equal lines first, then the rest in their order where there are as many. */
static void join_places(struct matching *matching, const struct family *family)
{
    uint32_t i = 0, k = 0, rest[2] = {0};
    while (i < family->size[0] || k < family->size[1]) {
        bool has_base = i < family->size[0], has_head = k < family->size[1];
        uint32_t base = has_base ? matching->items[family->of[0][i]].line : UINT32_MAX;
        uint32_t head = has_head ? matching->items[family->of[1][k]].line : UINT32_MAX;
        if (has_base && has_head && base == head)
            join(matching, family->of[0][i++], family->of[1][k++], PV_MATCH_EXACT);
        else if (has_base && (!has_head || base < head))
            family->of[0][rest[0]++] = family->of[0][i++];
        else
            family->of[1][rest[1]++] = family->of[1][k++];
    }
    for (i = 0; rest[0] == rest[1] && i < rest[0]; i++)
        join(matching, family->of[0][i], family->of[1][i], PV_MATCH_MOVED);
}

static void join_pair(struct matching *matching, const struct family *family)
{
    uint32_t a = family->of[0][0], b = family->of[1][0];
    if (family->size[0] == 1 && family->size[1] == 1 && !matching->items[a].match &&
        !matching->items[b].match)
        join(matching, a, b, PV_MATCH_LOOSE);
}

static void join_in_order(struct matching *matching, const struct family *family)
{
    for (uint32_t i = 0; family->size[0] == family->size[1] && i < family->size[0]; i++)
        join(matching, family->of[0][i], family->of[1][i], PV_MATCH_LOOSE);
}

typedef void join_fn(struct matching *matching, const struct family *family);

/* Hands the items of each key to `join_family`; they are in order. */
static void join_families(struct matching *matching, join_fn *join_family)
{
    for (uint32_t i = 0; i < matching->count;) {
        struct family family = family_at(matching, i);
        i += family.size[0] + family.size[1];
        if (family.size[0] && family.size[1])
            join_family(matching, &family);
    }
}

/* The same of items that are in no order yet. */
static void match_by(struct matching *matching, compare_fn *compare, join_fn *join_family)
{
    matching->compare = compare;
    pv_sort(matching->order, matching->count, is_before, matching);
    join_families(matching, join_family);
}

/* The items that stand for themselves; with `numbered`, those whose name is not all that it seems.
 */
static void choose(struct matching *matching, uint32_t count, bool unmatched, bool numbered)
{
    matching->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct pv_match_item *item = &matching->items[i];
        bool is_itself = item->group == i || item->match;
        if (is_itself && !(unmatched && item->match) &&
            (!numbered || matching->names->plain_of[item->name] != item->name))
            matching->order[matching->count++] = i;
    }
}

static bool is_same(const struct pv_match_item *a, const struct pv_match_item *b)
{
    return a->name == b->name && a->file == b->file && a->module == b->module &&
           a->line == b->line && a->side == b->side;
}

/* Makes each identity of a side one item: the others' group is that one. Leaves the items that
 * stand for themselves in the order of their place. */
static void merge_equal(struct matching *matching, uint32_t count)
{
    matching->compare = by_place;
    matching->count = count;
    for (uint32_t i = 0; i < count; i++)
        matching->order[i] = i;
    pv_sort(matching->order, count, is_before, matching);
    for (uint32_t i = 0, first = 0; i < count; i++) {
        struct pv_match_item *item = &matching->items[matching->order[i]];
        if (i == 0 || !is_same(item, &matching->items[first]))
            first = matching->order[i];
        item->group = first;
        item->match = PV_MATCH_NONE;
        matching->items[first].flags |= item->flags;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (matching->items[matching->order[i]].group == matching->order[i])
            matching->order[kept++] = matching->order[i];
    matching->count = kept;
}

/* Who stands for the item. */
static uint32_t first_of(const struct pv_match_item *items, uint32_t item)
{
    while (items[item].group != item)
        item = items[item].group;
    return item;
}

/* Numbers those who stand for others from 0, in the order of the items. */
static uint32_t number_groups(struct pv_match_item *items, uint32_t count)
{
    uint32_t *firsts = pv_alloc(count * sizeof *firsts);
    uint32_t *numbers = pv_alloc(count * sizeof *numbers), next = 0;
    for (uint32_t i = 0; i < count; i++) {
        firsts[i] = first_of(items, i);
        items[i].match = items[items[i].group].match;
        numbers[i] = PV_NONE;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (numbers[firsts[i]] == PV_NONE)
            numbers[firsts[i]] = next++;
        items[i].group = numbers[firsts[i]];
    }
    free(firsts);
    free(numbers);
    return next;
}

uint32_t pv_match_sides(struct pv_match_item *items, uint32_t count,
                        const struct pv_match_names *names)
{
    struct matching matching = {.items = items, .names = names};
    matching.order = pv_alloc(count * sizeof *matching.order);
    merge_equal(&matching, count);
    join_families(&matching, join_places);
    choose(&matching, count, true, false);
    if (matching.count) {
        match_by(&matching, by_base, join_pair);
        choose(&matching, count, false, false);
        match_by(&matching, by_name, join_pair);
        choose(&matching, count, true, true);
        match_by(&matching, by_plain_name, join_in_order);
    }
    free(matching.order);
    return number_groups(items, count);
}

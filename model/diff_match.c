#include "model/diff_match.h"

#include "model/error.h"
#include "model/map.h"
#include "model/names.h"
#include "model/profile.h"
#include "model/sort.h"

#include <stdlib.h>

/* Those that are left and have one key in common. */
struct family {
    uint32_t size[2], last[2]; /* by side */
    bool is_closed;            /* another of the key is matched already */
};

struct matching {
    struct pv_match_item *items;
    uint32_t count;
    struct pv_strings *strings;
    struct pv_budget budget; /* no limit: the texts are in memory already */
    uint32_t *left;          /* items that nothing was found for */
    uint32_t left_count;
    struct pv_map places; /* file and module → their number */
    pv_str *base_of;      /* [string of a file or module] without its folders; 0: not known yet */
    uint32_t *family_of;  /* [item], of those that are left */
    struct family *families;
    uint32_t family_count;
};

/* What the items of a family have in common. */
typedef uint64_t key_fn(struct matching *matching, const struct pv_match_item *item);

static bool is_same(const struct pv_match_item *a, const struct pv_match_item *b)
{
    return a->name == b->name && a->file == b->file && a->module == b->module && a->line == b->line;
}

/* Items by all that they are. Most names belong to one function, which the name's number leads to;
 * only the others go through a hash. */
struct identities {
    const struct pv_match_item *items;
    uint32_t *first; /* [name] item + 1 */
    struct {
        uint32_t hash, item; /* item + 1; 0: free */
    } * slots;               /* NULL until there is one */
    uint32_t mask;
};

static uint32_t find_further(struct identities *identities, uint32_t item, uint32_t count)
{
    const struct pv_match_item *of = &identities->items[item];
    uint32_t slot_count = 64;
    while (!identities->slots && slot_count < (uint64_t)count * 2)
        slot_count *= 2;
    if (!identities->slots) {
        identities->slots = pv_hash_slots(slot_count, sizeof *identities->slots);
        identities->mask = slot_count - 1;
    }
    uint32_t hash = (uint32_t)pv_hash_pair((uint64_t)of->name << 32 | of->file,
                                           (uint64_t)of->module << 32 | of->line);
    uint32_t at = hash & identities->mask;
    for (; identities->slots[at].item; at = (at + 1) & identities->mask)
        if (identities->slots[at].hash == hash &&
            is_same(&identities->items[identities->slots[at].item - 1], of))
            return identities->slots[at].item - 1;
    identities->slots[at].hash = hash;
    identities->slots[at].item = item + 1;
    return item;
}

/* The first item that is the same, itself if there was none. */
static uint32_t find_same(struct identities *identities, uint32_t item, uint32_t count)
{
    const struct pv_match_item *of = &identities->items[item];
    uint32_t *first = &identities->first[of->name];
    if (!*first)
        *first = item + 1;
    return is_same(&identities->items[*first - 1], of) ? *first - 1
                                                       : find_further(identities, item, count);
}

/* Makes all of one identity one group, which is found on the other side if that has one of them. */
static void match_equal(struct matching *matching)
{
    struct pv_match_item *items = matching->items;
    struct identities identities = {.items = items};
    identities.first = pv_zalloc(pv_strings_count(matching->strings), sizeof(uint32_t));
    for (uint32_t i = 0; i < matching->count; i++) {
        items[i].group = find_same(&identities, i, matching->count);
        items[i].match = PV_MATCH_NONE;
        if (items[items[i].group].side != items[i].side)
            items[items[i].group].match = PV_MATCH_EXACT;
    }
    free(identities.first);
    free(identities.slots);
}

static bool is_left(const struct pv_match_item *items, uint32_t item)
{
    return items[item].group == item && !items[item].match;
}

/* Those that are left; with `shared`, only those of a name that is left on both sides. */
static void list_left(struct matching *matching, bool shared)
{
    const struct pv_match_item *items = matching->items;
    uint8_t *sides = pv_zalloc(shared ? pv_strings_count(matching->strings) : 1, sizeof *sides);
    matching->left_count = 0;
    for (uint32_t i = 0; shared && i < matching->count; i++)
        if (is_left(items, i))
            sides[items[i].name] |= (uint8_t)(1 << items[i].side);
    for (uint32_t i = 0; i < matching->count; i++)
        if (is_left(items, i) && (!shared || sides[items[i].name] == 3))
            matching->left[matching->left_count++] = i;
    free(sides);
}

/* Forgets what the last step matched. */
static void drop_matched(struct matching *matching)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < matching->left_count; i++)
        if (is_left(matching->items, matching->left[i]))
            matching->left[kept++] = matching->left[i];
    matching->left_count = kept;
}

static void group_left(struct matching *matching, key_fn *key)
{
    struct pv_map index = {0};
    bool is_new;
    drop_matched(matching);
    matching->family_count = 0;
    for (uint32_t i = 0; i < matching->left_count; i++) {
        uint32_t at = matching->left[i];
        const struct pv_match_item *item = &matching->items[at];
        uint32_t family = *pv_map_put(&index, key(matching, item), matching->family_count, &is_new,
                                      &matching->budget);
        if (is_new)
            matching->families[matching->family_count++] = (struct family){0};
        matching->families[family].size[item->side]++;
        matching->families[family].last[item->side] = at;
        matching->family_of[at] = family;
    }
    pv_map_free(&index);
}

static void join(struct matching *matching, uint32_t a, uint32_t b, enum pv_match match)
{
    matching->items[b].group = a;
    matching->items[a].match = (uint8_t)match;
}

static void join_pairs(struct matching *matching, enum pv_match match)
{
    for (uint32_t i = 0; i < matching->family_count; i++) {
        const struct family *family = &matching->families[i];
        if (family->size[0] == 1 && family->size[1] == 1 && !family->is_closed)
            join(matching, family->last[0], family->last[1], match);
    }
}

static int order_of(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int by_text(const struct matching *matching, pv_str a, pv_str b)
{
    const struct pv_strings *strings = matching->strings;
    return a == b ? 0 : pv_text_compare(pv_strings_get(strings, a), pv_strings_get(strings, b));
}

/* By family, side and line; total, as no two that are left are the same. */
static bool is_before(const void *context, uint32_t x, uint32_t y)
{
    const struct matching *matching = context;
    const struct pv_match_item *a = &matching->items[x], *b = &matching->items[y];
    int order = order_of(matching->family_of[x], matching->family_of[y]);
    order = order ? order : order_of(a->side, b->side);
    order = order ? order : order_of(a->line, b->line);
    order = order ? order : by_text(matching, a->name, b->name);
    order = order ? order : by_text(matching, a->file, b->file);
    return (order ? order : by_text(matching, a->module, b->module)) < 0;
}

/* Joins what is left of each family one after the other where both sides have as many. */
static void join_in_order(struct matching *matching, enum pv_match match)
{
    uint32_t *order = pv_alloc(matching->left_count * sizeof *order), count = 0;
    join_pairs(matching, match);
    for (uint32_t i = 0; i < matching->left_count; i++) {
        const struct family *family = &matching->families[matching->family_of[matching->left[i]]];
        if (family->size[0] == family->size[1] && family->size[0] > 1)
            order[count++] = matching->left[i];
    }
    pv_sort(order, count, is_before, matching);
    for (uint32_t i = 0; i < count;) {
        uint32_t size = matching->families[matching->family_of[order[i]]].size[0];
        for (uint32_t k = 0; k < size; k++)
            join(matching, order[i + k], order[i + size + k], match);
        i += 2 * size;
    }
    free(order);
}

static uint64_t place_key(struct matching *matching, const struct pv_match_item *item)
{
    bool is_new;
    const uint32_t *place = pv_map_put(&matching->places, (uint64_t)item->file << 32 | item->module,
                                       matching->places.count, &is_new, &matching->budget);
    return (uint64_t)item->name << 32 | *place;
}

static uint64_t base_key(struct matching *matching, const struct pv_match_item *item)
{
    pv_str place = item->file ? item->file : item->module;
    pv_str *base = &matching->base_of[place];
    if (place && !*base)
        *base = pv_strings_add(matching->strings,
                               pv_name_base(pv_strings_get(matching->strings, place)),
                               &matching->budget);
    return (uint64_t)item->name << 32 | *base;
}

static uint64_t name_key(struct matching *matching, const struct pv_match_item *item)
{
    (void)matching;
    return item->name;
}

/* A name that is found already, even once, does not tell the others apart. */
static void close_names(struct matching *matching)
{
    const struct pv_match_item *items = matching->items;
    uint32_t *families = pv_zalloc(pv_strings_count(matching->strings), sizeof *families);
    for (uint32_t i = 0; i < matching->left_count; i++)
        families[items[matching->left[i]].name] = matching->family_of[matching->left[i]] + 1;
    for (uint32_t i = 0; i < matching->count; i++)
        if (items[items[i].group].match && families[items[i].name])
            matching->families[families[items[i].name] - 1].is_closed = true;
    free(families);
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

static bool is_numbered(const struct pv_match_item *item)
{
    return item->flags & (PV_FRAME_THREAD | PV_FRAME_PROCESS | PV_FRAME_REST);
}

/* Threads and remainders are told apart by numbers that mean nothing to another run, and so are
 * addresses in names. */
static uint64_t plain_key(struct matching *matching, const struct pv_match_item *item)
{
    struct pv_text name = pv_strings_get(matching->strings, item->name);
    struct pv_buffer plain = {0};
    for (size_t i = 0; i < name.size; i++) {
        bool is_digit = name.data[i] >= '0' && name.data[i] <= '9';
        bool is_address = pv_text_starts(pv_text_slice(name, i, name.size), PV_TEXT("0x"));
        if (!is_digit || !is_numbered(item))
            pv_buffer_char(&plain, name.data[i]);
        for (i += is_address; is_address && i + 1 < name.size && is_hex(name.data[i + 1]);)
            i++;
    }
    pv_str id = pv_strings_add(matching->strings, pv_buffer_text(&plain), &matching->budget);
    pv_buffer_free(&plain);
    return id;
}

/* Those that are left and whose name is not all that it seems. */
static void list_plain(struct matching *matching)
{
    uint32_t kept = 0;
    list_left(matching, false);
    for (uint32_t i = 0; i < matching->left_count; i++) {
        const struct pv_match_item *item = &matching->items[matching->left[i]];
        struct pv_text name = pv_strings_get(matching->strings, item->name);
        bool is_odd = is_numbered(item) || pv_text_search(name, PV_TEXT("0x")) < name.size;
        if (is_odd && plain_key(matching, item) != item->name)
            matching->left[kept++] = matching->left[i];
    }
    matching->left_count = kept;
}

/* What is not the same in everything. */
static void match_left(struct matching *matching)
{
    matching->family_of = pv_alloc(matching->count * sizeof *matching->family_of);
    matching->families = pv_alloc(matching->count * sizeof *matching->families);
    list_left(matching, true);
    if (matching->left_count) {
        matching->base_of = pv_zalloc(pv_strings_count(matching->strings), sizeof(pv_str));
        group_left(matching, place_key);
        join_in_order(matching, PV_MATCH_MOVED);
        group_left(matching, base_key);
        join_pairs(matching, PV_MATCH_LOOSE);
        group_left(matching, name_key);
        close_names(matching);
        join_pairs(matching, PV_MATCH_LOOSE);
    }
    list_plain(matching);
    if (matching->left_count) {
        group_left(matching, plain_key);
        join_in_order(matching, PV_MATCH_LOOSE);
    }
    pv_map_free(&matching->places);
    free(matching->base_of);
    free(matching->family_of);
    free(matching->families);
}

/* Numbers groups from 0; those who stand for others get the results last, because the others look
 * at them. */
static uint32_t number_groups(struct pv_match_item *items, uint32_t count)
{
    uint32_t *numbers = pv_zalloc(count, sizeof *numbers), next = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = items[items[i].group].group;
        if (!numbers[first])
            numbers[first] = ++next;
        items[i].match = items[first].match;
        items[i].group = first;
    }
    for (uint32_t i = 0; i < count; i++)
        items[i].group = numbers[items[i].group] - 1;
    free(numbers);
    return next;
}

uint32_t pv_match_sides(struct pv_match_item *items, uint32_t count, struct pv_strings *strings)
{
    struct matching matching = {.items = items, .count = count, .strings = strings};
    match_equal(&matching);
    matching.left = pv_alloc(count * sizeof *matching.left);
    match_left(&matching);
    free(matching.left);
    return number_groups(items, count);
}

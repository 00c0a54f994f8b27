#include "model/strings.h"

#include "model/arena.h"
#include "model/error.h"
#include "model/map.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *data;
    uint32_t size, hash;
};

/* Slots hold the hash beside the number, so that a probe that misses does not touch the entry. */
struct slot {
    uint32_t hash, id;
};

struct pv_strings {
    struct pv_arena *arena;
    struct entry *entries;
    uint32_t count, capacity;
    struct slot *slots; /* id 0: free */
    uint32_t slot_count;
};

struct pv_strings *pv_strings_new(void)
{
    struct pv_strings *strings = pv_zalloc(1, sizeof *strings);
    strings->arena = pv_arena_new();
    strings->capacity = 64;
    strings->entries = pv_zalloc(strings->capacity, sizeof *strings->entries);
    strings->entries[0].data = "";
    strings->count = 1;
    strings->slot_count = 256;
    strings->slots = pv_zalloc(strings->slot_count, sizeof *strings->slots);
    return strings;
}

static struct slot *find_slot(const struct pv_strings *strings, struct pv_text text, uint32_t hash)
{
    uint32_t mask = strings->slot_count - 1, at = hash & mask;
    for (; strings->slots[at].id; at = (at + 1) & mask) {
        const struct entry *entry = &strings->entries[strings->slots[at].id];
        if (strings->slots[at].hash == hash && entry->size == text.size &&
            memcmp(entry->data, text.data, text.size) == 0)
            break;
    }
    return &strings->slots[at];
}

/* The number of a text once the slots are gone; 0: not there. */
static pv_str search(const struct pv_strings *strings, struct pv_text text, uint32_t hash)
{
    pv_str id = 1;
    for (; id < strings->count; id++) {
        const struct entry *entry = &strings->entries[id];
        if (entry->hash == hash && entry->size == text.size &&
            memcmp(entry->data, text.data, text.size) == 0)
            break;
    }
    return id < strings->count ? id : 0;
}

/* Slots for all entries. */
static struct slot *make_slots(const struct pv_strings *strings, uint32_t slot_count)
{
    struct slot *slots = pv_hash_slots(slot_count, sizeof *slots);
    for (uint32_t id = 1; id < strings->count; id++) {
        uint32_t hash = strings->entries[id].hash, at = hash & (slot_count - 1);
        while (slots[at].id)
            at = (at + 1) & (slot_count - 1);
        slots[at] = (struct slot){hash, id};
    }
    return slots;
}

static bool grow_slots(struct pv_strings *strings, struct pv_budget *budget)
{
    if (!pv_budget_take(budget, (uint64_t)strings->slot_count * sizeof(struct slot)))
        return false;
    struct slot *slots = make_slots(strings, strings->slot_count * 2);
    free(strings->slots);
    strings->slots = slots;
    strings->slot_count *= 2;
    return true;
}

struct pv_strings *pv_strings_view(const struct pv_strings *of)
{
    struct pv_strings *strings = pv_zalloc(1, sizeof *strings);
    strings->arena = pv_arena_new();
    strings->count = of->count;
    strings->capacity = of->count + of->count / 4;
    strings->entries = pv_alloc(strings->capacity * sizeof *strings->entries);
    memcpy(strings->entries, of->entries, of->count * sizeof *strings->entries);
    strings->slot_count = 256;
    while (strings->slot_count < (uint64_t)strings->capacity * 2)
        strings->slot_count *= 2;
    strings->slots = make_slots(strings, strings->slot_count);
    return strings;
}

static pv_str add_entry(struct pv_strings *strings, struct pv_text text, uint32_t hash,
                        struct pv_budget *budget)
{
    void *entries = strings->entries;
    bool has_room = text.size <= UINT32_MAX && pv_budget_take(budget, text.size + 16) &&
                    pv_grow(&entries, &strings->capacity, (uint64_t)strings->count + 1,
                            sizeof *strings->entries, budget);
    strings->entries = entries;
    if (!has_room)
        return 0;
    const char *copy = pv_arena_copy(strings->arena, text).data;
    strings->entries[strings->count] = (struct entry){copy, (uint32_t)text.size, hash};
    return strings->count++;
}

static pv_str add_hashed(struct pv_strings *strings, struct pv_text text, uint32_t hash,
                         struct pv_budget *budget)
{
    if (!strings->slots) {
        pv_str found = search(strings, text, hash);
        return found ? found : add_entry(strings, text, hash, budget);
    }
    struct slot *slot = find_slot(strings, text, hash);
    if (slot->id)
        return slot->id;
    pv_str id = add_entry(strings, text, hash, budget);
    if (id)
        *slot = (struct slot){hash, id};
    if (id && (uint64_t)strings->count * 2 > strings->slot_count && !grow_slots(strings, budget))
        return 0;
    return id;
}

pv_str pv_strings_add(struct pv_strings *strings, struct pv_text text, struct pv_budget *budget)
{
    if (text.size == 0)
        return 0;
    return add_hashed(strings, text, (uint32_t)pv_hash(text.data, text.size), budget);
}

pv_str pv_strings_add_of(struct pv_strings *strings, const struct pv_strings *from, pv_str id,
                         struct pv_budget *budget)
{
    return id ? add_hashed(strings, pv_strings_get(from, id), from->entries[id].hash, budget) : 0;
}

void pv_strings_settle(struct pv_strings *strings)
{
    free(strings->slots);
    strings->slots = NULL;
}

struct pv_text pv_strings_get(const struct pv_strings *strings, pv_str id)
{
    const struct entry *entry = &strings->entries[id];
    return (struct pv_text){entry->data, entry->size};
}

uint32_t pv_strings_count(const struct pv_strings *strings)
{
    return strings->count;
}

void pv_strings_free(struct pv_strings *strings)
{
    if (!strings)
        return;
    pv_arena_free(strings->arena);
    free(strings->entries);
    free(strings->slots);
    free(strings);
}

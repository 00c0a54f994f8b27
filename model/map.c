#include "model/map.h"

#include "model/error.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

/* Odd constants with well mixed bits: the fractional parts of square roots of small primes. */
static const uint64_t mix_a = 0x6a09e667f3bcc909, mix_b = 0xbb67ae8584caa73b,
                      mix_c = 0x3c6ef372fe94f82b, mix_d = 0xa54ff53a5f1d36f1;

static uint64_t fold(uint64_t a, uint64_t b)
{
    uint128 product = (uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load8(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t load4(const unsigned char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t hash_tail(const unsigned char *at, size_t size, uint64_t state)
{
    uint64_t a = 0, b = 0;
    if (size >= 8) {
        a = load8(at);
        b = load8(at + size - 8);
    } else if (size >= 4) {
        a = load4(at);
        b = load4(at + size - 4);
    } else if (size) {
        a = (uint64_t)at[0] << 16 | (uint64_t)at[size / 2] << 8 | at[size - 1];
    }
    return fold(fold(a ^ mix_b ^ state, b ^ mix_c), mix_d ^ size);
}

uint64_t pv_hash(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint64_t state = mix_a ^ size;
    if (size > 64) { /* two lanes, so that one multiplication need not wait for the other */
        uint64_t other = state;
        for (; size > 32; size -= 32, at += 32) {
            state = fold(load8(at) ^ mix_b ^ state, load8(at + 8) ^ mix_c);
            other = fold(load8(at + 16) ^ mix_d ^ other, load8(at + 24) ^ mix_a);
        }
        state ^= other;
    }
    for (; size > 16; size -= 16, at += 16)
        state = fold(load8(at) ^ mix_b ^ state, load8(at + 8) ^ mix_c);
    return hash_tail(at, size, state);
}

uint64_t pv_hash_pair(uint64_t a, uint64_t b)
{
    return fold(a ^ mix_a, fold(b ^ mix_b, mix_c));
}

uint64_t pv_hash_stable(struct pv_text text)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3;
    return hash;
}

static struct pv_map_slot *find_slot(const struct pv_map *map, uint64_t key)
{
    uint32_t mask = map->capacity - 1;
    uint32_t at = (uint32_t)pv_hash_pair(key, 0) & mask;
    while (map->slots[at].is_used && map->slots[at].key != key)
        at = (at + 1) & mask;
    return &map->slots[at];
}

void *pv_hash_slots(size_t count, size_t size)
{
    void *slots = pv_alloc(count * size);
    memset(slots, 0, count * size);
    return slots;
}

static bool grow_map(struct pv_map *map, struct pv_budget *budget)
{
    struct pv_map old = *map;
    uint64_t capacity = old.capacity ? (uint64_t)old.capacity * 2 : 64;
    if (capacity > (uint64_t)1 << 31) {
        budget->is_over = true;
        return false;
    }
    if (!pv_budget_take(budget, (capacity - old.capacity) * sizeof *old.slots))
        return false;
    map->capacity = (uint32_t)capacity;
    map->slots = pv_hash_slots(map->capacity, sizeof *map->slots);
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.slots[i].is_used)
            *find_slot(map, old.slots[i].key) = old.slots[i];
    free(old.slots);
    return true;
}

uint32_t *pv_map_put(struct pv_map *map, uint64_t key, uint32_t value, bool *is_new,
                     struct pv_budget *budget)
{
    if ((uint64_t)map->count * 4 >= (uint64_t)map->capacity * 3 && !grow_map(map, budget))
        return NULL;
    struct pv_map_slot *slot = find_slot(map, key);
    *is_new = !slot->is_used;
    if (*is_new) {
        *slot = (struct pv_map_slot){key, value, 1};
        map->count++;
    }
    return &slot->value;
}

const uint32_t *pv_map_get(const struct pv_map *map, uint64_t key)
{
    if (map->capacity == 0)
        return NULL;
    const struct pv_map_slot *slot = find_slot(map, key);
    return slot->is_used ? &slot->value : NULL;
}

void pv_map_free(struct pv_map *map)
{
    free(map->slots);
    *map = (struct pv_map){0};
}

#ifndef PV_MODEL_MAP_H
#define PV_MODEL_MAP_H

#include "model/limits.h"
#include "model/text.h"

#include <stdint.h>

/* A fast 64-bit hash of bytes. The same on every run (results never depend on it, only speed). */
uint64_t pv_hash(const void *bytes, size_t size);

/* Mixes two numbers into a well spread 64-bit hash. */
uint64_t pv_hash_pair(uint64_t a, uint64_t b);

/* FNV-1a, 64 bits, as published by Fowler, Noll and Vo: for hashes that a picture depends on. */
uint64_t pv_hash_stable(struct pv_text text);

/* Zeroed slots of a hash table, released with free. They are written here already: memory fresh
 * from the system that is first read and then written, as the slots of a table are, costs two page
 * faults a page instead of one. */
void *pv_hash_slots(size_t count, size_t size);

/* A map from a 64-bit key to a 32-bit value: open addressing, linear probing, grows by doubling.
 * Zero-initialise; pv_map_free releases it. */
struct pv_map_slot {
    uint64_t key;
    uint32_t value, is_used;
};
struct pv_map {
    struct pv_map_slot *slots;
    uint32_t count, capacity;
};

/* The value of `key`, put in as `value` where it is new (*is_new says so). NULL where the budget
 * is used up. The pointer is valid until the next call. */
uint32_t *pv_map_put(struct pv_map *map, uint64_t key, uint32_t value, bool *is_new,
                     struct pv_budget *budget);

/* The value of `key`, or NULL. */
const uint32_t *pv_map_get(const struct pv_map *map, uint64_t key);

void pv_map_free(struct pv_map *map);

#endif

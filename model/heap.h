#ifndef PV_MODEL_HEAP_H
#define PV_MODEL_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/* A priority queue of numbers in an order that its user defines: a binary heap. Zero-initialise all
 * but `before` and `context`; pv_heap_free releases it. */
struct pv_heap {
    /* Whether `a` leaves before `b`. Must be a strict weak order. */
    bool (*before)(const void *context, uint32_t a, uint32_t b);
    const void *context;
    uint32_t *items;
    uint32_t count, capacity;
};

void pv_heap_push(struct pv_heap *heap, uint32_t item);

/* The item that comes first, taken off. Only where count is not 0. */
uint32_t pv_heap_pop(struct pv_heap *heap);
void pv_heap_free(struct pv_heap *heap);

/* Puts the best `wanted` of `count` items first, best first, where `before` says what is better;
 * wanted 0: all. Returns how many. n log wanted. */
uint32_t pv_heap_best(uint32_t *items, uint32_t count, uint32_t wanted,
                      bool (*before)(const void *context, uint32_t a, uint32_t b),
                      const void *context);

#endif

#include "model/heap.h"

#include "model/error.h"

#include <stdlib.h>

void pv_heap_push(struct pv_heap *heap, uint32_t item)
{
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity ? heap->capacity * 2 : 64;
        heap->items = pv_resize(heap->items, heap->capacity * sizeof *heap->items);
    }
    uint32_t at = heap->count++;
    for (; at > 0 && heap->before(heap->context, item, heap->items[(at - 1) / 2]);
         at = (at - 1) / 2)
        heap->items[at] = heap->items[(at - 1) / 2];
    heap->items[at] = item;
}

/* Puts `item` at the root of a heap whose root is free. */
static void sink(struct pv_heap *heap, uint32_t item)
{
    uint64_t at = 0, child = 1;
    for (; child < heap->count; at = child, child = 2 * at + 1) {
        bool has_right = child + 1 < heap->count;
        if (has_right && heap->before(heap->context, heap->items[child + 1], heap->items[child]))
            child++;
        if (!heap->before(heap->context, heap->items[child], item))
            break;
        heap->items[at] = heap->items[child];
    }
    heap->items[at] = item;
}

uint32_t pv_heap_pop(struct pv_heap *heap)
{
    uint32_t first = heap->items[0], last = heap->items[--heap->count];
    if (heap->count)
        sink(heap, last);
    return first;
}

void pv_heap_free(struct pv_heap *heap)
{
    free(heap->items);
    heap->items = NULL;
    heap->count = heap->capacity = 0;
}

struct reversed {
    bool (*before)(const void *context, uint32_t a, uint32_t b);
    const void *context;
};

static bool after(const void *context, uint32_t a, uint32_t b)
{
    const struct reversed *order = context;
    return order->before(order->context, b, a);
}

/* The heap holds the best so far with the worst of them on top, where a better one replaces it. */
uint32_t pv_heap_best(uint32_t *items, uint32_t count, uint32_t wanted,
                      bool (*before)(const void *context, uint32_t a, uint32_t b),
                      const void *context)
{
    struct reversed order = {before, context};
    struct pv_heap heap = {.before = after, .context = &order};
    wanted = wanted == 0 || wanted > count ? count : wanted;
    for (uint32_t i = 0; i < count; i++) {
        if (heap.count < wanted)
            pv_heap_push(&heap, items[i]);
        else if (before(context, items[i], heap.items[0]))
            sink(&heap, items[i]);
    }
    while (heap.count) {
        uint32_t at = heap.count - 1;
        items[at] = pv_heap_pop(&heap);
    }
    pv_heap_free(&heap);
    return wanted;
}

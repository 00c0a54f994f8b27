#include "model/sort.h"

#include "model/error.h"

#include <stdlib.h>
#include <string.h>

struct run {
    uint64_t from, middle, to;
};

typedef bool order(const void *context, uint32_t a, uint32_t b);

static void merge(const uint32_t *items, uint32_t *out, struct run run, order *is_before,
                  const void *context)
{
    uint64_t left = run.from, right = run.middle;
    for (uint64_t i = run.from; i < run.to; i++) {
        bool takes_right =
            left >= run.middle || (right < run.to && is_before(context, items[right], items[left]));
        out[i] = takes_right ? items[right++] : items[left++];
    }
}

void pv_sort(uint32_t *items, uint32_t count, order *is_before, const void *context)
{
    uint32_t *scratch = pv_alloc(count * sizeof *scratch), *from = items, *to = scratch;
    for (uint64_t width = 1; width < count; width *= 2) {
        for (uint64_t at = 0; at < count; at += 2 * width) {
            struct run run = {at, at + width, at + 2 * width};
            run.middle = run.middle < count ? run.middle : count;
            run.to = run.to < count ? run.to : count;
            merge(from, to, run, is_before, context);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != items && count)
        memcpy(items, from, count * sizeof *items);
    free(scratch);
}

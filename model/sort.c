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

enum { digit_bits = 11, digits = 1 << digit_bits };

struct column {
    const int64_t *keys;
    size_t stride;
    int64_t least;
};

/* How far the key is above the least one. */
static uint64_t key_of(const struct column *column, uint32_t item)
{
    const char *at = (const char *)column->keys + item * column->stride;
    return (uint64_t) * (const int64_t *)(const void *)at - (uint64_t)column->least;
}

static uint64_t key_range(struct column *column, const uint32_t *items, uint32_t count)
{
    uint64_t most = 0;
    column->least = 0;
    column->least = (int64_t)key_of(column, items[0]);
    for (uint32_t i = 1; i < count; i++) {
        int64_t key = (int64_t)(key_of(column, items[i]) + (uint64_t)column->least);
        column->least = key < column->least ? key : column->least;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint64_t above = key_of(column, items[i]);
        most = above > most ? above : most;
    }
    return most;
}

/* One digit; false where all have the same, and nothing was moved. */
static bool sort_digit(const struct column *column, const uint32_t *from, uint32_t *to,
                       uint32_t count, unsigned shift)
{
    uint32_t starts[digits] = {0}, sum = 0;
    for (uint32_t i = 0; i < count; i++)
        starts[key_of(column, from[i]) >> shift & (digits - 1)]++;
    if (starts[key_of(column, from[0]) >> shift & (digits - 1)] == count)
        return false;
    for (uint32_t i = 0; i < digits; i++) {
        uint32_t here = starts[i];
        starts[i] = sum;
        sum += here;
    }
    for (uint32_t i = 0; i < count; i++)
        to[starts[key_of(column, from[i]) >> shift & (digits - 1)]++] = from[i];
    return true;
}

void pv_sort_by_key(uint32_t *items, uint32_t count, const int64_t *keys, size_t stride)
{
    struct column column = {keys, stride, 0};
    if (count < 2)
        return;
    uint32_t *scratch = pv_alloc(count * sizeof *scratch), *from = items, *to = scratch;
    uint64_t most = key_range(&column, items, count);
    for (unsigned shift = 0; shift < 64 && most >> shift; shift += digit_bits) {
        if (!sort_digit(&column, from, to, count, shift))
            continue;
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
    free(scratch);
}

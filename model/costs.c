#include "model/costs.h"

#include "model/error.h"
#include "model/number.h"
#include "model/varint.h"

#include <stdlib.h>
#include <string.h>

enum { WIDE = 8 /* bytes of the largest value */ };

static void make_room(struct pv_costs *costs, size_t count)
{
    if (count <= costs->room)
        return;
    costs->room = count < 1024 ? 1024 : count + count / 2;
    costs->items = pv_resize(costs->items, costs->room * sizeof *costs->items);
}

void pv_costs_add(struct pv_costs *costs, uint32_t function, int64_t value)
{
    make_room(costs, costs->count + 1);
    costs->items[costs->count++] = (struct pv_cost){function, value};
}

static int by_function(const void *a, const void *b)
{
    const struct pv_cost *left = a, *right = b;
    return (left->function > right->function) - (left->function < right->function);
}

static int64_t add_most(int64_t a, int64_t b)
{
    int64_t sum;
    return pv_add(a, b, &sum) ? sum : a < 0 ? INT64_MIN : INT64_MAX;
}

void pv_costs_sort(struct pv_costs *costs)
{
    size_t kept = 0;
    bool is_sorted = true;
    for (size_t i = 1; i < costs->count && is_sorted; i++)
        is_sorted = costs->items[i - 1].function <= costs->items[i].function;
    if (!is_sorted)
        qsort(costs->items, costs->count, sizeof *costs->items, by_function);
    for (size_t i = 0, next; i < costs->count; i = next) {
        struct pv_cost one = costs->items[i];
        for (next = i + 1; next < costs->count && costs->items[next].function == one.function;)
            one.value = add_most(one.value, costs->items[next++].value);
        if (one.value)
            costs->items[kept++] = one;
    }
    costs->count = kept;
}

/* Values as unsigned numbers: those wrap around. */
static void merge(struct pv_costs *out, const struct pv_costs *a, const struct pv_costs *b,
                  uint64_t sign)
{
    size_t i = 0, j = 0;
    out->count = 0;
    make_room(out, a->count + b->count);
    while (i < a->count || j < b->count) {
        bool has_left =
            j == b->count || (i < a->count && a->items[i].function <= b->items[j].function);
        bool has_right =
            i == a->count || (j < b->count && b->items[j].function <= a->items[i].function);
        uint32_t function = has_left ? a->items[i].function : b->items[j].function;
        uint64_t value = has_left ? (uint64_t)a->items[i++].value : 0;
        value += has_right ? sign * (uint64_t)b->items[j++].value : 0;
        if (value)
            out->items[out->count++] = (struct pv_cost){function, (int64_t)value};
    }
}

void pv_costs_subtract(struct pv_costs *out, const struct pv_costs *a, const struct pv_costs *b)
{
    merge(out, a, b, UINT64_MAX);
}

void pv_costs_sum(struct pv_costs *out, const struct pv_costs *a, const struct pv_costs *b)
{
    merge(out, a, b, 1);
}

static void put_varint(struct pv_buffer *out, uint64_t value)
{
    unsigned char *at = (unsigned char *)pv_buffer_reserve(out, PV_VARINT_MOST);
    out->size += (size_t)(pv_varint_put(at, value) - at);
}

static unsigned bytes_of(uint64_t value)
{
    unsigned bytes = 0;
    for (; value; value >>= 8)
        bytes++;
    return bytes;
}

static void put_stretches(struct pv_buffer *out, const struct pv_costs *costs)
{
    uint32_t next = 0;
    for (size_t i = 0, end; i < costs->count; i = end) {
        uint32_t first = costs->items[i].function;
        for (end = i + 1;
             end < costs->count && costs->items[end].function == first + (uint32_t)(end - i);)
            end++;
        put_varint(out, first - next);
        put_varint(out, end - i);
        next = first + (uint32_t)(end - i);
    }
}

void pv_costs_pack(struct pv_buffer *out, const struct pv_costs *costs)
{
    put_varint(out, costs->count);
    put_stretches(out, costs);
    for (size_t i = 0; i < costs->count; i += 2) {
        unsigned low = bytes_of(pv_varint_fold((uint64_t)costs->items[i].value)), high = 0;
        if (i + 1 < costs->count)
            high = bytes_of(pv_varint_fold((uint64_t)costs->items[i + 1].value));
        pv_buffer_char(out, (char)(low | high << 4));
    }
    for (size_t i = 0; i < costs->count; i++) {
        uint64_t value = pv_varint_fold((uint64_t)costs->items[i].value);
        char *at = pv_buffer_reserve(out, WIDE);
        unsigned bytes = bytes_of(value);
        for (unsigned b = 0; b < bytes; b++, value >>= 8)
            at[b] = (char)value;
        out->size += bytes;
    }
}

static bool take_varint(const unsigned char **at, const unsigned char *end, uint32_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35 && *at < end; shift += 7) {
        unsigned char byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        *out = (uint32_t)value;
        if (!(byte & 0x80))
            return value <= UINT32_MAX;
    }
    return false;
}

static bool take_stretches(struct pv_costs *out, const unsigned char **at, const unsigned char *end,
                           uint32_t count)
{
    uint32_t next = 0, skip, length;
    for (uint32_t used = 0; used < count; used += length) {
        if (!take_varint(at, end, &skip) || !take_varint(at, end, &length) || length == 0 ||
            length > count - used || skip > PV_COSTS_FUNCTIONS ||
            length > PV_COSTS_FUNCTIONS - skip || next > PV_COSTS_FUNCTIONS - skip - length)
            return false;
        next += skip;
        for (uint32_t i = 0; i < length; i++)
            out->items[used + i].function = next++;
    }
    return true;
}

static uint64_t load_low_first(const unsigned char *at)
{
    uint64_t value = 0;
    for (unsigned b = 0; b < WIDE; b++)
        value |= (uint64_t)at[b] << 8 * b;
    return value;
}

/* All eight bytes are loaded at once where there are as many. */
static bool take_values(struct pv_costs *out, const unsigned char *sizes, const unsigned char *at,
                        const unsigned char *end)
{
    for (size_t i = 0; i < out->count; i++) {
        unsigned bytes = i & 1 ? sizes[i / 2] >> 4 : sizes[i / 2] & 15;
        unsigned char tail[WIDE] = {0};
        const unsigned char *from = at;
        if (bytes > WIDE || (size_t)(end - at) < bytes)
            return false;
        if (end - at < WIDE) {
            memcpy(tail, at, bytes);
            from = tail;
        }
        uint64_t value = bytes ? load_low_first(from) & UINT64_MAX >> (64 - 8 * bytes) : 0;
        out->items[i].value = (int64_t)pv_varint_unfold(value);
        at += bytes;
    }
    return at == end;
}

bool pv_costs_unpack(struct pv_costs *out, struct pv_text bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.data, *end;
    uint32_t count;
    out->count = 0;
    if (bytes.size == 0)
        return false;
    end = at + bytes.size;
    if (!take_varint(&at, end, &count) || count > bytes.size * 2 || count > PV_COSTS_FUNCTIONS)
        return false;
    make_room(out, count);
    if (!take_stretches(out, &at, end, count) || (size_t)(end - at) < (count + 1) / 2)
        return false;
    out->count = count;
    bool is_fine = take_values(out, at, at + (count + 1) / 2, end);
    out->count = is_fine ? count : 0;
    return is_fine;
}

void pv_costs_free(struct pv_costs *costs)
{
    free(costs->items);
}

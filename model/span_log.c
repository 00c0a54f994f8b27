#include "model/span_log.h"

#include "model/error.h"
#include "model/varint.h"

#include <stdlib.h>
#include <string.h>

/* A record is a byte of kind (two bits) and line (six: how many lines it is behind the record
 * before; `far`: four bytes with the line follow), a byte of sizes, then as many bytes of the frame
 * + 1 (1 to 4), of the time since the record before, and of a span's length. Differences have their
 * sign in the lowest bit. What the event tells of the CPU follows as a record of its own kind, with
 * its size in the head: of a span the length, else the difference. Sizes that stand in front of all
 * numbers need no branch to be read. */
enum {
    far = 63,
    of_cpu = 3,
    word = 8, /* bytes written and read at once, whatever the size */
    record_most = 1 + 1 + 4 + 4 + word + word + 1 + word,
    first_room = 64,
};

/* Sizes in three bits: 7 stands for 8 bytes, which also hold what needs 7. */
static inline unsigned size_code(uint64_t value)
{
    static const unsigned char codes[] = {1, 2, 3, 4, 5, 6, 7, 7}; /* by the highest byte */
    return value ? codes[7 - __builtin_clzll(value) / 8] : 0;
}

static inline unsigned size_of(unsigned code)
{
    static const unsigned char sizes[] = {0, 1, 2, 3, 4, 5, 6, 8};
    return sizes[code];
}

/* The lowest byte first, on any machine. */
static inline uint64_t in_order(uint64_t value)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(value);
#else
    return value;
#endif
}

static inline unsigned char *put(unsigned char *to, uint64_t value, unsigned size)
{
    value = in_order(value);
    memcpy(to, &value, sizeof value);
    return to + size;
}

static inline uint64_t get(const unsigned char **from, unsigned size)
{
    static const uint64_t masks[] = {0,          0xff,         0xffff,         0xffffff,
                                     0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff,
                                     UINT64_MAX};
    uint64_t value;
    memcpy(&value, *from, sizeof value);
    *from += size;
    return in_order(value) & masks[size];
}

/* Blocks grow, so that a hundred thousand tracks of two events each stay small. */
static bool add_block(struct pv_span_log *log, int64_t scale, struct pv_budget *budget)
{
    struct pv_log_block *last = log->last, *block;
    uint32_t room = last ? last->room * 2 : first_room;
    room = room < PV_LOG_BLOCK ? room : PV_LOG_BLOCK;
    if (!pv_budget_take(budget, sizeof *block + room + word))
        return false;
    block = pv_alloc(sizeof *block + room + word);
    *block = (struct pv_log_block){.previous = last, .scale = scale, .room = room};
    *(last ? &last->next : &log->first) = block;
    log->last = block;
    log->at = log->cpu = 0;
    log->line = 0;
    return true;
}

static unsigned char *put_cpu(unsigned char *to, struct pv_span_log *log,
                              const struct pv_event *event)
{
    bool is_span = event->kind == PV_EVENT_SPAN;
    uint64_t value = pv_varint_fold((uint64_t)event->cpu - (is_span ? 0 : (uint64_t)log->cpu));
    unsigned code = size_code(value);
    *to++ = (unsigned char)(of_cpu | code << 2);
    if (!is_span)
        log->cpu = event->cpu;
    return put(to, value, size_of(code));
}

static const unsigned char *get_cpu(const unsigned char *from, uint64_t *cpu,
                                    struct pv_event *event)
{
    unsigned size = size_of((unsigned)*from++ >> 2);
    uint64_t value = pv_varint_unfold(get(&from, size));
    if (event->kind != PV_EVENT_SPAN)
        value = *cpu += value;
    event->cpu = (int64_t)value;
    return from;
}

bool pv_span_log_add(struct pv_span_log *log, const struct pv_event *event, int64_t scale,
                     struct pv_budget *budget)
{
    struct pv_log_block *block = log->last;
    bool has_room = block && block->scale == scale && block->room - block->size >= record_most;
    if (!has_room && !add_block(log, scale, budget))
        return false;
    block = log->last;
    unsigned char *to = block->bytes + block->size;
    uint32_t lines = event->line - log->line, frame = event->frame + 1;
    uint64_t since = pv_varint_fold((uint64_t)event->at - (uint64_t)log->at);
    uint64_t length = (uint64_t)event->end - (uint64_t)event->at;
    unsigned frame_code = frame >> 8 ? size_code(frame) - 1 : 0;
    unsigned since_code = size_code(since), length_code = size_code(length);
    *to++ = (unsigned char)((unsigned)event->kind | (lines < far ? lines : far) << 2);
    *to++ = (unsigned char)(frame_code | since_code << 2 | length_code << 5);
    if (lines >= far)
        to = put(to, event->line, sizeof event->line);
    to = put(to, frame, frame_code + 1);
    to = put(to, since, size_of(since_code));
    to = put(to, length, size_of(length_code));
    if (event->cpu != PV_NO_CPU)
        to = put_cpu(to, log, event);
    log->at = event->at;
    log->line = event->line;
    block->size = (uint32_t)(to - block->bytes);
    block->events++;
    return true;
}

static bool rescale(int64_t *time, int64_t factor)
{
    return !__builtin_mul_overflow(*time, factor, time) && *time <= PV_TIME_MOST &&
           *time >= -PV_TIME_MOST;
}

bool pv_span_log_block(const struct pv_log_block *block, int64_t scale, struct pv_event *events)
{
    const unsigned char *from = block->bytes, *end = from + block->size;
    int64_t factor = scale / block->scale;
    uint64_t at = 0, cpu = 0, line = 0;
    for (uint32_t i = 0; i < block->events; i++) {
        struct pv_event *event = &events[i];
        unsigned head = *from++, sizes = *from++;
        event->kind = (enum pv_event_kind)(head & 3);
        line += head >> 2;
        if (head >> 2 == far)
            line = get(&from, sizeof event->line);
        event->line = (uint32_t)line;
        event->frame = (uint32_t)get(&from, (sizes & 3) + 1) - 1;
        at += pv_varint_unfold(get(&from, size_of(sizes >> 2 & 7)));
        event->at = (int64_t)at;
        event->end = (int64_t)(at + get(&from, size_of(sizes >> 5)));
        event->cpu = PV_NO_CPU;
        if (from < end && (*from & 3) == of_cpu)
            from = get_cpu(from, &cpu, event);
        if (factor != 1 && (!rescale(&event->at, factor) || !rescale(&event->end, factor)))
            return false;
    }
    return true;
}

void pv_span_log_drop(struct pv_span_log *log)
{
    struct pv_log_block *block = log->first;
    log->first = block->next;
    *(block->next ? &block->next->previous : &log->last) = NULL;
    free(block);
}

void pv_span_log_free(struct pv_span_log *log)
{
    while (log->first)
        pv_span_log_drop(log);
}

#include "model/span_log.h"

#include "model/error.h"
#include "model/varint.h"

#include <stdlib.h>

/* A record is a byte of kind (two bits) and line (six: how many lines it is behind the record
 * before; `far`: a varint follows), then varints: the frame + 1, the time since the record before,
 * and of a span its length. Differences have their sign in the lowest bit. What the event tells of
 * the CPU follows as a record of its own kind: of a span the length, else the difference. */
enum { far = 63, record_most = 1 + 5 + 5 + 10 + 10 + 1 + 10, first_room = 64, of_cpu = 3 };

/* Blocks grow, so that a hundred thousand tracks of two events each stay small. */
static bool add_block(struct pv_span_log *log, int64_t scale, struct pv_budget *budget)
{
    struct pv_log_block *last = log->last, *block;
    uint32_t room = last ? last->room * 2 : first_room;
    room = room < PV_LOG_BLOCK ? room : PV_LOG_BLOCK;
    if (!pv_budget_take(budget, sizeof *block + room))
        return false;
    block = pv_alloc(sizeof *block + room);
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
    uint64_t since = is_span ? 0 : (uint64_t)log->cpu;
    *to++ = of_cpu;
    if (!is_span)
        log->cpu = event->cpu;
    return pv_varint_put(to, pv_varint_fold((uint64_t)event->cpu - since));
}

static const unsigned char *get_cpu(const unsigned char *from, uint64_t *cpu,
                                    struct pv_event *event)
{
    uint64_t value;
    from = pv_varint_get(from + 1, &value);
    if (event->kind == PV_EVENT_SPAN)
        event->cpu = (int64_t)pv_varint_unfold(value);
    else
        event->cpu = (int64_t)(*cpu += pv_varint_unfold(value));
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
    uint32_t lines = event->line - log->line;
    *to++ = (unsigned char)((unsigned)event->kind | (lines < far ? lines : far) << 2);
    if (lines >= far)
        to = pv_varint_put(to, event->line);
    to = pv_varint_put(to, event->frame + 1);
    to = pv_varint_put(to, pv_varint_fold((uint64_t)event->at - (uint64_t)log->at));
    if (event->kind == PV_EVENT_SPAN)
        to = pv_varint_put(to, (uint64_t)(event->end - event->at));
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
    uint64_t at = 0, cpu = 0, value, line = 0;
    for (uint32_t i = 0; i < block->events; i++) {
        struct pv_event *event = &events[i];
        unsigned head = *from++;
        event->kind = (enum pv_event_kind)(head & 3);
        line += head >> 2;
        if (head >> 2 == far)
            from = pv_varint_get(from, &line);
        event->line = (uint32_t)line;
        from = pv_varint_get(from, &value);
        event->frame = (uint32_t)value - 1;
        from = pv_varint_get(from, &value);
        at += pv_varint_unfold(value);
        event->at = event->end = (int64_t)at;
        if (event->kind == PV_EVENT_SPAN) {
            from = pv_varint_get(from, &value);
            event->end = (int64_t)(at + value);
        }
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

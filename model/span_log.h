#ifndef PV_MODEL_SPAN_LOG_H
#define PV_MODEL_SPAN_LOG_H

#include "model/limits.h"

/* The events of one track until all of them are known, because only then is it clear whether they
 * were in order: differences in as few bytes as they need, about seven an event. */

enum pv_event_kind { PV_EVENT_ENTER, PV_EVENT_LEAVE, PV_EVENT_SPAN };

#define PV_NO_CPU INT64_MIN
struct pv_event {
    int64_t at, end;      /* end: of a span only */
    int64_t cpu;          /* on the thread's own clock: of a span its length, else when; PV_NO_CPU:
                             not told */
    uint32_t frame, line; /* line 0: not known */
    enum pv_event_kind kind;
};

/* A block can be read without those before it. Behind its room are bytes that a reader may touch.
 */
struct pv_log_block {
    struct pv_log_block *next, *previous;
    int64_t scale; /* that its times are in */
    uint32_t room, size, events;
    unsigned char bytes[];
};

/* Zero-initialise; pv_span_log_free releases it. */
struct pv_span_log {
    struct pv_log_block *first, *last;
    int64_t at, cpu; /* of the last block's last event that tells it */
    uint32_t line;
};

/* The events that one block holds at most: what pv_span_log_block needs room for. */
enum { PV_LOG_BLOCK = 16384, PV_LOG_BLOCK_EVENTS = PV_LOG_BLOCK / 3 };

/* False where the budget is used up. Times are in `scale`. */
bool pv_span_log_add(struct pv_span_log *log, const struct pv_event *event, int64_t scale,
                     struct pv_budget *budget);

/* Unpacks a block's events, block->events of them, with times in `scale`, a multiple of the
 * block's. False where a time leaves ±PV_TIME_MOST. */
#define PV_TIME_MOST (((int64_t)1 << 62) - 1)
bool pv_span_log_block(const struct pv_log_block *block, int64_t scale, struct pv_event *events);

/* Releases the first block; the budget gets nothing back. */
void pv_span_log_drop(struct pv_span_log *log);
void pv_span_log_free(struct pv_span_log *log);

#endif

#include "model/builder_parts.h"

#include "model/error.h"
#include "model/varint.h"

#include <stdlib.h>

/* Rows of arcs wait in a log until all are known, some nine bytes each instead of the 33 of an arc.
 * It lies in chunks, which have blocks, which have rows of one function: its key, which is the
 * caller, or where rows come so the callee. Everything is a varint: of a block how many metrics
 * there were when it began, and where the key's block before it lies (chunk + 1, or 0; offset); of
 * a row the other function (+ 1; 0 ends the block) as its distance from the key, with what it has
 * in the lowest two bits, the calls + 1, and the totals. */

/* What a row has: that all rows it was put together of told their totals; a number per metric. */
enum { HAS_TOTAL = 1, HAS_VALUES = 2 };

enum { FIRST_CHUNK = 4 << 10, MOST_CHUNK = 256 << 10, NUMBERS = 5 /* and as many as metrics */ };

/* A function's links have nothing to link before arcs are made: until then they say where the last
 * block with its key begins. */
#define PV_FUNC_CHUNK first_out /* PV_NONE: it has none */
#define PV_FUNC_OFFSET first_in

struct pv_arc_chunk {
    unsigned char *bytes;
    uint32_t room, size;
    uint32_t blocks; /* that were not taken yet */
};

static struct pv_arc_chunk *last_of(const struct pv_arc_log *log)
{
    return log->chunks && log->count ? &log->chunks[log->count - 1] : NULL;
}

static void close_block(struct pv_arc_log *log)
{
    struct pv_arc_chunk *chunk = last_of(log);
    if (log->key == PV_NONE || !chunk)
        return;
    chunk->bytes[chunk->size++] = 0;
    log->key = PV_NONE;
}

static bool add_chunk(struct pv_builder *builder, struct pv_arc_log *log, size_t least)
{
    void *chunks = log->chunks;
    const struct pv_arc_chunk *last = last_of(log);
    size_t room = last ? (size_t)last->room * 2 : FIRST_CHUNK;
    room = room < MOST_CHUNK ? room : MOST_CHUNK;
    room = room < least ? least : room;
    bool is_paid = log->spare >= room || pv_budget_take(&builder->budget, room);
    log->spare -= log->spare >= room ? room : 0;
    if (!is_paid)
        return pv_builder_memory(builder);
    if (!pv_builder_grow(builder, &chunks, &log->capacity, (uint64_t)log->count + 1,
                         sizeof *log->chunks))
        return false;
    log->chunks = chunks;
    log->chunks[log->count++] =
        (struct pv_arc_chunk){.bytes = pv_alloc(room), .room = (uint32_t)room};
    return true;
}

static bool open_block(struct pv_builder *builder, struct pv_arc_log *log, uint32_t key, size_t row)
{
    struct pv_func *func = &builder->arcs.funcs[key];
    size_t least = (size_t)3 * PV_VARINT_MOST + row;
    close_block(log);
    const struct pv_arc_chunk *last = last_of(log);
    if ((!last || last->room - last->size < least) && !add_chunk(builder, log, least))
        return false;
    struct pv_arc_chunk *chunk = &log->chunks[log->count - 1];
    unsigned char *at = pv_varint_put(chunk->bytes + chunk->size, builder->metric_count);
    at = pv_varint_put(at, func->PV_FUNC_CHUNK == PV_NONE ? 0 : (uint64_t)func->PV_FUNC_CHUNK + 1);
    if (func->PV_FUNC_CHUNK != PV_NONE)
        at = pv_varint_put(at, func->PV_FUNC_OFFSET);
    func->PV_FUNC_CHUNK = log->count - 1;
    func->PV_FUNC_OFFSET = chunk->size;
    chunk->size = (uint32_t)(at - chunk->bytes);
    chunk->blocks++;
    log->key = key;
    return true;
}

/* Until it is clear how they come. */
static void look_at(struct pv_arc_log *log, const struct pv_arc_row *row)
{
    log->same_caller += log->key == row->caller;
    log->same_callee += log->last_callee == row->callee;
    log->last_callee = row->callee;
}

enum { FIRST_ROWS = 64 };

bool pv_arc_log_is_turned(const struct pv_arc_log *log)
{
    return log->rows == FIRST_ROWS && !log->is_by_callee && log->same_callee > log->same_caller;
}

void pv_arc_log_add(struct pv_builder *builder, const struct pv_arc_row *row, const int64_t *totals)
{
    struct pv_arc_log *log = &builder->arcs.log;
    size_t most = ((size_t)builder->metric_count + NUMBERS) * PV_VARINT_MOST;
    uint32_t key = log->is_by_callee ? row->callee : row->caller;
    uint32_t other = log->is_by_callee ? row->caller : row->callee;
    struct pv_arc_chunk *chunk = last_of(log);
    if (log->rows < FIRST_ROWS)
        look_at(log, row);
    bool is_open = chunk && log->key == key && chunk->room - chunk->size >= most;
    if (!is_open && !open_block(builder, log, key, most))
        return;
    chunk = &log->chunks[log->count - 1];
    uint64_t distance = pv_varint_fold((uint64_t)other - key);
    unsigned char *at = chunk->bytes + chunk->size;
    at = pv_varint_put(at, (distance << 2 | (totals ? HAS_VALUES : 0) | row->has_total) + 1);
    at = pv_varint_put(at, (uint64_t)row->calls + 1);
    for (uint32_t m = 0; totals && m < builder->metric_count; m++)
        at = pv_varint_put(at, pv_varint_fold((uint64_t)totals[m]));
    chunk->size = (uint32_t)(at - chunk->bytes);
    log->rows++;
}

void pv_arc_log_metric(struct pv_builder *builder)
{
    close_block(&builder->arcs.log);
}

/* ---- Taking ---- */

void pv_arc_log_start(struct pv_arc_log *log)
{
    *log = (struct pv_arc_log){.key = PV_NONE};
}

void pv_arc_log_free(struct pv_arc_log *log)
{
    for (uint32_t i = 0; i < log->count; i++)
        free(log->chunks[i].bytes);
    free(log->chunks);
    pv_arc_log_start(log);
}

void pv_arc_taker_start(struct pv_arc_taker *taker, struct pv_builder *builder)
{
    struct pv_arc_log *log = &builder->arcs.log;
    close_block(log);
    *taker = (struct pv_arc_taker){
        .builder = builder,
        .log = *log,
        .place = pv_zalloc(builder->arcs.func_count, sizeof *taker->place),
    };
    pv_arc_log_start(log);
    log->is_by_callee = taker->log.is_by_callee;
}

/* Room for as many rows again. */
static bool grow_rows(struct pv_arc_taker *taker)
{
    struct pv_builder *builder = taker->builder;
    void *rows = taker->rows;
    bool grown = pv_builder_grow(builder, &rows, &taker->capacity, (uint64_t)taker->count + 1,
                                 sizeof *taker->rows);
    taker->rows = rows;
    uint64_t values = (uint64_t)taker->capacity * builder->metric_count;
    return grown && (values <= UINT32_MAX || pv_builder_memory(builder)) &&
           pv_column_extend(builder, &taker->totals, (uint32_t)values);
}

/* The row of the two functions, found or made; NULL where the builder failed. */
static inline struct pv_arc_row *row_of(struct pv_arc_taker *taker, uint32_t key, uint32_t other)
{
    bool is_turned = taker->log.is_by_callee;
    uint32_t place = taker->place[other], metrics = taker->builder->metric_count;
    if (place < taker->count &&
        (is_turned ? taker->rows[place].caller : taker->rows[place].callee) == other)
        return &taker->rows[place];
    if (taker->count == taker->capacity && !grow_rows(taker))
        return NULL;
    place = taker->place[other] = taker->count++;
    for (uint32_t m = 0; m < metrics; m++)
        taker->totals.values[(size_t)place * metrics + m] = 0;
    taker->rows[place] = (struct pv_arc_row){.caller = is_turned ? other : key,
                                             .callee = is_turned ? key : other,
                                             .has_total = true,
                                             .calls = PV_UNKNOWN_CALLS};
    return &taker->rows[place];
}

void pv_calls_add(int64_t *calls, int64_t more)
{
    if (more == PV_UNKNOWN_CALLS)
        return;
    int64_t known = *calls == PV_UNKNOWN_CALLS ? 0 : *calls;
    if (__builtin_add_overflow(known, more, calls))
        *calls = INT64_MAX;
}

/* What stands of a row behind its functions. */
static const unsigned char *add_row(struct pv_arc_taker *taker, const unsigned char *at,
                                    struct pv_arc_row *row, unsigned has, uint32_t metrics)
{
    struct pv_builder *builder = taker->builder;
    uint32_t first = (uint32_t)(row - taker->rows) * builder->metric_count;
    uint64_t calls, total;
    at = pv_varint_get(at, &calls);
    pv_calls_add(&row->calls, (int64_t)(calls - 1));
    row->has_total = row->has_total && (has & HAS_TOTAL);
    for (uint32_t m = 0; (has & HAS_VALUES) && m < metrics; m++) {
        at = pv_varint_get(at, &total);
        int64_t more = (int64_t)pv_varint_unfold(total), *sum = &taker->totals.values[first + m];
        if (__builtin_add_overflow(*sum, more, sum))
            pv_column_overflow(builder);
    }
    return at;
}

static void take_block(struct pv_arc_taker *taker, uint32_t key, const unsigned char *at,
                       uint32_t metrics)
{
    uint64_t code;
    for (at = pv_varint_get(at, &code); code; at = pv_varint_get(at, &code)) {
        uint32_t other = (uint32_t)(key + pv_varint_unfold((code - 1) >> 2));
        struct pv_arc_row *row = row_of(taker, key, other);
        if (!row)
            return;
        at = add_row(taker, at, row, (code - 1) & 3, metrics);
    }
}

/* A chunk goes when its last block is taken: what is made of it needs the room. */
static void leave_chunk(struct pv_arc_taker *taker, struct pv_arc_chunk *chunk)
{
    if (--chunk->blocks)
        return;
    taker->builder->arcs.log.spare += chunk->room;
    free(chunk->bytes);
    chunk->bytes = NULL;
}

bool pv_arc_taker_next(struct pv_arc_taker *taker, uint32_t key)
{
    struct pv_func *func = &taker->builder->arcs.funcs[key];
    taker->count = 0;
    while (func->PV_FUNC_CHUNK != PV_NONE) {
        struct pv_arc_chunk *chunk = &taker->log.chunks[func->PV_FUNC_CHUNK];
        uint64_t metrics, before, offset = 0;
        const unsigned char *at = pv_varint_get(chunk->bytes + func->PV_FUNC_OFFSET, &metrics);
        at = pv_varint_get(at, &before);
        if (before)
            at = pv_varint_get(at, &offset);
        take_block(taker, key, at, (uint32_t)metrics);
        leave_chunk(taker, chunk);
        func->PV_FUNC_CHUNK = before ? (uint32_t)(before - 1) : PV_NONE;
        func->PV_FUNC_OFFSET = before ? (uint32_t)offset : PV_NONE;
    }
    return pv_builder_is_ok(taker->builder);
}

void pv_arc_taker_free(struct pv_arc_taker *taker)
{
    pv_arc_log_free(&taker->log);
    free(taker->place);
    free(taker->rows);
    free(taker->totals.values);
}

#include "formats/callgrind_parts.h"

#include "model/error.h"

#include <stdlib.h>

/* What stands between one `fn=` and the next is added up here first: a function's own costs, and
 * its calls by callee, because a function calls the same ones over and over. Only the sums go to
 * the builder. */

void pv_callgrind_bad(struct pv_callgrind *reader, const char *why)
{
    pv_input_passed(reader->input, reader->pending);
    reader->pending = 0;
    if (pv_builder_is_ok(reader->builder)) /* else nothing has a function any more */
        pv_input_bad_record(reader->input, why);
}

void pv_callgrind_fail(struct pv_callgrind *reader, enum pv_code code, const char *why)
{
    pv_input_passed(reader->input, reader->pending);
    reader->pending = 0;
    pv_input_fail(reader->input, code, "%s", why);
}

static void over_memory(struct pv_callgrind *reader)
{
    pv_callgrind_fail(reader, PV_LIMIT, "the file needs more than --max-memory allows");
}

static void over_range(struct pv_callgrind *reader)
{
    struct pv_error err;
    pv_fail(&err, PV_INPUT_FAILED, (struct pv_where){0},
            "the sum of a function's costs does not fit in 64 bits: the file is damaged");
    pv_builder_fail(reader->builder, err);
}

static uint32_t *latest_of(struct pv_callgrind *reader, uint32_t frame)
{
    uint32_t had = reader->latest_capacity;
    if (frame < had)
        return &reader->latest[frame];
    void *latest = reader->latest;
    if (!pv_grow(&latest, &reader->latest_capacity, (uint64_t)frame + 1, sizeof *reader->latest,
                 &reader->budget))
        return NULL;
    reader->latest = latest;
    for (uint32_t i = had; i < reader->latest_capacity; i++)
        reader->latest[i] = 0;
    return &reader->latest[frame];
}

/* Numbers begin anew where they would not fit. */
static void end_calls(struct pv_callgrind *reader)
{
    reader->first_call += reader->call_count;
    reader->call_count = 0;
    if (reader->first_call < UINT32_MAX / 2)
        return;
    for (uint32_t i = 0; i < reader->latest_capacity; i++)
        reader->latest[i] = 0;
    reader->first_call = 1;
}

static void hand_over_calls(struct pv_callgrind *reader, int64_t *values)
{
    for (uint32_t i = 0; i < reader->call_count; i++) {
        const struct pv_callgrind_call *call = &reader->calls[i];
        const int64_t *costs = reader->call_costs + (size_t)i * reader->column_count;
        if (!pv_callgrind_values(reader, costs, values))
            over_range(reader);
        pv_build_arc(reader->builder, reader->frame, call->callee, call->calls,
                     call->lacks_cost ? NULL : values);
    }
}

void pv_callgrind_end_block(struct pv_callgrind *reader)
{
    int64_t *values = reader->scratch;
    pv_callgrind_end_call(reader);
    reader->function = NULL;
    if (reader->frame == PV_NONE)
        return;
    if (!pv_callgrind_values(reader, reader->own, values) || reader->is_over)
        over_range(reader);
    pv_build_func(reader->builder, reader->frame, PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, values, NULL);
    for (uint32_t i = 0; i < reader->column_count; i++) {
        reader->is_over |=
            __builtin_add_overflow(reader->part[i], reader->own[i], &reader->part[i]);
        reader->own[i] = 0;
    }
    hand_over_calls(reader, values);
    end_calls(reader);
    reader->frame = PV_NONE;
}

bool pv_callgrind_begin_block(struct pv_callgrind *reader)
{
    if (reader->frame != PV_NONE || !reader->function)
        return reader->frame != PV_NONE;
    reader->frame = pv_callgrind_frame(reader, reader->function, reader->object, reader->file);
    reader->function = NULL;
    reader->has_costs = true;
    return reader->frame != PV_NONE;
}

static bool append_call(struct pv_callgrind *reader, uint32_t callee)
{
    uint64_t wanted = (uint64_t)reader->call_count + 1;
    void *calls = reader->calls, *costs = reader->call_costs;
    uint64_t width = reader->column_count ? reader->column_count : 1;
    bool grown =
        pv_grow(&calls, &reader->call_capacity, wanted, sizeof *reader->calls, &reader->budget) &&
        pv_grow(&costs, &reader->call_costs_capacity, wanted * width, sizeof *reader->call_costs,
                &reader->budget);
    reader->calls = calls;
    reader->call_costs = costs;
    if (!grown)
        return false;
    for (uint32_t i = 0; i < reader->column_count; i++)
        reader->call_costs[(size_t)reader->call_count * reader->column_count + i] = 0;
    reader->calls[reader->call_count++] = (struct pv_callgrind_call){.callee = callee};
    return true;
}

void pv_callgrind_add_call(struct pv_callgrind *reader, uint32_t callee, int64_t calls)
{
    uint32_t *latest = latest_of(reader, callee);
    bool is_new = latest && *latest < reader->first_call;
    if (!latest || (is_new && !append_call(reader, callee))) {
        over_memory(reader);
        return;
    }
    if (is_new)
        *latest = reader->first_call + reader->call_count - 1;
    uint32_t at = *latest - reader->first_call;
    struct pv_callgrind_call *call = &reader->calls[at];
    if (calls == PV_UNKNOWN_CALLS || call->calls == PV_UNKNOWN_CALLS)
        call->calls = PV_UNKNOWN_CALLS;
    else if (__builtin_add_overflow(call->calls, calls, &call->calls))
        call->calls = INT64_MAX;
    reader->call = at;
    reader->next = PV_CALLGRIND_CALL;
    reader->into = reader->call_costs + (size_t)at * reader->column_count;
}

void pv_callgrind_end_call(struct pv_callgrind *reader)
{
    if (reader->next == PV_CALLGRIND_CALL)
        reader->calls[reader->call].lacks_cost = true;
    reader->next = PV_CALLGRIND_OWN;
    reader->into = reader->own;
}

#include "render/timeline_calls.h"

#include <math.h>

/* Times of one scale in another leave int64. */
__extension__ typedef __int128 wide;

struct choosing {
    struct pv_timeline_calls *out;
    const struct pv_axis *axis;
    int64_t scale, origin;
    struct pv_timeline_call best[PV_TIMELINE_CALLS]; /* by length */
    uint32_t depths[PV_TIMELINE_CALLS];
    uint32_t count;
};

/* On the axis. */
static wide moved(const struct choosing *choosing, int64_t at)
{
    return (wide)at * choosing->axis->scale / choosing->scale - choosing->origin;
}

static double px_of(const struct choosing *choosing, int64_t at)
{
    const struct pv_axis *axis = choosing->axis;
    wide value = moved(choosing, at);
    double length = (double)((wide)axis->to - axis->from);
    return axis->start + (double)(value - axis->from) / length * (axis->end - axis->start);
}

/* Longer first; what lies in another of the same length behind it. */
static bool is_before(const struct choosing *choosing, const struct pv_timeline_call *call,
                      uint32_t depth, uint32_t at)
{
    const struct pv_timeline_call *other = &choosing->best[at];
    if (call->length != other->length)
        return call->length > other->length;
    if (call->begin != other->begin)
        return call->begin < other->begin;
    return depth < choosing->depths[at];
}

static void offer(struct choosing *choosing, const struct pv_timeline_call *call, uint32_t depth)
{
    uint32_t at = choosing->count;
    if (at == PV_TIMELINE_CALLS) {
        choosing->out->left_out++;
        if (!is_before(choosing, call, depth, --at))
            return;
    }
    for (; at > 0 && is_before(choosing, call, depth, at - 1); at--) {
        choosing->best[at] = choosing->best[at - 1];
        choosing->depths[at] = choosing->depths[at - 1];
    }
    choosing->best[at] = *call;
    choosing->depths[at] = depth;
    choosing->count += choosing->count < PV_TIMELINE_CALLS;
}

static void look_at(struct choosing *choosing, const struct pv_span *span)
{
    struct pv_timeline_call call = {.from = px_of(choosing, span->begin),
                                    .to = px_of(choosing, span->end),
                                    .begin = span->begin,
                                    .length = span->end - span->begin,
                                    .frame = span->frame};
    bool is_moment = call.length == 0;
    if (call.to < choosing->axis->start || call.from > choosing->axis->end)
        return;
    call.at = (int64_t)moved(choosing, span->begin); /* it is on the axis, or a call's length off */
    call.from = fmax(call.from, choosing->axis->start);
    call.to = fmin(call.to, choosing->axis->end);
    if (is_moment || call.to - call.from >= PV_TIMELINE_CALL_LEAST)
        offer(choosing, &call, span->depth);
}

/* px that a call takes in its row. */
static double end_of(const struct pv_timeline_call *call)
{
    return fmax(call->to, call->from + PV_TIMELINE_CALL_LEAST);
}

static bool has_room(const struct pv_timeline_calls *calls, const struct pv_timeline_call *call,
                     uint32_t row)
{
    for (uint32_t i = 0; i < calls->count; i++) {
        const struct pv_timeline_call *other = &calls->calls[i];
        if (other->row == row && call->from < end_of(other) && other->from < end_of(call))
            return false;
    }
    return true;
}

static void place(struct choosing *choosing, const struct pv_timeline_call *call)
{
    struct pv_timeline_calls *out = choosing->out;
    uint32_t row = 0;
    while (row < PV_TIMELINE_CALL_ROWS && !has_room(out, call, row))
        row++;
    if (row == PV_TIMELINE_CALL_ROWS || end_of(call) > choosing->axis->end + 1) {
        out->left_out++;
        return;
    }
    out->calls[out->count] = *call;
    out->calls[out->count++].row = row;
    out->rows = row + 1 > out->rows ? row + 1 : out->rows;
}

void pv_timeline_choose_calls(struct pv_timeline_calls *out, const struct pv_profile *profile,
                              const struct pv_axis *axis, int64_t origin)
{
    *out = (struct pv_timeline_calls){0};
    if (!profile->spans || profile->metric_count == 0 || axis->to <= axis->from ||
        profile->metrics[0].unit != axis->unit)
        return;
    struct choosing choosing = {
        .out = out, .axis = axis, .scale = profile->metrics[0].scale, .origin = origin};
    for (uint32_t i = 0; i < profile->spans->count; i++)
        look_at(&choosing, &profile->spans->spans[i]);
    for (uint32_t i = 0; i < choosing.count; i++)
        place(&choosing, &choosing.best[i]);
}

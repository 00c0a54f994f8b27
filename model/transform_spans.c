#include "model/transform_parts.h"

#include <stdlib.h>

/* Every moment of a track has a stack, and a transform says of stacks what becomes of them: so the
 * calls of a track are gone through in time, and from moment to moment those are opened and closed
 * that the moment's stack has afterwards. A call goes on as long as it is the same one; where its
 * moments are left out in between, it comes in parts. */

/* An old call on the stack. */
struct open_call {
    int64_t end;
    uint32_t node;
    uint32_t kept; /* how many of the stack's calls stay, with it */
};

struct retelling {
    const uint32_t *moved;
    const bool *keeps_value;
    struct pv_span *made;
    uint32_t made_count, made_capacity;
    struct open_call *stack; /* old calls */
    uint32_t *kept;          /* nodes of those that stay */
    uint32_t *open;          /* the new calls that are open: index in `made` */
    uint32_t depth, open_count;
    int64_t now;
};

static uint32_t kept_count(const struct retelling *retelling)
{
    return retelling->depth ? retelling->stack[retelling->depth - 1].kept : 0;
}

static void close_to(struct retelling *retelling, uint32_t count, int64_t at)
{
    while (retelling->open_count > count)
        retelling->made[retelling->open[--retelling->open_count]].end = at;
}

static void open_next(struct retelling *retelling, int64_t at)
{
    if (retelling->made_count == retelling->made_capacity) {
        retelling->made_capacity = retelling->made_capacity * 2 + 64;
        retelling->made =
            pv_resize(retelling->made, retelling->made_capacity * sizeof *retelling->made);
    }
    uint32_t node = retelling->kept[retelling->open_count];
    retelling->open[retelling->open_count] = retelling->made_count;
    retelling->made[retelling->made_count++] = (struct pv_span){
        .begin = at, .end = at, .frame = node, .depth = retelling->open_count, .node = node};
    retelling->open_count++;
}

/* From `at` on, the stack is what lies on it. */
static void settle(struct retelling *retelling, int64_t at)
{
    bool is_left_out = retelling->depth == 0 ||
                       (retelling->keeps_value &&
                        !retelling->keeps_value[retelling->stack[retelling->depth - 1].node]);
    if (is_left_out) {
        close_to(retelling, 0, at);
        return;
    }
    while (retelling->open_count < kept_count(retelling))
        open_next(retelling, at);
}

static void go_to(struct retelling *retelling, int64_t at)
{
    if (at > retelling->now)
        settle(retelling, retelling->now);
    retelling->now = at > retelling->now ? at : retelling->now;
}

static void pop(struct retelling *retelling)
{
    int64_t end = retelling->stack[retelling->depth - 1].end;
    go_to(retelling, end);
    retelling->depth--;
    close_to(retelling,
             kept_count(retelling) < retelling->open_count ? kept_count(retelling)
                                                           : retelling->open_count,
             end);
}

static void push(struct retelling *retelling, const struct pv_span *span, uint32_t around)
{
    uint32_t kept = kept_count(retelling);
    uint32_t above = retelling->depth ? retelling->stack[retelling->depth - 1].node : around;
    if (retelling->moved[span->node] != retelling->moved[above])
        retelling->kept[kept++] = span->node;
    retelling->stack[retelling->depth++] =
        (struct open_call){.end = span->end, .node = span->node, .kept = kept};
    /* A call without a length has no moment but this one. */
    if (span->end == span->begin)
        settle(retelling, span->begin);
}

static void retell_track(struct retelling *retelling, const struct pv_spans *spans,
                         const struct pv_track *track)
{
    for (uint32_t i = track->first; i < track->first + track->count; i++) {
        while (retelling->depth > spans->spans[i].depth)
            pop(retelling);
        if (i == track->first)
            retelling->now = spans->spans[i].begin;
        go_to(retelling, spans->spans[i].begin);
        if (retelling->depth == 0)
            close_to(retelling, 0, retelling->now);
        push(retelling, &spans->spans[i], track->node);
    }
    while (retelling->depth > 0)
        pop(retelling);
}

static uint32_t deepest(const struct pv_spans *spans)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < spans->count; i++)
        most = spans->spans[i].depth > most ? spans->spans[i].depth : most;
    return most;
}

/* Tracks of which nothing stays go; one is left where all would, as a sign that times are known. */
static uint32_t retell(struct retelling *retelling, const struct pv_spans *spans,
                       struct pv_track *tracks)
{
    uint32_t count = 0;
    size_t room = (size_t)deepest(spans) + 1;
    retelling->stack = pv_alloc(room * sizeof *retelling->stack);
    retelling->kept = pv_alloc(room * sizeof *retelling->kept);
    retelling->open = pv_alloc(room * sizeof *retelling->open);
    for (uint32_t t = 0; t < spans->track_count; t++) {
        uint32_t first = retelling->made_count;
        retell_track(retelling, spans, &spans->tracks[t]);
        bool is_last = t + 1 == spans->track_count;
        if (retelling->made_count > first || (is_last && count == 0))
            tracks[count++] =
                (struct pv_track){spans->tracks[t].node, first, retelling->made_count - first};
    }
    free(retelling->stack);
    free(retelling->kept);
    free(retelling->open);
    return count;
}

void pv_remake_spans(struct pv_remake *remake, const uint32_t *moved, const bool *keeps_value)
{
    const struct pv_profile *from = remake->from;
    if (!from->spans || from->metric_count == 0 || !pv_builder_is_ok(remake->builder))
        return;
    struct retelling retelling = {.moved = moved, .keeps_value = keeps_value};
    struct pv_spans made = {.tracks = pv_alloc(from->spans->track_count * sizeof *made.tracks)};
    uint32_t *frames = pv_alloc(from->tree->count * sizeof *frames);
    for (uint32_t i = 0; i < from->tree->count; i++)
        frames[i] = moved[i] ? pv_build_node_frame(remake->builder, moved[i]) : 0;
    made.track_count = retell(&retelling, from->spans, made.tracks);
    made.spans = retelling.made;
    made.count = retelling.made_count;
    struct pv_profile told = *from;
    told.spans = &made;
    pv_build_spans_of(remake->builder, &told, frames, moved);
    free(frames);
    free(made.tracks);
    free(made.spans);
}

#include "formats/json_read_parts.h"
#include "formats/json_rows_spans.h"
#include "model/error.h"

#include <stdlib.h>

/* Calls in time: columns that are read as they stand, and checked and put together when the tree
 * is there. */

static int64_t read_number(struct pv_json_reading *reading)
{
    return pv_json_read_int(reading, 0, UINT32_MAX - 1);
}

static int64_t read_function(struct pv_json_reading *reading)
{
    return pv_json_read_number(reading);
}

static int64_t read_time(struct pv_json_reading *reading)
{
    return pv_json_read_int(reading, -PV_JSON_TIME_MOST, PV_JSON_TIME_MOST);
}

static int64_t read_length(struct pv_json_reading *reading)
{
    return pv_json_read_int(reading, 0, PV_JSON_TIME_MOST);
}

/* Times that nobody asked for take no room. */
void pv_json_read_spans(struct pv_json_reading *reading)
{
    enum { TRACK, CALLS, FUNCTION, DEPTH, AT };
    static const char *const keys[] = {"track", "calls", "function", "depth", "at", "length", NULL};
    struct pv_json_spans *spans = &reading->rows->spans;
    if (!reading->rows->limits->keeps_spans) {
        pv_json_skip(reading->json);
        return;
    }
    if (pv_json_null(reading->json) || !pv_json_object(reading->json))
        return;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case TRACK:
            pv_json_read_column(reading, &spans->track, read_number);
            break;
        case CALLS:
            pv_json_read_column(reading, &spans->calls, read_number);
            break;
        case FUNCTION:
            pv_json_read_column(reading, &spans->function, read_function);
            break;
        case DEPTH:
            pv_json_read_column(reading, &spans->depth, read_number);
            break;
        case AT:
            pv_json_read_column(reading, &spans->at, read_time);
            break;
        default:
            pv_json_read_column(reading, &spans->length, read_length);
        }
}

void pv_json_spans_free(struct pv_json_spans *spans)
{
    free(spans->track.values);
    free(spans->calls.values);
    free(spans->function.values);
    free(spans->depth.values);
    free(spans->at.values);
    free(spans->length.values);
}

static bool fail(const struct pv_json_rows *rows, const char *text, struct pv_error *err)
{
    struct pv_where where = rows->spans.track.where;
    where.source = rows->source;
    return pv_fail(err, PV_INPUT_FAILED, where, "the times of calls (\"spans\"): %s", text);
}

/* Whether the columns are of one length each, and name what there is. */
static bool check_columns(const struct pv_json_rows *rows, struct pv_error *err)
{
    const struct pv_json_spans *spans = &rows->spans;
    uint32_t count = spans->function.count;
    uint64_t told = 0;
    if (spans->track.count != spans->calls.count)
        return fail(rows, "\"track\" and \"calls\" need one item a track", err);
    if (spans->depth.count != count || spans->at.count != count || spans->length.count != count)
        return fail(rows, "each call needs a function, a depth, a begin and a length", err);
    if (rows->metrics.count == 0)
        return fail(rows, "there is no metric that they are in", err);
    for (uint32_t t = 0; t < spans->track.count; t++) {
        told += (uint64_t)spans->calls.values[t];
        if (spans->track.values[t] >= rows->node_function.count)
            return fail(rows, "a track's node does not exist", err);
    }
    return told == count || fail(rows, "\"calls\" do not add up to the number of calls", err);
}

/* Puts calls together; nodes[i] is that of call i, behind them those of the tracks. */
struct nesting {
    const struct pv_json_rows *rows;
    struct pv_builder *builder;
    const uint32_t *frames;
    struct pv_span *spans;
    uint32_t *nodes;
    uint32_t *open; /* [depth] the last call there */
    int64_t *from;  /* [depth] where the next one may begin */
};

/* Call i, with which the track's calls go on. False where it lies across others. */
static bool nest(struct nesting *nesting, uint32_t i, uint32_t *deep, uint32_t track_node)
{
    const struct pv_json_spans *rows = &nesting->rows->spans;
    struct pv_span *span = &nesting->spans[i];
    bool is_deeper = rows->depth.values[i] > *deep;
    if (is_deeper || span->begin < nesting->from[rows->depth.values[i]])
        return false;
    span->depth = (uint32_t)rows->depth.values[i];
    uint32_t around = span->depth ? nesting->open[span->depth - 1] : i;
    if (span->depth && span->end > nesting->spans[around].end)
        return false;
    nesting->nodes[i] =
        pv_build_stack(nesting->builder, span->depth ? nesting->nodes[around] : track_node,
                       &nesting->frames[span->frame], 1, NULL);
    nesting->open[span->depth] = i;
    nesting->from[span->depth] = span->end;
    nesting->from[span->depth + 1] = span->begin;
    *deep = span->depth + 1;
    return true;
}

/* A track's calls from `first` on. */
static bool nest_track(struct nesting *nesting, struct pv_track track, uint32_t node)
{
    const struct pv_json_spans *rows = &nesting->rows->spans;
    int64_t now = 0;
    uint32_t deep = 0;
    nesting->from[0] = INT64_MIN;
    for (uint32_t i = track.first; i < track.first + track.count; i++) {
        struct pv_span *span = &nesting->spans[i];
        now += rows->at.values[i]; /* both are of 62 bits at most */
        if (now > PV_JSON_TIME_MOST || now < -PV_JSON_TIME_MOST)
            return false;
        *span = (struct pv_span){.begin = now,
                                 .end = now + rows->length.values[i],
                                 .frame = (uint32_t)rows->function.values[i],
                                 .node = i};
        if (span->end > PV_JSON_TIME_MOST || !nest(nesting, i, &deep, node))
            return false;
    }
    return true;
}

static bool nest_all(struct nesting *nesting, struct pv_track *tracks, const uint32_t *node_of)
{
    const struct pv_json_spans *rows = &nesting->rows->spans;
    uint32_t first = 0;
    for (uint32_t t = 0; t < rows->track.count; t++) {
        uint32_t node = node_of[rows->track.values[t]];
        nesting->nodes[rows->function.count + t] = node;
        tracks[t] = (struct pv_track){.node = rows->function.count + t,
                                      .first = first,
                                      .count = (uint32_t)rows->calls.values[t]};
        if (!nest_track(nesting, tracks[t], node))
            return false;
        first += tracks[t].count;
    }
    return true;
}

/* Depths count up one by one, so that no more of them are needed than the deepest call has. */
static size_t depth_room(const struct pv_json_spans *spans)
{
    int64_t most = 0;
    for (uint32_t i = 0; i < spans->depth.count; i++)
        most = spans->depth.values[i] > most ? spans->depth.values[i] : most;
    return (size_t)(most < spans->depth.count ? most : spans->depth.count) + 2;
}

static void hand_over(const struct nesting *nesting, struct pv_track *tracks)
{
    const struct pv_json_metric *metric = nesting->rows->metrics.rows;
    struct pv_metric time = {.scale = pv_power10(metric->digits)};
    struct pv_spans spans = {.tracks = tracks,
                             .spans = nesting->spans,
                             .track_count = nesting->rows->spans.track.count,
                             .count = nesting->rows->spans.function.count};
    const struct pv_profile told = {.metrics = &time, .metric_count = 1, .spans = &spans};
    pv_build_spans_of(nesting->builder, &told, nesting->frames, nesting->nodes);
}

void pv_json_spans_build(struct pv_builder *builder, const struct pv_json_rows *rows,
                         const uint32_t *frames, const uint32_t *node_of)
{
    const struct pv_json_spans *spans = &rows->spans;
    struct pv_error err;
    if (spans->track.count == 0 && spans->function.count == 0)
        return;
    if (!check_columns(rows, &err)) {
        pv_builder_fail(builder, err);
        return;
    }
    size_t room = depth_room(spans);
    size_t count = (size_t)spans->function.count + spans->track.count;
    struct nesting nesting = {.rows = rows,
                              .builder = builder,
                              .frames = frames,
                              .spans = pv_alloc(spans->function.count * sizeof *nesting.spans),
                              .nodes = pv_alloc(count * sizeof *nesting.nodes),
                              .open = pv_alloc(room * sizeof *nesting.open),
                              .from = pv_alloc(room * sizeof *nesting.from)};
    struct pv_track *tracks = pv_alloc(spans->track.count * sizeof *tracks);
    if (nest_all(&nesting, tracks, node_of)) {
        hand_over(&nesting, tracks);
    } else {
        fail(rows, "calls of one track do not lie within each other or beside each other", &err);
        pv_builder_fail(builder, err);
    }
    free(nesting.spans);
    free(nesting.nodes);
    free(nesting.open);
    free(nesting.from);
    free(tracks);
}

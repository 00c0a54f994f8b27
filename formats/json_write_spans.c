#include "formats/json_write_parts.h"

#include "model/sort.h"

#include <stdlib.h>

/* Calls in time as columns: what is like its neighbours stands beside them, which packs well. */

/* The columns of a call; begins are told from the one before on the same track. */
enum column { FUNCTION, DEPTH, AT, LENGTH, COLUMNS };

struct telling {
    struct pv_json_writing *writer;
    const struct pv_preorder *order;
    uint32_t *tracks; /* as they are told */
};

static int64_t first_begin(const struct pv_spans *spans, const struct pv_track *track)
{
    return track->count ? spans->spans[track->first].begin : INT64_MIN;
}

/* By the place of the outer frames, then by time: in which order a file names its threads says
 * nothing. */
static bool is_track_before(const void *context, uint32_t a, uint32_t b)
{
    const struct telling *telling = context;
    const struct pv_spans *spans = telling->writer->profile->spans;
    const struct pv_track *x = &spans->tracks[a], *y = &spans->tracks[b];
    if (x->node != y->node)
        return telling->order->number[x->node] < telling->order->number[y->node];
    int64_t begin = first_begin(spans, x), other = first_begin(spans, y);
    return begin != other ? begin < other : x->count < y->count;
}

static int64_t value_of(const struct telling *telling, const struct pv_span *span,
                        enum column column, int64_t before)
{
    const struct pv_json_writing *writer = telling->writer;
    switch (column) {
    case FUNCTION:
        return writer->rank[writer->func_of[writer->profile->tree->nodes[span->node].frame]];
    case DEPTH:
        return span->depth;
    case AT:
        return span->begin - before;
    default:
        return span->end - span->begin;
    }
}

static void put_column(const struct telling *telling, const char *key, enum column column)
{
    const struct pv_spans *spans = telling->writer->profile->spans;
    uint32_t told = 0;
    pv_json_put(telling->writer, key);
    for (uint32_t t = 0; t < spans->track_count; t++) {
        const struct pv_track *track = &spans->tracks[telling->tracks[t]];
        int64_t before = 0;
        for (uint32_t i = track->first; i < track->first + track->count; i++) {
            pv_json_put_next(telling->writer, told++);
            pv_json_put_int(telling->writer, value_of(telling, &spans->spans[i], column, before));
            before = spans->spans[i].begin;
        }
    }
}

static void put_tracks(const struct telling *telling, const char *key, bool is_node)
{
    const struct pv_spans *spans = telling->writer->profile->spans;
    pv_json_put(telling->writer, key);
    for (uint32_t t = 0; t < spans->track_count; t++) {
        const struct pv_track *track = &spans->tracks[telling->tracks[t]];
        pv_json_put_next(telling->writer, t);
        pv_json_put_int(telling->writer,
                        is_node ? telling->order->number[track->node] : track->count);
    }
}

void pv_json_put_spans(struct pv_json_writing *writer, const struct pv_preorder *order)
{
    static const char *const keys[COLUMNS] = {
        [FUNCTION] = "],\n\"function\":[",
        [DEPTH] = "],\n\"depth\":[",
        [AT] = "],\n\"at\":[",
        [LENGTH] = "],\n\"length\":[",
    };
    const struct pv_spans *spans = writer->profile->spans;
    if (!spans || spans->track_count == 0)
        return;
    struct telling telling = {writer, order, pv_alloc(spans->track_count * sizeof(uint32_t))};
    for (uint32_t t = 0; t < spans->track_count; t++)
        telling.tracks[t] = t;
    pv_sort(telling.tracks, spans->track_count, is_track_before, &telling);
    put_tracks(&telling, "\"spans\":{\"track\":[", true);
    put_tracks(&telling, "],\n\"calls\":[", false);
    for (unsigned column = 0; column < COLUMNS; column++)
        put_column(&telling, keys[column], (enum column)column);
    pv_json_put(writer, "]},\n");
    free(telling.tracks);
}

#include "model/builder_parts.h"
#include "model/error.h"

#include <stdlib.h>

/* Traces: the events of each track are logged and put on the tree when all of them are there,
 * because a later one may belong in front of an earlier one. */

uint32_t pv_build_new_track(struct pv_builder *builder)
{
    struct pv_spans_part *spans = &builder->spans;
    void *tracks = spans->tracks;
    if (!pv_builder_goes_on(builder))
        return 0;
    bool grown = pv_builder_grow(builder, &tracks, &spans->capacity, (uint64_t)spans->count + 1,
                                 sizeof *spans->tracks);
    spans->tracks = tracks;
    if (!grown)
        return 0;
    spans->tracks[spans->count] = (struct pv_track_part){.scale = 1, .until = INT64_MIN};
    return spans->count++;
}

void pv_build_place_track(struct pv_builder *builder, uint32_t track, uint32_t node)
{
    if (track < builder->spans.count)
        builder->spans.tracks[track].node = node;
}

void pv_build_sampled_track(struct pv_builder *builder, uint32_t track)
{
    if (track < builder->spans.count)
        builder->spans.tracks[track].is_sampled = true;
}

uint32_t pv_build_track(struct pv_builder *builder, uint32_t node)
{
    struct pv_spans_part *spans = &builder->spans;
    bool is_new = false;
    if (!pv_builder_goes_on(builder))
        return 0;
    const uint32_t *found =
        pv_map_put(&spans->by_node, node, spans->count, &is_new, &builder->budget);
    if (!found)
        return (void)pv_builder_memory(builder), 0;
    uint32_t track = *found;
    if (is_new) {
        pv_build_new_track(builder);
        pv_build_place_track(builder, track, node);
    }
    return track;
}

void pv_build_event_line(struct pv_builder *builder, uint64_t line)
{
    builder->spans.line = line;
}

void pv_build_event_cpu(struct pv_builder *builder, int64_t cpu)
{
    struct pv_spans_part *spans = &builder->spans;
    if (!pv_builder_goes_on(builder))
        return;
    if (!spans->cpu_metric)
        spans->cpu_metric = pv_build_metric(builder, PV_TEXT("CPU time"), PV_UNIT_NS, false);
    spans->has_cpu = cpu <= PV_TIME_MOST && cpu >= -PV_TIME_MOST;
    spans->cpu = cpu;
}

void pv_spans_repair(struct pv_builder *builder, enum pv_repair repair, uint64_t line)
{
    struct pv_repairs *made = &builder->spans.repairs[repair];
    made->count++;
    if (line && (!made->line || line < made->line))
        made->line = line;
}

static int64_t clamp(struct pv_builder *builder, int64_t time)
{
    if (time <= PV_TIME_MOST && time >= -PV_TIME_MOST)
        return time;
    pv_spans_repair(builder, PV_REPAIR_HUGE, builder->spans.line);
    return time < 0 ? -PV_TIME_MOST : PV_TIME_MOST;
}

static int64_t rescale(int64_t time, int64_t factor)
{
    int64_t scaled;
    if (__builtin_mul_overflow(time, factor, &scaled))
        return time < 0 ? INT64_MIN : INT64_MAX;
    return scaled;
}

/* What the order of the events will allow. */
static inline void watch(struct pv_builder *builder, struct pv_track_part *track,
                         const struct pv_event *event)
{
    track->count++;
    if (event->kind != PV_EVENT_SPAN) {
        if (track->has_pairs && event->at < track->pair_at) {
            track->is_late = true;
            pv_spans_repair(builder, PV_REPAIR_LATE, event->line);
        }
        track->has_pairs = true;
        track->pair_at = event->at;
        return;
    }
    bool is_wider = event->at == track->at && event->end > track->end;
    bool is_inner = event->end == track->end && event->at > track->at;
    track->begin_drops += track->has_whole && (event->at < track->at || is_wider);
    track->end_drops += track->has_whole && (event->end < track->end || is_inner);
    track->has_whole = true;
    track->at = event->at;
    track->end = event->end;
}

static void rescale_track(struct pv_track_part *track, int64_t scale)
{
    int64_t factor = scale / track->scale;
    track->at = rescale(track->at, factor);
    track->end = rescale(track->end, factor);
    track->pair_at = rescale(track->pair_at, factor);
    track->until = rescale(track->until, factor);
    track->scale = scale;
}

/* The track in the metric's present scale, or NULL. */
static inline struct pv_track_part *track_at(struct pv_builder *builder, uint32_t track)
{
    struct pv_spans_part *spans = &builder->spans;
    int64_t scale = builder->metric_count ? builder->metrics[0].metric.scale : 1;
    if (!pv_builder_goes_on(builder) || track >= spans->count)
        return NULL;
    struct pv_track_part *at = &spans->tracks[track];
    if (scale != at->scale)
        rescale_track(at, scale);
    return at;
}

static inline void add(struct pv_builder *builder, uint32_t track, struct pv_event *event)
{
    struct pv_spans_part *spans = &builder->spans;
    struct pv_track_part *at = track_at(builder, track);
    if (!at)
        return;
    event->line = spans->line < UINT32_MAX ? (uint32_t)spans->line : UINT32_MAX;
    event->cpu = spans->has_cpu ? spans->cpu : PV_NO_CPU;
    spans->has_cpu = false;
    watch(builder, at, event);
    if (at->count == UINT32_MAX || !pv_span_log_add(&at->log, event, at->scale, &builder->budget))
        pv_builder_memory(builder);
}

void pv_build_enter(struct pv_builder *builder, uint32_t track, uint32_t frame, int64_t at)
{
    at = clamp(builder, at);
    add(builder, track, &(struct pv_event){at, at, 0, frame, 0, PV_EVENT_ENTER});
}

void pv_build_leave(struct pv_builder *builder, uint32_t track, uint32_t frame, int64_t at)
{
    at = clamp(builder, at);
    add(builder, track, &(struct pv_event){at, at, 0, frame, 0, PV_EVENT_LEAVE});
}

void pv_build_span(struct pv_builder *builder, uint32_t track, uint32_t frame, int64_t at,
                   int64_t duration)
{
    int64_t end = 0;
    if (duration < 0) {
        pv_spans_repair(builder, PV_REPAIR_NEGATIVE, builder->spans.line);
        duration = 0;
    }
    if (__builtin_add_overflow(at, duration, &end))
        end = INT64_MAX;
    at = clamp(builder, at);
    end = clamp(builder, end);
    add(builder, track, &(struct pv_event){at, end, 0, frame, 0, PV_EVENT_SPAN});
}

void pv_build_track_end(struct pv_builder *builder, uint32_t track, int64_t at)
{
    struct pv_track_part *part = track_at(builder, track);
    at = clamp(builder, at);
    if (part && at > part->until)
        part->until = at;
}

static void note_repairs(struct pv_builder *builder)
{
    static const char *const texts[PV_REPAIRS] = {
        [PV_REPAIR_LATE] = "events stood behind later ones; they are sorted by time",
        [PV_REPAIR_UNMATCHED] = "ends have no begin and are left out",
        [PV_REPAIR_OUTLIVED] = "calls have no end of their own; they end with what is around them",
        [PV_REPAIR_UNCLOSED] = "calls never end; they last until their thread's end",
        [PV_REPAIR_OVERLAP] = "calls end after what they begin in; they are cut there",
        [PV_REPAIR_NEGATIVE] = "durations are negative and count as 0",
        [PV_REPAIR_CPU] = "calls have less CPU time than the calls in them; they count with theirs",
        [PV_REPAIR_HUGE] = "times are too large for 62 bits and are cut there",
    };
    for (size_t i = 0; i < PV_REPAIRS; i++) {
        const struct pv_repairs *made = &builder->spans.repairs[i];
        if (made->count)
            pv_build_note(builder, "repaired", texts[i], made->count, made->line);
    }
}

/* What was kept from `first` on is one track. */
static void keep_track(struct pv_builder *builder, uint32_t node, uint32_t first)
{
    struct pv_spans_part *spans = &builder->spans;
    void *tracks = spans->kept_tracks;
    bool grown = pv_builder_grow(builder, &tracks, &spans->kept_track_capacity,
                                 (uint64_t)spans->kept_track_count + 1, sizeof *spans->kept_tracks);
    spans->kept_tracks = tracks;
    if (grown)
        spans->kept_tracks[spans->kept_track_count++] =
            (struct pv_track){.node = node, .first = first, .count = spans->kept_count - first};
}

uint32_t pv_spans_keep(struct pv_builder *builder, const struct pv_span *span)
{
    struct pv_spans_part *spans = &builder->spans;
    void *kept = spans->kept;
    bool grown = pv_builder_grow(builder, &kept, &spans->kept_capacity,
                                 (uint64_t)spans->kept_count + 1, sizeof *spans->kept);
    spans->kept = kept;
    if (!grown)
        return PV_NONE;
    spans->kept[spans->kept_count] = *span;
    return spans->kept_count++;
}

static int64_t time_of(struct pv_builder *builder, int64_t time, unsigned digits)
{
    bool fits;
    int64_t scaled = pv_build_value(builder, 0, (struct pv_decimal){time, digits}, &fits);
    if (!fits)
        pv_builder_too_wide(builder);
    return scaled;
}

void pv_build_spans_of(struct pv_builder *builder, const struct pv_profile *from,
                       const uint32_t *frames, const uint32_t *nodes)
{
    const struct pv_spans *spans = from->spans;
    unsigned digits = pv_power_of(from->metrics[0].scale);
    for (uint32_t t = 0; t < spans->track_count && pv_builder_goes_on(builder); t++) {
        const struct pv_track *track = &spans->tracks[t];
        uint32_t first = builder->spans.kept_count;
        for (uint32_t i = 0; i < track->count && pv_builder_goes_on(builder); i++) {
            struct pv_span span = spans->spans[track->first + i];
            span.begin = time_of(builder, span.begin, digits);
            span.end = time_of(builder, span.end, digits);
            span.frame = frames[span.frame];
            span.node = nodes[span.node];
            pv_spans_keep(builder, &span);
        }
        keep_track(builder, nodes[track->node], first);
    }
}

void pv_spans_settle(struct pv_builder *builder)
{
    struct pv_spans_part *spans = &builder->spans;
    if (spans->count == 0 || builder->metric_count == 0 || builder->origin != PV_ORIGIN_STACKS)
        return;
    spans->keeps = builder->limits.keeps_spans;
    for (uint32_t i = 0; i < spans->count && pv_builder_goes_on(builder); i++) {
        uint32_t first = spans->kept_count;
        track_at(builder, i);
        pv_track_nest(builder, &spans->tracks[i]);
        pv_span_log_free(&spans->tracks[i].log);
        if (spans->keeps)
            keep_track(builder, spans->tracks[i].node, first);
    }
    note_repairs(builder);
}

void pv_spans_finish(struct pv_builder *builder, struct pv_profile *profile)
{
    struct pv_spans_part *part = &builder->spans;
    if (!part->kept_tracks)
        return;
    struct pv_spans *spans = pv_arena_alloc(builder->arena, sizeof *spans);
    *spans = (struct pv_spans){.tracks = part->kept_tracks,
                               .spans = part->kept,
                               .track_count = part->kept_track_count,
                               .count = part->kept_count};
    pv_arena_adopt(builder->arena, part->kept_tracks);
    pv_arena_adopt(builder->arena, part->kept);
    part->kept_tracks = NULL;
    part->kept = NULL;
    profile->spans = spans;
}

void pv_spans_discard(struct pv_spans_part *spans)
{
    for (uint32_t i = 0; i < spans->count; i++)
        pv_span_log_free(&spans->tracks[i].log);
    free(spans->tracks);
    free(spans->nest.stack);
    free(spans->nest.events);
    free(spans->nest.hashes);
    free(spans->nest.open_count);
    free(spans->kept_tracks);
    free(spans->kept);
    pv_map_free(&spans->by_node);
    *spans = (struct pv_spans_part){0};
}

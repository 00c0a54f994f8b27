#include "formats/pstats_fold.h"

#include "model/builder.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

/* The sampling interval, which the file does not name: the whole time over all samples. */
struct interval {
    int64_t ns;
    int128 samples;
};

static int64_t known(int64_t samples)
{
    return samples == PV_UNKNOWN_CALLS ? 0 : samples;
}

static struct interval measure(const struct pv_profile *profile)
{
    struct interval interval = {profile->metrics[0].total, 0};
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        interval.samples += known(profile->graph->funcs[i].primitive_calls);
    return interval;
}

/* Samples as time, rounded half up, clamped. */
static int64_t time_of(struct interval interval, int64_t samples)
{
    if (interval.samples <= 0 || interval.ns <= 0)
        return 0;
    int128 ns = ((int128)samples * interval.ns * 2 + interval.samples) / (interval.samples * 2);
    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

/* The folded frame of each function; to be freed. */
static uint32_t *fold_frames(struct pv_builder *builder, const struct pv_profile *profile)
{
    const struct pv_graph *graph = profile->graph;
    uint32_t *frames = pv_zalloc((size_t)graph->func_count + 1, sizeof *frames);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_frame *frame = &profile->frames[graph->funcs[i].frame];
        struct pv_frame_info info = {.name = pv_profile_text(profile, frame->name),
                                     .file = pv_profile_text(profile, frame->file),
                                     .flags = frame->flags};
        frames[i] = pv_build_frame(builder, &info);
    }
    return frames;
}

static void fold_funcs(struct pv_builder *builder, const struct pv_graph *graph,
                       const uint32_t *frames)
{
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_func *func = &graph->funcs[i];
        int64_t self[] = {graph->self[0][i], known(func->primitive_calls)};
        int64_t total[] = {graph->total[0][i], known(func->calls)};
        pv_build_func(builder, frames[i], PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, self, total);
    }
}

static void fold_arcs(struct pv_builder *builder, const struct pv_profile *profile,
                      const uint32_t *frames)
{
    const struct pv_graph *graph = profile->graph;
    struct interval interval = measure(profile);
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        int64_t samples = known(arc->calls);
        int64_t total[] = {time_of(interval, samples), samples};
        pv_build_arc(builder, frames[arc->caller], frames[arc->callee], PV_UNKNOWN_CALLS, total);
    }
}

static void fold_notes(struct pv_builder *builder, const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->note_count; i++)
        pv_build_note(builder, pv_profile_text(profile, profile->notes[i].kind).data,
                      pv_profile_text(profile, profile->notes[i].text).data,
                      profile->notes[i].count, profile->notes[i].line);
    pv_build_note(builder, "estimated",
                  "rows of a sampling profiler: what recursion adds to totals and arcs is counted "
                  "once per occurrence, and the times of arcs follow from their samples",
                  profile->graph->func_count, 0);
}

bool pv_pstats_fold(struct pv_profile **profile, const struct pv_limits *limits,
                    struct pv_error *err)
{
    struct pv_profile *folded;
    struct pv_builder *builder = pv_builder_new(limits, PV_ORIGIN_ARCS, "pstats");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, (*profile)->metrics[0].is_signed);
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    uint32_t *frames = fold_frames(builder, *profile);
    fold_funcs(builder, (*profile)->graph, frames);
    fold_arcs(builder, *profile, frames);
    fold_notes(builder, *profile);
    bool is_done = pv_builder_finish(builder, &folded, err);
    free(frames);
    pv_builder_free(builder);
    if (!is_done)
        return false;
    pv_profile_free(*profile);
    *profile = folded;
    return true;
}

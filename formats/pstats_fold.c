#include "formats/pstats_fold.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

struct folding {
    const struct pv_profile *profile;
    const struct pv_graph *graph;
    struct pv_builder *builder;
    const struct pv_pstats_afterwards *afterwards;
    uint32_t *frames; /* new frame by old function */
    uint32_t *funcs;  /* old function by old frame, or PV_NONE */
    int128 samples;   /* of the whole file: its time over them is the sampling interval */
};

static int64_t known(int64_t samples)
{
    return samples == PV_UNKNOWN_CALLS ? 0 : samples;
}

/* Samples as time, rounded half up, clamped. */
static int64_t time_of(const struct folding *folding, int64_t samples)
{
    int64_t whole = folding->profile->metrics[0].total;
    if (folding->samples <= 0 || whole <= 0)
        return 0;
    int128 ns = ((int128)samples * whole * 2 + folding->samples) / (folding->samples * 2);
    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

static void add_metrics(const struct folding *folding)
{
    const struct pv_metric *time = &folding->profile->metrics[0];
    pv_build_metric(folding->builder, pv_profile_text(folding->profile, time->name), time->unit,
                    time->is_signed);
    if (folding->afterwards->is_sampled)
        pv_build_metric(folding->builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
}

static void add_frames(struct folding *folding)
{
    const struct pv_profile *profile = folding->profile;
    folding->frames = pv_zalloc((size_t)folding->graph->func_count + 1, sizeof(uint32_t));
    folding->funcs = pv_alloc((profile->frame_count + (size_t)1) * sizeof(uint32_t));
    for (uint32_t f = 0; f < profile->frame_count; f++)
        folding->funcs[f] = PV_NONE;
    for (uint32_t i = 0; i < folding->graph->func_count; i++) {
        const struct pv_func *func = &folding->graph->funcs[i];
        const struct pv_frame *frame = &profile->frames[func->frame];
        struct pv_frame_info info = {.name = pv_profile_text(profile, frame->name),
                                     .file = pv_profile_text(profile, frame->file),
                                     .line = folding->afterwards->is_sampled ? 0 : frame->line,
                                     .flags = frame->flags};
        folding->frames[i] = pv_build_frame(folding->builder, &info);
        folding->funcs[func->frame] = i;
        folding->samples += known(pv_primitive_calls(folding->graph, i));
    }
}

static void add_funcs(const struct folding *folding)
{
    const struct pv_graph *graph = folding->graph;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_func *func = &graph->funcs[i];
        bool is_sampled = folding->afterwards->is_sampled;
        int64_t self[] = {graph->self[0][i], known(pv_primitive_calls(graph, i))};
        int64_t total[] = {graph->total[0][i], known(func->calls)};
        pv_build_func(folding->builder, folding->frames[i],
                      is_sampled ? PV_UNKNOWN_CALLS : func->calls,
                      is_sampled ? PV_UNKNOWN_CALLS : pv_primitive_calls(graph, i), self, total);
    }
}

/* An old arc, as it was or with another callee. */
static void add_arc(const struct folding *folding, uint32_t arc, uint32_t callee)
{
    const struct pv_graph *graph = folding->graph;
    uint32_t caller = folding->frames[graph->arcs[arc].caller];
    int64_t calls = graph->arcs[arc].calls;
    if (folding->afterwards->is_sampled) {
        int64_t total[] = {time_of(folding, known(calls)), known(calls)};
        pv_build_arc(folding->builder, caller, folding->frames[callee], PV_UNKNOWN_CALLS, total);
        return;
    }
    bool has_total = !graph->arc_has_total || graph->arc_has_total[arc];
    pv_build_arc(folding->builder, caller, folding->frames[callee], calls,
                 has_total ? &graph->arc_total[0][arc] : NULL);
}

/* References make a small file stand for a large one; an enemy would write such. */
static bool count_aliased(const struct folding *folding, struct pv_error *err)
{
    uint64_t left = ((uint64_t)1 << 20) + folding->graph->arc_count;
    for (uint32_t i = 0; i < folding->afterwards->alias_count; i++) {
        uint32_t owner = folding->funcs[folding->afterwards->aliases[i].owner];
        uint32_t arc = owner == PV_NONE ? PV_NONE : folding->graph->funcs[owner].first_in;
        for (; arc != PV_NONE; arc = folding->graph->arcs[arc].next_in)
            if (left-- == 0)
                return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){0},
                               "references make the file far larger than it is: refused as an "
                               "attack");
    }
    return true;
}

static void add_aliased(const struct folding *folding)
{
    for (uint32_t i = 0; i < folding->afterwards->alias_count; i++) {
        const struct pv_pstats_alias *alias = &folding->afterwards->aliases[i];
        uint32_t owner = folding->funcs[alias->owner], callee = folding->funcs[alias->frame];
        uint32_t arc = owner == PV_NONE ? PV_NONE : folding->graph->funcs[owner].first_in;
        for (; arc != PV_NONE && callee != PV_NONE; arc = folding->graph->arcs[arc].next_in)
            add_arc(folding, arc, callee);
    }
}

static void add_notes(const struct folding *folding)
{
    const struct pv_profile *profile = folding->profile;
    for (uint32_t i = 0; i < profile->note_count; i++)
        pv_build_note_text(folding->builder, pv_profile_text(profile, profile->notes[i].kind),
                           pv_profile_text(profile, profile->notes[i].text),
                           profile->notes[i].count, profile->notes[i].line);
    if (folding->afterwards->is_sampled)
        pv_build_note(folding->builder, "estimated",
                      "a sampler wrote this file: its totals and arcs count recursion at every "
                      "occurrence, and the times of arcs follow from their samples",
                      1, 0);
}

static void add_all(struct folding *folding)
{
    add_metrics(folding);
    add_funcs(folding);
    for (uint32_t i = 0; i < folding->graph->arc_count; i++)
        add_arc(folding, i, folding->graph->arcs[i].callee);
    add_aliased(folding);
    add_notes(folding);
}

bool pv_pstats_fold(struct pv_profile **profile, const struct pv_pstats_afterwards *afterwards,
                    const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_profile *folded;
    struct folding folding = {
        .profile = *profile, .graph = (*profile)->graph, .afterwards = afterwards};
    folding.builder = pv_builder_new(limits, PV_ORIGIN_ARCS, "pstats");
    add_frames(&folding);
    bool is_done = count_aliased(&folding, err);
    if (is_done) {
        add_all(&folding);
        is_done = pv_builder_finish(folding.builder, &folded, err);
    }
    free(folding.frames);
    free(folding.funcs);
    pv_builder_free(folding.builder);
    if (!is_done)
        return false;
    pv_profile_free(*profile);
    *profile = folded;
    return true;
}

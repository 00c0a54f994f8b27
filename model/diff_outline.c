#include "model/diff_parts.h"

#include <stdlib.h>

/* A difference without the union of what was measured. */

/* Whether values of the sides can be compared as they are. */
static bool is_plain(const struct pv_diff_request *request)
{
    return request->count[0] == 1 && request->count[1] == 1 && !request->normalizes &&
           request->runs[0][0]->origin == request->runs[1][0]->origin;
}

static bool have_one_scale(const struct pv_diff_making *making)
{
    for (uint32_t p = 0; p < making->row_count; p++)
        if (making->runs[0].factors[p] != 1 || making->runs[1].factors[p] != 1)
            return false;
    return true;
}

/* Base, head, change and both: only the first two have values. */
static void make_metrics(struct pv_profile *profile, const struct pv_diff_making *making)
{
    struct pv_budget budget = {0};
    profile->metric_count = making->row_count * PV_DIFF_COLUMNS;
    profile->metrics =
        pv_arena_alloc(profile->arena, profile->metric_count * sizeof *profile->metrics);
    for (uint32_t p = 0; p < making->row_count; p++)
        for (uint32_t i = 0; i < PV_DIFF_COLUMNS; i++) {
            const struct pv_diff_row *row = &making->rows[p];
            const struct pv_diff_run *run = &making->runs[i % 2];
            profile->metrics[p * PV_DIFF_COLUMNS + i] = (struct pv_metric){
                .name = pv_strings_add(profile->strings, row->name, &budget),
                .unit = row->unit,
                .scale = pv_power10(row->digits),
                .is_signed = row->is_signed,
                .total = i < 2 ? run->profile->metrics[run->metrics[p]].total : 0};
        }
}

/* The profile takes over what the frames have. */
static struct pv_profile *make_profile(struct pv_diff_frames *frames,
                                       const struct pv_diff_making *making)
{
    struct pv_arena *arena = pv_arena_new();
    struct pv_profile *profile = pv_arena_alloc(arena, sizeof *profile);
    profile->arena = arena;
    profile->strings = frames->strings;
    profile->origin = making->runs[0].profile->origin;
    profile->frames = frames->frames;
    profile->frame_count = profile->frame_room = frames->count;
    pv_arena_adopt(arena, frames->frames);
    pv_arena_adopt(arena, frames->match);
    pv_arena_adopt(arena, frames->sides);
    make_metrics(profile, making);
    return profile;
}

static struct pv_diff *outline(struct pv_diff_making *making)
{
    struct pv_diff_frames frames;
    making->as_tree = making->runs[0].profile->origin == PV_ORIGIN_STACKS;
    pv_diff_list_frames(&frames, making);
    struct pv_profile *profile = make_profile(&frames, making);
    struct pv_diff *diff = pv_diff_wrap(profile, making);
    diff->match = frames.match;
    diff->sides = frames.sides;
    for (unsigned side = 0; side < 2; side++) {
        struct pv_diff_run *run = &making->runs[side];
        diff->frames[side] = run->frames;
        diff->pair_metrics[side] = run->metrics;
        pv_arena_adopt(profile->arena, run->frames);
        pv_arena_adopt(profile->arena, run->metrics);
        run->frames = run->metrics = NULL;
    }
    return diff;
}

bool pv_diff_outline(struct pv_diff **out, const struct pv_diff_request *request,
                     struct pv_error *err)
{
    struct pv_diff_making making = {.request = request, .err = err};
    struct pv_diff *made = NULL;
    if (is_plain(request)) {
        pv_diff_list_runs(&making);
        if (!pv_diff_find_pairs(&making)) {
            pv_diff_making_free(&making);
            return false;
        }
        if (have_one_scale(&making))
            made = outline(&making);
        pv_diff_making_free(&making);
    }
    *out = made;
    return true;
}

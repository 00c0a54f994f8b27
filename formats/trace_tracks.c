#include "formats/trace_tracks.h"

#include <stdlib.h>

static uint64_t key_of(uint32_t a, uint32_t b)
{
    return (uint64_t)a << 32 | b;
}

/* pv_map takes any key; a budget without a limit never refuses. */
static uint32_t *put(struct pv_trace_tracks *tracks, struct pv_map *map, uint64_t key,
                     uint32_t value)
{
    bool is_new;
    return pv_map_put(map, key, value, &is_new, &tracks->budget);
}

struct pv_trace_track *pv_trace_tracks_known(const struct pv_trace_tracks *tracks, pv_str process,
                                             pv_str thread)
{
    const uint32_t *index = pv_map_get(&tracks->by_owner, key_of(process, thread));
    return index ? &tracks->tracks[*index] : NULL;
}

struct pv_trace_track *pv_trace_tracks_add(struct pv_trace_tracks *tracks, pv_str process,
                                           pv_str thread, const uint32_t *frames, uint32_t count)
{
    put(tracks, &tracks->by_owner, key_of(process, thread), tracks->count);
    if (tracks->count == tracks->room) {
        tracks->room = tracks->room ? tracks->room * 2 : 8;
        tracks->tracks = pv_resize(tracks->tracks, tracks->room * sizeof *tracks->tracks);
    }
    struct pv_trace_track *track = &tracks->tracks[tracks->count++];
    *track = (struct pv_trace_track){
        .node = count ? pv_build_stack(tracks->builder, 0, frames, count, NULL) : 0,
        .id = PV_NONE,
    };
    return track;
}

void pv_trace_tracks_switch(struct pv_trace_tracks *tracks, pv_str lane, pv_str thread)
{
    *put(tracks, &tracks->by_lane, lane, thread) = thread;
}

pv_str pv_trace_tracks_lane(const struct pv_trace_tracks *tracks, pv_str lane)
{
    const uint32_t *thread = pv_map_get(&tracks->by_lane, lane);
    return thread ? *thread : 0;
}

static uint32_t id_of(struct pv_trace_tracks *tracks, struct pv_trace_track *track)
{
    if (track->id == PV_NONE)
        track->id = pv_build_track(tracks->builder, track->node);
    return track->id;
}

static void count_repair(struct pv_trace_repair *repair, uint64_t line)
{
    repair->first = repair->count ? repair->first : line;
    repair->count++;
}

/* Moves the thread's time on; it never goes back. Times are cut to their last digit, so that being
 * late by that much is no fault of the file. */
static void move_on(struct pv_trace_tracks *tracks, struct pv_trace_track *track,
                    const struct pv_trace_when *when)
{
    bool is_late = when->has_at && track->has_now && when->at < track->now;
    if (is_late && (track->now - when->at) / 2 > when->at_last)
        count_repair(&tracks->late, when->line);
    if (when->has_at && !is_late)
        track->now = when->at;
    track->has_now = true;
}

static uint32_t *open_count(struct pv_trace_tracks *tracks, const struct pv_trace_track *track,
                            pv_str name)
{
    uint32_t index = (uint32_t)(track - tracks->tracks);
    return put(tracks, &tracks->open, key_of(index, name), 0);
}

static void push(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                 struct pv_trace_open open)
{
    if (track->count == track->room) {
        track->room = track->room ? track->room * 2 : 16;
        track->open = pv_resize(track->open, track->room * sizeof *track->open);
    }
    if (open.kind == PV_TRACE_OPEN_CALL) {
        ++*open_count(tracks, track, open.name);
        track->calls++;
    }
    track->open[track->count++] = open;
    pv_build_enter(tracks->builder, id_of(tracks, track), frame, open.from);
}

static void pop(struct pv_trace_tracks *tracks, struct pv_trace_track *track)
{
    const struct pv_trace_open *top = &track->open[--track->count];
    if (top->kind == PV_TRACE_OPEN_CALL) {
        --*open_count(tracks, track, top->name);
        track->calls--;
    }
    pv_build_leave(tracks->builder, track->id, PV_NONE, track->now);
}

/* A call without a duration ends where anything else of its thread begins. */
static void close_leaf(struct pv_trace_tracks *tracks, struct pv_trace_track *track)
{
    if (track->count && track->open[track->count - 1].kind == PV_TRACE_OPEN_LEAF)
        pop(tracks, track);
}

void pv_trace_enter(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                    pv_str name, const struct pv_trace_when *when)
{
    move_on(tracks, track, when);
    close_leaf(tracks, track);
    push(tracks, track, frame,
         (struct pv_trace_open){.name = name, .from = track->now, .kind = PV_TRACE_OPEN_CALL});
}

/* When a call ends: a duration counts from its begin, because it is finer than times are. */
static void end_call(struct pv_trace_tracks *tracks, struct pv_trace_track *track,
                     const struct pv_trace_open *open, const struct pv_trace_when *when)
{
    int64_t end;
    if (!when->has_dur || !pv_add(open->from, when->dur, &end)) {
        move_on(tracks, track, when);
        return;
    }
    if (end < track->now - when->dur_last)
        count_repair(&tracks->short_calls, when->line);
    track->now = end > track->now ? end : track->now;
}

void pv_trace_leave(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                    pv_str name, const struct pv_trace_when *when)
{
    bool is_open = name ? *open_count(tracks, track, name) > 0 : track->calls > 0;
    uint32_t left = track->count - 1;
    if (!is_open) {
        move_on(tracks, track, when);
        close_leaf(tracks, track);
        pv_build_leave(tracks->builder, id_of(tracks, track), name ? frame : PV_NONE, track->now);
        return;
    }
    while (track->open[left].kind != PV_TRACE_OPEN_CALL || (name && track->open[left].name != name))
        left--;
    end_call(tracks, track, &track->open[left], when);
    while (track->count > left + 1) {
        if (track->open[track->count - 1].kind == PV_TRACE_OPEN_CALL)
            count_repair(&tracks->unclosed, when->line);
        pop(tracks, track);
    }
    pop(tracks, track);
}

void pv_trace_call(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                   pv_str name, const struct pv_trace_when *when)
{
    move_on(tracks, track, when);
    close_leaf(tracks, track);
    push(tracks, track, frame,
         (struct pv_trace_open){.name = name, .from = track->now, .kind = PV_TRACE_OPEN_LEAF});
    int64_t end;
    if (!when->has_dur || !pv_add(track->now, when->dur, &end)) {
        count_repair(&tracks->endless, when->line);
        return;
    }
    track->now = end;
    close_leaf(tracks, track);
}

void pv_trace_step(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                   pv_str name, uint32_t depth, const struct pv_trace_when *when)
{
    move_on(tracks, track, when);
    close_leaf(tracks, track);
    while (track->count && track->open[track->count - 1].kind == PV_TRACE_OPEN_STEP &&
           track->open[track->count - 1].depth >= depth)
        pop(tracks, track);
    push(tracks, track, frame,
         (struct pv_trace_open){
             .name = name, .from = track->now, .depth = depth, .kind = PV_TRACE_OPEN_STEP});
}

void pv_trace_span(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                   const struct pv_trace_when *when)
{
    pv_build_span(tracks->builder, id_of(tracks, track), frame, when->at, when->dur);
}

void pv_trace_tick(struct pv_trace_tracks *tracks, struct pv_trace_track *track,
                   const struct pv_trace_when *when)
{
    move_on(tracks, track, when);
    close_leaf(tracks, track);
}

void pv_trace_end(struct pv_trace_tracks *tracks, struct pv_trace_track *track,
                  const struct pv_trace_when *when)
{
    move_on(tracks, track, when);
    while (track->count)
        pop(tracks, track);
}

static void close_steps(struct pv_trace_tracks *tracks, struct pv_trace_track *track)
{
    while (track->count && track->open[track->count - 1].kind != PV_TRACE_OPEN_CALL)
        pop(tracks, track);
}

static void tell(struct pv_trace_tracks *tracks, const struct pv_trace_repair *repair,
                 const char *words)
{
    if (repair->count)
        pv_build_note(tracks->builder, "repaired", words, repair->count, repair->first);
}

void pv_trace_tracks_finish(struct pv_trace_tracks *tracks)
{
    for (uint32_t i = 0; i < tracks->count; i++)
        close_steps(tracks, &tracks->tracks[i]);
    tell(tracks, &tracks->late,
         "lines are older than the end of what their thread did before; they are taken to begin "
         "there");
    tell(tracks, &tracks->short_calls,
         "calls took less time than what they called; they are as long as that");
    tell(tracks, &tracks->unclosed,
         "calls do not end before the one that called them; they end with it");
    tell(tracks, &tracks->endless,
         "calls have no duration; they last until the next line of their thread");
}

void pv_trace_tracks_free(struct pv_trace_tracks *tracks)
{
    for (uint32_t i = 0; i < tracks->count; i++)
        free(tracks->tracks[i].open);
    free(tracks->tracks);
    pv_map_free(&tracks->by_owner);
    pv_map_free(&tracks->by_lane);
    pv_map_free(&tracks->open);
}

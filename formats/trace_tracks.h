#ifndef PV_FORMATS_TRACE_TRACKS_H
#define PV_FORMATS_TRACE_TRACKS_H

#include "model/builder.h"
#include "model/map.h"

/* What is open in each thread of a log, line by line. Lines of one thread are taken in the order of
 * the file; where a line tells no time, or one before the end of what came before it (because
 * durations are finer than times), it begins there. */

/* One call that is open. */
struct pv_trace_open {
    pv_str name;
    int64_t from;
    uint32_t depth; /* of a step */
    enum { PV_TRACE_OPEN_CALL, PV_TRACE_OPEN_STEP, PV_TRACE_OPEN_LEAF } kind;
};

struct pv_trace_track {
    uint32_t node, id; /* of the outer frames; the builder's track, PV_NONE before its first call */
    struct pv_trace_open *open;
    uint32_t count, room, calls; /* calls: those of kind CALL */
    int64_t now;
    bool has_now;
};

/* How often something had to be put right, and the first line where it had. */
struct pv_trace_repair {
    uint64_t count, first;
};

struct pv_trace_tracks {
    struct pv_builder *builder;
    struct pv_trace_track *tracks;
    uint32_t count, room;
    struct pv_map by_owner;  /* process and thread → track */
    struct pv_map by_lane;   /* lane → thread */
    struct pv_map open;      /* track and name → how many calls of that name are open */
    struct pv_budget budget; /* without a limit: what is open is bounded by what was read */
    struct pv_trace_repair late, short_calls, unclosed, endless;
};

/* When something happens: no time (has_at false) is when the thread's last thing ended. `last` is
 * the weight of the last digit of what the line tells. */
struct pv_trace_when {
    bool has_at, has_dur;
    int64_t at, at_last, dur, dur_last;
    uint64_t line;
};

/* The track of a process and a thread (0: none), or NULL; valid until the next is added. A new one
 * has `count` frames outside of its calls. */
struct pv_trace_track *pv_trace_tracks_known(const struct pv_trace_tracks *tracks, pv_str process,
                                             pv_str thread);
struct pv_trace_track *pv_trace_tracks_add(struct pv_trace_tracks *tracks, pv_str process,
                                           pv_str thread, const uint32_t *frames, uint32_t count);

/* From now on, lines of this lane are of that thread; which one it is, or 0. */
void pv_trace_tracks_switch(struct pv_trace_tracks *tracks, pv_str lane, pv_str thread);
pv_str pv_trace_tracks_lane(const struct pv_trace_tracks *tracks, pv_str lane);

void pv_trace_enter(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                    pv_str name, const struct pv_trace_when *when);

/* name 0: whichever is innermost; frame: of the name, for one that is not open. */
void pv_trace_leave(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                    pv_str name, const struct pv_trace_when *when);

/* A call that called nothing; without a duration it lasts until the thread's next line. */
void pv_trace_call(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                   pv_str name, const struct pv_trace_when *when);
void pv_trace_step(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                   pv_str name, uint32_t depth, const struct pv_trace_when *when);
void pv_trace_span(struct pv_trace_tracks *tracks, struct pv_trace_track *track, uint32_t frame,
                   const struct pv_trace_when *when);

/* A line that only tells what time it is, and the end of a thread. */
void pv_trace_tick(struct pv_trace_tracks *tracks, struct pv_trace_track *track,
                   const struct pv_trace_when *when);
void pv_trace_end(struct pv_trace_tracks *tracks, struct pv_trace_track *track,
                  const struct pv_trace_when *when);

/* At the end of the file: closes steps, and tells what was repaired. */
void pv_trace_tracks_finish(struct pv_trace_tracks *tracks);
void pv_trace_tracks_free(struct pv_trace_tracks *tracks);

#endif

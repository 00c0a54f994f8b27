#ifndef PV_MODEL_BUILDER_H
#define PV_MODEL_BUILDER_H

#include "model/profile.h"

/* Makes a profile from what a reader finds. It interns, merges what is equal, adds up, and checks
 * the limits; a reader only reads. Errors are sticky: after the first, calls do nothing and
 * pv_builder_finish tells. */
struct pv_builder;

/* limits NULL: the defaults. `format` names the format in the profile. */
struct pv_builder *pv_builder_new(const struct pv_limits *limits, enum pv_origin origin,
                                  const char *format);
void pv_builder_free(struct pv_builder *builder);

/* False from the first failure on: a reader's loop may stop early. */
bool pv_builder_is_ok(const struct pv_builder *builder);

/* Makes the builder fail with this error. */
void pv_builder_fail(struct pv_builder *builder, struct pv_error err);

/* Adds a metric; call it before the first value. Returns its index. */
uint32_t pv_build_metric(struct pv_builder *builder, struct pv_text name, enum pv_unit unit,
                         bool is_signed);

/* The metric may be negative from now on. */
void pv_build_signed(struct pv_builder *builder, uint32_t metric);

/* The value in the metric's scale. A value with more fraction digits than any before raises the
 * scale and everything that is already there. *fits is false where int64 does not hold it. */
int64_t pv_build_value(struct pv_builder *builder, uint32_t metric, struct pv_decimal value,
                       bool *fits);

/* A time and a length, say: the second may raise the scale that the first was told in, so values
 * that belong together are asked for together. False where one of them does not fit. */
bool pv_build_value_pair(struct pv_builder *builder, uint32_t metric,
                         const struct pv_decimal values[2], int64_t scaled[2]);

/* A frame by its four parts, found or made; a name over limits.name_bytes is cut visibly. */
struct pv_frame_info {
    struct pv_text name, file, module;
    uint32_t line, flags;
};
uint32_t pv_build_frame(struct pv_builder *builder, const struct pv_frame_info *info);

/* The same for a frame that has nothing but a name (faster). */
uint32_t pv_build_name(struct pv_builder *builder, struct pv_text name);
void pv_build_flags(struct pv_builder *builder, uint32_t frame, uint32_t flags);

/* For a reader that meets the same texts over and over: the number of a text (cut as a name is;
 * or of one of another table), the bytes of a number (valid until the next text), a frame by such
 * numbers, and what a frame is (valid until the next frame). */
pv_str pv_build_text(struct pv_builder *builder, struct pv_text text);
pv_str pv_build_text_of(struct pv_builder *builder, const struct pv_strings *from, pv_str id);
struct pv_text pv_build_text_bytes(const struct pv_builder *builder, pv_str text);
uint32_t pv_build_frame_by(struct pv_builder *builder, const struct pv_frame *frame);
const struct pv_frame *pv_build_frame_at(const struct pv_builder *builder, uint32_t frame);
struct pv_text pv_build_frame_text(const struct pv_builder *builder, uint32_t frame);

/* Stacks. The node of a stack that goes on from node `from` (0: the root) by `count` frames,
 * outermost first; nodes[i], where `nodes` is not NULL, receives the node of frames[i]. A stack
 * beyond limits.stack_depth ends in a frame that says so. */
uint32_t pv_build_stack(struct pv_builder *builder, uint32_t from, const uint32_t *frames,
                        uint32_t count, uint32_t *nodes);

/* Parent and frame of a node, for a reader that wants to compare; all nodes at once (only these two
 * members mean something yet), valid until the next stack. */
const struct pv_node *pv_build_nodes(const struct pv_builder *builder);
uint32_t pv_build_node_frame(const struct pv_builder *builder, uint32_t node);

/* Adds to the node's self value in one metric (in the metric's scale). Sums are exact. */
void pv_build_self(struct pv_builder *builder, uint32_t node, uint32_t metric, int64_t value);

/* Adds calls of the node's function in this place, 0 or more: where stacks come from a trace. */
void pv_build_calls(struct pv_builder *builder, uint32_t node, int64_t calls);

/* Traces: what was called when, on the builder's tree of stacks, in metric 0. A track is one
 * thread's sequence; `node` is the stack of its outer frames (process and thread; 0: none), and the
 * same node gives the same track. What has a track is a trace, be there a call or not. Times are in
 * metric 0's scale, as pv_build_value gives them, and may be negative; a later rise of the scale
 * does them no harm. */
uint32_t pv_build_track(struct pv_builder *builder, uint32_t node);

/* A track of its own, whose outer frames are told later, or not at all: where a file names its
 * threads behind their events, or several sequences share a node. */
uint32_t pv_build_new_track(struct pv_builder *builder);
void pv_build_place_track(struct pv_builder *builder, uint32_t track, uint32_t node);

/* What the track tells was made of samples: its calls are not counted. */
void pv_build_sampled_track(struct pv_builder *builder, uint32_t track);

/* A call begins or ends. In the order of time they are told apart by their order; unsorted ones are
 * sorted (equal times keep their order). An end with a frame closes the innermost open call of that
 * frame and what is open in it; PV_NONE closes whatever is innermost. */
void pv_build_enter(struct pv_builder *builder, uint32_t track, uint32_t frame, int64_t at);
void pv_build_leave(struct pv_builder *builder, uint32_t track, uint32_t frame, int64_t at);

/* A call with its length, in any order: calls nest by containment, of those that begin together the
 * longer is outside (pv_build_value_pair makes the two values). Of two with the same times the
 * first is outside; but where a track's calls stand in the order of their ends, as programs write
 * them that log a call when it is over, the last one is. */
void pv_build_span(struct pv_builder *builder, uint32_t track, uint32_t frame, int64_t at,
                   int64_t duration);

/* What the next event tells of its thread's own clock, which stands while the thread waits: of a
 * span how long it went on, else what it showed. In nanoseconds, in a metric of its own that is
 * made when the first one comes. A call that does not tell has what the calls in it have. */
void pv_build_event_cpu(struct pv_builder *builder, int64_t cpu);

/* The track was followed until `at` at least: calls that never end last until then, or until its
 * last event where that is later. */
void pv_build_track_end(struct pv_builder *builder, uint32_t track, int64_t at);

/* All spans of another profile as they are, which change no value; frames[i] and nodes[i] are the
 * builder's of the other's. Both profiles' times are in metric 0, whose scale is settled. */
void pv_build_spans_of(struct pv_builder *builder, const struct pv_profile *from,
                       const uint32_t *frames, const uint32_t *nodes);

/* The line that the next events come from: repairs name the first one's. 0: not known. */
void pv_build_event_line(struct pv_builder *builder, uint64_t line);

/* Arcs. Rows of one function or one arc add up; values are [metric], calls PV_UNKNOWN_CALLS where
 * unknown. `total` NULL on an arc: only its calls are known; on a function: see
 * pv_build_inclusive. */
void pv_build_func(struct pv_builder *builder, uint32_t frame, int64_t calls,
                   int64_t primitive_calls, const int64_t *self, const int64_t *total);
void pv_build_arc(struct pv_builder *builder, uint32_t caller_frame, uint32_t callee_frame,
                  int64_t calls, const int64_t *total);

/* Values over time. A series by its name and units, found or made; more than limits.series are left
 * out with a note: PV_NONE, which pv_build_point takes. */
uint32_t pv_build_series(struct pv_builder *builder, struct pv_text name, enum pv_unit unit,
                         enum pv_unit at_unit);

/* The same with all that a series may have (model/series.h), always a new one. An empty at_name:
 * "time", "steps" or "bytes", by the unit. */
struct pv_series_info {
    struct pv_text name, group, owner, at_name;
    enum pv_unit unit, at_unit;
};
uint32_t pv_build_new_series(struct pv_builder *builder, const struct pv_series_info *info);

/* Points come in any order. More than limits.series_points are thinned with a note; the extremes
 * stay. */
void pv_build_point(struct pv_builder *builder, uint32_t series, struct pv_decimal at,
                    struct pv_decimal value);

/* All series of another profile, as they are. */
void pv_build_series_of(struct pv_builder *builder, const struct pv_profile *from);

/* Own cost of a function on a line, `file` 0 where that is in the function's own; it is part of
 * what pv_build_self or pv_build_func says. Kept only where limits.keeps_lines asks for it. */
void pv_build_line(struct pv_builder *builder, uint32_t frame, pv_str file, uint32_t line,
                   uint32_t metric, int64_t value);

/* The file tells no totals of functions and how often they were called only where it tells the
 * calls: both are worked out from own values and arcs when all is there (model/inclusive.h). */
void pv_build_inclusive(struct pv_builder *builder);

/* The file says whose process and thread all of it is; 0: it does not, or they are several. */
void pv_build_whose(struct pv_builder *builder, uint64_t process, uint64_t thread);

/* The file says of itself totals above the whole. */
void pv_build_unbounded(struct pv_builder *builder);

/* Notes of one kind and text add up their counts; the first line stays. The texts may hold any
 * bytes, as texts of a file do; pv_build_note is for words of ours. */
void pv_build_note_text(struct pv_builder *builder, struct pv_text kind, struct pv_text text,
                        uint64_t count, uint64_t line);
void pv_build_note(struct pv_builder *builder, const char *kind, const char *text, uint64_t count,
                   uint64_t line);

/* Ends building and hands the profile over; the builder is empty afterwards and must still be
 * freed. False: an error of before, or a total that int64 does not hold. */
bool pv_builder_finish(struct pv_builder *builder, struct pv_profile **out, struct pv_error *err);

#endif

#ifndef PV_MODEL_BUILDER_PARTS_H
#define PV_MODEL_BUILDER_PARTS_H

#include "model/builder.h"
#include "model/builder_spans.h"
#include "model/lines.h"
#include "model/map.h"

/* What a builder is made of: shared by the builder's own files, nobody else's business. */

/* While building, a node's two links hold what only the builder needs; pv_tree_finish turns them
 * into links. */
#define PV_NODE_DEPTH first_child /* frames on the way from the root */
#define PV_NODE_HASH next_sibling /* of the path from the root */

/* The number of a node, below PV_MOST_NODES, with the top bits of its path's hash above it, so that
 * most nodes that a search passes need not be looked at. 0: free. */
typedef uint32_t pv_node_slot;
#define PV_SLOT_BITS 28
#define PV_MOST_NODES (((uint32_t)1 << PV_SLOT_BITS) - 1)

struct pv_frame_slot {
    uint32_t hash, frame; /* frame + 1; 0: free */
};

/* Values by number. */
struct pv_column {
    int64_t *values;
    uint32_t count, capacity;
};

struct pv_tree_part {
    struct pv_node *nodes;
    uint32_t count, capacity;
    pv_node_slot *slots;
    uint32_t slot_count;
    struct pv_column calls; /* of no node: nobody told any */
};

struct pv_arc_part {
    struct pv_func *funcs;
    uint32_t func_count, func_capacity;
    uint32_t *func_of_frame; /* + 1; 0: none yet */
    uint32_t frame_capacity;
    struct pv_arc *arcs;
    uint32_t arc_count, arc_capacity;
    bool *has_total;
    uint32_t has_total_capacity;
    bool lacks_totals;
};

/* One metric and its columns: `self` by node or function, `total` by function, `arc_total` by arc,
 * `line` by line. */
struct pv_metric_part {
    struct pv_metric metric;
    struct pv_column self, total, arc_total, line;
};

struct pv_series_part {
    struct pv_series series;
    uint32_t capacity;
    uint64_t most_at, most_value; /* the largest magnitudes */
};
struct pv_series_table {
    struct pv_series_part *list;
    uint32_t count, capacity;
    struct pv_map by_name; /* of pv_build_series */
};

struct pv_builder {
    struct pv_limits limits;
    struct pv_budget budget;
    struct pv_error error; /* code PV_OK until the first failure */
    enum pv_origin origin;
    struct pv_arena *arena;
    struct pv_strings *strings;
    pv_str format;
    struct pv_frame *frames;
    uint32_t frame_count, frame_capacity;
    struct pv_frame_slot *frame_slots; /* of frames that are not the first of their name: by the
                                          hash of the identity, linear probing */
    uint32_t frame_slot_count, frame_slots_used;
    uint32_t *name_frame; /* string → the first frame of this name, + 1 */
    uint32_t name_frame_capacity;
    struct pv_metric_part *metrics;
    uint32_t metric_count, metric_capacity;
    struct pv_note *notes;
    uint32_t note_count, note_capacity;
    struct pv_tree_part tree;
    struct pv_arc_part arcs;
    struct pv_spans_part spans;
    struct pv_series_table series;
    struct pv_line_table lines;
    uint64_t process, thread;
    bool is_unbounded, needs_inclusive;
};

/* Fails the builder with a limit or with --max-memory; returns false. */
bool pv_builder_limit(struct pv_builder *builder, const char *what, const char *option,
                      uint64_t limit);
bool pv_builder_memory(struct pv_builder *builder);

/* Fails the builder because a metric's scale and its values do not fit together; returns false. */
bool pv_builder_too_wide(struct pv_builder *builder);

/* pv_grow for an array of the builder; false where the builder failed. */
bool pv_builder_grow(struct pv_builder *builder, void **array, uint32_t *capacity, uint64_t needed,
                     size_t item);

/* Makes the column hold `count` values, the new ones 0. */
bool pv_column_extend(struct pv_builder *builder, struct pv_column *column, uint32_t count);

/* Adds to one value of a column; an overflow fails the builder. */
void pv_column_add(struct pv_builder *builder, struct pv_column *column, uint32_t at,
                   int64_t value);

/* Notes that something of a trace was put right. */
void pv_spans_repair(struct pv_builder *builder, enum pv_repair repair, uint64_t line);

/* Keeps a span for the profile; its number among them, PV_NONE where the builder failed. */
uint32_t pv_spans_keep(struct pv_builder *builder, const struct pv_span *span);

/* Puts a track's calls on the tree, and where spans are kept, there. */
void pv_track_nest(struct pv_builder *builder, struct pv_track_part *track);

/* pv_build_stack for one frame. */
uint32_t pv_tree_child(struct pv_builder *builder, uint32_t from, uint32_t frame);

/* The parts of pv_builder_finish: merge what is left to merge (an error goes to the builder), and
 * move the builder's arrays into the profile. */
bool pv_arcs_settle(struct pv_builder *builder);
void pv_spans_settle(struct pv_builder *builder);
void pv_spans_finish(struct pv_builder *builder, struct pv_profile *profile);
void pv_spans_discard(struct pv_spans_part *spans);
bool pv_arcs_add_metric(struct pv_builder *builder, struct pv_metric_part *part);
bool pv_tree_start(struct pv_builder *builder);
void pv_tree_finish(struct pv_builder *builder, struct pv_profile *profile);
void pv_tree_discard(struct pv_tree_part *tree);
void pv_arcs_finish(struct pv_builder *builder, struct pv_profile *profile);
void pv_arcs_discard(struct pv_arc_part *arcs);
bool pv_lines_settle(struct pv_builder *builder);
void pv_lines_finish(struct pv_builder *builder, struct pv_profile *profile);
void pv_series_finish(struct pv_builder *builder, struct pv_profile *profile);
void pv_series_discard(struct pv_series_table *series);

#endif

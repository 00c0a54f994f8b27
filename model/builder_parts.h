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

struct pv_arc_row {
    uint32_t caller, callee;
    bool has_total;
    int64_t calls;
};

/* All rows until they are put together (builder_arc_log.c). Zero but for `key`: start it. */
struct pv_arc_log {
    struct pv_arc_chunk *chunks;
    uint32_t count, capacity;
    uint32_t key; /* of the block that rows are added to; PV_NONE: there is none */
    bool is_by_callee;
    uint32_t last_callee, same_callee, same_caller; /* of the first rows: how they come */
    uint64_t rows;
    size_t spare; /* bytes that the budget has counted and that are free again */
};

struct pv_arc_part {
    struct pv_func *funcs;
    uint32_t func_count, func_capacity;
    uint32_t *func_of_frame;          /* + 1; 0: none yet */
    struct pv_column primitive_calls; /* by function; of none: nobody told any */
    uint32_t frame_capacity;
    struct pv_arc_log log;
    uint64_t most_rows; /* more: equal ones are put together first */
    bool lacks_totals;
    struct pv_arc *arcs; /* all below: once it is settled */
    uint32_t arc_count;
    bool *has_total; /* NULL: all have one */
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

/* pv_builder_is_ok for the builder's own loops. */
static inline bool pv_builder_goes_on(const struct pv_builder *builder)
{
    return builder->error.code == PV_OK;
}

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
void pv_column_overflow(struct pv_builder *builder);
static inline void pv_column_add(struct pv_builder *builder, struct pv_column *column, uint32_t at,
                                 int64_t value)
{
    if (__builtin_add_overflow(column->values[at], value, &column->values[at]))
        pv_column_overflow(builder);
}

/* Notes that something of a trace was put right. */
void pv_spans_repair(struct pv_builder *builder, enum pv_repair repair, uint64_t line);

/* Keeps a span for the profile; its number among them, PV_NONE where the builder failed. */
uint32_t pv_spans_keep(struct pv_builder *builder, const struct pv_span *span);

/* Puts a track's calls on the tree, and where spans are kept, there. */
void pv_track_nest(struct pv_builder *builder, struct pv_track_part *track);

/* pv_build_stack for one frame. */
uint32_t pv_tree_child(struct pv_builder *builder, uint32_t from, uint32_t frame);

/* For loops that know what comes: the hash of a path by that of its beginning, which a node's is in
 * PV_NODE_HASH; and two steps of asking memory for what finding the path's node, and adding to its
 * columns, will touch. */
static inline uint32_t pv_tree_hash(uint32_t hash, uint32_t frame)
{
    uint64_t mixed = (((uint64_t)hash << 32) | frame) * 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 29)) * 0xbf58476d1ce4e5b9;
    return (uint32_t)(mixed >> 32);
}
static inline void pv_tree_ask_slot(const struct pv_builder *builder, uint32_t hash)
{
    __builtin_prefetch(&builder->tree.slots[hash & (builder->tree.slot_count - 1)]);
}
static inline void pv_tree_ask_node(const struct pv_builder *builder, uint32_t hash)
{
    const struct pv_tree_part *tree = &builder->tree;
    const struct pv_column *self = &builder->metrics[0].self;
    uint32_t node = tree->slots[hash & (tree->slot_count - 1)] & PV_MOST_NODES;
    __builtin_prefetch(&tree->nodes[node]);
    if (node < tree->calls.count)
        __builtin_prefetch(&tree->calls.values[node]);
    if (node < self->count)
        __builtin_prefetch(&self->values[node]);
}

/* The parts of pv_builder_finish: merge what is left to merge (an error goes to the builder), and
 * move the builder's arrays into the profile. */
bool pv_arcs_settle(struct pv_builder *builder);
void pv_spans_settle(struct pv_builder *builder);
void pv_spans_finish(struct pv_builder *builder, struct pv_profile *profile);
void pv_spans_discard(struct pv_spans_part *spans);
/* Adds calls that may be unknown. */
void pv_calls_add(int64_t *calls, int64_t more);

void pv_arc_log_start(struct pv_arc_log *log);
void pv_arc_log_free(struct pv_arc_log *log);

/* Writes a row down; `totals` by metric, NULL: all 0. An error goes to the builder. */
void pv_arc_log_add(struct pv_builder *builder, const struct pv_arc_row *row,
                    const int64_t *totals);

/* Whether its rows so far come callee by callee, and it does not expect them so. */
bool pv_arc_log_is_turned(const struct pv_arc_log *log);

/* The next rows have one metric more. */
void pv_arc_log_metric(struct pv_builder *builder);

/* Takes all rows out of the log, which is empty from the start on and may be written to again,
 * equal ones put together: function by function, either as caller or as callee of all its rows.
 * `rows` and `totals`, [row × metrics + metric], are valid until the next one. */
struct pv_arc_taker {
    struct pv_builder *builder;
    struct pv_arc_log log;
    uint32_t *place; /* by the other function: which row it may be */
    struct pv_arc_row *rows;
    uint32_t count, capacity;
    struct pv_column totals;
};
void pv_arc_taker_start(struct pv_arc_taker *taker, struct pv_builder *builder);
bool pv_arc_taker_next(struct pv_arc_taker *taker, uint32_t func);
void pv_arc_taker_free(struct pv_arc_taker *taker);

/* Makes the totals of one metric `factor` times as large; false where one does not fit. */
bool pv_arcs_scale(struct pv_builder *builder, uint32_t metric, int64_t factor);

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

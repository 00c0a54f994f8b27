#ifndef PV_MODEL_PROFILE_H
#define PV_MODEL_PROFILE_H

#include "model/arena.h"
#include "model/error.h"
#include "model/limits.h"
#include "model/lines.h"
#include "model/series.h"
#include "model/spans.h"
#include "model/strings.h"
#include "model/units.h"

#include <stdint.h>

/* What a profile is: frames, metrics, and a call tree, a call graph or both. Everything is a dense
 * array indexed by uint32_t. Made by a builder (model/builder.h); const from then on, but for the
 * parts that pv_profile_need adds. */

#define PV_NONE UINT32_MAX /* no node, no function, no arc */

/* Calls that a file does not tell. */
#define PV_UNKNOWN_CALLS ((int64_t)-1)

enum pv_frame_flag {
    PV_FRAME_KERNEL = 1 << 0,  /* _[k] */
    PV_FRAME_JIT = 1 << 1,     /* _[j] */
    PV_FRAME_INLINED = 1 << 2, /* _[i] */
    PV_FRAME_WAITING = 1 << 3, /* _[w]: of the waker's stack */
    PV_FRAME_BUILTIN = 1 << 4, /* part of the language's runtime, without a source file */
    PV_FRAME_LOADER =
        1 << 5, /* loads and runs other code: exec, importlib; see docs/architecture.md */
    PV_FRAME_THREAD = 1 << 6,       /* synthetic: a thread */
    PV_FRAME_PROCESS = 1 << 7,      /* synthetic: a process */
    PV_FRAME_UNKNOWN = 1 << 8,      /* the producer had no name for it: [unknown], ??? */
    PV_FRAME_REST = 1 << 9,         /* synthetic: a remainder of what was cut away */
    PV_FRAME_INTERPRETED = 1 << 10, /* _[0] of async-profiler */
    PV_FRAME_QUICK_JIT = 1 << 11,   /* _[1] of it: by the quick first compiler */
};

/* A place in a program. Identity is name, file, module and line; flags are OR-ed together. */
struct pv_frame {
    pv_str name, file, module;
    uint32_t line;  /* of the definition; 0: not known */
    uint32_t flags; /* enum pv_frame_flag */
};

struct pv_metric {
    pv_str name;
    enum pv_unit unit;
    int64_t scale;  /* power of ten, 1 to 10^9: values are the unit's times this */
    bool is_signed; /* may be negative: differences, freed bytes */
    int64_t total;  /* Σ self, exactly */
};

/* Node 0 is the root, which has no frame and parent PV_NONE; a parent's index is below its
 * children's. Columns are [metric][node]. */
struct pv_node {
    uint32_t parent, frame, first_child, next_sibling;
};
struct pv_tree {
    struct pv_node *nodes;
    uint32_t count;
    int64_t **self, **total; /* total: of the node and all below it */
    int64_t *calls; /* by node: how often it was called; 0: not known. NULL: of none. A transform
                       makes a tree without */
    uint8_t *certainty; /* enum pv_certainty by node; NULL where measured: all is exact */
};

/* What is known of a node of an estimated tree. */
enum pv_certainty {
    PV_EXACT_TOTAL = 1, /* its total is what was measured */
    PV_EXACT_SELF = 2,  /* so is its own share of it */
};

/* Function i is about frame funcs[i].frame; arcs are chained by caller and by callee. */
struct pv_func {
    uint32_t frame, first_out, first_in;
    int64_t calls; /* PV_UNKNOWN_CALLS where unknown */
};
struct pv_arc {
    uint32_t caller, callee, next_out, next_in; /* functions, arcs */
    int64_t calls;                              /* PV_UNKNOWN_CALLS where unknown */
};
/* Columns are [metric][function] and [metric][arc]. A function's total counts recursion once; an
 * arc's total counts once per stack. arc_has_total[i] is false where the file gives only a number
 * of calls for it (NULL: all have one). */
struct pv_graph {
    struct pv_func *funcs;
    struct pv_arc *arcs;
    uint32_t func_count, arc_count;
    int64_t **self, **total, **arc_total;
    bool *arc_has_total;
    int64_t *primitive_calls; /* by function, PV_UNKNOWN_CALLS where unknown; NULL: of none known */
};

/* The function's calls that are not recursive. */
static inline int64_t pv_primitive_calls(const struct pv_graph *graph, uint32_t func)
{
    return graph->primitive_calls ? graph->primitive_calls[func] : PV_UNKNOWN_CALLS;
}

/* What was measured; the other one is derived when asked for. */
enum pv_origin { PV_ORIGIN_STACKS, PV_ORIGIN_ARCS };

/* Something that a reader or a transform repaired, clamped, cut or left out. */
struct pv_note {
    pv_str kind;    /* "skipped", "clamped", "cut", "repaired", "estimated", "filtered", … */
    pv_str text;    /* a sentence for people */
    uint64_t count; /* how often */
    uint64_t line;  /* of the first one; 0: not known */
};

struct pv_profile {
    struct pv_arena *arena; /* owns everything here */
    struct pv_strings *strings;
    pv_str format; /* name of the format it was read from */
    enum pv_origin origin;
    struct pv_frame *frames;
    uint32_t frame_count, frame_room; /* a few more fit behind them: an estimate's remainders */
    struct pv_metric *metrics;
    uint32_t metric_count;
    struct pv_tree *tree;     /* NULL until needed where origin is ARCS */
    struct pv_graph *graph;   /* NULL until needed where origin is STACKS */
    struct pv_series *series; /* in canonical order */
    uint32_t series_count;
    struct pv_lines *lines; /* NULL where limits.keeps_lines was not set or none are told */
    struct pv_spans *spans; /* NULL where limits.keeps_spans was not set or there are no times */
    struct pv_note *notes;
    uint32_t note_count;
    uint64_t process, thread; /* whose all of it is; 0: not known, or several */
    uint8_t noise;     /* said of all metrics: enum pv_noise (model/diff.h) + 1; 0: nothing */
    bool is_unbounded; /* the file itself records totals above the whole (pstats) */
};

void pv_profile_free(struct pv_profile *profile);

/* Shorthands. */
struct pv_text pv_profile_text(const struct pv_profile *profile, pv_str id);
struct pv_text pv_profile_name(const struct pv_profile *profile, uint32_t frame);

/* Builds the call graph from the tree if it is not there; false where it cannot be (limits). */
bool pv_profile_need_graph(struct pv_profile *profile, const struct pv_limits *limits,
                           struct pv_error *err);

/* Builds the call tree if it is not there: of a profile of arcs, an estimate (model/estimate.h) in
 * which `metric` decides. */
void pv_profile_need_tree(struct pv_profile *profile, uint32_t metric);

/* Frees what drawing one metric of the tree does not need, which wants the room for itself: the
 * call graph's arcs, and of a measured tree own values that follow from the totals. Then tree->self
 * of the metric is NULL, and pv_tree_self tells them. */
void pv_profile_keep_tree(struct pv_profile *profile, uint32_t metric);

/* A node's own value: what its children leave of its total. */
int64_t pv_tree_self(const struct pv_tree *tree, uint32_t metric, uint32_t node);

/* Leaves out all metrics but one, which becomes metric 0. */
void pv_profile_keep_metric(struct pv_profile *profile, uint32_t metric);

/* Says whose the series are that have no owner yet: before profiles are put together. */
void pv_profile_own_series(struct pv_profile *profile, struct pv_text owner);

/* What shares of a metric are of: its total, at least 0; where values may be negative, the sum of
 * the sizes of all own values, because what they add up to may be less than one of them. Of the
 * tree where the profile has stacks, else of the graph; capped at INT64_MAX. */
int64_t pv_profile_whole(const struct pv_profile *profile, uint32_t metric);

/* Canonical order: by name, file, line, module. Negative, zero, positive. Frames of one profile are
 * never equal unless they are the same. */
int pv_frame_compare(const struct pv_profile *profile, uint32_t a, uint32_t b);

/* All frames in canonical order: order[i] is a frame; an array of frame_count, to be freed. */
uint32_t *pv_frame_order(const struct pv_profile *profile);

#endif

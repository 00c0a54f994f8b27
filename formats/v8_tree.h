#ifndef PV_FORMATS_V8_TREE_H
#define PV_FORMATS_V8_TREE_H

#include "formats/json_pull.h"
#include "model/builder.h"
#include "model/map.h"

/* The call tree of V8's profiles: nodes with a call frame each, of the CPU profiler (.cpuprofile,
 * profiles inside of Chrome's traces) and of the sampling heap profiler (.heapprofile). As in the
 * Profiler and HeapProfiler domains of the Chrome DevTools Protocol, and as before it:
 *
 *     {"id": 2, "callFrame": {"functionName", "scriptId", "url", "lineNumber"}, "hitCount",
 *      "children": [3, 4]}                     a flat array of nodes, children by their ids
 *     {"id": 2, "callFrame": …, "parent": 1}   the same, by their parents' ids
 *     {"callFrame": …, "selfSize", "children": [{…}, …]}           nested
 *     {"functionName", "url", "lineNumber", "hitCount", "children": [{…}, …]}   nested, until 2017
 *
 * lineNumber counts from 0; -1 is none. */

struct pv_v8_node {
    int64_t id;            /* of the file; -1: none */
    uint32_t parent;       /* row; PV_NONE: none */
    bool is_native;        /* of no script: scriptId is 0 */
    struct pv_frame frame; /* as read: not completed yet */
    int64_t weight;        /* hitCount or selfSize */
};

/* The frame of a call frame as it was read (line: lineNumber + 1): with V8's and Node.js' own
 * functions marked, and file:///x as /x. */
uint32_t pv_v8_frame(struct pv_builder *builder, struct pv_frame frame, bool is_native);

/* Zero-initialise but for json, builder and budget.limit. Errors of the grammar and of memory are
 * the JSON's. */
struct pv_v8_tree {
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;

    struct pv_v8_node *nodes;
    uint32_t count, capacity;
    struct pv_map ids; /* → row */
    struct pv_v8_link {
        uint32_t row;
        bool is_parent; /* the node with this id is the row's parent; else its child */
        int64_t id;
        struct pv_where where;
    } * links;
    uint32_t link_count, link_capacity;

    uint32_t *built; /* the builder's node of each row */
};

/* The node, with all that is nested in it, or the array of nodes that comes next. */
void pv_v8_tree_read_node(struct pv_v8_tree *tree);
void pv_v8_tree_read_nodes(struct pv_v8_tree *tree);

/* The row of an id, or PV_NONE. */
uint32_t pv_v8_tree_row(const struct pv_v8_tree *tree, int64_t id);

/* Makes the builder's nodes below `base`; "(root)" is `base` itself. False where the nodes are no
 * tree: one of them has two parents or is below itself. */
bool pv_v8_tree_build(struct pv_v8_tree *tree, uint32_t base, struct pv_error *err);

/* Whether the row is V8's name for no work at all. */
bool pv_v8_tree_is_idle(const struct pv_v8_tree *tree, uint32_t row);

void pv_v8_tree_free(struct pv_v8_tree *tree);

#endif

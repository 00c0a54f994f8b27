#include "formats/pyinstrument.h"

#include "formats/json_take.h"
#include "formats/json_tree.h"
#include "model/error.h"

#include <stdlib.h>

struct row {
    uint32_t parent;
    pv_str function, file;
    uint32_t line;
    int64_t time;  /* ns, with that of the children */
    uint32_t size; /* rows in it */
};

struct tree {
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct row *rows; /* parents first */
    uint32_t count, capacity;
};

enum key { CHILDREN, FUNCTION, FILE_PATH, LINE_NO, TIME };
static const char *const keys[] = {"children", "function", "file_path", "line_no", "time", NULL};

static uint32_t add_row(void *context, uint32_t parent)
{
    struct tree *tree = context;
    void *rows = tree->rows;
    bool grown = pv_grow(&rows, &tree->capacity, (uint64_t)tree->count + 1, sizeof *tree->rows,
                         &tree->budget);
    tree->rows = rows;
    if (!grown) {
        pv_json_fail(tree->json, PV_LIMIT, "the profile needs more than --max-memory allows");
        return 0;
    }
    tree->rows[tree->count] = (struct row){.parent = parent, .size = 1};
    return tree->count++;
}

static void take_member(void *context, uint32_t number, int key)
{
    enum { SECONDS = 9 };
    struct tree *tree = context;
    struct row *row = &tree->rows[number];
    struct pv_decimal seconds;
    if (key == FUNCTION)
        row->function = pv_json_take_text(tree->json, tree->builder);
    else if (key == FILE_PATH)
        row->file = pv_json_take_text(tree->json, tree->builder);
    else if (key == LINE_NO)
        row->line = (uint32_t)pv_json_take_int(tree->json, 0, UINT32_MAX, 0);
    else if (pv_json_decimal(tree->json, &seconds) &&
             (!pv_scale_decimal(seconds, SECONDS, &row->time) || row->time < 0))
        pv_json_fail(tree->json, PV_INPUT_FAILED, "a time that cannot be");
}

/* What is not in a call is a row of its own where a function has calls, too: it is the function's
 * own time. */
static bool is_self(const struct tree *tree, const struct row *row)
{
    return row->parent != PV_NONE &&
           pv_text_equal(pv_build_text_bytes(tree->builder, row->function), PV_TEXT("[self]"));
}

static uint32_t build_row(const struct tree *tree, const struct row *row, const uint32_t *nodes)
{
    uint32_t from = row->parent == PV_NONE ? 0 : nodes[row->parent];
    if (is_self(tree, row))
        return from;
    struct pv_text name = pv_build_text_bytes(tree->builder, row->function);
    struct pv_text file = pv_build_text_bytes(tree->builder, row->file);
    uint32_t frame = pv_pyinstrument_frame(tree->builder, name, file, row->line);
    return pv_build_stack(tree->builder, from, &frame, 1, NULL);
}

/* A row's own time is its time less its children's. Times are rounded to microseconds, so that
 * children may have a little more than all: the difference then counts against what is above. More
 * than rounding explains is told. */
static void add_own_times(struct tree *tree, const uint32_t *nodes, int64_t *self)
{
    enum { ROUNDING = 1000 };
    uint32_t clamped = 0;
    for (uint32_t i = tree->count; i-- > 0;) {
        const struct row *row = &tree->rows[i];
        clamped += self[i] < -(int64_t)ROUNDING * row->size;
        if (row->parent != PV_NONE) {
            tree->rows[row->parent].size += row->size;
            pv_add(self[row->parent], self[i] < 0 ? self[i] : 0, &self[row->parent]);
        }
        pv_build_self(tree->builder, nodes[i], 0, self[i] > 0 ? self[i] : 0);
    }
    if (clamped)
        pv_build_note(tree->builder, "clamped",
                      "functions whose calls together took longer than they", clamped, 0);
}

static void build(struct tree *tree)
{
    uint32_t *nodes = pv_zalloc(tree->count, sizeof *nodes);
    int64_t *self = pv_zalloc(tree->count, sizeof *self);
    for (uint32_t i = 0; i < tree->count; i++) {
        const struct row *row = &tree->rows[i];
        nodes[i] = build_row(tree, row, nodes);
        self[i] = row->time;
        if (row->parent != PV_NONE &&
            __builtin_sub_overflow(self[row->parent], row->time, &self[row->parent]))
            pv_json_fail(tree->json, PV_INPUT_FAILED, "the times do not fit in 64 bits");
    }
    add_own_times(tree, nodes, self);
    free(nodes);
    free(self);
}

void pv_pyinstrument_read_tree(struct pv_json *json, struct pv_builder *builder,
                               const struct pv_limits *limits)
{
    struct tree tree = {.json = json, .builder = builder, .budget = {.limit = limits->memory}};
    struct pv_json_tree walk = {keys, add_row, take_member, NULL, &tree};
    pv_json_tree_walk(json, &walk);
    if (pv_json_is_ok(json) && pv_builder_is_ok(builder))
        build(&tree);
    free(tree.rows);
}

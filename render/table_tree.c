#include "model/estimate.h"
#include "model/heap.h"
#include "model/number.h"
#include "render/table_parts.h"

#include <stdlib.h>

/* The call tree from the heaviest node down: a row's callees stand below it, the heaviest first. */

enum { MOST_GUIDES = 20 };

/* One node that gets a row, linked to others by their numbers. */
struct entry {
    uint32_t node, first, last, next; /* entries; PV_NONE: none */
    uint32_t depth;
    uint32_t hidden;      /* callees that get no row */
    int64_t hidden_total; /* what those have in all */
};

struct tree_table {
    struct pv_table_maker maker;
    const struct pv_tree *tree;
    struct entry *entries; /* [0] is the root */
    uint32_t count, capacity;
    uint32_t *entry_of; /* by node; PV_NONE: none */
};

static bool is_heavier(const void *context, uint32_t a, uint32_t b)
{
    const struct tree_table *work = context;
    const int64_t *total = work->tree->total[work->maker.metric];
    uint64_t x = pv_magnitude(total[a]), y = pv_magnitude(total[b]);
    if (x != y)
        return x > y;
    int order = pv_frame_compare(work->maker.profile, work->tree->nodes[a].frame,
                                 work->tree->nodes[b].frame);
    return order ? order < 0 : a < b;
}

/* A node's callees are looked at once it has a row itself. */
static void push_callees(struct tree_table *work, struct pv_heap *heap, uint32_t node)
{
    const struct pv_node *nodes = work->tree->nodes;
    for (uint32_t i = nodes[node].first_child; i != PV_NONE; i = nodes[i].next_sibling)
        pv_heap_push(heap, i);
}

static void append(struct tree_table *work, uint32_t node)
{
    if (work->count == work->capacity) {
        work->capacity = work->capacity ? 2 * work->capacity : 64;
        work->entries = pv_resize(work->entries, work->capacity * sizeof *work->entries);
    }
    uint32_t own = work->count++;
    work->entries[own] = (struct entry){node, PV_NONE, PV_NONE, PV_NONE, 0, 0, 0};
    work->entry_of[node] = own;
    if (node == 0)
        return;
    struct entry *parent = &work->entries[work->entry_of[work->tree->nodes[node].parent]];
    if (parent->last == PV_NONE)
        parent->first = own;
    else
        work->entries[parent->last].next = own;
    parent->last = own;
    work->entries[own].depth = parent->depth + 1;
}

/* The heaviest nodes, each after its caller; rows 0: all. */
static void choose(struct tree_table *work, uint64_t rows)
{
    struct pv_heap heap = {.before = is_heavier, .context = work};
    append(work, 0);
    push_callees(work, &heap, 0);
    while (heap.count && (rows == 0 || work->count <= rows)) {
        uint32_t node = pv_heap_pop(&heap);
        append(work, node);
        push_callees(work, &heap, node);
    }
    pv_heap_free(&heap);
}

static void count_hidden(struct tree_table *work)
{
    const struct pv_node *nodes = work->tree->nodes;
    const int64_t *total = work->tree->total[work->maker.metric];
    for (uint32_t i = 0; i < work->count; i++) {
        struct entry *entry = &work->entries[i];
        uint64_t sum = 0; /* signed values may leave int64 on the way */
        for (uint32_t c = nodes[entry->node].first_child; c != PV_NONE; c = nodes[c].next_sibling)
            if (work->entry_of[c] == PV_NONE) {
                entry->hidden++;
                sum += (uint64_t)total[c];
            }
        entry->hidden_total = (int64_t)sum;
    }
}

/* Whether what is hidden gets a row of its own, below callees that are shown. */
static bool has_rest(const struct entry *entry)
{
    return entry->hidden && entry->first != PV_NONE;
}

/* Which levels above a row still have something to come. */
struct guides {
    bool *is_open; /* by depth */
    uint32_t capacity;
};

static void set_guide(struct guides *guides, uint32_t depth, bool is_open)
{
    if (depth >= guides->capacity) {
        guides->capacity = 2 * depth + 16;
        guides->is_open = pv_resize(guides->is_open, guides->capacity);
    }
    guides->is_open[depth] = is_open;
}

/* The lines that lead to a row at this depth, functions that nobody called being at 1. */
static struct pv_text lead_of(struct tree_table *work, const struct guides *guides, uint32_t depth,
                              bool is_guess)
{
    struct pv_buffer words = {0};
    uint32_t from = depth > MOST_GUIDES ? depth - MOST_GUIDES : 1;
    if (from > 1)
        pv_buffer_print(&words, "… ");
    for (uint32_t i = from + 1; i <= depth; i++) {
        bool is_own = i == depth;
        pv_buffer_print(&words, "%s",
                        guides->is_open[i] ? (is_own ? "├ " : "│ ") : (is_own ? "└ " : "  "));
    }
    if (is_guess)
        pv_buffer_char(&words, '~');
    struct pv_text lead = pv_table_keep(&work->maker, &words);
    pv_buffer_free(&words);
    return lead;
}

static void fill_node(struct tree_table *work, size_t row, const struct entry *entry,
                      const struct guides *guides)
{
    struct pv_table_maker *maker = &work->maker;
    const struct pv_tree *tree = work->tree;
    bool is_guess = tree->certainty && !(tree->certainty[entry->node] & PV_EXACT_TOTAL);
    pv_table_total(maker, row, tree->total[maker->metric][entry->node]);
    pv_table_self(maker, row, tree->self[maker->metric][entry->node]);
    pv_table_name(maker, row, tree->nodes[entry->node].frame);
    *pv_table_at(maker, row, PV_FIELD_DEPTH) = (struct pv_cell){.value = entry->depth - 1};
    struct pv_cell *name = pv_table_at(maker, row, PV_FIELD_NAME);
    name->lead = lead_of(work, guides, entry->depth, is_guess);
    if (entry->hidden && !has_rest(entry)) {
        struct pv_buffer words = {0};
        pv_buffer_print(&words, " … ");
        pv_add_count(&words, entry->hidden, "callee", "callees");
        name->trail = pv_table_keep(maker, &words);
        pv_buffer_free(&words);
    }
}

static void fill_rest(struct tree_table *work, size_t row, const struct entry *caller,
                      struct guides *guides)
{
    struct pv_table_maker *maker = &work->maker;
    struct pv_buffer words = {0};
    pv_buffer_print(&words, "… ");
    pv_add_count(&words, caller->hidden, "other", "others");
    pv_table_total(maker, row, caller->hidden_total);
    pv_table_words(maker, row, pv_table_keep(maker, &words));
    maker->table->is_sum[row] = true;
    set_guide(guides, caller->depth + 1, false);
    pv_table_at(maker, row, PV_FIELD_NAME)->lead = lead_of(work, guides, caller->depth + 1, false);
    pv_buffer_free(&words);
}

/* Up from an entry without callees to the next one in order, with the remainders on the way. */
static uint32_t climb(struct tree_table *work, uint32_t at, size_t *row, struct guides *guides)
{
    while (at != 0 && work->entries[at].next == PV_NONE) {
        at = work->entry_of[work->tree->nodes[work->entries[at].node].parent];
        if (has_rest(&work->entries[at]))
            fill_rest(work, (*row)++, &work->entries[at], guides);
    }
    return at == 0 ? PV_NONE : work->entries[at].next;
}

static void fill_rows(struct tree_table *work)
{
    struct guides guides = {0};
    size_t row = 0;
    for (uint32_t at = work->entries[0].first; at != PV_NONE;) {
        const struct entry *entry = &work->entries[at];
        const struct entry *caller =
            &work->entries[work->entry_of[work->tree->nodes[entry->node].parent]];
        set_guide(&guides, entry->depth, entry->next != PV_NONE || has_rest(caller));
        fill_node(work, row++, entry, &guides);
        at = entry->first != PV_NONE ? entry->first : climb(work, at, &row, &guides);
    }
    free(guides.is_open);
}

/* The last row: everything, and what was measured outside of any function. */
static void fill_total(struct tree_table *work)
{
    struct pv_table_maker *maker = &work->maker;
    size_t row = maker->table->row_count - 1;
    pv_table_total(maker, row, maker->table->total);
    if (work->tree->self[maker->metric][0])
        pv_table_self(maker, row, work->tree->self[maker->metric][0]);
    pv_table_words(maker, row, PV_TEXT("total"));
    maker->table->is_sum[row] = true;
}

static void make_rows(struct tree_table *work, uint64_t rows)
{
    static const enum pv_field fields[] = {
        PV_FIELD_DEPTH,      PV_FIELD_TOTAL, PV_FIELD_TOTAL_SHARE, PV_FIELD_SELF,
        PV_FIELD_SELF_SHARE, PV_FIELD_NAME,  PV_FIELD_PLACE};
    work->entry_of = pv_alloc(work->tree->count * sizeof *work->entry_of);
    for (uint32_t i = 0; i < work->tree->count; i++)
        work->entry_of[i] = PV_NONE;
    choose(work, rows);
    count_hidden(work);
    size_t count = work->count; /* less the root, with a row for the total */
    for (uint32_t i = 0; i < work->count; i++)
        count += has_rest(&work->entries[i]);
    bool is_empty = work->tree->count == 1 && work->maker.table->total == 0;
    pv_table_columns(&work->maker, fields, sizeof fields / sizeof fields[0], PV_FIELD_TOTAL_SHARE);
    pv_table_rows(&work->maker, is_empty ? 0 : count);
    if (!is_empty) {
        fill_rows(work);
        fill_total(work);
    }
    free(work->entries);
    free(work->entry_of);
}

static void add_certainty(struct tree_table *work)
{
    struct pv_table_maker *maker = &work->maker;
    struct pv_buffer words = {0};
    char digits[PV_NUMBER_SIZE];
    if (!work->tree->certainty)
        return;
    size_t size = pv_format_share(digits, pv_tree_exact_share(maker->profile, maker->metric),
                                  maker->table->total);
    pv_buffer_print(&words, "stacks estimated, %.*s exact, guesses are marked", (int)size, digits);
    pv_table_fact(maker, &words);
    pv_buffer_free(&words);
}

bool pv_table_tree(struct pv_table **out, const struct pv_profile *profile,
                   const struct pv_top_options *options, struct pv_error *err)
{
    struct tree_table work = {.tree = profile->tree};
    if (!pv_table_begin(&work.maker, profile, options->metric, options->unit, options->input, err))
        return false;
    if (pv_table_has_metric(&work.maker)) {
        pv_table_facts(&work.maker);
        add_certainty(&work);
        make_rows(&work, options->rows);
    }
    pv_table_notes(&work.maker);
    *out = work.maker.table;
    return true;
}

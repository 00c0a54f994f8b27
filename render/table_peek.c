#include "model/heap.h"
#include "model/number.h"
#include "render/table_parts.h"

#include <stdlib.h>

/* Functions with who calls them above and whom they call below. */

struct peek {
    struct pv_table_maker maker;
    uint32_t most;  /* of callers, of callees, and of functions; 0: all */
    uint32_t *arcs; /* room for the callers or callees of one function */
    size_t row;
};

static bool is_heavier_function(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_table_maker *maker = context;
    const struct pv_graph *graph = maker->profile->graph;
    uint64_t x = pv_magnitude(graph->total[maker->metric][a]);
    uint64_t y = pv_magnitude(graph->total[maker->metric][b]);
    return x != y
               ? x > y
               : pv_frame_compare(maker->profile, graph->funcs[a].frame, graph->funcs[b].frame) < 0;
}

static bool is_heavier_arc(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_table_maker *maker = context;
    const struct pv_graph *graph = maker->profile->graph;
    uint64_t x = pv_magnitude(graph->arc_total[maker->metric][a]);
    uint64_t y = pv_magnitude(graph->arc_total[maker->metric][b]);
    if (x != y)
        return x > y;
    uint32_t caller_a = graph->funcs[graph->arcs[a].caller].frame;
    uint32_t caller_b = graph->funcs[graph->arcs[b].caller].frame;
    int order = pv_frame_compare(maker->profile, caller_a, caller_b);
    if (order)
        return order < 0;
    return pv_frame_compare(maker->profile, graph->funcs[graph->arcs[a].callee].frame,
                            graph->funcs[graph->arcs[b].callee].frame) < 0;
}

/* Which side of a function is looked at. */
struct side {
    bool is_callers;
    const char *role, *one, *many, *lead;
};
static const struct side callers = {true, "caller", "other caller", "other callers", "← "},
                         callees = {false, "callee", "other callee", "other callees", "→ "};

static uint32_t next_arc(const struct pv_graph *graph, const struct side *side, uint32_t arc)
{
    return side->is_callers ? graph->arcs[arc].next_in : graph->arcs[arc].next_out;
}

static uint32_t first_arc(const struct pv_graph *graph, const struct side *side, uint32_t func)
{
    return side->is_callers ? graph->funcs[func].first_in : graph->funcs[func].first_out;
}

static uint32_t count_arcs(const struct pv_graph *graph, const struct side *side, uint32_t func)
{
    uint32_t count = 0;
    for (uint32_t i = first_arc(graph, side, func); i != PV_NONE; i = next_arc(graph, side, i))
        count++;
    return count;
}

static void set_role(struct peek *peek, uint32_t func, const char *role)
{
    const struct pv_profile *profile = peek->maker.profile;
    struct pv_text name = pv_profile_name(profile, profile->graph->funcs[func].frame);
    *pv_table_at(&peek->maker, peek->row, PV_FIELD_FUNCTION) = (struct pv_cell){.text = name};
    *pv_table_at(&peek->maker, peek->row, PV_FIELD_ROLE) =
        (struct pv_cell){.text = pv_text_of(role), .is_ours = true};
}

static void fill_arc(struct peek *peek, const struct side *side, uint32_t func, uint32_t at)
{
    const struct pv_graph *graph = peek->maker.profile->graph;
    const struct pv_arc *arc = &graph->arcs[at];
    uint32_t other = side->is_callers ? arc->caller : arc->callee;
    set_role(peek, func, side->role);
    if (!graph->arc_has_total || graph->arc_has_total[at])
        pv_table_total(&peek->maker, peek->row, graph->arc_total[peek->maker.metric][at]);
    pv_table_calls(&peek->maker, peek->row, arc->calls);
    pv_table_name(&peek->maker, peek->row, graph->funcs[other].frame);
    pv_table_at(&peek->maker, peek->row, PV_FIELD_NAME)->lead = pv_text_of(side->lead);
    peek->row++;
}

/* Those that get no row: how many, and what they have in all. */
static void fill_rest(struct peek *peek, const struct side *side, uint32_t count, uint64_t sum)
{
    struct pv_buffer words = {0};
    pv_buffer_print(&words, "… ");
    pv_add_count(&words, count, side->one, side->many);
    pv_table_total(&peek->maker, peek->row, (int64_t)sum);
    pv_table_words(&peek->maker, peek->row, pv_table_keep(&peek->maker, &words));
    pv_table_at(&peek->maker, peek->row, PV_FIELD_NAME)->lead = pv_text_of(side->lead);
    peek->maker.table->is_sum[peek->row++] = true;
    pv_buffer_free(&words);
}

static void fill_side(struct peek *peek, const struct side *side, uint32_t func)
{
    const struct pv_graph *graph = peek->maker.profile->graph;
    const int64_t *total = graph->arc_total[peek->maker.metric];
    uint32_t count = 0;
    uint64_t rest = 0; /* signed values may leave int64 on the way */
    for (uint32_t i = first_arc(graph, side, func); i != PV_NONE; i = next_arc(graph, side, i)) {
        peek->arcs[count++] = i;
        rest += (uint64_t)total[i];
    }
    uint32_t shown = pv_heap_best(peek->arcs, count, peek->most, is_heavier_arc, &peek->maker);
    for (uint32_t i = 0; i < shown; i++) {
        fill_arc(peek, side, func, peek->arcs[i]);
        rest -= (uint64_t)total[peek->arcs[i]];
    }
    if (shown < count)
        fill_rest(peek, side, count - shown, rest);
}

static void fill_function(struct peek *peek, uint32_t func)
{
    struct pv_table_maker *maker = &peek->maker;
    const struct pv_graph *graph = maker->profile->graph;
    fill_side(peek, &callers, func);
    set_role(peek, func, "function");
    pv_table_total(maker, peek->row, graph->total[maker->metric][func]);
    pv_table_self(maker, peek->row, graph->self[maker->metric][func]);
    pv_table_calls(maker, peek->row, graph->funcs[func].calls);
    pv_table_name(maker, peek->row++, graph->funcs[func].frame);
    fill_side(peek, &callees, func);
}

static uint32_t at_most(uint32_t count, uint32_t most)
{
    return most && count > most ? most + 1 : count;
}

static void make_rows(struct peek *peek, const uint32_t *funcs, uint32_t count)
{
    static const enum pv_field fields[] = {PV_FIELD_FUNCTION,    PV_FIELD_ROLE, PV_FIELD_TOTAL,
                                           PV_FIELD_TOTAL_SHARE, PV_FIELD_SELF, PV_FIELD_SELF_SHARE,
                                           PV_FIELD_CALLS,       PV_FIELD_NAME, PV_FIELD_PLACE};
    const struct pv_graph *graph = peek->maker.profile->graph;
    size_t rows = count ? count - 1 : 0; /* an empty row between two functions */
    for (uint32_t i = 0; i < count; i++)
        rows += 1 + (size_t)at_most(count_arcs(graph, &callers, funcs[i]), peek->most) +
                at_most(count_arcs(graph, &callees, funcs[i]), peek->most);
    pv_table_columns(&peek->maker, fields, sizeof fields / sizeof fields[0], PV_FIELD_TOTAL_SHARE);
    pv_table_rows(&peek->maker, rows);
    peek->arcs = pv_alloc(graph->arc_count * sizeof *peek->arcs);
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            peek->maker.table->is_sum[peek->row++] = true;
        fill_function(peek, funcs[i]);
    }
    free(peek->arcs);
}

/* The functions whose frames are wanted, the heaviest first; says where that are not all. */
static void choose(struct peek *peek, const bool *wanted)
{
    const struct pv_graph *graph = peek->maker.profile->graph;
    uint32_t *funcs = pv_alloc(graph->func_count * sizeof *funcs), count = 0;
    struct pv_buffer words = {0};
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (wanted[graph->funcs[i].frame])
            funcs[count++] = i;
    uint32_t shown = pv_heap_best(funcs, count, peek->most, is_heavier_function, &peek->maker);
    if (shown < count)
        pv_buffer_print(&words, "the first %u of ", shown);
    pv_add_count(&words, count, "matching function", "matching functions");
    pv_table_fact(&peek->maker, &words);
    make_rows(peek, funcs, shown);
    pv_buffer_free(&words);
    free(funcs);
}

bool pv_table_peek(struct pv_table **out, const struct pv_profile *profile, const bool *wanted,
                   const struct pv_top_options *options, struct pv_error *err)
{
    struct peek peek = {.most = options->rows > UINT32_MAX ? 0 : (uint32_t)options->rows};
    if (!pv_table_begin(&peek.maker, profile, options->metric, options->unit, options->input, err))
        return false;
    if (pv_table_has_metric(&peek.maker)) {
        pv_table_facts(&peek.maker);
        choose(&peek, wanted);
    }
    pv_table_notes(&peek.maker);
    *out = peek.maker.table;
    return true;
}

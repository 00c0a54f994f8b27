#include "model/estimate_parts.h"

#include "model/error.h"
#include "model/sort.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 int128;

/* Importing runs whole modules, one below the other: its callees are not where a reader looks for
 * them, so they are gathered. Running code that was asked for (exec, runpy) is not importing. */
static bool is_import(const struct pv_estimate *estimate, uint32_t func)
{
    const struct pv_frame *frame = &estimate->profile->frames[estimate->graph->funcs[func].frame];
    struct pv_text name = pv_profile_text(estimate->profile, frame->name);
    struct pv_text file = pv_profile_text(estimate->profile, frame->file);
    return (frame->flags & PV_FRAME_LOADER) &&
           (pv_text_search(file, PV_TEXT("importlib")) < file.size ||
            pv_text_search(name, PV_TEXT("import")) < name.size);
}

static bool is_loader(const struct pv_estimate *estimate, uint32_t func)
{
    return estimate->profile->frames[estimate->graph->funcs[func].frame].flags & PV_FRAME_LOADER;
}

/* Marks the functions on the way from the root to the node, or takes the marks back. A loader may
 * occur again. */
static void mark_path(struct pv_estimate *estimate, uint32_t node, bool is_marked)
{
    for (uint32_t at = node; at != 0; at = estimate->nodes[at].parent) {
        uint32_t func = estimate->func_of[at];
        uint64_t bit = UINT64_C(1) << func % 64, *bits = &estimate->on_path[func / 64];
        if (!is_loader(estimate, func) || at == node)
            *bits = is_marked ? *bits | bit : *bits & ~bit;
    }
}

static bool is_on_path(const struct pv_estimate *estimate, uint32_t func)
{
    return estimate->on_path[func / 64] >> func % 64 & 1;
}

static bool is_heavier(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_estimate *estimate = context;
    bool is_told;
    int64_t x = pv_estimate_arc(estimate, estimate->metric, a, &is_told);
    int64_t y = pv_estimate_arc(estimate, estimate->metric, b, &is_told);
    const struct pv_graph *graph = estimate->graph;
    if (x != y)
        return x > y;
    return pv_frame_compare(estimate->profile, graph->funcs[graph->arcs[a].callee].frame,
                            graph->funcs[graph->arcs[b].callee].frame) < 0;
}

/* Room for as many parts; what was in it is gone. */
static void make_room(struct pv_estimate *estimate, uint32_t parts)
{
    if (parts <= estimate->part_capacity)
        return;
    size_t wanted = (size_t)parts * 2;
    free(estimate->parts);
    free(estimate->values);
    estimate->part_capacity = (uint32_t)wanted;
    estimate->parts = pv_alloc(wanted * sizeof(uint32_t));
    estimate->values = pv_alloc(wanted * estimate->profile->metric_count * sizeof(int64_t));
}

static void append_out(struct pv_estimate *estimate, uint32_t value)
{
    if (estimate->out_count >= estimate->out_capacity) {
        estimate->out_capacity = estimate->out_capacity ? estimate->out_capacity * 2 : 1024;
        estimate->out = pv_resize(estimate->out, estimate->out_capacity * sizeof *estimate->out);
    }
    estimate->out[estimate->out_count++] = value;
}

/* The function's arcs, PV_NONE behind the last: the heaviest first, whatever the order in the file.
 * Made when it is met for the first time, as most never are. */
static const uint32_t *arcs_of(struct pv_estimate *estimate, uint32_t func)
{
    const struct pv_graph *graph = estimate->graph;
    uint32_t start = estimate->out_start[func];
    if (!start) {
        start = estimate->out_start[func] = estimate->out_count;
        for (uint32_t a = graph->funcs[func].first_out; a != PV_NONE; a = graph->arcs[a].next_out)
            append_out(estimate, a);
        uint32_t count = estimate->out_count - start;
        append_out(estimate, PV_NONE);
        pv_sort(estimate->out + start, count, is_heavier, estimate);
        make_room(estimate, count);
    }
    return estimate->out + start;
}

/* The callees that can stand below the node. */
static void collect_parts(struct pv_estimate *estimate, uint32_t node)
{
    uint32_t func = estimate->func_of[node];
    const uint32_t *arcs = arcs_of(estimate, func);
    mark_path(estimate, node, true);
    estimate->part_count = 0;
    for (; *arcs != PV_NONE; arcs++)
        if (!is_on_path(estimate, estimate->graph->arcs[*arcs].callee))
            estimate->parts[estimate->part_count++] = *arcs;
    mark_path(estimate, node, false);
}

/* Divides the node's total of one metric between itself and its parts in proportion, by the
 * floors of running sums, so that nothing is lost. Returns the node's own share. */
static int64_t divide_metric(struct pv_estimate *estimate, uint32_t node, uint32_t metric)
{
    int64_t own = estimate->graph->self[metric][estimate->func_of[node]];
    int64_t amount = estimate->total[metric][node];
    int64_t *values = estimate->values + (size_t)metric * estimate->part_capacity;
    int128 whole = own > 0 ? own : 0, sum = whole;
    bool is_told;
    for (uint32_t i = 0; i < estimate->part_count; i++)
        whole += pv_estimate_arc(estimate, metric, estimate->parts[i], &is_told);
    if (whole == 0 || whole > INT64_MAX || amount <= 0) {
        memset(values, 0, estimate->part_count * sizeof *values);
        return amount;
    }
    int64_t share = pv_estimate_share(amount, (int64_t)sum, (int64_t)whole), before = share;
    for (uint32_t i = 0; i < estimate->part_count; i++) {
        sum += pv_estimate_arc(estimate, metric, estimate->parts[i], &is_told);
        int64_t upto = pv_estimate_share(amount, (int64_t)sum, (int64_t)whole);
        values[i] = upto - before;
        before = upto;
    }
    return share;
}

/* exec runs one thing at a time: the heaviest callee that fits gets all it can have, then the
 * next. What is left beyond its own cost stays in the remainder. */
static void pass_on(struct pv_estimate *estimate, uint32_t node, uint32_t metric)
{
    int64_t left = estimate->total[metric][node];
    int64_t own = estimate->graph->self[metric][estimate->func_of[node]];
    int64_t *values = estimate->values + (size_t)metric * estimate->part_capacity;
    for (uint32_t i = 0; i < estimate->part_count; i++) {
        bool is_told;
        int64_t arc = pv_estimate_arc(estimate, metric, estimate->parts[i], &is_told);
        bool is_root = estimate->nodes[node].parent == 0 && i == 0;
        bool fits = is_root || arc <= left + left / 100; /* overhead may be on either side */
        values[i] = fits && arc > left ? left : fits ? arc : 0;
        left -= values[i];
    }
    if (left > own)
        estimate->small[metric] += left - (own > 0 ? own : 0);
}

/* Whether exec's heaviest callee can only be here: were it below another exec, a heavier callee
 * would be above it. */
static bool is_only_place(const struct pv_estimate *estimate, uint32_t node)
{
    bool is_told, is_next_told;
    uint32_t metric = estimate->metric, func = estimate->func_of[node];
    if (estimate->part_count == 0)
        return false;
    int64_t first = pv_estimate_arc(estimate, metric, estimate->parts[0], &is_told);
    int64_t second = estimate->part_count < 2
                         ? 0
                         : pv_estimate_arc(estimate, metric, estimate->parts[1], &is_next_told);
    int64_t elsewhere = estimate->graph->total[metric][func] - estimate->total[metric][node];
    return is_told && first > second && first > elsewhere &&
           pv_estimate_is_as_told(estimate, func, estimate->values[0], first) &&
           (estimate->certainty[node] & PV_EXACT_TOTAL);
}

/* Whether the arc is the one way into its callee: the callee was not called more often than the arc
 * tells, or, where calls are not told, it has no more than the arc carried. */
static bool is_only_way(const struct pv_estimate *estimate, uint32_t arc)
{
    const struct pv_graph *graph = estimate->graph;
    uint32_t func = graph->arcs[arc].callee;
    int64_t calls = graph->arcs[arc].calls;
    bool is_told = calls != PV_UNKNOWN_CALLS && graph->funcs[func].calls != PV_UNKNOWN_CALLS;
    return estimate->ways[func] == 1 && (is_told ? calls == graph->funcs[func].calls
                                                 : graph->arc_total[estimate->metric][arc] ==
                                                       graph->total[estimate->metric][func]);
}

static void make_child(struct pv_estimate *estimate, uint32_t node, uint32_t part, bool is_exact)
{
    uint32_t arc = estimate->parts[part], func = estimate->graph->arcs[arc].callee;
    uint32_t child = pv_estimate_child(estimate, node, func, estimate->graph->funcs[func].frame);
    bool is_told;
    int64_t told = pv_estimate_arc(estimate, estimate->metric, arc, &is_told);
    int64_t shown = estimate->values[(size_t)estimate->metric * estimate->part_capacity + part];
    is_exact = is_exact && is_told && pv_estimate_is_as_told(estimate, func, shown, told);
    estimate->certainty[child] = is_exact ? PV_EXACT_TOTAL : 0;
    estimate->is_chain[child] = is_exact && is_only_way(estimate, arc);
    for (uint32_t m = 0; m < estimate->profile->metric_count; m++)
        estimate->total[m][child] = estimate->values[(size_t)m * estimate->part_capacity + part];
}

static void add_to(struct pv_estimate *estimate, int64_t *sums, uint32_t part)
{
    for (uint32_t m = 0; m < estimate->profile->metric_count; m++)
        sums[m] += estimate->values[(size_t)m * estimate->part_capacity + part];
}

static void make_gathered(struct pv_estimate *estimate, uint32_t node, const int64_t *sums,
                          uint32_t frame, bool is_exact)
{
    bool is_empty = true;
    for (uint32_t m = 0; m < estimate->profile->metric_count; m++)
        is_empty = is_empty && sums[m] == 0;
    if (is_empty)
        return;
    uint32_t child = pv_estimate_child(estimate, node, PV_NONE, frame);
    estimate->certainty[child] = is_exact ? PV_EXACT_TOTAL | PV_EXACT_SELF : 0;
    for (uint32_t m = 0; m < estimate->profile->metric_count; m++)
        estimate->total[m][child] = sums[m];
}

void pv_estimate_divide(struct pv_estimate *estimate, uint32_t node)
{
    uint32_t func = estimate->func_of[node], metrics = estimate->profile->metric_count;
    bool passes = is_loader(estimate, func) && !is_import(estimate, func);
    bool is_full = estimate->count >= PV_ESTIMATE_NODES, is_exact = estimate->is_chain[node];
    memset(estimate->imports, 0, metrics * sizeof(int64_t));
    memset(estimate->small, 0, metrics * sizeof(int64_t));
    collect_parts(estimate, node);
    for (uint32_t m = 0; m < metrics; m++) {
        if (passes) {
            pass_on(estimate, node, m);
            continue;
        }
        int64_t own = divide_metric(estimate, node, m);
        if (m == estimate->metric &&
            pv_estimate_is_as_told(estimate, func, own, estimate->graph->self[m][func]))
            estimate->certainty[node] |= estimate->is_chain[node] ? PV_EXACT_SELF : 0;
    }
    bool only_place = passes && is_only_place(estimate, node);
    const int64_t *values = estimate->values + (size_t)estimate->metric * estimate->part_capacity;
    for (uint32_t i = 0; i < estimate->part_count; i++) {
        uint32_t callee = estimate->graph->arcs[estimate->parts[i]].callee;
        if (!is_loader(estimate, func) && is_import(estimate, callee))
            add_to(estimate, estimate->imports, i);
        else if (is_full || values[i] < estimate->least)
            add_to(estimate, estimate->small, i);
        else
            make_child(estimate, node, i, is_exact || (only_place && i == 0));
    }
    make_gathered(estimate, node, estimate->imports, estimate->imports_frame, is_exact);
    make_gathered(estimate, node, estimate->small, estimate->small_frame, is_exact);
}

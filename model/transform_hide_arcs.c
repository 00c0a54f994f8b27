#include "model/error.h"
#include "model/flow.h"
#include "model/heap.h"
#include "model/map.h"
#include "model/number.h"
#include "model/transform_filter_parts.h"
#include "model/transform_parts.h"

#include <stdlib.h>
#include <string.h>

/* hide and show on arcs: each hidden function is taken out by joining its callers to its callees.
 * Its self value and its arcs go to its callers in proportion to what their arcs into it cost:
 * exact where there is one caller, or nothing below it. Totals of what stays do not change. */

__extension__ typedef unsigned __int128 wide;

struct link {
    uint32_t caller, callee, next_out, next_in;
    int64_t calls;
    bool is_known, is_gone;
};

struct hiding {
    struct pv_remake remake;
    const struct pv_graph *graph;
    bool *is_hidden; /* by function */
    uint32_t metrics;
    struct link *links;
    int64_t *totals; /* by link and metric */
    uint32_t link_count, link_capacity;
    uint32_t *first_out, *first_in; /* by function */
    struct pv_map index;            /* caller and callee → link */
    int64_t **self;                 /* by metric and function, and of the root */
    uint64_t work, *degrees;        /* of hidden functions: pairs of caller and callee */
    uint32_t *callers, *callees;    /* links of the function that is being taken out */
    uint32_t caller_count, callee_count, roots, guessed;
    bool is_over;
};

static uint32_t root_of(const struct hiding *hiding)
{
    return hiding->graph->func_count;
}

static int64_t *totals_of(const struct hiding *hiding, uint32_t link)
{
    return hiding->totals + (size_t)link * hiding->metrics;
}

static bool grow_links(struct hiding *hiding)
{
    if (hiding->link_count < hiding->link_capacity)
        return true;
    uint64_t wanted = hiding->link_capacity ? (uint64_t)hiding->link_capacity * 2 : 256;
    if (hiding->link_count >= hiding->remake.call->limits->arcs || wanted > UINT32_MAX) {
        hiding->is_over = true;
        return false;
    }
    hiding->link_capacity = (uint32_t)wanted;
    hiding->links = pv_resize(hiding->links, wanted * sizeof *hiding->links);
    hiding->totals = pv_resize(hiding->totals, wanted * hiding->metrics * sizeof(int64_t));
    return true;
}

static uint32_t find_link(struct hiding *hiding, uint32_t caller, uint32_t callee)
{
    struct pv_budget unlimited = {0};
    bool is_new = false;
    if (!grow_links(hiding))
        return PV_NONE;
    uint32_t found = *pv_map_put(&hiding->index, (uint64_t)caller << 32 | callee,
                                 hiding->link_count, &is_new, &unlimited);
    if (!is_new)
        return found;
    hiding->links[found] = (struct link){.caller = caller,
                                         .callee = callee,
                                         .next_out = hiding->first_out[caller],
                                         .next_in = hiding->first_in[callee],
                                         .is_known = true};
    memset(totals_of(hiding, found), 0, hiding->metrics * sizeof(int64_t));
    hiding->first_out[caller] = hiding->first_in[callee] = found;
    hiding->link_count++;
    return found;
}

static void add_calls(struct link *link, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS || link->calls == PV_UNKNOWN_CALLS ||
        !pv_add(link->calls, calls, &link->calls))
        link->calls = PV_UNKNOWN_CALLS;
}

static void copy_arcs(struct hiding *hiding)
{
    const struct pv_graph *graph = hiding->graph;
    for (uint32_t i = 0; i < graph->arc_count && !hiding->is_over; i++) {
        uint32_t link = find_link(hiding, graph->arcs[i].caller, graph->arcs[i].callee);
        if (link == PV_NONE)
            return;
        add_calls(&hiding->links[link], graph->arcs[i].calls);
        hiding->links[link].is_known = !graph->arc_has_total || graph->arc_has_total[i];
        for (uint32_t m = 0; m < hiding->metrics; m++)
            totals_of(hiding, link)[m] = graph->arc_total[m][i];
    }
}

/* The link from the root to a hidden function: what of its total and calls no arc tells. */
static void enter_from_root(struct hiding *hiding, uint32_t func)
{
    const struct pv_func *of = &hiding->graph->funcs[func];
    uint32_t link = find_link(hiding, root_of(hiding), func);
    if (link == PV_NONE)
        return;
    int64_t calls = of->calls;
    for (uint32_t m = 0; m < hiding->metrics; m++)
        totals_of(hiding, link)[m] = hiding->graph->total[m][func];
    for (uint32_t i = hiding->first_in[func]; i != PV_NONE; i = hiding->links[i].next_in) {
        if (i == link || hiding->links[i].caller == func)
            continue;
        calls = calls < 0 || hiding->links[i].calls < 0 ? 0 : calls - hiding->links[i].calls;
        for (uint32_t m = 0; m < hiding->metrics; m++) {
            int64_t *left = &totals_of(hiding, link)[m];
            uint64_t told = pv_magnitude(totals_of(hiding, i)[m]);
            *left = told < pv_magnitude(*left) ? (int64_t)(pv_magnitude(*left) - told) : 0;
        }
    }
    hiding->links[link].calls = calls > 0 ? calls : 0;
}

static void find_roots(struct hiding *hiding)
{
    for (uint32_t i = 0; i < hiding->graph->func_count && !hiding->is_over; i++)
        if (hiding->is_hidden[i] && pv_flow_has_other_callers(hiding->graph, i))
            enter_from_root(hiding, i);
}

/* The function's links to and from others. */
static void gather(struct hiding *hiding, uint32_t func)
{
    hiding->caller_count = hiding->callee_count = 0;
    for (uint32_t i = hiding->first_in[func]; i != PV_NONE; i = hiding->links[i].next_in)
        if (!hiding->links[i].is_gone && hiding->links[i].caller != func)
            hiding->callers[hiding->caller_count++] = i;
    for (uint32_t i = hiding->first_out[func]; i != PV_NONE; i = hiding->links[i].next_out)
        if (!hiding->links[i].is_gone && hiding->links[i].callee != func)
            hiding->callees[hiding->callee_count++] = i;
}

static bool has_earlier_name(const struct hiding *hiding, uint32_t a, uint32_t b)
{
    if (a == root_of(hiding) || b == root_of(hiding))
        return a < b;
    return pv_frame_compare(hiding->remake.from, hiding->graph->funcs[a].frame,
                            hiding->graph->funcs[b].frame) < 0;
}

static bool has_earlier_caller(const void *context, uint32_t a, uint32_t b)
{
    const struct hiding *hiding = context;
    return has_earlier_name(hiding, hiding->links[a].caller, hiding->links[b].caller);
}

/* The few first, so that little is joined; then by name, so that the file's order does not show. */
static bool is_simpler(const void *context, uint32_t a, uint32_t b)
{
    const struct hiding *hiding = context;
    if (hiding->degrees[a] != hiding->degrees[b])
        return hiding->degrees[a] < hiding->degrees[b];
    return has_earlier_name(hiding, a, b);
}

/* What a caller's link weighs against the others: its total; where there are none, its calls. */
static uint64_t weight_of(const struct hiding *hiding, uint32_t link, uint32_t metric,
                          bool by_calls)
{
    const struct link *of = &hiding->links[link];
    if (by_calls)
        return of->calls > 0 ? (uint64_t)of->calls : 1;
    return of->is_known ? pv_magnitude(totals_of(hiding, link)[metric]) : 0;
}

struct shares {
    wide whole;
    bool by_calls;
};

static struct shares find_shares(const struct hiding *hiding, uint32_t metric)
{
    struct shares shares = {0, false};
    for (uint32_t i = 0; i < hiding->caller_count; i++)
        shares.whole += weight_of(hiding, hiding->callers[i], metric, false);
    if (shares.whole)
        return shares;
    shares.by_calls = true;
    for (uint32_t i = 0; i < hiding->caller_count; i++)
        shares.whole += weight_of(hiding, hiding->callers[i], metric, true);
    return shares;
}

/* value × weight / whole; 128 bits hold the product. */
static int64_t share_of(int64_t value, wide weight, wide whole)
{
    int64_t size = (int64_t)((pv_magnitude(value) * weight + whole / 2) / whole);
    return value < 0 ? -size : size;
}

/* To the last unit, in the callers' order. */
static void hand_self_up(struct hiding *hiding, uint32_t func, uint32_t metric,
                         struct shares shares)
{
    int64_t self = hiding->self[metric][func];
    wide sum = 0, given = 0;
    for (uint32_t i = 0; i < hiding->caller_count; i++) {
        sum += weight_of(hiding, hiding->callers[i], metric, shares.by_calls);
        wide upto = pv_magnitude(self) * sum / shares.whole;
        int64_t part = (int64_t)(upto - given);
        given = upto;
        int64_t *to = &hiding->self[metric][hiding->links[hiding->callers[i]].caller];
        pv_add(*to, self < 0 ? -part : part, to);
    }
}

static void join(struct hiding *hiding, uint32_t from, uint32_t to, const struct shares *shares)
{
    uint32_t link = find_link(hiding, hiding->links[from].caller, hiding->links[to].callee);
    if (link == PV_NONE)
        return;
    bool is_only = hiding->caller_count == 1;
    struct link *of = &hiding->links[link];
    of->is_known =
        of->is_known && hiding->links[to].is_known && (is_only || hiding->links[from].is_known);
    add_calls(of, is_only ? hiding->links[to].calls : PV_UNKNOWN_CALLS);
    for (uint32_t m = 0; m < hiding->metrics; m++) {
        int64_t *total = &totals_of(hiding, link)[m];
        uint64_t weight = weight_of(hiding, from, m, shares[m].by_calls);
        int64_t more = share_of(totals_of(hiding, to)[m], weight, shares[m].whole);
        if (!pv_add(*total, more, total))
            *total = more < 0 ? INT64_MIN : INT64_MAX;
    }
}

static void take_out(struct hiding *hiding, uint32_t func)
{
    enum { most_work = 1 << 23 };
    gather(hiding, func);
    if (hiding->caller_count == 0) { /* on a cycle of its own */
        enter_from_root(hiding, func);
        gather(hiding, func);
    }
    if (hiding->is_over)
        return;
    pv_heap_best(hiding->callers, hiding->caller_count, 0, has_earlier_caller, hiding);
    struct shares *shares = pv_alloc(hiding->metrics * sizeof *shares);
    for (uint32_t m = 0; m < hiding->metrics; m++) {
        shares[m] = find_shares(hiding, m);
        hand_self_up(hiding, func, m, shares[m]);
    }
    uint32_t last = hiding->links[hiding->callers[hiding->caller_count - 1]].caller;
    hiding->roots += last == root_of(hiding);
    hiding->guessed += hiding->caller_count > 1 && hiding->callee_count > 0;
    hiding->work += (uint64_t)hiding->caller_count * hiding->callee_count;
    hiding->is_over |= hiding->work > most_work;
    for (uint32_t i = 0; i < hiding->caller_count && !hiding->is_over; i++)
        for (uint32_t k = 0; k < hiding->callee_count; k++)
            join(hiding, hiding->callers[i], hiding->callees[k], shares);
    for (uint32_t i = 0; i < hiding->caller_count; i++)
        hiding->links[hiding->callers[i]].is_gone = true;
    for (uint32_t i = 0; i < hiding->callee_count; i++)
        hiding->links[hiding->callees[i]].is_gone = true;
    free(shares);
}

static void take_all_out(struct hiding *hiding)
{
    uint32_t count = 0, *hidden = pv_alloc(hiding->graph->func_count * sizeof *hidden);
    for (uint32_t i = 0; i < hiding->graph->func_count; i++)
        if (hiding->is_hidden[i]) {
            gather(hiding, i);
            hiding->degrees[i] = (uint64_t)hiding->caller_count * hiding->callee_count;
            hidden[count++] = i;
        }
    pv_heap_best(hidden, count, 0, is_simpler, hiding);
    for (uint32_t i = 0; i < count && !hiding->is_over; i++)
        take_out(hiding, hidden[i]);
    free(hidden);
}

static void build_funcs(struct hiding *hiding, int64_t *self, int64_t *total)
{
    for (uint32_t i = 0; i < hiding->graph->func_count; i++) {
        const struct pv_func *func = &hiding->graph->funcs[i];
        if (hiding->is_hidden[i])
            continue;
        for (uint32_t m = 0; m < hiding->metrics; m++) {
            self[m] = hiding->self[m][i];
            total[m] = hiding->graph->total[m][i];
            if (total[m] < self[m] && !hiding->remake.from->metrics[m].is_signed)
                total[m] = self[m];
        }
        pv_build_func(hiding->remake.builder, pv_remake_frame(&hiding->remake, func->frame),
                      func->calls, pv_primitive_calls(hiding->graph, i), self, total);
    }
}

/* Self values that no function that stays can take are a remainder. */
static void build_root(struct hiding *hiding, int64_t *self)
{
    bool any = false;
    for (uint32_t m = 0; m < hiding->metrics; m++) {
        self[m] = hiding->self[m][root_of(hiding)];
        any = any || self[m];
    }
    if (any)
        pv_build_func(hiding->remake.builder, pv_remake_rest(&hiding->remake, hiding->roots),
                      PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, self, self);
}

static void build_arcs(struct hiding *hiding)
{
    for (uint32_t i = 0; i < hiding->link_count; i++) {
        const struct link *link = &hiding->links[i];
        if (link->is_gone || link->caller == root_of(hiding) || hiding->is_hidden[link->caller] ||
            hiding->is_hidden[link->callee])
            continue;
        pv_build_arc(hiding->remake.builder,
                     pv_remake_frame(&hiding->remake, hiding->graph->funcs[link->caller].frame),
                     pv_remake_frame(&hiding->remake, hiding->graph->funcs[link->callee].frame),
                     link->calls, link->is_known ? totals_of(hiding, i) : NULL);
    }
}

static void build(struct hiding *hiding)
{
    int64_t *rows = pv_zalloc((size_t)hiding->metrics * 2, sizeof *rows);
    build_funcs(hiding, rows, rows + hiding->metrics);
    build_root(hiding, rows);
    build_arcs(hiding);
    if (hiding->guessed)
        pv_remake_note(&hiding->remake, "estimated", hiding->guessed,
                       "what %u hidden functions call is divided among their callers in proportion "
                       "to arcs, which do not tell stacks",
                       hiding->guessed);
    pv_remake_note_left_out(&hiding->remake);
    free(rows);
}

static void open_hiding(struct hiding *hiding, const struct pv_transform_call *call,
                        const bool *is_hidden)
{
    uint32_t funcs = hiding->graph->func_count + 1;
    pv_remake_open(&hiding->remake, call);
    hiding->is_hidden = pv_zalloc(funcs, sizeof(bool));
    hiding->degrees = pv_zalloc(funcs, sizeof(uint64_t));
    hiding->first_out = pv_alloc(funcs * sizeof(uint32_t));
    hiding->first_in = pv_alloc(funcs * sizeof(uint32_t));
    hiding->callers = pv_alloc(funcs * sizeof(uint32_t));
    hiding->callees = pv_alloc(funcs * sizeof(uint32_t));
    hiding->self = pv_alloc(hiding->metrics * sizeof(int64_t *));
    for (uint32_t i = 0; i < funcs; i++) {
        hiding->is_hidden[i] = i < funcs - 1 && is_hidden[hiding->graph->funcs[i].frame];
        hiding->first_out[i] = hiding->first_in[i] = PV_NONE;
    }
    for (uint32_t m = 0; m < hiding->metrics; m++) {
        hiding->self[m] = pv_zalloc(funcs, sizeof(int64_t));
        memcpy(hiding->self[m], hiding->graph->self[m], (funcs - 1) * sizeof(int64_t));
    }
}

static void close_hiding(struct hiding *hiding)
{
    for (uint32_t m = 0; m < hiding->metrics; m++)
        free(hiding->self[m]);
    free(hiding->self);
    free(hiding->is_hidden);
    free(hiding->degrees);
    free(hiding->first_out);
    free(hiding->first_in);
    free(hiding->callers);
    free(hiding->callees);
    free(hiding->links);
    free(hiding->totals);
    pv_map_free(&hiding->index);
}

bool pv_hide_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                  const bool *is_hidden, struct pv_error *err)
{
    struct hiding hiding = {.graph = call->profile->graph, .metrics = call->profile->metric_count};
    open_hiding(&hiding, call, is_hidden);
    copy_arcs(&hiding);
    find_roots(&hiding);
    take_all_out(&hiding);
    build(&hiding);
    if (hiding.is_over) {
        struct pv_error over;
        pv_fail(&over, PV_LIMIT, (struct pv_where){0},
                "--%s would join too many callers with too many callees: hide fewer functions, or "
                "use --focus or --prune before it",
                call->transform->name);
        pv_builder_fail(hiding.remake.builder, over);
    }
    close_hiding(&hiding);
    return pv_remake_close(&hiding.remake, out, err);
}

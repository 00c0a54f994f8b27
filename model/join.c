#include "model/join.h"

#include "model/error.h"
#include "model/graph.h"
#include "model/merge.h"
#include "model/transform_parts.h"

#include <stdlib.h>

/* Whether the profiles are of several processes, and of several threads of one. */
struct owners {
    bool has_processes, has_threads;
};

static bool has_owner(const struct pv_profile *profile)
{
    return profile->origin == PV_ORIGIN_ARCS && (profile->process || profile->thread);
}

static struct owners find_owners(struct pv_profile *const *profiles, size_t count)
{
    const struct pv_profile *first = NULL;
    struct owners owners = {0};
    for (size_t i = 0; i < count; i++) {
        if (!has_owner(profiles[i]))
            continue;
        first = first ? first : profiles[i];
        owners.has_processes |= profiles[i]->process != first->process;
        owners.has_threads |= profiles[i]->thread != first->thread;
    }
    return owners;
}

/* ---- Where the stacks of a profile begin ---- */

/* By component of the call graph and metric: what it costs in all, less what comes into it. */
struct beginnings {
    const struct pv_profile *profile;
    uint32_t *component, count;
    int64_t *amounts;   /* [component × metrics + metric] */
    uint32_t *heaviest; /* function by component */
};

static void add(int64_t *to, int64_t more)
{
    if (!pv_add(*to, more, to))
        *to = more < 0 ? INT64_MIN : INT64_MAX;
}

static void add_arc(struct beginnings *beginnings, uint32_t at)
{
    const struct pv_graph *graph = beginnings->profile->graph;
    uint32_t metrics = beginnings->profile->metric_count;
    uint32_t from = beginnings->component[graph->arcs[at].caller];
    uint32_t to = beginnings->component[graph->arcs[at].callee];
    if (from == to || (graph->arc_has_total && !graph->arc_has_total[at]))
        return;
    for (uint32_t m = 0; m < metrics; m++) {
        int64_t value = graph->arc_total[m][at];
        add(&beginnings->amounts[(size_t)from * metrics + m], value);
        add(&beginnings->amounts[(size_t)to * metrics + m], value == INT64_MIN ? 0 : -value);
    }
}

static void add_func(struct beginnings *beginnings, uint32_t func)
{
    const struct pv_profile *profile = beginnings->profile;
    uint32_t component = beginnings->component[func], best = beginnings->heaviest[component];
    for (uint32_t m = 0; m < profile->metric_count; m++)
        add(&beginnings->amounts[(size_t)component * profile->metric_count + m],
            profile->graph->self[m][func]);
    if (best == PV_NONE || profile->graph->total[0][func] > profile->graph->total[0][best])
        beginnings->heaviest[component] = func;
}

static struct beginnings find_beginnings(const struct pv_profile *profile)
{
    struct beginnings beginnings = {.profile = profile};
    beginnings.component = pv_graph_components(profile, &beginnings.count);
    beginnings.amounts =
        pv_zalloc((size_t)beginnings.count * profile->metric_count, sizeof(int64_t));
    beginnings.heaviest = pv_alloc(beginnings.count * sizeof(uint32_t));
    for (uint32_t i = 0; i < beginnings.count; i++)
        beginnings.heaviest[i] = PV_NONE;
    for (uint32_t f = 0; f < profile->graph->func_count; f++)
        add_func(&beginnings, f);
    for (uint32_t a = 0; a < profile->graph->arc_count; a++)
        add_arc(&beginnings, a);
    return beginnings;
}

static void free_beginnings(struct beginnings *beginnings)
{
    free(beginnings->component);
    free(beginnings->amounts);
    free(beginnings->heaviest);
}

/* ---- One profile below its owner ---- */

static uint32_t owner_frame(struct pv_remake *remake, struct owners owners, bool is_thread)
{
    const struct pv_profile *from = remake->from;
    struct pv_buffer name = {0};
    if (is_thread && owners.has_processes && from->process)
        pv_buffer_print(&name, "thread %llu of process %llu", (unsigned long long)from->thread,
                        (unsigned long long)from->process);
    else
        pv_buffer_print(&name, is_thread ? "thread %llu" : "process %llu",
                        (unsigned long long)(is_thread ? from->thread : from->process));
    struct pv_frame_info info = {.name = pv_buffer_text(&name),
                                 .flags = is_thread ? PV_FRAME_THREAD : PV_FRAME_PROCESS};
    uint32_t frame = pv_build_frame(remake->builder, &info);
    pv_buffer_free(&name);
    return frame;
}

static void copy_funcs(struct pv_remake *remake, int64_t *self, int64_t *total)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t metrics = remake->from->metric_count;
    for (uint32_t f = 0; f < graph->func_count; f++) {
        const struct pv_func *func = &graph->funcs[f];
        for (uint32_t m = 0; m < metrics; m++) {
            self[m] = graph->self[m][f];
            total[m] = graph->total[m][f];
        }
        pv_build_func(remake->builder, pv_remake_frame(remake, func->frame), func->calls,
                      pv_primitive_calls(graph, f), self, total);
    }
}

static void copy_arcs(struct pv_remake *remake, int64_t *total)
{
    const struct pv_graph *graph = remake->from->graph;
    for (uint32_t a = 0; a < graph->arc_count; a++) {
        const struct pv_arc *arc = &graph->arcs[a];
        bool has_total = !graph->arc_has_total || graph->arc_has_total[a];
        for (uint32_t m = 0; m < remake->from->metric_count; m++)
            total[m] = graph->arc_total[m][a];
        pv_build_arc(remake->builder, pv_remake_frame(remake, graph->funcs[arc->caller].frame),
                     pv_remake_frame(remake, graph->funcs[arc->callee].frame), arc->calls,
                     has_total ? total : NULL);
    }
}

/* What a file that contradicts itself tells too much of begins nowhere. */
static void add_beginnings(struct pv_remake *remake, uint32_t owner, int64_t *total)
{
    struct beginnings beginnings = find_beginnings(remake->from);
    uint32_t metrics = remake->from->metric_count;
    for (uint32_t i = 0; i < beginnings.count; i++) {
        bool is_one = false;
        for (uint32_t m = 0; m < metrics; m++) {
            int64_t most = remake->from->graph->total[m][beginnings.heaviest[i]];
            int64_t amount = beginnings.amounts[(size_t)i * metrics + m];
            bool is_signed = remake->from->metrics[m].is_signed;
            amount = !is_signed && amount > most ? most : amount;
            total[m] = is_signed || amount > 0 ? amount : 0;
            is_one = is_one || total[m] != 0;
        }
        uint32_t frame = remake->from->graph->funcs[beginnings.heaviest[i]].frame;
        if (is_one)
            pv_build_arc(remake->builder, owner, pv_remake_frame(remake, frame), PV_UNKNOWN_CALLS,
                         total);
    }
    free_beginnings(&beginnings);
}

static void add_owner(struct pv_remake *remake, uint32_t owner, uint32_t inner, int64_t *total)
{
    int64_t *none = pv_zalloc(remake->from->metric_count, sizeof *none);
    for (uint32_t m = 0; m < remake->from->metric_count; m++)
        total[m] = remake->from->metrics[m].total;
    pv_build_func(remake->builder, owner, PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, none, total);
    if (inner != PV_NONE)
        pv_build_arc(remake->builder, owner, inner, PV_UNKNOWN_CALLS, total);
    free(none);
}

static bool put_below(struct pv_profile **out, const struct pv_profile *profile,
                      struct owners owners, const struct pv_limits *limits, struct pv_error *err)
{
    static const struct pv_transform transform = {.name = "join"};
    const struct pv_transform_call call = {&transform, profile, {0}, limits};
    struct pv_remake remake;
    uint32_t thread = PV_NONE, process = PV_NONE;
    int64_t *self = pv_zalloc(profile->metric_count, sizeof *self);
    int64_t *total = pv_zalloc(profile->metric_count, sizeof *total);
    pv_remake_open(&remake, &call);
    copy_funcs(&remake, self, total);
    copy_arcs(&remake, total);
    if (owners.has_threads && profile->thread)
        thread = owner_frame(&remake, owners, true);
    if (owners.has_processes && profile->process)
        process = owner_frame(&remake, owners, false);
    if (thread != PV_NONE)
        add_owner(&remake, thread, PV_NONE, total);
    if (process != PV_NONE)
        add_owner(&remake, process, thread, total);
    if (profile->metric_count)
        add_beginnings(&remake, thread != PV_NONE ? thread : process, total);
    free(self);
    free(total);
    return pv_remake_close(&remake, out, err);
}

static bool is_owned(const struct pv_profile *profile, struct owners owners)
{
    return has_owner(profile) &&
           ((owners.has_threads && profile->thread) || (owners.has_processes && profile->process));
}

bool pv_join(struct pv_profile **out, struct pv_profile *const *profiles, size_t count,
             const struct pv_limits *limits, struct pv_error *err)
{
    struct owners owners = find_owners(profiles, count);
    struct pv_profile **below = pv_zalloc(count, sizeof(struct pv_profile *));
    struct pv_profile **all = pv_zalloc(count, sizeof(struct pv_profile *));
    bool is_fine = true;
    for (size_t i = 0; is_fine && i < count; i++) {
        if (is_owned(profiles[i], owners))
            is_fine = put_below(&below[i], profiles[i], owners, limits, err);
        all[i] = below[i] ? below[i] : profiles[i];
    }
    is_fine = is_fine && pv_merge(out, all, count, limits, err);
    for (size_t i = 0; i < count; i++)
        pv_profile_free(below[i]);
    free(below);
    free(all);
    return is_fine;
}

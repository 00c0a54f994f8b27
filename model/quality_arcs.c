#include "model/quality_parts.h"

#include "model/estimate.h"
#include "model/graph.h"

#include <stdlib.h>

/* What may be wrong with profiles of callers and callees. */

/* A deterministic profiler contradicts itself by its own overhead: 1 % is let pass. */
static bool is_beyond(double a, double b)
{
    static const double let_pass = 1.01;
    return a > b * let_pass;
}

/* Functions on cycles, by component: how many, and what they cost themselves. */
struct cycles {
    uint32_t *component, *size; /* by function; by component */
    uint32_t count, largest, functions;
    int64_t self;
};

static void measure_cycles(struct cycles *cycles, const struct pv_quality_look *look)
{
    const struct pv_graph *graph = look->profile->graph;
    uint32_t components;
    *cycles = (struct cycles){.component = pv_graph_components(look->profile, &components)};
    cycles->size = pv_zalloc((size_t)components + 1, sizeof *cycles->size);
    for (uint32_t f = 0; f < graph->func_count; f++)
        cycles->size[cycles->component[f]]++;
    for (uint32_t c = 0; c < components; c++) {
        cycles->count += cycles->size[c] > 1;
        cycles->largest = cycles->size[c] > cycles->largest ? cycles->size[c] : cycles->largest;
    }
    for (uint32_t f = 0; f < graph->func_count; f++) {
        if (cycles->size[cycles->component[f]] < 2)
            continue;
        cycles->functions++;
        pv_quality_sum(&cycles->self, graph->self[look->metric][f]);
    }
}

static void find_cycles(struct pv_quality_look *look, const struct cycles *cycles)
{
    enum { good = 500, fair = 2500 };
    struct pv_finding *finding =
        pv_quality_share(look, PV_FINDING_CYCLES, cycles->self, good, fair);
    if (cycles->count == 0) {
        pv_buffer_print(&finding->words, "no functions call each other in a cycle");
        return;
    }
    pv_buffer_print(&finding->words, "%lu cycle%s, the largest of %lu functions; ",
                    (unsigned long)cycles->count, cycles->count == 1 ? "" : "s",
                    (unsigned long)cycles->largest);
    pv_quality_add_share(&finding->words, cycles->self, look->whole);
    pv_buffer_print(&finding->words, " is spent in the %lu functions on %s",
                    (unsigned long)cycles->functions, cycles->count == 1 ? "it" : "them");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "totals inside of a cycle contain each other: go by self there, or "
                          "record stacks with a sampler";
}

/* What one side of a function's arcs says; false where one of them leads to a loader, whose calls
 * hide cycles. */
static bool sum_arcs(double *out, const struct pv_quality_look *look, uint32_t func, bool is_in)
{
    const struct pv_graph *graph = look->profile->graph;
    uint32_t a = is_in ? graph->funcs[func].first_in : graph->funcs[func].first_out;
    while (a != PV_NONE) {
        const struct pv_arc *arc = &graph->arcs[a];
        uint32_t other = is_in ? arc->caller : arc->callee;
        if (look->profile->frames[graph->funcs[other].frame].flags & PV_FRAME_LOADER)
            return false;
        *out += other == func ? 0 : (double)graph->arc_total[look->metric][a];
        a = is_in ? arc->next_in : arc->next_out;
    }
    return true;
}

/* By how much what callers say of a function, or what it says of its callees, exceeds its total. */
static double excess_of(const struct pv_quality_look *look, const struct cycles *cycles,
                        uint32_t func)
{
    const struct pv_graph *graph = look->profile->graph;
    double total = (double)graph->total[look->metric][func], in = 0;
    double out = (double)graph->self[look->metric][func];
    bool is_loader = look->profile->frames[graph->funcs[func].frame].flags & PV_FRAME_LOADER;
    bool is_alone = cycles->size[cycles->component[func]] == 1;
    if (is_loader || !is_alone || !sum_arcs(&in, look, func, true) ||
        !sum_arcs(&out, look, func, false))
        return 0;
    double most = in > out ? in : out;
    return total >= 0 && is_beyond(most, total) ? most - total : 0;
}

static void find_contrary(struct pv_quality_look *look, const struct cycles *cycles)
{
    enum { good = 100, fair = 1000 };
    const struct pv_graph *graph = look->profile->graph;
    int64_t part = 0, functions = 0;
    for (uint32_t f = 0; f < graph->func_count; f++) {
        double excess = excess_of(look, cycles, f);
        functions += excess > 0;
        pv_quality_sum(&part, pv_round(excess));
    }
    struct pv_finding *finding = pv_quality_share(look, PV_FINDING_CONTRARY, part, good, fair);
    if (functions == 0) {
        pv_buffer_print(&finding->words, "what callers and callees say fits together within 1 %%");
        return;
    }
    pv_buffer_print(&finding->words, "callers or callees of ");
    pv_quality_add_count(&finding->words, functions);
    pv_buffer_print(&finding->words, " function%s tell more than the function has; ",
                    functions == 1 ? "" : "s");
    pv_quality_add_share(&finding->words, part, look->whole);
    pv_buffer_print(&finding->words, " too much in all");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "functions of one name may have been taken for one, or several threads "
                          "written into one file: record them apart, and go by self meanwhile";
}

static void find_rest(struct pv_quality_look *look)
{
    enum { good = 100, fair = 1000 };
    const struct pv_graph *graph = look->profile->graph;
    int64_t part = 0;
    for (uint32_t f = 0; f < graph->func_count; f++)
        if (look->profile->frames[graph->funcs[f].frame].flags & PV_FRAME_REST)
            pv_quality_sum(&part, graph->self[look->metric][f]);
    struct pv_finding *finding = pv_quality_share(look, PV_FINDING_NO_STACK, part, good, fair);
    if (part)
        pv_quality_add_share(&finding->words, part, look->whole);
    pv_buffer_print(&finding->words,
                    part ? " belongs to no single function" : "all cost belongs to a function");
}

static void find_estimated(struct pv_quality_look *look)
{
    enum { good = 1000, fair = 5000 };
    int64_t exact = pv_tree_exact_share(look->profile, look->metric);
    int64_t part = exact < look->whole ? look->whole - exact : 0;
    struct pv_finding *finding = pv_quality_share(look, PV_FINDING_ESTIMATED, part, good, fair);
    if (finding->grade == PV_GRADE_POOR) /* one view suffers, and says so itself */
        finding->grade = PV_GRADE_FAIR;
    pv_buffer_print(&finding->words, "the file tells callers and callees, not stacks: ");
    pv_quality_add_share(&finding->words, part, look->whole);
    pv_buffer_print(&finding->words,
                    " of the width of a flame graph would be a guess; graph, top and "
                    "peek are as told");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "take the call graph, or record stacks with a sampler";
}

void pv_quality_arcs(struct pv_quality_look *look)
{
    struct cycles cycles;
    measure_cycles(&cycles, look);
    find_rest(look);
    find_estimated(look);
    find_cycles(look, &cycles);
    find_contrary(look, &cycles);
    free(cycles.component);
    free(cycles.size);
}

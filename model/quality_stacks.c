#include "model/quality_parts.h"

#include <stdlib.h>

/* What may be wrong with stacks: cost without one, stacks that lost their outer end. */

enum { GROUPS = PV_FRAME_THREAD | PV_FRAME_PROCESS };

/* Depth of each node, those of threads and processes not counted; to be freed. */
static uint32_t *depths(const struct pv_profile *profile)
{
    const struct pv_tree *tree = profile->tree;
    uint32_t *depth = pv_zalloc(tree->count, sizeof *depth);
    for (uint32_t i = 1; i < tree->count; i++) {
        uint32_t flags = profile->frames[tree->nodes[i].frame].flags;
        depth[i] = depth[tree->nodes[i].parent] + !(flags & GROUPS);
    }
    return depth;
}

static void find_no_stack(struct pv_quality_look *look, const uint32_t *depth)
{
    enum { good = 100, fair = 1000 };
    const struct pv_tree *tree = look->profile->tree;
    const int64_t *self = tree->self[look->metric];
    int64_t part = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        bool is_rest =
            i && (look->profile->frames[tree->nodes[i].frame].flags & PV_FRAME_REST) != 0;
        if (depth[i] == 0 || is_rest)
            pv_quality_sum(&part, self[i]);
    }
    struct pv_finding *finding = pv_quality_share(look, PV_FINDING_NO_STACK, part, good, fair);
    if (part == 0) {
        pv_buffer_print(&finding->words, "all cost belongs to a function");
        return;
    }
    pv_quality_add_share(&finding->words, part, look->whole);
    pv_buffer_print(&finding->words, " belongs to no function");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "the profiler saw no stack there: look at its options for stacks (perf "
                          "record -g, --call-graph dwarf) and for kernel code";
}

/* A function that begins stacks, but is mostly called by others, says that those stacks lost what
 * was around them. */
static void find_broken(struct pv_quality_look *look, const uint32_t *depth)
{
    enum { good = 100, fair = 1000 };
    const struct pv_profile *profile = look->profile;
    const struct pv_tree *tree = profile->tree;
    const struct pv_graph *graph = profile->graph;
    int64_t *outer = pv_zalloc(profile->frame_count, sizeof *outer);
    int64_t part = 0, functions = 0;
    for (uint32_t i = 1; i < tree->count; i++)
        if (depth[i] == 1 && depth[tree->nodes[i].parent] == 0)
            pv_quality_sum(&outer[tree->nodes[i].frame], tree->total[look->metric][i]);
    for (uint32_t f = 0; f < graph->func_count; f++) {
        int64_t begins = outer[graph->funcs[f].frame];
        if (begins == 0 || begins >= graph->total[look->metric][f] - begins)
            continue;
        pv_quality_sum(&part, begins);
        functions++;
    }
    free(outer);
    struct pv_finding *finding = pv_quality_share(look, PV_FINDING_BROKEN, part, good, fair);
    if (functions == 0) {
        pv_buffer_print(&finding->words, "no stack seems to begin in the middle");
        return;
    }
    pv_quality_add_share(&finding->words, part, look->whole);
    pv_buffer_print(&finding->words, " is in stacks that begin in one of ");
    pv_quality_add_count(&finding->words, functions);
    pv_buffer_print(&finding->words, " function%s that otherwise %s called by others",
                    functions == 1 ? "" : "s", functions == 1 ? "is" : "are");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "stacks break off in code without frame pointers: build with "
                          "-fno-omit-frame-pointer, or record with --call-graph dwarf or lbr";
}

/* Depths at which profilers stop, with their names for a line of words. */
static bool is_usual_limit(uint32_t depth)
{
    static const uint32_t limits[] = {32,  48,  50,  64,  100,  127,  128, 200,
                                      255, 256, 500, 512, 1000, 1024, 2048};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (depth == limits[i])
            return true;
    return false;
}

/* Cost at the largest depth that is more than at the one above it: stacks end, they do not pile up.
 */
static void find_truncated(struct pv_quality_look *look, const uint32_t *depth)
{
    enum { good = 100, fair = 1000 };
    const struct pv_tree *tree = look->profile->tree;
    const int64_t *self = tree->self[look->metric];
    uint32_t deepest = 0;
    int64_t at = 0, above = 0, leaves = 0;
    for (uint32_t i = 1; i < tree->count; i++)
        deepest = depth[i] > deepest ? depth[i] : deepest;
    for (uint32_t i = 1; i < tree->count; i++) {
        leaves += depth[i] == deepest;
        if (depth[i] == deepest)
            pv_quality_sum(&at, self[i]);
        else if (depth[i] + 1 == deepest)
            pv_quality_sum(&above, self[i]);
    }
    bool is_cut = is_usual_limit(deepest) && leaves > 1 && at > above;
    struct pv_finding *finding =
        pv_quality_share(look, PV_FINDING_TRUNCATED, is_cut ? at : 0, good, fair);
    pv_buffer_print(&finding->words, "the deepest stack has %lu frame%s", (unsigned long)deepest,
                    deepest == 1 ? "" : "s");
    if (!is_cut)
        return;
    pv_buffer_print(&finding->words, ", and ");
    pv_quality_add_share(&finding->words, at, look->whole);
    pv_buffer_print(&finding->words, " ends exactly there: stacks seem to have been cut");
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "raise the profiler's limit (perf: sysctl kernel.perf_event_max_stack)";
}

void pv_quality_stacks(struct pv_quality_look *look)
{
    uint32_t *depth = depths(look->profile);
    find_no_stack(look, depth);
    find_broken(look, depth);
    find_truncated(look, depth);
    free(depth);
}

#include "model/profile.h"

#include "model/error.h"
#include "model/graph.h"

#include <stdlib.h>

void pv_profile_free(struct pv_profile *profile)
{
    if (!profile)
        return;
    pv_strings_free(profile->strings);
    pv_arena_free(profile->arena); /* the profile itself lies in it */
}

struct pv_text pv_profile_text(const struct pv_profile *profile, pv_str id)
{
    return pv_strings_get(profile->strings, id);
}

struct pv_text pv_profile_name(const struct pv_profile *profile, uint32_t frame)
{
    return pv_strings_get(profile->strings, profile->frames[frame].name);
}

bool pv_profile_need_graph(struct pv_profile *profile, const struct pv_limits *limits,
                           struct pv_error *err)
{
    return profile->graph || pv_graph_from_tree(&profile->graph, profile, limits, err);
}

bool pv_profile_need_tree(struct pv_profile *profile, struct pv_error *err)
{
    if (profile->tree)
        return true;
    return pv_fail(err, PV_USAGE, (struct pv_where){0},
                   "a profile of callers and callees does not say which stacks there were, and "
                   "profviz does not estimate them yet: use --view graph");
}

static int compare_strings(const struct pv_profile *profile, pv_str a, pv_str b)
{
    return a == b ? 0 : pv_text_compare(pv_profile_text(profile, a), pv_profile_text(profile, b));
}

int pv_frame_compare(const struct pv_profile *profile, uint32_t a, uint32_t b)
{
    const struct pv_frame *x = &profile->frames[a], *y = &profile->frames[b];
    int order = compare_strings(profile, x->name, y->name);
    if (!order)
        order = compare_strings(profile, x->file, y->file);
    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    return order ? order : compare_strings(profile, x->module, y->module);
}

static void merge_runs(const struct pv_profile *profile, const uint32_t *from, uint32_t *to,
                       const uint32_t bounds[3])
{
    uint32_t left = bounds[0], right = bounds[1];
    for (uint32_t i = bounds[0]; i < bounds[2]; i++) {
        bool takes_left =
            right >= bounds[2] ||
            (left < bounds[1] && pv_frame_compare(profile, from[left], from[right]) <= 0);
        to[i] = takes_left ? from[left++] : from[right++];
    }
}

/* A bottom-up merge sort: qsort has no place for the profile. */
uint32_t *pv_frame_order(const struct pv_profile *profile)
{
    uint32_t count = profile->frame_count;
    uint32_t *order = pv_alloc(count * sizeof *order), *other = pv_alloc(count * sizeof *other);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint64_t width = 1; width < count; width *= 2) {
        for (uint64_t from = 0; from < count; from += 2 * width) {
            uint64_t middle = from + width < count ? from + width : count;
            uint64_t to = middle + width < count ? middle + width : count;
            merge_runs(profile, order, other,
                       (uint32_t[3]){(uint32_t)from, (uint32_t)middle, (uint32_t)to});
        }
        uint32_t *swap = order;
        order = other;
        other = swap;
    }
    free(other);
    return order;
}

#include "model/gate_parts.h"

#include "model/sort.h"

#include <stdlib.h>

/* Functions that break a rule, or may. */
struct found {
    const struct pv_profile *profile;
    uint32_t *frames;
    uint32_t count;
    int64_t *sizes; /* [frame] */
};

/* Of the functions that keep a rule for each there is one line. */
static void add_kept(struct pv_gate_checking *checking, const struct pv_gate_view *view,
                     const struct pv_gate_rule *rule, uint32_t kept)
{
    struct pv_gate_result *result = pv_gate_add_result(checking);
    const struct pv_gate_set all = {.frames = checking->ground.used, .count = kept};
    struct pv_buffer words = {0};
    result->rule = rule;
    result->is_increase = !rule->max.is_there;
    result->subject = pv_gate_subject(checking, view, rule, &all);
    pv_gate_add_limit(&words, view, rule, result->is_increase);
    result->limit = pv_gate_keep(checking->report->arena, &words);
    pv_buffer_print(&words, "kept by each of %lu", (unsigned long)kept);
    result->observed = pv_gate_keep(checking->report->arena, &words);
    pv_buffer_free(&words);
}

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const struct found *found = context;
    int64_t x = found->sizes[a], y = found->sizes[b];
    return x != y ? x > y : pv_frame_compare(found->profile, a, b) < 0;
}

/* Fills `found`, and returns how many functions keep the rule. */
static uint32_t find(struct found *found, const struct pv_gate_view *view,
                     const struct pv_gate_rule *rule, const bool *meant, bool *one)
{
    struct pv_gate_set set = {.frames = one, .count = 1};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < found->profile->frame_count; i++) {
        if (!meant[i])
            continue;
        set.frame = i;
        one[i] = true;
        if (pv_gate_is_kept(view, rule, &set, &found->sizes[i]))
            kept++;
        else
            found->frames[found->count++] = i;
        one[i] = false;
    }
    pv_sort(found->frames, found->count, is_before, found);
    return kept;
}

bool pv_gate_check_each(struct pv_gate_checking *checking, struct pv_gate_view *view,
                        const struct pv_gate_rule *rule, const bool *meant)
{
    const struct pv_profile *profile = checking->ground.profile;
    struct found found = {.profile = profile};
    if (!pv_gate_look_at_each(view, checking->err))
        return false;
    if (view->noise != PV_NOISE_NONE)
        view->tests = pv_gate_count_tests(view, meant);
    found.frames = pv_alloc(profile->frame_count * sizeof *found.frames);
    found.sizes = pv_zalloc(profile->frame_count, sizeof *found.sizes);
    bool *one = pv_zalloc((size_t)profile->frame_count + 1, sizeof *one), is_fine = true;
    uint32_t kept = find(&found, view, rule, meant, one);
    for (uint32_t i = 0; i < found.count && is_fine; i++) {
        const struct pv_gate_set set = {one, 1, found.frames[i]};
        one[set.frame] = true;
        is_fine = pv_gate_check_set(checking, view, rule, &set);
        one[set.frame] = false;
    }
    if (kept)
        add_kept(checking, view, rule, kept);
    free(one);
    free(found.frames);
    free(found.sizes);
    return is_fine;
}

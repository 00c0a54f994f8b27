#include "model/transform_scale.h"

#include "model/error.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* Everything as it is. */
static void copy_stacks(struct pv_remake *remake)
{
    const struct pv_tree *tree = remake->from->tree;
    uint32_t *moved = pv_zalloc(tree->count, sizeof *moved);
    pv_remake_self(remake, 0, 0);
    for (uint32_t i = 1; i < tree->count && pv_builder_is_ok(remake->builder); i++) {
        uint32_t frame = pv_remake_frame(remake, tree->nodes[i].frame);
        moved[i] = pv_build_stack(remake->builder, moved[tree->nodes[i].parent], &frame, 1, NULL);
        pv_remake_self(remake, moved[i], i);
    }
    pv_remake_spans(remake, moved, NULL);
    free(moved);
}

static void copy_arcs(struct pv_remake *remake)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t *frames = pv_alloc(graph->func_count * sizeof *frames);
    for (uint32_t i = 0; i < graph->func_count; i++)
        frames[i] = pv_remake_frame(remake, graph->funcs[i].frame);
    pv_group_arcs(remake, frames);
    free(frames);
}

/* One column; false where a value leaves 64 bits. */
static bool multiply(int64_t *values, size_t count, int64_t by)
{
    bool fits = true;
    for (size_t i = 0; values && i < count; i++)
        fits = pv_multiply(values[i], by, &values[i]) && fits;
    return fits;
}

static bool multiply_metric(struct pv_profile *profile, uint32_t metric, int64_t by)
{
    const struct pv_tree *tree = profile->tree;
    const struct pv_graph *graph = profile->graph;
    bool fits = multiply(&profile->metrics[metric].total, 1, by);
    if (tree)
        fits = multiply(tree->self[metric], tree->count, by) &&
               multiply(tree->total[metric], tree->count, by) && fits;
    if (graph)
        fits = multiply(graph->self[metric], graph->func_count, by) &&
               multiply(graph->total[metric], graph->func_count, by) &&
               multiply(graph->arc_total[metric], graph->arc_count, by) && fits;
    if (profile->lines)
        fits = multiply(profile->lines->self[metric], profile->lines->count, by) && fits;
    return fits;
}

static bool multiply_spans(struct pv_spans *spans, int64_t by)
{
    bool fits = true;
    for (uint32_t i = 0; spans && i < spans->count; i++)
        fits = pv_multiply(spans->spans[i].begin, by, &spans->spans[i].begin) &&
               pv_multiply(spans->spans[i].end, by, &spans->spans[i].end) && fits;
    return fits;
}

/* All values of the profile, which nobody else has yet. */
static bool multiply_all(struct pv_profile *profile, struct pv_decimal factor, struct pv_error *err)
{
    const int64_t most_scale = pv_power10(9);
    bool fits = multiply_spans(profile->spans, factor.value);
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        int64_t scale = profile->metrics[m].scale;
        if (!pv_multiply(scale, pv_power10(factor.digits), &scale) || scale > most_scale)
            return pv_fail(err, PV_LIMIT, (struct pv_where){0},
                           "--factor has too many digits behind the point for a profile whose "
                           "values have some already; nine are the most together");
        profile->metrics[m].scale = scale;
        fits = multiply_metric(profile, m, factor.value) && fits;
    }
    return fits || pv_fail(err, PV_LIMIT, (struct pv_where){0},
                           "--factor is too large: values times it leave 64 bits");
}

static bool parse_factor(struct pv_text text, struct pv_decimal *out)
{
    if (!pv_parse_decimal(pv_text_trim(text), out) || out->value <= 0)
        return false;
    for (; out->digits > 0 && out->value % 10 == 0; out->digits--)
        out->value /= 10;
    return true;
}

static bool factor(struct pv_profile **out, const struct pv_transform_call *call,
                   struct pv_error *err)
{
    struct pv_decimal by;
    struct pv_remake remake;
    struct pv_profile *made;
    if (!parse_factor(call->argument, &by))
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--factor wants a number above 0, as in 0.5 or 100, not \"%.*s\"",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    pv_remake_open(&remake, call);
    if (call->profile->origin == PV_ORIGIN_STACKS)
        copy_stacks(&remake);
    else
        copy_arcs(&remake);
    pv_remake_note(&remake, "scaled", 1, "all values are multiplied by it");
    if (!pv_remake_close(&remake, &made, err))
        return false;
    if (!multiply_all(made, by, err)) {
        pv_profile_free(made);
        return false;
    }
    *out = made;
    return true;
}

/* "1,204 of 5,454 samples" that no stack has. */
static void note_missing(struct pv_remake *remake, int64_t missing, int64_t whole)
{
    const struct pv_metric *metric = &remake->from->metrics[0];
    char numbers[2][PV_NUMBER_SIZE];
    int sizes[2] = {(int)pv_format_value(numbers[0], missing, metric->unit, metric->scale),
                    (int)pv_format_value(numbers[1], whole, metric->unit, metric->scale)};
    pv_remake_note(remake, "padded", 1, "%.*s of the %.*s are in no stack of the profile", sizes[0],
                   numbers[0], sizes[1], numbers[1]);
}

static bool total(struct pv_profile **out, const struct pv_transform_call *call,
                  struct pv_error *err)
{
    const struct pv_profile *profile = call->profile;
    const struct pv_where nowhere = {0};
    struct pv_decimal wanted;
    struct pv_remake remake;
    int64_t whole;
    if (profile->origin != PV_ORIGIN_STACKS || profile->metric_count == 0 ||
        profile->metrics[0].is_signed)
        return pv_fail(err, PV_USAGE, nowhere,
                       "--total wants a profile of stacks without signs: only what has a root can "
                       "be made wider");
    const struct pv_metric *metric = &profile->metrics[0];
    if (!pv_parse_decimal(pv_text_trim(call->argument), &wanted) ||
        !pv_scale_decimal(wanted, pv_power_of(metric->scale), &whole))
        return pv_fail(err, PV_USAGE, nowhere, "--total wants a number, not \"%.*s\"",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    if (whole < metric->total) {
        char number[PV_NUMBER_SIZE];
        int size = (int)pv_print_fixed(number, (double)metric->total / (double)metric->scale, 9);
        return pv_fail(err, PV_USAGE, nowhere,
                       "--total %.*s is less than what the profile has, %.*s; leave it out, or "
                       "filter with --focus",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)), size, number);
    }
    pv_remake_open(&remake, call);
    copy_stacks(&remake);
    if (whole > metric->total) {
        pv_build_self(remake.builder, 0, 0, whole - metric->total);
        note_missing(&remake, whole - metric->total, whole);
    }
    return pv_remake_close(&remake, out, err);
}

const struct pv_transform pv_transform_factor = {
    "factor", 0, "N", "multiply all values by N: samples by their period, say", 0, factor};
const struct pv_transform pv_transform_total = {
    "total",
    0,
    "N",
    "of the first metric: what all of it is, where that is more than the profile has, so that "
    "pictures share a scale",
    0,
    total};

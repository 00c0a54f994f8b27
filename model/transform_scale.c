#include "model/transform_scale.h"

#include "model/error.h"
#include "model/transform_shape_parts.h"

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
    pv_remake_all(&remake);
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

const struct pv_transform pv_transform_factor = {
    "factor", 0, "N", "multiply all values by N: samples by their period, say", 0, factor};

#include "model/merge.h"

#include "model/builder.h"
#include "model/error.h"

#include <stdlib.h>

struct merging {
    struct pv_builder *builder;
    const struct pv_profile *from; /* the one being added */
    uint32_t *frames;              /* its frames → the builder's */
    uint32_t *metrics;             /* its metrics → the builder's */
    int64_t *self, *total;         /* a row of the builder's metrics */
    uint32_t metric_count;
    bool knows_calls; /* every profile's tree does */
};

/* A metric as two profiles can share it. */
struct shared_metric {
    struct pv_text name;
    enum pv_unit unit;
    int64_t scale;
    bool is_signed;
};

static int compare_metrics(const void *a, const void *b)
{
    const struct shared_metric *x = a, *y = b;
    int order = pv_text_compare(x->name, y->name);
    return order ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static struct shared_metric *find_metric(struct shared_metric *metrics, uint32_t count,
                                         const struct pv_profile *profile,
                                         const struct pv_metric *metric)
{
    struct shared_metric wanted = {.name = pv_profile_text(profile, metric->name),
                                   .unit = metric->unit};
    for (uint32_t i = 0; i < count; i++)
        if (compare_metrics(&metrics[i], &wanted) == 0)
            return &metrics[i];
    return NULL;
}

static bool has_same_metrics(const struct pv_profile *a, const struct pv_profile *b)
{
    bool same = a->metric_count == b->metric_count;
    for (uint32_t m = 0; same && m < a->metric_count; m++)
        same = a->metrics[m].unit == b->metrics[m].unit &&
               pv_text_equal(pv_profile_text(a, a->metrics[m].name),
                             pv_profile_text(b, b->metrics[m].name));
    return same;
}

/* All metrics of all profiles: in their own order where all agree, else by name, so that the order
 * of the profiles does not matter. The result is to be freed. */
static struct shared_metric *unite_metrics(struct pv_profile *const *profiles, size_t count,
                                           uint32_t *metric_count)
{
    size_t most = 1;
    bool all_agree = true;
    for (size_t i = 0; i < count; i++)
        most += profiles[i]->metric_count;
    struct shared_metric *metrics = pv_zalloc(most, sizeof *metrics);
    *metric_count = 0;
    for (size_t i = 0; i < count; i++) {
        all_agree = all_agree && has_same_metrics(profiles[0], profiles[i]);
        for (uint32_t m = 0; m < profiles[i]->metric_count; m++) {
            const struct pv_metric *metric = &profiles[i]->metrics[m];
            struct shared_metric *shared = find_metric(metrics, *metric_count, profiles[i], metric);
            if (!shared) {
                shared = &metrics[(*metric_count)++];
                shared->name = pv_profile_text(profiles[i], metric->name);
                shared->unit = metric->unit;
            }
            shared->scale = metric->scale > shared->scale ? metric->scale : shared->scale;
            shared->is_signed = shared->is_signed || metric->is_signed;
        }
    }
    if (!all_agree)
        qsort(metrics, *metric_count, sizeof *metrics, compare_metrics);
    return metrics;
}

static void declare_metrics(struct merging *merging, const struct shared_metric *metrics)
{
    for (uint32_t m = 0; m < merging->metric_count; m++) {
        bool fits;
        pv_build_metric(merging->builder, metrics[m].name, metrics[m].unit, metrics[m].is_signed);
        pv_build_value(merging->builder, m, (struct pv_decimal){0, pv_power_of(metrics[m].scale)},
                       &fits);
    }
}

static int64_t convert(struct merging *merging, uint32_t metric, int64_t value)
{
    bool fits;
    unsigned digits = pv_power_of(merging->from->metrics[metric].scale);
    int64_t scaled = pv_build_value(merging->builder, merging->metrics[metric],
                                    (struct pv_decimal){value, digits}, &fits);
    if (!fits) {
        struct pv_error err;
        pv_fail(&err, PV_INPUT_FAILED, (struct pv_where){0},
                "the profiles' scales differ so much that their values do not fit in 64 bits");
        pv_builder_fail(merging->builder, err);
    }
    return scaled;
}

/* One row of `columns` in the builder's metrics; what the profile lacks is 0. */
static void convert_row(struct merging *merging, int64_t *const *columns, uint32_t at, int64_t *row)
{
    for (uint32_t m = 0; m < merging->metric_count; m++)
        row[m] = 0;
    for (uint32_t m = 0; m < merging->from->metric_count; m++)
        row[merging->metrics[m]] = convert(merging, m, columns[m][at]);
}

static void add_frames(struct merging *merging)
{
    const struct pv_profile *from = merging->from;
    for (uint32_t i = 0; i < from->frame_count; i++) {
        const struct pv_frame *frame = &from->frames[i];
        struct pv_frame_info info = {
            .name = pv_profile_text(from, frame->name),
            .file = pv_profile_text(from, frame->file),
            .module = pv_profile_text(from, frame->module),
            .line = frame->line,
            .flags = frame->flags,
        };
        merging->frames[i] = pv_build_frame(merging->builder, &info);
    }
}

static void add_tree(struct merging *merging)
{
    const struct pv_tree *tree = merging->from->tree;
    uint32_t *node_of = pv_zalloc(tree->count, sizeof *node_of);
    for (uint32_t i = 0; i < tree->count && pv_builder_is_ok(merging->builder); i++) {
        if (i > 0)
            node_of[i] = pv_build_stack(merging->builder, node_of[tree->nodes[i].parent],
                                        &merging->frames[tree->nodes[i].frame], 1, NULL);
        for (uint32_t m = 0; m < merging->from->metric_count; m++)
            if (tree->self[m][i])
                pv_build_self(merging->builder, node_of[i], merging->metrics[m],
                              convert(merging, m, tree->self[m][i]));
        if (merging->knows_calls)
            pv_build_calls(merging->builder, node_of[i], tree->calls[i]);
    }
    if (merging->from->spans && merging->from->metric_count && merging->metrics[0] == 0)
        pv_build_spans_of(merging->builder, merging->from, merging->frames, node_of);
    free(node_of);
}

static void add_graph(struct merging *merging)
{
    const struct pv_graph *graph = merging->from->graph;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_func *func = &graph->funcs[i];
        convert_row(merging, graph->self, i, merging->self);
        convert_row(merging, graph->total, i, merging->total);
        pv_build_func(merging->builder, merging->frames[func->frame], func->calls,
                      pv_primitive_calls(graph, i), merging->self, merging->total);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool has_total = !graph->arc_has_total || graph->arc_has_total[i];
        convert_row(merging, graph->arc_total, i, merging->total);
        pv_build_arc(merging->builder, merging->frames[graph->funcs[arc->caller].frame],
                     merging->frames[graph->funcs[arc->callee].frame], arc->calls,
                     has_total ? merging->total : NULL);
    }
}

static void add_lines(struct merging *merging)
{
    const struct pv_profile *from = merging->from;
    const struct pv_lines *lines = from->lines;
    for (uint32_t i = 0; lines && i < lines->count; i++) {
        const struct pv_line *line = &lines->rows[i];
        pv_str file = pv_build_text(merging->builder, pv_profile_text(from, line->file));
        for (uint32_t m = 0; m < from->metric_count && pv_builder_is_ok(merging->builder); m++)
            pv_build_line(merging->builder, merging->frames[line->frame], line->file ? file : 0,
                          line->line, merging->metrics[m], convert(merging, m, lines->self[m][i]));
    }
}

static void add_notes(struct merging *merging)
{
    const struct pv_profile *from = merging->from;
    for (uint32_t i = 0; i < from->note_count; i++)
        pv_build_note_text(merging->builder, pv_profile_text(from, from->notes[i].kind),
                           pv_profile_text(from, from->notes[i].text), from->notes[i].count,
                           from->notes[i].line);
    if (from->is_unbounded)
        pv_build_unbounded(merging->builder);
}

static void add_profile(struct merging *merging, struct shared_metric *metrics, bool as_tree)
{
    const struct pv_profile *from = merging->from;
    merging->frames = pv_alloc(from->frame_count * sizeof *merging->frames);
    merging->metrics = pv_alloc(from->metric_count * sizeof *merging->metrics);
    for (uint32_t m = 0; m < from->metric_count; m++)
        merging->metrics[m] =
            (uint32_t)(find_metric(metrics, merging->metric_count, from, &from->metrics[m]) -
                       metrics);
    add_frames(merging);
    if (as_tree)
        add_tree(merging);
    else
        add_graph(merging);
    add_lines(merging);
    pv_build_series_of(merging->builder, from);
    add_notes(merging);
    free(merging->frames);
    free(merging->metrics);
}

static bool is_one_format(struct pv_profile *const *profiles, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!pv_text_equal(pv_profile_text(profiles[i], profiles[i]->format),
                           pv_profile_text(profiles[0], profiles[0]->format)))
            return false;
    return true;
}

static bool settle_origin(struct pv_profile *const *profiles, size_t count,
                          const struct pv_limits *limits, bool *as_tree, struct pv_error *err)
{
    *as_tree = true;
    for (size_t i = 0; i < count; i++)
        *as_tree = *as_tree && profiles[i]->origin == PV_ORIGIN_STACKS;
    for (size_t i = 0; !*as_tree && i < count; i++)
        if (!pv_profile_need_graph(profiles[i], limits, err))
            return false;
    return true;
}

static bool has_lines(struct pv_profile *const *profiles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (profiles[i]->lines)
            return true;
    return false;
}

bool pv_merge(struct pv_profile **out, struct pv_profile *const *profiles, size_t count,
              const struct pv_limits *limits, struct pv_error *err)
{
    struct merging merging = {0};
    struct shared_metric *metrics = NULL;
    bool as_tree, done = false;
    if (!settle_origin(profiles, count, limits, &as_tree, err))
        return false;
    const char *format = is_one_format(profiles, count)
                             ? pv_profile_text(profiles[0], profiles[0]->format).data
                             : "merged";
    metrics = unite_metrics(profiles, count, &merging.metric_count);
    merging.self = pv_zalloc(merging.metric_count, sizeof(int64_t));
    merging.total = pv_zalloc(merging.metric_count, sizeof(int64_t));
    struct pv_limits own = *limits;
    own.keeps_lines = has_lines(profiles, count);
    merging.builder = pv_builder_new(&own, as_tree ? PV_ORIGIN_STACKS : PV_ORIGIN_ARCS, format);
    declare_metrics(&merging, metrics);
    merging.knows_calls = as_tree;
    for (size_t i = 0; i < count; i++)
        merging.knows_calls = merging.knows_calls && profiles[i]->tree->calls;
    for (size_t i = 0; i < count; i++) {
        merging.from = profiles[i];
        add_profile(&merging, metrics, as_tree);
    }
    done = pv_builder_finish(merging.builder, out, err);
    pv_builder_free(merging.builder);
    free(metrics);
    free(merging.self);
    free(merging.total);
    return done;
}

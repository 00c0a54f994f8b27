#include "model/diff.h"

#include "model/diff_parts.h"
#include "model/number.h"

#include <stdlib.h>

static void add_tree(struct pv_diff_making *making, const struct pv_diff_run *run)
{
    const struct pv_tree *tree = run->profile->tree;
    uint32_t *nodes = pv_zalloc(tree->count, sizeof *nodes);
    for (uint32_t i = 0; i < tree->count && pv_builder_is_ok(making->builder); i++) {
        if (i > 0)
            nodes[i] = pv_build_stack(making->builder, nodes[tree->nodes[i].parent],
                                      &run->frames[tree->nodes[i].frame], 1, NULL);
        for (uint32_t p = 0; p < making->row_count; p++) {
            int64_t value = run->metrics[p] == PV_NONE ? 0 : tree->self[run->metrics[p]][i];
            if (value)
                pv_build_self(making->builder, nodes[i], p * PV_DIFF_COLUMNS + run->side,
                              pv_diff_value(run, p, value));
        }
    }
    free(nodes);
}

/* Notes of the sides, which say whose they are. */
static void add_notes(struct pv_diff_making *making, const struct pv_diff_run *run)
{
    const struct pv_profile *from = run->profile;
    struct pv_buffer text = {0};
    for (uint32_t i = 0; i < from->note_count; i++) {
        text.size = 0;
        pv_buffer_print(&text, "%s: ", run->side ? "head" : "base");
        pv_buffer_add(&text, pv_profile_text(from, from->notes[i].text));
        pv_build_note_text(making->builder, pv_profile_text(from, from->notes[i].kind),
                           pv_buffer_text(&text), from->notes[i].count, from->notes[i].line);
    }
    if (from->is_unbounded)
        pv_build_unbounded(making->builder);
    pv_buffer_free(&text);
}

static void declare_metrics(struct pv_diff_making *making)
{
    static const char *const suffixes[PV_DIFF_COLUMNS] = {" of base", " of head", "", " of both"};
    struct pv_buffer name = {0};
    bool fits;
    for (uint32_t p = 0; p < making->row_count; p++)
        for (unsigned i = 0; i < PV_DIFF_COLUMNS; i++) {
            const struct pv_diff_row *row = &making->rows[p];
            name.size = 0;
            pv_buffer_add(&name, row->name);
            pv_buffer_add(&name, pv_text_of(suffixes[i]));
            uint32_t metric = pv_build_metric(making->builder, pv_buffer_text(&name), row->unit,
                                              row->is_signed || i == 2);
            pv_build_value(making->builder, metric, (struct pv_decimal){0, row->digits}, &fits);
        }
    pv_buffer_free(&name);
}

static bool settle_origin(struct pv_diff_making *making)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_limits *limits = making->request->limits ? making->request->limits : &defaults;
    making->as_tree = true;
    for (uint32_t i = 0; i < making->run_count; i++)
        making->as_tree &= making->runs[i].profile->origin == PV_ORIGIN_STACKS;
    for (uint32_t i = 0; i < making->run_count; i++) {
        struct pv_profile *profile = making->runs[i].profile;
        bool is_needed = !making->as_tree || making->run_count > 2 || profile->tree->calls;
        if (is_needed && !pv_profile_need_graph(profile, limits, making->err))
            return false;
    }
    return true;
}

static const char *format_of(const struct pv_diff_making *making)
{
    const struct pv_profile *first = making->runs[0].profile;
    struct pv_text name = pv_profile_text(first, first->format);
    for (uint32_t i = 1; i < making->run_count; i++) {
        const struct pv_profile *other = making->runs[i].profile;
        if (!pv_text_equal(name, pv_profile_text(other, other->format)))
            return "diff";
    }
    return name.data;
}

struct pv_diff *pv_diff_wrap(struct pv_profile *profile, const struct pv_diff_making *making)
{
    struct pv_diff *diff = pv_arena_alloc(profile->arena, sizeof *diff);
    diff->profile = profile;
    diff->pair_count = making->row_count;
    diff->pairs = pv_arena_alloc(profile->arena, making->row_count * sizeof *diff->pairs);
    diff->is_normalized = making->request->normalizes;
    for (uint32_t p = 0; p < making->row_count; p++) {
        uint32_t first = p * PV_DIFF_COLUMNS;
        diff->pairs[p] =
            (struct pv_diff_pair){first, first + 1, first + 2, first + 3, making->rows[p].noise};
    }
    for (unsigned side = 0; side < 2; side++) {
        diff->runs[side] = making->request->count[side];
        diff->samples[side] =
            pv_arena_alloc(profile->arena, making->row_count * sizeof *diff->samples[side]);
        for (uint32_t p = 0; p < making->row_count; p++)
            diff->samples[side][p] = making->rows[p].samples[side];
    }
    return diff;
}

static bool unite(struct pv_diff **out, struct pv_diff_making *making)
{
    struct pv_limits defaults = pv_limits_default();
    const struct pv_limits *limits = making->request->limits ? making->request->limits : &defaults;
    struct pv_profile *profile;
    declare_metrics(making);
    pv_diff_unite_frames(making);
    for (uint32_t i = 0; i < making->run_count; i++) {
        if (making->as_tree)
            add_tree(making, &making->runs[i]);
        add_notes(making, &making->runs[i]);
    }
    if (!pv_builder_finish(making->builder, &profile, making->err))
        return false;
    if (!making->as_tree && !pv_diff_unite_graphs(profile, making)) {
        pv_profile_free(profile);
        return false;
    }
    struct pv_diff *diff = pv_diff_wrap(profile, making);
    if (making->as_tree)
        pv_diff_finish_tree(diff, making);
    else
        pv_diff_finish_graph(diff, making);
    if (!pv_profile_need_graph(profile, limits, making->err)) {
        pv_profile_free(profile);
        return false;
    }
    pv_diff_tell_sides(diff, making);
    *out = diff;
    return true;
}

void pv_diff_list_runs(struct pv_diff_making *making)
{
    const struct pv_diff_request *request = making->request;
    making->run_count = request->count[0] + request->count[1];
    making->runs = pv_zalloc(making->run_count, sizeof *making->runs);
    for (uint32_t i = 0; i < making->run_count; i++) {
        unsigned side = i >= request->count[0];
        uint32_t at = side ? i - request->count[0] : i;
        making->runs[i] = (struct pv_diff_run){.profile = request->runs[side][at], .side = side};
    }
}

void pv_diff_making_free(struct pv_diff_making *making)
{
    for (uint32_t i = 0; i < making->run_count; i++) {
        free(making->runs[i].frames);
        free(making->runs[i].metrics);
        free(making->runs[i].factors);
    }
    free(making->runs);
    free(making->rows);
    free(making->frame_match);
}

bool pv_diff_new(struct pv_diff **out, const struct pv_diff_request *request, struct pv_error *err)
{
    struct pv_diff_making making = {.request = request, .err = err};
    bool is_done = false;
    pv_diff_list_runs(&making);
    if (settle_origin(&making)) {
        making.builder =
            pv_builder_new(request->limits, making.as_tree ? PV_ORIGIN_STACKS : PV_ORIGIN_ARCS,
                           format_of(&making));
        is_done = pv_diff_find_pairs(&making) && unite(out, &making);
        pv_builder_free(making.builder);
    }
    pv_diff_making_free(&making);
    return is_done;
}

/* "samples" of "samples of head". */
static struct pv_text common_name(struct pv_text name, struct pv_text suffix)
{
    bool has_suffix = pv_text_ends(name, suffix);
    return pv_text_slice(name, 0, name.size - (has_suffix ? suffix.size : 0));
}

bool pv_diff_find_columns(const struct pv_profile *profile, uint32_t *base, uint32_t *head)
{
    if (profile->metric_count < 2 || profile->metrics[0].unit != profile->metrics[1].unit)
        return false;
    struct pv_text a = pv_profile_text(profile, profile->metrics[0].name);
    struct pv_text b = pv_profile_text(profile, profile->metrics[1].name);
    struct pv_text name = common_name(a, PV_TEXT(" of base"));
    bool is_file = profile->metric_count == 2 && pv_text_equal(a, PV_TEXT("before")) &&
                   pv_text_equal(b, PV_TEXT("after"));
    bool is_union = name.size < a.size && pv_text_ends(b, PV_TEXT(" of head")) &&
                    pv_text_equal(name, common_name(b, PV_TEXT(" of head")));
    *base = 0;
    *head = 1;
    return is_file || is_union;
}

bool pv_diff_of_columns(struct pv_diff **out, struct pv_profile *profile, uint32_t base,
                        uint32_t head, const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_profile sides[2] = {*profile, *profile};
    const uint32_t columns[2] = {base, head};
    struct pv_tree trees[2];
    struct pv_graph graphs[2];
    struct pv_metric metrics[2];
    int64_t *parts[2][5];
    for (unsigned i = 0; i < 2; i++) {
        uint32_t at = columns[i];
        metrics[i] = profile->metrics[at];
        metrics[i].name = profile->metrics[head].name;
        sides[i].metrics = &metrics[i];
        sides[i].metric_count = 1;
        sides[i].note_count = i ? profile->note_count : 0;
        if (profile->tree) {
            trees[i] = *profile->tree;
            trees[i].self = &parts[i][0];
            trees[i].total = &parts[i][1];
            parts[i][0] = profile->tree->self[at];
            parts[i][1] = profile->tree->total[at];
            sides[i].tree = &trees[i];
        }
        sides[i].graph = NULL;
        if (profile->origin == PV_ORIGIN_ARCS) {
            graphs[i] = *profile->graph;
            graphs[i].self = &parts[i][2];
            graphs[i].total = &parts[i][3];
            graphs[i].arc_total = &parts[i][4];
            parts[i][2] = profile->graph->self[at];
            parts[i][3] = profile->graph->total[at];
            parts[i][4] = profile->graph->arc_total[at];
            sides[i].graph = &graphs[i];
        }
    }
    struct pv_profile *runs[2][1] = {{&sides[0]}, {&sides[1]}};
    const struct pv_diff_request request = {
        .runs = {runs[0], runs[1]}, .count = {1, 1}, .limits = limits};
    return pv_diff_new(out, &request, err);
}

void pv_diff_need_tree(struct pv_diff *diff, uint32_t pair)
{
    if (diff->profile->tree)
        return;
    pv_profile_need_tree(diff->profile, diff->pairs[pair].both);
    pv_diff_derive_tree(diff);
}

int64_t *pv_diff_sizes(const struct pv_diff *diff, uint32_t pair)
{
    const struct pv_tree *tree = diff->profile->tree;
    const int64_t *base = tree->total[diff->pairs[pair].base];
    const int64_t *head = tree->total[diff->pairs[pair].head];
    int64_t *sizes = pv_zalloc(tree->count, sizeof *sizes);
    for (uint32_t i = tree->count; i-- > 0;) {
        uint64_t a = pv_magnitude(base[i]), b = pv_magnitude(head[i]), larger = a > b ? a : b;
        if (larger > (uint64_t)sizes[i])
            sizes[i] = larger > INT64_MAX ? INT64_MAX : (int64_t)larger;
        int64_t *above = i ? &sizes[tree->nodes[i].parent] : NULL;
        if (above && !pv_add(*above, sizes[i], above))
            *above = INT64_MAX;
    }
    return sizes;
}

struct pv_text pv_diff_name(const struct pv_diff *diff, uint32_t pair)
{
    const struct pv_profile *profile = diff->profile;
    return pv_profile_text(profile, profile->metrics[diff->pairs[pair].change].name);
}

bool pv_diff_pair_named(uint32_t *out, const struct pv_diff *diff, struct pv_text name)
{
    uint64_t number;
    for (uint32_t i = 0; i < diff->pair_count; i++)
        if (pv_text_equal(pv_diff_name(diff, i), name)) {
            *out = i;
            return true;
        }
    if (!pv_parse_uint64(name, &number) || number >= diff->pair_count)
        return false;
    *out = (uint32_t)number;
    return true;
}

void pv_diff_free(struct pv_diff *diff)
{
    if (diff)
        pv_profile_free(diff->profile); /* the difference itself lies in its arena */
}

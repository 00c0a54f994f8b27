#include "render/callgraph_diff.h"

#include "render/diff_words.h"

#include <math.h>
#include <stdlib.h>

/* The picture's own part while it is made. */
struct pv_graph_change {
    struct pv_judged *judged; /* [function], of self; NULL: nothing may be chance */
    int64_t whole;            /* what shares of changes are of */
    struct pv_buffer total;
};

static const struct pv_diff_pair *pair_of(const struct pv_callgraph *graph)
{
    return &graph->draw->diff->pairs[graph->draw->pair];
}

void pv_callgraph_diff_begin(struct pv_callgraph *graph)
{
    const struct pv_draw *draw = graph->draw;
    const struct pv_diff *diff = draw->diff;
    graph->prune_metric = draw->metric;
    if (!diff)
        return;
    const struct pv_diff_pair *pair = pair_of(graph);
    bool has_runs = diff->runs[0] > 1 && diff->runs[1] > 1;
    graph->change = pv_zalloc(1, sizeof *graph->change);
    graph->change->whole = pv_diff_whole(diff, draw->pair);
    if (pair->noise == PV_NOISE_SAMPLES || (pair->noise == PV_NOISE_UNKNOWN && has_runs))
        graph->change->judged = pv_diff_judge(diff, draw->pair, true);
    graph->prune_metric = pair->both;
    pv_diff_add_whole(&graph->change->total, diff, draw->pair, draw->unit);
    graph->sheet.total = pv_buffer_text(&graph->change->total);
    graph->sheet.view = "Differential call graph";
    int64_t base = pv_profile_whole(graph->profile, pair->base);
    int64_t head = pv_profile_whole(graph->profile, pair->head);
    graph->whole = graph->sheet.whole = base > head ? base : head;
}

void pv_callgraph_diff_free(struct pv_callgraph *graph)
{
    if (!graph->change)
        return;
    free(graph->change->judged);
    pv_buffer_free(&graph->change->total);
    free(graph->change);
}

static double share_of(const struct pv_callgraph *graph, int64_t base, int64_t head)
{
    double larger = fmax(fabs((double)base), fabs((double)head));
    double share = graph->whole > 0 ? larger / (double)graph->whole : 0;
    return share < 1 ? share : 1;
}

static int64_t larger(int64_t base, int64_t head)
{
    return pv_magnitude(base) > pv_magnitude(head) ? base : head;
}

void pv_callgraph_diff_values(const struct pv_callgraph *graph, struct pv_graph_box *box)
{
    const struct pv_graph *from = graph->profile->graph;
    const struct pv_diff_pair *pair = pair_of(graph);
    for (unsigned i = 0; i < 2; i++) {
        box->sides_self[i] = from->self[i ? pair->head : pair->base][box->func];
        box->sides_total[i] = from->total[i ? pair->head : pair->base][box->func];
    }
    box->self = larger(box->sides_self[0], box->sides_self[1]);
    box->total = larger(box->sides_total[0], box->sides_total[1]);
    box->self_share = share_of(graph, box->sides_self[0], box->sides_self[1]);
    box->total_share = share_of(graph, box->sides_total[0], box->sides_total[1]);
}

/* "1.2 s → 1.8 s (+50 %)" */
static void add_both(const struct pv_callgraph *graph, struct pv_buffer *out,
                     const int64_t sides[2])
{
    pv_sheet_value(out, &graph->sheet, sides[0]);
    if (sides[0] == sides[1] && sides[0] == 0)
        return;
    if (sides[0] != sides[1]) {
        pv_buffer_add(out, PV_TEXT(" \xE2\x86\x92 "));
        pv_sheet_value(out, &graph->sheet, sides[1]);
    }
    pv_buffer_add(out, PV_TEXT(" ("));
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_change(room, sides[0], sides[1]);
    pv_buffer_char(out, ')');
}

static void add_calls(struct pv_buffer *out, int64_t base, int64_t head)
{
    if (base == PV_UNKNOWN_CALLS || head == PV_UNKNOWN_CALLS)
        return;
    pv_buffer_add(out, out->size ? PV_TEXT(" \xC2\xB7 ") : PV_TEXT(""));
    pv_buffer_add(out, PV_TEXT("calls "));
    pv_short_count(out, base);
    if (base == head)
        return;
    pv_buffer_add(out, PV_TEXT(" \xE2\x86\x92 "));
    pv_short_count(out, head);
}

void pv_callgraph_diff_self(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                            struct pv_buffer *out)
{
    pv_buffer_add(out, PV_TEXT("self "));
    add_both(graph, out, box->sides_self);
}

void pv_callgraph_diff_total(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                             struct pv_buffer *out)
{
    const struct pv_diff *diff = graph->draw->diff;
    pv_buffer_add(out, PV_TEXT("total "));
    add_both(graph, out, box->sides_total);
    add_calls(out, diff->calls[0][box->func], diff->calls[1][box->func]);
}

void pv_callgraph_diff_arrow(const struct pv_callgraph *graph, struct pv_graph_arrow *arrow,
                             const struct pv_kept_arc *arc)
{
    const struct pv_diff *diff = graph->draw->diff;
    const struct pv_graph *from = graph->profile->graph;
    const struct pv_diff_pair *pair = pair_of(graph);
    arrow->calls = PV_UNKNOWN_CALLS;
    arrow->base_calls = PV_UNKNOWN_CALLS;
    if (arc->arc == PV_NONE) {
        arrow->total = arc->total / 2; /* both sides together: their mean */
        arrow->share = arc->has_total ? share_of(graph, arrow->total, 0) : 0;
        return;
    }
    arrow->sides[0] = from->arc_total[pair->base][arc->arc];
    arrow->sides[1] = from->arc_total[pair->head][arc->arc];
    arrow->total = larger(arrow->sides[0], arrow->sides[1]);
    arrow->share = share_of(graph, arrow->sides[0], arrow->sides[1]);
    arrow->base_calls = diff->arc_calls[0][arc->arc];
    arrow->calls = diff->arc_calls[1][arc->arc];
    if (diff->has_calls && arrow->calls == PV_UNKNOWN_CALLS)
        arrow->calls = 0;
    if (diff->has_calls && arrow->base_calls == PV_UNKNOWN_CALLS)
        arrow->base_calls = 0;
}

static int64_t change_of(const int64_t sides[2])
{
    int64_t change;
    if (__builtin_sub_overflow(sides[1], sides[0], &change))
        change = sides[1] < 0 ? INT64_MIN : INT64_MAX;
    return change;
}

void pv_callgraph_diff_label(const struct pv_callgraph *graph, const struct pv_graph_arrow *arrow,
                             struct pv_buffer *out)
{
    int64_t change = change_of(arrow->sides);
    bool has_calls = arrow->calls != PV_UNKNOWN_CALLS && arrow->base_calls != PV_UNKNOWN_CALLS;
    if (arrow->is_residual)
        return;
    if (change && graph->whole) {
        char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
        out->size += pv_format_percent(room, change, graph->change->whole);
    }
    if (!has_calls || arrow->calls == arrow->base_calls)
        return;
    pv_buffer_add(out, change ? PV_TEXT(" \xC2\xB7 ") : PV_TEXT(""));
    pv_buffer_add(out, arrow->calls > arrow->base_calls ? PV_TEXT("+") : PV_TEXT("-"));
    pv_short_count(out, llabs(arrow->calls - arrow->base_calls));
}

void pv_callgraph_diff_words(const struct pv_callgraph *graph, const struct pv_graph_arrow *arrow,
                             struct pv_buffer *out)
{
    if (arrow->is_residual)
        return;
    add_both(graph, out, arrow->sides);
    add_calls(out, arrow->base_calls, arrow->calls);
}

void pv_callgraph_diff_rest(const struct pv_callgraph *graph, struct pv_buffer *out)
{
    const struct pv_diff_pair *pair = pair_of(graph);
    int64_t rest[2] = {graph->profile->metrics[pair->base].total,
                       graph->profile->metrics[pair->head].total};
    for (uint32_t i = 0; i < graph->box_count; i++)
        for (unsigned side = 0; side < 2 && graph->boxes[i].func != PV_NONE; side++)
            rest[side] -= graph->boxes[i].sides_self[side];
    add_both(graph, out, rest);
}

static unsigned step_of(const struct pv_callgraph *graph, int64_t change)
{
    double whole = fabs((double)graph->change->whole), size = fabs((double)change);
    double share = whole > 0 && size < whole ? size / whole : 1;
    return (unsigned)(sqrt(share) * (PV_DIFF_STEPS - 1) + 0.5);
}

static bool is_same(const struct pv_callgraph *graph, int64_t change)
{
    double whole = fabs((double)graph->change->whole);
    return fabs((double)change) <= whole * PV_DIFF_LEAST;
}

static enum pv_paint paint_of(const struct pv_callgraph *graph, int64_t change)
{
    if (is_same(graph, change))
        return PV_PAINT_SAME;
    return (enum pv_paint)((change < 0 ? PV_PAINT_LESS : PV_PAINT_MORE) + step_of(graph, change));
}

static bool is_gone(const struct pv_callgraph *graph, const struct pv_graph_box *box)
{
    return box->func != PV_NONE && graph->draw->diff->sides[box->func] == PV_IN_BASE;
}

void pv_callgraph_diff_style(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                             struct pv_style *style)
{
    const struct pv_judged *judged = graph->change->judged;
    bool is_unsure = judged && judged[box->func].verdict == PV_VERDICT_UNSURE;
    style->fill = is_unsure ? PV_PAINT_SAME : paint_of(graph, change_of(box->sides_self));
    style->stroke_width = 0.8 + 2.4 * box->total_share;
    style->is_hatched = is_gone(graph, box);
    style->dash = is_gone(graph, box) ? PV_DASHED : PV_SOLID;
}

enum pv_paint pv_callgraph_diff_paint(const struct pv_callgraph *graph,
                                      const struct pv_graph_arrow *arrow)
{
    enum { million = 1000000, strongest = PV_DIFF_STEPS - 1, least = 4 };
    int64_t change = change_of(arrow->sides);
    if (arrow->is_residual || change == 0 || step_of(graph, change) == 0)
        return pv_paint_arc((int64_t)(arrow->share * million), million);
    unsigned step = step_of(graph, change) + least;
    return (enum pv_paint)((change < 0 ? PV_PAINT_LESS : PV_PAINT_MORE) +
                           (step < strongest ? step : strongest));
}

static void add_key(struct pv_sheet *sheet, struct pv_style style, struct pv_text text)
{
    style.radius = 2;
    if (sheet->key_count < PV_LEGEND_KEYS)
        sheet->keys[sheet->key_count++] = (struct pv_key){style, text};
}

void pv_callgraph_diff_keys(const struct pv_callgraph *graph, struct pv_sheet *sheet)
{
    bool has_gone = false;
    for (uint32_t i = 0; i < graph->box_count; i++)
        has_gone |= is_gone(graph, &graph->boxes[i]);
    add_key(sheet, (struct pv_style){.fill = PV_PAINT_LESS + 4}, PV_TEXT("less"));
    add_key(sheet, (struct pv_style){.fill = PV_PAINT_MORE + 4}, PV_TEXT("more"));
    add_key(sheet, (struct pv_style){.fill = PV_PAINT_SAME},
            graph->change->judged ? PV_TEXT("same, or may be chance")
                                  : PV_TEXT("same, or under 0.02 %"));
    if (has_gone)
        add_key(sheet,
                (struct pv_style){.fill = PV_PAINT_LESS + 4,
                                  .stroke = PV_PAINT_BORDER,
                                  .dash = PV_DASHED,
                                  .is_hatched = true},
                PV_TEXT("gone"));
}

void pv_callgraph_diff_legend(const struct pv_callgraph *graph, struct pv_buffer *out)
{
    pv_buffer_add(out, PV_TEXT("Boxes: size by the larger side's own share, border by its total, "
                               "colour by the change of self. Arrows: width by the larger side, "
                               "colour and percentage by the change, as a part of all of base."));
    if (pv_diff_add_warning(out, " Note: ", graph->draw->diff, graph->draw->pair))
        pv_buffer_char(out, '.');
}

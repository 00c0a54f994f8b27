#include "render/callgraph_diff.h"
#include "render/callgraph_parts.h"

#include "model/number.h"

void pv_callgraph_facts(struct pv_buffer *out, const struct pv_callgraph *graph)
{
    uint32_t shown = graph->box_count - (graph->rest_funcs > 0);
    if (graph->rest_funcs) {
        pv_add_count(out, shown, "of", "of");
        pv_buffer_char(out, ' ');
    }
    pv_add_count(out, (uint64_t)shown + graph->rest_funcs, "function", "functions");
}

/* Adds a sentence to what the footer says and, as a line, to the notes (NULL: not there). */
static void say(struct pv_buffer *cuts, struct pv_text sentence, struct pv_buffer *notes)
{
    if (cuts->size)
        pv_buffer_char(cuts, ' ');
    pv_buffer_add(cuts, sentence);
    pv_buffer_char(cuts, '.');
    if (!notes)
        return;
    pv_buffer_add(notes, sentence);
    pv_buffer_char(notes, '\n');
}

static void say_count(struct pv_buffer *cuts, uint32_t count, const char *one, const char *many,
                      struct pv_buffer *notes)
{
    struct pv_buffer sentence = {0};
    pv_add_count(&sentence, count, one, many);
    if (count)
        say(cuts, pv_buffer_text(&sentence), notes);
    pv_buffer_free(&sentence);
}

static void say_rest(struct pv_buffer *cuts, const struct pv_callgraph *graph,
                     struct pv_buffer *notes)
{
    struct pv_buffer sentence = {0};
    pv_buffer_add(&sentence, PV_TEXT("Not drawn: "));
    if (graph->rest_funcs)
        pv_add_count(&sentence, graph->rest_funcs, "function", "functions");
    if (graph->rest_funcs && graph->whole && !graph->change) {
        pv_buffer_add(&sentence,
                      graph->rest_funcs > 1 ? PV_TEXT(" (self together ") : PV_TEXT(" (self "));
        sentence.size += pv_format_share(pv_buffer_reserve(&sentence, PV_NUMBER_SIZE),
                                         graph->rest_self, graph->whole);
        pv_buffer_char(&sentence, ')');
    }
    if (graph->rest_funcs && graph->rest_arcs)
        pv_buffer_add(&sentence, PV_TEXT(" and "));
    if (graph->rest_arcs)
        pv_add_count(&sentence, graph->rest_arcs, "arrow between those that are",
                     "arrows between those that are");
    if (graph->rest_funcs || graph->rest_arcs)
        say(cuts, pv_buffer_text(&sentence), notes);
    pv_buffer_free(&sentence);
}

/* Where values may be negative, the total in the header is not what shares are of. */
static void say_sizes(struct pv_buffer *cuts, const struct pv_callgraph *graph)
{
    struct pv_buffer sentence = {0};
    pv_buffer_add(&sentence, PV_TEXT("Shares are of "));
    pv_sheet_value(&sentence, &graph->sheet, graph->whole);
    pv_buffer_add(&sentence, PV_TEXT(", the sum of all sizes without their signs"));
    say(cuts, pv_buffer_text(&sentence), NULL);
    pv_buffer_free(&sentence);
}

void pv_callgraph_cuts(struct pv_buffer *cuts, const struct pv_callgraph *graph,
                       struct pv_buffer *notes)
{
    if (graph->profile->metrics[graph->draw->metric].is_signed && !graph->change)
        say_sizes(cuts, graph);
    if (graph->whole == 0)
        say(cuts, PV_TEXT("Nothing was measured but calls: sizes and widths mean nothing"), notes);
    say_rest(cuts, graph, notes);
    if (graph->halvings)
        say(cuts,
            graph->halvings == 1
                ? PV_TEXT("Half of the graph was left out, because its layout took too long")
                : PV_TEXT("Three quarters of the graph were left out, because its layout took too "
                          "long"),
            notes);
    if (graph->is_straight)
        say(cuts, PV_TEXT("Arrows are straight lines, because they are so many"), NULL);
    say_count(cuts, graph->capped, "function has more than the whole, shown as 100 %",
              "functions have more than the whole, shown as 100 %", notes);
    say_count(cuts, graph->clamped, "arrow says more than its functions have, and is cut to that",
              "arrows say more than their functions have, and are cut to that", notes);
    say_count(cuts, graph->unlabelled, "arrow has no room for its label",
              "arrows have no room for their labels", NULL);
}

static void add_legend_ends(struct pv_buffer *out, const struct pv_callgraph *graph,
                            bool has_residual)
{
    if (has_residual)
        pv_buffer_add(out, PV_TEXT(" Dotted arrows: through functions that are not drawn."));
    if (graph->cycles)
        pv_buffer_add(out, PV_TEXT(" Blue ground: functions that call each other in a cycle."));
    if (graph->group_count)
        pv_buffer_add(out, PV_TEXT(" Frames: functions of one module."));
}

/* Only what is there to be seen. */
void pv_callgraph_legend(struct pv_buffer *out, const struct pv_callgraph *graph)
{
    bool has_residual = false, has_calls = false;
    for (uint32_t i = 0; i < graph->arrow_count; i++) {
        has_residual |= graph->arrows[i].is_residual;
        has_calls |= graph->arrows[i].calls != PV_UNKNOWN_CALLS;
    }
    if (graph->change) {
        pv_callgraph_diff_legend(graph, out);
        add_legend_ends(out, graph, has_residual);
        return;
    }
    if (graph->draw->is_by_total)
        pv_buffer_add(out, PV_TEXT("Boxes: size by self share, colour and border by total share."));
    else if (!graph->draw->has_colouring || graph->draw->colouring == PV_COLOUR_COST)
        pv_buffer_add(out, PV_TEXT("Boxes: size and colour by self share, border by total share."));
    else if (graph->draw->colouring == PV_COLOUR_MODULE)
        pv_buffer_add(out, PV_TEXT("Boxes: size by self share, border by total share, colour by "
                                   "module."));
    else
        pv_buffer_add(out, PV_TEXT("Boxes: size by self share, border by total share."));
    if (graph->arrow_count)
        pv_buffer_add(out, PV_TEXT(" Arrows: width by what the callee takes for this caller, as a "
                                   "share of all"));
    if (graph->arrow_count)
        pv_buffer_add(out, has_calls ? PV_TEXT(", and how many calls.") : PV_TEXT("."));
    add_legend_ends(out, graph, has_residual);
}

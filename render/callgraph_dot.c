#include "render/callgraph.h"

#include "model/escape.h"
#include "model/number.h"
#include "render/callgraph_diff.h"
#include "render/callgraph_parts.h"
#include "render/font.h"
#include "render/labels.h"

/* The language: https://graphviz.org/doc/info/lang.html; attributes and what a label's backslashes
 * mean: https://graphviz.org/docs/attr-types/escString/. */

enum { MOST_TOOLTIP = 2000, PX_PER_INCH = 72 };

struct dot {
    struct pv_callgraph graph;
    bool is_dark;
    struct pv_output *output;
    struct pv_buffer text;
};

/* Between quotes, where a backslash would mean something, an & begin an entity, and a quote end the
 * string. `text` is in display form; a line's end becomes one that centres the line. */
static void add_quoted(struct pv_output *output, struct pv_text text)
{
    pv_output_char(output, '"');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\n')
            pv_output_string(output, "\\n");
        else if (text.data[i] == '\\')
            pv_output_string(output, "\\\\");
        else if (text.data[i] == '"')
            pv_output_string(output, "\\\"");
        else if (text.data[i] == '&')
            pv_output_string(output, "&amp;");
        else
            pv_output_char(output, text.data[i]);
    }
    pv_output_char(output, '"');
}

/* Any bytes, in display form line by line, cut where they are too many. */
static void add_raw_quoted(struct pv_output *output, struct pv_text raw)
{
    struct pv_buffer shown = {0};
    struct pv_text rest = pv_text_slice(raw, 0, MOST_TOOLTIP), line;
    for (bool is_first = true; pv_text_split(&rest, '\n', &line); is_first = false) {
        if (!is_first)
            pv_buffer_char(&shown, '\n');
        pv_escape(&shown, PV_ESCAPE_DISPLAY, line);
    }
    if (raw.size > MOST_TOOLTIP)
        pv_buffer_add(&shown, PV_TEXT("…"));
    add_quoted(output, pv_buffer_text(&shown));
    pv_buffer_free(&shown);
}

static void add_colour(const struct dot *dot, const char *name, enum pv_paint paint)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t rgb = pv_palette_rgb(paint, dot->is_dark);
    pv_output_string(dot->output, name);
    pv_output_string(dot->output, "=\"#");
    for (unsigned i = 0; i < 6; i++)
        pv_output_char(dot->output, digits[rgb >> (20 - 4 * i) & 0xF]);
    pv_output_char(dot->output, '"');
}

static void add_number(const struct dot *dot, const char *name, double value, unsigned digits)
{
    pv_output_string(dot->output, name);
    pv_output_char(dot->output, '=');
    pv_output_fixed(dot->output, value, digits);
}

static void add_comment(const struct dot *dot, struct pv_text words)
{
    struct pv_buffer shown = {0};
    if (!words.size)
        return;
    pv_escape(&shown, PV_ESCAPE_DISPLAY, words);
    pv_output_string(dot->output, "  // ");
    pv_output_add(dot->output, pv_buffer_text(&shown));
    pv_output_char(dot->output, '\n');
    pv_buffer_free(&shown);
}

/* Title, facts and what was cut: the graph's own label, and the legend as a comment. */
static void add_head(struct dot *dot, struct pv_buffer *notes)
{
    struct pv_buffer facts = {0}, cuts = {0}, legend = {0}, label = {0}, line = {0};
    const struct pv_draw *draw = dot->graph.draw;
    pv_callgraph_facts(&facts, &dot->graph);
    pv_callgraph_cuts(&cuts, &dot->graph, notes);
    pv_callgraph_legend(&legend, &dot->graph);
    dot->graph.sheet.facts = pv_buffer_text(&facts);
    pv_buffer_add(&label, draw->title.size ? draw->title : PV_TEXT("Call graph"));
    pv_buffer_char(&label, '\n');
    pv_sheet_facts(&line, &dot->graph.sheet);
    pv_buffer_add(&label, pv_buffer_text(&line));
    if (cuts.size)
        pv_buffer_char(&label, '\n');
    pv_buffer_add(&label, pv_buffer_text(&cuts));
    add_comment(dot, pv_buffer_text(&legend));
    pv_output_string(dot->output, "  graph [label=");
    add_raw_quoted(dot->output, pv_buffer_text(&label));
    pv_output_string(dot->output, ", labelloc=t, labeljust=l, fontname=\"Helvetica\", fontsize=12, "
                                  "nodesep=0.28, ranksep=0.67, charset=\"UTF-8\", ");
    add_colour(dot, "bgcolor", PV_PAINT_BACKGROUND);
    add_colour(dot, ", fontcolor", PV_PAINT_TEXT);
    pv_output_string(dot->output, "];\n  node [shape=box, style=\"filled,rounded\", "
                                  "fontname=\"Helvetica\", ");
    add_colour(dot, "fontcolor", PV_PAINT_TEXT);
    pv_output_string(dot->output, "];\n  edge [fontname=\"Helvetica\", fontsize=10, ");
    add_colour(dot, "fontcolor", PV_PAINT_TEXT);
    pv_output_string(dot->output, "];\n");
    pv_buffer_free(&facts);
    pv_buffer_free(&cuts);
    pv_buffer_free(&legend);
    pv_buffer_free(&label);
    pv_buffer_free(&line);
}

static void add_lines(struct dot *dot, const struct pv_graph_box *box)
{
    struct pv_text all = pv_buffer_text(&dot->graph.text);
    dot->text.size = 0;
    for (unsigned i = 0; i < box->line_count; i++) {
        const struct pv_box_line *line = &box->lines[i];
        if (i)
            pv_buffer_char(&dot->text, '\n');
        pv_buffer_add(&dot->text, pv_text_slice(all, line->from, line->from + line->size));
    }
    add_quoted(dot->output, pv_buffer_text(&dot->text));
}

/* The box has the picture's least size; its one size of type is between the name's and the
 * numbers'. */
static void add_box(struct dot *dot, uint32_t index)
{
    const struct pv_callgraph *graph = &dot->graph;
    const struct pv_graph_box *box = &graph->boxes[index];
    struct pv_style style = pv_callgraph_box_style(graph, box);
    double face = (box->lines[0].face + box->lines[box->line_count - 1].face) / 2;
    pv_output_string(dot->output, "  n");
    pv_output_int(dot->output, index);
    pv_output_string(dot->output, " [label=");
    add_lines(dot, box);
    add_colour(dot, ", fillcolor", style.fill);
    add_colour(dot, ", color", style.stroke);
    add_number(dot, ", penwidth", style.stroke_width, 2);
    add_number(dot, ", fontsize", face, 1);
    add_number(dot, ", width", box->width / PX_PER_INCH, 3);
    add_number(dot, ", height", box->height / PX_PER_INCH, 3);
    if (style.dash == PV_DOTTED)
        pv_output_string(dot->output, ", style=\"filled,dotted\"");
    if (box->func != PV_NONE) {
        dot->text.size = 0;
        pv_label_full(&dot->text, graph->profile, graph->profile->graph->funcs[box->func].frame);
        pv_output_string(dot->output, ", tooltip=");
        add_raw_quoted(dot->output, pv_buffer_text(&dot->text));
    }
    pv_output_string(dot->output, "];\n");
}

static void add_arrow(struct dot *dot, const struct pv_graph_arrow *arrow)
{
    struct pv_text label =
        pv_text_slice(pv_buffer_text(&dot->graph.text), arrow->from, arrow->from + arrow->size);
    pv_output_string(dot->output, "  n");
    pv_output_int(dot->output, arrow->tail);
    pv_output_string(dot->output, " -> n");
    pv_output_int(dot->output, arrow->head);
    add_colour(dot, " [color", pv_callgraph_arrow_paint(&dot->graph, arrow));
    add_number(dot, ", penwidth", arrow->is_residual ? 1.2 : arrow->stroke, 2);
    add_number(dot, ", arrowsize", 0.5 + arrow->stroke / 10, 2);
    add_number(dot, ", weight", 1 + (double)(uint32_t)(arrow->share * 50), 0);
    if (label.size) {
        dot->text.size = 0;
        pv_buffer_char(&dot->text, ' '); /* clear of the line that it stands beside */
        pv_buffer_add(&dot->text, label);
        pv_output_string(dot->output, ", label=");
        add_quoted(dot->output, pv_buffer_text(&dot->text));
    }
    if (arrow->is_residual)
        pv_output_string(dot->output, ", style=dotted");
    pv_output_string(dot->output, "];\n");
}

static void add_group(struct dot *dot, uint32_t group)
{
    pv_output_string(dot->output, "  subgraph cluster_");
    pv_output_int(dot->output, group);
    pv_output_string(dot->output, " { label=");
    add_raw_quoted(dot->output, dot->graph.groups[group - 1]);
    pv_output_string(dot->output, "; style=\"filled,rounded\"; ");
    add_colour(dot, "fillcolor", PV_PAINT_SURFACE);
    add_colour(dot, "; color", PV_PAINT_HAIRLINE);
    pv_output_char(dot->output, ';');
    for (uint32_t i = 0; i < dot->graph.box_count; i++) {
        if (dot->graph.boxes[i].group != group)
            continue;
        pv_output_string(dot->output, " n");
        pv_output_int(dot->output, i);
        pv_output_char(dot->output, ';');
    }
    pv_output_string(dot->output, " }\n");
}

static void write_graph(struct dot *dot, struct pv_buffer *notes)
{
    const struct pv_draw *draw = dot->graph.draw;
    struct pv_limits defaults = pv_limits_default();
    const struct pv_limits *limits = draw->limits ? draw->limits : &defaults;
    dot->graph.whole = dot->graph.sheet.whole = pv_profile_whole(dot->graph.profile, draw->metric);
    pv_callgraph_diff_begin(&dot->graph);
    pv_callgraph_fill(&dot->graph, pv_callgraph_most(draw->node_count, limits->graph_nodes),
                      pv_callgraph_most(draw->arc_count, limits->graph_arcs));
    add_head(dot, notes);
    for (uint32_t i = 0; i < dot->graph.box_count; i++)
        add_box(dot, i);
    for (uint32_t i = 1; i <= dot->graph.group_count; i++)
        add_group(dot, i);
    for (uint32_t i = 0; i < dot->graph.arrow_count; i++)
        add_arrow(dot, &dot->graph.arrows[i]);
    pv_callgraph_clear(&dot->graph);
    pv_callgraph_diff_free(&dot->graph);
}

bool pv_callgraph_write_dot(const struct pv_document *document, struct pv_output *output,
                            struct pv_buffer *notes, struct pv_error *err)
{
    const struct pv_profile *profile = document->profile;
    const struct pv_draw *draw = document->draw;
    struct dot dot = {
        .graph = {.profile = profile,
                  .draw = draw,
                  .sheet = {.draw = draw, .profile = profile, .view = "Call graph"}},
        .is_dark = document->options->theme == PV_THEME_DARK,
        .output = output,
    };
    (void)err;
    pv_output_string(output, "digraph profile {\n");
    if (profile->metric_count && profile->graph->func_count)
        write_graph(&dot, notes);
    else
        pv_output_string(output, "  graph [label=\"nothing recorded\"];\n");
    pv_output_string(output, "}\n");
    pv_buffer_free(&dot.graph.text);
    pv_buffer_free(&dot.text);
    return true;
}

#include "render/callgraph_diff.h"
#include "render/callgraph_parts.h"

#include "model/graph.h"
#include "model/prune.h"
#include "render/font.h"
#include "render/labels.h"

#include <math.h>
#include <stdlib.h>

/* px. Type grows with the share that a function has by itself. */
enum { LEAST_FACE = 10, MOST_FACE = 22, LEAST_SMALL = 9, PAD = 8, WIDEST = 300, NAME_LETTERS = 15 };

static double share_of(int64_t part, int64_t whole)
{
    double share = whole > 0 ? fabs((double)part) / (double)whole : 0;
    return share < 1 ? share : 1;
}

/* For an arrow's label: "37 %", "4.2 %", "0.3 %", "<0.1 %". */
static void add_short_share(struct pv_buffer *out, int64_t part, int64_t whole)
{
    double percent = share_of(part, whole) * 100;
    if (percent > 0 && percent < 0.1) {
        pv_buffer_add(out, PV_TEXT("<0.1 %"));
        return;
    }
    if (part < 0)
        pv_buffer_char(out, '-');
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_print_fixed(room, percent, percent < 9.95 ? 1 : 0);
    pv_buffer_add(out, PV_TEXT(" %"));
}

/* "1,204", "12 k", "3.4 M". */
void pv_short_count(struct pv_buffer *out, int64_t count)
{
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    if (count < 10000) {
        out->size += pv_print_grouped(room, count);
    } else if (count < 999500) {
        out->size += pv_print_int64(room, (count + 500) / 1000);
        pv_buffer_add(out, PV_TEXT(" k"));
    } else {
        out->size += pv_format_value(room, count, PV_UNIT_COUNT, 1);
    }
}

static double ceil_even(double length)
{
    return ceil(length / 2) * 2;
}

static struct pv_text line_text(const struct pv_callgraph *graph, const struct pv_box_line *line)
{
    return pv_text_slice(pv_buffer_text(&graph->text), line->from, line->from + line->size);
}

/* Makes what was appended to the text since `from` a line of the box, if there is anything. */
static void end_line(struct pv_callgraph *graph, struct pv_graph_box *box, size_t from,
                     struct pv_face face)
{
    if (graph->text.size == from || box->line_count == PV_BOX_LINES)
        return;
    struct pv_box_line *line = &box->lines[box->line_count++];
    *line = (struct pv_box_line){from, graph->text.size - from, face.size, face.is_bold};
    double width = pv_font_width(line_text(graph, line), face.size, face.is_bold);
    box->width = fmax(box->width, ceil_even(width + 2 * PAD));
    box->height += ceil(face.size * 1.32);
}

/* Two lines: a box is rather high than wide, so that a picture's type is large on a screen. */
static void add_numbers(struct pv_callgraph *graph, struct pv_graph_box *box, int64_t calls,
                        struct pv_face face)
{
    struct pv_buffer *out = &graph->text;
    const struct pv_sheet *sheet = &graph->sheet;
    size_t from = out->size;
    if (graph->change) {
        pv_callgraph_diff_self(graph, box, out);
        end_line(graph, box, from, face);
        from = out->size;
        pv_callgraph_diff_total(graph, box, out);
        end_line(graph, box, from, face);
        return;
    }
    pv_buffer_add(out, PV_TEXT("self "));
    if (graph->whole == 0)
        pv_sheet_value(out, sheet, box->self);
    else if (box->self == 0)
        pv_buffer_add(out, PV_TEXT("0 %"));
    else
        pv_sheet_share(out, sheet, box->self);
    end_line(graph, box, from, face);
    from = out->size;
    pv_buffer_add(out, PV_TEXT("total "));
    if (graph->whole == 0)
        pv_sheet_value(out, sheet, box->total);
    else
        out->size +=
            pv_format_share(pv_buffer_reserve(out, PV_NUMBER_SIZE), box->total, graph->whole);
    if (calls != PV_UNKNOWN_CALLS) {
        pv_buffer_add(out, PV_TEXT(" \xC2\xB7 "));
        pv_add_count(out, (uint64_t)calls, "call", "calls");
    }
    end_line(graph, box, from, face);
}

/* How many bytes of the name go into the first of two lines: as many as fit, but rather up to a
 * joint. */
static size_t break_at(struct pv_text name, struct pv_face face, double width)
{
    size_t fits = pv_font_prefix(name, face.size, face.is_bold, width);
    for (size_t at = fits; at > fits / 2; at--) {
        char byte = name.data[at - 1];
        if (byte == '_' || byte == '.' || byte == ':' || byte == ',' || byte == '/' || byte == ' ')
            return at;
    }
    return fits;
}

static void add_name(struct pv_callgraph *graph, struct pv_graph_box *box, uint32_t frame,
                     struct pv_face face)
{
    bool is_wrapped = graph->draw->is_wrapped;
    double width = fmax(WIDEST, face.size * NAME_LETTERS);
    size_t from = graph->text.size;
    if (!pv_label_function(&graph->text, graph->profile, frame, face,
                           is_wrapped ? width * 1.9 : width))
        pv_label_frame(&graph->text, graph->profile, frame, face, width);
    struct pv_text name = pv_text_slice(pv_buffer_text(&graph->text), from, graph->text.size);
    if (!is_wrapped || pv_font_width(name, face.size, true) <= width) {
        end_line(graph, box, from, face);
        return;
    }
    size_t end = graph->text.size, middle = from + break_at(name, face, width);
    graph->text.size = middle;
    end_line(graph, box, from, face);
    graph->text.size = end;
    end_line(graph, box, middle, face);
}

/* Whether another box would look the same but for its line. */
static bool has_twin(const struct pv_callgraph *graph, const struct pv_graph_box *box,
                     const struct pv_frame *frame)
{
    for (uint32_t i = 0; i < graph->box_count; i++) {
        if (graph->boxes[i].func == box->func || graph->boxes[i].func == PV_NONE)
            continue;
        uint32_t other = graph->profile->graph->funcs[graph->boxes[i].func].frame;
        const struct pv_frame *twin = &graph->profile->frames[other];
        if (twin->name == frame->name && twin->file == frame->file)
            return true;
    }
    return false;
}

static void add_joint(struct pv_buffer *out, size_t from)
{
    if (out->size > from)
        pv_buffer_add(out, PV_TEXT(" \xC2\xB7 "));
}

static void add_place(struct pv_callgraph *graph, struct pv_graph_box *box, uint32_t frame,
                      struct pv_face face)
{
    size_t from = graph->text.size;
    const struct pv_frame *of = &graph->profile->frames[frame];
    bool has_module = pv_label_module(&graph->text, graph->profile, frame, face, WIDEST);
    if (has_module && of->file && of->line && has_twin(graph, box, of)) {
        pv_buffer_char(&graph->text, ':');
        char *room = pv_buffer_reserve(&graph->text, PV_NUMBER_SIZE);
        graph->text.size += pv_print_uint64(room, of->line);
    }
    if (of->flags & PV_FRAME_BUILTIN) {
        add_joint(&graph->text, from);
        pv_buffer_add(&graph->text, PV_TEXT("built-in"));
    }
    if (box->cycle) {
        add_joint(&graph->text, from);
        pv_buffer_add(&graph->text, PV_TEXT("cycle "));
        char *room = pv_buffer_reserve(&graph->text, PV_NUMBER_SIZE);
        graph->text.size += pv_print_uint64(room, box->cycle);
    }
    end_line(graph, box, from, face);
}

static struct pv_face face_of(const struct pv_graph_box *box)
{
    double grown = pow(box->self_share, 0.45) * (MOST_FACE - LEAST_FACE);
    return (struct pv_face){floor((LEAST_FACE + grown) * 2 + 0.5) / 2, true};
}

static struct pv_face small_face(struct pv_face face)
{
    double size = floor(face.size * 0.62 * 2 + 0.5) / 2;
    return (struct pv_face){size < LEAST_SMALL ? LEAST_SMALL : size, false};
}

static void fill_box(struct pv_callgraph *graph, struct pv_graph_box *box)
{
    const struct pv_graph *from = graph->profile->graph;
    const struct pv_func *func = &from->funcs[box->func];
    box->self = from->self[graph->draw->metric][box->func];
    box->total = from->total[graph->draw->metric][box->func];
    box->self_share = share_of(box->self, graph->whole);
    box->total_share = share_of(box->total, graph->whole);
    if (graph->change)
        pv_callgraph_diff_values(graph, box);
    graph->capped +=
        !graph->change && graph->whole > 0 && fabs((double)box->total) > (double)graph->whole;
    struct pv_face face = face_of(box);
    box->height = PAD;
    add_name(graph, box, func->frame, face);
    add_place(graph, box, func->frame, small_face(face));
    add_numbers(graph, box, func->calls, small_face(face));
    box->height = ceil_even(box->height);
}

static void fill_rest(struct pv_callgraph *graph, struct pv_graph_box *box)
{
    struct pv_face face = {LEAST_FACE, true};
    size_t start = graph->text.size;
    *box = (struct pv_graph_box){.func = PV_NONE, .self = graph->rest_self, .height = PAD};
    pv_buffer_add(&graph->text, PV_TEXT("\xE2\x80\xA6 "));
    pv_add_count(&graph->text, graph->rest_funcs, "function", "functions");
    end_line(graph, box, start, face);
    start = graph->text.size;
    pv_buffer_add(&graph->text,
                  graph->rest_funcs > 1 ? PV_TEXT("self together ") : PV_TEXT("self "));
    if (graph->change)
        pv_callgraph_diff_rest(graph, &graph->text);
    else if (graph->whole)
        pv_sheet_share(&graph->text, &graph->sheet, graph->rest_self);
    else
        pv_sheet_value(&graph->text, &graph->sheet, graph->rest_self);
    end_line(graph, box, start, small_face(face));
    box->height = ceil_even(box->height);
}

/* Numbers the cycles that at least two of the boxes are on, in the order of their largest box. */
static void mark_cycles(struct pv_callgraph *graph, const struct pv_pruned *pruned)
{
    uint32_t count;
    uint32_t *components = pv_graph_components(graph->profile, &count);
    uint32_t *members = pv_zalloc((size_t)count + 1, sizeof *members);
    uint32_t *numbers = pv_zalloc((size_t)count + 1, sizeof *numbers);
    for (uint32_t i = 0; i < pruned->func_count; i++)
        members[components[pruned->funcs[i]]]++;
    graph->cycles = 0;
    for (uint32_t i = 0; i < pruned->func_count; i++) {
        uint32_t component = components[pruned->funcs[i]];
        if (members[component] < 2)
            continue;
        if (!numbers[component])
            numbers[component] = ++graph->cycles;
        graph->boxes[i].cycle = numbers[component];
    }
    free(components);
    free(members);
    free(numbers);
}

/* Numbers the modules that at least two of the boxes belong to. */
static void mark_groups(struct pv_callgraph *graph, const struct pv_pruned *pruned)
{
    struct pv_text *keys = pv_zalloc((size_t)pruned->func_count + 1, sizeof *keys);
    graph->groups = pv_zalloc((size_t)pruned->func_count + 1, sizeof *graph->groups);
    for (uint32_t i = 0; i < pruned->func_count; i++) {
        uint32_t frame = graph->profile->graph->funcs[pruned->funcs[i]].frame;
        keys[i] = pv_module_key(graph->profile, frame);
        for (uint32_t k = 0; k < i && keys[i].size && !graph->boxes[i].group; k++) {
            if (!pv_text_equal(keys[k], keys[i]))
                continue;
            if (!graph->boxes[k].group) {
                graph->boxes[k].group = ++graph->group_count;
                graph->groups[graph->group_count - 1] = keys[k];
            }
            graph->boxes[i].group = graph->boxes[k].group;
        }
    }
    free(keys);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return (a < 0 ? -(double)a : (double)a) <= (b < 0 ? -(double)b : (double)b) ? a : b;
}

static void end_label(struct pv_callgraph *graph, struct pv_graph_arrow *arrow)
{
    arrow->size = graph->text.size - arrow->from;
    struct pv_text label =
        pv_text_slice(pv_buffer_text(&graph->text), arrow->from, graph->text.size);
    arrow->label_width =
        label.size ? ceil(pv_font_width(label, PV_ARROW_FACE, false)) + PV_LABEL_SLACK * 2 : 0;
}

static void add_label(struct pv_callgraph *graph, struct pv_graph_arrow *arrow)
{
    arrow->from = graph->text.size;
    if (graph->change) {
        pv_callgraph_diff_label(graph, arrow, &graph->text);
        end_label(graph, arrow);
        return;
    }
    if (arrow->has_total && graph->whole)
        add_short_share(&graph->text, arrow->total, graph->whole);
    if (arrow->calls != PV_UNKNOWN_CALLS) {
        add_joint(&graph->text, arrow->from);
        pv_short_count(&graph->text, arrow->calls);
    }
    end_label(graph, arrow);
}

static void fill_arrow(struct pv_callgraph *graph, struct pv_graph_arrow *arrow,
                       const struct pv_kept_arc *arc)
{
    const struct pv_graph_box *tail = &graph->boxes[arc->caller];
    const struct pv_graph_box *head = &graph->boxes[arc->callee];
    *arrow = (struct pv_graph_arrow){.tail = arc->caller,
                                     .head = arc->callee,
                                     .total = arc->total,
                                     .calls = arc->calls,
                                     .has_total = arc->has_total,
                                     .is_residual = arc->is_residual};
    bool is_signed = graph->change || graph->profile->metrics[graph->draw->metric].is_signed;
    if (arc->has_total && !is_signed) {
        arrow->total = smaller(smaller(arc->total, tail->total), head->total);
        graph->clamped += arrow->total != arc->total;
        arrow->share = share_of(arrow->total, graph->whole);
    }
    if (graph->change)
        pv_callgraph_diff_arrow(graph, arrow, arc);
    arrow->stroke = 0.6 + 5.4 * arrow->share;
    add_label(graph, arrow);
}

void pv_callgraph_fill(struct pv_callgraph *graph, uint32_t max_funcs, uint32_t max_arcs)
{
    struct pv_prune_options options = {.metric = graph->prune_metric,
                                       .func_percent = graph->draw->node_share * 100,
                                       .arc_percent = graph->draw->arc_share * 100,
                                       .max_funcs = max_funcs,
                                       .max_arcs = max_arcs};
    struct pv_pruned *pruned = pv_prune_graph(graph->profile, &options);
    graph->rest_funcs = pruned->rest_funcs;
    graph->rest_arcs = pruned->rest_arcs;
    graph->rest_self = pruned->rest_self;
    graph->box_count = pruned->func_count + (pruned->rest_funcs > 0);
    graph->arrow_count = pruned->arc_count;
    graph->boxes = pv_zalloc((size_t)graph->box_count + 1, sizeof *graph->boxes);
    graph->arrows = pv_zalloc((size_t)graph->arrow_count + 1, sizeof *graph->arrows);
    mark_cycles(graph, pruned);
    if (graph->draw->has_clusters)
        mark_groups(graph, pruned);
    for (uint32_t i = 0; i < graph->box_count; i++)
        graph->boxes[i].func = i < pruned->func_count ? pruned->funcs[i] : PV_NONE;
    for (uint32_t i = 0; i < pruned->func_count; i++)
        fill_box(graph, &graph->boxes[i]);
    if (pruned->rest_funcs)
        fill_rest(graph, &graph->boxes[pruned->func_count]);
    for (uint32_t i = 0; i < pruned->arc_count; i++)
        fill_arrow(graph, &graph->arrows[i], &pruned->arcs[i]);
    pv_pruned_free(pruned);
}

void pv_callgraph_clear(struct pv_callgraph *graph)
{
    free(graph->boxes);
    free(graph->arrows);
    free(graph->groups);
    graph->boxes = NULL;
    graph->arrows = NULL;
    graph->groups = NULL;
    graph->group_count = 0;
    graph->capped = graph->clamped = graph->unlabelled = 0;
    graph->text.size = 0;
}

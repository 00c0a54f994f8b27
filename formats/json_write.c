#include "formats/json_profile.h"

#include "formats/preorder.h"
#include "model/error.h"
#include "model/escape.h"
#include "model/number.h"
#include "model/sort.h"

#include <stdlib.h>

/* Written in canonical order throughout, so that equal profiles have equal bytes however they came
 * to be. Rows have lines of their own for the sake of diff. */
struct writer {
    const struct pv_profile *profile;
    const struct pv_graph *graph; /* NULL: what follows from the stacks is left out */
    struct pv_output *output;
    struct pv_buffer text; /* written, not yet handed to the output */
    uint32_t count;        /* of functions: the graph's, or the frames that are made use of */
    uint32_t *order;       /* functions in canonical order */
    uint32_t *rank;        /* of a function in that order */
    uint32_t *func_of;     /* of a frame, or PV_NONE */
    bool is_compact;
    uint64_t written, most; /* bytes handed to the output, and how many it may get */
};

enum { FLUSH_AT = 64 * 1024, NUMBERS_PER_LINE = 32 };

static void add(struct writer *writer, const char *words)
{
    pv_buffer_add(&writer->text, pv_text_of(words));
}

static void add_string(struct writer *writer, struct pv_text text)
{
    pv_buffer_char(&writer->text, '"');
    pv_escape(&writer->text, PV_ESCAPE_JSON, text);
    pv_buffer_char(&writer->text, '"');
}

static void add_text(struct writer *writer, const char *key, pv_str id)
{
    add(writer, key);
    add_string(writer, pv_profile_text(writer->profile, id));
}

static void add_int(struct writer *writer, int64_t value)
{
    char *to = pv_buffer_reserve(&writer->text, PV_NUMBER_SIZE);
    writer->text.size += pv_print_int64(to, value);
}

static void add_calls(struct writer *writer, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS)
        add(writer, "null");
    else
        add_int(writer, calls);
}

static void flush(struct writer *writer)
{
    writer->written += writer->text.size;
    if (writer->written <= writer->most)
        pv_output_add(writer->output, pv_buffer_text(&writer->text));
    writer->text.size = 0;
}

/* Begins row i of an array that is written a row a line. */
static void begin_row(struct writer *writer, uint32_t i)
{
    add(writer, i ? ",\n" : "\n");
    if (writer->text.size >= FLUSH_AT)
        flush(writer);
}

static void begin_number(struct writer *writer, uint32_t i)
{
    if (i % NUMBERS_PER_LINE == 0)
        begin_row(writer, i);
    else
        pv_buffer_char(&writer->text, ',');
}

/* One value for each metric. */
static void add_row(struct writer *writer, int64_t *const *columns, uint32_t at)
{
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        pv_buffer_char(&writer->text, m ? ',' : '[');
        add_int(writer, columns[m][at]);
    }
    add(writer, writer->profile->metric_count ? "]" : "[]");
}

static void put_metrics(struct writer *writer)
{
    add(writer, "\"metrics\":[");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        const struct pv_metric *metric = &writer->profile->metrics[m];
        begin_row(writer, m);
        add_text(writer, "{\"name\":", metric->name);
        add(writer, ",\"unit\":");
        add_string(writer, pv_unit_name(metric->unit));
        add(writer, ",\"scale\":");
        add_int(writer, metric->scale);
        add(writer, metric->is_signed ? ",\"signed\":true" : ",\"signed\":false");
        add(writer, ",\"total\":");
        add_int(writer, metric->total);
        pv_buffer_char(&writer->text, '}');
    }
    add(writer, "],\n");
}

static void add_flags(struct writer *writer, uint32_t flags)
{
    const char *const *words = pv_json_flag_words();
    char before = '[';
    if (!flags)
        return;
    add(writer, ",\"flags\":");
    for (unsigned bit = 0; words[bit]; bit++) {
        if (!(flags >> bit & 1))
            continue;
        pv_buffer_char(&writer->text, before);
        add_string(writer, pv_text_of(words[bit]));
        before = ',';
    }
    pv_buffer_char(&writer->text, ']');
}

/* A member that may be left out where it is empty. */
static void add_place(struct writer *writer, const char *key, pv_str id)
{
    if (id || !writer->is_compact)
        add_text(writer, key, id);
}

static void add_measured(struct writer *writer, uint32_t func)
{
    const struct pv_func *row = &writer->graph->funcs[func];
    add(writer, ",\"calls\":");
    add_calls(writer, row->calls);
    add(writer, ",\"primitive_calls\":");
    add_calls(writer, row->primitive_calls);
    add(writer, ",\"self\":");
    add_row(writer, writer->graph->self, func);
    add(writer, ",\"total\":");
    add_row(writer, writer->graph->total, func);
}

static void add_function(struct writer *writer, uint32_t func)
{
    const struct pv_graph *graph = writer->graph;
    const struct pv_frame *frame =
        &writer->profile->frames[graph ? graph->funcs[func].frame : func];
    add_text(writer, "{\"name\":", frame->name);
    add_place(writer, ",\"file\":", frame->file);
    if (frame->line || !writer->is_compact) {
        add(writer, ",\"line\":");
        add_int(writer, frame->line);
    }
    add_place(writer, ",\"module\":", frame->module);
    add_flags(writer, frame->flags);
    if (graph)
        add_measured(writer, func);
    pv_buffer_char(&writer->text, '}');
}

static void put_functions(struct writer *writer)
{
    add(writer, "\"functions\":[");
    for (uint32_t i = 0; i < writer->count; i++) {
        begin_row(writer, i);
        add_function(writer, writer->order[i]);
    }
    add(writer, "],\n");
}

/* A stable counting sort of the arcs at `from` by the rank of their caller or callee. */
static void sort_arcs(const struct writer *writer, bool by_caller, const uint32_t *from,
                      uint32_t *to)
{
    const struct pv_graph *graph = writer->graph;
    uint32_t *start = pv_zalloc((size_t)graph->func_count + 1, sizeof *start);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < graph->arc_count; i++) {
            const struct pv_arc *arc = &graph->arcs[from[i]];
            uint32_t key = writer->rank[by_caller ? arc->caller : arc->callee];
            if (pass == 0)
                start[key + 1]++;
            else
                to[start[key]++] = from[i];
        }
        for (uint32_t f = 0; pass == 0 && f < graph->func_count; f++)
            start[f + 1] += start[f];
    }
    free(start);
}

static void add_arc(struct writer *writer, uint32_t at)
{
    const struct pv_arc *arc = &writer->graph->arcs[at];
    const bool *has_total = writer->graph->arc_has_total;
    add(writer, "{\"caller\":");
    add_int(writer, writer->rank[arc->caller]);
    add(writer, ",\"callee\":");
    add_int(writer, writer->rank[arc->callee]);
    add(writer, ",\"calls\":");
    add_calls(writer, arc->calls);
    add(writer, ",\"total\":");
    if (has_total && !has_total[at])
        add(writer, "null");
    else
        add_row(writer, writer->graph->arc_total, at);
    pv_buffer_char(&writer->text, '}');
}

static void put_arcs(struct writer *writer)
{
    if (!writer->graph)
        return;
    uint32_t count = writer->graph->arc_count;
    uint32_t *arcs = pv_alloc(count * sizeof *arcs), *other = pv_alloc(count * sizeof *other);
    for (uint32_t i = 0; i < count; i++)
        arcs[i] = i;
    sort_arcs(writer, false, arcs, other);
    sort_arcs(writer, true, other, arcs);
    add(writer, "\"arcs\":[");
    for (uint32_t i = 0; i < count; i++) {
        begin_row(writer, i);
        add_arc(writer, arcs[i]);
    }
    add(writer, "],\n");
    free(arcs);
    free(other);
}

/* Depths pack to a quarter of the bytes of parents. */
static void put_depths(struct writer *writer, const struct pv_preorder *order)
{
    const struct pv_tree *tree = writer->profile->tree;
    uint32_t *depth = pv_zalloc(tree->count, sizeof *depth);
    add(writer, "],\n\"depth\":[\nnull");
    for (uint32_t i = 1; i < tree->count; i++) {
        depth[i] = depth[order->number[tree->nodes[order->nodes[i]].parent]] + 1;
        begin_number(writer, i);
        add_int(writer, depth[i]);
    }
    free(depth);
}

static void put_parents(struct writer *writer, const struct pv_preorder *order)
{
    const struct pv_tree *tree = writer->profile->tree;
    add(writer, "],\n\"parent\":[\nnull");
    for (uint32_t i = 1; i < tree->count; i++) {
        begin_number(writer, i);
        add_int(writer, order->number[tree->nodes[order->nodes[i]].parent]);
    }
}

static void put_nodes(struct writer *writer, const struct pv_preorder *order)
{
    const struct pv_tree *tree = writer->profile->tree;
    add(writer, "\"stacks\":{\"function\":[\nnull");
    for (uint32_t i = 1; i < tree->count; i++) {
        begin_number(writer, i);
        add_int(writer, writer->rank[writer->func_of[tree->nodes[order->nodes[i]].frame]]);
    }
    if (writer->is_compact)
        put_depths(writer, order);
    else
        put_parents(writer, order);
    add(writer, "],\n\"self\":[");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        add(writer, m ? ",[" : "[");
        for (uint32_t i = 0; i < tree->count; i++) {
            begin_number(writer, i);
            add_int(writer, tree->self[m][order->nodes[i]]);
        }
        pv_buffer_char(&writer->text, ']');
    }
    add(writer, tree->calls ? "],\n\"calls\":[" : "]},\n");
    for (uint32_t i = 0; tree->calls && i < tree->count; i++) {
        begin_number(writer, i);
        add_int(writer, tree->calls[order->nodes[i]]);
    }
    if (tree->calls)
        add(writer, "]},\n");
}

static void put_stacks(struct writer *writer)
{
    const struct pv_profile *profile = writer->profile;
    if (profile->origin != PV_ORIGIN_STACKS) {
        add(writer, "\"stacks\":null,\n");
        return;
    }
    uint32_t *rank = pv_alloc(profile->frame_count * sizeof *rank);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        rank[i] = writer->func_of[i] == PV_NONE ? PV_NONE : writer->rank[writer->func_of[i]];
    struct pv_preorder order = pv_preorder_of(profile->tree, rank, writer->count);
    put_nodes(writer, &order);
    pv_preorder_free(&order);
    free(rank);
}

static void put_points(struct writer *writer, const struct pv_series *series)
{
    add(writer, ",\n\"at\":[");
    for (uint32_t i = 0; i < series->count; i++) {
        begin_number(writer, i);
        add_int(writer, series->points[i].at);
    }
    add(writer, "],\n\"value\":[");
    for (uint32_t i = 0; i < series->count; i++) {
        begin_number(writer, i);
        add_int(writer, series->points[i].value);
    }
    add(writer, "]}");
}

/* Most profiles have none; then the member is left out. */
static bool is_line_before(const void *context, uint32_t a, uint32_t b)
{
    const struct writer *writer = context;
    const struct pv_line *x = &writer->profile->lines->rows[a];
    const struct pv_line *y = &writer->profile->lines->rows[b];
    uint32_t rank = writer->rank[writer->func_of[x->frame]];
    uint32_t other = writer->rank[writer->func_of[y->frame]];
    if (rank != other)
        return rank < other;
    if (x->file != y->file)
        return pv_text_compare(pv_profile_text(writer->profile, x->file),
                               pv_profile_text(writer->profile, y->file)) < 0;
    return x->line < y->line;
}

static void add_line(struct writer *writer, uint32_t at)
{
    const struct pv_line *line = &writer->profile->lines->rows[at];
    add(writer, "{\"function\":");
    add_int(writer, writer->rank[writer->func_of[line->frame]]);
    if (line->file)
        add_text(writer, ",\"file\":", line->file);
    add(writer, ",\"line\":");
    add_int(writer, line->line);
    add(writer, ",\"self\":");
    add_row(writer, writer->profile->lines->self, at);
    pv_buffer_char(&writer->text, '}');
}

/* Lines of frames that are no functions (any more) are nobody's. */
static void put_lines(struct writer *writer)
{
    const struct pv_lines *lines = writer->profile->lines;
    uint32_t *order = lines ? pv_alloc(lines->count * sizeof *order) : NULL, count = 0;
    for (uint32_t i = 0; lines && i < lines->count; i++)
        if (writer->func_of[lines->rows[i].frame] != PV_NONE)
            order[count++] = i;
    if (count)
        pv_sort(order, count, is_line_before, writer);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0)
            add(writer, "\"lines\":[");
        begin_row(writer, i);
        add_line(writer, order[i]);
    }
    if (count)
        add(writer, "],\n");
    free(order);
}

static void put_series(struct writer *writer)
{
    const struct pv_profile *profile = writer->profile;
    for (uint32_t i = 0; i < profile->series_count; i++) {
        const struct pv_series *series = &profile->series[i];
        add(writer, i ? ",\n" : "\"series\":[\n");
        add_text(writer, "{\"name\":", series->name);
        add_text(writer, ",\"group\":", series->group);
        add_text(writer, ",\"owner\":", series->owner);
        add(writer, ",\"unit\":");
        add_string(writer, pv_unit_name(series->unit));
        add(writer, ",\"scale\":");
        add_int(writer, series->scale);
        add_text(writer, ",\"at_name\":", series->at_name);
        add(writer, ",\"at_unit\":");
        add_string(writer, pv_unit_name(series->at_unit));
        add(writer, ",\"at_scale\":");
        add_int(writer, series->at_scale);
        put_points(writer, series);
    }
    if (profile->series_count)
        add(writer, "],\n");
}

static void put_notes(struct writer *writer)
{
    add(writer, "\"notes\":[");
    for (uint32_t i = 0; i < writer->profile->note_count; i++) {
        const struct pv_note *note = &writer->profile->notes[i];
        begin_row(writer, i);
        add_text(writer, "{\"kind\":", note->kind);
        add(writer, ",\"count\":");
        pv_buffer_reserve(&writer->text, PV_NUMBER_SIZE);
        writer->text.size += pv_print_uint64(writer->text.data + writer->text.size, note->count);
        add(writer, ",\"where\":");
        if (note->line) {
            add(writer, "{\"line\":");
            add_int(writer, (int64_t)note->line);
            pv_buffer_char(&writer->text, '}');
        } else {
            add(writer, "null");
        }
        add_text(writer, ",\"text\":", note->text);
        pv_buffer_char(&writer->text, '}');
    }
    add(writer, "]}\n");
}

static void put_head(struct writer *writer)
{
    add(writer, "{\"profviz\":");
    add_int(writer, PV_JSON_VERSION);
    add_text(writer, ",\n\"format\":", writer->profile->format);
    add(writer, ",\n\"origin\":");
    add_string(writer, pv_text_of(pv_json_origin_word(writer->profile->origin)));
    add(writer, ",\n\"is_unbounded\":");
    add(writer, writer->profile->is_unbounded ? "true,\n" : "false,\n");
}

/* Of a profile of stacks without its graph, a function is a frame that is made use of. */
static void find_functions(struct writer *writer)
{
    const struct pv_profile *profile = writer->profile;
    const struct pv_graph *graph = writer->graph;
    for (uint32_t i = 0; i < profile->frame_count; i++)
        writer->func_of[i] = PV_NONE;
    for (uint32_t f = 0; graph && f < graph->func_count; f++)
        writer->func_of[graph->funcs[f].frame] = f;
    for (uint32_t i = 1; !graph && i < profile->tree->count; i++)
        writer->func_of[profile->tree->nodes[i].frame] = profile->tree->nodes[i].frame;
}

static void rank_functions(struct writer *writer)
{
    uint32_t *frames = pv_frame_order(writer->profile);
    for (uint32_t i = 0; i < writer->profile->frame_count; i++) {
        uint32_t func = writer->func_of[frames[i]];
        if (func == PV_NONE)
            continue;
        writer->order[writer->count] = func;
        writer->rank[func] = writer->count++;
    }
    free(frames);
}

static void put_all(struct writer *writer)
{
    uint32_t most = writer->graph ? writer->graph->func_count : writer->profile->frame_count;
    writer->order = pv_alloc(most * sizeof *writer->order);
    writer->rank = pv_alloc(most * sizeof *writer->rank);
    writer->func_of = pv_alloc(writer->profile->frame_count * sizeof *writer->func_of);
    find_functions(writer);
    rank_functions(writer);
    put_head(writer);
    put_metrics(writer);
    put_functions(writer);
    put_arcs(writer);
    put_stacks(writer);
    put_lines(writer);
    put_series(writer);
    put_notes(writer);
    flush(writer);
    pv_buffer_free(&writer->text);
    free(writer->order);
    free(writer->rank);
    free(writer->func_of);
}

void pv_json_profile_write(struct pv_profile *profile, struct pv_output *output,
                           struct pv_buffer *lost)
{
    (void)lost; /* this format holds everything */
    struct writer writer = {
        .profile = profile,
        .graph = profile->graph,
        .output = output,
        .most = UINT64_MAX,
    };
    put_all(&writer);
}

bool pv_json_profile_pack(const struct pv_profile *profile, struct pv_output *output, uint64_t most)
{
    bool has_stacks = profile->origin == PV_ORIGIN_STACKS;
    struct writer writer = {
        .profile = profile,
        .graph = has_stacks ? NULL : profile->graph,
        .output = output,
        .is_compact = true,
        .most = most,
    };
    put_all(&writer);
    return writer.written <= most;
}

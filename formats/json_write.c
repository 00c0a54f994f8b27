#include "formats/json_profile.h"

#include "formats/json_write_parts.h"
#include "model/error.h"
#include "model/escape.h"
#include "model/number.h"
#include "model/sort.h"

#include <stdlib.h>

enum { FLUSH_AT = 64 * 1024, NUMBERS_PER_LINE = 32 };

void pv_json_put(struct pv_json_writing *writer, const char *words)
{
    pv_buffer_add(&writer->text, pv_text_of(words));
}

void pv_json_put_string(struct pv_json_writing *writer, struct pv_text text)
{
    pv_buffer_char(&writer->text, '"');
    pv_escape(&writer->text, PV_ESCAPE_JSON, text);
    pv_buffer_char(&writer->text, '"');
}

void pv_json_put_text(struct pv_json_writing *writer, const char *key, pv_str id)
{
    pv_json_put(writer, key);
    pv_json_put_string(writer, pv_profile_text(writer->profile, id));
}

void pv_json_put_int(struct pv_json_writing *writer, int64_t value)
{
    char *to = pv_buffer_reserve(&writer->text, PV_NUMBER_SIZE);
    writer->text.size += pv_print_int64(to, value);
}

void pv_json_put_calls(struct pv_json_writing *writer, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS)
        pv_json_put(writer, "null");
    else
        pv_json_put_int(writer, calls);
}

static void flush(struct pv_json_writing *writer)
{
    writer->written += writer->text.size;
    if (writer->written <= writer->most)
        pv_output_add(writer->output, pv_buffer_text(&writer->text));
    writer->text.size = 0;
}

void pv_json_put_begin(struct pv_json_writing *writer, uint32_t i)
{
    pv_json_put(writer, i ? ",\n" : "\n");
    if (writer->text.size >= FLUSH_AT)
        flush(writer);
}

void pv_json_put_next(struct pv_json_writing *writer, uint32_t i)
{
    if (i % NUMBERS_PER_LINE == 0)
        pv_json_put_begin(writer, i);
    else
        pv_buffer_char(&writer->text, ',');
}

void pv_json_put_values(struct pv_json_writing *writer, int64_t *const *columns, uint32_t at)
{
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        pv_buffer_char(&writer->text, m ? ',' : '[');
        pv_json_put_int(writer, columns[m][at]);
    }
    pv_json_put(writer, writer->profile->metric_count ? "]" : "[]");
}

static void put_metrics(struct pv_json_writing *writer)
{
    pv_json_put(writer, "\"metrics\":[");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        const struct pv_metric *metric = &writer->profile->metrics[m];
        pv_json_put_begin(writer, m);
        pv_json_put_text(writer, "{\"name\":", metric->name);
        pv_json_put(writer, ",\"unit\":");
        pv_json_put_string(writer, pv_unit_name(metric->unit));
        pv_json_put(writer, ",\"scale\":");
        pv_json_put_int(writer, metric->scale);
        pv_json_put(writer, metric->is_signed ? ",\"signed\":true" : ",\"signed\":false");
        pv_json_put(writer, ",\"total\":");
        pv_json_put_int(writer, metric->total);
        pv_buffer_char(&writer->text, '}');
    }
    pv_json_put(writer, "],\n");
}

void pv_json_put_flags(struct pv_json_writing *writer, uint32_t flags)
{
    const char *const *words = pv_json_flag_words();
    char before = '[';
    for (unsigned bit = 0; words[bit]; bit++) {
        if (!(flags >> bit & 1))
            continue;
        pv_buffer_char(&writer->text, before);
        pv_json_put_string(writer, pv_text_of(words[bit]));
        before = ',';
    }
    pv_buffer_char(&writer->text, ']');
}

static void add_measured(struct pv_json_writing *writer, uint32_t func)
{
    const struct pv_func *row = &writer->graph->funcs[func];
    pv_json_put(writer, ",\"calls\":");
    pv_json_put_calls(writer, row->calls);
    pv_json_put(writer, ",\"primitive_calls\":");
    pv_json_put_calls(writer, pv_primitive_calls(writer->graph, func));
    pv_json_put(writer, ",\"self\":");
    pv_json_put_values(writer, writer->graph->self, func);
    pv_json_put(writer, ",\"total\":");
    pv_json_put_values(writer, writer->graph->total, func);
}

static void add_function(struct pv_json_writing *writer, uint32_t func)
{
    const struct pv_graph *graph = writer->graph;
    const struct pv_frame *frame =
        &writer->profile->frames[graph ? graph->funcs[func].frame : func];
    pv_json_put_text(writer, "{\"name\":", frame->name);
    pv_json_put_text(writer, ",\"file\":", frame->file);
    pv_json_put(writer, ",\"line\":");
    pv_json_put_int(writer, frame->line);
    pv_json_put_text(writer, ",\"module\":", frame->module);
    if (frame->flags) {
        pv_json_put(writer, ",\"flags\":");
        pv_json_put_flags(writer, frame->flags);
    }
    if (graph)
        add_measured(writer, func);
    pv_buffer_char(&writer->text, '}');
}

static void put_functions(struct pv_json_writing *writer)
{
    pv_json_put(writer, "\"functions\":[");
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_json_put_begin(writer, i);
        add_function(writer, writer->order[i]);
    }
    pv_json_put(writer, "],\n");
}

/* Depths pack to a quarter of the bytes of parents. */
static void put_depths(struct pv_json_writing *writer, const struct pv_preorder *order)
{
    const struct pv_tree *tree = writer->profile->tree;
    uint32_t *depth = pv_zalloc(tree->count, sizeof *depth);
    pv_json_put(writer, "],\n\"depth\":[\nnull");
    for (uint32_t i = 1; i < tree->count; i++) {
        depth[i] = depth[order->number[tree->nodes[order->nodes[i]].parent]] + 1;
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, depth[i]);
    }
    free(depth);
}

static void put_parents(struct pv_json_writing *writer, const struct pv_preorder *order)
{
    const struct pv_tree *tree = writer->profile->tree;
    pv_json_put(writer, "],\n\"parent\":[\nnull");
    for (uint32_t i = 1; i < tree->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, order->number[tree->nodes[order->nodes[i]].parent]);
    }
}

static void put_nodes(struct pv_json_writing *writer, const struct pv_preorder *order)
{
    const struct pv_tree *tree = writer->profile->tree;
    pv_json_put(writer, "\"stacks\":{\"function\":[\nnull");
    for (uint32_t i = 1; i < tree->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, writer->rank[writer->func_of[tree->nodes[order->nodes[i]].frame]]);
    }
    if (writer->is_compact)
        put_depths(writer, order);
    else
        put_parents(writer, order);
    pv_json_put(writer, "],\n\"self\":[");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        pv_json_put(writer, m ? ",[" : "[");
        for (uint32_t i = 0; i < tree->count; i++) {
            pv_json_put_next(writer, i);
            pv_json_put_int(writer, tree->self[m][order->nodes[i]]);
        }
        pv_buffer_char(&writer->text, ']');
    }
    pv_json_put(writer, tree->calls ? "],\n\"calls\":[" : "]},\n");
    for (uint32_t i = 0; tree->calls && i < tree->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, tree->calls[order->nodes[i]]);
    }
    if (tree->calls)
        pv_json_put(writer, "]},\n");
}

static void put_stacks(struct pv_json_writing *writer)
{
    const struct pv_profile *profile = writer->profile;
    if (profile->origin != PV_ORIGIN_STACKS) {
        pv_json_put(writer, "\"stacks\":null,\n");
        return;
    }
    uint32_t *rank = pv_alloc(profile->frame_count * sizeof *rank);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        rank[i] = writer->func_of[i] == PV_NONE ? PV_NONE : writer->rank[writer->func_of[i]];
    struct pv_preorder order = pv_preorder_of(profile->tree, rank, writer->count);
    put_nodes(writer, &order);
    pv_json_put_spans(writer, &order);
    pv_preorder_free(&order);
    free(rank);
}

static void put_head(struct pv_json_writing *writer)
{
    pv_json_put(writer, "{\"profviz\":");
    pv_json_put_int(writer, PV_JSON_VERSION);
    pv_json_put_text(writer, ",\n\"format\":", writer->profile->format);
    pv_json_put(writer, ",\n\"origin\":");
    pv_json_put_string(writer, pv_text_of(pv_json_origin_word(writer->profile->origin)));
    pv_json_put(writer, ",\n\"is_unbounded\":");
    pv_json_put(writer, writer->profile->is_unbounded ? "true,\n" : "false,\n");
}

/* Of a profile of stacks without its graph, a function is a frame that is made use of. */
static void find_functions(struct pv_json_writing *writer)
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

static void rank_functions(struct pv_json_writing *writer)
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

static void put_all(struct pv_json_writing *writer)
{
    uint32_t most = writer->graph ? writer->graph->func_count : writer->profile->frame_count;
    writer->order = pv_alloc(most * sizeof *writer->order);
    writer->rank = pv_alloc(most * sizeof *writer->rank);
    writer->func_of = pv_alloc(writer->profile->frame_count * sizeof *writer->func_of);
    find_functions(writer);
    rank_functions(writer);
    put_head(writer);
    put_metrics(writer);
    if (writer->is_compact)
        pv_json_put_function_columns(writer);
    else
        put_functions(writer);
    pv_json_put_arcs(writer);
    put_stacks(writer);
    pv_json_put_lines(writer);
    pv_json_put_series(writer);
    pv_json_put_notes(writer);
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
    struct pv_json_writing writer = {
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
    struct pv_json_writing writer = {
        .profile = profile,
        .graph = has_stacks ? NULL : profile->graph,
        .output = output,
        .is_compact = true,
        .most = most,
    };
    put_all(&writer);
    return writer.written <= most;
}

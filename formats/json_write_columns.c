#include "formats/json_profile.h"
#include "formats/json_write_parts.h"
#include "model/error.h"

#include <stdlib.h>

/* Functions and arcs. As columns, which pictures carry, they pack into two thirds of the bytes of
 * rows, in half the time; rows are for people. */

/* A stable counting sort of the arcs at `from` by the rank of their caller or callee. */
static void sort_arcs(const struct pv_json_writing *writer, bool by_caller, const uint32_t *from,
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

static void add_total(struct pv_json_writing *writer, uint32_t at)
{
    const bool *has_total = writer->graph->arc_has_total;
    if (has_total && !has_total[at])
        pv_json_put(writer, "null");
    else
        pv_json_put_values(writer, writer->graph->arc_total, at);
}

static void add_arc(struct pv_json_writing *writer, uint32_t at)
{
    const struct pv_arc *arc = &writer->graph->arcs[at];
    pv_json_put(writer, "{\"caller\":");
    pv_json_put_int(writer, writer->rank[arc->caller]);
    pv_json_put(writer, ",\"callee\":");
    pv_json_put_int(writer, writer->rank[arc->callee]);
    pv_json_put(writer, ",\"calls\":");
    pv_json_put_calls(writer, arc->calls);
    pv_json_put(writer, ",\"total\":");
    add_total(writer, at);
    pv_buffer_char(&writer->text, '}');
}

static void put_arc_rows(struct pv_json_writing *writer, const uint32_t *arcs)
{
    pv_json_put(writer, "\"arcs\":[");
    for (uint32_t i = 0; i < writer->graph->arc_count; i++) {
        pv_json_put_begin(writer, i);
        add_arc(writer, arcs[i]);
    }
    pv_json_put(writer, "],\n");
}

static void put_arc_totals(struct pv_json_writing *writer, const uint32_t *arcs, uint32_t metric)
{
    const struct pv_graph *graph = writer->graph;
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        pv_json_put_next(writer, i);
        if (graph->arc_has_total && !graph->arc_has_total[arcs[i]])
            pv_json_put(writer, "null");
        else
            pv_json_put_int(writer, graph->arc_total[metric][arcs[i]]);
    }
}

/* Two thirds of the bytes of rows when they are packed, in half the time. */
static void put_arc_columns(struct pv_json_writing *writer, const uint32_t *arcs)
{
    const struct pv_graph *graph = writer->graph;
    pv_json_put(writer, "\"arcs\":{\"caller\":[");
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, writer->rank[graph->arcs[arcs[i]].caller]);
    }
    pv_json_put(writer, "],\n\"callee\":[");
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, writer->rank[graph->arcs[arcs[i]].callee]);
    }
    pv_json_put(writer, "],\n\"calls\":[");
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_calls(writer, graph->arcs[arcs[i]].calls);
    }
    pv_json_put(writer, "],\n\"total\":[");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        pv_json_put(writer, m ? ",[" : "[");
        put_arc_totals(writer, arcs, m);
        pv_buffer_char(&writer->text, ']');
    }
    pv_json_put(writer, "]},\n");
}

void pv_json_put_arcs(struct pv_json_writing *writer)
{
    if (!writer->graph)
        return;
    uint32_t count = writer->graph->arc_count;
    uint32_t *arcs = pv_alloc(count * sizeof *arcs), *other = pv_alloc(count * sizeof *other);
    for (uint32_t i = 0; i < count; i++)
        arcs[i] = i;
    sort_arcs(writer, false, arcs, other);
    sort_arcs(writer, true, other, arcs);
    if (writer->is_compact && writer->profile->metric_count)
        put_arc_columns(writer, arcs);
    else
        put_arc_rows(writer, arcs);
    free(arcs);
    free(other);
}

static const struct pv_frame *frame_at(const struct pv_json_writing *writer, uint32_t i)
{
    uint32_t func = writer->order[i];
    return &writer->profile->frames[writer->graph ? writer->graph->funcs[func].frame : func];
}

/* What a frame may lack. Columns in which nothing is are left out. */
enum place { LINE, FLAGS, FILE_NAME, MODULE };

static uint32_t place_at(const struct pv_json_writing *writer, uint32_t i, enum place place)
{
    const struct pv_frame *frame = frame_at(writer, i);
    switch (place) {
    case LINE:
        return frame->line;
    case FLAGS:
        return frame->flags;
    case FILE_NAME:
        return frame->file;
    default:
        return frame->module;
    }
}

static bool has_any(const struct pv_json_writing *writer, enum place place)
{
    for (uint32_t i = 0; i < writer->count; i++)
        if (place_at(writer, i, place))
            return true;
    return false;
}

/* Texts that many functions share stand once, in the order in which they first come. */
static void put_shared(struct pv_json_writing *writer, const char *const keys[2], enum place place)
{
    uint32_t room = pv_strings_count(writer->profile->strings), count = 0;
    uint32_t *number = pv_zalloc(room, sizeof *number);
    pv_json_put(writer, keys[0]);
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_str text = place_at(writer, i, place);
        if (number[text])
            continue;
        pv_json_put_begin(writer, count);
        pv_json_put_string(writer, pv_profile_text(writer->profile, text));
        number[text] = ++count;
    }
    pv_json_put(writer, keys[1]);
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, (int64_t)number[place_at(writer, i, place)] - 1);
    }
    free(number);
}

static void put_names(struct pv_json_writing *writer)
{
    pv_json_put(writer, "\"functions\":{\"name\":[");
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_json_put_begin(writer, i);
        pv_json_put_string(writer, pv_profile_text(writer->profile, frame_at(writer, i)->name));
    }
}

static void put_lines(struct pv_json_writing *writer)
{
    pv_json_put(writer, "],\n\"line\":[");
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_int(writer, frame_at(writer, i)->line);
    }
}

static void put_all_flags(struct pv_json_writing *writer)
{
    pv_json_put(writer, "],\n\"flags\":[");
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_json_put_next(writer, i);
        if (frame_at(writer, i)->flags)
            pv_json_put_flags(writer, frame_at(writer, i)->flags);
        else
            pv_json_put(writer, "null");
    }
}

static void put_places(struct pv_json_writing *writer)
{
    static const char *const files[2] = {"],\n\"files\":[", "],\n\"file\":["};
    static const char *const modules[2] = {"],\n\"modules\":[", "],\n\"module\":["};
    if (has_any(writer, LINE))
        put_lines(writer);
    if (has_any(writer, FLAGS))
        put_all_flags(writer);
    if (has_any(writer, FILE_NAME))
        put_shared(writer, files, FILE_NAME);
    if (has_any(writer, MODULE))
        put_shared(writer, modules, MODULE);
}

static void put_costs(struct pv_json_writing *writer, const char *key, int64_t *const *columns)
{
    pv_json_put(writer, key);
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        pv_json_put(writer, m ? ",[" : "[");
        for (uint32_t i = 0; i < writer->count; i++) {
            pv_json_put_next(writer, i);
            pv_json_put_int(writer, columns[m][writer->order[i]]);
        }
        pv_buffer_char(&writer->text, ']');
    }
}

/* Left out where no function has any. */
static void put_primitive_calls(struct pv_json_writing *writer)
{
    uint32_t i = 0;
    while (i < writer->count && pv_primitive_calls(writer->graph, i) == PV_UNKNOWN_CALLS)
        i++;
    if (i == writer->count)
        return;
    pv_json_put(writer, "],\n\"primitive_calls\":[");
    for (i = 0; i < writer->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_calls(writer, pv_primitive_calls(writer->graph, writer->order[i]));
    }
}

static void put_measured(struct pv_json_writing *writer)
{
    const struct pv_func *funcs = writer->graph->funcs;
    pv_json_put(writer, "],\n\"calls\":[");
    for (uint32_t i = 0; i < writer->count; i++) {
        pv_json_put_next(writer, i);
        pv_json_put_calls(writer, funcs[writer->order[i]].calls);
    }
    put_primitive_calls(writer);
    put_costs(writer, "],\n\"self\":[", writer->graph->self);
    put_costs(writer, "],\n\"total\":[", writer->graph->total);
}

void pv_json_put_function_columns(struct pv_json_writing *writer)
{
    put_names(writer);
    put_places(writer);
    if (writer->graph)
        put_measured(writer);
    pv_json_put(writer, "]},\n");
}

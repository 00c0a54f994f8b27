#include "formats/pstats_write.h"

#include "model/number.h"
#include "model/sort.h"
#include "model/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Marshal as all versions of Python read it: no references, no short forms. */

struct writer {
    const struct pv_profile *profile;
    const struct pv_graph *graph;
    struct pv_output *output;
    struct pv_buffer text;
    uint32_t *rank;    /* by frame: its place in order */
    uint32_t *func_of; /* by frame; PV_NONE: none */
    bool *is_twin;     /* by frame: the one before it in order has the same key */
    uint64_t units;    /* of the metric that a second stands for, where it is no time */
    double per_second; /* a second in the metric's values */
    uint64_t twins, guessed;
};

static void add_bytes(struct writer *writer, uint64_t value, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        pv_output_char(writer->output, (char)(value >> (8 * i) & 0xFF));
}

/* A long is written in digits of 15 bits. */
static void add_int(struct writer *writer, int64_t value)
{
    uint64_t left = pv_magnitude(value);
    uint32_t digits = 0;
    if (value >= INT32_MIN && value <= INT32_MAX) {
        pv_output_char(writer->output, 'i');
        add_bytes(writer, (uint64_t)value, 4);
        return;
    }
    for (uint64_t rest = left; rest; rest >>= 15)
        digits++;
    pv_output_char(writer->output, 'l');
    add_bytes(writer, value < 0 ? 0 - (uint64_t)digits : digits, 4);
    for (; left; left >>= 15)
        add_bytes(writer, left & 0x7FFF, 2);
}

static void add_real(struct writer *writer, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    pv_output_char(writer->output, 'g');
    add_bytes(writer, bits, 8);
}

static void add_seconds(struct writer *writer, int64_t value)
{
    add_real(writer, (double)value / writer->per_second);
}

/* A byte that is no UTF-8 becomes the surrogate that Python has for it. */
static void add_text(struct writer *writer, struct pv_text text)
{
    uint32_t code_point;
    writer->text.size = 0;
    while (pv_utf8_next(&text, &code_point))
        pv_utf8_add(&writer->text, code_point >= PV_INVALID_BYTE
                                       ? 0xDC00 + (code_point - PV_INVALID_BYTE)
                                       : code_point);
    pv_output_char(writer->output, 'u');
    add_bytes(writer, writer->text.size, 4);
    pv_output_add(writer->output, pv_buffer_text(&writer->text));
}

static void add_tuple(struct writer *writer, uint32_t count)
{
    pv_output_char(writer->output, '(');
    add_bytes(writer, count, 4);
}

/* What stands for a file where there is none: the module, and for the runtime's own "~". */
static struct pv_text place_of(const struct writer *writer, uint32_t frame)
{
    const struct pv_frame *of = &writer->profile->frames[frame];
    pv_str place = of->file ? of->file : of->module;
    return place ? pv_profile_text(writer->profile, place) : PV_TEXT("~");
}

static void add_key(struct writer *writer, uint32_t frame)
{
    const struct pv_frame *of = &writer->profile->frames[frame];
    struct pv_buffer name = {0};
    pv_buffer_add(&name, pv_profile_name(writer->profile, frame));
    if (writer->is_twin[frame]) {
        pv_buffer_add(&name, PV_TEXT(" ["));
        pv_buffer_add(&name, pv_profile_text(writer->profile, of->module));
        pv_buffer_char(&name, ']');
    }
    add_tuple(writer, 3);
    add_text(writer, place_of(writer, frame));
    add_int(writer, of->line);
    add_text(writer, pv_buffer_text(&name));
    pv_buffer_free(&name);
}

/* Its share of the callee's own time is what its share of the callee's whole time would make. */
static int64_t own_part(struct writer *writer, const struct pv_arc *arc, int64_t total)
{
    int64_t self = writer->graph->self[0][arc->callee],
            whole = writer->graph->total[0][arc->callee];
    double part = whole ? (double)total / (double)whole : 0;
    writer->guessed++;
    return pv_round((double)self * fmin(fmax(part, 0), 1));
}

/* A caller: calls come first here, unlike in the function; only their number where that is all. */
static void add_caller(struct writer *writer, uint32_t at)
{
    const struct pv_arc *arc = &writer->graph->arcs[at];
    add_key(writer, writer->graph->funcs[arc->caller].frame);
    if (writer->graph->arc_has_total && !writer->graph->arc_has_total[at]) {
        add_int(writer, arc->calls);
        return;
    }
    int64_t total = writer->graph->arc_total[0][at];
    add_tuple(writer, 4);
    add_int(writer, arc->calls);
    add_int(writer, arc->calls);
    add_seconds(writer, own_part(writer, arc, total));
    add_seconds(writer, total);
}

/* Arcs by their callers' order. */
static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const struct writer *writer = context;
    const struct pv_graph *graph = writer->graph;
    return writer->rank[graph->funcs[graph->arcs[a].caller].frame] <
           writer->rank[graph->funcs[graph->arcs[b].caller].frame];
}

static void add_callers(struct writer *writer, uint32_t func, uint32_t *room)
{
    const struct pv_graph *graph = writer->graph;
    uint32_t count = 0;
    for (uint32_t i = graph->funcs[func].first_in; i != PV_NONE; i = graph->arcs[i].next_in)
        room[count++] = i;
    pv_sort(room, count, is_before, writer);
    pv_output_char(writer->output, '{');
    for (uint32_t i = 0; i < count; i++)
        add_caller(writer, room[i]);
    pv_output_char(writer->output, '0');
}

static void add_function(struct writer *writer, uint32_t func, uint32_t *room)
{
    const struct pv_func *of = &writer->graph->funcs[func];
    int64_t primitive = pv_primitive_calls(writer->graph, func);
    add_key(writer, of->frame);
    add_tuple(writer, 5);
    add_int(writer, primitive == PV_UNKNOWN_CALLS ? of->calls : primitive);
    add_int(writer, of->calls);
    add_seconds(writer, writer->graph->self[0][func]);
    add_seconds(writer, writer->graph->total[0][func]);
    add_callers(writer, func, room);
}

/* Frames that differ by their module alone have one key. */
static void find_twins(struct writer *writer, const uint32_t *order)
{
    const struct pv_frame *frames = writer->profile->frames;
    for (uint32_t i = 1; i < writer->profile->frame_count; i++) {
        const struct pv_frame *a = &frames[order[i - 1]], *b = &frames[order[i]];
        bool is_twin = a->name == b->name && a->line == b->line && a->file && a->file == b->file;
        writer->is_twin[order[i]] = is_twin;
        writer->twins += is_twin;
    }
}

static void write_functions(struct writer *writer)
{
    const struct pv_profile *profile = writer->profile;
    uint32_t *order = pv_frame_order(profile);
    writer->rank = pv_alloc(profile->frame_count * sizeof *writer->rank);
    uint32_t *room = pv_alloc(writer->graph->arc_count * sizeof *room);
    find_twins(writer, order);
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        writer->rank[order[i]] = i;
        writer->func_of[i] = PV_NONE;
    }
    for (uint32_t i = 0; i < writer->graph->func_count; i++)
        writer->func_of[writer->graph->funcs[i].frame] = i;
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (writer->func_of[order[i]] != PV_NONE)
            add_function(writer, writer->func_of[order[i]], room);
    free(order);
    free(writer->rank);
    free(room);
}

static void tell_losses(const struct writer *writer, struct pv_buffer *lost)
{
    const struct pv_profile *profile = writer->profile;
    const struct pv_metric *metric = profile->metrics;
    uint64_t outside = (uint64_t)metric->total;
    for (uint32_t i = 0; i < writer->graph->func_count; i++)
        outside -= (uint64_t)writer->graph->self[0][i];
    if (metric->unit != PV_UNIT_NS) {
        pv_buffer_add(lost, PV_TEXT("pstats knows nothing but seconds: one second stands for "));
        pv_add_grouped(lost, writer->units);
        pv_buffer_add(lost, PV_TEXT(" of the metric's units\n"));
    }
    if (profile->metric_count > 1) {
        pv_buffer_add(lost, PV_TEXT("pstats holds one metric: "));
        pv_add_count(lost, profile->metric_count - 1, "other is left out (--metric takes another)",
                     "others are left out (--metric takes another)");
        pv_buffer_char(lost, '\n');
    }
    if (outside)
        pv_buffer_add(lost, PV_TEXT("what was measured outside of any function has no place in the "
                                    "file\n"));
    if (writer->guessed)
        pv_buffer_add(lost, PV_TEXT("a function's own time by caller is not known, and is told in "
                                    "proportion to its whole time\n"));
    if (writer->twins) {
        pv_add_count(lost, writer->twins, "function has its module in its name, to be told apart",
                     "functions have their modules in their names, to be told apart");
        pv_buffer_char(lost, '\n');
    }
}

/* Seconds are few: what reads them back counts them in ns, in 64 bits. */
static void choose_unit(struct writer *writer)
{
    const struct pv_metric *metric = writer->profile->metrics;
    const struct pv_graph *graph = writer->graph;
    uint64_t most = pv_magnitude(metric->total);
    writer->units = 1;
    writer->per_second = 1e9 * (double)metric->scale;
    if (metric->unit == PV_UNIT_NS)
        return;
    for (uint32_t i = 0; i < graph->func_count; i++)
        most = pv_magnitude(graph->total[0][i]) > most ? pv_magnitude(graph->total[0][i]) : most;
    for (uint32_t i = 0; i < graph->arc_count; i++)
        most = pv_magnitude(graph->arc_total[0][i]) > most ? pv_magnitude(graph->arc_total[0][i])
                                                           : most;
    while (most / (uint64_t)metric->scale / writer->units > 9000000000)
        writer->units *= 10;
    writer->per_second = (double)metric->scale * (double)writer->units;
}

void pv_pstats_write(struct pv_profile *profile, struct pv_output *output, struct pv_buffer *lost)
{
    struct writer writer = {.profile = profile, .graph = profile->graph, .output = output};
    pv_output_char(output, '{');
    if (profile->metric_count) {
        choose_unit(&writer);
        writer.func_of = pv_alloc(profile->frame_count * sizeof *writer.func_of);
        writer.is_twin = pv_zalloc(profile->frame_count, sizeof *writer.is_twin);
        write_functions(&writer);
        tell_losses(&writer, lost);
    }
    pv_output_char(output, '0');
    free(writer.func_of);
    free(writer.is_twin);
    pv_buffer_free(&writer.text);
}

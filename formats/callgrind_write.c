#include "formats/callgrind.h"

#include "formats/callgrind_head.h"
#include "model/map.h"
#include "model/number.h"

#include <inttypes.h>
#include <stdlib.h>

/* The grammar as Valgrind's manual has it ("Callgrind Format Specification"), with what its two
 * readers want beyond it: KCachegrind takes the number of a function for one name in one file and
 * one object, and callgrind_annotate takes what follows `calls=0` for the caller's own cost. */

/* What has a number in the file, and the one after it. */
struct numbers {
    uint32_t *of; /* by string or frame; 0: not written yet */
    uint32_t next;
};

/* Sums that may leave 64 bits. */
__extension__ typedef __int128 pv_wide;

struct writer {
    const struct pv_profile *profile;
    const struct pv_graph *graph;
    struct pv_output *output;
    struct pv_buffer text;      /* written, not yet handed to the output */
    uint32_t *order;            /* functions in canonical order */
    uint32_t *first_arc, *next; /* arcs by caller, in the canonical order of the callees */
    struct numbers objects, files, functions;
    struct pv_map identities; /* hash of name, file and object as they are in the profile → count */
    struct pv_map spellings; /* the same as written */
    bool has_objects, has_rest;
    uint32_t object, file; /* what the lines are about now: pv_str, or PV_NONE at first */
    uint64_t changed, told_apart, negative, unknown_calls, single_calls, arcs_without_cost;
};

enum { FLUSH_AT = 64 * 1024 };

static void add(struct writer *writer, const char *words)
{
    pv_buffer_add(&writer->text, pv_text_of(words));
}

static void add_int(struct writer *writer, int64_t value)
{
    char *to = pv_buffer_reserve(&writer->text, PV_NUMBER_SIZE);
    writer->text.size += pv_print_int64(to, value);
}

static void end_line(struct writer *writer)
{
    pv_buffer_char(&writer->text, '\n');
    if (writer->text.size < FLUSH_AT)
        return;
    pv_output_add(writer->output, pv_buffer_text(&writer->text));
    writer->text.size = 0;
}

/* ---- Names ---- */

/* The empty name is "???", as Valgrind has it for what has no name. */
static void put_name(struct writer *writer, struct pv_text name)
{
    if (name.size)
        writer->changed += pv_callgrind_add_safe(&writer->text, name);
    else
        add(writer, "???");
}

/* "(3) name" where it is met for the first time, "(3)" later. True: for the first time. */
static bool put_number(struct writer *writer, struct numbers *numbers, uint32_t what)
{
    bool is_new = numbers->of[what] == 0;
    if (is_new)
        numbers->of[what] = ++numbers->next;
    pv_buffer_char(&writer->text, '(');
    add_int(writer, numbers->of[what]);
    pv_buffer_char(&writer->text, ')');
    if (is_new)
        pv_buffer_char(&writer->text, ' ');
    return is_new;
}

static void put_place(struct writer *writer, const char *key, struct numbers *numbers, pv_str name)
{
    add(writer, key);
    if (put_number(writer, numbers, name))
        put_name(writer, pv_profile_text(writer->profile, name));
    end_line(writer);
}

static uint64_t identity(const struct pv_frame *frame, uint64_t name)
{
    return pv_hash_pair(name, (uint64_t)frame->file << 32 | frame->module);
}

static uint64_t identity_of(const struct pv_frame *frame)
{
    return identity(frame, frame->name);
}

/* True where the spelling was not there for this file and object, as it is from now on. */
static bool take_spelling(struct writer *writer, const struct pv_frame *frame, struct pv_text name)
{
    struct pv_budget budget = {0};
    bool is_new = true;
    pv_map_put(&writer->spellings, identity(frame, pv_hash(name.data, name.size)), 1, &is_new,
               &budget);
    return is_new;
}

/* A function is a name in a file and an object: where the definition's line alone tells two apart,
 * it goes into the name, and where even that is taken, a number. */
static void put_function_name(struct writer *writer, uint32_t frame)
{
    const struct pv_frame *about = &writer->profile->frames[frame];
    const uint32_t *alike = pv_map_get(&writer->identities, identity_of(about));
    bool is_alone = !alike || *alike == 1;
    struct pv_buffer name = {0};
    struct pv_text text = pv_profile_text(writer->profile, about->name);
    writer->changed += pv_callgrind_add_safe(&name, text.size ? text : PV_TEXT("???"));
    if (!is_alone && about->line)
        pv_buffer_print(&name, ":%" PRIu32, about->line);
    size_t size = name.size;
    uint32_t turn = 1;
    while (!take_spelling(writer, about, pv_buffer_text(&name))) {
        name.size = size;
        pv_buffer_print(&name, " (%" PRIu32 ")", ++turn);
    }
    writer->told_apart += !is_alone || turn > 1;
    pv_buffer_add(&writer->text, pv_buffer_text(&name));
    pv_buffer_free(&name);
}

static void put_function(struct writer *writer, const char *key, uint32_t frame)
{
    add(writer, key);
    if (put_number(writer, &writer->functions, frame))
        put_function_name(writer, frame);
    end_line(writer);
}

/* ---- Costs ---- */

/* Costs have no sign in this format. */
static void put_cost(struct writer *writer, int64_t value)
{
    pv_buffer_char(&writer->text, ' ');
    add_int(writer, value < 0 ? 0 : value);
    writer->negative += value < 0;
}

/* `line` and one cost per metric; columns NULL: nothing is known, and no number stands there. */
static void put_costs(struct writer *writer, uint32_t line, int64_t *const *columns, uint32_t at)
{
    add_int(writer, line);
    for (uint32_t m = 0; columns && m < writer->profile->metric_count; m++)
        put_cost(writer, columns[m][at]);
    if (columns && writer->profile->metric_count == 0)
        put_cost(writer, 0);
    end_line(writer);
}

static void put_callee(struct writer *writer, const struct pv_frame *callee, uint32_t frame)
{
    if (callee->module != writer->object)
        put_place(writer, "cob=", &writer->objects, callee->module);
    if (callee->file != writer->file)
        put_place(writer, "cfi=", &writer->files, callee->file);
    put_function(writer, "cfn=", frame);
}

static void put_arc(struct writer *writer, uint32_t arc, uint32_t line)
{
    const struct pv_graph *graph = writer->graph;
    uint32_t frame = graph->funcs[graph->arcs[arc].callee].frame;
    const struct pv_frame *callee = &writer->profile->frames[frame];
    int64_t calls = graph->arcs[arc].calls;
    bool has_cost = !graph->arc_has_total || graph->arc_has_total[arc];
    put_callee(writer, callee, frame);
    add(writer, "calls=");
    add_int(writer, calls > 0 ? calls : 1);
    pv_buffer_char(&writer->text, ' ');
    add_int(writer, callee->line);
    end_line(writer);
    put_costs(writer, line, has_cost ? graph->arc_total : NULL, arc);
    writer->arcs_without_cost += !has_cost;
}

static void put_func(struct writer *writer, uint32_t func)
{
    const struct pv_graph *graph = writer->graph;
    uint32_t frame = graph->funcs[func].frame;
    const struct pv_frame *about = &writer->profile->frames[frame];
    end_line(writer);
    if (writer->has_objects && about->module != writer->object)
        put_place(writer, "ob=", &writer->objects, about->module);
    if (about->file != writer->file)
        put_place(writer, "fl=", &writer->files, about->file);
    writer->object = about->module;
    writer->file = about->file;
    put_function(writer, "fn=", frame);
    put_costs(writer, about->line, graph->self, func);
    for (uint32_t arc = writer->first_arc[func]; arc != PV_NONE; arc = writer->next[arc])
        put_arc(writer, arc, about->line);
}

/* What of the metric's total is no function's: values of the root of a call tree. */
static int64_t rest_of(const struct writer *writer, uint32_t metric)
{
    pv_wide rest = writer->profile->metrics[metric].total;
    for (uint32_t i = 0; i < writer->graph->func_count; i++)
        rest -= writer->graph->self[metric][i];
    return rest > INT64_MAX ? INT64_MAX : rest < INT64_MIN ? INT64_MIN : (int64_t)rest;
}

static void put_rest(struct writer *writer)
{
    for (uint32_t m = 0; m < writer->profile->metric_count; m++)
        writer->has_rest = writer->has_rest || rest_of(writer, m);
    if (!writer->has_rest)
        return;
    end_line(writer);
    if (writer->object)
        put_place(writer, "ob=", &writer->objects, 0);
    if (writer->file)
        put_place(writer, "fl=", &writer->files, 0);
    add(writer, "fn=(");
    add_int(writer, (int64_t)writer->functions.next + 1);
    add(writer, ") [no function]\n0");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++)
        put_cost(writer, rest_of(writer, m));
    end_line(writer);
}

/* Σ of what was written: negative costs are not in it. */
static int64_t written_total(const struct writer *writer, uint32_t metric)
{
    const int64_t *self = writer->graph->self[metric];
    int64_t rest = rest_of(writer, metric);
    pv_wide sum = rest > 0 ? rest : 0;
    for (uint32_t i = 0; i < writer->graph->func_count; i++)
        sum += self[i] > 0 ? self[i] : 0;
    return sum > INT64_MAX ? INT64_MAX : (int64_t)sum;
}

static void put_totals(struct writer *writer)
{
    add(writer, "\ntotals:");
    for (uint32_t m = 0; m < writer->profile->metric_count; m++) {
        pv_buffer_char(&writer->text, ' ');
        add_int(writer, written_total(writer, m));
    }
    add(writer, writer->profile->metric_count ? "\n" : " 0\n");
}

/* ---- What is lost ---- */

/* What a function's whole cost is by its own and its calls'. */
static bool is_sum(const struct writer *writer, uint32_t func, uint32_t metric)
{
    const struct pv_graph *graph = writer->graph;
    pv_wide sum = graph->self[metric][func];
    for (uint32_t arc = graph->funcs[func].first_out; arc != PV_NONE;
         arc = graph->arcs[arc].next_out)
        if (graph->arcs[arc].callee != func)
            sum += graph->arc_total[metric][arc];
    return sum == graph->total[metric][func];
}

static bool are_sums(const struct writer *writer, uint32_t func)
{
    for (uint32_t m = 0; m < writer->profile->metric_count; m++)
        if (!is_sum(writer, func, m))
            return false;
    return true;
}

static bool are_calls_told(const struct writer *writer, uint32_t func)
{
    const struct pv_graph *graph = writer->graph;
    const struct pv_func *about = &graph->funcs[func];
    int64_t calls = 0;
    for (uint32_t arc = about->first_in; arc != PV_NONE; arc = graph->arcs[arc].next_in)
        if (graph->arcs[arc].calls == PV_UNKNOWN_CALLS ||
            !pv_add(calls, graph->arcs[arc].calls, &calls))
            return about->calls == PV_UNKNOWN_CALLS;
    return about->calls == PV_UNKNOWN_CALLS ||
           (about->calls == calls && pv_primitive_calls(graph, func) == calls);
}

static void tell(struct pv_buffer *lost, const char *what, uint64_t count)
{
    if (count)
        pv_buffer_print(lost, "%s: %" PRIu64 "\n", what, count);
}

static void tell_functions(const struct writer *writer, struct pv_buffer *lost)
{
    const struct pv_graph *graph = writer->graph;
    uint64_t totals = 0, calls = 0, flags = 0, lines = 0;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_frame *frame = &writer->profile->frames[graph->funcs[i].frame];
        totals += !are_sums(writer, i);
        calls += !are_calls_told(writer, i);
        flags += (frame->flags & ~(uint32_t)PV_FRAME_UNKNOWN) != 0;
        lines += frame->line != 0;
    }
    tell(lost,
         "whole costs that are not a function's own and its calls' together (recursion) are left "
         "out",
         totals);
    tell(lost, "numbers of calls that are not what a function's callers tell are left out", calls);
    tell(lost, "kinds of functions are left out", flags);
    tell(lost, "lines of definitions are only the lines of costs", lines);
}

static void tell_losses(const struct writer *writer, struct pv_buffer *lost)
{
    if (writer->profile->origin == PV_ORIGIN_STACKS)
        pv_buffer_add(lost, PV_TEXT("stacks are left out: the file holds who called whom\n"));
    tell(lost, "calls of unknown number are written as 1, which the header says",
         writer->unknown_calls);
    tell(lost, "calls that happened once look as if their number were unknown",
         writer->unknown_calls ? writer->single_calls : 0);
    tell(lost, "calls of unknown cost are written without one, which other programs take for 0",
         writer->arcs_without_cost);
    tell(lost, "negative costs are written as 0, because the format has no sign", writer->negative);
    if (writer->has_rest)
        pv_buffer_add(lost, PV_TEXT("what belongs to no function is written as [no function]\n"));
    tell_functions(writer, lost);
    tell(lost, "names are changed: a control character became \\xNN", writer->changed);
    tell(lost, "functions of one name in one file have the definition's line in their names",
         writer->told_apart);
}

/* ---- All of it ---- */

static void put_objects_down(struct writer *writer)
{
    struct pv_budget budget = {0};
    bool is_new;
    for (uint32_t i = 0; i < writer->graph->func_count; i++) {
        const struct pv_frame *frame = &writer->profile->frames[writer->graph->funcs[i].frame];
        uint32_t *count = pv_map_put(&writer->identities, identity_of(frame), 0, &is_new, &budget);
        if (count)
            ++*count;
        writer->has_objects = writer->has_objects || frame->module;
    }
}

static void count_calls(struct writer *writer)
{
    for (uint32_t i = 0; i < writer->graph->arc_count; i++) {
        writer->unknown_calls += writer->graph->arcs[i].calls <= 0;
        writer->single_calls += writer->graph->arcs[i].calls == 1;
    }
}

/* Functions in the order of their frames. */
static void order_functions(struct writer *writer)
{
    const struct pv_graph *graph = writer->graph;
    uint32_t *frames = pv_frame_order(writer->profile), count = 0;
    uint32_t *func_of = pv_alloc(writer->profile->frame_count * sizeof *func_of);
    for (uint32_t i = 0; i < writer->profile->frame_count; i++)
        func_of[i] = PV_NONE;
    for (uint32_t i = 0; i < graph->func_count; i++)
        func_of[graph->funcs[i].frame] = i;
    writer->order = pv_zalloc(graph->func_count, sizeof *writer->order);
    for (uint32_t i = 0; i < writer->profile->frame_count; i++)
        if (func_of[frames[i]] != PV_NONE)
            writer->order[count++] = func_of[frames[i]];
    free(func_of);
    free(frames);
}

/* The last callee first, each put in front. */
static void order_arcs(struct writer *writer)
{
    const struct pv_graph *graph = writer->graph;
    writer->first_arc = pv_alloc(graph->func_count * sizeof *writer->first_arc);
    writer->next = pv_alloc(graph->arc_count * sizeof *writer->next);
    for (uint32_t i = 0; i < graph->func_count; i++)
        writer->first_arc[i] = PV_NONE;
    for (uint32_t i = graph->func_count; i-- > 0;) {
        uint32_t arc = graph->funcs[writer->order[i]].first_in;
        for (; arc != PV_NONE; arc = graph->arcs[arc].next_in) {
            uint32_t caller = graph->arcs[arc].caller;
            writer->next[arc] = writer->first_arc[caller];
            writer->first_arc[caller] = arc;
        }
    }
}

void pv_callgrind_write(struct pv_profile *profile, struct pv_output *output,
                        struct pv_buffer *lost)
{
    struct writer writer = {.profile = profile,
                            .graph = profile->graph,
                            .output = output,
                            .object = 0,
                            .file = PV_NONE};
    uint32_t strings = pv_strings_count(profile->strings);
    writer.objects.of = pv_zalloc(strings, sizeof(uint32_t));
    writer.files.of = pv_zalloc(strings, sizeof(uint32_t));
    writer.functions.of = pv_zalloc(profile->frame_count, sizeof(uint32_t));
    put_objects_down(&writer);
    count_calls(&writer);
    order_functions(&writer);
    order_arcs(&writer);
    pv_callgrind_head(&writer.text, profile, writer.unknown_calls > 0);
    for (uint32_t i = 0; i < profile->graph->func_count && pv_output_is_wanted(output); i++)
        put_func(&writer, writer.order[i]);
    put_rest(&writer);
    put_totals(&writer);
    pv_output_add(output, pv_buffer_text(&writer.text));
    tell_losses(&writer, lost);
    pv_buffer_free(&writer.text);
    pv_map_free(&writer.identities);
    pv_map_free(&writer.spellings);
    free(writer.objects.of);
    free(writer.files.of);
    free(writer.functions.of);
    free(writer.order);
    free(writer.first_arc);
    free(writer.next);
}

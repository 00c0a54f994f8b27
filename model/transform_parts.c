#include "model/transform_parts.h"

#include "model/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void pv_remake_open(struct pv_remake *remake, const struct pv_transform_call *call)
{
    const struct pv_profile *from = call->profile;
    struct pv_limits limits = *call->limits;
    limits.keeps_lines = from->lines != NULL;
    *remake = (struct pv_remake){
        .call = call,
        .from = from,
        .builder = pv_builder_new(&limits, from->origin, pv_profile_text(from, from->format).data),
        .frames = pv_alloc(from->frame_count * sizeof *remake->frames),
        .left_out = pv_zalloc(from->metric_count, sizeof *remake->left_out),
        .has_lines = from->lines != NULL,
    };
    for (uint32_t i = 0; i < from->frame_count; i++)
        remake->frames[i] = PV_NONE;
    for (uint32_t m = 0; m < from->metric_count; m++) {
        const struct pv_metric *metric = &from->metrics[m];
        bool fits;
        pv_build_metric(remake->builder, pv_profile_text(from, metric->name), metric->unit,
                        metric->is_signed);
        pv_build_value(remake->builder, m, (struct pv_decimal){0, pv_power_of(metric->scale)},
                       &fits);
    }
    for (uint32_t i = 0; i < from->note_count; i++)
        pv_build_note_text(remake->builder, pv_profile_text(from, from->notes[i].kind),
                           pv_profile_text(from, from->notes[i].text), from->notes[i].count,
                           from->notes[i].line);
    if (from->is_unbounded)
        pv_build_unbounded(remake->builder);
    pv_build_series_of(remake->builder, from);
}

uint32_t pv_remake_frame(struct pv_remake *remake, uint32_t frame)
{
    if (remake->frames[frame] != PV_NONE)
        return remake->frames[frame];
    const struct pv_frame *of = &remake->from->frames[frame];
    struct pv_frame_info info = {
        .name = pv_profile_text(remake->from, of->name),
        .file = pv_profile_text(remake->from, of->file),
        .module = pv_profile_text(remake->from, of->module),
        .line = of->line,
        .flags = of->flags,
    };
    return remake->frames[frame] = pv_build_frame(remake->builder, &info);
}

uint32_t pv_remake_rest(struct pv_remake *remake, uint64_t functions)
{
    struct pv_buffer name = {0};
    char number[PV_NUMBER_SIZE];
    size_t size = pv_print_grouped(number, (int64_t)functions);
    pv_buffer_print(&name, "\xe2\x80\xa6 %.*s function%s", (int)size, number,
                    functions == 1 ? "" : "s");
    struct pv_frame_info info = {.name = pv_buffer_text(&name), .flags = PV_FRAME_REST};
    uint32_t frame = pv_build_frame(remake->builder, &info);
    pv_buffer_free(&name);
    return frame;
}

void pv_remake_self(struct pv_remake *remake, uint32_t node, uint32_t old_node)
{
    for (uint32_t m = 0; m < remake->from->metric_count; m++) {
        int64_t value = remake->from->tree->self[m][old_node];
        if (value)
            pv_build_self(remake->builder, node, m, value);
    }
}

void pv_remake_leave_out(struct pv_remake *remake, uint32_t old_node)
{
    for (uint32_t m = 0; m < remake->from->metric_count; m++)
        pv_add(remake->left_out[m], remake->from->tree->self[m][old_node], &remake->left_out[m]);
}

static void add_title(struct pv_buffer *text, const struct pv_transform_call *call)
{
    pv_buffer_print(text, "%s", call->transform->name);
    if (call->transform->argument)
        pv_buffer_print(text, " \"%.*s\"", PV_TEXT_ARGS(call->argument));
    pv_buffer_add(text, PV_TEXT(": "));
}

void pv_remake_note(struct pv_remake *remake, const char *kind, uint64_t count, const char *format,
                    ...)
{
    char words[256];
    struct pv_buffer text = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    add_title(&text, remake->call);
    pv_buffer_print(&text, "%s", words);
    pv_build_note_text(remake->builder, pv_text_of(kind), pv_buffer_text(&text), count, 0);
    pv_buffer_free(&text);
}

/* How many functions of the old profile the new one does not have. */
static uint64_t count_gone(const struct pv_remake *remake)
{
    bool *used = pv_used_frames(remake->from);
    uint64_t gone = 0;
    for (uint32_t i = 0; i < remake->from->frame_count; i++)
        gone += used[i] && remake->frames[i] == PV_NONE;
    free(used);
    return gone;
}

/* "1.69 s of 3.11 s time (54.3 %)" for each metric that lost something. */
static void add_amounts(struct pv_buffer *words, const struct pv_remake *remake)
{
    char number[PV_NUMBER_SIZE];
    for (uint32_t m = 0; m < remake->from->metric_count; m++) {
        const struct pv_metric *metric = &remake->from->metrics[m];
        int64_t lost = remake->left_out[m];
        if (lost == 0)
            continue;
        size_t size = pv_format_value(number, lost, metric->unit, metric->scale);
        pv_buffer_print(words, "%s%.*s of ", words->size ? ", " : "", (int)size, number);
        size = pv_format_value(number, metric->total, metric->unit, metric->scale);
        pv_buffer_print(words, "%.*s %s (", (int)size, number,
                        pv_profile_text(remake->from, metric->name).data);
        size = pv_format_share(number, lost, metric->total);
        pv_buffer_print(words, "%.*s)", (int)size, number);
    }
}

void pv_remake_note_left_out(struct pv_remake *remake)
{
    struct pv_buffer words = {0};
    char number[PV_NUMBER_SIZE];
    uint64_t gone = count_gone(remake);
    int size = (int)pv_print_grouped(number, (int64_t)gone);
    const char *plural = gone == 1 ? "" : "s";
    add_amounts(&words, remake);
    if (words.size)
        pv_remake_note(remake, "filtered", gone, "leaves out %.*s and %.*s function%s",
                       PV_TEXT_ARGS(pv_buffer_text(&words)), size, number, plural);
    else if (gone)
        pv_remake_note(remake, "filtered", gone, "takes out %.*s function%s, no cost is lost", size,
                       number, plural);
    pv_buffer_free(&words);
}

bool pv_remake_close(struct pv_remake *remake, struct pv_profile **out, struct pv_error *err)
{
    pv_remake_lines(remake);
    bool done = pv_builder_finish(remake->builder, out, err);
    pv_builder_free(remake->builder);
    free(remake->frames);
    free(remake->left_out);
    return done;
}

#ifndef PV_TESTS_PSTATS_PROFILE_H
#define PV_TESTS_PSTATS_PROFILE_H

#include "formats/registry.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Profiles of arcs read through a format's descriptor, and written down in an order of their own,
 * so that rows of a test can be compared. */

static inline bool read_as(const char *format_name, struct pv_text bytes,
                           const struct pv_input_options *options, struct pv_profile **out,
                           struct pv_error *err)
{
    const struct pv_format *format = pv_format_named(pv_text_of(format_name));
    assert_non_null(format);
    struct pv_input *input = pv_input_memory(bytes, "test", options);
    bool is_done = format->read(input, out, err);
    pv_input_close(input);
    return is_done;
}

struct lines {
    char *line[256];
    size_t count;
};

static inline void add_line(struct lines *lines, struct pv_buffer *text)
{
    assert_true(lines->count < sizeof lines->line / sizeof *lines->line);
    pv_buffer_char(text, 0);
    lines->line[lines->count++] = text->data;
    *text = (struct pv_buffer){0};
}

static inline int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void take_sorted(struct pv_buffer *out, struct lines *lines)
{
    qsort(lines->line, lines->count, sizeof *lines->line, compare_lines);
    for (size_t i = 0; i < lines->count; i++) {
        if (out->size)
            pv_buffer_add(out, PV_TEXT(" / "));
        pv_buffer_add(out, pv_text_of(lines->line[i]));
        free(lines->line[i]);
    }
    *lines = (struct lines){0};
}

/* "name", "name@file:3", with {B} for a built-in and {L} for a loader. */
static inline void print_frame(struct pv_buffer *out, const struct pv_profile *profile,
                               uint32_t frame)
{
    const struct pv_frame *info = &profile->frames[frame];
    pv_buffer_add(out, pv_profile_name(profile, frame));
    if (info->file) {
        pv_buffer_char(out, '@');
        pv_buffer_add(out, pv_profile_text(profile, info->file));
    }
    if (info->line)
        pv_buffer_print(out, ":%u", (unsigned)info->line);
    if (info->flags & PV_FRAME_BUILTIN)
        pv_buffer_add(out, PV_TEXT("{B}"));
    if (info->flags & PV_FRAME_LOADER)
        pv_buffer_add(out, PV_TEXT("{L}"));
}

static inline void print_calls(struct pv_buffer *out, int64_t calls, int64_t primitive)
{
    if (calls == PV_UNKNOWN_CALLS)
        pv_buffer_char(out, '?');
    else
        pv_buffer_print(out, "%lld", (long long)calls);
    if (primitive != calls)
        pv_buffer_print(out, "(%lld)", (long long)primitive);
}

static inline void print_func(struct pv_buffer *out, const struct pv_profile *profile, uint32_t i)
{
    const struct pv_graph *graph = profile->graph;
    const struct pv_func *func = &graph->funcs[i];
    print_frame(out, profile, func->frame);
    pv_buffer_char(out, ' ');
    print_calls(out, func->calls, pv_primitive_calls(graph, i));
    for (uint32_t m = 0; m < profile->metric_count; m++)
        pv_buffer_print(out, " %lld/%lld", (long long)graph->self[m][i],
                        (long long)graph->total[m][i]);
}

static inline void print_arc(struct pv_buffer *out, const struct pv_profile *profile, uint32_t i)
{
    const struct pv_graph *graph = profile->graph;
    const struct pv_arc *arc = &graph->arcs[i];
    pv_buffer_add(out, pv_profile_name(profile, graph->funcs[arc->caller].frame));
    pv_buffer_char(out, '>');
    pv_buffer_add(out, pv_profile_name(profile, graph->funcs[arc->callee].frame));
    pv_buffer_char(out, ' ');
    print_calls(out, arc->calls, arc->calls);
    for (uint32_t m = 0; m < profile->metric_count; m++)
        if (!graph->arc_has_total || graph->arc_has_total[i])
            pv_buffer_print(out, " %lld", (long long)graph->arc_total[m][i]);
}

/* Functions "name calls(primitive) self/total", arcs "caller>callee calls total", notes "!kind
 * count", and "!unbounded", joined by " / ". */
static inline char *describe(const struct pv_profile *profile)
{
    struct pv_buffer out = {0}, text = {0};
    struct lines lines = {0};
    for (uint32_t i = 0; i < profile->graph->func_count; i++) {
        print_func(&text, profile, i);
        add_line(&lines, &text);
    }
    take_sorted(&out, &lines);
    for (uint32_t i = 0; i < profile->graph->arc_count; i++) {
        print_arc(&text, profile, i);
        add_line(&lines, &text);
    }
    take_sorted(&out, &lines);
    for (uint32_t i = 0; i < profile->note_count; i++)
        pv_buffer_print(&out, " / !%s %u", pv_profile_text(profile, profile->notes[i].kind).data,
                        (unsigned)profile->notes[i].count);
    if (profile->is_unbounded)
        pv_buffer_add(&out, PV_TEXT(" / !unbounded"));
    pv_buffer_char(&out, 0);
    return out.data;
}

/* What the bytes read as, or the error as "offset: message". To be freed. */
static inline char *describe_bytes(const char *format_name, struct pv_text bytes, size_t chunk)
{
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    struct pv_input_options options = {.chunk = chunk};
    if (!read_as(format_name, bytes, &options, &profile, &err)) {
        struct pv_buffer out = {0};
        assert_null(profile);
        pv_buffer_print(&out, "%llu: %s", (unsigned long long)err.where.offset, err.message);
        pv_buffer_char(&out, 0);
        return out.data;
    }
    char *text = describe(profile);
    pv_profile_free(profile);
    return text;
}

/* The unpacked bytes of a file, to be freed; data NULL where there is none. */
static inline struct pv_buffer bytes_of_file(const char *path)
{
    struct pv_buffer bytes = {0};
    struct pv_input *input;
    struct pv_error err;
    if (!pv_input_open(&input, path, NULL, &err))
        return bytes;
    pv_buffer_add(&bytes, pv_input_need(input, SIZE_MAX / 2));
    pv_buffer_reserve(&bytes, 1);
    pv_input_close(input);
    return bytes;
}

#endif

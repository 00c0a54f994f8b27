#ifndef PV_TESTS_SMALL_PROFILE_H
#define PV_TESTS_SMALL_PROFILE_H

#include "model/builder.h"
#include "model/graph.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

/* Profiles written down as text, and back, so that a test's rows can be read. Names may be written
 * "module!name@file:line" (each part but the name is optional). */

static inline uint32_t small_frame(struct pv_builder *builder, struct pv_text text)
{
    struct pv_frame_info info = {0};
    uint64_t line = 0;
    size_t at = pv_text_find(text, '!');
    if (at < text.size) {
        info.module = pv_text_slice(text, 0, at);
        text = pv_text_slice(text, at + 1, text.size);
    }
    at = pv_text_find(text, '@');
    info.name = pv_text_slice(text, 0, at);
    text = pv_text_slice(text, at + 1, text.size);
    at = pv_text_find_last(text, ':');
    info.file = pv_text_slice(text, 0, at);
    if (pv_parse_uint64(pv_text_slice(text, at + 1, text.size), &line))
        info.line = (uint32_t)line;
    return pv_build_frame(builder, &info);
}

static inline struct pv_profile *small_finish(struct pv_builder *builder)
{
    struct pv_profile *profile = NULL;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err = {0};
    assert_true(pv_builder_finish(builder, &profile, &err));
    assert_true(pv_profile_need_graph(profile, &limits, &err));
    pv_builder_free(builder);
    return profile;
}

/* "a;b;c 5" and " 3" for what the root holds, separated by "|". */
static inline struct pv_profile *small_stacks(const char *text)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    struct pv_text rest = pv_text_of(text), line, name;
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    while (pv_text_split(&rest, '|', &line)) {
        uint32_t frames[64], count = 0;
        int64_t value = 0;
        size_t blank = pv_text_find_last(line, ' ');
        if (line.size == 0)
            continue;
        assert_true(pv_parse_int64(pv_text_slice(line, blank + 1, line.size), &value));
        line = pv_text_slice(line, 0, blank);
        while (line.size && pv_text_split(&line, ';', &name))
            frames[count++] = small_frame(builder, name);
        pv_build_self(builder, pv_build_stack(builder, 0, frames, count, NULL), 0, value);
    }
    return small_finish(builder);
}

/* "name calls self total" and "caller>callee calls total" ("?" where unknown), separated by "|". */
static inline struct pv_profile *small_arcs(const char *text)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "small");
    struct pv_text rest = pv_text_of(text), line, word, name;
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    while (pv_text_split(&rest, '|', &line)) {
        int64_t numbers[3] = {0};
        bool known[3] = {false};
        if (!pv_text_word(&line, &name))
            continue;
        for (int i = 0; i < 3 && pv_text_word(&line, &word); i++)
            known[i] = pv_parse_int64(word, &numbers[i]);
        size_t arrow = pv_text_find(name, '>');
        int64_t calls = known[0] ? numbers[0] : PV_UNKNOWN_CALLS;
        if (arrow == name.size)
            pv_build_func(builder, small_frame(builder, name), calls, calls, &numbers[1],
                          &numbers[2]);
        else
            pv_build_arc(builder, small_frame(builder, pv_text_slice(name, 0, arrow)),
                         small_frame(builder, pv_text_slice(name, arrow + 1, name.size)), calls,
                         known[1] ? &numbers[1] : NULL);
    }
    return small_finish(builder);
}

/* Samples of a difference: "shrank" lost 60, "grew" won 30. */
static inline struct pv_profile *small_difference(void)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "small");
    uint32_t metric = pv_build_metric(builder, PV_TEXT("change"), PV_UNIT_COUNT, true);
    uint32_t less = pv_build_name(builder, PV_TEXT("shrank")),
             more = pv_build_name(builder, PV_TEXT("grew"));
    pv_build_self(builder, pv_build_stack(builder, 0, &less, 1, NULL), metric, -60);
    pv_build_self(builder, pv_build_stack(builder, 0, &more, 1, NULL), metric, 30);
    return small_finish(builder);
}

static inline void small_name(struct pv_buffer *out, const struct pv_profile *profile,
                              uint32_t frame)
{
    const struct pv_frame *at = &profile->frames[frame];
    if (at->module) {
        pv_buffer_add(out, pv_profile_text(profile, at->module));
        pv_buffer_char(out, '!');
    }
    pv_buffer_add(out, pv_profile_name(profile, frame));
    if (at->file || at->line) {
        pv_buffer_char(out, '@');
        pv_buffer_add(out, pv_profile_text(profile, at->file));
    }
    if (at->line)
        pv_buffer_print(out, ":%u", at->line);
}

static inline int small_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the lines (each ends in "\n") and joins them with "|"; frees the buffer. */
static inline char *small_join(struct pv_buffer *lines)
{
    size_t count = 0, room = lines->size + 1;
    char **rows = calloc(room, sizeof *rows), *text = calloc(1, room), *to = text;
    for (size_t from = 0, i = 0; i < lines->size; i++)
        if (lines->data[i] == '\n') {
            lines->data[i] = '\0';
            rows[count++] = lines->data + from;
            from = i + 1;
        }
    qsort(rows, count, sizeof *rows, small_compare);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(rows[i]);
        if (i)
            *to++ = '|';
        memcpy(to, rows[i], size);
        to += size;
    }
    free(rows);
    pv_buffer_free(lines);
    return text;
}

static inline void small_path(struct pv_buffer *out, const struct pv_profile *profile,
                              uint32_t node)
{
    uint32_t path[256], count = 0;
    for (; node != 0 && count < 256; node = profile->tree->nodes[node].parent)
        path[count++] = profile->tree->nodes[node].frame;
    while (count--) {
        small_name(out, profile, path[count]);
        if (count)
            pv_buffer_char(out, ';');
    }
}

/* The stacks that hold something, in the form of small_stacks, sorted. To be freed. */
static inline char *small_stacks_text(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < profile->tree->count; i++) {
        if (profile->tree->self[0][i] == 0)
            continue;
        small_path(&out, profile, i);
        pv_buffer_print(&out, " %lld\n", (long long)profile->tree->self[0][i]);
    }
    return small_join(&out);
}

static inline void small_calls(struct pv_buffer *out, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS)
        pv_buffer_add(out, PV_TEXT(" ?"));
    else
        pv_buffer_print(out, " %lld", (long long)calls);
}

/* Functions and arcs in the form of small_arcs, sorted. To be freed. */
static inline char *small_arcs_text(const struct pv_profile *profile)
{
    const struct pv_graph *graph = profile->graph;
    struct pv_buffer out = {0};
    for (uint32_t i = 0; i < graph->func_count; i++) {
        small_name(&out, profile, graph->funcs[i].frame);
        small_calls(&out, graph->funcs[i].calls);
        pv_buffer_print(&out, " %lld %lld\n", (long long)graph->self[0][i],
                        (long long)graph->total[0][i]);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        small_name(&out, profile, graph->funcs[graph->arcs[i].caller].frame);
        pv_buffer_char(&out, '>');
        small_name(&out, profile, graph->funcs[graph->arcs[i].callee].frame);
        small_calls(&out, graph->arcs[i].calls);
        if (graph->arc_has_total && !graph->arc_has_total[i])
            pv_buffer_add(&out, PV_TEXT(" ?\n"));
        else
            pv_buffer_print(&out, " %lld\n", (long long)graph->arc_total[0][i]);
    }
    return small_join(&out);
}

#endif

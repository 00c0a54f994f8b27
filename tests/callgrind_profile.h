#ifndef PV_TESTS_CALLGRIND_PROFILE_H
#define PV_TESTS_CALLGRIND_PROFILE_H

#include "formats/registry.h"
#include "model/number.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* callgrind files as text, and what they become, as text. */

static inline const struct pv_format *callgrind(void)
{
    const struct pv_format *format = pv_format_named(PV_TEXT("callgrind"));
    assert_non_null(format);
    return format;
}

static inline bool read_with(struct pv_text bytes, const struct pv_input_options *options,
                             struct pv_profile **out, struct pv_error *err)
{
    struct pv_input *input = pv_input_memory(bytes, "test.out", options);
    bool done = callgrind()->read(input, out, err);
    pv_input_close(input);
    return done;
}

static inline struct pv_profile *read_text(const char *text)
{
    struct pv_profile *profile = NULL;
    struct pv_error err;
    if (!read_with(pv_text_of(text), NULL, &profile, &err))
        fail_msg("line %d: %s, in %s", (int)err.where.line, err.message, text);
    return profile;
}

static inline void add_frame(struct pv_buffer *out, const struct pv_profile *profile, uint32_t func)
{
    uint32_t at = profile->graph->funcs[func].frame;
    const struct pv_frame *frame = &profile->frames[at];
    if (frame->module)
        pv_buffer_print(out, "%.*s!", PV_TEXT_ARGS(pv_profile_text(profile, frame->module)));
    pv_buffer_add(out, pv_profile_name(profile, at));
    if (frame->file)
        pv_buffer_print(out, "@%.*s", PV_TEXT_ARGS(pv_profile_text(profile, frame->file)));
    if (frame->flags & PV_FRAME_UNKNOWN)
        pv_buffer_add(out, PV_TEXT("{?}"));
}

static inline void add_values(struct pv_buffer *out, const struct pv_profile *profile,
                              int64_t *const *columns, uint32_t at)
{
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        char number[PV_NUMBER_SIZE];
        size_t size =
            pv_print_decimal(number, columns[m][at], pv_power_of(profile->metrics[m].scale));
        pv_buffer_char(out, m ? ',' : ' ');
        pv_buffer_add(out, (struct pv_text){number, size});
    }
}

static inline void add_calls(struct pv_buffer *out, int64_t calls)
{
    if (calls == PV_UNKNOWN_CALLS)
        pv_buffer_add(out, PV_TEXT(" ?"));
    else
        pv_buffer_print(out, " %lld", (long long)calls);
}

/* "object!name@file self total calls" and "caller>callee total calls", joined by " / ". */
static inline struct pv_buffer graph_of(const struct pv_profile *profile)
{
    struct pv_buffer out = {0};
    const struct pv_graph *graph = profile->graph;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        if (pv_text_equal(pv_profile_name(profile, graph->funcs[i].frame), PV_TEXT("~")))
            continue;
        pv_buffer_add(&out, out.size ? PV_TEXT(" / ") : PV_TEXT(""));
        add_frame(&out, profile, i);
        add_values(&out, profile, graph->self, i);
        add_values(&out, profile, graph->total, i);
        add_calls(&out, graph->funcs[i].calls);
    }
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        pv_buffer_add(&out, PV_TEXT(" / "));
        add_frame(&out, profile, graph->arcs[i].caller);
        pv_buffer_char(&out, '>');
        add_frame(&out, profile, graph->arcs[i].callee);
        if (graph->arc_has_total && !graph->arc_has_total[i])
            pv_buffer_add(&out, PV_TEXT(" ?"));
        else
            add_values(&out, profile, graph->arc_total, i);
        add_calls(&out, graph->arcs[i].calls);
    }
    return out;
}

static inline void check_graph(const char *label, const char *text, const char *wanted)
{
    struct pv_profile *profile = read_text(text);
    struct pv_buffer got = graph_of(profile);
    print_message("%s\n", label);
    if (!pv_text_equal(pv_buffer_text(&got), pv_text_of(wanted)))
        fail_msg("%s: wanted %s\ngot %.*s", label, wanted, PV_TEXT_ARGS(pv_buffer_text(&got)));
    pv_buffer_free(&got);
    pv_profile_free(profile);
}

/* BIG: much else is in the file, so that nothing exceeds the whole; it is not written down. */
#define HEAD "events: Ir\n"
#define REST "fn=~\n0 1000 1000\n"
#define BIG HEAD "fn=~\n0 1000\n"

#endif

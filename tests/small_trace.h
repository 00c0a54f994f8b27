#ifndef PV_TESTS_SMALL_TRACE_H
#define PV_TESTS_SMALL_TRACE_H

#include "tests/small_profile.h"

/* Traces written down as text: "<a 5" enters, ">a 9" or "> 9" leaves, "a 5 4" is a whole call;
 * separated by "|", each its own line of the input. "@x" goes on in track x. */

static inline uint32_t small_track(struct pv_builder *builder, struct pv_text name)
{
    uint32_t frame =
        pv_build_frame(builder, &(struct pv_frame_info){.name = name, .flags = PV_FRAME_THREAD});
    return pv_build_track(builder, pv_build_stack(builder, 0, &frame, 1, NULL));
}

static inline void small_event(struct pv_builder *builder, uint32_t track, struct pv_text text)
{
    struct pv_text word, name;
    int64_t numbers[2] = {0};
    char kind = text.data[0];
    if (kind == '<' || kind == '>')
        text = pv_text_slice(text, 1, text.size);
    size_t blank = pv_text_find(text, ' ');
    name = pv_text_slice(text, 0, blank);
    text = pv_text_slice(text, blank, text.size);
    for (int i = 0; i < 2 && pv_text_word(&text, &word); i++)
        assert_true(pv_parse_int64(word, &numbers[i]));
    uint32_t frame = name.size ? pv_build_name(builder, name) : PV_NONE;
    if (kind == '<')
        pv_build_enter(builder, track, frame, numbers[0]);
    else if (kind == '>')
        pv_build_leave(builder, track, frame, numbers[0]);
    else
        pv_build_span(builder, track, frame, numbers[0], numbers[1]);
}

static inline struct pv_builder *small_trace_new(const struct pv_limits *limits)
{
    struct pv_builder *builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "spans");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    return builder;
}

static inline struct pv_profile *small_trace(const char *text, bool keeps_spans)
{
    struct pv_limits limits = pv_limits_default();
    limits.keeps_spans = keeps_spans;
    struct pv_builder *builder = small_trace_new(&limits);
    struct pv_text rest = pv_text_of(text), event;
    uint32_t track = pv_build_track(builder, 0);
    for (uint64_t line = 1; pv_text_split(&rest, '|', &event); line++) {
        pv_build_event_line(builder, line);
        if (event.size && event.data[0] == '@')
            track = small_track(builder, pv_text_slice(event, 1, event.size));
        else if (event.size)
            small_event(builder, track, event);
    }
    return small_finish(builder);
}

#endif

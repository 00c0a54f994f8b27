#include "formats/sample_spans.h"

#include "model/error.h"

#include <stdlib.h>

struct pv_sample_spans pv_sample_spans_begin(struct pv_builder *builder, uint32_t base)
{
    uint32_t track = pv_build_track(builder, base);
    pv_build_sampled_track(builder, track);
    return (struct pv_sample_spans){.builder = builder, .base = base, .track = track};
}

/* The frames from base to node, into `next`; returns how many. */
static uint32_t find_stack(struct pv_sample_spans *spans, uint32_t node)
{
    const struct pv_node *nodes = pv_build_nodes(spans->builder);
    uint32_t depth = 0;
    for (uint32_t at = node; at != spans->base && at != 0; at = nodes[at].parent)
        depth++;
    if (depth > spans->capacity) {
        spans->capacity = depth * 2;
        spans->open = pv_resize(spans->open, spans->capacity * sizeof *spans->open);
        spans->next = pv_resize(spans->next, spans->capacity * sizeof *spans->next);
    }
    for (uint32_t at = node, i = depth; i-- > 0; at = nodes[at].parent)
        spans->next[i] = nodes[at].frame;
    return depth;
}

void pv_sample_spans_at(struct pv_sample_spans *spans, uint32_t node, int64_t at)
{
    if (!pv_builder_is_ok(spans->builder))
        return;
    uint32_t depth = find_stack(spans, node), same = 0;
    while (same < depth && same < spans->depth && spans->open[same] == spans->next[same])
        same++;
    while (spans->depth > same)
        pv_build_leave(spans->builder, spans->track, spans->open[--spans->depth], at);
    for (; spans->depth < depth; spans->depth++) {
        spans->open[spans->depth] = spans->next[spans->depth];
        pv_build_enter(spans->builder, spans->track, spans->open[spans->depth], at);
    }
}

void pv_sample_spans_end(struct pv_sample_spans *spans, int64_t at)
{
    pv_sample_spans_at(spans, spans->base, at);
    free(spans->open);
    free(spans->next);
}

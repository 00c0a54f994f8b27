#ifndef PV_FORMATS_SAMPLE_SPANS_H
#define PV_FORMATS_SAMPLE_SPANS_H

#include "model/builder.h"

/* Stacks that were sampled one after the other, as calls in time (for limits.keeps_spans): what
 * neighbouring samples share from the outermost frame on is taken to be one call. The times become
 * the builder's self values in metric 0, so that they must not be added with pv_build_self, too. */
struct pv_sample_spans {
    struct pv_builder *builder;
    uint32_t base, track;
    uint32_t *open, *next; /* frames, outermost first: of this sample and of the one to come */
    uint32_t depth, capacity;
};

/* Stacks begin at the node `base`, which is the track's (0: all of them). End with
 * pv_sample_spans_end. */
struct pv_sample_spans pv_sample_spans_begin(struct pv_builder *builder, uint32_t base);

/* From `at` on (in metric 0's scale, which must not rise any more) the stack is that of a node of
 * the builder below `base`, or nothing runs (`base` itself). */
void pv_sample_spans_at(struct pv_sample_spans *spans, uint32_t node, int64_t at);

/* Ends all and releases. */
void pv_sample_spans_end(struct pv_sample_spans *spans, int64_t at);

#endif

#ifndef PV_FORMATS_JSON_ROWS_SPANS_H
#define PV_FORMATS_JSON_ROWS_SPANS_H

#include "formats/json_rows.h"
#include "model/builder.h"

/* Times and lengths are below this by their size, so that sums of two fit. */
#define PV_JSON_TIME_MOST (((int64_t)1 << 62) - 1)

void pv_json_spans_free(struct pv_json_spans *spans);

/* Checks the calls in time and hands them to the builder, whose tree is made: frames[i] is that of
 * function i, node_of[i] that of node i. What is wrong becomes the builder's error. */
void pv_json_spans_build(struct pv_builder *builder, const struct pv_json_rows *rows,
                         const uint32_t *frames, const uint32_t *node_of);

#endif

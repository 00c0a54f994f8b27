#ifndef PV_FORMATS_TRACE_LINE_H
#define PV_FORMATS_TRACE_LINE_H

#include "model/number.h"
#include "model/text.h"

/* The grammar of a line of profviz's own trace, docs/formats/trace.md. */

enum pv_trace_kind {
    PV_TRACE_ENTER,
    PV_TRACE_LEAVE,
    PV_TRACE_SPAN,
    PV_TRACE_COUNTER,
    PV_TRACE_HEADER,
    PV_TRACE_NOTHING, /* a comment, an empty line */
    PV_TRACE_BAD
};

/* What a line says; slices are of the line or of the room. A field that is not there has data NULL,
 * which an empty one has not. */
struct pv_trace_line {
    enum pv_trace_kind kind;
    struct pv_text name;
    struct pv_decimal at;     /* the time */
    struct pv_decimal number; /* a span's length, a counter's value */
    struct pv_text thread, process, file, module, line, unit;
    const char *why; /* BAD: a constant text */
};

/* `room` holds what quoted fields say; it is emptied first. */
void pv_trace_parse(struct pv_trace_line *line, struct pv_text text, struct pv_buffer *room);

#endif

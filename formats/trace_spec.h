#ifndef PV_FORMATS_TRACE_SPEC_H
#define PV_FORMATS_TRACE_SPEC_H

#include "formats/format.h"

/* Any log as a trace: a description in JSON (docs/trace-format.md) of how the lines of a log tell
 * when something begins and ends, and the reader that goes by it. */
struct pv_trace_spec;

/* From the text of a description, which may be given up afterwards; `source` names it in errors and
 * must outlive the spec. False with the place of the first mistake. */
bool pv_trace_spec_parse(struct pv_trace_spec **out, struct pv_text text, const char *source,
                         struct pv_error *err);

/* By the name of one that comes with the program (formats/trace-formats), else from a file. False
 * with a hint at the nearest name where it is neither. `name` must be terminated and outlive the
 * spec. */
bool pv_trace_spec_open(struct pv_trace_spec **out, const char *name, struct pv_error *err);
void pv_trace_spec_free(struct pv_trace_spec *spec);

/* What the description calls itself; the profile's format. */
const char *pv_trace_spec_name(const struct pv_trace_spec *spec);

/* Reads an input by a description, as struct pv_format's `read` does. */
bool pv_trace_spec_read(const struct pv_trace_spec *spec, struct pv_input *input,
                        struct pv_profile **out, struct pv_error *err);

/* The same by the name of one that comes with the program: for formats that are read so. */
bool pv_trace_spec_read_by(const char *name, struct pv_input *input, struct pv_profile **out,
                           struct pv_error *err);

#endif

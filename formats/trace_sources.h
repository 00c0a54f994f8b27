#ifndef PV_FORMATS_TRACE_SOURCES_H
#define PV_FORMATS_TRACE_SOURCES_H

#include "model/text.h"

/* The trace formats that come with the program: formats/trace-formats/NAME.json, which
 * cmake/embed_specs.cmake makes into a C file. */
struct pv_trace_source {
    const char *name;
    struct pv_text text;
};

/* All of them by name, with name NULL behind the last. */
const struct pv_trace_source *pv_trace_sources(void);

#endif

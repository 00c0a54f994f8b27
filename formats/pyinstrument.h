#ifndef PV_FORMATS_PYINSTRUMENT_H
#define PV_FORMATS_PYINSTRUMENT_H

#include "formats/json_pull.h"
#include "model/builder.h"

/* The parts of pyinstrument's files; the descriptor is in pyinstrument.c. Metric 0 is the time. */

/* The frame of a function. `file` is as pyinstrument writes it: "<built-in>" and "" have none. */
uint32_t pv_pyinstrument_frame(struct pv_builder *builder, struct pv_text name, struct pv_text file,
                               uint32_t line);

/* A session's "frame_records", the array that comes next: [[frame identifiers, outermost first],
 * seconds] each. */
void pv_pyinstrument_read_records(struct pv_json *json, struct pv_builder *builder,
                                  const struct pv_limits *limits);

/* The "root_frame" of what `pyinstrument -r json` prints, the object that comes next: each frame's
 * time holds that of its children. */
void pv_pyinstrument_read_tree(struct pv_json *json, struct pv_builder *builder,
                               const struct pv_limits *limits);

#endif

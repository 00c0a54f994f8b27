#ifndef PV_MODEL_SOURCE_H
#define PV_MODEL_SOURCE_H

#include "model/input.h"

/* Where an input's bytes come from: a file, stdin or memory, unpacked by content. model/input cuts
 * them into lines and pieces. */
struct pv_source;

/* "-" is stdin. False where it cannot be opened; what fails later is kept until asked. `path` is
 * not copied; options may not be NULL and must have limits and a chunk. */
bool pv_source_open(struct pv_source **out, const char *path,
                    const struct pv_input_options *options, struct pv_error *err);
struct pv_source *pv_source_memory(struct pv_text bytes, const char *name,
                                   const struct pv_input_options *options);
void pv_source_close(struct pv_source *source);

/* The next bytes, at most `room`; 0 at the end and from the first failure on. */
size_t pv_source_read(struct pv_source *source, char *out, size_t room);

/* The failure, or NULL; its place is the offset in the unpacked bytes. */
const struct pv_error *pv_source_error(const struct pv_source *source);

#endif

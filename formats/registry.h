#ifndef PV_FORMATS_REGISTRY_H
#define PV_FORMATS_REGISTRY_H

#include "formats/format.h"

/* All formats in table order, NULL behind the last. */
const struct pv_format *const *pv_formats(void);

/* By name, or NULL. */
const struct pv_format *pv_format_named(struct pv_text name);

/* The one that people may mean by a name: also an alias of it, whatever its case and dashes, and
 * one of its extensions that no other has. Of those that are read, or that are written. NULL where
 * there is none. */
const struct pv_format *pv_format_meant(struct pv_text name, bool is_written);

/* The format that is surest of the input's head; ties go to the one whose extension the input's
 * name ends in (".gz" and its like aside), then to table order. NULL and *err (what it looks like,
 * what to do) where none fits. */
const struct pv_format *pv_format_detect(struct pv_input *input, struct pv_error *err);

/* A writer by the output's extension (the longest that fits, ".gz" aside), or NULL. */
const struct pv_format *pv_format_for_output(struct pv_text path);

#endif

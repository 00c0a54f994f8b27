#ifndef PV_CLI_PIPELINE_H
#define PV_CLI_PIPELINE_H

#include "cli/command.h"
#include "model/profile.h"

/* From the inputs of the command line to the one profile that a command works on. */

/* Reads all inputs, merges several, applies the filters in the order written. What was skipped or
 * repaired is said on stderr. */
bool pv_pipeline_read(struct pv_profile **out, const struct pv_call *call, struct pv_error *err);

/* The metric that was asked for, else the first (0 too where there is none at all). */
bool pv_pipeline_metric(uint32_t *out, const struct pv_profile *profile,
                        const struct pv_settings *settings, struct pv_error *err);

/* What the inputs are called in a picture's head: "a.pstats and 2 more"; no folders. */
void pv_pipeline_name(struct pv_buffer *out, const struct pv_settings *settings);

/* False with a PV_USAGE error that names what is near: an unknown `what` ("format", "view"). */
bool pv_pipeline_unknown(const char *what, const struct pv_nearest *nearest,
                         const char *where_to_look, struct pv_error *err);

#endif

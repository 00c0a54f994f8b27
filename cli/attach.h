#ifndef PV_CLI_ATTACH_H
#define PV_CLI_ATTACH_H

#include "model/limits.h"
#include "model/profile.h"

/* Appends the profile as a picture carries it (model/attachment.h), for pv_canvas_options.data:
 * all metrics, as the filters left it. Where it is too large nothing is appended, and *notes gets a
 * sentence. Changes nothing of the profile, and needs no part of it that was not measured. */
void pv_attach(struct pv_buffer *out, const struct pv_profile *profile,
               const struct pv_limits *limits, struct pv_buffer *notes);

#endif

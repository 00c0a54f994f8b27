#ifndef PV_CLI_CMD_TABLES_H
#define PV_CLI_CMD_TABLES_H

#include "cli/target.h"

/* Writes the top table of the profile; also what the default command shows on a terminal. */
bool pv_top_write(struct pv_profile *profile, const struct pv_target *target,
                  const struct pv_call *call, struct pv_error *err);

#endif

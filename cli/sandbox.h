#ifndef PV_CLI_SANDBOX_H
#define PV_CLI_SANDBOX_H

#include "cli/target.h"

/* Gives away, for good and for every child, the rights that are not needed to read the inputs and
 * to write the target: other files can then be neither read nor written, no program run, no
 * connection made, whatever a hostile input leads to. By Landlock, where the kernel has it
 * (https://docs.kernel.org/userspace-api/landlock.html); else, and with --no-sandbox, nothing
 * happens. It never fails: --verbose says what was done. Call it when inputs and target are known
 * and nothing is opened. */
void pv_sandbox_enter(const struct pv_call *call, const struct pv_target *target);

#endif

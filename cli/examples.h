#ifndef PV_CLI_EXAMPLES_H
#define PV_CLI_EXAMPLES_H

#include "cli/command.h"

/* Words and what they are for, as help, the manual and shells show them. */
struct pv_example {
    const char *line, *effect;
};

/* Uses of a command: the six that help begins with for the default one. NULL behind the last; NULL
 * where it has none. */
const struct pv_example *pv_examples(const struct pv_command *command);

/* What the first word behind a command can be. NULL behind the last; NULL where that is no fixed
 * set. Only the first of them takes inputs. */
const struct pv_example *pv_actions(const struct pv_command *command);

#endif

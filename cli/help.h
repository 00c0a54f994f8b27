#ifndef PV_CLI_HELP_H
#define PV_CLI_HELP_H

#include "cli/command.h"
#include "model/output.h"

/* Help and manual, from the tables of commands, options, views and formats. */

/* What --help prints: for the default command everything, else what goes with that command. */
void pv_help_write(const struct pv_options *options, const struct pv_command *command,
                   struct pv_output *output);

/* The manual page profviz(1), as troff for the man macros. */
void pv_man_write(const struct pv_options *options, struct pv_output *output);

/* "-o, --output FILE" for a row. */
void pv_help_usage(const struct pv_known *known, struct pv_buffer *out);

/* The row's help with its choices, as they are with these commands, and without an end mark: one
 * sentence. */
void pv_help_sentence(const struct pv_known *known, unsigned verbs, struct pv_buffer *out);

#endif

#ifndef PV_CLI_PARSE_H
#define PV_CLI_PARSE_H

#include "cli/command.h"
#include "cli/options.h"

/* Reads the command line into *settings (which pv_settings_init made) and finds its command: the
 * first word that is no option, where it names one, else the default. False with what is wrong and
 * what was probably meant (PV_USAGE). `arguments` are those behind the program's name. */
bool pv_parse(struct pv_settings *settings, const struct pv_command **command,
              const struct pv_options *options, char *const *arguments, struct pv_error *err);

#endif

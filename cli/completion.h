#ifndef PV_CLI_COMPLETION_H
#define PV_CLI_COMPLETION_H

#include "cli/command.h"
#include "model/output.h"

/* What shells offer while a command line of profviz is typed, written from the tables of commands
 * and options as one script a shell. */

enum pv_shell { PV_SHELL_BASH, PV_SHELL_ZSH, PV_SHELL_FISH, PV_SHELLS };

void pv_completion_write(enum pv_shell shell, const struct pv_options *options,
                         struct pv_output *output);

/* The parts that the scripts of all shells share. */

/* Which options go together: those of drawing (the default command), of top, of tree and peek,
 * of lines, and of the commands that only list. */
struct pv_completion_kind {
    const char *name;
    unsigned verb;
};
enum { PV_COMPLETION_KINDS = 10 };
const struct pv_completion_kind *pv_completion_kinds(void);

/* Whether this option is offered for these commands. */
bool pv_completion_has(const struct pv_known *known, unsigned verb);

/* Appends the values that an option is known to take with these commands, blank-separated: nothing
 * where any text, or a file, goes. Those of PV_VALUES_TRACES may be files as well. */
void pv_completion_values(const struct pv_known *known, unsigned verb, struct pv_buffer *out);

/* Appends the names of all commands of this verb (0: of all), each after `separator` but the first.
 */
void pv_completion_commands(struct pv_buffer *out, unsigned verb, const char *separator);

/* Appends what can stand behind a command as its action, each after `separator` but the first: from
 * the one numbered `from` on. */
void pv_completion_actions(struct pv_buffer *out, const struct pv_command *command, size_t from,
                           const char *separator);

/* Appends "-o" and "--output" of every option of the kind that takes a value, blank-separated. */
void pv_completion_takers(struct pv_buffer *out, const struct pv_options *options, unsigned verb);

void pv_completion_bash(const struct pv_options *options, struct pv_buffer *out);
void pv_completion_zsh(const struct pv_options *options, struct pv_buffer *out);
void pv_completion_fish(const struct pv_options *options, struct pv_buffer *out);

#endif

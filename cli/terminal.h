#ifndef PV_CLI_TERMINAL_H
#define PV_CLI_TERMINAL_H

#include <stdbool.h>

/* What the streams lead to and what they can show: the one place that asks the environment. */
struct pv_terminal {
    bool is_stdin_terminal, is_stdout_terminal, is_stderr_terminal;
    bool is_dumb;                  /* TERM is dumb or missing: no colours, no control sequences */
    bool is_ascii;                 /* the locale is not UTF-8; looked at for terminals only */
    bool has_true_color;           /* COLORTERM says that it shows colours of 24 bits */
    bool no_color;                 /* NO_COLOR is set and not empty */
    bool force_color;              /* CLICOLOR_FORCE is set, and not 0 or empty */
    const char *source_date_epoch; /* seconds since 1970 that stand for now; NULL: not said */
    unsigned columns;              /* of the terminal that stdout leads to; else 80 */
};

void pv_terminal_init(struct pv_terminal *terminal);

#endif

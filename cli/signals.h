#ifndef PV_CLI_SIGNALS_H
#define PV_CLI_SIGNALS_H

#include <stdbool.h>

/* Interrupt, terminate and hang-up remove unfinished outputs and end the program with 128 and the
 * signal's number, unless the caller had them ignored (nohup). Writing into a pipe that nobody
 * reads becomes an error of that write. */
void pv_signals_install(void);

/* Whether there is an unfinished line on stderr that has to be taken away before the end. */
void pv_signals_line(bool is_shown);

#endif

#ifndef PV_CLI_SIGNALS_H
#define PV_CLI_SIGNALS_H

/* Interrupt, terminate and hang-up remove unfinished outputs and end the program with 128 and the
 * signal's number, unless the caller had them ignored (nohup). Writing into a pipe that nobody
 * reads becomes an error of that write. */
void pv_signals_install(void);

#endif

#ifndef PV_CLI_SIGNALS_H
#define PV_CLI_SIGNALS_H

#include <stdbool.h>

/* Interrupt, terminate, hang-up and all others that ask for the end remove unfinished outputs and
 * end the program with 128 and the signal's number, unless the caller had them ignored (nohup).
 * Faults remove them too and then take their usual course; where memory is short as well, a library
 * that draws has used what it was not given, and the program says so and ends with 1. Writing into
 * a pipe that nobody reads, and beyond the largest size of a file, becomes an error of that write.
 */
void pv_signals_install(void);

/* Whether there is an unfinished line on stderr that has to be taken away before the end. */
void pv_signals_line(bool is_shown);

#endif

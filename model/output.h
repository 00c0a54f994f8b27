#ifndef PV_MODEL_OUTPUT_H
#define PV_MODEL_OUTPUT_H

#include "model/error.h"
#include "model/text.h"

#include <stdint.h>

/* Bytes on their way out, buffered, with a sticky error that is asked once, at the end. A file is
 * written beside its target under a temporary name and renamed by pv_output_commit, so that a
 * failure or a signal leaves the old file as it was; it keeps the old file's permissions, and a
 * symbolic link stays one. "-" (stdout), devices and FIFOs are written in place. The program must
 * ignore SIGPIPE for a closed pipe to be seen here. */
struct pv_output;

struct pv_output_options {
    bool is_gzip; /* compress (level 6, no time and no name in the header) */
};

/* False where nothing can be written there. `path` is not copied: it names the output in errors and
 * must outlive them. options NULL: none. */
bool pv_output_open(struct pv_output **out, const char *path,
                    const struct pv_output_options *options, struct pv_error *err);

/* The folder in which opening `path` would create a file and rename it, to be freed; NULL where it
 * would write in place ("-", a device, a FIFO) or fail. */
char *pv_output_folder(const char *path);

/* Into memory: pv_output_bytes gives all that was written. */
struct pv_output *pv_output_memory(void);
/* Valid until the next call on the output. */
struct pv_text pv_output_bytes(const struct pv_output *output);

void pv_output_add(struct pv_output *output, struct pv_text bytes);
void pv_output_char(struct pv_output *output, char byte);
/* A terminated string. */
void pv_output_string(struct pv_output *output, const char *text);
void pv_output_int(struct pv_output *output, int64_t value);
/* As pv_print_fixed. */
void pv_output_fixed(struct pv_output *output, double value, unsigned digits);

/* False from the first failure on and where nobody reads any more: long work may stop early. */
bool pv_output_is_wanted(const struct pv_output *output);

/* Flushes, checks every write, renames. False: nothing is left behind and *err says why. A reader
 * of stdout or a FIFO that went away is no failure of ours: true, and *is_closed_pipe (may be NULL)
 * tells. */
bool pv_output_commit(struct pv_output *output, bool *is_closed_pipe, struct pv_error *err);

/* Removes what is uncommitted and releases the output. */
void pv_output_close(struct pv_output *output);

/* Removes every temporary file of this process: safe inside a signal handler. Also installed as
 * the hook of pv_oom. */
void pv_output_remove_temporaries(void);

#endif

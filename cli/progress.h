#ifndef PV_CLI_PROGRESS_H
#define PV_CLI_PROGRESS_H

#include "cli/options.h"
#include "cli/terminal.h"

#include <time.h>

/* One line on stderr while something long is read: bytes, share where the size is known, rate. It
 * comes after a second, and is gone at the end. */
struct pv_progress {
    const char *name; /* what is read */
    bool is_on, is_shown;
    const char *counted; /* "profiles": steps count these, not bytes; NULL: bytes */
    bool is_at_once;     /* without the second's wait */
    unsigned columns;
    struct timespec begun, shown;
};

/* Whether anything will be shown follows from the user's wish and from where stderr leads. */
void pv_progress_begin(struct pv_progress *progress, enum pv_when when,
                       const struct pv_terminal *terminal, const char *name);

/* For struct pv_input_options; the context is the struct. */
bool pv_progress_step(void *progress, uint64_t done, uint64_t size);

/* Takes the line away. */
void pv_progress_end(struct pv_progress *progress);

#endif

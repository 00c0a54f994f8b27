#ifndef PV_CLI_POOL_H
#define PV_CLI_POOL_H

#include "model/text.h"

#include <stdbool.h>

/* Work on many hostile inputs, each in a process of its own: what goes wrong with one, be it a
 * crash, leaves the others alone. Results come through pipes. */

/* Runs in the child: appends the result. What it returns is told to the parent. */
typedef bool pv_pool_job(void *context, size_t index, struct pv_buffer *result);

/* How a job ended. */
enum pv_pool_end {
    PV_POOL_DONE,       /* it returned true */
    PV_POOL_FAILED,     /* it returned false: the result is its words */
    PV_POOL_CRASHED,    /* a signal ended it, or it ended itself */
    PV_POOL_TOO_LONG,   /* it used all of its CPU time */
    PV_POOL_TOO_MUCH,   /* the result was larger than PV_POOL_MOST */
    PV_POOL_NO_PROCESS, /* it could not be begun */
};

enum { PV_POOL_MOST = 64 << 20 };

/* Runs in the parent, in the order in which jobs end; the result is valid during the call. */
typedef void pv_pool_taker(void *context, size_t index, enum pv_pool_end end,
                           struct pv_text result);

struct pv_pool {
    size_t count;         /* of jobs */
    unsigned processes;   /* at the same time, at least 1 */
    unsigned cpu_seconds; /* that a job may take; 0: any */
    pv_pool_job *run;
    pv_pool_taker *take;
    void *context; /* for both */
};

/* Runs all jobs, and returns when all have ended. */
void pv_pool_run(const struct pv_pool *pool);

/* As many processes as there are processors that can be used, at least 1. */
unsigned pv_pool_processors(void);

#endif

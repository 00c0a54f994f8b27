#ifndef PV_MODEL_ERROR_H
#define PV_MODEL_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What kind of thing went wrong; the program's exit code follows from it. */
enum pv_code {
    PV_OK = 0,
    PV_INPUT_FAILED,  /* cannot be opened, read or understood */
    PV_OUTPUT_FAILED, /* cannot be written */
    PV_USAGE,         /* the command line asks for something that does not exist or fit */
    PV_LIMIT,         /* a limit of model/limits.h was reached */
    PV_NO_MATCH,      /* a filter matched nothing */
    PV_INTERRUPTED,   /* a signal asked to stop */
    PV_BROKEN,        /* a budget is broken */
    PV_UNSURE,        /* it cannot be told whether one is */
};

/* A place in an input. `source` is the name the user gave ("-" for stdin) and must outlive the
 * error; line counts from 1 (0: not known), offset is in bytes of the decompressed input. */
struct pv_where {
    const char *source;
    uint64_t line, offset;
};

/* One failure: what, why and what to do, in one sentence without a final newline. */
struct pv_error {
    enum pv_code code;
    struct pv_where where;
    char message[256];
};

/* Fills *err (cut at its size) and returns false, so that a caller can `return pv_fail(…)`. */
bool pv_fail(struct pv_error *err, enum pv_code code, struct pv_where where, const char *format,
             ...) __attribute__((format(printf, 4, 5)));

/* A function to be run before pv_oom ends the program: model/output removes its temporary files
 * there. One at a time; NULL takes it off. */
void pv_oom_hook(void (*cleanup)(void));

/* Says that memory ran out and ends the program with exit code 1. The one place below cli/ that
 * may: limits are checked before any size read from a file becomes an allocation, so a failing
 * malloc means that the machine has no memory left. */
_Noreturn void pv_oom(size_t wanted);

/* malloc, zeroed malloc and realloc that never return NULL. Release with free. */
void *pv_alloc(size_t size);
void *pv_zalloc(size_t count, size_t size);
void *pv_resize(void *block, size_t size);

#endif

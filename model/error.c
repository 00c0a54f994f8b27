#include "model/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The named exception to "no mutable file-scope variable": pv_oom has nobody to ask. */
static void (*oom_cleanup)(void);

bool pv_fail(struct pv_error *err, enum pv_code code, struct pv_where where, const char *format,
             ...)
{
    va_list args;
    char message[sizeof err->message]; /* an argument may be the old message */
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    err->code = code;
    err->where = where;
    memcpy(err->message, message, sizeof message);
    return false;
}

void pv_oom_hook(void (*cleanup)(void))
{
    oom_cleanup = cleanup;
}

void pv_oom(size_t wanted)
{
    char text[128];
    if (oom_cleanup)
        oom_cleanup();
    int size =
        snprintf(text, sizeof text,
                 "profviz: out of memory (%zu bytes more were needed); try --max-memory\n", wanted);
    ssize_t written = write(STDERR_FILENO, text, (size_t)size);
    (void)written;
    _exit(1);
}

void *pv_alloc(size_t size)
{
    void *block = malloc(size ? size : 1);
    if (!block)
        pv_oom(size);
    return block;
}

void *pv_zalloc(size_t count, size_t size)
{
    void *block = calloc(count ? count : 1, size ? size : 1);
    if (!block)
        pv_oom(count * size);
    return block;
}

void *pv_resize(void *block, size_t size)
{
    void *moved = realloc(block, size ? size : 1);
    if (!moved)
        pv_oom(size);
    return moved;
}

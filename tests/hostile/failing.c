#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Loaded before the C library by tests/hostile/surroundings.py: file number 3 and above take
 * FAIL_AT bytes and then no more (FAIL_HOW: the errno, or "short" for one byte at a time and no
 * error), FAIL_CLOSE lets the close of what was written fail, FAIL_RENAME every rename. */

static uintmax_t written;

static const char *asked(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

ssize_t write(int file, const void *bytes, size_t size)
{
    const char *at = asked("FAIL_AT"), *how = asked("FAIL_HOW");
    if (file <= 2 || !at || !how)
        return syscall(SYS_write, file, bytes, size);
    if (strcmp(how, "short") == 0)
        return syscall(SYS_write, file, bytes, size ? 1 : 0);
    uintmax_t room = strtoumax(at, NULL, 10);
    room = room > written ? room - written : 0;
    if (room == 0 && size) {
        errno = (int)strtol(how, NULL, 10);
        return -1;
    }
    ssize_t done = syscall(SYS_write, file, bytes, size < room ? size : (size_t)room);
    written += done > 0 ? (uintmax_t)done : 0;
    return done;
}

int close(int file)
{
    int result = (int)syscall(SYS_close, file);
    if (result == 0 && asked("FAIL_CLOSE") && written) {
        errno = EIO;
        return -1;
    }
    return result;
}

int rename(const char *from, const char *to)
{
    if (!asked("FAIL_RENAME"))
        return renameat(AT_FDCWD, from, AT_FDCWD, to);
    errno = EIO;
    return -1;
}

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Preloaded into the program by tests/sandbox.sh. Where the finished output is renamed, and in the
 * child that places a graph, it does what a program that was taken over might try, and writes into
 * descriptor 9 what the system let it do. */

int rename(const char *from, const char *to);

static void say(const char *who, const char *what, int outcome)
{
    const char *word = outcome >= 0                        ? "allowed"
                       : errno == EACCES || errno == EPERM ? "refused"
                                                           : strerror(errno);
    dprintf(9, "%s %s: %s\n", who, what, word);
}

static int opens(const char *variable, int how)
{
    const char *path = getenv(variable);
    return path ? open(path, how | O_CLOEXEC, 0600) : -1;
}

/* Nobody listens there: a refused connection was allowed to be tried. */
static int connects(void)
{
    struct sockaddr_in nobody = {.sin_family = AF_INET, .sin_port = htons(9)};
    int socket_file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int outcome = connect(socket_file, (const struct sockaddr *)&nobody, sizeof nobody);
    int number = errno;
    close(socket_file);
    errno = number;
    return outcome != 0 && errno == ECONNREFUSED ? 0 : outcome;
}

static int runs_program(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(errno == EACCES ? 1 : 2);
    }
    waitpid(child, &status, 0);
    errno = EACCES;
    return status == 0 ? 0 : -1;
}

static void try_all(const char *who)
{
    say(who, "read another file", opens("PROBE_SECRET", O_RDONLY));
    say(who, "list another folder", opens("PROBE_FOLDER", O_RDONLY | O_DIRECTORY));
    say(who, "write another file", opens("PROBE_SECRET", O_WRONLY));
    say(who, "make a file elsewhere", opens("PROBE_NEW", O_WRONLY | O_CREAT));
    say(who, "change the input", opens("PROBE_INPUT", O_WRONLY));
    say(who, "run a program", runs_program());
    say(who, "connect", connects());
    say(who, "read the input", opens("PROBE_INPUT", O_RDONLY));
}

int rename(const char *from, const char *to)
{
    try_all("program");
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

/* The child limits itself before it works. */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limits)
{
    if (resource == RLIMIT_CORE)
        try_all("child");
    return prlimit(0, resource, limits, NULL);
}

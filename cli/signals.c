#include "cli/signals.h"

#include "model/output.h"

#include <signal.h>
#include <unistd.h>

/* A handler has nobody to ask. */
static volatile sig_atomic_t has_line;

void pv_signals_line(bool is_shown)
{
    has_line = is_shown;
}

static void clean_up(void)
{
    static const char erase[] = "\r\033[K";
    if (has_line && write(STDERR_FILENO, erase, sizeof erase - 1) < 0)
        has_line = 0;
    pv_output_remove_temporaries();
}

static void end(int number)
{
    clean_up();
    _exit(128 + number);
}

/* What wants a core dump, or is a fault of a library or of ours, still gets its end. */
static void end_as_usual(int number)
{
    clean_up();
    signal(number, SIG_DFL);
    raise(number);
}

/* GLib's way to give up, where memory or threads are short; it has said why. */
static void end_failed(int number)
{
    static const char words[] = "profviz: a library that pictures need has failed, as said above; "
                                "memory or threads may be short\n";
    clean_up();
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0)
        number = 0;
    (void)number;
    _exit(1);
}

/* What the caller had ignored stays ignored; what a sanitizer handles stays with it. */
static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler}, before;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
        sigaction(number, &action, NULL);
}

void pv_signals_install(void)
{
    static const int ends[] = {SIGINT,  SIGTERM, SIGHUP,  SIGALRM,   SIGUSR1,
                               SIGUSR2, SIGXCPU, SIGPROF, SIGVTALRM, SIGQUIT};
    static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS};
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
    handle(SIGTRAP, end_failed);
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++)
        handle(ends[i], end);
    for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++)
        handle(faults[i], end_as_usual);
}

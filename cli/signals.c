#include "cli/signals.h"

#include "model/output.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
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

static void end_as_usual(int number)
{
    clean_up();
    signal(number, SIG_DFL);
    raise(number);
}

/* Whether there is so little memory left that a library which draws may have been refused some. */
static bool is_memory_short(void)
{
#ifdef MAP_ANONYMOUS
    enum { plenty = 64 << 20 };
    void *room = mmap(NULL, plenty, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room == MAP_FAILED || munmap(room, plenty) != 0;
#else
    return false;
#endif
}

static void fail(const char *words)
{
    clean_up();
    ssize_t written = write(STDERR_FILENO, words, strlen(words));
    (void)written;
    _exit(1);
}

/* Libraries use memory that they asked for without looking whether they got it. Any other fault
 * gets its end and its core dump. */
static void end_fault(int number)
{
    if (is_memory_short())
        fail("profviz: out of memory in a library that pictures need; allow more, or draw SVG\n");
    end_as_usual(number);
}

/* GLib's way to give up, where memory or threads are short; it has said why. */
static void end_failed(int number)
{
    (void)number;
    fail("profviz: a library that pictures need has failed, as said above; memory or threads may "
         "be short\n");
}

/* What the caller had ignored stays ignored; what a sanitizer handles stays with it. */
static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK}, before;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
        sigaction(number, &action, NULL);
}

/* A stack that cannot grow is a fault, too, and leaves none for its handler. */
static void lend_stack(void)
{
    static char room[1 << 16];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    sigaltstack(&stack, NULL);
}

void pv_signals_install(void)
{
    static const int ends[] = {SIGINT,  SIGTERM, SIGHUP,  SIGALRM,   SIGUSR1,
                               SIGUSR2, SIGXCPU, SIGPROF, SIGVTALRM, SIGQUIT};
    static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS}, others[] = {SIGFPE, SIGILL, SIGSYS};
    lend_stack();
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
    handle(SIGTRAP, end_failed);
    for (unsigned i = 0; i < sizeof ends / sizeof ends[0]; i++)
        handle(ends[i], end);
    for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++)
        handle(faults[i], end_fault);
    for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++)
        handle(others[i], end_as_usual);
}

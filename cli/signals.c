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

static void end(int number)
{
    static const char erase[] = "\r\033[K";
    if (has_line && write(STDERR_FILENO, erase, sizeof erase - 1) < 0)
        has_line = 0;
    pv_output_remove_temporaries();
    _exit(128 + number);
}

void pv_signals_install(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction action = {.sa_handler = SIG_IGN}, before;
    sigemptyset(&action.sa_mask);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGXFSZ, &action, NULL); /* write tells, and what was written is removed */
    action.sa_handler = end;
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
}

#include "cli/signals.h"

#include "model/output.h"

#include <signal.h>
#include <unistd.h>

static void end(int number)
{
    pv_output_remove_temporaries();
    _exit(128 + number);
}

void pv_signals_install(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = SIG_IGN}, before;
    sigemptyset(&action.sa_mask);
    sigaction(SIGPIPE, &action, NULL);
    action.sa_handler = end;
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
}

#include "cli/command.h"

/* One line per command, the default first. */
#define COMMANDS(COMMAND)                                                                          \
    COMMAND(draw)                                                                                  \
    COMMAND(top)                                                                                   \
    COMMAND(tree)                                                                                  \
    COMMAND(peek)                                                                                  \
    COMMAND(lines)                                                                                 \
    COMMAND(quality)                                                                               \
    COMMAND(check)                                                                                 \
    COMMAND(diff)                                                                                  \
    COMMAND(report)                                                                                \
    COMMAND(track)                                                                                 \
    COMMAND(formats)                                                                               \
    COMMAND(views)                                                                                 \
    COMMAND(help)

#define DECLARE(name) extern const struct pv_command pv_command_##name;
#define POINT(name) &pv_command_##name,
COMMANDS(DECLARE)

const struct pv_command *const *pv_commands(void)
{
    static const struct pv_command *const table[] = {COMMANDS(POINT) NULL};
    return table;
}

const struct pv_command *pv_command_named(struct pv_text name)
{
    for (const struct pv_command *const *next = pv_commands(); *next; next++)
        if ((*next)->name && pv_text_equal(pv_text_of((*next)->name), name))
            return *next;
    return NULL;
}

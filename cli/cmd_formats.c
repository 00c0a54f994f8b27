#include "cli/command.h"
#include "cli/words.h"
#include "formats/registry.h"

#include <stdlib.h>

enum { COLUMNS = 4 };

static void write_formats(const void *context, struct pv_output *output)
{
    const struct pv_format *const *formats = pv_formats();
    size_t count = 0;
    (void)context;
    while (formats[count])
        count++;
    const char **cells = pv_alloc((count + 1) * COLUMNS * sizeof(const char *));
    const char *const titles[COLUMNS] = {"name", "", "extensions", "what it is"};
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = titles[i];
    for (size_t i = 0; i < count; i++) {
        const struct pv_format *format = formats[i];
        const char **row = &cells[(i + 1) * COLUMNS];
        row[0] = format->name;
        row[1] = format->read && format->write ? "read, write" : format->read ? "read" : "write";
        row[2] = format->extensions;
        row[3] = format->summary;
    }
    pv_words_columns(cells, count + 1, COLUMNS, output);
    free(cells);
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    (void)call;
    return pv_words_print(write_formats, NULL, err);
}

const struct pv_command pv_command_formats = {
    .name = "formats",
    .arguments = "",
    .summary = "what can be read and written",
    .verb = PV_VERB_LIST,
    .run = run,
};

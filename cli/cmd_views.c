#include "cli/command.h"
#include "cli/words.h"
#include "render/registry.h"

#include <stdlib.h>

enum { COLUMNS = 3 };

static const char *needs_of(const struct pv_renderer *view)
{
    if (view->needs_spans)
        return "a trace";
    if (view->needs_series)
        return "values over time";
    return view->needs_tree ? "stacks (else estimated)" : "any profile";
}

static void write_views(const void *context, struct pv_output *output)
{
    const struct pv_renderer *const *views = pv_renderers();
    size_t count = 0;
    (void)context;
    while (views[count])
        count++;
    const char **cells = pv_alloc((count + 2) * COLUMNS * sizeof(const char *));
    const char *const titles[COLUMNS] = {"name", "needs", "what it shows"};
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = titles[i];
    for (size_t i = 0; i < count; i++) {
        const char **row = &cells[(i + 1) * COLUMNS];
        row[0] = views[i]->name;
        row[1] = needs_of(views[i]);
        row[2] = views[i]->summary;
    }
    static const char *const table[COLUMNS] = {"table", "any profile",
                                               "the functions that cost most, as text"};
    for (size_t i = 0; i < COLUMNS; i++)
        cells[(count + 1) * COLUMNS + i] = table[i];
    pv_words_columns(cells, count + 2, COLUMNS, output);
    free(cells);
}

static bool run(const struct pv_call *call, struct pv_error *err)
{
    (void)call;
    return pv_words_print(write_views, NULL, err);
}

const struct pv_command pv_command_views = {
    .name = "views",
    .arguments = "",
    .summary = "which pictures there are",
    .verb = PV_VERB_LIST,
    .run = run,
};

#include "cli/target.h"
#include "cli/words.h"
#include "formats/registry.h"

enum { COLUMNS = 4, MOST = 256 };

struct listing {
    const char *cells[MOST * COLUMNS];
    size_t count;
};

static void add_row(struct listing *listing, const char *name, const char *use,
                    const char *extensions, const char *summary)
{
    const char *const cells[COLUMNS] = {name, use, extensions, summary};
    for (size_t i = 0; i < COLUMNS && listing->count < MOST; i++)
        listing->cells[listing->count * COLUMNS + i] = cells[i];
    listing->count += listing->count < MOST;
}

static void write_formats(const void *context, struct pv_output *output)
{
    struct listing listing = {.count = 0};
    (void)context;
    add_row(&listing, "name", "use", "extensions", "what it is");
    for (const struct pv_format *const *next = pv_formats(); *next; next++)
        add_row(&listing, (*next)->name,
                (*next)->read && (*next)->write ? "read, write"
                : (*next)->read                 ? "read"
                                                : "write",
                (*next)->extensions, (*next)->summary);
    for (const struct pv_backend *const *next = pv_backends(); *next; next++)
        add_row(&listing, (*next)->name, "write", (*next)->extension, (*next)->summary);
    for (size_t i = 0; pv_target_table_name(i); i++)
        add_row(&listing, pv_target_table_name(i), "write", pv_target_table_extension(i),
                "tables: what top, tree, peek and lines make");
    pv_words_columns(listing.cells, listing.count, COLUMNS, output);
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

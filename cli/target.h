#ifndef PV_CLI_TARGET_H
#define PV_CLI_TARGET_H

#include "cli/command.h"
#include "formats/format.h"
#include "render/registry.h"

/* What is to be written, and where to. */
enum pv_target_kind { PV_TARGET_TABLE, PV_TARGET_PICTURE, PV_TARGET_DATA };
enum pv_table_kind {
    PV_TABLE_TEXT,
    PV_TABLE_MARKDOWN,
    PV_TABLE_CSV,
    PV_TABLE_JSON,
    PV_TABLE_HTML,
};

struct pv_target {
    enum pv_target_kind kind;
    enum pv_table_kind table;         /* of a table */
    const struct pv_backend *backend; /* of a picture */
    const struct pv_format *format;   /* of data */
    const char *path;                 /* "-": stdout */
    bool is_gzip;
    bool is_table_only; /* what names a table and something else means the table: json, html */
    bool is_terminal;   /* it goes to a terminal */
};

/* The kinds of table by their names for --to and their extensions; NULL behind the last. */
const char *pv_target_table_name(size_t index);
const char *pv_target_table_extension(size_t index);

/* Decides by --to, else by the extension of --output, else `usual` (on stdout). Refuses what could
 * not work, before anything is read: an unknown kind, a binary picture on a terminal, an output
 * that is one of the inputs, a folder that cannot be written to. */
bool pv_target_find(struct pv_target *out, const struct pv_call *call, struct pv_target usual,
                    struct pv_error *err);

/* The call with shows_notes set where a table's notes and stderr meet on one terminal. */
struct pv_call pv_target_call(const struct pv_target *target, const struct pv_call *call);

/* Data for a terminal, which would obey the names in it: each line in display form. */
void pv_target_show(struct pv_text data, struct pv_output *output);

/* The style for a text table that goes there. */
struct pv_text_style pv_target_style(const struct pv_target *target, const struct pv_call *call);

/* Whether it is text that has nothing but ASCII. */
bool pv_target_is_ascii(const struct pv_target *target, const struct pv_call *call);

/* Opens the output, has `write` fill it, commits. A reader of stdout that went away is no failure.
 */
typedef bool pv_target_writer(void *context, struct pv_output *output, struct pv_error *err);
bool pv_target_write(const struct pv_target *target, pv_target_writer *write, void *context,
                     struct pv_error *err);

#endif

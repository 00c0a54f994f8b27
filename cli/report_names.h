#ifndef PV_CLI_REPORT_NAMES_H
#define PV_CLI_REPORT_NAMES_H

#include "cli/options.h"
#include "model/arena.h"

/* How the inputs of a report are called in it, and their files. */

struct pv_report_named {
    const char *path, *base; /* as it is opened; NULL: it has no base */
    struct pv_text name;     /* without the folder that all are in */
    struct pv_text stem;     /* of its files: ASCII letters, digits, ".", "-", "_"; no two alike */
};

struct pv_report_plan {
    struct pv_report_named *items;
    size_t count;
    struct pv_text folder; /* where the files go, where has_folder */
    bool has_folder, has_base;
};

/* folder and has_folder are set before. All texts lie in the arena or in argv. False without
 * inputs, or where the base is not there. */
bool pv_report_plan_make(struct pv_report_plan *plan, struct pv_arena *arena,
                         const struct pv_settings *settings, struct pv_error *err);

/* "out/index.html"; terminated, in the arena. */
const char *pv_report_path(struct pv_arena *arena, const struct pv_report_plan *plan,
                           const char *stem, const char *extension);

#endif

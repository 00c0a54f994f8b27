#ifndef PV_MODEL_RENAME_H
#define PV_MODEL_RENAME_H

#include "model/profile.h"

/* Names of functions as people want to read them, on the data: functions that get equal names (and
 * are otherwise equal) become one. docs/names.md. */

enum pv_demangling {
    PV_DEMANGLE_AUTO,      /* who calls decides: what people read is FULL, data is NONE */
    PV_DEMANGLE_FULL,      /* symbols become names with types, as c++filt prints them */
    PV_DEMANGLE_TEMPLATES, /* without return types and parameters, as pprof calls it */
    PV_DEMANGLE_SHORT,     /* without template arguments, too */
    PV_DEMANGLE_NONE,      /* as recorded */
};

struct pv_naming {
    enum pv_demangling demangling;
    bool strips; /* offsets, addresses, modules, copies; short names whatever `demangling` says */
};

/* Appends the name as `naming` wants it. */
void pv_rename_one(struct pv_buffer *out, struct pv_text name, const struct pv_naming *naming);

/* Renames the functions of *profile, which is replaced where some become one (and a note says of
 * how many). Each distinct name is looked at once. False: a limit; *profile is still whole. */
bool pv_rename(struct pv_profile **profile, const struct pv_naming *naming,
               const struct pv_limits *limits, struct pv_error *err);

#endif

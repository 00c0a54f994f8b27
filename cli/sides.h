#ifndef PV_CLI_SIDES_H
#define PV_CLI_SIDES_H

#include "cli/command.h"
#include "model/diff.h"

/* The two sides that a command line names: "BASE HEAD", or "--base A --base B … HEAD…". One input
 * alone may be two columns of a differential file. */
struct pv_sides {
    const char **inputs; /* all, base's first */
    uint32_t count[2];   /* base's and head's; base 0: one input with two columns */
    struct pv_profile **profiles;
};

/* False where the words do not make two sides. Release with pv_sides_free in any other case. */
bool pv_sides_find(struct pv_sides *out, const struct pv_settings *settings, struct pv_error *err);

/* The same where there may be no base, and any number of runs: base 0. */
bool pv_sides_find_runs(struct pv_sides *out, const struct pv_settings *settings,
                        struct pv_error *err);

/* Reads every input into `profiles`, each with the filters. */
bool pv_sides_read_runs(struct pv_sides *sides, const struct pv_call *call, struct pv_error *err);

/* What is to be compared of what was read; without a base, head with itself. Borrows from both. */
struct pv_diff_request pv_sides_request(const struct pv_sides *sides, const struct pv_call *call);

/* The call with the inputs of both sides, for what looks at all of them; *both holds them. */
struct pv_call pv_sides_call(const struct pv_sides *sides, const struct pv_call *call,
                             struct pv_settings *both);

/* Reads every input, each with the filters, and compares them. */
bool pv_sides_read(struct pv_diff **out, struct pv_sides *sides, const struct pv_call *call,
                   struct pv_error *err);

/* The pair of metrics that was asked for, else the first. */
bool pv_sides_pair(uint32_t *out, const struct pv_diff *diff, const struct pv_settings *settings,
                   struct pv_error *err);

/* "new.pstats" without a base, "old.pstats → new.pstats", "old.pstats and 4 more → new.pstats"; no
 * folders, but where both are called the same. ASCII has ">" between them. */
void pv_sides_name(struct pv_buffer *out, const struct pv_sides *sides, bool is_ascii);

void pv_sides_free(struct pv_sides *sides);

#endif

#ifndef PV_CLI_INPUTS_H
#define PV_CLI_INPUTS_H

#include "cli/options.h"

/* What of the inputs is a folder stands for the files in it, what begins with @ for the paths in
 * that file, a line each, and a pattern that no file is called like for the files that fit it. */

/* Puts the files of each folder in its place, sorted by name: without hidden ones, folders, and the
 * output itself; so are those of a pattern. To be done before rights are given up. False where a
 * folder cannot be listed or has no file, or a list cannot be read. */
bool pv_inputs_expand(struct pv_settings *settings, struct pv_error *err);

/* Whether that an input failed with this error leaves the others to be read: it was found in a
 * folder, or is one of several and empty, as callgrind leaves the file of a process whose threads
 * have files of their own. */
bool pv_inputs_may_skip(const struct pv_settings *settings, size_t input,
                        const struct pv_error *err);

/* The folder that all inputs were found in, as the user wrote it, or an empty text. */
struct pv_text pv_inputs_folder(const struct pv_settings *settings);

#endif

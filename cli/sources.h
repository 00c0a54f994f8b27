#ifndef PV_CLI_SOURCES_H
#define PV_CLI_SOURCES_H

#include "render/table.h"

/* The text of source files that a profile names. A profile is hostile: a file is read only where it
 * lies below one of the user's folders after all links are followed, is a regular file of text, of
 * at most 16 MiB, and has no component that begins with a point; 64 MiB in all. */
struct pv_sources;

/* Folders, separated by ":"; empty: the working directory. There a file that the profile names by
 * its bare name only is found only beside it; in folders that the user names, by the end of its
 * path. */
struct pv_sources *pv_sources_new(struct pv_text folders);
void pv_sources_free(struct pv_sources *sources);

/* For struct pv_source_finder; the context is a struct pv_sources. */
enum pv_source_line pv_sources_find(void *sources, struct pv_text file, uint32_t line,
                                    struct pv_text *out);

/* Calls `each` with every folder, terminated: for the sandbox. */
void pv_sources_folders(struct pv_text folders, void (*each)(void *context, const char *folder),
                        void *context);

#endif

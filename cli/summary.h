#ifndef PV_CLI_SUMMARY_H
#define PV_CLI_SUMMARY_H

#include "render/gate.h"

/* A file that summaries of several steps are appended to, as GITHUB_STEP_SUMMARY names one. It is
 * opened before the inputs are, while the program may still open files. */
struct pv_summary;

/* NULL in *out where the path is empty. */
bool pv_summary_open(struct pv_summary **out, struct pv_text path, struct pv_error *err);

/* Appends the report as Markdown in one write, as long as the file stays within PV_GATE_SUMMARY
 * bytes: beyond, only how many limits are broken. NULL: does nothing. */
bool pv_summary_write(struct pv_summary *summary, const struct pv_gate_report *report,
                      struct pv_text input, struct pv_error *err);
void pv_summary_close(struct pv_summary *summary);

#endif

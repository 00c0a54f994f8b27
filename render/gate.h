#ifndef PV_RENDER_GATE_H
#define PV_RENDER_GATE_H

#include "model/gate.h"
#include "model/output.h"
#include "render/table.h"

/* Whether budgets were kept, for people and for continuous integration. `input` is what was
 * checked, any bytes. */

/* A line for each limit, the paths of those that are not kept below it, and the sum. */
void pv_gate_write_text(const struct pv_gate_report *report, struct pv_text input,
                        const struct pv_text_style *style, struct pv_output *output);

/* A step's summary: at most PV_GATE_SUMMARY bytes, of which nothing becomes a link, a mention or
 * markup; what has no room is counted. */
enum { PV_GATE_SUMMARY = 1 << 20 };
void pv_gate_write_markdown(const struct pv_gate_report *report, struct pv_text input,
                            struct pv_output *output);

/* JUnit's XML: a case for each limit; broken is a failure, what cannot be told an error, a warning
 * passes and says so. Valid whatever names hold. */
void pv_gate_write_junit(const struct pv_gate_report *report, struct pv_text input,
                         struct pv_output *output);

/* GitHub's workflow commands: an error or warning for each limit that is not kept, at the function
 * where there is one. */
void pv_gate_write_github(const struct pv_gate_report *report, struct pv_output *output);

void pv_gate_write_json(const struct pv_gate_report *report, struct pv_text input,
                        struct pv_output *output);

/* "2 of 5 budgets are broken, 1 cannot be told" */
void pv_gate_add_sum(struct pv_buffer *out, const struct pv_gate_report *report);

/* A result's rule by its name, else by what it limits, in display form. */
void pv_gate_add_title(struct pv_buffer *out, const struct pv_gate_result *result);

/* "39,577, limit 1,000 (95 % interval …)" */
void pv_gate_add_finding(struct pv_buffer *out, const struct pv_gate_result *result);

#endif

#ifndef PV_CLI_REPORT_ITEM_H
#define PV_CLI_REPORT_ITEM_H

#include "cli/command.h"
#include "cli/report_names.h"
#include "render/overview.h"

/* One profile of a report, made in a process of its own. */

/* What comes back of it, one after the other, each with its size before it. */
enum pv_report_part {
    PV_REPORT_ROW,
    PV_REPORT_SECTION,
    PV_REPORT_MARKDOWN,
    PV_REPORT_FORMAT,
    PV_REPORT_PARTS,
};

/* Gives up the rights to all but this profile, its base and its files; reads it; writes its files
 * where the report is a folder; appends its parts. False: why, in words. */
bool pv_report_item(struct pv_buffer *out, const struct pv_call *call,
                    const struct pv_report_plan *plan, size_t index);

/* Slices of the bytes; false where they are not whole. */
bool pv_report_split(struct pv_text parts[PV_REPORT_PARTS], struct pv_text bytes);

#endif

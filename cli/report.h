#ifndef PV_CLI_REPORT_H
#define PV_CLI_REPORT_H

#include "model/error.h"
#include "model/text.h"

/* Words for people on stderr: "profviz: FILE:LINE: what, why, what to do". Whatever a message
 * quotes is made safe for a terminal here. Nothing is said to a stderr that is gone. */
struct pv_report {
    bool is_quiet;   /* no warnings */
    bool is_verbose; /* details too */
};

void pv_report_error(const struct pv_error *err);

/* Something that the user should know; not said where they asked for quiet. */
void pv_report_warning(const struct pv_report *report, struct pv_where where,
                       struct pv_text message);

/* One warning per line of `messages`, which are in display form: what names were put into them is
 * escaped, or their line ends would be taken for ours. */
void pv_report_lines(const struct pv_report *report, struct pv_where where,
                     struct pv_text messages);

/* Said only where the user asked for it. */
void pv_report_detail(const struct pv_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How an input is called in words: "-" is stdin. */
const char *pv_report_source(const char *source);

#endif

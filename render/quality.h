#ifndef PV_RENDER_QUALITY_H
#define PV_RENDER_QUALITY_H

#include "model/output.h"
#include "model/quality.h"
#include "render/table.h"

/* How far a profile is to be trusted, as text, Markdown and JSON. */
struct pv_quality_report {
    const struct pv_quality *quality;
    const struct pv_profile *profile;
    uint32_t metric;
    struct pv_text input; /* what was read; any bytes */
};

void pv_quality_write_text(const struct pv_quality_report *report,
                           const struct pv_text_style *style, struct pv_output *output);
void pv_quality_write_markdown(const struct pv_quality_report *report, struct pv_output *output);
void pv_quality_write_json(const struct pv_quality_report *report, struct pv_output *output);

#endif

#ifndef PV_MODEL_QUALITY_PARTS_H
#define PV_MODEL_QUALITY_PARTS_H

#include "model/quality.h"

/* What the files of model/quality share: nobody else's business. */

struct pv_quality_look {
    const struct pv_profile *profile;
    uint32_t metric;
    int64_t whole; /* above 0 */
    struct pv_finding *findings;
};

/* Starts a finding; its words are to be added. */
struct pv_finding *pv_quality_tell(struct pv_quality_look *look, enum pv_finding_kind kind,
                                   enum pv_grade grade);

/* The same, graded by a share of the whole in hundredths of a percent: up to `good`, up to `fair`,
 * beyond. */
struct pv_finding *pv_quality_share(struct pv_quality_look *look, enum pv_finding_kind kind,
                                    int64_t part, int64_t good, int64_t fair);

/* Add "12.3 %", "1,204", "38.1 ms" (in the metric's unit), and a name in display form. */
void pv_quality_add_share(struct pv_buffer *out, int64_t part, int64_t whole);
void pv_quality_add_count(struct pv_buffer *out, int64_t count);
void pv_quality_add_value(struct pv_buffer *out, const struct pv_quality_look *look, int64_t value);

/* |a| added to *sum, which stays within int64. */
void pv_quality_sum(int64_t *sum, int64_t a);

/* The groups of findings; each in its file. */
void pv_quality_samples(struct pv_quality_look *look);
void pv_quality_overhead(struct pv_quality_look *look);
void pv_quality_stacks(struct pv_quality_look *look);
void pv_quality_arcs(struct pv_quality_look *look);

#endif

#ifndef PV_MODEL_TRANSFORM_FILTER_PARTS_H
#define PV_MODEL_TRANSFORM_FILTER_PARTS_H

#include "model/transforms.h"

/* Shared by the filters' files, nobody else's business. */

enum pv_filter_kind {
    PV_FILTER_FOCUS,
    PV_FILTER_IGNORE,
    PV_FILTER_HIDE,
    PV_FILTER_SHOW,
    PV_FILTER_SHOW_FROM,
    PV_FILTER_PRUNE_FROM,
    PV_FILTER_ROOT,
    PV_FILTER_LEAF,
    PV_FILTER_PID, /* from here on: of processes and threads */
    PV_FILTER_TID,
    PV_FILTER_APART,
    PV_FILTER_TOGETHER,
};

/* As pv_match_frames, of the kinds from PV_FILTER_PID on. */
bool *pv_match_outer(const struct pv_transform_call *call, struct pv_error *err);

/* The filters on arcs; matches: by frame. */
bool pv_filter_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                    const bool *matches, struct pv_error *err);

/* hide and show on arcs: the functions that go by frame. */
bool pv_hide_arcs(struct pv_profile **out, const struct pv_transform_call *call,
                  const bool *is_hidden, struct pv_error *err);

#endif

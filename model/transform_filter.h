#ifndef PV_MODEL_TRANSFORM_FILTER_H
#define PV_MODEL_TRANSFORM_FILTER_H

#include "model/transforms.h"

/* The filters: transforms whose argument says which functions are meant. */
extern const struct pv_transform pv_transform_focus, pv_transform_ignore, pv_transform_hide,
    pv_transform_show, pv_transform_show_from, pv_transform_prune_from, pv_transform_root,
    pv_transform_leaf, pv_transform_path, pv_transform_threads, pv_transform_no_threads,
    pv_transform_pid, pv_transform_tid;

#endif

#ifndef PV_MODEL_TRANSFORM_SHAPE_H
#define PV_MODEL_TRANSFORM_SHAPE_H

#include "model/transforms.h"

/* The transforms that change the shape of a profile, and none of its cost. */
extern const struct pv_transform pv_transform_depth, pv_transform_granularity, pv_transform_reverse,
    pv_transform_collapse_recursion, pv_transform_prune;

#endif

#ifndef PV_MODEL_TRANSFORM_SCALE_H
#define PV_MODEL_TRANSFORM_SCALE_H

#include "model/transforms.h"

/* Transforms that change values and leave functions as they are. */
extern const struct pv_transform pv_transform_factor, pv_transform_total;

#endif

#include "model/transforms.h"

#include "model/error.h"
#include "model/transform_filter.h"
#include "model/transform_scale.h"
#include "model/transform_shape.h"

static const struct pv_transform *const table[] = {
    &pv_transform_focus,
    &pv_transform_ignore,
    &pv_transform_hide,
    &pv_transform_show,
    &pv_transform_show_from,
    &pv_transform_prune_from,
    &pv_transform_root,
    &pv_transform_leaf,
    &pv_transform_path,
    &pv_transform_depth,
    &pv_transform_prune,
    &pv_transform_granularity,
    &pv_transform_collapse_recursion,
    &pv_transform_reverse,
    &pv_transform_threads,
    &pv_transform_no_threads,
    &pv_transform_pid,
    &pv_transform_tid,
    &pv_transform_factor,
    &pv_transform_total,
};

const struct pv_transform *const *pv_transforms(size_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}

bool pv_transform_needs_lines(const struct pv_transform *transform, struct pv_text argument)
{
    return transform == &pv_transform_granularity && pv_text_equal(argument, PV_TEXT("line"));
}

bool pv_transform_apply(struct pv_profile **profile, const struct pv_transform *transform,
                        struct pv_text argument, const struct pv_limits *limits,
                        struct pv_error *err)
{
    struct pv_limits defaults = pv_limits_default();
    struct pv_transform_call call = {transform, *profile, argument, limits ? limits : &defaults};
    struct pv_profile *made = NULL;
    if (!transform->apply(&made, &call, err))
        return false;
    pv_profile_free(*profile);
    *profile = made;
    return true;
}

#ifndef PV_TESTS_TRANSFORM_NAMED_H
#define PV_TESTS_TRANSFORM_NAMED_H

#include "model/transforms.h"
#include "tests/unit.h"

/* The transform of this name, which there must be. */
static inline const struct pv_transform *transform_named(const char *name)
{
    size_t count;
    const struct pv_transform *const *table = pv_transforms(&count);
    for (size_t i = 0; i < count; i++)
        if (pv_text_equal(pv_text_of(table[i]->name), pv_text_of(name)))
            return table[i];
    fail_msg("there is no transform %s", name);
    return NULL;
}

#endif

#ifndef PV_TESTS_RANDOM_PROFILE_H
#define PV_TESTS_RANDOM_PROFILE_H

#include "model/builder.h"

#include <stdio.h>

/* Random profiles for property tests: the same seed gives the same profile on every machine. */

struct pv_random {
    uint64_t state;
};

/* splitmix64, as published by Steele, Lea and Flood (2014). */
static inline uint32_t pv_random_below(struct pv_random *random, uint32_t bound)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (uint32_t)(((z ^ (z >> 31)) >> 32) * bound >> 32);
}

static inline uint32_t pv_random_frame(struct pv_random *random, struct pv_builder *builder,
                                       uint32_t functions)
{
    char name[32];
    uint32_t which = pv_random_below(random, functions);
    int size = snprintf(name, sizeof name, "pkg%u::f%u", which % 3, which);
    struct pv_frame_info info = {.name = {name, (size_t)size}, .line = which % 5};
    info.file = which % 2 ? PV_TEXT("lib/a.py") : PV_TEXT("");
    return pv_build_frame(builder, &info);
}

/* `samples` stacks of up to `depth` frames out of `functions` functions, with much recursion where
 * there are few functions. The caller frees the profile; NULL where building failed. */
static inline struct pv_profile *pv_random_stacks(uint64_t seed, uint32_t functions, uint32_t depth,
                                                  uint32_t samples)
{
    struct pv_random random = {seed};
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_STACKS, "random");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    uint32_t stack[256];
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    for (uint32_t i = 0; i < samples; i++) {
        uint32_t size = 1 + pv_random_below(&random, depth < 256 ? depth : 256);
        for (uint32_t k = 0; k < size; k++)
            stack[k] = pv_random_frame(&random, builder, functions);
        uint32_t node = pv_build_stack(builder, 0, stack, size, NULL);
        pv_build_self(builder, node, 0, 1);
        pv_build_self(builder, node, 1, pv_random_below(&random, 1000));
    }
    if (!pv_builder_finish(builder, &profile, &err))
        profile = NULL;
    pv_builder_free(builder);
    return profile;
}

/* The arcs of such stacks as a file of arcs would tell them. */
static inline struct pv_profile *pv_random_arcs(uint64_t seed, uint32_t functions, uint32_t arcs)
{
    struct pv_random random = {seed};
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "random");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    for (uint32_t i = 0; i < functions; i++) {
        int64_t self = pv_random_below(&random, 1000), total = self * 2;
        pv_build_func(builder, pv_random_frame(&random, builder, functions), 1 + i % 4, 1, &self,
                      &total);
    }
    for (uint32_t i = 0; i < arcs; i++) {
        int64_t total = pv_random_below(&random, 500);
        uint32_t caller = pv_random_frame(&random, builder, functions);
        pv_build_arc(builder, caller, pv_random_frame(&random, builder, functions), 1,
                     i % 7 ? &total : NULL);
    }
    if (!pv_builder_finish(builder, &profile, &err))
        profile = NULL;
    pv_builder_free(builder);
    return profile;
}

#endif

#include "model/by_files.h"

#include "model/builder.h"
#include "model/names.h"

#include <stdlib.h>

/* Sums that leave int64 cannot be: all self values together do not. */
static int64_t *self_of_frames(const struct pv_profile *profile, uint32_t metric)
{
    int64_t *self = pv_zalloc((size_t)profile->frame_count + 1, sizeof *self);
    if (profile->origin == PV_ORIGIN_ARCS) {
        for (uint32_t i = 0; i < profile->graph->func_count; i++)
            self[profile->graph->funcs[i].frame] = profile->graph->self[metric][i];
        return self;
    }
    for (uint32_t i = 1; i < profile->tree->count; i++) {
        int64_t *sum = &self[profile->tree->nodes[i].frame];
        if (!pv_add(*sum, profile->tree->self[metric][i], sum))
            *sum = profile->tree->self[metric][i] < 0 ? INT64_MIN : INT64_MAX;
    }
    return self;
}

static struct pv_text file_of(const struct pv_profile *profile, uint32_t frame)
{
    struct pv_text file = pv_profile_text(profile, profile->frames[frame].file);
    struct pv_name_parts parts;
    if (file.size)
        return pv_name_path(file);
    pv_name_split(&parts, profile, frame);
    return parts.module;
}

static uint32_t stack_of(struct pv_builder *builder, const struct pv_profile *profile,
                         uint32_t frame)
{
    const struct pv_frame *of = &profile->frames[frame];
    struct pv_text key = pv_module_key(profile, frame), file = file_of(profile, frame);
    struct pv_text module = pv_profile_text(profile, of->module);
    uint32_t frames[3], count = 0;
    if (key.size)
        frames[count++] =
            pv_build_frame(builder, &(struct pv_frame_info){.name = key, .module = key});
    if (file.size && !pv_text_equal(file, key))
        frames[count++] =
            pv_build_frame(builder, &(struct pv_frame_info){.name = file, .module = key});
    frames[count++] =
        pv_build_frame(builder, &(struct pv_frame_info){pv_profile_text(profile, of->name),
                                                        pv_profile_text(profile, of->file), module,
                                                        of->line, of->flags});
    return pv_build_stack(builder, 0, frames, count, NULL);
}

static void add_metric(struct pv_builder *builder, const struct pv_profile *profile,
                       uint32_t metric)
{
    const struct pv_metric *from = &profile->metrics[metric];
    bool fits;
    pv_build_metric(builder, pv_profile_text(profile, from->name), from->unit, from->is_signed);
    pv_build_value(builder, 0, (struct pv_decimal){0, pv_power_of(from->scale)}, &fits);
}

/* A module of which all is the runtime's, or the kernel's, is so itself. */
static void give_flags(struct pv_profile *profile)
{
    const struct pv_tree *tree = profile->tree;
    uint32_t *common = pv_alloc(tree->count * sizeof *common);
    for (uint32_t i = 0; i < tree->count; i++)
        common[i] = UINT32_MAX;
    for (uint32_t i = tree->count - 1; i > 0; i--) {
        uint32_t *flags = &profile->frames[tree->nodes[i].frame].flags;
        if (common[i] != UINT32_MAX)
            *flags |= common[i];
        common[tree->nodes[i].parent] &= *flags;
    }
    free(common);
}

bool pv_profile_by_files(struct pv_profile **out, const struct pv_profile *profile, uint32_t metric,
                         const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_builder *builder =
        pv_builder_new(limits, PV_ORIGIN_STACKS, pv_profile_text(profile, profile->format).data);
    int64_t *self = self_of_frames(profile, metric);
    add_metric(builder, profile, metric);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (self[i] != 0)
            pv_build_self(builder, stack_of(builder, profile, i), 0, self[i]);
    if (profile->origin == PV_ORIGIN_STACKS && profile->tree->self[metric][0] != 0)
        pv_build_self(builder, 0, 0, profile->tree->self[metric][0]);
    bool is_made = pv_builder_finish(builder, out, err);
    if (is_made)
        give_flags(*out);
    free(self);
    pv_builder_free(builder);
    return is_made;
}

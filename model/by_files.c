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

/* A line lies in its function, whichever file it comes from. */
static void add_line(struct pv_builder *builder, const struct pv_profile *profile, uint32_t node,
                     const struct pv_line *line, int64_t value)
{
    const struct pv_frame *of = &profile->frames[line->frame];
    struct pv_text file = pv_profile_text(profile, line->file ? line->file : of->file);
    struct pv_buffer name = {0};
    pv_buffer_print(&name, "line %lu", (unsigned long)line->line);
    if (line->file && line->file != of->file)
        pv_buffer_print(&name, " (%.*s)", PV_TEXT_ARGS(pv_name_base(file)));
    uint32_t frame =
        pv_build_frame(builder, &(struct pv_frame_info){pv_buffer_text(&name), file,
                                                        pv_profile_text(profile, of->module),
                                                        line->line, of->flags});
    pv_build_self(builder, pv_build_stack(builder, node, &frame, 1, NULL), 0, value);
    pv_buffer_free(&name);
}

/* Takes from self what the lines have. nodes: by frame, its function. */
static void add_lines(struct pv_builder *builder, const struct pv_profile *profile, uint32_t metric,
                      const uint32_t *nodes, int64_t *self)
{
    const struct pv_lines *lines = profile->lines;
    for (uint32_t i = 0; lines && i < lines->count && pv_builder_is_ok(builder); i++) {
        const struct pv_line *line = &lines->rows[i];
        int64_t value = lines->self[metric][i];
        if (value == 0 || nodes[line->frame] == PV_NONE)
            continue;
        add_line(builder, profile, nodes[line->frame], line, value);
        self[line->frame] -= value;
    }
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

bool pv_profile_by_files(struct pv_profile **out, uint32_t *functions,
                         const struct pv_profile *profile, uint32_t metric,
                         const struct pv_limits *limits, struct pv_error *err)
{
    struct pv_builder *builder =
        pv_builder_new(limits, PV_ORIGIN_STACKS, pv_profile_text(profile, profile->format).data);
    int64_t *self = self_of_frames(profile, metric);
    uint32_t *nodes = pv_alloc(((size_t)profile->frame_count + 1) * sizeof *nodes);
    add_metric(builder, profile, metric);
    *functions = 0;
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        nodes[i] = self[i] != 0 ? stack_of(builder, profile, i) : PV_NONE;
        *functions += self[i] != 0;
    }
    add_lines(builder, profile, metric, nodes, self);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (nodes[i] != PV_NONE && self[i] != 0)
            pv_build_self(builder, nodes[i], 0, self[i]);
    if (profile->origin == PV_ORIGIN_STACKS && profile->tree->self[metric][0] != 0)
        pv_build_self(builder, 0, 0, profile->tree->self[metric][0]);
    bool is_made = pv_builder_finish(builder, out, err);
    if (is_made)
        give_flags(*out);
    free(self);
    free(nodes);
    pv_builder_free(builder);
    return is_made;
}

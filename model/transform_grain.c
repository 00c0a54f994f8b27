#include "model/error.h"
#include "model/names.h"
#include "model/transform_shape.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* granularity: what counts as one. */

enum grain { grain_function, grain_line, grain_file, grain_module, grain_class, grains };

static const struct pv_text grain_names[grains] = {
    [grain_function] = {"function", 8}, [grain_line] = {"line", 4},   [grain_file] = {"file", 4},
    [grain_module] = {"module", 6},     [grain_class] = {"class", 5},
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Samplers write the line that ran behind the place: "f (a.py:12)", "a.py:f:12". The name without
 * it, in `scratch` where it must be put together. */
static struct pv_text without_line(struct pv_text name, struct pv_buffer *scratch)
{
    bool in_place = pv_text_ends(name, PV_TEXT(")"));
    size_t end = name.size - in_place, at = end;
    while (at > 0 && is_digit(name.data[at - 1]))
        at--;
    if (at == end || at < 2 || name.data[at - 1] != ':' || name.data[at - 2] == ':')
        return name;
    pv_buffer_add(scratch, pv_text_slice(name, 0, at - 1));
    pv_buffer_add(scratch, pv_text_slice(name, end, name.size));
    return pv_buffer_text(scratch);
}

/* What to call a frame of which the part asked for is not known. */
static struct pv_text unknown(const struct pv_frame *frame, struct pv_text otherwise)
{
    if (frame->flags & PV_FRAME_KERNEL)
        return PV_TEXT("[kernel]");
    if (frame->flags & PV_FRAME_BUILTIN)
        return PV_TEXT("[built-in]");
    return frame->flags & PV_FRAME_UNKNOWN ? PV_TEXT("[unknown]") : otherwise;
}

static struct pv_text file_of(const struct pv_profile *profile, uint32_t at)
{
    const struct pv_frame *frame = &profile->frames[at];
    struct pv_name_parts parts;
    if (frame->file)
        return pv_profile_text(profile, frame->file);
    pv_name_split(&parts, profile, at);
    if (parts.module.size && pv_text_equal(parts.joint, PV_TEXT(":")))
        return parts.module;
    return frame->module ? pv_profile_text(profile, frame->module)
                         : unknown(frame, PV_TEXT("[no file]"));
}

static struct pv_text module_of(const struct pv_profile *profile, uint32_t at)
{
    const struct pv_frame *frame = &profile->frames[at];
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, at);
    struct pv_text key = {0};
    if (frame->file || frame->module || parts.module.size)
        key = pv_module_key(profile, at);
    return key.size ? key : unknown(frame, PV_TEXT("[no module]"));
}

/* The class of a method, else the file of a function. Functions inside of functions belong where
 * these do. */
static struct pv_text class_of(const struct pv_profile *profile, uint32_t at)
{
    const struct pv_frame *frame = &profile->frames[at];
    struct pv_name_parts parts;
    pv_name_split(&parts, profile, at);
    struct pv_text name =
        pv_text_slice(parts.function, 0, pv_text_search(parts.function, PV_TEXT(".<locals>")));
    size_t dot = pv_text_find_last(name, '.');
    if (dot > 0 && dot < name.size)
        return pv_text_slice(name, 0, dot);
    bool is_scope = pv_text_equal(parts.joint, PV_TEXT("::"));
    if (parts.module.size && (is_scope || (!frame->file && !frame->module)))
        return parts.module;
    return file_of(profile, at);
}

static uint32_t coarse_frame(struct pv_remake *remake, enum grain grain, uint32_t at)
{
    const struct pv_profile *profile = remake->from;
    const struct pv_frame *frame = &profile->frames[at];
    const uint32_t synthetic = PV_FRAME_THREAD | PV_FRAME_PROCESS | PV_FRAME_REST;
    struct pv_frame_info info = {.flags = frame->flags & PV_FRAME_UNKNOWN};
    struct pv_buffer scratch = {0};
    if (grain == grain_line || frame->flags & synthetic)
        return pv_remake_frame(remake, at);
    if (grain == grain_function) {
        if (frame->file || frame->line)
            return pv_remake_frame(remake, at);
        info.name = without_line(pv_profile_text(profile, frame->name), &scratch);
        info.module = pv_profile_text(profile, frame->module);
        info.flags = frame->flags;
    } else {
        info.name = grain == grain_file     ? file_of(profile, at)
                    : grain == grain_module ? module_of(profile, at)
                                            : class_of(profile, at);
    }
    remake->frames[at] = pv_build_frame(remake->builder, &info);
    pv_buffer_free(&scratch);
    return remake->frames[at];
}

static uint32_t grain_frame(struct pv_remake *remake, enum grain grain, uint32_t at)
{
    return remake->frames[at] == PV_NONE ? coarse_frame(remake, grain, at) : remake->frames[at];
}

/* What calls itself within one file, module or class is one; recursive functions stay as they are.
 */
static void regrain_stacks(struct pv_remake *remake, enum grain grain)
{
    const struct pv_tree *tree = remake->from->tree;
    uint32_t *moved = pv_zalloc(tree->count, sizeof *moved);
    pv_remake_self(remake, 0, 0);
    for (uint32_t i = 1; i < tree->count && pv_builder_is_ok(remake->builder); i++) {
        uint32_t frame = grain_frame(remake, grain, tree->nodes[i].frame);
        uint32_t above = moved[tree->nodes[i].parent];
        bool merges = grain >= grain_file && above != 0 &&
                      pv_build_node_frame(remake->builder, above) == frame;
        moved[i] = merges ? above : pv_build_stack(remake->builder, above, &frame, 1, NULL);
        pv_remake_self(remake, moved[i], i);
    }
    pv_remake_spans(remake, moved, NULL);
    free(moved);
}

static void regrain_arcs(struct pv_remake *remake, enum grain grain)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t *frames = pv_alloc(graph->func_count * sizeof *frames);
    for (uint32_t i = 0; i < graph->func_count; i++)
        frames[i] = grain_frame(remake, grain, graph->funcs[i].frame);
    uint32_t groups = pv_group_arcs(remake, frames);
    if (groups)
        pv_remake_note(
            remake, "estimated", groups,
            "the totals of %u groups are what enters them by arcs, which counts twice what "
            "leaves and comes back",
            groups);
    free(frames);
}

static bool granularity(struct pv_profile **out, const struct pv_transform_call *call,
                        struct pv_error *err)
{
    unsigned grain = 0;
    while (grain < grains && !pv_text_equal(call->argument, grain_names[grain]))
        grain++;
    if (grain == grains)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--granularity is function, line, file, module or class, not \"%.*s\"",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    struct pv_remake remake;
    pv_remake_open(&remake, call);
    if (call->profile->origin == PV_ORIGIN_STACKS)
        regrain_stacks(&remake, (enum grain)grain);
    else if (grain == grain_line && call->profile->lines)
        pv_split_lines(&remake);
    else
        regrain_arcs(&remake, (enum grain)grain);
    return pv_remake_close(&remake, out, err);
}

const struct pv_transform pv_transform_granularity = {
    "granularity", 0, "WHAT", "count by function, line, file, module or class", 0, granularity};

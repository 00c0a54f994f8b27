#include "model/limits.h"

#include "model/error.h"

struct pv_limits pv_limits_default(void)
{
    return (struct pv_limits){
        .input_bytes = (uint64_t)16 << 30,
        .ratio = 2000,
        .ratio_from = (uint64_t)64 << 20,
        .line_bytes = (uint64_t)16 << 20,
        .name_bytes = (uint64_t)64 << 10,
        .stack_depth = 65536,
        .nesting = 4096,
        .functions = 20000000,
        .arcs = 50000000,
        .nodes = 200000000,
        .memory = 0,
        .series = 10000,
        .series_points = 65536,
        .graph_nodes = 80,
        .graph_arcs = 200,
        .layout_ms = 10000,
        .flame_frames = 20000,
        .png_pixels = 64000000,
        .png_side = 32767,
        .carried_rows = 50000,
    };
}

#define ROW(field, option, summary, is_bytes)                                                      \
    {                                                                                              \
        option, summary, offsetof(struct pv_limits, field), is_bytes                               \
    }

static const struct pv_limit_row rows[] = {
    ROW(input_bytes, "max-input", "bytes of one input, unpacked", true),
    ROW(ratio, "max-ratio",
        "how many times larger an input gets when it is unpacked, beyond 64 MiB", false),
    ROW(line_bytes, "max-line", "bytes of one line or string", true),
    ROW(name_bytes, "max-name", "bytes of one name; the rest of it is cut", true),
    ROW(stack_depth, "max-depth", "frames of one stack; the rest is cut", false),
    ROW(nesting, "max-nesting", "containers within containers", false),
    ROW(functions, "max-functions", "distinct functions", false),
    ROW(arcs, "max-arcs", "distinct caller-callee pairs", false),
    ROW(nodes, "max-nodes", "nodes of the call tree", false),
    ROW(series, "max-series", "series of values over time; the rest is left out", false),
    ROW(series_points, "max-points", "points of one series; beyond that it is thinned", false),
    ROW(memory, "max-memory", "memory that the profile may take", true),
    ROW(layout_ms, "max-layout", "CPU milliseconds of a graph layout", false),
    ROW(flame_frames, "max-frames", "frames in an SVG flame graph", false),
    ROW(png_pixels, "max-pixels", "pixels of one PNG", false),
    ROW(carried_rows, "max-data",
        "functions, arcs, nodes, points and calls in time of the profile that a picture carries; a "
        "larger one is not carried",
        false),
};

const struct pv_limit_row *pv_limit_rows(size_t *count)
{
    *count = sizeof rows / sizeof rows[0];
    return rows;
}

bool pv_budget_take(struct pv_budget *budget, uint64_t bytes)
{
    if (budget->limit && bytes > budget->limit - budget->used) {
        budget->is_over = true;
        return false;
    }
    budget->used += bytes;
    return true;
}

bool pv_grow(void **array, uint32_t *capacity, uint64_t needed, size_t item,
             struct pv_budget *budget)
{
    if (needed <= *capacity)
        return true;
    uint64_t wanted = *capacity < 16 ? 32 : (uint64_t)*capacity * 2;
    wanted = wanted < needed ? needed : wanted;
    wanted = wanted > UINT32_MAX ? UINT32_MAX : wanted;
    if (wanted < needed) {
        budget->is_over = true;
        return false;
    }
    if (!pv_budget_take(budget, (wanted - *capacity) * item))
        return false;
    *array = pv_resize(*array, (size_t)wanted * item);
    *capacity = (uint32_t)wanted;
    return true;
}

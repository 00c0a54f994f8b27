#include "model/builder_parts.h"
#include "model/error.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* Lines of a profile that a transform makes. What part of a function's lines belongs to a part of
 * its stacks is not known: only a function that has all of its own cost keeps them. Several that
 * become one do, together. */

struct carrying {
    struct pv_remake *remake;
    uint64_t *missing; /* by frame of the builder: what of the cost that came here is not there, in
                          the metric at hand; wraps */
    bool *is_partial;  /* by frame of the builder */
};

static void expect(struct carrying *carrying, uint32_t old_frame, int64_t self)
{
    uint32_t frame = carrying->remake->frames[old_frame];
    if (frame != PV_NONE)
        carrying->missing[frame] += (uint64_t)self;
}

static void expect_all(struct carrying *carrying, uint32_t metric)
{
    const struct pv_profile *from = carrying->remake->from;
    if (from->origin == PV_ORIGIN_STACKS) {
        for (uint32_t i = 1; i < from->tree->count; i++)
            expect(carrying, from->tree->nodes[i].frame, from->tree->self[metric][i]);
        return;
    }
    for (uint32_t i = 0; i < from->graph->func_count; i++)
        expect(carrying, from->graph->funcs[i].frame, from->graph->self[metric][i]);
}

static void find_all(struct carrying *carrying, uint32_t metric)
{
    const struct pv_builder *builder = carrying->remake->builder;
    const struct pv_column *self = &builder->metrics[metric].self;
    bool is_tree = builder->origin == PV_ORIGIN_STACKS;
    for (uint32_t i = is_tree; i < self->count; i++) {
        uint32_t frame = is_tree ? builder->tree.nodes[i].frame : builder->arcs.funcs[i].frame;
        carrying->missing[frame] -= (uint64_t)self->values[i];
    }
}

static void judge(struct carrying *carrying)
{
    uint32_t frames = carrying->remake->builder->frame_count;
    for (uint32_t m = 0; m < carrying->remake->from->metric_count; m++) {
        expect_all(carrying, m);
        find_all(carrying, m);
        for (uint32_t i = 0; i < frames; i++) {
            carrying->is_partial[i] = carrying->is_partial[i] || carrying->missing[i];
            carrying->missing[i] = 0;
        }
    }
}

static void carry(struct carrying *carrying, uint32_t at, uint32_t frame)
{
    const struct pv_profile *from = carrying->remake->from;
    const struct pv_line *line = &from->lines->rows[at];
    pv_str file = line->file ? line->file : from->frames[line->frame].file;
    file = pv_build_text(carrying->remake->builder, pv_profile_text(from, file));
    for (uint32_t m = 0; m < from->metric_count; m++)
        pv_build_line(carrying->remake->builder, frame, file, line->line, m,
                      from->lines->self[m][at]);
}

static uint64_t carry_all(struct carrying *carrying)
{
    const struct pv_remake *remake = carrying->remake;
    bool *is_left_out = pv_zalloc(remake->from->frame_count, sizeof *is_left_out);
    uint64_t left_out = 0;
    for (uint32_t i = 0; i < remake->from->lines->count; i++) {
        uint32_t old = remake->from->lines->rows[i].frame, frame = remake->frames[old];
        if (frame == PV_NONE)
            continue;
        if (!carrying->is_partial[frame]) {
            carry(carrying, i, frame);
            continue;
        }
        left_out += !is_left_out[old];
        is_left_out[old] = true;
    }
    free(is_left_out);
    return left_out;
}

void pv_remake_lines(struct pv_remake *remake)
{
    if (!remake->has_lines || !pv_builder_is_ok(remake->builder))
        return;
    struct carrying carrying = {
        .remake = remake,
        .missing = pv_zalloc(remake->builder->frame_count, sizeof *carrying.missing),
        .is_partial = pv_zalloc(remake->builder->frame_count, sizeof *carrying.is_partial),
    };
    judge(&carrying);
    uint64_t left_out = carry_all(&carrying);
    if (left_out)
        pv_remake_note(remake, "filtered", left_out,
                       "the lines of functions that keep only a part of their cost are left out");
    free(carrying.missing);
    free(carrying.is_partial);
}

/* ---- Lines as functions ---- */

/* "parse.c:12", the same for all functions that the line was compiled into. */
static uint32_t line_frame(struct pv_remake *remake, const struct pv_line *line)
{
    const struct pv_profile *from = remake->from;
    const struct pv_frame *function = &from->frames[line->frame];
    struct pv_text file = pv_profile_text(from, line->file ? line->file : function->file);
    size_t slash = pv_text_find_last(file, '/');
    struct pv_buffer name = {0};
    pv_buffer_add(&name, slash < file.size ? pv_text_slice(file, slash + 1, file.size) : file);
    pv_buffer_print(&name, "%s:%u", file.size ? "" : "[no file]", (unsigned)line->line);
    struct pv_frame_info info = {.name = pv_buffer_text(&name),
                                 .file = file,
                                 .module = pv_profile_text(from, function->module),
                                 .line = line->line};
    uint32_t frame = pv_build_frame(remake->builder, &info);
    pv_buffer_free(&name);
    return frame;
}

static void take_row(int64_t *const *columns, uint32_t at, uint32_t metrics, int64_t *row)
{
    for (uint32_t m = 0; m < metrics; m++)
        row[m] = columns[m][at];
}

/* Takes each line's cost from its function, which calls the line instead. Line 0 is none. */
static void split_functions(struct pv_remake *remake, const uint32_t *func_of, int64_t *self)
{
    const struct pv_lines *lines = remake->from->lines;
    uint32_t metrics = remake->from->metric_count;
    int64_t *row = pv_alloc(metrics * sizeof *row);
    for (uint32_t i = 0; i < lines->count && pv_builder_is_ok(remake->builder); i++) {
        const struct pv_line *line = &lines->rows[i];
        uint32_t func = func_of[line->frame];
        if (line->line == 0 || func == PV_NONE)
            continue;
        uint32_t frame = line_frame(remake, line);
        take_row(lines->self, i, metrics, row);
        for (uint32_t m = 0; m < metrics; m++)
            self[(size_t)func * metrics + m] -= row[m];
        pv_build_func(remake->builder, frame, PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, row, row);
        pv_build_arc(remake->builder, pv_remake_frame(remake, line->frame), frame, PV_UNKNOWN_CALLS,
                     row);
    }
    free(row);
}

static void copy_arcs(struct pv_remake *remake)
{
    const struct pv_graph *graph = remake->from->graph;
    uint32_t metrics = remake->from->metric_count;
    int64_t *row = pv_alloc(metrics * sizeof *row);
    for (uint32_t i = 0; i < graph->arc_count; i++) {
        const struct pv_arc *arc = &graph->arcs[i];
        bool has_total = !graph->arc_has_total || graph->arc_has_total[i];
        take_row(graph->arc_total, i, metrics, row);
        pv_build_arc(remake->builder, pv_remake_frame(remake, graph->funcs[arc->caller].frame),
                     pv_remake_frame(remake, graph->funcs[arc->callee].frame), arc->calls,
                     has_total ? row : NULL);
    }
    free(row);
}

void pv_split_lines(struct pv_remake *remake)
{
    const struct pv_profile *from = remake->from;
    const struct pv_graph *graph = from->graph;
    uint32_t metrics = from->metric_count;
    uint32_t *func_of = pv_alloc(from->frame_count * sizeof *func_of);
    int64_t *self = pv_alloc((size_t)graph->func_count * metrics * sizeof *self);
    int64_t *total = pv_alloc(metrics * sizeof *total);
    for (uint32_t i = 0; i < from->frame_count; i++)
        func_of[i] = PV_NONE;
    for (uint32_t i = 0; i < graph->func_count; i++) {
        func_of[graph->funcs[i].frame] = i;
        take_row(graph->self, i, metrics, self + (size_t)i * metrics);
    }
    split_functions(remake, func_of, self);
    for (uint32_t i = 0; i < graph->func_count; i++) {
        const struct pv_func *func = &graph->funcs[i];
        take_row(graph->total, i, metrics, total);
        pv_build_func(remake->builder, pv_remake_frame(remake, func->frame), func->calls,
                      pv_primitive_calls(graph, i), self + (size_t)i * metrics, total);
    }
    copy_arcs(remake);
    remake->has_lines = false;
    free(func_of);
    free(self);
    free(total);
}

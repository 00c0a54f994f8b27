#include "model/builder.h"

#include "model/builder_parts.h"
#include "model/error.h"
#include "model/inclusive.h"

#include <stdlib.h>

__extension__ typedef __int128 int128;

struct pv_builder *pv_builder_new(const struct pv_limits *limits, enum pv_origin origin,
                                  const char *format)
{
    struct pv_builder *builder = pv_zalloc(1, sizeof *builder);
    builder->limits = limits ? *limits : pv_limits_default();
    builder->budget.limit = builder->limits.memory;
    builder->origin = origin;
    builder->arena = pv_arena_new();
    builder->strings = pv_strings_new();
    builder->format = pv_strings_add(builder->strings, pv_text_of(format), &builder->budget);
    pv_arc_log_start(&builder->arcs.log);
    if (origin == PV_ORIGIN_STACKS)
        pv_tree_start(builder);
    return builder;
}

static void free_columns(struct pv_metric_part *part)
{
    free(part->self.values);
    free(part->total.values);
    free(part->arc_total.values);
    free(part->line.values);
}

static void discard(struct pv_builder *builder)
{
    for (uint32_t m = 0; m < builder->metric_count; m++)
        free_columns(&builder->metrics[m]);
    pv_tree_discard(&builder->tree);
    pv_arcs_discard(&builder->arcs);
    pv_line_table_free(&builder->lines);
    pv_spans_discard(&builder->spans);
    pv_series_discard(&builder->series);
    free(builder->frame_slots);
    free(builder->frames);
    free(builder->name_frame);
    free(builder->metrics);
    free(builder->notes);
    pv_strings_free(builder->strings);
    pv_arena_free(builder->arena);
}

void pv_builder_free(struct pv_builder *builder)
{
    if (!builder)
        return;
    discard(builder);
    free(builder);
}

bool pv_builder_is_ok(const struct pv_builder *builder)
{
    return builder->error.code == PV_OK;
}

void pv_builder_fail(struct pv_builder *builder, struct pv_error err)
{
    if (pv_builder_is_ok(builder))
        builder->error = err;
}

bool pv_builder_limit(struct pv_builder *builder, const char *what, const char *option,
                      uint64_t limit)
{
    struct pv_error err;
    pv_fail(&err, PV_LIMIT, (struct pv_where){0}, "more than %llu %s (%s raises the limit)",
            (unsigned long long)limit, what, option);
    pv_builder_fail(builder, err);
    return false;
}

bool pv_builder_memory(struct pv_builder *builder)
{
    struct pv_error err;
    pv_fail(&err, PV_LIMIT, (struct pv_where){0},
            "the profile needs more than the %llu bytes of --max-memory",
            (unsigned long long)builder->limits.memory);
    pv_builder_fail(builder, err);
    return false;
}

bool pv_builder_grow(struct pv_builder *builder, void **array, uint32_t *capacity, uint64_t needed,
                     size_t item)
{
    return pv_grow(array, capacity, needed, item, &builder->budget) || pv_builder_memory(builder);
}

bool pv_column_extend(struct pv_builder *builder, struct pv_column *column, uint32_t count)
{
    bool grown = true;
    if (count > column->capacity) {
        void *values = column->values;
        grown = pv_builder_grow(builder, &values, &column->capacity, count, sizeof(int64_t));
        column->values = values;
    }
    while (grown && column->count < count)
        column->values[column->count++] = 0;
    return grown;
}

void pv_column_overflow(struct pv_builder *builder)
{
    struct pv_error err;
    pv_fail(&err, PV_INPUT_FAILED, (struct pv_where){0},
            "the sum of a function's values does not fit in 64 bits: the file is damaged, or its "
            "unit is far too fine");
    pv_builder_fail(builder, err);
}

uint32_t pv_build_metric(struct pv_builder *builder, struct pv_text name, enum pv_unit unit,
                         bool is_signed)
{
    void *metrics = builder->metrics;
    bool grown = pv_builder_grow(builder, &metrics, &builder->metric_capacity,
                                 (uint64_t)builder->metric_count + 1, sizeof *builder->metrics);
    builder->metrics = metrics;
    if (!grown)
        return 0;
    pv_str id = pv_strings_add(builder->strings, name, &builder->budget);
    struct pv_metric_part *part = &builder->metrics[builder->metric_count];
    *part = (struct pv_metric_part){
        .metric = {.name = id, .unit = unit, .scale = 1, .is_signed = is_signed}};
    if (builder->arcs.func_count && !pv_arcs_add_metric(builder, part))
        return 0;
    return builder->metric_count++;
}

void pv_build_signed(struct pv_builder *builder, uint32_t metric)
{
    if (metric < builder->metric_count)
        builder->metrics[metric].metric.is_signed = true;
}

static bool rescale(struct pv_column *column, uint32_t count, int64_t factor)
{
    for (uint32_t i = 0; i < count; i++)
        if (!pv_multiply(column->values[i], factor, &column->values[i]))
            return false;
    return true;
}

bool pv_builder_too_wide(struct pv_builder *builder)
{
    struct pv_error err;
    pv_fail(
        &err, PV_INPUT_FAILED, (struct pv_where){0},
        "very large values and very small fractions in one file do not fit in 64 bits together");
    pv_builder_fail(builder, err);
    return false;
}

static bool raise_scale(struct pv_builder *builder, struct pv_metric_part *part, int64_t scale)
{
    int64_t factor = scale / part->metric.scale;
    part->metric.scale = scale;
    if (rescale(&part->self, part->self.count, factor) &&
        rescale(&part->total, part->total.count, factor) &&
        pv_arcs_scale(builder, (uint32_t)(part - builder->metrics), factor) &&
        rescale(&part->line, part->line.count, factor))
        return true;
    return pv_builder_too_wide(builder);
}

int64_t pv_build_value(struct pv_builder *builder, uint32_t metric, struct pv_decimal value,
                       bool *fits)
{
    struct pv_metric_part *part = &builder->metrics[metric];
    int64_t scale = pv_power10(value.digits), scaled = 0;
    *fits = true;
    if (scale > part->metric.scale && !raise_scale(builder, part, scale))
        return 0;
    *fits = pv_multiply(value.value, part->metric.scale / scale, &scaled);
    return *fits ? scaled : 0;
}

bool pv_build_value_pair(struct pv_builder *builder, uint32_t metric,
                         const struct pv_decimal values[2], int64_t scaled[2])
{
    bool fits, both_fit;
    scaled[0] = pv_build_value(builder, metric, values[0], &fits);
    int64_t scale = builder->metrics[metric].metric.scale;
    scaled[1] = pv_build_value(builder, metric, values[1], &both_fit);
    if (builder->metrics[metric].metric.scale != scale)
        scaled[0] = pv_build_value(builder, metric, values[0], &fits);
    return fits && both_fit;
}

void pv_build_inclusive(struct pv_builder *builder)
{
    builder->needs_inclusive = true;
}

void pv_build_whose(struct pv_builder *builder, uint64_t process, uint64_t thread)
{
    builder->process = process;
    builder->thread = thread;
}

void pv_build_unbounded(struct pv_builder *builder)
{
    builder->is_unbounded = true;
}

void pv_build_note(struct pv_builder *builder, const char *kind, const char *text, uint64_t count,
                   uint64_t line)
{
    pv_build_note_text(builder, pv_text_of(kind), pv_text_of(text), count, line);
}

void pv_build_note_text(struct pv_builder *builder, struct pv_text kind, struct pv_text text,
                        uint64_t count, uint64_t line)
{
    if (!pv_builder_is_ok(builder))
        return;
    pv_str kind_id = pv_strings_add(builder->strings, kind, &builder->budget);
    pv_str text_id = pv_strings_add(builder->strings, text, &builder->budget);
    for (uint32_t i = 0; i < builder->note_count; i++) {
        struct pv_note *note = &builder->notes[i];
        if (note->kind == kind_id && note->text == text_id) {
            note->count += count;
            return;
        }
    }
    void *notes = builder->notes;
    if (pv_builder_grow(builder, &notes, &builder->note_capacity, (uint64_t)builder->note_count + 1,
                        sizeof *builder->notes))
        ((struct pv_note *)notes)[builder->note_count++] =
            (struct pv_note){kind_id, text_id, count, line};
    builder->notes = notes;
}

/* Σ self of one metric; false where int64 does not hold it. */
static bool sum_self(const struct pv_column *self, int64_t *total)
{
    int128 sum = 0;
    for (uint32_t i = 0; i < self->count; i++)
        sum += self->values[i];
    *total = (int64_t)sum;
    return sum == *total;
}

static bool settle_metrics(struct pv_builder *builder, struct pv_profile *profile)
{
    uint32_t rows = builder->origin == PV_ORIGIN_STACKS ? builder->tree.count : 0;
    struct pv_column *calls = &builder->tree.calls;
    if (calls->count && !pv_column_extend(builder, calls, rows))
        return false;
    profile->metric_count = builder->metric_count;
    profile->metrics =
        pv_arena_alloc(builder->arena, builder->metric_count * sizeof *profile->metrics);
    for (uint32_t m = 0; m < builder->metric_count; m++) {
        struct pv_metric_part *part = &builder->metrics[m];
        if (!pv_column_extend(builder, &part->self, rows))
            return false;
        if (!sum_self(&part->self, &part->metric.total)) {
            struct pv_error err;
            pv_fail(&err, PV_INPUT_FAILED, (struct pv_where){0},
                    "the profile's total does not fit in 64 bits");
            pv_builder_fail(builder, err);
            return false;
        }
        profile->metrics[m] = part->metric;
    }
    return true;
}

static int compare_notes(const struct pv_builder *builder, const struct pv_note *a,
                         const struct pv_note *b)
{
    int order = pv_text_compare(pv_strings_get(builder->strings, a->kind),
                                pv_strings_get(builder->strings, b->kind));
    return order ? order
                 : pv_text_compare(pv_strings_get(builder->strings, a->text),
                                   pv_strings_get(builder->strings, b->text));
}

/* By kind and text, so that the order in which things went wrong does not show. */
static void sort_notes(struct pv_builder *builder)
{
    for (uint32_t i = 1; i < builder->note_count; i++) {
        struct pv_note note = builder->notes[i];
        uint32_t at = i;
        for (; at > 0 && compare_notes(builder, &note, &builder->notes[at - 1]) < 0; at--)
            builder->notes[at] = builder->notes[at - 1];
        builder->notes[at] = note;
    }
}

/* For what an estimate of the tree adds, without another table of frames. */
enum { SPARE_FRAMES = 4 };

static void hand_over(struct pv_builder *builder, struct pv_profile *profile)
{
    profile->strings = builder->strings;
    profile->format = builder->format;
    profile->origin = builder->origin;
    profile->frame_room = builder->frame_count + SPARE_FRAMES;
    profile->frames = pv_resize(builder->frames, profile->frame_room * sizeof *profile->frames);
    profile->frame_count = builder->frame_count;
    profile->notes = builder->notes;
    profile->note_count = builder->note_count;
    profile->process = builder->process;
    profile->thread = builder->thread;
    profile->is_unbounded = builder->is_unbounded;
    pv_arena_adopt(builder->arena, profile->frames);
    pv_arena_adopt(builder->arena, builder->notes);
    builder->frames = NULL;
    builder->notes = NULL;
    builder->strings = NULL;
    profile->arena = builder->arena;
    builder->arena = NULL;
}

static void find_inclusive(struct pv_builder *builder, struct pv_profile *profile)
{
    struct pv_inclusive_counts counts = pv_graph_inclusive(profile);
    if (counts.on_cycles)
        pv_build_note(builder, "estimated",
                      "functions that call each other in a circle: their totals are upper bounds",
                      counts.on_cycles, 0);
    if (counts.cut)
        pv_build_note(builder, "clamped", "totals beyond the whole were cut to it", counts.cut, 0);
}

/* From here on no frame is looked for, and hardly a text. What comes needs room of its own. */
static void forget_frames(struct pv_builder *builder)
{
    pv_strings_settle(builder->strings);
    free(builder->frame_slots);
    free(builder->name_frame);
    free(builder->arcs.func_of_frame);
    builder->frame_slots = NULL;
    builder->name_frame = NULL;
    builder->arcs.func_of_frame = NULL;
    builder->frame_slot_count = builder->frame_slots_used = builder->name_frame_capacity = 0;
    builder->arcs.frame_capacity = 0;
}

bool pv_builder_finish(struct pv_builder *builder, struct pv_profile **out, struct pv_error *err)
{
    struct pv_profile *profile = NULL;
    if (pv_builder_is_ok(builder)) {
        forget_frames(builder);
        profile = pv_arena_alloc(builder->arena, sizeof *profile);
        pv_arcs_settle(builder);
        pv_spans_settle(builder);
        settle_metrics(builder, profile);
        pv_lines_settle(builder);
    }
    if (!pv_builder_is_ok(builder)) {
        *err = builder->error;
        return false;
    }
    if (builder->origin == PV_ORIGIN_STACKS)
        pv_tree_finish(builder, profile);
    else
        pv_arcs_finish(builder, profile);
    pv_spans_finish(builder, profile);
    pv_lines_finish(builder, profile);
    pv_series_finish(builder, profile);
    profile->frames = builder->frames;
    if (builder->needs_inclusive)
        find_inclusive(builder, profile);
    sort_notes(builder);
    hand_over(builder, profile);
    discard(builder);
    *builder = (struct pv_builder){.error = {.code = PV_INPUT_FAILED}};
    *out = profile;
    return true;
}

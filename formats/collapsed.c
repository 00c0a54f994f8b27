#include "formats/collapsed.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_collapsed_stacks *stacks;

    /* Austin's metadata: what the values are. */
    bool has_metadata;
    struct pv_text metric_name;
    enum pv_unit unit;
    int64_t factor;
    uint32_t metric_count;
    bool is_signed[PV_COLLAPSED_NUMBERS];

    /* Every stack so far ended in a number of its own; how many lines ended at each node. */
    bool has_two_columns;
    uint32_t *line_counts;
    size_t line_counts_size;

    struct pv_collapsed_order *order; /* NULL: the order of lines means nothing */
};

/* Metadata may say what the values are; it comes before them. */
static void read_metadata(struct reader *reader, const struct pv_collapsed_line *line)
{
    static const char *const timed[] = {"wall", "cpu", "full"};
    reader->has_metadata = true;
    if (!pv_text_equal(line->key, PV_TEXT("mode")) || reader->metric_count)
        return;
    for (size_t i = 0; i < sizeof timed / sizeof timed[0]; i++) {
        if (!pv_text_equal(line->value, pv_text_of(timed[i])))
            continue;
        reader->metric_name = PV_TEXT("time");
        reader->unit = PV_UNIT_NS;
        reader->factor = 1000; /* microseconds */
    }
    if (pv_text_equal(line->value, PV_TEXT("memory"))) {
        reader->metric_name = PV_TEXT("memory");
        reader->unit = PV_UNIT_BYTES;
    }
}

static void need_metrics(struct reader *reader, unsigned count)
{
    if (reader->metric_count == 0) {
        pv_build_metric(reader->builder, reader->metric_name, reader->unit, false);
        reader->metric_count++;
    }
    if (count > 1 && reader->metric_count == 1) {
        pv_build_metric(reader->builder, PV_TEXT("cpu"), reader->unit, false);
        pv_build_metric(reader->builder, PV_TEXT("memory"), PV_UNIT_BYTES, false);
        reader->metric_count = PV_COLLAPSED_NUMBERS;
    }
}

/* The numbers in the metrics' scales; false where one does not fit. */
static bool scale_numbers(struct reader *reader, struct pv_collapsed_line *line, int64_t *values)
{
    bool fits = true;
    struct pv_decimal *numbers = line->numbers;
    if (line->count > 1) /* time, 1 where idle, memory → time, time on the CPU, memory */
        numbers[1] = numbers[1].value ? (struct pv_decimal){0} : numbers[0];
    for (unsigned i = 0; i < line->count && fits; i++) {
        bool is_memory = i == PV_COLLAPSED_NUMBERS - 1;
        fits = pv_multiply(numbers[i].value, is_memory ? 1 : reader->factor, &numbers[i].value);
        values[i] = fits ? pv_build_value(reader->builder, i, numbers[i], &fits) : 0;
    }
    return fits;
}

static void add_values(struct reader *reader, uint32_t node, const int64_t *values,
                       const struct pv_collapsed_line *line)
{
    if (reader->order)
        pv_collapsed_order_add(reader->order, node, line->numbers[0]);
    for (unsigned i = 0; i < line->count; i++) {
        if (values[i] < 0 && !reader->is_signed[i]) {
            reader->is_signed[i] = true;
            pv_build_signed(reader->builder, i);
        }
        if (i > 0 || !reader->order)
            pv_build_self(reader->builder, node, i, values[i]);
    }
}

static void need_counts(struct reader *reader, size_t nodes)
{
    size_t had = reader->line_counts_size, size = nodes * 2;
    if (nodes <= had)
        return;
    reader->line_counts = pv_resize(reader->line_counts, size * sizeof *reader->line_counts);
    memset(reader->line_counts + had, 0, (size - had) * sizeof *reader->line_counts);
    reader->line_counts_size = size;
}

static void watch_columns(struct reader *reader, struct pv_text stack, uint32_t node)
{
    struct pv_decimal number;
    reader->has_two_columns = pv_collapsed_take_number(&stack, &number);
    if (!reader->has_two_columns)
        return;
    need_counts(reader, (size_t)node + 1);
    reader->line_counts[node]++;
}

static void read_stack(struct reader *reader, struct pv_collapsed_line *line)
{
    int64_t values[PV_COLLAPSED_NUMBERS];
    need_metrics(reader, line->count);
    bool is_short = line->stack.size < UINT32_MAX; /* offsets in it are 32 bits wide */
    if (!is_short || !scale_numbers(reader, line, values)) {
        pv_input_bad_record(reader->input, is_short ? "the number does not fit in 64 bits"
                                                    : "the stack is longer than 4 GiB");
        return;
    }
    pv_input_good_record(reader->input);
    uint32_t node = pv_collapsed_find(reader->stacks, line->stack);
    if (!pv_builder_is_ok(reader->builder))
        return;
    if (reader->has_two_columns)
        watch_columns(reader, line->stack, node);
    add_values(reader, node, values, line);
}

static void read_lines(struct reader *reader)
{
    struct pv_text text;
    struct pv_collapsed_line line;
    while (pv_builder_is_ok(reader->builder) && pv_input_line(reader->input, &text)) {
        switch (pv_collapsed_parse(text, &line)) {
        case PV_COLLAPSED_STACK:
            read_stack(reader, &line);
            break;
        case PV_COLLAPSED_METADATA:
            read_metadata(reader, &line);
            break;
        case PV_COLLAPSED_BAD:
            pv_input_bad_record(reader->input, line.why);
            break;
        case PV_COLLAPSED_BLANK:
            break;
        }
    }
}

static bool split_columns(struct reader *reader, struct pv_profile **profile, struct pv_error *err)
{
    if (!reader->has_two_columns || reader->metric_count != 1 || (*profile)->tree->count == 1)
        return true;
    need_counts(reader, (*profile)->tree->count);
    return pv_collapsed_split_columns(profile, reader->line_counts, pv_input_limits(reader->input),
                                      err);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_profile *profile = NULL;
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    struct pv_where end = pv_input_where(reader->input);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (skipped.good == 0 && !reader->has_metadata && pv_builder_is_ok(reader->builder))
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "holds no stack: a line is frames joined by ';', a blank and a number");
    need_metrics(reader, 1);
    if (reader->order)
        pv_collapsed_order_build(reader->order, reader->builder, reader->has_two_columns);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    const char *cut = pv_input_open_end(reader->input);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, end.line);
    if (!pv_builder_finish(reader->builder, &profile, err) ||
        !split_columns(reader, &profile, err)) {
        err->where = end;
        return false;
    }
    *out = profile;
    return true;
}

static bool read_collapsed(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_STACKS, "collapsed"),
        .metric_name = PV_TEXT("samples"),
        .unit = PV_UNIT_COUNT,
        .factor = 1,
        .has_two_columns = true,
    };
    reader.stacks = pv_collapsed_stacks_new(reader.builder, pv_input_limits(input)->stack_depth);
    if (pv_input_limits(input)->keeps_spans && pv_input_limits(input)->takes_order)
        reader.order = pv_collapsed_order_new();
    pv_input_as_text(input);
    read_lines(&reader);
    /* Before the builder ends, which needs room of its own. */
    pv_collapsed_stacks_free(reader.stacks);
    bool done = finish(&reader, out, err);
    pv_builder_free(reader.builder);
    pv_collapsed_order_free(reader.order);
    free(reader.line_counts);
    return done;
}

const struct pv_format pv_format_collapsed = {
    .name = "collapsed",
    .summary = "collapsed (folded) stacks: stackcollapse-*, perf, py-spy, async-profiler, Austin",
    .aliases = "folded stacks stackcollapse collapse",
    .extensions = ".folded .collapsed .collapse .austin",
    .probe = pv_collapsed_probe,
    .probe_named = pv_collapsed_probe_named,
    .read = read_collapsed,
    .write = pv_collapsed_write,
    .write_needs_tree = true,
};

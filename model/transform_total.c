#include "model/error.h"
#include "model/transform_scale.h"
#include "model/transform_shape_parts.h"

#include <stdlib.h>

/* The whole of a metric, where that is more than the profile has: "[METRIC=]NUMBER[UNIT]". */

/* Where the rest of a profile goes that has no root. */
static const struct pv_text elsewhere = {"[elsewhere]", 11};

static bool fail_metric(const struct pv_profile *profile, struct pv_text wanted,
                        struct pv_error *err)
{
    struct pv_buffer names = {0};
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        pv_buffer_print(&names, "%s", m ? ", " : "");
        pv_buffer_add(&names, pv_profile_text(profile, profile->metrics[m].name));
    }
    pv_fail(err, PV_USAGE, (struct pv_where){0},
            "--total: there is no metric \"%.*s\"; the input has %.*s",
            PV_TEXT_ARGS(pv_text_slice(wanted, 0, 40)),
            PV_TEXT_ARGS(pv_text_slice(pv_buffer_text(&names), 0, 200)));
    pv_buffer_free(&names);
    return false;
}

/* The first where none is named. */
static bool find_metric(uint32_t *out, const struct pv_profile *profile, struct pv_text name,
                        struct pv_error *err)
{
    for (uint32_t m = 0; m < profile->metric_count; m++)
        if (name.size == 0 ||
            pv_text_equal(pv_profile_text(profile, profile->metrics[m].name), name)) {
            *out = m;
            return true;
        }
    return fail_metric(profile, name, err);
}

static bool is_numeral(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.' || byte == '+' || byte == '-';
}

/* Without a unit the metric's own: nanoseconds, bytes. */
static bool parse_whole(int64_t *out, const struct pv_metric *metric, struct pv_text text)
{
    struct pv_decimal number;
    size_t size = 0;
    text = pv_text_trim(text);
    while (size < text.size && is_numeral(text.data[size]))
        size++;
    struct pv_text unit = pv_text_trim(pv_text_slice(text, size, text.size));
    if (!pv_parse_decimal(pv_text_slice(text, 0, size), &number))
        return false;
    return unit.size ? pv_unit_value(out, number, unit, metric->unit, metric->scale)
                     : pv_scale_decimal(number, pv_power_of(metric->scale), out);
}

/* A function that nothing calls and that calls nothing. */
static void add_elsewhere(struct pv_remake *remake, uint32_t metric, int64_t missing)
{
    struct pv_frame_info info = {.name = elsewhere, .flags = PV_FRAME_REST};
    int64_t *row = pv_zalloc(remake->from->metric_count, sizeof *row);
    row[metric] = missing;
    pv_build_func(remake->builder, pv_build_frame(remake->builder, &info), PV_UNKNOWN_CALLS,
                  PV_UNKNOWN_CALLS, row, row);
    free(row);
}

/* "9 of the 20 are in no stack of the profile" */
static void note_missing(struct pv_remake *remake, uint32_t metric, int64_t missing, int64_t whole)
{
    const struct pv_metric *told = &remake->from->metrics[metric];
    bool has_stacks = remake->from->origin == PV_ORIGIN_STACKS;
    char numbers[2][PV_NUMBER_SIZE];
    int sizes[2] = {(int)pv_format_value(numbers[0], missing, told->unit, told->scale),
                    (int)pv_format_value(numbers[1], whole, told->unit, told->scale)};
    pv_remake_note(remake, "padded", 1, "%.*s of the %.*s are in no %s of the profile", sizes[0],
                   numbers[0], sizes[1], numbers[1], has_stacks ? "stack" : "function");
}

static bool fail_less(const struct pv_metric *metric, struct pv_text asked, struct pv_error *err)
{
    char number[PV_NUMBER_SIZE];
    int size = (int)pv_print_fixed(number, (double)metric->total / (double)metric->scale, 9);
    return pv_fail(err, PV_USAGE, (struct pv_where){0},
                   "--total %.*s is less than what the profile has, %.*s; leave it out, or filter "
                   "with --focus",
                   PV_TEXT_ARGS(pv_text_slice(asked, 0, 40)), size, number);
}

/* Which metric is meant, and its whole. */
static bool find_whole(uint32_t *metric, int64_t *whole, const struct pv_transform_call *call,
                       struct pv_error *err)
{
    const struct pv_profile *profile = call->profile;
    struct pv_text text = call->argument, name = {"", 0};
    size_t equals = pv_text_find_last(text, '=');
    if (equals < text.size) {
        name = pv_text_trim(pv_text_slice(text, 0, equals));
        text = pv_text_slice(text, equals + 1, text.size);
    }
    if (profile->metric_count == 0)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--total: there is no metric that it could be of");
    if (!find_metric(metric, profile, name, err))
        return false;
    const struct pv_metric *told = &profile->metrics[*metric];
    if (told->is_signed)
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--total wants a metric without signs: differences have no whole that they "
                       "are parts of");
    if (!parse_whole(whole, told, text))
        return pv_fail(err, PV_USAGE, (struct pv_where){0},
                       "--total wants a number, as in 2000, 1.5s or calls=2000, not \"%.*s\"",
                       PV_TEXT_ARGS(pv_text_slice(call->argument, 0, 40)));
    return *whole >= told->total || fail_less(told, call->argument, err);
}

static bool total(struct pv_profile **out, const struct pv_transform_call *call,
                  struct pv_error *err)
{
    struct pv_remake remake;
    uint32_t metric = 0;
    int64_t whole = 0;
    if (!find_whole(&metric, &whole, call, err))
        return false;
    int64_t missing = whole - call->profile->metrics[metric].total;
    bool has_stacks = call->profile->origin == PV_ORIGIN_STACKS;
    pv_remake_open(&remake, call);
    pv_remake_all(&remake);
    if (missing && has_stacks)
        pv_build_self(remake.builder, 0, metric, missing);
    else if (missing)
        add_elsewhere(&remake, metric, missing);
    if (missing)
        note_missing(&remake, metric, missing, whole);
    return pv_remake_close(&remake, out, err);
}

const struct pv_transform pv_transform_total = {
    "total",
    0,
    "[METRIC=]N",
    "what all of a metric is (default: of the first), where that is more than the profile has, so "
    "that pictures share a scale",
    0,
    total};

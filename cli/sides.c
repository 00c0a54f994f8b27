#include "cli/sides.h"

#include "cli/pipeline.h"
#include "model/names.h"

#include <stdlib.h>

static const struct pv_where nowhere = {0};

/* Base's inputs, then head's. */
static void list_inputs(struct pv_sides *out, const struct pv_settings *settings, size_t inputs)
{
    size_t bases = settings->bases.count;
    out->inputs = pv_alloc((bases + inputs) * sizeof *out->inputs);
    out->profiles = pv_zalloc(bases + inputs, sizeof(struct pv_profile *));
    for (size_t i = 0; i < bases + inputs; i++)
        out->inputs[i] = i < bases               ? settings->bases.items[i].data
                         : settings->input_count ? settings->inputs[i - bases]
                                                 : "-";
    out->count[0] = (uint32_t)bases;
    out->count[1] = (uint32_t)inputs;
}

bool pv_sides_find(struct pv_sides *out, const struct pv_settings *settings, struct pv_error *err)
{
    size_t bases = settings->bases.count, inputs = settings->input_count;
    *out = (struct pv_sides){0};
    if (bases == 0 && inputs > 2)
        return pv_fail(err, PV_USAGE, nowhere,
                       "two profiles are compared, and there are %zu; for several runs a side say "
                       "--base A --base B ... HEAD...",
                       inputs);
    if (inputs == 0)
        return pv_fail(err, PV_USAGE, nowhere, "there is nothing to compare: name BASE and HEAD");
    list_inputs(out, settings, inputs);
    if (bases == 0) {
        out->count[0] = (uint32_t)inputs - 1;
        out->count[1] = 1;
    }
    return true;
}

bool pv_sides_find_runs(struct pv_sides *out, const struct pv_settings *settings,
                        struct pv_error *err)
{
    *out = (struct pv_sides){0};
    if (settings->input_count == 0 && settings->bases.count)
        return pv_fail(err, PV_USAGE, nowhere, "there is nothing but a base: name HEAD, too");
    list_inputs(out, settings, settings->input_count ? settings->input_count : 1);
    return true;
}

struct pv_call pv_sides_call(const struct pv_sides *sides, const struct pv_call *call,
                             struct pv_settings *both)
{
    struct pv_call own = *call;
    *both = *call->settings;
    both->inputs = sides->inputs;
    both->input_count = (size_t)sides->count[0] + sides->count[1];
    own.settings = both;
    return own;
}

static bool read_one(struct pv_profile **out, const char **input, const struct pv_call *call,
                     struct pv_error *err)
{
    struct pv_settings settings = *call->settings;
    struct pv_call own = *call;
    settings.inputs = input;
    settings.input_count = 1;
    own.settings = &settings;
    return pv_pipeline_read(out, &own, err);
}

static bool compare_columns(struct pv_diff **out, struct pv_profile *profile, const char *input,
                            const struct pv_limits *limits, struct pv_error *err)
{
    uint32_t base, head;
    if (!pv_diff_find_columns(profile, &base, &head))
        return pv_fail(err, PV_USAGE, (struct pv_where){.source = input},
                       "is one profile without two columns to compare; name BASE and HEAD");
    return pv_diff_of_columns(out, profile, base, head, limits, err);
}

bool pv_sides_read_runs(struct pv_sides *sides, const struct pv_call *call, struct pv_error *err)
{
    for (uint32_t i = 0; i < sides->count[0] + sides->count[1]; i++)
        if (!read_one(&sides->profiles[i], &sides->inputs[i], call, err))
            return false;
    return true;
}

struct pv_diff_request pv_sides_request(const struct pv_sides *sides, const struct pv_call *call)
{
    uint32_t bases = sides->count[0], heads = sides->count[1];
    return (struct pv_diff_request){.runs = {sides->profiles, sides->profiles + bases},
                                    .count = {bases ? bases : heads, heads},
                                    .normalizes = call->settings->normalizes,
                                    .limits = &call->settings->limits};
}

bool pv_sides_read(struct pv_diff **out, struct pv_sides *sides, const struct pv_call *call,
                   struct pv_error *err)
{
    if (!pv_sides_read_runs(sides, call, err))
        return false;
    if (sides->count[0] == 0)
        return compare_columns(out, sides->profiles[0], sides->inputs[0], &call->settings->limits,
                               err);
    const struct pv_diff_request request = pv_sides_request(sides, call);
    return pv_diff_new(out, &request, err);
}

bool pv_sides_pair(uint32_t *out, const struct pv_diff *diff, const struct pv_settings *settings,
                   struct pv_error *err)
{
    struct pv_nearest nearest = {.typed = settings->metric};
    struct pv_buffer names = {0};
    *out = 0;
    if (settings->metric.size == 0 || pv_diff_pair_named(out, diff, settings->metric))
        return true;
    for (uint32_t i = 0; i < diff->pair_count; i++) {
        pv_nearest_try(&nearest, pv_diff_name(diff, i));
        pv_buffer_print(&names, "%s%.*s", i ? ", " : "both sides have ",
                        PV_TEXT_ARGS(pv_diff_name(diff, i)));
    }
    pv_buffer_char(&names, '\0');
    pv_pipeline_unknown("metric", &nearest, names.data, err);
    pv_buffer_free(&names);
    return false;
}

/* The shortest end of a path that the other one does not have. */
static struct pv_text end_of(const char *path, const char *other)
{
    struct pv_text a = pv_text_of(pv_report_source(path));
    struct pv_text b = pv_text_of(pv_report_source(other)), end = pv_name_base(a);
    while (!pv_text_equal(a, b) && pv_text_ends(b, end) && end.size < a.size &&
           b.size >= end.size) {
        size_t from = a.size - end.size - 1;
        struct pv_text before = pv_text_slice(a, 0, from);
        size_t slash = pv_text_find_last(before, '/');
        end = pv_text_slice(a, slash < before.size ? slash + 1 : 0, a.size);
    }
    return end;
}

void pv_sides_name(struct pv_buffer *out, const struct pv_sides *sides, bool is_ascii)
{
    const char *base = sides->inputs[0], *head = sides->inputs[sides->count[0]];
    if (sides->count[0] == 0) {
        pv_buffer_add(out, pv_name_base(pv_text_of(pv_report_source(head))));
        if (sides->count[1] > 1)
            pv_buffer_print(out, " and %lu more", (unsigned long)sides->count[1] - 1);
        return;
    }
    pv_buffer_add(out, end_of(base, head));
    if (sides->count[0] > 1)
        pv_buffer_print(out, " and %lu more", (unsigned long)sides->count[0] - 1);
    pv_buffer_add(out, is_ascii ? PV_TEXT(" > ") : PV_TEXT(" \xE2\x86\x92 "));
    pv_buffer_add(out, end_of(head, base));
    if (sides->count[1] > 1)
        pv_buffer_print(out, " and %lu more", (unsigned long)sides->count[1] - 1);
}

void pv_sides_free(struct pv_sides *sides)
{
    for (uint32_t i = 0; i < sides->count[0] + sides->count[1]; i++)
        pv_profile_free(sides->profiles[i]);
    free(sides->inputs);
    free(sides->profiles);
    *sides = (struct pv_sides){0};
}

#include "formats/cpuprofile.h"

#include "formats/format.h"
#include "formats/json_take.h"
#include "formats/sample_spans.h"
#include "model/error.h"

#include <stdlib.h>

/* The samples may stand in front of the nodes, and be all that the head has: one object of numbers.
 */
static bool begins_with_samples(struct pv_text head)
{
    struct pv_text inside = pv_text_slice(head, pv_text_find(head, '{') + 1, head.size);
    return (pv_json_head_holds(head, PV_TEXT("\"samples\":[")) ||
            pv_json_head_holds(head, PV_TEXT("\"timeDeltas\":["))) &&
           pv_text_find(inside, '{') == inside.size && pv_text_find(inside, '}') == inside.size;
}

/* The flat form begins with "nodes", the nested one with "head". Chrome's traces hold such nodes,
 * too, among their events. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    if (!pv_json_head_is_object(head) || pv_json_head_holds(head, PV_TEXT("\"traceEvents\"")))
        return PV_PROBE_NO;
    bool is_node = pv_json_head_holds(head, PV_TEXT("\"functionName\"")) &&
                   pv_json_head_holds(head, PV_TEXT("\"hitCount\""));
    bool is_flat = pv_json_head_holds(head, PV_TEXT("\"nodes\"")) &&
                   pv_json_head_holds(head, PV_TEXT("\"callFrame\""));
    bool is_nested = pv_json_head_holds(head, PV_TEXT("\"head\""));
    if (is_node && (is_flat || is_nested))
        return PV_PROBE_SURE;
    if (!is_whole && begins_with_samples(head))
        return PV_PROBE_LIKELY;
    return is_flat && pv_json_head_holds(head, PV_TEXT("\"functionName\"")) ? PV_PROBE_LIKELY
                                                                            : PV_PROBE_NO;
}

static void add_number(struct pv_cpuprofile *profile, struct pv_cpuprofile_numbers *numbers,
                       int64_t value)
{
    void *values = numbers->values;
    bool grown = pv_grow(&values, &numbers->capacity, (uint64_t)numbers->count + 1, sizeof value,
                         &profile->tree.budget);
    numbers->values = values;
    if (grown)
        numbers->values[numbers->count++] = value;
    else
        pv_json_fail(profile->tree.json, PV_LIMIT,
                     "the profile needs more than --max-memory allows");
}

/* The array that comes next, of numbers times 10^power. */
static void read_numbers(struct pv_cpuprofile *profile, struct pv_cpuprofile_numbers *numbers,
                         unsigned power)
{
    struct pv_json *json = profile->tree.json;
    struct pv_decimal number;
    int64_t value = 0;
    numbers->is_there = true;
    numbers->count = 0;
    pv_json_array(json);
    while (pv_json_item(json) && pv_json_decimal(json, &number)) {
        if (!pv_scale_decimal(number, power, &value))
            pv_json_fail(json, PV_INPUT_FAILED, "the number does not fit in 64 bits");
        add_number(profile, numbers, value);
    }
}

static void read_tree(struct pv_cpuprofile *profile, bool is_flat)
{
    if (profile->tree.count)
        pv_json_fail(profile->tree.json, PV_INPUT_FAILED, "a second tree in one profile");
    else if (is_flat)
        pv_v8_tree_read_nodes(&profile->tree);
    else
        pv_v8_tree_read_node(&profile->tree);
}

#define KEYS "nodes", "head", "samples", "timeDeltas", "timestamps", "startTime", "endTime"
enum { NODES, HEAD, SAMPLES, DELTAS, STAMPS, START, END, PROFILE, RESULT, PARAMS };

static void read_member(struct pv_cpuprofile *profile, int key)
{
    enum { MICROSECONDS = 3 };
    struct pv_json *json = profile->tree.json;
    switch (key) {
    case NODES:
    case HEAD:
        read_tree(profile, key == NODES);
        break;
    case SAMPLES:
        read_numbers(profile, &profile->samples, 0);
        break;
    case DELTAS:
        read_numbers(profile, &profile->deltas, MICROSECONDS);
        break;
    case STAMPS:
        read_numbers(profile, &profile->timestamps, MICROSECONDS);
        break;
    case START:
        profile->has_start = !pv_json_null(json) && pv_json_decimal(json, &profile->start);
        break;
    default:
        profile->has_end = !pv_json_null(json) && pv_json_decimal(json, &profile->end);
    }
}

/* The value that comes next, where it is an object; everything else is passed over. */
static bool enter(struct pv_json *json)
{
    if (pv_json_peek(json) == PV_JSON_OBJECT)
        return pv_json_object(json);
    pv_json_skip(json);
    return false;
}

static void read_plain(struct pv_cpuprofile *profile)
{
    static const char *const keys[] = {KEYS, NULL};
    if (!enter(profile->tree.json))
        return;
    for (int key; (key = pv_json_field(profile->tree.json, keys)) >= 0;)
        read_member(profile, key);
}

/* What the DevTools protocol puts around it: {"profile": …} in "result" of an answer, in "params"
 * of an event, or alone. */
static void read_wrapped(struct pv_cpuprofile *profile)
{
    static const char *const keys[] = {"profile", NULL};
    if (!enter(profile->tree.json))
        return;
    while (pv_json_field(profile->tree.json, keys) >= 0)
        read_plain(profile);
}

static void read_members(struct pv_cpuprofile *profile)
{
    static const char *const keys[] = {KEYS, "profile", "result", "params", NULL};
    if (!pv_json_object(profile->tree.json))
        return;
    for (int key; (key = pv_json_field(profile->tree.json, keys)) >= 0;)
        if (key == PROFILE)
            read_plain(profile);
        else if (key > PROFILE)
            read_wrapped(profile);
        else
            read_member(profile, key);
}

/* How often each node was met, where nothing else is told. */
static void build_hits(struct pv_cpuprofile *profile)
{
    struct pv_v8_tree *tree = &profile->tree;
    pv_build_metric(tree->builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    for (uint32_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].weight < 0)
            pv_build_note(tree->builder, "skipped", "hit counts below 0", 1, 0);
        else if (!pv_v8_tree_is_idle(tree, i))
            pv_build_self(tree->builder, tree->built[i], 0, tree->nodes[i].weight);
}

/* What is known of the samples beside their nodes. */
struct sampling {
    struct pv_cpuprofile *profile;
    struct pv_input *input;
    uint32_t *order;    /* samples in the order of time */
    int64_t *durations; /* in that order; NULL: not known */
    uint32_t idle;
};

/* The node of sample i in the order of time; PV_NONE where nothing ran, or the sample is bad. */
static uint32_t node_of(struct sampling *sampling, uint32_t i)
{
    struct pv_v8_tree *tree = &sampling->profile->tree;
    uint32_t row = pv_v8_tree_row(tree, sampling->profile->samples.values[sampling->order[i]]);
    if (row == PV_NONE) {
        pv_input_bad_record(sampling->input, "a sample of a node that is not there");
        return PV_NONE;
    }
    pv_input_good_record(sampling->input);
    if (!pv_v8_tree_is_idle(tree, row))
        return tree->built[row];
    sampling->idle++;
    return PV_NONE;
}

static void build_counts(struct sampling *sampling)
{
    struct pv_builder *builder = sampling->profile->tree.builder;
    for (uint32_t i = 0; i < sampling->profile->samples.count; i++) {
        uint32_t node = node_of(sampling, i);
        if (node == PV_NONE)
            continue;
        if (sampling->durations)
            pv_build_self(builder, node, 0, sampling->durations[i]);
        pv_build_self(builder, node, sampling->durations ? 1 : 0, 1);
    }
}

static void build_spans(struct sampling *sampling)
{
    struct pv_builder *builder = sampling->profile->tree.builder;
    struct pv_sample_spans spans = pv_sample_spans_begin(builder, 0);
    int64_t now = 0;
    for (uint32_t i = 0; i < sampling->profile->samples.count; i++) {
        uint32_t node = node_of(sampling, i);
        pv_sample_spans_at(&spans, node == PV_NONE ? 0 : node, now);
        if (node == 0) /* "(root)": of no function */
            pv_build_self(builder, 0, 0, sampling->durations[i]);
        if (node != PV_NONE)
            pv_build_self(builder, node, 1, 1);
        pv_add(now, sampling->durations[i], &now);
    }
    pv_sample_spans_end(&spans, now);
}

static void build_samples(struct sampling *sampling)
{
    struct pv_builder *builder = sampling->profile->tree.builder;
    if (sampling->durations)
        pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    pv_build_metric(builder, PV_TEXT("samples"), PV_UNIT_COUNT, false);
    if (!pv_builder_is_ok(builder))
        return;
    if (sampling->durations && pv_input_limits(sampling->input)->keeps_spans)
        build_spans(sampling);
    else
        build_counts(sampling);
    if (sampling->idle)
        pv_build_note(builder, "skipped", "samples of (idle): nothing ran", sampling->idle, 0);
}

static bool build(struct pv_cpuprofile *profile, struct pv_input *input, struct pv_error *err)
{
    struct sampling sampling = {.profile = profile, .input = input};
    uint32_t backwards = 0;
    sampling.order = pv_alloc(profile->samples.count * sizeof *sampling.order);
    bool is_fine =
        pv_v8_tree_build(&profile->tree, 0, err) &&
        pv_cpuprofile_durations(profile, sampling.order, &sampling.durations, &backwards, err);
    if (is_fine && !profile->samples.is_there)
        build_hits(profile);
    else if (is_fine)
        build_samples(&sampling);
    if (backwards)
        pv_build_note(profile->tree.builder, "repaired",
                      "samples whose time is before that of the one before", backwards, 0);
    free(sampling.order);
    free(sampling.durations);
    return is_fine;
}

static bool finish(struct pv_cpuprofile *profile, struct pv_input *input, struct pv_profile **out,
                   struct pv_error *err)
{
    struct pv_builder *builder = profile->tree.builder;
    struct pv_where where = {.source = pv_input_name(input)};
    if (!pv_json_end(profile->tree.json, err))
        return false;
    if (profile->tree.count == 0)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "no \"nodes\": this is no whole CPU profile of V8");
    if (!build(profile, input, err) || !pv_input_ok(input, err))
        return false;
    struct pv_skipped skipped = pv_input_skipped(input);
    if (skipped.bad)
        pv_build_note(builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (pv_builder_finish(builder, out, err))
        return true;
    if (!err->where.source)
        err->where = where;
    return false;
}

static bool read_cpuprofile(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct pv_cpuprofile profile = {
        .tree = {.json = pv_json_open(input, NULL),
                 .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "cpuprofile"),
                 .budget = {.limit = limits->memory}},
    };
    read_members(&profile);
    bool is_fine = finish(&profile, input, out, err);
    pv_json_close(profile.tree.json);
    pv_builder_free(profile.tree.builder);
    pv_v8_tree_free(&profile.tree);
    free(profile.samples.values);
    free(profile.deltas.values);
    free(profile.timestamps.values);
    return is_fine;
}

extern const struct pv_format pv_format_cpuprofile;
const struct pv_format pv_format_cpuprofile = {
    .name = "cpuprofile",
    .summary = "V8's CPU profiles: node --cpu-prof, Chrome's JavaScript profiler, Deno",
    .aliases = "cpu-profile v8-cpu",
    .extensions = ".cpuprofile",
    .probe = probe,
    .read = read_cpuprofile,
};

#include "formats/speedscope.h"

#include "formats/sample_spans.h"
#include "model/error.h"

#include <stdlib.h>

/* Units of the file, and what they are here: values are the unit's times 10^power. The usual
 * fractions of seconds are binary ones with all their digits, so that they are rounded to whole
 * nanoseconds; what is told in nanoseconds itself, in bytes or without a unit stays as it is. */
struct unit {
    const char *word, *name; /* name of the metric */
    enum pv_unit unit;
    unsigned power;
};
static const struct unit units[] = {
    {"seconds", "time", PV_UNIT_NS, 9},      {"milliseconds", "time", PV_UNIT_NS, 6},
    {"microseconds", "time", PV_UNIT_NS, 3}, {"nanoseconds", "time", PV_UNIT_NS, 0},
    {"bytes", "bytes", PV_UNIT_BYTES, 0},    {"none", "weight", PV_UNIT_COUNT, 0},
};
enum { UNITS = sizeof units / sizeof *units, MANY_METRICS = 100 };

struct metric {
    pv_str name;
    enum pv_unit unit;
    uint32_t users;
    unsigned power; /* values are the unit's times 10^power */
    uint64_t size;  /* of all values together, in whole units */
    bool is_signed;
};

struct building {
    struct pv_speedscope_rows *rows;
    struct pv_builder *builder;
    struct metric metrics[MANY_METRICS];
    uint32_t metric_count;
    bool has_threads;    /* some metric has several profiles */
    struct pv_map names; /* of threads → how many of that name */
    uint32_t *nodes;     /* the builder's node of each of the file's */
};

static struct pv_speedscope_profile *profile_at(const struct building *building, uint32_t i)
{
    return (struct pv_speedscope_profile *)building->rows->profiles.rows + i;
}

/* The unit by the file's word for it; another word counts things of that name. */
static struct unit unit_of(const struct building *building, pv_str word)
{
    struct pv_text text = pv_build_text_bytes(building->builder, word);
    for (size_t i = 0; i < UNITS; i++)
        if (pv_text_equal(text, pv_text_of(units[i].word)))
            return units[i];
    return (struct unit){NULL, word ? NULL : "weight", PV_UNIT_COUNT, 0};
}

static bool find_metric(struct building *building, struct pv_speedscope_profile *profile)
{
    struct unit unit = unit_of(building, profile->unit);
    pv_str name =
        unit.name ? pv_build_text(building->builder, pv_text_of(unit.name)) : profile->unit;
    if (building->rows->is_ours && profile->kind == PV_SPEEDSCOPE_SAMPLED)
        name = profile->name;
    uint32_t i = 0;
    while (i < building->metric_count &&
           (building->metrics[i].name != name || building->metrics[i].unit != unit.unit))
        i++;
    if (i == MANY_METRICS)
        return false;
    if (i == building->metric_count)
        building->metrics[building->metric_count++] =
            (struct metric){.name = name, .unit = unit.unit};
    building->has_threads = building->has_threads || ++building->metrics[i].users > 1;
    profile->metric = i;
    profile->power = unit.power;
    return true;
}

/* Spans are told in metric 0, so that profiles of events come first. */
static bool find_metrics(struct building *building, struct pv_error *err)
{
    static const enum pv_speedscope_kind order[] = {PV_SPEEDSCOPE_EVENTED, PV_SPEEDSCOPE_SAMPLED};
    struct pv_where where = {.source = pv_input_name(building->rows->input)};
    for (size_t k = 0; k < 2; k++)
        for (uint32_t i = 0; i < building->rows->profiles.count; i++)
            if (profile_at(building, i)->kind == order[k] &&
                !find_metric(building, profile_at(building, i)))
                return pv_fail(err, PV_LIMIT, where, "profiles in more than %d units",
                               MANY_METRICS);
    if (building->metric_count == 0)
        pv_build_metric(building->builder, PV_TEXT("weight"), PV_UNIT_COUNT, false);
    for (uint32_t m = 0; m < building->metric_count; m++)
        pv_build_metric(building->builder,
                        pv_build_text_bytes(building->builder, building->metrics[m].name),
                        building->metrics[m].unit, false);
    return true;
}

/* Takes a value's digits and size into account. */
static void measure(struct metric *metric, struct pv_decimal value)
{
    int64_t part = pv_power10(value.digits), whole = value.value / part;
    uint64_t size = pv_magnitude(whole) + (value.value % part != 0);
    metric->power = value.digits > metric->power ? value.digits : metric->power;
    metric->size = metric->size + size < size ? UINT64_MAX : metric->size + size;
    metric->is_signed = metric->is_signed || value.value < 0;
}

/* Adds what was found in one profile; digits of a larger unit than the metric's are rounded away.
 */
static void add_measure(struct metric *metric, struct metric found, unsigned power)
{
    uint64_t factor = (uint64_t)pv_power10(power);
    if (__builtin_mul_overflow(found.size, factor, &found.size) ||
        __builtin_add_overflow(metric->size, found.size, &metric->size))
        metric->size = UINT64_MAX;
    if (power == 0 && found.power > metric->power)
        metric->power = found.power;
    metric->is_signed = metric->is_signed || found.is_signed;
}

static void measure_weights(struct building *building, const struct pv_speedscope_profile *profile)
{
    const struct pv_decimal *weights = building->rows->weights.rows;
    struct metric found = {0};
    for (uint32_t i = 0; i < profile->weights.count; i++)
        measure(&found, weights[profile->weights.from + i]);
    add_measure(&building->metrics[profile->metric], found, profile->power);
}

/* Times do not add up: the profile is as long as the largest of them, and may begin below 0. */
static void measure_events(struct building *building, const struct pv_speedscope_profile *profile)
{
    const struct pv_speedscope_event *events = building->rows->events.rows;
    struct metric found = {0};
    uint64_t largest = 0;
    for (uint32_t i = 0; i < profile->events.count; i++) {
        const struct pv_speedscope_event *event = &events[profile->events.from + i];
        found.size = 0;
        measure(&found, (struct pv_decimal){event->at, event->digits});
        largest = found.size > largest ? found.size : largest;
    }
    found.size = largest;
    found.is_signed = false;
    add_measure(&building->metrics[profile->metric], found, profile->power);
}

/* As many digits as the file has, but for those that 64 bits have no room for beside its sums:
 * those are noise of binary fractions. */
static void settle_scales(struct building *building)
{
    bool fits;
    for (uint32_t i = 0; i < building->rows->profiles.count; i++)
        if (profile_at(building, i)->kind == PV_SPEEDSCOPE_SAMPLED)
            measure_weights(building, profile_at(building, i));
        else
            measure_events(building, profile_at(building, i));
    for (uint32_t m = 0; m < building->metric_count; m++) {
        struct metric *metric = &building->metrics[m];
        unsigned wanted = metric->power;
        while (metric->power > 0 &&
               metric->size > (uint64_t)(INT64_MAX / pv_power10(metric->power)))
            metric->power--;
        if (metric->power < wanted)
            pv_build_note(building->builder, "rounded",
                          "values with more digits than 64 bits hold beside the larger ones",
                          wanted - metric->power, 0);
        if (metric->is_signed)
            pv_build_signed(building->builder, m);
        pv_build_value(building->builder, m, (struct pv_decimal){0, metric->power}, &fits);
    }
}

/* A value of the profile in its metric; a bad record where it does not fit. */
static bool scale(struct building *building, const struct pv_speedscope_profile *profile,
                  struct pv_decimal value, int64_t *out)
{
    const struct metric *metric = &building->metrics[profile->metric];
    if (pv_scale_decimal(value, profile->power + metric->power, out))
        return true;
    pv_input_bad_record(building->rows->input, "a value does not fit in 64 bits");
    return false;
}

/* The name, or with a number behind it where it was given before. */
static pv_str distinct_name(struct building *building, pv_str name)
{
    struct pv_buffer text = {0};
    pv_str id = name, before = 0;
    bool is_new = false;
    uint32_t *used = pv_map_put(&building->names, id, 1, &is_new, &building->rows->budget);
    while (used && !is_new && pv_builder_is_ok(building->builder)) {
        /* Each number of a name is tried once, so that many of one name take linear time. */
        used = pv_map_put(&building->names, name, 1, &is_new, &building->rows->budget);
        text.size = 0;
        pv_buffer_add(&text, pv_build_text_bytes(building->builder, name));
        pv_buffer_print(&text, " (%u)", (unsigned)++*used);
        before = id;
        id = pv_build_text(building->builder, pv_buffer_text(&text));
        if (id == before) /* so long that it is cut */
            break;
        used = pv_map_put(&building->names, id, 1, &is_new, &building->rows->budget);
    }
    pv_buffer_free(&text);
    return id;
}

/* Whether the profile is a thread, below a frame of its own. Of what profviz wrote, samples are
 * metrics, and events are threads. */
static bool is_thread(const struct building *building, const struct pv_speedscope_profile *profile)
{
    if (building->rows->is_ours)
        return profile->kind == PV_SPEEDSCOPE_EVENTED && profile->name;
    return building->has_threads;
}

/* Where the profile's stacks begin. */
static uint32_t base_of(struct building *building, const struct pv_speedscope_profile *profile)
{
    if (!is_thread(building, profile))
        return 0;
    struct pv_frame frame = {.name = distinct_name(building, profile->name),
                             .flags = PV_FRAME_THREAD};
    uint32_t number = pv_build_frame_by(building->builder, &frame);
    return pv_build_stack(building->builder, 0, &number, 1, NULL);
}

/* The nodes of the profile's samples: from its root on up to the next one's. */
static void build_nodes(struct building *building, uint32_t root, uint32_t base)
{
    const struct pv_speedscope_node *node = building->rows->nodes.rows;
    const uint32_t *frames = building->rows->frames.rows;
    building->nodes[root] = base;
    for (uint32_t i = root + 1; i < building->rows->nodes.count && node[i].parent != PV_NONE; i++)
        building->nodes[i] = pv_build_stack(building->builder, building->nodes[node[i].parent],
                                            &frames[node[i].frame], 1, NULL);
}

static void note_unmatched(struct building *building, uint32_t samples, uint32_t weights)
{
    if (samples > weights)
        pv_build_note(building->builder, "skipped", "samples without a weight", samples - weights,
                      0);
    if (weights > samples)
        pv_build_note(building->builder, "skipped", "weights without a sample", weights - samples,
                      0);
}

/* Whether the samples are a sequence in time: what profviz writes is in another order, and what
 * adds up to bytes or to less than before is no time. */
static bool is_sequence(const struct building *building,
                        const struct pv_speedscope_profile *profile)
{
    const struct metric *metric = &building->metrics[0];
    return pv_input_limits(building->rows->input)->keeps_spans && !building->rows->is_ours &&
           profile->metric == 0 && metric->unit != PV_UNIT_BYTES && !metric->is_signed;
}

static void build_samples(struct building *building, const struct pv_speedscope_profile *profile,
                          uint32_t base)
{
    const struct pv_decimal *weights = building->rows->weights.rows;
    const uint32_t *samples = building->rows->samples.rows;
    bool has_spans = is_sequence(building, profile);
    struct pv_sample_spans spans = {0};
    int64_t now = 0, value;
    if (has_spans)
        spans = pv_sample_spans_begin(building->builder, base);
    for (uint32_t i = 0; i < profile->samples.count && i < profile->weights.count; i++) {
        uint32_t node = building->nodes[samples[profile->samples.from + i]];
        if (!scale(building, profile, weights[profile->weights.from + i], &value))
            continue;
        pv_input_good_record(building->rows->input);
        if (has_spans)
            pv_sample_spans_at(&spans, node, now);
        if (!has_spans || node == base)
            pv_build_self(building->builder, node, profile->metric, value);
        pv_add(now, value, &now);
    }
    if (has_spans)
        pv_sample_spans_end(&spans, now);
}

/* Events are spans, whose builder puts right what is unsorted or does not match; what is open at
 * the end was so until the profile's end, which only the file knows. */
static void build_events(struct building *building, const struct pv_speedscope_profile *profile,
                         uint32_t base)
{
    const struct pv_speedscope_event *events = building->rows->events.rows;
    const uint32_t *frames = building->rows->frames.rows;
    uint32_t track = pv_build_track(building->builder, base);
    int64_t at = 0;
    for (uint32_t i = 0; i < profile->events.count; i++) {
        const struct pv_speedscope_event *event = &events[profile->events.from + i];
        if (!scale(building, profile, (struct pv_decimal){event->at, event->digits}, &at))
            continue;
        if (event->is_open)
            pv_build_enter(building->builder, track, frames[event->frame], at);
        else
            pv_build_leave(building->builder, track, frames[event->frame], at);
    }
    if (profile->has_end && scale(building, profile, profile->end, &at))
        pv_build_track_end(building->builder, track, at);
}

static bool check(const struct pv_speedscope_rows *rows, struct pv_error *err)
{
    struct pv_where where = {.source = pv_input_name(rows->input)};
    if (!rows->has_profiles)
        return pv_fail(err, PV_INPUT_FAILED, where,
                       "no \"profiles\": this is no whole speedscope file");
    if (rows->top_frame >= rows->frames.count)
        return pv_fail(err, PV_INPUT_FAILED, rows->top_where,
                       "frame %lld is named, but \"shared\" has only %u (from 0)",
                       (long long)rows->top_frame, (unsigned)rows->frames.count);
    return true;
}

static void build_profile(struct building *building, const struct pv_speedscope_profile *profile)
{
    uint32_t base = base_of(building, profile);
    if (!pv_builder_is_ok(building->builder))
        return;
    if (profile->kind == PV_SPEEDSCOPE_SAMPLED) {
        build_nodes(building, profile->root, base);
        note_unmatched(building, profile->samples.count, profile->weights.count);
        build_samples(building, profile, base);
    } else if (profile->metric == 0) {
        build_events(building, profile, base);
    } else {
        pv_build_note(building->builder, "skipped",
                      "profiles of events in a second unit: only one is read", 1, 0);
    }
}

static void build_profiles(struct building *building)
{
    building->nodes = pv_zalloc(building->rows->nodes.count, sizeof *building->nodes);
    for (uint32_t i = 0; i < building->rows->profiles.count; i++)
        build_profile(building, profile_at(building, i));
}

bool pv_speedscope_build(struct pv_speedscope_rows *rows, struct pv_error *err)
{
    struct building building = {.rows = rows, .builder = rows->builder};
    bool is_fine = check(rows, err) && find_metrics(&building, err);
    if (is_fine && pv_builder_is_ok(rows->builder)) {
        settle_scales(&building);
        build_profiles(&building);
    }
    pv_map_free(&building.names);
    free(building.nodes);
    return is_fine;
}

#include "formats/trace_spec_parts.h"

#include <stdlib.h>

static void give_up(struct pv_trace_reader *reader, const char *what, unsigned index)
{
    pv_input_fail(reader->input, PV_LIMIT,
                  "%s: %s[%u] takes too many steps on this line; it tries every way to share it "
                  "out, as (a+)+ and .*.* do: say what ends each part, as [^ ]+ does",
                  reader->spec->source, what, index);
}

static bool is_ignored(struct pv_trace_reader *reader, struct pv_text line)
{
    for (unsigned i = 0; i < reader->spec->ignored_count; i++) {
        enum pv_pattern_result result = pv_pattern_find(reader->spec->ignored[i], line);
        if (result == PV_PATTERN_TOO_HARD)
            give_up(reader, "ignore", i);
        if (result != PV_PATTERN_NO)
            return true;
    }
    return false;
}

static bool find_rule(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    for (unsigned i = 0; i < reader->spec->rule_count; i++) {
        found->rule = &reader->spec->rules[i];
        enum pv_pattern_result result = pv_pattern_find(found->rule->pattern, found->line);
        if (result == PV_PATTERN_TOO_HARD)
            give_up(reader, "rules", i);
        if (result != PV_PATTERN_NO)
            return result == PV_PATTERN_YES;
    }
    pv_input_bad_record(reader->input, "the line fits no rule of the trace format");
    return false;
}

static void read_line(struct pv_trace_reader *reader, struct pv_text line)
{
    struct pv_trace_found found = {.line = line, .when.line = pv_input_where(reader->input).line};
    if (line.size == 0 || is_ignored(reader, line) || !find_rule(reader, &found))
        return;
    pv_build_event_line(reader->builder, found.when.line);
    const char *why = pv_trace_take(reader, &found);
    if (why)
        pv_input_bad_record(reader->input, why);
    else
        pv_input_good_record(reader->input);
}

static bool finish(struct pv_trace_reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    struct pv_where end = pv_input_where(reader->input);
    const char *cut = pv_input_open_end(reader->input);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (skipped.good == 0)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "has no line that tells anything by the trace format %s",
                       reader->spec->name);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, end.line);
    pv_trace_tracks_finish(&reader->tracks);
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = end;
    return false;
}

/* A switch tells which thread ran until then, too. Where a lane's first one is in the head of the
 * input, what is before it need not be called as the lane is. */
static void look_ahead(struct pv_trace_reader *reader, const struct pv_trace_rule *rule,
                       struct pv_text head)
{
    struct pv_trace_found found = {.rule = rule};
    while (pv_text_split(&head, '\n', &found.line)) {
        if (pv_pattern_find(rule->pattern, found.line) != PV_PATTERN_YES)
            continue;
        pv_str lane = pv_trace_text(reader, pv_trace_part(&found, PV_TRACE_LANE));
        pv_str from = pv_trace_text(reader, pv_trace_part(&found, PV_TRACE_FROM));
        if (lane && from && !pv_trace_tracks_lane(&reader->tracks, lane))
            pv_trace_tracks_switch(&reader->tracks, lane, from);
    }
}

static void look_for_lanes(struct pv_trace_reader *reader)
{
    struct pv_text head = pv_input_peek(reader->input);
    for (unsigned i = 0; i < reader->spec->rule_count; i++) {
        const struct pv_trace_rule *rule = &reader->spec->rules[i];
        if (rule->has_event && rule->event == PV_TRACE_SWITCH && rule->groups[PV_TRACE_FROM])
            look_ahead(reader, rule, head);
    }
}

static void add_metrics(struct pv_trace_reader *reader)
{
    for (unsigned i = 0; i < PV_TRACE_METRICS; i++) {
        const struct pv_trace_metric *metric = &reader->spec->metrics[i];
        if (metric->is_there)
            reader->metrics[i] =
                pv_build_metric(reader->builder, pv_text_of(metric->name), metric->unit, false);
    }
}

bool pv_trace_spec_read(const struct pv_trace_spec *spec, struct pv_input *input,
                        struct pv_profile **out, struct pv_error *err)
{
    struct pv_trace_reader reader = {
        .spec = spec,
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_STACKS, spec->name),
    };
    struct pv_text line;
    reader.tracks.builder = reader.builder;
    add_metrics(&reader);
    look_for_lanes(&reader);
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        read_line(&reader, line);
    bool is_fine = finish(&reader, out, err);
    pv_trace_tracks_free(&reader.tracks);
    pv_builder_free(reader.builder);
    pv_buffer_free(&reader.owner);
    free(reader.frames);
    return is_fine;
}

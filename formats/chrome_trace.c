#include "formats/chrome_trace.h"

#include "formats/format.h"
#include "model/error.h"

#include <stdlib.h>

/* The document: an array of events, an object with one, or events one after another; and what is
 * left to do when all of them are there. */

static void start(struct pv_chrome *chrome, struct pv_input *input)
{
    const struct pv_limits *limits = pv_input_limits(input);
    /* The program may have died: the format allows for that. */
    static const struct pv_json_options options = {
        .may_end_open = true, .may_trail_comma = true, .may_repeat = true, .may_be_cut = true};
    *chrome = (struct pv_chrome){
        .input = input,
        .json = pv_json_open(input, &options),
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "chrome_trace"),
        .budget = {.limit = limits->memory},
        .names = pv_zalloc(PV_CHROME_NAMES, sizeof(struct pv_chrome_name)),
        .last_track = PV_NONE,
    };
    pv_build_metric(chrome->builder, PV_TEXT("time"), PV_UNIT_NS, false);
    chrome->python = pv_build_text(chrome->builder, PV_TEXT("FEE"));
}

static void free_tables(struct pv_chrome *chrome)
{
    struct pv_chrome_chunk *chunk = &chrome->chunk;
    struct pv_chrome_table *const tables[] = {
        &chrome->numbers, &chrome->frames,  &chrome->processes, &chrome->threads,
        &chrome->asyncs,  &chrome->stacks,  &chrome->samplers,  &chrome->samples,
        &chunk->nodes,    &chunk->children, &chunk->samples,    &chunk->deltas};
    struct pv_map *const maps[] = {&chrome->process_of, &chrome->thread_of,  &chrome->group_of,
                                   &chrome->scoped_id,  &chrome->async_of,   &chrome->counter_of,
                                   &chrome->series_of,  &chrome->stack_of,   &chrome->child_of,
                                   &chrome->node_of,    &chrome->sampler_of, &chrome->profile_of};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        free(tables[i]->rows);
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        pv_map_free(maps[i]);
}

static void stop(struct pv_chrome *chrome)
{
    free_tables(chrome);
    pv_buffer_free(&chrome->scratch);
    free(chrome->names);
    pv_json_close(chrome->json);
    pv_builder_free(chrome->builder);
}

static void read_document(struct pv_chrome *chrome)
{
    struct pv_json *json = chrome->json;
    while (pv_builder_is_ok(chrome->builder) && pv_json_item(json)) {
        if (pv_json_peek(json) == PV_JSON_ARRAY) {
            pv_chrome_read_events(chrome, PV_CHROME_EVENTS);
            chrome->is_cut |= !pv_json_is_ok(json);
            chrome->is_open |= pv_json_was_cut(json);
        } else {
            pv_chrome_read_object(chrome);
        }
    }
}

static void note(struct pv_chrome *chrome)
{
    struct pv_builder *builder = chrome->builder;
    struct pv_skipped skipped = pv_input_skipped(chrome->input);
    if (skipped.bad)
        pv_build_note(builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (chrome->is_cut || (chrome->is_open && !pv_json_ends_line(chrome->json)))
        pv_build_note(builder, "cut",
                      "the file ends in the middle, as when the program that writes it is "
                      "stopped; what is whole is read",
                      1, pv_json_where(chrome->json).line);
    if (chrome->sum_count)
        pv_build_note(builder, "left out",
                      "events are sums of others (clang's \"Total …\") and would count twice",
                      chrome->sum_count, 0);
    if (chrome->idle_count)
        pv_build_note(builder, "skipped", "samples of (idle): nothing ran", chrome->idle_count, 0);
    if (chrome->late_count)
        pv_build_note(builder, "repaired", "samples stood behind later ones; they are sorted",
                      chrome->late_count, 0);
}

/* Samples beside spans tell the same time once more: a metric of their own. */
static void settle(struct pv_chrome *chrome)
{
    uint32_t metric = 0;
    pv_chrome_samplers_use(chrome);
    pv_chrome_threads_settle(chrome);
    if (chrome->samples.count && chrome->has_spans)
        metric = pv_build_metric(chrome->builder, PV_TEXT("sampled"), PV_UNIT_NS, false);
    pv_chrome_samples_settle(chrome, metric);
}

static bool finish(struct pv_chrome *chrome, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where place = {.source = pv_input_name(chrome->input)};
    pv_input_good_records(chrome->input, chrome->good);
    /* A limit of the builder ends the reading early; the rest is not looked at then. */
    if (pv_builder_is_ok(chrome->builder)) {
        if (!pv_json_end(chrome->json, err) || !pv_input_ok(chrome->input, err))
            return false;
        if (!chrome->has_events)
            return pv_fail(err, PV_INPUT_FAILED, place,
                           "holds no trace events: \"traceEvents\", or an array of objects with "
                           "\"ph\" and \"ts\"");
        settle(chrome);
        note(chrome);
    }
    return pv_builder_finish(chrome->builder, out, err);
}

static bool read_trace(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct pv_chrome chrome;
    start(&chrome, input);
    read_document(&chrome);
    bool is_fine = finish(&chrome, out, err);
    stop(&chrome);
    return is_fine;
}

/* Whether the key stands in the text with a colon behind it and then `value` (0: anything). */
static bool has_key(struct pv_text text, struct pv_text key, char value)
{
    for (;;) {
        size_t at = pv_text_search(text, key);
        if (at == text.size)
            return false;
        text = pv_text_slice(text, at + key.size, text.size);
        struct pv_text rest = pv_text_trim(text);
        if (rest.size && rest.data[0] == ':') {
            rest = pv_text_trim(pv_text_slice(rest, 1, rest.size));
            if (rest.size && (!value || rest.data[0] == value))
                return true;
        }
    }
}

/* An object whose events lie behind the head: browsers put what they know of the run before them,
 * and stacks that samples share may come first, too. */
static enum pv_probe probe_before_events(struct pv_text text)
{
    if (has_key(text, PV_TEXT("\"stackFrames\""), '{') ||
        has_key(text, PV_TEXT("\"viztracer_metadata\""), '{') ||
        has_key(text, PV_TEXT("\"displayTimeUnit\""), '"'))
        return PV_PROBE_LIKELY;
    text = pv_text_trim(pv_text_slice(text, 1, text.size));
    return pv_text_starts(text, PV_TEXT("\"metadata\"")) ? PV_PROBE_MAYBE : PV_PROBE_NO;
}

/* Every event has a phase and a time; no other profile has "ph". */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text text = pv_text_trim(head);
    if (text.size == 0 || (text.data[0] != '{' && text.data[0] != '['))
        return PV_PROBE_NO;
    if (text.data[0] == '{' && has_key(text, PV_TEXT("\"traceEvents\""), '['))
        return PV_PROBE_SURE;
    if (has_key(text, PV_TEXT("\"ph\""), '"'))
        return has_key(text, PV_TEXT("\"ts\""), 0) ? PV_PROBE_SURE : PV_PROBE_LIKELY;
    if (!is_whole && text.data[0] == '{')
        return probe_before_events(text);
    bool is_empty =
        is_whole && (pv_text_equal(text, PV_TEXT("[")) || pv_text_equal(text, PV_TEXT("[]")));
    return is_empty ? PV_PROBE_MAYBE : PV_PROBE_NO;
}

extern const struct pv_format pv_format_chrome_trace;
const struct pv_format pv_format_chrome_trace = {
    .name = "chrome_trace",
    .summary = "Chrome's trace events: browsers, Node.js, clang, uftrace, viztracer, Perfetto",
    .aliases = "chrome catapult trace-event trace-events",
    .extensions = ".trace.json .chrome.json",
    .probe = probe,
    .read = read_trace,
};

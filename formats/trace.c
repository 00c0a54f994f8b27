#include "formats/format.h"
#include "formats/trace_line.h"
#include "model/builder.h"
#include "model/map.h"

#include <stdlib.h>

/* profviz's own trace: what a program can print of itself to be profiled. docs/formats/trace.md. */

/* Units of time as powers of ten of the nanosecond. */
static const struct unit {
    struct pv_text name;
    unsigned power;
    bool is_ticks;
} units[] = {
    {{"us", 2}, 3, false}, /* the default */
    {{"ns", 2}, 0, false}, {{"ms", 2}, 6, false}, {{"s", 1}, 9, false}, {{"ticks", 5}, 0, true},
};

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    struct pv_budget budget;
    const struct unit *unit;
    bool has_metric, has_ticks; /* has_ticks: what the metric counts */
    struct pv_str_pair {
        pv_str process, thread;
    } usual, last; /* of the header; of the event before */
    uint32_t last_track;
    bool has_last;
    struct pv_map tracks; /* process and thread → track */
    struct pv_map placed; /* name → the last frame that began under it with a file or a module */
    struct pv_buffer room, text;
};

/* A number of a header's unit in ns; false where it does not fit. */
static bool to_ns(const struct reader *reader, struct pv_decimal *number)
{
    unsigned power = reader->unit->power;
    unsigned moved = power < number->digits ? power : number->digits;
    number->digits -= moved;
    return moved == power || pv_multiply(number->value, pv_power10(power - moved), &number->value);
}

static bool need_metric(struct reader *reader)
{
    bool is_ticks = reader->unit->is_ticks;
    if (reader->has_metric && is_ticks != reader->has_ticks) {
        pv_input_fail(reader->input, PV_INPUT_FAILED,
                      "some times are in ticks and some in seconds: they cannot be put together");
        return false;
    }
    if (!reader->has_metric)
        pv_build_metric(reader->builder, is_ticks ? PV_TEXT("ticks") : PV_TEXT("time"),
                        is_ticks ? PV_UNIT_COUNT : PV_UNIT_NS, false);
    reader->has_metric = true;
    reader->has_ticks = is_ticks;
    return true;
}

static pv_str text_of(struct reader *reader, struct pv_text text, pv_str usual)
{
    return text.data ? pv_build_text(reader->builder, text) : usual;
}

static void read_header(struct reader *reader, const struct pv_trace_line *line)
{
    reader->unit = &units[0];
    reader->has_last = false;
    reader->usual =
        (struct pv_str_pair){text_of(reader, line->process, 0), text_of(reader, line->thread, 0)};
    if (!line->unit.data)
        return;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (pv_text_equal(units[i].name, line->unit)) {
            reader->unit = &units[i];
            return;
        }
    pv_input_fail(reader->input, PV_INPUT_FAILED,
                  "the header's unit is unknown; it is ns, us, ms, s or ticks");
}

static uint32_t outer_frame(struct reader *reader, const char *kind, pv_str name, uint32_t flag)
{
    reader->text.size = 0;
    pv_buffer_print(&reader->text, "%s ", kind);
    pv_buffer_add(&reader->text, pv_build_text_bytes(reader->builder, name));
    return pv_build_frame(
        reader->builder,
        &(struct pv_frame_info){.name = pv_buffer_text(&reader->text), .flags = flag});
}

static uint32_t make_track(struct reader *reader, struct pv_str_pair of)
{
    uint32_t frames[2], count = 0;
    if (of.process)
        frames[count++] = outer_frame(reader, "process", of.process, PV_FRAME_PROCESS);
    if (of.thread)
        frames[count++] = outer_frame(reader, "thread", of.thread, PV_FRAME_THREAD);
    return pv_build_track(reader->builder, pv_build_stack(reader->builder, 0, frames, count, NULL));
}

static uint32_t track_of(struct reader *reader, const struct pv_trace_line *line)
{
    struct pv_str_pair of = {text_of(reader, line->process, reader->usual.process),
                             text_of(reader, line->thread, reader->usual.thread)};
    if (reader->has_last && of.process == reader->last.process && of.thread == reader->last.thread)
        return reader->last_track;
    bool is_new = false;
    uint32_t *track = pv_map_put(&reader->tracks, (uint64_t)of.process << 32 | of.thread, 0,
                                 &is_new, &reader->budget);
    if (is_new)
        *track = make_track(reader, of);
    reader->last = of;
    reader->last_track = *track;
    reader->has_last = true;
    return reader->last_track;
}

/* An end need not repeat where its function is. */
static uint32_t frame_without_place(struct reader *reader, const struct pv_trace_line *line)
{
    const uint32_t *placed = NULL;
    if (line->kind == PV_TRACE_LEAVE && reader->placed.count)
        placed = pv_map_get(&reader->placed, pv_build_text(reader->builder, line->name));
    return placed ? *placed : pv_build_name(reader->builder, line->name);
}

static void remember_place(struct reader *reader, pv_str name, uint32_t frame)
{
    bool is_new = false;
    uint32_t *placed = pv_map_put(&reader->placed, name, frame, &is_new, &reader->budget);
    if (placed)
        *placed = frame;
}

static uint32_t frame_of(struct reader *reader, const struct pv_trace_line *line)
{
    uint64_t number = 0;
    if (!line->file.data && !line->module.data)
        return frame_without_place(reader, line);
    if (!pv_parse_uint64(line->line, &number) || number > UINT32_MAX)
        number = 0;
    struct pv_frame_info info = {
        .name = line->name, .file = line->file, .module = line->module, .line = (uint32_t)number};
    uint32_t frame = pv_build_frame(reader->builder, &info);
    if (line->kind == PV_TRACE_ENTER)
        remember_place(reader, pv_build_text(reader->builder, line->name), frame);
    return frame;
}

/* A counter of a process stands apart from others of its name. */
static uint32_t series_of(struct reader *reader, const struct pv_trace_line *line,
                          enum pv_unit unit)
{
    pv_str process = text_of(reader, line->process, reader->usual.process);
    if (!process)
        return pv_build_series(reader->builder, line->name, unit,
                               reader->has_ticks ? PV_UNIT_COUNT : PV_UNIT_NS);
    reader->text.size = 0;
    pv_buffer_add(&reader->text, pv_build_text_bytes(reader->builder, process));
    pv_buffer_add(&reader->text, PV_TEXT(": "));
    pv_buffer_add(&reader->text, line->name);
    return pv_build_series(reader->builder, pv_buffer_text(&reader->text), unit,
                           reader->has_ticks ? PV_UNIT_COUNT : PV_UNIT_NS);
}

static const char *read_counter(struct reader *reader, struct pv_trace_line *line)
{
    enum pv_unit unit = PV_UNIT_COUNT;
    if (line->unit.data && !pv_unit_parse(line->unit, &unit))
        return "a counter's unit is count, bytes or ns";
    pv_build_point(reader->builder, series_of(reader, line, unit), line->at, line->number);
    return NULL;
}

static const char *read_span(struct reader *reader, struct pv_trace_line *line, uint32_t track)
{
    struct pv_decimal values[2] = {line->at, line->number};
    int64_t scaled[2];
    if (!to_ns(reader, &values[1]) || !pv_build_value_pair(reader->builder, 0, values, scaled))
        return "the time does not fit in 64 bits of its unit";
    pv_build_span(reader->builder, track, frame_of(reader, line), scaled[0], scaled[1]);
    return NULL;
}

static const char *read_pair(struct reader *reader, struct pv_trace_line *line, uint32_t track)
{
    bool fits;
    int64_t at = pv_build_value(reader->builder, 0, line->at, &fits);
    if (!fits)
        return "the time does not fit in 64 bits of its unit";
    if (line->kind == PV_TRACE_ENTER)
        pv_build_enter(reader->builder, track, frame_of(reader, line), at);
    else
        pv_build_leave(reader->builder, track, line->name.size ? frame_of(reader, line) : PV_NONE,
                       at);
    return NULL;
}

/* What is wrong with the event, or NULL. */
static const char *read_event(struct reader *reader, struct pv_trace_line *line)
{
    if (!need_metric(reader))
        return NULL;
    if (!to_ns(reader, &line->at))
        return "the time does not fit in 64 bits of its unit";
    if (line->kind == PV_TRACE_COUNTER)
        return read_counter(reader, line);
    uint32_t track = track_of(reader, line);
    pv_build_event_line(reader->builder, pv_input_where(reader->input).line);
    return line->kind == PV_TRACE_SPAN ? read_span(reader, line, track)
                                       : read_pair(reader, line, track);
}

static void read_line(struct reader *reader, struct pv_text text)
{
    struct pv_trace_line line;
    pv_trace_parse(&line, text, &reader->room);
    if (line.kind == PV_TRACE_NOTHING)
        return;
    const char *why = line.why;
    if (line.kind == PV_TRACE_HEADER)
        read_header(reader, &line);
    else if (line.kind != PV_TRACE_BAD)
        why = read_event(reader, &line);
    if (why)
        pv_input_bad_record(reader->input, why);
    else
        pv_input_good_record(reader->input);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    struct pv_where end = pv_input_where(reader->input);
    const char *cut = pv_input_open_end(reader->input);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (skipped.good == 0 && pv_builder_is_ok(reader->builder))
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "holds no event: a line is B NAME TIME, E NAME TIME, X NAME TIME LENGTH or "
                       "C NAME VALUE TIME");
    if (!need_metric(reader))
        return false;
    pv_build_track(reader->builder, 0); /* a trace, be there a call in it or not */
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, end.line);
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = end;
    return false;
}

static bool read_trace(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_STACKS, "trace"),
        .unit = &units[0],
    };
    struct pv_text line;
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        read_line(&reader, line);
    bool is_fine = finish(&reader, out, err);
    pv_builder_free(reader.builder);
    pv_map_free(&reader.tracks);
    pv_map_free(&reader.placed);
    pv_buffer_free(&reader.room);
    pv_buffer_free(&reader.text);
    return is_fine;
}

/* Lines that begin like ours are not rare; whole ones are. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text rest = head, text;
    struct pv_buffer room = {0};
    struct pv_trace_line line;
    size_t events = 0, bad = 0;
    if (pv_text_starts(head, PV_TEXT("# profviz trace ")))
        return PV_PROBE_SURE;
    while (pv_text_split(&rest, '\n', &text) && bad <= events / 10) {
        bool is_cut = !is_whole && text.data + text.size == head.data + head.size;
        if (is_cut)
            break;
        pv_trace_parse(&line, pv_text_trim(text), &room);
        events += line.kind < PV_TRACE_HEADER;
        bad += line.kind == PV_TRACE_BAD;
    }
    pv_buffer_free(&room);
    if (events == 0 || bad > events / 10)
        return PV_PROBE_NO;
    return events > 1 ? PV_PROBE_LIKELY : PV_PROBE_MAYBE;
}

const struct pv_format pv_format_trace = {
    .name = "trace",
    .summary = "profviz's own trace: lines that a program prints of itself",
    .extensions = ".trace .pvtrace",
    .probe = probe,
    .read = read_trace,
};

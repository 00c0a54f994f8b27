#include "formats/trace_spec_parts.h"
#include "model/number.h"

#include <stdlib.h>

struct pv_text pv_trace_part(const struct pv_trace_found *found, enum pv_trace_group group)
{
    uint32_t number = found->rule->groups[group];
    return number ? pv_pattern_part(found->rule->pattern, found->line, number)
                  : (struct pv_text){0};
}

/* "-" is how logs write that there is none. */
static bool is_nothing(struct pv_text text)
{
    return text.size == 0 || pv_text_equal(text, PV_TEXT("-"));
}

/* A reason why the line cannot be taken, or NULL. */
typedef const char *taker(struct pv_trace_reader *reader, struct pv_trace_found *found);

/* Time. */

/* A time of day that is half a day before the last one is one of the next day. */
static bool take_clock(struct pv_trace_reader *reader, struct pv_text text, int64_t *at,
                       int64_t *last)
{
    const int64_t day = INT64_C(86400000000000);
    int64_t clock;
    if (!pv_trace_parse_clock(&clock, last, text))
        return false;
    reader->days += reader->has_now && clock < reader->clock - day / 2;
    reader->clock = clock;
    return pv_multiply(reader->days, day, at) && pv_add(*at, clock, at);
}

static bool take_since(struct pv_trace_reader *reader, struct pv_text text,
                       const struct pv_trace_unit *unit, int64_t *at, int64_t *last)
{
    int64_t since;
    if (!pv_trace_parse_number(&since, last, text, unit) || !pv_add(reader->error, *last, last))
        return false;
    reader->error = *last;
    return pv_add(reader->now, since, at);
}

static const char *take_time(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    const struct pv_trace_unit *unit = found->rule->time ? found->rule->time : reader->spec->time;
    struct pv_text ts = pv_trace_part(found, PV_TRACE_TS),
                   clock = pv_trace_part(found, PV_TRACE_CLOCK);
    struct pv_text date = pv_trace_part(found, PV_TRACE_DATE),
                   since = pv_trace_part(found, PV_TRACE_SINCE);
    struct pv_trace_when *when = &found->when;
    int64_t at = reader->now;
    if (!ts.size && !clock.size && !date.size && !since.size)
        return NULL;
    bool is_fine = ts.size      ? pv_trace_parse_number(&at, &when->at_last, ts, unit)
                   : clock.size ? take_clock(reader, clock, &at, &when->at_last)
                   : date.size  ? pv_trace_parse_date(&at, &when->at_last, date)
                                : take_since(reader, since, unit, &at, &when->at_last);
    if (!is_fine || at == INT64_MIN)
        return "the time of a line is none, or does not fit";
    reader->now = at;
    reader->has_now = true;
    reader->first = reader->has_first ? reader->first : at;
    reader->has_first = true;
    when->has_at = pv_add(at, -reader->first, &when->at);
    return when->has_at ? NULL : "the time of a line does not fit";
}

static const char *take_dur(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    const struct pv_trace_unit *unit = found->rule->dur ? found->rule->dur : reader->spec->dur;
    struct pv_text dur = pv_trace_part(found, PV_TRACE_DUR),
                   name = pv_trace_part(found, PV_TRACE_UNIT);
    if (is_nothing(dur))
        return NULL;
    if (name.size)
        unit = pv_trace_unit_named(name);
    if (!unit)
        return "the unit of a duration is not known";
    if (!pv_trace_parse_number(&found->when.dur, &found->when.dur_last, dur, unit) ||
        found->when.dur < 0)
        return "a duration is no number, or negative, or does not fit";
    found->when.has_dur = true;
    return NULL;
}

/* Threads. */

static uint32_t owner_frame(struct pv_trace_reader *reader, const char *prefix, struct pv_text name,
                            uint32_t flag)
{
    reader->owner.size = 0;
    pv_buffer_add(&reader->owner, pv_text_of(prefix));
    pv_buffer_add(&reader->owner, name);
    const struct pv_frame_info info = {.name = pv_buffer_text(&reader->owner), .flags = flag};
    return pv_build_frame(reader->builder, &info);
}

pv_str pv_trace_text(struct pv_trace_reader *reader, struct pv_text text)
{
    text = pv_text_trim(text);
    return text.size ? pv_build_text(reader->builder, text) : 0;
}

/* The thread that runs in a lane; before a line told it, it is called as the lane is. */
static pv_str lane_thread(struct pv_trace_reader *reader, pv_str lane)
{
    pv_str thread = pv_trace_tracks_lane(&reader->tracks, lane);
    if (thread)
        return thread;
    reader->owner.size = 0;
    pv_buffer_add(&reader->owner, pv_text_of(reader->spec->lane_prefix));
    pv_buffer_add(&reader->owner, pv_build_text_bytes(reader->builder, lane));
    thread = pv_build_text(reader->builder, pv_buffer_text(&reader->owner));
    pv_trace_tracks_switch(&reader->tracks, lane, thread);
    return thread;
}

static struct pv_trace_track *add_track(struct pv_trace_reader *reader, pv_str process,
                                        pv_str thread, const char *prefix)
{
    uint32_t frames[2], count = 0;
    if (process)
        frames[count++] =
            owner_frame(reader, reader->spec->process_prefix,
                        pv_build_text_bytes(reader->builder, process), PV_FRAME_PROCESS);
    if (thread)
        frames[count++] = owner_frame(reader, prefix, pv_build_text_bytes(reader->builder, thread),
                                      PV_FRAME_THREAD);
    return pv_trace_tracks_add(&reader->tracks, process, thread, frames, count);
}

static struct pv_trace_track *find_track(struct pv_trace_reader *reader,
                                         const struct pv_trace_found *found)
{
    pv_str process = pv_trace_text(reader, pv_trace_part(found, PV_TRACE_PROCESS));
    pv_str thread = pv_trace_text(reader, pv_trace_part(found, PV_TRACE_THREAD));
    pv_str lane = thread ? 0 : pv_trace_text(reader, pv_trace_part(found, PV_TRACE_LANE));
    bool is_told = lane == 0 || pv_trace_tracks_lane(&reader->tracks, lane) != 0;
    thread = lane ? lane_thread(reader, lane) : thread;
    process = found->rule->is_same_thread ? reader->process : process;
    thread = found->rule->is_same_thread ? reader->thread : thread;
    reader->process = process;
    reader->thread = thread;
    struct pv_trace_track *track = pv_trace_tracks_known(&reader->tracks, process, thread);
    return track ? track
                 : add_track(reader, process, thread, is_told ? reader->spec->thread_prefix : "");
}

/* What a line is about. */

static struct pv_text name_of(const struct pv_trace_found *found)
{
    struct pv_text name = pv_text_trim(pv_trace_part(found, PV_TRACE_NAME));
    return name.size ? name : pv_text_of(found->rule->name);
}

static uint32_t frame_of(struct pv_trace_reader *reader, const struct pv_trace_found *found,
                         pv_str name)
{
    uint64_t line = 0;
    bool has_line =
        pv_parse_uint64(pv_trace_part(found, PV_TRACE_LINE), &line) && line <= UINT32_MAX;
    const struct pv_frame frame = {
        .name = name,
        .file = pv_trace_text(reader, pv_trace_part(found, PV_TRACE_FILE)),
        .module = pv_trace_text(reader, pv_trace_part(found, PV_TRACE_MODULE)),
        .line = has_line ? (uint32_t)line : 0,
    };
    return pv_build_frame_by(reader->builder, &frame);
}

/* A number, or as many as the group is long: "+++", or the blanks in front of a line. */
static uint32_t depth_of(const struct pv_trace_found *found)
{
    struct pv_text text = pv_trace_part(found, PV_TRACE_DEPTH);
    uint64_t depth;
    if (!pv_parse_uint64(text, &depth))
        depth = text.size;
    return depth < UINT32_MAX ? (uint32_t)depth : UINT32_MAX;
}

/* Sums. */

static void add_frame(struct pv_trace_reader *reader, uint32_t count, struct pv_text name)
{
    if (count == reader->room) {
        reader->room = reader->room ? reader->room * 2 : 16;
        reader->frames = pv_resize(reader->frames, reader->room * sizeof *reader->frames);
    }
    reader->frames[count] = pv_build_name(reader->builder, name);
}

/* "GET /a/b": of its parts GET, a, b, or as paths GET, GET /a, GET /a/b. Empty parts, as before a
 * slash in front, are none. More parts than a stack may hold are left to the last one. */
static uint32_t split_name(struct pv_trace_reader *reader, const struct pv_trace_rule *rule,
                           struct pv_text name)
{
    enum { MOST = 64 };
    struct pv_text rest = name, piece;
    uint32_t count = 0;
    while (count + 1 < MOST && pv_text_split(&rest, rule->split, &piece)) {
        struct pv_text path = {name.data, (size_t)(piece.data + piece.size - name.data)};
        bool is_last = !rest.data;
        if (!rule->is_path && pv_text_trim(piece).size)
            add_frame(reader, count++, pv_text_trim(piece));
        else if (rule->is_path && (pv_text_trim(piece).size || is_last))
            add_frame(reader, count++, is_last ? name : pv_text_trim(path));
    }
    if (rest.data)
        add_frame(reader, count++, rule->is_path ? name : rest);
    if (count == 0)
        add_frame(reader, count++, name);
    return count;
}

static uint32_t sum_node(struct pv_trace_reader *reader, const struct pv_trace_found *found,
                         struct pv_text name)
{
    uint32_t outer = find_track(reader, found)->node, count = 1;
    if (found->rule->split)
        count = split_name(reader, found->rule, name);
    else
        add_frame(reader, 0, name);
    if (!found->rule->split && found->rule->groups[PV_TRACE_FILE] |
                                   found->rule->groups[PV_TRACE_LINE] |
                                   found->rule->groups[PV_TRACE_MODULE])
        reader->frames[0] = frame_of(reader, found, pv_build_text(reader->builder, name));
    return pv_build_stack(reader->builder, outer, reader->frames, count, NULL);
}

static const char *take_sum(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    const struct pv_trace_metric *metrics = reader->spec->metrics;
    struct pv_text name = name_of(found), text = pv_text_trim(pv_trace_part(found, PV_TRACE_VALUE));
    struct pv_decimal decimal = {0};
    bool fits = true;
    if (name.size == 0)
        return "the name is empty";
    if (metrics[PV_TRACE_OF_VALUE].is_there && !is_nothing(text)) {
        if (!pv_parse_decimal(text, &decimal) || decimal.value < 0)
            return "a value is no number, or negative";
        pv_build_value(reader->builder, reader->metrics[PV_TRACE_OF_VALUE], decimal, &fits);
        if (!fits)
            return "a value does not fit";
    }
    uint32_t node = sum_node(reader, found, name);
    if (metrics[PV_TRACE_OF_DUR].is_there)
        pv_build_self(reader->builder, node, reader->metrics[PV_TRACE_OF_DUR], found->when.dur);
    if (metrics[PV_TRACE_OF_VALUE].is_there)
        pv_build_self(
            reader->builder, node, reader->metrics[PV_TRACE_OF_VALUE],
            pv_build_value(reader->builder, reader->metrics[PV_TRACE_OF_VALUE], decimal, &fits));
    if (metrics[PV_TRACE_OF_LINES].is_there)
        pv_build_self(reader->builder, node, reader->metrics[PV_TRACE_OF_LINES], 1);
    return NULL;
}

/* Events. */

static const char *take_counter(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    struct pv_text name = name_of(found);
    struct pv_decimal value;
    if (name.size == 0)
        return "the name is empty";
    if (!found->when.has_at ||
        !pv_parse_decimal(pv_text_trim(pv_trace_part(found, PV_TRACE_VALUE)), &value))
        return "a value has no time, or is no number";
    uint32_t series = pv_build_series(reader->builder, name, found->rule->value_unit, PV_UNIT_NS);
    pv_build_point(reader->builder, series, (struct pv_decimal){found->when.at, 0}, value);
    return NULL;
}

static const char *take_switch(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    pv_str lane = pv_trace_text(reader, pv_trace_part(found, PV_TRACE_LANE));
    pv_str thread = pv_trace_text(reader, pv_trace_part(found, PV_TRACE_THREAD));
    if (!lane || !thread)
        return "a lane or a thread is empty";
    pv_trace_tracks_switch(&reader->tracks, lane, thread);
    return NULL;
}

static const char *take_leave(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    struct pv_text text = name_of(found);
    pv_str name = text.size ? pv_build_text(reader->builder, text) : 0;
    uint32_t frame = name ? frame_of(reader, found, name) : PV_NONE;
    pv_trace_leave(&reader->tracks, find_track(reader, found), frame, name, &found->when);
    return NULL;
}

static const char *take_tick(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    pv_trace_tick(&reader->tracks, find_track(reader, found), &found->when);
    return NULL;
}

static const char *take_end(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    pv_trace_end(&reader->tracks, find_track(reader, found), &found->when);
    return NULL;
}

/* A span's time may be that of its end, as where a line is written when something is done. */
static const char *take_span(struct pv_trace_reader *reader, const struct pv_trace_found *found,
                             uint32_t frame)
{
    struct pv_trace_when when = found->when;
    if (!when.has_at || !when.has_dur)
        return "a span has no time or no duration";
    if (found->rule->is_at_end && !pv_add(when.at, -when.dur, &when.at))
        return "the time of a line does not fit";
    pv_trace_span(&reader->tracks, find_track(reader, found), frame, &when);
    return NULL;
}

static const char *take_call(struct pv_trace_reader *reader, struct pv_trace_found *found,
                             enum pv_trace_event event)
{
    struct pv_text text = name_of(found);
    if (text.size == 0)
        return "the name is empty";
    pv_str name = pv_build_text(reader->builder, text);
    uint32_t frame = frame_of(reader, found, name);
    struct pv_trace_tracks *tracks = &reader->tracks;
    if (event == PV_TRACE_SPAN)
        return take_span(reader, found, frame);
    if (event == PV_TRACE_ENTER)
        pv_trace_enter(tracks, find_track(reader, found), frame, name, &found->when);
    else if (event == PV_TRACE_CALL)
        pv_trace_call(tracks, find_track(reader, found), frame, name, &found->when);
    else
        pv_trace_step(tracks, find_track(reader, found), frame, name, depth_of(found),
                      &found->when);
    return NULL;
}

static const char *take_event(struct pv_trace_reader *reader, struct pv_trace_found *found,
                              enum pv_trace_event event)
{
    static taker *const takers[PV_TRACE_EVENTS] = {
        [PV_TRACE_LEAVE] = take_leave,     [PV_TRACE_SUM] = take_sum,
        [PV_TRACE_COUNTER] = take_counter, [PV_TRACE_SWITCH] = take_switch,
        [PV_TRACE_TIME] = take_tick,       [PV_TRACE_END] = take_end,
    };
    const char *why = take_time(reader, found);
    why = why ? why : take_dur(reader, found);
    if (why)
        return why;
    return takers[event] ? takers[event](reader, found) : take_call(reader, found, event);
}

const char *pv_trace_take(struct pv_trace_reader *reader, struct pv_trace_found *found)
{
    const struct pv_trace_rule *rule = found->rule;
    if (rule->has_event)
        return take_event(reader, found, rule->event);
    struct pv_text word = pv_text_trim(pv_trace_part(found, PV_TRACE_EVENT));
    for (unsigned i = 0; i < rule->word_count; i++)
        if (pv_text_equal(word, pv_text_of(rule->words[i].text)))
            return take_event(reader, found, rule->words[i].event);
    return "the event is none of those that the rule lists";
}

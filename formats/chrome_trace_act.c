#include "formats/chrome_trace.h"

/* What events do, by their phase. */

static bool bad(struct pv_chrome *chrome, const struct pv_chrome_event *event, const char *why)
{
    pv_input_bad_record_at(chrome->input, event->where, why);
    return false;
}

/* viztracer writes "function (file:line)", and just the name where there is no file: built-in
 * functions. False where the name has another form. */
static bool split_python(struct pv_text text, struct pv_frame_info *info)
{
    uint64_t line;
    if (!pv_text_ends(text, PV_TEXT(")")))
        return false;
    size_t open = pv_text_search(text, PV_TEXT(" ("));
    size_t colon = pv_text_find_last(text, ':');
    if (open >= colon || !pv_parse_uint64(pv_text_slice(text, colon + 1, text.size - 1), &line) ||
        line >= UINT32_MAX)
        return false;
    info->name = pv_text_slice(text, 0, open);
    info->file = pv_text_slice(text, open + 2, colon);
    info->line = (uint32_t)line;
    return true;
}

static uint32_t make_frame(struct pv_chrome *chrome, pv_str name, bool is_python)
{
    struct pv_frame_info info = {.flags = name ? 0 : PV_FRAME_UNKNOWN};
    chrome->scratch.size = 0; /* a new text may move the old ones */
    pv_buffer_add(&chrome->scratch, pv_build_text_bytes(chrome->builder, name));
    info.name = pv_buffer_text(&chrome->scratch);
    if (is_python && !split_python(info.name, &info))
        info.flags |= PV_FRAME_BUILTIN;
    return pv_build_frame(chrome->builder, &info);
}

/* Identity is the name: args differ from call to call, and an end need not repeat them. */
static uint32_t new_frame(struct pv_chrome *chrome, const struct pv_chrome_event *event,
                          uint64_t at)
{
    struct pv_chrome_table *frames = &chrome->frames;
    while (frames->count <= at)
        if (!pv_chrome_add(chrome, frames, sizeof(uint32_t)))
            return 0;
    uint32_t *frame = (uint32_t *)frames->rows + at;
    if (!*frame)
        *frame = make_frame(chrome, event->name, event->is_python) + 1;
    return *frame - 1;
}

static inline uint32_t frame_of(struct pv_chrome *chrome, const struct pv_chrome_event *event)
{
    const struct pv_chrome_table *frames = &chrome->frames;
    uint64_t at = (uint64_t)event->name * 2 + event->is_python;
    uint32_t frame = at < frames->count ? ((const uint32_t *)frames->rows)[at] : 0;
    return frame ? frame - 1 : new_frame(chrome, event, at);
}

/* Both ends are rounded, so that what nests still does. */
static bool end_of(const struct pv_chrome *chrome, const struct pv_chrome_time *ts,
                   const struct pv_chrome_time *duration, int64_t begin, int64_t *end)
{
    enum { NS_DIGITS = 3, FINE_DIGITS = 6 };
    int64_t length, fine, fine_length;
    const struct pv_decimal *a = &ts->value, *b = &duration->value;
    bool is_fine = a->digits > NS_DIGITS && chrome->origin == 0;
    if (!is_fine || a->digits > FINE_DIGITS || b->digits > FINE_DIGITS ||
        !pv_multiply(a->value, pv_power10(FINE_DIGITS - a->digits), &fine) ||
        !pv_multiply(b->value, pv_power10(FINE_DIGITS - b->digits), &fine_length) ||
        !pv_add(fine, fine_length, &fine))
        return pv_chrome_ns(b, &length) && pv_add(begin, length, end);
    return pv_chrome_ns(&(struct pv_decimal){fine, FINE_DIGITS}, end);
}

/* Where the event tells it. */
static void tell_cpu(struct pv_chrome *chrome, const struct pv_chrome_time *time)
{
    int64_t cpu;
    if (time->is_there && pv_chrome_ns(&time->value, &cpu))
        pv_build_event_cpu(chrome->builder, cpu);
}

/* A complete event. Without a duration the CPU time is the best that is known of it. */
static void act_span(struct pv_chrome *chrome, const struct pv_chrome_event *event, int64_t at)
{
    int64_t end = at, length = 0;
    const struct pv_chrome_time *duration = event->dur.is_there ? &event->dur : &event->tdur;
    if (event->may_be_sum && event->has_count && event->has_average) {
        chrome->sum_count++;
        return;
    }
    if (duration->is_there && end_of(chrome, &event->ts, duration, at, &end))
        length = end - at;
    else if (duration->is_there) /* the builder cuts it, and counts */
        length = duration->value.value < 0 ? INT64_MIN : INT64_MAX;
    chrome->has_spans |= length > 0;
    uint32_t track = pv_chrome_track(chrome, event->pid, event->tid);
    uint32_t frame = frame_of(chrome, event);
    if (event->dur.is_there)
        tell_cpu(chrome, &event->tdur);
    pv_build_span(chrome->builder, track, frame, at, length);
}

static void act_pair(struct pv_chrome *chrome, const struct pv_chrome_event *event, int64_t at,
                     uint32_t track, bool is_begin)
{
    if (is_begin) {
        pv_build_enter(chrome->builder, track, frame_of(chrome, event), at);
        chrome->has_spans = true;
    } else {
        pv_build_leave(chrome->builder, track, event->name ? frame_of(chrome, event) : PV_NONE, at);
    }
}

/* The name of a counter; other processes than the first one's are told apart. */
static uint32_t new_series(struct pv_chrome *chrome, const struct pv_chrome_event *event,
                           pv_str member)
{
    struct pv_buffer group = {0}, name = {0};
    pv_buffer_add(&group, pv_build_text_bytes(chrome->builder, event->name));
    if (!chrome->has_counter)
        chrome->counter_pid = event->pid;
    chrome->has_counter = true;
    if (event->pid != chrome->counter_pid) {
        pv_buffer_add(&group, PV_TEXT(" of process "));
        pv_buffer_add(&group, pv_build_text_bytes(chrome->builder, event->pid));
    }
    pv_buffer_add(&name, pv_build_text_bytes(chrome->builder, member));
    struct pv_series_info info = {
        .name = pv_buffer_text(&name),
        .group = pv_buffer_text(&group),
        .unit = PV_UNIT_COUNT,
        .at_unit = PV_UNIT_NS,
    };
    uint32_t series = pv_build_new_series(chrome->builder, &info);
    pv_buffer_free(&group);
    pv_buffer_free(&name);
    return series;
}

/* The members of a counter's args are series of their own, and parts of one whole. */
static void act_counter(struct pv_chrome *chrome, const struct pv_chrome_event *event, int64_t at)
{
    bool is_new = false;
    uint32_t counter =
        pv_chrome_put(chrome, &chrome->counter_of, pv_chrome_key(event->pid, event->name),
                      chrome->counter_of.count, &is_new);
    const struct pv_chrome_number *numbers = chrome->numbers.rows;
    for (uint32_t i = 0; event->has_args && i < chrome->numbers.count; i++) {
        uint64_t key = pv_chrome_key(counter, numbers[i].name);
        const uint32_t *known = pv_map_get(&chrome->series_of, key);
        uint32_t series = known ? *known : new_series(chrome, event, numbers[i].name);
        if (!known)
            pv_chrome_put(chrome, &chrome->series_of, key, series, &is_new);
        pv_build_point(chrome->builder, series, (struct pv_decimal){at, 0}, numbers[i].value);
    }
}

/* V8's profiles come as events of several phases; "P" without one is a sample of its own. */
static bool act_profile(struct pv_chrome *chrome, const struct pv_chrome_event *event)
{
    if (!event->has_profile)
        return false;
    struct pv_text name = pv_build_text_bytes(chrome->builder, event->name);
    if (!(pv_text_equal(name, PV_TEXT("Profile")) || pv_text_equal(name, PV_TEXT("ProfileChunk")) ||
          pv_text_equal(name, PV_TEXT("CpuProfile"))))
        return false;
    pv_chrome_profile(chrome, event);
    return true;
}

enum deed {
    UNKNOWN,
    NOTHING, /* instants, flows, objects, marks, clocks, …: no time of their own */
    BEGIN,
    END,
    SPAN,
    ASYNC_BEGIN,
    ASYNC_END,
    COUNTER,
    METADATA,
    SAMPLE,
};

static enum deed deed_of(char phase)
{
    static const unsigned char deeds[128] = {
        ['B'] = BEGIN,     ['E'] = END,         ['X'] = SPAN,      ['b'] = ASYNC_BEGIN,
        ['e'] = ASYNC_END, ['S'] = ASYNC_BEGIN, ['F'] = ASYNC_END, ['C'] = COUNTER,
        ['M'] = METADATA,  ['P'] = SAMPLE,      ['I'] = NOTHING,   ['i'] = NOTHING,
        ['n'] = NOTHING,   ['T'] = NOTHING,     ['p'] = NOTHING,   ['s'] = NOTHING,
        ['t'] = NOTHING,   ['f'] = NOTHING,     ['N'] = NOTHING,   ['O'] = NOTHING,
        ['D'] = NOTHING,   ['R'] = NOTHING,     ['c'] = NOTHING,   ['v'] = NOTHING,
        ['V'] = NOTHING,   ['('] = NOTHING,     [')'] = NOTHING,   ['='] = NOTHING,
        ['a'] = NOTHING,   ['A'] = NOTHING,     ['L'] = NOTHING,   ['G'] = NOTHING,
    };
    return (unsigned char)phase < sizeof deeds ? (enum deed)deeds[(unsigned char)phase] : UNKNOWN;
}

static void act_timed(struct pv_chrome *chrome, const struct pv_chrome_event *event, enum deed deed,
                      int64_t at)
{
    uint32_t track;
    switch (deed) {
    case SPAN:
        act_span(chrome, event, at);
        break;
    case BEGIN:
    case END:
        track = pv_chrome_track(chrome, event->pid, event->tid);
        tell_cpu(chrome, &event->tts);
        act_pair(chrome, event, at, track, deed == BEGIN);
        break;
    case ASYNC_BEGIN:
    case ASYNC_END:
        track = pv_chrome_async_track(chrome, event);
        act_pair(chrome, event, at, track, deed == ASYNC_BEGIN);
        break;
    case COUNTER:
        act_counter(chrome, event, at);
        break;
    default:
        pv_chrome_sample(chrome, event, at);
        break;
    }
}

bool pv_chrome_act(struct pv_chrome *chrome, const struct pv_chrome_event *event)
{
    enum deed deed = deed_of(event->phase);
    int64_t at;
    if (act_profile(chrome, event))
        return true;
    if (deed == UNKNOWN)
        return bad(chrome, event,
                   event->phase ? "the event's phase (\"ph\") is unknown"
                                : "the event has no phase (\"ph\")");
    if (deed > NOTHING && deed != METADATA) {
        if (!event->ts.is_there || !pv_chrome_at(chrome, &event->ts.value, &at))
            return bad(chrome, event,
                       event->ts.is_there ? "the time does not fit in 64 bits"
                                          : "the event has no time (\"ts\")");
        pv_build_event_line(chrome->builder, event->where.line);
        act_timed(chrome, event, deed, at);
    } else if (deed == METADATA) {
        pv_chrome_metadata(chrome, event);
    }
    return true;
}

#include "formats/format.h"

#include "model/builder.h"
#include "model/error.h"
#include "model/number.h"

/* Costs by source line, as Valgrind's cachegrind, cg_merge and cg_diff write them. The grammar is
 * in Valgrind's manual, "Cachegrind Output File Format"; see docs/formats/cachegrind.md. */

enum { EVENTS = 64 }; /* Valgrind has up to 13 */

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    pv_str events[EVENTS];
    uint32_t event_count;
    bool has_events, is_signed[EVENTS];
    pv_str file;
    uint32_t frame;       /* the function, PV_NONE before the first */
    int64_t own[EVENTS];  /* of the function since its fn= */
    int64_t sums[EVENTS]; /* of all */
    bool has_own, has_summary, is_wrong;
};

/* ---- Costs ---- */

static void end_function(struct reader *reader)
{
    if (reader->frame == PV_NONE || !reader->has_own)
        return;
    pv_build_func(reader->builder, reader->frame, PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS, reader->own,
                  reader->own);
    for (uint32_t i = 0; i < reader->event_count; i++)
        reader->own[i] = 0;
    reader->has_own = false;
}

/* A number of at most 18 digits, or "." for none; at a blank or at the end. NULL: it is none. */
static const char *take_small(const char *at, const char *end, int64_t *out)
{
    const char *from = at;
    int64_t value = 0;
    for (; at < end && *at >= '0' && *at <= '9' && at - from < 18; at++)
        value = value * 10 + (*at - '0');
    bool is_none = at == from && at < end && *at == '.';
    at += is_none;
    *out = value;
    return at > from && (at == end || *at == ' ') ? at : NULL;
}

static const char *take_number(const char *at, const char *end, int64_t *out)
{
    const char *after = take_small(at, end, out);
    if (after)
        return after;
    for (after = at; after < end && *after != ' ';)
        after++;
    return pv_parse_int64((struct pv_text){at, (size_t)(after - at)}, out) ? after : NULL;
}

/* Numbers with blanks between them, fewer or as many as there are events. */
static bool take_costs(const struct reader *reader, struct pv_text text, int64_t *costs,
                       uint32_t *count)
{
    const char *at = text.data, *end = at + text.size;
    for (*count = 0;; ++*count) {
        while (at < end && *at == ' ')
            at++;
        if (at == end)
            return true;
        if (*count == reader->event_count || !(at = take_number(at, end, &costs[*count])))
            return false;
    }
}

static void add_cost(struct reader *reader, uint32_t event, int64_t cost)
{
    if (cost < 0 && !reader->is_signed[event]) { /* of cg_diff */
        reader->is_signed[event] = true;
        pv_build_signed(reader->builder, event);
    }
    if (!pv_add(reader->own[event], cost, &reader->own[event])) {
        end_function(reader);
        reader->own[event] = cost;
        reader->has_own = true;
    }
    if (!pv_add(reader->sums[event], cost, &reader->sums[event]))
        reader->is_wrong = true; /* the builder refuses it, too */
}

static void take_line(struct reader *reader, struct pv_text text)
{
    int64_t costs[EVENTS];
    uint32_t count;
    size_t blank = pv_text_find(text, ' ');
    uint64_t line;
    if (reader->frame == PV_NONE) {
        pv_input_bad_record(reader->input, "costs stand in front of the first fn=");
        return;
    }
    if (!pv_parse_uint64(pv_text_slice(text, 0, blank), &line) || line > UINT32_MAX ||
        !take_costs(reader, pv_text_slice(text, blank, text.size), costs, &count)) {
        pv_input_bad_record(reader->input,
                            "a line is its number and one cost per event, all of them integers");
        return;
    }
    reader->has_own = true;
    for (uint32_t i = 0; i < count; i++)
        add_cost(reader, i, costs[i]);
    for (uint32_t i = 0; i < count; i++)
        pv_build_line(reader->builder, reader->frame, 0, (uint32_t)line, i, costs[i]);
    pv_input_good_record(reader->input);
}

/* ---- What is around them ---- */

/* Metrics are made by the first such line. */
static void make_metrics(struct reader *reader, struct pv_text text)
{
    struct pv_text word;
    reader->has_events = true;
    while (pv_text_word(&text, &word)) {
        if (reader->event_count == EVENTS) {
            pv_input_fail(reader->input, PV_LIMIT, "more than %d events", EVENTS);
            return;
        }
        pv_build_metric(reader->builder, word, PV_UNIT_COUNT, false);
        reader->events[reader->event_count++] = pv_build_text(reader->builder, word);
    }
}

static bool has_same_events(struct reader *reader, struct pv_text text)
{
    struct pv_text word;
    uint32_t count = 0;
    for (; pv_text_word(&text, &word); count++)
        if (count == reader->event_count ||
            pv_build_text(reader->builder, word) != reader->events[count])
            return false;
    return count == reader->event_count;
}

/* Files that were put together must agree. */
static void take_events(struct reader *reader, struct pv_text text)
{
    end_function(reader);
    reader->frame = PV_NONE;
    reader->has_summary = false;
    if (!reader->has_events)
        make_metrics(reader, text);
    else if (!has_same_events(reader, text))
        pv_input_fail(reader->input, PV_INPUT_FAILED,
                      "a second profile follows with other events; give them one by one");
}

static void take_summary(struct reader *reader, struct pv_text text)
{
    int64_t costs[EVENTS];
    uint32_t count;
    end_function(reader);
    reader->has_summary = true;
    if (!take_costs(reader, pv_text_trim(text), costs, &count)) {
        pv_input_bad_record(reader->input, "summary: is one cost per event");
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        reader->is_wrong = reader->is_wrong || costs[i] != reader->sums[i];
        reader->sums[i] = 0;
    }
}

/* Valgrind has "???" for what it does not know. */
static void take_file(struct reader *reader, struct pv_text name)
{
    bool is_unknown = pv_text_equal(name, PV_TEXT("???"));
    end_function(reader);
    reader->file = is_unknown ? 0 : pv_build_text(reader->builder, name);
}

static void take_function(struct reader *reader, struct pv_text name)
{
    end_function(reader);
    struct pv_frame frame = {.name = pv_build_text(reader->builder, name), .file = reader->file};
    if (pv_text_equal(name, PV_TEXT("???")))
        frame.flags = PV_FRAME_UNKNOWN;
    reader->frame = pv_build_frame_by(reader->builder, &frame);
}

/* A line that begins with a word: false where the word is none of this format. */
static bool take_word(struct reader *reader, struct pv_text line)
{
    static const struct {
        const char *word;
        void (*take)(struct reader *, struct pv_text);
    } words[] = {
        {"fn=", take_function},     {"fl=", take_file}, {"events:", take_events},
        {"summary:", take_summary}, {"desc:", NULL},    {"cmd:", NULL},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct pv_text word = pv_text_of(words[i].word);
        if (!pv_text_starts(line, word))
            continue;
        bool is_early = i < 2 && !reader->has_events;
        if (is_early)
            pv_input_bad_record(reader->input, "fl= and fn= stand in front of events:");
        else if (words[i].take)
            words[i].take(reader, pv_text_slice(line, word.size, line.size));
        return true;
    }
    return false;
}

static void take_text(struct reader *reader, struct pv_text line)
{
    if (line.size == 0 || line.data[0] == '#')
        return;
    if (line.data[0] >= '0' && line.data[0] <= '9')
        take_line(reader, line);
    else if (!take_word(reader, line))
        pv_input_bad_record(reader->input,
                            "a line begins with desc:, cmd:, events:, fl=, fn=, summary: or a "
                            "number");
}

static void add_notes(struct reader *reader)
{
    struct pv_where end = pv_input_where(reader->input);
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    const char *cut = pv_input_open_end(reader->input);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (cut)
        pv_build_note(reader->builder, "cut", cut, 1, end.line);
    if (!reader->has_summary)
        pv_build_note(reader->builder, "cut",
                      "the file does not end in its summary: it was cut off, or the program still "
                      "ran",
                      1, end.line);
    else if (reader->is_wrong)
        pv_build_note(reader->builder, "contradicted",
                      "the lines do not add up to the file's summary: their sum is taken", 1, 0);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where end = pv_input_where(reader->input);
    end_function(reader);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (!reader->has_events)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "has no line 'events:': cachegrind writes its file when the program ends");
    add_notes(reader);
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = end;
    return false;
}

static bool read_cachegrind(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_ARCS, "cachegrind"),
        .frame = PV_NONE,
    };
    struct pv_text line;
    pv_input_as_text(input);
    while (pv_builder_is_ok(reader.builder) && pv_input_line(input, &line))
        take_text(&reader, line);
    bool is_done = finish(&reader, out, err);
    pv_builder_free(reader.builder);
    return is_done;
}

/* ---- Recognition ---- */

/* Callgrind's files have the same lines and more: calls, objects, numbers for names, and words at
 * the top. */
static bool is_callgrinds(struct pv_text line)
{
    static const char *const words[] = {
        "version:", "creator:", "positions:", "part:", "event:", "calls=", "cfn=",
        "cfi=",     "cob=",     "ob=",        "fi=",   "fe=",    "fl=(1)"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (pv_text_starts(line, pv_text_of(words[i])))
            return true;
    return false;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text line;
    bool has_events = false, has_file = false;
    if (!pv_text_starts(head, PV_TEXT("desc:")) && !pv_text_starts(head, PV_TEXT("cmd:")))
        return PV_PROBE_NO;
    while (pv_text_split(&head, '\n', &line)) {
        if (is_callgrinds(line))
            return PV_PROBE_NO;
        has_events = has_events || pv_text_starts(line, PV_TEXT("events:"));
        has_file = has_file || (has_events && pv_text_starts(line, PV_TEXT("fl=")));
    }
    if (!has_events)
        return is_whole ? PV_PROBE_NO : PV_PROBE_MAYBE;
    return has_file ? PV_PROBE_SURE : PV_PROBE_LIKELY;
}

extern const struct pv_format pv_format_cachegrind;
const struct pv_format pv_format_cachegrind = {
    .name = "cachegrind",
    .summary = "costs by function and line of valgrind --tool=cachegrind, cg_merge, cg_diff",
    .aliases = "cachegrind.out",
    .extensions = ".cachegrind",
    .probe = probe,
    .read = read_cachegrind,
};

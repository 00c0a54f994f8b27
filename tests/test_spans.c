#include "tests/random_profile.h"
#include "tests/small_profile.h"

/* Traces written down as text: "<a 5" enters, ">a 9" or "> 9" leaves, "a 5 4" is a whole call;
 * separated by "|", each its own line of the input. "@x" goes on in track x. */

static uint32_t track_of(struct pv_builder *builder, struct pv_text name)
{
    uint32_t frame =
        pv_build_frame(builder, &(struct pv_frame_info){.name = name, .flags = PV_FRAME_THREAD});
    return pv_build_track(builder, pv_build_stack(builder, 0, &frame, 1, NULL));
}

static void add_event(struct pv_builder *builder, uint32_t track, struct pv_text text)
{
    struct pv_text word, name;
    int64_t numbers[2] = {0};
    char kind = text.data[0];
    if (kind == '<' || kind == '>')
        text = pv_text_slice(text, 1, text.size);
    size_t blank = pv_text_find(text, ' ');
    name = pv_text_slice(text, 0, blank);
    text = pv_text_slice(text, blank, text.size);
    for (int i = 0; i < 2 && pv_text_word(&text, &word); i++)
        assert_true(pv_parse_int64(word, &numbers[i]));
    uint32_t frame = name.size ? pv_build_name(builder, name) : PV_NONE;
    if (kind == '<')
        pv_build_enter(builder, track, frame, numbers[0]);
    else if (kind == '>')
        pv_build_leave(builder, track, frame, numbers[0]);
    else
        pv_build_span(builder, track, frame, numbers[0], numbers[1]);
}

static struct pv_builder *new_trace(const struct pv_limits *limits)
{
    struct pv_builder *builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "spans");
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    return builder;
}

static struct pv_profile *trace(const char *text, bool keeps_spans)
{
    struct pv_limits limits = pv_limits_default();
    limits.keeps_spans = keeps_spans;
    struct pv_builder *builder = new_trace(&limits);
    struct pv_text rest = pv_text_of(text), event;
    uint32_t track = pv_build_track(builder, 0);
    for (uint64_t line = 1; pv_text_split(&rest, '|', &event); line++) {
        pv_build_event_line(builder, line);
        if (event.size && event.data[0] == '@')
            track = track_of(builder, pv_text_slice(event, 1, event.size));
        else if (event.size)
            add_event(builder, track, event);
    }
    return small_finish(builder);
}

/* "count line", in the order of the notes' texts. */
static void notes_text(struct pv_buffer *out, const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->note_count; i++)
        pv_buffer_print(out, "%s%llu %llu", i ? ", " : "",
                        (unsigned long long)profile->notes[i].count,
                        (unsigned long long)profile->notes[i].line);
    pv_buffer_char(out, '\0');
}

struct row {
    const char *label, *events, *stacks, *notes;
};

static const struct row rows[] = {
    {"nothing", "", "", ""},
    {"one call", "<a 5|>a 9", "a 4", ""},
    {"calls in calls", "<a 0|<b 2|<c 3|>c 4|>b 6|<b 7|>b 8|>a 10", "a 5|a;b 4|a;b;c 1", ""},
    {"gaps are idle", "<a 0|>a 1|<a 100|>a 102", "a 3", ""},
    {"recursion", "<a 0|<a 1|>a 2|>a 4", "a 3|a;a 1", ""},
    {"ends without a name", "<a 0|<b 1|> 2|> 4", "a 3|a;b 1", ""},
    {"times before 0", "<a -5|<b -2|>b 1|>a 5", "a 7|a;b 3", ""},
    {"an end without a begin", ">a 1|<a 2|>b 3|>a 4|> 9", "a 2", "3 1"},
    {"an end that closes what is inside", "<a 0|<b 1|<c 2|>a 5|>b 6", "a 1|a;b 1|a;b;c 3",
     "2 2, 1 5"},
    {"no end", "<a 0|<b 1|>b 3|<b 5|<c 7", "a 3|a;b 4", "3 1"},
    {"nothing but an end", ">a 4", "", "1 1"},
    {"unsorted", ">a 9|<b 3|<a 1|>b 5", "a 6|a;b 2", "2 2"},
    {"whole calls by their begins", "a 0 10|b 2 4|c 3 1|b 7 1", "a 5|a;b 4|a;b;c 1", ""},
    {"whole calls by their ends", "c 3 1|b 2 4|b 7 1|a 0 10", "a 5|a;b 4|a;b;c 1", ""},
    {"whole calls in no order", "b 7 1|c 3 1|a 0 10|b 2 4", "a 5|a;b 4|a;b;c 1", ""},
    {"the longer one is outside", "b 0 4|a 0 10|c 0 2", "a 6|a;b 2|a;b;c 2", ""},
    {"of equal ones the first is outside", "a 0 4|b 0 4", "a;b 4", ""},
    {"but the last where calls are logged at their ends", "d 0 1|b 2 2|a 2 2|c 0 8",
     "c 5|c;a;b 2|c;d 1", ""},
    {"one begins where the last one ended", "a 0 4|b 4 4", "a 4|b 4", ""},
    {"overlapping", "a 0 10|b 5 10|c 12 1", "a 5|a;b 5|c 1", "1 2"},
    {"overlapping, by their ends", "c 1 1|a 0 10|b 5 10", "a 4|a;b 5|a;c 1", "1 3"},
    {"negative durations", "a 0 10|b 5 -3", "a 10", "1 2"},
    {"both kinds", "<a 0|b 2 3|c 3 1|>a 10", "a 7|a;b 2|a;b;c 1", ""},
    {"both kinds, begun before", "<b 2|>b 5|a 0 10", "a 7|a;b 3", ""},
    {"both kinds, no end", "<b 2|a 0 10", "a 2|a;b 8", "1 1"},
    {"both kinds, unsorted", ">b 5|a 0 10|<b 2", "a 7|a;b 3", "1 3"},
    {"tracks", "@x|<a 0|@y|<a 1|@x|>a 4|@y|>a 3", "x;a 4|y;a 2", ""},
    {"times beyond 62 bits", "a -9223372036854775808 9223372036854775807", "a 4611686018427387902",
     "1 1"},
    {"the far end of time", "a 0 1|b 9223372036854775807 5", "a 1", "2 2"},
};

static void events_become_stacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int keeps = 0; keeps < 2; keeps++) {
            struct pv_profile *profile = trace(rows[i].events, keeps);
            char *stacks = small_stacks_text(profile);
            struct pv_buffer notes = {0};
            notes_text(&notes, profile);
            if (strcmp(stacks, rows[i].stacks) != 0 || strcmp(notes.data, rows[i].notes) != 0)
                print_error("%s\n", rows[i].label);
            assert_string_equal(rows[i].stacks, stacks);
            assert_string_equal(rows[i].notes, notes.data);
            assert_int_equal(keeps, profile->spans != NULL);
            pv_buffer_free(&notes);
            free(stacks);
            pv_profile_free(profile);
        }
    }
}

/* What is kept, as "track depth frame begin end" in order. */
static void kept_spans_are_in_order(void **state)
{
    (void)state;
    struct pv_profile *profile =
        trace("@x|c 3 1|b 2 4|@y|<d 1|<e 2|@x|b 7 1|a 0 10|@y|>e 3|<f 9|>d 12", true);
    static const char *const wanted[] = {"0 0 a 0 10", "0 1 b 2 6", "0 2 c 3 4", "0 1 b 7 8",
                                         "1 0 d 1 12", "1 1 e 2 3", "1 1 f 9 12"};
    const struct pv_spans *spans = profile->spans;
    struct pv_buffer line = {0};
    size_t at = 0;
    assert_int_equal(3, spans->track_count); /* trace() makes one without frames, which is empty */
    for (uint32_t t = 1; t < spans->track_count; t++)
        for (uint32_t i = 0; i < spans->tracks[t].count; i++) {
            const struct pv_span *span = &spans->spans[spans->tracks[t].first + i];
            line.size = 0;
            pv_buffer_print(&line, "%u %u %.*s %lld %lld", t - 1, span->depth,
                            PV_TEXT_ARGS(pv_profile_name(profile, span->frame)),
                            (long long)span->begin, (long long)span->end);
            pv_buffer_char(&line, '\0');
            assert_string_equal(wanted[at++], line.data);
        }
    assert_int_equal(sizeof wanted / sizeof wanted[0], at);
    pv_buffer_free(&line);
    pv_profile_free(profile);
}

/* Random calls in calls, and what a model without any cleverness makes of them. */

enum { most_calls = 400, functions = 6 };
struct call {
    int64_t begin, end;
    uint32_t function, track;
};
struct calls {
    struct call items[most_calls];
    uint32_t count;
};

static void grow_calls(struct calls *calls, struct pv_random *random, struct call within)
{
    struct call stack[64] = {within};
    uint32_t depth = 1;
    while (depth && calls->count < most_calls) {
        struct call *top = &stack[depth - 1];
        int64_t room = top->end - top->begin;
        if (room < 3 || pv_random_below(random, 5) == 0) {
            depth--;
            continue;
        }
        struct call made = *top;
        made.begin = top->begin + 1 + pv_random_below(random, (uint32_t)(room / 2));
        made.end = made.begin + 1 + pv_random_below(random, (uint32_t)(top->end - made.begin));
        made.end = made.end > top->end ? top->end : made.end;
        made.function = pv_random_below(random, functions);
        calls->items[calls->count++] = made;
        top->begin = made.end; /* further ones come behind it */
        if (depth < 64)
            stack[depth++] = made;
    }
}

static bool is_inside(const struct call *a, const struct call *b)
{
    return a != b && a->track == b->track && a->begin >= b->begin && a->end <= b->end &&
           (a->begin > b->begin || a->end < b->end);
}

/* Sorted lines of "track;function;… self", by comparing every call with every other. */
static char *naive_stacks(const struct calls *calls)
{
    struct pv_builder *builder = new_trace(NULL);
    for (uint32_t i = 0; i < calls->count; i++) {
        const struct call *call = &calls->items[i], *path[most_calls];
        uint32_t depth = 0, frames[most_calls + 1];
        int64_t self = call->end - call->begin;
        for (uint32_t k = 0; k < calls->count; k++) {
            const struct call *other = &calls->items[k];
            bool is_direct = is_inside(other, call);
            for (uint32_t m = 0; is_direct && m < calls->count; m++)
                is_direct =
                    !(is_inside(other, &calls->items[m]) && is_inside(&calls->items[m], call));
            self -= is_direct ? other->end - other->begin : 0;
            if (is_inside(call, other))
                path[depth++] = other;
        }
        for (uint32_t k = 1; k < depth; k++) /* the longest is the outermost */
            for (uint32_t m = k; m > 0 && is_inside(path[m - 1], path[m]); m--) {
                const struct call *swap = path[m];
                path[m] = path[m - 1];
                path[m - 1] = swap;
            }
        path[depth++] = call;
        char name[32];
        for (uint32_t k = 0; k <= depth; k++) {
            int size = k ? snprintf(name, sizeof name, "f%u", path[k - 1]->function)
                         : snprintf(name, sizeof name, "t%u", call->track);
            frames[k] = pv_build_name(builder, (struct pv_text){name, (size_t)size});
        }
        pv_build_self(builder, pv_build_stack(builder, 0, frames, depth + 1, NULL), 0, self);
    }
    struct pv_profile *profile = small_finish(builder);
    char *text = small_stacks_text(profile);
    pv_profile_free(profile);
    return text;
}

static int by_begin(const void *a, const void *b)
{
    const struct call *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end < y->end) - (x->end > y->end);
}

static int by_end(const void *a, const void *b)
{
    const struct call *x = a, *y = b;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return (x->begin < y->begin) - (x->begin > y->begin);
}

static void shuffle(struct calls *calls, struct pv_random *random)
{
    for (uint32_t i = calls->count; i > 1; i--) {
        uint32_t other = pv_random_below(random, i);
        struct call swap = calls->items[i - 1];
        calls->items[i - 1] = calls->items[other];
        calls->items[other] = swap;
    }
}

enum way { BY_BEGIN, BY_END, SHUFFLED, AS_PAIRS, AS_BOTH, WAYS };

static uint32_t function_of(struct pv_builder *builder, const struct call *call)
{
    char name[32];
    int size = snprintf(name, sizeof name, "f%u", call->function);
    return pv_build_name(builder, (struct pv_text){name, (size_t)size});
}

static uint32_t thread_of(struct pv_builder *builder, const struct call *call)
{
    char name[32];
    int size = snprintf(name, sizeof name, "t%u", call->track);
    return track_of(builder, (struct pv_text){name, (size_t)size});
}

/* Enters and leaves in the order of time, an end before a begin of the same time. `every`: only
 * every so manieth call; the others are whole. */
static void add_pairs(struct pv_builder *builder, const struct calls *calls, uint32_t every)
{
    uint32_t open[most_calls], depth = 0;
    for (uint32_t i = 0; i <= calls->count; i++) {
        const struct call *call = i < calls->count ? &calls->items[i] : NULL;
        while (depth && (!call || calls->items[open[depth - 1]].track != call->track ||
                         calls->items[open[depth - 1]].end <= call->begin)) {
            const struct call *last = &calls->items[open[--depth]];
            pv_build_leave(builder, thread_of(builder, last),
                           depth % 2 ? PV_NONE : function_of(builder, last), last->end);
        }
        if (!call)
            continue;
        if (i % every) {
            pv_build_span(builder, thread_of(builder, call), function_of(builder, call),
                          call->begin, call->end - call->begin);
            continue;
        }
        pv_build_enter(builder, thread_of(builder, call), function_of(builder, call), call->begin);
        open[depth++] = i;
    }
}

static int by_track(const void *a, const void *b)
{
    const struct call *x = a, *y = b;
    return x->track != y->track ? (x->track < y->track ? -1 : 1) : by_begin(a, b);
}

static char *built_stacks(struct calls *calls, enum way way, struct pv_random *random, bool keeps)
{
    struct pv_limits limits = pv_limits_default();
    limits.keeps_spans = keeps;
    struct pv_builder *builder = new_trace(&limits);
    if (way == BY_BEGIN || way == BY_END)
        qsort(calls->items, calls->count, sizeof *calls->items, way == BY_END ? by_end : by_begin);
    else if (way == SHUFFLED)
        shuffle(calls, random);
    else
        qsort(calls->items, calls->count, sizeof *calls->items, by_track);
    for (uint32_t i = 0; i < calls->count && way < AS_PAIRS; i++) {
        const struct call *call = &calls->items[i];
        pv_build_span(builder, thread_of(builder, call), function_of(builder, call), call->begin,
                      call->end - call->begin);
    }
    if (way >= AS_PAIRS)
        add_pairs(builder, calls, way == AS_PAIRS ? 1 : 3);
    struct pv_profile *profile = small_finish(builder);
    char *text = small_stacks_text(profile);
    assert_int_equal(0, profile->note_count);
    pv_profile_free(profile);
    return text;
}

static void any_order_gives_the_same_profile(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct pv_random random = {seed};
        struct calls calls = {.count = 0};
        int64_t length = 4 + (int64_t)seed * 40;
        for (uint32_t t = 0; t < 1 + seed % 3; t++)
            grow_calls(&calls, &random, (struct call){-20, length, 0, t});
        char *wanted = naive_stacks(&calls);
        for (enum way way = BY_BEGIN; way < WAYS; way++)
            for (int keeps = 0; keeps < 2; keeps++) {
                char *got = built_stacks(&calls, way, &random, keeps);
                if (strcmp(wanted, got) != 0)
                    print_error("seed %d, way %d\n", (int)seed, (int)way);
                assert_string_equal(wanted, got);
                free(got);
            }
        free(wanted);
    }
}

/* Time in which anything is open at all, of spans sorted by their begins. */
static int64_t busy_time(const struct pv_span *spans, uint32_t count)
{
    int64_t busy = 0, until = INT64_MIN;
    for (uint32_t i = 0; i < count; i++) {
        int64_t from = spans[i].begin > until ? spans[i].begin : until;
        busy += spans[i].end > from ? spans[i].end - from : 0;
        until = spans[i].end > until ? spans[i].end : until;
    }
    return busy;
}

static void check_nesting(const struct pv_span *spans, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        assert_true(spans[i].begin <= spans[i].end);
        assert_true(i == 0 || spans[i - 1].begin <= spans[i].begin);
        assert_true(spans[i].depth <= (i ? spans[i - 1].depth + 1 : 0));
        for (uint32_t k = i; spans[i].depth && k-- > 0;)
            if (spans[k].depth < spans[i].depth) { /* the one around it */
                assert_int_equal(spans[i].depth - 1, spans[k].depth);
                assert_true(spans[i].begin >= spans[k].begin && spans[i].end <= spans[k].end);
                break;
            }
    }
}

/* Events without any sense: whatever is made of them, what is kept nests, and self is the busy
 * time. */
static void nonsense_keeps_the_invariants(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.keeps_spans = true;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct pv_random random = {seed};
        struct pv_builder *builder = new_trace(&limits);
        uint32_t kinds = 1 + pv_random_below(&random, 7);
        for (uint32_t i = 0; i < 120; i++) {
            struct call call = {.function = pv_random_below(&random, functions),
                                .track = pv_random_below(&random, 2)};
            uint32_t track = thread_of(builder, &call), frame = function_of(builder, &call);
            int64_t at = (int64_t)pv_random_below(&random, 200) - 50;
            uint32_t kind = pv_random_below(&random, 3);
            if (kind == 0 && kinds & 1)
                pv_build_enter(builder, track, frame, at);
            else if (kind == 1 && kinds & 2)
                pv_build_leave(builder, track, seed % 2 ? frame : PV_NONE, at);
            else if (kinds & 4)
                pv_build_span(builder, track, frame, at, (int64_t)pv_random_below(&random, 60) - 5);
        }
        struct pv_profile *profile = small_finish(builder);
        int64_t busy = 0;
        for (uint32_t t = 0; t < profile->spans->track_count; t++) {
            const struct pv_track *track = &profile->spans->tracks[t];
            check_nesting(profile->spans->spans + track->first, track->count);
            busy += busy_time(profile->spans->spans + track->first, track->count);
        }
        for (uint32_t i = 0; i < profile->tree->count; i++)
            assert_true(profile->tree->self[0][i] >= 0);
        assert_int_equal(profile->metrics[0].total, busy);
        pv_profile_free(profile);
    }
}

/* A thousand times the events of a block, with lines and times far apart. */
static void long_tracks_are_kept_whole(void **state)
{
    (void)state;
    enum { calls = 50000 };
    for (int way = 0; way < 3; way++) {
        struct pv_builder *builder = new_trace(NULL);
        uint32_t frame = pv_build_name(builder, PV_TEXT("f"));
        uint32_t tracks[] = {pv_build_track(builder, 0), track_of(builder, PV_TEXT("t"))};
        int64_t sum = 0;
        for (int64_t i = 0; i < calls; i++) {
            int64_t k = way == 1 ? calls - 1 - i : i, at = k * k * 7, length = k % 11;
            pv_build_event_line(builder, (uint64_t)(i * i % 1000000));
            sum += length;
            if (way < 2) {
                pv_build_span(builder, tracks[i % 3 == 0], frame, at, length);
                continue;
            }
            pv_build_enter(builder, tracks[i % 3 == 0], frame, at);
            pv_build_leave(builder, tracks[i % 3 == 0], frame, at + length);
        }
        struct pv_profile *profile = small_finish(builder);
        assert_int_equal(sum, profile->metrics[0].total);
        assert_int_equal(0, profile->note_count);
        pv_profile_free(profile);
    }
}

static int64_t value(struct pv_builder *builder, int64_t number, unsigned digits)
{
    bool fits;
    int64_t made = pv_build_value(builder, 0, (struct pv_decimal){number, digits}, &fits);
    assert_true(fits);
    return made;
}

/* Of several ends the last one counts, and none is before the last event. */
static void open_calls_last_until_the_track_ends(void **state)
{
    (void)state;
    static const struct {
        int64_t at[2], total;
    } ends[] = {{{50, 20}, 40}, {{20, 50}, 40}, {{5, -7}, 20}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (int is_late = 0; is_late < 2; is_late++) {
            struct pv_builder *builder = new_trace(NULL);
            uint32_t a = pv_build_name(builder, PV_TEXT("a")), track = pv_build_track(builder, 0);
            pv_build_track_end(builder, track, ends[i].at[0]);
            pv_build_enter(builder, track, a, is_late ? 30 : 10);
            pv_build_enter(builder, track, a, is_late ? 10 : 30);
            pv_build_track_end(builder, track, ends[i].at[1]);
            struct pv_profile *profile = small_finish(builder);
            assert_int_equal(profile->metrics[0].total, ends[i].total);
            pv_profile_free(profile);
        }
}

static void a_finer_scale_rescales_what_is_there(void **state)
{
    (void)state;
    for (int is_whole = 0; is_whole < 2; is_whole++) {
        struct pv_builder *builder = new_trace(NULL);
        uint32_t a = pv_build_name(builder, PV_TEXT("a")), b = pv_build_name(builder, PV_TEXT("b"));
        uint32_t track = pv_build_track(builder, 0);
        if (is_whole) {
            const struct pv_decimal times[][2] = {{{1, 0}, {9, 0}}, {{25, 1}, {125, 2}}};
            int64_t scaled[2];
            assert_true(pv_build_value_pair(builder, 0, times[0], scaled));
            pv_build_span(builder, track, a, scaled[0], scaled[1]);
            assert_true(pv_build_value_pair(builder, 0, times[1], scaled));
            pv_build_span(builder, track, b, scaled[0], scaled[1]);
        } else {
            pv_build_enter(builder, track, a, value(builder, 1, 0));
            pv_build_enter(builder, track, b, value(builder, 25, 1));
            pv_build_leave(builder, track, b, value(builder, 375, 2));
            pv_build_leave(builder, track, a, value(builder, 10, 0));
        }
        struct pv_profile *profile = small_finish(builder);
        char *stacks = small_stacks_text(profile);
        assert_int_equal(100, profile->metrics[0].scale);
        assert_string_equal("a 775|a;b 125", stacks);
        free(stacks);
        pv_profile_free(profile);
    }
}

static void refuse(struct pv_builder *builder, const char *word)
{
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    assert_false(pv_builder_finish(builder, &profile, &err));
    assert_non_null(strstr(err.message, word));
    pv_builder_free(builder);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct pv_builder *builder = new_trace(NULL);
    uint32_t frame = pv_build_name(builder, PV_TEXT("f")), track = pv_build_track(builder, 0);
    pv_build_enter(builder, track, frame, INT64_MAX / 4);
    pv_build_leave(builder, track, frame, value(builder, 1, 9));
    refuse(builder, "do not fit in 64 bits");

    struct pv_limits limits = pv_limits_default();
    limits.memory = 100000;
    builder = new_trace(&limits);
    frame = pv_build_name(builder, PV_TEXT("f"));
    track = pv_build_track(builder, 0);
    for (int64_t i = 0; i < 100000; i++)
        pv_build_span(builder, track, frame, i, 1);
    refuse(builder, "--max-memory");

    builder = new_trace(NULL);
    frame = pv_build_name(builder, PV_TEXT("f"));
    for (uint32_t i = 0; i < 4; i++) {
        track = pv_build_track(builder, pv_build_stack(builder, 0, &frame, i % 2, NULL));
        pv_build_span(builder, track, frame, -INT64_MAX / 2, INT64_MAX);
        pv_build_span(builder, track, frame, 0, INT64_MAX);
    }
    refuse(builder, "64 bits");
}

static void deep_calls_are_cut_visibly(void **state)
{
    (void)state;
    struct pv_limits limits = pv_limits_default();
    limits.stack_depth = 3;
    limits.keeps_spans = true;
    struct pv_builder *builder = new_trace(&limits);
    uint32_t track = pv_build_track(builder, 0);
    char name[] = "a";
    for (int64_t i = 0; i < 6; i++, name[0]++)
        pv_build_enter(builder, track, pv_build_name(builder, pv_text_of(name)), i);
    for (int64_t i = 0; i < 6; i++)
        pv_build_leave(builder, track, PV_NONE, 6 + i);
    struct pv_profile *profile = small_finish(builder);
    char *stacks = small_stacks_text(profile);
    assert_string_equal("a 2|a;b 2|a;b;c 2|a;b;c;[deeper than 3 frames] 5", stacks);
    assert_int_equal(6, profile->spans->count);
    assert_int_equal(1, profile->note_count);
    free(stacks);
    pv_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_become_stacks),
        cmocka_unit_test(kept_spans_are_in_order),
        cmocka_unit_test(any_order_gives_the_same_profile),
        cmocka_unit_test(nonsense_keeps_the_invariants),
        cmocka_unit_test(long_tracks_are_kept_whole),
        cmocka_unit_test(open_calls_last_until_the_track_ends),
        cmocka_unit_test(a_finer_scale_rescales_what_is_there),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(deep_calls_are_cut_visibly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

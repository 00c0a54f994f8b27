#include "tests/json_profile.h"
#include "tests/random_calls.h"

/* Random traces: in whatever order they come, the same profile; and whatever nonsense they are,
 * nothing breaks. */

static bool is_inside(const struct call *a, const struct call *b)
{
    return a != b && a->track == b->track && a->begin >= b->begin && a->end <= b->end &&
           (a->begin > b->begin || a->end < b->end);
}

/* Sorted lines of "track;function;… self", by comparing every call with every other. */
static char *naive_stacks(const struct calls *calls)
{
    struct pv_builder *builder = small_trace_new(NULL);
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

enum way { BY_BEGIN, BY_END, SHUFFLED, AS_PAIRS, AS_BOTH, AS_WRITTEN, WAYS };

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

/* What add_pairs does, but that the whole calls stand where they are over. */
static void add_as_written(struct pv_builder *builder, const struct calls *calls, uint32_t every)
{
    uint32_t open[most_calls], depth = 0;
    for (uint32_t i = 0; i <= calls->count; i++) {
        const struct call *call = i < calls->count ? &calls->items[i] : NULL;
        while (depth && (!call || calls->items[open[depth - 1]].track != call->track ||
                         calls->items[open[depth - 1]].end <= call->begin)) {
            uint32_t at = open[--depth];
            const struct call *last = &calls->items[at];
            if (at % every)
                pv_build_span(builder, thread_of(builder, last), function_of(builder, last),
                              last->begin, last->end - last->begin);
            else
                pv_build_leave(builder, thread_of(builder, last),
                               depth % 2 ? PV_NONE : function_of(builder, last), last->end);
        }
        if (!call)
            continue;
        if (i % every == 0)
            pv_build_enter(builder, thread_of(builder, call), function_of(builder, call),
                           call->begin);
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
    struct pv_builder *builder = small_trace_new(&limits);
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
    if (way == AS_WRITTEN)
        add_as_written(builder, calls, 3);
    else if (way >= AS_PAIRS)
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
        struct pv_builder *builder = small_trace_new(&limits);
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
        struct pv_buffer json = write_and_free(profile);
        assert_becomes(pv_buffer_text(&json), 0, pv_buffer_text(&json));
        pv_buffer_free(&json);
    }
}

/* What a program writes while it runs, by a coarse clock: whole calls when they are over, pairs at
 * both ends, and now and then something that does not fit. */
static struct pv_buffer run_program(uint64_t seed, bool keeps)
{
    enum { DEEPEST = 8, STEPS = 60 };
    struct pv_limits limits = pv_limits_default();
    limits.keeps_spans = keeps;
    struct pv_random random = {seed};
    struct pv_builder *builder = small_trace_new(&limits);
    struct call open[DEEPEST] = {{0}};
    uint32_t depth = 0, track = pv_build_track(builder, 0), steps = pv_random_below(&random, STEPS);
    uint32_t rate = 1 + pv_random_below(&random, 5);
    bool has_cpu = pv_random_below(&random, 2), is_odd = pv_random_below(&random, 4) == 0;
    int64_t now = 0, cpu = 0;
    for (uint32_t i = 0; i < steps || depth > 0; i++) {
        int64_t waited = pv_random_below(&random, rate);
        now += waited;
        cpu += waited ? pv_random_below(&random, (uint32_t)waited) : 0;
        if (has_cpu && pv_random_below(&random, 8))
            pv_build_event_cpu(builder, cpu);
        struct call *top = depth ? &open[depth - 1] : NULL;
        bool begins = i < steps && depth < DEEPEST && pv_random_below(&random, 2);
        if (is_odd && pv_random_below(&random, 20) == 0) {
            pv_build_span(builder, track, function_of(builder, &open[0]), now - 7, 7);
        } else if (begins) {
            open[depth] = (struct call){now, cpu, pv_random_below(&random, functions), 0};
            open[depth].track = pv_random_below(&random, 2); /* 1: a pair */
            if (open[depth].track)
                pv_build_enter(builder, track, function_of(builder, &open[depth]), now);
            depth++;
        } else if (top) {
            if (top->track)
                pv_build_leave(builder, track, i % 2 ? function_of(builder, top) : PV_NONE, now);
            else
                pv_build_span(builder, track, function_of(builder, top), top->begin,
                              now - top->begin);
            depth--;
        }
    }
    struct pv_profile *profile = small_finish(builder);
    profile->spans = NULL; /* only one of them has any */
    return write_and_free(profile);
}

/* Read backwards, it gives what sorting gives: spans that are kept are always sorted. */
static void what_programs_write_needs_no_sorting(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        struct pv_buffer quick = run_program(seed, false), sorted = run_program(seed, true);
        if (!pv_text_equal(pv_buffer_text(&quick), pv_buffer_text(&sorted)))
            fail_msg("seed %d: %.*s\nsorted: %.*s", (int)seed, PV_TEXT_ARGS(pv_buffer_text(&quick)),
                     PV_TEXT_ARGS(pv_buffer_text(&sorted)));
        pv_buffer_free(&quick);
        pv_buffer_free(&sorted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_gives_the_same_profile),
        cmocka_unit_test(nonsense_keeps_the_invariants),
        cmocka_unit_test(what_programs_write_needs_no_sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#ifndef PV_TESTS_RANDOM_CALLS_H
#define PV_TESTS_RANDOM_CALLS_H

#include "tests/random_profile.h"
#include "tests/small_trace.h"

/* Random calls in calls. */

enum { most_calls = 400, functions = 6 };
struct call {
    int64_t begin, end;
    uint32_t function, track;
};
struct calls {
    struct call items[most_calls];
    uint32_t count;
};

static inline void grow_calls(struct calls *calls, struct pv_random *random, struct call within)
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

static inline uint32_t function_of(struct pv_builder *builder, const struct call *call)
{
    char name[32];
    int size = snprintf(name, sizeof name, "f%u", call->function);
    return pv_build_name(builder, (struct pv_text){name, (size_t)size});
}

static inline uint32_t thread_of(struct pv_builder *builder, const struct call *call)
{
    char name[32];
    int size = snprintf(name, sizeof name, "t%u", call->track);
    return small_track(builder, (struct pv_text){name, (size_t)size});
}

#endif

#include "tests/chrome_trace_profile.h"
#include "tests/random_profile.h"

/* Events that are read at once, with what they share with the event before, against the same events
 * read member by member, which a key with an escape makes them be. */

enum { EVENTS = 400, ROUNDS = 60 };

struct event {
    const char *name, *args;
    int pid, tid, ts, dur, order;
    char phase;
    bool has_cpu, is_twice;
};

static struct event random_event(struct pv_random *random, const struct event *before, int at)
{
    static const char *const names[] = {"f",
                                        "a name of more than sixteen bytes",
                                        "a name of more than seventeen bytes",
                                        "Total f",
                                        "12345678",
                                        "1234567890123456"};
    static const char *const args[] = {
        "", ",\"args\":{\"n\":[1,{\"k\":null}],\"s\":\"\\u00e4\\n\"}", ",\"args\":{}"};
    struct event event = *before;
    event.name = names[pv_random_below(random, 6)];
    event.args = args[pv_random_below(random, 3)];
    if (pv_random_below(random, 8) == 0)
        event.tid = (int)pv_random_below(random, 3) * 6 + 1;
    if (pv_random_below(random, 32) == 0)
        event.pid = (int)pv_random_below(random, 2) + 12;
    if (pv_random_below(random, 16) == 0)
        event.order = (int)pv_random_below(random, 3);
    event.phase = "XXXBEi"[pv_random_below(random, 6)];
    event.is_twice ^= pv_random_below(random, 16) == 0;
    event.has_cpu = pv_random_below(random, 40) == 0;
    event.ts = at * 7;
    event.dur = (int)pv_random_below(random, 30);
    return event;
}

static void add_event(struct pv_buffer *out, const struct event *event, const char *key)
{
    pv_buffer_print(out, ",\n{%s", key);
    if (event->order == 0)
        pv_buffer_print(out, "\"pid\":%d,\"tid\":%d,\"ts\":%d.%03d", event->pid, event->tid,
                        event->ts, event->dur);
    else
        pv_buffer_print(out, "\"tid\" : %d, \"ts\":%d.5,\"pid\":\"%d\"", event->tid, event->ts,
                        event->pid);
    if (event->is_twice)
        pv_buffer_print(out, ",\"tid\":99");
    if (event->phase == 'X')
        pv_buffer_print(out, ",\"dur\":%d", event->dur);
    if (event->has_cpu)
        pv_buffer_print(out, ",\"tdur\":%d,\"tts\":%d", event->dur / 2, event->ts);
    pv_buffer_print(out, ",\"ph\":\"%c\",\"cat\":\"%s\",\"name\":\"%s\"%s}", event->phase,
                    event->order == 2 ? "FEE" : "c", event->name, event->args);
}

static void events_keep_only_what_is_theirs(void **state)
{
    static const size_t chunks[] = {0, 1, 300, 4096};
    (void)state;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct pv_random random = {round};
        struct pv_buffer fast = {0}, slow = {0};
        struct event event = {.pid = 1, .tid = 1};
        pv_buffer_add(&fast, PV_TEXT("[{}"));
        pv_buffer_add(&slow, PV_TEXT("[{}"));
        for (int i = 0; i < EVENTS; i++) {
            event = random_event(&random, &event, i);
            add_event(&fast, &event, "");
            add_event(&slow, &event, "\"\\u0061\":0,");
        }
        char *expected = describe_text(pv_buffer_text(&slow), 0);
        char *found = describe_text(pv_buffer_text(&fast), chunks[round % 4]);
        if (strcmp(found, expected) != 0)
            fail_msg("round %d: %s\nis not %s", (int)round, found, expected);
        free(expected);
        free(found);
        pv_buffer_free(&fast);
        pv_buffer_free(&slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_keep_only_what_is_theirs),
    };
    return cmocka_run_group_tests_name("chrome_trace_shapes", tests, NULL, NULL);
}

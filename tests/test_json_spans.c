#include "tests/json_profile.h"
#include "tests/small_trace.h"

#include <string.h>

/* Calls in time, written and read again; tests/test_spans_random.c does it for random ones. */

static const char *const traces[] = {
    "a 0 10|b 2 3|c 2 3|b 6 4|a 20 0|a 20 0",
    "@t|a 5 10|b 5 10|@s|a -3 1|b 7 100|@empty",
};

static void calls_keep_their_times(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        struct pv_profile *profile = small_trace(traces[i], true), *again = NULL;
        uint32_t count = profile->spans->count;
        struct pv_error err;
        struct pv_buffer json = write_and_free(profile);
        for (size_t chunk = 0; chunk < 8; chunk += 7)
            assert_becomes(pv_buffer_text(&json), chunk, pv_buffer_text(&json));
        assert_true(read_bytes(pv_buffer_text(&json), 0, &again, &err));
        assert_int_equal(again->spans->count, count);
        pv_profile_free(again);
        pv_buffer_free(&json);
    }
}

/* In which order a file names its threads says nothing. */
static void threads_stand_in_one_order(void **state)
{
    (void)state;
    struct pv_buffer one = write_and_free(small_trace("@t|a 5 10|b 6 1|@s|a 3 1", true));
    struct pv_buffer other = write_and_free(small_trace("@s|a 3 1|@t|a 5 10|b 6 1", true));
    assert_true(pv_text_equal(pv_buffer_text(&one), pv_buffer_text(&other)));
    pv_buffer_free(&one);
    pv_buffer_free(&other);
}

static const char head[] =
    "{\"profviz\":1,\"origin\":\"stacks\",\"metrics\":[{\"name\":\"t\"}],"
    "\"functions\":[{\"name\":\"f\"},{\"name\":\"g\"}],"
    "\"stacks\":{\"function\":[null,0],\"parent\":[null,0],\"self\":[[0,4]]},\"spans\":{";

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *spans, *why;
    } rows[] = {
        {"\"track\":[0],\"calls\":[1],\"function\":[0],\"depth\":[0],\"at\":[5],\"length\":[9]",
         NULL},
        {"\"track\":[0],\"calls\":[2],\"function\":[0,1],\"depth\":[0,1],\"at\":[5,4],"
         "\"length\":[9,5]",
         NULL},
        {"\"track\":[0,0],\"calls\":[1],\"function\":[0],\"depth\":[0],\"at\":[5],\"length\":[9]",
         "one item a track"},
        {"\"track\":[0],\"calls\":[1],\"function\":[0],\"depth\":[0],\"at\":[5,1],\"length\":[9]",
         "a begin and a length"},
        {"\"track\":[0],\"calls\":[2],\"function\":[0],\"depth\":[0],\"at\":[5],\"length\":[9]",
         "do not add up"},
        {"\"track\":[2],\"calls\":[1],\"function\":[0],\"depth\":[0],\"at\":[5],\"length\":[9]",
         "node does not exist"},
        {"\"track\":[0],\"calls\":[1],\"function\":[2],\"depth\":[0],\"at\":[5],\"length\":[9]",
         "function 2 is named"},
        {"\"track\":[0],\"calls\":[1],\"function\":[0],\"depth\":[1],\"at\":[5],\"length\":[9]",
         "within each other"},
        {"\"track\":[0],\"calls\":[2],\"function\":[0,1],\"depth\":[0,1],\"at\":[5,4],"
         "\"length\":[9,6]",
         "within each other"},
        {"\"track\":[0],\"calls\":[2],\"function\":[0,1],\"depth\":[0,0],\"at\":[5,4],"
         "\"length\":[9,6]",
         "within each other"},
        {"\"track\":[0],\"calls\":[1],\"function\":[0],\"depth\":[0],\"at\":[5],\"length\":[-1]",
         "out of range"},
        {"\"track\":[0],\"calls\":[1],\"function\":[0],\"depth\":[0],"
         "\"at\":[4611686018427387903],\"length\":[1]",
         "within each other"},
        {"\"calls\":[1],\"function\":[0],\"depth\":[0],\"at\":[5],\"length\":[9]",
         "one item a track"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pv_buffer text = {0};
        struct pv_profile *profile = NULL;
        struct pv_error err = {0};
        pv_buffer_print(&text, "%s%s}}", head, rows[i].spans);
        bool is_read = read_bytes(pv_buffer_text(&text), 0, &profile, &err);
        if (is_read != !rows[i].why || (!is_read && !strstr(err.message, rows[i].why)))
            fail_msg("%s: %s", rows[i].spans, is_read ? "read" : err.message);
        pv_profile_free(profile);
        pv_buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_keep_their_times),
        cmocka_unit_test(threads_stand_in_one_order),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

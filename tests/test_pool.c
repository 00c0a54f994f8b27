#include "cli/pool.h"

#include "tests/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JOBS = 12 };

struct seen {
    enum pv_pool_end ends[JOBS];
    size_t sizes[JOBS];
    char first[JOBS];
    unsigned times[JOBS];
};

/* What each job does is told by its number. */
static bool run(void *context, size_t index, struct pv_buffer *result)
{
    (void)context;
    switch (index) {
    case 1:
        abort();
    case 2:
        pv_buffer_add(result, PV_TEXT("why"));
        return false;
    case 3:
        _exit(0); /* says that it is done, and is not */
    case 4:
        raise(SIGKILL);
        break;
    case 5:
        memset(pv_buffer_reserve(result, 1 << 20), 'x', 1 << 20);
        result->size = 1 << 20;
        return true;
    case 6:
        memset(pv_buffer_reserve(result, PV_POOL_MOST + 2), 'x', PV_POOL_MOST + 2);
        result->size = PV_POOL_MOST + 2;
        return true;
    default:
        break;
    }
    pv_buffer_char(result, (char)('a' + index));
    return true;
}

static void take(void *context, size_t index, enum pv_pool_end end, struct pv_text result)
{
    struct seen *seen = context;
    seen->ends[index] = end;
    seen->sizes[index] = result.size;
    seen->first[index] = result.size ? result.data[0] : 0;
    seen->times[index]++;
}

static void check(unsigned processes)
{
    struct seen seen = {0};
    const struct pv_pool pool = {
        .count = JOBS, .processes = processes, .run = run, .take = take, .context = &seen};
    pv_pool_run(&pool);
    for (size_t i = 0; i < JOBS; i++) {
        enum pv_pool_end wanted = i == 1 || i == 4 ? PV_POOL_CRASHED
                                  : i == 2         ? PV_POOL_FAILED
                                  : i == 6         ? PV_POOL_TOO_MUCH
                                                   : PV_POOL_DONE;
        assert_int_equal(seen.times[i], 1);
        assert_int_equal(seen.ends[i], wanted);
        if (wanted == PV_POOL_DONE && i != 3 && i != 5)
            assert_int_equal(seen.first[i], 'a' + (int)i);
    }
    assert_int_equal(seen.sizes[3], 0);
    assert_int_equal(seen.sizes[5], 1 << 20);
    assert_int_equal(seen.first[2], 'w');
}

static void one_after_the_other(void **state)
{
    (void)state;
    check(1);
}

static void side_by_side(void **state)
{
    (void)state;
    check(3);
    check(JOBS * 2);
}

static bool spin(void *context, size_t index, struct pv_buffer *result)
{
    volatile const bool *forever = context;
    (void)index;
    (void)result;
    while (*forever)
        ;
    return true;
}

static void take_end(void *context, size_t index, enum pv_pool_end end, struct pv_text result)
{
    (void)context;
    (void)result;
    assert_int_equal(end, index ? PV_POOL_DONE : PV_POOL_TOO_LONG);
}

static void too_long(void **state)
{
    (void)state;
    bool forever = true;
    const struct pv_pool pool = {.count = 1,
                                 .processes = 1,
                                 .cpu_seconds = 1,
                                 .run = spin,
                                 .take = take_end,
                                 .context = &forever};
    pv_pool_run(&pool);
}

static void nothing(void **state)
{
    (void)state;
    const struct pv_pool pool = {.processes = 2, .run = run, .take = take};
    pv_pool_run(&pool);
    assert_true(pv_pool_processors() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(side_by_side),
        cmocka_unit_test(too_long),
        cmocka_unit_test(nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

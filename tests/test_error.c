#include "model/error.h"

#include "tests/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void a_failure_is_filled_in(void **state)
{
    struct pv_error err = {0};
    struct pv_where where = {"a.folded", 12, 345};
    (void)state;
    assert_false(pv_fail(&err, PV_LIMIT, where, "%s: %d of %d", "too many", 3, 2));
    assert_int_equal(err.code, PV_LIMIT);
    assert_string_equal(err.where.source, "a.folded");
    assert_int_equal(err.where.line, 12);
    assert_int_equal(err.where.offset, 345);
    assert_string_equal(err.message, "too many: 3 of 2");
}

static void a_failure_can_quote_itself(void **state)
{
    struct pv_error err = {0};
    (void)state;
    pv_fail(&err, PV_USAGE, (struct pv_where){0}, "inner");
    pv_fail(&err, PV_INPUT_FAILED, (struct pv_where){0}, "outer: %s", err.message);
    assert_string_equal(err.message, "outer: inner");
}

static void a_long_message_is_cut(void **state)
{
    struct pv_error err = {0};
    (void)state;
    pv_fail(&err, PV_USAGE, (struct pv_where){0}, "%*s", 1000, "x");
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

static void cleanup(void)
{
    ssize_t written = write(STDERR_FILENO, "cleaned. ", 9);
    (void)written;
}

/* Runs pv_oom in a child whose stderr is a pipe; returns its exit status. */
static int run_oom(char *said, size_t size)
{
    int ends[2], status = 0;
    size_t got = 0;
    ssize_t part;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        pv_oom_hook(cleanup);
        pv_oom(4096);
    }
    close(ends[1]);
    while (got + 1 < size && (part = read(ends[0], said + got, size - 1 - got)) > 0)
        got += (size_t)part;
    said[got] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void no_memory_ends_the_program(void **state)
{
    char said[256];
    (void)state;
    assert_int_equal(run_oom(said, sizeof said), 1);
    assert_non_null(strstr(said, "cleaned. profviz: out of memory (4096 bytes"));
}

static void blocks_are_never_null(void **state)
{
    unsigned char *block = pv_zalloc(100, 10);
    (void)state;
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(block[i], 0);
    memset(block, 7, 1000);
    block = pv_resize(block, 2000);
    assert_int_equal(block[999], 7);
    free(block);
    void *none[] = {pv_alloc(0), pv_zalloc(0, 8), pv_zalloc(8, 0), pv_resize(NULL, 0)};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_non_null(none[i]);
        free(none[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_filled_in), cmocka_unit_test(a_failure_can_quote_itself),
        cmocka_unit_test(a_long_message_is_cut),  cmocka_unit_test(no_memory_ends_the_program),
        cmocka_unit_test(blocks_are_never_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

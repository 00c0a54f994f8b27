#include "cli/pool.h"

#include "model/error.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 64, CHUNK = 64 << 10 };

/* One process: `pid` 0 where the place is free. */
struct place {
    pid_t pid;
    int from; /* where its result comes from */
    size_t index;
    struct pv_buffer result;
    bool is_too_much;
};

struct running {
    const struct pv_pool *pool;
    struct place *places;
    struct pollfd *polls;
    size_t next;
    unsigned busy;
};

unsigned pv_pool_processors(void)
{
    enum { most = 256 };
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > most ? most : (unsigned)count;
}

static bool send_all(int to, struct pv_text bytes)
{
    while (bytes.size) {
        ssize_t written = write(to, bytes.data, bytes.size);
        if (written <= 0 && errno != EINTR)
            return false;
        bytes = pv_text_slice(bytes, written > 0 ? (size_t)written : 0, bytes.size);
    }
    return true;
}

/* The child ends here, without what a program does at its end: that is the parent's. */
static _Noreturn void work(const struct running *running, size_t index, int to)
{
    const struct pv_pool *pool = running->pool;
    struct pv_buffer result = {0};
    for (unsigned i = 0; i < pool->processes; i++)
        if (running->places[i].pid)
            close(running->places[i].from);
    if (pool->cpu_seconds) {
        const struct rlimit limit = {.rlim_cur = pool->cpu_seconds,
                                     .rlim_max = pool->cpu_seconds + 1};
        signal(SIGXCPU, SIG_DFL);
        setrlimit(RLIMIT_CPU, &limit);
    }
    bool is_fine = pool->run(pool->context, index, &result);
    bool is_sent = send_all(to, pv_buffer_text(&result));
    _exit(!is_sent ? 1 : is_fine ? EXIT_DONE : EXIT_FAILED);
}

static bool begin(struct running *running, struct place *place)
{
    int ends[2];
    size_t index = running->next;
    if (pipe(ends) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        work(running, index, ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    *place = (struct place){.pid = pid, .from = ends[0], .index = index};
    running->busy++;
    return true;
}

/* A free place for each job that is left. One that cannot be begun while nothing runs never will.
 */
static void fill(struct running *running)
{
    const struct pv_pool *pool = running->pool;
    for (unsigned i = 0; i < pool->processes && running->next < pool->count; i++) {
        if (running->places[i].pid)
            continue;
        if (begin(running, &running->places[i]))
            running->next++;
        else if (running->busy)
            return;
        else
            pool->take(pool->context, running->next++, PV_POOL_NO_PROCESS, (struct pv_text){0});
    }
}

static enum pv_pool_end end_of(const struct place *place, int status)
{
    if (place->is_too_much)
        return PV_POOL_TOO_MUCH;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGXCPU ? PV_POOL_TOO_LONG : PV_POOL_CRASHED;
    return WEXITSTATUS(status) == EXIT_DONE     ? PV_POOL_DONE
           : WEXITSTATUS(status) == EXIT_FAILED ? PV_POOL_FAILED
                                                : PV_POOL_CRASHED;
}

static void finish(struct running *running, struct place *place)
{
    const struct pv_pool *pool = running->pool;
    int status = 0;
    close(place->from);
    while (waitpid(place->pid, &status, 0) < 0 && errno == EINTR)
        ;
    pool->take(pool->context, place->index, end_of(place, status), pv_buffer_text(&place->result));
    pv_buffer_free(&place->result);
    *place = (struct place){0};
    running->busy--;
}

static void receive(struct running *running, struct place *place)
{
    char *to = pv_buffer_reserve(&place->result, CHUNK);
    ssize_t size = read(place->from, to, CHUNK);
    if (size > 0)
        place->result.size += (size_t)size;
    if (place->result.size > PV_POOL_MOST && !place->is_too_much) {
        place->is_too_much = true;
        kill(place->pid, SIGKILL);
    }
    if (place->is_too_much)
        place->result.size = 0;
    if (size == 0 || (size < 0 && errno != EINTR))
        finish(running, place);
}

static void wait_for_any(struct running *running)
{
    nfds_t count = 0;
    for (unsigned i = 0; i < running->pool->processes; i++)
        if (running->places[i].pid)
            running->polls[count++] =
                (struct pollfd){.fd = running->places[i].from, .events = POLLIN};
    if (poll(running->polls, count, -1) <= 0)
        return;
    for (unsigned i = 0; i < running->pool->processes; i++)
        for (nfds_t at = 0; at < count && running->places[i].pid; at++)
            if (running->polls[at].fd == running->places[i].from && running->polls[at].revents) {
                running->polls[at].revents = 0;
                receive(running, &running->places[i]);
                break;
            }
}

void pv_pool_run(const struct pv_pool *pool)
{
    struct running running = {.pool = pool,
                              .places = pv_zalloc(pool->processes, sizeof *running.places),
                              .polls = pv_zalloc(pool->processes, sizeof *running.polls)};
    fill(&running);
    while (running.busy) {
        wait_for_any(&running);
        fill(&running);
    }
    free(running.places);
    free(running.polls);
}

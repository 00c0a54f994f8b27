#include "formats/chrome_trace.h"

#include "model/error.h"

#include <stdlib.h>

/* Processes, threads and what they are called, which may be told anywhere in the file: the outer
 * frames of all tracks are made when everything has been read. */

static struct pv_chrome_process *process_at(const struct pv_chrome *chrome, uint32_t i)
{
    return (struct pv_chrome_process *)chrome->processes.rows + i;
}

static struct pv_chrome_thread *thread_at(const struct pv_chrome *chrome, uint32_t i)
{
    return (struct pv_chrome_thread *)chrome->threads.rows + i;
}

static uint32_t process_of(struct pv_chrome *chrome, pv_str pid)
{
    bool is_new = false;
    uint32_t at = pv_chrome_put(chrome, &chrome->process_of, pid, chrome->processes.count, &is_new);
    struct pv_chrome_process *process =
        is_new ? pv_chrome_add(chrome, &chrome->processes, sizeof *process) : NULL;
    if (process)
        process->pid = pid;
    return at;
}

static uint32_t add_thread(struct pv_chrome *chrome, struct pv_map *map, pv_str pid, pv_str tid)
{
    bool is_new = false;
    uint32_t process = process_of(chrome, pid);
    uint32_t at =
        pv_chrome_put(chrome, map, pv_chrome_key(pid, tid), chrome->threads.count, &is_new);
    struct pv_chrome_thread *thread =
        is_new ? pv_chrome_add(chrome, &chrome->threads, sizeof *thread) : NULL;
    if (thread)
        *thread = (struct pv_chrome_thread){
            .process = process, .tid = tid, .is_async = map == &chrome->group_of, .track = PV_NONE};
    return at;
}

uint32_t pv_chrome_thread(struct pv_chrome *chrome, pv_str pid, pv_str tid)
{
    uint64_t key = pv_chrome_key(pid, tid);
    if (key != chrome->last_key || chrome->threads.count == 0) {
        chrome->last_thread = add_thread(chrome, &chrome->thread_of, pid, tid);
        chrome->last_key = key;
        chrome->last_track = PV_NONE;
    }
    return chrome->last_thread;
}

uint32_t pv_chrome_new_track(struct pv_chrome *chrome, pv_str pid, pv_str tid)
{
    uint32_t thread = pv_chrome_thread(chrome, pid, tid);
    if (!pv_builder_is_ok(chrome->builder))
        return 0;
    struct pv_chrome_thread *at = thread_at(chrome, thread);
    if (at->track == PV_NONE) {
        at->track = pv_build_new_track(chrome->builder);
        at->is_used = true;
    }
    chrome->last_track = at->track;
    return at->track;
}

/* Asynchronous events belong together by category, scope and id, in their process. */
uint32_t pv_chrome_async_track(struct pv_chrome *chrome, const struct pv_chrome_event *event)
{
    bool is_new = false;
    uint32_t thread = add_thread(chrome, &chrome->group_of, event->pid, event->category);
    uint32_t id = pv_chrome_put(chrome, &chrome->scoped_id, pv_chrome_key(event->scope, event->id),
                                chrome->scoped_id.count, &is_new);
    uint64_t key = pv_chrome_key(thread, id);
    const uint32_t *known = pv_map_get(&chrome->async_of, key);
    if (known || !pv_builder_is_ok(chrome->builder))
        return known ? *known : 0;
    struct pv_chrome_async *async = pv_chrome_add(chrome, &chrome->asyncs, sizeof *async);
    if (!async)
        return 0;
    *async = (struct pv_chrome_async){thread, pv_build_new_track(chrome->builder)};
    thread_at(chrome, thread)->is_used = true;
    return pv_chrome_put(chrome, &chrome->async_of, key, async->track, &is_new);
}

void pv_chrome_metadata(struct pv_chrome *chrome, const struct pv_chrome_event *event)
{
    struct pv_text what = pv_build_text_bytes(chrome->builder, event->name);
    bool is_process = pv_text_equal(what, PV_TEXT("process_name"));
    if (!event->args_name || (!is_process && !pv_text_equal(what, PV_TEXT("thread_name"))))
        return;
    uint32_t at = is_process ? process_of(chrome, event->pid)
                             : pv_chrome_thread(chrome, event->pid, event->tid);
    if (!pv_builder_is_ok(chrome->builder))
        return;
    *(is_process ? &process_at(chrome, at)->name : &thread_at(chrome, at)->name) = event->args_name;
}

/* What a process or thread is called: "thread worker", "thread 17" where it has no name, "thread
 * worker (17)" where others have the same. */
static uint32_t make_frame(struct pv_chrome *chrome, const char *kind, pv_str name, pv_str id,
                           bool is_ambiguous)
{
    bool is_process = kind[0] == 'p';
    struct pv_buffer label = {0};
    pv_buffer_print(&label, "%s ", kind);
    if (name)
        pv_buffer_add(&label, pv_build_text_bytes(chrome->builder, name));
    if (name && is_ambiguous)
        pv_buffer_add(&label, PV_TEXT(" ("));
    if (!name || is_ambiguous)
        pv_buffer_add(&label,
                      id ? pv_build_text_bytes(chrome->builder, id) : PV_TEXT("without id"));
    if (name && is_ambiguous)
        pv_buffer_add(&label, PV_TEXT(")"));
    struct pv_frame_info info = {
        .name = pv_buffer_text(&label),
        .flags = is_process ? PV_FRAME_PROCESS : PV_FRAME_THREAD,
    };
    uint32_t frame = pv_build_frame(chrome->builder, &info);
    pv_buffer_free(&label);
    return frame;
}

/* How many of the used ones share a name: processes among all, threads in their process. */
struct census {
    struct pv_map processes, threads; /* name; process and name → how many */
    uint32_t process_count, thread_count;
};

static void count(struct pv_chrome *chrome, struct pv_map *map, uint64_t key)
{
    bool is_new = false;
    uint32_t *counted = pv_map_put(map, key, 0, &is_new, &chrome->budget);
    if (counted)
        ++*counted;
}

static bool is_several(const struct pv_map *map, uint64_t key)
{
    const uint32_t *counted = pv_map_get(map, key);
    return counted && *counted > 1;
}

static void take_census(struct pv_chrome *chrome, struct census *census)
{
    for (uint32_t i = 0; i < chrome->threads.count; i++) {
        const struct pv_chrome_thread *thread = thread_at(chrome, i);
        if (!thread->is_used)
            continue;
        census->thread_count++;
        process_at(chrome, thread->process)->is_used = true;
        if (!thread->is_async)
            count(chrome, &census->threads, pv_chrome_key(thread->process, thread->name));
    }
    for (uint32_t i = 0; i < chrome->processes.count; i++) {
        const struct pv_chrome_process *process = process_at(chrome, i);
        census->process_count += process->is_used;
        if (process->is_used)
            count(chrome, &census->processes, process->name);
    }
}

static void place_process(struct pv_chrome *chrome, const struct census *census, uint32_t i)
{
    struct pv_chrome_process *process = process_at(chrome, i);
    if (!process->is_used || census->process_count < 2)
        return;
    uint32_t frame = make_frame(chrome, "process", process->name, process->pid,
                                is_several(&census->processes, process->name));
    process->node = pv_build_stack(chrome->builder, 0, &frame, 1, NULL);
}

static void place_thread(struct pv_chrome *chrome, const struct census *census, uint32_t i)
{
    struct pv_chrome_thread *thread = thread_at(chrome, i);
    if (!thread->is_used || census->thread_count < 2)
        return;
    pv_str name = thread->is_async ? thread->tid : thread->name;
    uint64_t key = pv_chrome_key(thread->process, name);
    uint32_t frame = make_frame(chrome, thread->is_async ? "async" : "thread", name, thread->tid,
                                !thread->is_async && is_several(&census->threads, key));
    uint32_t node = process_at(chrome, thread->process)->node;
    thread->node = pv_build_stack(chrome->builder, node, &frame, 1, NULL);
    if (thread->track != PV_NONE)
        pv_build_place_track(chrome->builder, thread->track, thread->node);
}

/* A trace of one thread needs no frame that says so; one of one process no frame for that. */
void pv_chrome_threads_settle(struct pv_chrome *chrome)
{
    struct census census = {0};
    take_census(chrome, &census);
    for (uint32_t i = 0; i < chrome->processes.count; i++)
        place_process(chrome, &census, i);
    for (uint32_t i = 0; i < chrome->threads.count; i++)
        place_thread(chrome, &census, i);
    for (uint32_t i = 0; i < chrome->asyncs.count; i++) {
        const struct pv_chrome_async *async = (struct pv_chrome_async *)chrome->asyncs.rows + i;
        pv_build_place_track(chrome->builder, async->track, thread_at(chrome, async->thread)->node);
    }
    pv_map_free(&census.processes);
    pv_map_free(&census.threads);
}

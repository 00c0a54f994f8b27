#include "formats/mojo_parts.h"

#include "model/number.h"

#include <stdlib.h>

enum { UNKNOWN_STRING = 1 };

static void fail_memory(struct pv_mojo *mojo)
{
    pv_mojo_fail(mojo, PV_LIMIT, "the samples need more than --max-memory allows");
}

static bool put(struct pv_mojo *mojo, struct pv_map *map, uint64_t key, uint32_t value)
{
    bool is_new;
    uint32_t *at = pv_map_put(map, key, value, &is_new, &mojo->budget);
    if (at)
        *at = value;
    else
        fail_memory(mojo);
    return at != NULL;
}

static void enter_process(struct pv_mojo *mojo, uint64_t number)
{
    bool is_new;
    uint32_t *at =
        pv_map_put(&mojo->process_of, number, mojo->process_count, &is_new, &mojo->budget);
    uint32_t index = at ? *at : 0;
    void *processes = mojo->processes;
    if (!at ||
        (is_new && !pv_grow(&processes, &mojo->process_capacity, (uint64_t)mojo->process_count + 1,
                            sizeof *mojo->processes, &mojo->budget))) {
        fail_memory(mojo);
        return;
    }
    mojo->processes = processes;
    if (is_new)
        mojo->processes[mojo->process_count++] = (struct pv_mojo_process){0};
    mojo->process = &mojo->processes[index];
}

static uint32_t outer_node(struct pv_mojo *mojo, uint64_t process, uint64_t interpreter,
                           struct pv_text thread)
{
    uint32_t frames[2];
    uint64_t number;
    struct pv_buffer name = {0};
    pv_buffer_print(&name, "P%llu", (unsigned long long)process);
    struct pv_frame_info info = {.name = pv_buffer_text(&name), .flags = PV_FRAME_PROCESS};
    frames[0] = pv_build_frame(mojo->builder, &info);
    name.size = 0;
    pv_buffer_char(&name, 'T');
    if (mojo->version >= PV_MOJO_INTERPRETERS)
        pv_buffer_print(&name, "%llu:", (unsigned long long)interpreter);
    if (pv_parse_hex(thread, &number))
        pv_buffer_print(&name, "%llu", (unsigned long long)number);
    else
        pv_buffer_add(&name, thread);
    info = (struct pv_frame_info){.name = pv_buffer_text(&name), .flags = PV_FRAME_THREAD};
    frames[1] = pv_build_frame(mojo->builder, &info);
    pv_buffer_free(&name);
    return pv_build_stack(mojo->builder, 0, frames, 2, NULL);
}

static void enter_thread(struct pv_mojo *mojo, uint32_t node)
{
    bool is_new;
    uint32_t *at = pv_map_put(&mojo->thread_of, node, mojo->thread_count, &is_new, &mojo->budget);
    uint32_t index = at ? *at : 0;
    void *threads = mojo->threads;
    if (!at ||
        (is_new && !pv_grow(&threads, &mojo->thread_capacity, (uint64_t)mojo->thread_count + 1,
                            sizeof *mojo->threads, &mojo->budget))) {
        fail_memory(mojo);
        return;
    }
    mojo->threads = threads;
    if (is_new)
        mojo->threads[mojo->thread_count++] = (struct pv_mojo_thread){node, node};
    mojo->sample.thread = &mojo->threads[index];
    mojo->sample.base = node;
}

/* One index for a function and a line of it. */
static uint32_t add_frame(struct pv_mojo *mojo, const struct pv_frame_info *info, uint32_t line)
{
    bool is_new;
    uint32_t frame = pv_build_frame(mojo->builder, info);
    uint32_t *at = pv_map_put(&mojo->frame_of, (uint64_t)frame << 32 | line, mojo->frame_count,
                              &is_new, &mojo->budget);
    uint32_t index = at ? *at : 0;
    void *frames = mojo->frames;
    if (!at || !pv_grow(&frames, &mojo->frame_capacity, (uint64_t)mojo->frame_count + 1,
                        sizeof *mojo->frames, &mojo->budget)) {
        fail_memory(mojo);
        return PV_NONE;
    }
    mojo->frames = frames;
    if (is_new)
        mojo->frames[mojo->frame_count++] = (struct pv_mojo_frame){frame, line};
    return index;
}

static struct pv_text text_of(struct pv_mojo *mojo, uint64_t key)
{
    const uint32_t *id = pv_map_get(&mojo->process->strings, key);
    if (id)
        return pv_build_text_bytes(mojo->builder, *id);
    return (struct pv_text){0};
}

void pv_mojo_string(struct pv_mojo *mojo, uint64_t key, struct pv_text text)
{
    if (mojo->process)
        put(mojo, &mojo->process->strings, key, pv_build_text(mojo->builder, text));
}

/* Lines of one function are one function; which one ran is kept beside it. */
void pv_mojo_frame(struct pv_mojo *mojo, uint64_t key, uint64_t file, uint64_t scope, int64_t line)
{
    if (!mojo->process)
        return;
    struct pv_text name = text_of(mojo, scope);
    bool is_unknown = name.size == 0 || scope == UNKNOWN_STRING;
    struct pv_frame_info info = {.name = is_unknown ? PV_TEXT("[unknown]") : name,
                                 .file = text_of(mojo, file),
                                 .flags = is_unknown ? PV_FRAME_UNKNOWN : 0};
    uint32_t number = line > 0 && line < UINT32_MAX ? (uint32_t)line : 0;
    uint32_t frame = add_frame(mojo, &info, number);
    if (frame != PV_NONE)
        put(mojo, &mojo->process->frames, key, frame);
}

/* ---- Samples ---- */

static void push(struct pv_mojo *mojo, uint32_t frame)
{
    struct pv_mojo_sample *sample = &mojo->sample;
    void *frames = sample->frames;
    if (frame == PV_NONE || !sample->thread)
        return;
    bool grown = pv_grow(&frames, &sample->capacity, (uint64_t)sample->count + 1,
                         sizeof *sample->frames, &mojo->budget);
    sample->frames = frames;
    if (grown)
        sample->frames[sample->count++] = frame;
    else
        fail_memory(mojo);
}

void pv_mojo_named(struct pv_mojo *mojo, struct pv_text name, uint32_t flags)
{
    struct pv_frame_info info = {.name = name, .flags = flags};
    push(mojo, add_frame(mojo, &info, 0));
}

void pv_mojo_reference(struct pv_mojo *mojo, uint64_t key)
{
    const uint32_t *frame = mojo->process ? pv_map_get(&mojo->process->frames, key) : NULL;
    if (frame)
        push(mojo, *frame);
    else
        pv_mojo_named(mojo, PV_TEXT("[unknown]"), PV_FRAME_UNKNOWN);
}

void pv_mojo_again(struct pv_mojo *mojo)
{
    struct pv_mojo_sample *sample = &mojo->sample;
    if (sample->thread && sample->count == 0)
        sample->base = sample->thread->last;
}

static bool is_kernel(const struct pv_mojo *mojo, uint32_t frame)
{
    return pv_build_frame_at(mojo->builder, mojo->frames[frame].frame)->flags & PV_FRAME_KERNEL;
}

/* The node that `count` frames of the sample from `from` on lead to. */
static uint32_t walk(struct pv_mojo *mojo, uint32_t node, uint32_t from, uint32_t count)
{
    enum { PART = 256 };
    uint32_t frames[PART];
    while (count > 0) {
        uint32_t part = count < PART ? count : PART;
        for (uint32_t i = 0; i < part; i++)
            frames[i] = mojo->frames[mojo->sample.frames[from + i]].frame;
        node = pv_build_stack(mojo->builder, node, frames, part, NULL);
        from += part;
        count -= part;
    }
    return node;
}

static uint32_t sample_node(struct pv_mojo *mojo)
{
    struct pv_mojo_sample *sample = &mojo->sample;
    uint32_t own = sample->count;
    while (own > 0 && is_kernel(mojo, sample->frames[own - 1]))
        own--;
    sample->thread->last = walk(mojo, sample->base, 0, own);
    return walk(mojo, sample->thread->last, own, sample->count - own);
}

static void add_value(struct pv_mojo *mojo, uint32_t node, uint32_t metric, int64_t value)
{
    const struct pv_mojo_sample *sample = &mojo->sample;
    const struct pv_mojo_frame *leaf =
        sample->count ? &mojo->frames[sample->frames[sample->count - 1]] : NULL;
    pv_build_self(mojo->builder, node, metric, value);
    if (leaf && leaf->line)
        pv_build_line(mojo->builder, leaf->frame, 0, leaf->line, metric, value);
}

/* A sample ends where the next one begins, or the file; one that the file's end cut off has no
 * cost. */
void pv_mojo_end(struct pv_mojo *mojo)
{
    struct pv_mojo_sample *sample = &mojo->sample;
    if (sample->thread && sample->has_cost && pv_builder_is_ok(mojo->builder)) {
        uint32_t node = sample_node(mojo);
        mojo->samples++;
        if (!mojo->is_memory)
            add_value(mojo, node, 0, sample->time);
        if (mojo->is_full)
            add_value(mojo, node, 1, sample->is_idle ? 0 : sample->time);
        if (mojo->is_full || mojo->is_memory)
            add_value(mojo, node, mojo->is_full ? 2 : 0, sample->memory);
    }
    sample->thread = NULL;
    sample->count = 0;
    sample->time = sample->memory = 0;
    sample->has_cost = sample->is_idle = false;
}

void pv_mojo_begin(struct pv_mojo *mojo, uint64_t process, uint64_t interpreter,
                   struct pv_text thread)
{
    if (!pv_builder_is_ok(mojo->builder))
        return;
    uint32_t node = outer_node(mojo, process, interpreter, thread);
    enter_process(mojo, process);
    if (pv_builder_is_ok(mojo->builder))
        enter_thread(mojo, node);
}

void pv_mojo_declare(struct pv_mojo *mojo)
{
    if (!mojo->is_memory)
        pv_build_metric(mojo->builder, PV_TEXT("time"), PV_UNIT_NS, false);
    if (mojo->is_full)
        pv_build_metric(mojo->builder, PV_TEXT("cpu"), PV_UNIT_NS, false);
    if (mojo->is_full || mojo->is_memory)
        pv_build_metric(mojo->builder, PV_TEXT("memory"), PV_UNIT_BYTES, true);
}

void pv_mojo_free(struct pv_mojo *mojo)
{
    for (uint32_t i = 0; i < mojo->process_count; i++) {
        pv_map_free(&mojo->processes[i].strings);
        pv_map_free(&mojo->processes[i].frames);
    }
    pv_map_free(&mojo->process_of);
    pv_map_free(&mojo->thread_of);
    pv_map_free(&mojo->frame_of);
    free(mojo->processes);
    free(mojo->threads);
    free(mojo->frames);
    free(mojo->sample.frames);
    pv_builder_free(mojo->builder);
}

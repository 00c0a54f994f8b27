#include "formats/chrome_trace.h"

#include "formats/sample_spans.h"
#include "formats/v8_tree.h"
#include "model/error.h"
#include "model/sort.h"

#include <stdlib.h>

/* Samples: those of "samples" and of phase P, whose stacks "stackFrames" tells, and V8's CPU
 * profiles, which come in chunks. A sample is taken to last until the next one of its sampler. */

static struct pv_chrome_stack *stack_at(const struct pv_chrome *chrome, uint32_t i)
{
    return (struct pv_chrome_stack *)chrome->stacks.rows + i;
}

static struct pv_chrome_sampler *sampler_at(const struct pv_chrome *chrome, uint32_t i)
{
    return (struct pv_chrome_sampler *)chrome->samplers.rows + i;
}

static struct pv_chrome_sample *sample_at(const struct pv_chrome *chrome, uint32_t i)
{
    return (struct pv_chrome_sample *)chrome->samples.rows + i;
}

static uint32_t unknown_frame(struct pv_chrome *chrome)
{
    return pv_build_frame(chrome->builder, &(struct pv_frame_info){.flags = PV_FRAME_UNKNOWN});
}

/* The stack of this key, whose frame is told later or not at all; NULL where memory is used up. */
static struct pv_chrome_stack *stack_of(struct pv_chrome *chrome, struct pv_map *map, uint64_t key,
                                        uint32_t *index)
{
    bool is_new = false;
    *index = pv_chrome_put(chrome, map, key, chrome->stacks.count, &is_new);
    if (!pv_builder_is_ok(chrome->builder))
        return NULL;
    if (!is_new)
        return stack_at(chrome, *index);
    struct pv_chrome_stack *stack = pv_chrome_add(chrome, &chrome->stacks, sizeof *stack);
    if (stack)
        *stack = (struct pv_chrome_stack){.frame = unknown_frame(chrome), .parent = PV_NONE};
    return stack;
}

/* {"name": …, "category": …, "parent": …} */
static void read_stack(struct pv_chrome *chrome, pv_str key)
{
    static const char *const keys[] = {"name", "parent", NULL};
    uint32_t index, parent = PV_NONE, frame = PV_NONE;
    struct pv_text text;
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return;
    pv_json_object(chrome->json);
    for (int member; (member = pv_json_field(chrome->json, keys)) >= 0;) {
        if (member == 1) {
            pv_str id = pv_chrome_id(chrome, NULL);
            if (id)
                stack_of(chrome, &chrome->stack_of, id, &parent);
        } else if (pv_chrome_text(chrome, &text)) {
            frame = pv_build_name(chrome->builder, text);
        }
    }
    struct pv_chrome_stack *stack = stack_of(chrome, &chrome->stack_of, key, &index);
    if (!stack)
        return;
    stack->parent = parent;
    stack->frame = frame == PV_NONE ? stack->frame : frame;
}

void pv_chrome_read_stacks(struct pv_chrome *chrome)
{
    struct pv_text key;
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return;
    pv_json_object(chrome->json);
    while (pv_builder_is_ok(chrome->builder) && pv_json_member(chrome->json, &key))
        read_stack(chrome, pv_build_text(chrome->builder, key));
}

/* A stack that is told as its frames, innermost first. */
static uint32_t inline_stack(struct pv_chrome *chrome)
{
    uint32_t index = PV_NONE;
    struct pv_text text;
    chrome->chunk.children.count = 0;
    pv_json_array(chrome->json);
    while (pv_json_item(chrome->json)) {
        int64_t *frame = pv_chrome_text(chrome, &text)
                             ? pv_chrome_add(chrome, &chrome->chunk.children, sizeof *frame)
                             : NULL;
        if (frame)
            *frame = pv_build_name(chrome->builder, text);
    }
    const int64_t *frames = chrome->chunk.children.rows;
    for (uint32_t i = chrome->chunk.children.count; i-- > 0;) {
        uint32_t parent = index, frame = (uint32_t)frames[i];
        struct pv_chrome_stack *stack =
            stack_of(chrome, &chrome->child_of, pv_chrome_key(parent, frame), &index);
        if (!stack)
            return PV_NONE;
        *stack = (struct pv_chrome_stack){.frame = frame, .parent = parent};
    }
    return index;
}

uint32_t pv_chrome_stack_id(struct pv_chrome *chrome)
{
    uint32_t index = PV_NONE;
    if (pv_json_peek(chrome->json) == PV_JSON_ARRAY)
        return inline_stack(chrome);
    pv_str id = pv_chrome_id(chrome, NULL);
    if (id)
        stack_of(chrome, &chrome->stack_of, id, &index);
    return index;
}

static uint32_t add_sampler(struct pv_chrome *chrome, struct pv_map *map, uint64_t key)
{
    bool is_new = false;
    uint32_t at = pv_chrome_put(chrome, map, key, chrome->samplers.count, &is_new);
    struct pv_chrome_sampler *sampler =
        is_new ? pv_chrome_add(chrome, &chrome->samplers, sizeof *sampler) : NULL;
    if (sampler)
        sampler->thread = PV_NONE;
    return at;
}

static void add_sample(struct pv_chrome *chrome, int64_t at, uint32_t sampler, uint32_t stack)
{
    struct pv_chrome_sample *sample = pv_chrome_add(chrome, &chrome->samples, sizeof *sample);
    if (sample)
        *sample = (struct pv_chrome_sample){at, sampler, stack};
}

void pv_chrome_sample(struct pv_chrome *chrome, const struct pv_chrome_event *event, int64_t at)
{
    uint32_t thread = pv_chrome_thread(chrome, event->pid, event->tid);
    uint32_t sampler = add_sampler(chrome, &chrome->sampler_of, thread);
    if (!pv_builder_is_ok(chrome->builder))
        return;
    sampler_at(chrome, sampler)->thread = thread;
    add_sample(chrome, at, sampler, event->stack);
}

/* Nodes have numbers from 1 on; one that is out of any reason stays without a frame. */
static bool is_number(int64_t node)
{
    return node >= 0 && node < PV_NONE;
}

static struct pv_chrome_stack *node_stack(struct pv_chrome *chrome, uint32_t sampler, int64_t node,
                                          uint32_t *index)
{
    uint32_t number = is_number(node) ? (uint32_t)node : PV_NONE;
    return stack_of(chrome, &chrome->node_of, pv_chrome_key(sampler, number), index);
}

/* V8's names for the outermost frame and for no work at all become no frames. */
static void set_frame(struct pv_chrome *chrome, struct pv_chrome_stack *stack,
                      const struct pv_chrome_node *node)
{
    struct pv_text name = pv_build_text_bytes(chrome->builder, node->frame.name);
    bool is_root = !node->frame.file && pv_text_equal(name, PV_TEXT("(root)"));
    stack->is_idle = !node->frame.file && pv_text_equal(name, PV_TEXT("(idle)"));
    stack->frame = is_root || stack->is_idle
                       ? PV_NONE
                       : pv_v8_frame(chrome->builder, node->frame, node->is_native);
}

static bool add_node(struct pv_chrome *chrome, uint32_t sampler, const struct pv_chrome_node *node)
{
    const int64_t *children = chrome->chunk.children.rows;
    uint32_t index, parent = PV_NONE, child;
    struct pv_chrome_stack *stack;
    if (!is_number(node->id))
        return true;
    if (node->parent >= 0 && !node_stack(chrome, sampler, node->parent, &parent))
        return false;
    stack = node_stack(chrome, sampler, node->id, &index);
    if (!stack)
        return false;
    set_frame(chrome, stack, node);
    if (node->parent >= 0)
        stack->parent = parent;
    for (uint32_t i = node->first_child; i < node->first_child + node->child_count; i++) {
        stack = node_stack(chrome, sampler, children[i], &child);
        if (!stack)
            return false;
        stack->parent = index;
    }
    return true;
}

static void add_nodes(struct pv_chrome *chrome, uint32_t sampler)
{
    const struct pv_chrome_node *nodes = chrome->chunk.nodes.rows;
    for (uint32_t i = 0; i < chrome->chunk.nodes.count; i++)
        if (!add_node(chrome, sampler, &nodes[i]))
            return;
}

static void add_samples(struct pv_chrome *chrome, uint32_t at)
{
    const struct pv_chrome_chunk *chunk = &chrome->chunk;
    const int64_t *nodes = chunk->samples.rows, *deltas = chunk->deltas.rows;
    uint32_t stack;
    for (uint32_t i = 0; i < chunk->samples.count && pv_builder_is_ok(chrome->builder); i++) {
        struct pv_chrome_sampler *sampler = sampler_at(chrome, at);
        struct pv_decimal delta = {i < chunk->deltas.count ? deltas[i] : 0, 0};
        int64_t step = 0;
        chrome->late_count += delta.value < 0;
        if (!pv_chrome_ns(&delta, &step) || !pv_add(sampler->clock, step, &sampler->clock)) {
            pv_input_bad_record_at(chrome->input, chrome->event.where,
                                   "the times of a CPU profile do not fit in 64 bits");
            return;
        }
        int64_t clock = sampler->clock;
        if (node_stack(chrome, at, nodes[i], &stack))
            add_sample(chrome, clock, at, stack);
    }
}

/* "Profile" tells whose profile it is, and when it begins; "ProfileChunk" comes from the thread
 * that writes profiles; "CpuProfile" is a whole one. */
void pv_chrome_profile(struct pv_chrome *chrome, const struct pv_chrome_event *event)
{
    struct pv_text name = pv_build_text_bytes(chrome->builder, event->name);
    bool is_chunk = pv_text_equal(name, PV_TEXT("ProfileChunk"));
    bool is_whole = pv_text_equal(name, PV_TEXT("CpuProfile"));
    uint32_t thread = pv_chrome_thread(chrome, event->pid, event->tid);
    uint64_t key = is_whole ? pv_chrome_key(PV_NONE, chrome->samplers.count)
                            : pv_chrome_key(event->pid, event->id);
    uint32_t at = add_sampler(chrome, &chrome->profile_of, key);
    const struct pv_chrome_chunk *chunk = &chrome->chunk;
    if (!pv_builder_is_ok(chrome->builder))
        return;
    struct pv_chrome_sampler *sampler = sampler_at(chrome, at);
    if (!sampler->is_told)
        sampler->thread = thread;
    sampler->is_told |= !is_chunk;
    const struct pv_chrome_time *start = chunk->start.is_there ? &chunk->start : &event->ts;
    if (!is_chunk && start->is_there)
        pv_chrome_at(chrome, &start->value, &sampler->start);
    if (chunk->end.is_there)
        sampler->has_end = pv_chrome_at(chrome, &chunk->end.value, &sampler->end);
    add_nodes(chrome, at);
    add_samples(chrome, at);
}

void pv_chrome_samplers_use(struct pv_chrome *chrome)
{
    struct pv_chrome_thread *threads = chrome->threads.rows;
    for (uint32_t i = 0; i < chrome->samples.count; i++)
        threads[sampler_at(chrome, sample_at(chrome, i)->sampler)->thread].is_used = true;
}

/* The walk from a stack to the node that it has on the tree. */
struct way {
    struct pv_map nodes; /* sampler and stack → node */
    uint32_t *path;
    uint32_t visit;
};

/* Stacks that go on from one another in a circle end where it closes. */
static uint32_t node_of(struct pv_chrome *chrome, struct way *way, uint32_t sampler, uint32_t stack)
{
    const struct pv_chrome_thread *threads = chrome->threads.rows;
    uint32_t node = threads[sampler_at(chrome, sampler)->thread].node, count = 0;
    way->visit++;
    while (stack != PV_NONE && stack_at(chrome, stack)->visit != way->visit) {
        const uint32_t *known = pv_map_get(&way->nodes, pv_chrome_key(sampler, stack));
        if (known) {
            node = *known;
            break;
        }
        stack_at(chrome, stack)->visit = way->visit;
        way->path[count++] = stack;
        stack = stack_at(chrome, stack)->parent;
    }
    while (count-- > 0 && pv_builder_is_ok(chrome->builder)) {
        bool is_new = false;
        const struct pv_chrome_stack *at = stack_at(chrome, way->path[count]);
        if (at->frame != PV_NONE)
            node = pv_build_stack(chrome->builder, node, &at->frame, 1, NULL);
        pv_chrome_put(chrome, &way->nodes, pv_chrome_key(sampler, way->path[count]), node, &is_new);
    }
    return node;
}

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_chrome_sample *samples = context;
    if (samples[a].sampler != samples[b].sampler)
        return samples[a].sampler < samples[b].sampler;
    return samples[a].at < samples[b].at;
}

/* How long a sample counts: until the next of its sampler, the last one until the profile's end. */
static int64_t length(const struct pv_chrome *chrome, const struct pv_chrome_sample *sample,
                      const struct pv_chrome_sample *next)
{
    const struct pv_chrome_sampler *sampler = sampler_at(chrome, sample->sampler);
    int64_t end = sample->at, length;
    if (next && next->sampler == sample->sampler)
        end = next->at;
    else if (sampler->has_end && __builtin_sub_overflow(sampler->end, sampler->start, &end))
        end = sample->at;
    return __builtin_sub_overflow(end, sample->at, &length) || length < 0 ? 0 : length;
}

/* Goes through the samples in the order of samplers and times, as values of a metric or as calls
 * in time. */
struct settling {
    struct way way;
    struct pv_sample_spans spans;
    uint32_t metric;
    bool makes_spans;
};

static void settle_one(struct pv_chrome *chrome, struct settling *settling,
                       const struct pv_chrome_sample *sample, const struct pv_chrome_sample *next)
{
    const struct pv_chrome_thread *threads = chrome->threads.rows;
    const struct pv_chrome_sampler *sampler = sampler_at(chrome, sample->sampler);
    uint32_t base = threads[sampler->thread].node;
    bool is_idle = sample->stack != PV_NONE && stack_at(chrome, sample->stack)->is_idle;
    int64_t lasts = length(chrome, sample, next), at;
    uint32_t node =
        is_idle ? base : node_of(chrome, &settling->way, sample->sampler, sample->stack);
    chrome->idle_count += is_idle;
    if (!is_idle && (!settling->makes_spans || node == base)) /* no call holds what is in none */
        pv_build_self(chrome->builder, node, settling->metric, lasts);
    if (!settling->makes_spans)
        return;
    if (!pv_add(sampler->start, sample->at, &at) || at > INT64_MAX - lasts)
        at = sampler->start; /* beyond what a trace can hold anyway */
    if (!settling->spans.builder)
        settling->spans = pv_sample_spans_begin(chrome->builder, base);
    pv_sample_spans_at(&settling->spans, node, at);
    if (!next || next->sampler != sample->sampler) {
        pv_sample_spans_end(&settling->spans, at + lasts);
        settling->spans = (struct pv_sample_spans){0};
    }
}

void pv_chrome_samples_settle(struct pv_chrome *chrome, uint32_t metric)
{
    uint32_t count = chrome->samples.count;
    struct settling settling = {
        .way.path = pv_alloc((chrome->stacks.count + 1) * sizeof(uint32_t)),
        .metric = metric,
        .makes_spans = metric == 0 && pv_input_limits(chrome->input)->keeps_spans,
    };
    uint32_t *order = pv_alloc((count + 1) * sizeof *order);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    pv_sort(order, count, is_before, chrome->samples.rows);
    for (uint32_t i = 0; i < count && pv_builder_is_ok(chrome->builder); i++)
        settle_one(chrome, &settling, sample_at(chrome, order[i]),
                   i + 1 < count ? sample_at(chrome, order[i + 1]) : NULL);
    if (settling.spans.builder) /* the builder has failed in between */
        pv_sample_spans_end(&settling.spans, 0);
    pv_map_free(&settling.way.nodes);
    free(settling.way.path);
    free(order);
}

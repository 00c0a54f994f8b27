#include "formats/collapsed.h"

#include "model/builder.h"
#include "model/map.h"

#include <stdlib.h>
#include <string.h>

/* Speed comes from doing each thing once. A line that begins as the one before goes on from that
 * line's node; a whole stack that was seen before is found by the hash of its text and verified
 * against the tree, byte by byte; only what is left is cut into frames. */

enum { CACHE_FROM = 1 << 14, CACHE_TO = 1 << 22, CACHE_WORTH = 96 };

/* The last line that was cut into frames: frame i ends at ends[i] of the text, at node nodes[i]. */
struct path {
    struct pv_buffer text;
    uint32_t *ends, *frames, *nodes;
    uint32_t depth, capacity;
};

/* Hash of a stack's text → node. It forgets: a slot holds the stack that came last. */
struct cache_slot {
    uint32_t hash, node;
};
struct cache {
    struct cache_slot *slots;
    uint32_t size;
    uint64_t hits, misses; /* since it grew */
};

/* A frame's name and flags, side by side for the comparison. */
struct spelling {
    const char *data;
    uint32_t size, flags;
};

struct reader {
    struct pv_input *input;
    struct pv_builder *builder;
    uint64_t stack_depth;
    struct path path;
    struct cache cache;
    struct spelling *spellings; /* by frame */
    uint32_t spelling_count, spelling_capacity;

    /* Austin's metadata: what the values are. */
    bool has_metadata;
    struct pv_text metric_name;
    enum pv_unit unit;
    int64_t factor;
    uint32_t metric_count;
    bool is_signed[PV_COLLAPSED_NUMBERS];

    /* Every stack so far ended in a number of its own; how many lines ended at each node. */
    bool has_two_columns;
    uint32_t *line_counts;
    size_t line_counts_size;
};

static size_t common_prefix(struct pv_text a, struct pv_text b)
{
    size_t size = a.size < b.size ? a.size : b.size, at = 0;
    for (; at + 32 <= size; at += 32) {
        uint64_t x[4], y[4];
        memcpy(x, a.data + at, sizeof x);
        memcpy(y, b.data + at, sizeof y);
        if ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]))
            break;
    }
    for (; at + 8 <= size; at += 8) {
        uint64_t x, y;
        memcpy(&x, a.data + at, sizeof x);
        memcpy(&y, b.data + at, sizeof y);
        if (x != y)
            break;
    }
    while (at < size && a.data[at] == b.data[at])
        at++;
    return at;
}

/* How many whole frames the stack shares with the path, of which `shared` bytes are equal. */
static uint32_t shared_frames(const struct path *path, struct pv_text stack, size_t shared)
{
    if (path->depth == 0)
        return 0;
    bool ends_here = (shared == stack.size || stack.data[shared] == ';') &&
                     (shared == path->text.size || path->text.data[shared] == ';');
    uint32_t depth = path->depth;
    while (depth && path->ends[depth - 1] > shared)
        depth--;
    if (depth && path->ends[depth - 1] == shared && !ends_here)
        depth--;
    return depth;
}

static void grow_path(struct path *path)
{
    if (path->depth < path->capacity)
        return;
    path->capacity = path->capacity ? path->capacity * 2 : 256;
    path->ends = pv_resize(path->ends, path->capacity * sizeof *path->ends);
    path->frames = pv_resize(path->frames, path->capacity * sizeof *path->frames);
    path->nodes = pv_resize(path->nodes, path->capacity * sizeof *path->nodes);
}

static void keep_text(struct path *path, struct pv_text stack, size_t shared)
{
    path->text.size = shared;
    pv_buffer_add(&path->text, pv_text_slice(stack, shared, stack.size));
}

/* Notes the spelling of frames that are new. */
static void learn_frames(struct reader *reader, uint32_t frame)
{
    while (reader->spelling_count <= frame) {
        if (reader->spelling_count == reader->spelling_capacity) {
            reader->spelling_capacity = reader->spelling_capacity * 2 + 256;
            reader->spellings =
                pv_resize(reader->spellings, reader->spelling_capacity * sizeof *reader->spellings);
        }
        struct pv_text name = pv_build_frame_text(reader->builder, reader->spelling_count);
        uint32_t flags = pv_collapsed_name_flags(name);
        pv_build_flags(reader->builder, reader->spelling_count, flags);
        reader->spellings[reader->spelling_count++] =
            (struct spelling){name.data, (uint32_t)name.size, flags};
    }
}

static void add_flags(struct reader *reader, uint32_t frame, uint32_t flags)
{
    if ((reader->spellings[frame].flags & flags) == flags)
        return;
    reader->spellings[frame].flags |= flags;
    pv_build_flags(reader->builder, frame, flags);
}

static uint32_t intern(struct reader *reader, struct pv_text text)
{
    uint32_t flags = pv_collapsed_cut_marks(&text);
    uint32_t frame = pv_build_name(reader->builder, text);
    if (frame >= reader->spelling_count)
        learn_frames(reader, frame);
    if (flags)
        add_flags(reader, frame, flags);
    return frame;
}

/* Processes and threads stand outermost. */
static void flag_outer(struct reader *reader, uint32_t place, struct pv_text stack)
{
    const uint32_t *frames = reader->path.frames, *ends = reader->path.ends;
    if (place == 1 && !(reader->spellings[frames[0]].flags & PV_FRAME_PROCESS))
        return;
    struct pv_text name = pv_text_slice(stack, place ? ends[0] + 1 : 0, ends[place]);
    struct pv_text next = pv_text_slice(stack, ends[place] + 1, stack.size);
    uint32_t flags = pv_collapsed_outer_flags(name, place, next);
    if (flags)
        add_flags(reader, frames[place], flags);
}

/* Cuts the stack behind what it shares with the path into frames, and makes it the path. */
static uint32_t follow(struct reader *reader, struct pv_text stack, size_t shared)
{
    struct path *path = &reader->path;
    uint32_t from = path->depth = shared_frames(path, stack, shared);
    /* Nothing is shared before the path has room.
     * NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    size_t at = from ? path->ends[from - 1] + 1 : 0;
    keep_text(path, stack, shared);
    while (at <= stack.size && path->depth <= reader->stack_depth) {
        const char *start = stack.data + at;
        const char *joint = at < stack.size ? memchr(start, ';', stack.size - at) : NULL;
        size_t size = joint ? (size_t)(joint - start) : stack.size - at;
        grow_path(path);
        uint32_t place = path->depth++;
        path->frames[place] = intern(reader, (struct pv_text){start, size});
        path->ends[place] = (uint32_t)(at + size);
        at += size + 1;
        if (place < 2 && pv_builder_is_ok(reader->builder))
            flag_outer(reader, place, stack);
    }
    if (path->depth > from)
        pv_build_stack(reader->builder, from ? path->nodes[from - 1] : 0, path->frames + from,
                       path->depth - from, path->nodes + from);
    return path->depth ? path->nodes[path->depth - 1] : 0;
}

/* Takes the marks off the end of text[0, *end) as reading does; false where they are not all among
 * the frame's flags. */
static bool skip_marks(const char *text, size_t *end, const struct spelling *frame)
{
    struct pv_text rest = {text, *end};
    if (frame->size == 0 || rest.size == 0 || text[rest.size - 1] != ']')
        return true;
    uint32_t flags = pv_collapsed_cut_marks(&rest);
    *end = rest.size;
    return (frame->flags & flags) == flags;
}

/* Whether the node's frames, joined by ';', are spelled exactly so. */
static bool is_spelled(const struct reader *reader, uint32_t node, struct pv_text stack)
{
    const struct pv_node *nodes = pv_build_nodes(reader->builder);
    size_t end = stack.size;
    while (nodes[node].frame < reader->spelling_count) {
        const struct spelling *frame = &reader->spellings[nodes[node].frame];
        if (!skip_marks(stack.data, &end, frame) || frame->size > end ||
            memcmp(stack.data + end - frame->size, frame->data, frame->size) != 0)
            return false;
        end -= frame->size;
        node = nodes[node].parent;
        if (node == 0 || end == 0)
            return node == 0 && end == 0;
        if (stack.data[--end] != ';')
            return false;
    }
    return false;
}

/* Doubles while that pays: new stacks push out old ones that were wanted again. */
static void grow_cache(struct cache *cache)
{
    bool is_full = cache->hits + cache->misses >= (uint64_t)cache->size * 2;
    if (cache->size && (!is_full || cache->size >= CACHE_TO))
        return;
    bool pays = cache->hits * 8 >= cache->misses;
    uint32_t old_size = cache->size, size = old_size ? old_size * 2 : CACHE_FROM;
    cache->hits = cache->misses = 0;
    if (old_size && !pays)
        return;
    struct cache_slot *old = cache->slots;
    cache->slots = pv_zalloc(size, sizeof *cache->slots);
    cache->size = size;
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i].node)
            cache->slots[old[i].hash & (size - 1)] = old[i];
    free(old);
}

/* By the text as a whole where it is long enough for that to pay. */
static uint32_t find_or_follow(struct reader *reader, struct pv_text stack, size_t shared)
{
    struct cache *cache = &reader->cache;
    grow_cache(cache);
    uint32_t hash = (uint32_t)(pv_hash(stack.data, stack.size) >> 32);
    struct cache_slot *slot = &cache->slots[hash & (cache->size - 1)];
    if (slot->hash == hash && slot->node && is_spelled(reader, slot->node, stack)) {
        cache->hits++;
        return slot->node;
    }
    cache->misses++;
    uint32_t node = follow(reader, stack, shared);
    *slot = (struct cache_slot){hash, node};
    return node;
}

static uint32_t find_node(struct reader *reader, struct pv_text stack)
{
    /* Some producers end every frame with a semicolon, the last one too. */
    if (stack.size && stack.data[stack.size - 1] == ';')
        stack.size--;
    size_t shared = common_prefix(stack, pv_buffer_text(&reader->path.text));
    if (stack.size - shared < CACHE_WORTH)
        return follow(reader, stack, shared);
    return find_or_follow(reader, stack, shared);
}

/* Metadata may say what the values are; it comes before them. */
static void read_metadata(struct reader *reader, const struct pv_collapsed_line *line)
{
    static const char *const timed[] = {"wall", "cpu", "full"};
    reader->has_metadata = true;
    if (!pv_text_equal(line->key, PV_TEXT("mode")) || reader->metric_count)
        return;
    for (size_t i = 0; i < sizeof timed / sizeof timed[0]; i++) {
        if (!pv_text_equal(line->value, pv_text_of(timed[i])))
            continue;
        reader->metric_name = PV_TEXT("time");
        reader->unit = PV_UNIT_NS;
        reader->factor = 1000; /* microseconds */
    }
    if (pv_text_equal(line->value, PV_TEXT("memory"))) {
        reader->metric_name = PV_TEXT("memory");
        reader->unit = PV_UNIT_BYTES;
    }
}

static void need_metrics(struct reader *reader, unsigned count)
{
    if (reader->metric_count == 0) {
        pv_build_metric(reader->builder, reader->metric_name, reader->unit, false);
        reader->metric_count++;
    }
    if (count > 1 && reader->metric_count == 1) {
        pv_build_metric(reader->builder, PV_TEXT("cpu"), reader->unit, false);
        pv_build_metric(reader->builder, PV_TEXT("memory"), PV_UNIT_BYTES, false);
        reader->metric_count = PV_COLLAPSED_NUMBERS;
    }
}

/* The numbers in the metrics' scales; false where one does not fit. */
static bool scale_numbers(struct reader *reader, struct pv_collapsed_line *line, int64_t *values)
{
    bool fits = true;
    struct pv_decimal *numbers = line->numbers;
    if (line->count > 1) /* time, 1 where idle, memory → time, time on the CPU, memory */
        numbers[1] = numbers[1].value ? (struct pv_decimal){0} : numbers[0];
    for (unsigned i = 0; i < line->count && fits; i++) {
        bool is_memory = i == PV_COLLAPSED_NUMBERS - 1;
        fits = pv_multiply(numbers[i].value, is_memory ? 1 : reader->factor, &numbers[i].value);
        values[i] = fits ? pv_build_value(reader->builder, i, numbers[i], &fits) : 0;
    }
    return fits;
}

static void add_values(struct reader *reader, uint32_t node, const int64_t *values, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (values[i] < 0 && !reader->is_signed[i]) {
            reader->is_signed[i] = true;
            pv_build_signed(reader->builder, i);
        }
        pv_build_self(reader->builder, node, i, values[i]);
    }
}

static void need_counts(struct reader *reader, uint32_t nodes)
{
    size_t had = reader->line_counts_size, size = (size_t)nodes * 2;
    if (nodes <= had)
        return;
    reader->line_counts = pv_resize(reader->line_counts, size * sizeof *reader->line_counts);
    memset(reader->line_counts + had, 0, (size - had) * sizeof *reader->line_counts);
    reader->line_counts_size = size;
}

static void watch_columns(struct reader *reader, struct pv_text stack, uint32_t node)
{
    struct pv_decimal number;
    reader->has_two_columns = pv_collapsed_take_number(&stack, &number);
    if (!reader->has_two_columns)
        return;
    need_counts(reader, node + 1);
    reader->line_counts[node]++;
}

static void read_stack(struct reader *reader, struct pv_collapsed_line *line)
{
    int64_t values[PV_COLLAPSED_NUMBERS];
    need_metrics(reader, line->count);
    bool is_short = line->stack.size < UINT32_MAX; /* offsets in it are 32 bits wide */
    if (!is_short || !scale_numbers(reader, line, values)) {
        pv_input_bad_record(reader->input, is_short ? "the number does not fit in 64 bits"
                                                    : "the stack is longer than 4 GiB");
        return;
    }
    pv_input_good_record(reader->input);
    uint32_t node = find_node(reader, line->stack);
    if (!pv_builder_is_ok(reader->builder))
        return;
    if (reader->has_two_columns)
        watch_columns(reader, line->stack, node);
    add_values(reader, node, values, line->count);
}

static void read_lines(struct reader *reader)
{
    struct pv_text text;
    struct pv_collapsed_line line;
    while (pv_builder_is_ok(reader->builder) && pv_input_line(reader->input, &text)) {
        switch (pv_collapsed_parse(text, &line)) {
        case PV_COLLAPSED_STACK:
            read_stack(reader, &line);
            break;
        case PV_COLLAPSED_METADATA:
            read_metadata(reader, &line);
            break;
        case PV_COLLAPSED_BAD:
            pv_input_bad_record(reader->input, line.why);
            break;
        case PV_COLLAPSED_BLANK:
            break;
        }
    }
}

static bool split_columns(struct reader *reader, struct pv_profile **profile, struct pv_error *err)
{
    if (!reader->has_two_columns || reader->metric_count != 1 || (*profile)->tree->count == 1)
        return true;
    need_counts(reader, (*profile)->tree->count);
    return pv_collapsed_split_columns(profile, reader->line_counts, pv_input_limits(reader->input),
                                      err);
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_profile *profile = NULL;
    struct pv_skipped skipped = pv_input_skipped(reader->input);
    struct pv_where end = pv_input_where(reader->input);
    if (!pv_input_ok(reader->input, err))
        return false;
    if (skipped.good == 0 && !reader->has_metadata)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "holds no stack: a line is frames joined by ';', a blank and a number");
    need_metrics(reader, 1);
    if (skipped.bad)
        pv_build_note(reader->builder, "skipped", skipped.why, skipped.bad, skipped.first.line);
    if (!pv_builder_finish(reader->builder, &profile, err) ||
        !split_columns(reader, &profile, err)) {
        err->where = end;
        return false;
    }
    *out = profile;
    return true;
}

static bool read_collapsed(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    struct reader reader = {
        .input = input,
        .builder = pv_builder_new(pv_input_limits(input), PV_ORIGIN_STACKS, "collapsed"),
        .stack_depth = pv_input_limits(input)->stack_depth,
        .metric_name = PV_TEXT("samples"),
        .unit = PV_UNIT_COUNT,
        .factor = 1,
        .has_two_columns = true,
    };
    grow_path(&reader.path);
    pv_input_as_text(input);
    read_lines(&reader);
    bool done = finish(&reader, out, err);
    pv_builder_free(reader.builder);
    pv_buffer_free(&reader.path.text);
    free(reader.path.ends);
    free(reader.path.frames);
    free(reader.path.nodes);
    free(reader.cache.slots);
    free(reader.spellings);
    free(reader.line_counts);
    return done;
}

const struct pv_format pv_format_collapsed = {
    .name = "collapsed",
    .summary = "collapsed (folded) stacks: stackcollapse-*, perf, py-spy, async-profiler, Austin",
    .extensions = ".folded .collapsed .collapse .austin",
    .probe = pv_collapsed_probe,
    .read = read_collapsed,
    .write = pv_collapsed_write,
    .write_needs_tree = true,
};

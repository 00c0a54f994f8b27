#include "formats/speedscope.h"

#include "formats/preorder.h"
#include "model/error.h"
#include "model/escape.h"

#include <inttypes.h>
#include <stdlib.h>

/* Stacks as a profile of samples for each metric: a sample is the stack of a node, its weight what
 * the node has itself. speedscope takes no negative weight. Where the profile knows when everything
 * was, its first metric is written as events, one profile a thread, that keep the order. */
struct writer {
    const struct pv_profile *profile;
    const struct pv_tree *tree;
    struct pv_output *output;
    struct pv_buffer text;    /* written, not yet handed to the output */
    uint32_t *order;          /* frames that occur, in canonical order */
    uint32_t *rank;           /* of a frame in that order, which is its number in the file */
    uint32_t frame_count;     /* of them */
    struct pv_preorder nodes; /* of the tree */
    uint32_t *depth;          /* of each node */
    bool has_events;          /* metric 0 is written as events */
    uint64_t modules, flags, negative, joined;
};

enum { FLUSH_AT = 64 * 1024, PER_LINE = 16 };

static void add(struct writer *writer, const char *words)
{
    pv_buffer_add(&writer->text, pv_text_of(words));
}

static void add_string(struct writer *writer, const char *key, struct pv_text text)
{
    add(writer, key);
    pv_buffer_char(&writer->text, '"');
    pv_escape(&writer->text, PV_ESCAPE_JSON, text);
    pv_buffer_char(&writer->text, '"');
}

static void add_decimal(struct writer *writer, int64_t value, int64_t scale)
{
    char *to = pv_buffer_reserve(&writer->text, PV_NUMBER_SIZE);
    writer->text.size += pv_print_decimal(to, value, pv_power_of(scale));
}

static void flush(struct writer *writer)
{
    pv_output_add(writer->output, pv_buffer_text(&writer->text));
    writer->text.size = 0;
}

/* Begins item i of an array with so many of them a line. */
static void begin_item(struct writer *writer, uint32_t i, uint32_t per_line)
{
    if (i)
        pv_buffer_char(&writer->text, ',');
    if (i % per_line == 0)
        pv_buffer_char(&writer->text, '\n');
    if (writer->text.size >= FLUSH_AT)
        flush(writer);
}

static void put_frames(struct writer *writer)
{
    const struct pv_profile *profile = writer->profile;
    add(writer, "\"shared\":{\"frames\":[");
    for (uint32_t i = 0; i < writer->frame_count; i++) {
        const struct pv_frame *frame = &profile->frames[writer->order[i]];
        begin_item(writer, i, 1);
        add_string(writer, "{\"name\":", pv_profile_text(profile, frame->name));
        if (frame->file)
            add_string(writer, ",\"file\":", pv_profile_text(profile, frame->file));
        if (frame->line)
            pv_buffer_print(&writer->text, ",\"line\":%" PRIu32, frame->line);
        pv_buffer_char(&writer->text, '}');
        writer->modules += frame->module != 0;
        writer->flags += frame->flags != 0;
    }
    add(writer, "]},\n");
}

/* A leaf without any value was seen, too: it stands in the first profile. */
static bool is_sample(struct writer *writer, uint32_t m, uint32_t node)
{
    const struct pv_tree *tree = writer->tree;
    if (tree->self[m][node] || m > 0 || node == 0 || tree->nodes[node].first_child != PV_NONE)
        return tree->self[m][node] > 0;
    for (uint32_t i = 1; i < writer->profile->metric_count; i++)
        if (tree->self[i][node])
            return false;
    return true;
}

/* Begins the next node in the order: its stack's text, of which ends[d] bytes are d frames. */
static void to_node(struct writer *writer, uint32_t node, struct pv_buffer *stack, size_t *ends)
{
    uint32_t depth = writer->depth[node];
    if (depth == 0)
        return;
    stack->size = ends[depth - 1];
    if (depth > 1)
        pv_buffer_char(stack, ',');
    char *to = pv_buffer_reserve(stack, PV_NUMBER_SIZE);
    stack->size += pv_print_uint64(to, writer->rank[writer->tree->nodes[node].frame]);
    ends[depth] = stack->size;
}

static void put_samples(struct writer *writer, uint32_t m)
{
    struct pv_buffer stack = {0};
    uint32_t deepest = 0, count = 0;
    for (uint32_t i = 0; i < writer->tree->count; i++)
        deepest = writer->depth[i] > deepest ? writer->depth[i] : deepest;
    size_t *ends = pv_zalloc((size_t)deepest + 1, sizeof *ends);
    for (uint32_t i = 0; i < writer->tree->count && pv_output_is_wanted(writer->output); i++) {
        uint32_t node = writer->nodes.nodes[i];
        to_node(writer, node, &stack, ends);
        if (!is_sample(writer, m, node))
            continue;
        begin_item(writer, count++, 1);
        pv_buffer_char(&writer->text, '[');
        pv_buffer_add(&writer->text,
                      pv_text_slice(pv_buffer_text(&stack), 0, ends[writer->depth[node]]));
        pv_buffer_char(&writer->text, ']');
    }
    free(ends);
    pv_buffer_free(&stack);
}

static void put_weights(struct writer *writer, uint32_t m)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < writer->tree->count; i++) {
        uint32_t node = writer->nodes.nodes[i];
        writer->negative += writer->tree->self[m][node] < 0;
        if (!is_sample(writer, m, node))
            continue;
        begin_item(writer, count++, PER_LINE);
        add_decimal(writer, writer->tree->self[m][node], writer->profile->metrics[m].scale);
    }
}

/* What the weights will sum to. */
static int64_t sum_of(const struct writer *writer, uint32_t m)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < writer->tree->count; i++)
        if (writer->tree->self[m][i] > 0 && !pv_add(sum, writer->tree->self[m][i], &sum))
            return INT64_MAX;
    return sum;
}

static const char *unit_of(const struct writer *writer, uint32_t m)
{
    static const char *const units[] = {
        [PV_UNIT_COUNT] = "none", [PV_UNIT_NS] = "nanoseconds", [PV_UNIT_BYTES] = "bytes"};
    return units[writer->profile->metrics[m].unit];
}

static void put_profile(struct writer *writer, uint32_t m)
{
    const struct pv_metric *metric = &writer->profile->metrics[m];
    add_string(writer,
               "{\"type\":\"sampled\",\"name\":", pv_profile_text(writer->profile, metric->name));
    add_string(writer, ",\"unit\":", pv_text_of(unit_of(writer, m)));
    add(writer, ",\"startValue\":0,\"endValue\":");
    add_decimal(writer, sum_of(writer, m), metric->scale);
    add(writer, ",\n\"samples\":[");
    put_samples(writer, m);
    add(writer, "],\n\"weights\":[");
    put_weights(writer, m);
    add(writer, "]}");
}

static void put_event(struct writer *writer, char type, uint32_t frame, int64_t at, uint32_t *count)
{
    begin_item(writer, (*count)++, 1);
    pv_buffer_print(&writer->text, "{\"type\":\"%c\",\"frame\":%" PRIu32 ",\"at\":", type,
                    writer->rank[frame]);
    add_decimal(writer, at, writer->profile->metrics[0].scale);
    pv_buffer_char(&writer->text, '}');
}

/* The calls of a track begin in the order of time; before one begins, those end that are not around
 * it. */
static void put_events(struct writer *writer, const struct pv_track *track)
{
    const struct pv_span *spans = writer->profile->spans->spans;
    uint32_t end = track->first + track->count, deepest = 0, depth = 0, count = 0;
    for (uint32_t i = track->first; i < end; i++)
        deepest = spans[i].depth > deepest ? spans[i].depth : deepest;
    uint32_t *open = pv_alloc(((size_t)deepest + 1) * sizeof *open);
    for (uint32_t i = track->first; i < end && pv_output_is_wanted(writer->output); i++) {
        for (; depth > spans[i].depth; depth--)
            put_event(writer, 'C', spans[open[depth - 1]].frame, spans[open[depth - 1]].end,
                      &count);
        put_event(writer, 'O', spans[i].frame, spans[i].begin, &count);
        open[depth++] = i;
    }
    for (; depth > 0; depth--)
        put_event(writer, 'C', spans[open[depth - 1]].frame, spans[open[depth - 1]].end, &count);
    free(open);
}

/* The names of the track's outer frames, outermost first. */
static void add_track_name(struct writer *writer, const struct pv_track *track)
{
    struct pv_buffer name = {0};
    for (uint32_t depth = writer->depth[track->node]; depth > 0; depth--) {
        uint32_t node = track->node;
        for (uint32_t i = 1; i < depth; i++)
            node = writer->tree->nodes[node].parent;
        if (name.size)
            pv_buffer_add(&name, PV_TEXT(" / "));
        pv_buffer_add(&name, pv_profile_name(writer->profile, writer->tree->nodes[node].frame));
    }
    add_string(writer, "{\"type\":\"evented\",\"name\":", pv_buffer_text(&name));
    writer->joined += writer->depth[track->node] > 1;
    pv_buffer_free(&name);
}

static void put_track(struct writer *writer, const struct pv_track *track)
{
    const struct pv_span *spans = &writer->profile->spans->spans[track->first];
    int64_t scale = writer->profile->metrics[0].scale, last = track->count ? spans[0].end : 0;
    for (uint32_t i = 1; i < track->count; i++)
        last = spans[i].end > last ? spans[i].end : last;
    add_track_name(writer, track);
    add_string(writer, ",\"unit\":", pv_text_of(unit_of(writer, 0)));
    add(writer, ",\"startValue\":");
    add_decimal(writer, track->count ? spans[0].begin : 0, scale);
    add(writer, ",\"endValue\":");
    add_decimal(writer, last, scale);
    add(writer, ",\n\"events\":[");
    put_events(writer, track);
    add(writer, "]}");
}

static void put_profiles(struct writer *writer)
{
    uint32_t count = 0;
    add(writer, "\"profiles\":[");
    for (uint32_t i = 0; writer->has_events && i < writer->profile->spans->track_count; i++) {
        begin_item(writer, count++, 1);
        put_track(writer, &writer->profile->spans->tracks[i]);
    }
    for (uint32_t m = writer->has_events ? 1 : 0; m < writer->profile->metric_count; m++) {
        begin_item(writer, count++, 1);
        put_profile(writer, m);
    }
    if (count == 0) /* the file's readers want one */
        add(writer, "\n{\"type\":\"sampled\",\"name\":\"weight\",\"unit\":\"none\","
                    "\"startValue\":0,\"endValue\":0,\"samples\":[],\"weights\":[]}");
    add(writer, "]}\n");
}

/* Events hold what is in calls, not what was measured beside them. */
static bool is_all_in_spans(const struct pv_profile *profile)
{
    const struct pv_spans *spans = profile->spans;
    int64_t sum = 0;
    if (!spans || profile->metric_count == 0 || spans->count == 0)
        return false;
    for (uint32_t i = 0; i < spans->count; i++)
        if (spans->spans[i].depth == 0 &&
            !pv_add(sum, spans->spans[i].end - spans->spans[i].begin, &sum))
            return false;
    return sum == profile->metrics[0].total;
}

static void rank_frames(struct writer *writer)
{
    const struct pv_profile *profile = writer->profile;
    uint32_t *order = pv_frame_order(profile);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        writer->rank[i] = PV_NONE;
    for (uint32_t i = 1; i < writer->tree->count; i++)
        writer->rank[writer->tree->nodes[i].frame] = 0;
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        if (writer->rank[order[i]] == PV_NONE)
            continue;
        writer->order[writer->frame_count] = order[i];
        writer->rank[order[i]] = writer->frame_count++;
    }
    free(order);
}

static void prepare(struct writer *writer)
{
    writer->order = pv_alloc(writer->profile->frame_count * sizeof *writer->order);
    writer->rank = pv_alloc(writer->profile->frame_count * sizeof *writer->rank);
    rank_frames(writer);
    writer->nodes = pv_preorder_of(writer->tree, writer->rank, writer->frame_count);
    writer->depth = pv_zalloc(writer->tree->count, sizeof *writer->depth);
    for (uint32_t i = 1; i < writer->tree->count; i++)
        writer->depth[i] = writer->depth[writer->tree->nodes[i].parent] + 1;
}

static void tell_losses(const struct writer *writer, struct pv_buffer *lost)
{
    static const char *const usual[] = {
        [PV_UNIT_COUNT] = "weight", [PV_UNIT_NS] = "time", [PV_UNIT_BYTES] = "bytes"};
    const struct pv_metric *first = writer->profile->metrics;
    if (writer->modules)
        pv_buffer_print(lost, "modules of functions have no place in the file (%" PRIu64 ")\n",
                        writer->modules);
    if (writer->flags)
        pv_buffer_print(lost, "kinds of functions have no place in the file (%" PRIu64 ")\n",
                        writer->flags);
    if (writer->has_events && !pv_text_equal(pv_profile_text(writer->profile, first->name),
                                             pv_text_of(usual[first->unit])))
        pv_buffer_add(lost, PV_TEXT("the name of the metric that is written as events has no place "
                                    "in the file\n"));
    if (writer->joined)
        pv_buffer_print(lost, "processes of threads became part of their names (%" PRIu64 ")\n",
                        writer->joined);
    if (writer->negative)
        pv_buffer_print(lost,
                        "%" PRIu64 " negative value%s left out: speedscope takes no stack that has "
                        "one\n",
                        writer->negative, writer->negative == 1 ? " is" : "s are");
    if (writer->tree->certainty)
        pv_buffer_add(lost, PV_TEXT("the profile tells callers and callees, not stacks: the stacks "
                                    "that are written are an estimate\n"));
}

void pv_speedscope_write(struct pv_profile *profile, struct pv_output *output,
                         struct pv_buffer *lost)
{
    struct writer writer = {.profile = profile, .tree = profile->tree, .output = output};
    writer.has_events = is_all_in_spans(profile);
    prepare(&writer);
    add(&writer, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n"
                 "\"exporter\":\"profviz\",\n");
    put_frames(&writer);
    put_profiles(&writer);
    flush(&writer);
    tell_losses(&writer, lost);
    pv_buffer_free(&writer.text);
    pv_preorder_free(&writer.nodes);
    free(writer.order);
    free(writer.rank);
    free(writer.depth);
}

#include "formats/collapsed.h"

#include "model/codec.h"
#include "model/escape.h"

#include <inttypes.h>
#include <stdlib.h>

/* Lines in the order of their stacks' bytes. A node's own line sorts by its name, the lines below
 * it by its name and a ';': both are keys of one order over all frames, so that sorting siblings is
 * sorting numbers, and walking them in order gives the lines in order. */

/* What is to be written next: the line of a node, or what is below it. */
struct step {
    uint32_t node, key;
    bool is_below;
    size_t prefix; /* of the stack's text above the node */
};

struct writer {
    struct pv_profile *profile;
    struct pv_output *output;
    struct pv_text *names; /* by frame, as written, with marks */
    struct pv_buffer bytes;
    uint32_t *ranks;  /* by frame: its line at 2 f, what is below it at 2 f + 1 */
    bool *is_written; /* by frame: it occurs in the tree */
    uint32_t columns;
    unsigned digits[2];
    struct step *steps;
    size_t step_count, step_capacity;
    struct pv_buffer line;
    bool needs_guard; /* all lines would read as two columns */
    uint64_t changed, told_apart, places, flags;
};

static bool is_two_columns(const struct pv_profile *profile)
{
    return profile->metric_count == 2 &&
           pv_text_equal(pv_profile_text(profile, profile->metrics[0].name), PV_TEXT("before")) &&
           pv_text_equal(pv_profile_text(profile, profile->metrics[1].name), PV_TEXT("after"));
}

/* At the front of the file a byte order mark would be taken off, and the magic number of a packed
 * file would have it unpacked. */
static bool starts_with_mark(struct pv_text name)
{
    return pv_codec_detect(name) != PV_PLAIN || pv_text_starts(name, PV_TEXT("\xef\xbb\xbf")) ||
           pv_text_starts(name, PV_TEXT("\xff\xfe")) || pv_text_starts(name, PV_TEXT("\xfe\xff"));
}

/* Bytes that would not come back: a separator, a line's end, a blank at the end, what reads as a
 * mark. */
static bool must_change(struct pv_text name, size_t at)
{
    char byte = name.data[at];
    struct pv_text rest = name;
    if (byte == ';' || byte == '\n' || (at == 0 && starts_with_mark(name)))
        return true;
    if (at + 1 == name.size && (byte == ' ' || byte == '\t'))
        return true;
    return byte == '[' && at + 3 == name.size && pv_collapsed_cut_marks(&rest);
}

static void add_safe(struct writer *writer, struct pv_text name)
{
    bool is_changed = false;
    for (size_t i = 0; i < name.size; i++) {
        if (must_change(name, i)) {
            pv_buffer_print(&writer->bytes, "\\x%02x", (unsigned char)name.data[i]);
            is_changed = true;
        } else {
            pv_buffer_char(&writer->bytes, name.data[i]);
        }
    }
    writer->changed += is_changed;
}

/* Frames that differ in more than their names keep apart: "name (file:line)". */
static void add_place(struct writer *writer, const struct pv_frame *frame)
{
    struct pv_text file = pv_profile_text(writer->profile, frame->file);
    struct pv_text module = pv_profile_text(writer->profile, frame->module);
    struct pv_buffer place = {0};
    pv_buffer_add(&place, PV_TEXT(" ("));
    pv_buffer_add(&place, file);
    if (frame->line)
        pv_buffer_print(&place, "%s%" PRIu32, file.size ? ":" : "line ", frame->line);
    if (module.size && (file.size || frame->line))
        pv_buffer_add(&place, PV_TEXT(" in "));
    pv_buffer_add(&place, module);
    pv_buffer_char(&place, ')');
    if (place.size > 3) {
        uint64_t before = writer->changed;
        add_safe(writer, pv_buffer_text(&place));
        writer->changed = before;
    }
    pv_buffer_free(&place);
}

static void mark_written(struct writer *writer)
{
    const struct pv_tree *tree = writer->profile->tree;
    for (uint32_t i = 1; i < tree->count; i++)
        writer->is_written[tree->nodes[i].frame] = true;
}

/* Flags that no mark holds and no name brings back. */
enum { LOST_FLAGS = PV_FRAME_BUILTIN | PV_FRAME_LOADER | PV_FRAME_REST };

static void spell_frame(struct writer *writer, uint32_t frame_number, bool is_ambiguous)
{
    const struct pv_frame *frame = &writer->profile->frames[frame_number];
    bool has_place = frame->file || frame->module || frame->line;
    add_safe(writer, pv_profile_name(writer->profile, frame_number));
    if (is_ambiguous && has_place)
        add_place(writer, frame);
    pv_collapsed_add_marks(&writer->bytes, frame->flags);
    writer->told_apart += is_ambiguous && has_place;
    writer->places += has_place;
    writer->flags += (frame->flags & LOST_FLAGS) != 0;
}

/* The end of the frames that have the name of order[from], and how many of them are written. */
static uint32_t same_name(const struct writer *writer, const uint32_t *order, uint32_t from,
                          uint32_t *written)
{
    const struct pv_frame *frames = writer->profile->frames;
    uint32_t to = from;
    *written = 0;
    for (; to < writer->profile->frame_count && frames[order[to]].name == frames[order[from]].name;
         to++)
        *written += writer->is_written[order[to]];
    return to;
}

static void spell_frames(struct writer *writer, const uint32_t *order)
{
    uint32_t count = writer->profile->frame_count, to, written;
    size_t *starts = pv_alloc(((size_t)count + 1) * sizeof *starts);
    for (uint32_t from = 0; from < count; from = to) {
        to = same_name(writer, order, from, &written);
        for (uint32_t i = from; i < to; i++) {
            starts[i] = writer->bytes.size;
            if (writer->is_written[order[i]])
                spell_frame(writer, order[i], written > 1);
        }
    }
    starts[count] = writer->bytes.size;
    /* Only now do the bytes stay where they are. */
    for (uint32_t i = 0; i < count; i++)
        writer->names[order[i]] =
            pv_text_slice(pv_buffer_text(&writer->bytes), starts[i], starts[i + 1]);
    free(starts);
}

struct key {
    struct pv_text name;
    uint32_t frame;
    bool is_below;
};

/* As if a ';' stood behind the names of those with is_below. */
static int compare_keys(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    size_t shared = a->name.size < b->name.size ? a->name.size : b->name.size;
    int order =
        pv_text_compare(pv_text_slice(a->name, 0, shared), pv_text_slice(b->name, 0, shared));
    if (order)
        return order;
    int next_a = a->name.size > shared ? (unsigned char)a->name.data[shared]
                 : a->is_below         ? ';'
                                       : -1;
    int next_b = b->name.size > shared ? (unsigned char)b->name.data[shared]
                 : b->is_below         ? ';'
                                       : -1;
    if (next_a != next_b)
        return next_a < next_b ? -1 : 1;
    if (a->name.size != b->name.size)
        return a->name.size < b->name.size ? -1 : 1;
    return a->frame < b->frame ? -1 : a->frame > b->frame;
}

static void rank_frames(struct writer *writer)
{
    uint32_t count = writer->profile->frame_count;
    size_t key_count = (size_t)count * 2;
    struct key *keys = pv_alloc(key_count * sizeof *keys);
    for (size_t i = 0; i < key_count; i++)
        keys[i] = (struct key){writer->names[i / 2], (uint32_t)(i / 2), i % 2};
    qsort(keys, key_count, sizeof *keys, compare_keys);
    for (size_t i = 0; i < key_count; i++)
        writer->ranks[(size_t)keys[i].frame * 2 + keys[i].is_below] = (uint32_t)i;
    free(keys);
}

static bool has_value(const struct writer *writer, uint32_t node)
{
    for (uint32_t m = 0; m < writer->columns; m++)
        if (writer->profile->tree->self[m][node])
            return true;
    return false;
}

/* A leaf is written even where its value is 0: its stack was seen. */
static bool has_line(const struct writer *writer, uint32_t node)
{
    return writer->profile->tree->nodes[node].first_child == PV_NONE || has_value(writer, node);
}

static void push(struct writer *writer, uint32_t node, bool is_below, size_t prefix)
{
    if (writer->step_count == writer->step_capacity) {
        writer->step_capacity = writer->step_capacity * 2 + 256;
        writer->steps = pv_resize(writer->steps, writer->step_capacity * sizeof *writer->steps);
    }
    uint32_t frame = writer->profile->tree->nodes[node].frame;
    writer->steps[writer->step_count++] =
        (struct step){node, writer->ranks[(size_t)frame * 2 + is_below], is_below, prefix};
}

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    return a->key > b->key ? -1 : a->key < b->key; /* the last is taken first */
}

static void push_children(struct writer *writer, uint32_t parent)
{
    const struct pv_node *nodes = writer->profile->tree->nodes;
    size_t first = writer->step_count;
    for (uint32_t i = nodes[parent].first_child; i != PV_NONE; i = nodes[i].next_sibling) {
        if (has_line(writer, i))
            push(writer, i, false, writer->line.size);
        if (nodes[i].first_child != PV_NONE)
            push(writer, i, true, writer->line.size);
    }
    if (writer->step_count - first > 1)
        qsort(writer->steps + first, writer->step_count - first, sizeof *writer->steps,
              compare_steps);
}

/* A semicolon at the end of a stack is taken off in reading: it keeps an empty last frame, and a
 * line from being taken for metadata or for two columns. */
static bool needs_semicolon(const struct writer *writer, struct pv_text stack)
{
    return stack.size == 0 || stack.data[stack.size - 1] == ';' || writer->needs_guard ||
           (stack.data[0] == '#' && pv_text_find(stack, ';') == stack.size);
}

static void write_line(struct writer *writer, uint32_t node)
{
    struct pv_text stack = pv_buffer_text(&writer->line);
    pv_output_add(writer->output, stack);
    pv_output_string(writer->output, needs_semicolon(writer, stack) ? "; " : " ");
    writer->needs_guard = false;
    for (uint32_t m = 0; m < writer->columns; m++) {
        char number[PV_NUMBER_SIZE];
        int64_t value = writer->profile->tree->self[m][node];
        size_t size = pv_print_decimal(number, value, writer->digits[m]);
        pv_output_add(writer->output, (struct pv_text){number, size});
        pv_output_char(writer->output, m + 1 < writer->columns ? ' ' : '\n');
    }
}

static void write_lines(struct writer *writer)
{
    const struct pv_tree *tree = writer->profile->tree;
    if (has_value(writer, 0))
        write_line(writer, 0);
    push_children(writer, 0);
    while (writer->step_count && pv_output_is_wanted(writer->output)) {
        struct step step = writer->steps[--writer->step_count];
        writer->line.size = step.prefix;
        pv_buffer_add(&writer->line, writer->names[tree->nodes[step.node].frame]);
        if (!step.is_below) {
            write_line(writer, step.node);
            continue;
        }
        pv_buffer_char(&writer->line, ';');
        push_children(writer, step.node);
    }
}

/* Every line's last name ends in a number: reading would take it for a column. */
static bool reads_as_two_columns(const struct writer *writer)
{
    const struct pv_tree *tree = writer->profile->tree;
    if (writer->columns > 1 || has_value(writer, 0))
        return false;
    for (uint32_t i = 1; i < tree->count; i++) {
        struct pv_decimal number;
        struct pv_text name = writer->names[tree->nodes[i].frame];
        if (has_line(writer, i) && !pv_collapsed_take_number(&name, &number))
            return false;
    }
    return true;
}

static void tell_metrics(const struct writer *writer, struct pv_buffer *lost)
{
    const struct pv_profile *profile = writer->profile;
    const struct pv_metric *first = &profile->metrics[0];
    struct pv_text name = pv_profile_text(profile, first->name), unit = pv_unit_name(first->unit);
    struct pv_buffer shown = {0};
    pv_escape(&shown, PV_ESCAPE_DISPLAY, name);
    if (profile->metric_count > writer->columns)
        pv_buffer_print(lost, "only the metric %.*s is written, %u more are left out\n",
                        PV_TEXT_ARGS(pv_buffer_text(&shown)),
                        profile->metric_count - writer->columns);
    bool is_samples = first->unit == PV_UNIT_COUNT && pv_text_equal(name, PV_TEXT("samples"));
    if (writer->columns == 1 && !is_samples)
        pv_buffer_print(lost, "the numbers are %.*s in %.*s, which the file does not say\n",
                        PV_TEXT_ARGS(pv_buffer_text(&shown)), PV_TEXT_ARGS(unit));
    pv_buffer_free(&shown);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void tell_losses(const struct writer *writer, struct pv_buffer *lost)
{
    tell_metrics(writer, lost);
    if (writer->places)
        pv_buffer_print(lost,
                        "files, lines and modules of %" PRIu64 " function%s are left out; %" PRIu64
                        " that share names keep them behind the name\n",
                        writer->places, plural(writer->places), writer->told_apart);
    if (writer->changed)
        pv_buffer_print(lost,
                        "%" PRIu64 " name%s changed: what a reader would take for something "
                        "else became \\xNN, a ';' \\x3b\n",
                        writer->changed, writer->changed == 1 ? " is" : "s are");
    if (writer->flags)
        pv_buffer_print(lost, "the kinds of %" PRIu64 " function%s have no mark and are left out\n",
                        writer->flags, plural(writer->flags));
    if (writer->profile->tree->certainty)
        pv_buffer_add(lost, PV_TEXT("the profile tells callers and callees, not stacks: the stacks "
                                    "that are written are an estimate\n"));
    if (has_value(writer, 0))
        pv_buffer_add(lost,
                      PV_TEXT("values that belong to no function became a frame without a name\n"));
}

static void prepare(struct writer *writer)
{
    struct pv_profile *profile = writer->profile;
    uint32_t count = profile->frame_count;
    writer->columns = is_two_columns(profile) ? 2 : 1;
    for (uint32_t m = 0; m < writer->columns; m++)
        writer->digits[m] = pv_power_of(profile->metrics[m].scale);
    writer->names = pv_zalloc(count, sizeof *writer->names);
    writer->ranks = pv_zalloc((size_t)count * 2, sizeof *writer->ranks);
    writer->is_written = pv_zalloc(count, sizeof *writer->is_written);
    mark_written(writer);
    uint32_t *order = pv_frame_order(profile);
    spell_frames(writer, order);
    free(order);
    rank_frames(writer);
    writer->needs_guard = reads_as_two_columns(writer);
}

void pv_collapsed_write(struct pv_profile *profile, struct pv_output *output,
                        struct pv_buffer *lost)
{
    struct writer writer = {.profile = profile, .output = output};
    if (profile->metric_count == 0 || (profile->tree->count == 1 && !profile->metrics[0].total)) {
        pv_output_string(output, "# stacks: 0\n"); /* reads back as a profile with nothing in it */
        return;
    }
    prepare(&writer);
    write_lines(&writer);
    tell_losses(&writer, lost);
    free(writer.names);
    free(writer.ranks);
    free(writer.is_written);
    free(writer.steps);
    pv_buffer_free(&writer.bytes);
    pv_buffer_free(&writer.line);
}

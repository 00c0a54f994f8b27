#include "model/input.h"

#include "model/source.h"
#include "model/utf16.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* LEAST_ROOM: a whole character of UTF-8, even where tests ask for single bytes. */
enum { PEEK = 64 << 10, CHUNK = 256 << 10, LEAST_ROOM = 16, SKIPPED_SHARE = 10 };

struct pv_input {
    const char *name;
    struct pv_limits limits;
    struct pv_source *source;
    size_t chunk;
    bool is_strict;

    /* The window: data[from] is the next byte; data[0] is at `base` in the input. */
    char *data;
    size_t from, to, capacity;
    uint64_t base, line;
    bool has_ended;
    char line_end; /* NUL until the first line is wanted */

    /* UTF-16 waits in `raw` to be converted into the window. */
    bool is_text, is_wide, is_big;
    char *raw;
    size_t raw_size, raw_capacity;
    bool is_raw_ended;
    struct pv_buffer peeked;

    struct pv_skipped skipped;
    bool has_open_end;
    bool is_failed;
    struct pv_error error;
};

static const char utf8_mark[] = "\xef\xbb\xbf";
static const char little_mark[] = "\xff\xfe";
static const char big_mark[] = "\xfe\xff";

struct pv_where pv_input_where(const struct pv_input *input)
{
    return (struct pv_where){input->name, input->line, input->base + input->from};
}

static void fail(struct pv_input *input, const struct pv_error *err)
{
    if (!input->is_failed) {
        input->is_failed = true;
        input->error = *err;
    }
    /* With an empty window the fast paths need not ask. */
    input->from = input->to;
    input->has_ended = true;
}

void pv_input_fail(struct pv_input *input, enum pv_code code, const char *format, ...)
{
    char message[sizeof input->error.message];
    struct pv_error err;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    pv_fail(&err, code, pv_input_where(input), "%s", message);
    fail(input, &err);
}

/* Room for a chunk behind the window: what was consumed goes first, then the window grows. */
static void make_room(struct pv_input *input)
{
    size_t least = input->chunk < LEAST_ROOM ? LEAST_ROOM : input->chunk;
    if (input->capacity - input->to >= least)
        return;
    size_t left = input->to - input->from;
    if (input->from) {
        memmove(input->data, input->data + input->from, left);
        input->base += input->from;
        input->from = 0;
        input->to = left;
    }
    if (input->capacity - input->to >= least)
        return;
    size_t doubled = input->capacity * 2, wanted = input->to + least + PEEK;
    input->capacity = doubled > wanted ? doubled : wanted;
    input->data = pv_resize(input->data, input->capacity);
}

static struct pv_input_options complete(const struct pv_input_options *options,
                                        const struct pv_limits *limits)
{
    struct pv_input_options all = options ? *options : (struct pv_input_options){0};
    all.limits = limits;
    all.chunk = all.chunk ? all.chunk : CHUNK;
    return all;
}

static struct pv_input *new_input(const char *name, const struct pv_input_options *options)
{
    struct pv_input *input = pv_zalloc(1, sizeof *input);
    input->name = name;
    input->limits = options && options->limits ? *options->limits : pv_limits_default();
    input->chunk = options && options->chunk ? options->chunk : CHUNK;
    input->is_strict = options && options->is_strict;
    make_room(input);
    return input;
}

bool pv_input_open(struct pv_input **out, const char *path, const struct pv_input_options *options,
                   struct pv_error *err)
{
    struct pv_input *input = new_input(path, options);
    struct pv_input_options all = complete(options, &input->limits);
    if (!pv_source_open(&input->source, path, &all, err)) {
        pv_input_close(input);
        return false;
    }
    *out = input;
    return true;
}

struct pv_input *pv_input_memory(struct pv_text bytes, const char *name,
                                 const struct pv_input_options *options)
{
    struct pv_input *input = new_input(name, options);
    struct pv_input_options all = complete(options, &input->limits);
    input->source = pv_source_memory(bytes, name, &all);
    return input;
}

void pv_input_close(struct pv_input *input)
{
    if (!input)
        return;
    pv_source_close(input->source);
    pv_buffer_free(&input->peeked);
    free(input->raw);
    free(input->data);
    free(input);
}

static void fill_raw(struct pv_input *input)
{
    if (input->raw_capacity - input->raw_size < input->chunk) {
        input->raw_capacity = input->raw_size + input->chunk;
        input->raw = pv_resize(input->raw, input->raw_capacity);
    }
    size_t size = pv_source_read(input->source, input->raw + input->raw_size, input->chunk);
    input->raw_size += size;
    input->is_raw_ended = size == 0;
}

/* The next bytes of UTF-16 as UTF-8. */
static size_t read_wide(struct pv_input *input, char *out, size_t room)
{
    size_t made = 0;
    while (made == 0 && !(input->is_raw_ended && input->raw_size < 2)) {
        if (!input->is_raw_ended && (input->raw_size < 4 || input->raw_size < input->chunk / 2))
            fill_raw(input);
        struct pv_text rest = {input->raw, input->raw_size};
        made = pv_utf16_decode(&rest, input->is_big, input->is_raw_ended, out, room);
        if (rest.size)
            memmove(input->raw, rest.data, rest.size);
        input->raw_size = rest.size;
    }
    if (made == 0 && input->raw_size && !pv_source_error(input->source))
        pv_input_fail(input, PV_INPUT_FAILED, "the UTF-16 text is cut off within a character");
    return made;
}

static void take_error(struct pv_input *input)
{
    const struct pv_error *found = pv_source_error(input->source);
    if (!found)
        return;
    struct pv_error err = *found;
    err.where.line = input->line;
    fail(input, &err);
}

/* Reads once more into the window; at the end or on a failure has_ended is set. */
static void fill(struct pv_input *input)
{
    if (input->has_ended)
        return;
    make_room(input);
    char *out = input->data + input->to;
    size_t room = input->capacity - input->to;
    size_t size = input->is_wide ? read_wide(input, out, room)
                                 : pv_source_read(input->source, out, input->chunk);
    input->to += size;
    if (size)
        return;
    input->has_ended = true;
    take_error(input);
}

struct pv_text pv_input_need(struct pv_input *input, size_t wanted)
{
    while (input->to - input->from < wanted && !input->has_ended)
        fill(input);
    return (struct pv_text){input->data ? input->data + input->from : "", input->to - input->from};
}

void pv_input_skip(struct pv_input *input, size_t bytes)
{
    size_t left = input->to - input->from;
    input->from += bytes < left ? bytes : left;
}

static bool starts_with(struct pv_text head, const char *mark)
{
    return pv_text_starts(head, pv_text_of(mark));
}

/* UTF-16 with its mark, of which the last character may be cut. */
static struct pv_text peek_wide(struct pv_input *input, struct pv_text head)
{
    struct pv_text rest = pv_text_slice(head, 2, head.size);
    char *out = pv_buffer_reserve(&input->peeked, 2 * head.size);
    size_t size = pv_utf16_decode(&rest, starts_with(head, big_mark), false, out, 2 * head.size);
    return (struct pv_text){out, size < PEEK ? size : PEEK};
}

struct pv_text pv_input_peek(struct pv_input *input)
{
    struct pv_text head = pv_text_slice(pv_input_need(input, PEEK), 0, PEEK);
    if (input->is_text)
        return head;
    if (starts_with(head, little_mark) || starts_with(head, big_mark))
        return peek_wide(input, head);
    return starts_with(head, utf8_mark) ? pv_text_slice(head, 3, head.size) : head;
}

void pv_input_as_text(struct pv_input *input)
{
    struct pv_text head = pv_input_need(input, 3);
    if (input->is_text)
        return;
    input->is_text = true;
    if (starts_with(head, utf8_mark))
        pv_input_skip(input, 3);
    input->is_big = starts_with(head, big_mark);
    input->is_wide = input->is_big || starts_with(head, little_mark);
    if (!input->is_wide)
        return;
    /* What is in the window becomes raw; the window starts anew. */
    input->raw_size = head.size - 2;
    input->raw_capacity = input->raw_size + input->chunk;
    input->raw = pv_alloc(input->raw_capacity);
    memcpy(input->raw, head.data + 2, input->raw_size);
    input->from = input->to = 0;
    input->is_raw_ended = input->has_ended;
    input->has_ended = input->is_failed;
}

static bool give(struct pv_input *input, size_t size, size_t skip, struct pv_text *line)
{
    const char *start = input->data + input->from;
    if (size > input->limits.line_bytes) {
        input->line++;
        pv_input_fail(input, PV_LIMIT,
                      "the line is longer than %" PRIu64 " bytes (--max-line raises the limit)",
                      input->limits.line_bytes);
        return false;
    }
    input->from += skip;
    input->line++;
    *line = (struct pv_text){start, size && start[size - 1] == '\r' ? size - 1 : size};
    return true;
}

/* The line is not whole in the window. */
static bool slow_line(struct pv_input *input, struct pv_text *line)
{
    for (;;) {
        size_t seen = input->to - input->from;
        input->has_open_end = input->has_open_end || (input->has_ended && seen);
        if (seen > input->limits.line_bytes || (input->has_ended && seen))
            return give(input, seen, seen, line);
        if (input->has_ended)
            return false;
        fill(input);
        if (input->is_failed)
            return false;
        const char *start = input->data + input->from;
        const char *end = memchr(start + seen, input->line_end, input->to - input->from - seen);
        if (end)
            return give(input, (size_t)(end - start), (size_t)(end - start) + 1, line);
    }
}

/* Lines of old Macintoshes and of some terminal logs end in CR alone. */
static char find_line_end(struct pv_input *input)
{
    struct pv_text head = pv_text_slice(pv_input_need(input, PEEK), 0, PEEK);
    bool has_only_returns =
        pv_text_find(head, '\n') == head.size && pv_text_find(head, '\r') < head.size;
    return has_only_returns ? '\r' : '\n';
}

bool pv_input_line(struct pv_input *input, struct pv_text *line)
{
    if (!input->line_end)
        input->line_end = find_line_end(input);
    size_t left = input->to - input->from;
    const char *start = input->data + input->from;
    const char *end = left ? memchr(start, input->line_end, left) : NULL;
    if (!end)
        return slow_line(input, line);
    return give(input, (size_t)(end - start), (size_t)(end - start) + 1, line);
}

/* The bytes of the window up to its last line end; 0 where there is none. */
static size_t whole_lines(const struct pv_input *input)
{
    const char *start = input->data + input->from;
    size_t size = input->to - input->from;
    while (size && start[size - 1] != '\n')
        size--;
    return size;
}

/* In a window larger than a line may be, each line's size has to be looked at. */
bool pv_input_lines(struct pv_input *input, struct pv_text *lines)
{
    if (!input->line_end)
        input->line_end = find_line_end(input);
    bool is_one = input->line_end != '\n' || input->to - input->from > input->limits.line_bytes;
    size_t size = is_one ? 0 : whole_lines(input);
    if (size == 0) {
        bool found = pv_input_line(input, lines);
        input->line -= found;
        return found;
    }
    *lines = (struct pv_text){input->data + input->from, size};
    input->from += size;
    return true;
}

void pv_input_passed(struct pv_input *input, uint64_t lines)
{
    input->line += lines;
}

const char *pv_input_open_end(const struct pv_input *input)
{
    return input->has_open_end ? "the last line has no line end: the file may have been cut off"
                               : NULL;
}

const char *pv_input_name(const struct pv_input *input)
{
    return input->name;
}

const struct pv_limits *pv_input_limits(const struct pv_input *input)
{
    return &input->limits;
}

void pv_input_bad_record(struct pv_input *input, const char *why)
{
    pv_input_bad_record_at(input, pv_input_where(input), why);
}

void pv_input_bad_record_at(struct pv_input *input, struct pv_where where, const char *why)
{
    struct pv_error err;
    if (input->skipped.bad++ == 0) {
        input->skipped.first = where;
        input->skipped.why = why;
    }
    if (!input->is_strict)
        return;
    pv_fail(&err, PV_INPUT_FAILED, where, "malformed: %s", why);
    fail(input, &err);
}

void pv_input_good_record(struct pv_input *input)
{
    input->skipped.good++;
}

struct pv_skipped pv_input_skipped(const struct pv_input *input)
{
    return input->skipped;
}

void pv_input_good_records(struct pv_input *input, uint64_t count)
{
    input->skipped.good += count;
}

bool pv_input_ok(struct pv_input *input, struct pv_error *err)
{
    const struct pv_skipped *skipped = &input->skipped;
    take_error(input);
    if (!input->is_failed && skipped->bad > (skipped->bad + skipped->good) / SKIPPED_SHARE) {
        return pv_fail(err, PV_INPUT_FAILED, skipped->first,
                       "%" PRIu64 " of %" PRIu64 " lines are malformed, more than one in ten; "
                       "the first: %s",
                       skipped->bad, skipped->bad + skipped->good, skipped->why);
    }
    if (input->is_failed)
        *err = input->error;
    return !input->is_failed;
}

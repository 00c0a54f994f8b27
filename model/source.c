#include "model/source.h"

#include "model/codec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LAYERS = 2, HEAD = 16 };

/* One compression around the bytes. */
struct layer {
    enum pv_codec_kind kind;
    struct pv_codec *codec;
    char *held; /* packed bytes, `pending` is what is left of them */
    struct pv_text pending;
    bool is_drained, has_ended;
    uint64_t made;
};

struct pv_source {
    const char *name;
    struct pv_input_options options;
    int fd; /* -1: memory */
    struct pv_text memory;
    uint64_t taken, size; /* of the file, before unpacking; size 0: not known */
    uint64_t made;        /* given to the reader */
    struct layer layers[MOST_LAYERS];
    unsigned layer_count;
    size_t (*pull)(struct pv_source *source, char *out, size_t room);
    char head[HEAD]; /* read to look at, not yet given to the reader */
    size_t head_size;
    bool is_failed;
    struct pv_error error;
};

static struct pv_where place(const struct pv_source *source)
{
    return (struct pv_where){.source = source->name, .offset = source->made};
}

static void fail(struct pv_source *source, const struct pv_error *err)
{
    if (source->is_failed)
        return;
    source->is_failed = true;
    source->error = *err;
}

static void fail_read(struct pv_source *source)
{
    struct pv_error err;
    pv_fail(&err, PV_INPUT_FAILED, place(source), "cannot read: %s", strerror(errno));
    fail(source, &err);
}

static void tell_progress(struct pv_source *source)
{
    struct pv_error err;
    struct pv_input_options *options = &source->options;
    if (!options->progress ||
        options->progress(options->progress_context, source->taken, source->size))
        return;
    pv_fail(&err, PV_INTERRUPTED, place(source), "interrupted");
    fail(source, &err);
}

static size_t read_file(struct pv_source *source, char *out, size_t room)
{
    for (;;) {
        ssize_t size = read(source->fd, out, room);
        if (size >= 0)
            return (size_t)size;
        if (errno != EINTR) {
            fail_read(source);
            return 0;
        }
        tell_progress(source);
        if (source->is_failed)
            return 0;
    }
}

static size_t read_memory(struct pv_source *source, char *out, size_t room)
{
    size_t size = room < source->memory.size ? room : source->memory.size;
    if (size)
        memcpy(out, source->memory.data, size);
    source->memory = pv_text_slice(source->memory, size, source->memory.size);
    return size;
}

static size_t pull_raw(struct pv_source *source, char *out, size_t room)
{
    if (source->is_failed)
        return 0;
    room = room < source->options.chunk ? room : source->options.chunk;
    size_t size = source->fd < 0 ? read_memory(source, out, room) : read_file(source, out, room);
    source->taken += size;
    tell_progress(source);
    return source->is_failed ? 0 : size;
}

static void fail_layer(struct pv_source *source, const struct layer *layer, const char *why)
{
    struct pv_error err;
    pv_fail(&err, PV_INPUT_FAILED, place(source),
            "the %s data is %s, %" PRIu64 " bytes into the file; fetch or write it again",
            pv_codec_name(layer->kind), why, source->taken);
    fail(source, &err);
}

static void check_layer(struct pv_source *source, const struct layer *layer)
{
    struct pv_error err;
    const struct pv_limits *limits = source->options.limits;
    if (layer->made > limits->input_bytes) {
        pv_fail(&err, PV_LIMIT, place(source),
                "unpacks to more than %" PRIu64 " bytes (--max-input raises the limit)",
                limits->input_bytes);
        fail(source, &err);
    } else if (layer->made > limits->ratio_from && layer->made / limits->ratio > source->taken) {
        pv_fail(&err, PV_LIMIT, place(source),
                "unpacks to more than %" PRIu64 " times its size, as only hostile files do "
                "(--max-ratio raises the limit)",
                limits->ratio);
        fail(source, &err);
    }
}

static size_t unpack(struct pv_source *source, struct layer *layer,
                     size_t (*below)(struct pv_source *, char *, size_t), char *out, size_t room)
{
    while (!layer->has_ended && !source->is_failed) {
        if (layer->pending.size == 0 && !layer->is_drained) {
            size_t size = below(source, layer->held, source->options.chunk);
            layer->pending = (struct pv_text){layer->held, size};
            layer->is_drained = size == 0;
            if (source->is_failed)
                return 0;
        }
        struct pv_codec_step step = {
            .in = layer->pending, .is_last = layer->is_drained, .out = out, .room = room};
        enum pv_codec_state state = pv_codec_run(layer->codec, &step);
        layer->pending = step.in;
        layer->has_ended = state == PV_CODEC_END;
        layer->made += step.made;
        if (state == PV_CODEC_BROKEN)
            fail_layer(source, layer, step.why);
        else if (step.made)
            check_layer(source, layer);
        if (step.made)
            return source->is_failed ? 0 : step.made;
    }
    return 0;
}

static size_t pull_outer(struct pv_source *source, char *out, size_t room)
{
    return unpack(source, &source->layers[0], pull_raw, out, room);
}

static size_t pull_inner(struct pv_source *source, char *out, size_t room)
{
    return unpack(source, &source->layers[1], pull_outer, out, room);
}

static void fill_head(struct pv_source *source)
{
    size_t size = 1;
    while (size && source->head_size < HEAD) {
        size = source->pull(source, source->head + source->head_size, HEAD - source->head_size);
        source->head_size += size;
    }
}

/* Puts a layer in between: what was read to look at is its first food. */
static void add_layer(struct pv_source *source, enum pv_codec_kind kind)
{
    struct layer *layer = &source->layers[source->layer_count];
    size_t chunk = source->options.chunk;
    layer->kind = kind;
    layer->codec = pv_codec_new(kind);
    layer->held = pv_alloc(chunk > HEAD ? chunk : HEAD);
    memcpy(layer->held, source->head, source->head_size);
    layer->pending = (struct pv_text){layer->held, source->head_size};
    source->head_size = 0;
    source->pull = source->layer_count == 0 ? pull_outer : pull_inner;
    source->layer_count++;
}

static void find_layers(struct pv_source *source)
{
    for (;;) {
        fill_head(source);
        struct pv_text head = {source->head, source->head_size};
        enum pv_codec_kind kind = pv_codec_detect(head);
        if (kind == PV_PLAIN || source->layer_count == MOST_LAYERS)
            return;
        add_layer(source, kind);
    }
}

static struct pv_source *new_source(const char *name, const struct pv_input_options *options)
{
    struct pv_source *source = pv_zalloc(1, sizeof *source);
    source->name = name;
    source->options = *options;
    source->fd = -1;
    source->pull = pull_raw;
    return source;
}

static bool open_file(struct pv_source *source, struct pv_error *err)
{
    struct stat found;
    bool is_stdin = strcmp(source->name, "-") == 0;
    if (source->name[0] == '\0')
        return pv_fail(err, PV_INPUT_FAILED, place(source), "the input's name is empty");
    source->fd = is_stdin ? STDIN_FILENO : open(source->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (source->fd < 0)
        return pv_fail(err, PV_INPUT_FAILED, place(source), "cannot open: %s", strerror(errno));
    if (fstat(source->fd, &found) != 0)
        return pv_fail(err, PV_INPUT_FAILED, place(source), "cannot read: %s", strerror(errno));
    if (S_ISDIR(found.st_mode))
        return pv_fail(err, PV_INPUT_FAILED, place(source),
                       "is a directory; name the profiles in it");
    source->size = S_ISREG(found.st_mode) ? (uint64_t)found.st_size : 0;
    return true;
}

bool pv_source_open(struct pv_source **out, const char *path,
                    const struct pv_input_options *options, struct pv_error *err)
{
    struct pv_source *source = new_source(path, options);
    if (!open_file(source, err)) {
        pv_source_close(source);
        return false;
    }
    find_layers(source);
    *out = source;
    return true;
}

struct pv_source *pv_source_memory(struct pv_text bytes, const char *name,
                                   const struct pv_input_options *options)
{
    struct pv_source *source = new_source(name, options);
    source->memory = bytes;
    source->size = bytes.size;
    find_layers(source);
    return source;
}

void pv_source_close(struct pv_source *source)
{
    if (!source)
        return;
    if (source->fd > STDIN_FILENO)
        close(source->fd);
    for (unsigned i = 0; i < source->layer_count; i++) {
        pv_codec_free(source->layers[i].codec);
        free(source->layers[i].held);
    }
    free(source);
}

static void check_size(struct pv_source *source)
{
    struct pv_error err;
    uint64_t limit = source->options.limits->input_bytes;
    if (source->made <= limit)
        return;
    pv_fail(&err, PV_LIMIT, place(source),
            "is larger than %" PRIu64 " bytes (--max-input raises the limit)", limit);
    fail(source, &err);
}

size_t pv_source_read(struct pv_source *source, char *out, size_t room)
{
    size_t size = source->head_size;
    if (size && size <= room) {
        memcpy(out, source->head, size);
        source->head_size = 0;
    } else if (size) {
        size = room;
        memcpy(out, source->head, size);
        source->head_size -= size;
        memmove(source->head, source->head + size, source->head_size);
    } else {
        size = source->pull(source, out, room);
    }
    source->made += size;
    check_size(source);
    return source->is_failed ? 0 : size;
}

const struct pv_error *pv_source_error(const struct pv_source *source)
{
    return source->is_failed ? &source->error : NULL;
}

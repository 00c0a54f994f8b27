#include "formats/format.h"
#include "formats/json_pull.h"
#include "formats/valgrind_frame.h"
#include "model/builder.h"
#include "model/error.h"

#include <stdlib.h>

/* DHAT's JSON, version 2, as the comment at the top of valgrind's dhat/dh_main.c (3.19) specifies
 * it: program points with their numbers and a stack each, as indices into a table of frames that
 * usually stands behind them. */

enum { VERSION = 2 };

/* What a program point may have, in the order of the metrics. */
enum number { TOTAL, BLOCKS, GMAX, GMAX_BLOCKS, END, END_BLOCKS, READ, WRITTEN, NUMBERS };

struct point {
    int64_t numbers[NUMBERS];
    uint32_t from, count; /* of its stack, in reader.stacks */
};

struct reader {
    struct pv_input *input;
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct point *points;
    uint32_t point_count, point_room;
    uint32_t *stacks; /* indices of frames, innermost first, one stack behind the other */
    uint32_t stacks_size, stacks_room;
    uint32_t *frames; /* of the builder, by index */
    uint32_t frame_count, frame_room;
    uint32_t *scratch; /* one stack, outermost first */
    uint32_t scratch_room;
    unsigned has_numbers; /* bit i: some point has number i */
    bool has_version, has_points, has_frames, counts_bytes;
    pv_str block_name;
};

static bool grow(struct reader *reader, void **array, uint32_t *room, uint64_t needed, size_t item)
{
    if (pv_grow(array, room, needed, item, &reader->budget))
        return true;
    pv_json_fail(reader->json, PV_LIMIT, "the profile needs more than --max-memory allows");
    return false;
}

/* An integer from 0 to `most`; 0 on an error. */
static int64_t read_int(struct reader *reader, int64_t most)
{
    int64_t value;
    if (!pv_json_int(reader->json, &value))
        return 0;
    if (value >= 0 && value <= most)
        return value;
    pv_json_fail(reader->json, PV_INPUT_FAILED, "%lld is out of range here: 0 to %lld",
                 (long long)value, (long long)most);
    return 0;
}

static void read_stack(struct reader *reader, struct point *point)
{
    reader->stacks_size = point->from; /* the last one counts */
    pv_json_array(reader->json);
    while (pv_json_item(reader->json)) {
        void *stacks = reader->stacks;
        uint32_t frame = (uint32_t)read_int(reader, UINT32_MAX - 1);
        bool grown = grow(reader, &stacks, &reader->stacks_room, (uint64_t)reader->stacks_size + 1,
                          sizeof *reader->stacks);
        reader->stacks = stacks;
        if (grown)
            reader->stacks[reader->stacks_size++] = frame;
    }
    point->count = reader->stacks_size - point->from;
}

static void read_point(struct reader *reader)
{
    static const char *const keys[] = {"tb",  "tbk", "gb", "gbk", "eb",
                                       "ebk", "rb",  "wb", "fs",  NULL};
    struct point point = {.from = reader->stacks_size};
    bool has_stack = false;
    pv_json_object(reader->json);
    for (int key; (key = pv_json_field(reader->json, keys)) >= 0;)
        if (key == NUMBERS) {
            read_stack(reader, &point);
            has_stack = true;
        } else {
            point.numbers[key] = read_int(reader, INT64_MAX);
            reader->has_numbers |= 1U << key;
        }
    if (!has_stack)
        pv_json_fail(reader->json, PV_INPUT_FAILED, "a program point without its stack (\"fs\")");
    void *points = reader->points;
    bool grown = grow(reader, &points, &reader->point_room, (uint64_t)reader->point_count + 1,
                      sizeof *reader->points);
    reader->points = points;
    if (grown)
        reader->points[reader->point_count++] = point;
}

static void read_frame(struct reader *reader)
{
    struct pv_text text;
    void *frames = reader->frames;
    if (!pv_json_string(reader->json, &text))
        return;
    bool grown = grow(reader, &frames, &reader->frame_room, (uint64_t)reader->frame_count + 1,
                      sizeof *reader->frames);
    reader->frames = frames;
    if (!grown)
        return;
    struct pv_valgrind_frame frame = pv_valgrind_frame_of(text);
    /* The first is "[root]", which the profile has anyway. */
    reader->frames[reader->frame_count] =
        reader->frame_count ? pv_build_frame(reader->builder, &frame.info) : PV_NONE;
    reader->frame_count++;
}

static void read_frames(struct reader *reader)
{
    if (reader->has_frames)
        pv_json_fail(reader->json, PV_INPUT_FAILED, "a second table of frames");
    reader->has_frames = true;
    pv_json_array(reader->json);
    while (pv_json_item(reader->json) && pv_builder_is_ok(reader->builder))
        read_frame(reader);
}

static void read_version(struct reader *reader)
{
    int64_t version = read_int(reader, INT64_MAX);
    reader->has_version = true;
    if (pv_json_is_ok(reader->json) && version != VERSION)
        pv_json_fail(reader->json, PV_INPUT_FAILED,
                     "version %lld of DHAT's format; only %d is read, which valgrind writes from "
                     "3.17 on: record it again with one that is not older",
                     (long long)version, VERSION);
}

static void read_unit(struct reader *reader)
{
    struct pv_text text;
    if (pv_json_string(reader->json, &text))
        reader->counts_bytes = pv_text_equal(text, PV_TEXT("byte"));
}

static void read_block_name(struct reader *reader)
{
    struct pv_text text;
    if (pv_json_string(reader->json, &text))
        reader->block_name = pv_build_text(reader->builder, text);
}

static void read_points(struct reader *reader)
{
    reader->has_points = true;
    pv_json_array(reader->json);
    while (pv_json_item(reader->json))
        read_point(reader);
}

static void read_top(struct reader *reader)
{
    static const struct {
        const char *key;
        void (*read)(struct reader *reader);
    } members[] = {{"dhatFileVersion", read_version},
                   {"bu", read_unit},
                   {"bksu", read_block_name},
                   {"pps", read_points},
                   {"ftbl", read_frames}};
    static const char *const keys[] = {"dhatFileVersion", "bu", "bksu", "pps", "ftbl", NULL};
    pv_json_object(reader->json);
    for (int key; (key = pv_json_field(reader->json, keys)) >= 0;)
        members[key].read(reader);
}

static void add_metrics(struct reader *reader, uint32_t *metric_of)
{
    static const struct pv_text names[NUMBERS] = {
        {"total", 5},  {"blocks", 6},         {"at t-gmax", 9}, {"blocks at t-gmax", 16},
        {"at end", 6}, {"blocks at end", 13}, {"read", 4},      {"written", 7}};
    for (unsigned i = 0; i < NUMBERS; i++) {
        bool is_blocks = i == BLOCKS || i == GMAX_BLOCKS || i == END_BLOCKS;
        bool is_bytes = !is_blocks && (reader->counts_bytes || i >= READ);
        struct pv_text name = names[i];
        if (i == BLOCKS && reader->block_name)
            name = pv_build_text_bytes(reader->builder, reader->block_name);
        metric_of[i] = PV_NONE;
        if (i == TOTAL || reader->has_numbers >> i & 1)
            metric_of[i] = pv_build_metric(reader->builder, name,
                                           is_bytes ? PV_UNIT_BYTES : PV_UNIT_COUNT, false);
    }
}

/* The stack the other way round; false (and failed) where a frame is none of the table. */
static bool turn_stack(struct reader *reader, const struct point *point, struct pv_error *err)
{
    void *scratch = reader->scratch;
    struct pv_where place = {.source = pv_input_name(reader->input)};
    bool grown = pv_grow(&scratch, &reader->scratch_room, point->count, sizeof *reader->scratch,
                         &reader->budget);
    reader->scratch = scratch;
    if (!grown)
        return pv_fail(err, PV_LIMIT, place, "the profile needs more than --max-memory allows");
    for (uint32_t i = 0; i < point->count; i++) {
        uint32_t frame = reader->stacks[point->from + point->count - 1 - i];
        if (frame == 0 || frame >= reader->frame_count)
            return pv_fail(err, PV_INPUT_FAILED, place,
                           "program point %u (from 0) has frame %u, but \"ftbl\" has only 1 to %u",
                           (unsigned)(point - reader->points), (unsigned)frame,
                           (unsigned)(reader->frame_count ? reader->frame_count - 1 : 0));
        reader->scratch[i] = reader->frames[frame];
    }
    return true;
}

static bool add_points(struct reader *reader, struct pv_error *err)
{
    uint32_t metric_of[NUMBERS];
    add_metrics(reader, metric_of);
    for (uint32_t i = 0; i < reader->point_count; i++) {
        const struct point *point = &reader->points[i];
        if (!turn_stack(reader, point, err))
            return false;
        uint32_t node = pv_build_stack(reader->builder, 0, reader->scratch, point->count, NULL);
        for (unsigned n = 0; n < NUMBERS; n++)
            if (metric_of[n] != PV_NONE)
                pv_build_self(reader->builder, node, metric_of[n], point->numbers[n]);
    }
    return true;
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where place = {.source = pv_input_name(reader->input)};
    const char *lacks = !reader->has_version  ? "dhatFileVersion"
                        : !reader->has_points ? "pps"
                        : !reader->has_frames ? "ftbl"
                                              : NULL;
    if (lacks)
        return pv_fail(err, PV_INPUT_FAILED, place, "a DHAT profile needs \"%s\"", lacks);
    if (pv_builder_is_ok(reader->builder) && !add_points(reader, err))
        return false;
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = place;
    return false;
}

static bool read_dhat(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct reader reader = {
        .input = input,
        .json = pv_json_open(input, NULL),
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "dhat"),
        .budget = {.limit = limits->memory},
        .counts_bytes = true,
    };
    read_top(&reader);
    bool done = pv_json_end(reader.json, err) && finish(&reader, out, err);
    pv_json_close(reader.json);
    pv_builder_free(reader.builder);
    free(reader.points);
    free(reader.stacks);
    free(reader.frames);
    free(reader.scratch);
    return done;
}

/* The first key in what valgrind writes; a tool that sorts keys moves it. */
static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    struct pv_text key = PV_TEXT("\"dhatFileVersion\""), text = pv_text_trim(head);
    (void)is_whole;
    if (text.size == 0 || text.data[0] != '{')
        return PV_PROBE_NO;
    text = pv_text_trim(pv_text_slice(text, 1, text.size));
    if (pv_text_starts(text, key))
        return PV_PROBE_SURE;
    return pv_text_search(text, key) < text.size ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

extern const struct pv_format pv_format_dhat;
const struct pv_format pv_format_dhat = {
    .name = "dhat",
    .summary = "valgrind's DHAT and dhat-rs: blocks on the heap, copies, ad-hoc events",
    .aliases = "dhat.out",
    .extensions = ".json",
    .probe = probe,
    .read = read_dhat,
};

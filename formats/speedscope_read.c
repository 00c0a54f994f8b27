#include "formats/speedscope.h"

#include "formats/json_take.h"
#include "model/error.h"

#include <string.h>

/* Errors are sticky in the JSON, so that the functions go on without asking. */

static void fail(struct pv_speedscope_rows *rows, const char *text)
{
    pv_json_fail(rows->json, PV_INPUT_FAILED, "%s", text);
}

/* A new zeroed row at the table's end; NULL (and failed) where the memory is used up. */
static void *add_row(struct pv_speedscope_rows *rows, struct pv_speedscope_table *table,
                     size_t size)
{
    if (table->count == UINT32_MAX - 1 ||
        !pv_grow(&table->rows, &table->capacity, (uint64_t)table->count + 1, size, &rows->budget)) {
        pv_json_fail(rows->json, PV_LIMIT, "the profile needs more than --max-memory allows");
        return NULL;
    }
    return memset((char *)table->rows + table->count++ * size, 0, size);
}

static void read_frame(struct pv_speedscope_rows *rows)
{
    static const char *const keys[] = {"name", "file", "line", NULL};
    struct pv_frame frame = {0};
    bool has_name = false;
    if (!pv_json_object(rows->json))
        return;
    for (int key; (key = pv_json_field(rows->json, keys)) >= 0;)
        if (key == 0) {
            has_name = pv_json_peek(rows->json) == PV_JSON_STRING;
            frame.name = pv_json_take_text(rows->json, rows->builder);
        } else if (key == 1) {
            frame.file = pv_json_take_text(rows->json, rows->builder);
        } else {
            frame.line = (uint32_t)pv_json_take_int(rows->json, 1, UINT32_MAX - 1, 0);
        }
    if (!has_name)
        frame.flags = PV_FRAME_UNKNOWN;
    uint32_t *row = add_row(rows, &rows->frames, sizeof *row);
    if (row)
        *row = pv_build_frame_by(rows->builder, &frame);
}

static void read_shared(struct pv_speedscope_rows *rows)
{
    static const char *const keys[] = {"frames", NULL};
    if (!pv_json_object(rows->json))
        return;
    while (pv_json_field(rows->json, keys) == 0) {
        rows->has_frames = true;
        rows->frames.count = 0; /* of two members of one name the last one counts */
        pv_json_array(rows->json);
        while (pv_json_item(rows->json))
            read_frame(rows);
    }
}

/* The number of a frame, which may be told of later. */
static uint32_t read_frame_number(struct pv_speedscope_rows *rows)
{
    int64_t number;
    if (!pv_json_int(rows->json, &number))
        return 0;
    if (number < 0 || number >= UINT32_MAX) {
        pv_json_fail(rows->json, PV_INPUT_FAILED, "%lld is no number of a frame",
                     (long long)number);
        return 0;
    }
    if (number > rows->top_frame) {
        rows->top_frame = number;
        rows->top_where = pv_json_where(rows->json);
    }
    return (uint32_t)number;
}

static uint32_t add_node(struct pv_speedscope_rows *rows, uint32_t parent, uint32_t frame)
{
    uint32_t number = rows->nodes.count;
    struct pv_speedscope_node *node = add_row(rows, &rows->nodes, sizeof *node);
    if (!node)
        return 0;
    *node = (struct pv_speedscope_node){parent, frame};
    return number;
}

static uint32_t find_child(struct pv_speedscope_rows *rows, uint32_t parent, uint32_t frame)
{
    bool is_new = false;
    uint32_t *found = pv_map_put(&rows->children, (uint64_t)parent << 32 | frame, rows->nodes.count,
                                 &is_new, &rows->budget);
    if (!found) {
        pv_json_fail(rows->json, PV_LIMIT, "the profile needs more than --max-memory allows");
        return 0;
    }
    return is_new ? add_node(rows, parent, frame) : *found;
}

/* One stack, outermost frame first; its node. As far as it is the stack before, nothing is looked
 * up: mostly that is all of it. */
static uint32_t read_stack(struct pv_speedscope_rows *rows, uint32_t root)
{
    uint32_t depth = 0, node = root;
    pv_json_array(rows->json);
    while (pv_json_item(rows->json)) {
        uint32_t frame = read_frame_number(rows), *path = rows->path.rows;
        const struct pv_speedscope_node *nodes = rows->nodes.rows;
        if (depth == rows->path.count)
            path = add_row(rows, &rows->path, sizeof *path) ? rows->path.rows : NULL;
        else if (nodes[path[depth]].parent == node && nodes[path[depth]].frame == frame) {
            node = path[depth++];
            continue;
        }
        if (!path)
            return root;
        node = path[depth++] = find_child(rows, node, frame);
    }
    rows->path.count = depth;
    return node;
}

static void read_samples(struct pv_speedscope_rows *rows, struct pv_speedscope_profile *profile)
{
    uint32_t root = profile->root = add_node(rows, PV_NONE, PV_NONE);
    rows->samples.count = profile->samples.from;
    rows->path.count = 0;
    pv_json_array(rows->json);
    while (pv_json_item(rows->json)) {
        uint32_t node = read_stack(rows, root), *row = add_row(rows, &rows->samples, sizeof *row);
        if (row)
            *row = node;
    }
    profile->has_samples = true;
    profile->samples.count = rows->samples.count - profile->samples.from;
}

static void read_weights(struct pv_speedscope_rows *rows, struct pv_speedscope_profile *profile)
{
    struct pv_decimal weight;
    rows->weights.count = profile->weights.from;
    pv_json_array(rows->json);
    while (pv_json_item(rows->json)) {
        struct pv_decimal *row;
        if (pv_json_decimal(rows->json, &weight) &&
            (row = add_row(rows, &rows->weights, sizeof *row)))
            *row = weight;
    }
    profile->weights.count = rows->weights.count - profile->weights.from;
}

/* 'O' or 'C'; 0 for anything else. */
static char read_event_type(struct pv_speedscope_rows *rows)
{
    struct pv_text text;
    if (!pv_json_string(rows->json, &text) || text.size != 1)
        return 0;
    return text.data[0] == 'O' || text.data[0] == 'C' ? text.data[0] : 0;
}

static void read_event(struct pv_speedscope_rows *rows)
{
    static const char *const keys[] = {"type", "frame", "at", NULL};
    struct pv_speedscope_event event = {0};
    struct pv_decimal at = {0};
    unsigned found = 0;
    char type = 0;
    if (!pv_json_object(rows->json))
        return;
    for (int key; (key = pv_json_field(rows->json, keys)) >= 0; found |= 1U << key)
        if (key == 0)
            type = read_event_type(rows);
        else if (key == 1)
            event.frame = read_frame_number(rows);
        else
            pv_json_decimal(rows->json, &at);
    if (found != 7 || !type) {
        pv_input_bad_record(rows->input, "an event needs a type (O or C), a frame and a time");
        return;
    }
    pv_input_good_record(rows->input);
    event.at = at.value;
    event.digits = (uint8_t)at.digits;
    event.is_open = type == 'O';
    struct pv_speedscope_event *row = add_row(rows, &rows->events, sizeof *row);
    if (row)
        *row = event;
}

static void read_events(struct pv_speedscope_rows *rows, struct pv_speedscope_profile *profile)
{
    rows->events.count = profile->events.from;
    pv_json_array(rows->json);
    while (pv_json_item(rows->json))
        read_event(rows);
    profile->has_events = true;
    profile->events.count = rows->events.count - profile->events.from;
}

static enum pv_speedscope_kind read_kind(struct pv_speedscope_rows *rows)
{
    struct pv_text text;
    if (!pv_json_string(rows->json, &text))
        return PV_SPEEDSCOPE_UNKNOWN;
    if (pv_text_equal(text, PV_TEXT("evented")))
        return PV_SPEEDSCOPE_EVENTED;
    if (!pv_text_equal(text, PV_TEXT("sampled")))
        pv_json_fail(rows->json, PV_INPUT_FAILED,
                     "unknown type of a profile \"%.*s\" (sampled or evented)",
                     PV_TEXT_ARGS(pv_text_slice(text, 0, 20)));
    return PV_SPEEDSCOPE_SAMPLED;
}

enum profile_key { TYPE, NAME, UNIT, END_VALUE, SAMPLES, WEIGHTS, EVENTS };

static void read_profile_member(struct pv_speedscope_rows *rows,
                                struct pv_speedscope_profile *profile, enum profile_key key)
{
    switch (key) {
    case TYPE:
        profile->kind = read_kind(rows);
        break;
    case NAME:
        profile->name = pv_json_take_text(rows->json, rows->builder);
        break;
    case UNIT:
        profile->unit = pv_json_take_text(rows->json, rows->builder);
        break;
    case END_VALUE:
        profile->has_end = !pv_json_null(rows->json) && pv_json_decimal(rows->json, &profile->end);
        break;
    case SAMPLES:
        read_samples(rows, profile);
        break;
    case WEIGHTS:
        read_weights(rows, profile);
        break;
    case EVENTS:
        read_events(rows, profile);
        break;
    }
}

static void read_profile(struct pv_speedscope_rows *rows)
{
    static const char *const keys[] = {"type",    "name",    "unit",   "endValue",
                                       "samples", "weights", "events", NULL};
    struct pv_speedscope_profile profile = {
        .samples = {.from = rows->samples.count},
        .weights = {.from = rows->weights.count},
        .events = {.from = rows->events.count},
    };
    if (!pv_json_object(rows->json))
        return;
    for (int key; (key = pv_json_field(rows->json, keys)) >= 0;)
        read_profile_member(rows, &profile, (enum profile_key)key);
    if (profile.kind == PV_SPEEDSCOPE_UNKNOWN)
        profile.kind = profile.has_events ? PV_SPEEDSCOPE_EVENTED : PV_SPEEDSCOPE_SAMPLED;
    if (profile.kind == PV_SPEEDSCOPE_SAMPLED ? !profile.has_samples : !profile.has_events)
        fail(rows, "a profile without samples or events");
    struct pv_speedscope_profile *row = add_row(rows, &rows->profiles, sizeof *row);
    if (row)
        *row = profile;
}

static void read_profiles(struct pv_speedscope_rows *rows)
{
    rows->has_profiles = true;
    rows->profiles.count = 0;
    pv_json_array(rows->json);
    while (pv_json_item(rows->json))
        read_profile(rows);
}

void pv_speedscope_parse(struct pv_speedscope_rows *rows)
{
    static const char *const keys[] = {"shared", "profiles", "exporter", NULL};
    struct pv_text text;
    if (!pv_json_object(rows->json))
        return;
    for (int key; (key = pv_json_field(rows->json, keys)) >= 0;)
        if (key == 0)
            read_shared(rows);
        else if (key == 1)
            read_profiles(rows);
        else if (pv_json_peek(rows->json) == PV_JSON_STRING && pv_json_string(rows->json, &text))
            rows->is_ours = pv_text_equal(text, PV_TEXT("profviz"));
}

#include "formats/chrome_trace.h"

#include "formats/json_take.h"

/* "args": what an event tells beyond its time. Most of it is for people and skipped; but the
 * members of an event come in any order, so that what may matter is kept until it is known what the
 * event is. */

/* Lines count from 0; -1 is none. */
static void read_call_frame(struct pv_chrome *chrome, struct pv_chrome_node *node)
{
    static const char *const keys[] = {"functionName", "url", "lineNumber", "scriptId", NULL};
    enum { NAME, URL, LINE };
    struct pv_frame *frame = &node->frame;
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return;
    pv_json_object(chrome->json);
    for (int key; (key = pv_json_field(chrome->json, keys)) >= 0;) {
        if (key == NAME)
            frame->name = pv_json_take_text(chrome->json, chrome->builder);
        else if (key == URL)
            frame->file = pv_json_take_text(chrome->json, chrome->builder);
        else if (key == LINE)
            frame->line = (uint32_t)(pv_json_take_int(chrome->json, -1, UINT32_MAX - 2, -1) + 1);
        else
            node->is_native = pv_json_take_int(chrome->json, 0, INT64_MAX, 1) == 0;
    }
}

static void read_ints(struct pv_chrome *chrome, struct pv_chrome_table *table)
{
    if (pv_json_peek(chrome->json) != PV_JSON_ARRAY)
        return;
    pv_json_array(chrome->json);
    while (pv_json_item(chrome->json)) {
        int64_t value = -1; /* what is no number keeps its place: arrays belong together */
        pv_chrome_int(chrome, &value);
        int64_t *row = pv_chrome_add(chrome, table, sizeof *row);
        if (!row)
            return;
        *row = value;
    }
}

static void read_node(struct pv_chrome *chrome)
{
    static const char *const keys[] = {"id", "parent", "callFrame", "children", NULL};
    struct pv_chrome_node node = {
        .id = -1, .parent = -1, .first_child = chrome->chunk.children.count};
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return;
    pv_json_object(chrome->json);
    for (int key; (key = pv_json_field(chrome->json, keys)) >= 0;) {
        if (key == 0)
            pv_chrome_int(chrome, &node.id);
        else if (key == 1)
            pv_chrome_int(chrome, &node.parent);
        else if (key == 2)
            read_call_frame(chrome, &node);
        else
            read_ints(chrome, &chrome->chunk.children);
    }
    node.child_count = chrome->chunk.children.count - node.first_child;
    struct pv_chrome_node *row = pv_json_is_ok(chrome->json)
                                     ? pv_chrome_add(chrome, &chrome->chunk.nodes, sizeof *row)
                                     : NULL;
    if (row)
        *row = node;
}

static void read_nodes(struct pv_chrome *chrome)
{
    if (pv_json_peek(chrome->json) != PV_JSON_ARRAY)
        return;
    pv_json_array(chrome->json);
    while (pv_json_item(chrome->json))
        read_node(chrome);
}

/* The members of a profile, which Chrome has in "data" and V8 in "cpuProfile" within it. */
static const char *const profile_keys[] = {"nodes",   "samples",    "timeDeltas", "startTime",
                                           "endTime", "cpuProfile", NULL};
enum { NODES, SAMPLES, DELTAS, START, END, PROFILE };

static void read_part(struct pv_chrome *chrome, int key)
{
    struct pv_chrome_chunk *chunk = &chrome->chunk;
    if (key == NODES)
        read_nodes(chrome);
    else if (key == SAMPLES)
        read_ints(chrome, &chunk->samples);
    else if (key == DELTAS)
        read_ints(chrome, &chunk->deltas);
    else
        pv_chrome_time(chrome, key == START ? &chunk->start : &chunk->end);
}

static void read_profile(struct pv_chrome *chrome)
{
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return;
    pv_json_object(chrome->json);
    for (int key; (key = pv_json_field(chrome->json, profile_keys)) >= 0;)
        if (key < PROFILE)
            read_part(chrome, key);
}

static void read_data(struct pv_chrome *chrome)
{
    struct pv_chrome_chunk *chunk = &chrome->chunk;
    if (pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return;
    pv_json_object(chrome->json);
    chunk->nodes.count = chunk->children.count = chunk->samples.count = chunk->deltas.count = 0;
    chunk->start = chunk->end = (struct pv_chrome_time){0};
    chrome->event.has_profile = true;
    for (int key; (key = pv_json_field(chrome->json, profile_keys)) >= 0;) {
        if (key == PROFILE)
            read_profile(chrome);
        else
            read_part(chrome, key);
    }
}

/* A counter's number, or whatever else has this key. */
static void read_number(struct pv_chrome *chrome, struct pv_text key)
{
    struct pv_decimal value;
    struct pv_text text;
    chrome->scratch.size = 0;
    pv_buffer_add(&chrome->scratch, key);
    if (pv_json_peek(chrome->json) != PV_JSON_NUMBER || !pv_json_number(chrome->json, &text) ||
        !pv_parse_decimal(text, &value))
        return;
    struct pv_chrome_number *number = pv_chrome_add(chrome, &chrome->numbers, sizeof *number);
    if (number)
        *number = (struct pv_chrome_number){
            pv_build_text(chrome->builder, pv_buffer_text(&chrome->scratch)), value};
}

static void read_arg(struct pv_chrome *chrome, struct pv_text key)
{
    struct pv_chrome_event *event = &chrome->event;
    bool may_count = event->phase == 'C' || !event->phase;
    event->has_count |= pv_text_equal(key, PV_TEXT("count"));
    event->has_average |= pv_text_equal(key, PV_TEXT("avg ms"));
    if (pv_text_equal(key, PV_TEXT("data")) && event->phase != 'C')
        read_data(chrome);
    else if (pv_text_equal(key, PV_TEXT("name")) && event->phase != 'C')
        event->args_name = pv_chrome_id(chrome, NULL);
    else if (may_count)
        read_number(chrome, key);
}

void pv_chrome_args(struct pv_chrome *chrome)
{
    struct pv_text key;
    if (!pv_chrome_args_matter(&chrome->event) || pv_json_peek(chrome->json) != PV_JSON_OBJECT)
        return; /* what is not taken is skipped */
    pv_json_object(chrome->json);
    chrome->numbers.count = 0;
    chrome->event.has_args = true;
    while (pv_json_member(chrome->json, &key))
        read_arg(chrome, key);
}

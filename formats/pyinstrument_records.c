#include "formats/pyinstrument.h"

#include "formats/sample_spans.h"
#include "model/error.h"
#include "model/strings.h"

#include <stdlib.h>

/* A frame identifier is "function\0file\0line of the definition", and behind each \1 an attribute:
 * l and the executing line, c and the class. The same ones stand in record after record, so that
 * each is looked at once. */
struct records {
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct pv_strings *identifiers;
    uint32_t *frames; /* of each identifier */
    uint32_t frame_capacity;
    uint32_t *stack;
    uint32_t depth, stack_capacity;
    bool keeps_spans;
    struct pv_sample_spans spans;
    int64_t now; /* ns since the beginning */
};

static void fail_memory(struct records *records)
{
    pv_json_fail(records->json, PV_LIMIT, "the profile needs more than --max-memory allows");
}

static uint32_t make_frame(struct records *records, struct pv_text identifier)
{
    struct pv_text name = {0}, file = {0}, line = {0};
    uint64_t number = 0;
    identifier = pv_text_slice(identifier, 0, pv_text_find(identifier, '\1'));
    pv_text_split(&identifier, '\0', &name);
    pv_text_split(&identifier, '\0', &file);
    pv_text_split(&identifier, '\0', &line);
    if (!pv_parse_uint64(line, &number) || number > UINT32_MAX)
        number = 0;
    return pv_pyinstrument_frame(records->builder, name, file, (uint32_t)number);
}

static uint32_t frame_of(struct records *records, struct pv_text identifier)
{
    if (identifier.size == 0) /* the table has it from the start */
        return make_frame(records, identifier);
    uint32_t before = pv_strings_count(records->identifiers);
    pv_str id = pv_strings_add(records->identifiers, identifier, &records->budget);
    void *frames = records->frames;
    bool grown = pv_grow(&frames, &records->frame_capacity, (uint64_t)id + 1, sizeof(uint32_t),
                         &records->budget);
    records->frames = frames;
    if (!grown || records->budget.is_over) {
        fail_memory(records);
        return 0;
    }
    if (id >= before)
        records->frames[id] = make_frame(records, identifier);
    return records->frames[id];
}

static void read_stack(struct records *records)
{
    struct pv_text identifier;
    records->depth = 0;
    pv_json_array(records->json);
    while (pv_json_item(records->json) && pv_json_string(records->json, &identifier)) {
        uint32_t frame = frame_of(records, identifier);
        void *stack = records->stack;
        bool grown = pv_grow(&stack, &records->stack_capacity, (uint64_t)records->depth + 1,
                             sizeof frame, &records->budget);
        records->stack = stack;
        if (grown)
            records->stack[records->depth++] = frame;
        else
            fail_memory(records);
    }
}

/* Without a stack the time belongs to nobody. */
static void add_record(struct records *records, int64_t time)
{
    uint32_t node = pv_build_stack(records->builder, 0, records->stack, records->depth, NULL);
    if (records->keeps_spans)
        pv_sample_spans_at(&records->spans, node, records->now);
    if (!records->keeps_spans || node == 0)
        pv_build_self(records->builder, node, 0, time);
    if (!pv_add(records->now, time, &records->now))
        pv_json_fail(records->json, PV_INPUT_FAILED, "the times do not fit in 64 bits");
}

static void read_record(struct records *records)
{
    enum { SECONDS = 9 };
    struct pv_decimal seconds;
    int64_t time = 0;
    bool has_stack = pv_json_array(records->json) && pv_json_item(records->json);
    if (has_stack)
        read_stack(records);
    if (!has_stack || !pv_json_item(records->json) || !pv_json_decimal(records->json, &seconds)) {
        pv_json_fail(records->json, PV_INPUT_FAILED, "a record is [[frames], seconds]");
        return;
    }
    if (!pv_scale_decimal(seconds, SECONDS, &time) || time < 0)
        pv_json_fail(records->json, PV_INPUT_FAILED, "a time that cannot be");
    add_record(records, time);
    while (pv_json_item(records->json))
        pv_json_skip(records->json);
}

void pv_pyinstrument_read_records(struct pv_json *json, struct pv_builder *builder,
                                  const struct pv_limits *limits)
{
    struct records records = {
        .json = json,
        .builder = builder,
        .budget = {.limit = limits->memory},
        .identifiers = pv_strings_new(),
        .keeps_spans = limits->keeps_spans,
    };
    if (records.keeps_spans)
        records.spans = pv_sample_spans_begin(builder, 0);
    pv_json_array(json);
    while (pv_json_item(json) && pv_builder_is_ok(builder))
        read_record(&records);
    if (records.keeps_spans)
        pv_sample_spans_end(&records.spans, records.now);
    pv_strings_free(records.identifiers);
    free(records.frames);
    free(records.stack);
}

#include "formats/format.h"

#include "formats/json_pull.h"
#include "model/builder.h"
#include "model/error.h"

#include <stdlib.h>

/* The JSON that gprof2dot reads (`-f json`), made for tools that have stacks and want a picture:
 * samples as chains of indices into a table of functions, which may stand in front of them or
 * behind. See docs/formats/gprof2dot-json.md. */

enum { METRICS = 64 };

struct event {
    uint32_t chain, chain_count; /* in reader.chains */
    uint32_t cost, cost_count;   /* in reader.costs */
};

struct array {
    void *items;
    uint32_t count, capacity;
};

struct reader {
    struct pv_json *json;
    struct pv_builder *builder;
    struct pv_budget budget;
    struct array events; /* struct event */
    struct array chains; /* uint32_t, innermost first */
    struct array costs;  /* struct pv_decimal */
    struct array frames; /* uint32_t, of the builder, by index */
    int64_t factors[METRICS];
    bool is_signed[METRICS];
    uint32_t metric_count;
    bool has_events, has_functions;
};

/* Room for one more item, or NULL. */
static void *add_item(struct reader *reader, struct array *array, size_t size)
{
    if (!pv_grow(&array->items, &array->capacity, (uint64_t)array->count + 1, size,
                 &reader->budget)) {
        pv_json_fail(reader->json, PV_LIMIT, "the profile needs more than --max-memory allows");
        return NULL;
    }
    return (char *)array->items + size * array->count++;
}

/* ---- Costs ---- */

static bool find_unit(struct pv_text word, enum pv_unit *unit, int64_t *factor)
{
    static const struct {
        const char *word;
        enum pv_unit unit;
        int64_t factor;
    } units[] = {
        {"bytes", PV_UNIT_BYTES, 1},   {"seconds", PV_UNIT_NS, 1000000000},
        {"s", PV_UNIT_NS, 1000000000}, {"milliseconds", PV_UNIT_NS, 1000000},
        {"ms", PV_UNIT_NS, 1000000},   {"microseconds", PV_UNIT_NS, 1000},
        {"us", PV_UNIT_NS, 1000},      {"nanoseconds", PV_UNIT_NS, 1},
        {"ns", PV_UNIT_NS, 1},         {"samples", PV_UNIT_COUNT, 1},
        {"count", PV_UNIT_COUNT, 1},   {"", PV_UNIT_COUNT, 1},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (pv_text_equal(word, pv_text_of(units[i].word))) {
            *unit = units[i].unit;
            *factor = units[i].factor;
            return true;
        }
    *unit = PV_UNIT_COUNT;
    *factor = 1;
    return false;
}

/* A unit that is not known stays in the name. */
static void add_metric(struct reader *reader, struct pv_text name, struct pv_text unit_word)
{
    struct pv_buffer full = {0};
    enum pv_unit unit;
    if (reader->metric_count == METRICS) {
        pv_json_fail(reader->json, PV_LIMIT, "more than %d costs", METRICS);
        return;
    }
    pv_buffer_add(&full, name.size ? name : PV_TEXT("cost"));
    if (!find_unit(unit_word, &unit, &reader->factors[reader->metric_count]))
        pv_buffer_print(&full, " (%.*s)", PV_TEXT_ARGS(unit_word));
    pv_build_metric(reader->builder, pv_buffer_text(&full), unit, false);
    reader->metric_count++;
    pv_buffer_free(&full);
}

static void take_string(struct reader *reader, struct pv_buffer *to)
{
    struct pv_text text;
    to->size = 0;
    if (!pv_json_null(reader->json) && pv_json_string(reader->json, &text))
        pv_buffer_add(to, text);
}

static void read_costs(struct reader *reader)
{
    static const char *const keys[] = {"description", "unit", NULL};
    struct pv_buffer texts[2] = {0};
    if (reader->metric_count)
        pv_json_fail(reader->json, PV_INPUT_FAILED, "a second table of costs");
    pv_json_array(reader->json);
    while (pv_json_item(reader->json)) {
        texts[0].size = texts[1].size = 0;
        pv_json_object(reader->json);
        for (int key; (key = pv_json_field(reader->json, keys)) >= 0;)
            take_string(reader, &texts[key]);
        add_metric(reader, pv_buffer_text(&texts[0]), pv_buffer_text(&texts[1]));
    }
    pv_buffer_free(&texts[0]);
    pv_buffer_free(&texts[1]);
}

/* ---- Functions ---- */

static void read_function(struct reader *reader, struct pv_buffer *texts)
{
    static const char *const keys[] = {"name", "module", NULL};
    texts[0].size = texts[1].size = 0;
    pv_json_object(reader->json);
    for (int key; (key = pv_json_field(reader->json, keys)) >= 0;)
        take_string(reader, &texts[key]);
    uint32_t *frame = add_item(reader, &reader->frames, sizeof *frame);
    struct pv_frame_info info = {.name = pv_buffer_text(&texts[0]),
                                 .module = pv_buffer_text(&texts[1])};
    if (frame)
        *frame = pv_build_frame(reader->builder, &info);
}

static void read_functions(struct reader *reader)
{
    struct pv_buffer texts[2] = {0};
    if (reader->has_functions)
        pv_json_fail(reader->json, PV_INPUT_FAILED, "a second table of functions");
    reader->has_functions = true;
    pv_json_array(reader->json);
    while (pv_json_item(reader->json) && pv_builder_is_ok(reader->builder))
        read_function(reader, texts);
    pv_buffer_free(&texts[0]);
    pv_buffer_free(&texts[1]);
}

/* ---- Events ---- */

static void read_chain(struct reader *reader, struct event *event)
{
    event->chain = reader->chains.count;
    pv_json_array(reader->json);
    while (pv_json_item(reader->json)) {
        int64_t index;
        uint32_t *frame = add_item(reader, &reader->chains, sizeof *frame);
        if (!frame || !pv_json_int(reader->json, &index))
            return;
        if (index < 0 || index >= UINT32_MAX)
            pv_json_fail(reader->json, PV_INPUT_FAILED, "no index of a function: %lld",
                         (long long)index);
        *frame = (uint32_t)index;
    }
    event->chain_count = reader->chains.count - event->chain;
}

static void read_cost(struct reader *reader, struct event *event)
{
    event->cost = reader->costs.count;
    pv_json_array(reader->json);
    while (pv_json_item(reader->json)) {
        struct pv_decimal *cost = add_item(reader, &reader->costs, sizeof *cost);
        if (!cost || !pv_json_decimal(reader->json, cost))
            return;
    }
    event->cost_count = reader->costs.count - event->cost;
}

static void read_event(struct reader *reader)
{
    static const char *const keys[] = {"callchain", "cost", NULL};
    struct event event = {0};
    pv_json_object(reader->json);
    for (int key; (key = pv_json_field(reader->json, keys)) >= 0;)
        if (key == 0)
            read_chain(reader, &event);
        else
            read_cost(reader, &event);
    struct event *kept = add_item(reader, &reader->events, sizeof *kept);
    if (kept)
        *kept = event;
}

static void read_events(struct reader *reader)
{
    reader->has_events = true;
    pv_json_array(reader->json);
    while (pv_json_item(reader->json))
        read_event(reader);
}

static void read_top(struct reader *reader)
{
    static void (*const read[])(struct reader *) = {read_costs, read_functions, read_events};
    static const char *const keys[] = {"costs", "functions", "events", "version", NULL};
    int64_t version;
    pv_json_object(reader->json);
    for (int key; (key = pv_json_field(reader->json, keys)) >= 0;)
        if (key < 3)
            read[key](reader);
        else if (pv_json_int(reader->json, &version) && version != 0)
            pv_json_fail(reader->json, PV_INPUT_FAILED, "version %lld; only 0 is known",
                         (long long)version);
}

/* ---- All of it ---- */

static bool refuse(const struct reader *reader, uint32_t event, const char *what,
                   struct pv_error *err)
{
    struct pv_where where = pv_json_where(reader->json);
    where.line = where.offset = 0;
    return pv_fail(err, PV_INPUT_FAILED, where, "event %lu (from 0) %s", (unsigned long)event,
                   what);
}

static bool add_costs(struct reader *reader, const struct event *event, uint32_t node)
{
    const struct pv_decimal *costs = reader->costs.items;
    for (uint32_t m = 0; m < event->cost_count; m++) {
        struct pv_decimal cost = costs[event->cost + m];
        bool fits = pv_multiply(cost.value, reader->factors[m], &cost.value);
        int64_t value = fits ? pv_build_value(reader->builder, m, cost, &fits) : 0;
        if (!fits)
            return false;
        if (value < 0 && !reader->is_signed[m])
            pv_build_signed(reader->builder, m);
        reader->is_signed[m] = reader->is_signed[m] || value < 0;
        pv_build_self(reader->builder, node, m, value);
    }
    return true;
}

/* The chain's frames in place, outermost first; false where one is not in the table. */
static bool turn_chain(struct reader *reader, const struct event *event)
{
    uint32_t *chain = reader->chains.items;
    const uint32_t *frames = reader->frames.items;
    for (uint32_t i = event->chain, k = event->chain + event->chain_count; i < k--; i++) {
        if (chain[i] >= reader->frames.count || chain[k] >= reader->frames.count)
            return false;
        uint32_t first = frames[chain[i]];
        chain[i] = frames[chain[k]];
        chain[k] = first;
    }
    return true;
}

static bool add_events(struct reader *reader, struct pv_error *err)
{
    const struct event *events = reader->events.items;
    for (uint32_t i = 0; i < reader->events.count && pv_builder_is_ok(reader->builder); i++) {
        const struct event *event = &events[i];
        if (event->cost_count > reader->metric_count)
            return refuse(reader, i, "has more costs than are described", err);
        if (!turn_chain(reader, event))
            return refuse(reader, i, "has a function that is not in the table", err);
        uint32_t node = 0;
        if (event->chain_count)
            node =
                pv_build_stack(reader->builder, 0, (uint32_t *)reader->chains.items + event->chain,
                               event->chain_count, NULL);
        if (!add_costs(reader, event, node))
            return refuse(reader, i, "has a cost that does not fit in 64 bits", err);
    }
    return true;
}

static bool finish(struct reader *reader, struct pv_profile **out, struct pv_error *err)
{
    struct pv_where end;
    if (!pv_json_end(reader->json, err))
        return false;
    end = pv_json_where(reader->json);
    if (!reader->metric_count || !reader->has_events || !reader->has_functions)
        return pv_fail(err, PV_INPUT_FAILED, (struct pv_where){.source = end.source},
                       "has no \"%s\": it wants \"costs\", \"functions\" and \"events\"",
                       !reader->metric_count ? "costs"
                       : reader->has_events  ? "functions"
                                             : "events");
    if (!add_events(reader, err))
        return false;
    if (pv_builder_finish(reader->builder, out, err))
        return true;
    err->where = end;
    return false;
}

static bool read_gprof2dot(struct pv_input *input, struct pv_profile **out, struct pv_error *err)
{
    const struct pv_limits *limits = pv_input_limits(input);
    struct reader reader = {
        .json = pv_json_open(input, NULL),
        .builder = pv_builder_new(limits, PV_ORIGIN_STACKS, "gprof2dot_json"),
        .budget = {.limit = limits->memory},
    };
    read_top(&reader);
    bool is_done = finish(&reader, out, err);
    pv_json_close(reader.json);
    pv_builder_free(reader.builder);
    free(reader.events.items);
    free(reader.chains.items);
    free(reader.costs.items);
    free(reader.frames.items);
    return is_done;
}

static bool has(struct pv_text head, const char *word)
{
    return pv_text_search(head, pv_text_of(word)) < head.size;
}

static enum pv_probe probe(struct pv_text head, bool is_whole)
{
    (void)is_whole;
    head = pv_text_trim(head);
    if (head.size == 0 || head.data[0] != '{')
        return PV_PROBE_NO;
    if (has(head, "\"callchain\"") && has(head, "\"cost\""))
        return PV_PROBE_SURE;
    if (!has(head, "\"costs\"") || !has(head, "\"description\""))
        return PV_PROBE_NO;
    return has(head, "\"functions\"") || has(head, "\"events\"") ? PV_PROBE_LIKELY : PV_PROBE_NO;
}

extern const struct pv_format pv_format_gprof2dot_json;
const struct pv_format pv_format_gprof2dot_json = {
    .name = "gprof2dot_json",
    .summary = "JSON made for gprof2dot -f json: memtrail and others",
    .aliases = "gprof2dot",
    .extensions = ".gprof2dot.json",
    .probe = probe,
    .read = read_gprof2dot,
};

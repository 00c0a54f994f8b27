#include "formats/callgrind_parts.h"

#include "model/number.h"

#include <stdlib.h>

/* `events:` names the columns of a part, `event:` says more about one of them or makes a new one of
 * others: "event: Cost = Ir + 10 I1mr : Estimated cost". What a formula makes never stands in cost
 * lines; it becomes a metric of its own behind the file's. */

static void set_text(struct pv_buffer *to, struct pv_text text)
{
    to->size = 0;
    pv_buffer_add(to, text);
}

static struct pv_callgrind_definition *find_definition(struct pv_callgrind *reader,
                                                       struct pv_text name)
{
    for (uint32_t i = 0; i < reader->definition_count; i++)
        if (pv_text_equal(pv_buffer_text(&reader->definitions[i].name), name))
            return &reader->definitions[i];
    return NULL;
}

static struct pv_callgrind_definition *add_definition(struct pv_callgrind *reader,
                                                      struct pv_text name)
{
    void *definitions = reader->definitions;
    if (reader->definition_count == PV_CALLGRIND_EVENTS) {
        pv_callgrind_fail(reader, PV_LIMIT, "more than 64 events");
        return NULL;
    }
    bool grown =
        pv_grow(&definitions, &reader->definition_capacity, (uint64_t)reader->definition_count + 1,
                sizeof *reader->definitions, &reader->budget);
    reader->definitions = definitions;
    if (!grown)
        return NULL;
    struct pv_callgrind_definition *made = &reader->definitions[reader->definition_count++];
    *made = (struct pv_callgrind_definition){.measure = PV_NONE};
    set_text(&made->name, name);
    return made;
}

/* ---- Metrics ---- */

static uint32_t find_event(const struct pv_callgrind *reader, struct pv_text name)
{
    for (uint32_t i = 0; i < reader->event_count; i++)
        if (pv_text_equal(pv_buffer_text(&reader->events[i].name), name))
            return i;
    return PV_NONE;
}

/* Makes the metric hold fractions, no finer than they need: 1.25 s are 1,250,000,000 ns, and no
 * hundredths of them. */
static void set_digits(struct pv_callgrind *reader, struct pv_callgrind_measure *measure)
{
    bool fits;
    for (; measure->trimmed < measure->fraction && measure->factor % 10 == 0; measure->trimmed++)
        measure->factor /= 10;
    unsigned digits = measure->unit_digits + measure->fraction - measure->trimmed;
    if (digits)
        pv_build_value(reader->builder, measure->metric, (struct pv_decimal){1, digits}, &fits);
}

static uint32_t add_measure(struct pv_callgrind *reader, struct pv_text name,
                            const struct pv_callgrind_unit *unit)
{
    uint32_t at = reader->event_count;
    if (at == PV_CALLGRIND_EVENTS) {
        pv_callgrind_fail(reader, PV_LIMIT, "more than 64 events");
        return PV_NONE;
    }
    struct pv_callgrind_measure *measure = &reader->events[at];
    *measure = (struct pv_callgrind_measure){
        .metric = pv_build_metric(reader->builder, unit->name, unit->unit, false),
        .unit = unit->unit,
        .factor = unit->factor,
        .unit_digits = unit->digits,
    };
    set_text(&measure->name, name);
    set_digits(reader, measure);
    reader->event_count++;
    reader->metric_count++;
    return at;
}

static void add_column(struct pv_callgrind *reader, struct pv_text name)
{
    uint32_t event = find_event(reader, name);
    if (reader->column_count == PV_CALLGRIND_EVENTS) {
        pv_callgrind_fail(reader, PV_LIMIT, "more than 64 events");
        return;
    }
    if (event == PV_NONE) {
        const struct pv_callgrind_definition *about = find_definition(reader, name);
        struct pv_text long_name = about ? pv_buffer_text(&about->long_name) : (struct pv_text){0};
        struct pv_callgrind_unit unit = pv_callgrind_unit_of(name, long_name);
        event = add_measure(reader, name, &unit);
    }
    if (event != PV_NONE)
        reader->columns[reader->column_count++] = event;
}

/* ---- Formulas ---- */

/* The next "10 I1mr", "-I1mr", "2*I1mr" of a formula; false at its end or where it is none. */
static bool take_term(struct pv_text *rest, int64_t *weight, struct pv_text *name)
{
    size_t at = 0, from;
    bool is_less = false;
    int64_t number = 1;
    for (; at < rest->size && pv_text_find(PV_TEXT(" \t+-"), rest->data[at]) < 4; at++)
        is_less = is_less != (rest->data[at] == '-');
    for (from = at; at < rest->size && rest->data[at] >= '0' && rest->data[at] <= '9';)
        at++;
    if (at > from && !pv_parse_int64(pv_text_slice(*rest, from, at), &number))
        return false;
    while (at < rest->size && pv_text_find(PV_TEXT(" \t*"), rest->data[at]) < 3)
        at++;
    for (from = at; at < rest->size && pv_text_find(PV_TEXT(" \t+*"), rest->data[at]) == 4;)
        at++;
    *name = pv_text_slice(*rest, from, at);
    *weight = is_less ? -number : number;
    *rest = pv_text_slice(*rest, at, rest->size);
    return name->size > 0;
}

static bool add_weights(int64_t *weights, const int64_t *more, int64_t times)
{
    for (uint32_t i = 0; i < PV_CALLGRIND_EVENTS; i++) {
        int64_t product;
        if (!pv_multiply(more[i], times, &product) || !pv_add(weights[i], product, &weights[i]))
            return false;
    }
    return true;
}

/* Adds one term; an event that the file does not have counts as 0, as it does for KCachegrind. */
static bool add_term(struct pv_callgrind *reader, struct pv_callgrind_definition *definition,
                     struct pv_text name, int64_t weight, bool *is_used)
{
    uint32_t event = find_event(reader, name);
    const struct pv_callgrind_definition *other = find_definition(reader, name);
    int64_t one[PV_CALLGRIND_EVENTS] = {0};
    if (other && other < definition && other->formula.size) {
        *is_used = *is_used || other->measure != PV_NONE;
        return add_weights(definition->weights, other->weights, weight);
    }
    if (event == PV_NONE) {
        pv_build_note(reader->builder, "estimated",
                      "events in formulas that the file does not have count as 0", 1, 0);
        return true;
    }
    *is_used = true;
    one[event] = 1;
    return add_weights(definition->weights, one, weight);
}

static bool weigh(struct pv_callgrind *reader, struct pv_callgrind_definition *definition,
                  bool *is_used)
{
    struct pv_text rest = pv_buffer_text(&definition->formula), name;
    int64_t weight;
    for (uint32_t i = 0; i < PV_CALLGRIND_EVENTS; i++)
        definition->weights[i] = 0;
    while (pv_text_trim(rest).size)
        if (!take_term(&rest, &weight, &name) ||
            !add_term(reader, definition, name, weight, is_used))
            return false;
    return true;
}

/* What the sum counts: what its terms count where they agree, else just a number. */
static struct pv_callgrind_unit common_unit(const struct pv_callgrind *reader,
                                            const struct pv_callgrind_definition *definition)
{
    struct pv_callgrind_unit unit = {.name = pv_buffer_text(&definition->name), .factor = 1};
    bool is_first = true;
    for (uint32_t i = 0; i < reader->event_count; i++) {
        const struct pv_callgrind_measure *event = &reader->events[i];
        if (!definition->weights[i])
            continue;
        int64_t factor = event->factor * pv_power10(event->trimmed);
        bool is_same =
            event->unit == unit.unit && factor == unit.factor && event->unit_digits == unit.digits;
        if (!is_first && !is_same)
            return (struct pv_callgrind_unit){.name = unit.name, .factor = 1};
        unit.unit = event->unit;
        unit.factor = factor;
        unit.digits = event->unit_digits;
        is_first = false;
    }
    return unit;
}

static unsigned finest(const struct pv_callgrind *reader,
                       const struct pv_callgrind_definition *definition)
{
    unsigned digits = 0;
    for (uint32_t i = 0; i < reader->event_count; i++)
        if (definition->weights[i] && reader->events[i].fraction > digits)
            digits = reader->events[i].fraction;
    return digits;
}

static bool may_be_negative(const struct pv_callgrind *reader,
                            const struct pv_callgrind_definition *definition)
{
    for (uint32_t i = 0; i < reader->event_count; i++)
        if (definition->weights[i] < 0 || (definition->weights[i] && reader->events[i].is_signed))
            return true;
    return false;
}

static void mark_signed(struct pv_callgrind *reader, uint32_t at)
{
    reader->events[at].is_signed = true;
    pv_build_signed(reader->builder, reader->events[at].metric);
}

/* A formula whose name is a column already is only told, as KCachegrind has it. */
static void derive(struct pv_callgrind *reader, struct pv_callgrind_definition *definition)
{
    bool is_used = false;
    struct pv_text name = pv_buffer_text(&definition->name);
    if (definition->formula.size == 0 ||
        (definition->measure == PV_NONE && find_event(reader, name) != PV_NONE))
        return;
    if (!weigh(reader, definition, &is_used)) {
        pv_callgrind_bad(reader, "event: has a formula that cannot be read");
        return;
    }
    if (!is_used || definition->measure != PV_NONE)
        return;
    struct pv_callgrind_unit unit = common_unit(reader, definition);
    uint32_t made = add_measure(reader, name, &unit);
    if (made == PV_NONE)
        return;
    definition->measure = made;
    reader->events[made].fraction = finest(reader, definition);
    set_digits(reader, &reader->events[made]);
    if (may_be_negative(reader, definition))
        mark_signed(reader, made);
}

/* "NAME = formula : long name", "NAME : long name", "NAME = formula". Behind costs, a new one waits
 * for the next part: what it makes of them would lack those. */
void pv_callgrind_define(struct pv_callgrind *reader, struct pv_text text)
{
    struct pv_text rest = text, name, formula = {0}, long_name = {0};
    if (!pv_text_word(&rest, &name)) {
        pv_callgrind_bad(reader, "event: names no event");
        return;
    }
    rest = pv_text_trim(rest);
    if (rest.size && rest.data[0] == '=') {
        size_t colon = pv_text_find(rest, ':');
        formula = pv_text_trim(pv_text_slice(rest, 1, colon));
        rest = pv_text_slice(rest, colon, rest.size);
    }
    if (rest.size && rest.data[0] == ':')
        long_name = pv_text_trim(pv_text_slice(rest, 1, rest.size));
    struct pv_callgrind_definition *definition = find_definition(reader, name);
    if (!definition)
        definition = add_definition(reader, name);
    if (!definition)
        return;
    if (!pv_text_equal(pv_buffer_text(&definition->formula), formula))
        reader->derived_at = 0;
    set_text(&definition->formula, formula);
    set_text(&definition->long_name, long_name);
    if (reader->column_count && !reader->has_costs)
        derive(reader, definition);
}

void pv_callgrind_events(struct pv_callgrind *reader, struct pv_text text)
{
    struct pv_text name;
    reader->column_count = 0;
    while (pv_text_word(&text, &name))
        add_column(reader, name);
    if (reader->derived_at != reader->event_count)
        for (uint32_t i = 0; i < reader->definition_count; i++)
            derive(reader, &reader->definitions[i]);
    reader->derived_at = reader->event_count;
    reader->has_events = true;
}

/* ---- Values ---- */

static bool scale(const struct pv_callgrind_measure *measure, int64_t cost, int64_t *value)
{
    return pv_multiply(cost, measure->factor, value);
}

static bool derived_cost(const struct pv_callgrind *reader,
                         const struct pv_callgrind_definition *definition, const int64_t *by_event,
                         int64_t *cost)
{
    const struct pv_callgrind_measure *measure = &reader->events[definition->measure];
    *cost = 0;
    for (uint32_t i = 0; i < reader->event_count; i++) {
        int64_t weight = definition->weights[i], part;
        if (!weight)
            continue;
        int64_t finer = pv_power10(measure->fraction - reader->events[i].fraction);
        if (!pv_multiply(by_event[i], weight, &part) || !pv_multiply(part, finer, &part) ||
            !pv_add(*cost, part, cost))
            return false;
    }
    return true;
}

bool pv_callgrind_values(struct pv_callgrind *reader, const int64_t *costs, int64_t *values)
{
    int64_t *by_event = reader->by_event;
    bool fits = true;
    for (uint32_t i = 0; i < reader->event_count; i++)
        by_event[i] = 0;
    for (uint32_t i = 0; i < reader->column_count; i++)
        fits =
            pv_add(by_event[reader->columns[i]], costs[i], &by_event[reader->columns[i]]) && fits;
    for (uint32_t i = 0; i < reader->definition_count; i++) {
        const struct pv_callgrind_definition *definition = &reader->definitions[i];
        if (definition->measure != PV_NONE)
            fits =
                derived_cost(reader, definition, by_event, &by_event[definition->measure]) && fits;
    }
    for (uint32_t i = 0; i < reader->event_count; i++)
        fits = scale(&reader->events[i], by_event[i], &values[reader->events[i].metric]) && fits;
    return fits;
}

/* What is added up already, in finer parts. */
static void rescale(struct pv_callgrind *reader, uint32_t event, int64_t factor)
{
    bool fits = true;
    for (uint32_t i = 0; i < reader->column_count; i++) {
        if (reader->columns[i] != event)
            continue;
        fits = pv_multiply(reader->own[i], factor, &reader->own[i]) && fits;
        fits = pv_multiply(reader->part[i], factor, &reader->part[i]) && fits;
        for (uint32_t call = 0; call < reader->call_count; call++) {
            int64_t *cost = &reader->call_costs[(size_t)call * reader->column_count + i];
            fits = pv_multiply(*cost, factor, cost) && fits;
        }
    }
    reader->is_over = reader->is_over || !fits;
}

static void raise_measure(struct pv_callgrind *reader, uint32_t at, unsigned digits)
{
    reader->events[at].fraction = digits;
    set_digits(reader, &reader->events[at]);
}

void pv_callgrind_raise(struct pv_callgrind *reader, uint32_t event, unsigned digits)
{
    rescale(reader, event, pv_power10(digits - reader->events[event].fraction));
    raise_measure(reader, event, digits);
    for (uint32_t i = 0; i < reader->definition_count; i++) {
        const struct pv_callgrind_definition *definition = &reader->definitions[i];
        if (definition->measure != PV_NONE && definition->weights[event] &&
            reader->events[definition->measure].fraction < digits)
            raise_measure(reader, definition->measure, digits);
    }
    reader->has_fractions = true;
}

void pv_callgrind_set_signed(struct pv_callgrind *reader, uint32_t event)
{
    mark_signed(reader, event);
    for (uint32_t i = 0; i < reader->definition_count; i++) {
        const struct pv_callgrind_definition *definition = &reader->definitions[i];
        if (definition->measure != PV_NONE && definition->weights[event])
            mark_signed(reader, definition->measure);
    }
}

void pv_callgrind_free_events(struct pv_callgrind *reader)
{
    for (uint32_t i = 0; i < PV_CALLGRIND_EVENTS; i++)
        pv_buffer_free(&reader->events[i].name);
    for (uint32_t i = 0; i < reader->definition_count; i++) {
        pv_buffer_free(&reader->definitions[i].name);
        pv_buffer_free(&reader->definitions[i].formula);
        pv_buffer_free(&reader->definitions[i].long_name);
    }
    free(reader->definitions);
    reader->definitions = NULL;
    reader->definition_count = 0;
}

#include "render/table_parts.h"

#include "model/escape.h"
#include "model/number.h"

#include <stdlib.h>

enum { MOST_FACTS = 10 };

static bool fill_metric(struct pv_table_maker *maker, struct pv_text unit, struct pv_error *err)
{
    const struct pv_metric *metric = &maker->profile->metrics[maker->metric];
    struct pv_table *table = maker->table;
    table->metric = pv_profile_text(maker->profile, metric->name);
    table->unit = metric->unit;
    table->scale = metric->scale;
    table->whole = pv_profile_whole(maker->profile, maker->metric);
    table->total = metric->total;
    table->prefix = unit;
    return pv_unit_has_prefix(metric->unit, unit, err);
}

bool pv_table_has_metric(const struct pv_table_maker *maker)
{
    return maker->metric < maker->profile->metric_count;
}

bool pv_table_begin(struct pv_table_maker *maker, const struct pv_profile *profile, uint32_t metric,
                    struct pv_text unit, struct pv_text input, struct pv_error *err)
{
    struct pv_table *table = pv_zalloc(1, sizeof *table);
    *maker = (struct pv_table_maker){.table = table, .profile = profile, .metric = metric};
    table->arena = pv_arena_new();
    table->input = pv_arena_copy(table->arena, input);
    table->facts = pv_arena_alloc(table->arena, MOST_FACTS * sizeof *table->facts);
    if (!pv_table_has_metric(maker) || fill_metric(maker, unit, err))
        return true;
    pv_table_free(table);
    return false;
}

struct pv_text pv_table_keep(struct pv_table_maker *maker, struct pv_buffer *buffer)
{
    struct pv_text text = pv_arena_copy(maker->table->arena, pv_buffer_text(buffer));
    buffer->size = 0;
    return text;
}

void pv_table_fact(struct pv_table_maker *maker, struct pv_buffer *words)
{
    if (maker->table->fact_count < MOST_FACTS)
        maker->table->facts[maker->table->fact_count++] = pv_table_keep(maker, words);
}

static uint64_t known_calls(const struct pv_graph *graph)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (graph->funcs[i].calls != PV_UNKNOWN_CALLS &&
            __builtin_add_overflow(sum, (uint64_t)graph->funcs[i].calls, &sum))
            return UINT64_MAX;
    return sum;
}

static void add_value(struct pv_table_maker *maker, struct pv_buffer *out, int64_t value)
{
    const struct pv_table *table = maker->table;
    char digits[PV_NUMBER_SIZE];
    size_t size;
    pv_format_value_in(digits, &size, value, table->unit, table->scale, table->prefix);
    pv_buffer_add(out, (struct pv_text){digits, size});
}

void pv_table_facts(struct pv_table_maker *maker)
{
    const struct pv_profile *profile = maker->profile;
    const struct pv_metric *metric = &profile->metrics[maker->metric];
    struct pv_buffer words = {0};
    pv_escape(&words, PV_ESCAPE_DISPLAY, pv_profile_text(profile, profile->format));
    pv_table_fact(maker, &words);
    pv_escape(&words, PV_ESCAPE_DISPLAY, pv_profile_text(profile, metric->name));
    pv_buffer_char(&words, ' ');
    add_value(maker, &words, metric->total);
    pv_table_fact(maker, &words);
    pv_add_count(&words, profile->graph->func_count, "function", "functions");
    pv_table_fact(maker, &words);
    uint64_t calls = known_calls(profile->graph);
    if (calls) {
        pv_add_count(&words, calls, "call", "calls");
        pv_table_fact(maker, &words);
    }
    if (profile->metric_count > 1) {
        pv_buffer_print(&words, "1 of %u metrics", profile->metric_count);
        pv_table_fact(maker, &words);
    }
    if (metric->is_signed) {
        pv_buffer_print(&words, "shares of ");
        add_value(maker, &words, maker->table->whole);
        pv_buffer_print(&words, ", without signs");
        pv_table_fact(maker, &words);
    }
    pv_buffer_free(&words);
}

/* Of the whole there is no more than 100 %, whatever the file says. */
static void add_unbounded(struct pv_table_maker *maker, struct pv_buffer *out)
{
    const struct pv_graph *graph = maker->profile->graph;
    uint64_t above = 0;
    for (uint32_t i = 0; i < graph->func_count; i++)
        above += pv_magnitude(graph->total[maker->metric][i]) > (uint64_t)maker->table->whole;
    if (above == 0)
        return;
    pv_add_count(out, above, "function", "functions");
    pv_buffer_print(out, above == 1 ? " has" : " have");
    pv_buffer_print(out, " more than the whole in the file, shown as 100 %%");
}

void pv_table_notes(struct pv_table_maker *maker)
{
    const struct pv_profile *profile = maker->profile;
    struct pv_table *table = maker->table;
    struct pv_buffer words = {0};
    table->notes = pv_arena_alloc(table->arena, (profile->note_count + 1) * sizeof *table->notes);
    table->note_count = profile->note_count;
    for (uint32_t i = 0; i < profile->note_count; i++) {
        struct pv_buffer raw = {0};
        pv_table_note(&raw, profile, &profile->notes[i], true);
        pv_escape(&words, PV_ESCAPE_DISPLAY, pv_buffer_text(&raw));
        table->notes[i] = pv_table_keep(maker, &words);
        pv_buffer_free(&raw);
    }
    if (profile->is_unbounded && pv_table_has_metric(maker))
        add_unbounded(maker, &words);
    if (words.size)
        table->notes[table->note_count++] = pv_table_keep(maker, &words);
    pv_buffer_free(&words);
}

void pv_table_add_note(struct pv_table_maker *maker, struct pv_buffer *words)
{
    struct pv_table *table = maker->table;
    struct pv_text *notes =
        pv_arena_alloc(table->arena, (table->note_count + 1) * sizeof *table->notes);
    for (size_t i = 0; i < table->note_count; i++)
        notes[i] = table->notes[i];
    notes[table->note_count++] = pv_table_keep(maker, words);
    table->notes = notes;
}

bool pv_table_has_calls(const struct pv_graph *graph)
{
    for (uint32_t i = 0; i < graph->func_count; i++)
        if (graph->funcs[i].calls != PV_UNKNOWN_CALLS)
            return true;
    return false;
}

static bool has_places(const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->frame_count; i++)
        if (profile->frames[i].file || profile->frames[i].module)
            return true;
    return false;
}

static bool has_field(const struct pv_table_maker *maker, enum pv_field field)
{
    if (field == PV_FIELD_CALLS)
        return pv_table_has_calls(maker->profile->graph);
    return field != PV_FIELD_PLACE || has_places(maker->profile);
}

void pv_table_columns(struct pv_table_maker *maker, const enum pv_field *fields, size_t count,
                      enum pv_field bar)
{
    static const struct pv_column columns[PV_FIELDS] = {
        [PV_FIELD_DEPTH] = {.title = "depth", .kind = PV_COLUMN_COUNT, .is_data = true},
        [PV_FIELD_FUNCTION] = {.title = "of", .kind = PV_COLUMN_NAME, .is_data = true},
        [PV_FIELD_ROLE] = {.title = "role", .kind = PV_COLUMN_NAME, .is_data = true},
        [PV_FIELD_SELF] = {.title = "self", .kind = PV_COLUMN_VALUE},
        [PV_FIELD_SELF_SHARE] = {.title = "self %", .kind = PV_COLUMN_SHARE},
        [PV_FIELD_TOTAL] = {.title = "total", .kind = PV_COLUMN_VALUE},
        [PV_FIELD_TOTAL_SHARE] = {.title = "total %", .kind = PV_COLUMN_SHARE},
        [PV_FIELD_CALLS] = {.title = "calls", .kind = PV_COLUMN_COUNT},
        [PV_FIELD_NAME] = {.title = "function", .kind = PV_COLUMN_NAME},
        [PV_FIELD_PLACE] = {.title = "file:line", .kind = PV_COLUMN_PLACE, .is_optional = true},
        [PV_FIELD_OWNER] = {.title = "function", .kind = PV_COLUMN_NAME, .is_data = true},
        [PV_FIELD_SPOT] = {.title = "file:line", .kind = PV_COLUMN_PLACE, .is_data = true},
        [PV_FIELD_LINE] = {.title = "line", .kind = PV_COLUMN_LINE},
        [PV_FIELD_SOURCE] = {.title = "source", .kind = PV_COLUMN_NAME},
    };
    struct pv_table *table = maker->table;
    table->columns = pv_arena_alloc(table->arena, count * sizeof *table->columns);
    for (unsigned i = 0; i < PV_FIELDS; i++)
        maker->at[i] = PV_FIELDS;
    for (size_t i = 0; i < count; i++) {
        if (!has_field(maker, fields[i]))
            continue;
        maker->at[fields[i]] = (unsigned)table->column_count;
        table->columns[table->column_count] = columns[fields[i]];
        table->columns[table->column_count++].has_bar = fields[i] == bar;
    }
}

void pv_table_rows(struct pv_table_maker *maker, size_t count)
{
    static const struct pv_cell nothing = {.is_empty = true};
    struct pv_table *table = maker->table;
    size_t cells = count * table->column_count + 1; /* the last one is nobody's */
    table->row_count = count;
    table->cells = pv_arena_alloc(table->arena, cells * sizeof *table->cells);
    table->is_sum = pv_arena_alloc(table->arena, count * sizeof *table->is_sum);
    table->is_head = pv_arena_alloc(table->arena, count * sizeof *table->is_head);
    for (size_t i = 0; i < cells; i++)
        table->cells[i] = nothing;
    for (size_t i = 0; i < count; i++)
        table->is_sum[i] = table->is_head[i] = false;
}

struct pv_cell *pv_table_at(struct pv_table_maker *maker, size_t row, enum pv_field field)
{
    const struct pv_table *table = maker->table;
    bool is_there = maker->at[field] < PV_FIELDS;
    size_t column = is_there ? maker->at[field] : 0;
    return &table->cells[(is_there ? row : table->row_count) * table->column_count + column];
}

static void put_value(struct pv_table_maker *maker, size_t row, enum pv_field field, int64_t value)
{
    *pv_table_at(maker, row, field) = (struct pv_cell){.value = value};
}

void pv_table_self(struct pv_table_maker *maker, size_t row, int64_t value)
{
    put_value(maker, row, PV_FIELD_SELF, value);
    put_value(maker, row, PV_FIELD_SELF_SHARE, value);
}

void pv_table_total(struct pv_table_maker *maker, size_t row, int64_t value)
{
    put_value(maker, row, PV_FIELD_TOTAL, value);
    put_value(maker, row, PV_FIELD_TOTAL_SHARE, value);
}

void pv_table_calls(struct pv_table_maker *maker, size_t row, int64_t calls)
{
    if (calls != PV_UNKNOWN_CALLS)
        put_value(maker, row, PV_FIELD_CALLS, calls);
}

void pv_table_words(struct pv_table_maker *maker, size_t row, struct pv_text words)
{
    *pv_table_at(maker, row, PV_FIELD_NAME) = (struct pv_cell){.text = words, .is_ours = true};
}

struct pv_cell pv_table_place(const struct pv_table_maker *maker, uint32_t at)
{
    const struct pv_frame *frame = &maker->profile->frames[at];
    pv_str place = frame->file ? frame->file : frame->module;
    return (struct pv_cell){
        .text = pv_profile_text(maker->profile, place),
        .line = frame->file ? frame->line : 0,
        .is_empty = place == 0,
    };
}

void pv_table_name(struct pv_table_maker *maker, size_t row, uint32_t at)
{
    const struct pv_frame *frame = &maker->profile->frames[at];
    struct pv_text name = pv_profile_text(maker->profile, frame->name);
    if (name.size)
        *pv_table_at(maker, row, PV_FIELD_NAME) = (struct pv_cell){.text = name};
    else
        pv_table_words(maker, row, PV_TEXT("(no name)"));
    *pv_table_at(maker, row, PV_FIELD_PLACE) = pv_table_place(maker, at);
}

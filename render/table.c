#include "render/table.h"

#include <stdlib.h>
#include <string.h>

void pv_table_free(struct pv_table *table)
{
    if (!table)
        return;
    pv_arena_free(table->arena);
    free(table);
}

/* Puts back the zeros that numbers end in, up to `places` behind the point: in a column, "9 %"
 * below "8.7 %" reads like another magnitude. */
static size_t keep_places(char *digits, size_t size, unsigned places)
{
    struct pv_text text = {digits, size};
    size_t end = pv_text_find(text, ' '), point = pv_text_find(pv_text_slice(text, 0, end), '.');
    size_t has = point < end ? end - point - 1 : 0;
    if (places <= has)
        return size;
    size_t added = places - has + (point == end);
    memmove(digits + end + added, digits + end, size - end);
    memset(digits + end, '0', added);
    digits[point] = '.';
    return size + added;
}

/* Three digits in all, as pv_format_value rounds to; exact numbers stay as they are. */
static unsigned value_places(struct pv_text text, enum pv_unit unit)
{
    size_t whole = pv_text_find(text, '.'), blank = pv_text_find(text, ' ');
    struct pv_text suffix = pv_text_slice(text, blank + 1, text.size);
    whole = whole < blank ? whole : blank;
    bool is_exact = unit == PV_UNIT_COUNT || pv_text_equal(suffix, PV_TEXT("ns")) ||
                    pv_text_equal(suffix, PV_TEXT("B")) || text.data[0] == '0';
    whole -= text.data[0] == '-';
    return is_exact || whole >= 3 ? 0 : (unsigned)(3 - whole);
}

static unsigned share_places(struct pv_text text)
{
    size_t whole = pv_text_find(text, '.'), blank = pv_text_find(text, ' ');
    bool is_plain = text.data[0] >= '0' && text.data[0] <= '9';
    bool is_short = whole == blank || whole == text.size; /* "9 %", but not "0 %" and "100 %" */
    if (!is_plain || (is_short && (blank > 2 || text.data[0] == '0')))
        return 0;
    return text.data[0] == '0' && !is_short ? 2 : 1;
}

bool pv_table_is_change(enum pv_column_kind kind)
{
    return kind == PV_COLUMN_CHANGE || kind == PV_COLUMN_RATIO || kind == PV_COLUMN_STEP;
}

static size_t value_text(char *out, const struct pv_table *table, int64_t value)
{
    size_t size = 0;
    if (table->prefix.size &&
        pv_format_value_in(out, &size, value, table->unit, table->scale, table->prefix))
        return size;
    size = pv_format_value(out, value, table->unit, table->scale);
    return keep_places(out, size, value_places((struct pv_text){out, size}, table->unit));
}

/* "+1.20 s", "=" where nothing changed. */
static size_t change_text(char *out, const struct pv_table *table, enum pv_column_kind kind,
                          const struct pv_cell *cell)
{
    int64_t change;
    if (kind == PV_COLUMN_RATIO)
        return pv_format_change(out, cell->base, cell->value);
    if (cell->value == cell->base) {
        out[0] = '=';
        return 1;
    }
    if (__builtin_sub_overflow(cell->value, cell->base, &change))
        change = cell->value < 0 ? INT64_MIN : INT64_MAX;
    out[0] = '+';
    out += change > 0;
    return (change > 0) + (kind == PV_COLUMN_STEP ? pv_print_grouped(out, change)
                                                  : value_text(out, table, change));
}

size_t pv_table_number(char *out, const struct pv_table *table, enum pv_column_kind kind,
                       const struct pv_cell *cell)
{
    if (pv_table_is_change(kind))
        return change_text(out, table, kind, cell);
    if (kind == PV_COLUMN_VALUE)
        return value_text(out, table, cell->value);
    if (kind == PV_COLUMN_LINE)
        return pv_print_int64(out, cell->value);
    if (kind != PV_COLUMN_SHARE)
        return pv_print_grouped(out, cell->value);
    size_t size = pv_format_share(out, cell->value, table->whole);
    return keep_places(out, size, share_places((struct pv_text){out, size}));
}

bool pv_column_is_data(const struct pv_column *column)
{
    return column->kind != PV_COLUMN_SHARE && column->kind != PV_COLUMN_LINE && !column->is_view;
}

void pv_table_decimal(const struct pv_table *table, enum pv_column_kind kind, int64_t value,
                      struct pv_output *output)
{
    char digits[PV_NUMBER_SIZE];
    unsigned places = kind == PV_COLUMN_VALUE ? pv_power_of(table->scale) : 0;
    size_t size = pv_print_decimal(digits, value, places);
    pv_output_add(output, (struct pv_text){digits, size});
}

void pv_table_note(struct pv_buffer *out, const struct pv_profile *profile,
                   const struct pv_note *note, bool has_line)
{
    struct pv_text kind = pv_profile_text(profile, note->kind);
    struct pv_text text = pv_profile_text(profile, note->text);
    char digits[PV_NUMBER_SIZE];
    struct pv_text count = {digits, pv_print_uint64(digits, note->count)};
    bool is_filter = pv_text_equal(kind, PV_TEXT("filtered")); /* says all of it in its text */
    bool is_told = is_filter || note->count < 2 || pv_text_search(text, count) < text.size;
    bool names_line = has_line && note->line;
    if (!is_filter) {
        pv_buffer_add(out, kind);
        pv_buffer_add(out, PV_TEXT(": "));
    }
    pv_buffer_add(out, text);
    if (!is_told)
        pv_buffer_print(out, " (%.*s", PV_TEXT_ARGS(count));
    if (names_line)
        pv_buffer_print(out, "%sline %llu", is_told ? " (" : ", first in ",
                        (unsigned long long)note->line);
    if (!is_told || names_line)
        pv_buffer_char(out, ')');
}

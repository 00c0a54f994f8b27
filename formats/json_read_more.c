#include "formats/json_read_parts.h"

/* What a profile may lack: notes, lines of the source, values over time. */

/* Rows that no profile has so many of, but that cost more than linear time. */
enum { MANY_NOTES = 1000 };

static void read_line(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"function", "file", "line", "self", NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_line *row = pv_json_read_row(reading, &rows->lines, sizeof *row,
                                                rows->limits->nodes, "source lines (--max-nodes)");
    if (!row || !pv_json_object(reading->json))
        return;
    row->function = row->self = PV_NONE;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->function = pv_json_read_number(reading);
            break;
        case 1:
            row->file = pv_json_read_string(reading);
            break;
        case 2:
            row->line = (uint32_t)pv_json_read_int(reading, 0, UINT32_MAX);
            break;
        default:
            row->self = pv_json_read_values(reading);
        }
    if (row->function == PV_NONE || row->self == PV_NONE)
        pv_json_read_fail(reading, "a line needs a function and \"self\"");
}

/* Lines that nobody asked for take no room. */
void pv_json_read_lines(struct pv_json_reading *reading)
{
    if (!reading->rows->limits->keeps_lines)
        pv_json_skip(reading->json);
    else
        pv_json_read_rows(reading, read_line);
}

static void read_where(struct pv_json_reading *reading, uint64_t *line)
{
    static const char *const keys[] = {"line", NULL};
    if (pv_json_null(reading->json) || !pv_json_object(reading->json))
        return;
    while (pv_json_field(reading->json, keys) == 0)
        *line = (uint64_t)pv_json_read_int(reading, 0, INT64_MAX);
}

void pv_json_read_note(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"kind", "count", "where", "text", NULL};
    struct pv_json_note *row =
        pv_json_read_row(reading, &reading->rows->notes, sizeof *row, MANY_NOTES, "notes");
    if (!row || !pv_json_object(reading->json))
        return;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->kind = pv_json_read_string(reading);
            break;
        case 1:
            row->count = (uint64_t)pv_json_read_int(reading, 0, INT64_MAX);
            break;
        case 2:
            read_where(reading, &row->line);
            break;
        default:
            row->text = pv_json_read_string(reading);
        }
}

enum series_key { S_NAME, S_GROUP, S_OWNER, S_AT_NAME, S_UNIT, S_AT_UNIT, S_SCALE, S_AT_SCALE };

static void read_points(struct pv_json_reading *reading, struct pv_json_column *column)
{
    column->count = 0;
    pv_json_array(reading->json);
    column->where = pv_json_where(reading->json);
    while (pv_json_item(reading->json))
        pv_json_read_value(reading, column, pv_json_read_int(reading, INT64_MIN, INT64_MAX));
}

static void read_series_member(struct pv_json_reading *reading, struct pv_json_series *row,
                               enum series_key key)
{
    struct pv_json_span *const texts[] = {&row->name, &row->group, &row->owner, &row->at_name};
    switch (key) {
    case S_NAME:
    case S_GROUP:
    case S_OWNER:
    case S_AT_NAME:
        *texts[key] = pv_json_read_string(reading);
        break;
    case S_UNIT:
        row->unit = pv_json_read_unit(reading);
        break;
    case S_AT_UNIT:
        row->at_unit = pv_json_read_unit(reading);
        break;
    case S_SCALE:
        row->digits = pv_json_read_scale(reading);
        break;
    case S_AT_SCALE:
        row->at_digits = pv_json_read_scale(reading);
        break;
    }
}

void pv_json_read_series(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"name",  "group",    "owner", "at_name", "unit", "at_unit",
                                       "scale", "at_scale", "at",    "value",   NULL};
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_series *row = pv_json_read_row(reading, &rows->series, sizeof *row,
                                                  rows->limits->series, "series (--max-series)");
    bool has_name = false;
    if (!row || !pv_json_object(reading->json))
        return;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;) {
        has_name = has_name || key == S_NAME;
        if (key > S_AT_SCALE)
            read_points(reading, key == S_AT_SCALE + 1 ? &row->at : &row->value);
        else
            read_series_member(reading, row, (enum series_key)key);
    }
    if (!has_name)
        pv_json_read_fail(reading, "a series without a name");
}

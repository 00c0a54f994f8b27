#include "formats/json_read_parts.h"
#include "model/error.h"

#include <stdlib.h>

/* Arcs, as rows or as columns: rows are for people, columns pack into two thirds of the bytes. */

static struct pv_json_arc *new_arc(struct pv_json_reading *reading)
{
    struct pv_json_rows *rows = reading->rows;
    struct pv_json_arc *row = pv_json_read_row(
        reading, &rows->arcs, sizeof *row, rows->limits->arcs, "caller-callee pairs (--max-arcs)");
    if (row)
        *row = (struct pv_json_arc){PV_NONE, PV_NONE, PV_NONE, PV_UNKNOWN_CALLS};
    return row;
}

static void read_row(struct pv_json_reading *reading)
{
    static const char *const keys[] = {"caller", "callee", "calls", "total", NULL};
    struct pv_json_arc *row = new_arc(reading);
    if (!row || !pv_json_object(reading->json))
        return;
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case 0:
            row->caller = pv_json_read_number(reading);
            break;
        case 1:
            row->callee = pv_json_read_number(reading);
            break;
        case 2:
            row->calls = pv_json_read_calls(reading);
            break;
        default:
            row->total = pv_json_null(reading->json) ? PV_NONE : pv_json_read_values(reading);
        }
    if (row->caller == PV_NONE || row->callee == PV_NONE)
        pv_json_read_fail(reading, "an arc needs a caller and a callee");
}

struct columns {
    struct pv_json_column caller, callee, calls;
    struct pv_json_table totals; /* struct pv_json_column, one per metric */
};

/* No total of an arc is as small: what a file tells may be, and is not told then. */
static const int64_t untold = INT64_MIN;

static int64_t read_end(struct pv_json_reading *reading)
{
    return pv_json_read_number(reading);
}

static int64_t read_total(struct pv_json_reading *reading)
{
    return pv_json_null(reading->json) ? untold : pv_json_read_any(reading);
}

static bool check(struct pv_json_reading *reading, const struct columns *columns)
{
    uint32_t count = columns->caller.count;
    bool is_fine = columns->callee.count == count && columns->calls.count == count &&
                   pv_json_metrics_fit(reading, &columns->totals, count);
    if (!is_fine && pv_json_is_ok(reading->json))
        pv_json_read_fail(reading, "the arcs' columns have different lengths");
    return pv_json_is_ok(reading->json);
}

static void add_rows(struct pv_json_reading *reading, const struct columns *columns)
{
    const struct pv_json_column *total = columns->totals.rows;
    for (uint32_t i = 0; i < columns->caller.count; i++) {
        struct pv_json_arc *row = new_arc(reading);
        if (!row)
            return;
        row->caller = (uint32_t)columns->caller.values[i];
        row->callee = (uint32_t)columns->callee.values[i];
        row->calls = columns->calls.values[i];
        if (columns->totals.count && total[0].values[i] != untold)
            row->total = pv_json_read_metrics_row(reading, &columns->totals, i);
    }
}

static void read_columns(struct pv_json_reading *reading)
{
    enum { CALLER, CALLEE, CALLS };
    static const char *const keys[] = {"caller", "callee", "calls", "total", NULL};
    struct columns columns = {.caller = {0}};
    pv_json_object(reading->json);
    for (int key; (key = pv_json_field(reading->json, keys)) >= 0;)
        switch (key) {
        case CALLER:
            pv_json_read_column(reading, &columns.caller, read_end);
            break;
        case CALLEE:
            pv_json_read_column(reading, &columns.callee, read_end);
            break;
        case CALLS:
            pv_json_read_column(reading, &columns.calls, pv_json_read_calls);
            break;
        default:
            pv_json_read_metrics(reading, &columns.totals, read_total);
        }
    if (check(reading, &columns))
        add_rows(reading, &columns);
    free(columns.caller.values);
    free(columns.callee.values);
    free(columns.calls.values);
    pv_json_columns_free(&columns.totals);
}

void pv_json_read_arcs(struct pv_json_reading *reading)
{
    if (pv_json_peek(reading->json) == PV_JSON_OBJECT)
        read_columns(reading);
    else
        pv_json_read_rows(reading, read_row);
}

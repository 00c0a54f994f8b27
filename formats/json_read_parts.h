#ifndef PV_FORMATS_JSON_READ_PARTS_H
#define PV_FORMATS_JSON_READ_PARTS_H

#include "formats/json_pull.h"
#include "formats/json_rows.h"

/* What the files of json_read share, nobody else's business. */

/* The grammar of docs/formats/json.md. Errors are sticky in `json`, so that the functions go on
 * without asking: every value and member they want is refused from then on. */
struct pv_json_reading {
    struct pv_json *json;
    struct pv_json_rows *rows;
};

/* Makes `json` fail at the present place: with these words, or because of --max-memory. */
void pv_json_read_fail(struct pv_json_reading *reading, const char *text);
void pv_json_read_over(struct pv_json_reading *reading);

/* A new zeroed row at the table's end; NULL (and failed) where a limit forbids it. */
void *pv_json_read_row(struct pv_json_reading *reading, struct pv_json_table *table, size_t size,
                       uint64_t limit, const char *what);

/* Appends a value. */
void pv_json_read_value(struct pv_json_reading *reading, struct pv_json_column *column,
                        int64_t value);

/* A text, copied into rows.text with a NUL behind it; empty on an error. */
struct pv_json_span pv_json_read_string(struct pv_json_reading *reading);
/* An integer from `least` to `most`; `least` on an error. */
int64_t pv_json_read_int(struct pv_json_reading *reading, int64_t least, int64_t most);

/* The number of a function, which may be told of later. */
uint32_t pv_json_read_number(struct pv_json_reading *reading);

/* One value per metric: where in rows.values they begin. */
uint32_t pv_json_read_values(struct pv_json_reading *reading);

/* A metric's unit by its word; the fraction digits that its scale stands for. */
enum pv_unit pv_json_read_unit(struct pv_json_reading *reading);
unsigned pv_json_read_scale(struct pv_json_reading *reading);

/* An array, each of whose items the function takes. */
void pv_json_read_rows(struct pv_json_reading *reading,
                       void (*read_row)(struct pv_json_reading *reading));

/* Optional parts: the array of source lines, one note, one series, the times of calls. */
void pv_json_read_lines(struct pv_json_reading *reading);
void pv_json_read_note(struct pv_json_reading *reading);
void pv_json_read_series(struct pv_json_reading *reading);
void pv_json_read_spans(struct pv_json_reading *reading);

#endif

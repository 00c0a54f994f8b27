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

/* Calls, which may be null; any integer. */
int64_t pv_json_read_calls(struct pv_json_reading *reading);
int64_t pv_json_read_any(struct pv_json_reading *reading);

/* An array, each of whose items the function reads: into the column, which is emptied before. */
typedef int64_t pv_json_item_reader(struct pv_json_reading *reading);
void pv_json_read_column(struct pv_json_reading *reading, struct pv_json_column *column,
                         pv_json_item_reader *read);

/* One such column for each metric; whether all have as many items as rows (none: there are no
 * columns, and no metrics); item i of each as pv_json_read_values gives them. */
void pv_json_read_metrics(struct pv_json_reading *reading, struct pv_json_table *columns,
                          pv_json_item_reader *read);
bool pv_json_metrics_fit(struct pv_json_reading *reading, const struct pv_json_table *columns,
                         uint32_t rows);
uint32_t pv_json_read_metrics_row(struct pv_json_reading *reading,
                                  const struct pv_json_table *columns, uint32_t i);

/* All functions, all arcs: an array of rows, or an object of columns. */
void pv_json_read_functions(struct pv_json_reading *reading);
void pv_json_read_arcs(struct pv_json_reading *reading);

/* Optional parts: the array of source lines, one note, one series, the times of calls. */
void pv_json_read_lines(struct pv_json_reading *reading);
void pv_json_read_note(struct pv_json_reading *reading);
void pv_json_read_series(struct pv_json_reading *reading);
void pv_json_read_spans(struct pv_json_reading *reading);

#endif

#ifndef PV_RENDER_CSV_H
#define PV_RENDER_CSV_H

#include "model/output.h"

/* Fields of CSV (RFC 4180). */

/* In quotes where it has to be. */
void pv_csv_field(struct pv_output *output, struct pv_text text);

/* Foreign text, which no spreadsheet may take for a formula. */
void pv_csv_name(struct pv_output *output, struct pv_text name);

#endif

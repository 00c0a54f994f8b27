#ifndef PV_FORMATS_BUDGET_H
#define PV_FORMATS_BUDGET_H

#include "model/gate.h"

/* Budgets as people keep them in a file: JSON, docs/budgets.schema.json says what is in it. */
struct pv_budgets;

/* False with the line, or the place in the document ("budgets[2].max"), and what is expected there;
 * an unknown key is told with the nearest. `source` names the file in errors and must outlive it;
 * the bytes may be given up afterwards. */
bool pv_budgets_parse(struct pv_budgets **out, struct pv_text bytes, const char *source,
                      struct pv_error *err);

/* The same of a file. */
bool pv_budgets_open(struct pv_budgets **out, const char *path, struct pv_error *err);

/* The rules, *count of them; texts belong to the budgets. */
const struct pv_gate_rule *pv_budgets_rules(const struct pv_budgets *budgets, uint32_t *count);
void pv_budgets_free(struct pv_budgets *budgets);

#endif

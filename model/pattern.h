#ifndef PV_MODEL_PATTERN_H
#define PV_MODEL_PATTERN_H

#include "model/error.h"
#include "model/text.h"

/* A regular expression (PCRE2, compiled with its JIT where it has one), matched anywhere in a text.
 * Matching is bounded in steps; a text that exceeds them does not match. */
struct pv_pattern;

/* False with the position and PCRE2's reason in *err (PV_USAGE) for a malformed expression. */
bool pv_pattern_new(struct pv_pattern **out, struct pv_text expression, struct pv_error *err);
bool pv_pattern_matches(const struct pv_pattern *pattern, struct pv_text text);
void pv_pattern_free(struct pv_pattern *pattern);

#endif

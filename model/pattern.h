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

/* The same for the lines of a log, with groups. An expression that is ASCII compares bytes, so that
 * lines may hold any. A match begins in the first PV_PATTERN_STARTS bytes of its line, and its
 * steps are bounded by the size of the line, so that reading stays linear whatever the expression.
 */
enum { PV_PATTERN_STARTS = 4096 };
bool pv_pattern_new_for_lines(struct pv_pattern **out, struct pv_text expression,
                              struct pv_error *err);

/* The index-th named group of the expression (from 0): its name (borrowed) and its number, or an
 * empty name behind the last. */
struct pv_text pv_pattern_group(const struct pv_pattern *pattern, uint32_t index, uint32_t *number);

/* Looks for the first match in a line. PV_PATTERN_TOO_HARD: it was given up. */
enum pv_pattern_result { PV_PATTERN_NO, PV_PATTERN_YES, PV_PATTERN_TOO_HARD };
enum pv_pattern_result pv_pattern_find(const struct pv_pattern *pattern, struct pv_text line);

/* What group `number` matched in the line of the last pv_pattern_find, which said yes; data NULL
 * where the group took no part. */
struct pv_text pv_pattern_part(const struct pv_pattern *pattern, struct pv_text line,
                               uint32_t number);

#endif

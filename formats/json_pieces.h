#ifndef PV_FORMATS_JSON_PIECES_H
#define PV_FORMATS_JSON_PIECES_H

#include "formats/json_pull.h"

/* A small object of JSON cut into its members in one pass: what json_pull does with an object that
 * is whole in memory and has nothing unusual. */

/* Appends the members of the object whose opening brace is at `at`. False where it does not end
 * before `end`, has more than PV_JSON_PIECES members, an escape in a key, nesting deeper than 64,
 * or is malformed: *out is of no use then, and json_pull tells what is wrong. */
bool pv_json_cut_object(struct pv_json_pieces *out, const char *at, const char *end);

#endif

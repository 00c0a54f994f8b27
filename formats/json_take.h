#ifndef PV_FORMATS_JSON_TAKE_H
#define PV_FORMATS_JSON_TAKE_H

#include "formats/json_pull.h"
#include "model/builder.h"

/* Members that may be left out, null or of a type that means the same: taken where they are what is
 * wanted, skipped where they are not. */

/* The builder's number of a string; 0, which "" also has, for anything else. */
pv_str pv_json_take_text(struct pv_json *json, struct pv_builder *builder);

/* A whole number from `least` to `most`, also in quotes; `otherwise` for anything else. */
int64_t pv_json_take_int(struct pv_json *json, int64_t least, int64_t most, int64_t otherwise);

/* For probes: whether the head of an input begins an object, and whether the word is in the head.
 */
bool pv_json_head_is_object(struct pv_text head);
bool pv_json_head_holds(struct pv_text head, struct pv_text word);

#endif

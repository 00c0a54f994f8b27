#ifndef PV_FORMATS_JSON_PROFILE_H
#define PV_FORMATS_JSON_PROFILE_H

#include "formats/format.h"

/* The parts of profviz's own JSON (docs/formats/json.md): the descriptor is in json.c. */

/* What this version writes, and the highest that it reads. */
enum { PV_JSON_VERSION = 1 };

/* The words for enum pv_frame_flag: word i is bit i; NULL behind the last. */
const char *const *pv_json_flag_words(void);

/* "stacks" or "arcs". */
const char *pv_json_origin_word(enum pv_origin origin);

/* As in struct pv_format. */
bool pv_json_profile_read(struct pv_input *input, struct pv_profile **out, struct pv_error *err);
void pv_json_profile_write(struct pv_profile *profile, struct pv_output *output,
                           struct pv_buffer *lost);

/* The same profile in fewer bytes, for being carried along by something else: without what follows
 * from the stacks and without empty members. Needs neither tree nor graph but the measured one.
 * False where it would be more than `most` bytes: what was written is of no use then. */
bool pv_json_profile_pack(const struct pv_profile *profile, struct pv_output *output,
                          uint64_t most);

#endif

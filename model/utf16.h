#ifndef PV_MODEL_UTF16_H
#define PV_MODEL_UTF16_H

#include "model/text.h"

/* Takes UTF-16 units off *in (the high byte first where is_big) and writes their UTF-8 at `out`,
 * at most `room` bytes, whole characters only; returns how many. A surrogate without its partner
 * becomes its three bytes, so that nothing is lost. Up to three bytes stay in *in while more may
 * follow; of the last piece (is_last) at most one odd byte stays. (Unicode 15, sections 3.9, 3.10.)
 */
size_t pv_utf16_decode(struct pv_text *in, bool is_big, bool is_last, char *out, size_t room);

#endif

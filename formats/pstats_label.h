#ifndef PV_FORMATS_PSTATS_LABEL_H
#define PV_FORMATS_PSTATS_LABEL_H

#include "model/builder.h"

/* The frame of a function as pstats prints it: "file:line(name)", ":0(len)" (a built-in function of
 * profile) or "{built-in method builtins.len}" (one of cProfile, whose name has angle brackets in
 * the dump). The address of a code object is left out, as it is in a dump. False for a label that
 * is cut. */
bool pv_pstats_label(struct pv_builder *builder, struct pv_text label, uint32_t *frame);

#endif

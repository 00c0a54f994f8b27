#ifndef PV_FORMATS_VALGRIND_FRAME_H
#define PV_FORMATS_VALGRIND_FRAME_H

#include "model/builder.h"

/* A frame as valgrind's tools write one (massif, DHAT, and what writes their formats):
 * "0x1091CE: push (alloc.c:6)", "0x1FF145: malloc (in /usr/lib/libc.so.6)", "0x4C2: ???", with a
 * column behind the line in Rust's. */
struct pv_valgrind_frame {
    struct pv_frame_info info; /* line 0: the file has no line of the definition */
    uint32_t line;             /* that is being executed; 0: not known */
};

/* All of the text is the frame; every text is one. Slices point into it. */
struct pv_valgrind_frame pv_valgrind_frame_of(struct pv_text text);

#endif

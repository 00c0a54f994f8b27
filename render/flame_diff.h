#ifndef PV_RENDER_FLAME_DIFF_H
#define PV_RENDER_FLAME_DIFF_H

#include "render/flame_parts.h"

/* What a flame graph of a comparison does in its own way: boxes as wide as the larger side, the
 * fill for the change, and words that tell both sides. */
struct pv_flame_diff {
    const struct pv_diff *diff;
    uint32_t pair;
    int64_t *sizes; /* [node] */
    bool *chance;   /* [node]; NULL: no change may be chance */
    int64_t whole;  /* what shares of changes are of */
    struct pv_buffer total;
};

/* Makes the picture one of draw->diff where that is there. Release with pv_flame_diff_free. */
void pv_flame_diff_begin(struct pv_flame_picture *picture, struct pv_flame_diff *of);
void pv_flame_diff_free(struct pv_flame_diff *of);

enum pv_paint pv_flame_diff_paint(const struct pv_flame_picture *picture,
                                  const struct pv_flame_box *box);

/* Whether head has nothing of it any more, which hatching shows but where it shows guesses. */
bool pv_flame_diff_is_gone(const struct pv_flame_picture *picture, const struct pv_flame_box *box);

/* What stands at the right end of a cell: "+3.2 %" of the whole, "new +3.2 %", "~ +0.1 %", "=". */
void pv_flame_diff_mark(struct pv_buffer *out, const struct pv_flame_picture *picture,
                        const struct pv_flame_box *box);

/* The legend's sentence, and keys. */
void pv_flame_diff_legend(struct pv_flame_picture *picture, struct pv_buffer *out);

/* Base's values of a box, for the script. */
int64_t pv_flame_diff_base(const struct pv_flame_picture *picture, const struct pv_flame_box *box,
                           bool is_self);

#endif

#ifndef PV_RENDER_FLAME_TEXT_H
#define PV_RENDER_FLAME_TEXT_H

#include "render/renderer.h"
#include "render/table.h"

/* A flame graph in lines of text, for terminals and logs: a row for each level, cells to an eighth
 * of a column where there are colours, else to a column, with their names and shares as in the
 * picture. style->columns 0: PV_FLAME_COLUMNS. The tree and the graph must be there. notes as in
 * struct pv_renderer. */
enum { PV_FLAME_COLUMNS = 100 };
void pv_flame_write_text(const struct pv_profile *profile, const struct pv_draw *draw,
                         const struct pv_text_style *style, struct pv_output *output,
                         struct pv_buffer *notes);
void pv_icicle_write_text(const struct pv_profile *profile, const struct pv_draw *draw,
                          const struct pv_text_style *style, struct pv_output *output,
                          struct pv_buffer *notes);

#endif

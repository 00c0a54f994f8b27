#include "render/overview.h"

#include "render/palette.h"

#include <stdlib.h>

/* Without words and without page: the shape by which one profile is told from another at a glance.
 */

enum { WIDTH = 120, ROW = 5, ROWS = 8, MOST = 160 /* rectangles */ };

struct cell {
    uint32_t depth;
    double x; /* px; where its next child begins */
};

static void add_px(struct pv_buffer *out, const char *name, double value)
{
    char text[PV_NUMBER_SIZE];
    size_t size = pv_print_fixed(text, value, 1);
    pv_buffer_print(out, " %s=\"%.*s\"", name, (int)size, text);
}

static void add_cell(struct pv_buffer *out, const struct pv_profile *profile, uint32_t node,
                     const struct cell *cell, double width)
{
    uint32_t frame = profile->tree->nodes[node].frame;
    enum pv_paint paint = pv_paint_frame(profile, frame, PV_COLOUR_MODULE, 0, 0);
    pv_buffer_print(out, "<rect");
    add_px(out, "x", cell->x);
    pv_buffer_print(out, " y=\"%u\"", (unsigned)(cell->depth - 1) * ROW);
    add_px(out, "width", width);
    pv_buffer_print(out, " height=\"%d\" fill=\"#%06x\"/>", ROW,
                    (unsigned)pv_palette_rgb(paint, false));
}

/* A parent's number is below its children's, so its place is known before theirs. */
void pv_overview_thumbnail(struct pv_buffer *out, const struct pv_profile *profile, uint32_t metric)
{
    const struct pv_tree *tree = profile->tree;
    unsigned drawn = 0;
    pv_buffer_print(out, "<svg class=\"small\" width=\"%d\" height=\"%d\" aria-hidden=\"true\">",
                    WIDTH, ROW * ROWS);
    int64_t whole = tree && tree->count && metric < profile->metric_count
                        ? pv_profile_whole(profile, metric)
                        : 0;
    if (whole > 0) {
        struct cell *cells = pv_zalloc(tree->count, sizeof *cells);
        for (uint32_t i = 1; i < tree->count; i++) {
            struct cell *parent = &cells[tree->nodes[i].parent];
            double width = (double)tree->total[metric][i] / (double)whole * WIDTH;
            cells[i] = (struct cell){parent->depth + 1, parent->x};
            parent->x += width > 0 ? width : 0;
            if (width >= 1 && cells[i].depth <= ROWS && drawn < MOST &&
                cells[i].x + width <= WIDTH + .1) {
                add_cell(out, profile, i, &cells[i], width);
                drawn++;
            }
        }
        free(cells);
    }
    pv_buffer_print(out, "</svg>");
}

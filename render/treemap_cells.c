#include "render/treemap_cells.h"

#include "model/text.h"
#include "render/squarify.h"

#include <stdlib.h>

/* Room for one level at a time. */
struct placing {
    const struct pv_flame *flame;
    struct pv_map_cell *cells;
    double *sizes;
    struct pv_rect *rects;
    uint32_t *places; /* what stands at each place: an index among the children; `count`: own */
};

static bool has_room(const struct pv_rect *rect)
{
    enum { least = 4 };
    return rect->width >= least && rect->height >= least;
}

/* What is left for parts inside of the cell, under its name where that has room. */
static void open_room(struct pv_map_cell *cell)
{
    enum { least_width = 36, least_height = PV_MAP_STRIP + 12 };
    const struct pv_rect *rect = &cell->rect;
    cell->has_strip = rect->width >= least_width && rect->height >= least_height;
    double top = cell->has_strip ? PV_MAP_STRIP : PV_MAP_PADDING;
    cell->room =
        (struct pv_rect){rect->x + PV_MAP_PADDING, rect->y + top, rect->width - 2 * PV_MAP_PADDING,
                         rect->height - top - PV_MAP_PADDING};
    if (has_room(&cell->room))
        return;
    cell->room = (struct pv_rect){0};
    cell->has_strip = false;
}

/* The children from `first` on, and what is the parent's own, by size. Children come by size but
 * for a remainder, which is the last. */
static void order(struct placing *placing, uint32_t first, uint32_t count, int64_t own)
{
    const struct pv_flame_box *boxes = placing->flame->boxes + first;
    uint32_t total = 0;
    for (uint32_t i = 0; i <= count; i++) {
        int64_t value = i < count ? boxes[i].value : own;
        uint32_t at = total;
        if (value <= 0)
            continue;
        for (; at > 0 && placing->sizes[at - 1] < (double)value; at--) {
            placing->sizes[at] = placing->sizes[at - 1];
            placing->places[at] = placing->places[at - 1];
        }
        placing->sizes[at] = (double)value;
        placing->places[at] = i;
        total++;
    }
}

static void place_children(struct placing *placing, uint32_t parent, uint32_t first, uint32_t count)
{
    const struct pv_flame_box *boxes = placing->flame->boxes;
    struct pv_map_cell *cell = &placing->cells[parent];
    int64_t own = boxes[parent].value;
    for (uint32_t i = first; i < first + count; i++)
        own -= boxes[i].value;
    order(placing, first, count, own);
    uint32_t total = count + (own > 0);
    pv_squarify(placing->rects, placing->sizes, total, &cell->room);
    for (uint32_t i = 0; i < total; i++) {
        if (placing->places[i] == count) {
            cell->own = placing->rects[i];
            continue;
        }
        placing->cells[first + placing->places[i]].rect = placing->rects[i];
        placing->cells[first + placing->places[i]].is_drawn = true;
    }
}

struct pv_map_cell *pv_map_place(const struct pv_flame *flame, const struct pv_rect *room,
                                 uint32_t *hidden)
{
    uint64_t count = (uint64_t)flame->count + 1;
    struct placing placing = {.flame = flame,
                              .cells = pv_zalloc(count, sizeof *placing.cells),
                              .sizes = pv_alloc(count * sizeof *placing.sizes),
                              .rects = pv_alloc(count * sizeof *placing.rects),
                              .places = pv_alloc(count * sizeof *placing.places)};
    placing.cells[0] = (struct pv_map_cell){.rect = *room, .is_drawn = true};
    *hidden = 0;
    for (uint32_t i = 0, next = 1; i < flame->count; i++) {
        uint32_t first = next;
        while (next < flame->count && flame->boxes[next].parent == i)
            next++;
        if (next > first && placing.cells[i].is_drawn)
            open_room(&placing.cells[i]);
        if (placing.cells[i].room.width > 0)
            place_children(&placing, i, first, next - first);
        *hidden += !placing.cells[i].is_drawn;
    }
    free(placing.sizes);
    free(placing.rects);
    free(placing.places);
    return placing.cells;
}

struct pv_rect pv_map_drawn(const struct pv_map_cell *cell)
{
    const struct pv_rect *rect = &cell->rect;
    double x = rect->width < 4 ? rect->width / 8 : 0.5;
    double y = rect->height < 4 ? rect->height / 8 : 0.5;
    return (struct pv_rect){rect->x + x, rect->y + y, rect->width - 2 * x, rect->height - 2 * y};
}

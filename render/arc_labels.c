#include "render/arc_labels.h"

#include <math.h>
#include <stdlib.h>

enum {
    CELL = 32,      /* px of a side of the grid's cells, at least */
    CELLS = 2048,   /* cells in a row or column at most */
    STEP = 6,       /* px between two points of an arc, about */
    CLEAR = 3,      /* px that stay free around a label */
    PER_CURVE = 64, /* points of a curve at most */
    TRIES = 48,     /* places looked at for one label */
    FIRST_ROOM = 1024,
};

/* A point of an arc, chained within its cell. */
struct dot {
    struct pv_point at;
    uint32_t route, next;
};

/* Arcs as points and taken room as rectangles, both found by cell. */
struct place {
    const struct pv_layout *layout;
    double cell; /* px of a side */
    uint32_t columns, rows;
    uint32_t *dot_cells; /* first of a cell's dots + 1 */
    struct dot *dots;
    uint32_t dot_count, dot_capacity;
    uint32_t *rect_cells; /* first of a cell's links + 1 */
    struct link {
        uint32_t rect, next;
    } * links;
    uint32_t link_count, link_capacity;
    struct pv_rect *rects;
    uint32_t rect_count;
    double *strokes; /* of each route */
};

static uint32_t cell_at(const struct place *place, double where, uint32_t cells)
{
    double cell = floor(where / place->cell);
    return cell < 0 ? 0 : cell >= cells ? cells - 1 : (uint32_t)cell;
}

/* The cells that a rectangle touches. */
struct span {
    uint32_t left, right, top, bottom;
};

static struct span span_of(const struct place *place, const struct pv_rect *rect)
{
    return (struct span){
        cell_at(place, rect->x, place->columns),
        cell_at(place, rect->x + rect->width, place->columns),
        cell_at(place, rect->y, place->rows),
        cell_at(place, rect->y + rect->height, place->rows),
    };
}

static void add_dot(struct place *place, struct pv_point at, uint32_t route)
{
    uint32_t cell =
        cell_at(place, at.y, place->rows) * place->columns + cell_at(place, at.x, place->columns);
    if (place->dot_count == place->dot_capacity) {
        place->dot_capacity = place->dot_capacity * 2;
        place->dots = pv_resize(place->dots, place->dot_capacity * sizeof *place->dots);
    }
    place->dots[place->dot_count] = (struct dot){at, route, place->dot_cells[cell]};
    place->dot_cells[cell] = ++place->dot_count;
}

static void add_rect(struct place *place, const struct pv_rect *rect)
{
    struct span span = span_of(place, rect);
    place->rects[place->rect_count] = *rect;
    for (uint32_t y = span.top; y <= span.bottom; y++)
        for (uint32_t x = span.left; x <= span.right; x++) {
            uint32_t cell = y * place->columns + x;
            if (place->link_count == place->link_capacity) {
                place->link_capacity = place->link_capacity * 2;
                place->links = pv_resize(place->links, place->link_capacity * sizeof *place->links);
            }
            place->links[place->link_count] =
                (struct link){place->rect_count, place->rect_cells[cell]};
            place->rect_cells[cell] = ++place->link_count;
        }
    place->rect_count++;
}

static double length_of(const struct pv_point *curve)
{
    double length = 0;
    for (int i = 0; i < 3; i++)
        length += hypot(curve[i + 1].x - curve[i].x, curve[i + 1].y - curve[i].y);
    return length;
}

static unsigned points_of(const struct pv_point *curve)
{
    double points = length_of(curve) / STEP;
    return points < 2 ? 2 : points > PER_CURVE ? PER_CURVE : (unsigned)points;
}

static void add_route(struct place *place, uint32_t route)
{
    const struct pv_route *chain = &place->layout->routes[route];
    if (chain->count == 0)
        return;
    const struct pv_point *points = place->layout->points + chain->first;
    for (uint32_t at = 0; at + 3 < chain->count; at += 3) {
        unsigned count = points_of(points + at);
        for (unsigned i = 0; i < count; i++)
            add_dot(place, pv_curve_at(points + at, (i + 0.5) / count), route);
    }
}

static bool do_touch(const struct pv_rect *a, const struct pv_rect *b, double clear)
{
    return a->x < b->x + b->width + clear && b->x < a->x + a->width + clear &&
           a->y < b->y + b->height + clear && b->y < a->y + a->height + clear;
}

static bool is_free(const struct place *place, const struct pv_rect *rect)
{
    struct pv_rect wide = {rect->x - CLEAR, rect->y - CLEAR, rect->width + 2.0 * CLEAR,
                           rect->height + 2.0 * CLEAR};
    struct span span = span_of(place, &wide);
    if (rect->x < -PV_ARC_LABEL_OUT || rect->y < 0 ||
        rect->x + rect->width > place->layout->width + PV_ARC_LABEL_OUT ||
        rect->y + rect->height > place->layout->height)
        return false;
    for (uint32_t y = span.top; y <= span.bottom; y++)
        for (uint32_t x = span.left; x <= span.right; x++)
            for (uint32_t link = place->rect_cells[y * place->columns + x]; link;
                 link = place->links[link - 1].next)
                if (do_touch(rect, &place->rects[place->links[link - 1].rect], CLEAR))
                    return false;
    return true;
}

/* What lies under the label, each point of another arc by how wide that is. */
static double covered(const struct place *place, const struct pv_rect *rect, uint32_t route)
{
    struct span span = span_of(place, rect);
    double sum = 0;
    for (uint32_t y = span.top; y <= span.bottom; y++)
        for (uint32_t x = span.left; x <= span.right; x++)
            for (uint32_t i = place->dot_cells[y * place->columns + x]; i;
                 i = place->dots[i - 1].next) {
                const struct dot *dot = &place->dots[i - 1];
                if (dot->route != route && dot->at.x > rect->x && dot->at.y > rect->y &&
                    dot->at.x < rect->x + rect->width && dot->at.y < rect->y + rect->height)
                    sum += 1 + place->strokes[dot->route];
            }
    return sum;
}

/* A walk along an arc in steps of equal length. */
struct walk {
    const struct pv_point *points;
    uint32_t count;
    double *ends; /* length from the start to the end of each curve */
    double length;
};

static void walk_start(struct walk *walk, const struct pv_layout *layout, uint32_t route)
{
    const struct pv_route *chain = &layout->routes[route];
    walk->points = layout->points + chain->first;
    walk->count = chain->count;
    walk->ends = pv_zalloc(chain->count / 3 + 1, sizeof *walk->ends);
    walk->length = 0;
    for (uint32_t at = 0; at + 3 < chain->count; at += 3)
        walk->ends[at / 3] = walk->length += length_of(walk->points + at);
}

static struct pv_point walk_at(const struct walk *walk, double share)
{
    double wanted = walk->length * share, start = 0;
    uint32_t curve = 0;
    while (curve + 1 < walk->count / 3 && walk->ends[curve] < wanted)
        start = walk->ends[curve++];
    double length = walk->ends[curve] - start;
    double t = length > 0 ? (wanted - start) / length : 0.5;
    return pv_curve_at(walk->points + (size_t)curve * 3, t < 1 ? t : 1);
}

static struct pv_rect rect_at(const struct pv_arc_label *label, struct pv_point centre)
{
    return (struct pv_rect){centre.x - label->width / 2, centre.y - label->height / 2, label->width,
                            label->height};
}

/* Where a label stands around a point of its arc: on it, or beside it on the right or left. */
enum side { ON, RIGHT, LEFT, SIDES };

static struct pv_point beside(const struct pv_arc_label *label, struct pv_point at, enum side side)
{
    double away = label->width / 2 + label->stroke / 2 + 1;
    at.x += side == RIGHT ? away : side == LEFT ? -away : 0;
    return at;
}

/* Takes the place if it is free and costs less than *best. */
static void try_place(const struct place *place, struct pv_arc_label *label, struct pv_point centre,
                      double cost, double *best)
{
    struct pv_rect rect = rect_at(label, centre);
    if (cost >= *best || !is_free(place, &rect))
        return;
    cost += covered(place, &rect, label->route);
    if (cost >= *best)
        return;
    *best = cost;
    label->centre = centre;
    label->is_placed = true;
}

/* Tries places along the arc, from its middle outwards. A place on the arc that covers nothing ends
 * the search; one beside it is worse, but better than to cover another arc. */
static void place_label(struct place *place, struct pv_arc_label *label)
{
    static const double side_cost = 0.5;
    struct walk walk;
    double best = HUGE_VAL;
    walk_start(&walk, place->layout, label->route);
    double usable = walk.length > 0 ? fmax(0.1, 1 - label->head / walk.length) : 0;
    for (int i = 0; i < TRIES && best > 0; i++) {
        int steps = (i + 1) / 2 * (i % 2 ? -1 : 1);
        struct pv_point at = walk_at(&walk, usable * (0.5 + (double)steps / TRIES));
        for (enum side side = ON; side < SIDES; side++)
            try_place(place, label, beside(label, at, side), side == ON ? 0 : side_cost, &best);
    }
    free(walk.ends);
    if (label->is_placed) {
        struct pv_rect rect = rect_at(label, label->centre);
        add_rect(place, &rect);
    }
}

static void place_open(struct place *place, const struct pv_layout *layout, uint32_t rects)
{
    *place = (struct place){.layout = layout};
    place->cell = fmax(CELL, fmax(layout->width, layout->height) / CELLS);
    place->columns = (uint32_t)(layout->width / place->cell) + 1;
    place->rows = (uint32_t)(layout->height / place->cell) + 1;
    size_t cells = (size_t)place->columns * place->rows;
    place->dot_cells = pv_zalloc(cells, sizeof *place->dot_cells);
    place->rect_cells = pv_zalloc(cells, sizeof *place->rect_cells);
    place->rects = pv_zalloc((size_t)rects + 1, sizeof *place->rects);
    place->dot_capacity = place->link_capacity = FIRST_ROOM;
    place->dots = pv_zalloc(FIRST_ROOM, sizeof *place->dots);
    place->links = pv_zalloc(FIRST_ROOM, sizeof *place->links);
}

static void place_close(struct place *place)
{
    free(place->dot_cells);
    free(place->dots);
    free(place->rect_cells);
    free(place->links);
    free(place->rects);
    free(place->strokes);
}

uint32_t pv_arc_labels_place(struct pv_arc_label *labels, uint32_t count,
                             const struct pv_layout *layout, const struct pv_rect *taken,
                             uint32_t taken_count)
{
    struct place place;
    uint32_t routes = 0, missing = 0;
    for (uint32_t i = 0; i < count; i++)
        routes = labels[i].route >= routes ? labels[i].route + 1 : routes;
    place_open(&place, layout, taken_count + count);
    place.strokes = pv_zalloc((size_t)routes + 1, sizeof *place.strokes);
    for (uint32_t i = 0; i < taken_count; i++)
        add_rect(&place, &taken[i]);
    for (uint32_t i = 0; i < count; i++) {
        place.strokes[labels[i].route] = labels[i].stroke;
        add_route(&place, labels[i].route);
    }
    for (uint32_t i = 0; i < count; i++) {
        labels[i].is_placed = false;
        if (labels[i].width > 0 && layout->routes[labels[i].route].count >= 4)
            place_label(&place, &labels[i]);
        missing += labels[i].width > 0 && !labels[i].is_placed;
    }
    place_close(&place);
    return missing;
}

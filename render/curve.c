#include "render/curve.h"

#include <math.h>

static struct pv_point between(struct pv_point a, struct pv_point b, double t)
{
    return (struct pv_point){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

struct pv_point pv_curve_at(const struct pv_point *curve, double t)
{
    double s = 1 - t;
    double a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
    return (struct pv_point){
        a * curve[0].x + b * curve[1].x + c * curve[2].x + d * curve[3].x,
        a * curve[0].y + b * curve[1].y + c * curve[2].y + d * curve[3].y,
    };
}

/* Leaves the part of the curve before t. */
static void keep_head(struct pv_point *curve, double t)
{
    struct pv_point ab = between(curve[0], curve[1], t), bc = between(curve[1], curve[2], t);
    struct pv_point cd = between(curve[2], curve[3], t);
    struct pv_point abc = between(ab, bc, t), bcd = between(bc, cd, t);
    curve[1] = ab;
    curve[2] = abc;
    curve[3] = between(abc, bcd, t);
}

void pv_curve_reverse(struct pv_point *points, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct pv_point point = points[i];
        points[i] = points[count - 1 - i];
        points[count - 1 - i] = point;
    }
}

static bool is_inside(struct pv_point point, const struct pv_rect *rect)
{
    return point.x >= rect->x && point.x <= rect->x + rect->width && point.y >= rect->y &&
           point.y <= rect->y + rect->height;
}

/* Cuts the end: backwards to the curve that enters the rectangle, then by halving. 40 halvings are
 * far below any pixel. */
static size_t clip_end(struct pv_point *points, size_t count, const struct pv_rect *rect)
{
    if (!is_inside(points[count - 1], rect))
        return count;
    while (count > 4 && is_inside(points[count - 4], rect))
        count -= 3;
    struct pv_point *last = points + count - 4;
    if (is_inside(last[0], rect))
        return count;
    double outside = 0, inside = 1;
    for (int i = 0; i < 40; i++) {
        double middle = (outside + inside) / 2;
        if (is_inside(pv_curve_at(last, middle), rect))
            inside = middle;
        else
            outside = middle;
    }
    keep_head(last, inside);
    return count;
}

size_t pv_curve_clip(struct pv_point *points, size_t count, const struct pv_rect *from,
                     const struct pv_rect *to)
{
    count = clip_end(points, count, to);
    pv_curve_reverse(points, count);
    count = clip_end(points, count, from);
    pv_curve_reverse(points, count);
    return count;
}

/* By halving again: the point that is `length` away from the end. */
size_t pv_curve_shorten(struct pv_point *points, size_t count, double length)
{
    struct pv_point end = points[count - 1];
    while (count > 4 && hypot(points[count - 4].x - end.x, points[count - 4].y - end.y) < length)
        count -= 3;
    struct pv_point *last = points + count - 4;
    double far = 0.1, near = 1;
    for (int i = 0; i < 40; i++) {
        double middle = (far + near) / 2;
        struct pv_point point = pv_curve_at(last, middle);
        if (hypot(point.x - end.x, point.y - end.y) < length)
            near = middle;
        else
            far = middle;
    }
    keep_head(last, far);
    return count;
}

#include "render/squarify.h"

/* The worst aspect ratio in a row of areas that add up to `sum` beside an edge of this length. */
static double worst(double edge, double sum, double most, double least)
{
    double wide = edge * edge * most / (sum * sum), high = sum * sum / (edge * edge * least);
    return wide > high ? wide : high;
}

/* How many of the areas make the first row: more, while that makes no worse shapes. */
static uint32_t row_of(const double *sizes, uint32_t count, double scale, double edge, double *sum)
{
    uint32_t taken = 1;
    double most = sizes[0] * scale;
    *sum = most;
    while (taken < count) {
        double next = sizes[taken] * scale;
        if (worst(edge, *sum + next, most, next) >
            worst(edge, *sum, most, sizes[taken - 1] * scale))
            break;
        *sum += next;
        taken++;
    }
    return taken;
}

void pv_squarify(struct pv_rect *out, const double *sizes, uint32_t count,
                 const struct pv_rect *room)
{
    double total = 0, sum;
    struct pv_rect left = *room;
    for (uint32_t i = 0; i < count; i++)
        total += sizes[i];
    double scale = left.width * left.height / total;
    for (uint32_t i = 0, taken; i < count; i += taken) {
        bool is_column = left.width >= left.height;
        double edge = is_column ? left.height : left.width, at = 0;
        taken = row_of(sizes + i, count - i, scale, edge, &sum);
        double depth = i + taken == count ? (is_column ? left.width : left.height) : sum / edge;
        for (uint32_t k = i; k < i + taken; k++) {
            double end = k + 1 == i + taken ? edge : at + sizes[k] * scale / depth;
            out[k] = is_column ? (struct pv_rect){left.x, left.y + at, depth, end - at}
                               : (struct pv_rect){left.x + at, left.y, end - at, depth};
            at = end;
        }
        if (is_column) {
            left.x += depth;
            left.width -= depth;
        } else {
            left.y += depth;
            left.height -= depth;
        }
    }
}

#include "render/layout_answer.h"

#include <math.h>
#include <string.h>

/* What was laid out. */
struct source {
    const struct pv_layout_graph *graph;
    const bool *is_loose;
};

/* Takes `size` bytes off the answer; false where it has not so many. */
static bool take(struct pv_text *answer, void *out, size_t size)
{
    if (answer->size < size)
        return false;
    memcpy(out, answer->data, size);
    *answer = pv_text_slice(*answer, size, answer->size);
    return true;
}

/* dot may have drawn it from either end. */
static void direct(struct pv_point *points, size_t count, struct pv_point tail,
                   struct pv_point head)
{
    struct pv_point first = points[0], last = points[count - 1];
    double kept =
        hypot(first.x - tail.x, first.y - tail.y) + hypot(last.x - head.x, last.y - head.y);
    double turned =
        hypot(last.x - tail.x, last.y - tail.y) + hypot(first.x - head.x, first.y - head.y);
    if (turned < kept)
        pv_curve_reverse(points, count);
}

static struct pv_point aim(const struct pv_layout *layout, const struct pv_layout_graph *graph,
                           uint32_t box)
{
    const struct pv_rect *rect = &layout->boxes[box];
    return (struct pv_point){rect->x + (rect->width + graph->boxes[box].aside) / 2,
                             rect->y + rect->height / 2};
}

/* The way that dot gave (or a straight one), from border to border. */
static void finish_route(struct pv_layout *layout, const struct pv_layout_graph *graph,
                         uint32_t arc, uint32_t count)
{
    uint32_t tail = graph->arcs[arc].tail, head = graph->arcs[arc].head;
    struct pv_point from = aim(layout, graph, tail), to = aim(layout, graph, head);
    struct pv_route *route = &layout->routes[arc];
    struct pv_point *points = layout->points + route->first;
    if (count < 4 || count % 3 != 1) {
        struct pv_point step = {(to.x - from.x) / 3, (to.y - from.y) / 3};
        for (int i = 0; i < 4; i++)
            points[i] = (struct pv_point){from.x + step.x * i, from.y + step.y * i};
        count = 4;
    }
    direct(points, count, from, to);
    route->count =
        (uint32_t)pv_curve_clip(points, count, &layout->boxes[tail], &layout->boxes[head]);
}

static bool read_boxes(struct pv_layout *layout, const struct source *from, struct pv_text *answer)
{
    for (uint32_t i = 0; i < from->graph->box_count; i++) {
        const struct pv_layout_box *box = &from->graph->boxes[i];
        struct pv_point centre;
        if (from->is_loose[i])
            continue;
        if (!take(answer, &centre, sizeof centre))
            return false;
        layout->boxes[i] = (struct pv_rect){centre.x - (box->width + box->aside) / 2,
                                            centre.y - box->height / 2, box->width, box->height};
    }
    return true;
}

static bool read_groups(struct pv_layout *layout, const struct source *from, struct pv_text *answer)
{
    for (uint32_t i = 0; i < from->graph->group_count; i++) {
        struct pv_point ends[2];
        if (!take(answer, ends, sizeof ends))
            return false;
        layout->groups[i] =
            (struct pv_rect){ends[0].x, ends[0].y, ends[1].x - ends[0].x, ends[1].y - ends[0].y};
    }
    return true;
}

static bool read_routes(struct pv_layout *layout, const struct source *from, struct pv_text *answer)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < from->graph->arc_count; i++) {
        uint32_t count;
        if (!take(answer, &count, sizeof count))
            return false;
        layout->routes[i].first = used;
        if (!take(answer, layout->points + used, count * sizeof *layout->points))
            return false;
        if (from->graph->arcs[i].tail != from->graph->arcs[i].head)
            finish_route(layout, from->graph, i, count);
        used += layout->routes[i].count;
    }
    return true;
}

/* From the least to the greatest coordinate of what stands somewhere. */
struct reach {
    struct pv_point least, greatest;
};

static void reach_point(struct reach *reach, double x, double y)
{
    reach->least.x = fmin(reach->least.x, x);
    reach->least.y = fmin(reach->least.y, y);
    reach->greatest.x = fmax(reach->greatest.x, x);
    reach->greatest.y = fmax(reach->greatest.y, y);
}

static struct reach reach_of(const struct pv_layout *layout, const struct source *from)
{
    struct reach reach = {{HUGE_VAL, HUGE_VAL}, {-HUGE_VAL, -HUGE_VAL}};
    for (uint32_t i = 0; i < from->graph->box_count; i++) {
        const struct pv_rect *box = &layout->boxes[i];
        if (from->is_loose[i])
            continue;
        reach_point(&reach, box->x, box->y);
        reach_point(&reach, box->x + box->width + from->graph->boxes[i].aside,
                    box->y + box->height);
    }
    for (uint32_t i = 0; i < from->graph->group_count; i++) {
        const struct pv_rect *group = &layout->groups[i];
        if (group->width > 0) {
            reach_point(&reach, group->x, group->y);
            reach_point(&reach, group->x + group->width, group->y + group->height);
        }
    }
    for (uint32_t i = 0; i < from->graph->arc_count; i++)
        for (uint32_t k = 0; k < layout->routes[i].count; k++) {
            const struct pv_point *point = &layout->points[layout->routes[i].first + k];
            reach_point(&reach, point->x, point->y);
        }
    return reach;
}

/* Moves what dot placed so that it begins at 0, 0: by whole px, so that edges stay sharp. */
static void settle(struct pv_layout *layout, const struct source *from)
{
    struct reach reach = reach_of(layout, from);
    if (reach.least.x > reach.greatest.x)
        return;
    double dx = -floor(reach.least.x), dy = -floor(reach.least.y);
    for (uint32_t i = 0; i < from->graph->box_count; i++) {
        layout->boxes[i].x += dx;
        layout->boxes[i].y += dy;
    }
    for (uint32_t i = 0; i < from->graph->group_count; i++) {
        layout->groups[i].x += dx;
        layout->groups[i].y += dy;
    }
    for (uint32_t i = 0; i < from->graph->arc_count; i++)
        for (uint32_t k = 0; k < layout->routes[i].count; k++) {
            layout->points[layout->routes[i].first + k].x += dx;
            layout->points[layout->routes[i].first + k].y += dy;
        }
    layout->width = ceil(reach.greatest.x + dx);
    layout->height = ceil(reach.greatest.y + dy);
}

/* An answer that is not whole cannot be: the child ended well. It is checked all the same. */
bool pv_layout_read(struct pv_layout *layout, const struct pv_layout_graph *graph,
                    const bool *is_loose, struct pv_text answer)
{
    const struct source source = {graph, is_loose}, *from = &source;
    size_t room = answer.size / sizeof *layout->points + 4 * (size_t)from->graph->arc_count + 4;
    layout->points = pv_zalloc(room, sizeof *layout->points);
    if (!read_boxes(layout, from, &answer) || !read_groups(layout, from, &answer) ||
        !read_routes(layout, from, &answer))
        return false;
    settle(layout, from);
    return true;
}

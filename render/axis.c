#include "render/axis.h"

#include "render/font.h"

#include <math.h>

/* Differences of two values, and products with a step, leave int64. */
__extension__ typedef __int128 wide;

enum { text_size = 11, between_labels = 20, least_apart = 72, between_rows = 32, overhang = 12 };

double pv_axis_px(const struct pv_axis *axis, int64_t value)
{
    double length = (double)((wide)axis->to - axis->from);
    if (length <= 0)
        return axis->start;
    return axis->start + (double)((wide)value - axis->from) / length * (axis->end - axis->start);
}

static double width_of(const struct pv_tick *tick)
{
    return pv_font_width((struct pv_text){tick->label, tick->size}, text_size, false);
}

double pv_axis_label_width(const struct pv_axis *axis)
{
    double widest = 0;
    for (unsigned i = 0; i < axis->count; i++)
        widest = fmax(widest, width_of(&axis->ticks[i]));
    return widest;
}

/* The next rounder step: 1, 2, 5, 10, … of the scale; of bytes 1, 2, 4, … */
static wide next_step(const struct pv_axis *axis, wide step)
{
    wide power = 1;
    if (axis->unit == PV_UNIT_BYTES && step >= axis->scale)
        return step * 2;
    while (power * 10 <= step)
        power *= 10;
    return step == power ? power * 2 : step == power * 2 ? power * 5 : power * 10;
}

static int64_t largest(const struct pv_axis *axis)
{
    wide from = axis->from < 0 ? -(wide)axis->from : axis->from;
    wide to = axis->to < 0 ? -(wide)axis->to : axis->to;
    wide most = from > to ? from : to;
    return most > INT64_MAX ? INT64_MAX : (int64_t)most;
}

/* All multiples of the step; false where they are too many. */
static bool make_ticks(struct pv_axis *axis, wide step)
{
    wide first = axis->from / step * step;
    if (first < axis->from)
        first += step;
    axis->count = 0;
    if (((wide)axis->to - first) / step >= PV_AXIS_TICKS)
        return false;
    for (wide value = first; value <= axis->to; value += step) {
        struct pv_tick *tick = &axis->ticks[axis->count++];
        tick->at = pv_axis_px(axis, (int64_t)value);
        int64_t by = step > INT64_MAX ? INT64_MAX : (int64_t)step;
        const struct pv_tick_unit unit = {axis->unit, axis->scale, axis->prefix};
        if (!pv_format_tick_in(tick->label, &tick->size, (int64_t)value, by, &unit))
            tick->size = pv_format_tick(tick->label, (int64_t)value, by, largest(axis), axis->unit,
                                        axis->scale);
    }
    return true;
}

static bool has_room(const struct pv_axis *axis, bool goes_up)
{
    double wanted =
        goes_up ? between_rows : fmax(pv_axis_label_width(axis) + between_labels, least_apart);
    return axis->count < 2 || fabs(axis->ticks[1].at - axis->ticks[0].at) >= wanted;
}

void pv_axis_settle(struct pv_axis *axis)
{
    bool goes_up = axis->end < axis->start;
    wide step = 1;
    while (!make_ticks(axis, step) || !has_room(axis, goes_up))
        step = next_step(axis, step);
}

static void draw_line(double x1, double y1, double x2, double y2, struct pv_canvas *canvas)
{
    const struct pv_step steps[] = {{.verb = PV_MOVE, .x = x1, .y = y1},
                                    {.verb = PV_LINE, .x = x2, .y = y2}};
    pv_canvas_path(canvas, steps, 2, &(struct pv_style){.stroke = PV_PAINT_HAIRLINE});
}

/* Half a pixel in, so that a line of one pixel is sharp. */
static double sharp(double at)
{
    return floor(at) + 0.5;
}

static void draw_label(const struct pv_tick *tick, double x, double y, enum pv_anchor anchor,
                       struct pv_canvas *canvas)
{
    pv_canvas_label(canvas, &(struct pv_label){.text = {tick->label, tick->size},
                                               .x = x,
                                               .y = y,
                                               .size = text_size,
                                               .anchor = anchor,
                                               .paint = PV_PAINT_TEXT_2});
}

void pv_axis_draw_below(const struct pv_axis *axis, double top, double bottom,
                        struct pv_canvas *canvas)
{
    double y = floor(bottom + PV_AXIS_HEIGHT / 2.0 + pv_font_middle(text_size));
    for (unsigned i = 0; i < axis->count; i++) {
        const struct pv_tick *tick = &axis->ticks[i];
        double half = width_of(tick) / 2, x = tick->at;
        x = fmin(x, axis->end + overhang - half);
        x = fmax(x, axis->start - overhang + half);
        draw_line(sharp(tick->at), top, sharp(tick->at), bottom + 4, canvas);
        draw_label(tick, x, y, PV_MIDDLE, canvas);
    }
}

void pv_axis_draw_left(const struct pv_axis *axis, double left, double right,
                       struct pv_canvas *canvas)
{
    for (unsigned i = 0; i < axis->count; i++) {
        const struct pv_tick *tick = &axis->ticks[i];
        draw_line(left, sharp(tick->at), right, sharp(tick->at), canvas);
        draw_label(tick, left - 4, floor(tick->at + pv_font_middle(text_size)), PV_END, canvas);
    }
}

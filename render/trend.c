#include "render/trend.h"

#include "render/axis.h"
#include "render/font.h"
#include "render/labels.h"
#include "render/page.h"

#include <math.h>
#include <stdlib.h>

enum {
    default_width = 1200,
    least_width = 360,
    value_height = 260,
    part_height = 200,
    change_row = 20, /* words above the plot, where changes are */
    title_row = 24,
    between = 16,
    ticks_height = 20,
    small_text = 11,
    most_dots = 400,
};

struct picture {
    const struct pv_trend *trend;
    const struct pv_draw *draw;
    struct pv_canvas *canvas;
    struct pv_profile nothing; /* what is drawn is no profile */
    struct pv_sheet sheet;
    double left, right, slot; /* px of a run */
    struct pv_step *steps;
    size_t step_count;
    struct pv_buffer words, label, title, facts, legend;
};

static void add_step(struct picture *picture, enum pv_verb verb, double x, double y)
{
    picture->steps[picture->step_count++] = (struct pv_step){.verb = verb, .x = x, .y = y};
}

static double middle_of(const struct picture *picture, size_t point)
{
    return picture->left + ((double)point + .5) * picture->slot;
}

static void add_value(struct pv_buffer *out, const struct picture *picture, int64_t value)
{
    const struct pv_trend *trend = picture->trend;
    char text[PV_NUMBER_SIZE];
    size_t size;
    if (!picture->draw->unit.size ||
        !pv_format_value_in(text, &size, value, trend->unit, trend->scale, picture->draw->unit))
        size = pv_format_value(text, value, trend->unit, trend->scale);
    pv_buffer_add(out, (struct pv_text){text, size});
}

static struct pv_axis axis_between(const struct picture *picture, int64_t from, int64_t to,
                                   double start, double end)
{
    struct pv_axis axis = {.from = from,
                           .to = to > from ? to : from + picture->trend->scale,
                           .unit = picture->trend->unit,
                           .scale = picture->trend->scale,
                           .start = start,
                           .end = end};
    pv_axis_settle(&axis);
    return axis;
}

/* From a tenth of the range below the lowest value to as much above the highest: changes of some
 * percent would not be seen on an axis from 0. */
static struct pv_axis value_axis(const struct picture *picture, double start, double end)
{
    const struct pv_trend *trend = picture->trend;
    int64_t low = trend->points[0].value, high = low;
    for (size_t i = 1; i < trend->count; i++) {
        int64_t value = trend->points[i].value;
        low = value < low ? value : low;
        high = value > high ? value : high;
    }
    int64_t room = high / 10 - low / 10 + (high == low ? high / 20 : 0);
    int64_t from = low >= 0 && low < room ? 0 : low - room;
    return axis_between(picture, from, high > INT64_MAX - room ? high : high + room, start, end);
}

static void put_label(struct picture *picture, struct pv_text text, const struct pv_label *like,
                      double width)
{
    struct pv_label label = *like;
    const struct pv_face face = {like->size > 0 ? like->size : 12, like->is_bold};
    picture->label.size = 0;
    if (!pv_label_text(&picture->label, text, face, width))
        return;
    label.text = pv_buffer_text(&picture->label);
    pv_canvas_label(picture->canvas, &label);
}

static void draw_title(struct picture *picture, const char *words, double y)
{
    put_label(
        picture, pv_text_of(words),
        &(struct pv_label){.x = PV_MARGIN, .y = y + floor(pv_font_middle(12)) + 8, .is_bold = true},
        picture->sheet.width - 2 * PV_MARGIN);
}

/* The line through all runs; where they are more than px, the lowest and highest of each px. */
static void draw_line(struct picture *picture, const struct pv_axis *up)
{
    const struct pv_trend *trend = picture->trend;
    picture->step_count = 0;
    for (size_t i = 0, next; i < trend->count; i = next) {
        int64_t low = trend->points[i].value, high = low;
        double x = middle_of(picture, i);
        for (next = i + 1; next < trend->count && middle_of(picture, next) < x + 1; next++) {
            int64_t value = trend->points[next].value;
            low = value < low ? value : low;
            high = value > high ? value : high;
        }
        add_step(picture, i ? PV_LINE : PV_MOVE, x, pv_axis_px(up, low));
        if (high > low)
            add_step(picture, PV_LINE, x, pv_axis_px(up, high));
    }
    pv_canvas_path(picture->canvas, picture->steps, picture->step_count,
                   &(struct pv_style){.stroke = PV_PAINT_ARC + 4, .stroke_width = 1});
}

static void draw_dots(struct picture *picture, const struct pv_axis *up)
{
    const struct pv_trend *trend = picture->trend;
    if (trend->count > most_dots)
        return;
    double size = fmax(3, fmin(7, picture->slot * .6));
    for (size_t i = 0; i < trend->count; i++) {
        double x = middle_of(picture, i), y = pv_axis_px(up, trend->points[i].value);
        struct pv_rect dot = {x - size / 2, y - size / 2, size, size};
        pv_canvas_rect(picture->canvas, &dot,
                       &(struct pv_style){.fill = PV_PAINT_TEXT, .radius = size / 2});
    }
}

static void add_run(struct pv_buffer *out, const struct pv_trend_point *point)
{
    char text[PV_NUMBER_SIZE];
    if (point->has_time)
        pv_buffer_add(out, (struct pv_text){text, pv_print_date(text, point->time)});
    pv_buffer_print(out, point->has_time && point->commit.size ? " " : "");
    pv_buffer_add(out, point->commit);
}

/* "+12.3 %" above the first run of a new level, "3f2a9c1" below that where there is room. */
static void draw_change(struct picture *picture, const struct pv_trend_change *change,
                        const struct pv_rect *plot, double room)
{
    double x = middle_of(picture, change->change.at) - picture->slot / 2;
    bool is_more = change->change.after > change->change.before;
    picture->step_count = 0;
    add_step(picture, PV_MOVE, x, plot->y - 4);
    add_step(picture, PV_LINE, x, plot->y + plot->height);
    pv_canvas_path(picture->canvas, picture->steps, picture->step_count,
                   &(struct pv_style){.stroke = PV_PAINT_BORDER, .dash = PV_DASHED});
    picture->words.size = 0;
    pv_buffer_print(&picture->words, is_more ? "▲ " : "▼ ");
    pv_trend_step(&picture->words, change->change.before, change->change.after);
    pv_buffer_print(&picture->words, " ");
    pv_buffer_add(&picture->words,
                  pv_text_slice(picture->trend->points[change->change.at].commit, 0, 12));
    struct pv_buffer shown = {0};
    pv_buffer_add(&shown, pv_buffer_text(&picture->words));
    put_label(picture, pv_buffer_text(&shown),
              &(struct pv_label){.x = x + 4, .y = plot->y - 6, .is_bold = true}, room - 8);
    pv_buffer_free(&shown);
}

static void draw_changes(struct picture *picture, const struct pv_rect *plot)
{
    const struct pv_trend *trend = picture->trend;
    for (size_t i = 0; i < trend->change_count; i++) {
        double x = middle_of(picture, trend->changes[i].change.at) - picture->slot / 2;
        double end = picture->sheet.width - PV_MARGIN;
        if (i + 1 < trend->change_count)
            end = middle_of(picture, trend->changes[i + 1].change.at) - picture->slot / 2;
        draw_change(picture, &trend->changes[i], plot, end - x);
    }
}

/* A thick line at the median of each level, in the colour of how it differs from the one before. */
static void draw_levels(struct picture *picture, const struct pv_axis *up)
{
    const struct pv_trend *trend = picture->trend;
    for (size_t i = 0; i <= trend->change_count && trend->change_count; i++) {
        const struct pv_change *before = i ? &trend->changes[i - 1].change : NULL;
        const struct pv_change *next = i < trend->change_count ? &trend->changes[i].change : NULL;
        double y = pv_axis_px(up, before ? before->after : next->before);
        double half = picture->slot / 2;
        size_t first = before ? before->at : 0, last = next ? next->at - 1 : trend->count - 1;
        enum pv_paint paint = PV_PAINT_BORDER;
        if (before && before->after != before->before)
            paint = (before->after > before->before ? PV_PAINT_MORE : PV_PAINT_LESS) +
                    PV_DIFF_STEPS - 1;
        picture->step_count = 0;
        add_step(picture, PV_MOVE, middle_of(picture, first) - half, y);
        add_step(picture, PV_LINE, middle_of(picture, last) + half, y);
        pv_canvas_path(picture->canvas, picture->steps, picture->step_count,
                       &(struct pv_style){.stroke = paint, .stroke_width = 4});
    }
}

static void add_tooltip(struct picture *picture, const struct pv_trend_point *point)
{
    const struct pv_trend *trend = picture->trend;
    pv_buffer_add(&picture->words, trend->metric);
    pv_buffer_add(&picture->words, PV_TEXT(": "));
    add_value(&picture->words, picture, point->value);
    if (point->runs > 1)
        pv_buffer_print(&picture->words, " (median of %lu runs)", (unsigned long)point->runs);
    for (size_t i = 0; i < trend->part_count; i++) {
        pv_buffer_char(&picture->words, '\n');
        pv_buffer_add(&picture->words, trend->parts[i]);
        pv_buffer_add(&picture->words, PV_TEXT(": "));
        add_value(&picture->words, picture, point->parts[i]);
    }
}

/* A strip for each run tells its numbers. */
static void draw_runs(struct picture *picture, const struct pv_rect *plot)
{
    const struct pv_trend *trend = picture->trend;
    struct pv_buffer name = {0};
    for (size_t i = 0; i < trend->count && trend->count <= most_dots; i++) {
        name.size = picture->words.size = 0;
        add_run(&name, &trend->points[i]);
        if (name.size == 0)
            pv_buffer_print(&name, "run %lu", (unsigned long)i + 1);
        add_tooltip(picture, &trend->points[i]);
        const struct pv_item item = {.kind = PV_ITEM_MOMENT,
                                     .id = (uint32_t)i + 1,
                                     .value = trend->points[i].value,
                                     .name = pv_buffer_text(&name),
                                     .tooltip = pv_buffer_text(&picture->words)};
        pv_canvas_begin(picture->canvas, &item);
        pv_canvas_area(picture->canvas,
                       &(struct pv_rect){middle_of(picture, i) - picture->slot / 2, plot->y,
                                         fmax(picture->slot, 1), plot->height});
        pv_canvas_end(picture->canvas);
    }
    pv_buffer_free(&name);
}

/* Dates and commits below, as many as have room. */
static void draw_ticks(struct picture *picture, double y)
{
    enum { tick_width = 96 };
    const struct pv_trend *trend = picture->trend;
    size_t step = (size_t)ceil(tick_width / picture->slot);
    for (size_t i = 0; i < trend->count; i += step) {
        char date[PV_NUMBER_SIZE];
        const struct pv_trend_point *point = &trend->points[i];
        picture->words.size = 0;
        if (point->has_time)
            pv_buffer_add(&picture->words,
                          (struct pv_text){date, pv_print_date(date, point->time)});
        else if (point->commit.size)
            pv_buffer_add(&picture->words, pv_text_slice(point->commit, 0, 10));
        else
            pv_buffer_print(&picture->words, "run %lu", (unsigned long)i + 1);
        double x = middle_of(picture, i), half = tick_width / 2.0 - 4;
        bool is_first = x - half < PV_MARGIN;
        bool is_last = x + half > picture->sheet.width - PV_MARGIN;
        struct pv_buffer shown = {0};
        pv_buffer_add(&shown, pv_buffer_text(&picture->words));
        put_label(picture, pv_buffer_text(&shown),
                  &(struct pv_label){.x = x,
                                     .y = y + 14,
                                     .size = small_text,
                                     .anchor = is_first  ? PV_START
                                               : is_last ? PV_END
                                                         : PV_MIDDLE,
                                     .paint = PV_PAINT_TEXT_2},
                  tick_width - 8);
        pv_buffer_free(&shown);
    }
}

static enum pv_paint paint_of(size_t part)
{
    enum { apart = 5 }; /* hues between neighbours */
    return PV_PAINT_MODULE + (enum pv_paint)(part * apart % PV_HUES * PV_HUE_STEPS) + 1;
}

/* Sum of the parts up to `part` of a run; parts below 0 count as 0 here. */
static int64_t stacked(const struct pv_trend_point *point, size_t part)
{
    int64_t sum = 0;
    for (size_t i = 0; i <= part; i++)
        if (point->parts[i] > 0 && !pv_add(sum, point->parts[i], &sum))
            return INT64_MAX;
    return sum;
}

/* The area of all parts up to this one; those of lower ones are drawn over it. */
static void draw_part(struct picture *picture, size_t part, const struct pv_axis *up)
{
    const struct pv_trend *trend = picture->trend;
    double floor_y = pv_axis_px(up, 0), last = -1;
    picture->step_count = 0;
    add_step(picture, PV_MOVE, picture->left, floor_y);
    for (size_t i = 0; i < trend->count; i++) {
        double x = middle_of(picture, i), half = picture->slot / 2;
        if (x - last < 1)
            continue;
        last = x;
        double y = pv_axis_px(up, stacked(&trend->points[i], part));
        add_step(picture, PV_LINE, x - half, y);
        add_step(picture, PV_LINE, x + half, y);
    }
    add_step(picture, PV_LINE, picture->right, floor_y);
    add_step(picture, PV_CLOSE, 0, 0);
    pv_canvas_path(picture->canvas, picture->steps, picture->step_count,
                   &(struct pv_style){.fill = paint_of(part), .stroke = PV_PAINT_BACKGROUND});
}

static void draw_parts(struct picture *picture, const struct pv_rect *plot)
{
    const struct pv_trend *trend = picture->trend;
    int64_t high = 0;
    for (size_t i = 0; i < trend->count; i++) {
        int64_t sum = stacked(&trend->points[i], trend->part_count - 1);
        high = sum > high ? sum : high;
    }
    struct pv_axis up = axis_between(picture, 0, high, plot->y + plot->height, plot->y);
    pv_axis_draw_left(&up, plot->x, plot->x + plot->width, picture->canvas);
    for (size_t i = trend->part_count; i-- > 0;)
        draw_part(picture, i, &up);
}

static void fill_sheet(struct picture *picture)
{
    const struct pv_trend *trend = picture->trend;
    struct pv_sheet *sheet = &picture->sheet;
    pv_buffer_print(&picture->title, "Trend: ");
    pv_trend_name(&picture->title, trend);
    pv_buffer_print(&picture->facts, "%lu run%s", (unsigned long)trend->count,
                    trend->count == 1 ? "" : "s");
    if (trend->count) {
        pv_buffer_print(&picture->facts, ", ");
        add_run(&picture->facts, &trend->points[0]);
        pv_buffer_print(&picture->facts, " to ");
        add_run(&picture->facts, &trend->points[trend->count - 1]);
    }
    pv_buffer_print(&picture->facts, "; %lu change%s", (unsigned long)trend->change_count,
                    trend->change_count == 1 ? "" : "s");
    pv_buffer_print(&picture->legend,
                    "A dot is a commit's run (the median of several); thick lines are the levels "
                    "between changes. The upper axis need not begin at 0, the lower one does.");
    sheet->facts = pv_buffer_text(&picture->facts);
    sheet->total = trend->metric;
    sheet->legend = pv_buffer_text(&picture->legend);
    for (size_t i = 0; i < trend->part_count && i < PV_LEGEND_KEYS; i++)
        sheet->keys[sheet->key_count++] =
            (struct pv_key){.style = {.fill = paint_of(i), .radius = 2}, .text = trend->parts[i]};
}

static void draw_all(struct picture *picture)
{
    const struct pv_trend *trend = picture->trend;
    double top = pv_sheet_header(&picture->sheet);
    bool has_parts = trend->part_count > 0;
    double height = title_row + change_row + value_height + ticks_height +
                    (has_parts ? between + title_row + part_height + ticks_height : 0);
    struct pv_axis measure = value_axis(picture, value_height, 0);
    picture->left = PV_MARGIN + ceil(fmax(pv_axis_label_width(&measure), 48)) + 8;
    picture->right = picture->sheet.width - PV_MARGIN;
    picture->slot = (picture->right - picture->left) / (double)trend->count;
    struct pv_rect values = {picture->left, top + title_row + change_row,
                             picture->right - picture->left, value_height};
    struct pv_axis up = value_axis(picture, values.y + values.height, values.y);
    pv_sheet_draw(&picture->sheet, height, picture->canvas);
    draw_title(picture, "each run", top);
    pv_axis_draw_left(&up, values.x, picture->right, picture->canvas);
    draw_levels(picture, &up);
    draw_line(picture, &up);
    draw_dots(picture, &up);
    draw_changes(picture, &values);
    draw_ticks(picture, values.y + values.height);
    draw_runs(picture, &values);
    if (!has_parts)
        return;
    struct pv_rect parts = {picture->left,
                            values.y + values.height + ticks_height + between + title_row,
                            values.width, part_height};
    draw_title(picture, "what it is made of", parts.y - title_row);
    draw_parts(picture, &parts);
    draw_ticks(picture, parts.y + parts.height);
}

void pv_trend_draw(const struct pv_trend *trend, const struct pv_draw *draw,
                   struct pv_canvas *canvas)
{
    double width = draw->width > 0 ? draw->width : default_width;
    struct pv_draw own = *draw;
    struct picture picture = {.trend = trend, .draw = &own, .canvas = canvas};
    picture.sheet = (struct pv_sheet){.draw = &own,
                                      .profile = &picture.nothing,
                                      .view = "Trend",
                                      .width = width < least_width ? least_width : width};
    picture.steps = pv_alloc((2 * trend->count + 8) * sizeof *picture.steps);
    fill_sheet(&picture);
    if (!own.title.size)
        own.title = pv_buffer_text(&picture.title);
    if (trend->count)
        draw_all(&picture);
    else
        pv_sheet_say(&picture.sheet, PV_TEXT("no runs"), canvas);
    struct pv_buffer *buffers[] = {&picture.words, &picture.label, &picture.title, &picture.facts,
                                   &picture.legend};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++)
        pv_buffer_free(buffers[i]);
    free(picture.steps);
}

#include "render/timeline_parts.h"

#include "render/font.h"

#include <math.h>

static struct pv_text text_of(const struct pv_timeline_picture *picture, pv_str id)
{
    return pv_profile_text(picture->profile, id);
}

void pv_timeline_value(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                       int64_t value, enum pv_unit unit, int64_t scale)
{
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    struct pv_text prefix = picture->draw->unit;
    size_t size;
    if (!prefix.size || !pv_format_value_in(room, &size, value, unit, scale, prefix))
        size = pv_format_value(room, value, unit, scale);
    out->size += size;
}

void pv_timeline_time(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                      const struct pv_timeline_clock *clock, int64_t at)
{
    pv_timeline_value(out, picture, at, clock->unit, clock->scale);
    if (clock->unit == PV_UNIT_COUNT && clock->name.size) {
        pv_buffer_char(out, ' ');
        pv_buffer_add(out, clock->name);
    }
}

const struct pv_timeline_clock *pv_timeline_clock_of(const struct pv_timeline_picture *picture,
                                                     const struct pv_timeline_panel *panel)
{
    return &picture->timeline.clocks[panel->clock];
}

void pv_timeline_name(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                      const struct pv_timeline_panel *panel)
{
    const struct pv_series *series = panel->series[0];
    bool is_group = panel->series_count > 1;
    pv_buffer_add(out, text_of(picture, is_group ? series->group : series->name));
    if (series->owner) {
        pv_buffer_add(out, PV_TEXT(" \xC2\xB7 "));
        pv_buffer_add(out, text_of(picture, series->owner));
    }
}

enum pv_paint pv_timeline_paint(struct pv_timeline_picture *picture,
                                const struct pv_timeline_panel *panel, uint32_t layer)
{
    static const unsigned hues[PV_TIMELINE_COLOURS] = {7, 1, 4, 10, 2, 8, 5, 11, 0, 6, 3, 9};
    uint32_t i = 0;
    if (layer == PV_TIMELINE_LAYERS - 1 && panel->series_count > PV_TIMELINE_LAYERS)
        return PV_PAINT_REST;
    if (panel->series_count > 1) {
        pv_str name = panel->series[layer]->name;
        while (i < picture->colour_count && picture->colours[i] != name)
            i++;
        if (i == picture->colour_count && i < PV_TIMELINE_COLOURS)
            picture->colours[picture->colour_count++] = name;
    }
    return (enum pv_paint)(PV_PAINT_MODULE + hues[i % PV_TIMELINE_COLOURS] * PV_HUE_STEPS + 1);
}

void pv_timeline_layer_name(struct pv_buffer *out, const struct pv_timeline_picture *picture,
                            const struct pv_timeline_panel *panel, uint32_t layer)
{
    uint32_t rest = panel->series_count - panel->layer_count + 1;
    if (layer == PV_TIMELINE_LAYERS - 1 && rest > 1)
        pv_buffer_print(out, "%lu more", (unsigned long)rest);
    else
        pv_buffer_add(out, text_of(picture, panel->series[layer]->name));
}

static uint32_t length_of(const struct pv_timeline_stretch *stretch)
{
    return stretch->to - stretch->from;
}

/* The layer within one column. */
static struct pv_timeline_stretch stretch_at(const struct pv_timeline_panel *panel, uint32_t layer,
                                             uint32_t column, const struct pv_axis *up)
{
    const struct pv_timeline_column *top = &pv_timeline_curve(panel, layer)[column];
    int64_t below = layer ? pv_timeline_curve(panel, layer - 1)[column].high : 0;
    return (struct pv_timeline_stretch){column, column + 1, pv_axis_px(up, top->low),
                                        pv_axis_px(up, below)};
}

/* The longest stretch that is `height` px high at least. */
static struct pv_timeline_stretch longest_stretch(const struct pv_timeline_panel *panel,
                                                  uint32_t layer, const struct pv_axis *up,
                                                  double height)
{
    struct pv_timeline_stretch best = {0}, now = {0};
    for (uint32_t c = panel->first; c < panel->last; c++) {
        struct pv_timeline_stretch here = stretch_at(panel, layer, c, up);
        double high = fmax(now.high, here.high), low = fmin(now.low, here.low);
        bool goes_on = length_of(&now) && low - high >= height;
        if (goes_on)
            now = (struct pv_timeline_stretch){now.from, c + 1, high, low};
        else
            now = here.low - here.high >= height ? here : (struct pv_timeline_stretch){0};
        best = length_of(&now) > length_of(&best) ? now : best;
    }
    return best;
}

bool pv_timeline_room(const struct pv_timeline_panel *panel, uint32_t layer,
                      const struct pv_axis *up, double width, struct pv_timeline_stretch *room)
{
    static const double heights[] = {64, 48, 32, 16};
    for (size_t i = 0; i < sizeof heights / sizeof heights[0]; i++) {
        *room = longest_stretch(panel, layer, up, heights[i]);
        if (length_of(room) >= width + 8)
            return true;
    }
    return false;
}

bool pv_timeline_has_marks(const struct pv_timeline_panel *panel)
{
    enum { most_marks = 250 };
    return panel->moment_count <= most_marks;
}

void pv_timeline_keys(struct pv_timeline_picture *picture)
{
    struct pv_sheet *sheet = &picture->sheet;
    bool has_rest = false;
    for (uint32_t p = 0; p < picture->timeline.panel_count; p++) {
        const struct pv_timeline_panel *panel = &picture->timeline.panels[p];
        for (uint32_t i = 0; panel->series_count > 1 && i < panel->layer_count; i++)
            has_rest = pv_timeline_paint(picture, panel, i) == PV_PAINT_REST || has_rest;
    }
    for (uint32_t i = 0; i < picture->colour_count && sheet->key_count < PV_LEGEND_KEYS - 1; i++) {
        static const struct pv_series any;
        struct pv_series named = any;
        named.name = picture->colours[i];
        const struct pv_series *two[] = {&named, &named};
        struct pv_timeline_panel panel = {.series = two, .series_count = 2, .layer_count = 1};
        sheet->keys[sheet->key_count++] =
            (struct pv_key){{.fill = pv_timeline_paint(picture, &panel, 0), .radius = 2},
                            text_of(picture, named.name)};
    }
    if (has_rest)
        sheet->keys[sheet->key_count++] =
            (struct pv_key){{.fill = PV_PAINT_REST, .radius = 2}, PV_TEXT("gathered")};
}

/* Of two that measure the same. */
static bool is_higher(const struct pv_timeline_panel *a, const struct pv_timeline_panel *b)
{
    return a->series[0]->unit == b->series[0]->unit && a->series[0]->group == b->series[0]->group &&
           a->scale == b->scale && a->peak > b->peak;
}

/* "memory at most 235 KiB": what the header says of the panel with the most moments, or the highest
 * one like it. */
void pv_timeline_facts(struct pv_timeline_picture *picture)
{
    const struct pv_timeline_panel *best = &picture->timeline.panels[0];
    for (uint32_t p = 1; p < picture->timeline.panel_count; p++)
        if (picture->timeline.panels[p].moment_count > best->moment_count)
            best = &picture->timeline.panels[p];
    for (uint32_t p = 0; p < picture->timeline.panel_count; p++)
        best = is_higher(&picture->timeline.panels[p], best) ? &picture->timeline.panels[p] : best;
    const struct pv_timeline_clock *clock = pv_timeline_clock_of(picture, best);
    pv_timeline_name(&picture->total, picture, best);
    pv_buffer_add(&picture->total, PV_TEXT(" at most "));
    pv_timeline_value(&picture->total, picture, best->peak, best->series[0]->unit, best->scale);
    picture->sheet.total = pv_buffer_text(&picture->total);
    pv_add_count(&picture->facts, picture->timeline.series_count, "series", "series");
    pv_buffer_add(&picture->facts, PV_TEXT(" \xC2\xB7 "));
    pv_add_count(&picture->facts, best->moment_count, "moment", "moments");
    if (clock->to > clock->from) {
        int64_t length;
        pv_buffer_add(&picture->facts, PV_TEXT(" in "));
        if (__builtin_sub_overflow(clock->to, clock->from, &length))
            length = INT64_MAX;
        pv_timeline_time(&picture->facts, picture, clock, length);
    }
    picture->sheet.facts = pv_buffer_text(&picture->facts);
}

void pv_timeline_legend(struct pv_timeline_picture *picture, struct pv_buffer *notes)
{
    const struct pv_timeline *timeline = &picture->timeline;
    bool is_stacked = picture->colour_count > 0, is_marked = true;
    for (uint32_t p = 0; p < timeline->panel_count; p++)
        is_marked = is_marked && pv_timeline_has_marks(&timeline->panels[p]);
    pv_buffer_add(&picture->legend, is_stacked
                                        ? PV_TEXT("Height: values, what belongs together stacked")
                                        : PV_TEXT("Height: value"));
    pv_buffer_add(&picture->legend, PV_TEXT(" \xC2\xB7 left to right: "));
    pv_buffer_add(&picture->legend,
                  timeline->clock_count == 1 ? timeline->clocks[0].name : PV_TEXT("time"));
    pv_buffer_add(&picture->legend, PV_TEXT("; a value holds until the next one"));
    if (is_marked)
        pv_buffer_add(&picture->legend,
                      PV_TEXT(" \xC2\xB7 marks under the base line: what was measured"));
    if (picture->call_count)
        pv_buffer_add(&picture->legend, PV_TEXT(" \xC2\xB7 brackets: the longest calls"));
    if (picture->calls_left_out) {
        pv_add_count(&picture->cuts, picture->calls_left_out, "call has", "calls have");
        pv_buffer_add(&picture->cuts, timeline->left_out ? PV_TEXT(" no room for a bracket; ")
                                                         : PV_TEXT(" no room for a bracket"));
    }
    if (timeline->left_out) {
        pv_add_grouped(&picture->cuts, timeline->left_out);
        pv_buffer_add(&picture->cuts,
                      PV_TEXT(" more series, which have fewer points, are not drawn"));
        pv_buffer_add(notes, PV_TEXT("the timeline is not complete: "));
        pv_buffer_add(notes, pv_buffer_text(&picture->cuts));
        pv_buffer_char(notes, '\n');
    }
    picture->sheet.legend = pv_buffer_text(&picture->legend);
    picture->sheet.cuts = pv_buffer_text(&picture->cuts);
}

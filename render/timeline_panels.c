#include "render/timeline_panels.h"

#include "model/error.h"
#include "model/sort.h"

#include <stdlib.h>
#include <string.h>

/* Values times scales leave int64. */
__extension__ typedef __int128 wide;

static wide magnitude(int64_t value)
{
    return value < 0 ? -(wide)value : value;
}

static int64_t saturate(wide value)
{
    return value > INT64_MAX ? INT64_MAX : value < INT64_MIN ? INT64_MIN : (int64_t)value;
}

/* From one scale to another, both powers of ten; rounded where that has fewer digits. */
static int64_t rescale(int64_t value, int64_t from, int64_t to)
{
    if (to >= from)
        return saturate((wide)value * (to / from));
    int64_t factor = from / to, half = value < 0 ? -factor / 2 : factor / 2;
    return saturate(((wide)value + half) / factor);
}

static int64_t highest(const struct pv_series *series)
{
    return series->points[pv_series_peak(series)].value;
}

static bool has_negative(const struct pv_series *series)
{
    for (uint32_t i = 0; i < series->count; i++)
        if (series->points[i].value < 0)
            return true;
    return false;
}

static bool has_same_clock(const struct pv_series *a, const struct pv_series *b)
{
    return a->at_unit == b->at_unit && a->at_name == b->at_name;
}

static bool is_same_whole(const struct pv_series *a, const struct pv_series *b)
{
    return a->group && a->group == b->group && a->owner == b->owner && a->unit == b->unit &&
           has_same_clock(a, b);
}

/* A panel while they are being chosen: series [from, to) of those that have points. */
struct run {
    uint32_t from, to, rank;
    uint64_t points;
};

struct choosing {
    const struct pv_profile *profile;
    const struct pv_series **series;
    struct run *runs;
    uint32_t count;
};

static void find_runs(struct choosing *choosing, uint32_t series_count)
{
    bool may_join = false;
    for (uint32_t i = 0; i < series_count; i++) {
        const struct pv_series *series = choosing->series[i];
        bool is_signed = has_negative(series);
        bool joins = may_join && !is_signed && is_same_whole(choosing->series[i - 1], series);
        if (!joins)
            choosing->runs[choosing->count++] = (struct run){.from = i};
        choosing->runs[choosing->count - 1].to = i + 1;
        choosing->runs[choosing->count - 1].points += series->count;
        may_join = !is_signed;
    }
}

static bool has_more_points(const void *context, uint32_t a, uint32_t b)
{
    const struct run *runs = context;
    return runs[a].points > runs[b].points;
}

/* By clock; within one, runs keep the order of the series. */
static bool stands_before(const void *context, uint32_t a, uint32_t b)
{
    const struct choosing *choosing = context;
    const struct pv_series *x = choosing->series[choosing->runs[a].from];
    const struct pv_series *y = choosing->series[choosing->runs[b].from];
    if (x->at_unit != y->at_unit)
        return x->at_unit < y->at_unit;
    if (x->at_name != y->at_name)
        return pv_text_compare(pv_profile_text(choosing->profile, x->at_name),
                               pv_profile_text(choosing->profile, y->at_name)) < 0;
    return a < b;
}

static bool is_larger(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_series *const *series = context;
    wide x = (wide)highest(series[a]) * series[b]->scale;
    wide y = (wide)highest(series[b]) * series[a]->scale;
    return x > y;
}

/* The finest scale in which the sum of the highest values fits. */
static int64_t common_scale(const struct pv_series *const *series, uint32_t count)
{
    int64_t scale = 1;
    for (uint32_t i = 0; i < count; i++)
        scale = series[i]->scale > scale ? series[i]->scale : scale;
    for (; scale > 1; scale /= 10) {
        wide sum = 0;
        for (uint32_t i = 0; i < count; i++)
            sum += magnitude(highest(series[i])) * scale / series[i]->scale;
        if (sum < INT64_MAX / 2)
            break;
    }
    return scale;
}

static void fill_panel(struct pv_timeline *timeline, const struct run *run, uint32_t *used,
                       const struct pv_series *const *series)
{
    struct pv_timeline_panel *panel = &timeline->panels[timeline->panel_count++];
    uint32_t count = run->to - run->from, *order = pv_alloc(count * sizeof *order);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    pv_sort(order, count, is_larger, series + run->from);
    panel->series = timeline->series + *used;
    panel->series_count = count;
    panel->layer_count = count < PV_TIMELINE_LAYERS ? count : PV_TIMELINE_LAYERS;
    for (uint32_t i = 0; i < count; i++)
        panel->series[i] = series[run->from + order[i]];
    panel->scale = common_scale(panel->series, count);
    *used += count;
    free(order);
}

/* The finest scale in which all times fit. */
static int64_t clock_scale(const struct pv_timeline *timeline, uint32_t from, uint32_t to)
{
    int64_t scale = 1;
    for (uint32_t p = from; p < to; p++)
        for (uint32_t i = 0; i < timeline->panels[p].series_count; i++) {
            int64_t own = timeline->panels[p].series[i]->at_scale;
            scale = own > scale ? own : scale;
        }
    for (uint32_t p = from; p < to; p++)
        for (uint32_t i = 0; i < timeline->panels[p].series_count; i++) {
            const struct pv_series *series = timeline->panels[p].series[i];
            wide first = magnitude(series->points[0].at);
            wide last = magnitude(series->points[series->count - 1].at);
            wide most = first > last ? first : last;
            while (scale > 1 && most * scale / series->at_scale > INT64_MAX / 2)
                scale /= 10;
        }
    return scale;
}

/* Panels [from, to) have one clock. */
static void add_clock(struct pv_timeline *timeline, const struct pv_profile *profile, uint32_t from,
                      uint32_t to)
{
    const struct pv_series *any = timeline->panels[from].series[0];
    struct pv_timeline_clock *clock = &timeline->clocks[timeline->clock_count];
    *clock = (struct pv_timeline_clock){.name = pv_profile_text(profile, any->at_name),
                                        .unit = any->at_unit,
                                        .scale = clock_scale(timeline, from, to),
                                        .from = INT64_MAX,
                                        .to = INT64_MIN};
    for (uint32_t p = from; p < to; p++) {
        timeline->panels[p].clock = timeline->clock_count;
        for (uint32_t i = 0; i < timeline->panels[p].series_count; i++) {
            const struct pv_series *series = timeline->panels[p].series[i];
            int64_t first = rescale(series->points[0].at, series->at_scale, clock->scale);
            int64_t last =
                rescale(series->points[series->count - 1].at, series->at_scale, clock->scale);
            clock->from = first < clock->from ? first : clock->from;
            clock->to = last > clock->to ? last : clock->to;
        }
    }
    wide length = (wide)clock->to - clock->from;
    if (length > 0 && length <= INT64_MAX && magnitude(clock->from) > length) {
        clock->origin = clock->from;
        clock->to = (int64_t)length;
        clock->from = 0;
    }
    timeline->clock_count++;
}

static void add_clocks(struct pv_timeline *timeline, const struct pv_profile *profile)
{
    uint32_t from = 0;
    for (uint32_t p = 1; p <= timeline->panel_count; p++) {
        if (p < timeline->panel_count &&
            has_same_clock(timeline->panels[from].series[0], timeline->panels[p].series[0]))
            continue;
        add_clock(timeline, profile, from, p);
        from = p;
    }
}

/* The runs with most points, as many as there are panels, in the order of the page. */
static void choose(struct pv_timeline *timeline, struct choosing *choosing)
{
    uint32_t used = 0, *order = pv_alloc(choosing->count * sizeof *order);
    uint32_t kept = choosing->count < PV_TIMELINE_PANELS ? choosing->count : PV_TIMELINE_PANELS;
    for (uint32_t i = 0; i < choosing->count; i++)
        order[i] = i;
    pv_sort(order, choosing->count, has_more_points, choosing->runs);
    for (uint32_t i = kept; i < choosing->count; i++)
        timeline->left_out += choosing->runs[order[i]].to - choosing->runs[order[i]].from;
    pv_sort(order, kept, stands_before, choosing);
    for (uint32_t i = 0; i < kept; i++)
        fill_panel(timeline, &choosing->runs[order[i]], &used, choosing->series);
    free(order);
}

void pv_timeline_make(struct pv_timeline *timeline, const struct pv_profile *profile)
{
    struct choosing choosing = {
        .profile = profile,
        .series = pv_zalloc(profile->series_count, sizeof(struct pv_series *)),
        .runs = pv_zalloc(profile->series_count, sizeof(struct run)),
    };
    *timeline = (struct pv_timeline){
        .series = pv_zalloc(profile->series_count, sizeof(struct pv_series *))};
    for (uint32_t i = 0; i < profile->series_count; i++)
        if (profile->series[i].count)
            choosing.series[timeline->series_count++] = &profile->series[i];
    find_runs(&choosing, timeline->series_count);
    choose(timeline, &choosing);
    add_clocks(timeline, profile);
    free(choosing.series);
    free(choosing.runs);
}

void pv_timeline_free(struct pv_timeline *timeline)
{
    for (uint32_t p = 0; p < timeline->panel_count; p++) {
        free(timeline->panels[p].columns);
        free(timeline->panels[p].shown);
    }
    free(timeline->series);
    *timeline = (struct pv_timeline){0};
}

/* One point of one series. Points of one moment are taken in rounds, one of each series, so that a
 * sum is never of a new and an old value. */
struct event {
    int64_t at, value;
    uint32_t round, series;
};

static bool is_earlier(const void *context, uint32_t a, uint32_t b)
{
    const struct event *events = context;
    return events[a].at != events[b].at ? events[a].at < events[b].at
                                        : events[a].round < events[b].round;
}

static uint32_t add_events(const struct pv_timeline_panel *panel,
                           const struct pv_timeline_clock *clock, struct event *events,
                           uint32_t room)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < panel->series_count; i++) {
        const struct pv_series *series = panel->series[i];
        for (uint32_t p = 0; p < series->count && count < room; p++) {
            struct event event = {
                .at = rescale(series->points[p].at, series->at_scale, clock->scale) - clock->origin,
                .value = rescale(series->points[p].value, series->scale, panel->scale),
                .series = i};
            if (p > 0 && events[count - 1].at == event.at)
                event.round = events[count - 1].round + 1;
            events[count++] = event;
        }
    }
    return count;
}

struct pv_timeline_column *pv_timeline_curve(const struct pv_timeline_panel *panel, uint32_t layer)
{
    return panel->columns + (size_t)layer * panel->column_count;
}

struct tracing {
    struct pv_timeline_panel *panel;
    const struct pv_axis *axis;
    int64_t *values;                  /* of each series, as of now */
    int64_t sums[PV_TIMELINE_LAYERS]; /* of each layer */
    bool has_begun;
    int64_t before; /* the moment before */
};

static void widen(struct pv_timeline_column *column, double x, int64_t value)
{
    if (!column->has_change)
        *column = (struct pv_timeline_column){x, value, value, value, value, true};
    column->low = value < column->low ? value : column->low;
    column->high = value > column->high ? value : column->high;
    column->last = value;
}

/* Moments nearer than this to each other share one place to point at: that of the highest sum. */
enum { least_between = 3 };

static int64_t sum_of(const struct pv_timeline_moment *moment, uint32_t layers)
{
    wide sum = 0;
    for (uint32_t i = 0; i < layers; i++)
        sum += moment->values[i];
    return saturate(sum);
}

static void show_moment(struct pv_timeline_panel *panel, const struct pv_timeline_moment *moment)
{
    struct pv_timeline_moment *last =
        panel->shown_count ? &panel->shown[panel->shown_count - 1] : NULL;
    if (!last || moment->x - last->x >= least_between) {
        panel->shown[panel->shown_count++] = *moment;
    } else if (sum_of(moment, panel->layer_count) > sum_of(last, panel->layer_count)) {
        double x = last->x;
        *last = *moment;
        last->x = x;
    }
}

/* All that changed at one moment has changed. */
static void take_moment(struct tracing *tracing, int64_t at)
{
    struct pv_timeline_panel *panel = tracing->panel;
    struct pv_timeline_moment moment = {.x = pv_axis_px(tracing->axis, at), .at = at};
    double into = moment.x - tracing->axis->start;
    uint32_t column = into > 0 ? (uint32_t)into : 0;
    column = column < panel->column_count ? column : panel->column_count - 1;
    wide sum = 0;
    for (uint32_t i = 0; i < panel->layer_count; i++) {
        moment.values[i] = tracing->sums[i];
        sum += tracing->sums[i];
        widen(&pv_timeline_curve(panel, i)[column], moment.x, saturate(sum));
    }
    int64_t total = saturate(sum);
    if (!tracing->has_begun || total > panel->peak) {
        panel->peak = total;
        panel->peak_at = at;
    }
    panel->low = total < panel->low ? total : panel->low;
    panel->high = total > panel->high ? total : panel->high;
    panel->first = tracing->has_begun ? panel->first : column;
    panel->last = column;
    panel->moment_count += !tracing->has_begun || at != tracing->before;
    tracing->has_begun = true;
    tracing->before = at;
    show_moment(panel, &moment);
}

static void take_event(struct tracing *tracing, const struct event *event)
{
    uint32_t layer = event->series < tracing->panel->layer_count ? event->series
                                                                 : tracing->panel->layer_count - 1;
    tracing->sums[layer] =
        saturate((wide)tracing->sums[layer] + event->value - tracing->values[event->series]);
    tracing->values[event->series] = event->value;
}

/* Columns without a change go on as the one before ended. */
static void fill_gaps(struct pv_timeline_panel *panel)
{
    for (uint32_t i = 0; i < panel->layer_count; i++) {
        struct pv_timeline_column *columns = pv_timeline_curve(panel, i);
        for (uint32_t c = panel->first + 1; c <= panel->last; c++)
            if (!columns[c].has_change) {
                int64_t last = columns[c - 1].last;
                columns[c] = (struct pv_timeline_column){0, last, last, last, last, false};
            }
    }
}

/* Of a trace along another axis. */
static void forget(struct pv_timeline_panel *panel)
{
    free(panel->columns);
    free(panel->shown);
    panel->columns = NULL;
    panel->shown = NULL;
    panel->low = panel->high = panel->peak = panel->peak_at = 0;
    panel->moment_count = panel->shown_count = panel->first = panel->last = 0;
}

void pv_timeline_trace(struct pv_timeline *timeline, uint32_t index, const struct pv_axis *axis)
{
    struct pv_timeline_panel *panel = &timeline->panels[index];
    uint64_t points = 0;
    for (uint32_t i = 0; i < panel->series_count; i++)
        points += panel->series[i]->count;
    points = points < UINT32_MAX ? points : UINT32_MAX;
    struct event *events = pv_zalloc((size_t)points, sizeof *events);
    uint32_t *order = pv_alloc((size_t)points * sizeof *order);
    uint32_t count = add_events(panel, &timeline->clocks[panel->clock], events, (uint32_t)points);
    struct tracing tracing = {
        .panel = panel, .axis = axis, .values = pv_zalloc(panel->series_count, sizeof(int64_t))};
    double length = axis->end - axis->start;
    forget(panel);
    panel->column_count = length > 1 ? (uint32_t)length + 1 : 1;
    panel->columns =
        pv_zalloc((size_t)panel->column_count * panel->layer_count, sizeof *panel->columns);
    panel->shown = pv_zalloc(panel->column_count / least_between + 2, sizeof *panel->shown);
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    pv_sort(order, count, is_earlier, events);
    for (uint32_t i = 0; i < count; i++) {
        const struct event *event = &events[order[i]];
        take_event(&tracing, event);
        if (i + 1 == count || is_earlier(events, order[i], order[i + 1]))
            take_moment(&tracing, event->at);
    }
    fill_gaps(panel);
    free(tracing.values);
    free(events);
    free(order);
}

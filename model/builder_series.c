#include "model/builder_parts.h"

#include "model/error.h"
#include "model/number.h"
#include "model/sort.h"

#include <stdlib.h>
#include <string.h>

/* Values over time. Points come in any order; a series that has as many as it may is put in order
 * and halved, so that memory stays bounded while a file of any length is read. */

static bool grow_list(struct pv_builder *builder)
{
    void *list = builder->series.list;
    bool grown = pv_builder_grow(builder, &list, &builder->series.capacity,
                                 (uint64_t)builder->series.count + 1, sizeof *builder->series.list);
    builder->series.list = list;
    return grown;
}

static pv_str default_at_name(struct pv_builder *builder, enum pv_unit at_unit)
{
    static const struct pv_text names[PV_UNITS] = {
        [PV_UNIT_COUNT] = {"steps", 5}, [PV_UNIT_NS] = {"time", 4}, [PV_UNIT_BYTES] = {"bytes", 5}};
    return pv_build_text(builder, names[at_unit]);
}

uint32_t pv_build_new_series(struct pv_builder *builder, const struct pv_series_info *info)
{
    struct pv_series series = {
        .name = pv_build_text(builder, info->name),
        .group = pv_build_text(builder, info->group),
        .owner = pv_build_text(builder, info->owner),
        .unit = info->unit,
        .at_unit = info->at_unit,
        .scale = 1,
        .at_scale = 1,
    };
    series.at_name = info->at_name.size ? pv_build_text(builder, info->at_name)
                                        : default_at_name(builder, info->at_unit);
    if (builder->series.count >= builder->limits.series) {
        pv_build_note(builder, "cut", "series of values over time beyond --max-series are left out",
                      1, 0);
        return PV_NONE;
    }
    if (!pv_builder_is_ok(builder) || !grow_list(builder))
        return PV_NONE;
    builder->series.list[builder->series.count] = (struct pv_series_part){.series = series};
    return builder->series.count++;
}

/* Name and units together are 64 bits, so that the key itself is what is compared. */
uint32_t pv_build_series(struct pv_builder *builder, struct pv_text name, enum pv_unit unit,
                         enum pv_unit at_unit)
{
    struct pv_series_info info = {.name = name, .unit = unit, .at_unit = at_unit};
    uint64_t key = (uint64_t)pv_build_text(builder, name) << 32 | (uint64_t)unit << 16 | at_unit;
    const uint32_t *known = pv_map_get(&builder->series.by_name, key);
    bool is_new;
    if (known)
        return *known;
    uint32_t made = pv_build_new_series(builder, &info);
    if (!pv_map_put(&builder->series.by_name, key, made, &is_new, &builder->budget))
        pv_builder_memory(builder);
    return made;
}

/* One of the two numbers of all points of a series. */
struct axis {
    int64_t *scale;
    uint64_t *most; /* the largest magnitude so far */
    size_t offset;  /* in a point */
};

static struct axis axis_of(struct pv_series_part *part, bool is_time)
{
    if (is_time)
        return (struct axis){&part->series.at_scale, &part->most_at,
                             offsetof(struct pv_series_point, at)};
    return (struct axis){&part->series.scale, &part->most_value,
                         offsetof(struct pv_series_point, value)};
}

static int64_t *number_at(struct pv_series_part *part, struct axis axis, uint32_t i)
{
    return (int64_t *)(void *)((char *)&part->series.points[i] + axis.offset);
}

/* What is there already has to fit in the finer scale; the largest number tells at once. */
static bool raise_scale(struct pv_series_part *part, struct axis axis, int64_t scale)
{
    int64_t factor = scale / *axis.scale;
    if (*axis.most > (uint64_t)(INT64_MAX / factor))
        return false;
    for (uint32_t i = 0; i < part->series.count; i++)
        *number_at(part, axis, i) *= factor;
    *axis.most *= (uint64_t)factor;
    *axis.scale = scale;
    return true;
}

/* The number in the series' scale; digits for which there is no room are rounded away. */
static bool scale_number(struct pv_builder *builder, struct pv_series_part *part, struct axis axis,
                         struct pv_decimal number, int64_t *out)
{
    int64_t scale = pv_power10(number.digits);
    if (scale > *axis.scale && !raise_scale(part, axis, scale)) {
        int64_t factor = scale / *axis.scale, half = factor / 2;
        *out = number.value / factor;
        *out += (number.value % factor >= half) - (number.value % factor <= -half);
        pv_build_note(builder, "rounded",
                      "values over time lost digits behind the point: very large ones need the "
                      "room",
                      1, 0);
    } else if (!pv_multiply(number.value, *axis.scale / scale, out)) {
        return false;
    }
    uint64_t size = pv_magnitude(*out);
    *axis.most = size > *axis.most ? size : *axis.most;
    return true;
}

static bool is_earlier(const void *context, uint32_t a, uint32_t b)
{
    const struct pv_series_point *points = context;
    return points[a].at < points[b].at;
}

static bool is_in_order(const struct pv_series *series)
{
    for (uint32_t i = 1; i < series->count; i++)
        if (series->points[i].at < series->points[i - 1].at)
            return false;
    return true;
}

static void put_in_order(struct pv_series *series)
{
    if (is_in_order(series))
        return;
    uint32_t *order = pv_alloc(series->count * sizeof *order);
    struct pv_series_point *sorted = pv_alloc(series->count * sizeof *sorted);
    for (uint32_t i = 0; i < series->count; i++)
        order[i] = i;
    pv_sort(order, series->count, is_earlier, series->points);
    for (uint32_t i = 0; i < series->count; i++)
        sorted[i] = series->points[order[i]];
    memcpy(series->points, sorted, series->count * sizeof *sorted);
    free(order);
    free(sorted);
}

/* The lowest and the highest of points [from, to), in the order of time, to `out`; as many as are
 * different. */
static uint32_t keep_extremes(const struct pv_series_point *points, uint32_t from, uint32_t to,
                              struct pv_series_point *out)
{
    uint32_t low = from, high = from;
    for (uint32_t i = from + 1; i < to; i++) {
        low = points[i].value < points[low].value ? i : low;
        high = points[i].value > points[high].value ? i : high;
    }
    struct pv_series_point first = points[low < high ? low : high];
    struct pv_series_point second = points[low < high ? high : low];
    out[0] = first;
    out[1] = second;
    return low == high ? 1 : 2;
}

/* Of every four points two stay, the lowest and the highest, and the first and the last of all: the
 * extremes of any stretch survive any number of rounds. */
static void thin(struct pv_builder *builder, struct pv_series *series)
{
    uint32_t last = series->count - 1, kept = 1;
    put_in_order(series);
    struct pv_series_point end = series->points[last];
    for (uint32_t from = 1; from < last; from += 4)
        kept += keep_extremes(series->points, from, last - from < 4 ? last : from + 4,
                              &series->points[kept]);
    series->points[kept++] = end;
    pv_build_note(builder, "thinned",
                  "points of series beyond --max-points are left out; the highest and the lowest "
                  "of each stretch stay",
                  series->count - kept, 0);
    series->count = kept;
}

/* Most series of a hostile file have one point, so the first room is small. */
static bool grow_points(struct pv_builder *builder, struct pv_series_part *part)
{
    enum { first_room = 4 };
    uint32_t had = part->capacity, wanted = had ? had * 2 : first_room;
    if (part->series.count < had)
        return true;
    if (!pv_budget_take(&builder->budget,
                        (uint64_t)(wanted - had) * sizeof(struct pv_series_point)))
        return pv_builder_memory(builder);
    part->series.points = pv_resize(part->series.points, wanted * sizeof(struct pv_series_point));
    part->capacity = wanted;
    return true;
}

void pv_build_point(struct pv_builder *builder, uint32_t series, struct pv_decimal at,
                    struct pv_decimal value)
{
    enum { fewest = 16 }; /* what thinning by twos can hold on to */
    if (series >= builder->series.count || !pv_builder_is_ok(builder))
        return;
    struct pv_series_part *part = &builder->series.list[series];
    struct pv_series_point point;
    if (!scale_number(builder, part, axis_of(part, true), at, &point.at) ||
        !scale_number(builder, part, axis_of(part, false), value, &point.value)) {
        pv_build_note(builder, "skipped", "points of series do not fit in 64 bits", 1, 0);
        return;
    }
    uint64_t most = builder->limits.series_points;
    if (part->series.count >= (most > fewest ? most : fewest))
        thin(builder, &part->series);
    if (grow_points(builder, part))
        part->series.points[part->series.count++] = point;
}

void pv_build_series_of(struct pv_builder *builder, const struct pv_profile *from)
{
    for (uint32_t i = 0; i < from->series_count; i++) {
        const struct pv_series *series = &from->series[i];
        struct pv_series_info info = {
            .name = pv_profile_text(from, series->name),
            .group = pv_profile_text(from, series->group),
            .owner = pv_profile_text(from, series->owner),
            .at_name = pv_profile_text(from, series->at_name),
            .unit = series->unit,
            .at_unit = series->at_unit,
        };
        uint32_t made = pv_build_new_series(builder, &info);
        unsigned at_digits = pv_power_of(series->at_scale), digits = pv_power_of(series->scale);
        for (uint32_t p = 0; made != PV_NONE && p < series->count; p++)
            pv_build_point(builder, made, (struct pv_decimal){series->points[p].at, at_digits},
                           (struct pv_decimal){series->points[p].value, digits});
    }
}

struct sorting {
    const struct pv_strings *strings;
    const struct pv_series_part *list;
};

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
    const struct sorting *sorting = context;
    return pv_series_compare(sorting->strings, &sorting->list[a].series, &sorting->list[b].series) <
           0;
}

void pv_series_finish(struct pv_builder *builder, struct pv_profile *profile)
{
    uint32_t count = builder->series.count;
    uint32_t *order = pv_alloc(count * sizeof *order);
    struct sorting sorting = {builder->strings, builder->series.list};
    for (uint32_t i = 0; i < count; i++) {
        put_in_order(&builder->series.list[i].series);
        order[i] = i;
    }
    pv_sort(order, count, is_before, &sorting);
    profile->series = pv_arena_alloc(builder->arena, count * sizeof *profile->series);
    profile->series_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct pv_series *series = &builder->series.list[order[i]].series;
        profile->series[i] = *series;
        pv_arena_adopt(builder->arena, series->points);
        series->points = NULL;
    }
    free(order);
}

void pv_series_discard(struct pv_series_table *series)
{
    for (uint32_t i = 0; i < series->count; i++)
        free(series->list[i].series.points);
    free(series->list);
    pv_map_free(&series->by_name);
    *series = (struct pv_series_table){0};
}

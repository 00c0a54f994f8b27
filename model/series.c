#include "model/series.h"

uint32_t pv_series_peak(const struct pv_series *series)
{
    uint32_t peak = 0;
    for (uint32_t i = 1; i < series->count; i++)
        if (series->points[i].value > series->points[peak].value)
            peak = i;
    return peak;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_points(const struct pv_series *a, const struct pv_series *b)
{
    int order = 0;
    for (uint32_t i = 0; !order && i < a->count && i < b->count; i++) {
        order = compare_numbers(a->points[i].at, b->points[i].at);
        if (!order)
            order = compare_numbers(a->points[i].value, b->points[i].value);
    }
    return order ? order : compare_numbers(a->count, b->count);
}

int pv_series_compare(const struct pv_strings *strings, const struct pv_series *a,
                      const struct pv_series *b)
{
    const pv_str x[] = {a->owner, a->group, a->name, a->at_name};
    const pv_str y[] = {b->owner, b->group, b->name, b->at_name};
    const int64_t v[] = {a->unit, a->at_unit, a->scale, a->at_scale};
    const int64_t w[] = {b->unit, b->at_unit, b->scale, b->at_scale};
    int order = 0;
    for (unsigned i = 0; !order && i < sizeof x / sizeof *x; i++)
        if (x[i] != y[i])
            order = pv_text_compare(pv_strings_get(strings, x[i]), pv_strings_get(strings, y[i]));
    for (unsigned i = 0; !order && i < sizeof v / sizeof *v; i++)
        order = compare_numbers(v[i], w[i]);
    return order ? order : compare_points(a, b);
}

#include "model/sampling.h"

#include "model/number.h"

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static void look_at(struct pv_sampling *of, int64_t value)
{
    int64_t size = (int64_t)(pv_magnitude(value) & INT64_MAX);
    if (size == 0)
        return;
    of->least = of->values == 0 || size < of->least ? size : of->least;
    of->values++;
    if (of->step != 1)
        of->step = common_divisor(of->step, size);
}

void pv_sampling_look(struct pv_sampling *of, const struct pv_profile *profile, uint32_t metric,
                      int64_t factor)
{
    bool has_stacks = profile->origin == PV_ORIGIN_STACKS;
    uint32_t count = has_stacks ? profile->tree->count : profile->graph->func_count;
    const int64_t *self = (has_stacks ? profile->tree->self : profile->graph->self)[metric];
    for (uint32_t i = 0; i < count; i++) {
        int64_t value;
        look_at(of, pv_multiply(self[i], factor, &value) ? value : INT64_MAX);
    }
}

/* That n values are multiples of a step by chance is one in step^(n - 1) times; but people who
 * write a profile by hand like round numbers. */
int64_t pv_sampling_step(const struct pv_sampling *of)
{
    static const double rare = 1e12;
    double times = 1;
    for (uint64_t i = 1; i < of->values && times < rare && of->step > 1; i++)
        times *= (double)of->step;
    return times >= rare ? of->step : 1;
}

/* However often is sampled, there are stacks that were seen a few times only. */
bool pv_sampling_is_count(const struct pv_sampling *of, double whole)
{
    enum { most = 100000000, many = 20, few = 20 };
    int64_t step = pv_sampling_step(of);
    if (whole / (double)step > most)
        return false;
    return of->values < many || of->least / step < few;
}

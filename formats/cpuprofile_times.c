#include "formats/cpuprofile.h"

#include "model/error.h"
#include "model/sort.h"

#include <stdlib.h>

/* timeDeltas[i] is the time from sample i - 1 (the first: from startTime) to sample i, in
 * microseconds, and a sample lasts until the next one, the last one until endTime. Before 2017
 * there were timestamps instead, while startTime and endTime were in seconds. */

static bool fail(struct pv_error *err, const struct pv_cpuprofile *profile)
{
    struct pv_where where = {.source = pv_json_where(profile->tree.json).source};
    return pv_fail(err, PV_INPUT_FAILED, where,
                   "the times of the samples do not fit in 64 bits: the profile is damaged");
}

/* When each sample was taken; `count` of them. */
static bool find_times(const struct pv_cpuprofile *profile, uint32_t count, int64_t *times,
                       uint32_t *backwards)
{
    int64_t at = 0;
    if (profile->deltas.is_there && profile->has_start && !pv_scale_decimal(profile->start, 3, &at))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!profile->deltas.is_there)
            at = profile->timestamps.values[i];
        else if (!pv_add(at, profile->deltas.values[i], &at))
            return false;
        times[i] = at;
        *backwards += i > 0 && at < times[i - 1];
    }
    return true;
}

/* When the last sample, which began at `last`, was over. */
static int64_t end_of(const struct pv_cpuprofile *profile, int64_t last)
{
    enum { MICROSECONDS = 3, SECONDS = 9 };
    int64_t end;
    if (!profile->deltas.is_there && profile->timestamps.count > profile->samples.count)
        end = profile->timestamps.values[profile->samples.count];
    else if (!profile->has_end ||
             !pv_scale_decimal(profile->end, profile->deltas.is_there ? MICROSECONDS : SECONDS,
                               &end))
        return last;
    return end > last ? end : last;
}

static bool is_earlier(const void *context, uint32_t a, uint32_t b)
{
    const int64_t *times = context;
    return times[a] < times[b];
}

/* Turns times into durations, in the order of time. */
static bool last_until_next(const struct pv_cpuprofile *profile, const uint32_t *order,
                            uint32_t count, const int64_t *times, int64_t *durations)
{
    for (uint32_t i = 0; i < count; i++) {
        int64_t at = times[order[i]];
        int64_t next = i + 1 < count ? times[order[i + 1]] : end_of(profile, at);
        if (__builtin_sub_overflow(next, at, &durations[i]))
            return false;
    }
    return true;
}

bool pv_cpuprofile_durations(const struct pv_cpuprofile *profile, uint32_t *order,
                             int64_t **durations, uint32_t *backwards, struct pv_error *err)
{
    const struct pv_cpuprofile_numbers *given =
        profile->deltas.is_there ? &profile->deltas : &profile->timestamps;
    uint32_t count = profile->samples.count;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    if (!given->is_there || count == 0)
        return true;
    if (given->count < count)
        return pv_fail(err, PV_INPUT_FAILED,
                       (struct pv_where){.source = pv_json_where(profile->tree.json).source},
                       "%u samples, but only %u times: the profile is damaged", (unsigned)count,
                       (unsigned)given->count);
    int64_t *times = pv_zalloc(count, sizeof *times), *found = pv_zalloc(count, sizeof *found);
    bool is_fine = find_times(profile, count, times, backwards);
    if (is_fine && *backwards)
        pv_sort(order, count, is_earlier, times);
    is_fine = is_fine && last_until_next(profile, order, count, times, found);
    free(times);
    if (!is_fine) {
        free(found);
        return fail(err, profile);
    }
    *durations = found;
    return true;
}

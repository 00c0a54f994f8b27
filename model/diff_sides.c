#include "model/diff_parts.h"

#include "model/number.h"
#include "model/sampling.h"

#include <stdlib.h>
#include <string.h>

/* Which metrics of the sides are the same. */

static struct pv_text name_of(const struct pv_profile *profile, uint32_t metric)
{
    return pv_profile_text(profile, profile->metrics[metric].name);
}

static uint32_t find_metric(const struct pv_profile *profile, struct pv_text name,
                            enum pv_unit unit)
{
    for (uint32_t m = 0; m < profile->metric_count; m++)
        if (profile->metrics[m].unit == unit && pv_text_equal(name_of(profile, m), name))
            return m;
    return PV_NONE;
}

enum pv_noise pv_noise_of(struct pv_text name, enum pv_unit unit, bool is_plain)
{
    static const char *const sampled[] = {"sample", "before", "after"};
    static const char *const uncertain[] = {"cycles", "weight", "ticks", "cache-", "branch-"};
    if (unit == PV_UNIT_NS)
        return PV_NOISE_UNKNOWN;
    for (size_t i = 0; i < sizeof sampled / sizeof sampled[0]; i++)
        if (unit == PV_UNIT_COUNT && pv_text_search(name, pv_text_of(sampled[i])) < name.size)
            return is_plain ? PV_NOISE_SAMPLES : PV_NOISE_UNKNOWN;
    for (size_t i = 0; i < sizeof uncertain / sizeof uncertain[0]; i++)
        if (pv_text_search(name, pv_text_of(uncertain[i])) < name.size)
            return PV_NOISE_UNKNOWN;
    return PV_NOISE_NONE;
}

enum pv_noise pv_metric_noise(const struct pv_profile *profile, uint32_t metric)
{
    const struct pv_metric *of = &profile->metrics[metric];
    struct pv_text format = pv_profile_text(profile, profile->format);
    if (profile->noise)
        return (enum pv_noise)(profile->noise - 1);
    if (pv_text_equal(format, PV_TEXT("heapprofile")))
        return PV_NOISE_UNKNOWN;
    return pv_noise_of(name_of(profile, metric), of->unit, of->scale == 1 && !of->is_signed);
}

static void note_alone(struct pv_diff_making *making, const struct pv_profile *profile,
                       uint32_t metric, unsigned side)
{
    struct pv_buffer words = {0};
    if (!making->builder)
        return;
    pv_buffer_print(&words, "only %s has the metric ", side ? "head" : "base");
    pv_buffer_add(&words, name_of(profile, metric));
    pv_build_note_text(making->builder, PV_TEXT("filtered"), pv_buffer_text(&words), 1, 0);
    pv_buffer_free(&words);
}

/* "samples", also where what is compared was a union already. */
static struct pv_text shown_name(const struct pv_profile *profile, uint32_t metric)
{
    struct pv_text name = name_of(profile, metric);
    bool is_union = pv_text_ends(name, PV_TEXT(" of head"));
    return pv_text_slice(name, 0, name.size - (is_union ? strlen(" of head") : 0));
}

/* The metric of each run that this row is about. */
static void add_row(struct pv_diff_making *making, uint32_t base, uint32_t head)
{
    struct pv_diff_row *row = &making->rows[making->row_count];
    const struct pv_profile *first[2] = {making->runs[0].profile,
                                         making->runs[making->request->count[0]].profile};
    const uint32_t metric[2] = {base, head};
    *row = (struct pv_diff_row){.name = shown_name(first[1], head),
                                .unit = first[1]->metrics[head].unit,
                                .noise = pv_metric_noise(first[1], head)};
    for (uint32_t i = 0; i < making->run_count; i++) {
        struct pv_diff_run *run = &making->runs[i];
        struct pv_text name = name_of(first[run->side], metric[run->side]);
        uint32_t m = find_metric(run->profile, name, row->unit);
        run->metrics[making->row_count] = m;
        if (m == PV_NONE)
            continue;
        unsigned digits = pv_power_of(run->profile->metrics[m].scale);
        row->digits = digits > row->digits ? digits : row->digits;
        row->is_signed = row->is_signed || run->profile->metrics[m].is_signed;
    }
    making->row_count++;
}

static bool fail_pairs(const struct pv_diff_making *making, const struct pv_profile *const *first)
{
    struct pv_buffer words = {0};
    for (unsigned side = 0; side < 2; side++) {
        pv_buffer_print(&words, side ? ", head has " : "base has ");
        for (uint32_t m = 0; m < first[side]->metric_count && m < 4; m++) {
            struct pv_text name = name_of(first[side], m);
            struct pv_text unit = pv_unit_name(first[side]->metrics[m].unit);
            pv_buffer_print(&words, "%s%.*s (%.*s)", m ? ", " : "",
                            PV_TEXT_ARGS(pv_text_slice(name, 0, 40)), PV_TEXT_ARGS(unit));
        }
        pv_buffer_print(&words, first[side]->metric_count ? "" : "none");
    }
    pv_fail(making->err, PV_INPUT_FAILED, (struct pv_where){0},
            "the sides have no metric in common: %.*s", PV_TEXT_ARGS(pv_buffer_text(&words)));
    pv_buffer_free(&words);
    return false;
}

/* The totals of all runs, in values until now, become numbers of samples; what these cannot be is
 * as unsure as what is measured. */
static void count_samples(const struct pv_diff_making *making, struct pv_diff_row *row, uint32_t at)
{
    struct pv_sampling sampling = {0};
    bool is_said = making->runs[0].profile->noise != 0;
    for (uint32_t i = 0; i < making->run_count; i++) {
        const struct pv_diff_run *run = &making->runs[i];
        if (run->metrics[at] == PV_NONE)
            continue;
        pv_sampling_look(&sampling, run->profile, run->metrics[at], run->factors[at]);
    }
    for (unsigned side = 0; side < 2; side++) {
        if (!is_said && !pv_sampling_is_count(&sampling, row->samples[side]))
            row->noise = PV_NOISE_UNKNOWN;
        row->samples[side] /= (double)pv_sampling_step(&sampling);
    }
}

/* What sums are multiplied by: means of runs, and base to head's total. Means and scaled counts
 * have fractions; three digits more where there is room. */
static void find_factors(struct pv_diff_making *making, struct pv_diff_row *row, uint32_t at)
{
    enum { more = 3, most = PV_DECIMAL_DIGITS };
    const struct pv_diff_request *request = making->request;
    __extension__ __int128 sum[2] = {0};
    bool has_fractions = request->normalizes || request->count[0] > 1 || request->count[1] > 1;
    if (has_fractions && row->unit == PV_UNIT_COUNT && row->digits + more <= most)
        row->digits += more;
    for (uint32_t i = 0; i < making->run_count; i++) {
        struct pv_diff_run *run = &making->runs[i];
        if (run->metrics[at] == PV_NONE)
            continue;
        const struct pv_metric *metric = &run->profile->metrics[run->metrics[at]];
        run->factors[at] = pv_power10(row->digits - pv_power_of(metric->scale));
        sum[run->side] += pv_diff_value(run, at, metric->total);
    }
    for (unsigned side = 0; side < 2; side++) {
        row->num[side] = 1;
        row->den[side] = request->count[side];
        row->samples[side] = (double)sum[side];
    }
    if (row->noise == PV_NOISE_SAMPLES)
        count_samples(making, row, at);
    if (request->normalizes && sum[0] > 0 && sum[1] > 0) {
        row->num[0] = sum[1];
        row->den[0] = sum[0] * request->count[1];
    }
}

bool pv_diff_find_pairs(struct pv_diff_making *making)
{
    const struct pv_profile *first[2] = {making->runs[0].profile,
                                         making->runs[making->request->count[0]].profile};
    uint32_t most = first[0]->metric_count + 1;
    making->rows = pv_zalloc(most, sizeof *making->rows);
    for (uint32_t i = 0; i < making->run_count; i++) {
        making->runs[i].metrics = pv_zalloc(most, sizeof(uint32_t));
        making->runs[i].factors = pv_zalloc(most, sizeof(int64_t));
    }
    for (uint32_t m = 0; m < first[0]->metric_count; m++) {
        uint32_t head = find_metric(first[1], name_of(first[0], m), first[0]->metrics[m].unit);
        if (head != PV_NONE)
            add_row(making, m, head);
        else
            note_alone(making, first[0], m, 0);
    }
    bool is_one = first[0]->metric_count == 1 && first[1]->metric_count == 1;
    if (!making->row_count && is_one && first[0]->metrics[0].unit == first[1]->metrics[0].unit)
        add_row(making, 0, 0);
    else
        for (uint32_t m = 0; m < first[1]->metric_count; m++)
            if (find_metric(first[0], name_of(first[1], m), first[1]->metrics[m].unit) == PV_NONE)
                note_alone(making, first[1], m, 1);
    for (uint32_t p = 0; p < making->row_count; p++)
        find_factors(making, &making->rows[p], p);
    return making->row_count || fail_pairs(making, first);
}

int64_t pv_diff_value(const struct pv_diff_run *run, uint32_t row, int64_t value)
{
    int64_t out;
    if (pv_multiply(value, run->factors[row], &out))
        return out;
    return value < 0 ? INT64_MIN : INT64_MAX;
}

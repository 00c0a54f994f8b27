#include "model/quality_parts.h"

#include "model/escape.h"
#include "model/sampling.h"
#include "model/stats.h"

/* How many samples a profile is made of, and what that leaves uncertain; what following every call
 * adds to the times. */

enum { SHARES = 1000000000 };

/* The metric that counts samples: the one asked for, if it does, else another of that name. */
static uint32_t samples_of(const struct pv_profile *profile, uint32_t metric)
{
    uint32_t found = PV_NONE;
    for (uint32_t m = profile->metric_count; m-- > 0;) {
        const struct pv_metric *of = &profile->metrics[m];
        bool is_samples = of->unit == PV_UNIT_COUNT && !of->is_signed && of->scale == 1 &&
                          pv_text_equal(pv_profile_text(profile, of->name), PV_TEXT("samples"));
        if (is_samples && (m == metric || found != metric))
            found = m;
    }
    return found;
}

static bool counts_calls(const struct pv_profile *profile)
{
    for (uint32_t f = 0; f < profile->graph->func_count; f++)
        if (profile->graph->funcs[f].calls > 0)
            return true;
    return profile->spans != NULL;
}

static uint32_t hottest(const struct pv_graph *graph, uint32_t metric)
{
    uint32_t best = 0;
    for (uint32_t f = 1; f < graph->func_count; f++)
        if (graph->self[metric][f] > graph->self[metric][best])
            best = f;
    return best;
}

static void add_interval(struct pv_finding *finding, const struct pv_quality_look *look,
                         uint32_t metric, int64_t step)
{
    const struct pv_graph *graph = look->profile->graph;
    if (graph->func_count == 0)
        return;
    uint32_t func = hottest(graph, metric);
    int64_t hits = graph->self[metric][func] / step;
    static const double z = 1.959964; /* of the normal distribution, for 95 % */
    struct pv_interval share = pv_wilson((double)hits, (double)finding->count, z);
    pv_buffer_print(&finding->words, "; the largest share, ");
    pv_quality_add_share(&finding->words, hits, finding->count);
    pv_buffer_print(&finding->words, " in ");
    pv_escape(&finding->words, PV_ESCAPE_DISPLAY,
              pv_text_slice(pv_profile_name(look->profile, graph->funcs[func].frame), 0, 120));
    pv_buffer_print(&finding->words, ", lies between ");
    pv_quality_add_share(&finding->words, pv_round(share.low * SHARES), SHARES);
    pv_buffer_print(&finding->words, " and ");
    pv_quality_add_share(&finding->words, pv_round(share.high * SHARES), SHARES);
    pv_buffer_print(&finding->words, " (95 %%)");
}

/* With 100 samples a share is known to a fifth of itself. */
static void add_least(struct pv_finding *finding)
{
    enum { fifth = 100 };
    if (finding->count <= fifth)
        return;
    pv_buffer_print(&finding->words, "; shares below ");
    pv_quality_add_share(&finding->words, fifth, finding->count);
    pv_buffer_print(&finding->words, " are known to a fifth of themselves at best");
}

static void tell_samples(struct pv_quality_look *look, uint32_t metric)
{
    enum { many = 10000, enough = 1000 };
    struct pv_sampling sampling = {0};
    pv_sampling_look(&sampling, look->profile, metric, 1);
    int64_t step = pv_sampling_step(&sampling), whole = pv_profile_whole(look->profile, metric);
    int64_t count = whole / step;
    struct pv_finding *finding = pv_quality_tell(look, PV_FINDING_SAMPLES,
                                                 count >= many     ? PV_GRADE_GOOD
                                                 : count >= enough ? PV_GRADE_FAIR
                                                                   : PV_GRADE_POOR);
    finding->count = count;
    if (!pv_sampling_is_count(&sampling, (double)whole)) {
        finding->grade = PV_GRADE_UNKNOWN;
        pv_buffer_print(&finding->words, "the values are too large to be numbers of samples; "
                                         "from how many they were made is not told");
        finding->advice = "record counts of samples beside the weights";
        return;
    }
    pv_quality_add_count(&finding->words, count);
    pv_buffer_print(&finding->words, " sample%s", count == 1 ? "" : "s");
    if (step > 1) {
        pv_buffer_print(&finding->words, " (all values are multiples of ");
        pv_quality_add_count(&finding->words, step);
        pv_buffer_char(&finding->words, ')');
    }
    if (count > 0)
        add_interval(finding, look, metric, step);
    add_least(finding);
    if (finding->grade != PV_GRADE_GOOD)
        finding->advice = "record for longer or more often: four times the samples halve the error";
}

void pv_quality_samples(struct pv_quality_look *look)
{
    uint32_t metric = samples_of(look->profile, look->metric);
    if (metric != PV_NONE) {
        tell_samples(look, metric);
    } else if (counts_calls(look->profile)) {
        struct pv_finding *finding = pv_quality_tell(look, PV_FINDING_SAMPLES, PV_GRADE_GOOD);
        pv_buffer_print(&finding->words, "every call was followed: shares have no sampling error");
    } else {
        struct pv_finding *finding = pv_quality_tell(look, PV_FINDING_SAMPLES, PV_GRADE_UNKNOWN);
        pv_buffer_print(&finding->words,
                        "the file does not tell from how many samples it was made, "
                        "or whether from any");
    }
}

static int64_t all_calls(const struct pv_graph *graph)
{
    int64_t calls = 0;
    for (uint32_t f = 0; f < graph->func_count; f++)
        if (graph->funcs[f].calls > 0)
            pv_quality_sum(&calls, graph->funcs[f].calls);
    return calls;
}

void pv_quality_overhead(struct pv_quality_look *look)
{
    static const double good = 10000, fair = 1000; /* ns a call */
    const struct pv_metric *metric = &look->profile->metrics[look->metric];
    int64_t calls = all_calls(look->profile->graph);
    if (metric->unit != PV_UNIT_NS || calls == 0 ||
        samples_of(look->profile, look->metric) != PV_NONE)
        return;
    double each = (double)look->whole / (double)metric->scale / (double)calls;
    struct pv_finding *finding = pv_quality_tell(look, PV_FINDING_OVERHEAD,
                                                 each >= good   ? PV_GRADE_GOOD
                                                 : each >= fair ? PV_GRADE_FAIR
                                                                : PV_GRADE_POOR);
    finding->count = pv_round(each);
    pv_quality_add_count(&finding->words, calls);
    pv_buffer_print(&finding->words, " calls in ");
    pv_quality_add_value(&finding->words, look, look->whole);
    char text[PV_NUMBER_SIZE];
    pv_buffer_print(&finding->words, ", one in ");
    pv_buffer_add(&finding->words,
                  (struct pv_text){text, pv_format_value(text, finding->count, PV_UNIT_NS, 1)});
    if (finding->grade == PV_GRADE_GOOD)
        return;
    pv_buffer_print(&finding->words, "; to follow a call costs a profiler some tenths of a "
                                     "microsecond, which small functions seem to cost");
    finding->advice = "compare calls rather than times, and take times from a sampler (py-spy, "
                      "perf, pyinstrument)";
}

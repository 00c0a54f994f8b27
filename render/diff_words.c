#include "render/diff_words.h"

#include "model/escape.h"
#include "model/stats.h"

int64_t pv_diff_whole(const struct pv_diff *diff, uint32_t pair)
{
    const struct pv_metric *metrics = diff->profile->metrics;
    int64_t base = metrics[diff->pairs[pair].base].total;
    return base ? base : metrics[diff->pairs[pair].head].total;
}

static void add_value(struct pv_buffer *out, const struct pv_metric *metric, int64_t value,
                      struct pv_text unit)
{
    size_t size = 0;
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    pv_format_value_in(room, &size, value, metric->unit, metric->scale, unit);
    out->size += size;
}

void pv_diff_add_whole(struct pv_buffer *out, const struct pv_diff *diff, uint32_t pair,
                       struct pv_text unit)
{
    const struct pv_metric *base = &diff->profile->metrics[diff->pairs[pair].base];
    const struct pv_metric *head = &diff->profile->metrics[diff->pairs[pair].head];
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_diff_name(diff, pair));
    pv_buffer_char(out, ' ');
    add_value(out, base, base->total, unit);
    pv_buffer_add(out, PV_TEXT(" \xE2\x86\x92 "));
    add_value(out, head, head->total, unit);
    pv_buffer_add(out, PV_TEXT(" ("));
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_change(room, base->total, head->total);
    pv_buffer_char(out, ')');
}

static void add_count(struct pv_buffer *out, int64_t count, const char *words)
{
    out->size += pv_print_grouped(pv_buffer_reserve(out, PV_NUMBER_SIZE), count);
    pv_buffer_print(out, " %s", words);
}

void pv_diff_add_functions(struct pv_buffer *out, const struct pv_diff *diff)
{
    uint32_t count = diff->profile->graph->func_count, alone[4] = {0};
    for (uint32_t i = 0; i < count; i++)
        alone[diff->sides[i] & (PV_IN_BASE | PV_IN_HEAD)]++;
    add_count(out, count, count == 1 ? "function" : "functions");
    if (alone[PV_IN_HEAD])
        pv_buffer_add(out, PV_TEXT(", "));
    if (alone[PV_IN_HEAD])
        add_count(out, alone[PV_IN_HEAD], "new");
    if (alone[PV_IN_BASE])
        pv_buffer_add(out, PV_TEXT(", "));
    if (alone[PV_IN_BASE])
        add_count(out, alone[PV_IN_BASE], "gone");
}

bool pv_diff_add_warning(struct pv_buffer *out, const char *lead, const struct pv_diff *diff,
                         uint32_t pair)
{
    bool has_runs = diff->runs[0] >= PV_RANK_LEAST && diff->runs[1] >= PV_RANK_LEAST;
    if (diff->pairs[pair].noise != PV_NOISE_UNKNOWN || has_runs)
        return false;
    pv_buffer_print(
        out, "%sany change may be chance: values were measured, and in fewer than %d runs a side",
        lead, PV_RANK_LEAST);
    return true;
}

void pv_diff_add_doubt(struct pv_buffer *out, const struct pv_diff *diff, uint32_t pair)
{
    static const char *const kinds[] = {[PV_NOISE_NONE] = "counted",
                                        [PV_NOISE_SAMPLES] = "sampled",
                                        [PV_NOISE_UNKNOWN] = "measured"};
    bool has_runs = diff->runs[0] >= PV_RANK_LEAST && diff->runs[1] >= PV_RANK_LEAST;
    enum pv_noise noise = diff->pairs[pair].noise;
    pv_escape(out, PV_ESCAPE_DISPLAY, pv_diff_name(diff, pair));
    pv_buffer_print(out, " taken as %s (--noise): ", kinds[noise]);
    if (noise == PV_NOISE_NONE)
        pv_buffer_print(out, "any difference is one");
    else if (has_runs)
        pv_buffer_print(out, "~ marks what may be chance, by the runs' ranks (Mann and Whitney's "
                             "test, 5 %% for all functions together)");
    else if (noise == PV_NOISE_SAMPLES)
        pv_buffer_print(out, "~ marks changes of a share that may be chance, by the number of "
                             "samples (5 %% for all functions together)");
    else
        pv_buffer_print(out,
                        "~ marks what may be chance: values that were measured differ from "
                        "run to run, and only %d or more runs a side tell how much",
                        PV_RANK_LEAST);
}

#include "render/table_diff.h"

#include "model/escape.h"

#include <stdlib.h>

static void add_text(struct pv_output *output, const char *name, struct pv_text text)
{
    struct pv_buffer escaped = {0};
    pv_escape(&escaped, PV_ESCAPE_JSON, text);
    pv_output_char(output, '"');
    pv_output_string(output, name);
    pv_output_string(output, "\":\"");
    pv_output_add(output, pv_buffer_text(&escaped));
    pv_output_string(output, "\",");
    pv_buffer_free(&escaped);
}

static void add_pair(struct pv_output *output, const char *name, int64_t base, int64_t head)
{
    pv_output_char(output, '"');
    pv_output_string(output, name);
    pv_output_string(output, "\":[");
    pv_output_int(output, base);
    pv_output_char(output, ',');
    pv_output_int(output, head);
    pv_output_char(output, ']');
}

static void add_calls(struct pv_output *output, const int64_t *const calls[2], uint32_t func)
{
    pv_output_string(output, ",\"calls\":[");
    for (unsigned side = 0; side < 2; side++) {
        pv_output_string(output, side ? "," : "");
        if (calls[side][func] == PV_UNKNOWN_CALLS)
            pv_output_string(output, "null");
        else
            pv_output_int(output, calls[side][func]);
    }
    pv_output_char(output, ']');
}

/* To six places: a probability, or null where there was no test. */
static void add_chance(struct pv_output *output, double p)
{
    char digits[PV_NUMBER_SIZE];
    pv_output_string(output, ",\"p\":");
    if (p < 0)
        pv_output_string(output, "null");
    else
        pv_output_add(output, (struct pv_text){digits, pv_print_fixed(digits, p, 6)});
}

/* Of the change of a function's share of the samples, to six places; or null. */
static void add_interval(struct pv_output *output, const struct pv_diff *diff, uint32_t pair,
                         uint32_t func)
{
    char digits[PV_NUMBER_SIZE];
    struct pv_interval change;
    pv_output_string(output, ",\"share_change\":");
    if (!pv_diff_share_change(&change, diff, pair, func)) {
        pv_output_string(output, "null");
        return;
    }
    pv_output_char(output, '[');
    pv_output_add(output, (struct pv_text){digits, pv_print_fixed(digits, change.low, 6)});
    pv_output_char(output, ',');
    pv_output_add(output, (struct pv_text){digits, pv_print_fixed(digits, change.high, 6)});
    pv_output_char(output, ']');
}

static const char *const verdicts[] = {"same", "less", "more", "unsure"};

static void add_function(struct pv_output *output, const struct pv_diff *diff, uint32_t pair,
                         const struct pv_judged *judged, uint32_t func)
{
    static const char *const states[] = {"", "gone", "new", "both"};
    static const char *const matches[] = {"none", "exact", "moved", "loose"};
    const struct pv_profile *profile = diff->profile;
    const struct pv_diff_pair *of = &diff->pairs[pair];
    const struct pv_graph *graph = profile->graph;
    const struct pv_frame *frame = &profile->frames[graph->funcs[func].frame];
    const int64_t *const calls[2] = {diff->calls[0], diff->calls[1]};
    pv_output_char(output, '{');
    add_text(output, "name", pv_profile_text(profile, frame->name));
    add_text(output, "file", pv_profile_text(profile, frame->file));
    add_text(output, "module", pv_profile_text(profile, frame->module));
    pv_output_string(output, "\"line\":");
    pv_output_int(output, frame->line);
    pv_output_string(output, ",\"in\":\"");
    pv_output_string(output, states[diff->sides[func] & 3]);
    pv_output_string(output, "\",\"match\":\"");
    pv_output_string(output, matches[diff->match[func]]);
    pv_output_string(output, "\",");
    add_pair(output, "self", graph->self[of->base][func], graph->self[of->head][func]);
    pv_output_char(output, ',');
    add_pair(output, "total", graph->total[of->base][func], graph->total[of->head][func]);
    add_calls(output, calls, func);
    pv_output_string(output, ",\"verdict\":\"");
    pv_output_string(output, verdicts[judged[func].verdict]);
    pv_output_char(output, '"');
    add_chance(output, judged[func].p);
    add_interval(output, diff, pair, func);
    pv_output_char(output, '}');
}

static void add_head(struct pv_output *output, const struct pv_diff *diff, uint32_t pair)
{
    static const char *const noises[] = {"none", "samples", "unknown"};
    const struct pv_metric *base = &diff->profile->metrics[diff->pairs[pair].base];
    const struct pv_metric *head = &diff->profile->metrics[diff->pairs[pair].head];
    struct pv_judged whole = pv_diff_judge_whole(diff, pair);
    pv_output_string(output, "{\"profviz_diff\":1,\n\"metric\":{");
    add_text(output, "name", pv_diff_name(diff, pair));
    add_text(output, "unit", pv_unit_name(base->unit));
    add_text(output, "noise", pv_text_of(noises[diff->pairs[pair].noise]));
    pv_output_string(output, "\"scale\":");
    pv_output_int(output, base->scale);
    pv_output_string(output, "},\n");
    add_pair(output, "runs", diff->runs[0], diff->runs[1]);
    pv_output_string(output, ",\"normalized\":");
    pv_output_string(output, diff->is_normalized ? "true,\n" : "false,\n");
    add_pair(output, "total", base->total, head->total);
    pv_output_string(output, ",\"verdict\":\"");
    pv_output_string(output, verdicts[whole.verdict]);
    pv_output_char(output, '"');
    add_chance(output, whole.p);
    pv_output_string(output, ",\n\"functions\":[\n");
}

void pv_diff_write_json(const struct pv_diff *diff, uint32_t pair, struct pv_output *output)
{
    const struct pv_profile *profile = diff->profile;
    struct pv_judged *judged = pv_diff_judge(diff, pair, true);
    uint32_t *order = pv_frame_order(profile);
    uint32_t *func_of = pv_alloc(profile->frame_count * sizeof *func_of);
    const char *separator = "";
    for (uint32_t i = 0; i < profile->frame_count; i++)
        func_of[i] = PV_NONE;
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        func_of[profile->graph->funcs[i].frame] = i;
    add_head(output, diff, pair);
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        if (func_of[order[i]] == PV_NONE)
            continue;
        pv_output_string(output, separator);
        add_function(output, diff, pair, judged, func_of[order[i]]);
        separator = ",\n";
    }
    pv_output_string(output, "\n]}\n");
    free(judged);
    free(order);
    free(func_of);
}

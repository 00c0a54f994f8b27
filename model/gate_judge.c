#include "model/gate_parts.h"

#include <math.h>
#include <stdlib.h>

__extension__ typedef __int128 int128;

/* One comparison while it is made. */
struct judging {
    const struct pv_gate_view *view;
    const struct pv_gate_set *set;
    const struct pv_quantity *limit;
    int64_t base, head, most; /* most: in the view's scale, where the limit is no share */
    bool is_increase, is_bound;
    struct pv_buffer doubt;
};

static double percent_of(const struct pv_quantity *quantity)
{
    return (double)quantity->number.value / (double)pv_power10(quantity->number.digits) / 100;
}

/* part <= whole × the limit's percentage, exactly. */
static bool is_within_share(const struct pv_quantity *limit, int64_t part, int64_t whole)
{
    int128 left = (int128)part * 100 * pv_power10(limit->number.digits);
    return left <= (int128)limit->number.value * whole;
}

static int64_t change_of(const struct judging *judging)
{
    int64_t change;
    if (__builtin_sub_overflow(judging->head, judging->base, &change))
        change = judging->head < 0 ? INT64_MIN : INT64_MAX;
    return change;
}

static bool compares_shares(const struct judging *judging)
{
    return judging->view->noise == PV_NOISE_SAMPLES && judging->limit->is_share &&
           (!judging->is_increase || judging->set->frames);
}

/* Whether the limit is kept, as the numbers stand. */
static bool is_kept(const struct judging *judging)
{
    const struct pv_gate_view *view = judging->view;
    int64_t change = change_of(judging);
    if (!judging->is_increase)
        return judging->limit->is_share
                   ? is_within_share(judging->limit, judging->head, view->wholes[1])
                   : judging->head <= judging->most;
    if (compares_shares(judging)) {
        double head = view->wholes[1] ? (double)judging->head / (double)view->wholes[1] : 0;
        double base = view->wholes[0] ? (double)judging->base / (double)view->wholes[0] : 0;
        return head <= base * (1 + percent_of(judging->limit));
    }
    return judging->limit->is_share ? is_within_share(judging->limit, change, judging->base)
                                    : change <= judging->most;
}

static void add_percent(struct pv_buffer *out, double share)
{
    out->size += pv_print_fixed(pv_buffer_reserve(out, PV_NUMBER_SIZE), share * 100, 2);
    pv_buffer_add(out, PV_TEXT(" %"));
}

/* Functions that are judged one by one share the level: else one of many is always beyond. */
static double level_of(const struct judging *judging)
{
    return PV_DIFF_LEVEL / (judging->view->tests > 1 ? judging->view->tests : 1);
}

static void add_interval(struct judging *judging, struct pv_interval of)
{
    struct pv_buffer *out = &judging->doubt;
    pv_buffer_add(out, PV_TEXT("95 % interval "));
    if (judging->view->tests > 1)
        pv_buffer_print(out, "(for all %lu together) ", (unsigned long)judging->view->tests);
    add_percent(out, of.low);
    pv_buffer_add(out, PV_TEXT(" to "));
    add_percent(out, of.high);
}

static double share_on(const struct judging *judging, unsigned side)
{
    int64_t value = side ? judging->head : judging->base, whole = judging->view->wholes[side];
    double share = whole > 0 ? (double)value / (double)whole : 0;
    return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* The interval of head's share less base's times (1 + the limit), made of Wilson's of each as
 * Newcombe's is of the plain difference. */
static struct pv_interval excess(const struct judging *judging, double z)
{
    double factor = 1 + percent_of(judging->limit), n[2], share[2];
    struct pv_interval of[2];
    for (unsigned side = 0; side < 2; side++) {
        n[side] = judging->view->samples[side];
        share[side] = share_on(judging, side);
        of[side] = pv_wilson(share[side] * n[side], n[side], z);
    }
    double middle = share[1] - share[0] * factor;
    double down = share[1] - of[1].low, up = (of[0].high - share[0]) * factor;
    double above = of[1].high - share[1], below = (share[0] - of[0].low) * factor;
    return (struct pv_interval){middle - sqrt(down * down + up * up),
                                middle + sqrt(above * above + below * below)};
}

/* How far the change less its limit may be from the truth: numbers of samples vary by their square
 * roots, base's with the limit's percentage on top. */
static double spread_of(const struct judging *judging)
{
    const struct pv_gate_view *view = judging->view;
    double factor = judging->limit->is_share ? 1 + percent_of(judging->limit) : 1, variance = 0;
    const double values[2] = {(double)judging->base * factor * factor, (double)judging->head};
    for (unsigned side = 0; side < 2; side++)
        if (view->samples[side] > 0)
            variance += values[side] * (double)view->wholes[side] / view->samples[side];
    return sqrt(variance);
}

/* Numbers of samples, as if both sides had been watched for the same time. */
static bool is_sure_of_counts(struct judging *judging, double z)
{
    double limit = judging->limit->is_share ? percent_of(judging->limit) * (double)judging->base
                                            : (double)judging->most;
    double excess = (double)change_of(judging) - limit, half = spread_of(judging) * z;
    pv_buffer_print(&judging->doubt, "beyond the limit: 95 %% interval ");
    pv_gate_add_value(&judging->doubt, judging->view, pv_round(excess - half));
    pv_buffer_add(&judging->doubt, PV_TEXT(" to "));
    pv_gate_add_value(&judging->doubt, judging->view, pv_round(excess + half));
    return excess - half > 0;
}

/* Samples: broken only where chance does not explain it. */
static bool is_sure_of_samples(struct judging *judging)
{
    double z = pv_normal_point(level_of(judging) / 2), n = judging->view->samples[1];
    if (!judging->is_increase && !judging->limit->is_share)
        return true;
    if (!judging->is_increase) {
        struct pv_interval of = pv_wilson(share_on(judging, 1) * n, n, z);
        add_interval(judging, of);
        return of.low > percent_of(judging->limit);
    }
    if (!compares_shares(judging))
        return is_sure_of_counts(judging, z);
    struct pv_interval of = excess(judging, z);
    pv_buffer_add(&judging->doubt, PV_TEXT("share beyond the limit: "));
    add_interval(judging, of);
    return of.low > 0;
}

static int compare_values(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void add_range(const struct judging *judging, struct pv_buffer *out, int64_t *runs,
                      uint32_t count)
{
    qsort(runs, count, sizeof *runs, compare_values);
    pv_gate_add_value(out, judging->view, runs[0]);
    pv_buffer_add(out, PV_TEXT(" to "));
    pv_gate_add_value(out, judging->view, runs[count - 1]);
}

/* What base's run would have to be exceeded by. */
static int64_t raised(const struct judging *judging, int64_t value)
{
    if (judging->limit->is_share)
        return pv_round((double)value * (1 + percent_of(judging->limit)));
    return value > INT64_MAX - judging->most ? INT64_MAX : value + judging->most;
}

static bool is_sure_of_runs(struct judging *judging, int64_t *base, int64_t *head)
{
    const struct pv_diff *diff = judging->view->diff;
    uint32_t a = diff->runs[0], b = diff->runs[1];
    pv_buffer_print(&judging->doubt, "runs ");
    add_range(judging, &judging->doubt, head, b);
    if (!judging->is_increase)
        return head[0] > judging->most || judging->limit->is_share;
    pv_buffer_print(&judging->doubt, ", base ");
    add_range(judging, &judging->doubt, base, a);
    for (uint32_t i = 0; i < a; i++)
        base[i] = raised(judging, base[i]);
    double p = pv_rank_sum(base, a, head, b);
    bool has_enough = a >= PV_RANK_LEAST && b >= PV_RANK_LEAST;
    if (has_enough) {
        pv_buffer_print(&judging->doubt, ", p = ");
        char *room = pv_buffer_reserve(&judging->doubt, PV_NUMBER_SIZE);
        judging->doubt.size += pv_print_fixed(room, p, 4);
        if (judging->view->tests > 1)
            pv_buffer_print(&judging->doubt, " of %lu tests", (unsigned long)judging->view->tests);
    } else {
        pv_buffer_print(&judging->doubt, "; %d or more runs a side could tell it from chance",
                        PV_RANK_LEAST);
    }
    return has_enough && p <= level_of(judging);
}

/* A broken limit, unless chance may have broken it. */
static bool is_sure(struct judging *judging)
{
    const struct pv_gate_view *view = judging->view;
    int64_t *base = pv_gate_runs(view, judging->set, 0);
    int64_t *head = pv_gate_runs(view, judging->set, 1);
    bool has_runs = base && head, is_sure = true;
    if (has_runs && view->noise != PV_NOISE_NONE)
        is_sure = is_sure_of_runs(judging, base, head);
    else if (view->noise == PV_NOISE_SAMPLES)
        is_sure = is_sure_of_samples(judging);
    else if (view->noise == PV_NOISE_UNKNOWN && judging->is_increase) {
        pv_buffer_print(&judging->doubt,
                        "values that were measured differ from run to run, and only %d or more "
                        "runs a side tell how much",
                        PV_RANK_LEAST);
        is_sure = false;
    }
    free(base);
    free(head);
    return is_sure;
}

static void add_observed(struct pv_buffer *out, const struct judging *judging)
{
    const struct pv_gate_view *view = judging->view;
    char *room;
    if (!judging->is_increase) {
        if (judging->limit->is_share) {
            room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
            out->size += pv_format_share(room, judging->head, view->wholes[1]);
            pv_buffer_add(out, PV_TEXT(", "));
        }
        pv_gate_add_value(out, view, judging->head);
        return;
    }
    pv_buffer_add(out, change_of(judging) > 0 ? PV_TEXT("+") : PV_TEXT(""));
    pv_gate_add_value(out, view, change_of(judging));
    pv_buffer_add(out, PV_TEXT(" ("));
    room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_change(room, judging->base, judging->head);
    pv_buffer_add(out, PV_TEXT("), from "));
    pv_gate_add_value(out, view, judging->base);
    pv_buffer_add(out, PV_TEXT(" to "));
    pv_gate_add_value(out, view, judging->head);
}

void pv_gate_add_limit(struct pv_buffer *out, const struct pv_gate_view *view,
                       const struct pv_gate_rule *rule, bool is_increase)
{
    const struct pv_quantity *limit = is_increase ? &rule->max_increase : &rule->max;
    pv_buffer_add(out, is_increase ? PV_TEXT("+") : PV_TEXT(""));
    if (limit->is_share) {
        add_percent(out, percent_of(limit));
        return;
    }
    pv_gate_add_value(out, view, view->most[is_increase]);
}

static enum pv_gate_verdict verdict_of(struct judging *judging)
{
    if (is_kept(judging))
        return PV_GATE_KEPT;
    if (judging->is_bound) {
        pv_buffer_print(&judging->doubt,
                        "an upper bound: the profile does not tell what these functions share");
        return PV_GATE_UNSURE;
    }
    return is_sure(judging) ? PV_GATE_BROKEN : PV_GATE_UNSURE;
}

static void say_unsure(struct pv_gate_result *result, const char *why)
{
    result->verdict = PV_GATE_UNSURE;
    result->doubt = pv_text_of(why);
    result->observed = PV_TEXT("unknown");
}

/* False: what is limited is not told. */
static bool find_values(struct judging *judging)
{
    bool is_base_bound;
    return pv_gate_value(judging->view, judging->set, 1, &judging->head, &judging->is_bound) &&
           (!judging->is_increase ||
            pv_gate_value(judging->view, judging->set, 0, &judging->base, &is_base_bound));
}

static struct judging judging_of(const struct pv_gate_view *view, const struct pv_gate_rule *rule,
                                 const struct pv_gate_set *set, bool is_increase)
{
    return (struct judging){.view = view,
                            .set = set,
                            .is_increase = is_increase,
                            .limit = is_increase ? &rule->max_increase : &rule->max,
                            .most = view->most[is_increase]};
}

bool pv_gate_is_kept(const struct pv_gate_view *view, const struct pv_gate_rule *rule,
                     const struct pv_gate_set *set, int64_t *size)
{
    bool keeps_all = true;
    *size = INT64_MIN;
    for (int is_increase = 0; is_increase < 2; is_increase++) {
        if (!(is_increase ? rule->max_increase : rule->max).is_there)
            continue;
        struct judging judging = judging_of(view, rule, set, is_increase);
        bool is_known = (view->diff || !is_increase) && find_values(&judging);
        if (is_known)
            *size = is_increase ? change_of(&judging) : judging.head;
        keeps_all = keeps_all && is_known && is_kept(&judging);
    }
    return keeps_all;
}

void pv_gate_judge(struct pv_gate_result *result, const struct pv_gate_view *view,
                   const struct pv_gate_set *set, struct pv_arena *arena)
{
    struct judging judging = judging_of(view, result->rule, set, result->is_increase);
    struct pv_buffer words = {0};
    pv_gate_add_limit(&words, view, result->rule, result->is_increase);
    result->limit = pv_gate_keep(arena, &words);
    if (result->is_increase && !view->diff)
        say_unsure(result, "there is no base to compare with: --base FILE names it");
    else if (!find_values(&judging))
        say_unsure(result, "the profile does not tell how often functions were called");
    else if (set->frames && set->count == 0 && !result->rule->is_optional)
        say_unsure(result, "no function is meant; \"optional\" allows that");
    else {
        result->verdict = verdict_of(&judging);
        add_observed(&words, &judging);
        result->observed = pv_gate_keep(arena, &words);
        result->doubt = pv_gate_keep(arena, &judging.doubt);
    }
    pv_buffer_free(&words);
    pv_buffer_free(&judging.doubt);
}

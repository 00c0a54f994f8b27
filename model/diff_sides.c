#include "model/diff_parts.h"

#include "model/map.h"
#include "model/names.h"
#include "model/number.h"

#include <stdlib.h>
#include <string.h>

/* Which metrics and which frames of the sides are the same. */

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

enum pv_noise pv_metric_noise(const struct pv_profile *profile, uint32_t metric)
{
    static const char *const sampled[] = {"sample", "before", "after"};
    static const char *const uncertain[] = {"cycles", "weight", "ticks", "cache-", "branch-"};
    const struct pv_metric *of = &profile->metrics[metric];
    struct pv_text name = name_of(profile, metric);
    struct pv_text format = pv_profile_text(profile, profile->format);
    if (of->unit == PV_UNIT_NS || pv_text_equal(format, PV_TEXT("heapprofile")))
        return PV_NOISE_UNKNOWN;
    for (size_t i = 0; i < sizeof sampled / sizeof sampled[0]; i++)
        if (of->unit == PV_UNIT_COUNT && pv_text_search(name, pv_text_of(sampled[i])) < name.size)
            return of->scale == 1 && !of->is_signed ? PV_NOISE_SAMPLES : PV_NOISE_UNKNOWN;
    for (size_t i = 0; i < sizeof uncertain / sizeof uncertain[0]; i++)
        if (pv_text_search(name, pv_text_of(uncertain[i])) < name.size)
            return PV_NOISE_UNKNOWN;
    return PV_NOISE_NONE;
}

static void note_alone(struct pv_diff_making *making, const struct pv_profile *profile,
                       uint32_t metric, unsigned side)
{
    struct pv_buffer words = {0};
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
        const struct pv_diff_run *run = &making->runs[i];
        if (run->metrics[at] != PV_NONE)
            sum[run->side] +=
                pv_diff_value(making, run, at, run->profile->metrics[run->metrics[at]].total);
    }
    for (unsigned side = 0; side < 2; side++) {
        row->num[side] = 1;
        row->den[side] = request->count[side];
        row->samples[side] = (double)sum[side] / (double)pv_power10(row->digits);
    }
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
    for (uint32_t i = 0; i < making->run_count; i++)
        making->runs[i].metrics = pv_zalloc(most, sizeof(uint32_t));
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

int64_t pv_diff_value(const struct pv_diff_making *making, const struct pv_diff_run *run,
                      uint32_t row, int64_t value)
{
    unsigned digits = pv_power_of(run->profile->metrics[run->metrics[row]].scale);
    int64_t out;
    if (pv_multiply(value, pv_power10(making->rows[row].digits - digits), &out))
        return out;
    return value < 0 ? INT64_MIN : INT64_MAX;
}

static bool is_hex(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
}

/* Threads and remainders are told apart by numbers that mean nothing to another run, and so are
 * addresses in names. */
static pv_str plain_name(struct pv_strings *strings, struct pv_text name, bool is_numbered,
                         struct pv_budget *budget)
{
    struct pv_buffer plain = {0};
    for (size_t i = 0; i < name.size; i++) {
        bool is_digit = name.data[i] >= '0' && name.data[i] <= '9';
        bool is_address = pv_text_starts(pv_text_slice(name, i, name.size), PV_TEXT("0x"));
        if (!is_digit || !is_numbered)
            pv_buffer_char(&plain, name.data[i]);
        for (i += is_address; is_address && i + 1 < name.size && is_hex(name.data[i + 1]);)
            i++;
    }
    pv_str id = pv_strings_add(strings, pv_buffer_text(&plain), budget);
    pv_buffer_free(&plain);
    return id;
}

/* All frames of all runs, with their texts in one table. */
struct listing {
    struct pv_strings *strings;
    struct pv_budget budget; /* no limit: the texts are in memory already */
    struct pv_match_item *items;
    uint32_t count;
    pv_str *base_of, *plain_of;
};

/* The numbers of a run's texts in the common table, found as they are asked for. */
static pv_str common(struct listing *listing, const struct pv_profile *profile, pv_str *known,
                     pv_str text)
{
    if (text && !known[text])
        known[text] =
            pv_strings_add(listing->strings, pv_profile_text(profile, text), &listing->budget);
    return known[text];
}

static bool *used_frames(const struct pv_diff_making *making, const struct pv_profile *profile)
{
    bool *used = pv_zalloc(profile->frame_count, sizeof *used);
    const struct pv_tree *tree = profile->tree;
    const struct pv_graph *graph = profile->graph;
    for (uint32_t i = 1; making->as_tree && i < tree->count; i++)
        used[tree->nodes[i].frame] = true;
    for (uint32_t i = 0; !making->as_tree && i < graph->func_count; i++)
        used[graph->funcs[i].frame] = true;
    return used;
}

/* Fills the run's map with the numbers of the items, which give way to those of the united frames.
 */
static void list_run(struct listing *listing, const struct pv_diff_making *making,
                     struct pv_diff_run *run)
{
    const struct pv_profile *profile = run->profile;
    pv_str *known = pv_zalloc(pv_strings_count(profile->strings), sizeof *known);
    bool *used = used_frames(making, profile);
    run->frames = pv_alloc(profile->frame_count * sizeof *run->frames);
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        const struct pv_frame *frame = &profile->frames[i];
        run->frames[i] = PV_NONE;
        if (!used[i])
            continue;
        run->frames[i] = listing->count;
        listing->items[listing->count++] =
            (struct pv_match_item){.name = common(listing, profile, known, frame->name),
                                   .file = common(listing, profile, known, frame->file),
                                   .module = common(listing, profile, known, frame->module),
                                   .line = frame->line,
                                   .flags = frame->flags,
                                   .side = run->side};
    }
    free(known);
    free(used);
}

static void list_loose_names(struct listing *listing)
{
    uint32_t count = pv_strings_count(listing->strings);
    listing->base_of = pv_zalloc(count, sizeof *listing->base_of);
    listing->plain_of = pv_zalloc(count, sizeof *listing->plain_of);
    for (uint32_t i = 0; i < listing->count; i++) {
        const struct pv_match_item *item = &listing->items[i];
        pv_str place = item->file ? item->file : item->module;
        bool is_numbered = item->flags & (PV_FRAME_THREAD | PV_FRAME_PROCESS | PV_FRAME_REST);
        struct pv_text name = pv_strings_get(listing->strings, item->name);
        listing->plain_of[item->name] = item->name;
        if (is_numbered || pv_text_search(name, PV_TEXT("0x")) < name.size)
            listing->plain_of[item->name] =
                plain_name(listing->strings, name, is_numbered, &listing->budget);
        if (place && !listing->base_of[place])
            listing->base_of[place] = pv_strings_add(
                listing->strings, pv_name_base(pv_strings_get(listing->strings, place)),
                &listing->budget);
    }
}

/* The union's frame of each group: as head has it, else as base. */
static uint32_t *make_frames(struct pv_diff_making *making, const struct listing *listing,
                             uint32_t groups)
{
    uint32_t *chosen = pv_alloc(groups * sizeof *chosen);
    uint32_t *frames = pv_alloc(groups * sizeof *frames);
    for (uint32_t i = 0; i < groups; i++)
        chosen[i] = PV_NONE;
    for (uint32_t i = 0; i < listing->count; i++) {
        uint32_t *at = &chosen[listing->items[i].group];
        if (*at == PV_NONE || listing->items[i].side > listing->items[*at].side)
            *at = i;
    }
    making->frame_match = pv_zalloc(groups, sizeof *making->frame_match);
    for (uint32_t i = 0; i < groups; i++) {
        const struct pv_match_item *item = &listing->items[chosen[i]];
        struct pv_frame_info info = {.name = pv_strings_get(listing->strings, item->name),
                                     .file = pv_strings_get(listing->strings, item->file),
                                     .module = pv_strings_get(listing->strings, item->module),
                                     .line = item->line,
                                     .flags = item->flags};
        frames[i] = pv_build_frame(making->builder, &info);
        if (pv_builder_is_ok(making->builder))
            making->frame_match[frames[i]] = item->match;
    }
    free(chosen);
    return frames;
}

static void note_loose(struct pv_diff_making *making, const struct listing *listing)
{
    const struct pv_match_item *first = NULL;
    uint64_t count = 0;
    for (uint32_t i = 0; i < listing->count; i++)
        if (listing->items[i].match == PV_MATCH_LOOSE && listing->items[i].side == 1) {
            struct pv_text name = pv_strings_get(listing->strings, listing->items[i].name);
            count++;
            if (!first || pv_text_compare(name, pv_strings_get(listing->strings, first->name)) < 0)
                first = &listing->items[i];
        }
    if (!first)
        return;
    struct pv_buffer words = {0};
    pv_buffer_add(&words, PV_TEXT("functions were matched although file, module or number differ; "
                                  "the first: "));
    pv_buffer_add(&words, pv_strings_get(listing->strings, first->name));
    pv_build_note_text(making->builder, PV_TEXT("matched"), pv_buffer_text(&words), count, 0);
    pv_buffer_free(&words);
}

void pv_diff_unite_frames(struct pv_diff_making *making)
{
    struct listing listing = {.strings = pv_strings_new()};
    size_t most = 1;
    for (uint32_t i = 0; i < making->run_count; i++)
        most += making->runs[i].profile->frame_count;
    listing.items = pv_alloc(most * sizeof *listing.items);
    for (uint32_t i = 0; i < making->run_count; i++)
        list_run(&listing, making, &making->runs[i]);
    list_loose_names(&listing);
    const struct pv_match_names names = {listing.strings, listing.base_of, listing.plain_of};
    uint32_t groups = pv_match_sides(listing.items, listing.count, &names);
    uint32_t *frames = make_frames(making, &listing, groups);
    for (uint32_t r = 0; r < making->run_count; r++)
        for (uint32_t i = 0; i < making->runs[r].profile->frame_count; i++) {
            uint32_t item = making->runs[r].frames[i];
            making->runs[r].frames[i] =
                item == PV_NONE ? PV_NONE : frames[listing.items[item].group];
        }
    note_loose(making, &listing);
    pv_strings_free(listing.strings);
    free(listing.items);
    free(listing.base_of);
    free(listing.plain_of);
    free(frames);
}

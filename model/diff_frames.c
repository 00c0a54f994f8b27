#include "model/diff_parts.h"

#include <stdlib.h>

/* Which frames of the sides are the same. */

/* All frames of all runs, with their texts in one table. */
struct listing {
    struct pv_strings *strings;
    struct pv_budget budget; /* no limit: the texts are in memory already */
    struct pv_match_item *items;
    uint32_t count;
};

/* The numbers of a run's texts in the common table, found as they are asked for. */
static pv_str common(struct listing *listing, const struct pv_profile *profile, pv_str *known,
                     pv_str text)
{
    if (known && text && !known[text])
        known[text] = pv_strings_add_of(listing->strings, profile->strings, text, &listing->budget);
    return known ? known[text] : text;
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
                     struct pv_diff_run *run, bool has_own_texts)
{
    const struct pv_profile *profile = run->profile;
    pv_str *known =
        has_own_texts ? NULL : pv_zalloc(pv_strings_count(profile->strings), sizeof *known);
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

/* The frame of each group: as head has it, else as base. */
static void choose_frames(struct pv_diff_frames *out, const struct listing *listing)
{
    out->frames = pv_zalloc(out->count, sizeof *out->frames);
    out->match = pv_zalloc(out->count, sizeof *out->match);
    out->sides = pv_zalloc(out->count, sizeof *out->sides);
    for (uint32_t i = 0; i < listing->count; i++) {
        const struct pv_match_item *item = &listing->items[i];
        struct pv_frame *frame = &out->frames[item->group];
        uint8_t side = item->side ? PV_IN_HEAD : PV_IN_BASE, *sides = &out->sides[item->group];
        if (*sides < side)
            *frame = (struct pv_frame){item->name, item->file, item->module, item->line, 0};
        if (*sides <= side || side == PV_IN_HEAD)
            frame->flags |= item->flags;
        *sides |= side;
        out->match[item->group] = item->match;
    }
}

void pv_diff_list_frames(struct pv_diff_frames *out, struct pv_diff_making *making)
{
    uint32_t last = making->run_count - 1;
    struct listing listing = {.strings = pv_strings_view(making->runs[last].profile->strings)};
    size_t most = 1;
    for (uint32_t i = 0; i < making->run_count; i++)
        most += making->runs[i].profile->frame_count;
    listing.items = pv_alloc(most * sizeof *listing.items);
    for (uint32_t i = 0; i < making->run_count; i++)
        list_run(&listing, making, &making->runs[i], i == last);
    *out = (struct pv_diff_frames){.strings = listing.strings};
    out->count = pv_match_sides(listing.items, listing.count, listing.strings);
    choose_frames(out, &listing);
    for (uint32_t r = 0; r < making->run_count; r++)
        for (uint32_t i = 0; i < making->runs[r].profile->frame_count; i++) {
            uint32_t *frame = &making->runs[r].frames[i];
            *frame = *frame == PV_NONE ? PV_NONE : listing.items[*frame].group;
        }
    free(listing.items);
}

void pv_diff_frames_free(struct pv_diff_frames *frames)
{
    pv_strings_free(frames->strings);
    free(frames->frames);
    free(frames->match);
    free(frames->sides);
    *frames = (struct pv_diff_frames){0};
}

static void note_loose(struct pv_diff_making *making, const struct pv_diff_frames *frames)
{
    struct pv_text first = {0};
    uint64_t count = 0;
    for (uint32_t i = 0; i < frames->count; i++)
        if (frames->match[i] == PV_MATCH_LOOSE) {
            struct pv_text name = pv_strings_get(frames->strings, frames->frames[i].name);
            first = count++ && pv_text_compare(first, name) <= 0 ? first : name;
        }
    if (!count)
        return;
    struct pv_buffer words = {0};
    pv_buffer_add(&words, PV_TEXT("functions were matched although file, module or number differ; "
                                  "the first: "));
    pv_buffer_add(&words, first);
    pv_build_note_text(making->builder, PV_TEXT("matched"), pv_buffer_text(&words), count, 0);
    pv_buffer_free(&words);
}

/* The builder's number of a text of the united frames. */
static pv_str built_text(const struct pv_diff_making *making, const struct pv_diff_frames *united,
                         pv_str *known, pv_str text)
{
    if (text && !known[text])
        known[text] = pv_build_text_of(making->builder, united->strings, text);
    return known[text];
}

static uint32_t *build_frames(struct pv_diff_making *making, const struct pv_diff_frames *united)
{
    uint32_t *made = pv_zalloc(united->count, sizeof *made);
    pv_str *known = pv_zalloc(pv_strings_count(united->strings), sizeof *known);
    making->frame_match = pv_zalloc(united->count, sizeof *making->frame_match);
    for (uint32_t i = 0; i < united->count && pv_builder_is_ok(making->builder); i++) {
        struct pv_frame frame = united->frames[i];
        frame.name = built_text(making, united, known, frame.name);
        frame.file = built_text(making, united, known, frame.file);
        frame.module = built_text(making, united, known, frame.module);
        made[i] = pv_build_frame_by(making->builder, &frame);
        making->frame_match[made[i]] = united->match[i];
    }
    free(known);
    return made;
}

void pv_diff_unite_frames(struct pv_diff_making *making)
{
    struct pv_diff_frames united;
    pv_diff_list_frames(&united, making);
    uint32_t *made = build_frames(making, &united);
    for (uint32_t r = 0; r < making->run_count; r++)
        for (uint32_t i = 0; i < making->runs[r].profile->frame_count; i++) {
            uint32_t *frame = &making->runs[r].frames[i];
            *frame = *frame == PV_NONE ? PV_NONE : made[*frame];
        }
    note_loose(making, &united);
    pv_diff_frames_free(&united);
    free(made);
}

#include "render/flame_diff.h"

#include "render/diff_words.h"

#include <math.h>
#include <stdlib.h>

static int64_t column_at(const struct pv_flame_picture *picture, const struct pv_flame_box *box,
                         bool is_self, bool is_head)
{
    const struct pv_tree *tree = picture->profile->tree;
    const struct pv_diff_pair *pair = &picture->diff->diff->pairs[picture->diff->pair];
    return (is_self ? tree->self : tree->total)[is_head ? pair->head : pair->base][box->node];
}

int64_t pv_flame_diff_base(const struct pv_flame_picture *picture, const struct pv_flame_box *box,
                           bool is_self)
{
    return box->node == PV_NONE ? 0 : column_at(picture, box, is_self, false);
}

static bool is_chance(const struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    return picture->diff->chance && picture->diff->chance[box->node];
}

bool pv_flame_diff_is_gone(const struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    bool is_estimated = picture->profile->tree->certainty != NULL; /* hatching tells that */
    return picture->diff && !is_estimated && box->node != PV_NONE && box->node != 0 &&
           column_at(picture, box, false, true) == 0 && column_at(picture, box, false, false) != 0;
}

enum pv_paint pv_flame_diff_paint(const struct pv_flame_picture *picture,
                                  const struct pv_flame_box *box)
{
    double whole = fabs((double)picture->diff->whole), size = fabs((double)box->total);
    if (size <= whole * PV_DIFF_LEAST || is_chance(picture, box))
        return PV_PAINT_SAME;
    double share = whole > 0 && size < whole ? size / whole : 1;
    unsigned step = (unsigned)(sqrt(share) * (PV_DIFF_STEPS - 1) + 0.5);
    bool is_blue = (box->total < 0) != picture->draw->is_negated;
    return (enum pv_paint)((is_blue ? PV_PAINT_LESS : PV_PAINT_MORE) + step);
}

static void add_percent(struct pv_buffer *out, const struct pv_flame_picture *picture,
                        int64_t change)
{
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_percent(room, change, picture->diff->whole);
}

void pv_flame_diff_mark(struct pv_buffer *out, const struct pv_flame_picture *picture,
                        const struct pv_flame_box *box)
{
    int64_t base = column_at(picture, box, false, false);
    int64_t head = column_at(picture, box, false, true);
    if (base == head) {
        pv_buffer_char(out, '=');
        return;
    }
    pv_buffer_add(out, is_chance(picture, box) ? PV_TEXT("~ ") : PV_TEXT(""));
    pv_buffer_add(out, base == 0 ? PV_TEXT("new ") : head == 0 ? PV_TEXT("gone ") : PV_TEXT(""));
    add_percent(out, picture, box->total);
}

/* "1.2 s → 1.8 s (+0.6 s, +50 %)" */
static void add_both(struct pv_buffer *out, const struct pv_flame_picture *picture, int64_t base,
                     int64_t head)
{
    pv_sheet_value(out, &picture->sheet, base);
    if (base != head) {
        pv_buffer_add(out, PV_TEXT(" \xE2\x86\x92 "));
        pv_sheet_value(out, &picture->sheet, head);
    }
    pv_buffer_add(out, PV_TEXT(" ("));
    if (base != head) {
        pv_buffer_add(out, head > base ? PV_TEXT("+") : PV_TEXT(""));
        pv_sheet_value(out, &picture->sheet, head - base);
        pv_buffer_add(out, PV_TEXT(", "));
    }
    char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
    out->size += pv_format_change(room, base, head);
    pv_buffer_char(out, ')');
}

static void add_calls(struct pv_buffer *out, const struct pv_flame_picture *picture,
                      const struct pv_flame_box *box)
{
    uint32_t frame = box->node ? picture->profile->tree->nodes[box->node].frame : PV_NONE;
    if (!picture->calls || frame == PV_NONE || picture->calls[frame] == PV_UNKNOWN_CALLS ||
        picture->base_calls[frame] == PV_UNKNOWN_CALLS)
        return;
    pv_buffer_add(out, PV_TEXT(", calls "));
    out->size +=
        pv_print_grouped(pv_buffer_reserve(out, PV_NUMBER_SIZE), picture->base_calls[frame]);
    pv_buffer_add(out, PV_TEXT(" \xE2\x86\x92 "));
    out->size += pv_print_grouped(pv_buffer_reserve(out, PV_NUMBER_SIZE), picture->calls[frame]);
}

static void add_numbers(struct pv_buffer *out, const struct pv_flame_picture *picture,
                        const struct pv_flame_box *box)
{
    if (box->node == PV_NONE) {
        char *room = pv_buffer_reserve(out, PV_NUMBER_SIZE);
        out->size += pv_format_share(room, box->value, picture->flame.sizes[0]);
        pv_buffer_add(out, PV_TEXT(" of the width, too narrow to be drawn one by one"));
        return;
    }
    int64_t base = column_at(picture, box, true, false), head = column_at(picture, box, true, true);
    add_both(out, picture, column_at(picture, box, false, false),
             column_at(picture, box, false, true));
    if (box->total && box->node) {
        pv_buffer_add(out, PV_TEXT(", "));
        add_percent(out, picture, box->total);
        pv_buffer_add(out, PV_TEXT(" of all"));
    }
    if (base || head) {
        pv_buffer_add(out, PV_TEXT(", self "));
        add_both(out, picture, base, head);
    }
    add_calls(out, picture, box);
    if (box->total && is_chance(picture, box))
        pv_buffer_add(out, PV_TEXT("\nmay be chance"));
    if (pv_flame_is_guess(picture, box))
        pv_buffer_add(out, PV_TEXT("\nestimated: the profiles do not say which stacks it was in"));
}

static int64_t *calls_by_frame(const struct pv_diff *diff, unsigned side)
{
    const struct pv_profile *profile = diff->profile;
    int64_t *calls = pv_alloc(profile->frame_count * sizeof *calls);
    for (uint32_t i = 0; i < profile->frame_count; i++)
        calls[i] = PV_UNKNOWN_CALLS;
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        calls[profile->graph->funcs[i].frame] = diff->calls[side][i];
    return calls;
}

void pv_flame_diff_begin(struct pv_flame_picture *picture, struct pv_flame_diff *of)
{
    const struct pv_draw *draw = picture->draw;
    *of = (struct pv_flame_diff){.diff = draw->diff, .pair = draw->pair};
    if (!draw->diff || !picture->profile->tree)
        return;
    picture->diff = of;
    picture->numbers = add_numbers;
    picture->sheet.view =
        draw->is_inverted ? "Differential icicle graph" : "Differential flame graph";
    of->sizes = pv_diff_sizes(draw->diff, draw->pair);
    of->chance = pv_diff_chance(draw->diff, draw->pair);
    of->whole = pv_diff_whole(draw->diff, draw->pair);
    if (draw->diff->has_calls) {
        picture->calls = calls_by_frame(draw->diff, 1);
        picture->base_calls = calls_by_frame(draw->diff, 0);
    }
    pv_diff_add_whole(&of->total, draw->diff, draw->pair, draw->unit);
    picture->sheet.total = pv_buffer_text(&of->total);
}

void pv_flame_diff_free(struct pv_flame_diff *of)
{
    free(of->sizes);
    free(of->chance);
    pv_buffer_free(&of->total);
}

static void add_key(struct pv_flame_picture *picture, struct pv_style style, struct pv_text text)
{
    struct pv_sheet *sheet = &picture->sheet;
    style.radius = 2;
    if (sheet->key_count < PV_LEGEND_KEYS)
        sheet->keys[sheet->key_count++] = (struct pv_key){style, text};
}

void pv_flame_diff_legend(struct pv_flame_picture *picture, struct pv_buffer *out)
{
    bool has_gone = false;
    for (uint32_t i = 0; i < picture->flame.count; i++)
        has_gone |= pv_flame_diff_is_gone(picture, &picture->flame.boxes[i]);
    const enum pv_paint paints[] = {PV_PAINT_LESS + 4, PV_PAINT_MORE + 4};
    bool is_negated = picture->draw->is_negated;
    add_key(picture, (struct pv_style){.fill = paints[is_negated]}, PV_TEXT("less (\xE2\x96\xBC)"));
    add_key(picture, (struct pv_style){.fill = paints[!is_negated]}, PV_TEXT("more"));
    add_key(picture, (struct pv_style){.fill = PV_PAINT_SAME},
            picture->diff->chance ? PV_TEXT("same (=), or may be chance (~)")
                                  : PV_TEXT("same (=), or under 0.02 %"));
    if (has_gone)
        add_key(picture, (struct pv_style){.fill = paints[is_negated], .is_hatched = true},
                PV_TEXT("gone"));
    pv_buffer_add(out, PV_TEXT("Width: "));
    pv_sheet_metric(out, &picture->sheet);
    pv_buffer_add(out, picture->draw->is_reversed
                           ? PV_TEXT(" in a function, the larger of both sides; on it stand its "
                                     "callers (stacks reversed)")
                           : PV_TEXT(" in a function and all it calls, the larger of both sides"));
    pv_buffer_add(out, PV_TEXT(" \xC2\xB7 left to right: by name, not by time \xC2\xB7 colour and "
                               "percentages: head less base, of all of base"));
    pv_diff_add_warning(out, " \xC2\xB7 ", picture->diff->diff, picture->diff->pair);
}

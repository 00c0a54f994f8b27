#include "render/flame_diff.h"
#include "render/flame_parts.h"

#include "model/estimate.h"

#include <math.h>

bool pv_flame_is_signed(const struct pv_flame_picture *picture)
{
    return picture->profile->metrics[picture->draw->metric].is_signed;
}

bool pv_flame_is_difference(const struct pv_flame_picture *picture)
{
    return pv_flame_is_signed(picture) && !picture->draw->has_colouring;
}

bool pv_flame_is_guess(const struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    const uint8_t *certainty = picture->profile->tree->certainty;
    return certainty && box->node != PV_NONE && box->node != 0 &&
           !(certainty[box->node] & PV_EXACT_TOTAL);
}

bool pv_flame_is_hatched(const struct pv_flame_picture *picture, const struct pv_flame_box *box)
{
    return pv_flame_is_guess(picture, box) || pv_flame_diff_is_gone(picture, box);
}

int64_t pv_flame_calls(const struct pv_flame_picture *picture, uint32_t frame)
{
    return picture->calls && frame < picture->profile->frame_count ? picture->calls[frame]
                                                                   : PV_UNKNOWN_CALLS;
}

static bool is_estimated(const struct pv_flame_picture *picture)
{
    return picture->profile->tree->certainty != NULL;
}

/* The number of the module with this key, made where it is new. */
static uint32_t module_of(struct pv_flame_picture *picture, struct pv_text key)
{
    struct pv_budget budget = {0};
    bool is_new;
    uint32_t index = *pv_map_put(&picture->module_map, pv_hash(key.data, key.size),
                                 picture->module_count, &is_new, &budget);
    if (is_new) {
        if (picture->module_count == picture->module_capacity) {
            picture->module_capacity = picture->module_capacity * 2 + 16;
            picture->modules =
                pv_resize(picture->modules, picture->module_capacity * sizeof *picture->modules);
        }
        picture->modules[picture->module_count++] = (struct pv_flame_module){.key = key};
    }
    return index;
}

const struct pv_flame_look *pv_flame_look_of(struct pv_flame_picture *picture, uint32_t frame)
{
    struct pv_flame_look *look = &picture->looks[frame];
    if (!look->module) {
        look->module = 1 + module_of(picture, pv_module_key(picture->profile, frame));
        look->paint = (uint8_t)pv_paint_frame(picture->profile, frame, picture->colouring, 0, 0);
    }
    return look;
}

static const struct pv_flame_words *words_of(const struct pv_flame_picture *picture)
{
    static const struct pv_flame_words flame = {"Width", " px", "width", "flame graph"};
    return picture->words ? picture->words : &flame;
}

/* Finds out what the legend has to tell. */
static void survey(struct pv_flame_picture *picture)
{
    for (uint32_t i = 0; i < picture->flame.count; i++) {
        const struct pv_flame_box *box = &picture->flame.boxes[i];
        picture->has_rest |= box->node == PV_NONE;
        if (box->node == PV_NONE || box->node == 0 || box->is_lane)
            continue;
        picture->has_guess |= pv_flame_is_guess(picture, box);
        const struct pv_flame_look *look =
            pv_flame_look_of(picture, picture->profile->tree->nodes[box->node].frame);
        if (look->paint < PV_PAINT_MODULE) {
            picture->has_grey = true;
            continue;
        }
        picture->has_modules |= picture->modules[look->module - 1].key.size > 0;
        picture->modules[look->module - 1].self += fabs((double)box->self);
    }
}

static void add_key(struct pv_flame_picture *picture, struct pv_style style, struct pv_text text)
{
    struct pv_sheet *sheet = &picture->sheet;
    if (sheet->key_count < PV_LEGEND_KEYS && text.size)
        sheet->keys[sheet->key_count++] = (struct pv_key){style, text};
}

/* The heaviest modules, each taken out of the list when it is shown. */
static void add_module_keys(struct pv_flame_picture *picture)
{
    for (unsigned shown = 0; shown < PV_LEGEND_KEYS - 2; shown++) {
        struct pv_flame_module *best = NULL;
        for (uint32_t i = 0; i < picture->module_count; i++) {
            struct pv_flame_module *module = &picture->modules[i];
            if (module->self > 0 &&
                (!best || module->self > best->self ||
                 (module->self == best->self && pv_text_compare(module->key, best->key) < 0)))
                best = module;
        }
        if (!best)
            break;
        add_key(picture, (struct pv_style){.fill = pv_paint_module(best->key), .radius = 2},
                best->key);
        best->self = 0;
    }
}

static void add_keys(struct pv_flame_picture *picture)
{
    bool is_difference = pv_flame_is_difference(picture);
    if (picture->diff && is_difference) {
        /* keys and sentence were made together */
    } else if (is_difference) {
        const enum pv_paint paints[] = {PV_PAINT_LESS + 4, PV_PAINT_MORE + 4};
        bool is_negated = picture->draw->is_negated;
        add_key(picture, (struct pv_style){.fill = paints[is_negated], .radius = 2},
                PV_TEXT("less (\xE2\x96\xBC)"));
        add_key(picture, (struct pv_style){.fill = paints[!is_negated], .radius = 2},
                PV_TEXT("more"));
    } else if (picture->colouring == PV_COLOUR_MODULE) {
        add_module_keys(picture);
        if (picture->has_grey)
            add_key(picture, (struct pv_style){.fill = PV_PAINT_GREY, .radius = 2},
                    PV_TEXT("kernel, runtime, unknown"));
    } else if (picture->colouring == PV_COLOUR_KIND) {
        size_t count;
        const struct pv_kind_colour *kinds = pv_kind_colours(&count);
        for (size_t i = 0; i < count; i++)
            add_key(picture, (struct pv_style){.fill = kinds[i].paint, .radius = 2},
                    kinds[i].words);
    } else if (picture->colouring == PV_COLOUR_COST) {
        pv_sheet_cost_keys(&picture->sheet, 1);
    }
    if (picture->has_guess)
        add_key(picture,
                (struct pv_style){.fill = PV_PAINT_SURFACE, .is_hatched = true, .radius = 2},
                picture->words ? PV_TEXT("size is a guess") : PV_TEXT("width is a guess"));
    if (picture->has_rest)
        add_key(
            picture,
            (struct pv_style){
                .fill = PV_PAINT_REST, .stroke = PV_PAINT_BORDER, .dash = PV_DOTTED, .radius = 2},
            PV_TEXT("gathered"));
}

static void add_flame_legend(const struct pv_flame_picture *picture, struct pv_buffer *out)
{
    pv_buffer_add(out, !picture->draw->is_reversed ? PV_TEXT(" in a function and all it calls")
                       : picture->is_round ? PV_TEXT(" in a function; around it stand its callers")
                                           : PV_TEXT(" in a function; on it stand its callers"));
    if (picture->draw->is_reversed)
        pv_buffer_add(out, PV_TEXT(" (stacks reversed)"));
    pv_buffer_print(out, " \xC2\xB7 %s: by %s \xC2\xB7 ",
                    picture->is_round ? "clockwise" : "left to right",
                    picture->draw->order == PV_ORDER_NAME ? "name, not by time" : "weight");
}

/* Padding and names take room, so that cells compare with what stands beside them. */
static void add_map_legend(const struct pv_flame_picture *picture, struct pv_buffer *out)
{
    bool is_by_files = picture->draw->by == PV_BY_FILES;
    pv_buffer_add(out, is_by_files && picture->has_lines
                           ? PV_TEXT(" of a line, in its function, in its file, in its module")
                       : is_by_files ? PV_TEXT(" of a function itself, in its file, in its module")
                       : picture->draw->is_reversed
                           ? PV_TEXT(" in a function; in it lie its callers (stacks reversed)")
                           : PV_TEXT(" in a function; in it lies what it calls"));
    pv_buffer_add(out, PV_TEXT(", as a part of the cell around it \xC2\xB7 "));
}

void pv_flame_add_colours(const struct pv_flame_picture *picture, struct pv_buffer *out)
{
    static const char *const colours[PV_COLOURINGS] = {
        [PV_COLOUR_MODULE] = "colour: module",
        [PV_COLOUR_COST] = "colour: own share",
        [PV_COLOUR_WARM] = "colour: nothing but to tell functions apart",
        [PV_COLOUR_GREY] = "no colour",
        [PV_COLOUR_KIND] = "colour: kind of code",
    };
    const char *words = colours[picture->colouring];
    if (pv_flame_is_difference(picture))
        words = "colour: difference";
    pv_buffer_add(out, pv_text_of(words ? words : colours[PV_COLOUR_WARM]));
}

static void add_legend(struct pv_flame_picture *picture)
{
    struct pv_buffer *out = &picture->legend;
    if (picture->diff && pv_flame_is_difference(picture)) {
        pv_flame_diff_legend(picture, out);
        picture->sheet.legend = pv_buffer_text(out);
        return;
    }
    pv_buffer_print(out, "%s: ", words_of(picture)->size);
    pv_buffer_add(out, pv_flame_is_signed(picture) ? PV_TEXT("size of ") : PV_TEXT(""));
    pv_sheet_metric(out, &picture->sheet);
    if (picture->is_map)
        add_map_legend(picture, out);
    else
        add_flame_legend(picture, out);
    pv_flame_add_colours(picture, out);
    picture->sheet.legend = pv_buffer_text(out);
}
static void add_facts(struct pv_flame_picture *picture)
{
    char number[PV_NUMBER_SIZE];
    const struct pv_profile *profile = picture->profile;
    uint32_t count = picture->func_count     ? picture->func_count
                     : is_estimated(picture) ? profile->graph->func_count
                                             : profile->frame_count;
    pv_add_count(&picture->facts, count, "function", "functions");
    if (is_estimated(picture)) {
        uint32_t metric = pv_flame_width_metric(picture->draw);
        int64_t exact = pv_tree_exact_share(profile, metric);
        size_t size = pv_format_share(number, exact, profile->metrics[metric].total);
        pv_buffer_add(&picture->facts, PV_TEXT(" \xC2\xB7 stacks estimated, "));
        pv_buffer_add(&picture->facts, (struct pv_text){number, size});
        pv_buffer_add(&picture->facts, picture->words ? PV_TEXT(" of it is exact")
                                                      : PV_TEXT(" of the width is exact"));
    }
    picture->sheet.facts = pv_buffer_text(&picture->facts);
}

/* Appends a printed number or share. */
static void add_printed(struct pv_buffer *out, const char *number, size_t size)
{
    pv_buffer_add(out, (struct pv_text){number, size});
}

void pv_flame_add_gathered(const struct pv_flame_picture *picture, struct pv_buffer *out,
                           const char *words[2], int64_t whole)
{
    const struct pv_flame *flame = &picture->flame;
    char number[PV_NUMBER_SIZE];
    bool is_one = flame->gathered == 1;
    pv_add_count(out, flame->gathered, words[0], words[1]);
    pv_buffer_add(out, PV_TEXT(" under "));
    add_printed(out, number, pv_print_fixed(number, (double)flame->least * picture->scale, 1));
    pv_buffer_add(out, pv_text_of(words_of(picture)->unit));
    pv_buffer_add(out, is_one ? PV_TEXT(" is gathered, ") : PV_TEXT(" are gathered, "));
    add_printed(out, number, pv_format_share(number, flame->gathered_value, whole));
}

/* What is not shown one by one, in the picture and for the caller. */
static void add_cuts(struct pv_flame_picture *picture, struct pv_buffer *notes)
{
    const struct pv_flame *flame = &picture->flame;
    struct pv_buffer *out = &picture->cuts;
    char number[PV_NUMBER_SIZE];
    if (flame->gathered) {
        const char *words[] = {"branch", "branches"};
        pv_flame_add_gathered(picture, out, words, flame->sizes[0]);
        pv_buffer_print(out, " of the %s", words_of(picture)->of);
    }
    if (flame->deep_value) {
        pv_buffer_print(out, "%sstacks are cut at %lu levels, ", out->size ? "; " : "",
                        (unsigned long)flame->levels - 1);
        add_printed(out, number, pv_format_share(number, flame->deep_value, flame->sizes[0]));
        pv_buffer_print(out, " of the %s goes on", words_of(picture)->of);
    }
    if (picture->hidden) {
        pv_buffer_add(out, out->size ? PV_TEXT("; ") : PV_TEXT(""));
        pv_add_grouped(out, picture->hidden);
        pv_buffer_add(out, PV_TEXT(" more lie in cells that are too small to show them"));
    }
    picture->sheet.cuts = pv_buffer_text(out);
    if (!flame->is_limited && !flame->deep_value)
        return;
    pv_buffer_print(notes, "the %s is not complete: ", words_of(picture)->view);
    pv_buffer_add(notes, picture->sheet.cuts);
    pv_buffer_char(notes, '\n');
}

void pv_flame_keys(struct pv_flame_picture *picture)
{
    survey(picture);
    add_keys(picture);
}

void pv_flame_legend(struct pv_flame_picture *picture, struct pv_buffer *notes)
{
    add_legend(picture);
    add_facts(picture);
    add_cuts(picture, notes);
    pv_flame_keys(picture);
}

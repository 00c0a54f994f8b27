#include "render/html_parts.h"

#include "model/escape.h"
#include "render/diff_words.h"
#include "render/live.h"
#include "render/table.h"

#include <stdlib.h>

static struct pv_html_functions find_functions(const struct pv_profile *profile)
{
    struct pv_html_functions made = {.frames = pv_frame_order(profile),
                                     .number = pv_alloc(profile->frame_count * sizeof(uint32_t))};
    bool *is_used = pv_zalloc(profile->frame_count, sizeof *is_used);
    bool has_stacks = profile->origin == PV_ORIGIN_STACKS;
    for (uint32_t i = 1; has_stacks && i < profile->tree->count; i++)
        is_used[profile->tree->nodes[i].frame] = true;
    for (uint32_t i = 0; !has_stacks && i < profile->graph->func_count; i++)
        is_used[profile->graph->funcs[i].frame] = true;
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        uint32_t frame = made.frames[i];
        made.number[frame] = is_used[frame] ? made.count : PV_NONE;
        if (is_used[frame])
            made.frames[made.count++] = frame;
    }
    free(is_used);
    return made;
}

static void add_names(struct pv_buffer *out, const struct pv_profile *profile,
                      const struct pv_html_functions *functions, struct pv_buffer *words)
{
    pv_html_column(out, "names");
    size_t from = out->size;
    for (uint32_t i = 0; i < functions->count; i++) {
        if (i)
            pv_buffer_char(out, ',');
        pv_live_name(out, profile, functions->frames[i]);
    }
    pv_buffer_add(words, pv_text_slice(pv_buffer_text(out), from, out->size));
    pv_buffer_char(out, ']');
}

/* "app/views.py:45", or the module; empty where neither is known. */
static void add_place(struct pv_buffer *out, const struct pv_profile *profile, uint32_t at)
{
    const struct pv_frame *frame = &profile->frames[at];
    struct pv_buffer place = {0};
    pv_buffer_add(
        &place, pv_name_path(pv_profile_text(profile, frame->file ? frame->file : frame->module)));
    if (frame->file && frame->line)
        pv_buffer_print(&place, ":%lu", (unsigned long)frame->line);
    pv_live_string(out, pv_buffer_text(&place));
    pv_buffer_free(&place);
}

static void add_places(struct pv_buffer *out, const struct pv_profile *profile,
                       const struct pv_html_functions *functions)
{
    pv_html_column(out, "places");
    for (uint32_t i = 0; i < functions->count; i++) {
        if (i)
            pv_buffer_char(out, ',');
        add_place(out, profile, functions->frames[i]);
    }
    pv_buffer_char(out, ']');
}

static void add_modules(struct pv_buffer *out, const struct pv_profile *profile,
                        const struct pv_html_functions *functions)
{
    pv_html_column(out, "modules");
    for (uint32_t i = 0; i < functions->count; i++) {
        uint32_t frame = functions->frames[i];
        struct pv_text key = pv_module_key(profile, frame);
        if (i)
            pv_buffer_char(out, ',');
        pv_live_string(out, key.size ? key : pv_name_prefix(pv_profile_name(profile, frame)));
    }
    pv_buffer_char(out, ']');
}

/* The colourings that one can choose from; instead of warm the one hue that was asked for. Costs
 * the script knows itself. */
enum { WAYS = 5 };
static void find_ways(enum pv_colouring ways[WAYS], const struct pv_draw *draw)
{
    ways[0] = PV_COLOUR_MODULE;
    ways[1] = PV_COLOUR_FUNCTION;
    ways[2] = PV_COLOUR_KIND;
    ways[3] =
        draw->has_colouring && draw->colouring >= PV_COLOUR_RED ? draw->colouring : PV_COLOUR_WARM;
    ways[4] = PV_COLOUR_GREY;
}

/* A slot of each function for each way, and what the kinds of code look like. */
static void add_paints(struct pv_buffer *out, const struct pv_document *document,
                       const struct pv_html_functions *functions)
{
    enum pv_colouring ways[WAYS];
    size_t count;
    const struct pv_kind_colour *kinds = pv_kind_colours(&count);
    find_ways(ways, document->draw);
    pv_html_column(out, "paints");
    for (uint32_t i = 0; i < functions->count; i++)
        for (uint32_t k = 0; k < WAYS; k++)
            pv_html_int(out, i + k,
                        pv_paint_frame(document->profile, functions->frames[i], ways[k], 0, 0));
    pv_buffer_char(out, ']');
    pv_html_column(out, "kinds");
    for (size_t i = 0; i < count; i++) {
        pv_buffer_add(out, i ? PV_TEXT(",[") : PV_TEXT("["));
        pv_live_string(out, kinds[i].words);
        pv_buffer_print(out, ",%d]", (int)kinds[i].paint);
    }
    pv_buffer_char(out, ']');
}

/* Where the palette's ranges begin, and how many steps they have. */
static void add_slots(struct pv_buffer *out)
{
    static const struct {
        const char *name;
        int value;
    } rows[] = {
        {"count", PV_PAINTS},          {"text", PV_PAINT_TEXT},
        {"accent", PV_PAINT_ACCENT},   {"background", PV_PAINT_BACKGROUND},
        {"surface", PV_PAINT_SURFACE}, {"rest", PV_PAINT_REST},
        {"grey", PV_PAINT_GREY},       {"module", PV_PAINT_MODULE},
        {"cost", PV_PAINT_COST},       {"costs", PV_COST_STEPS},
        {"quiet", PV_PAINT_TEXT_2},    {"hairline", PV_PAINT_HAIRLINE},
        {"same", PV_PAINT_SAME},       {"less", PV_PAINT_LESS},
        {"more", PV_PAINT_MORE},       {"diffs", PV_DIFF_STEPS},
    };
    pv_buffer_add(out, PV_TEXT(",\"slots\":{"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        pv_buffer_print(out, "%s\"%s\":%d", i ? "," : "", rows[i].name, rows[i].value);
    pv_buffer_char(out, '}');
}

/* Of a comparison, for which metrics any change may be chance. */
static bool add_warnings(struct pv_buffer *out, const struct pv_diff *diff)
{
    bool has_any = false;
    for (uint32_t i = 0; diff && i < diff->pair_count; i++) {
        struct pv_buffer lead = {0}, warning = {0};
        if (diff->pair_count > 1)
            pv_escape(&lead, PV_ESCAPE_DISPLAY, pv_diff_name(diff, i));
        if (diff->pair_count > 1)
            pv_buffer_print(&lead, ": ");
        if (pv_diff_add_warning(&warning, lead.data ? lead.data : "", diff, i)) {
            if (has_any)
                pv_buffer_char(out, ',');
            pv_live_string(out, pv_buffer_text(&warning));
            has_any = true;
        }
        pv_buffer_free(&lead);
        pv_buffer_free(&warning);
    }
    return has_any;
}

static void add_notes(struct pv_buffer *out, const struct pv_document *document)
{
    const struct pv_profile *profile = document->profile;
    pv_html_column(out, "notes");
    bool has_any = add_warnings(out, document->draw->diff);
    for (uint32_t i = 0; i < profile->note_count; i++) {
        struct pv_buffer note = {0};
        pv_table_note(&note, profile, &profile->notes[i], false);
        if (has_any || i)
            pv_buffer_char(out, ',');
        pv_live_string(out, pv_buffer_text(&note));
        pv_buffer_free(&note);
    }
    pv_buffer_char(out, ']');
}

static const char *colour_of(const struct pv_draw *draw, const char *const names[WAYS])
{
    enum pv_colouring ways[WAYS];
    find_ways(ways, draw);
    for (size_t i = 0; draw->has_colouring && i < WAYS; i++)
        if (ways[i] == draw->colouring)
            return names[i];
    return draw->has_colouring ? "cost" : names[0];
}

/* What the page shows first. */
static void add_state(struct pv_buffer *out, const struct pv_document *document)
{
    static const char *const ways[WAYS] = {"module", "function", "kind", "warm", "grey"};
    const struct pv_draw *draw = document->draw;
    struct pv_text view = pv_text_of(document->view->name);
    bool is_icicle = pv_text_equal(view, PV_TEXT("icicle"));
    pv_live_text(out, "view", is_icicle ? PV_TEXT("flame") : view);
    pv_live_text(out, "root", is_icicle || draw->is_inverted ? PV_TEXT("top") : PV_TEXT("bottom"));
    pv_live_text(out, "order",
                 draw->order == PV_ORDER_WEIGHT ? PV_TEXT("weight") : PV_TEXT("name"));
    pv_live_text(out, "colour", pv_text_of(colour_of(draw, ways)));
    pv_live_int(out, "negated", draw->is_negated);
    pv_live_int(out, "hue", draw->has_colouring && draw->colouring >= PV_COLOUR_RED);
    pv_live_int(out, "metric", draw->metric);
    pv_live_text(out, "prefix", draw->unit);
    pv_live_text(out, "countName", draw->count_name);
}

/* Of a comparison, which of the carried metrics belong together. */
static void add_pairs(struct pv_buffer *out, const struct pv_diff *diff)
{
    if (!diff)
        return;
    pv_html_column(out, "diff");
    for (uint32_t i = 0; i < diff->pair_count; i++) {
        const struct pv_diff_pair *pair = &diff->pairs[i];
        pv_buffer_print(out, "%s{\"base\":%u,\"head\":%u,\"change\":%u,\"name\":", i ? "," : "",
                        (unsigned)pair->base, (unsigned)pair->head, (unsigned)pair->change);
        pv_live_string(out, pv_diff_name(diff, i));
        pv_buffer_char(out, '}');
    }
    pv_buffer_char(out, ']');
}

void pv_html_data(struct pv_buffer *out, const struct pv_document *document, struct pv_text title,
                  struct pv_text facts)
{
    const struct pv_profile *profile = document->profile;
    struct pv_html_functions functions = find_functions(profile);
    struct pv_buffer words = {0}, members = {0};
    pv_live_text(&members, "title", title);
    pv_live_text(&members, "facts", facts);
    pv_live_text(&members, "version", PV_TEXT("profviz " PV_VERSION));
    add_state(&members, document);
    add_slots(&members);
    add_notes(&members, document);
    add_names(&members, profile, &functions, &words);
    add_places(&members, profile, &functions);
    add_modules(&members, profile, &functions);
    add_paints(&members, document, &functions);
    pv_html_stacks(&members, document, &functions);
    add_pairs(&members, document->draw->diff);
    pv_html_chart(&members, profile, &functions);
    pv_buffer_add(&words, PV_TEXT("\xE2\x80\xA6\xE2\x80\x93\xE2\x96\xBC\xC2\xB7\xC2\xB5"));
    pv_live_font(&members, pv_buffer_text(&words));
    pv_buffer_char(out, '{');
    pv_buffer_add(out, pv_buffer_text(&members));
    pv_buffer_char(out, '}');
    pv_buffer_free(&words);
    pv_buffer_free(&members);
    free(functions.frames);
    free(functions.number);
}

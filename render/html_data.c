#include "render/html_parts.h"

#include "model/number.h"
#include "render/chart_boxes.h"
#include "render/flame_parts.h"
#include "render/live.h"
#include "render/table.h"

#include <stdlib.h>

/* The carried profile's functions: the frames of the graph's functions, in canonical order. */
struct functions {
    uint32_t *frames; /* [number] */
    uint32_t *number; /* [frame]; PV_NONE: no function */
    uint32_t count;
};

static struct functions find_functions(const struct pv_profile *profile)
{
    struct functions made = {.frames = pv_frame_order(profile),
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

static void begin(struct pv_buffer *out, const char *name)
{
    pv_buffer_print(out, ",\"%s\":[", name);
}

static void add_int(struct pv_buffer *out, uint32_t at, int64_t value)
{
    if (at)
        pv_buffer_char(out, ',');
    out->size += pv_print_int64(pv_buffer_reserve(out, PV_NUMBER_SIZE), value);
}

static void add_names(struct pv_buffer *out, const struct pv_profile *profile,
                      const struct functions *functions, struct pv_buffer *words)
{
    begin(out, "names");
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
                       const struct functions *functions)
{
    begin(out, "places");
    for (uint32_t i = 0; i < functions->count; i++) {
        if (i)
            pv_buffer_char(out, ',');
        add_place(out, profile, functions->frames[i]);
    }
    pv_buffer_char(out, ']');
}

static void add_modules(struct pv_buffer *out, const struct pv_profile *profile,
                        const struct functions *functions)
{
    begin(out, "modules");
    for (uint32_t i = 0; i < functions->count; i++) {
        uint32_t frame = functions->frames[i];
        struct pv_text key = pv_module_key(profile, frame);
        if (i)
            pv_buffer_char(out, ',');
        pv_live_string(out, key.size ? key : pv_name_prefix(pv_profile_name(profile, frame)));
    }
    pv_buffer_char(out, ']');
}

/* Three slots of each function: by module, warm or what is asked for, grey. Costs the script knows
 * itself. */
static void add_paints(struct pv_buffer *out, const struct pv_profile *profile,
                       const struct functions *functions, const struct pv_draw *draw)
{
    bool is_named = draw->has_colouring && draw->colouring > PV_COLOUR_GREY;
    const enum pv_colouring ways[] = {PV_COLOUR_MODULE, is_named ? draw->colouring : PV_COLOUR_WARM,
                                      PV_COLOUR_GREY};
    begin(out, "paints");
    for (uint32_t i = 0; i < functions->count; i++)
        for (uint32_t k = 0; k < 3; k++)
            add_int(out, i + k, pv_paint_frame(profile, functions->frames[i], ways[k], 0, 0));
    pv_buffer_char(out, ']');
}

static void add_columns(struct pv_buffer *out, const struct pv_profile *profile,
                        const struct functions *functions)
{
    const struct pv_tree *tree = profile->tree;
    pv_buffer_add(out, PV_TEXT(",\"stacks\":{\"function\":["));
    for (uint32_t i = 0; i < tree->count; i++)
        add_int(out, i, i ? (int64_t)functions->number[tree->nodes[i].frame] : -1);
    pv_buffer_add(out, PV_TEXT("]"));
    begin(out, "parent");
    for (uint32_t i = 0; i < tree->count; i++)
        add_int(out, i, i ? (int64_t)tree->nodes[i].parent : -1);
    pv_buffer_add(out, PV_TEXT("]"));
    begin(out, "guess");
    for (uint32_t i = 0; i < tree->count; i++)
        add_int(out, i, i && tree->certainty && !(tree->certainty[i] & PV_EXACT_TOTAL));
    pv_buffer_add(out, PV_TEXT("]"));
}

/* The call tree that arcs leave to be guessed; measured ones are in the profile. */
static void add_stacks(struct pv_buffer *out, const struct pv_profile *profile,
                       const struct functions *functions)
{
    if (profile->origin == PV_ORIGIN_STACKS || !profile->tree)
        return;
    add_columns(out, profile, functions);
    begin(out, "self");
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        pv_buffer_add(out, m ? PV_TEXT(",[") : PV_TEXT("["));
        for (uint32_t i = 0; i < profile->tree->count; i++)
            add_int(out, i, profile->tree->self[m][i]);
        pv_buffer_char(out, ']');
    }
    pv_buffer_add(out, PV_TEXT("]}"));
}

/* The function of a box; -1: none, below that a remainder of so many and one. */
static int64_t function_of(const struct pv_profile *profile, const struct functions *functions,
                           const struct pv_flame_box *box)
{
    if (box->node == PV_NONE)
        return -1 - (int64_t)box->gathered;
    return box->node ? (int64_t)functions->number[profile->tree->nodes[box->node].frame] : -1;
}

static int64_t field_of(const struct pv_flame_box *box, unsigned field)
{
    switch (field) {
    case 0:
        return box->parent == PV_NONE ? -1 : (int64_t)box->parent;
    case 1:
        return box->level;
    case 2:
        return box->start;
    case 3:
        return box->value;
    default:
        return box->total;
    }
}

static void add_boxes(struct pv_buffer *out, const struct pv_profile *profile,
                      const struct pv_flame *flame, const struct functions *functions)
{
    static const char *const names[] = {"parent", "level", "start", "width", "value"};
    uint32_t lanes = 0;
    for (unsigned field = 0; field < sizeof names / sizeof names[0]; field++) {
        begin(out, names[field]);
        for (uint32_t i = 0; i < flame->count; i++)
            add_int(out, i, field_of(&flame->boxes[i], field));
        pv_buffer_char(out, ']');
    }
    begin(out, "function");
    for (uint32_t i = 0; i < flame->count; i++)
        add_int(out, i, function_of(profile, functions, &flame->boxes[i]));
    pv_buffer_char(out, ']');
    begin(out, "lanes");
    for (uint32_t i = 0; i < flame->count; i++)
        if (flame->boxes[i].is_lane)
            add_int(out, lanes++, i);
    pv_buffer_char(out, ']');
}

/* Calls in the order of time: finer than a picture shows them, so that one can zoom in. */
static void add_chart(struct pv_buffer *out, const struct pv_profile *profile,
                      const struct functions *functions)
{
    static const struct pv_chart_options options = {.least_share = 1.0 / 200000,
                                                    .most_boxes = 200000,
                                                    .most_levels = PV_FLAME_LEVELS,
                                                    .has_all_rests = true};
    struct pv_flame flame = {0};
    struct pv_chart chart;
    struct pv_buffer cuts = {0};
    if (!profile->spans || !profile->metric_count)
        return;
    pv_chart_layout(&flame, &chart, profile, &options);
    if (chart.left_out)
        pv_add_count(&cuts, chart.left_out, "thread is left out", "threads are left out");
    if (flame.gathered && cuts.size)
        pv_buffer_add(&cuts, PV_TEXT("; "));
    if (flame.gathered)
        pv_add_count(&cuts, flame.gathered, "very short call is gathered",
                     "very short calls are gathered");
    pv_buffer_add(out, PV_TEXT(",\"chart\":{\"cuts\":"));
    pv_live_string(out, pv_buffer_text(&cuts));
    add_boxes(out, profile, &flame, functions);
    pv_buffer_char(out, '}');
    pv_buffer_free(&cuts);
    pv_flame_free(&flame);
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

static void add_notes(struct pv_buffer *out, const struct pv_profile *profile)
{
    begin(out, "notes");
    for (uint32_t i = 0; i < profile->note_count; i++) {
        struct pv_buffer note = {0};
        pv_table_note(&note, profile, &profile->notes[i], false);
        if (i)
            pv_buffer_char(out, ',');
        pv_live_string(out, pv_buffer_text(&note));
        pv_buffer_free(&note);
    }
    pv_buffer_char(out, ']');
}

/* What the page shows first. */
static void add_state(struct pv_buffer *out, const struct pv_document *document)
{
    static const char *const colours[PV_COLOURINGS] = {"module", "cost", "warm", "grey"};
    const struct pv_draw *draw = document->draw;
    struct pv_text view = pv_text_of(document->view->name);
    bool is_icicle = pv_text_equal(view, PV_TEXT("icicle"));
    pv_live_text(out, "view", is_icicle ? PV_TEXT("flame") : view);
    pv_live_text(out, "root", is_icicle || draw->is_inverted ? PV_TEXT("top") : PV_TEXT("bottom"));
    pv_live_text(out, "order",
                 draw->order == PV_ORDER_WEIGHT ? PV_TEXT("weight") : PV_TEXT("name"));
    pv_live_text(out, "colour",
                 pv_text_of(!draw->has_colouring               ? "module"
                            : draw->colouring > PV_COLOUR_GREY ? "warm"
                                                               : colours[draw->colouring]));
    pv_live_int(out, "metric", draw->metric);
    pv_live_text(out, "prefix", draw->unit);
    pv_live_text(out, "countName", draw->count_name);
}

void pv_html_data(struct pv_buffer *out, const struct pv_document *document, struct pv_text title,
                  struct pv_text facts)
{
    const struct pv_profile *profile = document->profile;
    struct functions functions = find_functions(profile);
    struct pv_buffer words = {0}, members = {0};
    pv_live_text(&members, "title", title);
    pv_live_text(&members, "facts", facts);
    pv_live_text(&members, "version", PV_TEXT("profviz " PV_VERSION));
    add_state(&members, document);
    add_slots(&members);
    add_notes(&members, profile);
    add_names(&members, profile, &functions, &words);
    add_places(&members, profile, &functions);
    add_modules(&members, profile, &functions);
    add_paints(&members, profile, &functions, document->draw);
    add_stacks(&members, profile, &functions);
    add_chart(&members, profile, &functions);
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

#include "render/html_parts.h"

#include "model/number.h"
#include "render/flame_parts.h"
#include "render/live.h"

#include <stdlib.h>

void pv_html_column(struct pv_buffer *out, const char *name)
{
    pv_buffer_print(out, ",\"%s\":[", name);
}

void pv_html_int(struct pv_buffer *out, uint32_t at, int64_t value)
{
    if (at)
        pv_buffer_char(out, ',');
    out->size += pv_print_int64(pv_buffer_reserve(out, PV_NUMBER_SIZE), value);
}

static void add_columns(struct pv_buffer *out, const struct pv_profile *profile,
                        const struct pv_html_functions *functions)
{
    const struct pv_tree *tree = profile->tree;
    pv_buffer_add(out, PV_TEXT(",\"stacks\":{\"function\":["));
    for (uint32_t i = 0; i < tree->count; i++)
        pv_html_int(out, i, i ? (int64_t)functions->number[tree->nodes[i].frame] : -1);
    pv_buffer_add(out, PV_TEXT("]"));
    pv_html_column(out, "parent");
    for (uint32_t i = 0; i < tree->count; i++)
        pv_html_int(out, i, i ? (int64_t)tree->nodes[i].parent : -1);
    pv_buffer_add(out, PV_TEXT("]"));
    pv_html_column(out, "guess");
    for (uint32_t i = 0; i < tree->count; i++)
        pv_html_int(out, i, i && tree->certainty && !(tree->certainty[i] & PV_EXACT_TOTAL));
    pv_buffer_add(out, PV_TEXT("]"));
}

/* Nodes that may have changed by chance alone. */
static void add_chance(struct pv_buffer *out, const struct pv_document *document)
{
    const struct pv_draw *draw = document->draw;
    bool *chance = draw->diff ? pv_diff_chance(draw->diff, draw->pair) : NULL;
    if (!chance)
        return;
    pv_html_column(out, "chance");
    for (uint32_t i = 0; i < document->profile->tree->count; i++)
        pv_html_int(out, i, chance[i]);
    pv_buffer_add(out, PV_TEXT("]"));
    free(chance);
}

void pv_html_stacks(struct pv_buffer *out, const struct pv_document *document,
                    const struct pv_html_functions *functions)
{
    const struct pv_profile *profile = document->profile;
    bool is_carried = profile->origin == PV_ORIGIN_STACKS && !document->draw->diff;
    if (is_carried || !profile->tree)
        return;
    add_columns(out, profile, functions);
    add_chance(out, document);
    pv_html_column(out, "self");
    for (uint32_t m = 0; m < profile->metric_count; m++) {
        pv_buffer_add(out, m ? PV_TEXT(",[") : PV_TEXT("["));
        for (uint32_t i = 0; i < profile->tree->count; i++)
            pv_html_int(out, i, profile->tree->self[m][i]);
        pv_buffer_char(out, ']');
    }
    pv_buffer_add(out, PV_TEXT("]}"));
}

/* The function of a box; -1: none, below that a remainder of so many and one. */
static int64_t function_of(const struct pv_profile *profile,
                           const struct pv_html_functions *functions,
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
                      const struct pv_flame *flame, const struct pv_html_functions *functions)
{
    static const char *const names[] = {"parent", "level", "start", "width", "value"};
    uint32_t lanes = 0;
    for (unsigned field = 0; field < sizeof names / sizeof names[0]; field++) {
        pv_html_column(out, names[field]);
        for (uint32_t i = 0; i < flame->count; i++)
            pv_html_int(out, i, field_of(&flame->boxes[i], field));
        pv_buffer_char(out, ']');
    }
    pv_html_column(out, "function");
    for (uint32_t i = 0; i < flame->count; i++)
        pv_html_int(out, i, function_of(profile, functions, &flame->boxes[i]));
    pv_buffer_char(out, ']');
    pv_html_column(out, "lanes");
    for (uint32_t i = 0; i < flame->count; i++)
        if (flame->boxes[i].is_lane)
            pv_html_int(out, lanes++, i);
    pv_buffer_char(out, ']');
}

void pv_html_chart(struct pv_buffer *out, const struct pv_profile *profile,
                   const struct pv_html_functions *functions)
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

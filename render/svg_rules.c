#include "render/svg_parts.h"
#include "render/svg_words.h"

static void add(struct pv_svg *svg, const char *text)
{
    pv_output_string(svg->output, text);
}

void pv_svg_add_colour(struct pv_svg *svg, enum pv_paint paint, bool is_dark)
{
    bool is_own = svg->has_background && paint == PV_PAINT_BACKGROUND &&
                  is_dark == (svg->theme == PV_THEME_DARK);
    if (is_own)
        pv_svg_rgb(svg->output, svg->background);
    else
        pv_svg_colour(svg->output, paint, is_dark);
}

static void add_dark_rules(struct pv_svg *svg)
{
    for (unsigned i = 1; i < PV_PAINTS; i++) {
        static const char *const openings[2][2] = {{".", "{fill:"}, {".s-", "{stroke:"}};
        const bool is_used[2] = {svg->is_filled[i], svg->is_stroked[i]};
        for (unsigned kind = 0; kind < 2; kind++) {
            if (!is_used[kind])
                continue;
            add(svg, openings[kind][0]);
            pv_svg_slot(svg->output, (enum pv_paint)i);
            add(svg, openings[kind][1]);
            pv_svg_add_colour(svg, (enum pv_paint)i, true);
            pv_output_char(svg->output, '}');
        }
    }
}

static void add_hover(struct pv_svg *svg, bool is_dark)
{
    add(svg, ".f:hover>rect,.b:hover>rect,.e:hover>path{stroke:");
    pv_svg_add_colour(svg, PV_PAINT_ACCENT, is_dark);
    add(svg, "}");
    if (svg->has_paths) {
        add(svg, ".f:hover>path{stroke:");
        pv_svg_add_colour(svg, PV_PAINT_ACCENT, is_dark);
        add(svg, "}");
    }
    if (!svg->has_areas)
        return;
    add(svg, ".at:hover>rect{stroke:");
    pv_svg_add_colour(svg, PV_PAINT_ACCENT, is_dark);
    add(svg, "}");
}

/* For the constant style, which cannot know the theme. */
static void add_accent(struct pv_svg *svg, bool is_dark)
{
    static const struct {
        const char *name;
        enum pv_paint paint;
    } names[] = {{".pv{--accent:", PV_PAINT_ACCENT},
                 {";--text:", PV_PAINT_TEXT},
                 {";--back:", PV_PAINT_BACKGROUND}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        add(svg, names[i].name);
        pv_svg_add_colour(svg, names[i].paint, is_dark);
    }
    add(svg, is_dark ? ";color-scheme:dark}" : ";color-scheme:light}");
}

void pv_svg_rules(struct pv_svg *svg)
{
    add(svg, "<style>");
    if (svg->is_live)
        add_accent(svg, svg->theme == PV_THEME_DARK);
    if (svg->has_items)
        add_hover(svg, svg->theme == PV_THEME_DARK);
    if (svg->theme == PV_THEME_AUTO) {
        add(svg, "\n@media screen and (prefers-color-scheme:dark){");
        add_dark_rules(svg);
        if (svg->is_live)
            add_accent(svg, true);
        if (svg->has_items)
            add_hover(svg, true);
        add(svg, "}");
    }
    add(svg, "</style>\n");
}

#include "model/attachment.h"
#include "model/escape.h"
#include "render/font.h"
#include "render/registry.h"
#include "render/svg_assets.h"
#include "render/svg_parts.h"
#include "render/svg_words.h"

#include <stdlib.h>
#include <string.h>

/* SVG 1.1 with CSS media queries. Everything is in presentation attributes; the style element at
 * the end adds hover and the dark colours, of the slots that were used. */

enum { default_size = 12 };

static struct pv_svg *svg_of(struct pv_canvas *canvas)
{
    return (struct pv_svg *)canvas;
}

static void add(struct pv_svg *svg, const char *text)
{
    pv_output_string(svg->output, text);
}

static void add_slot(struct pv_svg *svg, enum pv_paint paint)
{
    pv_svg_slot(svg->output, paint);
}

static void add_number(struct pv_svg *svg, const char *name, double value)
{
    pv_output_char(svg->output, ' ');
    add(svg, name);
    add(svg, "=\"");
    pv_output_fixed(svg->output, value, 2);
    pv_output_char(svg->output, '"');
}

static void add_int(struct pv_svg *svg, const char *name, int64_t value)
{
    pv_output_char(svg->output, ' ');
    add(svg, name);
    add(svg, "=\"");
    pv_output_int(svg->output, value);
    pv_output_char(svg->output, '"');
}

/* Raw bytes. */
static void add_raw(struct pv_svg *svg, struct pv_text text)
{
    svg->scratch.size = 0;
    pv_escape(&svg->scratch, PV_ESCAPE_XML, text);
    pv_output_add(svg->output, pv_buffer_text(&svg->scratch));
}

/* Raw bytes in which \n is wanted. */
static void add_lines(struct pv_svg *svg, struct pv_text text)
{
    struct pv_text line;
    bool is_first = true;
    while (pv_text_split(&text, '\n', &line)) {
        if (!is_first)
            pv_output_char(svg->output, '\n');
        add_raw(svg, line);
        is_first = false;
    }
}

/* fill="…" stroke="…" with the classes that the style element refers to. */
static void add_paint(struct pv_svg *svg, const struct pv_style *style)
{
    bool is_dark = svg->theme == PV_THEME_DARK;
    if (style->fill || style->stroke)
        add(svg, " class=\"");
    if (style->fill)
        add_slot(svg, style->fill);
    if (style->stroke) {
        add(svg, style->fill ? " s-" : "s-");
        add_slot(svg, style->stroke);
    }
    add(svg, style->fill || style->stroke ? "\" fill=\"" : " fill=\"");
    if (style->fill)
        pv_svg_add_colour(svg, style->fill, is_dark);
    else
        add(svg, "none");
    if (style->stroke) {
        add(svg, "\" stroke=\"");
        pv_svg_add_colour(svg, style->stroke, is_dark);
    }
    pv_output_char(svg->output, '"');
    svg->is_filled[style->fill] = true;
    svg->is_stroked[style->stroke] = true;
}

static void add_style(struct pv_svg *svg, const struct pv_style *style)
{
    static const char *const dashes[] = {
        [PV_DOTTED] = " stroke-dasharray=\"2 2\"", [PV_DASHED] = " stroke-dasharray=\"5 3\""};
    add_paint(svg, style);
    if (style->stroke && style->stroke_width > 0)
        add_number(svg, "stroke-width", style->stroke_width);
    if (style->stroke && style->dash)
        add(svg, dashes[style->dash]);
    if (style->opacity > 0 && style->opacity < 1)
        add_number(svg, "opacity", style->opacity);
}

/* "m5" and "#d0cc91", by the slots' numbers. */
static void add_paints(struct pv_svg *svg, const bool *paints)
{
    const char *separator = "\"paints\":{\"";
    for (unsigned i = 1; i < PV_PAINTS; i++) {
        if (!paints[i])
            continue;
        add(svg, separator);
        pv_output_int(svg->output, i);
        add(svg, "\":[\"");
        add_slot(svg, (enum pv_paint)i);
        add(svg, "\",\"");
        pv_svg_add_colour(svg, (enum pv_paint)i, svg->theme == PV_THEME_DARK);
        add(svg, "\"]");
        separator = ",\"";
        svg->is_filled[i] = true;
    }
    add(svg, "}");
}

/* What the script itself paints with. */
static void add_own_paints(struct pv_svg *svg, bool *paints)
{
    static const enum pv_paint own[] = {PV_PAINT_TEXT,       PV_PAINT_TEXT_2,  PV_PAINT_BORDER,
                                        PV_PAINT_BACKGROUND, PV_PAINT_SURFACE, PV_PAINT_REST};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        paints[own[i]] = true;
    svg->is_stroked[PV_PAINT_BORDER] = true;
}

/* The script stands before the picture, so that a browser need not lay out what it draws anew. */
static void add_live(struct pv_svg *svg, const struct pv_live *live)
{
    bool paints[PV_PAINTS];
    memcpy(paints, live->paints, sizeof paints);
    add_own_paints(svg, paints);
    add(svg, "<style>");
    pv_output_add(svg->output, pv_svg_style);
    add(svg, "</style>\n<script type=\"application/json\">{");
    pv_output_add(svg->output, pv_buffer_text(&live->data));
    add(svg, ",");
    add_paints(svg, paints);
    add(svg, "}</script>\n<script><![CDATA[");
    pv_output_add(svg->output, pv_svg_scripts[live->script].text);
    add(svg, "]]></script>\n");
}

/* Ids of a picture that is part of a page have the prefix. */
static void add_id(struct pv_svg *svg, const char *id)
{
    pv_output_add(svg->output, svg->prefix);
    add(svg, id);
}

/* What the picture is called by, up to its title. */
static void add_names(struct pv_svg *svg)
{
    add(svg, "\" role=\"graphics-document\" ");
    if (svg->prefix.size) {
        add(svg, "aria-labelledby=\"");
        add_id(svg, "pv-title\"");
    } else {
        add(svg, PV_ATTACHMENT_SVG_MARK);
    }
    add(svg, ">\n<title id=\"");
    add_id(svg, "pv-title\">");
}

static void svg_page(struct pv_canvas *canvas, const struct pv_page *page)
{
    struct pv_svg *svg = svg_of(canvas);
    struct pv_rect all = {0, 0, page->width, page->height};
    if (!svg->prefix.size)
        add(svg, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    add_number(svg, "width", page->width);
    add_number(svg, "height", page->height);
    add(svg, " viewBox=\"0 0 ");
    pv_output_fixed(svg->output, page->width, 2);
    pv_output_char(svg->output, ' ');
    pv_output_fixed(svg->output, page->height, 2);
    add_names(svg);
    add_raw(svg, page->title);
    add(svg, "</title>\n<desc id=\"");
    add_id(svg, "pv-desc\">");
    add_raw(svg, page->description);
    add(svg, "</desc>\n");
    svg->is_live = canvas->is_live && page->live;
    if (svg->is_live)
        add_live(svg, page->live);
    add(svg, "<g font-family=\"");
    add_raw(svg, svg->fonts);
    add(svg, "\" font-size=\"12\"");
    struct pv_style text = {.fill = PV_PAINT_TEXT};
    add_paint(svg, &text);
    add(svg, ">\n");
    pv_canvas_rect(canvas, &all, &(struct pv_style){.fill = PV_PAINT_BACKGROUND});
}

static void svg_part(struct pv_canvas *canvas, enum pv_part part)
{
    static const char *const openings[] = {
        [PV_PART_PAGE] = "<g class=\"page\">\n", [PV_PART_VIEW] = "<g class=\"view\">\n"};
    struct pv_svg *svg = svg_of(canvas);
    if (svg->is_in_part)
        add(svg, "</g>\n");
    add(svg, openings[part]);
    svg->is_in_part = true;
}

static void add_data(struct pv_svg *svg, const struct pv_item *item)
{
    add(svg, " id=\"");
    add_id(svg, "i");
    pv_output_int(svg->output, item->id);
    pv_output_char(svg->output, '"');
    if (item->parent)
        add_int(svg, "data-p", item->parent);
    if (item->kind == PV_ITEM_FRAME)
        add_int(svg, "data-x", item->start);
    if (item->from)
        add_int(svg, "data-a", item->from);
    if (item->to)
        add_int(svg, "data-b", item->to);
    add_int(svg, "data-w", item->value);
    if (item->self)
        add_int(svg, "data-s", item->self);
}

static void svg_begin(struct pv_canvas *canvas, const struct pv_item *item)
{
    static const char *const classes[] = {[PV_ITEM_FRAME] = "<g class=\"f",
                                          [PV_ITEM_BOX] = "<g class=\"b",
                                          [PV_ITEM_ARC] = "<g class=\"e",
                                          [PV_ITEM_MOMENT] = "<g class=\"at"};
    struct pv_svg *svg = svg_of(canvas);
    svg->has_items = true;
    svg->is_in_frame = item->kind == PV_ITEM_FRAME;
    add(svg, classes[item->kind]);
    add(svg, item->is_rest ? " rest\"" : "\"");
    /* Of a tree the script is told more than is drawn, and told it elsewhere. */
    if (!svg->is_live || item->kind != PV_ITEM_FRAME)
        add_data(svg, item);
    add(svg, "><title>");
    add_raw(svg, item->name);
    if (item->name.size && item->tooltip.size)
        pv_output_char(svg->output, '\n');
    if (item->tooltip.size)
        add_lines(svg, item->tooltip);
    add(svg, "</title>");
}

static void svg_end(struct pv_canvas *canvas)
{
    svg_of(canvas)->is_in_frame = false;
    add(svg_of(canvas), "</g>\n");
}

static void add_rect(struct pv_svg *svg, const struct pv_rect *rect, double radius)
{
    add(svg, "<rect");
    if (rect->x != 0)
        add_number(svg, "x", rect->x);
    if (rect->y != 0)
        add_number(svg, "y", rect->y);
    add_number(svg, "width", rect->width);
    add_number(svg, "height", rect->height);
    if (radius > 0)
        add_number(svg, "rx", radius);
}

/* The pattern is written where it is first used. */
static void add_hatch(struct pv_svg *svg)
{
    static const struct pv_style line = {.stroke = PV_PAINT_TEXT, .opacity = 0.22};
    if (!svg->has_hatch) {
        add(svg, "<pattern id=\"");
        add_id(svg, "pv-hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                    "patternTransform=\"rotate(45)\"><path d=\"M0 0V5\"");
        add_style(svg, &line);
        add(svg, "/></pattern>");
        svg->has_hatch = true;
    }
}

static void add_hatching(struct pv_svg *svg)
{
    add(svg, " fill=\"url(#");
    add_id(svg, "pv-hatch)\"/>");
}

static void svg_rect(struct pv_canvas *canvas, const struct pv_rect *rect,
                     const struct pv_style *style)
{
    struct pv_svg *svg = svg_of(canvas);
    if (rect->width <= 0 || rect->height <= 0)
        return;
    add_rect(svg, rect, style->radius);
    add_style(svg, style);
    add(svg, "/>");
    if (style->is_hatched) {
        add_hatch(svg);
        add_rect(svg, rect, style->radius);
        add_hatching(svg);
    }
}

static void svg_area(struct pv_canvas *canvas, const struct pv_rect *rect)
{
    struct pv_svg *svg = svg_of(canvas);
    svg->has_areas = true;
    add_rect(svg, rect, 0);
    add(svg, " fill=\"none\" pointer-events=\"all\"/>");
}

static void add_point(struct pv_svg *svg, double x, double y, unsigned places)
{
    pv_output_fixed(svg->output, x, places);
    pv_output_char(svg->output, ' ');
    pv_output_fixed(svg->output, y, places);
}

static void add_steps(struct pv_svg *svg, const struct pv_step *steps, size_t count,
                      unsigned places)
{
    static const char verbs[] = {
        [PV_MOVE] = 'M', [PV_LINE] = 'L', [PV_CURVE] = 'C', [PV_CLOSE] = 'Z'};
    for (size_t i = 0; i < count; i++) {
        const struct pv_step *step = &steps[i];
        pv_output_char(svg->output, verbs[step->verb]);
        if (step->verb == PV_CLOSE)
            continue;
        if (step->verb == PV_CURVE) {
            add_point(svg, step->x1, step->y1, places);
            pv_output_char(svg->output, ' ');
            add_point(svg, step->x2, step->y2, places);
            pv_output_char(svg->output, ' ');
        }
        add_point(svg, step->x, step->y, places);
    }
}

static void svg_path(struct pv_canvas *canvas, const struct pv_step *steps, size_t count,
                     const struct pv_style *style)
{
    struct pv_svg *svg = svg_of(canvas);
    unsigned places = style->is_fine ? 2 : 1;
    add(svg, "<path d=\"");
    add_steps(svg, steps, count, places);
    pv_output_char(svg->output, '"');
    add_style(svg, style);
    add(svg, "/>");
    if (style->is_hatched) {
        add_hatch(svg);
        add(svg, "<path d=\"");
        add_steps(svg, steps, count, places);
        pv_output_char(svg->output, '"');
        add_hatching(svg);
    }
    svg->has_paths = svg->has_paths || svg->is_in_frame;
}

static void add_turn(struct pv_svg *svg, const struct pv_label *label)
{
    add(svg, " transform=\"rotate(");
    pv_output_fixed(svg->output, label->turn, 2);
    pv_output_char(svg->output, ' ');
    add_point(svg, label->x, label->y, 2);
    add(svg, ")\"");
}

static void svg_label(struct pv_canvas *canvas, const struct pv_label *label)
{
    static const char *const anchors[] = {
        [PV_MIDDLE] = " text-anchor=\"middle\"", [PV_END] = " text-anchor=\"end\""};
    struct pv_svg *svg = svg_of(canvas);
    add(svg, "<text");
    add_number(svg, "x", label->x);
    add_number(svg, "y", label->y);
    if (label->size > 0 && label->size != default_size)
        add_number(svg, "font-size", label->size);
    if (label->turn != 0)
        add_turn(svg, label);
    if (label->is_bold)
        add(svg, " font-weight=\"600\"");
    if (label->anchor)
        add(svg, anchors[label->anchor]);
    if (label->paint && label->paint != PV_PAINT_TEXT)
        add_paint(svg, &(struct pv_style){.fill = label->paint});
    pv_output_char(svg->output, '>');
    pv_svg_display(svg->output, label->text);
    add(svg, "</text>");
}

static bool svg_finish(struct pv_canvas *canvas, struct pv_buffer *notes, struct pv_error *err)
{
    struct pv_svg *svg = svg_of(canvas);
    (void)notes;
    (void)err;
    add(svg, svg->is_in_part ? "</g></g>\n" : "</g>\n");
    if (svg->prefix.size) {
        add(svg, "</svg>\n"); /* the page's style has the rules */
        return true;
    }
    pv_svg_rules(svg);
    if (svg->data.size) {
        add(svg, PV_ATTACHMENT_SVG);
        pv_output_add(svg->output, svg->data);
        add(svg, PV_ATTACHMENT_SVG_END "\n");
    }
    add(svg, "</svg>\n");
    return true;
}

static void svg_free(struct pv_canvas *canvas)
{
    pv_buffer_free(&svg_of(canvas)->scratch);
    free(canvas);
}

static const struct pv_canvas_ops svg_ops = {
    svg_page,  svg_begin,  svg_end,  svg_rect, svg_path,
    svg_label, svg_finish, svg_free, svg_part, svg_area,
};

struct pv_canvas *pv_canvas_svg(struct pv_output *output, const struct pv_canvas_options *options)
{
    struct pv_svg *svg = pv_zalloc(1, sizeof *svg);
    svg->canvas.ops = &svg_ops;
    svg->canvas.is_live = !options->has_no_script;
    svg->output = output;
    svg->theme = options->theme;
    svg->has_background = options->has_background;
    svg->background = options->background;
    svg->data = options->data;
    svg->prefix = options->prefix;
    svg->fonts = options->fonts.size ? options->fonts : PV_TEXT(PV_FONT_LIST);
    return &svg->canvas;
}
